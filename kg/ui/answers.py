"""An answer on the screen and as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from kg.service import Service
from kg.service.reports import answer_file
from kg.ui import backend, linked, tables
from kg.ui.addresses import link
from kg.ui.charts import local_chart
from kg.ui.copying import copy_button
from kg.ui.grids import show_grid
from kg.ui.kept import keep_button
from kg.ui.markup import escaped, file_name, plain
from kg.ui.quotes import evidence_cards

Json = dict[str, Any]

_FILES = {"docx": "Word", "xlsx": "Excel", "csv": "CSV"}
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|？\x00-\x1f\x7f]')
_NAME = 40  # characters
_LONG = 120  # characters of an answer from which on it is set smaller, a sentence a line: two lines of the large type
_SENTENCE_END = re.compile(r"(?<=。)(?=[^”’）》\n])")
_CITED = re.compile(r"\[(\d{1,3})\]")
_ROW = 33  # pixels of a table row at the font size of .streamlit/config.toml
_CHART = 240  # pixels
_CROWDED = 5  # columns from which on long texts would push others out of sight
_WIDE = 16  # characters of a cell that need more than a medium column
_TALLEST = 11  # rows before a table scrolls, so that the evidence stays in reach


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a file of the answer asks for when it is made, perhaps later; it keeps no generation open till then."""

    held: Json
    seen: Service

    def generation(self) -> Json:
        """The generation on the screen."""
        return self.held

    def passage_context(self, document_id: str, start: int, end: int) -> Json:
        """The document around a quote, as it is now."""
        return self.seen.passage_context(document_id, start, end)


def show_answer(
    answer: Json, *, ask: Callable[[str], None], previous: str | None = None, follow: Callable[[], None] | None = None
) -> None:
    """Everything about one answer; `ask` is called with a next question.

    `previous` is the question that this one follows, `follow` draws the box for one that follows this one.
    """
    st.html(answer_html(answer))
    if answer.get("interpretation"):
        st.html(f'<p class="pk-note" data-testid="interpretation">{escaped(interpretation(answer))}</p>')
    _actions(answer, previous)
    if follow is not None:
        follow()
    columns, rows = answer.get("columns") or [], answer.get("rows") or []
    if rows:
        titles = linked.titles_of(backend.documents())
        show_grid(columns, linked.linked_grid(columns, rows, titles), key="answer-table", label="答案的表格")
    if answer.get("chart"):
        st.vega_lite_chart(local_chart(answer["chart"]), width="stretch", height=_CHART, key="answer-chart")
    evidence = answer.get("evidence") or []
    if evidence:
        st.subheader("原文依据" if answer["answerable"] else "最接近的原文", anchor=False)
        evidence_cards(evidence, key="evidence", numbered=bool(_CITED.search(answer["answer"])))
    if answer.get("sparql"):
        with st.expander("查询语句（SPARQL）", icon=":material/code:"):
            st.code(answer["sparql"], language="sparql", wrap_lines=True)
            link("sparql", "在高级查询页打开", {"query": answer["sparql"]}, icon=":material/open_in_new:")
    if backend.compares(answer["question"]) and (pair := linked.compared(answer, backend.documents())):
        link("compare", "把这两份文件逐项对照", pair, icon=":material/compare_arrows:")
    if not answer["answerable"]:
        link("search", "到检索页按原文查找", {"find": answer["question"]}, icon=":material/search:")
    _next(answer, ask)


def interpretation(answer: Json) -> str:
    """How the question was taken, said once."""
    text = str(answer["interpretation"])
    return text if text.startswith("理解为") else f"理解为：{text}"


def answer_html(answer: Json) -> str:
    """The sentence; one that says that the documents are silent looks different and says so in its heading."""
    if answer["answerable"]:
        text, long = answer["answer"], len(answer["answer"]) > _LONG
        shown = _SENTENCE_END.sub("\n", text) if long else text
        size = " pk-long" if long else ""
        return f'<p class="pk-answer{size}" data-testid="answer">{_cited(escaped(shown), answer)}</p>'
    kicker = '<span class="pk-kicker">库中文档未能回答</span>\n'
    return f'<p class="pk-answer pk-none" data-testid="no-answer">{kicker}{escaped(answer["answer"])}</p>'


def _cited(text: str, answer: Json) -> str:
    """The text with each [1] as a link to its sentence."""
    evidence = answer.get("evidence") or []

    def to_link(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        if not 0 <= place < len(evidence):
            return match[0]
        item = evidence[place]
        target = f"documents?id={item['document_id']}&start={item['start']}&end={item['end']}"
        return f'<a class="pk-cite" href="{escaped(target)}" title="{escaped(item["quote"])}">{match[0]}</a>'

    return _CITED.sub(to_link, text)


def copied(answer: Json) -> str:
    """The answer with what its numbers stand for, as one pastes it into a report."""
    text = str(answer["answer"])
    used = {int(number) for number in _CITED.findall(text)}
    sources = [
        f"[{number}] “{item['quote'].strip()}”（{file_name(item['source'])}）"
        for number, item in enumerate(answer.get("evidence") or [], start=1)
        if number in used
    ]
    return "\n".join([text, *sources])


def name_of(question: str) -> str:
    """A question as the name of a file: without what file systems and spreadsheets do not take, and not too long."""
    return _NOT_IN_NAMES.sub("", question).strip(" .=+-@")[:_NAME] or "答案"


def show_table(columns: list[str], rows: list[list[Any]], *, key: str) -> None:
    """A table that sorts, searches and copies; the four states in colour."""
    frame = tables.table(columns, rows)
    config = {
        name: st.column_config.NumberColumn(format="%d", width="small", alignment="left")
        for name in frame.columns
        if frame[name].dtype.kind == "i"
    }
    if len(frame.columns) >= _CROWDED:  # long texts are cut (a double click shows them), so that no column is hidden
        longest = {name: frame[name].astype("string").str.len().max() for name in frame.columns if name not in config}
        config |= {n: st.column_config.Column(width="medium") for n, most in longest.items() if most > _WIDE}
    height = _ROW * (min(len(rows), _TALLEST) + 1) + 3
    st.dataframe(tables.coloured(frame), hide_index=True, height=height, column_config=config, key=key, placeholder="")


def _actions(answer: Json, previous: str | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="answer-actions"):
        copy_button(copied(answer), "复制答案", key="copy-answer")
        shown = _Shown(backend.generation(), backend.seen())
        for format_, name in _FILES.items():
            st.download_button(
                f"下载 {name}",
                lambda format_=format_: answer_file(shown, answer, format_),  # type: ignore[misc]
                f"{name_of(answer['question'])}.{format_}",
                key=format_,
                on_click="ignore",
            )
        keep_button(answer["question"], previous)
        st.caption(f"用时 {plain(round(answer.get('elapsed_ms') or 0))} 毫秒")


def _next(answer: Json, ask: Callable[[str], None]) -> None:
    questions = answer.get("next_questions") or []
    if questions:
        st.subheader("接着问", anchor=False)
        question_buttons(questions, ask, key="next")


def question_buttons(questions: list[str], ask: Callable[[str], None], *, key: str) -> None:
    """Questions to click."""
    with st.container(horizontal=True, key=key):
        for number, question in enumerate(questions):
            st.button(plain(question), key=f"{key}-{number}", on_click=ask, args=(question,))
