"""A site's own reference data, packed here and unpacked elsewhere: the same version, whatever the setting names."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.carried import packed, unpacked
from ontology.reference import load_reference
from ontology.turtle import BadReference

OWN = """
@base <https://w3id.org/policykg/id/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix pkg: <https://w3id.org/policykg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<agency/上海市青浦区/青浦区{0}中心> a org:FormalOrganization ;
    skos:prefLabel "青浦区{0}中心"@zh ; pkg:jurisdiction <place/上海市青浦区> ; pkg:agencyCategory "事业单位" .
"""
FORM = '[[form]]\nname = "label.unit"\nwords = ["{0}专班"]\nexamples = ["{0}专班"]\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two folders with files and forms of which the order counts, and one with forms alone."""
    for number, name in enumerate(("乙", "甲")):
        folder = tmp_path / f"{9 - number}"
        (folder / "forms").mkdir(parents=True)
        (folder / "a.ttl").write_text(OWN.format(f"{name}一"))
        (folder / "b.ttl").write_text(OWN.format(f"{name}二"))
        (folder / "forms" / "own.toml").write_text(FORM.format(name))
    (tmp_path / "forms alone" / "forms").mkdir(parents=True)
    (tmp_path / "forms alone" / "forms" / "own.toml").write_text(FORM.format("丙"))
    return tmp_path


@pytest.mark.parametrize(
    "names", ["9", "9:8", "8:9", "9/b.ttl:8/a.ttl", "9/b.ttl:9/a.ttl", "forms alone", "8: forms alone"]
)
def test_it_is_the_same_there(site: Path, tmp_path_factory: pytest.TempPathFactory, names: str) -> None:
    setting = ":".join(str(site / name.strip()) for name in names.split(":"))
    there = unpacked(packed(setting), tmp_path_factory.mktemp("there"))
    assert str(site) not in there
    mine, theirs = load_reference(setting), load_reference(there)
    assert (theirs.version, theirs.agencies) == (mine.version, mine.agencies)
    assert theirs.forms.words("label.unit") == mine.forms.words("label.unit")
    assert mine.version != load_reference().version


def test_the_order_is_kept(site: Path) -> None:
    assert packed(f"{site}/9:{site}/8") != packed(f"{site}/8:{site}/9")
    assert packed(f"{site}/9") == packed(f"{site}/9")


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert packed("") == b""
    assert unpacked(b"", tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(BadReference, match="POLICYKG_ONTOLOGY"):
        packed(str(tmp_path / "没有.ttl"))
