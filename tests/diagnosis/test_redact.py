"""Does no secret stay in a text or an address?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.redact import clean_url, redact

DISCORD = "MTE" + "a" * 22 + ".GaBcDe." + "b" * 38
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "clean", "kinds"),
    [
        ("https://bob:hunter2@shop.example.com/", "https://<password>@shop.example.com/", ("password-in-url",)),
        ("git clone https://bob@git.example.com/", "git clone https://<user>@git.example.com/", ("user-in-url",)),
        ("/a?token=abcd1234&page=2", "/a?token=<token>&page=2", ("token-in-url",)),
        ("Authorization: Bearer abcdef", "Authorization: <token>", ("auth-header",)),
        ('-H "Cookie: sid=1; other=2"', '-H "Cookie: <token>"', ("auth-header",)),
        ("curl -u bob:hunter2 https://x.example", "curl -u bob:<password> https://x.example", ("password-in-command",)),
        ("DB_PASSWORD=hunter22", "DB_PASSWORD=<token>", ("secret-field",)),
        ("clientSecret: abcdefgh99", "clientSecret: <token>", ("secret-field",)),
        ("my-refresh-token=abcdefgh99", "my-refresh-token=<token>", ("secret-field",)),
        ("mydbpassword='abcdefgh99'", "mydbpassword='<token>'", ("secret-field",)),
        ("the secretary: Monday9", "the secretary: Monday9", ()),
        (f"my bot token {DISCORD} leaked", "my bot token <token> leaked", ("discord-token",)),
        (f"jwt {JWT}", "jwt <token>", ("jwt",)),
        ("ghp_" + "a" * 36, "<token>", ("github-token",)),
        ("AKIA" + "A" * 16, "<token>", ("aws-key",)),
        ("https://discord.com/api/webhooks/123456789/" + "w" * 60, "https://discord.com/api/webhooks/123456789/<token>",
         ("discord-webhook",)),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "<private-key>", ("private-key",)),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "<private-key>", ("private-key",)),
        ("nothing secret here", "nothing secret here", ()),
        ("status: 502, code=502", "status: 502, code=502", ()),
        ("password=***** token=<token> api_key=xxxxxxxx", "password=***** token=<token> api_key=xxxxxxxx", ()),
    ],
)  # fmt: skip
def test_secret_becomes_placeholder(text: str, clean: str, kinds: tuple[str, ...]) -> None:
    """Each kind of secret is replaced by its placeholder and named; placeholders and plain words are left alone."""
    assert redact(text) == (clean, kinds)


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (
            "https://u:p@shop.example.com:8443/a?token=abcd1234&x=1#frag",
            "https://shop.example.com:8443/a?token=<token>&x=1",
        ),
        ("https://shop.example.com/", "https://shop.example.com/"),
        ("https://[broken/?token=abcd1234", "https://[broken/?token=<token>"),
    ],
)
def test_address_loses_its_secrets(url: str, clean: str) -> None:
    """User information, fragment and secret query values go; the rest stays."""
    assert clean_url(url) == clean


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_redacting_twice_changes_nothing(text: str) -> None:
    """A redacted text holds nothing more to redact."""
    once, _ = redact(text)
    assert redact(once)[0] == once
