"""The OpenAPI 3.1 document, and a page of it for people; both are made from the endpoints."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlencode

import kg
from kg.server import schemas
from kg.server.endpoints import Endpoint, Parameter
from kg.server.negotiation import GRAPH_TYPES, TABLE_TYPES
from kg.server.protocol import FORM, QUERY

Json = dict[str, Any]
_ERROR = {"application/json": {"schema": schemas.ERROR}}
_FAILURES = {
    "400": "请求有误；SPARQL 语法错误另有 line、column",
    "401": "需要访问令牌，或令牌不对",
    "403": "更新、SERVICE、不在库中的图",
    "404": "没有这个名称或地址",
    "406": "给不出所要的格式",
    "409": "原文件在入库后改动过",
    "410": "原文件已不在原处",
    "408": "请求体迟迟没有收完",
    "413": "请求过长",
    "415": "不支持的请求类型或字符编码",
    "422": "结果超过行数或大小上限",
    "500": "内部错误",
    "503": "超过时限、内存不足、排队过久，或还没有索引",
}
_RESULTS = (*TABLE_TYPES, *GRAPH_TYPES)


def openapi(endpoints: Iterable[Endpoint], *, with_token: bool) -> Json:
    """The document, as JSON-able values."""
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.template, {})[endpoint.method.lower()] = _operation(endpoint)
    paths["/sparql"] = _sparql()
    document: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "policykg",
            "version": kg.__version__,
            "description": "公文知识图谱的只读接口，形状同命令行的 --json。",
        },
        "paths": paths,
    }
    if with_token:
        document["components"] = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
        document["security"] = [{"token": []}]
    return document


def _operation(endpoint: Endpoint) -> Json:
    operation: Json = {
        "summary": endpoint.summary,
        "parameters": [_parameter(p) for p in endpoint.parameters if p.at != "body"],
        "responses": _responses({media: {"schema": endpoint.schema} for media in endpoint.media}),
    }
    if endpoint.free:
        values = {"type": "object", "additionalProperties": {"type": "string"}}
        extra = {"name": "values", "in": "query", "style": "form", "explode": True, "schema": values}
        operation["parameters"].append({**extra, "description": "查询自己的参数"})
    if body := [p for p in endpoint.parameters if p.at == "body"]:
        schema = {
            "type": "object",
            "properties": {p.name: {"description": p.help, **_schema(p)} for p in body},
            "required": [p.name for p in body if p.required],
            "additionalProperties": False,
        }
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if endpoint.tagged:
        operation["responses"]["304"] = {"description": "与 If-None-Match 所指的相同"}
    return operation


def _parameter(parameter: Parameter) -> Json:
    out: Json = {
        "name": parameter.name,
        "in": parameter.at,
        "description": parameter.help,
        "required": parameter.required,
        "schema": _schema(parameter),
    }
    return out if parameter.example is None else {**out, "example": parameter.example}


def _schema(parameter: Parameter) -> Json:
    if parameter.kind is int:
        schema: Json = {"type": "integer", "minimum": parameter.minimum, "maximum": parameter.maximum}
    else:
        schema = {"type": "string"}
        if parameter.required:
            schema["minLength"] = 1
        if parameter.choices:
            schema["enum"] = list(parameter.choices)
    return schema if parameter.default is None else {**schema, "default": parameter.default}


def _responses(content: Json) -> Json:
    failures = {status: {"description": text, "content": _ERROR} for status, text in _FAILURES.items()}
    return {"200": {"description": "成功", "content": content}, **failures}


def _sparql() -> Json:
    graphs = [
        {
            "name": name,
            "in": "query",
            "description": f"{text}；可给多个，应为库中已有的图",
            "schema": {"type": "array", "items": {"type": "string"}},
            "style": "form",
            "explode": True,
        }
        for name, text in (("default-graph-uri", "合成默认图的图"), ("named-graph-uri", "GRAPH 可见的图"))
    ]
    query = {
        "name": "query",
        "in": "query",
        "description": "SPARQL 1.1 查询；不给则返回服务描述",
        "schema": schemas.TEXT,
    }
    responses = _responses({media: {"schema": schemas.ANY} for media in _RESULTS})
    fields = {"query": schemas.TEXT, **{g["name"]: g["schema"] for g in graphs}}
    form = {"type": "object", "properties": fields, "required": ["query"]}
    body = {"required": True, "content": {FORM: {"schema": form}, QUERY: {"schema": schemas.TEXT}}}
    return {
        "get": {"summary": "SPARQL 1.1 协议（只读）", "parameters": [query, *graphs], "responses": responses},
        "post": {
            "summary": "SPARQL 1.1 协议（只读）：查询在请求体中",
            "parameters": graphs,
            "requestBody": body,
            "responses": responses,
        },
    }


_STYLE = "body{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}code{background:#f2f2f2}"


def page(endpoints: Iterable[Endpoint]) -> str:
    """The addresses as a page that needs nothing else: no script, no picture, no network."""
    items = "".join(
        f"<li><p><code>{e.method} {escape(e.template)}</code> {escape(e.summary)}{_example(e)}</p>"
        f"<ul>{''.join(f'<li><code>{escape(p.name)}</code> {escape(p.help)}</li>' for p in e.parameters)}</ul></li>"
        for e in endpoints
    )
    return (
        '<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><title>policykg 接口</title>'
        f"<style>{_STYLE}</style><h1>policykg 接口</h1>"
        '<p>只读。机器可读的说明：<a href="openapi.json">openapi.json</a>；'
        'SPARQL 1.1 协议：<a href="sparql">/sparql</a>；'
        '<a href="health">/health</a>；<a href="metrics">/metrics</a>。</p>'
        f"<ul>{items}</ul></html>"
    )


def _example(endpoint: Endpoint) -> str:
    given = {p.name: p.example for p in endpoint.parameters if p.at == "query" and p.required}
    if endpoint.method != "GET" or "{" in endpoint.path:
        return ""
    address = endpoint.path.lstrip("/") + (f"?{urlencode(given)}" if given else "")
    return f' （<a href="{escape(address)}">试试</a>）'
