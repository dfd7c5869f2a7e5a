"""Is the machine that people name found, and not what only bears its name?"""

from __future__ import annotations

import pytest

from bot.diagnosis.sources import CLIENTS, SERVERS, named, refined
from bot.diagnosis.status import mentions
from bot.diagnosis.vocabulary import vocabulary_of


def first(text: str) -> str | None:
    names = named(text, mentions(text, vocabulary_of([])))
    return names[0].source if names else None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Caddy reverse proxy setup fails: HTTP 502", "caddy"),
        ("HTTP 502 from nginx/1.24.0", "nginx"),
        ("CloudFlare: 502 Bad Gateway", "cloudflare"),
        ("CF 502 error", "cloudflare"),
        ("we put an ALB in front of our envoy, now HTTP 502", "aws-alb"),
        ("nginx answers, but Traefik says HTTP 502", "traefik"),
        ("HTTP 502, see /etc/nginx/nginx.conf", "nginx"),
        ("HTTP 502 without nginx", None),
        ("HTTP 502 after I uninstalled nginx", None),
        ("HTTP 502, cloudflared is up", "cloudflare"),
        ("HTTP 502 and nginx's error log shows nothing", None),
        ("HTTP 502 with org.apache.http", None),
        ("通过nginx反向代理，HTTP 502", "nginx"),
        ("ALB에서 HTTP 502", "aws-alb"),
        ("HTTP 502, apache jako proxy", "apache"),
        ("HTTP 502 from apache2", "apache"),
        ("HTTP 502 with Apache HttpClient", None),
        ("HTTP 502 on windows nodes with AGIC", "azure-appgw"),
        ("HTTP 502 by nginx, the DNS entry exists on cloudflare", "nginx"),
        ('"GET /" HTTP 502 "ELB-HealthChecker/2.0"', None),
        ("Render free instance: HTTP 502", "render"),
        ("I deployed the api to render, HTTP 502", "render"),
        ("HTTP 502 when the page tries to render", None),
        ("cf报502", "cloudflare"),
        ("HTTP 502 от клаудфлера", "cloudflare"),
        ("클플 HTTP 502", "cloudflare"),
        ("HTTP 502, перед приложением нгинкс", "nginx"),
        ("HTTP 502 за апачем", "apache"),
        ("HTTP 502, большой трафик", None),
        ("HTTP 502, the dns entry is on cloudflare", None),
        ("HTTP 502 on cloudflare", "cloudflare"),
        ("HTTP 502", None),
        ("nginx and caddy", "nginx"),
    ],
)
def test_named_machine(text: str, source: str | None) -> None:
    """The name nearest to the status counts; files count only if nothing else is named; denials never do."""
    assert first(text) == source


def test_two_files_name_nobody() -> None:
    """When only files of two products are mentioned, neither is the writer."""
    assert first("HTTP 502: caddy.service and nginx.conf") is None


@pytest.mark.parametrize(
    ("source", "text", "others", "substatus", "expected"),
    [
        ("nginx", "our ingress", [], None, "kubernetes-ingress"),
        ("nginx", "shop.prod.svc.cluster.local", [], None, "kubernetes-ingress"),
        ("nginx", '"GET /" 502 0 [default-web-80] [] 10.1.1.1:80', [], None, "kubernetes-ingress"),
        ("nginx", "plain", [], None, "nginx"),
        ("iis", "x", [], "502.5", "iis-ancm"),
        ("iis", "HttpPlatformHandler", [], "502.5", "iis"),
        ("iis", "x", ["azure-appservice"], None, "azure-appservice"),
        ("iis", "x", ["iis", "azure-appgw"], None, "azure-appgw"),
        ("iis", "x", ["iis", "nginx"], None, "iis"),
        ("iis", "x", [], "502.3", "iis"),
        ("azure-appservice", "x", [], "502.3", "iis"),
        ("azure-appservice", "x", [], None, "azure-appservice"),
        ("caddy", "x", [], "502.5", "caddy"),
    ],
)
def test_machine_is_named_exactly(
    source: str, text: str, others: list[str], substatus: str | None, expected: str
) -> None:
    """Where one product is built upon another, the text decides which one it is."""
    assert refined(source, text, others, substatus) == expected


@pytest.mark.parametrize(
    "text",
    [
        "axios",
        "Traceback (most recent call last)",
        "    at foo (/srv/app.js:10:5)",
        "curl: (22)",
        "java.io.IOException: Server returned",
    ],
)
def test_programs_are_known(text: str) -> None:
    """Programs and their traces show a client."""
    assert CLIENTS.search(text)


def test_sources_are_those_of_the_knowledge(kb) -> None:
    """Each machine that can be named has entries."""
    assert set(SERVERS) <= {entry.source for entry in kb.errors.values()}
