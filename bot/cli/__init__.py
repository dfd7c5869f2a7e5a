"""Which surface starts, wired to what? The only composition root.

Each command imports what it needs when it runs: `identify` must not wait for network libraries.
"""

from __future__ import annotations

import os
import sys
from errno import ENOSPC
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from bot.cli.dashes import TakesNumbers
from bot.cli.hours import Hours
from bot.cli.reader import Read

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

OK, PROBLEM, REFUSED, CANNOT_TELL = 0, 1, 2, 3
"""Exit codes of `check`; 2 is also the code of bad input and bad settings everywhere."""
INTERRUPTED = 130
SILENT = ("run", "watcher", "peer", "health")  # commands that need no output: a supervisor may close it


class Failed(click.ClickException):
    """Something that a person must change before it can work; shown without a traceback."""

    exit_code = REFUSED

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Print the message to stderr."""
        click.echo(f"fiveohtwo: {self.format_message()}", err=True)


@click.group(cls=Read, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="fiveohtwo")
@click.pass_context
def command(context: click.Context) -> None:
    """A support assistant for 502 Bad Gateway and its relatives.

    Paste an error: it says which machine wrote it, looks at the site, says whose side is broken and how sure that
    is, and leads through the steps that still make sense.
    """
    if sys.stdout is None and context.invoked_subcommand not in SILENT:  # as after `>&-`
        raise Failed("there is nowhere to print to: the output is closed.")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print each reply as one JSON object a line.")
@click.option("--lang", default=None, help="Language to speak (en, or one that FIVEOHTWO_KNOWLEDGE_DIR adds).")
def chat(*, as_json: bool, lang: str | None) -> None:
    """Hold a whole conversation in the terminal, or line by line from a pipe.

    Choices are picked by number or by word. Always possible: back, skip, why, recheck, start over, human, help, quit.
    In a pipe, a text of several lines goes between two lines of three backticks.
    """
    from bot.cli.chat import run_chat

    run_chat(as_json=as_json, lang=lang)


@command.command(cls=TakesNumbers)
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the whole identification as JSON.")
@click.option("--jsonl", is_flag=True, help='Read {"id", "text"} objects, one a line, from stdin; answer one a line.')
@click.option("--explain", is_flag=True, help="Say which evidence counted how much.")
def identify(text: str | None, *, as_json: bool, jsonl: bool, explain: bool) -> None:
    """Which error is this? TEXT, or stdin when it is missing or "-"."""
    from bot.cli.identify import run_identify

    run_identify(text, as_json=as_json, jsonl=jsonl, explain=explain)


@command.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print all findings and the verdict as JSON.")
def check(url: str, *, as_json: bool) -> None:
    """Look at URL and say what is wrong.

    Exit code: 0 up, 1 a problem, 2 refused or invalid, 3 cannot tell.
    """
    from bot.cli.check import run_check

    sys.exit(run_check(url, as_json=as_json))


@command.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print each look as one JSON object a line.")
@click.option("--hours", type=Hours(0, 120, min_open=True), help="Give up after so many hours.")
def watch(url: str, *, as_json: bool, hours: float | None) -> None:
    """Look at URL until it is back.

    It is back after several good answers in a row; the pauses grow while it is down. Settings: FIVEOHTWO_WATCH_*.

    Exit code: 0 back, 2 refused or invalid, 3 given up.
    """
    from bot.cli.watch import run_watch

    sys.exit(run_watch(url, as_json=as_json, hours=hours))


@command.command()
@click.argument("url", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the decision as JSON.")
@click.option("--jsonl", is_flag=True, help='Read {"id", "url"} objects, one a line, from stdin; answer one a line.')
def vet(url: str | None, *, as_json: bool, jsonl: bool) -> None:
    """Would the bot contact URL, and why not?

    Names are resolved, but no connection is opened. A row of --jsonl may bring "dns" and "redirects": then the whole
    check is rehearsed with them and nothing at all is contacted.

    Exit code: 0 allowed, 2 refused or invalid.
    """
    from bot.cli.vet import run_vet

    sys.exit(run_vet(url, as_json=as_json, jsonl=jsonl))


@command.group()
def kb() -> None:
    """The knowledge base."""


@kb.command("lint")
def kb_lint() -> None:
    """Report everything that is wrong with the knowledge files; exit code 1 if anything is."""
    from bot.cli.knowledge import run_lint

    sys.exit(run_lint())


@kb.command("list")
@click.argument("kind", required=False, type=click.Choice(["errors", "causes", "guides", "products", "services"]))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def kb_list(kind: str | None, *, as_json: bool) -> None:
    """List what is known."""
    from bot.cli.knowledge import run_list

    run_list(kind, as_json=as_json)


@kb.command("show")
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def kb_show(name: str, *, as_json: bool) -> None:
    """Show one entry whole."""
    from bot.cli.knowledge import run_show

    run_show(name, as_json=as_json)


@command.command()
@click.option("--shard-ids", default=None, help="Shards that this process runs, such as 0,1; needs --shard-count.")
@click.option("--shard-count", type=click.IntRange(1), default=None, help="How many shards there are in all.")
@click.option("--or-chat", is_flag=True, help="Without a token, hold the conversation in the terminal instead.")
def run(shard_ids: str | None, shard_count: int | None, *, or_chat: bool) -> None:
    """Run the Discord bot (FIVEOHTWO_DISCORD_TOKEN).

    Exit code: 0 stopped, 1 gave up, 2 the token or the settings are refused.
    """
    from bot.settings import load_settings

    if or_chat and load_settings().discord_token is None:
        from bot.cli.chat import run_chat

        run_chat(as_json=False, lang=None)
        return
    from bot.cli.discord import run_discord

    sys.exit(run_discord(shard_ids, shard_count))


@command.command()
def watcher() -> None:
    """Look at the sites that people wait for, beside `run` on the same database; needs no token.

    Any number of these processes, and of `run`, share the looks: each site is looked at by one at a time. People are
    told by `run`.

    Exit code: 0 stopped, 2 the settings are refused.
    """
    from bot.cli.watcher import run_watcher

    sys.exit(run_watcher())


@command.command()
def peer() -> None:
    """Look at sites for the operator's bot elsewhere, which asks over NATS (FIVEOHTWO_NATS_URL); needs no token.

    It looks by its own rules and limits, and tells what it sees from here (FIVEOHTWO_PEER_NAME).

    Exit code: 0 stopped, 2 the settings are refused, or NATS cannot be used at the start.
    """
    from bot.cli.peer import run_peer

    sys.exit(run_peer())


@command.command()
@click.argument("process", type=click.Choice(["run", "watcher", "peer"]), default="run")
@click.option("--alive", is_flag=True, help="Ask only whether it lives, not whether anything keeps it from its work.")
def health(process: str, *, alive: bool) -> None:
    """Is PROCESS, that runs beside this command with the same settings, able to work? (run, if none is named.)

    It says so itself every 15 seconds, by a file: is it connected (to Discord, or a peer to NATS), and does its
    database take what it is given? For health checks of containers and the like.

    Exit code: 0 able within the last minute, 1 not, or not there.
    """
    from bot.cli.health import run_health

    sys.exit(run_health(process, alive=alive))


@command.group()
def db() -> None:
    """The database, what is kept about a person, and which steps helped."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema up to date (every start does that, too)."""
    from bot.cli.db import run_upgrade

    run_upgrade()


