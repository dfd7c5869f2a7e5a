"""Are servers and users read as they were meant, and are secrets never repeated?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checks.vantage.peers.account import Account, account_in, seed_in

SEED = "SUAEL6GG2L2HIF7DUGZJGMRUFKXELGGYFMHF76UO2AYBG3K4YLWR3FKC2Q"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1", Account(("nats://127.0.0.1:4222",))),
        ("nats.example.com:4333", Account(("nats://nats.example.com:4333",))),
        ("tls://a.example, tls://b.example:1", Account(("tls://a.example:4222", "tls://b.example:1"))),
        ("nats://[::1]:4222/", Account(("nats://[::1]:4222",))),
        ("tls://bot:p%40ss%2F%3A@a.example", Account(("tls://a.example:4222",), user="bot", password="p@ss/:")),
        ("tls://s3cret@a.example", Account(("tls://a.example:4222",), token="s3cret")),
        ("nats://u:p@a,nats://b", Account(("nats://a:4222", "nats://b:4222"), user="u", password="p")),
    ],
)
def test_servers_and_users_are_read(text: str, expected: Account) -> None:
    """The usual port, several servers, a percent-encoded password, a token alone."""
    assert account_in(text) == expected
    assert account_in(text).encrypted is text.startswith("tls")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no server"),
        (",", "names no server"),
        ("http://hidden:hidden@x", "none"),
        ("ws://hidden@x", "none"),
        ("tls://hidden:hidden@", "none"),
        ("tls://hidden@x:99999", "none"),
        ("tls://hidden@x:0", "none"),
        ("tls://hidden@x/path", "none"),
        ("tls://hidden@x?y=1", "none"),
        ("tls://hid den@x", "none"),
        ("tls://[hidden", "none"),
        ("tls://hidden\r\nSUB@x", "none"),
        ("tls://hidden@x,nats://hidden@y", "mixes"),
        ("tls://a:hidden@x,tls://b:hidden@y", "different users"),
    ],
)
def test_bad_address_is_refused_without_its_secret(text: str, why: str) -> None:
    """The reason says what is taken and repeats nothing."""
    with pytest.raises(ValueError, match=why) as refused:
        account_in(text)
    assert "hid" not in str(refused.value)


def test_account_hides_its_secrets() -> None:
    """Whoever logs it logs no password and no token."""
    assert "hidden" not in repr(account_in("tls://bot:hidden@x")) + repr(account_in("tls://hidden@x"))


def test_user_and_file_are_one_too_many(tmp_path: Path) -> None:
    """Which of them counts is not guessed."""
    with pytest.raises(ValueError, match="one of them is too much"):
        account_in("tls://u:p@x", tmp_path)
    assert account_in("tls://x", tmp_path).credentials == tmp_path


CREDS = f"""-----BEGIN NATS USER JWT-----
eyJ0eXAi.x.y
------END NATS USER JWT------

************************* IMPORTANT *************************

-----BEGIN USER NKEY SEED-----
{SEED}
------END USER NKEY SEED------
"""


def test_files_of_both_kinds_are_known(tmp_path: Path) -> None:
    """A seed alone, with a remark of its owner, and a whole file of nsc."""
    path = tmp_path / "key"
    path.write_text(f"# the bot's\n{SEED}\n")
    assert seed_in(path) == SEED
    path.write_text(CREDS)
    assert seed_in(path) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"hello\n",
        b"SU hidden",
        SEED.encode() * 2 + b"\n" + SEED.encode(),
        CREDS[:120].encode(),
        b"x" * 200_000,
    ],
    ids=range(7),
)
def test_other_files_are_refused(data: bytes, tmp_path: Path) -> None:
    """A file without a key is told of as such, at once, and nothing of it is repeated."""
    path = tmp_path / "key"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="neither") as refused:
        seed_in(path)
    assert "hidden" not in str(refused.value)


def test_missing_file_is_said(tmp_path: Path) -> None:
    """The system's reason is told."""
    with pytest.raises(ValueError, match="No such file"):
        seed_in(tmp_path / "nowhere")
