"""Do the guides for site owners name a log, and do they say what the products really do?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest

from bot.kb.model import Guide, GuideStep

PRODUCTS = (
    *("generic", "nginx", "php-fpm", "apache", "iis", "haproxy", "varnish", "squid", "envoy", "traefik", "caddy"),
    *("cloudflare", "aws", "gcp", "azure", "kubernetes", "app", "platform", "shop", "local-proxy"),
)
NEIGHBOURS = ("400", "404", "413", "500", "403", "503", "504", "429", "dns", "tls", "connection")
IDS = tuple(f"owner-{name}" for name in (*PRODUCTS, *NEIGHBOURS))

SAYS_503_WHEN_REFUSED = ("owner-apache", "owner-haproxy", "owner-varnish", "owner-squid")
"""Gateways whose own answer to a refused backend is 503."""


def guide(guide_id: str) -> Guide:
    """The guide as it lies in `knowledge/`."""
    text = (files("knowledge") / "guides" / f"{guide_id}.toml").read_text(encoding="utf-8")
    return Guide.model_validate(tomllib.loads(text))


def texts(step: GuideStep) -> tuple[str, ...]:
    """All words of a step that people read."""
    return step.title, step.do, step.why, step.verify, step.warn or "", *(detail.do for detail in step.details)


def sentences(guide_id: str) -> Iterator[str]:
    """All sentences of a guide; a new line or a semicolon ends one, too."""
    found = guide(guide_id)
    for text in (found.title, found.intro, *(text for step in found.steps for text in texts(step)), found.exit.text):
        yield from re.split(r"(?<=[.!?;])\s+|\n", text)


def says(guide_id: str, *words: str) -> bool:
    """Whether one sentence of the guide holds all the words (as whole words, in any letter case)."""
    patterns = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE) for word in words]
    return any(all(pattern.search(sentence) for pattern in patterns) for sentence in sentences(guide_id))


@pytest.mark.parametrize("guide_id", IDS)
def test_every_owner_guide_is_well_formed(guide_id: str) -> None:
    """Each listed guide exists, is for owners, has four to ten distinct steps and ends with a human or later."""
    found = guide(guide_id)
    names = [step.id for step in found.steps]
    assert found.id == guide_id
    assert found.audience == "owner"
    assert 4 <= len(names) <= 10
    assert len(set(names)) == len(names)
    assert set(found.exit.offers) <= {"human", "later"}


@pytest.mark.parametrize("guide_id", IDS)
def test_owner_guide_reads_a_log_or_asks_the_backend(guide_id: str) -> None:
    """No owner is sent off without a log to read or a direct question to the server behind."""
    steps = guide(guide_id).steps
    if guide_id == "owner-dns":
        assert steps[0].id == "ask-resolvers"
    else:
        assert any(step.kind == "log" or step.id == "ask-backend" for step in steps)


@pytest.mark.parametrize("guide_id", IDS)
def test_owner_texts_fit_and_hold_no_foreign_placeholder(guide_id: str) -> None:
    """Texts stay short, commands have both backticks on one line, and `{host}` is the only thing in braces."""
    found = guide(guide_id)
    assert len(re.findall(r"[.!?](?=\s|$)", found.intro)) <= 2
    for step in found.steps:
        assert len(step.title) <= 80, step.id
        assert len(step.do) <= 700, step.id
        assert step.verify.endswith("?"), step.id
        for text in texts(step):
            assert not re.search(r"[{}]", text.replace("{host}", "")), step.id
            assert all(line.count("`") % 2 == 0 for line in text.splitlines()), step.id


@pytest.mark.parametrize("guide_id", IDS)
def test_owner_guide_links_are_https(guide_id: str) -> None:
    """Makers' pages are linked by https, and every guide names at least one page."""
    found = guide(guide_id)
    links = [*found.sources, *(link for step in found.steps for link in step.links)]
    assert all(re.fullmatch(r"https://[^\s<>\"]+", link) for link in links)
    assert links


@pytest.mark.parametrize("guide_id", IDS)
def test_host_stands_only_where_it_may_be_unknown(guide_id: str) -> None:
    """Only instructions and the exit have a word for a host that nobody named; elsewhere it would leave a gap."""
    found = guide(guide_id)
    elsewhere = [found.title, found.intro]
    for step in found.steps:
        elsewhere += [step.title, step.why, step.verify, step.warn or ""]
    assert not any("{host}" in text for text in elsewhere)


def test_same_step_id_means_the_same_kind_everywhere() -> None:
    """Causes put steps first or skip them by id, so an id must not change its kind between guides."""
    kinds: dict[str, set[str]] = {}
    for guide_id in IDS:
        for step in guide(guide_id).steps:
            kinds.setdefault(step.id, set()).add(step.kind)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


def test_earlier_steps_exist() -> None:
    """What a step names under `after` comes before it in the same guide."""
    for guide_id in IDS:
        seen: set[str] = set()
        for step in guide(guide_id).steps:
            assert set(step.after) <= seen, (guide_id, step.id)
            seen.add(step.id)


KEEPS_GUNICORN = ("owner-app", "owner-aws", "owner-platform")
"""Guides that tell how long an application keeps idle connections."""

