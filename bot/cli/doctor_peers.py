"""What does `fiveohtwo doctor` say about the operator's other machines?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.compose import SystemClock
from bot.cli.examined import CLOCK_OFF_S, Examined
from bot.diagnosis.neutral import neutral

if TYPE_CHECKING:
    from bot.checks.reach import Reach
    from bot.checks.vantage.peers.asking import Roll
    from bot.checks.vantage.peers.terms import Terms

ALONE = "Until then the bot tells what it sees from here alone."


async def examine_peers(terms: Terms, reach: Reach) -> Examined:
    """Call the roll of the peers, over NATS."""
    from bot.checks.vantage.peers.asking import Peers
    from bot.checks.vantage.peers.link import NO_ANSWER, NOT_ENCRYPTED, NOT_TAKEN, NOT_TRUSTED, UnreachableError

    try:
        roll = await Peers(reach, terms).roll(SystemClock().now)
    except UnreachableError as error:
        remedies = {
            NO_ANSWER: "Check this machine's way to FIVEOHTWO_NATS_URL, and whether the server runs.",
            NOT_TAKEN: "Set the user in FIVEOHTWO_NATS_URL, or FIVEOHTWO_NATS_CREDENTIALS, to what the server knows.",
            NOT_TRUSTED: "Name the server as its certificate does, and its authority in FIVEOHTWO_CA_FILE.",
            NOT_ENCRYPTED: "Let the server demand TLS; without it the password could be read on the way.",
        }
        remedy = remedies.get(str(error), "Set FIVEOHTWO_NATS_CREDENTIALS to the file that belongs to this process.")
        return Examined("peers", "warn", f"NATS cannot be used: {error}", f"{remedy} {ALONE}")
    return _judged(roll, terms)


def _judged(roll: Roll, terms: Terms) -> Examined:
    names = ", ".join(neutral(peer.place) for peer in roll.peers)
    if not roll.may_ask:
        remedy = f"Let this user publish {terms.subject}.ask and subscribe {terms.subject}.answer.* (deploy/nats.conf)."
        return Examined("peers", "warn", "NATS answers, and does not let this process ask", f"{remedy} {ALONE}")
    strange = f"; {roll.strange} answers were not understood" if roll.strange else ""
    if not roll.peers:
        remedy = "Start `fiveohtwo peer` on other machines, with the same FIVEOHTWO_NATS_SUBJECT and release as here."
        return Examined("peers", "warn", f"NATS answers, and no peer does{strange}", f"{remedy} {ALONE}")
    said = f"NATS answers, and so do {len(roll.peers)}: {names}"
    if wrong := [f"{peer.place} ({round(peer.off_s):+d} s)" for peer in roll.peers if abs(peer.off_s) >= CLOCK_OFF_S]:
        remedy = "Set the clocks, best by NTP: with a wrong one good certificates look expired."
        return Examined("peers", "warn", f"{said}; their clock is wrong: {', '.join(wrong)}", remedy)
    if roll.twins:
        remedy = "Give each machine a FIVEOHTWO_PEER_NAME of its own: of two with one name, one is heard."
        return Examined("peers", "warn", f"{said}; more than one is called {', '.join(roll.twins)}", remedy)
    if roll.strange:
        return Examined("peers", "warn", f"{said}{strange}", "Run the same release on all machines.")
    return Examined("peers", "ok", said)
