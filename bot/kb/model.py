"""What shapes can knowledge take? These models are the schema of every file in `knowledge/`.

Each file is one entry; its `id` is the file's stem. Texts are English; other languages overlay them by key
(`knowledge/locales/<lang>.toml`). Nothing here does I/O.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from bot.kb.entry import Entry, Id, Line, Prose
from bot.kb.lists import Names, Product, Service
from bot.kb.recognise import Recognise

Family = Literal[
    "bad-gateway",
    "gateway-timeout",
    "service-unavailable",
    "internal-error",
    "forbidden",
    "not-found",
    "rate-limited",
    "other-http",
    "cloudflare-edge",
    "windows-update-other",
    "dns",
    "tls",
    "connection",
]
Audience = Literal["visitor", "owner"]
Certainty = Literal["seen", "source", "vendor", "excerpt", "field", "recalled"]
"""How a fact is known: produced with the real program, read in its source, in its maker's text, in an excerpt,
the same in several independent places, or only remembered."""


class Side(StrEnum):
    """Whose side is broken?"""

    ORIGIN = "origin"
    EDGE = "edge"
    DNS = "dns"
    TLS = "tls"
    NETWORK = "network"
    VISITOR = "visitor"
    NONE = "none"
    UNKNOWN = "unknown"


class State(StrEnum):
    """What do visitors get?"""

    UP = "up"
    DOWN = "down"
    DEGRADED = "degraded"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


class Strength(StrEnum):
    """How sure is a verdict?"""

    FIRM = "firm"
    LIKELY = "likely"
    WEAK = "weak"


# --- errors/<id>.toml ---------------------------------------------------------------------------------------------


class Hop(Entry):
    """What a page itself proves about each station on the way."""

    visitor: Literal["working", "error", "unknown"] = "unknown"
    edge: Literal["working", "error", "unknown"] = "unknown"
    origin: Literal["working", "error", "unknown"] = "unknown"


class Match(Entry):
    """How a text is recognised. Letter case, white space, markup and small damage never matter for phrases.

    An entry matches when a phrase or a pattern is found, or a weak string together with one of `near`; never when
    one of `unless` is found. Patterns, `near` and `unless` are regular expressions (case-insensitive, `re` syntax)
    over the normalised text; a pattern's named groups (`code`, `substatus`, `status`, `url`, `host`, `ray`,
    `winhttp`, ...) are handed on as facts of the text.
    """

    phrases: tuple[str, ...] = ()
    """Literal strings, matched fuzzily; each one alone names this error."""
    weak: tuple[str, ...] = ()
    """Literal strings that other errors share: they add, and decide only beside one of `near`."""
    near: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Example(Entry):
    """A text that must match this error, in our own words."""

    text: str
    target: str | None = None
    """The host that the text says failed, when it says one."""


class NotExample(Entry):
    """A near miss that must not match this error, and why not."""

    text: str
    because: Line


class GuideOf(Entry):
    """Where does this lead? One guide for each kind of reader."""

    visitor: Id
    owner: Id


class KnownError(Entry):
    """`errors/<id>.toml`: what does the pasted text say?"""

    id: Id
    title: Line
    """What it is, in at most a few words: "502 Bad Gateway from nginx"."""
    meaning: Line
    """One plain sentence for a visitor: what happened, no jargon without its meaning, no blame."""
    status: int | None = Field(default=None, ge=100, le=999)
    family: Family
    source: Id
    """The machine that wrote it (`nginx`, `cloudflare`, `http-client`, `windows-update`, ... or `generic`)."""
    substatus: str | None = None
    code: str | None = None
    """The product's own code in its usual spelling, when this entry stands for exactly one code."""
    layer: Literal["page", "browser", "client", "app", "log", "os"]
    """Where such a text is read: a web page, the browser's own page, a program's message, an app or a game, a log, the
    system."""
    side: Side = Side.UNKNOWN
    """Whom the text itself blames."""
    local: bool = False
    """It is about the reader's own machine, unless it names an address elsewhere: nobody else can look."""
    hop: Hop | None = None
    guide: GuideOf
    first: tuple[Id, ...] = ()
    """Steps that such a text makes the likeliest cures; they come right after those that the cause puts first."""
    certainty: Certainty
    note: Prose | None = None
    """What a careful reader should know, such as two makers' pages that contradict each other."""
    sources: tuple[str, ...] = Field(min_length=1)
    match: Match
    examples: tuple[Example, ...] = Field(min_length=1)
    not_examples: tuple[NotExample, ...] = ()


# --- causes/<id>.toml ---------------------------------------------------------------------------------------------

Condition = JsonValue
"""A scalar: equal to it. A list: one of them. A table: `min`/`max` (numbers, inclusive), `not` (none of these
values), `known` (true: the fact is there; false: it is missing), `has` (the fact is a list that holds this)."""


class Question(StrEnum):
    """The one-tap questions that make the user a probe."""

    OTHER_SITES = "other-sites"
    MOBILE_DATA = "mobile-data"
    PRIVATE_WINDOW = "private-window"


