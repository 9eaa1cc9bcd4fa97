"""What speaks for an item being a task and against it, as names of features.

Nothing here decides: `ontology/forms/weights.toml` weighs the features, and a heading such as 保障措施 is outweighed by
units of an item's own or by peers that are tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.facts.headlines import Headlines, clause_ends
from ingest.facts.items import Item
from ontology.forms import Forms

_ANNEX = re.compile(r"附[ ]?件?[ ]?[：:\d]?[ ]?$|附[ ]?件[\d一二三四五六七八九十]{0,2}[ ]?[：:]")
_DUE = re.compile(r"(?:底|月|日|年|周)(?:之)?前|完成时限|时限|到\d{4}年|按期|限期")
_STOP = re.compile(r"[。\n]\s*")
_HEADING = 16  # characters
_LETTERS = re.compile(r"[\u4e00-\u9fff]")


class Evidence:
    """Names the features of items; built once for the forms of a run."""

    def __init__(self, forms: Forms, headlines: Headlines) -> None:
        self._headlines = headlines
        own = ("aims", "conduct", "facts", "tasks", "plans", "stage", "problems")
        self._headings = [(name, forms.quick(f"framing.{name}")) for name in own]
        words = "citizen question amount file contents document case slogan approval closing"
        self._words = [(name, forms.quick(f"framing.{name}")) for name in words.split()]
        self._tasks_after_all = forms.pattern("framing.tasks_after_all")
        self._process = forms.pattern("framing.process")
        self._last = forms.quick("act.last")
        self._list = forms.pattern("framing.list")
        self._opens_tasks = forms.pattern("framing.opens_tasks")
        self._holds = forms.quick("hold.noun")
        self._closing = forms.pattern("framing.closing")
        self._reporting = forms.pattern("framing.reporting")
        self._rules = frozenset(forms.words("framing.rules"))
        self._laws = frozenset(forms.words("framing.laws"))
        self._of_a_law = forms.pattern("framing.of_a_law")
        self._formality = forms.pattern("article.formality")
        self._explain = forms.pattern("framing.explain")
        self._awards = forms.pattern("framing.awards")

    def of_document(self, title: str, kind: str | None) -> frozenset[str]:
        """What the document is speaks for all of its items."""
        out: set[str] = set()
        if kind in self._rules:
            out.add("kind-rules")
        if kind in self._laws or self._of_a_law.search(title):
            out.add("kind-law")
        if self._explain.search(title):
            out.add("genre-explains")
        if self._awards.search(title):
            out.add("genre-awards")
        return frozenset(out)

    def of_heading(self, title: str) -> frozenset[str]:
        """What a heading says of the items below it: aims, conduct, facts, tasks."""
        first = title[: clause_ends(title)[0]]
        if len(first) > _HEADING:
            return frozenset()  # 各市人民政府要加强组织领导, …: a sentence, no heading
        names = {name for name, pattern in self._headings if pattern.search(title) or pattern.search(first)}
        if "tasks" in names and self._process.search(title):
            names.discard("facts")  # 分配流程及时间安排 holds steps, not only dates
        if self._tasks_after_all.search(first):
            names = names - {"conduct", "problems", "stage"} | {"tasks"}
        if names & {"aims", "conduct"}:
            names.discard("tasks")  # 保障措施, 工作目标任务
        return frozenset(names)

    def is_formality(self, title: str) -> bool:
        """本办法由市财政局负责解释: an article about the rule itself."""
        return bool(self._formality.match(title))

    def glued(self, title: str) -> str:
        """整治范围 of 整治范围保护区内…: a chapter's heading that lost the break behind it; or the whole title."""
        for n in range(4, min(9, len(title) - 4)):
            if self.of_heading(title[:n]) & {"aims", "conduct", "facts"}:
                return title[:n]
        return title

    def of_words(self, title: str, sentence: str) -> Iterator[str]:
        """What the title and the first sentence of an item say."""
        for name, pattern in self._words:
            find = pattern.match if name == "closing" else pattern.search  # 市水务局于…前报送: who is named is charged
            if find(title if name in ("slogan", "question", "file", "document", "approval") else sentence):
                yield f"is-{name}"
        if self._headlines.acts(title):
            yield "acts"
        elif self._holds.search(title):
            yield "event"
        elif self._last.search(title):
            yield "acts-last"
        elif len(_LETTERS.findall(title)) < 3:
            yield "wordless"
        else:
            yield "no-act"

    def opens_list(self, words: str) -> bool:
        """Whether the text before a list opens one of conditions, cases, papers: 符合下列条件之一："""
        line = words.rstrip().rsplit("\n", 1)[-1]
        return bool(self._list.search(line[-60:])) and not self._opens_tasks.search(line[-60:])

    def closing(self, text: str, start: int, end: int) -> int:
        """Where a sentence begins that asks for reports on the whole, and belongs to no item; -1 without one.

        Below 加强信息报送 it is the item's own.
        """
        first = _STOP.search(text, start, end)
        if (
            first is not None
            and first.start() - start <= _HEADING
            and self._reporting.search(text[start : first.start()])
        ):
            return -1
        for stop in _STOP.finditer(text, start, end):
            if self._closing.match(text, stop.end(), end):
                return stop.end()
        return -1

    @staticmethod
    def opens_annexes(words: str) -> bool:
        """Whether the text before a list is 附件："""
        line = words.rstrip().rsplit("\n", 1)[-1]
        return bool(_ANNEX.search(line[-12:]))

    @staticmethod
    def of_shape(item: Item) -> Iterator[str]:
        """What numbering and level say."""
        yield f"level-{min(item.level, 6)}" if item.style != "heading" else "heading"
        if item.style == "chapter":
            yield "article"

    @staticmethod
    def of_own_text(words: str) -> Iterator[str]:
        """What the whole of an item's own text says."""
        if _DUE.search(words):
            yield "due"
