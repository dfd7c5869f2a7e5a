"""Which machine does a person say answered, or which app does a person say failed?

Signatures that machines write are in `knowledge/errors/`; this is only about names in prose: "Caddy gives me 502". The
names are `knowledge/names.toml`. One counts when it means the machine itself, not its files, its settings, its package
or a place in a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.diagnosis.alternatives import AnyOf
from bot.diagnosis.anchors import Guarded, Present, Shelf
from bot.diagnosis.status import Mention
from bot.kb.lists import Names, Service
from bot.kb.recognise import words_in

_NOT_BEFORE = re.compile(
    r"(?:\bdns(?: (?:entry|records?|zone|is|are|exists?|set|hosted|managed)){0,3} (?:on|at|by|in|with|via|from) |"
    r"in front of (?:(?:our|the|my|an?) )?|without |not |"
    r"(?:\A|[,;:(-] ?|\b(?:is|are|'s|has|have|had|with|got|us(?:e|es|ing|ed)|run(?:s|ning)?|needs?|and|or|but) )no |"
    r"(?:uninstall|remov|disabl|dropp|bypass|paus|deactivat|tirei|remov|desativ|desactiv|désactiv|quité|enlev|rimoss|"
    r"disattivat|deaktivier|uitgeschakeld|wyłącz|отключ|убра|вырубил)[a-zéà-я]{0,5} "
    r"(?:the |[oa] |l[ae] |el |das |den |il )?(?:(?:proxy|cdn|tunnel|прокси)(?: (?:of|from|d[aoei]|del|von|z))? )?|"
    r"instead of |replaced |(?:migrated|moved|switched) from |version |org\.|com\.|[A-Za-z0-9_./-])\Z",
    re.IGNORECASE,
)
_LOGS = (
    r"(?:error|access)?[ ._-]?logs? (?:(?:show|say|ha[sv]e|contain)\w{0,3} (?:nothing|no)|"
    r"(?:are|is) (?:empty|clean|fine|ok))"
)
_NOT_AFTER = re.compile(
    rf"(?:'s)?[\s_-]{{0,2}}(?:{_LOGS}|docs?\b|documentation|license|plugin|folder|directory|"
    r"ordner|dossier|carpeta|pasta|那边|配置|的配置|설정|도메인 설정|version)|"
    r"[A-Za-z0-9_/]|-HealthChecker\b|\.(?:conf|log|exe|service|yml|yaml|org|js)\b|: ?v?\d+\.\d",
    re.IGNORECASE,
)
_INGRESS = AnyOf.of(
    r"ingress|(?<![./@])\b(?:kubernetes|k8s|k3s|minikube|microk8s|gke|eks|aks|openshift|rancher)\b(?![.-]\w)|"
    r"\.svc(?![\w-]|\.(?!cluster\b))|cluster\.local\b|\[[a-z0-9-]{1,63}-[a-z0-9-]{1,63}-(?:\d{2,5}|https?)\] \[",
    flags=re.IGNORECASE,
)
"""Kubernetes' ingress-nginx: its name, or the last fields of its access log."""
_RESTY = Guarded(r"(?<![a-z])open ?resty(?![a-z])")
"""It writes nginx's log."""
_CLOUD_INGRESS = (
    ("gcp-lb", Guarded(r"\bgke\b[^\n]{0,60}\bingress|\bingress\b[^\n]{0,60}\bgke\b|\bgce l7\b")),
    ("aws-alb", Guarded(r"\balb[- ]ingress|\balb\b[^\n]{0,30}\bingress\b")),
    ("azure-appgw", Guarded(r"\bingress-azure\b|\bapplication-gateway/kubernetes-ingress\b|\bagic\b")),
)
"""Where an ingress is the cloud's own balancer, unless nginx is mentioned."""
_HEADER = re.compile(
    r"\bHTTP/[0-3](?:\.\d)? [45]\d\d\b[\s\S]{0,400}?\bserver: ?(?P<name>[A-Za-z][A-Za-z+-]{2,30})/\d", re.IGNORECASE
)
"""The header by which a server gives its own name (RFC 9110, section 10.2.4)."""
_CORE = re.compile(r"\bAspNetCoreModule(?:V2)?\b", re.IGNORECASE)
"""The module of IIS that runs programs of ASP.NET Core."""
_NOT_CORE = re.compile(r"httpplatformhandler|web ?socket", re.IGNORECASE)
_FAR = 10_000
_FILE = re.compile(r"\.(?:conf|log|service)\b|/(?:conf|sites|logs?|error|access)")
_FOOTER = re.compile(r"/v?\d")
_CONTAINER = re.compile(r"(?:[-_]\d{1,2})? ?\| ")
"""After the name of a container, before each line of its log (docker compose)."""
_APP_SERVICE_LOG = "X-ARR-LOG-ID="


