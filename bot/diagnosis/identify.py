"""Which error is it, which address failed, and should the bot speak up unasked?

The most specific known error wins. What the text itself reports beats what an entry says: a status that is written out,
a code, a machine that is named. `choose` finds the entry, this module puts the answer together.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.diagnosis import hops, redact, sources, speak, targets
from bot.diagnosis.codes import Code, codes
from bot.diagnosis.evidence import Search, Suspect
from bot.diagnosis.identification import Alternative, Evidence, Hops, Identification, Known, Target
from bot.diagnosis.index import Index, compile_index
from bot.diagnosis.normalise import Text, normalise
from bot.diagnosis.phrases import Hit, find
from bot.diagnosis.status import Mention, family, leading, mentions
from bot.kb.model import KnowledgeBase, KnownError

_prepared: list[tuple[KnowledgeBase, Index]] = []


def index_of(kb: KnowledgeBase) -> Index:
    """Return the index of a knowledge base, made once."""
    if not _prepared or _prepared[0][0] is not kb:
        _prepared[:] = [(kb, compile_index(kb))]
    return _prepared[0][1]


def identify(kb: KnowledgeBase, text: str) -> Identification:
    """Recognise the error, the address and the need in a pasted text."""
    index = index_of(kb)
    read = normalise(text)
    if not read.flat:
        return Identification()
    return _Case(index, read, redact.redact(text[:40_000])[1]).identification()


CLIENT_SOURCES = ("http-client",)


class _Case:
    """One text under examination."""

    def __init__(self, index: Index, text: Text, secrets: tuple[str, ...]) -> None:
        self.index = index
        self.text = text
        self.secrets = secrets
        self.mentions: tuple[Mention, ...] = mentions(text.plain, index.vocabulary)
        self.codes: tuple[Code, ...] = codes(text.flat)
        self.hits: tuple[Hit, ...] = find(index, text)
        self.suspects: dict[str, Suspect] = Search(index, text).suspects(self.hits, self.mentions, self.codes)

    def identification(self) -> Identification:
        lead = leading(self.mentions)
        source, status = self._source_and_status(lead)
        entry, confidence, alternatives = self._entry(source, status)
        known = self._known(entry, source, status, confidence, alternatives) if entry else None
        suspect = self.suspects.get(entry.id) if entry else None
        details = dict(suspect.details) if suspect else {}
        target = self._target(lead, details, known is not None)
        return Identification(
            speak=known is not None and self._speaks(known, entry),
            match=known,
            target=target,
            hop=self._hop(entry, known),
            details=details,
            evidence=tuple(suspect.kinds) if suspect else (),
            secrets=self.secrets,
        )

    # --- source, status, entry

    def _source_and_status(self, lead: Mention | None) -> tuple[str, int | None]:
        status = lead.status if lead else None
        ranked = sorted(self.suspects.values(), key=lambda each: (-self._fit(each, status), each.error))
        server = next((each for each in ranked if self._source(each) not in ("http-client", "app", "generic")), None)
        client = next((each for each in ranked if self._source(each) == "http-client"), None)
        app = next((each for each in ranked if self._source(each) == "app"), None)
        names = sources.named(self.text.flat, self.mentions)
        if server:
            source = self._source(server)
            if source == "nginx" and any(name.source == "kubernetes-ingress" for name in names):
                source = "kubernetes-ingress"
        elif names and lead:
            source = names[0].source
        elif client or (lead and sources.CLIENTS.search(self.text.flat)):
            source = "http-client"
        elif app:
            source = "app"
        else:
            source = "generic"
        if status is None:
            best = next((each for each in ranked if self._source(each) == source), None)
            status = self.index.errors[best.error].status if best else None
        if status and 520 <= status <= 527:
            source = "cloudflare"
        return source, status

    def _source(self, suspect: Suspect) -> str:
        return self.index.errors[suspect.error].source

    def _fit(self, suspect: Suspect, status: int | None) -> float:
        entry = self.index.errors[suspect.error]
        if status is None or entry.status is None:
            return suspect.score
        return suspect.score + (15 if entry.status == status else -25)

    def _entry(self, source: str, status: int | None) -> tuple[KnownError | None, float, tuple[Alternative, ...]]:
        ids = {
            *self.suspects,
            *(self.index.statuses.get((source, status), ()) if status else ()),
            *(self.index.statuses.get(("generic", status), ()) if status else ()),
        }
        rated = sorted(
            ((self._rate(error, source, status), error) for error in ids), key=lambda pair: (-pair[0], pair[1])
        )
        if not rated or rated[0][0] <= 0:
            return None, 0.0, ()
        best = self.index.errors[rated[0][1]]
        confidence = self._confidence(rated[0][0], best)
        others = tuple(
            Alternative(error=error, confidence=round(self._confidence(score, self.index.errors[error]) * 0.9, 2))
            for score, error in rated[1:4]
            if score > rated[0][0] - 12 and score > 20
        )
        return best, confidence, others

    def _rate(self, error: str, source: str, status: int | None) -> float:
        entry = self.index.errors[error]
        suspect = self.suspects.get(error)
        score = suspect.score if suspect else 0.0
        if entry.source == source:
            score += 30
        elif entry.source == "generic":
            score += 5
        if status is not None and entry.status is not None:
            score += 25 if entry.status == status else -60
        if suspect is None and entry.code:
            score -= 40
        if suspect is None and entry.layer == "log":
            score -= 15
        if suspect is None and error == f"{source}-{status}":
            score += 5
        return score

    def _confidence(self, score: float, entry: KnownError) -> float:
        value = min(0.98, max(0.2, score / 105))
        if entry.certainty == "recalled":
            value -= 0.1
        return round(max(0.1, value), 2)

    def _known(
        self,
        entry: KnownError,
        source: str,
        status: int | None,
        confidence: float,
        alternatives: tuple[Alternative, ...],
    ) -> Known:
        own = entry.source == source
        if entry.source == "windows-update" and own:
            kind, status = entry.family, entry.status
        else:
            kind = family(status) if status else entry.family
        suspect = self.suspects.get(entry.id)
        return Known(
            error=entry.id,
            status=status,
            family=kind,
            source=source,
            substatus=self._substatus(status, entry, suspect),
            code=self._code(entry, suspect),
            confidence=confidence,
            alternatives=alternatives,
        )

    def _substatus(self, status: int | None, entry: KnownError, suspect: Suspect | None) -> str | None:
        for mention in self.mentions:
            if mention.substatus and mention.status == status:
                return mention.substatus
        return entry.substatus if suspect else None

    def _code(self, entry: KnownError, suspect: Suspect | None) -> str | None:
        for code in self.codes:
            if entry.id in self.index.codes.get(code.key, ()):
                return code.written
        if self.codes:
            return self.codes[0].written
        return entry.code if suspect else None

    # --- the rest

    def _target(self, lead: Mention | None, details: dict[str, str], known: bool) -> Target | None:
        places = [mention.start for mention in self.mentions]
        return targets.find_target(self.text.plain, places, loose=known)

    def _hop(self, entry: KnownError | None, known: Known | None) -> Hops | None:
        if drawn := hops.diagram(self.text.flat):
            return drawn
        if entry and entry.hop and known and known.source == entry.source:
            return Hops(visitor=entry.hop.visitor, edge=entry.hop.edge, origin=entry.hop.origin)
        return None

    def _speaks(self, known: Known, entry: KnownError | None) -> bool:
        if known.family != "bad-gateway":
            return False
        return speak.judge(self.text.plain, self._places(), self.index.vocabulary).speaks

    def _places(self) -> Iterable[speak.Place]:
        """Where the text shows the failure."""
        for mention in self.mentions:
            if mention.status == 502:
                yield speak.Place(mention.start, mention.end)
        for error, suspect in self.suspects.items():
            if self.index.errors[error].family == "bad-gateway":
                yield from suspect.places
