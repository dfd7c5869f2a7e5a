"""Which address failed, as far as the text says?

Many addresses may stand in a text; the one that failed is known by its role: what a client asked for, the host of a log
line, the name in a browser's sentence, else the first address beside the error. Addresses of upstream servers, proxies,
documentation, pictures and code are never it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.diagnosis.identification import Target
from bot.diagnosis.redact import clean_url

_URL_WEIGHT = 40.0
_BARE_WEIGHT = 20.0
_ASKED_FOR = 45.0
_SAME_LINE = 8.0
_FAR = 2_000
_NEAR = 160
_MOST = 200
"""So many addresses of one text are weighed."""

_REFANG = (
    (re.compile(r"\bh(?:xx|XX|\*\*|tt)p(s?)\s?(?:\[:\]|\[://\]|:)//", re.IGNORECASE), r"http\1://"),
    (re.compile(r"\bhxxp(s?)\[://\]", re.IGNORECASE), r"http\1://"),
    (re.compile(r"\s?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\})\s?", re.IGNORECASE), "."),
)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_TLD = (
    r"(?:com|net|org|info|biz|edu|gov|mil|int|dev|app|xyz|online|site|website|shop|store|blog|cloud|tech|pro|live|club|wiki|top|fun|space|world|news|"
    r"host|page|games?|zone|agency|digital|media|email|school|social|network|systems|tools|works|run|chat|today|trade|art|design|studio|team|"
    r"software|technology|solutions|services|support|academy|finance|money|bank|health|life|land|city|house|link|click|bid|win|vip|icu|wtf|lol|"
    r"moe|dog|codes|hosting|server|education|university|events|video|audio|music|movie|photos?|pics|web|mobi|asia|travel|jobs|cat|"
    r"local|internal|lan|home|corp|intranet|test|example|localhost|onion|xn--[a-z0-9-]{2,59}|[a-z]{2})"
)
_FILES = frozenset(
    "py js ts rs sh cs md cc hs rb mk vb kt ml so gz bz xz 7z db go id in is it at no to as am an be by do my me us or ex ok ps pm tf ai pl on if".split()
)
"""Ends of file names and short words: as a bare name's end they need a second dot, a port or a path."""
_HONEST_ENDS = frozenset({"ai", "in", "it", "at", "no", "us", "me", "pl", "to", "is"})
"""Those of them that are common ends of sites, too: enough after a real word."""
_OBJECTS = re.compile(
    r"^(?:self|this|that|res|req|request|response|resp|err|error|event|events|ctx|context|client|message|msg|guild|user|process|window|document|console|module|exports|os|sys|"
    r"math|string|app|db|data|config|options|http|https|socket|node|next|vue|nuxt|three|express|discord|java|javax|sun|org|com|net|system|asp|vb|ado|urllib|requests|axios|"
    r"e|i|a|p|v|etc|file|index|main|test|utils?|lib|core|engine|server|settings|manage|docker-compose|package|readme|cert|chain|draw|crypto|datetime|time|json|path)\."
)
"""First parts of modules, objects and files."""
_PLATFORMS = frozenset(
    "fly.io ngrok.io ngrok.com render.com onrender.com railway.app vercel.com vercel.app netlify.com netlify.app heroku.com herokuapp.com cloudflare.com github.com github.io "
    "gitlab.com nginx.org nginx.com caddyserver.com traefik.io npmjs.com pypi.org docker.com docker.io azurewebsites.net amazonaws.com cloudfront.net socket.io node.js next.js "
    "discord.js discord.py discord.com google.com asp.net vb.net ado.net ml.net java.net system.net".split()
)
"""Makers whose bare names tell with what something was made, not where it failed."""
_URL = re.compile(
    r"(?P<scheme>\b(?:https?|wss?|ftp)://)(?P<user>[^\s/?#@\"'<>()\[\]]{1,256}@)?"
    r"(?P<host>\[[0-9a-f:.%]{2,60}\]|[^\s/?#@\"'<>()\[\]{}:,;`|\\^\u2e80-\uffef]{1,253})(?P<port>:\d{1,5})?"
    r"(?P<rest>[/?#][^\s\"'<>`|\\^\u0250-\U0010ffff]{0,2000})?",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![\w@/.\\:=$-])(?<!\.\.)(?P<host>(?:{_LABEL}\.){{1,8}}{_TLD})(?P<port>:\d{{1,5}})?(?![\w@-])(?!\.[\w])(?P<rest>/[^\s\"'<>`|\\^\u0250-\U0010ffff,;)]{{0,500}})?",
    re.IGNORECASE,
)
_HOST = rf"(?P<host>(?:{_LABEL}\.){{0,8}}{_LABEL}|\d{{1,3}}(?:\.\d{{1,3}}){{3}})(?P<port>:\d{{1,5}})?"


def _role(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ROLES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (95, _role(rf"\butm_campaign={_HOST}")),
    (90, _role(rf"(?<!\w)host[\"']?(?:: ?|=)[\"']{_HOST}[\"']")),
    (90, _role(rf"\bat=error\b.{{0,300}}?\bhost={_HOST}")),
    (88, _role(rf"ConnectionPool\(host=[\"']{_HOST}[\"']")),
    (85, _role(rf"(?:^|\n)(?:> )?host: ?{_HOST}(?=\s)")),
    (85, _role(rf"\bowner of this website \({_HOST}\)")),
    (85, _role(rf"{_HOST} \| 5\d\d:")),
    (85, _role(rf"\bcloudflare\s+working\s+{_HOST}\s+host\s+error\b")),
    (
        82,
        _role(
            rf"(?<![\w./@-]){_HOST}(?:'s server ip address| (?:took too long to respond|refused to connect|is currently unable to handle|didn'?t send any data|"
            rf"redirected you too many|unexpectedly closed|normally uses encryption|uses an unsupported|sent an invalid))"
        ),
    ),
    (80, _role(rf"\bserver: {_HOST}(?=, request:)")),
    (
        78,
        _role(
            rf"\b(?:connect|connection to|getaddrinfo|response from|could not resolve host:?|dial tcp: lookup|resolve) (?:E[A-Z_]+ )?{_HOST}(?=[\s,:;)\"']|$)"
        ),
    ),
    (88, _role(rf"\bserver at {_HOST} port \d")),
    (80, _role(rf"\bwebsite \({_HOST}\)")),
    (
        76,
        _role(
            rf"\b(?:information from|impersonating|typo in|access to|continue to|(?:connect|connection) to(?: the server)?(?: at)?|server at|unknown domain:|"
            rf"(?:open the|this) page|the server|can't find the server at) [\"']?{_HOST}(?=[\s,;(.\"']|$)"
        ),
    ),
    (
        76,
        _role(
            rf"(?<![\w./@-]){_HOST}(?:'s DNS address| (?:sent back an error|didn't accept|is currently unreachable|is taking too long|page can't be found))"
        ),
    ),
)
_WANTED = re.compile(
    r"(?:\b(?:for url|for uri|url|uri|get|post|put|patch|head|reading|fetch(?:ing)?|download(?:ing)?|transferring|unable to access|request(?:ed|ing)?|"
    r"connection to|retrieving|resolve|open(?:ing|ed)?|visit(?:ing|ed)?|clone|accessing|loading|load|navigat(?:e|ed|ing) to|from|err:\d{1,5}|ign:\d{1,5}|bad gateway'?)"
    r"[\s:=>(\[\"'`<~]{1,6}|\bcurl\b[^\n]{0,300}\s[\"']?)\Z",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"(?:\bupstream: ?\"?|\" \d{3} (?:\d+|-) \"|\b(?:proxy_pass|reverse_proxy|server_name|servername|serveralias|proxypass(?:reverse)?|fastcgi_pass|uwsgi_pass|backend|to:|target:)\s+\"?|\breferr?er: ?\"?|(?:-x|--proxy|proxy[=:]?|via|mirror:|behind|origin:|wss?_origin)\s*[\"']?|"
    r"\b(?:see|docs?|documentation|guide|readme|read|refer to|more (?:information|details|info)(?: here)?(?: check)?|for more information (?:check|visit)|learn more|"
    r"reported (?:at|in|here|to)|report(?: it)? (?:at|to)|issue|discussion|thread|related|ref|source|screenshot|image|video|similar to|according to|"
    r"discussed (?:in|at)|bugs? can be reported at|troubleshoot[a-z]*|lire|hier|siehe|voir|смотри|см\.)[\s:(\[<\"']{1,4}|\+|\bserved from )\Z",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:^|\.)(?:w3\.org|mozilla\.org|haxx\.se|stackoverflow\.com|stackexchange\.com|serverfault\.com|superuser\.com|wikipedia\.org|readthedocs\.io|"
    r"youtube\.com|youtu\.be|imgur\.com|ibb\.co|prnt\.sc|gyazo\.com|discordapp\.(?:com|net)|githubusercontent\.com|pastebin\.com|hastebin\.com|mclo\.gs|"
    r"zendesk\.com|nodejs\.org|rfc-editor\.org|ietf\.org|httpstatuses\.com|edgesuite\.net|t\.me|discord\.gg)$|"
    r"^(?:learn|docs|go|support|technet|msdn|aka)\.(?:microsoft\.com|ms)$|^(?:support|docs|developers?|help)\.(?:google|apple|github|docker|cloudflare|aws\.amazon|vercel|heroku)\.com$|"
    r"^schemas\.|^(?:www\.)?cloudflare\.com$",
    re.IGNORECASE,
)
"""Hosts of documentation, pictures and pastes: they fail, too, but are named for other reasons."""
_PAPER_HOST = re.compile(
    r"^(?:docs?|help|support|developers?|learn|wiki|kb|community|forums?|status|blog|bugs?|issues?)\.", re.IGNORECASE
)
_PAPER = re.compile(
    r"/(?:issues|pull|pulls|blob|tree|commit|discussions|releases|styleguide|docs?|documentation|guides?|help|support|questions|blog|faq|readme)(?:/|$|\.)|"
    r"\.(?:png|jpe?g|gif|webp|mp4|pdf|md)(?:$|[?#])|^https?://(?:gist\.)?github\.com/",
    re.IGNORECASE,
)
"""Addresses that look like reading matter: they count only on the line of the error."""
_PLACEHOLDER = re.compile(r"(?:^|\.)x{3,}(?:\.|$)|[*$]")
_LABEL_SHAPE = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_INSIDE = re.compile(r"[?&][^\s\"'<>]{0,400}\Z")
"""Inside another address."""
_TRAIL = ".,;:!?)]}'\"*_>"


@dataclass(frozen=True, slots=True)
class _Candidate:
    url: str
    host: str
    weight: float
    start: int


def refang(text: str) -> str:
    """Turn defanged addresses (hxxp, example[.]com) back into addresses."""
    for pattern, plain in _REFANG:
        text = pattern.sub(plain, text)
    return text


def find_target(plain: str, errors_at: Sequence[int], loose: bool) -> Target | None:
    """Return the address that failed. `errors_at`: where the text speaks of its error; `loose`: bare names count, too."""
    text = refang(plain)
    found = sorted(_candidates(text, errors_at, loose), key=lambda candidate: (-candidate.weight, candidate.start))
    return Target(url=clean_url(found[0].url), host=found[0].host) if found and found[0].weight > 0 else None


def from_input(text: str) -> Target | None:
    """Read what somebody gave when asked for the address."""
    answer = refang(text[:4096]).strip().strip("<>`*\"'()[] \t\r\n")
    if whole := _whole(answer):
        return whole
    for found in (*_URL.finditer(answer), *_BARE.finditer(answer)):
        parts = found.groupdict()
        if candidate := _address(parts.get("scheme") or "", parts["host"], parts["port"] or "", parts["rest"] or ""):
            return Target(url=clean_url(candidate[0]), host=candidate[1])
    return None


def _whole(answer: str) -> Target | None:
    """Take an answer without spaces as one address."""
    if not answer or len(answer.split()) != 1:
        return None
    with_scheme = answer if "://" in answer else f"https://{answer}"
    found = _URL.match(with_scheme)
    if not found or "." not in found["host"] and ":" not in found["host"] and found["host"].lower() != "localhost":
        return None
    candidate = _address(found["scheme"], found["host"], found["port"] or "", found["rest"] or "")
    return Target(url=clean_url(candidate[0]), host=candidate[1]) if candidate else None


def _candidates(text: str, errors_at: Sequence[int], loose: bool) -> Iterable[_Candidate]:
    count = 0
    for weight, role in _ROLES:
        for found in role.finditer(text):
            if (address := _address("", found["host"], found["port"] or "", "")) and _has_place(found["host"]):
                yield _Candidate(*address, weight, found.start())
    for found in _URL.finditer(text):
        count += 1
        if count > _MOST:
            return
        rest = found["rest"] or ""
        if address := _address(found["scheme"], found["host"], found["port"] or "", rest):
            yield _Candidate(*address, _weight(text, found.start(), address, errors_at, _URL_WEIGHT), found.start())
    for found in _BARE.finditer(text):
        count += 1
        if count > _MOST or not loose:
            return
        if _is_site(found) and (address := _address("", found["host"], found["port"] or "", found["rest"] or "")):
            yield _Candidate(*address, _weight(text, found.start(), address, errors_at, _BARE_WEIGHT), found.start())


def _weight(text: str, start: int, address: tuple[str, str], errors_at: Sequence[int], base: float) -> float:
    """Say how likely an address is the one that failed."""
    before = text[max(0, start - 120) : start]
    url, host = address
    if _UNWANTED.search(before) or _INSIDE.search(before):
        return -1
    near = [at for at in errors_at if abs(at - start) < _FAR]
    line = any("\n" not in text[min(at, start) : max(at, start)] for at in near)
    if _WANTED.search(before):
        return base + _ASKED_FOR + (_SAME_LINE if line else 0)
    if _ELSEWHERE.search(host) or (not line and (_PAPER_HOST.search(host) or _PAPER.search(url))):
        return -1
    if base < _URL_WEIGHT and not (line or any(abs(at - start) < _NEAR for at in near) or _is_alone(text, start)):
        return -1
    return base + (_SAME_LINE if line else 0)


def _is_alone(text: str, start: int) -> bool:
    """Does a line hold nothing but this name, or little more?"""
    return (
        text[text.rfind("\n", 0, start) + 1 : start].strip(" \"'(<-*") == ""
        and " " not in text[start:].split("\n", 1)[0].strip()
    )


def _address(scheme: str, host: str, port: str, rest: str) -> tuple[str, str] | None:
    """Build the URL and the host as people write it, or None if that is no address."""
    name = host.lower().strip("[]").rstrip(_TRAIL)
    if not _is_host(name):
        return None
    bracketed = f"[{name}]" if ":" in name else name
    web = {"ws://": "http://", "wss://": "https://"}.get(scheme.lower(), scheme.lower()) or "https://"
    while rest and rest[-1] in _TRAIL and not (rest[-1] == ")" and rest.count("(") >= rest.count(")")):
        rest = rest[:-1]
    url = f"{web}{bracketed}{port}{rest}"
    try:
        parts = urlsplit(url)
        if parts.port == 0:
            return None
    except ValueError:
        return None
    return url, name


def _is_host(name: str) -> bool:
    if ":" in name or re.fullmatch(r"[\d.]+", name):
        try:
            ip_address(name)
        except ValueError:
            return False
        return True
    return (
        len(name) <= 253
        and not _PLACEHOLDER.search(name)
        and all(_LABEL_SHAPE.fullmatch(label) for label in name.split("."))
    )


def _has_place(host: str) -> bool:
    """Names of roles must look like names of sites; single words there are mostly prose."""
    return (
        host.lower() == "localhost"
        or "." in host
        and not host.lower().endswith((".py", ".js", ".go", ".rb", ".php", ".java"))
    )


def _is_site(found: re.Match[str]) -> bool:
    """Tell a bare name of a site from a file, a module or a sentence without a space."""
    host = found["host"].lower()
    end = host.rpartition(".")[2]
    if host in _PLATFORMS or re.fullmatch(r"[\d.]+", host):
        return False
    if end in _FILES and host.count(".") < 2 and not found["port"] and not (found["rest"] or "").strip("/"):
        return end in _HONEST_ENDS and len(host) > 6 and not _OBJECTS.match(host)
    return not (_OBJECTS.match(host) and end in _FILES)
