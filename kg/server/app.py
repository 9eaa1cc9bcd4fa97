"""The application: routes and the layers around them."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Route

from kg.core.errors import NotAllowed, PolicyKGError
from kg.server import schemas
from kg.server.endpoints import Endpoint, Values, entity_tag
from kg.server.errors import Chinese, reply_to, reply_to_http
from kg.server.guard import LOCAL_HOSTS, Guard, seen_by
from kg.server.observing import METRICS_MEDIA, Metrics, Observed, trace_of
from kg.server.openapi import openapi, page
from kg.server.protocol import Turns, answer_sparql
from kg.server.rest import ENDPOINTS
from kg.service import Service
from kg.service.seen import Seen

GZIP_FROM = 1024  # bytes


def create_app(service: Service, *, hosts: tuple[str, ...] = LOCAL_HOSTS) -> Starlette:
    """The application on a service. `hosts` are the names under which it answers, `*` for any."""
    settings = service.settings
    metrics = Metrics(service.generation)
    endpoints = (*_own(metrics), *ENDPOINTS)
    document = Chinese(openapi(endpoints, with_token=bool(settings.server_token))).body  # written out once
    shown = page(endpoints)
    turns = Turns(service.queries_at_once)

    async def sparql(request: Request) -> Response:
        trace_of(request).route = "/sparql"
        seen = seen_by(request.scope, service)
        tag = await run_in_threadpool(entity_tag, seen, request)
        if request.method != "POST" and tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
        reply = await answer_sparql(seen, request, turns)
        reply.headers["ETag"] = tag
        return reply

    async def human(request: Request) -> Response:
        trace_of(request).route = "/"
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        return HTMLResponse(shown, headers={"Content-Security-Policy": policy})

    async def described(request: Request) -> Response:
        trace_of(request).route = "/openapi.json"
        return Response(document, media_type=Chinese.media_type)

    def failed(_: Request, error: Exception) -> Response:
        return reply_to(error)

    def astray(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = _allowed(request)
        return reply_to_http(error.status_code, request.method, headers)

    origins = [origin.strip() for origin in settings.server_origins.split(",") if origin.strip()]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "If-None-Match"],
        expose_headers=["ETag", "Link", "X-Page", "X-Request-ID", "X-Total-Count"],
    )
    return Starlette(
        routes=[
            Route("/", human),
            Route("/openapi.json", described),
            Route("/sparql", sparql, methods=["GET", "POST"]),
            *(endpoint.route(service) for endpoint in endpoints),
        ],
        middleware=[
            Middleware(Observed, metrics=metrics),
            *([cors] if origins else []),
            Middleware(Guard, hosts=hosts, token=settings.server_token, rights=service.rights),
            Middleware(GZipMiddleware, minimum_size=GZIP_FROM, compresslevel=5),
        ],
        exception_handlers={PolicyKGError: failed, HTTPException: astray},
    )


def _allowed(request: Request) -> str:
    """All methods of an address: it may have a route for each, and the one that was asked knows of its own alone."""
    routes = (route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted({method for route in routes for method in route.methods}))


def _own(metrics: Metrics) -> tuple[Endpoint, ...]:
    """What a supervisor asks."""

    def health(service: Service, _: Values) -> dict[str, Any]:
        return {"status": "ok", "generation": service.generation()["number"]}

    def numbers(service: Service, _: Values) -> Response:
        if isinstance(service, Seen):  # counts of documents and of what others ask
            raise NotAllowed("您只能查看所在组的文档，不能查看运行指标")
        return Response(metrics.text(), headers={"Content-Type": METRICS_MEDIA})

    return (
        Endpoint("/health", "是否能应答（不需要令牌）；还没有索引时为 503", health, schemas.HEALTH, tagged=False),
        Endpoint("/metrics", "Prometheus 指标", numbers, schemas.TEXT, media=("text/plain",), tagged=False),
    )
