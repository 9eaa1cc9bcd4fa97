"""Whatever is sent to an address that /openapi.json describes: no 500, and the reply is of a kind that it describes.

`schemathesis` over the same document finds the same and takes minutes (docs/quality.md, Safety); this is quick enough for
every run, and sends what a schema does not think of.
"""

from __future__ import annotations

import json
import urllib.parse
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.client import Client, Reply

Json = dict[str, Any]
Asked = tuple[str, str, str, Json, bytes | None, dict[str, str]]

# percent-encoded as they go over the line
HOSTILE = (
    *("", "%20", "%00", "%ED%A0%80", "%FF%FE", "%", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd", "a%2Fb%2F", "%0D%0AX-A%3A%201"),
    *("-1", "0", "1", "1.5", "1e9", "9" * 400, "1_0", "%EF%BC%91%EF%BC%92", "true", "null", "%5B%5D", "%7B%7D", "NaN"),
    *("%22", "%27%20OR%201%3D1--", "%3C%2Fscript%3E", "%7B%7B7*7%7D%7D", "%24%7B1%7D", "(a%2B)%2B%24", "*%3A*", "%5C"),
    *("2024-13-45", "0000", "2024-02-30", "%E8%B4%A8%E9%87%8F", "%E2%80%AE%E5%8F%8D", "%F0%9D%9F%9A%F0%9D%9F%98"),
    *("%E6%A0%87%E9%A2%98%EF%BC%9A", "%E2%80%9C%E2%80%9D", "-%E8%AF%8D", "%E6%97%A5%E6%9C%9F%EF%BC%9A..", "d-", "a" * 4001),
    *("SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D", "ASK%20%7B", "DROP%20ALL", "ASK%7BSERVICE%3Chttp%3A%2F%2Fa%3E%7B%7D%7D"),
)  # fmt: skip
BODIES = (
    *(
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b"NaN",
        b"\xff",
        b'"\\ud800"',
        b"[" * 50_000,
        b'{"a":' * 5_000,
        b"\xef\xbb\xbf{}",
    ),
    *(
        b'{"question": null}',
        b'{"question": 1e999}',
        b'{"question": ["a"]}',
        b'{"question": "\\ud800"}',
        b'{"question": ""}',
    ),
    *(b'{"question": "\\u0000"}', b'{"question": "x", "extra": 1}', b'{"question": "a", "question": {}}'),
    *(
        b'{"question": "' + b"a" * 4001 + b'"}',
        b"query=",
        b"query=ASK%7B%7D&query=ASK%7B%7D",
        b"query=%ED%A0%80",
        b"ASK {",
    ),
)
TYPES = (
    "application/json",
    "application/sparql-query",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
    "a;charset=x",
)
ACCEPTS = ("", "*/*", "text/csv", "image/png", "text/*;q=0", ";;q=,", "application/json;q=x", "a" * 3000)


@pytest.fixture(scope="module")
def document(client: Client) -> Json:
    described: Json = client("/openapi.json").json()
    return described


def values() -> st.SearchStrategy[str]:
    free = st.text(max_size=30).map(lambda text: urllib.parse.quote(text, safe="", errors="surrogatepass"))
    return st.one_of(st.sampled_from(HOSTILE), free, st.integers(-(2**70), 2**70).map(str))


def boundaries(schema: Json) -> st.SearchStrategy[str]:
    """The values at and beyond the ends of what a schema allows."""
    known = [str(schema[end] + more) for end in ("minimum", "maximum") if end in schema for more in (-1, 0, 1)]
    known += schema.get("enum", [])
    return st.sampled_from(known) if known else st.sampled_from(HOSTILE)


@st.composite
def requests(draw: st.DrawFn, document: Json) -> Asked:
    template, operations = draw(st.sampled_from(sorted(document["paths"].items())))
    method, operation = draw(st.sampled_from(sorted(operations.items())))
    path, query = template, []
    for parameter in operation["parameters"]:
        value = draw(st.one_of(values(), boundaries(parameter["schema"])))
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", value)
        elif draw(st.booleans()) or parameter.get("required"):
            query.append(f"{parameter['name']}={parameter.get('example', value) if draw(st.booleans()) else value}")
    if draw(st.integers(0, 9)) == 0:
        query.append(draw(st.sampled_from((*query, "unknown=1", "=", "&&", "a[]=1")) if query else st.just("x=1")))
    headers, body = {}, None
    if accept := draw(st.sampled_from(ACCEPTS)):
        headers["Accept"] = accept
    if method == "post":
        body = draw(st.one_of(st.sampled_from(BODIES), st.binary(max_size=60)))
        if media := draw(st.sampled_from(TYPES)):
            headers["Content-Type"] = media
    sent = "&".join(urllib.parse.quote(part, safe="%=&") for part in query)
    return method.upper(), template, path + (f"?{sent}" if sent else ""), operation, body, headers


def is_described(reply: Reply, operation: Json) -> None:
    answers = operation["responses"]
    assert str(reply.status) in answers, (reply.status, reply.content[:300])
    content = answers[str(reply.status)].get("content", {})
    if reply.status == 304:
        return
    assert reply.media in content, (reply.status, reply.media)
    if reply.media in ("application/json", "application/sparql-results+json"):
        jsonschema.validate(json.loads(reply.content), content[reply.media]["schema"])
    if reply.status >= 400:
        assert any("\u4e00" <= char <= "\u9fff" for char in reply.json()["error"]), (
            "an error says what is wrong in Chinese"
        )


@pytest.mark.long
def test_hostile_and_boundary_values_are_answered_as_described(client: Client, document: Json) -> None:
    @settings(max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(requests(document))
    def ask(asked: Asked) -> None:
        method, template, path, operation, body, headers = asked
        reply = client(path, method=method, body=body, headers=headers)
        assert reply.status != 500, (method, path, reply.content[:300])
        if not (
            reply.status == 307 and "{" in template
        ):  # an empty name: the list is meant, and the client is sent there
            is_described(reply, operation)

    ask()


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_name_all_that_an_address_takes(client: Client, document: Json, method: str) -> None:
    for template, operations in document["paths"].items():
        reply = client(template.replace("{", "").replace("}", ""), method=method)
        assert reply.status == 405, template
        allowed = {name.strip() for name in reply.headers["allow"].split(",")}
        assert allowed - {"HEAD"} == {name.upper() for name in operations}, template
        assert "不接受" in reply.json()["error"]
