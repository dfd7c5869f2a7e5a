"""Are a person's few words taken for the choice that they mean here?"""

from __future__ import annotations

import pytest

from bot.conversation.events import Pasted
from bot.conversation.sayings import device_named, meant
from bot.conversation.state import Phase, State
from bot.conversation.turn import Turn
from bot.kb.model import KnowledgeBase
from playbook import NGINX_502, Playbook, seen


def _turn(kb: KnowledgeBase, phase: Phase, lang: str = "en") -> Turn:
    """Be in a phase whose prompt needs nothing else, or in a guide that has got this far."""
    if phase is Phase.STEP:
        state = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide").state
    elif phase in (Phase.ASK_QUESTION, Phase.VERDICT):
        book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(200))
        state = book.state if phase is Phase.VERDICT else book.picks("guide").state
    else:
        state = State(phase=phase)
    assert state.phase is phase
    return Turn(kb=kb, event=Pasted(text=""), state=state.model_copy(update={"lang": lang}))


@pytest.mark.parametrize(
    ("phase", "choice", "texts"),
    [
        (
            Phase.STEP, "works",
            "yes; Yes!; yes it does; yes, it does; it opens; opens now; yep works; thanks, it works; it’s working; its fixed",
        ),
        (
            Phase.STEP, "still-broken",
            "no; that didn't work; that didnt work; no luck; nope same; nope, same; same thing; nothing changed; fails",
        ),
        (Phase.STEP, "tried", "i already did that; did that already; I’ve tried that."),
        (Phase.ASK_QUESTION, "yes", "yes; it opens; yes it does; it works; yep, works; works"),
        (Phase.ASK_QUESTION, "no", "no; nope; same; no luck; it doesn’t"),
        (Phase.ASK_QUESTION, "works", "it works now; opens now; that fixed it"),
        (Phase.VERDICT, "guide", "yes; yes please; ok; Guide me"),
        (Phase.VERDICT, "works", "it opens now; thanks it works"),
        (Phase.ASK_ROLE, "owner", "i own it; i host it; i'm the admin; im the admin; yes it is mine; It is my site"),
        (Phase.ASK_ROLE, "visitor", "just a user; it's not mine; I am visiting it"),
    ],
)  # fmt: skip
def test_words_mean_a_choice_of_the_phase(kb: KnowledgeBase, phase: Phase, choice: str, texts: str) -> None:
    """The same word may mean different things: "yes" is the good end of a step, but a go-ahead under a verdict."""
    turn = _turn(kb, phase)
    assert {text: meant(turn, text) for text in texts.split("; ")} == dict.fromkeys(texts.split("; "), choice)


def test_label_means_its_choice_in_any_language(kb: KnowledgeBase) -> None:
    """Whoever types what is on a button has pressed it."""
    for lang, locale in kb.locales.items():
        if "still-broken" in locale.choices:
            assert meant(_turn(kb, Phase.STEP, lang), locale.choices["still-broken"]) == "still-broken", lang


@pytest.mark.parametrize(
    ("phase", "text", "choice"),
    [
        (Phase.ASK_BROWSER, "chrome on windows", "chrome"),
        (Phase.ASK_BROWSER, "I use Firefox", "firefox"),
        (Phase.ASK_BROWSER, "opera gx", "opera"),
        (Phase.ASK_BROWSER, "samsung internet on android", "other"),
        (Phase.ASK_SYSTEM, "chrome on windows 11", "windows"),
        (Phase.ASK_SYSTEM, "safari on my iphone", "ios"),
        (Phase.ASK_BROWSER, "what is that", None),
        (Phase.ASK_BROWSER, "my friend told me that chrome is better", None),
        (Phase.ASK_ROLE, "chrome on windows", None),
    ],
)
def test_device_is_found_among_other_words(kb: KnowledgeBase, phase: Phase, text: str, choice: str | None) -> None:
    """Where browser or system is asked for, the one that a short answer names is meant."""
    assert device_named(_turn(kb, phase), text) == choice


def test_long_text_means_no_choice(kb: KnowledgeBase) -> None:
    """A text is read for an error as soon as it is longer than any such saying."""
    assert meant(_turn(kb, Phase.STEP), "yes " * 20) is None


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("nope, still the same", "still-broken"),
        ("no, still failing", "still-broken"),
        ("yeah, it loads now", "works"),
        ("no thanks", None),
        ("yes it fails", None),
    ],
)
def test_what_is_said_twice_means_it_once(kb: KnowledgeBase, said: str, choice: str | None) -> None:
    """A word and what follows it may say the same; where they do not, nothing is guessed."""
    assert meant(_turn(kb, Phase.STEP), said) == choice


def test_yes_under_a_step_ends_it_and_credits_the_step(kb: KnowledgeBase) -> None:
    """The answer to the step's own question is the end that its button would bring."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")
    at = book.state.step
    book.says("yes, it does")
    assert (book.phase, book.state.outcome, book.state.solved_by) == (Phase.ENDED, "solved", at)
