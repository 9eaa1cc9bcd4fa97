"""Where a graph's endpoints are: what the setting `graph` says, read and checked. Nothing is opened here."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from kg.core.errors import UsageError

_MOST = 2  # one that is written while the other is read
_REPOSITORY = re.compile(r"/repositories/[^/]+$")  # RDF4J, GraphDB


@dataclass(frozen=True, slots=True)
class Address:
    """One endpoint. `shown` is its URL without a password: what manifests, messages and logs may hold."""

    shown: str
    scheme: str
    host: str
    port: int
    path: str
    authorization: str = field(default="", repr=False)

    @property
    def updates(self) -> str:
        """The path that takes updates: usually the same, beside it where a server has one for each."""
        if self.path.endswith("/query"):  # Oxigraph, Fuseki, Stardog
            return self.path.removesuffix("query") + "update"
        if _REPOSITORY.search(self.path):
            return self.path + "/statements"
        return self.path

    @property
    def bulk(self) -> str:
        """Where Oxigraph's server takes N-Quads."""
        return self.path.rpartition("/")[0] + "/store"


def addresses(setting: str) -> list[Address]:
    """The endpoints that the setting names; none where the graph lies on this machine. Raises `UsageError`."""
    found = [_address(part.strip()) for part in setting.split(",") if part.strip()]
    if len(found) > _MOST or len({each.shown for each in found}) < len(found):
        raise UsageError(
            "POLICYKG_GRAPH 应为一个或两个不同的端点地址，两个之间用逗号分隔，例如 http://甲:7878/query,http://乙:7878/query"
        )
    return found


def fingerprint(setting: str) -> str:
    """The endpoints in one word, without passwords; empty where the graph lies on this machine."""
    return ",".join(each.shown for each in addresses(setting))


def _address(text: str) -> Address:
    wrong = UsageError(
        "POLICYKG_GRAPH 应为 SPARQL 端点的 http(s) 地址，例如 http://localhost:7878/query；"
        "用户名和密码写成 http://用户:密码@主机，其中的特殊字符用百分号编码"
    )  # what was written is not repeated: there may be a password in it
    try:
        parts = urlsplit(text)
        port = {"https": 443}.get(parts.scheme, 80) if parts.port is None else parts.port
        (parts.hostname or "").encode("idna")
    except ValueError:  # UnicodeError, too
        raise wrong from None
    path = parts.path or "/"
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise wrong
    if port == 0 or any(mark in path for mark in "@;"):  # a password that was not encoded, two addresses in one
        raise wrong
    if not re.fullmatch(r"[!-~]+", path + parts.hostname):
        raise wrong
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    plain = parts.port is None or port == {"http": 80, "https": 443}[parts.scheme]
    shown = f"{parts.scheme}://{host}{'' if plain else f':{port}'}{path}"
    login = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        login = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
    return Address(shown, parts.scheme, parts.hostname, port, path, login)
