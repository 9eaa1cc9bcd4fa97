"""The SPARQL page: saved queries with their parameters, the editor, the run, the result."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

import streamlit as st

from kg.core.errors import PolicyKGError, QuerySyntaxError, RefusedQuery, UsageError
from kg.service.querywords import query_words
from kg.service.running import QueryResult, RunningQuery
from kg.ui import backend
from kg.ui.choosing import choice, choose
from kg.ui.editor import sparql_editor
from kg.ui.markup import plain
from kg.ui.parameters import parameter_inputs
from kg.ui.results import show_result
from kg.ui.stepping import stepwise_page

Json = dict[str, Any]

_OUTCOME, _STOP, _FILLED = "sparql-outcome", "sparql-stop", "sparql-filled"
_HEAD = re.compile(r"^# (?:title|description|parameter):.*\n", re.MULTILINE)  # the page says it above the editor
_LOOK = 0.25  # seconds between two looks at a query at work
_WAYS = {"write": "写查询语句", "steps": "点选，不用写语句"}
_PATIENCE = 0.6  # seconds before it is told that one is at work


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a query in a generation: a result, or what was wrong with it."""

    number: int
    text: str
    result: QueryResult | None
    error: PolicyKGError | None
    seconds: float


def sparql_page() -> None:
    """Two ways to a query: to write it, or to let it grow by clicks."""
    key = "query-way"
    wanted = "steps" if st.query_params.get("steps") or st.query_params.get("way") == "steps" else "write"
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
    st.segmented_control(
        "怎样查询", list(_WAYS), key=key, format_func=_WAYS.__getitem__, required=True, label_visibility="collapsed",
        on_change=_go,
    )  # fmt: skip
    if wanted == "steps":
        stepwise_page()
    else:
        _written()


def _go() -> None:
    """The other way (a callback)."""
    way = st.session_state["query-way"]
    choose({"way": "steps", "query": None, "saved": None} if way == "steps" else {"way": None, "steps": None})


def _written() -> None:
    """Choose or write a query, run it, take the result along."""
    saved = {query["name"]: query for query in backend.saved_queries()}
    names = sorted({item["name"] for query in saved.values() for item in query["inputs"]})
    chosen = choice(
        "现成的查询",
        "saved",
        list(saved),
        format_=lambda name: saved[name]["title"],
        placeholder="选一个，或在下面自己写",
        instead_of=("query", *names),
    )
    text = _text(saved, chosen)
    wrong = st.empty()
    outcome = _known(text)
    settings = backend.service().settings
    sparql_editor(
        text,
        vocabulary=_vocabulary(backend.state()),
        note=f"只读 · 时限 {settings.query_seconds:g} 秒 · 最多 {settings.query_rows} 行 · 常用前缀不必声明",
        fault=_fault(outcome),
        on_run=lambda written: _run(written, names),
        key="editor",
    )
    if outcome is None and text.strip():
        outcome = st.session_state[_OUTCOME] = _wait(text, backend.generation()["number"])
        if _fault(outcome):
            st.rerun()  # the editor is drawn already, without its mark
    if outcome is None:
        return
    if outcome.error is not None:
        _tell(outcome.error, text, wrong)
    elif outcome.result is not None:
        show_result(outcome.result, text, seconds=outcome.seconds)


def _text(saved: dict[str, Json], chosen: str | None) -> str:
    """The query to show: the one in the address, else the chosen one with its parameters."""
    filled, values = "", dict[str, str]()
    if chosen:
        if chosen in saved:
            st.caption(plain(saved[chosen]["description"]))
            values = parameter_inputs(saved[chosen])
        try:
            filled = _HEAD.sub("", backend.service().saved_query(chosen, **values)).strip()
        except UsageError as error:
            st.error(plain(error.message), icon=":material/error:")
    st.session_state[_FILLED] = filled
    return str(st.query_params.get("query", "")) or filled


