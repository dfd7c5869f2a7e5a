"""How does a failure appear in its sentence: shown, mentioned, explained, denied, gone?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.diagnosis.vocabulary import Vocabulary, words

_REFERRED_TO = re.compile(r"\b(?:the|that|those|these|this|such|any|some)\W{0,3}\Z", re.IGNORECASE)
_OBJECT = re.compile(r"\b(?:of|about|for|on|by|from|to|as|into|than|like|between)\W{0,3}\Z", re.IGNORECASE)
_SHOWN = re.compile(r"(?:\b(?:error|code|http|status|says?|get|getting)|[:\"\n>]|\A)\s{0,8}\W{0,2}\Z", re.IGNORECASE)
_MET = re.compile(
    r"\b(?:gets?|getting|got|sees?|seeing|receiv\w+|faces?|facing|hit|hits|hitting|encounter\w*|return\w*|throw\w*|giv\w+|"
    r"show\w*|says?|produc\w+|results? in|responds? with|fail\w* with|ends? (?:up )?(?:in|with)|caus\w+)"
    r"(?:\s(?:me|us|with|an?|the|https?|errors?|status|code|only|just|always|this)){0,4}\W{1,3}\Z",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\W{0,3}(?:on(?! (?:https?:|\S{1,60}\.[a-z]{2,}|the (?:site|page|web|server)|all|every|any|login|my|our|this))|"
    r"when|if|page|responses?|errors|is|are|was|means|in|because|from)\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"s?(?: (?:bad gateways?|errors?|pages?|thing|issue|problem))?(?: (?:is|are|was|were|has been|have been|seems?))?"
    r"(?: (?:now|all|finally|long))? (?:gone|fixed|solved|resolved|over|went away)\b(?! (?:but|yet|soon|again))",
    re.IGNORECASE,
)
_AWAITED = re.compile(
    r"\b(?:when|till|until|once|if|hope|hoping|not|eta|whether|says?|claims?|said|bis|wann|wenn|hoffe|sobald|hasta|cuando|"
    r"espero|ojalá|até|quando|tomara|jusqu|quand|espère|finché|spero|tot|wanneer|hoop|tills|när|hoppas|håber|håper|kunnes|"
    r"пока|когда|надеюсь|поки|коли|dopóki|kiedy|dokud|kdy|snad|amíg|mikor|ne zaman|umarım|khi nào|kapan|sampai)\b"
    r"[^.!?]{0,60}\Z",
    re.IGNORECASE,
)
"""Before it: "how long till the 502 is fixed"."""
_WORD_BEFORE = re.compile(r"[\s\"'(]{1,3}[\w'-]{1,20}[\s\"']{0,3}\Z")
_WORD_AFTER = re.compile(r"[\s\"'):-]{0,3}[\w'-]{1,20}(?=[\s\"'])")
_EXPLAINED = re.compile(
    r"\W{0,3}(?:(?:bad gateway|https?|errors?|status|codes?|responses?)\W{1,3}){0,3}"
    r"(?:(?:usually|typically|generally|normally|often|mostly|just|simply|basically|almost|always|errors?)\s){0,3}"
    r"(?:means?\b|indicates?\b|stands? for|refers? to|=|(?:happens?|occurs?|comes?|appears?) (?:when|if|from|because)|"
    r"(?:is|are) (?:returned|sent|thrown|raised|when|what|usually|typically|often|caused|generated|triggered)\b|"
    r"usually|typically|generally|normally|(?:bedeutet|heißt|steht für|significa|quiere decir|indica|signifie|"
    r"veut dire|indique|betekent|oznacza|означает|означає|значит|vuol dire|demek|nghĩa là|là gì|di solito|normalmente|"
    r"generalmente|généralement|meist|обычно|zwykle|genellikle)\b|表示|意味|是指|代表|とは|は通常|[는은] 보통|通常)",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(
    r"(?:\b(?:what(?:'?s| is| are| does)|meaning of|explain\w{0,4}|was (?:ist|bedeutet|heißt)|qu'est-ce qu\w{1,2}|"
    r"(?:que|qué) (?:es|significa)|o que é|cos'è|co (?:to|znaczy)|wat is|vad är|что такое|що таке)|什么是|什麼是)"
    r"(?:\W+(?:an?|the|ein\w{0,2}|une?|el|il|o|het|een|https?|errors?|fehler|erreur|ошибк\w|помилк\w|codes?|status)){0,4}"
    r"\W{0,3}\Z",
    re.IGNORECASE,
)
BESIDE = 30
"""How many letters before a failure count."""
EXPLAINED_WITHIN = 140
"""An explanation of a failure begins at most this far after it."""


def stands(plain: str, start: int, end: int, vocabulary: Vocabulary, *, asked: bool) -> Iterator[str]:
    """Yield how the failure at this place appears; `asked`: the text asks something."""
    before = plain[max(0, start - BESIDE) : start]
    if _REFERRED_TO.search(before):
        yield "referred to"
    elif _OBJECT.search(before):
        yield "spoken of"
    elif _SHOWN.search(before):
        yield "shown"
    if _MET.search(before):
        yield "met"
    if _GOES_ON.match(plain, end):
        yield "said of it"
    if _is_denied(before, vocabulary):
        yield "denied"
    elif not asked and _is_gone(plain, end, vocabulary) and not _AWAITED.search(before):
        yield "gone"


def is_explained(before: str, after: str) -> bool:
    """Do the words before or after a failure explain what it is?"""
    return bool(_EXPLAINED.match(after) or _WHAT_IS.search(before))


def _is_denied(before: str, vocabulary: Vocabulary) -> bool:
    """Do the words before it say that there is none? One word may come between, unless that makes it a need.

    ("No more 502" says that there is none; in "not working, 502" the word before it is denied.)
    """
    if vocabulary.none.ends(before):
        return True
    return vocabulary.none.ends(_WORD_BEFORE.sub("", before)) and "plea" not in vocabulary.telling.heard(*words(before))


def _is_gone(plain: str, end: int, vocabulary: Vocabulary) -> bool:
    """Do the words after it say that it is gone? One word may come between."""
    if _GONE.match(plain, end):
        return True
    after = plain[end : end + 2 * BESIDE]
    return vocabulary.gone.starts(after) or vocabulary.gone.starts(_WORD_AFTER.sub("", after, count=1))
