"""The service that all sessions of the app share, and what they ask of it, remembered per generation."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.core.config import Settings
from kg.service import Service

Json = dict[str, Any]

_ANSWERS = 512  # answers remembered; one takes some 20 kB


@st.cache_resource(show_spinner=False)
def service() -> Service:
    """The one service of this process; the home comes from `POLICYKG_HOME`."""
    return Service(Settings.load())


def generation() -> Json:
    """`{"number", "created", "documents"}`; raises `NotBuilt`."""
    return service().generation()


def topics() -> Json:
    """What the documents talk about."""
    return _topics(generation()["number"])


def documents() -> list[Json]:
    """All documents."""
    return _documents(generation()["number"])


def evolution(series: str | None) -> Json:
    """A series over places and years."""
    return _evolution(generation()["number"], series)


def basis(document: str | None, policy: str | None) -> Json:
    """What a document or a policy rests on, and what rests on it."""
    return _basis(generation()["number"], document, policy)


def ask(question: str) -> Json:
    """The answer to a question; the same question of the same generation is asked once."""
    return _ask(generation()["number"], question)


def sparql(query: str) -> Json:
    """The result of a query."""
    return _sparql(generation()["number"], query)


@st.cache_data(show_spinner=False, max_entries=2)
def _topics(number: int) -> Json:  # noqa: ARG001
    return service().topics()


@st.cache_data(show_spinner=False, max_entries=2)
def _documents(number: int) -> list[Json]:  # noqa: ARG001
    return service().documents()


@st.cache_data(show_spinner=False, max_entries=32)
def _evolution(number: int, series: str | None) -> Json:  # noqa: ARG001
    return service().evolution(series)


@st.cache_data(show_spinner=False, max_entries=32)
def _basis(number: int, document: str | None, policy: str | None) -> Json:  # noqa: ARG001
    return service().basis(document=document, policy=policy)


@st.cache_data(show_spinner=False, max_entries=_ANSWERS)
def _ask(number: int, question: str) -> Json:  # noqa: ARG001  the number is part of the key
    return service().ask(question)


@st.cache_data(show_spinner=False, max_entries=32)
def _sparql(number: int, query: str) -> Json:  # noqa: ARG001
    return service().sparql(query)


def document(name: str) -> Json:
    """One document with its facts."""
    return service().document(name)


def reading(document_id: str) -> Json:
    """Its text and outline."""
    return service().reading(document_id)


def search(query: str, *, top: int, **filters: str | int | None) -> list[Json]:
    """Passages, best first."""
    return service().search(query, top=top, **filters)  # type: ignore[arg-type]  # the filters of a form, by name


def saved_queries() -> list[Json]:
    """The queries that come with the project."""
    return service().saved_queries()


def sparql_bytes(query: str, format_: str) -> bytes:
    """The result of a query as a file."""
    return service().sparql_bytes(query, format_)


def agencies() -> Json:
    """All agencies of the network, and the values of its filters."""
    return _agencies(generation()["number"])


def agency_picture(**wanted: Any) -> Json:
    """Nodes and edges to draw."""
    return _agency_picture(generation()["number"], **wanted)


def agency(name: str) -> Json:
    """The card of an agency."""
    return _agency(generation()["number"], name)


@st.cache_data(show_spinner=False, max_entries=2)
def _agencies(number: int) -> Json:  # noqa: ARG001
    return service().agencies()


@st.cache_data(show_spinner=False, max_entries=64)
def _agency_picture(number: int, **wanted: Any) -> Json:  # noqa: ARG001
    return service().agency_picture(**wanted)


@st.cache_data(show_spinner=False, max_entries=64)
def _agency(number: int, name: str) -> Json:  # noqa: ARG001
    return service().agency(name)


def notices() -> list[Json]:
    """The notices of all documents."""
    return _notices(generation()["number"])


@st.cache_data(show_spinner=False, max_entries=2)
def _notices(number: int) -> list[Json]:  # noqa: ARG001
    return service().notices()
