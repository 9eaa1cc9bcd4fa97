"""What the endurance run does in a home: every command that writes, how it may be repeated, what must be after it."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from endurance_child import Held

from kg.build.lineage import catalogue_of, read_catalogue
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.service import Service
from kg.service.archive import Archive
from kg.service.training import train_embedder

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
COMMANDS = (
    "ingest",
    "ingest, two workers",
    "remove",
    "correct",
    "sync",
    "backup",
    "restore",
    "rebuild",
    "check --repair",
    "train-embedder",
)


@dataclass
class Plan:
    """A command: its work, which may be repeated after a kill; the files held after it; names that it may take away.

    `whole`: it happens in one step, so that nothing in between may be seen. `damaged`: the home is not sound before.
    `look` finds what is wrong beside the home, right after a kill and (with True) after the repetition.
    """

    name: str
    work: Callable[[], Any]
    after: dict[str, str]
    gone: frozenset[str] = frozenset()
    statements: frozenset[str] | None = None  # after it, where they may become fewer
    whole: bool = False
    damaged: bool = False
    look: Callable[[bool], list[str]] = lambda _: []
    theme: str = ""


@dataclass
class Site:
    """Documents, a home, a backup, and commands on them; all that is by chance comes from `dice`."""

    folder: Path
    dice: random.Random
    count: int
    home: Path = field(init=False)
    saved: tuple[dict[str, str], frozenset[str]] | None = None  # what the backup to be restored holds
    number: int = 0

    def __post_init__(self) -> None:
        self.home, self.docs = self.folder / "home", self.folder / "docs"
        self.docs.mkdir()
        samples = sorted(
            path for path in SAMPLES.iterdir() if path.suffix in (".txt", ".md") and "README" not in path.name
        )
        for path in samples[: self.count]:
            shutil.copy(path, self.docs)
        read = (path.read_bytes().decode("utf-8", "replace") for path in samples)
        texts = [part for text in read for part in text.replace("\n", "。").split("。") if len(part) > 15]
        rows = [json.dumps({"text": line, "title": "材料"}, ensure_ascii=False) for line in texts]
        (self.folder / "texts.jsonl").write_text("\n".join(rows), encoding="utf-8")

    def service(self, **settings: Any) -> Service:
        """A service that reads in its own process, unless settings say otherwise: what is killed is the writer."""
        return Service(Settings(home=self.home, **{"file_seconds": 0, **settings}))

    def files(self) -> dict[str, str]:
        """Those of the folder: name -> hash."""
        return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(self.docs.iterdir())}

    def plan(self, name: str) -> Plan:
        """A command for the home as it is; another one where that makes no sense yet."""
        self.number += 1
        held = dict(Held.of(self.home).files)
        if not held or (name == "restore" and self.saved is None):
            name = "ingest" if not held else "backup"
        plans = dict(zip(COMMANDS, (
            self._ingest, self._ingest_by_two, self._remove, self._correct, self._sync, self._backup, self._restore,
            self._rebuild, self._repair, self._train,
        ), strict=True))  # fmt: skip
        return plans[name](held)

    # -- commands ----------------------------------------------------------------------------------------------

    def _edit(self) -> None:
        """Another version of a file."""
        path = self.dice.choice(sorted(self.docs.iterdir()))
        with path.open("a", encoding="ascii") as file:  # which fits every file, however it is encoded
            file.write(f"\nNo. {self.number}\n")

    def _taken_in(self, held: dict[str, str]) -> tuple[dict[str, str], frozenset[str]]:
        """What is held after `ingest`, and the names that go: of files that lie there under another name by now."""
        files = self.files()
        moved = frozenset(n for n, found in held.items() if n not in files and found in files.values())
        return {n: found for n, found in held.items() if n not in moved} | files, moved

    def _ingest(self, held: dict[str, str]) -> Plan:
        self._edit()
        return Plan("ingest", lambda: self.service().ingest([self.docs]), *self._taken_in(held))

    def _ingest_by_two(self, held: dict[str, str]) -> Plan:
        self._edit()
        self._edit()

        def work() -> None:
            self.service(workers=2, file_seconds=60.0).ingest([self.docs])

        return Plan("ingest, two workers", work, *self._taken_in(held))

    def _remove(self, held: dict[str, str]) -> Plan:
        gone = frozenset(self.dice.sample(sorted(held), k=min(self.dice.randint(1, 2), len(held) - 1) or 1))

        def work() -> None:  # the second time some are gone already: that is no error of the user's here
            with read_catalogue(self.home, Catalogue) as catalogue:
                left = [item.id for item in catalogue.documents() if Path(item.source).name in gone]
            service = self.service()
            if left:
                service.remove(left)
            else:
                service.publish_corrections()

        return Plan("remove", work, {name: found for name, found in held.items() if name not in gone}, gone)

    def _correct(self, held: dict[str, str]) -> Plan:
        name, theme = self.dice.choice(sorted(held)), f"第{self.number}号主题"
        return Plan("correct", lambda: self.state(name, theme), held, theme=theme)

    def state(self, name: str, theme: str) -> None:
        """What a person states of a document, once."""
        service = self.service()
        if any(each["values"].get("theme") == theme for each in service.corrections(undone=True)):
            service.publish_corrections()
        else:
            service.correct([{"action": "correct", "document": name, "path": "document", "values": {"theme": theme}}])

    def _sync(self, held: dict[str, str]) -> Plan:
        """A file renamed, one changed, one gone or one back."""
        paths = sorted(self.docs.iterdir())
        path = self.dice.choice(paths)
        path.rename(path.with_name(f"{self.number}号-{path.name.rpartition('号-')[2]}"))
        if self.dice.random() < 0.5:
            self._edit()
        aside = self.folder / "aside"
        aside.mkdir(exist_ok=True)
        if kept := sorted(aside.iterdir()):
            kept[0].rename(self.docs / kept[0].name)
        elif len(paths) > 2:
            path = self.dice.choice(sorted(self.docs.iterdir()))
            path.rename(aside / path.name)
        after = self.files()
        return Plan(
            "sync", lambda: self.service().sync(self.docs, delete=True), after, frozenset(held.keys() - after.keys())
        )

    def _backup(self, held: dict[str, str]) -> Plan:
        target = self.folder / "b.zip"
        statements = Held.of(self.home).statements

        def look(finished: bool) -> list[str]:
            if not target.exists():
                return ["no backup"] if finished else []
            with Archive(target) as archive:
                archive.verify()
                if finished and archive.contents.documents != len(held):
                    return ["the backup holds another number of documents"]
            if finished:
                shutil.copy(target, self.folder / "saved.zip")
                self.saved = held, statements
            return [f"left {path.name}" for path in self.folder.glob(".*backup*")] if finished else []

        return Plan("backup", lambda: self.service().backup(target), held, look=look)

    def _restore(self, held: dict[str, str]) -> Plan:
        assert self.saved is not None
        after, statements = self.saved

        def look(_: bool) -> list[str]:
            for kept in (self.home / "backups").glob("*.zip"):
                with Archive(kept) as archive:
                    archive.verify()
            return []

        def work() -> None:
            self.service().restore(self.folder / "saved.zip", force=True)

        return Plan("restore", work, after, frozenset(held), statements, whole=True, look=look)

    def _rebuild(self, held: dict[str, str]) -> Plan:
        return Plan("rebuild", lambda: self.service().rebuild(), held)

    def _repair(self, held: dict[str, str]) -> Plan:
        """On a home with a byte flipped in an index or a row, a lost link, or a folder in its place."""
        current, kind = self.home / "current", self.dice.randrange(4)
        same = [name for name, found in sorted(held.items()) if self.files().get(name) == found]
        if kind == 0:
            found = [
                path for path in sorted(current.resolve().rglob("*")) if path.is_file() and path.stat().st_size > 9
            ]
            path = self.dice.choice(found)
            data = bytearray(path.read_bytes())
            data[self.dice.randrange(len(data))] ^= 1
            path.write_bytes(data)
        elif kind == 1:
            current.unlink()
        elif kind == 2 or not same:
            folder = current.resolve()
            current.unlink()
            shutil.copytree(folder, current)
        else:
            spoil_row(self.home, self.dice.choice(same))
        return Plan("check --repair", lambda: self.service().check(repair=True), held, damaged=True)

    def _train(self, held: dict[str, str]) -> Plan:
        target = self.folder / "model"
        shutil.rmtree(target, ignore_errors=True)

        def work() -> None:
            if not target.exists():
                train_embedder(Settings(home=self.home), [self.folder / "texts.jsonl"], target, epochs=1)

        def look(finished: bool) -> list[str]:
            names = {path.name for path in target.iterdir()} if target.exists() else set()
            if finished or names:
                missing = {"model.safetensors", "static.json", "tokenizer.json", "modules.json"} - names
                return [f"the model lacks {sorted(missing)}"] if missing else []
            return []

        return Plan("train-embedder", work, held, look=look)


def spoil_row(home: Path, name: str) -> None:
    """Another title in a row than was written, as a bad disk does it."""
    with closing(sqlite3.connect(catalogue_of(home), isolation_level=None)) as connection:
        connection.execute("UPDATE documents SET title = title || '坏' WHERE source LIKE ?", (f"%{name}",))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
