"""The sample documents: digests in our own words that carry the facts of the flagship question."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.layout import raw_to_clean
from ingest.pipeline import read_document
from ingest.readers import SUFFIXES, read
from kg.core.config import Settings
from kg.core.model import Document, PartyKind, Status
from kg.service import Service
from ontology.forms import load
from ontology.reference import load_reference

SAMPLES = sorted((Path(__file__).resolve().parent.parent / "samples").iterdir())
SERIES = "质量开放日"
# The longest stretch of Han characters that a digest may share with an original: below it lie names and set phrases.
LIMIT = 30


def _read(path: Path) -> Document:
    return read_document(path.read_bytes(), source=str(path), document_id=f"s-{path.stem}", reference=load_reference())


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {path.name.removesuffix(path.suffix).removesuffix("-摘编"): _read(path) for path in SAMPLES}


def _han(text: str) -> str:
    return "".join(re.findall(r"[\u3400-\u9fff]", text))


def _own_words(text: str) -> str:
    """The text without what may be repeated: titles in 《》, names and slogans in “”; lines of names (a title, a
    signature: no punctuation) and of recipients (a colon at the end).
    """
    lines = [line for line in text.splitlines() if re.search(r"[。，；、\t]", line) and not line.endswith("：")]
    return re.sub(r"《[^》]*》|“[^”]*”", "|", "\n".join(lines))


def _longest_shared(own: str, original: str) -> str:
    grams = {original[i : i + LIMIT] for i in range(len(original) - LIMIT + 1)}
    return next((own[i : i + LIMIT] for i in range(len(own) - LIMIT + 1) if own[i : i + LIMIT] in grams), "")


def test_about_eight_documents_of_mixed_formats() -> None:
    assert len(SAMPLES) == 8
    assert {path.suffix for path in SAMPLES} == {".txt", ".md"}
    assert {path.suffix for path in SAMPLES} <= SUFFIXES
    encodings = {read(path.read_bytes(), path.name).encoding for path in SAMPLES}
    assert encodings == {"utf-8", "gb18030"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_marked_as_a_digest_near_the_end(path: Path) -> None:
    text = read(path.read_bytes(), path.name).lines
    last = "".join(line.text for line in text[-3:])
    assert "摘编说明：本件为演示而摘编" in last
    assert last.rstrip().endswith("以原件为准。")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_no_sentence_is_copied(path: Path, corpus_dir: Path, laws_dir: Path) -> None:
    own = raw_to_clean(read(path.read_bytes(), path.name), load()).text  # a paragraph a line
    paragraphs = [_han(line) for line in _own_words(own).splitlines()]
    originals = [*corpus_dir.glob("*.txt"), *laws_dir.rglob("*标准化条例*.md")]
    assert len(originals) > 5
    for original in originals:
        text = _han(original.read_text(encoding="utf-8"))
        copied = [shared for paragraph in paragraphs if (shared := _longest_shared(paragraph, text))]
        assert copied == [], original.name


def test_the_check_sees_a_copied_sentence(corpus_dir: Path) -> None:
    original = (corpus_dir / "浦东新区2024年质量月活动通知.txt").read_text(encoding="utf-8")
    lines = (line for line in original.splitlines() if not set(line) & set("《“"))
    sentence = next(line for line in lines if len(_han(line)) > 2 * LIMIT)
    assert _longest_shared(_han(_own_words(f"摘编，{sentence}")), _han(original))


def test_no_personal_data(documents: dict[str, Document]) -> None:
    assert [contact for document in documents.values() for contact in document.contacts] == []


def test_headers_are_read_in_spite_of_the_digest_note(documents: dict[str, Document]) -> None:
    def header(name: str) -> tuple[object, ...]:
        d = documents[name]
        return d.doc_number, d.date, d.year, d.region

    assert header("青浦区2024年质量月活动方案") == ("青质办〔2024〕72号", "2024-09-06", 2024, "青浦区")
    assert header("浦东新区2024年质量月活动通知") == ("浦市监质〔2024〕99号", "2024-09-05", 2024, "浦东新区")
    assert header("上海市2022年质量月活动情况通报") == ("沪质办〔2022〕5号", None, 2022, "上海市")
    assert header("上海市2019年质量月活动安排") == (None, None, 2019, "上海市")
    assert header("全国2024年质量月活动通知") == (None, "2024-07-26", 2024, "全国")


def test_printing_lines(documents: dict[str, Document]) -> None:
    printed = {d.region: (d.printed_by, d.printed_date) for d in documents.values() if d.printed_date}
    assert printed == {
        "青浦区": ("青浦区质量工作领导小组办公室", "2024-09-06"),
        "浦东新区": ("上海市浦东新区市场监督管理局办公室", "2024-09-06"),
    }


def test_titles_are_whole(documents: dict[str, Document]) -> None:
    assert documents["青浦区2024年质量月活动方案"].title == "关于印发《青浦区2024年“质量月”活动方案》的通知"
    assert documents["全国2024年质量月活动通知"].title == "关于开展2024年全国“质量月”活动的通知"
    assert documents["工业产品生产单位质量安全主体责任规定"].title == "工业产品生产单位落实质量安全主体责任监督管理规定"


@pytest.mark.parametrize(
    ("name", "slogan"),
    [
        ("上海市2019年质量月活动安排", "推动高质量发展 建设质量强国"),
        ("上海市2022年质量月活动情况通报", "推动质量变革创新、打造国际质量高地"),
        ("全国2024年质量月活动通知", "加强质量支撑 共建质量强国"),
        ("浦东新区2024年质量月活动通知", "加快培育新质生产力，助推浦东高质量发展"),
        ("青浦区2024年质量月活动方案", "持续推进质量强区建设 发展长三角新质生产力"),
    ],
)
def test_slogans(documents: dict[str, Document], name: str, slogan: str) -> None:
    assert documents[name].theme == slogan


def test_the_note_is_no_activity_and_no_party(documents: dict[str, Document]) -> None:
    for document in documents.values():
        note = document.text.index("摘编说明")
        assert [a.title for a in document.activities if a.evidence.end > note] == []


def test_joint_issuers(documents: dict[str, Document]) -> None:
    issuers = documents["全国2024年质量月活动通知"].issuers
    assert len(issuers) == 27
    assert issuers[0].name == "国家市场监督管理总局"


def test_2019_implies_all_districts_and_names_the_institute(documents: dict[str, Document]) -> None:
    held = [a for a in documents["上海市2019年质量月活动安排"].activities if a.series == SERIES]
    parties = [party for activity in held for party in activity.responsible]
    groups = [party for party in parties if party.kind is PartyKind.GROUP]
    assert [len(group.members) for group in groups] == [16]
    assert "上海市计量测试技术研究院" in {party.name for party in parties}


def test_2022_reports_other_things(documents: dict[str, Document]) -> None:
    report = documents["上海市2022年质量月活动情况通报"]
    assert {a.status for a in report.activities} == {Status.REPORTED}
    assert len(report.activities) >= 8
    assert SERIES not in report.text


def test_2024_names_two_districts_and_the_state_none(documents: dict[str, Document]) -> None:
    places = {
        document.region: [a for a in document.activities if a.series == SERIES]
        for document in documents.values()
        if document.year == 2024
    }
    assert {region for region, held in places.items() if held} == {"青浦区", "浦东新区"}
    assert "全国" in places
    carriers = {party.name for activity in places["青浦区"] for party in activity.responsible}
    assert "青浦区质量工作领导小组办公室" in carriers
    assert all(not activity.responsible for activity in places["浦东新区"])


def test_table_numbers_are_those_of_the_original_and_ascend(documents: dict[str, Document]) -> None:
    numbers = [int(a.no) for a in documents["上海市2019年质量月活动安排"].activities if a.no]
    assert len(set(numbers)) >= 14
    assert all(a <= b for a, b in pairwise(numbers))


def test_citations_lead_to_held_documents(documents: dict[str, Document]) -> None:
    cited = {r.title for d in documents.values() for r in d.policy_references}
    assert {"质量强国建设纲要", "上海市标准化条例", "关于开展2024年全国“质量月”活动的通知"} <= cited


def test_a_fresh_clone_answers_the_flagship_question(tmp_path: Path) -> None:
    service = Service(Settings(home=tmp_path, embedder="none"))
    assert service.ingest([SAMPLES[0].parent])["failed"] == []
    answer = service.ask("哪些区开展过质量开放日，历年有何变化？")
    assert answer["answerable"]
    rows = [" ".join(str(value) for value in row.values()) for row in answer["rows"]]

    def states_of(year: int, district: str) -> set[str]:
        states = ("点名", "推及", "未提及", "未入库")
        return {s for row in rows if str(year) in row and district in row for s in states if s in row}

    assert states_of(2019, "崇明区") == {"推及"}
    assert states_of(2022, "崇明区") == {"未提及"}
    assert states_of(2024, "青浦区") == states_of(2024, "浦东新区") == {"点名"}
    assert states_of(2024, "崇明区") == {"未入库"}
    assert "SELECT" in answer["sparql"]
    quoted = {Path(item["source"]).name[:8] for item in answer["evidence"]}
    assert {"上海市2019年", "青浦区2024年", "浦东新区2024"} <= quoted
