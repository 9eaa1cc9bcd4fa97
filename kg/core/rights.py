"""Who may see which documents: `rights.toml` of the home. Without that file everybody who may come in sees everything.

    [groups."民政"]
    folders = ["/数据/民政"]          # documents taken in from there, folders below included
    tags = ["救助"]

    [tags]
    "救助" = ["d-3f9a1c20b7d84e651f02", "*/临时救助/*"]   # ids, or paths with * and ?

    [readers]
    "zhang@example.cn" = ["民政"]
    "wang@example.cn" = ["全部"]
    "*" = ["公开"]                    # everybody, those without a login or a token too

    [[tokens]]
    name = "民政局系统"
    sha256 = "…"                      # of the token: printf %s 令牌 | sha256sum
    groups = ["民政"]

A document that is in no group is for those who may see all (全部).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from kg.core.errors import UsageError
from kg.core.parts import file_of

FILE = "rights.toml"
ALL = "全部"
ANYONE = "*"
Groups = frozenset[str]


class Listed(Protocol):
    """What is looked at of a document."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def source(self) -> str:
        """The path as it was taken in."""

    @property
    def source_key(self) -> str:
        """The absolute path."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The file, read. `version` changes with every byte of it."""

    version: str
    groups: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]  # name -> folders, patterns of its tags
    readers: Mapping[str, Groups]
    tokens: tuple[tuple[str, str, Groups], ...] = field(repr=False)  # name, sha256, groups

    @classmethod
    def load(cls, home: Path) -> Rights | None:
        """Those of a home; None where there is no file. Raises `UsageError` for one that cannot be understood."""
        file = home / FILE
        try:
            found = file.stat()
        except OSError:
            return None
        return _read(file, found.st_mtime_ns, found.st_size)

    def of_reader(self, name: str) -> Groups:
        """The groups of somebody by the address of a login (empty for nobody in particular), and those of everybody."""
        return self.readers.get(name.casefold(), frozenset()) | self.readers.get(ANYONE, frozenset())

    def of_token(self, token: str) -> tuple[str, Groups] | None:
        """Whose token that is and what it may see; None for one that is not listed."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
        for name, stated, groups in self.tokens:
            if hmac.compare_digest(digest, stated):
                return name, groups | self.readers.get(ANYONE, frozenset())
        return None

    def audiences(self) -> set[Groups]:
        """All sets of groups that somebody has, those who may see all left out."""
        anyone = self.of_reader("")
        found = {anyone, *(groups | anyone for groups in (*self.readers.values(), *(t[2] for t in self.tokens)))}
        return {groups for groups in found if ALL not in groups}

    def may_see(self, groups: Groups, document: Listed, *, former: str = "") -> bool:
        """Whether one of the groups has the document; `former` is its id of before, if it had another."""
        return ALL in groups or any(self._has(name, document, former) for name in groups)

    def _has(self, name: str, document: Listed, former: str) -> bool:
        folders, patterns = self.groups.get(name, ((), ()))
        names = (document.source_key, document.source)
        paths = {*names, *map(file_of, names)}  # what holds for a file holds for each document in it
        if any(f"{path}/".startswith(f"{folder.rstrip('/')}/") for folder in folders for path in paths):
            return True
        own = {document.id, former} - {""}
        return any(pattern in own or any(fnmatchcase(path, pattern) for path in paths) for pattern in patterns)


def key_of(groups: Groups) -> str:
    """A short name for a set of groups, fit for a folder: 64 bits for the dozens of sets that a home has."""
    return hashlib.sha256("\n".join(sorted(groups)).encode()).hexdigest()[:16]


def _hash(value: object) -> str:
    found = str(value).lower()
    if not re.fullmatch("[0-9a-f]{64}", found):
        raise ValueError("令牌的 sha256 应为 64 位十六进制数")
    return found


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int, _size: int) -> Rights:
    import tomllib  # here: most homes have no such file

    try:
        data = file.read_bytes()
        table = tomllib.loads(data.decode("utf-8"))
        tags = {str(name): _texts(value) for name, value in table.get("tags", {}).items()}
        groups = {str(name): _group(value, tags) for name, value in table.get("groups", {}).items()}
        readers = {str(name).casefold(): frozenset(_texts(value)) for name, value in table.get("readers", {}).items()}
        tokens = tuple(
            (str(one["name"]), _hash(one["sha256"]), frozenset(_texts(one["groups"])))
            for one in table.get("tokens", [])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"权限文件 {file} 无法读取（{error}）。请对照使用手册“按文件夹或标签授权”修改") from error
    named = {name for part in (*readers.values(), *(t[2] for t in tokens)) for name in part}
    if unknown := sorted(named - groups.keys() - {ALL}):
        raise UsageError(f"权限文件 {file} 中的组 {'、'.join(unknown)} 没有定义，已定义：{'、'.join(groups)}")
    return Rights(hashlib.sha256(data).hexdigest()[:16], groups, readers, tokens)


def _group(value: Mapping[str, Any], tags: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if unknown := value.keys() - {"folders", "tags"}:
        raise ValueError(f"组有不认识的项 {'、'.join(sorted(unknown))}")
    patterns = tuple(pattern for tag in _texts(value.get("tags", [])) for pattern in tags[tag])
    return tuple(_texts(value.get("folders", []))), patterns


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{value!r} 应为一列文字")
    return value
