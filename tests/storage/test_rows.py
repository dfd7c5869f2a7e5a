"""Do values survive their way into rows and back, and is what cannot be read skipped?"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from bot.conversation.effects import RunChecks, Wake
from bot.conversation.replies import PARAMETERS, AskRole, Reply, Said
from bot.conversation.state import Phase, State
from bot.kb.model import KnowledgeBase
from bot.ports import Commit, Due, Line
from bot.storage.rows import pending_of, rows_of, state_of
from playbook import NGINX_502, Playbook, seen

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


def test_commit_becomes_rows() -> None:
    """Times are seconds, a wake-up keeps its own, replies keep their order, and nothing lives forever."""
    wake = Due(Wake(id="a:wake", after_s=60), AT + timedelta(seconds=60))
    rows = rows_of(
        Commit("k", 3, State(phase=Phase.STEP), AT, (wake,), (Line("a:0", AskRole()), Line("a:1", AskRole())))
    )
    assert (rows.key, rows.expected, rows.phase) == ("k", 3, "step")
    assert rows.expires_at - rows.updated_at == 30 * 86400
    assert rows.effects[0].due_at == rows.updated_at + 60
    assert [reply.position for reply in rows.replies] == [4000, 4001]


def test_replies_of_a_real_conversation_come_back(kb: KnowledgeBase) -> None:
    """Whatever the bot says on the way comes back from a row as it was."""
    book = Playbook(kb).says(NGINX_502)
    said: list[Any] = [*book.replies]
    for turn in (
        lambda: book.picks("visitor"), lambda: book.looked(seen(502)), lambda: book.picks("why"),
        lambda: book.picks("guide"), lambda: book.says("help"), lambda: book.picks("human"),
    ):  # fmt: skip
        turn()
        said += book.replies
    assert {"recognised", "verdict", "why", "help", "report"} <= {reply.key for reply in said}
    rows = [("k", f"a:{number}", reply.model_dump_json()) for number, reply in enumerate(said)]
    (pending,) = pending_of((), rows)
    assert [line.reply for line in pending.replies] == said


def test_every_kind_of_reply_has_a_key_of_its_own() -> None:
    """A reply's kind is found by its key, so no two kinds share one."""
    keys = [kind.model_fields["key"].default for kind in get_args(Reply)]
    assert len(keys) == len(set(keys))
    assert set(get_args(Reply)) == set(Said.__subclasses__())
    assert PARAMETERS


def test_unreadable_state_starts_over(caplog: pytest.LogCaptureFixture) -> None:
    """A state that this release cannot read becomes an empty one, and the log says so without its content."""
    with caplog.at_level(logging.ERROR):
        assert state_of('{"version": "https://intranet.example.com/", "secret": "hidden"}', "k") == State()
    assert "starts over" in caplog.text
    assert "secret: extra_forbidden" in caplog.text
    assert "intranet" not in caplog.text
    assert "hidden" not in caplog.text


def test_unreadable_pending_things_are_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    """An effect or reply that this release does not know hides none of the others."""
    look = RunChecks(id="a:checks", url="https://shop.example.com/")
    newer = '{"kind": "run-checks", "id": "a:1", "url": "https://intranet.example.com/", "depth": "https://intranet/"}'
    effects = [("k", '{"kind": "teleport"}', 0.0), ("k", newer, 0.0), ("k", look.model_dump_json(), 0.0)]
    (pending,) = pending_of(effects, [("k", "a:0", "no json")])
    assert [due.effect for due in pending.effects] == [look]
    assert pending.replies == ()
    assert caplog.text.count("passed over") == 3
    assert "intranet" not in caplog.text
