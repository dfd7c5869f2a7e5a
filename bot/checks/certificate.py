"""What does a certificate say about itself? Read, never believed: whether it is good was decided by `ssl`."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import JsonValue

from bot.diagnosis.neutral import neutral

if TYPE_CHECKING:
    from cryptography import x509

MAX_NAMES = 50


def facts_of(der: bytes, now: datetime) -> dict[str, JsonValue]:
    """Return the facts of a certificate; what cannot be read is left out. Never raises."""
    from cryptography import x509  # takes 8 MiB, and is needed late
    from cryptography.x509.oid import NameOID

    try:
        # Sloppy certificates (negative serials, odd encodings) make the library warn; they are facts, not our fault.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(der)
            after = certificate.not_valid_after_utc
            facts: dict[str, JsonValue] = {
                "not_before": _iso(certificate.not_valid_before_utc),
                "not_after": _iso(after),
                "days_left": (after - now) // timedelta(days=1),
            }
            subject = _part(certificate.subject, NameOID.COMMON_NAME)
            issuer = _part(certificate.issuer, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
            names = _names(certificate)
    except Exception:  # noqa: BLE001 - hostile bytes: any error means "cannot be read"
        return {}
    return facts | {key: value for key, value in (("subject", subject), ("issuer", issuer), ("names", names)) if value}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _part(name: x509.Name, *wanted: x509.ObjectIdentifier) -> str:
    """Return the first of these parts that the name has, as clean text."""
    for oid in wanted:
        for attribute in name.get_attributes_for_oid(oid):
            value = attribute.value
            return neutral(value if isinstance(value, str) else value.decode("utf-8", "replace"))
    return ""


def _names(certificate: x509.Certificate) -> list[JsonValue]:
    from cryptography import x509

    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    dns = found.get_values_for_type(x509.DNSName)
    ips = found.get_values_for_type(x509.IPAddress)
    return [neutral(str(name), 253) for name in [*dns, *ips][:MAX_NAMES]]
