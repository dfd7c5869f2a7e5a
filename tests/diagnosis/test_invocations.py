"""Are secret arguments of commands taken out, and other arguments left alone?"""

from __future__ import annotations

import pytest

from bot.diagnosis import invocations
from bot.diagnosis.anchors import Guarded
from bot.diagnosis.redact import redact
from bot.kb.lint.backtracking import danger

LONG = "s3cr3tvalue99"


@pytest.mark.parametrize(
    ("command", "clean"),
    [
        ("curl -ubob:pw https://a.example", "curl -ubob:<password> https://a.example"),
        ("curl -sSu bob:pw https://a.example", "curl -sSu bob:<password> https://a.example"),
        ("curl https://a.example --user=bob:pw", "curl https://a.example --user=bob:<password>"),
        ("mysql -ppw", "mysql -p<password>"),
        ("mysql shop -uroot -p'hunter 2' -h db", "mysql shop -uroot -p'<password> 2' -h db"),
        ("mysqldump -h db.example -u root -phunter shop > x", "mysqldump -h db.example -u root -p<password> shop > x"),
        ("sshpass -p pw ssh bob@a.example", "sshpass -p <password> ssh bob@a.example"),
        ("redis-cli -h cache -a hunter ping", "redis-cli -h cache -a <password> ping"),
        ("docker login -u bob -p hunter a.example", "docker login -u bob -p <password> a.example"),
        ("wget --http-password pw https://a.example", "wget --http-password <password> https://a.example"),
        ("app --db-password=pw --port 80", "app --db-password=<password> --port 80"),
        ("app --password hunter2 start", "app --password <password> start"),
        (f"cloudflared tunnel run --token {LONG}", "cloudflared tunnel run --token <token>"),
        (f"ngrok config add-authtoken {LONG}", "ngrok config add-authtoken <token>"),
        (f"app --api-key={LONG}", "app --api-key=<token>"),
    ],
)
def test_secret_argument_is_taken_out(command: str, clean: str) -> None:
    """What a command is given as a password, key or token becomes a placeholder; the command stays readable."""
    cleaned, kinds = redact(command)
    assert cleaned == clean
    assert len(kinds) == 1


@pytest.mark.parametrize(
    "text",
    [
        "curl -u bob https://a.example:8443/",
        "curl -v https://a.example:443",
        "docker run --name mysql -p 3306:3306 mysql",
        "docker run -d mysql -p3306:3306",
        "mysql -p -u root -P 3306",
        "mysql --protocol=tcp -h db",
        "systemctl restart mysql; mkdir -p/srv/x",
        "pass it with --username and --password switches",
        "--password option is deprecated, use --password-stdin",
        "app --password $DB_PASSWORD --token $TOKEN",
        "app --password=%s --token=<token>",
        "set --token to your own, or --token-file",
        "redis-cli -h cache ping",
        "docker login a.example",
        "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)",
    ],
)
def test_other_arguments_stay(text: str) -> None:
    """Ports, options without a value, places for a value and sentences about options hold no secret."""
    assert redact(text) == (text, ())


@pytest.mark.parametrize(
    "pattern",
    [value for value in vars(invocations).values() if isinstance(value, Guarded) and "curl" not in value.source],
    ids=lambda pattern: pattern.source[:24],
)
def test_no_text_makes_it_slow(pattern: Guarded) -> None:
    """Each expression stays within the knowledge's own bound."""
    assert danger(pattern.source) is None