LORE = (
    ("owner-apache", "refused", "503"),
    ("owner-haproxy", "refused", "503"),
    ("owner-varnish", "refused", "503"),
    ("owner-squid", "refused", "503"),
    ("owner-generic", "lighttpd", "refused", "503"),
    *(("owner-503", product, "refused", "503") for product in ("Apache", "HAProxy", "Varnish", "Squid", "lighttpd")),
    ("owner-varnish", "never", "502"),
    ("owner-nginx", "502", "at once", "refused"),
    ("owner-nginx", "slow", "504"),
    ("owner-caddy", "empty", "502", "browser", "own page"),
    ("owner-generic", "empty body", "browser", "own"),
    ("owner-cloudflare", "Cloudflare-branded", "origin answered 502"),
    ("owner-cloudflare", "plain page", "made inside Cloudflare"),
    ("owner-cloudflare", "1102", "CPU time", "128 MB"),
    ("owner-cloudflare", "1027", "requests of the day", "UTC"),
    ("owner-generic", "constant", "names the machine"),
    ("owner-generic", "same number of seconds", "time-out in disguise"),
    ("owner-generic", "29", "API Gateway"),
    ("owner-generic", "30", "IIS ARR", "Heroku"),
    ("owner-generic", "60", "nginx", "AWS ALB"),
    ("owner-generic", "120", "Cloudflare"),
    ("owner-generic", "230", "Azure App Service"),
    ("owner-aws", "ALB", "without any registered target", "503"),
    ("owner-iis", "502.5", "two meanings", "ASP.NET Core", "ARR", "WebSocket"),
    ("owner-iis", "502.3", "constant 30 s", "time-out in disguise"),
    ("owner-php-fpm", "request_terminate_timeout", "502", "never", "504"),
    ("owner-apache", "silent backend", "502", "not 504"),
    ("owner-apache", "500", "DNS", "SSL"),
    ("owner-envoy", "503", "on purpose"),
    ("owner-envoy", "UPE", "502"),
    ("owner-platform", "Heroku", "503", "H code"),
    ("owner-kubernetes", "without endpoints", "503"),
    ("owner-kubernetes", "March 2026", "no more releases"),
    ("owner-kubernetes", "Gateway API", "another ingress controller"),
    ("owner-squid", "squid-internal-mgr", "port of your Squid"),
    ("owner-squid", "up to version 6", "squidclient"),
    ("owner-connection", "UDP 443", "HTTP/3"),
    ("owner-traefik", "plain text", "Bad Gateway"),
    ("owner-azure", "v2", "502", "504", "slow"),
    ("owner-gcp", "classic", "502", "time-outs"),
    ("owner-local-proxy", "Cisco WSA", "502 Gateway Timeout"),
    ("owner-connection", "not a 502"),
    ("owner-connection", "100.64.0.0/10", "CGNAT"),
    ("owner-connection", "router", "forward", "80 and 443"),
    ("owner-connection", "hairpin"),
    ("owner-connection", "At home and in clouds", "inner address", "fine"),
    ("owner-nginx", "Nginx Proxy Manager", "/data/logs/"),
    ("owner-nginx", "Nginx Proxy Manager", "target", "web page"),
    ("owner-iis", "WAS", "Event Viewer"),
    ("owner-iis", "5002", "rapid-fail"),
    ("owner-iis", "without a farm", "Server Proxy Settings"),
    ("owner-iis", "requestTimeout", "2 minutes"),
    ("owner-500", "Exit Recovery Mode", "sign in"),
    ("owner-413", "client_max_body_size"),
    ("owner-413", "Cloudflare", "100 MB", "Free and Pro"),
    ("owner-504", "408", "reverse", "did not finish"),
    ("owner-haproxy", "408", "cR", "timeout http-request"),
    ("owner-aws", "Lambda", "own limit", "502"),
    ("owner-aws", "Task timed out", "3 s by default"),
    ("owner-tls", "port 80", "redirect to https is fine"),
    ("owner-504", "HAProxy", "sH", "sC is 503"),
    ("owner-504", "Cloudflare", "branded page", "origin", "plain one"),
    ("owner-apache", "Permission denied", "SELinux", "httpd_can_network_connect"),
    *((guide_id, "Gunicorn", "sync workers", "no connection") for guide_id in KEEPS_GUNICORN),
    *((guide_id, "Dashboard > Plugins once", "rename the folder back") for guide_id in ("owner-500", "owner-php-fpm")),
)


@pytest.mark.parametrize(
    ("guide_id", "words"), [(row[0], row[1:]) for row in LORE], ids=[" ".join(row) for row in LORE]
)
def test_owner_guide_states_the_fact(guide_id: str, words: tuple[str, ...]) -> None:
    """What is commonly said wrongly is said correctly in one sentence of the guide."""
    assert says(guide_id, *words)


@pytest.mark.parametrize("guide_id", SAYS_503_WHEN_REFUSED)
def test_refused_backend_is_never_called_502_there(guide_id: str) -> None:
    """No sentence about these gateways puts a refused backend and 502 together without 503."""
    wrong = [line for line in sentences(guide_id) if "refused" in line and "502" in line and "503" not in line]
    assert wrong == []


RECALLED = (
    ("owner-generic", "230"),
    ("owner-504", "230"),
    ("owner-azure", "230"),
    ("owner-envoy", "15 s"),
    ("owner-gcp", "30 s by default"),
    ("owner-404", "404 page not found"),
    ("owner-404", "default backend - 404"),
    ("owner-local-proxy", "12202"),
    ("owner-local-proxy", "Forcepoint: "),
)


@pytest.mark.parametrize(("guide_id", "fact"), RECALLED)
def test_unverified_fact_is_worded_with_care(guide_id: str, fact: str) -> None:
    """Facts that nobody has checked are told with "usually"."""
    found = [line for line in sentences(guide_id) if fact in line]
    assert found
    assert all("usually" in line.lower() for line in found)


@pytest.mark.parametrize("guide_id", ["owner-500", "owner-php-fpm"])
def test_renaming_all_plugins_warns(guide_id: str) -> None:
    """Whoever takes a site's plugins away reads first what its visitors then see."""
    found = [step for step in guide(guide_id).steps if "plugins.off" in step.do]
    assert [step.warn for step in found] == ["Visitors see the site without its plugins while you test."]
