"""The SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation.

    GET  /sparql?query=…                                  without `query`: the service description
    POST /sparql   application/x-www-form-urlencoded      query=…
    POST /sparql   application/sparql-query               the query itself

each with any number of `default-graph-uri` and `named-graph-uri`, which name graphs that are held; nothing is fetched.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kg.core.errors import RefusedQuery, UsageError
from kg.server.bodies import as_text, media_type, read_body
from kg.server.negotiation import GRAPH_TYPES, TABLE_TYPES, negotiate
from kg.service import Service

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
MAX_FIELDS = 1000
QUEUE_SECONDS = 60  # a client waits for its turn; the time limit of the query comes on top
_OF_UPDATES = {"update", "using-graph-uri", "using-named-graph-uri"}
READ_ONLY = "本服务只读，不接受更新；修改请用 policykg ingest 或 policykg remove"


@dataclass(frozen=True, slots=True)
class Query:
    """What a client asks: the text, and the graphs that it may read (none: all)."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


class Turns:
    """As many queries at a time as are worth sending to the processes; in threads of their own.

    The threads of questions and searches are not theirs: who asks a query would wait for those, and hold its turn.
    """

    def __init__(self, most: int) -> None:
        self.free = asyncio.Semaphore(most)
        self.threads = ThreadPoolExecutor(most, thread_name_prefix="policykg-sparql")


async def answer_sparql(service: Service, request: Request, turns: Turns) -> Response:
    """Answer one request of the protocol. Who waits for a turn holds no thread, and is served in order of arrival."""
    accept = ",".join(request.headers.getlist("accept"))
    query = await read_query(request)
    if query is None:
        media = negotiate(accept, GRAPH_TYPES)
        endpoint = str(request.url.replace(query="", fragment=""))
        try:
            described = await run_in_threadpool(service.sparql_description, endpoint, GRAPH_TYPES[media])
        except ValueError as error:  # a Host that makes no IRI
            raise UsageError("请求头 Host 不是有效的名称，请检查客户端或代理的设置") from error
        return _reply(described, media)
    negotiate(accept, TABLE_TYPES | GRAPH_TYPES)  # what cannot be answered at all is not worth running

    def work() -> tuple[bytes, str]:
        result = service.query(query.text, default_graphs=query.default_graphs, named_graphs=query.named_graphs)
        types = GRAPH_TYPES if result.kind == "construct" else TABLE_TYPES
        media = negotiate(accept, types)
        return result.serialize(types[media]), media

    try:
        async with asyncio.timeout(QUEUE_SECONDS):
            await turns.free.acquire()
    except TimeoutError:
        busy = f"同时进行的查询太多，排队超过 {QUEUE_SECONDS} 秒。请稍后重试，或调高 POLICYKG_QUERY_WORKERS"
        raise RefusedQuery(busy, limit="busy") from None
    try:
        return _reply(*await asyncio.get_running_loop().run_in_executor(turns.threads, work))
    finally:
        turns.free.release()


async def read_query(request: Request) -> Query | None:
    """The query of a request; None where it has none at all. Raises `UsageError`, `RefusedQuery`."""
    fields = list(request.query_params.multi_items())
    if request.method == "POST":
        media = media_type(request)
        if media == UPDATE:
            raise RefusedQuery(READ_ONLY)
        if media not in (FORM, QUERY):
            raise UsageError(f"不支持的请求类型 {media or '（未注明）'}，可用：{FORM}、{QUERY}", status=415)
        text = as_text(await read_body(request))
        fields += _form(text) if media == FORM else [("query", text)]
    names = {name for name, _ in fields}
    if refused := _OF_UPDATES & names:
        raise RefusedQuery(f"不支持 {'、'.join(sorted(refused))}：{READ_ONLY}")
    queries = [value for name, value in fields if name == "query"]
    if not queries and request.method in ("GET", "HEAD") and not names:
        return None
    if len(queries) != 1:
        raise UsageError(f"请给出一个 query 参数，而不是 {len(queries)} 个")
    return Query(queries[0], _values(fields, "default-graph-uri"), _values(fields, "named-graph-uri"))


def _form(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError as error:
        raise UsageError("表单不是 UTF-8 编码，请转为 UTF-8 后重试") from error
    except ValueError as error:
        raise UsageError(f"表单的字段太多，上限 {MAX_FIELDS} 个", status=413) from error


def _values(fields: list[tuple[str, str]], wanted: str) -> tuple[str, ...]:
    return tuple(value for name, value in fields if name == wanted)


def _reply(body: bytes, media: str) -> Response:
    return Response(body, media_type=media, headers={"Vary": "Accept"})
