"""Three small documents made by hand, a small set of reference data, and stores that hold both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.core.model import (
    Activity,
    AgencyEntry,
    Contact,
    Deadline,
    Document,
    Evidence,
    Figure,
    Level,
    Notice,
    Party,
    PartyKind,
    Place,
    PolicyReference,
    Role,
    Status,
    Work,
)
from kg.graph.iris import Iris
from kg.graph.links import links_to_quads
from kg.graph.projection import described, without_known
from kg.graph.quads import document_to_quads
from kg.graph.reference import reference_to_quads
from kg.graph.store import GraphStore, OxigraphStore, RdflibStore

PLACES = """
@base <https://w3id.org/policykg/id/> .
@prefix pkg: <https://w3id.org/policykg/ontology#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<place/全国> a schema:AdministrativeArea ; skos:prefLabel "全国"@zh ; pkg:placeLevel "国家" .
<place/江东省> a schema:AdministrativeArea ; skos:prefLabel "江东省"@zh ; pkg:placeLevel "省" ;
    schema:containedInPlace <place/全国> .
<place/江东省海城市> a schema:AdministrativeArea ; skos:prefLabel "海城市"@zh ; skos:notation "990100" ;
    pkg:placeLevel "市" ; schema:containedInPlace <place/江东省> .
<place/江东省海城市东湖区> a schema:AdministrativeArea ; skos:prefLabel "东湖区"@zh ; skos:notation "990101" ;
    pkg:placeLevel "区" ; schema:containedInPlace <place/江东省海城市> .
<place/江东省海城市西山区> a schema:AdministrativeArea ; skos:prefLabel "西山区"@zh ; skos:notation "990102" ;
    pkg:placeLevel "区" ; schema:containedInPlace <place/江东省海城市> .
<place/江东省海城市南岭县> a schema:AdministrativeArea ; skos:prefLabel "南岭县"@zh ; skos:notation "990121" ;
    pkg:placeLevel "县" ; schema:containedInPlace <place/江东省海城市> .
<series/质量开放日> a schema:EventSeries, skos:Concept ; skos:prefLabel "质量开放日"@zh ;
    skos:altLabel "企业开放日"@zh .
<policy/海城市质量发展纲要> a <http://data.europa.eu/eli/ontology#LegalResource> ;
    <http://purl.org/dc/terms/title> "海城市质量发展纲要"@zh ;
    <http://data.europa.eu/eli/ontology#id_local> "海政发〔2018〕9号" .
"""

CITY, EAST, WEST, SOUTH = "江东省海城市", "江东省海城市东湖区", "江东省海城市西山区", "江东省海城市南岭县"
BUREAU = "市场监督管理局"


def words(text: str, quote: str) -> Evidence:
    start = text.index(quote)
    return Evidence(quote, start, start + len(quote))


def city_plan() -> Document:
    """2019: a city's plan whose open days are carried by the city's bureau and all district bureaus."""
    text = (
        "海城市2019年质量月安排\n1.组织百家企业质量开放日（市市场监管局、各区县市场监管局）\n2.召开质量会议（东湖区）\n"
    )
    everyone = tuple(Party(name + BUREAU, "", place=f"{CITY}{name}") for name in ("东湖区", "西山区", "南岭县"))
    bureau = Party("海城市" + BUREAU, "市市场监管局", role=Role.LEAD, place=CITY, category="政府部门", rule="tier")
    group = Party(
        f"海城市各区县{BUREAU}", "各区县市场监管局", PartyKind.GROUP, Role.LEAD, CITY, "集体", members=everyone
    )
    east = Party("东湖区", "东湖区", PartyKind.PLACE, place=EAST)
    return Document(
        id="d-2019",
        source="/somewhere/海城2019.txt",
        sha256="0" * 64,
        text=text,
        title="海城市2019年质量月安排",
        kind="安排",
        year=2019,
        level=Level.CITY,
        region="海城市",
        region_qualified=CITY,
        header_evidence={"title": words(text, "海城市2019年质量月安排")},
        activities=(
            Activity(
                "a1",
                "组织百家企业质量开放日",
                Status.PLANNED,
                words(text, "组织百家企业质量开放日"),
                no="1",
                responsible=(bureau, group),
                series="质量开放日",
            ),
            Activity(
                "a2", "召开质量会议", Status.PLANNED, words(text, "召开质量会议"), responsible=(east,), parent="a1"
            ),
        ),
        places=(Place("海城市", CITY, "990100"), Place("东湖区", EAST, "990101")),
    )


def city_report() -> Document:
    """2022: the city's report, which does not mention open days."""
    text = "海城市质量办关于2022年质量月情况的通报\n根据《海城市质量发展纲要》，检查企业近5000家，开展质量检查。\n"
    office = Party(
        "海城市质量工作领导小组办公室",
        "市质量办",
        place=CITY,
        category="领导小组办公室",
        parent="海城市质量工作领导小组",
    )
    return Document(
        id="d-2022",
        source="海城2022.txt",
        sha256="1" * 64,
        text=text,
        title="海城市质量工作领导小组办公室关于2022年质量月情况的通报",
        doc_number="海质办〔2022〕5号",
        issuers=(office,),
        kind="通报",
        date="2022-10-31",
        year=2022,
        level=Level.CITY,
        region="海城市",
        region_qualified=CITY,
        activities=(Activity("a1", "开展质量检查", Status.REPORTED, words(text, "开展质量检查")),),
        policy_references=(
            PolicyReference(
                "《海城市质量发展纲要》",
                words(text, "《海城市质量发展纲要》"),
                title="海城市质量发展纲要",
                relation="根据",
            ),
        ),
        figures=(
            Figure("企业", 5000.0, "家", words(text, "检查企业近5000家"), "近5000家", qualifier="近", scope="全市"),
        ),
    )


