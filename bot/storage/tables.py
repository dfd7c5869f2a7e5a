"""Which tables are there, and what is in each field?

PRIVACY.md tells people the same; a test compares the two. All times are seconds since 1970, UTC.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, MetaData, Table, Text

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("key", Text, primary_key=True, doc="name of the conversation, given by the surface"),
    Column("version", BigInteger, nullable=False, doc="how many events it took: guards against lost updates"),
    Column("state", Text, nullable=False, doc="where it stands, as JSON: what was recognised, checked, answered"),
    Column("phase", Text, nullable=False, doc="what it waits for"),
    Column("updated_at", Double, nullable=False, doc="time of the last event"),
    Column("expires_at", Double, nullable=False, doc="when it is deleted"),
    Index("ix_conversations_expires_at", "expires_at"),
)

effects = Table(
    "effects",
    metadata,
    Column("key", Text, primary_key=True, doc="the conversation"),
    Column("id", Text, primary_key=True, doc="name of the effect: the event that asked for it, and what it is"),
    Column("kind", Text, nullable=False, doc="run-checks or wake"),
    Column("body", Text, nullable=False, doc="the effect as JSON: for a look the address"),
    Column("due_at", Double, nullable=False, doc="not to be carried out before"),
)

replies = Table(
    "replies",
    metadata,
    Column("key", Text, primary_key=True, doc="the conversation"),
    Column("id", Text, primary_key=True, doc="name of the reply: the event that it answers, and its number"),
    Column("position", BigInteger, nullable=False, doc="order within the conversation"),
    Column("body", Text, nullable=False, doc="what is to be said, as JSON: until it was shown"),
)

places = Table(
    "places",
    metadata,
    Column("surface", Text, primary_key=True, doc="discord"),
    Column("key", Text, primary_key=True, doc="the conversation"),
    Column("owner", Text, nullable=False, doc="the person, by their id on that surface"),
    Column("server", Text, doc="the server, by its id"),
    Column("body", Text, nullable=False, doc="ids of the channel, thread and messages, as JSON"),
    Column("updated_at", Double, nullable=False, doc="time of the last change"),
    Column("expires_at", Double, nullable=False, doc="when it is deleted, unless the conversation lives longer"),
    Index("ix_places_owner", "surface", "owner"),
    Index("ix_places_server", "surface", "server"),
    Index("ix_places_expires_at", "expires_at"),
)

preferences = Table(
    "preferences",
    metadata,
    Column("kind", Text, primary_key=True, doc="what is set, such as discord-mode"),
    Column("scope", Text, primary_key=True, doc="for whom: a server or a person, by id"),
    Column("name", Text, primary_key=True, doc="for what in it: a channel, by id"),
    Column("value", Text, nullable=False, doc="what it is set to"),
)

watched = Table(
    "watched",
    metadata,
    Column("url", Text, primary_key=True, doc="address that is looked at until it is back"),
    Column("course", Text, nullable=False, doc="how the looks went so far, as JSON: counts, pause, last state"),
    Column("next_at", Double, nullable=False, doc="when it is looked at next"),
    Column("holder", Text, doc="the process that is looking right now"),
    Column("held_until", Double, nullable=False, doc="when another process may take it over"),
    Index("ix_watched_next_at", "next_at"),
)

watchers = Table(
    "watchers",
    metadata,
    Column("id", Text, primary_key=True, doc="name of the watch"),
    Column("url", Text, nullable=False, doc="address that the person waits for"),
    Column("surface", Text, nullable=False, doc="discord"),
    Column("owner", Text, nullable=False, doc="the person, by their id on that surface"),
    Column("server", Text, doc="the server, by its id"),
    Column("body", Text, nullable=False, doc="ids of the channel and message where they asked, as JSON"),
    Column("asked_at", Double, nullable=False, doc="when they asked"),
    Column("expires_at", Double, nullable=False, doc="when the watch is given up"),
    Column("news", Text, doc="what they are to be told: back, partly, guarded or expired; empty while they wait"),
    Column("news_at", Double, doc="when that was found out"),
    Column("holder", Text, doc="the process that is telling them"),
    Column("held_until", Double, nullable=False, doc="when another process may tell them"),
    Index("ix_watchers_url", "url"),
    Index("ix_watchers_owner", "surface", "owner"),
    Index("ix_watchers_server", "surface", "server"),
    Index("ix_watchers_expires_at", "expires_at"),
)

reports = Table(
    "reports",
    metadata,
    Column("server", Text, primary_key=True, doc="the server, by its id"),
    Column("site", Text, primary_key=True, doc="registrable name of the site that somebody met an error of"),
    Column("owner", Text, primary_key=True, doc="the person, by their id"),
    Column("first_at", Double, nullable=False, doc="when they first met it"),
    Column("last_at", Double, nullable=False, doc="when they last met it"),
    Column("expires_at", Double, nullable=False, doc="when it is deleted"),
    Index("ix_reports_owner", "owner"),
    Index("ix_reports_site", "site"),
    Index("ix_reports_expires_at", "expires_at"),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("cause", Text, primary_key=True, doc="what was wrong, by its entry in the knowledge base"),
    Column("guide", Text, primary_key=True, doc="the guide that was followed"),
    Column("step", Text, primary_key=True, doc="the step in it"),
    Column("solved", BigInteger, nullable=False, doc="how often it was the end of the trouble"),
    Column("failed", BigInteger, nullable=False, doc="how often it was not"),
)

duties = Table(
    "duties",
    metadata,
    Column("surface", Text, primary_key=True, doc="discord"),
    Column("shard", BigInteger, primary_key=True, autoincrement=False, doc="number of a part of Discord's servers"),
    Column("shards", BigInteger, primary_key=True, autoincrement=False, doc="how many parts there are"),
    Column("holder", Text, doc="the process that answers for it"),
    Column("held_until", Double, nullable=False, doc="when another process may go on with what is pending there"),
)

looks = Table(
    "looks",
    metadata,
    Column("url", Text, primary_key=True, doc="address that is or was looked at"),
    Column("rules", Text, primary_key=True, doc="mark of what the operator of the process allows"),
    Column("host", Text, nullable=False, doc="its host, which is not looked at too often"),
    Column("began_at", Double, nullable=False, doc="when the newest look began"),
    Column("holder", Text, doc="the look that is under way"),
    Column("held_until", Double, nullable=False, doc="when another process may look instead"),
    Column("report", Text, doc="what was seen, as JSON"),
    Column("seen_at", Double, doc="when it was seen"),
    Column("fresh_until", Double, nullable=False, doc="how long it is handed out again: a minute at most"),
    Column("expires_at", Double, nullable=False, doc="when it is deleted"),
    Index("ix_looks_host", "host"),
    Index("ix_looks_expires_at", "expires_at"),
)

forgotten = Table(
    "forgotten",
    metadata,
    Column("surface", Text, primary_key=True, doc="discord"),
    Column("key", Text, primary_key=True, doc="the conversation that was deleted"),
    Column("server", Text, doc="the server, by its id"),
    Column("body", Text, nullable=False, doc="ids of the channel, thread and messages, as JSON; not the person's"),
    Column("expires_at", Double, nullable=False, doc="when it is deleted"),
    Index("ix_forgotten_expires_at", "expires_at"),
)

applications = Table(
    "applications",
    metadata,
    Column("surface", Text, primary_key=True, doc="discord"),
    Column("application", Text, nullable=False, doc="the bot whose database this is, by its application's id"),
    Column("settled_at", Double, nullable=False, doc="from when on servers that it does not know are forgotten"),
)

acts = Table(
    "acts",
    metadata,
    Column("id", Text, primary_key=True, doc="a number by chance"),
    Column("kind", Text, nullable=False, doc="check: a look was asked for"),
    Column("owner", Text, doc="the person, by their id"),
    Column("server", Text, doc="the server, by its id"),
    Column("at", Double, nullable=False, doc="when it was"),
    Column("expires_at", Double, nullable=False, doc="when it is deleted"),
    Index("ix_acts_owner", "owner"),
    Index("ix_acts_server", "server"),
    Index("ix_acts_expires_at", "expires_at"),
)
