"""Which known error fits all the evidence best?

The machine is decided first: a server that the text shows, then one that it names, then the program that printed the
message, then an app. The status is what the text itself reports; only where it reports none, the entry's. Then the
entry that agrees with both and has the strongest signs wins; where none agrees with both, a generic entry takes over
the machine that the text names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.diagnosis import sources
from bot.diagnosis.anchors import Present
from bot.diagnosis.codes import Code
from bot.diagnosis.evidence import Suspect
from bot.diagnosis.identification import Alternative
from bot.diagnosis.index import Index
from bot.diagnosis.lazy import lazy
from bot.diagnosis.printed import is_printed
from bot.diagnosis.sources import App
from bot.diagnosis.status import LOOSE, SUBSTATUS_FIELD, Mention, leading
from bot.kb.model import KnownError

_RIGHT_SOURCE = 30.0
_NO_SOURCE = 5.0
_RIGHT_STATUS = 25.0
_WRONG_STATUS = -60.0
_NAMESAKE = 5.0
_UNSEEN_LAYER = {"log": -15.0, "browser": -4.0}
_UNSEEN = -40.0
_GATEWAY = frozenset({502, 503, 504})
"""Statuses that mean much the same on every machine; others need signs of their own."""
_TIMEOUT = 504
_UNSEEN_CODE = -40.0
_CLOSE = 12.0
"""Alternatives are at most this many points behind."""
_SURE = 105.0
"""Points that amount to certainty."""
_RECALLED = 0.1
_BROWSER = 0.5
_UNLIKELY = 0.3
_MAYBE = 0.25
_VAGUE = 0.6
"""A number that is only mentioned is less sure."""
_CLIENT_NEAR = 120
"""A machine that is named farther away did not write what a program printed."""
_NOT_SERVERS = frozenset({"http-client", "app", "generic"})


@dataclass(frozen=True, slots=True)
class Choice:
    """The known error, and what part of it holds for this text."""

    entry: KnownError
    suspect: Suspect | None
    """Its signs; None: it was inferred from status and machine alone."""
    source: str
    status: int | None
    substatus: str | None
    code: str | None
    confidence: float
    alternatives: tuple[Alternative, ...]
    points: float = 0.0
    """How strong the evidence for it is."""

    @property
    def is_guess(self) -> bool:
        """Is it one of several that are all unlikely?"""
        return self.confidence <= _UNLIKELY and self.suspect is None and bool(self.alternatives)


@dataclass(frozen=True)
class Case:
    """Everything that was found in one text."""

    index: Index
    plain: str
    flat: str
    present: Present
    """The literals in the text."""
    mentions: Sequence[Mention]
    codes: Sequence[Code]
    suspects: Mapping[str, Suspect]
    failures: Sequence[str] = ()
    """Families of failure that a browser's own page names."""
    weak: Sequence[str] = ()
    """Entries whose weak string is about all that the text says."""

    def choose(self) -> Choice | None:
        """Return the best entry, or None if nothing is known of this text."""
        lead = self._lead()
        source = self._source(lead)
        status = lead.status if lead else self._status_of(source)
        rated = self._rated(source, status)
        if not rated or rated[0][0] <= 0:
            return self._by_failure() or self._by_weak()
        score, error = rated[0]
        entry, suspect = self.index.errors[error], self.suspects.get(error)
        is_vague = lead is not None and lead.weight == 1 and not suspect
        confidence = round(_confidence(score, entry) * (_VAGUE if is_vague else 1), 2)
        return Choice(
            points=score,
            entry=entry,
            suspect=suspect,
            source=source,
            status=status,
            substatus=self._substatus(status, entry, suspect),
            code=self._code(entry, suspect),
            confidence=confidence,
            alternatives=self._alternatives(rated, lead, confidence)[:3],
        )

    def _alternatives(
        self, rated: Sequence[tuple[float, str]], lead: Mention | None, most: float
    ) -> tuple[Alternative, ...]:
        """Return what is nearly as likely; where the text tells only of a gateway error, its timeout comes first.

        None is surer than the chosen one: what lowers confidence in that lowers it in all of them.
        """
        errors, least = self.index.errors, max(rated[0][0] - _CLOSE, 20)
        also = [pair for pair in rated[1:4] if pair[0] > least]
        if lead and lead.form == LOOSE:
            also = [max(_unseen(self.index, "generic", _TIMEOUT)), *also]
        return tuple(
            Alternative(error=each, confidence=min(most, round(0.9 * _confidence(n, errors[each]), 2)))
            for n, each in also
        )

    def _lead(self) -> Mention | None:
        """Return what tells the status; a loose wording does not beside signs of a known error."""
        lead = leading(self.mentions)
        known = any(self._source_of(each) != "generic" for each in self.suspects.values())
        return None if lead and lead.form == LOOSE and known else lead

    # --- the machine

    def _source(self, lead: Mention | None) -> str:
        status = lead.status if lead else None
        if status is not None and 520 <= status <= 527:
            return "cloudflare"
        fitting = sorted(self.suspects.values(), key=lambda each: (-self._fit(each, status), each.error))
        ranked = [self._source_of(each) for each in fitting]
        servers = [source for source in ranked if source not in _NOT_SERVERS]
        unsure = not servers or servers[0] in sources.BUILT_UPON
        told = self.index.names.named(self.flat, self.mentions, self.present) if lead and unsure else ()
        names = [name.source for name in told]
        if self._is_told_by_client:
            names = [name.source for name in told if name.distance <= _CLIENT_NEAR]
        if servers or names:
            return sources.refined(
                (servers or names)[0], self.flat, [*servers, *names], self._own_substatus(), self.present
            )
        if self._own_substatus():
            return sources.refined("iis", self.flat, [], self._own_substatus(), self.present)
        if fitting and not lead and self._is_browsers_page(fitting[0]):
            return "generic"
        return self._unserved(ranked, lead)

    def _unserved(self, ranked: Sequence[str], lead: Mention | None) -> str:
        """Name the program or app, where no server is shown."""
        if "http-client" in ranked or (lead and self.index.names.clients.search(self.flat, self.present)):
            return "http-client"
        if "app" in ranked or self.app:
            return "app"
        return "http-client" if lead and is_printed(self.plain, lead, self.index.vocabulary) else "generic"

    @lazy
    def app(self) -> App | None:
        """The app that is named beside the status."""
        return self.index.names.app(self.flat, self.mentions, self.present) if leading(self.mentions) else None

    def _is_browsers_page(self, suspect: Suspect) -> bool:
        """Is it a code as the browser's page shows it? (Its console writes `net::` before it.)"""
        is_code = suspect.kinds[0].kind == "code" and self.index.errors[suspect.error].layer == "browser"
        return is_code and "net::" not in self.flat and not self.index.names.clients.search(self.flat, self.present)

    @property
    def _is_told_by_client(self) -> bool:
        """Does a program say in its own words what it got?"""
        return any(
            self._source_of(each) == "http-client" and any(seen.kind == "pattern" for seen in each.kinds)
            for each in self.suspects.values()
        )

    def _source_of(self, suspect: Suspect) -> str:
        return self.index.errors[suspect.error].source

    def _fit(self, suspect: Suspect, status: int | None) -> float:
        own = self.index.errors[suspect.error].status
        if status is None or own is None:
            return suspect.score
        return suspect.score + (_RIGHT_STATUS if own == status else -_RIGHT_STATUS)

    def _status_of(self, source: str) -> int | None:
        """The status of the strongest suspect, for texts that report none themselves."""
        fitting = [each for each in self.suspects.values() if self._source_of(each) == source] or list(
            self.suspects.values()
        )
        best = max(fitting, key=lambda each: (each.score, each.error), default=None)
        return self.index.errors[best.error].status if best else None

    # --- the entry

    def _rated(self, source: str, status: int | None) -> list[tuple[float, str]]:
        """All suspects, and what status and machine alone suggest, the best first."""
        errors = self.index.errors
        seen = [
            (each.score + _agreement(errors[error], source, status), error) for error, each in self.suspects.items()
        ]
        unseen = _unseen(self.index, source, status) if status is not None else ()
        rated = [*seen, *(pair for pair in unseen if pair[1] not in self.suspects)]
        return sorted(rated, key=lambda pair: (-pair[0], pair[1]))

    def _by_failure(self) -> Choice | None:
        """A browser's own page in another language names the kind of failure, if nothing else.

        That a site cannot be reached is the title of all those pages; what is below it says more.
        """
        for failure in sorted(self.failures, key="connection".__eq__):
            if error := self.index.failures.get(failure):
                entry = self.index.errors[error]
                return Choice(entry, None, entry.source, entry.status, None, self._code(entry, None), _BROWSER, ())
        return None

    def _by_weak(self) -> Choice | None:
        """Words that several errors share, and nothing else: all of them are possible, none is likely."""
        likely = sorted(set(self.weak), key=lambda error: (self.index.errors[error].source != "generic", error))
        if len(likely) < 2:
            return None
        entry, *others = (self.index.errors[error] for error in likely)
        rest = tuple(Alternative(error=other.id, confidence=_MAYBE) for other in others[:4])
        return Choice(entry, None, entry.source, entry.status, None, None, _UNLIKELY, rest)

    # --- its particulars

    def _own_substatus(self) -> str | None:
        return next((mention.substatus for mention in self.mentions if mention.substatus), None)

    def _substatus(self, status: int | None, entry: KnownError, suspect: Suspect | None) -> str | None:
        for mention in self.mentions:
            if mention.substatus and mention.status == status:
                return mention.substatus
        if status is not None and (field := SUBSTATUS_FIELD.search(self.flat, self.present)):
            return f"{status}.{field['sub'] or field['spoken']}"
        return entry.substatus if suspect else None

    def _code(self, entry: KnownError, suspect: Suspect | None) -> str | None:
        """The code as in the text; for a Windows Update error that was named, the code that the name means."""
        own = (code.written for code in self.codes if entry.id in self.index.codes.get(code.key, ()))
        told = suspect.details.get("code") if suspect else None
        if told:  # in its full spelling, if that is there, too
            told = next((code.written for code in self.codes if code.key == told.lower()), told)
        written = next(own, None) or told or next((code.written for code in self.codes), None)
        if written or not (suspect and entry.code):
            return written
        return entry.code if entry.source == "windows-update" or self._stands(entry.code) else None

    def _stands(self, code: str) -> bool:
        """Is a code in the text, as one word? (Bare it may be any number, but its error is known already.)"""
        return re.search(rf"(?<![\w.:-]){re.escape(code)}(?![\w-]|[.:]\d)", self.flat) is not None


