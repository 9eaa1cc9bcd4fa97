"""The service that all sessions of the app share, and what they ask of it, remembered per generation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kg.core.config import Settings
from kg.core.errors import NotAllowed, NotBuilt
from kg.core.ids import is_former
from kg.core.rights import Groups, Rights, key_of
from kg.service import Service

Json = dict[str, Any]

_ANSWERS = 512  # answers remembered; one takes some 20 kB


@st.cache_resource(show_spinner=False)
def service() -> Service:
    """The one service of this process; the home comes from `POLICYKG_HOME`."""
    return Service(Settings.load())


_READER, _SEEN, _VIEW = "policykg-reader", "policykg-seen", "policykg-view"
State = tuple[int, str]
_AHEAD: ContextVar[Service | None] = ContextVar("ahead", default=None)


def begin(*, contacts: bool = False, groups: Groups | None = None) -> None:
    """Read from the newest generation, and from no other until the next run: in its fragments and callbacks too.

    `contacts`: with personal data, for a visitor who may see them and asked for it; `groups`: only what these have.
    """
    view = service() if groups is None else service().seen_by(groups)
    st.session_state[_SEEN] = view.with_contacts() if contacts else view
    st.session_state[_VIEW] = f"{'' if groups is None else key_of(groups)}{'+' if contacts else ''}"
    try:
        st.session_state[_READER] = st.session_state[_SEEN].staying()
    except NotBuilt:
        st.session_state.pop(_READER, None)


def reload() -> None:
    """Read the settings again: what they name has changed."""
    service.clear()


def let_go() -> None:
    """Hold no generation for a sitting where nothing happens."""
    st.session_state.pop(_READER, None)


@contextmanager
def reading_ahead(held: Service) -> Iterator[None]:
    """Read from `held` in this thread, which runs no page: what is remembered is what a visitor without groups sees."""
    token = _AHEAD.set(held)
    try:
        yield
    finally:
        _AHEAD.reset(token)


def reader() -> Service:
    """The service to read from; `service()` is for writing and for how things stand."""
    if (held := _AHEAD.get()) is not None:
        return held
    if get_script_run_ctx(suppress_warning=True) is None:  # a file that is made when it is asked for
        if Rights.load(service().settings.home) is not None:  # nobody knows for whom
            raise NotAllowed("无法确认您的权限，请刷新页面后重试")
        return service()
    return st.session_state.get(_READER) or seen()


def seen() -> Service:
    """The service as the visitor may see it, of whatever generation is current when it is asked."""
    held: Service | None = st.session_state.get(_SEEN)
    return held or service()


def generation() -> Json:
    """`{"number", "created", "documents"}`; raises `NotBuilt`."""
    return reader().generation()


def state() -> State:
    """What a remembered result is of: the generation, whose view of it, and whether personal data are in it."""
    view = "" if _AHEAD.get() is not None else str(st.session_state.get(_VIEW, ""))
    return generation()["number"], view


def topics() -> Json:
    """What the documents talk about."""
    return _topics(state())


def overview() -> Json:
    """What is held, in numbers."""
    return _overview(state())


@st.cache_data(show_spinner=False, max_entries=2)
def _overview(state: State) -> Json:  # noqa: ARG001
    return reader().overview()


def review_queue(*, top: int) -> Json:
    """What waits for a person's word in this generation."""
    return _review_queue(state(), top)


@st.cache_data(show_spinner=False, max_entries=2)
def _review_queue(state: State, top: int) -> Json:  # noqa: ARG001
    return reader().review_queue(top=top)


def tasks() -> list[Json]:
    """The ledger of tasks; its states depend on the day."""
    return _tasks(state(), f"{datetime.now().astimezone():%Y-%m-%d}")


@st.cache_data(show_spinner=False, max_entries=2)
def _tasks(state: State, day: str) -> list[Json]:  # noqa: ARG001
    return reader().tasks()


def renew(*names: str) -> None:
    """Put the ids of now into the address where it has ids of before (`kg.catalogue.long_ids`): an old link opens."""
    for name in names:
        if is_former(wanted := st.query_params.get(name) or "") and (now := reader().current_id(wanted)) != wanted:
            st.query_params[name] = now


