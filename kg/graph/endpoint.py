"""A graph at a SPARQL 1.1 endpoint behind the store protocol: queries and updates over HTTP, and nothing more.

Tried with `oxigraph serve` and Virtuoso 7. The endpoint's default graph must be the union of its named graphs:
Oxigraph is asked for that with each query, Virtuoso has it so, others must be set up that way (`require_union`).

Updates are DELETE DATA and INSERT DATA of given statements, in that order for a graph. One that may have arrived is not
sent again: delivered late, it would undo what came after it. The publish ends then, and the next one builds anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from urllib.parse import urlencode

from kg.core.errors import EnvironmentProblem, RefusedQuery, UsageError
from kg.graph.addresses import Address
from kg.graph.asking import Runner, out_of_time
from kg.graph.dialect import changes_to_update, prepared, term_of_virtuoso, term_to_sparql, variable_back
from kg.graph.exchange import PATIENCE, Answer, Exchange, Heavy, Stop
from kg.graph.protocol import Dataset, Solutions
from kg.graph.rdf import Literal, Quad, Term, to_nquads
from kg.graph.store import parse_results, parse_triples, syntax_error
from ontology.terms import XSD

_TRIPLES = 1_000  # in one update: Virtuoso takes no more than some thousands
_LOADED_TOGETHER = 50_000  # quads sent to Oxigraph's loader at once
_SOON = 10.0  # seconds in which a server is to say what it is
_TAIL = 400  # characters at the end of an answer that was broken off
_SUBJECTS = 200  # asked for in one query
_ACCEPT = {"construct": "application/n-triples"}
_JSON = "application/sparql-results+json"
_FORM = "application/x-www-form-urlencoded"  # Virtuoso waits for ever where a query is sent as itself
Rows = Iterator[tuple[Term | None, ...]]


class EndpointStore:
    """One endpoint. Only named graphs whose names begin with `within` are ours; others are not counted nor listed.

    What is written waits until a thousand statements are together, or something is read that could show them: call
    `flush` at the end. `look` is called before each reading. Safe for threads that read.
    """

    path = None

    def __init__(
        self,
        address: Address,
        *,
        within: str = "",
        read_only: bool = False,
        look: Callable[..., None] = lambda **_: None,
        patience: float = PATIENCE,
    ) -> None:
        self.address, self.within, self.read_only = address, within, read_only
        self.exchange = Exchange(address, patience=patience)
        self._look = look
        self._server = ""
        self._waiting: list[tuple[str, Quad]] = []
        self._touched: set[str] = set()

    @property
    def server(self) -> str:
        """What it calls itself, in lower case: `oxigraph/0.5.13`, `virtuoso/07.20…`."""
        if not self._server:
            self._answered("ASK { ?s ?p ?o }", "ask", (), seconds=_SOON)
        return self._server

    def __len__(self) -> int:
        return sum(int(n.lexical) for _, n in self._counted() if isinstance(n, Literal))

    def __bool__(self) -> bool:
        return True  # else its truth would be its length

    def graphs(self) -> list[str]:
        """The named graphs that hold something, sorted."""
        if self.server.startswith("oxigraph"):  # it keeps a list of them; to count takes as long as there are quads
            self.flush()
            listed = self._select("SELECT DISTINCT ?g WHERE { GRAPH ?g { } }")
            return sorted(str(g) for (g,) in listed if self._is_ours(g))
        # to ask for those that are distinct takes Virtuoso 50 s where this takes it 0.1
        return sorted(str(g) for g, _ in self._counted())

    def quads(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """The quads that match; None matches everything."""
        if graph is None or graph in self._touched:
            self.flush()
        given = {"s": subject, "p": predicate, "o": value, "g": graph}
        s, p, o, g = (f"?{name}" if term is None else term_to_sparql(term) for name, term in given.items())
        names = [name for name, term in given.items() if term is None]
        pattern = f"GRAPH {g} {{ {s} {p} {o} }}"
        if not names:
            found = self.query(f"ASK {{ {pattern} }}").rows
            rows: Iterable[tuple[Term | None, ...]] = [()] if next(found) == (Literal("true", XSD.boolean),) else []
        else:
            rows = self._select(f"SELECT {' '.join(f'?{name}' for name in names)} WHERE {{ {pattern} }}")
        for row in rows:
            found_terms = given | dict(zip(names, row, strict=True))
            quad = Quad(str(found_terms["s"]), str(found_terms["p"]), found_terms["o"] or "", str(found_terms["g"]))
            if graph is not None or self._is_ours(quad.graph):
                yield quad

    def holding(self, subjects: Iterable[str], graphs: Sequence[str]) -> set[str]:
        """Those of the subjects of which one of these graphs says something; two hundred a request."""
        if not graphs:
            return set()
        if not self._touched.isdisjoint(graphs):
            self.flush()
        wanted = ", ".join(map(term_to_sparql, graphs))
        remaining, found = iter(dict.fromkeys(subjects)), set()
        while part := list(islice(remaining, _SUBJECTS)):
            values = " ".join(map(term_to_sparql, part))
            pattern = f"VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} FILTER (?g IN ({wanted}))"
            rows = self._select(f"SELECT DISTINCT ?s WHERE {{ {pattern} }}")
            found |= {str(s) for (s,) in rows}
        return found

    def replace_graph(self, graph: str, quads: Iterable[Quad]) -> None:
        """Make a named graph hold exactly these quads; none at all removes it. Only the difference is sent."""
        new = dict.fromkeys(quads)
        if wrong := next((quad for quad in new if quad.graph != graph), None):
            raise ValueError(f"quad of another graph: {wrong.graph} is not {graph}")
        old = set(self.quads(graph=graph))
        if not new and old:
            self._update(f"DROP SILENT GRAPH {term_to_sparql(graph)}")
        else:
            self.change_graph(graph, [quad for quad in old if quad not in new], [q for q in new if q not in old])

    def change_graph(self, graph: str, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Take quads out of a named graph and put others in."""
        changes = [*(("DELETE", quad) for quad in removed), *(("INSERT", quad) for quad in added)]
        if not changes:
            return
        if self.read_only:
            raise UsageError("图数据库以只读方式打开，不能修改")
        if len(self._waiting) + len(changes) > _TRIPLES:
            self.flush()  # so that a document is written in one request wherever it can be
        self._touched.add(graph)
        self._waiting += changes
        if len(self._waiting) >= _TRIPLES:
            self.flush()

    def add_all(self, quads: Iterable[Quad]) -> None:
        """Add many quads: to Oxigraph by its loader, to others a thousand at a time."""
        self.flush()
        remaining = iter(quads)
        if self.server.startswith("oxigraph"):
            while part := list(islice(remaining, _LOADED_TOGETHER)):
                path = f"{self.address.bulk}?no_transaction"
                headers = {"Content-Type": "application/n-quads"}
                self._done(self.exchange.send(path, to_nquads(part).encode(), headers, writes=True))
            return
        while part := list(islice(remaining, _TRIPLES)):
            self._update(changes_to_update(("INSERT", quad) for quad in part))

    def clear(self) -> None:
        """Remove all graphs that are ours."""
        names = iter(self.graphs())
        while part := list(islice(names, _SUBJECTS)):
            self._update(" ;\n".join(f"DROP SILENT GRAPH {term_to_sparql(name)}" for name in part))

    def query(
        self,
        text: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        union: bool = True,
        dataset: Dataset | None = None,
        base: str | None = None,
    ) -> Solutions:
        """Run a query with values bound to variables, on `dataset` where one is given."""
        self._look()
        self.flush()
        return self.asked(text, bindings=bindings, union=union, dataset=dataset, base=base)

    def asked(
        self,
        text: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        union: bool = True,
        dataset: Dataset | None = None,
        base: str | None = None,
        seconds: float | None = None,
        most: int = 0,
        stop: Stop | None = None,
    ) -> Solutions:
        """The same, within a time and up to so many bytes. Raises `Heavy` for more."""
        is_virtuoso = self.server.startswith("virtuoso")
        ready = prepared(text, bindings=bindings or {}, base=base, is_virtuoso=is_virtuoso)
        fields: list[tuple[str, str]] = []
        if dataset is not None:
            fields += [("default-graph-uri", name) for name in dataset.default]
            fields += [("named-graph-uri", name) for name in dataset.named]
        elif union:
            fields.append(("union-default-graph", ""))
        if is_virtuoso and seconds is not None:
            fields.append(("timeout", str(max(int(seconds * 1000), 1))))
        answer = self._answered(
            ready.text, ready.kind, fields, shift=ready.shift, seconds=seconds, most=most, stop=stop
        )
        if b"has been cancel" in answer.body[-_TAIL:] and not answer.body.rstrip().endswith(b"}"):
            if seconds is not None:  # Oxigraph had begun to answer when its time was over
                raise RefusedQuery(out_of_time(seconds), limit="time")
            raise EnvironmentProblem(
                f"图的 SPARQL 端点 {self.address.shown} 在自己的时限内没有答完。请调高其时限（Oxigraph 为 --timeout-s）"
            )
        try:
            found = parse_triples(answer.body) if ready.kind == "construct" else parse_results(answer.body)
        except ValueError as error:
            raise self._unreadable(str(error)) from error
        if found.kind != ready.kind and ready.kind in ("select", "construct"):
            raise self._unreadable(f"{ready.kind} {found.kind}")
        if ready.kind == "ask" and found.kind == "select":  # Virtuoso gives a table with a number
            truth = any(isinstance(one, Literal) and one.lexical in ("1", "true") for row in found.rows for one in row)
            return Solutions("ask", ("result",), iter([(Literal(str(truth).lower(), XSD.boolean),)]))
        variables = tuple(map(variable_back, found.variables)) if is_virtuoso else found.variables
        return Solutions(found.kind, variables, self._read(found.rows, is_virtuoso=is_virtuoso))

    def runner(self, *, memory_mb: int) -> Runner:
        """What runs queries there within a time: its memory is the endpoint's affair."""
        del memory_mb
        from kg.graph.deadline import EndpointRunner

        return EndpointRunner(self)

    def look(self, *, now: bool = False) -> None:
        """Raise `EnvironmentProblem` where what is read is no longer there."""
        self._look(now=now)

    def flush(self) -> None:
        """Send what waits to be written."""
        changes, self._waiting = self._waiting, []
        self._touched.clear()
        remaining = iter(changes)
        while part := list(islice(remaining, _TRIPLES)):
            self._update(changes_to_update(part))

    def require_union(self, graph: str) -> None:
        """Raise `EnvironmentProblem` where a query does not see the union of all graphs, of which `graph` is one."""
        rows = self.query(f"ASK {{ {term_to_sparql(graph)} ?p ?o }}").rows
        if next(rows) != (Literal("true", XSD.boolean),):
            raise EnvironmentProblem(
                f"图的 SPARQL 端点 {self.address.shown} 的默认图不是各命名图的并集。请在该服务中打开此项"
                "（Oxigraph 为 --union-default-graph，Fuseki 为 tdb2:unionDefaultGraph），再重试"
            )

    def _select(self, text: str) -> Rows:
        self._look()
        return self.asked(text).rows

    def _counted(self) -> Rows:
        """Our graphs, each with how many quads it holds."""
        self.flush()
        counted = self._select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        return (row for row in counted if self._is_ours(row[0]))

    def _is_ours(self, graph: Term | None) -> bool:
        return isinstance(graph, str) and graph.startswith(self.within or "")

    def _read(self, rows: Rows, *, is_virtuoso: bool) -> Rows:
        try:
            for row in rows:
                yield tuple(map(term_of_virtuoso, row)) if is_virtuoso else row
        except (ValueError, SyntaxError) as error:
            raise self._unreadable(str(error)) from error

    def _answered(
        self,
        text: str,
        kind: str,
        fields: Iterable[tuple[str, str]],
        *,
        shift: int = 0,
        seconds: float | None = None,
        most: int = 0,
        stop: Stop | None = None,
    ) -> Answer:
        headers = {"Content-Type": _FORM, "Accept": _ACCEPT.get(kind, _JSON)}
        body = urlencode([("query", text), *fields]).encode()
        answer = self.exchange.send(self.address.path, body, headers, seconds=seconds, most=most, stop=stop)
        if answer.status < 300:  # a proxy that says it cannot reach the server is none
            self._server = self._server or answer.headers.get("server", "?").lower()
        if answer.is_cut:
            raise Heavy
        if answer.status == 400:
            found = syntax_error(answer.told())
            if shift and found.line == 1 and found.column is not None:
                found = type(found)(found.message.partition("：")[2], 1, max(found.column - shift, 1))
            raise found
        self._done(answer)
        if "S1TAT" in answer.headers.get("x-sql-state", ""):  # Virtuoso gives what it has by then
            raise RefusedQuery(out_of_time(seconds or 0), limit="time")
        if "x-sparql-maxrows" in answer.headers:
            raise EnvironmentProblem(
                f"图的 SPARQL 端点 {self.address.shown} 只给出前 {answer.headers['x-sparql-maxrows']} 行。"
                "请调高其行数上限（Virtuoso 为 ResultSetMaxRows）"
            )
        return answer

    def _update(self, text: str) -> None:
        if self.read_only:
            raise UsageError("图数据库以只读方式打开，不能修改")
        body = urlencode([("update", text)]).encode()
        headers = {"Content-Type": _FORM, "Accept": "*/*"}
        self._done(self.exchange.send(self.address.updates, body, headers, writes=True))

    def _done(self, answer: Answer) -> None:
        """Raise `EnvironmentProblem` for a request that was not done, in words."""
        if 200 <= answer.status < 300:
            return
        where = f"图的 SPARQL 端点 {self.address.shown}"
        if answer.status in (401, 403):
            raise EnvironmentProblem(
                f"{where} 不许这样访问（状态码 {answer.status}）。请检查 POLICYKG_GRAPH 中的用户名和密码，"
                "以及该服务是否允许更新"
            )
        if answer.status in (404, 405) or 300 <= answer.status < 400:
            raise EnvironmentProblem(
                f"{where} 不是 SPARQL 端点（状态码 {answer.status}）。请检查 POLICYKG_GRAPH 的路径"
            )
        raise EnvironmentProblem(f"{where} 没有完成请求（状态码 {answer.status}）：{answer.told()}。请检查该服务的日志")

    def _unreadable(self, why: str) -> EnvironmentProblem:
        return EnvironmentProblem(
            f"图的 SPARQL 端点 {self.address.shown} 的答复无法解析（{why[:120]}）。请检查 POLICYKG_GRAPH 的地址"
        )
