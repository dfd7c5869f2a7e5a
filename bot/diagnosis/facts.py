"""Which facts can a rule use? The closed vocabulary of `knowledge/causes/` and how it is gathered.

Each check fills its own facts; `gather` puts them, the pasted text and the user's answers into one flat mapping.
A fact that nobody has seen is missing from the mapping, never None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from pydantic import JsonValue

from bot.diagnosis.blamed import last_url, redirected, unconnected
from bot.diagnosis.elsewhere import seen_elsewhere
from bot.diagnosis.findings import Report
from bot.diagnosis.identification import Hops, Known
from bot.diagnosis.incidents import Others
from bot.diagnosis.unreached import is_another
from bot.kb.model import KnowledgeBase

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
        "agreement": "same | addresses-differ (usual with CDNs) | some-failed (on the name) | conflict (one denies it)",
        "failed": "number of resolvers whose answer speaks against the name; one that is silent says nothing",
        "literal": "true: the address is an IP address, there is no name to resolve",
    },
    "tcp": {
        "port": "port that was tried",
        "attempts": "list of {address, family (4, 6), outcome, failure, ms}",
        "v4": "ok | fail | mixed | none (no such address) | untested (the bot has no such route)",
        "v6": "like v4",
        "dead": "number of addresses that did not accept, of those tried",
        "tried": "number of addresses tried",
        "https": "how https failed, where no scheme was given and http was looked at instead: see findings.Failure",
    },
    "tls": {
        "version": "TLSv1.2 | TLSv1.3",
        "alpn": "h2 | http/1.1",
        "verified": "true: chain, name and dates are right, with every address",
        "attempts": "list of {address, outcome, failure}: the handshake with each address that accepted a connection",
        "tried": "number of those addresses",
        "failed": "number of them with which it failed",
        "mixed": "true: it passed with some of them and failed with others",
        "odd": "how it failed with those: see findings.Failure",
        "subject": "common name of the certificate (hostile text)",
        "issuer": "organisation or common name of its issuer (hostile text)",
        "names": "list of names it is valid for (hostile text)",
        "not_before": "ISO 8601, UTC",
        "not_after": "ISO 8601, UTC",
        "days_left": "whole days until not_after, negative when over",
    },
    "http": {
        "url": "address that gave the last answer, without query",
        "query": "true: that address has a query",
        "secret-removed": "true: the address was asked for without a part that may be secret, or good only once",
        "status": "status code of the last answer",
        "reason": "its reason phrase (hostile text)",
        "server": "its Server header (hostile text)",
        "title": "title of its page (hostile text)",
        "product": "id of the product that wrote this answer (products.toml)",
        "writer": "edge | gateway | server | platform | filter: the role of that product",
        "edge": "id of the CDN that the answer passed",
        "squid": "true: the answer passed a Squid, so one stands before the site",
        "error": "id of the known error whose page this is",
        "poses-as": "id of the known error whose page this is, though its status says that it is good",
        "no-page": "why browsers show no page of it, though its status says that it is good: location | coding",
        "challenge": "id of the product that refuses robots with a challenge or block",
        "maintenance": "true: the answer says so itself",
        "parked": "true: a page of a domain seller, a default page, a suspended account",
        "retry_after_s": "seconds that Retry-After asks for",
        "age_s": "Age header: the answer came from a cache",
        "redirects": "list of {status, location (without query)}",
        "not-followed": "why the last redirect was not: port | scheme | userinfo | inside (private space) | other",
        "other-page": "true: another page of the site was asked for, by somebody else, a moment ago",
        "not-looked": "why nobody looked: broken (a fault of the bot's) | busy (too many looks are waiting)",
        "leads-to": "scheme, host and port of where that redirect leads (hostile text)",
        "attempts": "list of {status, failure, ms}: first try and its confirmation",
        "confirmed": "true: a failing answer was seen twice",
        "flapping": "true: the tries gave different outcomes (one good, one bad)",
        "unsteady": "true: one try met a server error or no answer, the other one a refusal (4xx)",
        "by_family": "{v4: status or failure, v6: status or failure} when both were tried",
        "downgrade": "true: a redirect led from https to http",
        "cookie": "true: redirects that came to no end set a cookie, which no check sends back",
        "ids": "{header: value} worth keeping for a report: cf-ray, x-amz-cf-id, x-azure-ref, ... (hostile text)",
        "ms_first_byte": "milliseconds from request to the first byte",
        "stage": "dns | connect | tls | http: how far the last address was got, when it gave no answer",
    },
}
"""Check -> fact -> what it holds. A check may leave out a fact; it may not invent one (a test checks)."""

VOCABULARY: dict[str, str] = {
    "host": "host of the checked address or, when redirects led to an error, of the one that gave it",
    "port": "port to which no connection came about, of the checked address or of the one that redirects led to",
    "vantages": "number of places that looked",
    "checked": "true: the site was looked at; missing when there was no address",
    "refusal": "why the bot would not contact the address",
    "agrees": "true: the status seen by the bot is the one that the text reports; false: another one",
    "reached": "true: something that belongs to the site answered, if only with a refusal",
    "text.error": "id of the known error in the pasted text",
    "text.status": "HTTP status that the text reports",
    "text.family": "its family",
    "text.source": "machine that wrote it",
    "text.substatus": "IIS sub-status",
    "text.code": "the product's own code",
    "text.other-host": "true: the error names as not found or not reached another machine than the one looked at",
    "text.side": "whom the text itself blames",
    "text.layer": "page | browser | client | app | log | os",
    "text.local": "true: the address that failed is one of the reader's own machine (localhost)",
    "text.hop.visitor": "working | error, when the text proves it",
    "text.hop.edge": "working | error, when the text proves it",
    "text.hop.origin": "working | error, when the text proves it",
    "answer.other-sites": "works | fails: do other sites open for this visitor?",
    "answer.mobile-data": "works | fails: does it open on another network?",
    "answer.private-window": "works | fails: does it open in a private window?",
    "failed.again": "true: after a step the page still failed, though the site had been seen to work",
    "others.count": "number of other people on this server who met an error of this site lately; missing: none",
    "others.since": "when the first of them met it: ISO 8601, UTC",
    "elsewhere.tried": "number of other places that told what they got; missing: nobody was asked, or nobody told",
    "elsewhere.good": "number of those that got an answer that is no error",
    "elsewhere.bad": "number of those that got a server error or no answer",
    "elsewhere.same": "number of those that got the same server error as the bot or, like the bot, no answer",
    "elsewhere.all-same": "true: all of them got what the bot got",
    "elsewhere.answered": "true: some of them got an HTTP answer, whatever it said",
    "elsewhere.seen": "good (all of them) | bad (all of them) | mixed | unclear (some were turned away)",
    "elsewhere.places": "list of texts: place = what it got (hostile text)",
    "canary.outcome": "ok | fail | skip: does the bot's own connection work?",
    "dns.outcome": "ok | fail | skip",
    "dns.failure": "see findings.Failure",
    "dns.agreement": CHECKS["dns"]["agreement"],
    "dns.failed": CHECKS["dns"]["failed"],
    "tcp.outcome": "ok | fail | skip",
    "tcp.failure": "see findings.Failure",
    "tcp.v4": CHECKS["tcp"]["v4"],
    "tcp.v6": CHECKS["tcp"]["v6"],
    "tcp.dead": CHECKS["tcp"]["dead"],
    "tcp.tried": CHECKS["tcp"]["tried"],
    "tcp.port": CHECKS["tcp"]["port"],
    "tcp.https": CHECKS["tcp"]["https"],
    "tls.outcome": "ok | fail | skip",
    "tls.failure": "see findings.Failure",
    "tls.tried": CHECKS["tls"]["tried"],
    "tls.failed": CHECKS["tls"]["failed"],
    "tls.mixed": CHECKS["tls"]["mixed"],
    "tls.odd": CHECKS["tls"]["odd"],
    "tls.alpn": CHECKS["tls"]["alpn"],
    "tls.days_left": CHECKS["tls"]["days_left"],
    "tls.not_after": CHECKS["tls"]["not_after"],
    "tls.issuer": CHECKS["tls"]["issuer"],
    "http.secret-removed": CHECKS["http"]["secret-removed"],
    "http.redirected-from": "host of the checked address, when redirects led to an error of another host",
    "http.outcome": "ok | fail | skip",
    "http.failure": "see findings.Failure",
    "http.status": CHECKS["http"]["status"],
    "http.class": "2 to 9: the first digit of the status; missing when the answer ended in a failure",
    "http.product": CHECKS["http"]["product"],
    "http.writer": CHECKS["http"]["writer"],
    "http.edge": CHECKS["http"]["edge"],
    "http.squid": CHECKS["http"]["squid"],
    "http.error": CHECKS["http"]["error"],
    "http.error-side": "whom the page of the answer itself blames",
    "http.poses-as": CHECKS["http"]["poses-as"],
    "http.no-page": CHECKS["http"]["no-page"],
    "http.challenge": CHECKS["http"]["challenge"],
    "http.maintenance": CHECKS["http"]["maintenance"],
    "http.parked": CHECKS["http"]["parked"],
    "http.retry_after_s": CHECKS["http"]["retry_after_s"],
    "http.age_s": CHECKS["http"]["age_s"],
    "http.confirmed": CHECKS["http"]["confirmed"],
    "http.flapping": CHECKS["http"]["flapping"],
    "http.unsteady": CHECKS["http"]["unsteady"],
    "http.not-followed": CHECKS["http"]["not-followed"],
    "http.other-page": CHECKS["http"]["other-page"],
    "http.not-looked": CHECKS["http"]["not-looked"],
    "http.leads-to": CHECKS["http"]["leads-to"],
    "http.downgrade": CHECKS["http"]["downgrade"],
    "http.cookie": CHECKS["http"]["cookie"],
    "http.stage": CHECKS["http"]["stage"],
    "http.unencrypted": "true: the address that was asked last is an http one",
    "http.encrypted": "true: the last answer came over https, so its certificate is right",
    "http.families-differ": "true: the site answers well over one address family and badly over the other",
    "product.name": "name of the product that wrote the answer or, without one, the text",
    "edge.name": "name of the CDN that the answer passed",
}
"""Flat fact -> what it holds: the names that causes may use in conditions and placeholders."""

Facts = Mapping[str, JsonValue]
ANSWERS = ("works", "fails")
STAGES = ("dns", "connect", "tls", "http")
"""How far a request can get: the values of `http.stage`."""
NOT_FOLLOWED = ("port", "scheme", "userinfo", "inside", "other")
"""The values of `http.not-followed`."""
NOT_LOOKED = ("broken", "busy")
"""The values of `http.not-looked`."""
NO_PAGE = ("location", "coding")
"""The values of `http.no-page`: a redirect that names no target, and compression that cannot be undone."""

_ANSWERING_FAILURES = frozenset(
    {
        "nxdomain", "no-address", "refused", "reset", "cert-expired", "cert-not-yet-valid", "cert-hostname",
        "cert-self-signed", "cert-untrusted", "tls-handshake", "empty-reply", "not-http", "odd-http", "truncated",
        "redirect-loop", "too-many-redirects", "redirect-refused", "bad-location",
    }
)  # fmt: skip


def gather(
    kb: KnowledgeBase,
    known: Known | None,
    hop: Hops | None,
    report: Report | None,
    answers: Mapping[str, str],
) -> dict[str, JsonValue]:
    """Put all evidence into one flat mapping; names are those of `VOCABULARY`."""
    facts: dict[str, JsonValue] = {}
    if known is not None:
        facts |= _text_facts(kb, known)
    if hop is not None:
        facts |= {f"text.hop.{k}": v for k, v in hop.model_dump().items() if v != "unknown"}
    facts |= {f"answer.{question}": answer for question, answer in answers.items() if answer in ANSWERS}
    if report is not None:
        facts["host"] = report.host
        facts["vantages"] = len(report.places)
        if report.refusal is not None:
            facts["refusal"] = report.refusal
        else:
            facts |= _site_facts(report)
            if "http.not-looked" not in facts:
                facts["checked"] = True
            facts |= _another_machine(known, report)
            facts |= redirected(report, facts.get("http.status"))
            facts |= unconnected(report, facts)
            facts |= seen_elsewhere(report, facts.get("http.status"), _failures(facts, CHECKS.keys() - {"canary"}))
    if (shown := kb.errors.get(str(facts.get("http.error")))) is not None:
        facts["http.error-side"] = shown.side.value
    facts |= _names(kb, facts)
    if "http.status" in facts and "text.status" in facts:
        facts["agrees"] = facts["http.status"] == facts["text.status"]
    return facts


def facts_of_others(others: Others | None) -> dict[str, JsonValue]:
    """Return what others on the same server add to the evidence."""
    if others is None:
        return {}
    return {"others.count": others.count, "others.since": others.since.isoformat()}


def _text_facts(kb: KnowledgeBase, known: Known) -> dict[str, JsonValue]:
    facts: dict[str, JsonValue] = {
        "text.error": known.error,
        "text.status": known.status,
        "text.family": known.family,
        "text.source": known.source,
        "text.substatus": known.substatus,
        "text.code": known.code,
        "text.local": known.local or None,
    }
    entry = kb.errors.get(known.error)
    if entry is not None:
        facts |= {"text.side": entry.side.value, "text.layer": entry.layer}
    return {name: value for name, value in facts.items() if value is not None}


def _another_machine(known: Known | None, report: Report) -> dict[str, JsonValue]:
    """Say whether the error is about a machine that was not looked at."""
    if known is None or known.unreached is None:
        return {}
    dns = report.local.finding("dns")
    addresses = dns.facts.get("addresses") if dns is not None else None
    looked_at = (report.host, urlsplit(last_url(report)).hostname or report.host)
    is_other = is_another(known.unreached, looked_at, map(str, addresses) if isinstance(addresses, list) else ())
    return {"text.other-host": True} if is_other else {}


def _site_facts(report: Report) -> dict[str, JsonValue]:
    facts: dict[str, JsonValue] = {}
    for finding in report.local.findings:
        facts[f"{finding.check}.outcome"] = finding.outcome.value
        if finding.failure is not None:
            facts[f"{finding.check}.failure"] = finding.failure.value
        for name, value in finding.facts.items():
            flat = f"{finding.check}.{name}"
            if flat in VOCABULARY and value is not None:
                facts[flat] = value
    if last_url(report).startswith("http://"):
        facts["http.unencrypted"] = True
    status = facts.get("http.status")
    if isinstance(status, int) and "http.failure" not in facts:
        facts["http.class"] = status // 100
        if last_url(report).startswith("https://"):
            facts["http.encrypted"] = True
    facts["reached"] = isinstance(status, int) or bool(_failures(facts, CHECKS) & _ANSWERING_FAILURES)
    if _families_differ(report):
        facts["http.families-differ"] = True
    return facts


def _failures(facts: Facts, checks: Iterable[str]) -> frozenset[JsonValue]:
    return frozenset(facts[name] for check in checks if (name := f"{check}.failure") in facts)


def _families_differ(report: Report) -> bool:
    http = report.local.finding("http")
    by_family = http.facts.get("by_family") if http is not None else None
    if not isinstance(by_family, dict):
        return False
    turned_away = [isinstance(answer, int) and 400 <= answer < 500 for answer in by_family.values()]
    good = [isinstance(answer, int) and answer < 400 for answer in by_family.values()]
    return any(good) and not all(good) and not any(turned_away)


def _names(kb: KnowledgeBase, facts: Facts) -> dict[str, JsonValue]:
    """Give products the names that people know, when the evidence names a product."""
    names = {product.id: product.name for product in kb.products}
    found: dict[str, JsonValue] = {}
    for source in (facts.get("http.product"), facts.get("text.source")):
        if source in names:
            found["product.name"] = names[str(source)]
            break
    if facts.get("http.edge") in names:
        found["edge.name"] = names[str(facts["http.edge"])]
    return found
