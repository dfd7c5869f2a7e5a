"""Which machine does a person name as the one that answered?

Signatures that machines write are knowledge (`knowledge/errors/`); this is only about names in prose: "Caddy gives me 502".
A name counts when it stands for the machine itself, not for its files, its settings, its package or a place in a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.diagnosis.status import Mention

SERVERS: tuple[tuple[str, str], ...] = (
    ("kubernetes-ingress", r"ingress(?:[- ]nginx)?(?:[- ]controllers?)?|nginx[- ]ingress(?:[- ]controllers?)?"),
    ("openresty", r"open ?resty"),
    ("nginx", r"ng[ie]nx|tengine"),
    ("iis-ancm", r"aspnetcoremodule(?:v2)?|asp\.net core module|ancm"),
    (
        "iis",
        r"iis(?: ?\d{1,2}(?:\.\d)?)?|internet information services|httpplatformhandler|application request routing",
    ),
    ("apache", r"apache ?2?|httpd|mod_proxy"),
    ("haproxy", r"ha-?proxy"),
    ("varnish", r"varnish"),
    ("fastly", r"fastly"),
    ("squid", r"squid(?: proxy)?"),
    ("envoy", r"envoy|istio(?: ?gateway| ?ingress)?"),
    ("traefik", r"tra?efik|træfik"),
    ("caddy", r"caddy(?:file)?(?: ?server| ?2| ?v2)?"),
    ("cloudflare", r"cloud ?fl?aire?|cloud ?fl?are|cloud ?flair|cloudfalre"),
    ("aws-alb", r"(?:aws )?[ae]lb(?:v2)?|application load ?balancer|elastic load ?balancer|aws load ?balancer"),
    ("aws-cloudfront", r"cloud ?front"),
    (
        "aws-apigateway",
        r"(?:aws|amazon) api[- ]?gateway|api[- ]?gateway(?=[\s\S]{0,400}\blambda)|(?<=lambda)[\s\S]{0,200}?\bapi[- ]?gateway",
    ),
    ("gcp-lb", r"(?:google|gcp|gcloud) (?:cloud )?load ?balanc(?:er|ing)|gclb|gke ingress"),
    ("azure-appgw", r"app(?:lication)? ?gateway|app ?gw"),
    ("azure-frontdoor", r"(?:azure )?front ?door|afd"),
    (
        "azure-appservice",
        r"app[- ]service|azure (?:web ?apps?|functions?|web ?sites?|app)|(?:deployed|hosted|running|published|deploying) (?:to|on|in) azure",
    ),
    ("heroku", r"heroku"),
    ("vercel", r"vercel"),
    ("netlify", r"netlify"),
    ("akamai", r"akamai"),
    ("render", r"(?:on|to) render|render\.com|onrender"),
    ("fly", r"fly\.io|flyio"),
    ("railway", r"(?:on|to) railway|railway\.app"),
    ("ngrok", r"ngrok"),
    (
        "proxy-corporate",
        r"zscaler|blue ?coat|forcepoint|(?:corporate|company|office|work|school) proxy|cisco umbrella|mcafee web gateway|skyhigh",
    ),
    ("windows-update", r"windows ?updates?|wsus"),
)
CLIENTS = re.compile(
    r"(?<![\w/.-])(?:axios|guzzle|httpclient|okhttp|resttemplate|aiohttp|urllib[23]?(?:\.request)?|httpx|python requests|requests\.(?:get|post|exceptions)|"
    r"node-fetch|undici|curl: \(\d{1,3}\)|wget|websocket|docker pull|npm (?:install|i|err!?|error)|pip install|apt(?:-get)? update|"
    r"composer (?:install|update|require)|conda(?:httperror)?|go (?:get|mod)|gradle|maven|mvn|git (?:push|pull|clone|fetch)|fatal: |litellm|grpc|nuget|"
    r"cargo|yarn|pnpm|brew|helm|winget|jmeter|postman|java\.(?:net|io)\.\w+|System\.Net\.\w+|tunneling socket)(?![\w/])|"
    r"\bTraceback \(most recent call last\)|\bat (?:async )?[\w.$<>\[\] ]{1,80} ?\([^()\s]{1,200}:\d+(?::\d+)?\)|\bat System\.",
    re.IGNORECASE,
)
"""Programs that fetch, and the marks of the traces that they print."""

_NOT_BEFORE = re.compile(
    r"(?:in front of (?:(?:our|the|my|an?) )?|without |no |not |instead of |replaced |(?:migrated|moved|switched) from |version |org\.|com\.|[\w./-])\Z",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"(?:'s)?[\s_-]{0,2}(?:(?:error|access)?[ ._-]?logs? (?:show|say|ha[sv]e|contain)\w{0,3} (?:nothing|no)|docs?\b|documentation|license|plugin|"
    r"那边|配置|的配置|설정|도메인 설정|version)|[\w/]|\.(?:log|exe|service|yml|yaml|org|js)\b|: ?v?\d+\.\d",
    re.IGNORECASE,
)
_INGRESS = re.compile(
    r"ingress|\b(?:kubectl|kubernetes|k8s|k3s|minikube)\b|\[[a-z0-9-]{1,63}-[a-z0-9-]{1,63}-(?:\d{2,5}|https?)\] \[",
    re.IGNORECASE,
)
"""Kubernetes' ingress-nginx: its name, or the last fields of its access log."""
_NOT_CORE = re.compile(r"httpplatformhandler|web ?socket", re.IGNORECASE)
_FAR = 10_000
_FILE = re.compile(r"/(?!\d)|\.(?:conf|log|service|yml|yaml)\b")
_FOOTER = re.compile(r"/\d")


