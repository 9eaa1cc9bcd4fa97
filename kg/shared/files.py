"""What a generation consists of on a machine's disk, kept in the store by contents: a file that stays is sent once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.core.errors import EnvironmentProblem
from kg.shared.session import Session, Statements, in_parts, places
from kg.shared.tables import FILES, GENERATIONS, HEAD

_PART = 2 << 20  # bytes of a file in one row
_TOGETHER = 200  # files that are dropped by one statement
_KEPT = 2  # generations, beside those that are read: who has just begun to fetch one goes on


@dataclass(frozen=True, slots=True)
class Files:
    """The files of published generations in one store."""

    session: Session

    def send(self, folder: Path, seals: Mapping[str, str]) -> None:
        """Send what the store has not; `seals` are of the files below a folder, by their names in it."""
        held = self.held()
        for name, seal in seals.items():
            if seal in held:
                continue
            sql = f"REPLACE INTO {FILES} VALUES (%s, %s, %s)"  # noqa: S608
            with (folder / name).open("rb") as file:
                number = 0
                while (data := file.read(_PART)) or not number:
                    self.session.write(sql, (_part_name(seal), number, data))
                    number += 1
            # Known by its own name when it is whole: a kill leaves parts of nothing.
            self.session.write(f"UPDATE {FILES} SET seal = %s WHERE seal = %s", (seal, _part_name(seal)))  # noqa: S608
            held.add(seal)

    def held(self) -> set[str]:
        """The seals of the files that are there."""
        return _seals(self.session)

    def fetch(self, seal: str, target: Path) -> None:
        """Write one to a new file. Raises `EnvironmentProblem` where it is not there or not as it was."""
        size, _, digest = seal.partition(":")
        found = hashlib.sha256()
        with target.open("wb") as file:
            number, done = 0, 0
            while done < int(size) or not number:
                rows = self.session.ask(f"SELECT data FROM {FILES} WHERE seal = %s AND part = %s", (seal, number))  # noqa: S608
                if not rows:
                    break
                file.write(rows[0][0])
                found.update(rows[0][0])
                done += len(rows[0][0])
                number += 1
        if found.hexdigest() != digest:
            raise EnvironmentProblem(
                f"存储 {self.session.address.shown} 中的索引文件不完整。请稍后再试；仍然如此时运行 policykg rebuild"
            )

    def manifest(self, number: int) -> bytes | None:
        """What a generation was made from; None where it is not there (any more)."""
        rows = self.session.ask(f"SELECT manifest FROM {GENERATIONS} WHERE number = %s", (number,))  # noqa: S608
        return bytes(rows[0][0]) if rows else None

    def publish(self, writing: Statements, position: int, number: int, manifest: bytes) -> None:
        """Make a generation current, within the transaction of its rows."""
        writing.write(f"REPLACE INTO {GENERATIONS} VALUES (%s, %s, %s)", (number, position, manifest))  # noqa: S608
        writing.write(f"UPDATE {HEAD} SET generation = %s", (number,))  # noqa: S608

    def generations(self, reading: Statements) -> dict[int, bytes]:
        """The manifests of those that are there, by number."""
        rows = reading.ask(f"SELECT number, manifest FROM {GENERATIONS} ORDER BY number")  # noqa: S608
        return {int(number): bytes(manifest) for number, manifest in rows}

    def sweep(self, writing: Statements, read: Iterable[int], seals: Mapping[int, Iterable[str]]) -> set[int]:
        """Drop generations that are neither read nor among the last, and files that none has; the numbers that stay.

        Within a transaction of one who is at turn: nobody sends files meanwhile.
        """
        numbers = sorted(seals)
        kept = {*numbers[-_KEPT:], *(number for number in read if number in seals)}
        wanted = {seal for number in kept for seal in seals[number]}
        for number in numbers:
            if number not in kept:
                writing.write(f"DELETE FROM {GENERATIONS} WHERE number = %s", (number,))  # noqa: S608
        there = _seals(writing)
        for some in in_parts(sorted(there - wanted), _TOGETHER):
            writing.write(f"DELETE FROM {FILES} WHERE seal IN ({places(len(some))})", some)  # noqa: S608
        return kept


def _part_name(seal: str) -> str:
    return f".{seal}"


def _seals(reading: Statements) -> set[str]:
    return {str(seal) for (seal,) in reading.ask(f"SELECT DISTINCT seal FROM {FILES}")}  # noqa: S608