def district_plan() -> Document:
    """2024: one district's plan, with an open day, a deadline, contacts and three citations."""
    text = (
        "关于印发《东湖区2024年质量月方案》的通知\n落实《质量强国建设纲要》，参照2022年通报（海质办〔2022〕5号）和"
        "海政发〔2018〕9号。\n12.组织质量开放日。（责任单位：区质量办、各获奖组织）\n"
        "9月30日前报送总结。联系人：张三 12345678 见《质量与生活》栏目。"
    )
    office = Party("东湖区质量工作领导小组办公室", "区质量办", place=EAST, category="领导小组办公室")
    winners = Party("各获奖组织", "各获奖组织", PartyKind.GROUP, None, EAST, "集体")
    return Document(
        id="d-2024",
        source="东湖2024.txt",
        sha256="2" * 64,
        text=text,
        title="关于印发《东湖区2024年质量月方案》的通知",
        doc_number="东质办〔2024〕72号",
        issuers=(office,),
        kind="通知",
        date="2024-09-05",
        year=2024,
        level=Level.DISTRICT,
        region="东湖区",
        region_qualified=EAST,
        theme="质量共建",
        period=("2024-09-01", "2024-09-30"),
        activities=(
            Activity(
                "a1",
                "组织质量开放日",
                Status.PLANNED,
                words(text, "组织质量开放日"),
                no="12",
                section="主要活动",
                responsible=(office, winners),
                series="质量开放日",
                themes=("质量服务",),
                places=(EAST,),
            ),
        ),
        policy_references=(
            PolicyReference(
                "《质量强国建设纲要》", words(text, "《质量强国建设纲要》"), title="质量强国建设纲要", relation="落实"
            ),
            PolicyReference("海质办〔2022〕5号", words(text, "海质办〔2022〕5号"), number="海质办〔2022〕5号"),
            PolicyReference("海政发〔2018〕9号", words(text, "海政发〔2018〕9号"), number="海政发〔2018〕9号"),
        ),
        works=(Work("质量与生活", words(text, "《质量与生活》"), "栏目"),),
        agencies=(AgencyEntry(office.name, office.category, EAST, ("区质量办",)),),
        deadlines=(Deadline("总结", "2024-09-30", None, words(text, "9月30日前报送总结")),),
        contacts=(Contact("区质量办", ("张三",), ("12345678",), (), words(text, "张三 12345678")),),
        notices=(Notice("missing-signature", "无落款", None),),
    )


def documents() -> tuple[Document, ...]:
    return city_plan(), city_report(), district_plan()


@dataclass
class FakeCatalogue:
    """What the projection needs of a catalogue."""

    held: dict[str, Document] = field(default_factory=lambda: {d.id: d for d in documents()})

    def documents(self):
        return [SimpleNamespace(id=document_id) for document_id in self.held]

    def document(self, document_id: str) -> Document:
        return self.held[document_id]

    def source_state(self, source: str):
        del source
        return "0" * 64, {"ingest": "1"}

    def retitle(self, document_id: str, title: str) -> None:
        self.held[document_id] = replace(self.held[document_id], title=title)


@pytest.fixture
def catalogue() -> FakeCatalogue:
    return FakeCatalogue()


@pytest.fixture
def reference(tmp_path: Path):
    path = tmp_path / "places.ttl"
    path.write_text(PLACES, encoding="utf-8")
    return SimpleNamespace(files=(path,), places=())


def fill(store: GraphStore, reference) -> GraphStore:
    for graph, quads in reference_to_quads(reference.files, reference.places):
        store.replace_graph(graph, quads)
    known = described(store, Iris())
    for document in documents():
        quads = document_to_quads(document, steps={"ingest": "1"})
        store.replace_graph(Iris().graph(document.id), without_known(quads, known))
    store.replace_graph(Iris().links, links_to_quads(store))
    return store


@pytest.fixture
def filled(reference) -> GraphStore:
    """All three documents and the reference data, in memory."""
    return fill(OxigraphStore(), reference)


@pytest.fixture
def filled_reference(reference) -> GraphStore:
    """The same in the exact reference store."""
    return fill(RdflibStore(), reference)
