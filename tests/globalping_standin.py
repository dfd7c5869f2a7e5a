"""How do tests meet Globalping without the internet? A stand-in on loopback, judged by the API's own description."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PLACE = Path(__file__).parents[2] / "shared/specs/globalping"
BASE = "https://globalping.invalid/"
FILES = ("spec.yaml", *(f"components/{name}.yaml" for name in ("schemas", "responses", "headers", "parameters")))
ID = "abcDEF0123456789"
RATE = {
    "X-RateLimit-Limit": "250",
    "X-RateLimit-Consumed": "3",
    "X-RateLimit-Remaining": "240",
    "X-RateLimit-Reset": "3000",
}
FRANKFURT = ("EU", "Western Europe", "Frankfurt", "DE", 3320)
DALLAS = ("NA", "Northern America", "Dallas", "US", 7018)
TOKYO = ("AS", "Eastern Asia", "Tokyo", "JP", 2497)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@cache
def spec() -> Spec | None:
    """Return the judge; None where the description is not at hand, which is said once, past any capturing."""
    if (PLACE / "spec.yaml").is_file():
        return Spec()
    print(f"\nNOT JUDGED by Globalping's OpenAPI description: {PLACE} is missing", file=sys.__stderr__)
    return None


class Spec:
    """The API's description."""

    def __init__(self) -> None:
        shapes = {name: yaml.safe_load((PLACE / name).read_text()) for name in FILES}
        made = ((BASE + name, Resource.from_contents(shape, DRAFT202012)) for name, shape in shapes.items())
        self._registry: Registry[Any] = Registry().with_resources(made)
        self._responses = shapes["components/responses.yaml"]["components"]["responses"]
        self._headers = shapes["components/headers.yaml"]["components"]["headers"]
        self.paths = shapes["spec.yaml"]["paths"]

    def request(self, body: Any) -> list[str]:
        """Judge the request for a measurement."""
        return self._faults("components/schemas.yaml#/components/schemas/MeasurementRequest", body)

    def response(self, name: str, body: Any, headers: Any) -> list[str]:
        """Judge a response by its name in the description: its body, and the headers that it must have."""
        told = self._responses[name].get("headers", {})
        named = {header: self._headers[ref["$ref"].rpartition("/")[2]] for header, ref in told.items()}
        missing = [
            f"{header} is missing" for header, what in named.items() if what["required"] and header not in headers
        ]
        place = f"components/responses.yaml#/components/responses/{name}/content/application~1json/schema"
        return missing + self._faults(place, body)

    def _faults(self, pointer: str, body: Any) -> list[str]:
        validator = Draft202012Validator({"$ref": BASE + pointer}, registry=self._registry)
        return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(body)]


def probe(place: tuple[str, str, str, str, int] = FRANKFURT) -> dict[str, Any]:
    """Return a probe as the API describes it."""
    continent, region, city, country, asn = place
    return {
        "continent": continent, "region": region, "country": country, "state": None, "city": city, "asn": asn,
        "network": "Some Network", "latitude": 1.0, "longitude": 2.0, "tags": ["eyeball-network"], "resolvers": ["private"],
    }  # fmt: skip


