"""Which error is it, which address failed, and should the bot speak up unasked?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.diagnosis import hops, speak, targets
from bot.diagnosis.choice import Case, Choice
from bot.diagnosis.codes import carried_status, codes
from bot.diagnosis.evidence import Search
from bot.diagnosis.identification import Evidence, Hops, Identification, Known
from bot.diagnosis.index import Index, compile_index
from bot.diagnosis.kept import without_secrets
from bot.diagnosis.loopback import is_own_machine
from bot.diagnosis.normalise import HEAD, TAIL, Text, bound, normalise
from bot.diagnosis.phrases import Hit, find, place
from bot.diagnosis.redact import redact
from bot.diagnosis.repair import repaired
from bot.diagnosis.status import LOOSE, family, mentions
from bot.diagnosis.unreached import unreached
from bot.kb.model import KnowledgeBase

NOTHING = Identification()
"""The result for ordinary talk."""

_prepared: list[tuple[KnowledgeBase, Index]] = []

_RELATIVES = frozenset({"cloudflare-edge", "gateway-timeout", "service-unavailable"})
"""Other families that the bot speaks up about unasked, when a gateway's own page was pasted."""
_RELATIVES_NAMES = re.compile(r"service (?:temporarily )?unavailable|gateway time-?out", re.IGNORECASE)
"""Beside a 502 they count against a plea, since other errors are only named there; on their own page they do not."""
_OWN_PLACE = frozenset({"status", "code", "substatus", "url", "host"})
"""Named groups of patterns that are fields of the answer."""
_WHOLE = HEAD + TAIL
"""A longer text is cut."""
_ELSE = 14
"""This few letters beside a weak wording say nothing else."""
_TOLD = 0.7
"""How sure a status is when the text shows nothing more, but a person describes a failure."""
_REMARK = 8
"""This few words beside an address say by themselves whether there is an error."""
_PAGE = 24
"""A page's wording with this many letters and digits leaves no doubt."""


def index_of(kb: KnowledgeBase) -> Index:
    """Return the index of a knowledge base, made once."""
    for known, index in _prepared:
        if known is kb:
            return index
    index = compile_index(kb)
    _prepared[:] = [(kb, index)]
    return index


def is_ordinary(kb: KnowledgeBase, text: str) -> bool:
    """Tell at the cost of the gate that `identify` would find nothing; False only says that it has to look."""
    return len(text) <= _WHOLE and not index_of(kb).gate.opens(text)


def identify(kb: KnowledgeBase, text: str) -> Identification:
    """Recognise the error, the address and the need in a pasted text."""
    if len(text) <= _WHOLE and not index_of(kb).gate.opens(text):  # `is_ordinary`; every avoided call counts
        return NOTHING
    return _looked_into(kb, text)[0]


def explained(kb: KnowledgeBase, text: str) -> tuple[Identification, speak.Judgement | None]:
    """Do the same, and say what counted for and against offering help; None: there was nothing to weigh."""
    return (NOTHING, None) if is_ordinary(kb, text) else _looked_into(kb, text)


def _looked_into(kb: KnowledgeBase, text: str) -> tuple[Identification, speak.Judgement | None]:
    index, text = index_of(kb), bound(text)
    part = index.gate.telling_part(text)
    read = normalise(part)
    is_marked = read.markup is not read.flat
    if read.flat == text or index.gate.opens(read.flat) or (is_marked and index.gate.opens(read.markup)):
        return examine(index, read, text, as_written=part is not text)
    return NOTHING, None


def examine(
    index: Index, read: Text, raw: str, *, as_written: bool = False
) -> tuple[Identification, speak.Judgement | None]:
    """Do all the work, whether the gate opens or not; `as_written`: without repair of damaged words."""
    case = _case(index, read)
    choice = case.choose()
    meant = None if as_written else repaired(read, index.speller)
    if meant:
        again = _case(index, meant)
        better = again.choose()
        if better and better.suspect and (choice is None or better.points > choice.points):
            read, case, choice = meant, again, better
    beside = targets.beside_addresses(read.plain) if choice else None
    if beside is not None and not beside:
        choice = None  # what an address names in its path is a page, not an error that occurred
    details = dict(choice.suspect.details) if choice and choice.suspect else {}
    if choice and choice.source == "app" and case.app:
        name, service, site = case.app
        details |= {"service": service, "site": site} if service and site else {"app": name}
    target = targets.find_target(
        read.plain,
        [place.start for place in _places(case, choice)],
        loose=choice is not None,
        told=[details[name] for name in ("url", "host") if name in details],
        present=case.present,
    )
    judgement = _judge(case, choice, read) if choice and not _is_remark(index, beside) else None
    is_told = choice is not None and judgement is not None and judgement.speaks and _is_named(case, choice)
    match = _known(choice, unreached(case.flat, case.present), told=is_told) if choice else None
    is_own = target is None and choice is not None and choice.entry.local
    if match is not None and (is_own or is_own_machine(read.plain, target.host if target else None)):
        match = match.model_copy(update={"local": True})
    found = Identification(
        speak=judgement is not None and judgement.speaks,
        match=match,
        target=target,
        hop=_hop(case, choice, target.host if target else None),
        details=without_secrets({name: value for name, value in details.items() if name not in _OWN_PLACE}),
        evidence=_evidence(choice),
        secrets=redact(raw, case.present if raw == read.flat else None)[1],
    )
    return found, judgement


