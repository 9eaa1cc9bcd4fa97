"""The addresses under /api, in the shapes of the command line's `--json`."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, PlainTextResponse, Response

from kg.core.errors import PolicyKGError, UsageError
from kg.server import schemas
from kg.server.endpoints import Endpoint, Parameter, Values
from kg.server.errors import RETRY_SECONDS, Chinese
from kg.server.negotiation import GRAPH_TYPES, TABLE_TYPES
from kg.service import Service
from kg.service.originals import OTHER, PLAIN, SAVED, SHOWN
from kg.service.searching import ORDERS

MAX_TOP = 200
_PAGE, _MAX_PAGE = 100, 1000
_EXPORTS = {
    "graph": {"nq": "application/n-quads", "ttl": "text/turtle", "jsonld": "application/ld+json"},
    "agencies": {"graphml": "application/xml", "gexf": "application/xml"},
}
_MEDIA = {
    **{name: media for types in (TABLE_TYPES, GRAPH_TYPES) for media, name in reversed(types.items())},
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_exporting = threading.Lock()

YEAR = Parameter("year", "年份", int, minimum=1, maximum=9999, example=2024)
PLACE = Parameter("place", "地区", example="青浦区")
KIND = Parameter("kind", "公文种类", example="通知")
NAME = Parameter("name", "文档编号、其开头、路径或文件名", at="path", required=True)
PAGING = (
    Parameter("limit", "一页的条数", int, default=_PAGE, minimum=1, maximum=_MAX_PAGE),
    Parameter("offset", "跳过的条数", int, default=0),
)


def documents(service: Service, values: Values) -> Response:
    """A page of the list; the whole number is in `X-Total-Count`, the next page in `Link`."""
    wanted = {name: values[name] for name in ("year", "place", "kind") if values[name] is not None}
    words = (values["q"] or "").split()
    found = [
        item
        for item in service.documents()
        if all(item[name] == value for name, value in wanted.items()) and all(word in item["title"] for word in words)
    ]
    return _page(found, values)


def _page(found: list[Any], values: Values) -> Response:
    first, last = values["offset"], values["offset"] + values["limit"]
    headers = {"X-Total-Count": str(len(found))}
    if last < len(found):
        headers["Link"] = f'<?offset={last}&limit={values["limit"]}>; rel="next"'
    return Chinese(found[first:last], headers=headers)


def original(service: Service, values: Values) -> Response:
    """The file itself. What a browser would run is only ever saved; the page of a PDF is told in `X-Page`."""
    found = service.original(values["name"], position=values["start"])
    kind = "inline" if found.shown else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
    }
    if found.page is not None:
        headers["X-Page"] = str(found.page)
    return Response(found.data, media_type=found.media, headers=headers)


def search(service: Service, values: Values) -> Any:
    """Passages."""
    filters = {name: values[name] for name in ("year", "place", "agency", "kind", "theme", "since", "until", "order")}
    return service.search(values["q"], top=values["top"], **filters)


def agencies(service: Service, values: Values) -> Response:
    """A page of the agencies of the network, those with many ties first."""
    words = (values["q"] or "").split()
    found = [item for item in service.agencies()["agencies"] if all(word in item["label"] for word in words)]
    return _page(found, values)


def saved_query(service: Service, values: Values) -> Response:
    """The result of a saved query; formulas in a table are guarded, for a link to it is opened by people."""
    own = {name: value for name, value in values.items() if name not in ("name", "format")}
    result = service.query(service.saved_query(values["name"], **own))
    format_ = values["format"] or ("ttl" if result.kind == "construct" else "json")
    return Response(result.serialize(format_, for_people=True), media_type=_MEDIA[format_])


def export(service: Service, values: Values) -> Response:
    """A whole file. One at a time: a large graph takes the machine for a while."""
    what = values["what"]
    format_ = values["format"] or next(iter(_EXPORTS[what]))
    if format_ not in _EXPORTS[what]:
        raise UsageError(f"{what} 不能导出为 {format_}，可用：{'、'.join(_EXPORTS[what])}")
    if not _exporting.acquire(blocking=False):
        raise UsageError(f"另一个导出正在进行，请 {RETRY_SECONDS} 秒后重试", status=503)
    try:
        folder = tempfile.TemporaryDirectory(prefix="policykg-export-")
        target = Path(folder.name) / f"{what}.{format_}"
        try:
            service.export(what, format_, target)
        except PolicyKGError:
            folder.cleanup()
            raise
    finally:
        _exporting.release()
    media = _EXPORTS[what][format_]
    return FileResponse(target, media_type=media, filename=target.name, background=BackgroundTask(folder.cleanup))


ENDPOINTS = (
    Endpoint("/api/status", "索引的状况", lambda s, _: s.status(), schemas.STATUS, tagged=False),
    Endpoint(
        "/api/documents",
        "文档列表，可按年份、地区、种类和标题中的词筛选；总数在响应头 X-Total-Count",
        documents,
        schemas.listing(schemas.SUMMARY),
        (Parameter("q", "标题中的词，空格分开", example="质量月"), YEAR, PLACE, KIND, *PAGING),
    ),
    Endpoint(
        "/api/documents/{name:path}/text",
        "文档的正文；所有位置都从这里数起，以字符计",
        lambda s, v: PlainTextResponse(s.text(v["name"])),
        schemas.TEXT,
        (NAME,),
        media=("text/plain",),
    ),
    Endpoint(
        "/api/documents/{name:path}/original",
        "文档的原文件；start 为正文中的位置时，其所在页码在响应头 X-Page。文件已改动为 409，已不在原处为 410",
        original,
        {"type": "string", "format": "binary"},
        (
            NAME,
            Parameter("start", "正文中的位置", int, maximum=10**9),
            Parameter(
                "contacts",
                "原文件含联系人等个人信息：写 yes 表示确需查看，会记入操作记录",
                required=True,
                choices=("yes",),
                example="yes",
            ),
        ),
        media=tuple(dict.fromkeys((*SHOWN.values(), PLAIN, *SAVED.values(), OTHER))),
        tagged=False,
    ),
    Endpoint(
        "/api/documents/{name:path}",
        "一份文档及其全部事实（不含联系人）",
        lambda s, v: s.document(v["name"]),
        schemas.DOCUMENT,
        (NAME,),
    ),
    Endpoint(
        "/api/search",
        "检索段落，最相关的在前",
        search,
        schemas.listing(schemas.HIT),
        (
            Parameter("q", "检索的内容", required=True, example="首席质量官"),
            Parameter("top", "条数", int, default=10, minimum=1, maximum=MAX_TOP),
            *(YEAR, PLACE, Parameter("agency", "机构"), KIND, Parameter("theme", "主题")),
            Parameter("since", "成文日期不早于", example="2024-05"),
            Parameter("until", "成文日期不晚于", example="2024-12-31"),
            Parameter("order", "排序", default=ORDERS[0], choices=ORDERS),
        ),
    ),
    Endpoint(
        "/api/ask",
        "提问",
        lambda s, v: s.ask(v["q"], previous=v["previous"]),
        schemas.ANSWER,
        (
            Parameter("q", "问题", required=True, example="哪些区开展过质量开放日，历年有何变化？"),
            Parameter("previous", "上一个问题，接着问时用"),
        ),
    ),
    Endpoint(
        "/api/ask",
        "提问；问题在请求体中，不会留在代理服务器的日志里",
        lambda s, v: s.ask(v["question"], previous=v["previous"]),
        schemas.ANSWER,
        (
            Parameter("question", "问题", at="body", required=True, example="哪些文件引用了质量强国建设纲要？"),
            Parameter("previous", "上一个问题，接着问时用", at="body"),
        ),
        method="POST",
        tagged=False,
    ),
    Endpoint(
        "/api/agencies",
        "机构列表，联系多的在前；总数在响应头 X-Total-Count",
        agencies,
        schemas.listing(schemas.AGENCY),
        (Parameter("q", "名称中的词，空格分开", example="市场监督"), *PAGING),
    ),
    Endpoint(
        "/api/agencies/{name}",
        "一个机构：所属、承担的活动、相关文档",
        lambda s, v: s.agency(v["name"]),
        schemas.AGENCY_CARD,
        (Parameter("name", "机构名称，如列表中的 label", at="path", required=True),),
    ),
    Endpoint(
        "/api/series", "已收录的活动系列", lambda s, _: s.evolution()["held"], schemas.EVOLUTION["properties"]["held"]
    ),
    Endpoint(
        "/api/series/{name}",
        "一个活动系列历年在各地的情况：点名、推及、未提及、未入库",
        lambda s, v: s.evolution(v["name"]),
        schemas.EVOLUTION,
        (Parameter("name", "活动系列的名称", at="path", required=True),),
    ),
    Endpoint(
        "/api/queries",
        "已存的查询及其参数",
        lambda s, _: s.saved_queries(),
        schemas.listing(schemas.SAVED_QUERY),
        tagged=False,
    ),
    Endpoint(
        "/api/queries/{name}",
        "运行一个已存的查询；其参数写在地址中，例如 series=质量开放日",
        saved_query,
        schemas.ANY,
        (
            Parameter("name", "查询的名称", at="path", required=True),
            Parameter("format", "结果格式", choices=tuple(_MEDIA)),
        ),
        media=tuple(dict.fromkeys(_MEDIA.values())),
        free=True,
    ),
    Endpoint(
        "/api/export/{what}",
        "导出整个图（graph）或机构网络（agencies）",
        export,
        schemas.ANY,
        (
            Parameter("what", "导出的内容", at="path", required=True, choices=tuple(_EXPORTS)),
            Parameter("format", "格式", choices=tuple(name for types in _EXPORTS.values() for name in types)),
        ),
        media=tuple(dict.fromkeys(media for types in _EXPORTS.values() for media in types.values())),
    ),
)
