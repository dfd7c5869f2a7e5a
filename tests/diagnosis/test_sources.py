"""Is the machine that people name found, and not what only has its name?"""

from __future__ import annotations

import pytest

from bot.diagnosis.anchors import Lookup
from bot.diagnosis.sources import App, Directory, refined
from bot.diagnosis.status import Mention, mentions
from bot.diagnosis.vocabulary import vocabulary_of
from bot.kb.lists import Names
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.kb.recognise import words_in

KB = load()
DIRECTORY = Directory.of(KB.names, KB.services)
LOOKUP = Lookup.of(DIRECTORY.guarded, DIRECTORY.apps)


def found(text: str) -> tuple[Mention, ...]:
    return mentions(text, vocabulary_of([]))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ржд выдаёт HTTP 502 при оплате", "ржд"),
        ("подтверждаю, HTTP 502 с утра", None),
        ("ржду HTTP 502", None),
        ("новая почта: укрпоштаю HTTP 502", "укрпошта"),
        ("в укрпошти HTTP 502 с утра", None),
        ("登录jellyfin报HTTP 502", "jellyfin"),
        ("myjellyfin says HTTP 502", None),
    ],
)
def test_name_of_an_app_is_no_part_of_a_word(text: str, name: str | None) -> None:
    """Letters of any script with spaces may not touch it; an ending may follow a long one."""
    app = DIRECTORY.app(text, found(text), LOOKUP.present(text.lower()))
    assert (app.name if app else None) == name


def first(text: str) -> str | None:
    names = DIRECTORY.named(text, found(text))
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
        ("HTTP 502 Microsoft-Azure-Application-Gateway/v2", "azure-appgw"),
        ("the route through our ha proxy says HTTP 502", "haproxy"),
        ("the API Gateway that SAM made: HTTP 502", "aws-apigateway"),
        ("the API gateway that Sam made: HTTP 502", None),
        ("HTTP 502 Ray ID: xxxxxxxxxxxxxxxx", "cloudflare"),
        ("HTTP 502 without nginx", None),
        ("HTTP 502 after I uninstalled nginx", None),
        ("HTTP 502, já tirei o proxy da cloudflare e reiniciei", None),
        ("HTTP 502 although I switched to caddy and disabled the cloudflare proxy", "caddy"),
        ("HTTP 502 after the update, I deleted the nginx folder", None),
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
        ("a função no Netlify dá HTTP 502", "netlify"),
        ("HTTP 502 from node, there is no nginx", None),
        ("HTTP 502, no nginx here", None),
        ('openresty_1 | "GET /token HTTP/1.1" HTTP 502', "openresty"),
        ('my_openresty_1 | "GET /token HTTP/1.1" HTTP 502', None),
        ("HTTP 502, so I did ls /srv/openresty | tail", None),
        ('varnishncsa: "GET / HTTP/1.1" HTTP 502', "varnish"),
        ("unser Loadbalancer in der AWS: HTTP 502", "aws-alb"),
        ("HTTP 502 mit einem Request ID von Render", "render"),
        ("HTTP 502 Via: 1.1 wsa02:80 (Cisco-WSA/12.5)", "proxy-corporate"),
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
        ("nginx", "kubectl asked, and got this page", [], None, "nginx"),
        ("nginx", "502 on our OpenShift", [], None, "kubernetes-ingress"),
        ("nginx", "server: shop.svc.example.com", [], None, "nginx"),
        ("kubernetes-ingress", "502 on our GKE ingress", [], None, "gcp-lb"),
        ("kubernetes-ingress", "GKE, ingress-nginx answers 502", [], None, "kubernetes-ingress"),
        ("kubernetes-ingress", "aws-alb-ingress says 502", [], None, "aws-alb"),
        ("kubernetes-ingress", "ingress-azure-5c7 says 502", [], None, "azure-appgw"),
        ("nginx", "shop.prod.svc answers 502", [], None, "kubernetes-ingress"),
        ("nginx", "OpenResty 1.25 [error] 7#0: *1 upstream prematurely closed connection", [], None, "openresty"),
        ("nginx", "we reopenresty things", [], None, "nginx"),
        ("nginx", "https://learn.openshift.example/start and https://k8s.example.com/", [], None, "nginx"),
        ("nginx", "https://example.com/k8s", [], None, "nginx"),
        ("nginx", "https://prod-k8s.example.com/", [], None, "nginx"),
        ("nginx", "server: k8s-boats", [], None, "nginx"),
        ("iis", "x", [], "502.5", "iis-ancm"),
        ("iis", "HttpPlatformHandler", [], "502.5", "iis"),
        ("iis", "x", ["azure-appservice"], None, "azure-appservice"),
        ("iis", "x", ["iis", "azure-appgw"], None, "azure-appgw"),
        ("iis", "x", ["iis", "nginx"], None, "iis"),
        ("iis", "x", [], "502.3", "iis"),
        ("iis", "502.3 in AspNetCoreModule", [], "502.3", "iis-ancm"),
        ("iis", "AspNetCoreModule, a web socket fails", [], "502.5", "iis-ancm"),
        ("azure-appservice", "x", [], "502.3", "iis"),
        ("iis", "POST /export X-ARR-LOG-ID=5c7f20e1 443", [], "502.3", "azure-appservice"),
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
        "使用flatpak访问时返回错误",
    ],
)
def test_programs_are_known(text: str) -> None:
    """Programs and their traces show a client."""
    assert DIRECTORY.clients.search(text)


