"""Does every known error prove itself: its examples are recognised as it, its near misses are not?"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.cli.vocabulary import vocabulary
from bot.diagnosis.identify import identify
from bot.kb.lint import lint
from bot.kb.load import load
from bot.kb.model import KnowledgeBase

ROOT = Path(__file__).parents[1] / "knowledge"
REQUIRED = {
    "502 Bad Gateway": 502,
    "502 Service Temporarily Overloaded": 502,
    "Error 502": 502,
    "Temporary Error (502)": 502,
    "502 Proxy Error": 502,
    "502 Server Error: The server encountered a temporary error and could not complete your request": 502,
    "HTTP 502": 502,
    "502. That's an error": 502,
    "Bad Gateway: The proxy server received an invalid response from an upstream server": 502,
    "HTTP Error 502 - Bad Gateway": 502,
    "Windows Update error 0x80244021": 502,
    "WU_E_PT_HTTP_STATUS_BAD_GATEWAY": 502,
    "80244021": 502,
    "-2145107935": 502,
    "2149859361": 502,
    "HTTP Error 502.1 - Bad Gateway": 502,
    "HTTP Error 502.2 - Bad Gateway": 502,
    "HTTP Error 502.3 - Bad Gateway": 502,
    "HTTP Error 502.4 - Bad Gateway": 502,
    "HTTP Error 502.5 - Process Failure": 502,
    "HTTP Error 502.6 - Bad Gateway": 502,
    "Error 522: Connection timed out Cloudflare": 522,
    "Error 520 Web server is returning an unknown error cloudflare": 520,
    "curl: (22) The requested URL returned error: 502": 502,
    "requests.exceptions.HTTPError: 502 Server Error: Bad Gateway for url: https://shop.example.com/": 502,
    "AxiosError: Request failed with status code 502": 502,
    "504 Gateway Time-out": 504,
    "503 Service Unavailable": 503,
    "500 Internal Server Error": 500,
    "403 Forbidden": 403,
    "404 Not Found": 404,
}
"""Wordings that everybody meets, and the status that each means."""


def _examples() -> list[tuple[str, str, bool]]:
    found = []
    for path in sorted((ROOT / "errors").glob("*.toml")):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        for must, key in ((True, "examples"), (False, "not_examples")):
            found += [(entry["id"], example["text"], must) for example in entry.get(key, ())]
    return found


EXAMPLES = _examples()


@pytest.mark.parametrize(
    ("error", "text", "must"),
    EXAMPLES,
    ids=[f"{error}-{'is' if must else 'not'}-{number}" for number, (error, _, must) in enumerate(EXAMPLES)],
)
def test_example_is_recognised_as_it_should(kb: KnowledgeBase, error: str, text: str, must: bool) -> None:
    """Each example names its own error, each near miss does not."""
    match = identify(kb, text).match
    assert (match is not None and match.error == error) is must


@pytest.mark.parametrize("text", REQUIRED)
def test_wording_that_everybody_meets_is_known(kb: KnowledgeBase, text: str) -> None:
    """Every common wording is recognised, says its status and its source, and leads to guides that exist."""
    match = identify(kb, text).match
    assert match is not None
    assert match.status == REQUIRED[text]
    assert match.source
    guide = kb.errors[match.error].guide
    assert kb.guides[guide.visitor].audience == "visitor"
    assert kb.guides[guide.owner].audience == "owner"


def test_knowledge_hangs_together() -> None:
    """The linter finds no fault in what ships."""
    assert [str(fault) for fault in lint(load(), vocabulary(), identify)] == []
