"""Where the store is: what the setting `store` says, read and checked. Nothing is opened here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from kg.core.errors import UsageError

_PORT = 2881  # OceanBase's


@dataclass(frozen=True, slots=True)
class Address:
    """A database. `shown` is its URL without a password: what manifests, messages and logs may hold."""

    shown: str
    host: str
    port: int
    socket: str
    user: str
    database: str
    password: str = field(default="", repr=False)


def address(setting: str) -> Address | None:
    """The database that the setting names; None where it is empty. Raises `UsageError`."""
    text = setting.strip()
    if not text:
        return None
    wrong = UsageError(
        "POLICYKG_STORE 应为 mysql://用户:密码@主机:端口/数据库；用户名和密码中的特殊字符用百分号编码，"
        "本机套接字写成 mysql://用户@localhost/数据库?unix_socket=/路径"
    )  # what was written is not repeated: there may be a password in it
    try:
        parts = urlsplit(text)
        port = _PORT if parts.port is None else parts.port
        given = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise wrong from None
    database = parts.path.removeprefix("/")
    if parts.scheme != "mysql" or not parts.hostname or not parts.username or parts.fragment or not 0 < port < 1 << 16:
        raise wrong
    if not re.fullmatch(r"[A-Za-z0-9_]{1,64}", database) or given.keys() - {"unix_socket"}:
        raise wrong
    socket = given.get("unix_socket", [""])[0]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    at = f"{host}?unix_socket={socket}" if socket else f"{host}:{port}"
    user = unquote(parts.username)
    return Address(
        f"mysql://{at}/{database}", parts.hostname, port, socket, user, database, unquote(parts.password or "")
    )


def fingerprint(setting: str) -> str:
    """The database in one word, without user and password; empty where the indexes lie on this machine."""
    found = address(setting)
    return found.shown if found else ""