class Named(NamedTuple):
    """A machine that the text names."""

    source: str
    start: int
    distance: int
    """Letters to the nearest mention of the status."""


BUILT_UPON = frozenset({"iis", "iis-ancm", "azure-appservice"})
"""The text may name another one more exactly than these."""
_SPEAKS_AS_IIS = frozenset({"azure-appservice", "azure-appgw"})
"""Their pages bear IIS's sentences."""
GUARDED = (*_INGRESS.guarded, _RESTY, *(pattern for _, pattern in _CLOUD_INGRESS))
_FLAGS = re.IGNORECASE
_BETWEEN = "[ -]?"
"""What may replace a space in the name of an app."""
_LETTERS = "A-Za-z0-9_\u00c0-\u024f\u0370-\u06ff\u0900-\u0dff"
"""Those of scripts with spaces between words: next to one of them a name is part of a word."""
_SHORT = 5
"""A longer name may have the ending of a case."""
_CACHED = 128
_MOST = 24
"""A text that names more apps is a list of them."""
_NEAR = 160
"""An app that is named farther away from the status is not what failed."""
_NOT_APP = re.compile(
    r"\b(?:via|through|using|against|log(?:ged|ging)? in(?:to)? with|sign(?:ed|ing)? in with|linked to|"
    r"(?:posted|asked|reported|described|discussed|mentioned|opened (?:an? )?issue|wrote) (?:it )?(?:on|in|at)|"
    r"(?:pushed|cloned|downloaded|forked|copied|taken|repo|code|guide|docs?|link) (?:it )?(?:to|from|on)|like|unlike|"
    r"new (?:here )?(?:to|on|at)|first time (?:on|using)|(?:thuis|nieuw) op|neu (?:auf|bei)|nouveau sur|nuevo en|"
    r"novo no|nuovo su|not|without|instead of|same as|as in|über|через)(?: (?:the|my|a|our))? \Z",
    re.IGNORECASE,
)
"""Before its name: it is a means, or only mentioned."""


class App(NamedTuple):
    """An app or service that the text names as what failed."""

    name: str
    """As people say it."""
    service: str | None = None
    """Its id in `services.toml`, if it has a status page there."""
    site: str | None = None
    """The domain of the service with this name: a service may have many parts."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Whose names are these? All names of the knowledge, prepared."""

    sources: tuple[str, ...]
    machines: Shelf
    """Their names, in the order of `sources`."""
    clients: AnyOf
    """Programs that fetch, and what they print."""
    apps: dict[str, str]
    """Longest word of a name, in lower case -> the names of apps that have it, one per line: thousands are one word,
    which is stored once."""
    services: dict[str, App]
    """Name -> the service with a status page that has it."""

    @classmethod
    def of(cls, names: Names, services: Iterable[Service]) -> Directory:
        """Prepare the names of a knowledge base."""
        machines = [(source, name) for source, each in names.machines.items() for name in each]
        known = {name: App(name, each.id, _site(each, name)) for each in services for name in each.said}
        apps: dict[str, str] = {}
        for name in (*words_in(names.apps), *known):
            word = max(name.lower().split(), key=len)
            if word in apps:
                apps[word] = f"{apps[word]}\n{name}"
            else:
                apps[name if name == word else word] = name
        return cls(
            tuple(source for source, _ in machines),
            Shelf.of(Guarded(rf"(?<![A-Za-z0-9_])(?:{name})") for _, name in machines),
            AnyOf.of(
                *(rf"(?<![A-Za-z0-9_/.-])(?:{name})(?![A-Za-z0-9_/])" for name in names.programs),
                *names.traces,
                flags=_FLAGS,
            ),
            apps,
            known,
        )

    @property
    def guarded(self) -> tuple[Guarded, ...]:
        """The expressions whose literals a lookup must know."""
        return (*self.machines.expressions, *self.clients.guarded)

    def named(self, flat: str, found: Iterable[Mention], present: Present = None) -> tuple[Named, ...]:
        """Return the machines named, the most likely writer of the error first."""
        places = [mention.start for mention in found]
        best: dict[str, Named] = {}
        doubtful: dict[str, Named] = {}
        for number in self.machines.likely(present):
            source = self.sources[number]
            for hit in self.machines.expressions[number].pattern.finditer(flat):
                name = Named(source, hit.start(), _distance(hit, places))
                if _stands_for_itself(flat, hit):
                    best[source] = min(name, best.get(source, name), key=_order)
                elif _is_its_file(flat, hit):
                    doubtful[source] = name
        if not best and len(doubtful) == 1:
            return tuple(doubtful.values())
        return tuple(sorted(best.values(), key=_order))

    def app(self, flat: str, found: Iterable[Mention], present: Present = None) -> App | None:
        """Return the app that an answer's header or a person names as what failed: the one nearest to the status."""
        if "erver:" in flat and (header := _HEADER.search(flat)):
            return App(header["name"])
        places, words = [mention.start for mention in found], self.apps.keys()
        likely = [
            name for word in (words if present is None else words & present) for name in self.apps[word].split("\n")
        ]
        if present is not None and len(likely) > _MOST:
            return None
        hits = [
            (distance, name)
            for name in likely
            for hit in _as_said(name).finditer(flat)
            if (distance := _distance(hit, places)) <= _NEAR
            and not _NOT_APP.search(flat, max(0, hit.start() - 40), hit.start())
        ]
        if not hits:
            return None
        name = min(hits)[1]
        return self.services.get(name) or App(name)


