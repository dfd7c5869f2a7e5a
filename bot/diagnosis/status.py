"""Which HTTP statuses does a text report, where, and how plainly?

A bare number is never a status: its neighbours must make it one. Each mention has a weight: 3 written by a machine in a
fixed place (status line, log field), 2 named as a status or beside its reason phrase, 1 only mentioned ("I get a 502").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.diagnosis import figures, foreign
from bot.diagnosis.anchors import Guarded, Present
from bot.diagnosis.figures import FAINT, IIS_LOG, REASONS, form_of
from bot.diagnosis.numbers import Around
from bot.diagnosis.vocabulary import Vocabulary

FAMILIES = {
    403: "forbidden",
    404: "not-found",
    429: "rate-limited",
    500: "internal-error",
    502: "bad-gateway",
    503: "service-unavailable",
    504: "gateway-timeout",
    **dict.fromkeys(range(520, 528), "cloudflare-edge"),
    530: "cloudflare-edge",
}

_FEW_PARTS = frozenset({502, 503, 504})
"""IIS knows fewer than ten parts of these: 502.10 is a sum."""
_MOST = 24
"""At most this many numbers of a text are looked at, from both ends; a page of figures is not an error message."""
_NEAR = 90

_NUMBER = re.compile(
    r"(?P<status>[3-5S](?:(?<![A-Za-z0-9_$€£#@/].)|(?<=(?i:\bcode|\bhttp|rror|atus).)|(?<=(?i:[s_]code).))"
    r"(?<![0-9][.,:].)[0-9oO][0-9oOzZ])"
    r"(?:\.(?P<sub>\d{1,2})(?![\d.]))?(?P<ending>'?[A-Za-z\u00c0-\u024f]{1,7})?"
    r"(?![A-Za-z0-9_%€£]|\.\d|[ -][245]\.\d{1,3}\.\d{1,3}(?![.\d])|,\d+(?!\d|[A-Za-z]{3}|[\u3040-\u9fff]))"
)
"""(It begins with its rarest sign, and looks back from there, so the engine skips to the places that count. An SMTP
status precedes an enhanced code, as in "535-5.7.8", RFC 3463.)"""
_ANY_FAILURE = 500
"""Programs call all kinds of failures an internal server error; the number of a gateway beside it says more."""
_GATEWAY = frozenset({502, 503, 504})
_NAMING = frozenset({"s", "ing", "ed", "d"})
"""English endings that make a number over 500 a status: "it 502s"."""
_URL = re.compile(r"\b[a-z]{2,5}://[^\s\"'<>]{1,2000}", re.IGNORECASE)
_DIGIT = re.compile(r"\d(?!:?\Z)|(?<=\d)\d")
_OCR = str.maketrans("SoOzZ", "50022")


_SERVICES = ("payment", "sms", "mail", "voice", "iot", "zigbee", "fax")
"""Gateways of these are names of other things."""
_OTHER_GATEWAY = re.compile(
    rf"(?:{'|'.join(_SERVICES)}|\b(?:discord|vpn|lora|lorawan|matter|hue|default|network|bluetooth|modbus|stripe|paypal|"
    r"razorpay|bank|card|checkout|transaction|router|upi|sip|knx))[\s:,-]{0,3}\Z",
    re.IGNORECASE,
)
"""And of these, where the text tells only of a gateway error."""
_NO_SERVERS = "".join(rf"(?<!{name} gateway)" for name in _SERVICES)
_WORDINGS = {
    502: Guarded(
        r"ba[dt](?:(?<![A-Za-z]ba.)[\s_-]*g[ae]te?[\s-]?(?:way(?:y{0,9}|s|ed|ing)|wy|wya|away)(?![a-z])"
        r"(?!\s+(?:drug|hobby|design|laptop|computer|pc|monitor|router|ip|address)\b)|(?<=bad)_?gateway)"
    ),
    504: Guarded(rf"gateway(?:(?<=(?<![a-z0-9_])gateway){_NO_SERVERS}[\s_-]*time-?\s?(?:d[\s-]*)?out|timeout)"),
    503: Guarded(r"service(?:(?<=(?<![a-z0-9_])service) (?:temporarily )?unavailable(?![a-z])|_?unavailable)"),
    500: Guarded(r"internal(?:(?<=(?<![a-z0-9_])internal) server error(?![a-z])|servererror|_server_error)"),
    429: Guarded(r"too(?:(?<=(?<![a-z0-9_])too) many requests(?![a-z])|manyrequests)"),
}
"""(Each begins with letters of its own, so the engine rules out most places at a glance.)"""
SUBSTATUS_FIELD = Guarded(
    r"\bHttpSubStatus=\"?(?P<sub>\d{1,2})\b|\bsub-?status(?: code)?[:= ]{1,3}\"?(?P<spoken>\d{1,2})\b"
)
"""A field of a log, or a sentence, for the part of a status after the point."""
GUARDED = (*_WORDINGS.values(), SUBSTATUS_FIELD, *figures.GUARDED, *foreign.GUARDED)


LOOSE = "loose"
"""The form of a wording that may mean another status, too: "gateway error"."""
_WORDED = ("wording", "class")
"""Forms without a number. The class of an exception says less than its message: "InternalServerError: Bad Gateway"."""
_NO_ANSWER = 599
"""With it libraries wrap what they met; another number beside it says what."""
_OURS = "502"
"""The bot never speaks up because of another number alone, nor because of this one where it is misread."""


class Mention(NamedTuple):
    """One place where the text reports a status."""

    status: int
    substatus: str | None
    form: str
    weight: int
    start: int
    end: int


def mentions(
    plain: str, vocabulary: Vocabulary, said: Iterable[tuple[int, str, int, int]] = (), present: Present = None
) -> tuple[Mention, ...]:
    """Return all places that report a status by number or by fixed wording, in the order of the text.

    `said`: (status, form, start, end) of wordings that are data: those of other languages, and loose ones.
    """
    found = [*_numbers(plain, vocabulary, present), *_wordings(plain, present)]
    for status, form, start, end in said:
        before = plain[max(0, start - _NEAR) : start]
        if form == LOOSE:
            # (Where a colon follows, a program says which error.)
            if not _OTHER_GATEWAY.search(before) and ":" not in plain[start : end + 1]:
                found.append(Mention(status, None, form, 1, start, end))
        elif not before.lower().rstrip().endswith(_SERVICES):
            found.append(Mention(status, None, form, 2, start, end))
    return tuple(sorted(found, key=lambda mention: (mention.start, mention.end)))


def leading(found: Sequence[Mention]) -> Mention | None:
    """Return the mention whose status the text is about.

    Numbers go before words, plain ones before vague ones, frequent ones before rare ones.
    """
    totals: dict[int, int] = defaultdict(int)
    best: dict[int, Mention] = {}
    plain = [each for each in found if each.form != FAINT] or found
    for mention in [each for each in plain if each.status != _NO_ANSWER] or plain:
        if mention.form in _WORDED or mention.form == LOOSE:
            continue
        totals[mention.status] += mention.weight
        if mention.status not in best or mention.weight > best[mention.status].weight:
            best[mention.status] = mention
    worded = next((each for form in _WORDED for each in found if each.form == form), None)
    if worded and worded.status == _ANY_FAILURE and best.keys() & _GATEWAY:
        worded = None
    if not best or (worded and worded.status not in best and all(mention.weight < 2 for mention in best.values())):
        return worded or next((each for each in found if each.form == LOOSE), None)
    return max(best.values(), key=lambda m: (m.weight, totals[m.status], -m.start))


def family(status: int) -> str:
    """Name the family of a status."""
    return FAMILIES.get(status, "other-http")


def _wordings(plain: str, present: Present) -> Iterable[Mention]:
    for status, wording in _WORDINGS.items():
        for found in wording.finditer(plain, present):
            is_class = found[0].isalpha() and plain.startswith(":", found.end())
            yield Mention(status, None, _WORDED[is_class], 2, found.start(), found.end())


def _numbers(plain: str, vocabulary: Vocabulary, present: Present) -> Iterable[Mention]:
    if "://" in plain:
        plain = _URL.sub(_without_digits, plain)
    around = Around(plain, vocabulary, present)
    forms: dict[tuple[int, str, str, str], tuple[str, int]] = {}  # a log repeats itself
    numbers = list(_NUMBER.finditer(plain))
    for found in numbers if len(numbers) <= _MOST else (*numbers[: _MOST // 2], *numbers[-_MOST // 2 :]):
        status = int(found["status"].translate(_OCR))
        if status not in REASONS and not 500 <= status <= 599:
            continue
        ending = (found["ending"] or "").removeprefix("'").lower()
        if ending and ending not in vocabulary.endings:
            continue
        before = plain[max(0, found.start() - _NEAR) : found.start()]
        after = plain[found.end() : found.end() + _NEAR]
        place = status, ending, before, after
        if place not in forms:
            forms[place] = form_of(status, before, after, around)
            if not forms[place][1] and status >= 500 and ending in _NAMING:
                forms[place] = ("", 0) if foreign.is_foreign(before, after, present) else ("named", 2)
        form, weight = forms[place]
        if not weight:
            continue
        if form == FAINT and found["status"] != _OURS:
            continue
        sub = found["sub"]
        if sub and len(sub) > 1 and weight < 3 and status in _FEW_PARTS:
            continue
        if form == "iis-log" and (fields := IIS_LOG.match(after)):
            sub = fields["sub"]
        yield Mention(status, f"{status}.{sub}" if sub else None, form, weight, found.start(), found.end())


def _without_digits(address: re.Match[str]) -> str:
    """Numbers inside an address are never statuses; its length stays."""
    return _DIGIT.sub("x", address[0])