def _is_remark(index: Index, beside: Sequence[str] | None) -> bool:
    """Does a text only share addresses? The few words beside them show no error."""
    return beside is not None and len(beside) <= _REMARK and not index.gate.opens(" ".join(beside))


def _evidence(choice: Choice | None) -> tuple[Evidence, ...]:
    seen = choice.suspect.kinds if choice and choice.suspect else ()
    return tuple(Evidence(kind=each.kind, text=each.text[:120], weight=round(each.weight, 1)) for each in seen)


def _case(index: Index, read: Text) -> Case:
    """Gather all evidence."""
    hits = find(index, read)
    present = index.lookup.present(read.lowered)
    worded = [(status, "wording", hit) for hit in hits for status in hit.wording.statuses]
    worded += [(status, LOOSE, hit) for hit in hits for status in hit.wording.loose]
    said = [(status, form, *place(hit, read.letters)) for status, form, hit in worded]
    found = mentions(read.plain, index.vocabulary, said, present)
    written = codes(read.flat, present)
    return Case(
        index=index,
        plain=read.plain,
        flat=read.flat,
        present=present,
        mentions=found,
        codes=written,
        suspects=Search(index, read, present).suspects(hits, found, written),
        failures=[failure for hit in hits for failure in hit.wording.failures],
        weak=[error for hit in hits if _is_all(hit, read) for error in hit.wording.weak],
    )


def _is_all(hit: Hit, read: Text) -> bool:
    """Does the text say little more than this wording? (A number says nothing by itself.)"""
    return not hit.wording.numbers and len(read.squashed) <= hit.end - hit.start + _ELSE


def _known(choice: Choice, named: str | None = None, *, told: bool = False) -> Known:
    """Name it; `told`: a failure is plainly described, so a lone number is hardly anything else."""
    entry, status = choice.entry, choice.status
    kind: str
    if choice.source == entry.source == "windows-update":
        kind, status = entry.family, entry.status or carried_status(choice.code or "")
    else:
        kind = entry.family if status is None else family(status)
    return Known(
        error=entry.id,
        status=status,
        family=kind,
        source=choice.source,
        substatus=choice.substatus,
        code=choice.code,
        confidence=max(choice.confidence, _TOLD) if told and choice.suspect is None else choice.confidence,
        alternatives=choice.alternatives,
        unreached=named,
    )


def _is_named(case: Case, choice: Choice) -> bool:
    """Does the text give its number or its name?"""
    return any(mention.form != LOOSE for mention in case.mentions if mention.status == choice.status)


def _hop(case: Case, choice: Choice | None, host: str | None) -> Hops | None:
    """What the text's own diagram says, else who signed it, else what its page proves."""
    if drawn := hops.diagram(case.flat, case.present):
        return drawn
    if choice is not None and host is not None and (signed := hops.signed(case.flat, host, case.present)):
        return signed
    if choice is None or choice.entry.hop is None or choice.source != choice.entry.source or choice.is_guess:
        return None
    hop = choice.entry.hop
    return Hops(visitor=hop.visitor, edge=hop.edge, origin=hop.origin)


def _judge(case: Case, choice: Choice, read: Text) -> speak.Judgement | None:
    """Weigh whether to offer help; None: about such an error the bot never speaks up unasked."""
    if not any(map(str.isalpha, read.flat)):
        return None  # a bare number may be anything
    kind = _known(choice).family
    if kind == "bad-gateway" or choice.status == 502:
        return speak.judge(read.plain, _places(case, choice), case.index.vocabulary, case.present)
    if (
        kind not in _RELATIVES
        or choice.suspect is None
        or choice.entry.layer != "page"
        or choice.entry.source == "generic"
    ):
        return None
    pages = [place for place in choice.suspect.places if place.known and place.end - place.start >= _PAGE]
    unnamed = _RELATIVES_NAMES.sub(lambda name: " " * len(name[0]), read.plain)
    judgement = speak.judge(unnamed, pages, case.index.vocabulary, case.present)
    return None if judgement.over else judgement


def _places(case: Case, choice: Choice | None) -> Iterable[speak.Place]:
    """Where the text shows the error that was chosen."""
    if choice is None:
        return
    for mention in case.mentions:
        if mention.status == choice.status:
            yield speak.Place(mention.start, mention.end, form=mention.form)
    for error, suspect in case.suspects.items():
        if case.index.errors[error].status == choice.status:
            yield from suspect.places
