"""Does no secret stay in a text or an address?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.diagnosis.redact import _RULES, clean_url, redact

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
        ("acme.webhook.office.com/webhookb2/1a2b3c4d@5e", "acme.webhook.office.com/webhookb2/<token>", ("webhook",)),
        ("bEARER abcdefgh12345678", "bEARER <token>", ("bearer",)),
        ("ghp_" + "a" * 36, "<token>", ("github-token",)),
        ("AKIA" + "A" * 16, "<token>", ("aws-key",)),
        ("https://discord.com/api/webhooks/123456789/" + "w" * 60, "https://discord.com/api/webhooks/123456789/<token>",
         ("discord-webhook",)),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "<private-key>", ("private-key",)),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "<private-key>", ("private-key",)),
        ('"key": "-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"', '"key": "<private-key>\\n"',
         ("private-key",)),
        ("> -----BEGIN PRIVATE KEY-----\n> MIIE\n> -----END PRIVATE KEY-----", "> <private-key>", ("private-key",)),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1 (x)\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----",
         "<private-key>", ("private-key",)),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\nand then it broke off!", "<private-key>!", ("private-key",)),
        ("AGE-SECRET-KEY-1" + "Q" * 58, "<private-key>", ("private-key",)),
        ('Cookie: theme="dark"; session=abcdef', "Cookie: <token>", ("auth-header",)),
        ('{"Cookie": "a=1", "status": 502}', '{"Cookie": "<token>", "status": 502}', ("auth-header",)),
        ('Authorization: Digest username="bob", response="abcdef"', "Authorization: <token>", ("auth-header",)),
        ('"password": "correct horse battery staple", "x": 1', '"password": "<token>", "x": 1', ("secret-field",)),
        ("AccountKey=abcdefgh==;EndpointSuffix=x", "AccountKey=<token>;EndpointSuffix=x", ("secret-field",)),
        ("curl -b 'sid=abcdef; a=b' https://x.example", "curl -b '<cookie>' https://x.example", ("cookie-in-command",)),
        ("curl --cookie sid=abcdef -v x.example", "curl --cookie <cookie> -v x.example", ("cookie-in-command",)),
        ("sent Bearer abcdefgh12345678 to it", "sent Bearer <token> to it", ("bearer",)),
        ("a bearer authentication-required error", "a bearer authentication-required error", ()),
        ("https://hooks.slack.com/services/T00/B00/" + "x1" * 9, "https://hooks.slack.com/services/<token>", ("webhook",)),
        ("/login?next=%3Ftoken%3Dabcdefgh", "/login?next=%3Ftoken%3D<token>", ("token-in-url",)),
        ("/a?auth_key=abcdefgh&pass=hunter2", "/a?auth_key=<token>&pass=<token>", ("token-in-url",)),
        ("eyJhbGciOiJkaXIifQ..c2l4dGVlbg.Y2lwaGVy.dGFndGFndGFndGFndGFn", "<token>", ("jwe",)),
        ("SG." + "a" * 22 + "." + "b" * 43, "<token>", ("sendgrid-key",)),
        ("ya29." + "a" * 40, "<token>", ("google-key",)),
        ("GOCSPX-" + "a" * 28, "<token>", ("google-key",)),
        ("hf_" + "a" * 34, "<token>", ("huggingface-token",)),
        ("xapp-1-A0-12-" + "a" * 20, "<token>", ("slack-token",)),
        ("shpat_" + "a" * 32, "<token>", ("shopify-token",)),
        ("dop_v1_" + "a" * 64, "<token>", ("digitalocean-token",)),
        ("gldt-" + "a" * 20, "<token>", ("gitlab-token",)),
        ("dckr_pat_" + "a" * 27, "<token>", ("docker-token",)),
        ("hvs." + "a" * 24, "<token>", ("vault-token",)),
        ("whsec_" + "a" * 32, "<token>", ("webhook-secret",)),
        ("lin_api_" + "a" * 40, "<token>", ("app-token",)),
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


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.kind)
def test_every_rule_is_tried(rule: Any) -> None:
    """Nothing that a rule would find is ruled out before it is tried."""

    @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    @given(st.from_regex(rule.expression.pattern, alphabet=st.characters(codec="ascii")))
    def check(text: str) -> None:
        assert rule.replaced(text) is text or redact(text)[0] != text

    check()
