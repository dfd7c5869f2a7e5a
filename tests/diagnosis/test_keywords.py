"""Is what is set to a secret's name taken out, and what is said about it left alone?"""

from __future__ import annotations

import pytest

from bot.diagnosis import keywords
from bot.diagnosis.anchors import Guarded
from bot.diagnosis.redact import redact
from bot.kb.lint.backtracking import danger

SET = [
    ("password =  hunter2secret", "password =  <token>"),
    ("password: abc12", "password: <token>"),
    ("password=s3c dbname=x", "password=<token> dbname=x"),
    ("password=hunter dbname=x", "password=<token> dbname=x"),
    ("  password: hunter", "  password: <token>"),
    ("password:\n  hunter2secret\n", "password:\n  <token>\n"),
    ('{"password":"abc"}', '{"password":"<token>"}'),
    (r"{\"password\":\"hunter2\",\"x\":1}", r"{\"password\":\"<token>\",\"x\":1}"),
    (r"{\\\"password\\\":\\\"hunter2\\\"}", r"{\\\"password\\\":\\\"<token>\\\"}"),
    ('"password" => "hunter2"', '"password" => "<token>"'),
    ("'db' => ['password' => 'hunter2']", "'db' => ['password' => '<token>']"),
    ('$c["password"] = "hunter2";', '$c["password"] = "<token>";'),
    ("password=`hunter2`", "password=`<token>`"),
    ("DATABASE_PASS=supersecret", "DATABASE_PASS=<token>"),
    ("MYSQL_ROOT_PW=abc", "MYSQL_ROOT_PW=<token>"),
    ("'smtp_pass' => 'hunter2'", "'smtp_pass' => '<token>'"),
    ("SECRET_KEY_BASE=abcdef1234567890", "SECRET_KEY_BASE=<token>"),
    ("APP_KEY=base64:abcdef1234567890=", "APP_KEY=<token>"),
    ("Passwort: geheim123", "Passwort: <token>"),
    ("contraseña: secreto123", "contraseña: <token>"),
    ("mot de passe : secret123", "mot de passe : <token>"),
    ("hasło: tajne123", "hasło: <token>"),
    ("пароль: tajne123", "пароль: <token>"),
    ("密码：abc12345", "密码：<token>"),
]
OTHER = [
    ("Ocp-Apim-Subscription-Key: 0123456789abcdef", "Ocp-Apim-Subscription-Key: <token>", "auth-header"),
    ("sent Basic dXNlcjpwYXNzd29yZA== to it", "sent Basic <token> to it", "basic"),
    ("PHPSESSID=abcdef1234567890; path=/", "PHPSESSID=<cookie>; path=/", "session-cookie"),
    ("JSESSIONID=ABCDEF1234567890", "JSESSIONID=<cookie>", "session-cookie"),
    ("laravel_session=eyJpdiI6ImFiY2Rl%3D", "laravel_session=<cookie>", "session-cookie"),
    ("wordpress_logged_in_abc=admin%7C1700000", "wordpress_logged_in_abc=<cookie>", "session-cookie"),
]
SAID = [
    "Enter password: Connection refused",
    "bob@a.example's password: Permission denied, please try again.",
    "cat: /etc/passwd: No such file or directory",
    "root login without password: yes, token: no",
    'FATAL:  password authentication failed for user "app"',
    "Password: required, token: expired, secret: missing",
    '{"password":["is too short"],"token":"invalid"}',
    '{"password":"The password field is required."}',
    "invalid token: expected string",
    "SyntaxError: Unexpected token: identifier9",
    "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    "token = self.next_token(5)",
    "token: Optional[str] = None",
    "password=parts['password']",
    "password: process.env.DB_PASSWORD2",
    "api_key = os.environ['API_KEY2']",
    "password: ${DB_PASSWORD}",
    "password: your_password",
    "max_tokens: 4096, tokens=4096",
    "PWD=/srv/app/v2",
    "proxy_pass http://backend2:8080;",
    "PROXY_PASS=http://backend2:8080",
    "ALL_TESTS_PASS=12",
    "TESTS_PASS: 12 of 14",
    "Passwort: falsch, bitte erneut",
    "Passwort vergessen? Kennwort: nicht gesetzt",
    "Password:\nRemember me\nSign in",
    "Password:\n502 Bad Gateway",
    'WWW-Authenticate: Basic realm="x"',
    "Basic authentication, Basic Dashboard1",
    "a Basic aGVsbG8gd29ybGQgYWdhaW4= without a colon",
    "max_session=10; app_session=started",
    "secret: not found (kubernetes)",
    "502 Bad Gateway: nginx/1.24.0 (Ubuntu), request id: 8f00aa12",
]


@pytest.mark.parametrize(("text", "clean"), SET)
def test_value_that_is_set_is_taken_out(text: str, clean: str) -> None:
    """Settings, JSON that is escaped, arrays of PHP and other languages: the value goes, what surrounds it stays."""
    assert redact(text) == (clean, ("secret-field",))
    assert redact(clean) == (clean, ())


@pytest.mark.parametrize(("text", "clean", "kind"), OTHER)
def test_header_or_cookie_is_taken_out(text: str, clean: str, kind: str) -> None:
    """Also where it stands alone."""
    assert redact(text) == (clean, (kind,))


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_about_a_secret_stays(text: str) -> None:
    """Errors, types, expressions and sentences hold none, and nobody is told that one stood there."""
    assert redact(text) == (text, ())


@pytest.mark.parametrize(
    "name", [name for name, value in vars(keywords).items() if isinstance(value, Guarded) and name != "HEADER"]
)
def test_no_text_makes_it_slow(name: str) -> None:
    """Each expression stays within the knowledge's own bound."""
    assert danger(getattr(keywords, name).source) is None


def test_name_inside_a_value_is_part_of_it() -> None:
    """What is set is taken out once, whatever it looks like inside."""
    assert list(keywords.keys('token="api_key=hunter2abc; token=x9y8z7"')) == [(7, 39)]
