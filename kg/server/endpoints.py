"""An address of the server, told once: the routes, the checks of what a client gives, and OpenAPI are made from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import kg
from kg.core.bounds import NAME, bounded
from kg.core.errors import UsageError
from kg.server.bodies import as_text, media_type, read_body
from kg.server.errors import Chinese
from kg.server.guard import seen_by
from kg.server.observing import trace_of
from kg.service import Service

Json = dict[str, Any]
Values = Mapping[str, Any]
MAX_INTEGER = 1_000_000
_SHOWN = 40  # characters of what was given that an error repeats


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a client may give. `kind` is str or int; `at` is query, path, or body (a key of a JSON object)."""

    name: str
    help: str
    kind: type = str
    at: str = "query"
    required: bool = False
    default: Any = None
    minimum: int = 0
    maximum: int = MAX_INTEGER
    choices: tuple[str, ...] = ()
    example: Any = None

    def read(self, given: Any) -> Any:
        """The value. Raises `UsageError`."""
        if self.kind is int:
            try:
                number = int(given)
            except (TypeError, ValueError, OverflowError):
                raise UsageError(f"参数 {self.name} 应为整数，而不是 {str(given)[:_SHOWN]}") from None
            if not self.minimum <= number <= self.maximum:
                raise UsageError(
                    f"参数 {self.name} 应在 {self.minimum} 与 {self.maximum} 之间，而不是 {str(given)[:_SHOWN]}"
                )
            return number
        if not isinstance(given, str) or "\x00" in given:
            raise UsageError(f"参数 {self.name} 应为文字")
        bounded(given, NAME, f"参数 {self.name}")
        if self.required and not given.strip():
            raise UsageError(f"参数 {self.name} 是空的，请填写：{self.help}")
        if self.choices and given not in self.choices:
            raise UsageError(f"参数 {self.name} 应为 {'、'.join(self.choices)} 之一，而不是 {given}")
        return given


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address and method. `answer` gives a JSON value or a whole response; it runs in a thread.

    `schema` is the JSON Schema of what it gives; `media` where that is no JSON. `tagged` answers follow from the
    generation alone, so that a client that has one need not get it again. `free` names parameters beside those listed.
    """

    path: str
    summary: str
    answer: Callable[[Service, Values], Any]
    schema: Json = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    method: str = "GET"
    media: tuple[str, ...] = ("application/json",)
    tagged: bool = True
    free: bool = False

    def route(self, service: Service) -> Route:
        """The route of this address on a service."""

        async def handle(request: Request) -> Response:
            trace_of(request).route = self.template
            values = await self._values(request)
            seen = seen_by(request.scope, service)
            tag = await run_in_threadpool(entity_tag, seen, request) if self.tagged else ""
            if tag and tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers={"ETag": tag})
            found = await run_in_threadpool(self._respond, seen, values)
            if tag:
                found.headers["ETag"] = tag
                found.headers.setdefault("Cache-Control", "no-cache")
            return found

        return Route(self.path, handle, methods=[self.method], name=f"{self.method} {self.template}")

    @property
    def template(self) -> str:
        """The path as OpenAPI and the metrics write it."""
        return self.path.replace(":path}", "}")

    def _respond(self, service: Service, values: Values) -> Response:
        # in the thread: writing a long list as JSON would hold up all other clients
        found = self.answer(service, values)
        return found if isinstance(found, Response) else Chinese(found)

    async def _values(self, request: Request) -> Values:
        given: dict[str, Any] = dict(request.path_params)
        for name, value in request.query_params.multi_items():
            if name in given:
                raise UsageError(f"参数 {name} 给了不止一次")
            given[name] = value
        if self.method == "POST":
            given |= await _json_object(request)
        known = {p.name: p for p in self.parameters}
        if (unknown := given.keys() - known.keys()) and not self.free:
            allowed = f"可用：{'、'.join(known)}" if known else "此地址不带参数"
            raise UsageError(f"不支持的参数：{'、'.join(sorted(unknown))}；{allowed}")
        if missing := [p.name for p in self.parameters if p.required and p.name not in given]:
            raise UsageError(f"缺少参数：{'、'.join(missing)}")
        read = {p.name: p.read(given[p.name]) if p.name in given else p.default for p in self.parameters}
        return {**{name: given[name] for name in unknown}, **read}


def entity_tag(service: Service, request: Request) -> str:
    """A tag that changes with the generation, the program and the format wanted (weak: gzip may differ).

    64 bits: compared with the tag that a client has of the same address.
    """
    current = service.generation()
    folder = str(service.snapshot().folder)  # one for each set of rights
    parts = (kg.__version__, folder, current["number"], current["created"], request.headers.get("accept", ""))
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"'


async def _json_object(request: Request) -> Json:
    if (media := media_type(request)) != "application/json":
        raise UsageError(f"不支持的请求类型 {media or '（未注明）'}，可用：application/json", status=415)
    try:
        value = json.loads(as_text(await read_body(request)))
    except (ValueError, RecursionError) as error:
        raise UsageError('请求体不是 JSON，应为一个对象，例如 {"question": "…"}') from error
    if not isinstance(value, dict):
        raise UsageError("请求体应为一个 JSON 对象")
    return value
