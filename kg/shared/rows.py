"""The rows of a catalogue, sent to the store and fetched from it.

Every writing takes the next position; its rows bear it, and rows that were deleted are named under it. A copy that
has reached a position asks for what lies behind. A writing is one transaction; the first filling of an empty store is
many, and nobody reads before the last.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.catalogue.outbox import KEYS, NOT_COMPARED, TABLES, Copy, Key, Part, Row, columns_of
from kg.core.errors import EnvironmentProblem
from kg.core.progress import Progress, silent
from kg.shared import tables
from kg.shared.head import Head, begin, move, prove, read_head
from kg.shared.session import Session, Statements, in_parts, places
from kg.shared.tables import GONE, HEAD, row_key, table_of

log = logging.getLogger(__name__)

_STEP = 2000  # notes of one transaction where there may be many
_PAGE = 1000  # rows that are fetched together
_PAGES = {"documents": 50, "superseded": 50}  # whose rows are as long as their facts
POSITION, TURN, PENDING = "position", "turn", "pending"
"""Notes on a copy: the position it has reached, the turn that it has seen, the token of a writing under way."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one catalogue in one store."""

    session: Session
    form: str
    who: str

    # -- sending -----------------------------------------------------------------------------------------------

    def fill(self, copy: Copy, progress: Progress = silent) -> None:
        """Send all of a copy to a store that is empty, or whose filling was cut off; the caller is at turn."""
        head = read_head(self.session)
        if head is None:
            begin(self.session, copy.identity(), self.form)
        total, last = copy.waiting()
        done = 0
        while upto := copy.upto("all", _STEP):
            done += self._send(copy, "all", upto)
            progress(min(done, total), total, "写入共享存储")
        with self.session.together() as writing:
            position = move(writing, secrets.token_hex(8), self.who)
            writing.write(f"UPDATE {HEAD} SET complete = 1")  # noqa: S608
            found = read_head(writing)
        notes = {POSITION: str(position), TURN: str(found.turn if found else 0), PENDING: ""}
        copy.sent("all", upto=last, **notes)

    def send(self, copy: Copy, also: Callable[[Statements, int], None] | None = None) -> None:
        """Send what was written here; the caller is at turn. `also` writes in the same transaction, at its position."""
        while upto := copy.upto("ahead", _STEP):
            self._send(copy, "ahead", upto)
        _, last = copy.waiting()
        if last or also:
            self._send(copy, "all", last, also=also)

    def send_free(self, copy: Copy) -> None:
        """Send the rows that need no turn."""
        _, last = copy.waiting("free")
        if last:
            self._send(copy, "free", last)

    def _send(self, copy: Copy, part: Part, upto: int, *, also: Callable[[Statements, int], None] | None = None) -> int:
        """One transaction; how many rows it was of."""
        at_turn = "" if part == "free" else self.who
        changed = copy.changed(part, upto=upto)
        token = secrets.token_hex(8)
        if at_turn:
            copy.set_notes(**{PENDING: token})
        with self.session.together() as writing:
            position = move(writing, token, at_turn)
            for name, keys in changed.items():
                for some in in_parts(keys, _PAGE):
                    _write(writing, name, some, copy.rows_of(name, some), position)
            if also is not None:
                also(writing, position)
            turn = int(writing.ask(f"SELECT turn FROM {HEAD}")[0][0])  # noqa: S608
            prove(writing, at_turn)  # again: it may have taken longer than a lease
        notes = {PENDING: "", TURN: str(turn)} if at_turn else {}
        if position == _number(copy, POSITION) + 1:  # else others wrote meanwhile what needs no turn: still to come
            notes[POSITION] = str(position)
        copy.sent(part, upto=upto, **notes)
        return sum(map(len, changed.values()))

    # -- fetching ----------------------------------------------------------------------------------------------

    def is_behind(self, copy: Copy, head: Head) -> bool:
        """Whether the store has something that a copy lacks."""
        return head.position > _number(copy, POSITION)

    def fetch(self, copy: Copy, progress: Progress = silent) -> Head:
        """Bring a copy to the state of the store, which is returned.

        What was written here and never reached the store is undone where others were at turn since.
        """
        with self.session.together(reading=True) as reading:
            head = read_head(reading)
            if head is None or not head.is_complete:
                raise EnvironmentProblem(
                    f"存储 {self.session.address.shown} 中的目录库尚未写完。"
                    "请在原来的机器上重新运行 policykg migrate，它会接着写；"
                    "那台机器已不在时，删除其中名称以 policykg_ 开头的表后重新迁移"
                )
            since = _number(copy, POSITION)
            lost, last = self._astray(copy, head)
            if head.position == since and not lost:
                return head
            with copy.taking():
                if lost:
                    _undo(copy, reading, lost)
                    copy.sent("bound", upto=last)
                _take_over(copy, reading, since, head, progress)
                copy.set_notes(**{POSITION: str(head.position), TURN: str(head.turn), PENDING: ""})
        return head

    def _astray(self, copy: Copy, head: Head) -> tuple[dict[str, list[Key]], int]:
        """The keys of what was written at a turn here and not sent before others had theirs; the last note of it."""
        count, last = copy.waiting("bound")
        if not count or head.turn == _number(copy, TURN):
            return {}, 0
        if (pending := copy.note(PENDING)) and head.token == pending:  # it did arrive: only the answer was lost
            return {}, 0
        log.warning("本机有 %d 行没有确认送达共享存储：以共享存储为准，请重新运行未完成的命令", count)
        return copy.changed("bound", upto=last), last

    # -- comparing ---------------------------------------------------------------------------------------------

    def totals(self) -> tuple[int, dict[str, tuple[int, int]]]:
        """The position of the store, and, as `Copy.totals`, what its tables hold there."""
        found = {}
        with self.session.together(reading=True) as reading:
            head = read_head(reading)
            for name in TABLES:
                if name not in NOT_COMPARED:
                    sql = f"SELECT COUNT(*), COALESCE(SUM(seal), 0) FROM {table_of(name)}"  # noqa: S608
                    count, total = reading.ask(sql)[0]
                    found[name] = (int(count), int(total))
        return head.position if head else 0, found


