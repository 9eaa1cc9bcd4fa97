"""Closed namespaces: a misspelt term raises `AttributeError` where it is written, not at query time.

`PKG` is what `policy.ttl` defines, the others are what `standard.ttl` describes: a term is written down once, in the
vocabulary. Here it is a plain `str`, the full IRI.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path


class Namespace:
    """A namespace with a fixed list of local names: `ORG.unitOf` is an IRI, `ORG.unitof` an error."""

    def __init__(self, iri: str, names: str) -> None:
        self.iri = iri
        self._names = {name: iri + name for name in names.split()}
        own = {name: term for name, term in self._names.items() if not hasattr(type(self), name)}
        self.__dict__.update(own)  # attributes as others are: half a million are asked for while 400 laws are written

    def __getattr__(self, name: str) -> str:
        try:
            return self.__dict__["_names"][name]  # type: ignore[no-any-return]
        except KeyError:
            near = difflib.get_close_matches(name, self.__dict__.get("_names", ()), n=1)
            hint = f", did you mean {near[0]}?" if near else ""
            raise AttributeError(f"<{self.iri}> has no term {name!r}{hint}") from None

    def __getitem__(self, name: str) -> str:
        """The same for names that Python cannot write as attributes, e.g. `DCTERMS["type"]`."""
        return self.__getattr__(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __contains__(self, iri: object) -> bool:
        return iri in self._names.values()

    def __repr__(self) -> str:
        return f"Namespace({self.iri!r}, {len(self._names)} terms)"


def _of(prefix: str, file: str) -> Namespace:
    """The namespace of a prefix with the terms that a vocabulary file describes, each at the beginning of a line."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    iri = re.findall(rf"^@prefix {prefix}: <(.+)> \.$", text, re.MULTILINE)[0]
    return Namespace(iri, " ".join(re.findall(rf"^{prefix}:(\w+)(?= a |$)", text, re.MULTILINE)))


PKG = _of("pkg", "policy.ttl")
SKOS, DCTERMS, ELI, ORG, SCHEMA, PROV, OA = (
    _of(prefix, "standard.ttl") for prefix in ("skos", "dcterms", "eli", "org", "schema", "prov", "oa")
)

RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#", "label comment subClassOf Class")
OWL = Namespace(
    "http://www.w3.org/2002/07/owl#",
    "Class ObjectProperty DatatypeProperty NamedIndividual Ontology sameAs versionInfo",
)
XSD = Namespace(
    "http://www.w3.org/2001/XMLSchema#", "string integer decimal double boolean date dateTime gYear gYearMonth"
)

NAMESPACES: dict[str, Namespace] = {
    "pkg": PKG,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "eli": ELI,
    "org": ORG,
    "schema": SCHEMA,
    "prov": PROV,
    "oa": OA,
}

PREFIXES: dict[str, str] = {prefix: namespace.iri for prefix, namespace in NAMESPACES.items()}
"""The prefixes that queries may use undeclared."""


def term(prefixed: str) -> str:
    """The IRI of `pkg:dueDate`; a misspelt name raises as an attribute of its namespace does."""
    prefix, _, name = prefixed.partition(":")
    return NAMESPACES[prefix][name]
