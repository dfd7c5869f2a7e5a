"""What may a place be called, and under which NATS subjects do places meet?"""

from __future__ import annotations

import re

from bot.diagnosis.neutral import neutral

NAME_LENGTH = 40
_NAME = re.compile(r"\w[\w .,'()/+&-]*")
_SUBJECT = re.compile(r"[A-Za-z0-9_-]{1,32}(?:\.[A-Za-z0-9_-]{1,32}){0,7}")


def place_name(text: str) -> str:
    """Return the name of a place as people read it: one short line without marks. Raises ValueError."""
    if len(text) > NAME_LENGTH or neutral(text) != text or not _NAME.fullmatch(text):
        raise ValueError(f"it takes up to {NAME_LENGTH} letters, digits, spaces and .,'()/+&-, such as Frankfurt, DE")
    return text


def prefix(text: str) -> str:
    """Return what all subjects begin with. Raises ValueError."""
    if not _SUBJECT.fullmatch(text):
        raise ValueError("it takes words of letters, digits, - and _, with dots between them, such as fiveohtwo")
    return text


def questions(subject: str) -> str:
    """Return the subject that peers listen to."""
    return f"{subject}.ask"


def answers(subject: str) -> str:
    """Return what the subjects of answers begin with: each asker listens to one of its own below it."""
    return f"{subject}.answer"


def is_answer_to(subject: str, reply: str) -> bool:
    """Tell whether a peer may answer there: a message may name any subject, and nobody is answered elsewhere."""
    head, _, own = reply.rpartition(".")
    return head == answers(subject) and re.fullmatch(r"[A-Za-z0-9]{1,64}", own) is not None
