"""Does a code of Windows' network that an app shows lead to that app, and not to Windows Update?"""

from __future__ import annotations

import pytest

from bot.diagnosis.facts import gather
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import Profile, choose_guide, plan
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase


def led(kb: KnowledgeBase, text: str) -> tuple[str, str, str]:
    """Return the cause, the guide and its first step to which a text leads."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, None, {})
    verdict = judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, "visitor")
    return verdict.cause, guide.id, plan(kb, verdict, guide, Profile(), (), facts=facts).steps[0]


@pytest.mark.parametrize(
    ("text", "cause", "first"),
    [
        ("0x80072EFD microsoft store", "windows-app-connection", "vpn-off"),
        ("MS Store shows code 0x80072EFF", "windows-app-connection", "vpn-off"),
        ("OneDrive 80072efd", "windows-app-connection", "vpn-off"),
        ("game pass won't download: 0x8007274c", "windows-app-connection", "vpn-off"),
        ("Xbox app 0x80072ee7", "windows-app-name", "flush-dns"),
        ("0x80072f8f microsoft store", "windows-app-certificate", "check-clock"),
        ("Microsoft Teams sign-in 0x80072f7d", "windows-app-certificate", "check-clock"),
        ("Outlook 0x80190194", "windows-app-http", "check-status"),
        ("microsoft store 0x801901f6", "windows-app-http", "check-status"),
    ],
)
def test_code_beside_an_app_leads_to_that_app(kb: KnowledgeBase, text: str, cause: str, first: str) -> None:
    """Beside the name of an app the same code speaks of that app's own server."""
    assert led(kb, text) == (cause, "visitor-windows-app", first)
    assert "Windows Update" not in kb.causes[cause].summary + kb.causes[cause].reason + kb.causes[cause].action


@pytest.mark.parametrize(
    "text",
    [
        "Windows Update error 0x80072EFD",
        "0x80072ee7",
        "WSUS scan failed with 0x80072ee2, and our teams wait",
        "BITS job failed: error code 0x801901f6",
    ],
)
def test_code_without_an_app_stays_with_windows_update(kb: KnowledgeBase, text: str) -> None:
    """Nobody is led to the Store who named none."""
    assert led(kb, text)[1] == "windows-update"
