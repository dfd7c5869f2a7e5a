"""Which address failed, as far as the text says?

A text may hold many addresses; the one that failed is known by its role: what a client asked for, the host of a
log line, the name in a browser's sentence, else the first address beside the error. Addresses of upstream servers,
proxies, documentation, pictures and code are never the failed one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from bot.diagnosis import roles, told_of, userinfo
from bot.diagnosis.addresses import (
    BARE,
    HIDDEN,
    NUMBERED,
    TRAIL,
    URL,
    Address,
    address,
    is_lone,
    is_masked,
    is_named,
    is_site,
    refang,
    whole,
)
from bot.diagnosis.anchors import Present
from bot.diagnosis.identification import Target
from bot.diagnosis.redact import clean_url

_URL_WEIGHT = 40.0
_BARE_WEIGHT = 20.0
_NUMBERED_WEIGHT = 15.0
_ASKED_FOR = 45.0
_SAID = 35.0
_TOLD = 86.0
_SAME_LINE = 8.0
_READING = 10.0
"""How much less reading matter on the line of the error weighs than other addresses."""
_DOUBT = 30.0
"""How much less one weighs that may be unrelated: it counts only where it is alone."""
_LEAST = 1.0
_NEVER = -1.0
_FAR = 2_000
_NEAR = 160
_MOST = 200
"""At most this many addresses, and a quarter as many places of errors, are weighed."""
_AGAIN = 10
"""A repeated address is weighed at most this often: a log repeats itself."""
_DOTTED = re.compile(r"\.[A-Za-z\u017f\u212a]")
"""Every bare name has such a place."""
_NAME = re.compile(r"\w\.\w|localhost", re.IGNORECASE)
"""Every host that its role alone makes an address has such a place."""
_RUNS_ON = re.compile(r"[.-]?[\u00c0-\u024f\u0370-\u04ff]")
_PROGRAMS = (".py", ".js", ".go", ".rb", ".php", ".java")
_IMAGE = re.compile(r"/[\w./-]{1,200}:[\w.-]{1,80}")
"""What follows a registry in the name of an image with a tag."""
_WORD = re.compile(r"[^\W\d_]")
_OWN = ("localhost", "127.0.0.1")
_TUNNEL = re.compile(r"ngrok|cloudflared|tunnel|туннел|隧道|トンネル", re.IGNORECASE)
_PATH = re.compile(r"/[^\s\"'`)>]{0,500}")
_LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class _Candidate:
    address: Address
    weight: float
    start: int


def find_target(
    plain: str, errors_at: Sequence[int], *, loose: bool, told: Iterable[str] = (), present: Present = None
) -> Target | None:
    """Return the address that failed.

    `errors_at`: where the text mentions its error; `loose`: bare names count, too; `told`: what the error's own
    wording gives as the address.
    """
    text = _addressed(plain)
    present = present if text == plain else None
    scene = _Scene(text, errors_at[: _MOST // 4], present)
    by_place = scene.candidates(loose=loose)
    candidates = [*_told(told), *_by_role(text, present), *by_place]
    best = min(candidates, key=lambda candidate: (-candidate.weight, candidate.start), default=None)
    if best is None or best.weight <= 0:
        return None
    # Chromium's console puts a repeat count before a line, without a space: "3mail.example.com/x Failed to load".
    uncounted = best.address.host.lstrip("0123456789")
    return _target(next((each.address for each in candidates if each.address.host == uncounted), best.address))


def from_input(text: str) -> Target | None:
    """Read what somebody gave when asked for the address."""
    answer = _addressed(HIDDEN.sub("", text[:_LONGEST])).strip().strip("<>`*\"'()[] \t\r\n")
    if given := whole(answer):
        return None if is_masked(given.host) else _target(given)
    found = (address(each) for each in (*URL.finditer(answer), *BARE.finditer(answer)))
    first = next((each for each in found if each and not is_masked(each.host)), None)
    return _target(first) if first else None


def beside_addresses(plain: str) -> Sequence[str] | None:
    """Return the words of a text that are not addresses; None: it is long, or holds no address."""
    if len(plain) > _LONGEST:
        return None
    words = _addressed(plain).split()
    lone = {word for word in set(words) if is_lone(word)}
    beside = [word for word in words if word not in lone]
    return beside if len(beside) < len(words) else None


def _addressed(text: str) -> str:
    """Write addresses in the one form that names their hosts."""
    return userinfo.without(refang(text))


def _target(found: Address) -> Target:
    return Target(url=clean_url(found.url), host=found.host, assumed=found.assumed)


def _told(told: Iterable[str]) -> Iterable[_Candidate]:
    for each in told:
        if given := whole(_addressed(each).strip(TRAIL)):
            yield _Candidate(given, _TOLD, 0)


def _by_role(text: str, present: Present) -> Iterable[_Candidate]:
    if not _NAME.search(text):
        return
    for number in roles.SHELF.likely(present):
        weight = roles.ROLES[number][0]
        for found in roles.hosts(number, text):
            host, path = found["host"].lower(), _PATH.match(text, found.end())
            if not is_named(host) or host.endswith(_PROGRAMS):
                continue
            if _RUNS_ON.match(text, found.end()):
                continue  # the name goes on in letters that only look like these
            if told_of.WORKING.match(text, path.end() if path else found.end()):
                continue
            if given := address(found):
                looked_up = number in roles.LOOKED_UP and given.host[-1:].isdigit()
                yield _Candidate(given, _NUMBERED_WEIGHT if looked_up else weight, found.start())


@dataclass(frozen=True, slots=True)
class _Scene:
    """A text, and where it mentions its error."""

    text: str
    errors_at: Sequence[int]
    present: Present

    def candidates(self, *, loose: bool) -> Iterable[_Candidate]:
        """Weigh each address by its place."""
        text = self.text
        full = [(found, _URL_WEIGHT) for found in URL.finditer(text)] if "://" in text else []
        named = loose and _DOTTED.search(text) is not None
        bare = [(found, _BARE_WEIGHT) for found in BARE.finditer(text) if is_site(found)] if named else []
        read: dict[str, Address | None] = {}
        times = Counter[str]()
        for found, weight in (*full[:_MOST], *bare[:_MOST]):
            written = found[0]
            times[written] += 1
            if written not in read:
                read[written] = address(found)
            if times[written] <= _AGAIN and (given := read[written]):
                yield _Candidate(given, self._weight(found, given, weight), found.start())
        for found in islice(NUMBERED.finditer(text), _MOST) if loose else ():
            if self._is_meant(found) and (given := address(found)):
                yield _Candidate(given, _NUMBERED_WEIGHT, found.start())

    def _is_meant(self, found: re.Match[str]) -> bool:
        """Does somebody say that a machine without a name failed?"""
        before = self.text[max(0, found.start() - 120) : found.start()]
        return self._may_fail(before, found) and self._is_said(before, found)

    def _may_fail(self, before: str, found: re.Match[str]) -> bool:
        """Is it the failed address, not another one, such as one that works?"""
        fails = told_of.FAILING.match(self.text, found.end())
        if fails and _WORD.search(fails[0]):
            return True
        return not (roles.UNWANTED.search(before, self.present) or told_of.WORKING.match(self.text, found.end()))

    def _is_own_page(self, given: Address, weight: float) -> bool:
        """Is it a page of one's own machine? (With a tunnel it is what is behind it.)"""
        return weight >= _URL_WEIGHT and given.host in _OWN and not _TUNNEL.search(self.text)

    def _is_said(self, before: str, found: re.Match[str]) -> bool:
        """Does the sentence say that it was opened, or that it fails?"""
        if told_of.FAILING.match(self.text, found.end()) or told_of.MEANT.search(before[-40:]):
            return True
        return told_of.FETCHED.search(before) is not None

    def _weight(self, found: re.Match[str], given: Address, weight: float) -> float:
        """Say how likely an address is the one that failed."""
        text, start = self.text, found.start()
        before = text[max(0, start - 120) : start]
        if not self._may_fail(before, found) or roles.INSIDE.search(before):
            return _NEVER
        near = [at for at in self.errors_at if abs(at - start) < _FAR]
        beside = any("\n" not in text[min(at, start) : max(at, start)] for at in near)
        weight += _SAME_LINE * beside
        if roles.DOUBTED.search(before, self.present):
            weight = max(weight - _DOUBT, _LEAST)
        asked = _ASKED_FOR if roles.WANTED.search(before, self.present) else _SAID * self._is_said(before, found)
        if asked:
            return weight + asked
        if (
            roles.THREAD.search(given.url)
            or (roles.ELSEWHERE.search(given.host) and not self._is_own_page(given, weight))
            or (weight < _URL_WEIGHT and _IMAGE.fullmatch(found["rest"] or ""))
        ):
            return _NEVER
        alone = _is_alone(text, found)
        if _is_paper(given, alone):
            return weight - _READING if beside else _NEVER
        if beside:
            return weight
        is_bare = weight < _URL_WEIGHT
        close = alone or any(abs(at - start) < _NEAR for at in near)
        return _NEVER if is_bare and not close else weight


def _is_paper(given: Address, alone: bool) -> bool:
    """Is it reading matter? (The front page of a forum is what failed, and so is any on a line of its own.)"""
    if roles.PAPER.search(given.url):
        return True
    if not roles.PAPER_HOST.search(given.host):
        return False
    front = urlsplit(given.url).path in ("", "/")
    return not (front and (alone or roles.GATHERING.search(given.host)))


def _is_alone(text: str, found: re.Match[str]) -> bool:
    """Does a line hold nothing but this name?"""
    begin = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    rest = text[begin : found.start()] + text[found.end() : end if end >= 0 else len(text)]
    return not rest.strip(" \"'()<>-*,.;:")
