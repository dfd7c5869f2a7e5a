"""On which terms does this installation share its looks at sites with other processes?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.cli.compose import (
    LEASE_MARGIN_S,
    SystemClock,
    make_check_settings,
    make_others,
    make_policy,
    new_id,
)
from bot.diagnosis.scheme import is_open, with_scheme, without_scheme
from bot.settings.model import Settings

if TYPE_CHECKING:
    from bot.checks.limits import CheckSettings
    from bot.checks.policy import Policy
    from bot.engine.sharing import Terms
    from bot.ports import Checker, Looks


def shared(checker: Checker, looks: Looks | None, settings: Settings) -> Checker:
    """Return a checker that shares its looks, where there is a store for them."""
    if looks is None:
        return checker
    from bot.engine.sharing import Sharing

    return Sharing(checker, looks, terms_of(settings), SystemClock(), new_id)


def terms_of(settings: Settings) -> Terms:
    """Return the terms: those of the checks of each process."""
    from bot.checks.cache import lives_s
    from bot.checks.guard import Guard, Refusal
    from bot.checks.turns import LONGEST_WAIT_S
    from bot.engine.sharing import Site, Terms

    policy, checks = make_policy(settings), make_check_settings(settings)
    guard = Guard(policy)

    def site_of(text: str) -> Site | None:
        address = guard.parse(with_scheme(text))
        if isinstance(address, Refusal):
            return None
        return Site(without_scheme(address.url) if is_open(text) else address.url, address.host)

    others, rules = make_others(settings), rules_of(policy, checks)
    lease_s = checks.deadline + LONGEST_WAIT_S + others.patience + LEASE_MARGIN_S
    wide_rules = f"{rules}{others.mark}" if others.mark else None
    return Terms(
        site_of, partial(lives_s, checks), checks.target_pause, lease_s, rules,
        patience_s=LONGEST_WAIT_S, wide_rules=wide_rules,
    )  # fmt: skip


def rules_of(policy: Policy, checks: CheckSettings) -> str:
    """Return a mark that is the same wherever the same may be contacted in the same way.

    A machine's own addresses are left out: they differ everywhere, and a refusal of them is not shared.
    """
    opened = sorted(map(str, policy.allow_networks)), sorted(policy.allow_ports)
    return sha256(repr((opened, replace(checks, user_agent=""))).encode()).hexdigest()[:16]
