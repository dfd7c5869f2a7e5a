"""What can the bot mean to say? Keys with parameters and choices; `wording` supplies the words.

`PARAMETERS` and `CHOICES` are the vocabulary that the linter checks `knowledge/locales/` against.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from bot.diagnosis.experience import Moved
from bot.diagnosis.identification import Alternative, Value
from bot.diagnosis.incidents import Others
from bot.diagnosis.plan import Profile, Skipped
from bot.diagnosis.verdict import Verdict
from bot.kb.model import Audience


class Choice(Value):
    """One thing that the person can pick. Its label is `choices.<id>` of the locale, or the knowledge text `text`."""

    id: str
    text: str | None = None
    """Key of a knowledge text: `errors.<id>.title`, `guides.<id>.<step>.title`; or `words.<key>` of the locale."""


class Said(Value):
    """Base of all replies."""

    choices: tuple[Choice, ...] = ()


class SecretsSeen(Said):
    """The text held secrets: they were not kept."""

    key: Literal["secrets-seen"] = "secrets-seen"
    kinds: tuple[str, ...]


class Recognised(Said):
    """The pasted text is this known error."""

    key: Literal["recognised"] = "recognised"
    error: str
    confidence: float


class LinkOnly(Said):
    """There is an address, but no error that I know."""

    key: Literal["link-only"] = "link-only"
    host: str


class Unsure(Said):
    """It could be one of several errors; the choices name them."""

    key: Literal["unsure"] = "unsure"
    alternatives: tuple[Alternative, ...]


class NotRecognised(Said):
    """Neither a known error nor an address."""

    key: Literal["not-recognised"] = "not-recognised"


class AskRole(Said):
    """Visitor or owner? The words depend on what met the error: a browser, a program, an app, or Windows' updates."""

    key: Literal["ask-role"] = "ask-role"
    about: Literal["site", "program", "app", "updates"] = "site"


class AskAddress(Said):
    """Which address fails?"""

    key: Literal["ask-address"] = "ask-address"


class AddressNotRead(Said):
    """What was given cannot be read as an address."""

    key: Literal["address-not-read"] = "address-not-read"


class AddressRefused(Said):
    """The guard does not let the bot contact this address; `reason` is the guard's label."""

    key: Literal["address-refused"] = "address-refused"
    host: str
    reason: str


class Checking(Said):
    """The checks have begun."""

    key: Literal["checking"] = "checking"
    host: str


class Judged(Said):
    """The verdict."""

    key: Literal["verdict"] = "verdict"
    verdict: Verdict
    facts: dict[str, JsonValue]
    seen_at: datetime | None
    """When the site was looked at; None: it was not."""
    age_s: float = 0.0
    vantages: tuple[str, ...] = ()
    audience: Audience | None = None
    """Who it is for, where that is known: whoever looks after the site is not told to wait for its owner."""
    others: Others | None = None
    service: str | None = None
    """Id of the service in `services.toml` whose own status page is worth a look."""


class Changed(Said):
    """The re-check saw something different; the new verdict follows."""

    key: Literal["changed"] = "changed"
    host: str


class Same(Said):
    """The re-check saw the same as before; the next step follows."""

    key: Literal["same"] = "same"
    host: str


class AskQuestion(Said):
    """One of the three questions that make the user a probe."""

    key: Literal["ask-question"] = "ask-question"
    question: str


class AskUsual(Said):
    """The page opens in the trial's own place: does it open the usual way, too?"""

    key: Literal["ask-usual"] = "ask-usual"


class OnlyThere(Said):
    """It does not, so the usual way is at fault; what fixes that follows."""

    key: Literal["only-there"] = "only-there"


class AskBrowser(Said):
    """Which browser?"""

    key: Literal["ask-browser"] = "ask-browser"


class AskSystem(Said):
    """Which system?"""

    key: Literal["ask-system"] = "ask-system"


class PlanShown(Said):
    """A guide begins: what it is, and what is left out and why."""

    key: Literal["plan"] = "plan"
    guide: str
    steps: int
    skipped: tuple[Skipped, ...]
    facts: dict[str, JsonValue]
    error: str | None
    """The recognised error, for an owner, who is told what a careful reader should know about it."""
    moved: tuple[Moved, ...] = ()
    """Steps that come earlier than usual because they have helped here before."""


class StepShown(Said):
    """One step of a guide."""

    key: Literal["step"] = "step"
    guide: str
    step: str
    number: int
    of: int
    profile: Profile
    host: str | None


class PickTried(Said):
    """Which of these steps were tried already? The choices are the steps."""

    key: Literal["pick-tried"] = "pick-tried"


class Exhausted(Said):
    """No step is left, or the person wanted a human before that."""

    key: Literal["exhausted"] = "exhausted"
    guide: str
    host: str | None
    early: bool = False
    """There are steps left that were not tried."""


