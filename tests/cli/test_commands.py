"""Does the command line as a whole keep its promises: help for everything, clear errors, right exit codes?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from bot.cli import Failed, command, create_bot, main
from cli_shared import Run

Entry = Callable[..., None]


def commands(group: click.Group, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the names of every command, those of groups included."""
    for name, entry in group.commands.items():
        yield (*names, name)
        if isinstance(entry, click.Group):
            yield from commands(entry, *names, name)


@pytest.mark.parametrize("names", list(commands(command)), ids=" ".join)
def test_every_command_has_useful_help(run: Run, names: tuple[str, ...]) -> None:
    """--help says what a command does and explains each of its options."""
    done = run(*names, "--help")
    assert done.exit_code == 0
    assert f"Usage: fiveohtwo {' '.join(names)}" in done.stdout
    entry: click.Command = command
    for name in names:
        assert isinstance(entry, click.Group)
        entry = entry.commands[name]
    assert entry.help
    assert entry.help.strip().endswith((".", '"'))
    assert all(option.help for option in entry.params if isinstance(option, click.Option))


def test_bare_command_shows_what_there_is(run: Run) -> None:
    """Without a command the list of commands is shown."""
    done = run()
    assert "Usage: fiveohtwo [OPTIONS] COMMAND" in done.output
    for name in command.commands:
        assert f"\n  {name} " in done.output


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Entry:
    """Return a function that starts the program as the shell does, in a folder with a faulty file of knowledge."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken" / "errors").mkdir(parents=True)
    (tmp_path / "broken" / "errors" / "x.toml").write_text("id = ")

    def start_it(*arguments: str, **settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"FIVEOHTWO_{name.upper()}", value)
        monkeypatch.setattr(sys, "argv", ["fiveohtwo", *arguments])
        main()

    return start_it


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (("chekc",), {}, "No such command 'chekc'"),
        (("check",), {}, "Missing argument 'URL'"),
        (("kb", "show", "no-such-thing"), {}, 'nothing is known under "no-such-thing"'),
        (("kb", "list"), {"langauge": "de"}, "these settings cannot be used:\nFIVEOHTWO_LANGAUGE: "),
        (("kb", "list"), {"knowledge_dir": "broken"}, "the knowledge files are broken:\nbroken/errors/x.toml: "),
    ],
    ids=["command", "argument", "name", "setting", "knowledge"],
)
def test_mistake_ends_with_two_and_a_sentence(
    start: Entry,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    settings: dict[str, str],
    said: str,
) -> None:
    """Whatever a person must change is said on stderr, without a traceback; nothing is printed on stdout."""
    with pytest.raises(SystemExit) as end:
        start(*arguments, **settings)
    out, err = capsys.readouterr()
    assert end.value.code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_good_end_is_zero(start: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    """A command that did what it should ends with 0."""
    with pytest.raises(SystemExit) as end:
        start("--version")
    assert not end.value.code
    assert capsys.readouterr().out.startswith("fiveohtwo, version ")


def program(*arguments: str, stdout: int = subprocess.PIPE, **environment: str) -> subprocess.Popen[bytes]:
    """Start the program as the shell does, far from any network."""
    far = {"FIVEOHTWO_RESOLVERS": "127.0.0.1:9", "FIVEOHTWO_CANARY": "", "FIVEOHTWO_CONFIRM_AFTER_S": "0"}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments], stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", **far, **environment},
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii"])
def test_output_that_knows_few_letters_gets_what_it_can_take(encoding: str) -> None:
    """Marks that the output cannot show are replaced; nothing ends over them."""
    out, err = program("check", "http://shop.example.com/", PYTHONIOENCODING=encoding).communicate(timeout=60)
    assert b"Traceback" not in err
    assert b"? name: " in out


def test_full_disk_is_one_sentence() -> None:
    """What cannot be written ends the command with the reason."""
    with Path("/dev/full").open("wb") as full:
        process = program("identify", "502 Bad Gateway", stdout=full.fileno())
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err == b"fiveohtwo: nothing more can be written (No space left on device).\n"


def test_full_disk_ends_a_look_with_one_sentence() -> None:
    """Findings that cannot be written are no fault of the program's, and nobody waits for the rest of the look."""
    with Path("/dev/full").open("wb") as full:
        process = program("check", "http://shop.example.com/", stdout=full.fileno())
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err == b"fiveohtwo: nothing more can be written (No space left on device).\n"


PRINTING = [
    "identify --json x", "identify --jsonl", "check --json http://10.0.0.1/", "vet --json http://10.0.0.1/",
    "vet --jsonl", "watch --json http://10.0.0.1/", "kb list", "chat",
]  # fmt: skip


@pytest.mark.parametrize("arguments", PRINTING)
def test_closed_output_is_one_sentence(arguments: str) -> None:
    """A command that prints and has no output says so, before it does anything."""
    process = subprocess.run(
        ["/bin/sh", "-c", f"exec {sys.executable} -m bot {arguments} >&-"], capture_output=True, check=False,
        input=b'{"text": "502", "url": "http://10.0.0.1/"}\n', env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert process.returncode == 2
    assert process.stderr == b"fiveohtwo: there is nowhere to print to: the output is closed.\n"


@pytest.mark.parametrize(("wish", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)])
def test_colours_can_be_declined(wish: dict[str, str], *, coloured: bool) -> None:
    """In a terminal NO_COLOR is heeded, whatever it says but nothing."""
    ours, theirs = os.openpty()
    try:
        process = program("kb", "show", "visitor", stdout=theirs, TERM="xterm", **wish)
        printed = os.read(ours, 4096)
        process.terminate()
        process.communicate(timeout=60)
    finally:
        os.close(theirs)
        os.close(ours)
    assert printed
    assert (b"\x1b[" in printed) is coloured


def test_identify_needs_no_network_library() -> None:
    """Identifying from a cold shell loads neither discord, httpx, SQLAlchemy, dnspython nor ssl."""
    code = (
        "import sys; from bot.cli import command; command(['identify', '502 Bad Gateway'], standalone_mode=False);"
        "print([name for name in ('discord', 'httpx', 'httpcore', 'sqlalchemy', 'dns', 'ssl', 'asyncio', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_bot_can_be_built_without_being_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """create_bot needs no token, no loop and no network."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert create_bot().is_closed() is False


async def test_bot_that_was_never_entered_can_be_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever embeds it may let it go unused, and twice."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    bot = create_bot()
    await bot.close()
    await bot.close()
    assert bot.is_closed()


def test_bot_of_a_language_without_words_is_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator, too, is told that nobody wrote that language, instead of hearing English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIVEOHTWO_LANGUAGE", "de")
    with pytest.raises(Failed, match='no words in "de"'):
        create_bot()
