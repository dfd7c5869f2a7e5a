"""What do an asker and its peers say to each other? JSON of one version, small, and read strictly on both sides.

    asker -> all peers   look (address, how long it will be waited for) or hello
    peer  -> asker       to look: looking, then seen; or busy. To hello: here

A peer says `looking` at once, so the asker knows whom to wait for, and waits for nobody who is not there.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter, ValidationError, field_validator

from bot.checks.limits import MAX_URL
from bot.checks.vantage.peers.names import NAME_LENGTH, place_name
from bot.checks.vantage.peers.told import Strict, Text, Told

VERSION: Literal[1] = 1
MAX_QUESTION = 4096
"""Bytes."""
MAX_ANSWER = 16 * 1024
LONGEST_S = 120.0

Shape = TypeVar("Shape")
Token = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Name = Annotated[str, Field(max_length=NAME_LENGTH), AfterValidator(place_name)]


class _Said(Strict):
    v: Literal[1]
    id: Token
    """The question's: an answer to another one is ignored."""


class Look(_Said):
    """Look at this address, and say what you see."""

    what: Literal["look"] = "look"
    url: Annotated[str, Field(max_length=MAX_URL, pattern=r"^https?://[^?#\s]+$")]
    """Without user information, query and fragment."""
    within_s: Annotated[float, Field(gt=0, le=LONGEST_S)]
    """After this many seconds nobody is waiting any more."""
    here: Name | None = None
    """Where the asker is: nobody needs to be told what it sees itself."""


class Hello(_Said):
    """Who is there?"""

    what: Literal["hello"] = "hello"
    here: Name | None = None


class _Answer(_Said):
    place: Name
    process: Token
    """Two processes may have one name by mistake; this tells them apart."""


class Looking(_Answer):
    """I am about to look."""

    what: Literal["looking"] = "looking"


class Busy(_Answer):
    """I cannot look now."""

    what: Literal["busy"] = "busy"


class Seen(_Answer):
    """This is what I saw."""

    what: Literal["seen"] = "seen"
    findings: Annotated[tuple[Told, ...], Field(min_length=1, max_length=5)]

    @field_validator("findings")
    @classmethod
    def _each_once(cls, value: tuple[Told, ...]) -> tuple[Told, ...]:
        if len({each.check for each in value}) < len(value):
            raise ValueError("a check stands there twice")
        return value


class Here(_Answer):
    """I am there, and this is my time and my release."""

    what: Literal["here"] = "here"
    at: AwareDatetime
    release: Text


Question = Look | Hello
Answer = Looking | Busy | Seen | Here
_QUESTION: TypeAdapter[Question] = TypeAdapter(Annotated[Question, Field(discriminator="what")])
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="what")])


def question_in(data: bytes) -> Question | None:
    """Read a question, None if it is not one of this version. Never raises."""
    return _read(_QUESTION, data, MAX_QUESTION)


def answer_in(data: bytes) -> Answer | None:
    """Read an answer, None if it is not one of this version. Never raises."""
    return _read(_ANSWER, data, MAX_ANSWER)


def _read(shape: TypeAdapter[Shape], data: bytes, most: int) -> Shape | None:
    if len(data) > most:
        return None
    try:
        return shape.validate_json(data)
    except ValidationError:
        return None


def written(said: Question | Answer) -> bytes:
    """Return what is sent."""
    return said.model_dump_json(exclude_none=True).encode()