def _site(service: Service, name: str) -> str:
    """For "google drive" it is drive.google.com; where no domain says so, the first one."""
    words = {*name.lower().split(), name.lower().replace(" ", "")}
    return max(service.domains, key=lambda domain: len(words & set(domain.split("."))))


@lru_cache(_CACHED)
def _as_said(name: str) -> re.Pattern[str]:
    """Find an app's name: one in lower case however it is written, any other only as given."""
    words = _BETWEEN.join(map(re.escape, name.split()))
    flags = _FLAGS if name == name.lower() else 0
    after = _LETTERS if len(name) < _SHORT else "A-Za-z0-9_"
    return re.compile(rf"(?<![{_LETTERS}@./-]){words}(?![{after}@/-]|\.\w)", flags)


def _distance(hit: re.Match[str], places: Sequence[int]) -> int:
    return min((abs(hit.start() - place) for place in places), default=_FAR)


def _order(name: Named) -> tuple[int, int]:
    return name.distance, name.start


def _is_its_file(flat: str, hit: re.Match[str]) -> bool:
    """Is the name in the path or the name of a file of its own?"""
    return bool(_FILE.match(flat, hit.end()))


def refined(source: str, flat: str, others: Sequence[str], substatus: str | None, present: Present = None) -> str:
    """Name the machine more exactly where one product is built upon another."""
    if source == "nginx":
        return _of_nginx(flat, present)
    if source == "kubernetes-ingress" and "nginx" not in flat.lower():
        return next((cloud for cloud, pattern in _CLOUD_INGRESS if pattern.search(flat, present)), source)
    return _of_iis(source, flat, others, substatus) if source in BUILT_UPON else source


def _of_iis(source: str, flat: str, others: Sequence[str], substatus: str | None) -> str:
    if _APP_SERVICE_LOG in flat:
        return "azure-appservice"
    is_core = source == "iis" and _CORE.search(flat) is not None
    if is_core or substatus == "502.5":
        return "iis" if _NOT_CORE.search(flat) and not is_core else "iis-ancm"
    if source == "iis" and substatus is None:
        return next((name for name in others if name in _SPEAKS_AS_IIS), source)
    return "iis" if source == "azure-appservice" and substatus else source


def _of_nginx(flat: str, present: Present) -> str:
    if _INGRESS.search(flat, present):
        return "kubernetes-ingress"
    return "openresty" if _RESTY.search(flat, present) else "nginx"


def _stands_for_itself(flat: str, hit: re.Match[str]) -> bool:
    if _FOOTER.match(flat, hit.end()) or (_begins_word(flat, hit) and _CONTAINER.match(flat, hit.end())):
        return True
    return not (_NOT_BEFORE.search(flat, max(0, hit.start() - 40), hit.start()) or _NOT_AFTER.match(flat, hit.end()))


def _begins_word(flat: str, hit: re.Match[str]) -> bool:
    return hit.start() == 0 or flat[hit.start() - 1] == " "
