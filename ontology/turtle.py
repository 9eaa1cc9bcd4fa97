"""Reference files as triples that remember where they stand, so that a mistake is reported with file and line."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from kg.core.errors import EnvironmentProblem
from kg.core.ids import DEFAULT_BASE
from ontology.plain_turtle import plain_turtle
from ontology.terms import DCTERMS, ELI, ORG, PKG, PREFIXES, RDF, SCHEMA, SKOS

RDF_TYPE = RDF.type
CONTAINS_PLACE = SCHEMA.iri + "containsPlace"

# The terms that records are made of. A term that is written almost like one of these is taken for a slip of the
# pen; any other outside pkg: (rdfs:comment, dcterms:source, ...) is the user's own affair.
KNOWN = frozenset((*PKG, *SKOS, *SCHEMA, *ORG, *ELI, *DCTERMS, CONTAINS_PLACE))


class BadReference(EnvironmentProblem):
    """A reference file that cannot be used; `file` and `line` (from 1, None where unknown) say where."""

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        where = f"{file} 第 {line} 行" if line is not None else str(file)
        super().__init__(f"本体文件 {where}：{reason}", file=str(file), line=line)
        self.file = file
        self.line = line
        self.reason = reason


def files_of(setting: str) -> tuple[Path, ...]:
    """The `.ttl` files that a setting such as `/data/own.ttl:/data/more` names, each once, folders in name order.

    A folder may hold forms alone (`ontology.forms.files_of`).
    """
    found: dict[Path, None] = {}
    for part in setting.split(":"):
        if not part.strip():
            continue
        path = Path(part.strip()).expanduser().resolve()
        if path.is_dir():
            inside = sorted(path.glob("*.ttl"))
            if not inside and not any((path / "forms").glob("*.toml")):
                reason = "文件夹中没有 .ttl 文件，也没有 forms/*.toml，请检查设置 POLICYKG_ONTOLOGY"
                raise BadReference(path, None, reason)
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            raise BadReference(path, None, "文件不存在，请检查设置 POLICYKG_ONTOLOGY")
    return tuple(found)


@lru_cache(maxsize=32)
def _parse(path: Path, data: bytes) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """The text and triples of one file; kept, so that a change in a user's file does not read the others again."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadReference(path, line, "不是 UTF-8 编码，请另存为 UTF-8") from error
    if (plain := plain_turtle(text, DEFAULT_BASE)) is not None:
        return text, tuple(plain)
    # rdflib costs 0.1 s to import and is ten times slower: it reads what is not plain, and says what is wrong
    import rdflib
    from rdflib.plugins.parsers.notation3 import BadSyntax

    graph = rdflib.Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle", publicID=DEFAULT_BASE)
    except BadSyntax as error:
        reason = str(error._why)  # noqa: SLF001 - rdflib gives the bare reason nowhere else
        raise BadReference(path, error.lines + 1, f"Turtle 语法错误，请检查此行及其上一行（{reason}）") from error
    return text, tuple((str(subject), str(predicate), str(value)) for subject, predicate, value in graph)


class Triples:
    """All triples of several files by subject. Terms are plain strings; IRIs and literals share one list of values."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._file: dict[str, Path] = {}  # a subject's first file
        self._extra: dict[str, Path] = {}  # and its last, where a later file adds to it
        self._text: dict[Path, str] = {}

    def read(self, path: Path, data: bytes) -> None:
        """Add the triples of one Turtle file. Raises `BadReference` where it is not UTF-8 or not Turtle."""
        text, triples = _parse(path, data)
        self._text[path] = text
        for subject, predicate, value in triples:
            self._values[subject][predicate].append(value)
            if self._file.setdefault(subject, path) != path:
                self._extra[subject] = path

    def holds(self, subject: str) -> bool:
        """Whether any file says something of a subject."""
        return subject in self._values

    def age(self, subject: str) -> int:
        """The place of a subject's first file among the files: 0 for what was described first."""
        return list(self._text).index(self._file[subject])

    def of_type(self, *types: str) -> Iterator[str]:
        """The subjects that have one of the types, in the order of their IRIs."""
        wanted = set(types)
        for subject in sorted(self._values):
            if not wanted.isdisjoint(self._values[subject].get(RDF_TYPE, ())):
                yield subject

    def all(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Every value, sorted (RDF keeps no order) and each once."""
        return tuple(sorted(set(self._values[subject].get(predicate, ()))))

    def one(self, subject: str, predicate: str) -> str | None:
        """The only value, or None. Raises `BadReference` where there are several."""
        values = self.all(subject, predicate)
        if len(values) > 1:
            raise self.problem(subject, f"{shown(predicate)} 只能有一个值，却有 {'、'.join(values)}", predicate)
        return values[0] if values else None

    def need(self, subject: str, predicate: str) -> str:
        """The only value. Raises `BadReference` where it is absent."""
        value = self.one(subject, predicate)
        if not value or not value.strip():
            raise self.problem(subject, f"缺少 {shown(predicate)}")
        return value

    def problem(self, subject: str, reason: str, near: str | None = None) -> BadReference:
        """The error for a subject; its line is that of `near` (a term or value) after the subject, where found."""
        path = self._extra.get(subject, self._file[subject])
        line = self._line(path, subject, near)
        return BadReference(path, line, f"<{subject.removeprefix(DEFAULT_BASE)}> {reason}")

    def _line(self, path: Path, subject: str, near: str | None) -> int | None:
        text = self._text[path]
        local = re.split(r"[#/]", subject)[-1]
        starts = [text.find(f"<{subject}>"), text.find(f"<{subject.removeprefix(DEFAULT_BASE)}>"), text.find(local)]
        start = next((position for position in starts if position >= 0), -1)
        if start < 0:
            return None
        if near is not None and (position := text.find(re.split(r"[#/]", near)[-1], start)) >= 0:
            start = position
        return text.count("\n", 0, start) + 1

    def check_terms(self) -> None:
        """Refuse terms that nothing would read: an unknown `pkg:` term, or one misspelt by a letter or by case."""
        known = KNOWN
        used = {term for values in self._values.values() for term in (*values, *values.get(RDF_TYPE, ()))}
        for term in sorted(used - known):
            local = re.split(r"[#/]", term)[-1]
            prefix = term.removesuffix(local)
            siblings = {other.removeprefix(prefix): other for other in known if prefix and other.startswith(prefix)}
            if local in siblings or not siblings:
                continue
            folded = {name.lower(): name for name in siblings}
            near = folded.get(local.lower()) or next(iter(difflib.get_close_matches(local, siblings, 1, 0.85)), None)
            if term.startswith(PKG.iri) or near:
                close = near or next(iter(difflib.get_close_matches(local, siblings, 1, 0.5)), None)
                hint = f"，您是不是要写 {shown(siblings[close])}" if close else ""
                raise self.problem(self._user_of(term), f"用了未知的词 {shown(term)}{hint}", term)

    def _user_of(self, term: str) -> str:
        return min(
            subject for subject, values in self._values.items() if term in values or term in values.get(RDF_TYPE, ())
        )


def shown(term: str) -> str:
    """An IRI as people write it: skos:prefLabel."""
    for prefix, start in PREFIXES.items():
        if term.startswith(start):
            return f"{prefix}:{term.removeprefix(start)}"
    return f"<{term}>"