def finished(
    status: int = 200, place: Any = FRANKFURT, body: str = "", tls: Any = None, **headers: Any
) -> dict[str, Any]:
    """Return what a place got: an HTTP answer; underscores in header names become dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    result = {
        "status": "finished", "rawOutput": f"HTTP/1.1 {status}\n", "rawHeaders": "", "rawBody": body, "truncated": False,
        "headers": named, "resolvedAddress": "93.184.216.34", "statusCode": status, "statusCodeName": "Words", "tls": tls,
        "timings": {"total": 120, "dns": 5, "tcp": 20, "tls": 30, "firstByte": 60, "download": 5},
    }  # fmt: skip
    return {"probe": probe(place), "result": result}


def certificate(error: str | None) -> dict[str, Any]:
    """Return a certificate as a place describes it; with an error it is not accepted."""
    told = {} if error is None else {"error": error}
    return {
        "authorized": error is None, "protocol": "TLSv1.3", "cipherName": "TLS_AES_256_GCM_SHA384", "keyType": "EC",
        "createdAt": "2026-05-02T00:00:00.000Z", "expiresAt": "2027-05-01T23:59:59.000Z", "keyBits": 256,
        "issuer": {"O": "Some Trust"}, "subject": {"CN": "shop.example.com"}, "serialNumber": "07", "publicKey": "04",
        "fingerprint256": "52", **told,
    }  # fmt: skip


def failed(output: str, source: str | None = "target", place: Any = FRANKFURT) -> dict[str, Any]:
    """Return what a place got: nothing."""
    told = {} if source is None else {"failureSource": source}
    return {"probe": probe(place), "result": {"status": "failed", "rawOutput": output, **told}}


def under_way(place: Any = FRANKFURT) -> dict[str, Any]:
    """Return a place that has not told anything yet."""
    return {"probe": probe(place), "result": {"status": "in-progress", "rawOutput": ""}}


def measurement(results: list[Any], status: str = "finished") -> dict[str, Any]:
    """Return a measurement as the API describes it."""
    return {
        "id": ID, "type": "http", "status": status, "createdAt": "2026-11-24T12:00:00.000Z",
        "updatedAt": "2026-11-24T12:00:01.000Z", "target": "shop.example.com", "probesCount": len(results),
        "results": results,
    }  # fmt: skip


class GlobalpingStandin:
    """Answers as the real one does, notes what it was asked, and judges both by the description."""

    def __init__(self) -> None:
        self.results: list[Any] = []
        """What the places get."""
        self.looks_under_way = 1
        """How many questions find the measurement under way, before it is over."""
        self.creating: Answer | None = None
        """Answers a request for a measurement in another way."""
        self.telling: Answer | None = None
        """Answers a question about one in another way."""
        self.limits: dict[str, Any] = {"type": "ip", "limit": 250, "remaining": 240, "reset": 3000}
        self.bodies: list[Any] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        """Method, path with query, and headers of each request."""
        self.faults: list[str] = []
        self.url = ""
        self._looks = 0
        self._news = asyncio.Event()

    async def until(self, questions: int) -> None:
        """Wait until a measurement has been asked about this often."""
        while self.questions < questions:
            self._news.clear()
            await self._news.wait()

    @property
    def questions(self) -> int:
        """How often a measurement was asked about."""
        return sum(method == "GET" and path.startswith("/v1/measurements") for method, path, _ in self.asked)

    async def start(self, host: str = "127.0.0.1") -> web.AppRunner:
        """Listen; whoever calls this cleans the runner up."""
        app = web.Application()
        app.router.add_post("/v1/measurements", self._create)
        app.router.add_get("/v1/measurements/{id}", self._measurement)
        app.router.add_get("/v1/limits", self._limits)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, host, 0)
        await site.start()
        self.url = f"http://{host}:{runner.addresses[0][1]}"
        return runner

    @contextmanager
    def in_a_thread(self) -> Iterator[GlobalpingStandin]:
        """Listen in a thread of its own, for commands with loops of their own."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="globalping", daemon=True)
        thread.start()
        runner = asyncio.run_coroutine_threadsafe(self.start(), loop).result(10)
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    def _note(self, request: web.Request) -> None:
        self.asked.append((request.method, request.path_qs, dict(request.headers)))
        self._news.set()

    def _judged(self, name: str, body: Any, status: int = 200, **headers: str) -> web.Response:
        if (judge := spec()) is not None:
            self.faults += [f"{name}: {fault}" for fault in judge.response(name, body, headers)]
        return web.json_response(body, status=status, headers=headers)

    async def _create(self, request: web.Request) -> web.StreamResponse:
        self._note(request)
        body = await request.json()
        self.bodies.append(body)
        if (judge := spec()) is not None:
            self.faults += [f"request: {fault}" for fault in judge.request(body)]
        if self.creating is not None:
            return await self.creating(request)
        self._looks = 0
        told = {"id": ID, "probesCount": len(self.results)}
        return self._judged("measurements202", told, 202, **RATE, Location=f"{self.url}/v1/measurements/{ID}")

    async def _measurement(self, request: web.Request) -> web.StreamResponse:
        self._note(request)
        if self.telling is not None:
            return await self.telling(request)
        self._looks += 1
        over = self._looks > self.looks_under_way
        etag = f'W/"{over}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        shape = measurement(self.results, "finished" if over else "in-progress")
        return self._judged("measurement200", shape, ETag=etag)

    async def _limits(self, request: web.Request) -> web.StreamResponse:
        self._note(request)
        return self._judged("limits", {"rateLimit": {"measurements": {"create": self.limits}}})

    def too_many(self, **headers: str) -> Answer:
        """Return an answer that says "not now", as the description has it."""

        async def answer(request: web.Request) -> web.StreamResponse:
            name = "measurements429" if request.method == "POST" else "measurement429"
            body = {"error": {"type": "rate_limit_exceeded", "message": "Not now."}}
            return self._judged(name, body, 429, **headers)

        return answer


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Return an answer of these bytes, whatever they are."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=body, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    return answer


async def never(_request: web.Request) -> web.StreamResponse:
    """Answer when all are gone."""
    await asyncio.sleep(60)
    return web.Response()
