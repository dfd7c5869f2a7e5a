"""Is NATS reached as the operator means it, and are troubles told in our own words?"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import ssl
import time
import uuid
from pathlib import Path
from typing import Any

import nkeys
import pytest
import trustme

from bot.checks.reach import Contexts, load_contexts
from bot.checks.vantage.peers.account import Account, account_in
from bot.checks.vantage.peers.link import (
    CONNECT_S,
    NO_ANSWER,
    NOT_ENCRYPTED,
    NOT_TAKEN,
    NOT_TRUSTED,
    RETRY_S,
    UnreachableError,
    closed,
    lasting,
    lent,
    opened,
)
from nats_servers import ROLES, NatsServer
from peers_stage import until


async def connected(account: Account, contexts: Contexts) -> bool:
    async with lent(account, "fiveohtwo", contexts.web, "test") as connection:
        await connection.flush()
        return connection.is_connected


@pytest.fixture
def authority_of_nats(tmp_path: Path) -> tuple[trustme.CA, dict[str, Any]]:
    """Return an authority, and what is in a server's configuration for its certificate."""
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    (tmp_path / "cert.pem").write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return authority, {"cert_file": str(tmp_path / "cert.pem"), "key_file": str(tmp_path / "key.pem")}


async def test_server_with_tls_is_reached_and_its_certificate_checked(
    authority_of_nats: tuple[trustme.CA, dict[str, Any]], tmp_path: Path, contexts: Contexts
) -> None:
    """The operator's own authority is trusted, another one is not, and the name counts."""
    with NatsServer(tmp_path, {"tls": authority_of_nats[1]}) as server:
        ours = load_contexts(str(tmp_path / "ca.pem"))
        assert await connected(account_in(f"tls://localhost:{server.port}"), ours)
        assert await connected(account_in(f"nats://localhost:{server.port}"), ours)
        with pytest.raises(UnreachableError, match=NOT_TRUSTED):
            await connected(account_in(f"tls://localhost:{server.port}"), contexts)
        with pytest.raises(UnreachableError, match=NOT_TRUSTED):
            await connected(Account((f"tls://[::ffff:127.0.0.1]:{server.port}",)), ours)


async def test_password_never_goes_over_a_plain_line_where_tls_is_meant(lo: Any, contexts: Contexts) -> None:
    """A server, or somebody in its place, that offers no encryption gets nothing from a tls:// address."""
    got = bytearray()

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b'INFO {"server_id":"x","version":"2.11.0","headers":true,"max_payload":1048576,"auth_required":true}\r\n'
        )
        await writer.drain()
        got.extend(await reader.read())

    server = await lo.serve(plain)
    with pytest.raises(UnreachableError, match="offers no encryption") as refused:
        await connected(account_in(f"tls://bot:hidden@127.0.0.2:{server.port}"), contexts)
    assert str(refused.value) == NOT_ENCRYPTED
    assert bytes(got) == b""


async def test_wrong_password_is_told_as_such(tmp_path: Path, contexts: Contexts) -> None:
    """Not as a server that is away."""
    with NatsServer(tmp_path, {"authorization": ROLES}) as server:
        for account in (server.as_user("bot", "wrong"), f"nats://wrong@127.0.0.1:{server.port}", server.url):
            with pytest.raises(UnreachableError, match=NOT_TAKEN):
                await connected(account_in(account), contexts)


async def test_token_is_taken(tmp_path: Path, contexts: Contexts) -> None:
    """A server may know everybody by one token."""
    with NatsServer(tmp_path, {"authorization": {"token": "s3:cret"}}) as server:
        assert await connected(account_in(f"nats://s3%3Acret@127.0.0.1:{server.port}"), contexts)


async def test_second_server_is_tried(nats: NatsServer, closed_port: int, contexts: Contexts) -> None:
    """One of several that is away is skipped."""
    began = time.monotonic()
    assert await connected(account_in(f"nats://127.0.0.2:{closed_port},{nats.url}"), contexts)
    with pytest.raises(UnreachableError, match=NO_ANSWER):
        await connected(account_in(f"nats://127.0.0.2:{closed_port},nats://127.0.0.3:{closed_port}"), contexts)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("sent", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"INFO nonsense\r\n", b"x" * 100_000, b""])
