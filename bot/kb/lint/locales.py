"""Does English say everything, and does every other language say the same things?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bot.kb.faults import Fault
from bot.kb.lint.gaps import faults_of
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import KnowledgeBase, Locale, ReplyWords
from bot.kb.placeholders import gaps
from bot.kb.recognise import PHRASES, words_in
from bot.kb.texts import texts

FAILURES = ("dns", "tls", "connection")
TABLES = ("replies", "choices", "words")


def check(kb: KnowledgeBase, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each key that is missing in English, unknown in any language, or has other placeholders."""
    english = kb.locales.get("en")
    if english is None:
        yield Fault("locales/en.toml", "", "is missing: every other language falls back to it", "Write it")
        return
    known = {"replies": vocabulary.replies.keys(), "choices": vocabulary.choices, "words": vocabulary.words}
    for table in TABLES:
        for key in sorted(known[table] - getattr(english, table).keys()):
            yield Fault("locales/en.toml", f"{table}.{key}", "is missing in English", "Write it")
    translatable = texts(kb)
    for locale in kb.locales.values():
        yield from _keys(locale, known)
        yield from _replies(locale, english, vocabulary)
        yield from _same_gaps(locale, "words", english.words, locale.words)
        yield from _overlay(locale, translatable)
        yield from _recognise(locale)
        for key, label in locale.choices.items():
            yield from faults_of(_file(locale), f"choices.{key}", label, ())


def coverage(kb: KnowledgeBase, vocabulary: Vocabulary) -> dict[str, float]:
    """Return for each language what share of the bot's own words it has, from 0 to 1."""
    wanted = {
        *(("replies", key) for key in vocabulary.replies),
        *(("choices", key) for key in vocabulary.choices),
        *(("words", key) for key in vocabulary.words),
    }
    return {
        language: sum(key in getattr(locale, table) for table, key in wanted) / max(len(wanted), 1)
        for language, locale in sorted(kb.locales.items())
    }


def _file(locale: Locale) -> str:
    return f"locales/{locale.language}.toml"


def _keys(locale: Locale, known: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    for table, names in (*known.items(), ("inputs", known["choices"])):
        for key in sorted(getattr(locale, table).keys() - set(names)):
            remedy = "Correct its spelling, or remove it"
            yield Fault(_file(locale), f"{table}.{key}", "the program never says this", remedy)


def _replies(locale: Locale, english: Locale, vocabulary: Vocabulary) -> Iterator[Fault]:
    for key, reply in locale.replies.items():
        for name, text in _parts(reply):
            yield from faults_of(_file(locale), f"replies.{key}.{name}", text, vocabulary.replies.get(key, ()))
        if key in english.replies and locale is not english:
            ours = dict(_parts(english.replies[key]))
            yield from _same_gaps(locale, f"replies.{key}", ours, dict(_parts(reply)))


def _parts(reply: ReplyWords) -> Iterator[tuple[str, str]]:
    for name, text in reply:
        if text is not None:
            yield name, text


def _same_gaps(locale: Locale, place: str, english: Mapping[str, str], theirs: Mapping[str, str]) -> Iterator[Fault]:
    for key, text in theirs.items():
        if key in english:
            yield from _compare(locale, f"{place}.{key}", english[key], text)
        elif place.startswith("replies."):
            yield Fault(_file(locale), f"{place}.{key}", "English does not have this part", "Remove it")


def _compare(locale: Locale, place: str, english: str, translated: str) -> Iterator[Fault]:
    wanted, found = gaps(english), gaps(translated)
    for name in sorted(wanted - found):
        yield Fault(_file(locale), place, f"{{{name}}} is missing; English has it", "Add it")
    for name in sorted(found - wanted):
        yield Fault(_file(locale), place, f"{{{name}}} is too much; English does not have it", "Remove it")


def _overlay(locale: Locale, translatable: Mapping[str, str]) -> Iterator[Fault]:
    if locale.language == "en":
        for key in locale.overlay:
            remedy = "Change the text in its own file"
            yield Fault(_file(locale), f"overlay.{key}", "English texts stand in the files themselves", remedy)
        return
    for key, text in locale.overlay.items():
        if key not in translatable:
            remedy = "Keys look like guides.visitor.reload.do; see knowledge/README.md"
            yield Fault(_file(locale), f"overlay.{key}", "there is no such text", remedy)
        else:
            yield from _compare(locale, f"overlay.{key}", translatable[key], text)


def _recognise(locale: Locale) -> Iterator[Fault]:
    words = locale.recognise
    for name, by_status in (("status", words.status), ("loose", words.loose)):
        for status in by_status:
            if not (status.isdecimal() and 400 <= int(status) <= 599):
                problem, remedy = f'"{status}" is no error status', "Write a number from 400 to 599"
                yield Fault(_file(locale), f"recognise.{name}.{status}", problem, remedy)
    for failure in words.failure:
        if failure not in FAILURES:
            problem, remedy = f'"{failure}" is no kind of failure', f"Write one of {', '.join(FAILURES)}"
            yield Fault(_file(locale), f"recognise.failure.{failure}", problem, remedy)
    lists = {name: tuple(words_in(getattr(words, name))) for name in PHRASES}
    lists |= {f"status.{key}": found for key, found in words.status.items()}
    lists |= {f"loose.{key}": found for key, found in words.loose.items()}
    lists |= {f"failure.{key}": found for key, found in words.failure.items()}
    for place, found in lists.items():
        for word in found:
            if word != word.lower() or word != word.strip() or not word:
                remedy = f'Write "{word.strip().lower()}"' if word.strip() else "Remove it"
                yield Fault(_file(locale), f"recognise.{place}", f'"{word}" can never be found', remedy)
