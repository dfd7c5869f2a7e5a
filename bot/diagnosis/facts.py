"""Which facts can a rule speak of? The closed vocabulary of `knowledge/causes/` and how it is gathered.

Each check fills its own facts; `gather` puts them, the pasted text and the user's answers into one flat mapping.
A fact that nobody has seen is missing from the mapping, never None.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from bot.diagnosis.findings import Report, Vantage
from bot.diagnosis.identification import Identification

CHECKS: dict[str, dict[str, str]] = {
    "canary": {
        "answered": "list of canary hosts that answered as they should",
        "failed": "list of canary hosts that did not",
    },
    "dns": {
        "addresses": "list of all addresses of the name",
        "v4": "list of its IPv4 addresses",
        "v6": "list of its IPv6 addresses",
        "cname": "list of names of the CNAME chain, in order, without the name itself",
        "resolvers": "list of {resolver, outcome, failure, addresses, ms}: what each resolver said",
        "agreement": "same | addresses-differ (usual with CDNs) | some-failed | conflict (one says there is no such name)",
        "literal": "true: the address is an IP address, there is no name to resolve",
    },
    "tcp": {
        "port": "port that was tried",
        "attempts": "list of {address, family (4, 6), outcome, failure, ms}",
        "v4": "ok | fail | mixed | none (no such address) | untested (the bot has no such route)",
        "v6": "like v4",
        "dead": "number of addresses that did not accept, of those tried",
        "tried": "number of addresses tried",
    },
    "tls": {
        "version": "TLSv1.2 | TLSv1.3",
        "alpn": "h2 | http/1.1",
        "verified": "true: chain, name and dates are right",
        "subject": "common name of the certificate (hostile text)",
        "issuer": "organisation or common name of its issuer (hostile text)",
        "names": "list of names it is valid for (hostile text)",
        "not_before": "ISO 8601, UTC",
        "not_after": "ISO 8601, UTC",
        "days_left": "whole days until not_after, negative when over",
    },
    "http": {
        "url": "address that gave the last answer, without query",
        "status": "status code of the last answer",
        "reason": "its reason phrase (hostile text)",
        "server": "its Server header (hostile text)",
        "title": "title of its page (hostile text)",
        "product": "id of the product that wrote this answer (products.toml)",
        "writer": "edge | gateway | server | platform | filter: the role of that product",
        "edge": "id of the CDN that the answer passed",
        "error": "id of the known error whose page this is",
        "challenge": "id of the product that refuses robots with a challenge or block",
        "maintenance": "true: the answer says so itself",
        "parked": "true: a page of a domain seller, a default page, a suspended account",
        "retry_after_s": "seconds that Retry-After asks for",
        "age_s": "Age header: the answer came from a cache",
        "redirects": "list of {status, location (without query)}",
        "attempts": "list of {status, failure, ms}: first try and its confirmation",
        "confirmed": "true: a failing answer was seen twice",
        "flapping": "true: the tries gave different outcomes (one good, one bad)",
        "by_family": "{v4: status or failure, v6: status or failure} when both were tried",
        "downgrade": "true: a redirect led from https to http",
        "ids": "{header: value} worth keeping for a report: cf-ray, x-amz-cf-id, x-azure-ref, ... (hostile text)",
        "ms_first_byte": "milliseconds from request to the first byte",
    },
}
"""Check -> fact -> what it holds. A check may leave a fact out; it may not invent one (a test looks)."""
