"""What is reported about an address that nobody looked at, and why did nobody?

    refused    the guard does not accept the address: Report.refusal says why
    broken     a fault of ours got in the way
    busy       too many looks are waiting already

Only the first one is about the address. The others say nothing about the site, are handed to nobody else, and the next
request makes a look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath

from bot.checks.refusal import Refusal
from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage
from bot.diagnosis.neutral import neutral

FACT = "not-looked"
_LONGEST = 2048
_USER_INFORMATION = re.compile(r"//(?:[^/?#]*@|[^/?#:@]*:(?![0-9]+(?:[/?#]|\Z))[^?#]*@)")
"""The second form has a slash in its password, which no address may."""
_HOST = re.compile(r"//(\[[^/?#\]]{1,64}\]|[^/?#:\]]+)")


def refused(url_text: str, refusal: Refusal, now: datetime) -> Report:
    """Report an address that is not accepted. Nothing is contacted, and no secret of the text is repeated."""
    finding = Finding(check="http", outcome=Outcome.SKIP, failure=Failure.REFUSED_ADDRESS)
    return _report(url_text, finding, now).model_copy(update={"refusal": refusal.reason})


def unlooked(url_text: str, why: str, now: datetime) -> Report:
    """Report that nobody looked at an address (a value of `facts.NOT_LOOKED`)."""
    return _report(url_text, Finding(check="http", outcome=Outcome.SKIP, facts={FACT: why}), now)


def says_nothing(report: Report) -> bool:
    """Tell whether a report is one without a look."""
    http = report.local.finding("http")
    return http is not None and FACT in http.facts


def places_of(error: BaseException) -> str:
    """Say what broke and where, without its own words, which may repeat what somebody wrote."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(map(places_of, error.exceptions))
    return f"{type(error).__name__} in {' < '.join([*_frames(error)][:-6:-1])}"


def _frames(error: BaseException) -> Iterator[str]:
    here = error.__traceback__
    while here is not None:
        yield f"{PurePath(here.tb_frame.f_code.co_filename).name}:{here.tb_lineno}"
        here = here.tb_next


def _report(url_text: str, finding: Finding, now: datetime) -> Report:
    text = _USER_INFORMATION.sub("//", url_text[:_LONGEST], count=1).partition("?")[0].partition("#")[0]
    host = _HOST.search(text)
    return Report(
        url=neutral(text),
        host=neutral(host[1].strip("[]")) if host else "",
        checked_at=now,
        elapsed_ms=0.0,
        vantages=(Vantage(name="local", findings=(finding,)),),
    )
