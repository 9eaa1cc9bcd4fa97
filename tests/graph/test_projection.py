from __future__ import annotations

import random
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest

from kg.core.errors import UsageError
from kg.core.model import Document, PolicyReference
from kg.core.segments import Segments
from kg.graph.iris import Iris
from kg.graph.projection import build_graph
from kg.graph.store import OxigraphStore
from kg.graph.ties import LINKS
from ontology.terms import DCTERMS, SKOS
from tests.graph.conftest import FakeCatalogue, city_plan, city_report

IRIS = Iris()


def quads(folder):
    return set(OxigraphStore(folder / "graph", read_only=True).quads())


def build(target, catalogue, reference, *, previous=None, changed=(), removed=(), **options):
    """Each state is told how many quads and graphs the one before holds, and must know its own numbers by that."""
    if previous is not None:
        options.setdefault("quads", len(quads(previous)))
        options.setdefault("graphs", len({quad.graph for quad in quads(previous)}))
    entries = build_graph(
        target,
        previous=previous,
        catalogue=catalogue,
        changed=frozenset(changed),
        removed=frozenset(removed),
        reference=reference,
        **options,
    )
    assert entries["quads"] == len(quads(target))
    assert entries["graphs"] == len({quad.graph for quad in quads(target)})
    return entries


def test_what_changed_is_counted_and_not_all(tmp_path, catalogue, reference, monkeypatch):
    build(tmp_path / "1", catalogue, reference)
    before = len(quads(tmp_path / "1"))
    catalogue.retitle("d-2019", "海城市2019年质量月活动安排（修订）")
    given = {"catalogue": catalogue, "reference": reference, "previous": tmp_path / "1"}
    given |= {"changed": frozenset(["d-2019"]), "removed": frozenset(["d-2022"])}
    counted = build_graph(tmp_path / "2", **given)
    assert counted["quads"] < before
    monkeypatch.setattr(OxigraphStore, "__len__", lambda _: pytest.fail("counted"))
    assert build_graph(tmp_path / "3", quads=before, **given)["quads"] == counted["quads"]
    graphs = counted["graphs"] + 1
    monkeypatch.setattr(OxigraphStore, "graphs", lambda _: pytest.fail("listed"))
    assert build_graph(tmp_path / "4", quads=before, graphs=graphs, **given) == counted
    catalogue.held.pop("d-2019")
    given |= {"previous": tmp_path / "4", "changed": frozenset(), "removed": frozenset(["d-2019"])}
    less = build_graph(tmp_path / "5", quads=counted["quads"], graphs=counted["graphs"], **given)
    assert less["graphs"] == counted["graphs"] - 1
    assert less["quads"] == len(quads(tmp_path / "5"))


def test_from_scratch_holds_every_document(tmp_path, catalogue, reference):
    entries = build(tmp_path / "1", catalogue, reference)
    graphs = OxigraphStore(tmp_path / "1" / "graph", read_only=True).graphs()
    assert set(graphs) == {
        *(IRIS.graph(document_id) for document_id in catalogue.held),
        IRIS.links,
        IRIS.ontology,
        IRIS.reference_graph("places"),
    }
    assert entries["graphs"] == len(graphs)


def test_step_by_step_equals_from_scratch(tmp_path, catalogue, reference):
    everything = dict(catalogue.held)
    catalogue.held = {"d-2019": everything["d-2019"]}
    build(tmp_path / "1", catalogue, reference)
    catalogue.held = everything
    catalogue.retitle("d-2019", "海城市2019年质量月活动安排（修订）")
    build(tmp_path / "2", catalogue, reference, previous=tmp_path / "1", changed=everything)
    build(tmp_path / "3", catalogue, reference)
    assert quads(tmp_path / "2") == quads(tmp_path / "3")


def test_removal_and_return_give_the_same_graph(tmp_path, reference):
    whole = FakeCatalogue()
    build(tmp_path / "1", whole, reference)
    less = FakeCatalogue()
    del less.held["d-2022"]
    build(tmp_path / "2", less, reference, previous=tmp_path / "1", removed={"d-2022"})
    build(tmp_path / "fresh", less, reference)
    assert quads(tmp_path / "2") == quads(tmp_path / "fresh")
    assert not any("d-2022" in str(part) for quad in quads(tmp_path / "2") for part in quad)
    build(tmp_path / "3", whole, reference, previous=tmp_path / "2", changed={"d-2022"})
    assert quads(tmp_path / "3") == quads(tmp_path / "1")


def test_the_previous_generation_stays_as_it_was(tmp_path, catalogue, reference):
    build(tmp_path / "1", catalogue, reference)
    before = quads(tmp_path / "1")
    build(tmp_path / "2", catalogue, reference, previous=tmp_path / "1", removed={"d-2019", "d-2024"})
    assert quads(tmp_path / "1") == before
    shutil.rmtree(tmp_path / "1")
    assert len(quads(tmp_path / "2")) < len(before)


def test_changed_reference_data_build_anew(tmp_path, catalogue, reference):
    first = build(tmp_path / "1", catalogue, reference)
    [path] = reference.files
    path.write_text(path.read_text(encoding="utf-8").replace("南岭县", "南岭新县"), encoding="utf-8")
    # nothing is said to have changed, yet the labels must be the new ones
    second = build(tmp_path / "2", catalogue, reference, previous=tmp_path / "1")
    assert first["reference"] != second["reference"]
    labels = {quad.object.lexical for quad in quads(tmp_path / "2") if quad.predicate == SKOS.prefLabel}
    assert "南岭新县" in labels


