"""One home and the store that it shares: both made one, in either direction."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

from kg.build import durable, generations, lineage
from kg.build.manifest import Manifest
from kg.catalogue import CATALOGUE
from kg.catalogue.outbox import Copy, types_of
from kg.catalogue.schema import MIGRATIONS
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, UsageError
from kg.core.progress import Progress, silent
from kg.passages.oceanbase.tables import AT
from kg.shared import tables
from kg.shared.address import Address, address
from kg.shared.files import Files
from kg.shared.head import Head, holder, proven, read_head, turn
from kg.shared.nodes import Nodes
from kg.shared.rows import POSITION, Rows
from kg.shared.session import Session
from kg.shared.tables import FORM

NAME = "machine"
"""The file in a home that holds its name among those that share a store."""
_CLONE = "cloning"  # noted on a copy that begins empty
_SOON = 20  # seconds for a short statement
_TRIES = 3  # to fetch a generation: others may publish two while one is fetched


@dataclass(frozen=True)
class Shared:
    """A home and its store. Made by `of`."""

    home: Path
    session: Session
    signs: Session
    """For short statements, of which a thread waits: one that has no answer is given up after seconds."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of the settings. Raises `UsageError` for an address that cannot be understood."""
        at = address(settings.store)
        if at is None:
            raise UsageError("没有设置 POLICYKG_STORE")
        return cls._between(settings.home, at)

    @classmethod
    @lru_cache(maxsize=16)
    def _between(cls, home: Path, at: Address) -> Self:
        """One for each pair: a follower asks for it each second, a publish in every step."""
        return cls(home, Session(at), Session(at, patience=_SOON))

    @cached_property
    def who(self) -> str:
        """This home in this process, for all others."""
        return holder(_name_of(self.home))

    @property
    def form(self) -> str:
        """Of the tables: programs of another version must not write into them."""
        return f"{FORM}/{MIGRATIONS[-1][0]}"

    @cached_property
    def rows(self) -> Rows:
        """The rows of the catalogue."""
        return Rows(self.session, self.form, self.who)

    @cached_property
    def files(self) -> Files:
        """The files of generations."""
        return Files(self.session)

    @cached_property
    def nodes(self) -> Nodes:
        """Who reads."""
        return Nodes(self.signs, self.who)

    def head(self) -> Head | None:
        """Where the store stands; None where nothing is in it."""
        if not tables.is_made(self.signs):
            return None
        head = read_head(self.signs)
        if head is not None and head.form != self.form:
            raise EnvironmentProblem(
                f"存储 {self.session.address.shown} 由另一版本的 policykg 写成（{head.form}，本机 {self.form}）。"
                "请让所有机器使用同一版本"
            )
        return head

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """The turn to write; the tables are there then."""
        _ = self._has_tables  # made where they are missing
        with turn(self.signs, self.who, seconds):
            yield

    def catch_up(self, *, at_turn: bool = True, progress: Progress = silent) -> None:
        """Make home and store one; who is not `at_turn` only fetches. The caller holds the lock of the home."""
        head = self.head()
        if head is None and not at_turn:
            return
        path = lineage.catalogue_of(self.home)
        with Copy.open(path) as copy:
            self._join(copy, head)
            if head is None or (not head.is_complete and head.catalogue == copy.identity()):
                if at_turn:
                    self.rows.fill(copy, progress)
                    self._give_generation(path)
                return
            for tried in range(_TRIES):
                head = self.rows.fetch(copy, progress)  # a generation never comes before the rows that it shows
                try:
                    self._take_generation(head)
                    break
                except EnvironmentProblem:
                    newer = self.head()
                    if newer is None or newer.generation == head.generation or tried == _TRIES - 1:
                        raise
        if at_turn and not head.generation:  # cut off between the filling and its end
            self._give_generation(path)

    def coming(self) -> tuple[int, dict[str, Any]] | None:
        """Number and entries of the generation that is current in the store; None where there is none."""
        head = self.head()
        found = self.files.manifest(head.generation) if head is not None and head.generation else None
        manifest = Manifest.decode(found) if found else None
        return (manifest.number, manifest.entries) if manifest is not None else None

    def send(self) -> None:
        """Send what was written here; the caller is at turn."""
        with Copy.open(lineage.catalogue_of(self.home)) as copy:
            self.rows.send(copy)

    def send_free(self) -> None:
        """Send the lines that need no turn."""
        path = lineage.catalogue_of(self.home)
        if path.exists():
            with Copy.open(path, upgrade=False) as copy:
                if copy.is_copy:
                    self.rows.send_free(copy)

    def publish(self, catalogue: Path, manifest: Manifest, folder: Path) -> None:
        """Send rows and files, and make the generation current for all; the caller is at turn."""
        self.files.send(folder, manifest.files)
        with Copy.open(catalogue) as copy:
            self.rows.send(
                copy,
                also=lambda writing, position: self.files.publish(
                    writing, position, manifest.number, manifest.encode()
                ),
            )
        self._sweep()

    def take_back(self, progress: Progress = silent) -> None:
        """Make the home its own truth again, with all that the store holds; the caller holds the lock of the home."""
        if self.head() is None:
            raise EnvironmentProblem(f"存储 {self.session.address.shown} 中没有目录库。请检查 POLICYKG_STORE")
        self.catch_up(at_turn=False, progress=progress)
        with Copy.open(lineage.catalogue_of(self.home)) as copy:
            copy.become_own()

    def differences(self) -> list[str]:
        """By table, whether the copy has other rows than the store at the position that the copy has reached."""
        with Copy.open(lineage.catalogue_of(self.home), read_only=True) as copy:
            if not copy.is_copy:
                return [f"{self.home} 不是存储 {self.session.address.shown} 的副本；请运行 policykg migrate"]
            before, mine = copy.note(POSITION), copy.totals()
            position, theirs = self.rows.totals()
            if str(position) != before or copy.note(POSITION) != before or copy.waiting("bound")[0]:
                return []  # somebody writes: nothing can be said now
        return [
            f"本机副本的 {name} 与存储不同（{mine[name][0]} 行，存储中 {theirs[name][0]} 行）；"
            "请移走索引文件夹（留下其中的 uploads、ontology 和 .toml 文件）后重新运行，它会重新取得全部内容"
            for name in mine
            if mine[name] != theirs[name]
        ]

    # -- parts -------------------------------------------------------------------------------------------------

    @cached_property
    def _has_tables(self) -> bool:
        """True, after making what is missing: columns as in the catalogue's file, or as in an empty one."""
        if tables.is_ready(self.session):
            return True
        path = lineage.catalogue_of(self.home)
        with Copy.open(path if path.exists() else self.home / CATALOGUE) as copy:
            tables.make(self.session, types_of(copy.connection))
        return True

    def _join(self, copy: Copy, head: Head | None) -> None:
        """Make the file a copy, if it is none yet. Raises `EnvironmentProblem` where it is a truth of its own."""
        shown = self.session.address.shown
        if not copy.is_copy:
            own = copy.sequence() > 0
            if head is not None and own and head.catalogue != copy.identity():
                raise tables.foreign(self.session)
            if head is not None and own:
                raise UsageError(
                    f"{self.home} 与存储 {shown} 出自同一目录库，但此后各自独立写入过，不能自动合并。"
                    "请用 --home 另选一个空文件夹，它会从存储取得全部内容"
                )
            copy.become_copy(sending=head is None)
            copy.set_notes(at=shown, **({_CLONE: "1"} if head is not None else {}))
            return
        is_begun = bool(copy.note(_CLONE)) and not copy.note(POSITION)
        if head is not None and head.catalogue != copy.identity() and not is_begun:
            raise tables.foreign(self.session)
        if head is None and copy.note(POSITION):
            raise EnvironmentProblem(
                f"存储 {shown} 是空的，而 {self.home} 是 {copy.note('at')} 的副本。"
                "请检查 POLICYKG_STORE；数据库确已丢失时，运行 policykg migrate --back 让副本独立，再重新迁移"
            )
        if copy.note("at") != shown:  # the same one at another address
            copy.set_notes(at=shown)

    def _take_generation(self, head: Head) -> None:
        """Make the generation of a state current here, if it is not; files that are here already are linked.

        Raises `EnvironmentProblem` where it is there no more: others have published since.
        """
        if not head.generation:
            return
        found = self.files.manifest(head.generation)
        if found is None:
            raise EnvironmentProblem(
                f"存储 {self.session.address.shown} 的第 {head.generation} 代索引刚被替换。请稍后再试"
            )
        name = lineage.catalogue_of(self.home).name  # in every home its own
        manifest = replace(Manifest.decode(found), catalogue="" if name == CATALOGUE else name)
        current = generations.current_manifest(self.home)
        if current is None or current.encode() != manifest.encode():
            self._install(manifest, current)

    def _install(self, manifest: Manifest, current: Manifest | None) -> None:
        previous = generations.current_folder(self.home)
        here = {seal: name for name, seal in current.files.items()} if current and previous else {}
        if generations.make_current(self.home, manifest):
            return
        built = generations.begin(self.home)
        try:
            for name, seal in manifest.files.items():
                target = built / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if previous is not None and seal in here:
                    with suppress(OSError):
                        os.link(previous / here[seal], target)
                if not target.exists():
                    self.files.fetch(seal, target)
            generations.install(self.home, built, manifest, previous=previous)
        except BaseException:
            shutil.rmtree(built, ignore_errors=True)
            raise

    def _give_generation(self, path: Path) -> None:
        """Send the generation that is here, where its passages are in this store already."""
        current, folder = generations.current_manifest(self.home), generations.current_folder(self.home)
        if current is not None and folder is not None and current.entries.get(AT) == self.session.address.shown:
            self.publish(path, current, folder)

    def _sweep(self) -> None:
        """Clear away what nobody reads: generations, their files, states of documents that only they showed."""
        read = {int(held["number"]) for held in self.nodes.others()}
        with proven(self.session, self.who) as writing:
            found = {number: Manifest.decode(data) for number, data in self.files.generations(writing).items()}
            kept = self.files.sweep(writing, read, {number: each.files.values() for number, each in found.items()})
            oldest = min((found[number].sequence for number in kept), default=0)
            sql = f"DELETE FROM {tables.table_of('superseded')} WHERE sequence <= %s"  # noqa: S608 - a constant
            writing.write(sql, (oldest,))
        self.nodes.sweep()


def _name_of(home: Path) -> str:
    """The random name of a home, which lies in it; a copy of the home, on whatever machine, is another one."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    there = home.stat()
    place = f"{socket.gethostname()} {there.st_dev}:{there.st_ino}"
    path = home / NAME
    with suppress(FileNotFoundError, ValueError):
        name, _, of = path.read_text(encoding="utf-8").strip().partition(" ")
        if of == place:
            return name
    made, name = path.with_name(f".{NAME}.{os.getpid()}"), secrets.token_hex(8)
    durable.write_file(made, f"{name} {place}\n".encode())
    made.replace(path)
    return name
