"""The same document in another dress, and the same plan of another campaign or city: the facts stay.

A seeded sample of the documents in ``../shared/corpus`` is wrapped, unwrapped, spaced, collected and flattened; header,
titles of tasks and figures are compared with those of the plain text. Floors count documents, never one document. The
five first documents are read under other names of campaigns and of districts: what is read may differ in these words only.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document
from ontology.reference import load_reference
from tests.ingest.metamorphic import (
    blank_lines,
    collector_head,
    front_matter,
    full_width,
    menus,
    one_line,
    spaced_digits,
    wrap_lines,
)

pytestmark = pytest.mark.long

SEED, REAL, LAWS = 20260101, 32, 8
LARGEST = 60_000  # bytes: the sample is read many times

Facts = tuple[tuple[object, ...], tuple[str, ...], tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Plain:
    """A document of the sample as plain text with a paragraph a line, and what is read from it."""

    name: str
    document: Document
    facts: Facts


def read(text: str) -> Document:
    return read_document(text.encode(), source="a.txt", document_id="d", reference=load_reference())


def facts_of(document: Document) -> Facts:
    header = (
        document.title.replace(" ", ""),
        document.doc_number,
        document.kind,
        document.date,
        document.year,
        document.level,
        document.region,
        (document.recipients or "").replace(" ", ""),
        tuple(sorted(party.name for party in document.issuers)),
    )
    tasks = tuple(sorted(activity.title.replace(" ", "") for activity in document.activities))
    return header, tasks, tuple(sorted((str(figure.value), figure.unit) for figure in document.figures))


@pytest.fixture(scope="module")
def sample(gold_dir: Path) -> list[Plain]:
    folder = gold_dir.parent.parent / "corpus"
    if not folder.is_dir():
        pytest.fail("../shared/corpus is missing: the real documents are part of the test suite")
    files = sorted(p for p in folder.rglob("*") if p.suffix in (".txt", ".md", ".html") and p.is_file())
    files = [p for p in files if p.stat().st_size < LARGEST]
    rng = random.Random(SEED)
    laws = [p for p in files if "laws" in p.relative_to(folder).parts[0]]
    chosen = [*rng.sample([p for p in files if p not in set(laws)], REAL), *rng.sample(laws, LAWS)]
    out = []
    for path in chosen:
        whole = read_document(path.read_bytes(), source=path.name, document_id="d", reference=load_reference())
        plain = read(whole.text)
        # a piece of a compilation without a head has no title to keep
        if plain.title:
            out.append(Plain(path.name, plain, facts_of(plain)))
    assert len(out) >= (REAL + LAWS) * 0.9
    return out


def collected(plain: Plain) -> str:
    meta = {"title": plain.document.title, "url": "https://example.gov.cn/1.html", "column": "公示公告"}
    return collector_head(plain.document.text, meta)


def in_front(plain: Plain) -> str:
    return front_matter(plain.document.text, {"title": plain.document.title, "url": "https://example.gov.cn/1.html"})


# what is done to a text, and of how many in a hundred documents header, tasks and figures must stay
DRESSES: dict[str, tuple[Callable[[Plain], str], tuple[int, int, int]]] = {
    "printed lines": (lambda p: wrap_lines(p.document.text, 64, columns=True, indent="\u3000\u3000"), (97, 94, 94)),
    "equal lines": (lambda p: wrap_lines(p.document.text, 36), (97, 94, 94)),
    "blank lines": (lambda p: blank_lines(p.document.text), (100, 100, 100)),
    "full width": (lambda p: full_width(p.document.text), (100, 97, 100)),
    "spaced digits": (lambda p: spaced_digits(p.document.text), (97, 92, 94)),
    "front matter": (in_front, (100, 100, 100)),
    "a collector's head": (collected, (100, 100, 100)),
    "menus around": (lambda p: menus(p.document.text, p.document.title), (97, 97, 100)),
    "one line with blanks": (lambda p: one_line(p.document.text, " "), (97, 92, 97)),
    "one line": (lambda p: one_line(p.document.text), (82, 60, 94)),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_facts_stay_in_another_dress(sample: list[Plain], dress: str) -> None:
    put_on, floors = DRESSES[dress]
    changed: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for plain in sample:
        found = facts_of(read(put_on(plain)))
        for part, names in changed.items():
            if found[part] != plain.facts[part]:
                names.append(plain.name)
    kept = [100 * (len(sample) - len(names)) / len(sample) for names in changed.values()]
    assert all(share >= floor for share, floor in zip(kept, floors, strict=True)), (dress, kept, changed)


# -- the same plan of another campaign, of another city ----------------------------------------------------------------

_CITY_BEFORE = re.compile("(?:上海|天津|杭州)市(?=[\u4e00-\u9fff]{2,3}区)")
CAMPAIGNS = ("安全生产月", "科技活动周", "环境月")
TIANJIN = {
    "黄浦": "和平", "徐汇": "河西", "长宁": "南开", "静安": "河东", "普陀": "红桥", "虹口": "河北", "杨浦": "东丽", "闵行": "津南",
    "宝山": "北辰", "嘉定": "武清", "浦东": "滨海", "金山": "宁河", "松江": "静海", "青浦": "西青", "奉贤": "宝坻", "崇明": "蓟州",
    "上海": "天津", "沪": "津",
}  # fmt: skip
HANGZHOU = {
    "浦东新区": "萧山区", "黄浦": "上城", "徐汇": "西湖", "长宁": "滨江", "静安": "拱墅", "普陀": "钱塘", "虹口": "临平", "杨浦": "富阳",
    "闵行": "临安", "宝山": "上城", "嘉定": "西湖", "浦东": "萧山", "金山": "滨江", "松江": "钱塘", "青浦": "余杭", "奉贤": "富阳",
    "崇明": "临安", "上海": "杭州",
}  # fmt: skip
# companies and stations are known by name, and there is none of that name elsewhere
_KNOWN_BY_NAME = re.compile("公司|集团|铁路|股份")


def renamed(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def told(document: Document, names: dict[str, str]) -> dict[str, list[str]]:
    """What a document says, in words, under other names."""

    def words(values: Iterable[object]) -> list[str]:
        # a district of a municipality is named alone, that of another city with its city
        return sorted(_CITY_BEFORE.sub("", renamed(str(value), names)) for value in values)

    return {
        "header": words(
            (document.title, document.doc_number, document.kind, document.date, document.recipients, document.region)
        ),
        "issuers": words(party.name for party in document.issuers),
        "tasks": words(activity.title for activity in document.activities),
        "responsible": words(
            f"{a.title}：{p.name}/{p.role.value if p.role else ''}"
            for a in document.activities
            for p in a.responsible
            if not _KNOWN_BY_NAME.search(p.name)
        ),
        "figures": words(f"{f.what}：{f.value}{f.unit}" for f in document.figures),
        "deadlines": words(f"{d.what}：{d.date}" for d in document.deadlines),
        "references": words(f"{r.title} {r.number}" for r in document.policy_references),
    }


@pytest.fixture(scope="module")
def five(gold_dir: Path) -> dict[str, str]:
    folder = gold_dir.parent.parent / "corpus" / "quality-month"
    return {p.stem: read_document(p.read_bytes(), source=p.name, document_id="d", reference=load_reference()).text
            for p in sorted(folder.iterdir()) if p.suffix in (".txt", ".md", ".html")}  # fmt: skip


def differences(text: str, names: dict[str, str]) -> dict[str, tuple[list[str], list[str]]]:
    """What is lost and what is new, by kind of fact, when a text is read under other names."""
    before, after = told(read(text), names), told(read(renamed(text, names)), {})
    return {
        key: ([v for v in before[key] if v not in after[key]], [v for v in after[key] if v not in before[key]])
        for key in before
        if before[key] != after[key]
    }


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_another_campaign_changes_nothing_but_its_name(five: dict[str, str], campaign: str) -> None:
    changed = {name: diff for name, text in five.items() if (diff := differences(text, {"质量月": campaign}))}
    assert not changed


@pytest.mark.parametrize("city", [TIANJIN, HANGZHOU], ids=["天津", "杭州"])
def test_another_city_changes_nothing_but_its_names(five: dict[str, str], city: dict[str, str]) -> None:
    # 沪 stands for a municipality beside provinces, and there is no such letter for other cities
    local = {
        name: text if "沪" in city else text.replace("沪", "") for name, text in five.items() if "全国" not in name
    }
    assert local
    changed = {name: diff for name, text in local.items() if (diff := differences(text, city))}
    assert not changed
