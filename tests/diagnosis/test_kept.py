"""Does no secret stay in what is kept of a text?"""

from __future__ import annotations

import pytest

from bot.diagnosis.identify import identify
from bot.diagnosis.kept import without_secrets
from bot.diagnosis.redact import redact
from bot.kb.load import load

KB = load()
LINE = (
    "2024/01/01 10:00:00 [error] 12#12: *1 connect() failed (111: Connection refused) while connecting to upstream, "
    'client: 203.0.113.9, server: shop.example.com, request: "GET /api?token=sekret12345 HTTP/1.1", '
    'upstream: "{}", host: "shop.example.com"'
)
STATIONS = [
    ("http://10.1.2.3:8080/api", "http://10.1.2.3:8080"),
    ("http://bob:hunter2@10.1.2.3:8080/api?token=sekret12345", "http://10.1.2.3:8080"),
    ("http://bob:hun/ter2@10.1.2.3:8080/api", "http://10.1.2.3:8080"),
    ("grpc://bob:p@ss@10.1.2.3:8080/api", "grpc://10.1.2.3:8080"),
    ("http://[::1]:3000/reset/sekret12345", "http://[::1]:3000"),
    ("fastcgi://unix:/run/php-fpm.sock:", "fastcgi://unix:/run/php-fpm.sock"),
    ("http://unix:/run/app.sock:/api?token=sekret12345", "http://unix:/run/app.sock"),
]
SECRETS = [
    "https://bob:hunter2@shop.example.com/a?token=sekret12345",
    "https://bob:p@Sommer.example@shop.example.com/",
    "https://shop.example.com/?password=hunter2",
]


@pytest.mark.parametrize(("written", "kept"), STATIONS)
def test_machine_behind_is_told_without_its_request(written: str, kept: str) -> None:
    """Of the upstream of a log only scheme, host and port remain, or the file of its socket."""
    assert identify(KB, LINE.format(written)).details == {"upstream": kept}


@pytest.mark.parametrize(
    ("details", "kept"),
    [
        ({"upstream": "pool/server1", "ray": "8a1b"}, {"upstream": "pool/server1", "ray": "8a1b"}),
        ({"reference": "https://a.example/x?ref=1#f"}, {"reference": "https://a.example/x"}),
        ({"request-id": "password=hunter22"}, {"request-id": "password=<token>"}),
        ({"upstream": "://"}, {}),
    ],
)
def test_other_facts_stay_as_they_are(details: dict[str, str], kept: dict[str, str]) -> None:
    """Names and numbers remain; an address loses its query, and a secret its value."""
    assert without_secrets(details) == kept


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_that_is_kept_holds_a_secret(secret: str) -> None:
    """Whatever known error a text shows, what is recognised in it holds nothing more to redact."""
    for entry in KB.errors.values():
        for example in entry.examples[:1]:
            text = example.text.replace(f"https://{example.target}", secret) if example.target else example.text
            found = identify(KB, f"{text}\n{secret}")
            told = [*found.details.values(), *(each.text for each in found.evidence)]
            told += [found.target.url, found.target.host] if found.target else []
            told += [found.match.code or "", found.match.unreached or ""] if found.match else []
            assert [each for each in told if redact(each)[1] or "unter2" in each or "Sommer" in each] == []
