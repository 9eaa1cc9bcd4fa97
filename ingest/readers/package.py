"""Zip-based formats opened with care: sizes checked before anything is unpacked, XML without entities or network."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, LimitError, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

_DTD = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_BOMB = "疑似压缩炸弹，不予解压；确有内容的，请用原软件另存后重试"
_ENCRYPTED = 0x1  # general purpose flag of an entry (APPNOTE 4.4.4)


class Package:
    """A zip archive of named parts. Raises `DamagedFileError`, `EncryptedFileError` or `LimitError` when opened."""

    def __init__(self, data: bytes, kind: str, limits: Limits = LIMITS) -> None:
        self.kind = kind
        self._limits = limits
        self._unpacked = 0  # bytes so far: a part may be asked for many times
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise DamagedFileError(kind, "压缩结构无法读取") from error
        entries = self._zip.infolist()
        _check(entries, kind, limits)
        # Some producers write backslashes or begin with a slash.
        self._names = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._names

    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return list(self._names)

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises `DamagedFileError` where it is missing or does not unpack."""
        entry = self._names.get(name.lstrip("/").lower())
        if entry is None:
            raise DamagedFileError(self.kind, f"缺少 {name}")
        if entry.file_size > self._limits.part_bytes:
            raise LimitError(f"{name} 解压后的字节数", entry.file_size, self._limits.part_bytes)
        self._unpacked += entry.file_size
        if self._unpacked > self._limits.unpacked_bytes:
            raise LimitError("解压的总字节数", self._unpacked, self._limits.unpacked_bytes)
        try:
            return self._zip.read(entry)  # never more than the declared size, which was checked
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise DamagedFileError(self.kind, f"{name} 无法解压") from error

    def xml(self, name: str) -> Any:
        """The root element of a part. Raises as `read` does, and for XML that is broken or declares entities."""
        return bytes_to_xml(self.read(name), self.kind, name)

    def optional_xml(self, name: str | None) -> Any | None:
        """The root element of a part that may be absent."""
        return self.xml(name) if name and name in self else None

    def related(self, part: str) -> dict[str, str]:
        """Relationship type (its last word) -> part, of a part of an OOXML package; external targets are left out."""
        found: dict[str, str] = {}
        for kind, path in self.relations(part).values():
            found.setdefault(kind, path)
        return found

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id -> (the last word of its type, part), without external targets."""
        folder, base = posixpath.split(part)
        root = self.optional_xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for relation in () if root is None else root:
            if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            found[relation.get("Id", str(len(found)))] = (kind, posixpath.normpath(path))
        return found


def refuse_dtd(data: bytes, kind: str, name: str) -> None:
    """Raises `DamagedFileError` for XML that declares entities; no office format does."""
    if any(mark in data for mark in _DTD):
        raise DamagedFileError(kind, f"{name} 含有 DTD 或实体定义，出于安全不予解析")


def bytes_to_xml(data: bytes, kind: str, name: str) -> Any:
    """Parse without entities, DTD or network. Raises `DamagedFileError`."""
    from lxml import etree

    refuse_dtd(data, kind, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFileError(kind, f"{name} 不是完整的 XML") from error


def local(element: Any) -> str:
    """The name of an element without its namespace (transitional and strict files differ in it); "" for a comment."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    """An attribute by its local name."""
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), None)


def child(element: Any, *path: str) -> Any | None:
    """The first descendant along a path of local names."""
    for name in path:
        element = next(children(element, name), None) if element is not None else None
    return element


def children(element: Any, name: str) -> Iterator[Any]:
    """The children with a local name."""
    return (c for c in element if local(c) == name)


def _check(entries: list[zipfile.ZipInfo], kind: str, limits: Limits) -> None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise EncryptedFileError(kind)
    if len(entries) > limits.entries:
        raise LimitError("压缩包内的文件数", len(entries), limits.entries)
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise LimitError("解压后的总字节数", total, limits.unpacked_bytes, _BOMB)
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > limits.ratio_from and ratio > limits.ratio:
            raise LimitError(
                f"{entry.filename} 的解压倍数",
                ratio,
                limits.ratio,
                _BOMB,
            )
