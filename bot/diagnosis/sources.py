"""Which machine does a person name as the one that answered?

Signatures that machines write are knowledge (`knowledge/errors/`); this is only about names in prose: "Caddy gives
me 502". A name counts when it stands for the machine itself, not for its files, its settings, its package or a place
in a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.diagnosis.alternatives import AnyOf
from bot.diagnosis.anchors import Guarded, Present, Shelf
from bot.diagnosis.status import Mention

SERVERS: dict[str, tuple[str, ...]] = {
    "kubernetes-ingress": (
        r"ingress(?:[- ]nginx)?(?:[- ]controllers?)?",
        r"nginx[- ]ingress(?:[- ]controllers?)?",
        r"ингресс",
        r"인그레스",
        r"イングレス",
    ),
    "openresty": (r"open ?resty",),
    "nginx": (r"ng[ie]nx", r"tengine", r"н(?:г|ж|дж)инкс", r"эн(?:ж|дж)инкс", r"엔진엑스"),
    "iis-ancm": (r"aspnetcoremodule(?:v2)?", r"asp\.net core module", r"ancm"),
    "iis": (
        r"iis(?: ?\d{1,2}(?:\.\d)?)?",
        r"internet information services",
        r"httpplatformhandler",
        r"application request routing",
    ),
    "apache": (
        r"apache(?: ?2)?(?! ?(?:http ?c|commons|kafka|spark|airflow|superset|solr|tomcat|nifi|beam|guacamole))",
        r"httpd",
        r"mod_proxy",
        r"апач(?:а|е|у|ем|ом|и)?(?![а-я])",
        r"아파치",
        r"アパッチ",
    ),
    "haproxy": (r"ha-?proxy", r"хапрокси"),
    "varnish": (r"varnish", r"beresp(?:status|reason|protocol)"),
    "fastly": (r"fastly",),
    "squid": (r"squid(?: proxy)?",),
    "envoy": (r"envoy", r"istio(?: ?gateway| ?ingress)?"),
    "traefik": (r"tra?efik", r"træfik", r"тр(?:ае|э)фик"),
    "caddy": (r"caddy(?:file)?(?: ?server| ?2| ?v2)?",),
    "cloudflare": (
        r"cloud ?fl?aire?",
        r"cloud ?fl?ared?",
        r"cloudfalre",
        r"(?-i:CF)(?=[ -](?:error|502|5xx|tunnel|proxy|page|edge|gives|returns|says|shows))",
        r"cf(?=(?:报|返回|给|的|の)? ?502)",
        r"клауд ?фл[аеэ]\w{1,4}",
        r"클라우드 ?플레어",
        r"클플",
        r"クラウドフレア",
        r"كلاود ?فلير",
    ),
    "aws-alb": (
        r"(?:aws )?[ae]lb(?:v2)?",
        r"application load ?balancer",
        r"elastic load ?balancer",
        r"aws load ?balancer",
    ),
    "aws-cloudfront": (r"cloud ?front",),
    "aws-apigateway": (r"(?:aws|amazon) api[- ]?gateway", r"api[- ]?gateway(?=[\s\S]{0,400}\blambda)"),
    "gcp-lb": (r"(?:google|gcp|gcloud) (?:cloud )?load ?balanc(?:er|ing)", r"gclb", r"gke ingress"),
    "azure-appgw": (r"app(?:lication)? ?gateway", r"app ?gw", r"agic"),
    "azure-frontdoor": (r"(?:azure )?front ?door", r"afd"),
    "azure-appservice": (
        r"app[- ]service",
        r"azure (?:web ?apps?|functions?|web ?sites?|app)",
        r"(?:deployed|hosted|running|published|deploying) (?:to|on|in) azure",
    ),
    "heroku": (r"heroku",),
    "vercel": (r"vercel",),
    "netlify": (r"netlify",),
    "akamai": (r"akamai",),
    "render": (
        r"on render",
        r"(?:deploy\w{0,4}|moved?|migrat\w{1,3}|push\w{0,3})(?: \w{1,12}){0,3} to render",
        r"(?-i:Render)(?= (?:gives?|gave|says?|shows?|returns?|throws?|keeps?|answers?|responds?|is|was|service)\b)",
        r"(?-i:Render)(?= (?:free|paid|starter|instance|web service|edge|dashboard)\b)",
        r"render\.com",
        r"onrender",
    ),
    "fly": (r"fly\.io", r"flyio"),
    "railway": (r"(?:on|to) railway", r"railway\.app"),
    "ngrok": (r"ngrok",),
    "proxy-corporate": (
        r"zscaler",
        r"blue ?coat",
        r"forcepoint",
        r"(?:corporate|company|office|work|school) proxy",
        r"cisco umbrella",
        r"mcafee web gateway",
        r"skyhigh",
    ),
    "windows-update": (r"windows ?updates?", r"wsus"),
}
"""Machine -> the names that people give it."""
_PROGRAMS = (
    # libraries and tools by name
    r"axios", r"guzzle", r"httpclient", r"okhttp\d?", r"retrofit\d?", r"soapfault", r"resttemplate", r"aiohttp",
    r"urllib[23]?(?:\.request)?", r"httpx", r"python requests", r"requests\.(?:get|post|exceptions)", r"node-fetch",
    r"undici", r"wget", r"websocket", r"litellm", r"grpc", r"nuget", r"conda(?:httperror)?", r"gradle", r"maven",
    r"mvn", r"cargo", r"reqwest", r"faraday", r"dio(?:error|exception)", r"alamofire", r"terraform", r"bundler",
    r"gem::\w+", r"yarn", r"pnpm", r"brew", r"helm", r"winget", r"jmeter", r"postman", r"tunneling socket",
    r"flatpak", r"open-uri\.rb", r"open_http", r"websocat", r"grpcurl", r"aria2c?", r"yt-dlp", r"youtube-dl",
    r"rclone", r"restic", r"skopeo", r"crictl",
    # what they are told to do, and what they say
    r"docker (?:pull|push)", r"npm (?:install|i|err!?|error)", r"pip install", r"apt(?:-get)? update",
    r"composer (?:install|update|require)", r"go (?:get|mod)", r"git (?:push|pull|clone|fetch)", r"curl: \(\d{1,3}\)",
    r"podman (?:pull|push)", r"fatal: ", r"unhandled rejection error", r"\w{0,20}http\w{0,20}exception",
    r"System\.Net\.\w+",
)  # fmt: skip
CLIENTS = AnyOf.of(
    *(rf"(?<![\w/.-])(?:{name})(?![\w/])" for name in _PROGRAMS),
    r"\bjava\.(?:net|io)\.\w{1,40}Exception: |"
    r"\brequest failed with status|\bspurious network error|\bfailed to (?:fetch|download)(?: from)? [`'\"]?https?://|"
    r"\bHTTP status was '|\bhttp failure response|\binvalid status code received|\bRetry\(total=|\bRPC failed|"
    r"\bxhr poll error|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) https?://\S{1,300} net::ERR_|"
    r"\bhttps?://[\w.-]{1,200}(?::\d{2,5})? \"(?:GET|POST|PUT|PATCH|HEAD|DELETE) /\S{0,300} HTTP/|"
    r"\bcould not query provider registry|\bHTTP code \d{3} while|\bunable to connect to the server:|"
    # traces
    r"\bTraceback \(most recent call last\)|\bat System\.|"
    r"\bat (?:async )?[\w.$<>\[\] ]{1,80} ?\([^()\s]{1,200}:\d+(?::\d+)?\)",
    flags=re.IGNORECASE,
)
"""Programs that fetch, and the marks of the traces that they print."""

_NOT_BEFORE = re.compile(
    r"(?:\bdns(?: (?:entry|records?|zone|is|are|exists?|set|hosted|managed)){0,3} (?:on|at|by|in|with|via|from) |"
    r"in front of (?:(?:our|the|my|an?) )?|(?:uninstalled|removed|disabled|dropped) (?:the )?|without |no |not |"
    r"instead of |replaced |(?:migrated|moved|switched) from |version |org\.|com\.|[A-Za-z0-9_./-])\Z",
    re.IGNORECASE,
)
_LOGS = (
    r"(?:error|access)?[ ._-]?logs? (?:(?:show|say|ha[sv]e|contain)\w{0,3} (?:nothing|no)|"
    r"(?:are|is) (?:empty|clean|fine|ok))"
)
_NOT_AFTER = re.compile(
    rf"(?:'s)?[\s_-]{{0,2}}(?:{_LOGS}|docs?\b|documentation|license|plugin|那边|配置|的配置|설정|도메인 설정|version)|"
    r"[A-Za-z0-9_/]|-HealthChecker\b|\.(?:conf|log|exe|service|yml|yaml|org|js)\b|: ?v?\d+\.\d",
    re.IGNORECASE,
)
_INGRESS = AnyOf.of(
    r"ingress|\b(?:kubectl|kubernetes|k8s|k3s|minikube|microk8s|gke|eks|aks|openshift|rancher)\b|"
    r"\.svc\b|cluster\.local\b|\[[a-z0-9-]{1,63}-[a-z0-9-]{1,63}-(?:\d{2,5}|https?)\] \[",
    flags=re.IGNORECASE,
)
"""Kubernetes' ingress-nginx: its name, or the last fields of its access log."""
_NOT_CORE = re.compile(r"httpplatformhandler|web ?socket", re.IGNORECASE)
_FAR = 10_000
_FILE = re.compile(r"\.(?:conf|log|service)\b|/(?:conf|sites|logs?|error|access)")
_FOOTER = re.compile(r"/\d")


