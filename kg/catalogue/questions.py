"""Questions that people keep, with the answer that they last saw: what a new document changes can be told."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from kg.catalogue import sealing
from kg.catalogue.records import Actor
from kg.catalogue.upkeep import Upkeep, now
from kg.core.errors import UnknownName


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question under a name. `seen` is what its asker saw last: `{"generation", "answer", "rows"}`."""

    id: str
    name: str
    question: str
    previous: str | None
    at: str
    actor: str
    seen: dict[str, Any]


class Questions(Upkeep):
    """The part of `Catalogue` that keeps questions."""

    def questions(self) -> list[KeptQuestion]:
        """All, the latest first."""
        if not self._has("questions", "id"):
            return []
        sql = "SELECT id, name, question, previous, at, actor, seen FROM questions ORDER BY at DESC, id"
        return [
            KeptQuestion(ident, name, question, previous, at, actor, json.loads(seen))
            for ident, name, question, previous, at, actor, seen in self._rows(sql)
        ]

    def keep_question(
        self, name: str, question: str, previous: str | None, seen: dict[str, Any], actor: Actor
    ) -> KeptQuestion:
        """Keep one; the same question under another name takes that name."""
        with self._transaction():
            self._run(
                "DELETE FROM questions WHERE question = ? AND coalesce(previous, '') = ?", question, previous or ""
            )
            # 48 bits: people keep hundreds, and the table refuses a second of the same.
            kept = KeptQuestion(secrets.token_hex(6), name, question, previous, now(), actor.name, seen)
            told = {name: getattr(kept, name) for name in ("id", "name", "question", "previous", "at", "actor")}
            self._insert("questions", **told, seen=json.dumps(seen, ensure_ascii=False))
        return kept

    def see_answer(self, question_id: str, seen: dict[str, Any]) -> None:
        """Note what its asker has seen now."""
        with self._transaction():
            seal = sealing.kept_whole("questions", sealing.expression("questions", {"seen": "?1"}))
            sql = f"UPDATE questions SET seen = ?1, seal = {seal} WHERE id = ?2"  # noqa: S608 - constants
            self._run(sql, json.dumps(seen, ensure_ascii=False), question_id)

    def drop_question(self, question_id: str) -> None:
        """Keep it no longer. Raises `UnknownName`."""
        with self._transaction():
            if not self._run("DELETE FROM questions WHERE id = ?", question_id).rowcount:
                raise UnknownName("保存的问题", question_id, [each.id for each in self.questions()])
