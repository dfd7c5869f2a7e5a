"""Which machine does a person name as the one that answered?

Signatures that machines write are knowledge (`knowledge/errors/`); this is only about names in prose: "Caddy gives me 502".
A name counts when it stands for the machine itself, not for its files, its settings, its package or a place in a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    ("caddy", r"caddy(?: ?server| ?2| ?v2)?"),
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
    r"(?<![\w/.-])(?:axios|guzzle|httpclient|okhttp|resttemplate|aiohttp|urllib3?(?:\.request)?|httpx|python requests|requests\.get|node-fetch|undici|"
    r"curl: \(\d{1,3}\)|wget|websocket|docker pull|npm (?:install|i|err!?|error)|pip install|apt(?:-get)? update|composer (?:install|update|require)|conda(?:httperror)?|"
    r"go (?:get|mod)|gradle|maven|mvn|git (?:push|pull|clone|fetch)|fatal: |litellm|grpc|nuget|cargo|yarn|pnpm|brew|helm|winget|jmeter|postman)(?![\w/])",
    re.IGNORECASE,
)

_NOT_BEFORE = re.compile(
    r"(?:in front of (?:(?:our|the|my|an?) )?|without |no |not |instead of |replaced |migrated from |from |[\w./-]|version |\bvia pip |org\.|com\.|behind_|/)\Z",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"(?:'s)?[\s_-]{0,2}(?:(?:error|access)?[ ._-]?logs?\b|conf(?:ig)?\b|configs?\b|configuration|settings?\b|container(?= is| comes)|docs?\b|documentation|license|plugin|module\b(?! )|"
    r"那边|配置|的配置|설정|도메인 설정|version|v?\d+\.\d+\.\d+ \()|[\w/]|\.(?:conf|log|exe|service|yml|yaml|org|js)\b|: ?v?\d",
    re.IGNORECASE,
)
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
    for source, pattern in _PATTERNS:
        for hit in pattern.finditer(flat):
            if not _stands_for_itself(flat, hit):
                continue
            distance = min((abs(hit.start() - place) for place in places), default=10_000)
            if source not in best or distance < best[source].distance:
                best[source] = Named(source, hit.start(), distance)
    if "kubernetes-ingress" in best:
        best.pop("nginx", None)
    return tuple(sorted(best.values(), key=lambda name: (name.distance, name.start)))


def _stands_for_itself(flat: str, hit: re.Match[str]) -> bool:
    if _FOOTER.match(flat, hit.end()):
        return True
    return not (_NOT_BEFORE.search(flat, max(0, hit.start() - 24), hit.start()) or _NOT_AFTER.match(flat, hit.end()))
