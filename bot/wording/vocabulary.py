"""Which small words must a language have? The linter holds this list against `knowledge/locales/`."""

from __future__ import annotations

from bot.diagnosis.findings import Failure
from bot.kb.model import Question, Strength

CHECKS = ("canary", "dns", "tcp", "tls", "http")
OUTCOMES = ("failed", "skipped", "before", "offered", "solved")
FIELDS = ("address", "time", "error", "verdict", "seen", "ids", "answers", "tried", "device", "notlooked")
REFUSALS = ("syntax", "scheme", "port", "userinfo", "name", "address", "redirect")
SECRETS = ("password-in-url", "token", "other")

WORDS: frozenset[str] = frozenset(
    {
        *(f"strength.{strength.value}" for strength in Strength),
        *(f"failure.{failure.value}" for failure in Failure),
        *(f"check.{check}" for check in (*CHECKS, "ok", "skip")),
        *(f"outcome.{outcome}" for outcome in OUTCOMES),
        *(f"field.{field}" for field in FIELDS),
        *(f"refusal.{refusal}" for refusal in REFUSALS),
        *(f"secret.{secret}" for secret in SECRETS),
        *(f"answer.{question.value}.{answer}" for question in Question for answer in ("works", "fails")),
        *(f"seen.{key}" for key in ("here", "places", "twice", "age", "nothing")),
        *(f"skipped.{key}" for key in ("because", "device")),
        *(f"why.{key}" for key in ("rule", "also", "seen", "now", "age", "step", "unseen")),
        "steps.left",
        "missing",
        "the-site",
        "your-site",
        "note",
        "product.unknown",
        "edge.unknown",
    }
)
"""Keys of the locale's `words` table."""