class Why(Said):
    """The rules that fired, what they rest on, and what would change the verdict."""

    key: Literal["why"] = "why"
    verdict: Verdict | None
    facts: dict[str, JsonValue]
    step: str | None
    guide: str | None
    error: str | None
    seen_at: datetime | None
    age_s: float = 0.0
    others: Others | None = None
    moved: Moved | None = None
    """Why the step comes earlier than usual, if it does."""


class Tried(Value):
    """A step and how it went: `failed`, `skipped`, `before` (tried before the conversation)."""

    step: str
    outcome: str


class ReportReady(Said):
    """A report to send to the site's people or to the provider; secrets are not in it."""

    key: Literal["report"] = "report"
    to: Literal["owner", "isp", "human"]
    url: str | None
    error: str | None
    verdict: Verdict | None
    facts: dict[str, JsonValue]
    ids: dict[str, str]
    """Names and values that the site's people can look up: Ray ID, reference, request id."""
    answers: dict[str, str]
    guide: str | None
    tried: tuple[Tried, ...]
    profile: Profile
    seen_at: datetime | None
    written_at: datetime


class Ended(Said):
    """The conversation is over."""

    key: Literal["ended"] = "ended"
    outcome: Literal["solved", "later", "stopped", "silent"]
    guide: str | None = None
    step: str | None = None
    """The step that solved it, when one did."""


class Asleep(Said):
    """Nobody has answered for a while; everything is kept."""

    key: Literal["asleep"] = "asleep"


class Help(Said):
    """What can be said here?"""

    key: Literal["help"] = "help"


class NotUnderstood(Said):
    """That was neither a choice here nor an error or address; the question follows again."""

    key: Literal["not-understood"] = "not-understood"


class NothingBefore(Said):
    """There is no earlier question to go back to."""

    key: Literal["nothing-before"] = "nothing-before"


class Restarted(Said):
    """A fresh start: paste something."""

    key: Literal["restarted"] = "restarted"


class StoreAway(Said):
    """Nothing can be saved just now; what the person said or picked waits meanwhile. Said by the engine, not a step."""

    key: Literal["store-away"] = "store-away"
    minutes: int


class ResultWaits(Said):
    """Nothing can be saved just now; what follows an earlier event waits, even across a restart. Said by the engine."""

    key: Literal["result-waits"] = "result-waits"


Reply = (
    SecretsSeen | Recognised | LinkOnly | Unsure | NotRecognised | AskRole | AskAddress | AddressNotRead
    | AddressRefused | Checking | Judged | Changed | Same | AskQuestion | AskUsual | OnlyThere | AskBrowser | AskSystem
    | PlanShown | StepShown | PickTried | Exhausted | Why | ReportReady | Ended | Asleep | Help | NotUnderstood
    | NothingBefore | Restarted | StoreAway | ResultWaits
)  # fmt: skip

PLAIN = (
    "unsure", "not-recognised", "ask-role.site", "ask-role.program", "ask-role.app", "ask-role.updates", "ask-address",
    "address-not-read", "ask-question.other-sites", "ask-question.mobile-data", "ask-question.private-window",
    "ask-usual", "only-there", "ask-browser", "ask-system", "pick-tried", "exhausted-early", "why-nothing",
    "report.owner", "report.isp", "report.human", "ended.solved-early",
    "ended.later", "ended.stopped", "ended.silent", "asleep", "help",
    "not-understood", "nothing-before", "restarted", "result-waits",
)  # fmt: skip
"""Replies whose texts use no placeholder."""
PARAMETERS: dict[str, frozenset[str]] = {
    **dict.fromkeys(PLAIN, frozenset()),
    "secrets-seen": frozenset({"kinds"}),
    "recognised": frozenset({"title", "meaning"}),
    "recognised-unsure": frozenset({"title", "meaning"}),
    "link-only": frozenset({"host"}),
    "address-refused": frozenset({"host", "reason"}),
    "checking": frozenset({"host"}),
    "verdict": frozenset({"summary", "reason", "action", "seen", "strength"}),
    "changed": frozenset({"host"}),
    "same": frozenset({"host"}),
    "plan": frozenset({"title", "intro", "steps"}),
    "step": frozenset({"number", "of", "title", "do", "why", "verify", "warn", "minutes"}),
    "exhausted": frozenset({"text"}),
    "why": frozenset({"changes", "cause"}),
    "ended.solved": frozenset({"step"}),
    "store-away": frozenset({"minutes"}),
}
"""Key of the locale's `replies` table -> placeholders that its texts may use."""

BROWSERS = ("chrome", "edge", "firefox", "safari", "opera")
SYSTEMS = ("windows", "macos", "linux", "ios", "android")
CHOICES: frozenset[str] = frozenset(
    {
        "visitor", "owner", "no-address", "none-of-these", "guide", "recheck", "why", "human", "stop", "restart",
        "works", "only-there", "yes", "no", "dont-know", "still-broken", "skip", "back", "tried", "none-tried",
        "resume", "help", "other", "report-owner", "report-isp", "later", *BROWSERS, *SYSTEMS,
    }
)  # fmt: skip
"""Ids of choices whose labels are in the locale's `choices` table."""
