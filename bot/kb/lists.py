"""Which lists does the knowledge hold? Status pages, signs of products, and the names that people use."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.kb.entry import Entry, Id, Line
from bot.kb.recognise import NOTHING, Phrases


class Service(Entry):
    """Where to read how a service is doing: mostly its official status page.

    `domains` are suffixes; the longest match at a label boundary wins.
    """

    id: Id
    name: Line
    page: str
    page_is: Literal["own", "third-party", "parts", "help"] = "own"
    """What is there: what the service says about itself; what others say about it; what it says about parts that few
    people use (interfaces, advertising); or only its help."""
    domains: tuple[str, ...] = Field(min_length=1)
    api_kind: str = "none"
    api: str | None = None
    said: tuple[Line, ...] = ()
    """What people call it when they do not give its address: "github", "discord". In lower case it is found however it
    is written; with capitals only as given ("Box", "Signal"), which ordinary words need. A space matches a space, a
    hyphen or nothing."""
    certainty: Literal["listed", "code", "recalled"]
    note: Line | None = None


class Services(Entry):
    """`services.toml`."""

    service: tuple[Service, ...]


class Sign(Entry):
    """One way to recognise a product in an answer."""

    proves: Literal["passed", "wrote", "challenge", "maintenance", "parked"]
    """`passed`: the answer came through it; `wrote`: it wrote this very answer; the others: what the answer is."""
    status: tuple[int, ...] = ()
    headers: dict[str, str] = Field(default_factory=dict)
    """Lower-case header name -> regular expression searched in its value ("" = present)."""
    absent: tuple[str, ...] = ()
    """Lower-case names of headers that must be missing."""
    most: int | None = Field(default=None, ge=1)
    """The body has at most this many characters: a longer page may say a placeholder's words about something else."""
    body: str | None = None
    """Regular expression (case-insensitive) searched in the first 64 KiB of the decoded body."""


class Product(Entry):
    """How an HTTP answer gives away who wrote it. All given parts of one `[[sign]]` must hold; any sign suffices."""

    id: Id
    """The same name that `KnownError.source` uses."""
    name: Line
    role: Literal["edge", "gateway", "server", "platform", "filter"]
    """`edge`: CDN in front of sites; `gateway`: the site's own proxy; `server`; `platform`: hosts the site;
    `filter`: a proxy or filter in somebody's own network."""
    signs: tuple[Sign, ...] = Field(min_length=1)


class Products(Entry):
    """`products.toml`."""

    product: tuple[Product, ...]


class Names(Entry):
    """`names.toml`: what do people call the machine, the program or the app that failed?"""

    machines: dict[Id, tuple[str, ...]] = Field(default_factory=dict)
    """Source -> names of this machine, as regular expressions (letter case never matters)."""
    programs: tuple[str, ...] = ()
    """Names of programs that make requests, as regular expressions."""
    traces: tuple[str, ...] = ()
    """Regular expressions for what such programs print, whatever their names."""
    apps: Phrases = NOTHING
    """Apps, games and services that have no status page here; written as in `said` of `services.toml`."""
