"""HTTP on this machine: the SPARQL 1.1 Protocol, read-only, and a small REST API in the shapes of the command line.

    GET  /sparql?query=…                          https://www.w3.org/TR/sparql11-protocol/#query-operation
    POST /sparql   application/x-www-form-urlencoded, or application/sparql-query
    GET  /api/status   /api/documents   /api/documents/{id}   /api/ask?q=…   /api/search?q=…&top=…&year=…

What cannot be honoured is refused: updates, `default-graph-uri`, `named-graph-uri`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from kg.core.errors import EnvironmentProblem, PolicyKGError, RefusedQuery, UnknownName, UsageError
from kg.service import Service

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

MAX_BODY = 1 << 20  # bytes; a query of a million characters is a mistake
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")

TABLE_TYPES = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_TYPES = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
}


def create_app(service: Service, *, hosts: tuple[str, ...] = LOCAL_HOSTS) -> Starlette:
    """The application. `hosts` are the names under which it answers (a page elsewhere must not reach it by DNS)."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import JSONResponse
    from starlette.responses import Response as Reply
    from starlette.routing import Route

    class Chinese(JSONResponse):
        def render(self, content: Any) -> bytes:
            return json.dumps(content, ensure_ascii=False).encode()

    async def sparql(request: Request) -> Response:
        text = await _query_text(request)
        result = await run_in_threadpool(service.query, text)
        types = GRAPH_TYPES if result.kind == "construct" else TABLE_TYPES
        media = negotiate(request.headers.get("accept", ""), types)
        return Reply(await run_in_threadpool(result.serialize, types[media]), media_type=media)

    def api(answer: Callable[[Request], Any]) -> Callable[[Request], Response]:
        return lambda request: Chinese(answer(request))

    def search(request: Request) -> Any:
        given = dict(request.query_params)
        query = given.pop("q", "")
        numbers = {name: _number(name, given.pop(name)) for name in ("top", "year") if name in given}
        if unknown := given.keys() - {"place", "agency", "kind", "theme"}:
            raise UsageError(f"不支持的参数：{'、'.join(sorted(unknown))}")
        return service.search(query, **numbers, **given)  # type: ignore[arg-type]

    def failed(_: Request, error: Exception) -> Response:
        message = error.message if isinstance(error, PolicyKGError) else f"内部错误 {type(error).__name__}"
        return Chinese({"error": message}, status_code=_status(error))

    return Starlette(
        routes=[
            Route("/sparql", sparql, methods=["GET", "POST"]),
            Route("/api/status", api(lambda _: service.status())),
            Route("/api/documents", api(lambda _: service.documents())),
            Route("/api/documents/{name:path}", api(lambda request: service.document(request.path_params["name"]))),
            Route("/api/ask", api(lambda request: service.ask(request.query_params.get("q", "")))),
            Route("/api/search", api(search)),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))],
        exception_handlers={PolicyKGError: failed, Exception: failed},
    )


def serve(service: Service, *, host: str, port: int) -> None:
    """Run until interrupted. Raises `EnvironmentProblem` where the address cannot be used."""
    import socket

    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise EnvironmentProblem(
                f"无法监听 {host}:{port}：{error.strerror or error}。可用 --port 另选端口"
            ) from error
        application = create_app(service, hosts=LOCAL_HOSTS if _is_local(host) else ("*",))
        uvicorn.Server(uvicorn.Config(application, log_level="warning")).run(sockets=[listening])


def negotiate(accept: str, types: dict[str, str]) -> str:
    """The media type to answer with: the client's best that we have; ours where it has no wish.

    RFC 9110 §12.5.1: `text/csv;q=0.5, application/*`. Raises `UsageError` where none fits.
    """
    wishes = []
    for position, part in enumerate(accept.split(",")):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            wishes.append((-float(quality), position, media))
        except ValueError:
            wishes.append((0.0, position, media))
    for weight, _, media in sorted(wishes):
        if weight == 0 and media:
            continue
        for known in types:
            if media in ("", "*/*", known) or (media.endswith("/*") and known.startswith(media[:-1])):
                return known
    raise UsageError(f"无法给出所要的格式 {accept}，可用：{'、'.join(types)}", not_acceptable=True)


async def _query_text(request: Request) -> str:
    fields = list(request.query_params.multi_items())
    body = b""
    if request.method == "POST":
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY:
                raise UsageError(f"请求过长，上限 {MAX_BODY} 字节")
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("请求不是 UTF-8 编码") from error
    if media == "application/sparql-query":
        fields.append(("query", text))
    elif media == "application/x-www-form-urlencoded":
        fields += [(name, value) for name, values in parse_qs(text).items() for value in values]
    elif body:
        raise RefusedQuery(f"不支持的请求类型 {media or '（未注明）'}；本服务只读，不接受更新")
    names = [name for name, _ in fields]
    if refused := {"update", "default-graph-uri", "named-graph-uri", "using-graph-uri"} & set(names):
        raise RefusedQuery(f"不支持 {'、'.join(sorted(refused))}；请在查询中写 FROM 或 GRAPH，本服务只读")
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        raise UsageError("请给出一个 query 参数")
    return queries[0]


def _number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise UsageError(f"参数 {name} 应为整数，而不是 {value}") from error


def _status(error: Exception) -> int:
    if isinstance(error, UnknownName):
        return 404
    if isinstance(error, UsageError):
        return 406 if error.context.get("not_acceptable") else 400
    if isinstance(error, RefusedQuery):
        return 403
    return 503 if isinstance(error, EnvironmentProblem) else 500


def _is_local(host: str) -> bool:
    return host in ("127.0.0.1", "localhost", "::1")
