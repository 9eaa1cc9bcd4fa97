"""Every request is counted, timed and logged, without what was asked and who asked.

A log line is one JSON object: `{"time", "level", "event", "id", "method", "route", "status", "ms"}`. No address of a
client, no query, no name: the route is the template (`/api/documents/{name}`).
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.core.errors import PolicyKGError
from kg.server.errors import reply_to

LOG = logging.getLogger("kg.server")
METRICS_MEDIA = "text/plain; version=0.0.4; charset=utf-8"
CLIENT_GONE = 499  # as nginx writes it
OTHER = "other"  # addresses that are not ours, methods that nobody knows: a scanner must not make a series of each
_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds


@dataclass(slots=True)
class Trace:
    """What is known of a request under way. The address that answers writes its template into `route`."""

    id: str
    route: str = OTHER
    begun: float = field(default_factory=time.perf_counter)


def trace_of(request: Request) -> Trace:
    """The trace of a request."""
    trace: Trace = request.scope["policykg.trace"]
    return trace


class Metrics:
    """The numbers of one server, in a registry of its own."""

    def __init__(self, generation: Callable[[], dict[str, Any]]) -> None:
        self._generation = generation
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("policykg_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "policykg_request_seconds", "Time to answer", ("route",), buckets=_BUCKETS, registry=self.registry
        )
        self.open = Gauge("policykg_requests_in_progress", "Requests being answered", registry=self.registry)
        number = Gauge("policykg_generation", "Generation that answers come from", registry=self.registry)
        number.set_function(lambda: self._of_generation("number"))
        documents = Gauge("policykg_documents", "Documents in that generation", registry=self.registry)
        documents.set_function(lambda: self._of_generation("documents"))
        ProcessCollector(registry=self.registry)

    def _of_generation(self, name: str) -> float:
        try:
            return float(self._generation()[name])
        except PolicyKGError:  # nothing published yet
            return 0.0

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)


class Observed:
    """The outermost layer: gives a request its id, and an unforeseen error its reply."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        trace = Trace(given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex)
        scope["policykg.trace"] = trace
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = trace.id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        with self.metrics.open.track_inprogress():
            try:
                await self.app(scope, receive, sending)
            except ClientDisconnect:
                status = CLIENT_GONE
            except Exception as error:  # noqa: BLE001 - its words may hold what was asked: only its place is logged
                _log_failure(trace, error)
                if not status:
                    await reply_to(error)(scope, receive, sending)
        self._account(scope["method"], trace, status or CLIENT_GONE)

    def _account(self, method: str, trace: Trace, status: int) -> None:
        seconds = time.perf_counter() - trace.begun
        method = method if method in _METHODS else OTHER
        self.metrics.requests.labels(method, trace.route, str(status)).inc()
        self.metrics.seconds.labels(trace.route).observe(seconds)
        told = {"method": method, "route": trace.route, "status": status, "ms": round(seconds * 1000, 1)}
        LOG.info("request", extra={"told": {"id": trace.id, **told}})


def _log_failure(trace: Trace, error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    told = {"id": trace.id, "route": trace.route, "error": type(error).__name__, "at": places}
    LOG.error("failure", extra={"told": told})


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        time_ = datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")
        line = {"time": time_, "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps({**line, **getattr(record, "told", {})}, ensure_ascii=False)


def log_to_stderr() -> None:
    """Send the server's log lines to stderr, once."""
    if not LOG.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        LOG.addHandler(handler)
        LOG.setLevel(logging.INFO)
        LOG.propagate = False
