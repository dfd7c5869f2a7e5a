"""Does no secret that somebody pastes ever reach the database's files, whatever is done with it afterwards?"""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.conversation.events import Chose, Pasted
from bot.engine.run import Engine
from bot.kb.model import KnowledgeBase
from bot.storage.sql import SqlStore
from databases import open_database, sqlite_address
from fakes import HandClock, ScriptedChecker, numbered_ids
from playbook import seen

CORE = "Zq7Xw9" * 5
"""Stands in every secret below; none of them is real."""
SECRETS = {
    "password in a link": f"https://anna:{CORE}@shop.example.com/cart",
    "token in a link": f"https://shop.example.com/cart?access_token={CORE}&page=2",
    "token in a fragment": f"https://shop.example.com/cart#access_token={CORE}",
    "authorisation": f"Authorization: Bearer {CORE}",
    "cookie": f"Cookie: session={CORE}; other=1",
    "web token": f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx{CORE}.{CORE}",
    "bot token": f"MTIz{CORE[:21]}.Gabcde.{CORE}",
    "curl": f"curl -u anna:{CORE} https://shop.example.com/cart",
    "field": f'"client_secret": "{CORE}"',
    "environment": f"DB_PASSWORD={CORE}",
    "key block": f"-----BEGIN PRIVATE KEY-----\n{CORE}\n-----END PRIVATE KEY-----",
}
PAGE = "https://shop.example.com/cart\n502 Bad Gateway\nnginx/1.24.0\n"


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
async def test_no_secret_reaches_the_files(
    kb: KnowledgeBase, tmp_path: Path, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Pasted beside an error, alone, as an address or as an answer: not a byte of it is written, nor logged."""
    caplog.set_level(logging.DEBUG)
    database = await open_database(sqlite_address(tmp_path))
    ids = iter(numbered_ids())
    engine = Engine(kb, SqlStore(database), ScriptedChecker(seen(502)), HandClock(), lambda: next(ids))
    events = (
        Pasted(text=PAGE + secret), Chose(choice="visitor"), Chose(choice="why"), Chose(choice="human"),
        Pasted(text=secret), Chose(choice=secret[:200]), Chose(choice="restart"), Pasted(text=f"502 Bad Gateway {secret}"),
        Chose(choice="owner"), Pasted(text=secret), Chose(choice="guide"),
        Pasted(text=PAGE, address=secret), Pasted(text=secret, address=f"shop.example.com/{secret}"),
    )  # fmt: skip
    for event in events:
        async for _ in engine.handle("k", event, hold=True):
            pass
    assert CORE.encode() not in everything_in(tmp_path)
    assert b"shop.example.com" in everything_in(tmp_path), "the test looks at the right files"
    await engine.aclose()
    await database.aclose()
    assert CORE.encode() not in everything_in(tmp_path)
    assert CORE not in caplog.text


async def test_pasted_text_is_not_kept(kb: KnowledgeBase, tmp_path: Path) -> None:
    """Of a text only what was recognised is kept: the words around it are nowhere in the files."""
    database = await open_database(sqlite_address(tmp_path))
    ids = iter(numbered_ids())
    engine = Engine(kb, SqlStore(database), ScriptedChecker(seen(502)), HandClock(), lambda: next(ids))
    async for _ in engine.handle("k", Pasted(text=f"Yesterday my aunt Philomena told me\n{PAGE}"), hold=True):
        pass
    assert b"Philomena" not in everything_in(tmp_path)
    assert b"nginx-502" in everything_in(tmp_path)
    await engine.aclose()
    await database.aclose()


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())
