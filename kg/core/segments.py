"""What a generation keeps of each document, as rows by key in files that are never changed.

    shares.1.rows    the base
    shares.7.rows    later rows, in place of those of the same keys before them; a row without a value: that key is gone

The next generation links the files of the one before and writes one more, of what changed. Files are put together where
one is no longer small beside the one after it, and all of them where the later ones hold an eighth as much as the base:
so there are few, and a row is written anew a few times in all, however many there are. A row is found by its key and by
terms; what is not asked for is not read.
"""

from __future__ import annotations

import mmap
import os
import re
import shutil
import struct
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem

T = TypeVar("T")

_MAGIC = b"rows-1\0\0"
_HEAD = struct.Struct("<8sQQQ")  # magic, rows, terms, bytes of all rows
_SUFFIX = ".rows"
_SMALL = 64  # rows beside a base of whatever size
_PART = 8  # of the base, that later rows may come to
_NIL = b"\xc0"

_pack = msgspec.msgpack.Encoder().encode


class Row(msgspec.Struct, Generic[T], array_like=True, frozen=True):
    """A row as it lies in a file. Rows lie by `order`, then by key."""

    key: str
    order: str
    value: T


_unpack = msgspec.msgpack.Decoder(Row[msgspec.Raw]).decode


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of rows: its name in a folder, the type of its values, and the terms by which they are found."""

    name: str
    type: type[T]
    terms: Callable[[T], Iterable[bytes]] = lambda _: ()


class Segment:
    """One file, mapped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            magic, self.count, terms, size = _HEAD.unpack_from(self._data)
            ends = _parts(self.count, terms, size)
            if magic != _MAGIC or ends[-1] != len(self._data):
                raise ValueError(magic)  # noqa: TRY301 - said below
        except (OSError, ValueError, struct.error) as error:
            raise _damaged(path) from error
        self._rows_at = ends[4]

        def part(number: int, kind: str) -> NDArray[Any]:
            return np.frombuffer(self._data, kind, (ends[number + 1] - ends[number]) // int(kind[-1]), ends[number])

        self._starts, self._keys, self.terms = part(0, "<u8"), part(1, "<u8"), part(2, "<u8")
        numbers = part(3, "<u4")
        self._key_rows, self.term_rows = numbers[: self.count], numbers[self.count : self.count + terms]

    def raw(self, number: int) -> bytes:
        """One row as it lies there."""
        first, end = int(self._starts[number]), int(self._starts[number + 1])
        return self._data[self._rows_at + first : self._rows_at + end]

    def row(self, number: int) -> Row[msgspec.Raw]:
        """One row, its value not looked into."""
        try:
            return _unpack(self.raw(number))
        except msgspec.MsgspecError as error:
            raise _damaged(self.path) from error

    def at(self, key: str) -> Row[msgspec.Raw] | None:
        """The row of a key."""
        found = _among(self._keys, _hash(key.encode()))
        rows = (self.row(number) for number in self._key_rows[found].tolist())
        return next((row for row in rows if row.key == key), None)

    def having(self, term: bytes) -> Iterator[Row[msgspec.Raw]]:
        """The rows that a term finds, as they lie; one in 2^64 has another one."""
        return (self.row(int(number)) for number in self.term_rows[_among(self.terms, _hash(term))])

    def all(self, kind: type[T]) -> list[Row[T]]:
        """All rows at once: they lie one behind the other as a list of them would."""
        whole = b"\xdd" + struct.pack(">I", self.count) + self._data[self._rows_at :]
        try:
            return msgspec.msgpack.decode(whole, type=list[Row[kind]])  # type: ignore[valid-type]
        except msgspec.MsgspecError as error:
            raise _damaged(self.path) from error


def _damaged(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(f"索引文件 {path.name} 缺失或不完整。请运行 policykg rebuild 重建索引")


class Segments(Generic[T]):
    """The rows of one kind in a folder. What cannot be read raises `EnvironmentProblem`."""

    def __init__(self, kind: Kind[T], files: Sequence[Segment] = ()) -> None:
        self.kind = kind
        self._files = files
        self._decoded = msgspec.msgpack.Decoder(kind.type).decode

    @classmethod
    def open(cls, folder: Path, kind: Kind[T]) -> Segments[T]:
        """Those of a folder; `is_there` tells whether there are any files."""
        return cls(kind, [Segment(path) for _, path in sorted(_named(folder, kind.name))])

    @property
    def is_there(self) -> bool:
        """Whether anything was ever written."""
        return bool(self._files)

    @property
    def paths(self) -> list[Path]:
        """Its files."""
        return [file.path for file in self._files]

    @property
    def is_base(self) -> bool:
        """Whether all rows are in the base."""
        return len(self._files) < 2

    def get(self, key: str) -> T | None:
        """The value of a key; None where it is not there."""
        row = self._newest(key, len(self._files))
        return self._value(row.value) if row is not None else None

    def raw(self, key: str) -> bytes | None:
        """The same as it lies there: MessagePack; its nil for one that is gone."""
        row = self._newest(key, len(self._files))
        return bytes(row.value) if row is not None else None

    def base_raw(self, key: str) -> bytes | None:
        """What the base has of a key, whatever came later."""
        row = self._newest(key, 1)
        return bytes(row.value) if row is not None else None

    def is_later(self, key: str) -> bool:
        """Whether there is a row of a key beside the base."""
        return any(file.at(key) is not None for file in self._files[1:])

    def decode(self, raw: bytes | msgspec.Raw) -> T:
        """A value as it lies there."""
        try:
            return self._decoded(raw)
        except msgspec.MsgspecError as error:
            raise _damaged(Path(f"{self.kind.name}.rows")) from error

    def find(self, term: bytes) -> Iterator[tuple[str, T]]:
        """The rows that a term finds: those of later files first."""
        for number in range(len(self._files) - 1, -1, -1):
            for row in self._files[number].having(term):
                if bytes(row.value) != _NIL and not self._is_replaced(row.key, number):
                    yield row.key, self.decode(row.value)

    def finds(self, term: bytes) -> bool:
        """Whether a term finds anything."""
        return next(self.find(term), None) is not None

    def base_having(self, term: bytes) -> Iterator[str]:
        """The keys of the rows in the base that a term finds, as they lie, whatever came later."""
        return (row.key for row in (self._files[0].having(term) if self._files else ()))

    def later(self) -> dict[str, T | None]:
        """The rows that are not in the base: by key the newest value, None for what is gone."""
        found: dict[str, T | None] = {}
        for file in self._files[1:]:
            for row in file.all(self.kind.type | None):  # type: ignore[arg-type]
                found[row.key] = row.value
        return found

    def base(self) -> list[tuple[str, T]]:
        """The rows of the base, as they lie."""
        return [(row.key, row.value) for row in (self._files[0].all(self.kind.type) if self._files else ())]

    def all(self) -> list[tuple[str, T]]:
        """All that there is; without order."""
        if self.is_base:
            return self.base()
        found: dict[str, T | None] = dict(self.base()) | self.later()
        return [(key, value) for key, value in found.items() if value is not None]

    def save(
        self,
        folder: Path,
        changes: Mapping[str, tuple[str, T] | None],
        *,
        again: Container[str] = (),
        name: str = "",
    ) -> bool:
        """Write the rows of the next state into another folder: (order, value) by key, None for what goes.

        What is as it was is not written, unless it is to be written `again`. Returns whether the base was written anew.
        `name` is that of the files there, if it is another one.
        """
        name = name or self.kind.name
        fresh = _Fresh(self.kind)
        for key, given in changes.items():
            packed = _NIL if given is None else _pack(given[1])
            if key in again or packed != (self.raw(key) or _NIL):
                fresh.put(key, given[0] if given else "", packed, given[1] if given else None)
        counts = [file.count for file in self._files]
        first = _first(counts, len(fresh.rows)) if fresh.rows or not counts else len(counts)
        folder.mkdir(parents=True, exist_ok=True)
        for file in self._files[:first]:
            link(file.path, folder / f"{name}.{_number(file.path)}{_SUFFIX}")
        if first == len(counts) and counts and not fresh.rows:
            return False
        number = _number(self._files[-1].path) + 1 if self._files else 1
        _write(folder / f"{name}.{number}{_SUFFIX}", self._files[first:], fresh, is_base=not first)
        return not first

    def _newest(self, key: str, below: int) -> Row[msgspec.Raw] | None:
        for file in reversed(self._files[:below]):
            if (row := file.at(key)) is not None:
                return row
        return None

    def _is_replaced(self, key: str, number: int) -> bool:
        return any(file.at(key) is not None for file in self._files[number + 1 :])

    def _value(self, raw: msgspec.Raw) -> T | None:
        return None if bytes(raw) == _NIL else self.decode(raw)


class _Fresh:
    """Rows that are to be written: key, order, the row, the hashes of its terms."""

    def __init__(self, kind: Kind[Any]) -> None:
        self._terms = kind.terms
        self.rows: dict[str, tuple[str, bytes, list[int]]] = {}

    def put(self, key: str, order: str, packed: bytes, value: Any) -> None:
        row = _pack(Row(key, order, msgspec.Raw(packed)))
        terms = () if value is None else sorted({_hash(term) for term in self._terms(value)})
        self.rows[key] = (order, row, list(terms))


def _write(path: Path, files: Sequence[Segment], fresh: _Fresh, *, is_base: bool) -> None:
    """Write a file of the newest rows of some files; what is gone stays told until it is told to a base."""
    rows: list[tuple[str, str, bytes, int, int]] = []  # order, key, row, which file, number there
    seen = set(fresh.rows)
    rows += [(order, key, row, len(files), n) for n, (key, (order, row, _)) in enumerate(fresh.rows.items())]
    for which in range(len(files) - 1, -1, -1):
        file = files[which]
        for number in range(file.count):
            row = file.row(number)
            if row.key not in seen:
                seen.add(row.key)
                rows.append((row.order, row.key, file.raw(number), which, number))
    if is_base:
        rows = [row for row in rows if not row[2].endswith(_NIL) or bytes(_unpack(row[2]).value) != _NIL]
    rows.sort(key=lambda row: row[:2])
    now = [np.full(count, -1, np.int64) for count in (*(file.count for file in files), len(fresh.rows))]
    for place, (_, _, _, which, number) in enumerate(rows):
        now[which][number] = place
    given = [terms for _, _, terms in fresh.rows.values()]
    hashes = [*(file.terms for file in files), np.array([h for own in given for h in own], np.uint64)]
    owners = [now[which][file.term_rows] for which, file in enumerate(files)]
    owners.append(np.repeat(now[-1], [len(own) for own in given]) if given else np.zeros(0, np.int64))
    terms, places = np.concatenate(hashes), np.concatenate(owners)
    terms, places = terms[places >= 0], places[places >= 0]
    by_term = np.lexsort((places, terms))
    keys = np.array([_hash(row[1].encode()) for row in rows], np.uint64)
    by_key = np.argsort(keys, kind="stable")
    starts = np.cumsum([0, *(len(row[2]) for row in rows)])
    numbers = np.concatenate([by_key, places[by_term]])
    with path.open("wb") as out:
        out.write(_HEAD.pack(_MAGIC, len(rows), len(terms), int(starts[-1])))
        for part, kind in ((starts, "<u8"), (keys[by_key], "<u8"), (terms[by_term], "<u8"), (numbers, "<u4")):
            out.write(part.astype(kind).tobytes())
        out.writelines(row[2] for row in rows)


def _first(counts: Sequence[int], fresh: int) -> int:
    """Which is the first file that is to be put together with those after it and what is new."""
    first, together = len(counts), fresh
    while first > 1 and counts[first - 1] <= 2 * together:
        first -= 1
        together += counts[first]
    later = sum(counts[1:]) + fresh
    return 0 if counts and later > max(_SMALL, counts[0] // _PART) else first


def _parts(rows: int, terms: int, size: int) -> list[int]:
    """Where the parts of a file begin, and where it ends."""
    ends = [_HEAD.size]
    for length in (8 * (rows + 1), 8 * rows, 8 * terms, 4 * (rows + terms), size):
        ends.append(ends[-1] + length)
    return ends


def _among(ascending: NDArray[Any], value: int) -> slice:
    wanted = np.uint64(value)
    return slice(int(np.searchsorted(ascending, wanted)), int(np.searchsorted(ascending, wanted, "right")))


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def _named(folder: Path, name: str) -> Iterator[tuple[int, Path]]:
    pattern = re.compile(re.escape(name) + r"\.(\d+)" + re.escape(_SUFFIX))
    if folder.is_dir():
        for entry in os.scandir(folder):
            if match := pattern.fullmatch(entry.name):
                yield int(match[1]), Path(entry.path)


def _number(path: Path) -> int:
    return int(path.name.removesuffix(_SUFFIX).rpartition(".")[2])


def link(source: Path, target: Path) -> None:
    """One more name for a file that is never changed; a copy on a file system without hard links."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
