"""Which small words must a language have? The linter holds this list against `knowledge/locales/`."""

from __future__ import annotations

from bot.diagnosis.findings import Failure
from bot.kb.model import Question, Strength

CHECKS = ("canary", "dns", "tcp", "tls", "http")
OUTCOMES = ("failed", "skipped", "before", "offered", "solved")
FIELDS = ("address", "time", "error", "verdict", "seen", "ids", "answers", "tried", "device", "notlooked")
REFUSALS = ("syntax", "scheme", "port", "userinfo", "name", "address", "redirect")
SECRETS = ("password-in-url", "token", "other")

DISCORD = (
    "card",
    "looking",
    "hint",
    "look",
    "called",
    "enter-address",
    "enter-paste",
    "dismiss",
    "choose",
    "failed",
    "slow-down",
    "not-yours",
    "thread-exists",
    "thread-opened",
    "moved-on",
    "report-ready",
    "form-empty",
    "no-address-here",
    "moderators-only",
    "unknown-code",
    "unknown-service",
    "form.address",
    "form.paste",
    "form.diagnose",
    "form.address-label",
    "form.paste-label",
    "form.role",
    "menu.diagnose",
    "menu.check",
    "command.check",
    "command.diagnose",
    "command.explain",
    "command.status",
    "command.settings",
    "command.privacy",
    "command.help",
    "option.url",
    "option.share",
    "option.code",
    "option.service",
    "option.mode",
    "option.server",
    "option.privacy",
    "mode.off",
    "mode.offer",
    "mode.auto",
    "settings.title",
    "settings.mode",
    "settings.reads",
    "settings.blind",
    "settings.missing",
    "settings.complete",
    "privacy.see",
    "privacy.export",
    "privacy.delete",
    "privacy.text",
    "privacy.exported",
    "privacy.deleted",
    "help",
    "status.said",
    "status.none",
    "status.page",
    "title.up",
    "title.down",
    "title.degraded",
    "title.blocked",
    "title.unknown",
    "title.solved",
    "title.later",
    "title.stopped",
    "title.silent",
)
"""Words that only the Discord surface needs."""

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
        *(f"discord.{key}" for key in DISCORD),
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
