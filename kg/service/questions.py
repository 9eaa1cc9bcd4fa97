"""Questions that people keep: asked again when something new is published, with what has changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kg.core.bounds import QUESTION, bounded
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.service.audit import Actor

if TYPE_CHECKING:
    from kg.catalogue.questions import KeptQuestion
    from kg.service.snapshot import Snapshots

Json = dict[str, Any]
_SHOWN = 5  # rows of a change that are told


class Questions:
    """What `Service` inherits."""

    settings: Settings
    actor: Actor
    _snapshots: Snapshots

    def ask(self, question: str, *, previous: str | None = None) -> Json:
        """As `Service` has it."""
        raise NotImplementedError

    def generation(self) -> Json:
        """As `Service` has it."""
        raise NotImplementedError

    def keep_question(self, question: str, *, name: str = "", previous: str | None = None) -> Json:
        """Keep a question under a name, with the answer of now: `{"id", "name", "question", "previous", "at"}`."""
        from kg.build.run import writing

        if not question.strip():
            raise UsageError("请先提问，再保存问题")
        bounded(name, QUESTION, "名称")
        seen = self._told_now(question.strip(), previous)
        with writing(self.settings, upgrade=False) as catalogue:
            kept = catalogue.keep_question(
                name.strip() or question.strip(), question.strip(), previous, seen, self.actor
            )
        return _as_json(kept)

    def kept_questions(self) -> list[Json]:
        """Those that are kept, the latest first; `stale` where something was published since the answer was seen."""
        number = self.generation()["number"]
        with self._snapshots.current().latest() as catalogue:
            found = catalogue.questions()
        return [{**_as_json(each), "stale": each.seen.get("generation") != number} for each in found]

    def ask_again(self, question_id: str) -> Json:
        """Ask one anew: `{"answer", "changed", "added", "gone", "before"}`; rows as text, what was seen before.

        What is told now counts as seen.
        """
        from kg.build.run import writing
        from kg.core.errors import UnknownName

        with self._snapshots.current().latest() as catalogue:
            held = {each.id: each for each in catalogue.questions()}
        if question_id not in held:
            raise UnknownName("保存的问题", question_id, held)
        kept = held[question_id]
        now = self._told_now(kept.question, kept.previous)
        with writing(self.settings, upgrade=False) as catalogue:
            catalogue.see_answer(question_id, now)
        return {"answer": now["answer"], "before": kept.seen.get("answer", ""), **_difference(kept.seen, now)}

    def drop_question(self, question_id: str) -> None:
        """Keep it no longer. Raises `UnknownName`."""
        from kg.build.run import writing

        with writing(self.settings, upgrade=False) as catalogue:
            catalogue.drop_question(question_id)

    def _told_now(self, question: str, previous: str | None) -> Json:
        answer = self.ask(question, previous=previous)
        rows = ["　".join(str(value) for value in row.values() if value is not None) for row in answer["rows"]]
        return {"generation": self.generation()["number"], "answer": answer["answer"], "rows": rows}


def _difference(before: Json, now: Json) -> Json:
    """Rows that came and went; changed too where only the sentence is another."""
    one: Counter[str] = Counter(before.get("rows", ()))
    other: Counter[str] = Counter(now["rows"])
    added, gone = list((other - one).elements()), list((one - other).elements())
    changed = bool(added or gone) or before.get("answer") != now["answer"]
    return {"changed": changed, "added": added[:_SHOWN], "gone": gone[:_SHOWN], "more": max(len(added) - _SHOWN, 0)}


def _as_json(kept: KeptQuestion) -> Json:
    return {"id": kept.id, "name": kept.name, "question": kept.question, "previous": kept.previous, "at": kept.at}