def documents() -> list[Json]:
    """All documents."""
    return _documents(state())


def evolution(series: str | None) -> Json:
    """A series over places and years."""
    return _evolution(state(), series)


def basis(document: str | None, policy: str | None, *, everything: bool = False) -> Json:
    """What a document or a policy rests on, and what rests on it; `everything`: other citations too."""
    return _basis(state(), document, policy, everything, f"{datetime.now().astimezone():%Y-%m-%d}")


def ask(question: str, previous: str | None = None) -> Json:
    """The answer to a question; the same question of the same generation is asked once."""
    return _ask(state(), question, previous)


def sparql(query: str) -> Json:
    """The result of a query."""
    return _sparql(state(), query)


@st.cache_data(show_spinner=False, max_entries=2)
def _topics(state: State) -> Json:  # noqa: ARG001
    return reader().topics()


@st.cache_data(show_spinner=False, max_entries=2)
def _documents(state: State) -> list[Json]:  # noqa: ARG001
    return reader().documents()


@st.cache_data(show_spinner=False, max_entries=32)
def _evolution(state: State, series: str | None) -> Json:  # noqa: ARG001
    return reader().evolution(series)


@st.cache_data(show_spinner=False, max_entries=32)
def _basis(state: State, document: str | None, policy: str | None, everything: bool, day: str) -> Json:  # noqa: ARG001
    return reader().basis(document=document, policy=policy, everything=everything)


@st.cache_data(show_spinner=False, max_entries=_ANSWERS)
def _ask(state: State, question: str, previous: str | None) -> Json:  # noqa: ARG001  the state is part of the key
    return reader().ask(question, previous=previous)


@st.cache_data(show_spinner=False, max_entries=32)
def _sparql(state: State, query: str) -> Json:  # noqa: ARG001
    return reader().sparql(query)


def document(name: str) -> Json:
    """One document with its facts."""
    return reader().document(name)


def reading(document_id: str) -> Json:
    """Its text and outline."""
    return reader().reading(document_id)


def search(query: str, *, top: int, **filters: str | int | None) -> list[Json]:
    """Passages, best first."""
    return reader().search(query, top=top, **filters)  # type: ignore[arg-type]  # the filters of a form, by name


def saved_queries() -> list[Json]:
    """The queries that come with the project."""
    return reader().saved_queries()


def sparql_bytes(query: str, format_: str) -> bytes:
    """The result of a query as a file."""
    return reader().sparql_bytes(query, format_)


def compares(question: str) -> bool:
    """Whether a question asks to compare things."""
    return reader().compares(question)


def bodies() -> list[Json]:
    """The names of all agencies of the network."""
    return _bodies(state())


@st.cache_data(show_spinner=False, max_entries=2)
def _bodies(state: State) -> list[Json]:  # noqa: ARG001
    return reader().bodies()


def agencies() -> Json:
    """All agencies of the network, and the values of its filters."""
    return _agencies(state())


def agency_picture(**wanted: Any) -> Json:
    """Nodes and edges to draw."""
    return _agency_picture(state(), **wanted)


def agency(name: str) -> Json:
    """The card of an agency."""
    return _agency(state(), name)


@st.cache_data(show_spinner=False, max_entries=2)
def _agencies(state: State) -> Json:  # noqa: ARG001
    return reader().agencies()


@st.cache_data(show_spinner=False, max_entries=64)
def _agency_picture(state: State, **wanted: Any) -> Json:  # noqa: ARG001
    return reader().agency_picture(**wanted)


@st.cache_data(show_spinner=False, max_entries=64)
def _agency(state: State, name: str) -> Json:  # noqa: ARG001
    return reader().agency(name)


def notices() -> list[Json]:
    """The notices of all documents."""
    return _notices(state())


@st.cache_data(show_spinner=False, max_entries=2)
def _notices(state: State) -> list[Json]:  # noqa: ARG001
    return reader().notices()
