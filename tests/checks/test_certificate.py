"""What is read from certificates that want to deceive or to break the reader?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.certificate import MAX_NAMES, facts_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(common_name: str = "www.site.test", names: list[str] | None = None, issuer: str | None = None) -> bytes:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    by = [x509.NameAttribute(x509.NameOID.COMMON_NAME, "Issuing CA 1")]
    by += [x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, issuer)] if issuer else []
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name(by))
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=60, hours=5))
    )
    if names is not None:
        general: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        general.append(x509.IPAddress(ip_address("192.0.2.1")))
        builder = builder.add_extension(x509.SubjectAlternativeName(general), critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_everything_is_read() -> None:
    """Names, issuer and dates of an ordinary certificate."""
    assert facts_of(certificate(names=["site.test", "*.site.test"], issuer="Good CA"), NOW) == {
        "subject": "www.site.test",
        "issuer": "Good CA",
        "names": ["site.test", "*.site.test", "192.0.2.1"],
        "not_before": "2026-10-25T12:00:00+00:00",
        "not_after": "2027-01-23T17:00:00+00:00",
        "days_left": 60,
    }


def test_issuer_without_organisation_is_named_by_common_name() -> None:
    """Where the issuer gives no organisation its common name is used; missing names are left out."""
    facts = facts_of(certificate(), NOW)
    assert facts["issuer"] == "Issuing CA 1"
    assert "names" not in facts


@pytest.mark.parametrize(("hours", "days"), [(0, 60), (60 * 24 + 5, 0), (60 * 24 + 6, -1), (100 * 24, -40)])
def test_days_left_are_whole_and_turn_negative(hours: int, days: int) -> None:
    """The last day counts as zero, every day after the end as one below."""
    assert facts_of(certificate(), NOW + timedelta(hours=hours))["days_left"] == days


def test_hostile_names_are_cleaned_and_cut() -> None:
    """Direction marks, line breaks and too many names do not get through."""
    facts = facts_of(certificate("a\u202eb\r\nc`", [f"n{n}.site.test" for n in range(200)]), NOW)
    assert facts["subject"] == "ab c`"
    assert len(facts["names"]) == MAX_NAMES  # type: ignore[arg-type]


@given(st.binary(max_size=200), st.integers(0, 400))
def test_rubbish_is_nothing(noise: bytes, at: int) -> None:
    """Bytes that are no certificate, or a damaged one, give facts or none, never an error."""
    whole = certificate(names=["site.test"])
    assert facts_of(noise, NOW) == {}
    assert isinstance(facts_of(whole[:at] + noise + whole[at + len(noise) :], NOW), dict)
