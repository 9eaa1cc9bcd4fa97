"""A law-like notice made by hand that has a fact of every kind, and a home that holds it."""

from __future__ import annotations

from pathlib import Path

from kg.build.publishing import publish
from kg.catalogue import CATALOGUE, Catalogue
from kg.core.config import Settings
from kg.core.model import (
    Activity,
    AgencyEntry,
    Article,
    Contact,
    Deadline,
    Document,
    Doubt,
    Due,
    Effect,
    Evidence,
    Figure,
    Level,
    Loss,
    Notice,
    Party,
    Person,
    Place,
    PolicyReference,
    Role,
    Status,
    Work,
)
from kg.passages.chunk import document_to_passages

TEXT = """海城市阅读促进办法

第一章 总则

第一条 为促进阅读，根据《海城市文化条例》，制定本办法。

第二条 市文化局牵头建设书房，2026年底前完成；参与率由60%提高到80%以上。

第三条 各单位于2026年3月1日前报送方案。见《书香》专栏。

第四条 领导小组组长：周明（副市长）。联系人：李丽，电话55550100。

第五条 本办法自2026年1月1日起施行，《海城市读书办法》同时废止。
"""
ID = "d-0123456789"
CITY = "江东省海城市"


def words(quote: str) -> Evidence:
    """The first place of some words."""
    start = TEXT.index(quote)
    return Evidence(quote, start, start + len(quote))


def span(quote: str) -> tuple[int, int]:
    found = words(quote)
    return found.start, found.end


def _articles() -> tuple[Article, ...]:
    found = []
    for number, label in enumerate(("第一条", "第二条", "第三条", "第四条", "第五条"), start=1):
        start = TEXT.index(label)
        end = TEXT.index("\n", start)
        found.append(Article(number, label, start, end, "第一章 总则", ((start, end),), ()))
    return tuple(found)


def document() -> Document:
    """Every kind of fact, each with values in all of its fields that are new or may be absent."""
    bureau = Party(
        "海城市文化局",
        "市文化局",
        role=Role.LEAD,
        place=CITY,
        category="政府部门",
        rule="tier",
        confidence=0.97,
        start=words("市文化局").start,
        end=words("市文化局").end,
    )
    return Document(
        id=ID,
        source="办法.txt",
        sha256="e" * 64,
        text=TEXT,
        title="海城市阅读促进办法",
        kind="办法",
        year=2026,
        level=Level.CITY,
        region="海城市",
        region_qualified=CITY,
        activities=(
            Activity(
                "a1",
                "建设书房",
                Status.PLANNED,
                words("市文化局牵头建设书房，2026年底前完成"),
                responsible=(bureau,),
                deadline=Due("2026-12-31", "2026年底前"),
                rule="clause",
                confidence=0.93,
            ),
        ),
        policy_references=(
            PolicyReference(
                "《海城市文化条例》",
                words("《海城市文化条例》"),
                title="海城市文化条例",
                relation="根据",
                rule="quoted",
                confidence=0.99,
            ),
        ),
        works=(Work("书香", words("《书香》"), "专栏"),),
        figures=(
            Figure(
                "参与率",
                80.0,
                "%",
                words("参与率由60%提高到80%以上"),
                "80%以上",
                qualifier="以上",
                direction="提高",
                time="2026",
                status="target",
                rule="to",
                confidence=0.88,
            ),
        ),
        agencies=(
            AgencyEntry(
                "海城市文化局", "政府部门", CITY, ("市文化局",), spans=(span("市文化局"),), rule="tier", confidence=0.97
            ),
        ),
        places=(Place("海城市", CITY, "990100", ("海城市",)),),
        deadlines=(
            Deadline("方案", "2026-03-01", None, words("于2026年3月1日前报送方案"), "2026年3月1日前", "hand-in", 0.9),
        ),
        contacts=(Contact(None, ("李丽",), ("55550100",), (), words("联系人：李丽，电话55550100")),),
        notices=(Notice("no-number", "未识别出发文字号"),),
        articles=_articles(),
        persons=(
            Person("周明", "组长", "副市长", "海城市文化局", words("组长：周明（副市长）"), "list", 0.95),
            Person("李丽", "联系人", None, None, words("联系人：李丽"), "list", 0.5),
        ),
        effects=(
            Effect("施行", None, "2026-01-01", words("本办法自2026年1月1日起施行"), "force", 0.99),
            Effect("废止", "海城市读书办法", "2026-01-01", words("《海城市读书办法》同时废止"), "repeal", 0.98),
        ),
        to_check=(
            Doubt("figure", "60%", "from", 0.4, words("60%")),
            Doubt("person", "联系人李丽", "list", 0.4, words("联系人：李丽")),
        ),
        fidelity=(Loss("图片", 2, "图片中的文字未识别"),),
    )


def hold(home: Path) -> None:
    """Put the document into a home and publish it."""
    settings = Settings(home=home, embedder="none")
    home.mkdir(parents=True, exist_ok=True)
    with Catalogue.open(home / CATALOGUE) as catalogue:
        made = document()
        catalogue.put_document(made, document_to_passages(made), steps={"ingest": "1"}, source_key="/办法.txt")
        publish(settings, catalogue)
