"""Which names may knowledge files use? Gathered here, because the linter knows none of these modules."""

from __future__ import annotations

from bot.conversation.replies import CHOICES, PARAMETERS
from bot.diagnosis.elsewhere import VIEWS
from bot.diagnosis.facts import NO_PAGE, NOT_FOLLOWED, NOT_LOOKED, STAGES, VOCABULARY
from bot.diagnosis.findings import Failure, Outcome
from bot.diagnosis.kinds import STATUSES, kinds
from bot.diagnosis.plan import DEFAULT_GUIDE
from bot.kb.lint.vocabulary import Vocabulary
from bot.wording.vocabulary import CHECKS, WORDS


def vocabulary() -> Vocabulary:
    """Return all names that conditions, placeholders, replies and words may use."""
    failures = frozenset(failure.value for failure in Failure)
    outcomes = frozenset(outcome.value for outcome in Outcome)
    values = {f"{check}.failure": failures for check in CHECKS if f"{check}.failure" in VOCABULARY}
    values |= {"tls.odd": failures, "tcp.https": failures}
    values |= {f"{check}.outcome": outcomes for check in CHECKS}
    values["elsewhere.seen"] = frozenset(VIEWS)
    values["http.stage"] = frozenset(STAGES)
    values["http.not-followed"] = frozenset(NOT_FOLLOWED)
    values["http.not-looked"] = frozenset(NOT_LOOKED)
    values["http.no-page"] = frozenset(NO_PAGE)
    return Vocabulary(
        facts=frozenset(VOCABULARY),
        replies=PARAMETERS,
        choices=CHOICES,
        words=WORDS,
        guides=frozenset(DEFAULT_GUIDE.values()),
        values=values,
        kinds=kinds(),
        bounds={"http.status": STATUSES, "text.status": STATUSES},
        ids={
            "text.error": "error",
            "http.error": "error",
            "http.poses-as": "error",
            "http.product": "product",
            "http.edge": "product",
            "http.challenge": "product",
            "text.family": "family",
            "text.source": "source",
        },
    )
