"""Are secrets in queries told by their names, however they are written, and other fields left alone?"""

from __future__ import annotations

import pytest

from bot.diagnosis import queries
from bot.diagnosis.redact import clean_url, redact
from bot.kb.lint.backtracking import danger

SECRET = [
    "token=abcd1234",
    "password=abc",
    "user[password]=hunter2secret",
    "user%5Bpassword%5D=hunter2secret",
    "user%255Bpassword%255D=hunter2secret",
    "users[0][pwd]=ab",
    "login.password=hunter2",
    "passwords[0].password=hunter2",
    "tok%65n=abcd1234",
    "Token%5B%5D=abcd1234",
    "userPassword=hunter2",
    "resetToken=abcdefgh",
    "userKey=a1b2c3d4e5",
    "oauth_verifier=abcdefgh",
    "csrf=abcdefgh",
    "xsrf-token=abcdefgh",
    "state=a8F3kd92LmQ0",
    "SAMLResponse=PHNhbWxwOlJlc3BvbnNl",
    "magic=LOGIN1234",
    "invite=hunter2secret",
    "pin=1234",
    "api=abcdefgh1234",
    "x-goog-signature=abcdef",
    "/reset/token=abcd1234",
]
PLAIN = [
    "page=2",
    "state=closed",
    "pin=true",
    "api=v2",
    "invite=team",
    "sort_key=created",
    "sortKey=name",
    "code=502",
    "password=true",
    "change_password=1",
    "passenger=bob",
    "tokens=4096",
    "keyword=gateway",
    "monkey=banana123",
    "q=password",
    "token=abc",
    "=x",
    "[]=abcdefgh",
]


@pytest.mark.parametrize("field", SECRET)
@pytest.mark.parametrize("before", ["/a?", "/a?page=2&", "/a?page=2;", "/a#", "/login?next=%2Fa%3F", "/a?x=%3Fy%26"])
def test_secret_field_is_taken_out(field: str, before: str) -> None:
    """Its name counts, decoded, by its last part and word; its value becomes a placeholder."""
    name = field.partition("=")[0]
    assert redact(before + field) == (f"{before}{name}=<token>", ("token-in-url",))
    assert clean_url(f"https://a.example/a?{field}&page=2") == f"https://a.example/a?{name}=<token>&page=2"


@pytest.mark.parametrize("field", PLAIN)
def test_other_fields_stay(field: str) -> None:
    """Pages, states, switches and words that only contain such a name are no secrets."""
    text = f"GET /a?{field}&page=2 HTTP/1.1"
    assert redact(text) == (text, ())


@pytest.mark.parametrize(
    ("value", "drawn"), [("LOGIN1234", True), ("a" * 24, True), ("abc123", False), ("closed", False)]
)
def test_value_drawn_by_lot_is_told_from_a_word(value: str, drawn: bool) -> None:
    """Letters and digits mixed, or very long: nobody says that."""
    assert queries.is_drawn(value) is drawn


def test_no_text_makes_it_slow() -> None:
    """The expression stays within the knowledge's own bound."""
    assert danger(queries.FIELD.source) is None
