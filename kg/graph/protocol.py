"""The seam between the graph and its engines: what a store must do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kg.graph.rdf import Quad, Term

if TYPE_CHECKING:
    from kg.graph.asking import Runner


@dataclass(frozen=True, slots=True)
class Solutions:
    """What a query gives. `rows` follow `variables`; for `ask` one row of one boolean; for `construct` triples."""

    kind: str
    variables: tuple[str, ...]
    rows: Iterator[tuple[Term | None, ...]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query may read (SPARQL 1.1 Protocol §2.1.4): `default` merged, `named` under GRAPH.

    Beats what the query itself says in FROM.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Statements(Protocol):
    """Quads that can be asked for by pattern."""

    def quads(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """The quads that match; None matches everything."""
        ...


class GraphStore(Statements, Protocol):
    """A set of quads in named graphs; queries see the union of all graphs unless they say FROM."""

    def __len__(self) -> int: ...

    def graphs(self) -> list[str]:
        """The named graphs that hold something, sorted."""
        ...

    def replace_graph(self, graph: str, quads: Iterable[Quad]) -> None:
        """Make a named graph hold exactly these quads, in one transaction; none at all removes it."""
        ...

    def change_graph(self, graph: str, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Take quads out of a named graph and put others in, in one transaction."""
        ...

    def add_all(self, quads: Iterable[Quad]) -> None:
        """Add many quads fast, without a transaction: for a store that nobody reads yet."""
        ...

    def query(
        self,
        text: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        union: bool = True,
        dataset: Dataset | None = None,
        base: str | None = None,
    ) -> Solutions:
        """Run a query with values bound to variables that it returns, on `dataset` where one is given.

        Relative IRIs are resolved against `base`. Raises `QuerySyntaxError`.
        """
        ...

    def holding(self, subjects: Iterable[str], graphs: Sequence[str]) -> set[str]:
        """Those of the subjects of which one of these graphs says something."""
        ...

    def runner(self, *, memory_mb: int) -> Runner:
        """What runs queries on it within a time; the caller closes it. Raises `UsageError` where there is none."""
        ...

    def flush(self) -> None:
        """Return when everything is written: on disk, or at the endpoint."""
        ...
