"""What is an address, and what only looks like one?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.diagnosis import lookalikes, userinfo

_REFANG = (
    (re.compile(r"\bh(?:xx|\*\*|tt)p(s?)\s?(?:\[:\]|:)//", re.IGNORECASE), r"http\1://"),
    (re.compile(r"\bh(?:xx|tt)p(s?)\[://\]", re.IGNORECASE), r"http\1://"),
    (re.compile(r"\b((?:XHR ?)?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS))(?=https?://)"), r"\1 "),
    (re.compile(r"\s?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\})\s?", re.IGNORECASE), "."),
)
_FANGS = (("//",), ("://]",), ("Thttps", "Thttp:", "Ehttp", "Hhttp", "Dhttp", "Shttp"), ("[", "(", "{"))
"""What every text holds that one of these changes."""
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_ENDS = (
    "com net org info biz edu gov mil int dev app xyz online site website shop store blog cloud tech pro live club "
    "wiki top fun space world news host page game games zone agency digital media email school social network "
    "systems tools works run chat today trade art design studio team software technology solutions services support "
    "academy finance money bank health life land city house link click bid win vip icu wtf lol moe dog codes "
    "hosting server education university events video audio music movie photo photos pics web mobi asia travel jobs "
    "expert guru company global center guide directory berlin hamburg koeln wien paris london nyc tokyo swiss bayern "
    "cafe clinic consulting engineering exchange farm foundation institute international ninja rocks photography "
    "properties rentals ventures vision gmbh ltd golf hockey stream energy "
    "cat local internal lan home corp intranet test example localhost onion"
)
_END = rf"(?:{'|'.join(_ENDS.split())}|xn--[a-z0-9-]{{2,59}}|[a-z]{{2}})"
_REST = r"(?-i:[^\s\"'<>`|\\^\u0250-\U0010ffff])"
"""What a path may hold; letters of other scripts end an address, for people write on without a space. (Ignoring case,
the Kelvin sign among them would be a "k".)"""

HOST = rf"(?P<host>(?:{_LABEL}\.){{0,8}}{_LABEL}|\d{{1,3}}(?:\.\d{{1,3}}){{3}})(?P<port>:\d{{1,5}})?"
"""A host with or without a port, for use inside other patterns (ignoring case)."""
URL = re.compile(
    r"(?P<scheme>(?<![A-Za-z0-9_])(?:https?|wss?|ftp)://)(?:[^\s/?#\"'<>()\[\]]{1,256}@)?"
    r"(?P<host>\[[0-9a-f:.%]{2,60}\]|[^\s/?#@\"'<>()\[\]{}:,;`|\\^\u2e80-\uffef]{1,253})(?P<port>:\d{1,5})?"
    rf"(?P<rest>[/?#]{_REST}{{0,2000}})?",
    re.IGNORECASE,
)
BARE = re.compile(
    rf"(?<![\w@/.\\:=$-])(?<!\.\.)(?P<host>(?:{_LABEL}\.){{1,8}}(?:{_END}|[a-z]{{3,12}}(?=:(?:443|80|8443|8080)\b)))"
    r"(?P<port>:\d{1,5})?"
    r"(?![a-z0-9_\u00c0-\u024f\u0400-\u04ff@-])(?!\.[\w])"
    rf"(?P<rest>/(?:(?![,;)]){_REST}){{0,500}})?",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"(?<![A-Za-z0-9_./@=-])(?<![\x00-\u02ff]:)(?P<host>localhost|\d{1,3}(?:\.\d{1,3}){3})(?P<port>:\d{1,5})?(?![A-Za-z0-9_.-]*\.\d)(?![\d@:-])"
    rf"(?P<rest>/(?:(?![,;)]){_REST}){{0,500}})?",
    re.IGNORECASE,
)
"""A host without a name that others know, and without a scheme: people mean it only where they say so."""

_KNOWN_END = re.compile(_END, re.IGNORECASE)

_SCRIPTS = frozenset(("py", "js", "ts", "go", "rb", "php", "java", "mjs", "kt", "cs", "hs", "ex"))
"""Ends of files that logs and traces name with a line: "balancer.go:99"."""
_FILES = frozenset(
    (  # noqa: SIM905
        "py js ts rs sh cs md cc hs rb mk vb kt ml so gz bz xz 7z db go id in is it at no to as am an be by do my me "
        "us or ex ok ps pm tf ai pl on if"
    ).split()
)
"""Ends of file names and short words: as a bare name's end they need a second dot, a port or a path."""
_HONEST_ENDS = frozenset({"ai", "in", "it", "at", "no", "us", "me", "pl", "to", "is"})
"""Those of them that are common ends of sites, too: enough after a real word."""
_OBJECTS = frozenset(
    (  # noqa: SIM905
        "self this that res req request response resp err error event events ctx context client message msg guild "
        "user process window document console module exports os sys math string app db data config options http "
        "https socket node next vue nuxt three express discord java javax sun org com net system asp vb ado urllib "
        "requests axios e i a p v etc file index main test util utils lib core engine server settings manage "
        "docker-compose package readme cert chain draw crypto datetime time json path"
    ).split()
)
"""First parts of modules, objects and files."""
_PLATFORMS = frozenset(
    (  # noqa: SIM905
        "fly.io ngrok.io ngrok.com render.com onrender.com railway.app vercel.com vercel.app netlify.com "
        "netlify.app heroku.com herokuapp.com cloudflare.com github.com github.io gitlab.com nginx.org nginx.com "
        "caddyserver.com traefik.io npmjs.com pypi.org docker.com docker.io azurewebsites.net amazonaws.com "
        "cloudfront.net socket.io node.js next.js discord.js discord.py discord.com google.com asp.net vb.net "
        "ado.net ml.net java.net system.net hass.io home-assistant.io"
    ).split()
)
"""Makers whose bare names tell with what something was made, not where it failed."""
HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""What is no part of a name in any script, though it may be pasted along."""
_ODD = re.compile(r"(?![\u0300-\u036f])[^\W\x00-\u024f]")
"""A letter that is not Latin."""
_PLACEHOLDER = re.compile(r"[*$]")
_MASK = re.compile(r"(?:^|\.)x{3,}(?:\.|$)")
_LABEL_SHAPE = re.compile(r"(?!-)(?:[\w-]|(?<=[^\x00-\x7f])[\u200c\u200d]){1,63}(?<!-)")
"""Persian and others need the marks that part and join letters."""
_HOST_OF_URL = re.compile(r"://[^\s/?#\"'<>\u00ab\u00bb\u2018-\u201f]{1,512}")
_DOTTED = re.compile(r"(?<![\w.-])\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){1,8}(?![\w-])")
_NUMBERS = re.compile(r"[\d.]+")
_NAMESPACE = re.compile(
    r"(?![Ww]ww\.)(?:(?:[A-Z]\w*\.){2,}(?:[A-Z]\w*|run|host|page|test|name|link|click|live|chat)|[A-Z]\w*\.(?:Run|Host|Page|App|Click|Link|Live|Name|Test|Tools|Events|News|Help|Support))"
)
"""Names of types and packages, and methods of theirs: each part but the last one begins with a capital."""
_PROVIDER = re.compile(r"microsoft\.(?!com$)")
"""Kinds of things in Azure: "Microsoft.Web/sites"."""
_ARCHIVE = re.compile(r"\.(?:tar|\d{1,4})\.(?:gz|bz|xz)$")
"""The end of a file: "name-1.2.tar.gz"."""
_FRAME = re.compile(r"\(\w{1,80}\.(?:java|kt|scala|groovy)\b")
"""What follows the name of a method in a stack trace of Java."""
_CALL = re.compile(r"\(\)| \((?:[^()\n ]{1,300}:\d{1,7}|[^()\n]{1,300}:\d{1,7}:\d{1,7}|native|<anonymous>|index \d+)\)")
"""What follows the name of a function, also in a stack trace of JavaScript."""
_LINE = re.compile(r" line \d")
"""What follows the name of a program in Perl's messages."""
_WEB = {"ws://": "http://", "wss://": "https://", "": "https://"}
TRAIL = ".,;:!?)]}'\"*_>"
"""Marks that follow an address and are no part of it."""


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute address and its host as people write it."""

    url: str
    host: str
    assumed: bool = False
    """Its scheme is ours: the text gives none."""


def refang(text: str) -> str:
    """Turn defanged addresses (hxxp, example[.]com) back into addresses, and part requests from them (GEThttps://)."""
    for sign, (pattern, plain) in zip(_FANGS, _REFANG, strict=True):
        if any(map(text.__contains__, sign)):
            text = pattern.sub(plain, text)
    return text


def foreign_hosts(text: str, *, bare: bool) -> list[tuple[int, int]]:
    """Say where a text names hosts in letters that are not Latin, or may not be; `bare`: without a scheme, too."""
    full = [found.span() for found in _HOST_OF_URL.finditer(text) if _ODD.search(found[0])] if "://" in text else []
    if not bare:
        return full
    dotted = (found for found in _DOTTED.finditer(text) if not found[0].isascii())
    named = [found.span() for found in dotted if _KNOWN_END.fullmatch(lookalikes.latin(found[0]).rpartition(".")[2])]
    return sorted([*full, *(one for one in named if not any(start < one[1] and one[0] < end for start, end in full))])


def address(found: re.Match[str]) -> Address | None:
    """Read what one of the patterns above has found, or None if that is no address."""
    parts = found.groupdict()
    return _built(parts.get("scheme") or "", parts["host"], parts["port"] or "", parts.get("rest") or "")


def whole(answer: str) -> Address | None:
    """Take an answer without spaces as one address; without a scheme its host needs a dot."""
    if len(answer.split()) != 1:
        return None
    if "://" in answer:
        found = URL.match(answer)
        return address(found) if found else None
    found = URL.match(userinfo.without(f"https://{answer}"))
    if found is None or not is_named(found["host"]):
        return None
    return _built("", found["host"], found["port"] or "", found["rest"] or "")


def is_lone(word: str) -> bool:
    """Is a word an address and nothing besides? A bare name without a path may as well be a module or a file."""
    word = word.lstrip("<>`*\"'([{|").rstrip(f"{TRAIL}`|")
    if "." not in word and ":" not in word and not word.lower().startswith("localhost"):
        return False  # as `is_named` would find; of the many words of a text this one is cheap to ask
    bare = "://" not in word
    found = URL.fullmatch(f"https://{word}" if bare else word)
    if found is None or address(found) is None:
        return False
    if not bare:
        return True
    site, end = found["host"], found["host"].rpartition(".")[2]
    return (
        "@" not in word.partition("/")[0]
        and is_named(site)
        and bool(not end.isascii() or end.isdigit() or _KNOWN_END.fullmatch(end))
        and (bool(found["rest"]) or is_site(found))
    )


def is_masked(host: str) -> bool:
    """Did somebody make the name unreadable ("xxx.com")? Whoever owns that name has nothing to do with it."""
    return _MASK.search(host) is not None


def is_named(host: str) -> bool:
    """Does a host look like one without a scheme?"""
    return "." in host or ":" in host or host.lower() == "localhost"


def is_site(found: re.Match[str]) -> bool:
    """Tell a bare name of a site from a file, a module or a sentence without a space."""
    host = found["host"].lower()
    if any(sign.match(found.string, found.end()) for sign in (_FRAME, _CALL, _LINE)):
        return False
    first, end = host.partition(".")[0], host.rpartition(".")[2]
    if (
        _NAMESPACE.fullmatch(found["host"])
        or _PROVIDER.match(host)
        or _ARCHIVE.search(host)
        or host in _PLATFORMS
        or (end in _SCRIPTS and found["port"] and not found["rest"] and host.count(".") < 2)
    ):
        return False
    if end in _FILES and host.count(".") < 2 and not found["port"] and not (found["rest"] or "").strip("/"):
        return end in _HONEST_ENDS and len(host) > 6 and first not in _OBJECTS
    return not (first in _OBJECTS and end in _FILES)


def _built(scheme: str, host: str, port: str, rest: str) -> Address | None:
    name = host.lower().strip("[]").rstrip(TRAIL)
    if not _is_host(name) or (host.endswith("...") and "." not in name):  # traces cut long values short
        return None
    name = lookalikes.told_apart(name)
    while rest and rest[-1] in TRAIL and not (rest[-1] == ")" and rest.count("(") >= rest.count(")")):
        rest = rest[:-1]
    url = f"{_WEB.get(scheme.lower(), scheme.lower())}{f'[{name}]' if ':' in name else name}{port}{rest}"
    try:
        return Address(url, name, assumed=not scheme and port != ":443") if urlsplit(url).port != 0 else None
    except ValueError:
        return None


def _is_host(name: str) -> bool:
    if ":" in name or _NUMBERS.fullmatch(name):
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
