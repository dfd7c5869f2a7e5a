"""Are placeholders refused that cannot be filled?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

BROKEN = {
    "cause-names-no-fact": (
        "causes/origin.toml", 'summary = "{host} answers {http.status}."', 'summary = "{host} answers {http.code}."',
        "causes/origin.toml: summary: {http.code} cannot be filled here. Use {dns.addresses} or {dns.outcome} or {host} or {http.product} or {http.status} or {text.error} or {tls.mixed}.",
    ),
    "guide-names-a-fact": (
        "guides/visitor.toml", 'do = "Empty the cache."', 'do = "Empty the cache of {http.status}."',
        "guides/visitor.toml: clear.do: {http.status} cannot be filled here. Use {host}.",
    ),
    "detail-names-a-fact": (
        "guides/visitor.toml", 'do = "Press Cmd+R."', 'do = "Press {key}."',
        "guides/visitor.toml: reload.details.0: {key} cannot be filled here. Use {host}.",
    ),
    "foreign-braces": (
        "guides/owner.toml", 'do = "Read the gateway\'s log."', "do = \"curl -w '%{http_code}' https://{host}/\"",
        "guides/owner.toml: log.do: {http_code} cannot be filled here. Use {host}.",
    ),
    "intro-with-placeholder": (
        "guides/visitor.toml", 'intro = "We begin with what is quick."', 'intro = "We begin with {host}."',
        "guides/visitor.toml: intro: {host} cannot be filled here. "
        "Write it without braces: this text has no placeholders.",
    ),
    "error-with-placeholder": (
        "errors/gateway.toml", "The test gateway got no answer", "{host} got no answer",
        "errors/gateway.toml: meaning: {host} cannot be filled here. "
        "Write it without braces: this text has no placeholders.",
    ),
    "placeholder-in-capitals": (
        "guides/visitor.toml", 'text = "Nothing is left to try for {host}."', 'text = "Nothing is left for {Host}."',
        "guides/visitor.toml: exit.text: {Host} is no placeholder. Write its name in lower case, without spaces.",
    ),
    "placeholder-with-spaces": (
        "causes/unknown.toml", 'summary = "I cannot tell."', 'summary = "I cannot tell about { host }."',
        "causes/unknown.toml: summary: { host } is no placeholder. Write its name in lower case, without spaces.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_placeholder_that_stays_empty_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each such placeholder is reported once, with file, place and remedy, and nothing else is."""
    *change, fault = BROKEN[name]
    assert faults_after(*change) == [fault]
