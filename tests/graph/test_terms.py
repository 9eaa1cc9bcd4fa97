from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib

import ontology
from kg.core.ids import DEFAULT_BASE, ONTOLOGY, iri
from ontology.terms import DCTERMS, ELI, OA, ORG, PKG, PREFIXES, PROV, SCHEMA, SKOS, term

FOLDER = Path(ontology.__file__).parent


def vocabulary() -> rdflib.Graph:
    return rdflib.Graph().parse(FOLDER / "policy.ttl")


def test_pkg_lists_exactly_what_policy_ttl_defines():
    defined = {str(s) for s in vocabulary().subjects() if str(s).startswith(PKG.iri)}
    assert defined == set(PKG)


def test_the_other_namespaces_list_exactly_what_standard_ttl_describes():
    described = {str(s) for s in rdflib.Graph().parse(FOLDER / "standard.ttl").subjects()}
    for space in (SKOS, DCTERMS, ELI, ORG, SCHEMA, PROV, OA):
        assert {iri for iri in described if iri.startswith(space.iri)} == set(space), space
        assert list(space)


def test_a_prefixed_name_is_a_term_or_an_error():
    assert term("eli:repeals") == ELI.repeals
    with pytest.raises(AttributeError, match="did you mean repeals"):
        term("eli:repeal")
    with pytest.raises(KeyError):
        term("other:repeals")


def test_the_namespace_is_that_of_the_core():
    assert PKG.iri == ONTOLOGY


def test_every_term_has_labels_and_comments_in_both_languages():
    graph = vocabulary()
    for defined in PKG:
        for predicate in (rdflib.RDFS.label, rdflib.RDFS.comment):
            languages = sorted(str(o.language) for o in graph.objects(rdflib.URIRef(defined), predicate))
            assert languages == ["en", "zh"], (defined, predicate)


def test_misspelt_term_raises_and_suggests():
    with pytest.raises(AttributeError, match="did you mean leadAgency"):
        PKG.leadAgancy  # noqa: B018
    with pytest.raises(AttributeError):
        ELI["nothing"]


def test_terms_are_whole_iris():
    assert ORG.unitOf == "http://www.w3.org/ns/org#unitOf"
    assert ORG.unitOf in ORG
    assert "http://www.w3.org/ns/org#nothing" not in ORG


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*.ttl")) + sorted(FOLDER.glob("queries/*.rq")), ids=lambda p: p.name
)
def test_ontology_files_use_only_defined_pkg_terms(path: Path):
    text = re.sub(r'"[^"\n]*"|^\s*#.*$', "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    used = set(re.findall(r"\bpkg:(\w+)", text))
    assert {name for name in used if PKG.iri + name not in PKG} == set()


def test_prefixes_are_those_of_the_namespaces():
    assert PREFIXES["pkg"] == PKG.iri
    assert all(iri.endswith(("#", "/")) for iri in PREFIXES.values())


def test_every_character_may_stand_in_a_name_of_which_an_iri_is_made() -> None:
    """A damaged byte (U+FFFD) in the name of a body once kept a whole run from being published."""
    from pyoxigraph import NamedNode

    for first in range(0, 0x110000, 0x100):
        NamedNode(iri(DEFAULT_BASE, "agency", "甲" + "".join(map(chr, range(first, first + 0x100)))))
    assert iri(DEFAULT_BASE, "agency", "甲\ufffd局").endswith("agency/甲%EF%BF%BD局")
