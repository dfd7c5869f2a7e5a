"""Does a person get from a pasted error to a site that works, in a Discord that plays by the rules?"""

from __future__ import annotations

from surfaces.discord.discord_world import BAD_GATEWAY, FINE, World, choices, labels, opened, panel, text, whispers


async def test_pasted_error_becomes_a_card_of_four_lines(world: World) -> None:
    """A pasted error is answered with the error and its machine, what is wrong, how that was seen, and the way on."""
    url = world.site("shop", BAD_GATEWAY)
    source = await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart")
    lines = text(world.card).splitlines()
    assert len(lines) == 3
    assert world.card.reference.message_id == source.id
    assert labels(world.card) == ["Guide me", "Check again", "Why?", "Not this"]