class Named(NamedTuple):
    """A machine that the text names."""

    source: str
    start: int
    distance: int
    """Letters to the nearest mention of the status."""


BUILT_UPON = frozenset({"iis", "iis-ancm", "azure-appservice"})
"""Of these the text may name another one more exactly."""
_SPEAKS_AS_IIS = frozenset({"azure-appservice", "azure-appgw"})
"""Their pages bear IIS's sentences."""
_SOURCES = tuple(SERVERS)
_NAMES = Shelf.of(Guarded(rf"(?<![A-Za-z0-9_])(?:{'|'.join(names)})") for names in SERVERS.values())
GUARDED = (*_NAMES.expressions, *CLIENTS.guarded, *_INGRESS.guarded)


def named(flat: str, found: Iterable[Mention], present: Present = None) -> tuple[Named, ...]:
    """Return the machines named, the most likely writer of the error first."""
    places = [mention.start for mention in found]
    best: dict[str, Named] = {}
    doubtful: dict[str, Named] = {}
    for number in _NAMES.likely(present):
        source = _SOURCES[number]
        for hit in _NAMES.expressions[number].pattern.finditer(flat):
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
    return bool(_FILE.match(flat, hit.end()))


def refined(source: str, flat: str, others: Sequence[str], substatus: str | None, present: Present = None) -> str:
    """Name the machine more exactly where one product is built upon another."""
    if source == "nginx" and _INGRESS.search(flat, present):
        return "kubernetes-ingress"
    if source not in BUILT_UPON:
        return source
    if substatus == "502.5":
        return "iis" if _NOT_CORE.search(flat) else "iis-ancm"
    if source == "iis" and substatus is None:
        return next((name for name in others if name in _SPEAKS_AS_IIS), source)
    return "iis" if source == "azure-appservice" and substatus else source


def _stands_for_itself(flat: str, hit: re.Match[str]) -> bool:
    if _FOOTER.match(flat, hit.end()):
        return True
    return not (_NOT_BEFORE.search(flat, max(0, hit.start() - 40), hit.start()) or _NOT_AFTER.match(flat, hit.end()))
