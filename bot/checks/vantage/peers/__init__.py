"""How does a site look from the operator's own machines elsewhere? They are asked over NATS, and look by themselves.

    failed look -> asking -> NATS -> serving -> answering (guard, limits, whole check) -> NATS -> heard -> vantages

Neither side trusts the other: a peer's own guard decides what it visits, and what it says is read like a stranger's.
"""