def _run(written: str, names: list[str]) -> None:
    """Take a query from the editor (a callback): it runs anew, and the address tells it."""
    st.session_state.pop(_OUTCOME, None)
    if written != st.session_state.get(_FILLED):
        choose({"query": written, "saved": None, **dict.fromkeys(names)})


def _known(text: str) -> Outcome | None:
    """What came of this query in this generation: kept, so that sorting or a chart runs nothing again."""
    number = backend.generation()["number"]
    if st.session_state.pop(_STOP, None) == text:
        error = RefusedQuery("已停止查询。改好后再运行，或缩小范围、加 LIMIT")
        st.session_state[_OUTCOME] = Outcome(number, text, None, error, 0.0)
    known: Outcome | None = st.session_state.get(_OUTCOME)
    return known if known and (known.number, known.text) == (number, text) else None


def _wait(text: str, number: int) -> Outcome:
    """Run it; meanwhile the page lives, and the query ends with the run of the page (another click, another page)."""
    begun = time.perf_counter()
    running = RunningQuery(backend.reader(), text)
    sign = st.empty()
    try:
        told = False
        while not running.wait(_LOOK if told else _PATIENCE):
            if not told:
                with sign.container(horizontal=True, vertical_alignment="center", key="sparql-running"):
                    st.button("停止", key="stop", icon=":material/stop_circle:", on_click=_stop, args=(text,))
                    clock = st.empty()
                told = True
            limit = backend.service().settings.query_seconds
            clock.caption(f"正在查询，已用 {time.perf_counter() - begun:.0f} 秒，时限 {limit:g} 秒…")
        sign.empty()
        return Outcome(number, text, running.result(), None, time.perf_counter() - begun)
    except PolicyKGError as error:
        return Outcome(number, text, None, error, time.perf_counter() - begun)
    finally:
        running.stop()


def _stop(text: str) -> None:
    st.session_state[_STOP] = text


def _fault(outcome: Outcome | None) -> Json | None:
    error = outcome.error if outcome else None
    if not isinstance(error, QuerySyntaxError) or error.line is None:
        return None
    return {"line": error.line, "column": error.column or 1, "message": "解析器：" + _detail(error)}


def _detail(error: QuerySyntaxError) -> str:
    return error.message.partition("：")[2] or error.message


def _tell(error: PolicyKGError, text: str, place: Any) -> None:
    """Say what was wrong where the eye is: above the editor, which marks the place."""
    with place.container():
        if not isinstance(error, QuerySyntaxError):
            st.error(plain(error.message), icon=":material/error:")
            return
        if error.line is None:
            st.error("查询语句有误，请检查括号、引号和句点是否成对、齐全。", icon=":material/error:")
        else:
            st.error(
                f"查询语句第 {error.line} 行第 {error.column} 列附近有误，请检查箭头所指处及其前一个符号。",
                icon=":material/error:",
            )
            st.code(pointed(text, error.line, error.column or 1), language=None)
        with st.expander("解析器的说明"):
            st.code(_detail(error), language=None, wrap_lines=True)


def pointed(text: str, line: int, column: int) -> str:
    """The line of the error with its neighbours, and an arrow under the column (full-width signs take two)."""
    lines = text.splitlines() or [""]
    at = min(max(line, 1), len(lines))
    shown = [f"{number:>4}  {lines[number - 1]}" for number in range(max(at - 1, 1), at + 1)]
    before = lines[at - 1][: max(column - 1, 0)].ljust(max(column - 1, 0))
    blanks = "".join("\u3000" if ord(char) > 0x2E80 else "\t" if char == "\t" else " " for char in before)
    return "\n".join([*shown, f"      {blanks}↑"])


@st.cache_data(show_spinner=False, max_entries=2)
def _vocabulary(state: backend.State) -> Json:  # noqa: ARG001  the state is part of the key
    words: Json = query_words(backend.topics())
    return words