def _number(copy: Copy, name: str) -> int:
    return int(copy.note(name) or 0)


def _undo(copy: Copy, reading: Statements, lost: Mapping[str, Sequence[Key]]) -> None:
    """Give rows that were lost the state that the store has of them."""
    for name, keys in lost.items():
        for some in in_parts(keys, _PAGE):
            if name == "audit":
                copy.part_audit(some)
                continue
            sql = f"SELECT {tables.named(name)} FROM {table_of(name)} WHERE row_key IN ({places(len(some))})"  # noqa: S608
            copy.drop(name, some)
            copy.take(name, reading.ask(sql, [row_key(key) for key in some]))


def _take_over(copy: Copy, reading: Statements, since: int, head: Head, progress: Progress) -> None:
    for name, keys in _gone(reading, since, head.position):
        copy.drop(name, keys)
    for at, name in enumerate(TABLES):
        progress(at, len(TABLES), "取回共享存储")
        for page in _pages(reading, name, since, head.position):
            copy.take(name, page)
    progress(len(TABLES), len(TABLES), "取回共享存储")


def _write(writing: Statements, name: str, keys: Sequence[Key], rows: dict[Key, Row], position: int) -> None:
    table = table_of(name)
    values = places(len(columns_of(name)) + 2)
    sql = f"REPLACE INTO {table} (row_key, position, {tables.named(name)}) VALUES ({values})"  # noqa: S608
    writing.write_many(sql, [(row_key(key), position, *row) for key, row in rows.items()])
    if held := [row_key(key) for key in keys if key in rows]:
        sql = f"DELETE FROM {GONE} WHERE name = %s AND row_key IN ({places(len(held))})"  # noqa: S608
        writing.write(sql, (name, *held))
    if lost := {row_key(key): tables.text_of(key) for key in keys if key not in rows}:
        writing.write(f"DELETE FROM {table} WHERE row_key IN ({places(len(lost))})", list(lost))  # noqa: S608
        writing.write_many(
            f"REPLACE INTO {GONE} (name, row_key, key_text, position) VALUES (%s, %s, %s, %s)",  # noqa: S608
            [(name, key, text, position) for key, text in lost.items()],
        )


def _gone(reading: Statements, since: int, upto: int) -> Iterator[tuple[str, list[Key]]]:
    """By table, the keys of rows that were deleted. A copy that has nothing yet need not know."""
    if not since:
        return
    sql = f"SELECT name, key_text FROM {GONE} WHERE position > %s AND position <= %s"  # noqa: S608
    found: dict[str, list[Key]] = {}
    for name, text in reading.ask(sql, (since, upto)):
        found.setdefault(str(name), []).append(tables.key_of(text))
    yield from ((name, keys) for name, keys in found.items() if name in KEYS)


def _pages(reading: Statements, name: str, since: int, upto: int) -> Iterator[list[Row]]:
    """The rows of a table that were written behind a position, a page at a time."""
    size = _PAGES.get(name, _PAGE)
    if since:  # few: by the index of positions
        sql = f"SELECT row_key FROM {table_of(name)} WHERE position > %s AND position <= %s"  # noqa: S608
        keys = [row[0] for row in reading.ask(sql, (since, upto))]
        for some in in_parts(keys, size):
            sql = f"SELECT {tables.named(name)} FROM {table_of(name)} WHERE row_key IN ({places(len(some))})"  # noqa: S608
            yield reading.ask(sql, some)
        return
    after = ""
    while True:
        sql = f"SELECT row_key, {tables.named(name)} FROM {table_of(name)} WHERE row_key > %s ORDER BY row_key LIMIT %s"  # noqa: S608
        rows = reading.ask(sql, (after, size))
        if rows:
            yield [row[1:] for row in rows]
        if len(rows) < size:
            return
        after = rows[-1][0]
