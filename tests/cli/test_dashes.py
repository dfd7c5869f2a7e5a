"""Are numbers below zero told from options?"""

from __future__ import annotations

import click
import pytest

from bot.cli.dashes import TakesNumbers


@pytest.mark.parametrize(
    ("given", "text", "loud"),
    [
        (["-5"], "-5", False),
        (["-5 in the log", "--loud"], "-5 in the log", True),
        (["--", "--loud"], "--loud", False),
        (["5", "--loud"], "5", True),
        ([], None, False),
    ],
    ids=str,
)
def test_only_what_begins_with_a_figure_is_a_text(given: list[str], text: str | None, loud: bool) -> None:
    """Options stay options wherever they stand, and what follows two dashes stays a text."""
    loud_option = click.Option(["--loud"], is_flag=True)
    command = TakesNumbers("say", params=[click.Argument(["text"], required=False), loud_option])
    assert command.make_context("say", list(given)).params == {"text": text, "loud": loud}
