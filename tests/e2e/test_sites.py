"""Do conversations about faults that no product shows on request name the right cause? Small servers play them."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from e2e.command import Command
from e2e.servers import Haproxy, Nginx, visible
from e2e.stage import Stage, raw

pytestmark = pytest.mark.soak
OVERLOADED = "<h1>503 Service Unavailable</h1><p>Back in an hour.</p>"
CLOUDFLARE = """
<h1>Connection timed out <span>Error code 522</span></h1>
<p>You</p><p>Browser</p><p>Working</p>
<p>Amsterdam</p><p>Cloudflare</p><p>Working</p>
<p>club.example.com</p><p>Host</p><p>Error</p>
<p>Cloudflare Ray ID: 7c0ffee123456789</p>
"""


class Judged(NamedTuple):
    """What must be said of a site."""

    state: str
    side: str
    cause: str
    strength: str


def look(command: Command, paste: str, url: str) -> tuple[tuple[str, ...], str]:
    """Paste an error, be a visitor, give the address, ask to be guided; return the verdict and all that was said."""
    with command.chat() as talk:
        talk.paste(*paste.splitlines())
        assert talk.keys == ["recognised", "ask-role"], talk.text
        talk.picks("visitor").say(url)
        assert talk.keys[-1] == "verdict"
        judged, said = talk.judged, talk.text
        talk.picks("guide")
        assert talk.step is not None or talk.keys[-1].startswith("ask-")
        said += talk.text
        assert talk.ends() == (0, "")
    return judged, said


def test_flapping_site_is_degraded(stage: Stage, command: Command) -> None:
    """One bad and one good answer: neither up nor down, and nothing of the visitor's own is at fault."""
    page = "<h1>502 Bad Gateway</h1>"
    url = stage.site("flapping", raw("502 Bad Gateway", page), raw("200 OK", "fine"))
    judged, said = look(command, visible(page), url)
    assert judged == Judged("degraded", "origin", "flapping", "likely")
    assert "Restart modem and router" in said.partition("Skipped, because ")[2]
    assert stage.asked["flapping.example.com"] == 2


def test_circle_that_hands_out_a_cookie_judges_nobody(stage: Stage, command: Command) -> None:
    """A site that redirects until its cookie comes back may open for a visitor, whose browser returns it."""
    page = "<h1>502 Bad Gateway</h1>"
    url = stage.site("cookie", raw("302 Found", "", Location="/", Set_Cookie="seen=1"))
    judged, _ = look(command, visible(page), url)
    assert judged == Judged("blocked", "unknown", "redirects-want-cookie", "likely")


def test_announced_pause_is_maintenance(stage: Stage, command: Command) -> None:
    """503 with Retry-After: the site says itself that it is closed for a while."""
    url = stage.site("closed", raw("503 Service Unavailable", OVERLOADED, Retry_After="3600"))
    judged, _ = look(command, visible(OVERLOADED), url)
    assert judged == Judged("down", "origin", "maintenance", "likely")


def test_one_dead_address_of_several_is_found(stage: Stage, command: Command) -> None:
    """One of three addresses turns connections away: some visitors fail, others do not."""
    url = stage.site("three", raw("200 OK", "fine"), at=(stage.ip, stage.dead.partition(":")[0], stage.second_ip))
    judged, _ = look(command, "502 Bad Gateway\nnginx", url)
    assert judged == Judged("degraded", "origin", "one-address-dead", "likely")


def test_redirect_circle_is_the_sites_fault(stage: Stage, command: Command) -> None:
    """A redirect to itself is followed once, never again and again."""
    url = stage.site("circle")
    stage.answer("circle", raw("302 Found", Location=url))
    judged, _ = look(command, "This page isn't working\nERR_TOO_MANY_REDIRECTS", url)
    assert judged == Judged("down", "origin", "redirect-circle", "likely")
    assert stage.asked["circle.example.com"] == 1


def test_expired_certificate_is_certain(nginx: Nginx, command: Command) -> None:
    """The certificate itself says when it ended: certain, and no visitor can fix it."""
    judged, said = look(command, "Your connection is not private\nNET::ERR_CERT_DATE_INVALID", nginx.expired)
    assert judged == Judged("down", "tls", "certificate-expired", "firm")
    assert "Check date, time and time zone" in said.partition("Skipped, because ")[2]


def test_site_that_only_browsers_open_is_not_called_down(haproxy: Haproxy, command: Command) -> None:
    """HTTP/2 alone, or visitors with a certificate alone: the bot gets no page, and says that this is its own limit."""
    for url in (haproxy.modern, haproxy.members):
        done = command.run("check", url, "--json")
        verdict = json.loads(done.stdout)["verdict"]
        assert (verdict["state"], verdict["cause"], verdict["strength"]) == ("unknown", "hangs-up-on-me", "weak")
        assert done.returncode == 3


def test_cloudflare_page_blames_the_origin(stage: Stage, command: Command) -> None:
    """Cloudflare's own page says which hop failed, and the site's answer agrees."""
    url = stage.site("club", raw("522 <none>", CLOUDFLARE, Server="cloudflare", CF_RAY="7c0ffee123456789-AMS"))
    judged, _ = look(command, visible(CLOUDFLARE), url)
    assert judged == Judged("down", "origin", "edge-cannot-reach-origin", "likely")


def test_links_alone_are_looked_at(stage: Stage, command: Command) -> None:
    """Without any error text the address alone is enough for a verdict, and the next link starts afresh."""
    wanted = {
        "500 Internal Server Error": Judged("down", "origin", "internal-error", "likely"),
        "429 Too Many Requests": Judged("blocked", "unknown", "rate-limited", "likely"),
    }
    with command.chat() as talk:
        for status, judged in wanted.items():
            url = stage.site(f"link-{status[:3]}", raw(status, f"<h1>{status}</h1>"))
            talk.say(f"{url} does not open")
            assert talk.keys == ["link-only", "checking", "verdict"]
            assert talk.judged == judged
            talk.say("start over")
            assert talk.keys == ["restarted"]
        assert talk.ends() == (0, "")