def _agreement(entry: KnownError, source: str, status: int | None) -> float:
    """How well an entry agrees with the machine and the status."""
    score = 0.0
    if entry.source == source:
        score += _RIGHT_SOURCE
    elif entry.source == "generic":
        score += _NO_SOURCE
    if status is not None and entry.status is not None:
        score += _RIGHT_STATUS if entry.status == status else _WRONG_STATUS
    return score


def _unseen(index: Index, source: str, status: int) -> Sequence[tuple[float, str]]:
    """Rate the entries of which the text shows only the machine and the status; once for each pair."""
    rated = index.unseen.get((source, status))
    if rated is None:
        own = () if source == "app" else index.statuses.get((source, status), ())  # each app's are its own
        named = {*own, *index.statuses.get(("generic", status), ())}
        rated = tuple((_rate_unseen(index.errors[error], source, status), error) for error in named)
        index.unseen[source, status] = rated
    return rated


def _rate_unseen(entry: KnownError, source: str, status: int) -> float:
    score = _agreement(entry, source, status)
    score += _UNSEEN_CODE if entry.code or entry.substatus else 0.0
    score += _UNSEEN_LAYER.get(entry.layer, 0.0)
    score += _NAMESAKE if entry.id == f"{source}-{status}" else 0.0
    score += _UNSEEN if entry.source != "generic" and status not in _GATEWAY else 0.0
    return score


def _confidence(score: float, entry: KnownError) -> float:
    value = min(0.98, max(0.2, score / _SURE)) - (_RECALLED if entry.certainty == "recalled" else 0.0)
    return round(value, 2)
