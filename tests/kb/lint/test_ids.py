"""Are unsound and unknown names refused?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

LONG = "a-step-whose-name-is-far-too-long-for-a-button"

BROKEN = {
    "error-names-no-guide": (
        "errors/gateway.toml", 'visitor = "visitor"', 'visitor = "nobody"',
        'errors/gateway.toml: guide.visitor: there is no guide "nobody". '
        "Write guides/nobody.toml, or name another guide.",
    ),
    "error-names-guide-of-other-audience": (
        "errors/gateway.toml", 'owner = "owner"', 'owner = "visitor"',
        'errors/gateway.toml: guide.owner: guide "visitor" is for another audience (visitor). '
        "Name a guide for the owner.",
    ),
    "first-step-in-no-guide-of-the-error": (
        "errors/gateway.toml", 'owner = "owner" }', 'owner = "owner" }\nfirst = ["relaod"]',
        'errors/gateway.toml: first: there is no step "relaod" in the guides to which this error leads '
        "(visitor and owner). Name one of their steps.",
    ),
    "guide-names-no-guide-of-apps": (
        "guides/visitor.toml", "intro =", 'apps = "nobody"\nintro =',
        'guides/visitor.toml: apps: there is no guide "nobody". '
        "Write guides/nobody.toml, or name another guide.",
    ),
    "guide-names-no-guide-of-programs": (
        "guides/visitor.toml", "intro =", 'programs = "nobody"\nintro =',
        'guides/visitor.toml: programs: there is no guide "nobody". '
        "Write guides/nobody.toml, or name another guide.",
    ),
    "cause-names-no-guide": (
        "causes/unknown.toml", "[[when]]", '[guide]\nowner = "nobody"\n\n[[when]]',
        'causes/unknown.toml: guide.owner: there is no guide "nobody". '
        "Write guides/nobody.toml, or name another guide.",
    ),
    "pointless-step-unknown": (
        "causes/origin.toml", '"kind:browser"', '"clear-cash"',
        'causes/origin.toml: pointless: there is no step "clear-cash". Name a step of a guide.',
    ),
    "first-step-unknown": (
        "causes/origin.toml", 'first = ["reload"]', 'first = ["relaod"]',
        'causes/origin.toml: first: there is no step "relaod". Name a step of a guide.',
    ),
    "kind-of-step-unknown": (
        "causes/origin.toml", '"kind:browser"', '"kind:browsers"',
        'causes/origin.toml: pointless: there is no kind of step "kind:browsers". '
        "Kinds are kind:browser, kind:config, kind:device, kind:dns, kind:log, kind:network, kind:provider, "
        "kind:reload, kind:service, kind:site, kind:wait.",
    ),
    "after-step-unknown": (
        "guides/visitor.toml", 'after = ["reload"]', 'after = ["log"]',
        'guides/visitor.toml: steps.clear.after: this guide has no step "log". Write one of clear, reload.',
    ),
    "step-twice": (
        "guides/owner.toml", "[exit]",
        '[[steps]]\nid = "log"\nkind = "log"\ntitle = "T"\ndo = "D"\nwhy = "W"\nverify = "V?"\n\n[exit]',
        "guides/owner.toml: steps.log: there are two steps with this id. Rename one.",
    ),
    "step-id-too-long": (
        "guides/owner.toml", 'id = "log"', f'id = "{LONG}"',
        f'guides/owner.toml: steps.{LONG}: "{LONG}" has 46 characters, more than fit into the id of a Discord button. '
        "Use at most 40.",
    ),
    "step-id-with-dot": (
        "guides/owner.toml", 'id = "log"', 'id = "read.log"',
        'guides/owner.toml: steps.read.log: "read.log" holds a dot, which separates the parts of a text\'s key. '
        "Use a hyphen instead.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_unsound_name_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each unsound name is reported once, with file, place and remedy, and nothing else is."""
    *change, fault = BROKEN[name]
    assert faults_after(*change) == [fault]


def test_missing_default_guide_is_refused(kb_without_owner_guide: list[str]) -> None:
    """A guide to which the program falls back must exist."""
    assert "guides/owner.toml: is missing: the program falls back to this guide. Write it." in kb_without_owner_guide


@pytest.fixture
def kb_without_owner_guide(folder, faults_after: Callable[..., list[str]]) -> list[str]:  # type: ignore[no-untyped-def]
    """Return what the linter says when a default guide is gone."""
    (folder / "guides/owner.toml").unlink()
    return faults_after("services.toml", "", "")