@db.command("export")
@click.argument("user")
def db_export(user: str) -> None:
    """Print everything that is kept about USER as JSON.

    USER is an id of Discord, a mention <@id>, or "terminal" for the conversation of `fiveohtwo chat`.
    """
    from bot.cli.db import run_export

    run_export(user)


@db.command("forget")
@click.argument("user")
def db_forget(user: str) -> None:
    """Delete everything that is kept about USER.

    USER is an id of Discord, a mention <@id>, or "terminal" for the conversation of `fiveohtwo chat`.
    """
    from bot.cli.db import run_forget

    run_forget(user)


@db.command("release")
def db_release() -> None:
    """Let another bot take over the database: the next one that starts on it.

    A database belongs to the bot that used it first; another one refuses to start on it. Stop the old one before.
    Servers that the new bot does not know are forgotten from a day after it took over.
    """
    from bot.cli.db import run_release

    run_release()


@db.command("outcomes")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--clear", is_flag=True, help="Delete all counts: steps stand in their usual order again.")
@click.option("--yes", is_flag=True, help="With --clear: do not ask.")
def db_outcomes(*, as_json: bool, clear: bool, yes: bool) -> None:
    """Print how often each step helped against each cause, and which steps come earlier for it.

    Counts of this installation only; nothing in them is about a person or a site. A step moves up in a visitor's
    guide after 20 tries, when it clearly helps more often than the one before it and is worth its minutes.
    """
    from bot.cli.db import run_clear_outcomes, run_outcomes

    if clear:
        run_clear_outcomes(yes=yes, as_json=as_json)
    else:
        run_outcomes(as_json=as_json)


@command.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the page; 0 takes a free one.")
def demo(port: int) -> None:
    """Try the Discord bot in a browser page: the real one, without a token or a network.

    Sites that misbehave are served on this machine; their addresses are on the page. Needs
    fiveohtwo[demo], which `make demo` installs.
    """
    from bot.cli.demo import run_demo

    run_demo(port)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def doctor(*, as_json: bool) -> None:
    """Is this installation able to work? Exit code 1 if something needed is missing."""
    from bot.cli.doctor import run_doctor

    sys.exit(run_doctor(as_json=as_json))


def create_bot() -> Fiveohtwo:
    """Build the Discord client from the environment: wired like `run`, not started (for simulators and embedding).

    Without FIVEOHTWO_DATABASE_URL it keeps nothing beyond its own life: a simulator starts afresh each time.
    """
    from bot.cli.discord import build
    from bot.cli.stores import address_of
    from bot.settings import load_settings
    from bot.storage.address import Address

    settings = load_settings()
    return build(settings, address_of(settings, otherwise=Address("memory")), shard_count=1)


def main() -> None:
    """Run the command line."""
    from bot.kb.faults import KnowledgeError
    from bot.settings import SettingsError, wants_colour

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a character that the output cannot encode must not end a command
    try:
        sys.exit(command(prog_name="fiveohtwo", standalone_mode=False, color=None if wants_colour() else False))
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped.", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SettingsError as error:
        click.echo(f"fiveohtwo: these settings cannot be used:\n{error}", err=True)
        sys.exit(REFUSED)
    except KnowledgeError as error:
        click.echo(f"fiveohtwo: the knowledge files are broken:\n{error}", err=True)
        sys.exit(REFUSED)
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        click.echo(f"fiveohtwo: nothing more can be written ({error.strerror}).", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still buffered would fail again at the end
        sys.exit(REFUSED)
