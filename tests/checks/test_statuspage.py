"""Is a status page's own word read in each form, and a page that is none taken as silence?"""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.statuspage import Pages, read
from bot.kb.lists import Service
from bot.kb.model import KnowledgeBase


@pytest.mark.parametrize(
    ("kind", "shape", "said"),
    [
        (
            "statuspage-v2",
            {"status": {"indicator": "none", "description": "All Systems Operational"}},
            "All Systems Operational",
        ),
        ("statuspage-v2-compatible", {"status": {"description": "Partial outage"}}, "Partial outage"),
        ("status.io", {"result": {"status_overall": {"status": "Degraded", "status_code": 300}}}, "Degraded"),
        ("instatus", {"page": {"status": "HASISSUES"}}, "Has issues"),
        (
            "google-incidents",
            [{"end": "x", "external_desc": "old"}, {"external_desc": "Gmail is slow"}],
            "Gmail is slow",
        ),
        ("google-incidents", [{"end": "x", "external_desc": "old"}], "No open incident"),
        ("slack-v2", {"status": "ok", "active_incidents": []}, "Ok"),
        ("heroku-v4", {"status": [{"system": "Apps", "status": "green"}]}, "Apps: green"),
        ("slack-v2", {"status": "active", "active_incidents": [{"title": "Slow files"}]}, "Slow files"),
    ],
)
def test_each_form_is_read(kind: str, shape: Any, said: str) -> None:
    """Every form of status page that the services name is understood."""
    assert read(kind, json.dumps(shape)) == said


@pytest.mark.parametrize("body", ["", "<html>", "{}", "[]", "null", '{"status": 3}', '{"page": {"status": "ODD"}}'])
@pytest.mark.parametrize("kind", ["statuspage-v2", "status.io", "instatus", "slack-v2", "html", "none"])
def test_anything_else_says_nothing(kind: str, body: str) -> None:
    """A page of another form is no statement."""
    assert read(kind, body) is None


@given(body=st.text(max_size=200), kind=st.sampled_from(["statuspage-v2", "google-incidents", "slack-v2"]))
def test_hostile_body_never_raises(kind: str, body: str) -> None:
    """Whatever a page sends, reading it gives one short line or nothing."""
    said = read(kind, body)
    assert said is None or ("\n" not in said and len(said) <= 200)


def test_every_form_of_the_services_is_known(kb: KnowledgeBase) -> None:
    """A service that names an interface names one that can be read, or one that is only for people."""
    for service in kb.services:
        assert service.api is None or service.api_kind in {
            "statuspage-v2", "statuspage-v2-compatible", "status.io", "instatus", "google-incidents", "slack-v2",
            "heroku-v4", "rss", "custom", "html",
        }, service.id  # fmt: skip


async def test_page_is_asked_through_the_guard(lo: Any) -> None:
    """A status page on this machine is asked and read; one that answers badly, or has no interface, is silence."""
    body = json.dumps({"status": {"description": "Minor outage"}}).encode()
    site = (await lo.serve(lo.reply(body=body))).url()
    broken = (await lo.serve(lo.reply("502 Bad Gateway", body))).url()
    reach = lo.reach()
    service = Service.model_validate(
        {"id": "a", "name": "A", "page": "https://a.example", "domains": ["a.example"], "api_kind": "statuspage-v2",
         "api": site, "certainty": "listed"}
    )  # fmt: skip
    assert await Pages(reach).state_of(service) == "Minor outage"
    assert await Pages(reach).state_of(service.model_copy(update={"api": None})) is None
    assert await Pages(reach).state_of(service.model_copy(update={"api": "http://10.0.0.1/"})) is None
    assert await Pages(reach).state_of(service.model_copy(update={"api": broken})) is None


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "identity, gzip"])
async def test_packed_page_is_read(lo: Any, coding: str) -> None:
    """A page that comes packed, however its coding is written, is unpacked."""
    body = gzip.compress(json.dumps({"status": {"description": "Minor outage"}}).encode())
    site = (await lo.serve(lo.reply(body=body, Content_Encoding=coding))).url()
    service = Service.model_validate(
        {"id": "a", "name": "A", "page": "https://a.example", "domains": ["a.example"], "api_kind": "statuspage-v2",
         "api": site, "certainty": "listed"}
    )  # fmt: skip
    assert await Pages(lo.reach()).state_of(service) == "Minor outage"
