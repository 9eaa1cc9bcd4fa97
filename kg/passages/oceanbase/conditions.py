"""Conditions of a query as SQL: they stand in the statement, and the engine decides which rows take part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.passages.entry import date_number
from kg.passages.facets import Filters
from kg.passages.oceanbase.tables import State
from kg.passages.query import Query, query_to_forms, query_to_terms
from kg.passages.tokens import terms

MATCH = "MATCH (words) AGAINST (%s)"
ALL = "MATCH (words) AGAINST (%s IN BOOLEAN MODE)"
FOUND = "MATCH (marks) AGAINST (%s)"


@dataclass(slots=True)
class Where:
    """Clauses that all must hold, and the values of their places."""

    clauses: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def take(self, clause: str, *values: Any) -> Where:
        """One clause more."""
        self.clauses.append(clause)
        self.values += values
        return self

    @property
    def text(self) -> str:
        """All clauses in one."""
        return " AND ".join(self.clauses)


def conditions(state: State, query: Query | None = None) -> Where:
    """The rows of a state that fulfil the filters, phrases and exclusions of a query."""
    where = Where([state.seen])
    if query is None:
        return where
    for clause, value in _filters(query.filters):
        where.take(clause, value)
    for phrase in query.required:
        _phrase(where, terms(phrase), "LIKE")
    for title in query.in_title:
        for term in terms(title):
            where.take("title LIKE %s ESCAPE '!'", f"% {term} %")
    for word in query.excluded:
        _phrase(where, terms(word), "NOT LIKE")
    return where


def with_any_word(where: Where, query: Query) -> Where:
    """With what `search` of the full text asks for: any word of the query, in any wording, if it has words."""
    own, others = query_to_terms(query)
    if words := [*(term for term in own if not is_lone([term])), *others]:
        return where.take(MATCH, " ".join(words))
    return with_any_character(where, own) if own else where


def with_any_character(where: Where, characters: Sequence[str]) -> Where:
    """With any of some lone characters, inside whatever word: there is no index of those."""
    patterns = [_holding(character) for character in dict.fromkeys(characters)]
    return where.take(_any_pattern(patterns), *patterns)


def literal(where: Where, query: Query) -> Where | None:
    """With what the words of the query ask for, each in one of its wordings; None where it asks for nothing at all."""
    words = query_to_forms(query)
    if not words:
        return None if query.text.strip() else where
    narrow = [form for forms in words if len(forms) == 1 for form in forms if not is_lone(form)]
    if narrow:
        where.take(ALL, " ".join(f"+{term}" for term in dict.fromkeys(t for form in narrow for t in form)))
    elif not any(is_lone(form) for form in words[0]):
        where.take(MATCH, " ".join(dict.fromkeys(term for form in words[0] for term in form)))
    for forms in words:
        patterns = [_pattern(form) for form in forms]
        where.take(_any_pattern(patterns), *patterns)
    return where


def is_lone(form: Sequence[str]) -> bool:
    """Whether it is one character, which stands for every term that contains it."""
    return len(form) == 1 and len(form[0]) == 1 and not form[0].isascii()


def listed(values: Iterable[str]) -> str | None:
    """Values of a facet as a row holds them; None for none."""
    found = [value.replace("\n", " ") for value in values if value]
    return "\n".join(["", *found, ""]) if found else None


def _filters(filters: Filters) -> Iterator[tuple[str, Any]]:
    given = filters.given()
    since, until = given.pop("since", None), given.pop("until", None)
    for name, value in given.items():
        if name == "year":
            yield "year = %s", value
        elif name == "document_id":
            yield "document = %s", value
        else:
            yield f"{name} LIKE %s ESCAPE '!'", f"%\n{_escaped(str(value))}\n%"
    if since or until:
        yield "day >= %s", date_number(str(since)) if since else 1  # those without a date have 0
        if until:
            yield "day <= %s", date_number(str(until))


def _phrase(where: Where, form: Sequence[str], verb: str) -> None:
    if form:
        where.take(f"words {verb} %s ESCAPE '!'", _pattern(form))


def _pattern(form: Sequence[str]) -> str:
    """Terms in their order; one behind the other has one blank between, as `words` has."""
    return _holding(form[0]) if is_lone(form) else f"% {_escaped(' '.join(form))} %"


def _holding(character: str) -> str:
    return f"%{_escaped(character)}%"


def _any_pattern(patterns: Sequence[str]) -> str:
    return "(" + " OR ".join(["words LIKE %s ESCAPE '!'"] * len(patterns)) + ")"


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