def test_what_a_killed_build_left_is_cleared(tmp_path, catalogue, reference):
    build(tmp_path / "1", catalogue, reference)
    left = tmp_path / "2" / "graph"
    left.mkdir(parents=True)
    (left / "CURRENT").write_text("half", encoding="utf-8")
    build(tmp_path / "2", catalogue, reference, previous=tmp_path / "1")
    assert quads(tmp_path / "2") == quads(tmp_path / "1")


def test_the_reference_describes_its_entities_alone(tmp_path, catalogue, reference):
    build(tmp_path / "1", catalogue, reference)
    labels = [
        q for q in quads(tmp_path / "1") if q.subject == IRIS.place("江东省海城市") and q.predicate == SKOS.prefLabel
    ]
    assert [quad.graph for quad in labels] == [IRIS.reference_graph("places")]


def test_another_base_moves_all_data(tmp_path, catalogue, reference):
    base = "https://data.example.org/zc/"
    build(tmp_path / "1", catalogue, reference, base=base)
    assert not any("policykg/id/" in str(part) for quad in quads(tmp_path / "1") for part in quad)
    assert any(quad.subject == base + "place/江东省海城市" for quad in quads(tmp_path / "1"))


def test_two_files_of_one_name_stand_side_by_side(tmp_path, catalogue, reference):
    own = tmp_path / "own" / "places.ttl"
    own.parent.mkdir()
    own.write_text('<https://w3id.org/policykg/id/place/x> <http://purl.org/dc/terms/title> "x" .', encoding="utf-8")
    build(tmp_path / "1", catalogue, SimpleNamespace(files=(*reference.files, own), places=()))
    graphs = {quad.graph for quad in quads(tmp_path / "1")}
    assert {IRIS.reference_graph("places"), IRIS.reference_graph("places-2")} <= graphs


def test_a_broken_file_is_named(tmp_path, catalogue, reference):
    [path] = reference.files
    path.write_text("<a> <b> .", encoding="utf-8")
    with pytest.raises(UsageError, match=r"places\.ttl"):
        build(tmp_path / "1", catalogue, reference)


def test_progress_is_told(tmp_path, catalogue, reference):
    told = []
    build(tmp_path / "1", catalogue, reference, progress=lambda done, total, label: told.append((done, total, label)))
    assert told[-1][:2] == (3, 3)


def test_titles_follow_a_change(tmp_path, catalogue, reference):
    build(tmp_path / "1", catalogue, reference)
    catalogue.retitle("d-2022", "新题名")
    build(tmp_path / "2", catalogue, reference, previous=tmp_path / "1", changed={"d-2022"})
    titles = [q.object.lexical for q in quads(tmp_path / "2") if q[:2] == (IRIS.document("d-2022"), DCTERMS.title)]
    assert titles == ["新题名"]


TITLES = (
    "海城市人民政府关于加强质量工作的意见",
    "西山区人民政府关于加强质量工作的意见",
    "关于加强质量工作的意见",
    "海城市质量发展纲要",
    "关于印发《海城市质量发展纲要》的通知",
)
NUMBERS = (None, "海政发〔2018〕9号", "海府〔2020〕1号", "海府[2020]1号")
ISSUERS = (None, "海城市人民政府", "国务院")
ACTIVITIES = ("开展“惠民服务周”活动", "举办“惠民服务周”启动仪式", "开展公园服务质量专项检查", "召开会议")
REGIONS = ("江东省海城市", "江东省海城市东湖区", "某省某市新城区", "全国")


def some_document(choose: random.Random, document_id: str) -> Document:
    """A report with a title, a number, a place, citations and activities drawn from a few."""
    report = city_report()
    cited = tuple(
        PolicyReference("《甲》", report.policy_references[0].evidence, title, number, issuer)
        for title in choose.sample(TITLES, 2)
        for number, issuer in [(choose.choice(NUMBERS), choose.choice(ISSUERS))]
    )
    held = tuple(
        replace(city_plan().activities[1], id=f"a{n}", title=title, parent=None)
        for n, title in enumerate(choose.sample(ACTIVITIES, choose.randint(0, 2)))
    )
    return replace(
        report,
        id=document_id,
        title=choose.choice(TITLES),
        doc_number=choose.choice(NUMBERS),
        kind=choose.choice(("通知", "意见")),
        region_qualified=choose.choice(REGIONS),
        policy_references=cited,
        activities=held,
    )


@pytest.mark.parametrize("seed", range(4))
def test_any_course_of_changes_ends_where_a_fresh_build_begins(tmp_path, catalogue, reference, seed):
    choose = random.Random(seed)
    catalogue.held = {f"d-{n}": some_document(choose, f"d-{n}") for n in range(4)}
    build(tmp_path / "0", catalogue, reference)
    for step in range(1, 7):
        changed = {f"d-{n}" for n in choose.sample(range(7), choose.randint(1, 2))}
        removed = {d for d in catalogue.held if d not in changed and choose.random() < 0.2}
        catalogue.held = {d: doc for d, doc in catalogue.held.items() if d not in removed}
        catalogue.held |= {d: some_document(choose, d) for d in changed}
        build(
            tmp_path / str(step),
            catalogue,
            reference,
            previous=tmp_path / str(step - 1),
            changed=changed,
            removed=removed,
        )
        build(tmp_path / f"fresh-{step}", catalogue, reference)
        assert quads(tmp_path / str(step)) == quads(tmp_path / f"fresh-{step}")
        followed, anew = (Segments.open(tmp_path / name, LINKS) for name in (str(step), f"fresh-{step}"))
        assert sorted(followed.all()) == sorted(anew.all())