@dataclass(frozen=True, slots=True)
class Named:
    """A machine that the text names."""

    source: str
    start: int
    distance: int
    """Letters to the nearest mention of the status."""


_PATTERNS = tuple((source, re.compile(rf"(?<![A-Za-z0-9_])(?:{names})", re.IGNORECASE)) for source, names in SERVERS)


def named(flat: str, found: Iterable[Mention]) -> tuple[Named, ...]:
    """Return the machines named, the most likely writer of the error first."""
    places = [mention.start for mention in found]
    best: dict[str, Named] = {}
    doubtful: dict[str, Named] = {}
    for source, pattern in _PATTERNS:
        for hit in pattern.finditer(flat):
            name = Named(source, hit.start(), min((abs(hit.start() - place) for place in places), default=_FAR))
            if _stands_for_itself(flat, hit):
                best[source] = min(name, best.get(source, name), key=_distance)
            elif _is_its_file(flat, hit):
                doubtful[source] = name
    if not best and len(doubtful) == 1:
        return tuple(doubtful.values())
    return tuple(sorted(best.values(), key=_distance))


def _distance(name: Named) -> tuple[int, int]:
    return name.distance, name.start


def _is_its_file(flat: str, hit: re.Match[str]) -> bool:
    """Does the name stand in the path or the name of a file of its own?"""
    return flat[hit.start() - 1 : hit.start()] == "/" or bool(_FILE.match(flat, hit.end()))


def refined(source: str, flat: str, others: Sequence[str], substatus: str | None) -> str:
    """Name the machine more exactly where one product is built upon another."""
    if source == "nginx" and _INGRESS.search(flat):
        return "kubernetes-ingress"
    if source not in ("iis", "iis-ancm", "azure-appservice"):
        return source
    if substatus == "502.5":
        return "iis" if _NOT_CORE.search(flat) else "iis-ancm"
    if source == "iis" and substatus is None and "azure-appservice" in others:
        return "azure-appservice"
    return "iis" if source == "azure-appservice" and substatus else source


def _stands_for_itself(flat: str, hit: re.Match[str]) -> bool:
    if _FOOTER.match(flat, hit.end()):
        return True
    return not (_NOT_BEFORE.search(flat, max(0, hit.start() - 24), hit.start()) or _NOT_AFTER.match(flat, hit.end()))