@pytest.mark.parametrize(
    ("text", "app"),
    [
        ("github gives me HTTP 502 on every push", App("github", "github", "github.com")),
        ("HTTP 502 on Discord since noon", App("discord", "discord", "discord.com")),
        ("home-assistant: HTTP 502", App("home assistant")),
        ("HomeAssistant: HTTP 502", App("home assistant")),
        ("jellyfin报HTTP 502", App("jellyfin")),
        ("plex works, but jellyfin says HTTP 502", App("jellyfin")),
        ("Notion: HTTP 502", App("Notion", "notion", "notion.so")),
        ("google drive: HTTP 502", App("google drive", "google-workspace", "drive.google.com")),
        ("gmail: HTTP 502", App("gmail", "google-workspace", "gmail.com")),
        ("the app store says HTTP 502", App("app store", "apple", "apple.com")),
        ("I have no notion why it is HTTP 502", None),
        ("HTTP 502 when I sign in with github", None),
        ("I am new to github, sorry: HTTP 502 since the update", None),
        ("ben nieuw op github, HTTP 502 sinds de update", None),
        ("my site on the new server: HTTP 502, pushed to github", None),
        ("HTTP 502 at github.com", None),
        ("HTTP 502 in api.github", None),
        ("github is nice. " + "It has many features that we like. " * 5 + "HTTP 502 here", None),
        ("HTTP 502", None),
    ],
)
def test_named_app(text: str, app: App | None) -> None:
    """The app named beside the status is what failed, not a means, an address or an ordinary word."""
    assert DIRECTORY.app(text, found(text), LOOKUP.present(text.lower())) == app


def test_server_gives_its_own_name() -> None:
    """An answer's header tells who wrote it, though nothing else is known of that server."""
    text = "HTTP/1.1 502 Bad Gateway\nDate: Tue\nServer: teapotd/0.17.2\nDiscord was fine"
    assert DIRECTORY.app(text, found(text), LOOKUP.present(text.lower())) == App("teapotd")
    log = '502 server: shop.example.com, request: "GET / HTTP/1.1"'
    assert DIRECTORY.app(log, found(log), LOOKUP.present(log)) is None


def test_list_of_apps_names_none() -> None:
    """Where many apps are named, none of them is what failed, and nobody pays for looking."""
    few, many = "jellyfin, plex: HTTP 502", f"{', '.join(words_in(KB.names.apps)[:60])}: HTTP 502"
    assert DIRECTORY.app(few, found(few), LOOKUP.present(few)) == App("plex")
    assert DIRECTORY.app(many, found(many), LOOKUP.present(many)) is None


def test_nothing_is_known_of_no_names() -> None:
    """A knowledge base without names names nobody."""
    empty = Directory.of(Names(), [])
    assert empty.named("HTTP 502 from nginx", found("HTTP 502")) == ()
    assert empty.app("HTTP 502 on github", found("HTTP 502")) is None
    assert not empty.clients.search("axios")


def test_sources_are_those_of_the_knowledge(kb: KnowledgeBase) -> None:
    """Each machine that can be named has entries."""
    assert set(kb.names.machines) <= {entry.source for entry in kb.errors.values()}


def test_no_name_stands_for_two(kb: KnowledgeBase) -> None:
    """Each app or service is named once."""
    every = [*words_in(kb.names.apps), *(name for service in kb.services for name in service.said)]
    assert sorted({name for name in every if every.count(name) > 1}) == []
