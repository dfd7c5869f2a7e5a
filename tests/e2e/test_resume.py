"""Does a conversation in the terminal go on after its process was killed, where a database was named?"""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.command import Command
from e2e.servers import Nginx
from e2e.stage import SILENCE, Stage

pytestmark = pytest.mark.soak


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Return the address of a file that is not there yet."""
    return f"sqlite:///{tmp_path}/kept.sqlite3"


def test_killed_conversation_asks_its_question_again(nginx: Nginx, command: Command, database: str) -> None:
    """After kill -9 the next process asks what was open, knows all that was said, and leads on to the end."""
    with command.chat(database_url=database) as talk:
        talk.paste(*nginx.page(nginx.dead).splitlines()).picks("visitor").say(nginx.dead).picks("guide")
        step = talk.step
        assert step is not None
        talk.process.kill()
        talk.over()
    with command.chat(database_url=database) as talk:
        assert talk.step == step
        assert talk.say("it works now").keys[-1] == "ended"
        assert talk.ends()[0] == 0
    with command.chat(database_url=database) as talk:
        assert talk.keys == ["restarted"]


def test_look_of_a_killed_process_is_done_by_the_next(stage: Stage, command: Command, database: str) -> None:
    """Killed while it looks at a site, the next process looks again and brings the verdict by itself."""
    url = stage.site("resumed", SILENCE)
    with command.chat(database_url=database) as talk:
        talk.send(url)
        assert [talk.hear()["reply"] for _ in range(2)] == ["link-only", "checking"]
        stage.wait_for_request("resumed")
        talk.process.kill()
        talk.over()
    stage.answer(
        "resumed", b"HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    with command.chat(database_url=database) as talk:
        assert talk.keys[-1] == "verdict"
        assert talk.verdict["state"] == "down"


def test_without_a_database_nothing_is_kept(nginx: Nginx, command: Command, tmp_path: Path) -> None:
    """The terminal alone leaves no file behind and starts afresh."""
    with command.chat() as talk:
        talk.paste(*nginx.page(nginx.dead).splitlines())
        talk.process.kill()
        talk.over()
    with command.chat() as talk:
        assert talk.keys == ["restarted"]
    assert not [file for file in tmp_path.rglob("*") if "sqlite" in file.name]
