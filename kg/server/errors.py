"""What went wrong, as a status and one Chinese sentence in JSON: `{"error", "line"?, "column"?}`."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from kg.core.errors import (
    EnvironmentProblem,
    NotAllowed,
    PolicyKGError,
    QuerySyntaxError,
    RefusedQuery,
    UnknownName,
    UsageError,
)

RETRY_SECONDS = 5
_LIMITS = {"time": 503, "memory": 503, "busy": 503, "rows": 422, "bytes": 422, "size": 422}
_OF_HTTP = {
    404: "没有这个地址；可用的地址见 /openapi.json",
    405: "这个地址不接受 {method} 请求；可用的方法见 /openapi.json",
}


class Chinese(JSONResponse):
    """JSON that people can read."""

    def render(self, content: Any) -> bytes:
        """Chinese characters as themselves; half a character, which only an error message can quote, as ?."""
        return json.dumps(content, ensure_ascii=False).encode(errors="replace")


def status_of(error: Exception) -> int:
    """The HTTP status of an error of ours; `context["status"]` beats its class."""
    if isinstance(error, PolicyKGError) and isinstance(status := error.context.get("status"), int):
        return status
    if isinstance(error, UnknownName):
        return 404
    if isinstance(error, UsageError):
        return 400
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, RefusedQuery):
        return _LIMITS.get(str(error.context.get("limit")), 403)
    return 503 if isinstance(error, EnvironmentProblem) else 500


def reply_to(error: Exception) -> Response:
    """The reply. An error that is not ours is told by its class only: its words may hold anything."""
    if not isinstance(error, PolicyKGError):
        return Chinese({"error": f"内部错误 {type(error).__name__}。详情见服务端日志"}, status_code=500)
    body: dict[str, Any] = {"error": error.message}
    if isinstance(error, QuerySyntaxError) and error.line is not None:
        body |= {"line": error.line, "column": error.column}
    status = status_of(error)
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="policykg"'
    return Chinese(body, status_code=status, headers=headers)


def reply_to_http(status: int, method: str, headers: dict[str, str] | None = None) -> Response:
    """The reply for an address or a method that the server does not have."""
    text = _OF_HTTP.get(status, "请求无法处理（{status}）").format(method=method, status=status)
    return Chinese({"error": text}, status_code=status, headers=headers)
