"""What is told of an address at which nobody looked?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.checks.unlooked import places_of, says_nothing, unlooked
from bot.diagnosis.facts import NOT_LOOKED
from bot.diagnosis.findings import Outcome

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize("why", NOT_LOOKED)
def test_report_of_no_look_names_the_site_and_no_secret(why: str) -> None:
    """Nothing fails in it, and user information and query stay out."""
    report = unlooked("https://bob:secret@www.site.test/a?token=x#y", why, AT)
    assert (report.url, report.host, report.refusal) == ("https://www.site.test/a", "www.site.test", None)
    assert [finding.outcome for finding in report.local.findings] == [Outcome.SKIP]
    assert says_nothing(report)


def test_fault_is_placed_without_its_words() -> None:
    """The log says which errors came and where, also of several at once, and repeats nothing that was pasted."""
    errors = []
    for text in ("my.secret.name", "other.secret"):
        try:
            int(text)
        except ValueError as error:
            errors.append(error)
    said = places_of(ExceptionGroup("secret", errors))
    assert said.count("ValueError in test_unlooked.py:") == 2
    assert "secret" not in said