async def test_what_is_no_nats_is_no_answer(lo: Any, contexts: Contexts, sent: bytes) -> None:
    """Another kind of server neither breaks anything nor is waited for beyond the bound."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()

    server = await lo.serve(answer)
    began = time.monotonic()
    with pytest.raises(UnreachableError, match=NO_ANSWER):
        await connected(account_in(f"nats://127.0.0.2:{server.port}"), contexts)
    assert time.monotonic() - began < CONNECT_S + 1


async def test_lasting_connection_comes_back(nats: NatsServer, contexts: Contexts) -> None:
    """A server that starts again finds its peer again, with its subscription; a connection for a moment ends."""
    account, got = account_in(nats.url), asyncio.Queue[bytes]()
    stays = lasting(await opened(account, "fiveohtwo", contexts.web, name="stays"))
    ends = await opened(account, "fiveohtwo", contexts.web, name="ends")

    async def hear(message: Any) -> None:
        got.put_nowait(message.data)

    await stays.subscribe("fiveohtwo.x", cb=hear)
    await stays.flush()
    nats.stop()
    async with asyncio.timeout(3):
        await ends.gone.wait()
    assert not stays.gone.is_set()
    nats.start()
    await until(lambda: stays.is_connected, 4 * RETRY_S)
    async with lent(account, "fiveohtwo", contexts.web, "speaks") as speaks:
        await speaks.publish("fiveohtwo.x", b"again")
        await speaks.flush()
    async with asyncio.timeout(3):
        assert await got.get() == b"again"
    await closed(stays)
    assert stays.gone.is_set()


async def test_messages_beyond_the_bound_are_dropped_and_told(nats: NatsServer, contexts: Contexts) -> None:
    """Whoever listens learns that something was thrown away."""
    dropped: list[int] = []
    listens = await opened(
        account_in(nats.url), "fiveohtwo", contexts.web, name="listens", dropped=lambda: dropped.append(1)
    )

    async def hear(message: Any) -> None:
        raise AssertionError(message)

    await listens.subscribe("fiveohtwo.x", cb=hear, pending_bytes_limit=1000)
    await listens.flush()
    async with lent(account_in(nats.url), "fiveohtwo", contexts.web, "speaks") as speaks:
        await speaks.publish("fiveohtwo.x", b"x" * 2000)
        await speaks.flush()
    await until(lambda: bool(dropped))
    await closed(listens)


def jwt(claims: dict[str, Any], signer: Any) -> str:
    """Return a JWT as NATS has them: signed by a key of Ed25519, its id a hash of what it claims."""

    def packed(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    issued = {"iat": int(time.time()), "iss": signer.public_key.decode(), **claims}
    digest = hashlib.new("sha512_256", json.dumps(issued).encode()).digest()
    body = json.dumps({"jti": base64.b32encode(digest).decode().rstrip("="), **issued}).encode()
    text = packed(json.dumps({"typ": "JWT", "alg": "ed25519-nkey"}).encode()) + "." + packed(body)
    return f"{text}.{packed(signer.sign(text.encode()))}"


def key(kind: int) -> tuple[bytes, Any]:
    seed = nkeys.encode_seed(uuid.uuid4().bytes + uuid.uuid4().bytes, kind)
    return bytes(seed), nkeys.from_seed(bytearray(seed))


async def test_credentials_of_nsc_are_taken(tmp_path: Path, contexts: Contexts) -> None:
    """A .creds file proves who this is without a password; the file of somebody else does not."""
    (_, operator), (_, account), (seed, user) = (
        key(nkeys.PREFIX_BYTE_OPERATOR), key(nkeys.PREFIX_BYTE_ACCOUNT), key(nkeys.PREFIX_BYTE_USER),
    )  # fmt: skip
    limits = {
        "subs": -1,
        "data": -1,
        "payload": -1,
        "imports": -1,
        "exports": -1,
        "conn": -1,
        "leaf": -1,
        "wildcards": True,
    }
    operator_jwt = jwt(
        {"sub": operator.public_key.decode(), "name": "o", "nats": {"type": "operator", "version": 2}}, operator
    )
    account_jwt = jwt(
        {"sub": account.public_key.decode(), "name": "a", "nats": {"type": "account", "version": 2, "limits": limits}},
        operator,
    )
    user_jwt = jwt(
        {
            "sub": user.public_key.decode(),
            "name": "u",
            "nats": {"type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1},
        },
        account,
    )
    config = {
        "operator": operator_jwt, "resolver": "MEMORY",
        "resolver_preload": {account.public_key.decode(): account_jwt},
    }  # fmt: skip
    path = tmp_path / "peer.creds"
    text = "-----BEGIN NATS USER JWT-----\n{}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n"
    with NatsServer(tmp_path, config) as server:
        path.write_text(text.format(user_jwt, seed.decode()))
        assert await connected(account_in(server.url, path), contexts)
        path.write_text(text.format(user_jwt, key(nkeys.PREFIX_BYTE_USER)[0].decode()))
        with pytest.raises(UnreachableError, match=NOT_TAKEN):
            await connected(account_in(server.url, path), contexts)


async def test_seed_of_a_key_is_taken(tmp_path: Path, contexts: Contexts) -> None:
    """A server that knows the public half lets the owner of the seed in; files that hold none are told of."""
    seed, user = key(nkeys.PREFIX_BYTE_USER)
    path = tmp_path / "peer.nk"
    with NatsServer(tmp_path, {"authorization": {"users": [{"nkey": user.public_key.decode()}]}}) as server:
        path.write_bytes(seed + b"\n")
        assert await connected(account_in(server.url, path), contexts)
        for wrong, why in ((b"nothing", "neither"), (b"SUAB" + b"A" * 54, NOT_TAKEN)):
            path.write_bytes(wrong)
            with pytest.raises(UnreachableError, match=why):
                await connected(account_in(server.url, path), contexts)
    with pytest.raises(UnreachableError, match="No such file"):
        await connected(account_in(server.url, tmp_path / "nowhere"), contexts)


def test_context_for_nats_checks_names(contexts: Contexts) -> None:
    """It is the one by which sites are verified."""
    assert contexts.web.check_hostname
    assert contexts.web.verify_mode is ssl.CERT_REQUIRED