class Cause(Entry):
    """`causes/<id>.toml`: what do findings, the pasted text and the user's answers prove?

    The rules are tried by `rank` (lowest first, then by id); the first whose conditions hold gives the verdict.
    """

    id: Id
    rank: int = Field(ge=0, le=999)
    state: State
    side: Side
    strength: Strength
    summary: Line
    """The verdict in one line. Placeholders: any fact name in braces, such as `{host}` or `{http.status}`."""
    reason: Line
    action: Line
    owner_action: Line | None = None
    """What whoever looks after the site should do, where the steps for owners do not say it all."""
    changes: Line
    """What would change this verdict, for "Why?"."""
    opens: bool = False
    """People get in all the same, as far as can be seen: those who wait for the site are told so."""
    when: tuple[dict[str, Condition], ...] = Field(min_length=1)
    """Any of these groups; in a group all conditions on facts hold (names: `bot/diagnosis/facts.py`)."""
    ask: tuple[Question, ...] = ()
    """Which questions would tell more, in this order."""
    pointless: tuple[str, ...] = ()
    """Steps (ids) or kinds of steps (`kind:browser`) that the evidence makes pointless."""
    because: Line | None = None
    """Why those steps are pointless, in words that end "Skipped: ..."."""
    first: tuple[str, ...] = ()
    """Steps (ids) or kinds that come before the guide's own order."""
    guide: dict[Audience, Id] = Field(default_factory=dict)
    """Guides that this cause demands; otherwise those of the identified error, or the default ones."""
    sources: tuple[str, ...] = ()


# --- guides/<id>.toml ---------------------------------------------------------------------------------------------

Browser = Literal["chrome", "edge", "firefox", "safari", "opera"]
System = Literal["windows", "macos", "linux", "ios", "android"]
StepKind = Literal[
    "reload", "browser", "device", "network", "dns", "site", "provider", "wait", "log", "config", "service"
]
"""What a step can fix: the page load itself, the browser's state, the computer, the way to the internet, names,
the website (by telling its people), the ISP, time; for owners: reading a log, a directive, a running service."""


class Detail(Entry):
    """How a step is done in one browser and/or on one system. Empty lists mean "any"."""

    browser: tuple[Browser, ...] = ()
    system: tuple[System, ...] = ()
    do: Prose


Answer = Literal["works", "fails"]


class Clue(Entry):
    """What a trial in another place or way has shown, when it works there and not the usual way: no cure yet."""

    tells: dict[Question, Answer] = Field(default_factory=dict)
    """Quick question -> the answer to it that such a trial is."""
    cures: tuple[Id, ...] = ()
    """Steps of this guide that fix the usual way; they come next."""


class GuideStep(Entry):
    """One thing to try, and how to see whether it helped."""

    id: Id
    kind: StepKind
    title: Line
    do: Prose
    """What to do, for everybody; details for the reader's browser and system follow it."""
    why: Line
    """Why this can help."""
    verify: Line
    """The question that tells whether it helped: "Does the page open now?"."""
    warn: Line | None = None
    minutes: int = Field(default=1, ge=0, le=120)
    systems: tuple[System, ...] = ()
    """The step exists only on these systems; empty: everywhere."""
    browsers: tuple[Browser, ...] = ()
    told_by: dict[Question, tuple[Answer, ...]] = Field(default_factory=dict)
    """Quick question -> answers to it that make the step pointless, as they say what it would say."""
    clue: Clue | None = None
    """The step tries the page in another place or way; that it works there is only half an answer."""
    cure: bool = False
    """The step is offered only after a clue that names it among its `cures`."""
    details: tuple[Detail, ...] = ()
    after: tuple[Id, ...] = ()
    """Steps of this guide that must have been offered (or skipped) before."""
    links: tuple[str, ...] = ()
    """Addresses of the makers' own pages."""


class Exit(Entry):
    """How a guide ends when no step is left."""

    text: Prose
    offers: tuple[Literal["report-owner", "report-isp", "human", "later"], ...] = Field(min_length=1)


class Guide(Entry):
    """`guides/<id>.toml`: how is it fixed? The order of `steps` is the base order; evidence reorders and skips."""

    id: Id
    title: Line
    audience: Audience
    asks: tuple[Literal["browser", "system"], ...] = ()
    """What must be known of the reader before the first step whose details differ."""
    programs: Id | None = None
    """The guide that takes this one's place when a program met the error, not a browser."""
    apps: Id | None = None
    """The same for those who met it in an app or a game."""
    intro: Prose
    steps: tuple[GuideStep, ...] = Field(min_length=1)
    exit: Exit
    sources: tuple[str, ...] = ()


# --- locales/<lang>.toml ------------------------------------------------------------------------------------------


class ReplyWords(Entry):
    """The words of one reply, in the order in which they are shown. Placeholders are the reply's parameters."""

    heading: Line | None = None
    text: Prose | None = None
    reason: Prose | None = None
    action: Prose | None = None
    aside: Prose | None = None


class Locale(Entry):
    """`locales/<lang>.toml`: in which words? English holds every key; others fall back to it key by key."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
    name: Line
    replies: dict[str, ReplyWords] = Field(default_factory=dict)
    choices: dict[str, Annotated[str, StringConstraints(min_length=1, max_length=80)]] = Field(default_factory=dict)
    """Label of each choice; Discord shows at most 80 characters."""
    words: dict[str, str] = Field(default_factory=dict)
    """Small words and phrases used inside replies, by key (`side.origin`, `check.dns`, `failure.refused`, ...)."""
    inputs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Choice id -> what people type for it: works -> "works now", "fixed", "solved"."""
    recognise: Recognise = Field(default_factory=Recognise)
    overlay: dict[str, str] = Field(default_factory=dict)
    """Translations of other files' texts: "guides.visitor.reload.do" = "..."."""


class KnowledgeBase(Entry):
    """Everything we know, by id."""

    errors: dict[str, KnownError]
    causes: dict[str, Cause]
    guides: dict[str, Guide]
    services: tuple[Service, ...]
    products: tuple[Product, ...]
    names: Names = Names()
    locales: dict[str, Locale]

    def __repr__(self) -> str:
        """Say how much there is; all of it would fill screens."""
        return f"KnowledgeBase({len(self.errors)} errors, {len(self.causes)} causes, {len(self.guides)} guides)"
