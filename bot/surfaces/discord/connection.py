"""Is the bot connected to Discord right now?"""

from __future__ import annotations

import discord


def is_connected(client: discord.AutoShardedClient) -> bool:
    """Tell whether all shards are connected, and Discord has said which servers there are."""
    shards = client.shards.values()
    return client.is_ready() and bool(shards) and not any(shard.is_closed() for shard in shards)
