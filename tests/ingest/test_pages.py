"""第3页: what a format says of pages reaches the evidence of the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.layout import raw_to_clean
from ingest.pipeline import read_document
from ingest.readers import read
from kg.cli import run
from kg.core.config import Settings
from kg.core.model import Document, decode_document, encode
from kg.service import Service
from ontology.forms import load
from ontology.reference import load_reference

from .readers import writers

LONG = "各单位要认真组织，把任务落实到人，" * 60
ITEMS = [f"{n}.开展第{n}次质量开放日活动。（市市场监管局）" for n in range(1, 60)]
NOTICE = [
    "上海市市场监督管理局关于开展2024年质量月活动的通知",
    "各有关单位：",
    "现将有关事项通知如下。",
    LONG + "特此说明。",
    *ITEMS,
    "上海市市场监督管理局",
    "2024年8月30日",
]


def pages_where(text: str, pages: list[writers.Page]) -> list[int]:
    """The pages that a line beginning with these words was printed on."""
    return [n for n, page in enumerate(pages, start=1) for *_, words in page.texts if words.startswith(text)]


def read_as(data: bytes, source: str) -> Document:
    return read_document(data, source=source, document_id="d", reference=load_reference())


@pytest.mark.parametrize("suffix", [".pdf", ".ofd"])
@pytest.mark.parametrize("indent", [0, 2])  # lines joined by the page, and by their words
def test_every_fact_knows_its_page(suffix: str, indent: int) -> None:
    pages = writers.printed(NOTICE, indent=indent)
    assert len(pages) > 4
    document = read_as(getattr(writers, suffix[1:])(pages), f"a{suffix}")
    assert len(document.activities) >= len(ITEMS)
    for item in ITEMS:
        assert [document.page_of(document.text.index(item))] == pages_where(item[:12], pages), item


@pytest.mark.parametrize("suffix", [".pdf", ".ofd"])
def test_a_paragraph_that_goes_on_over_a_page_has_both(suffix: str) -> None:
    pages = writers.printed(NOTICE)
    document = read_as(getattr(writers, suffix[1:])(pages), f"a{suffix}")
    start, end = document.text.index(LONG), document.text.index("特此说明")
    assert (document.page_of(start), document.page_of(end)) == (1, 2)
    turn = next(position for position, page in document.pages if page == 2)
    (first, *_) = [words for _, _, size, words in pages[1].texts if size == writers.SIZE]
    assert start < turn < end
    assert document.text[turn:].startswith(first[:10])


def test_a_page_of_nothing_but_a_number_begins_nowhere() -> None:
    page = writers.Page([(28, 50 + 10 * n, 5.6, f"第{n}行文字。") for n in range(4)])
    pages = [page, writers.Page([(100, 280, 4.0, "— 2 —")]), page]
    clean = raw_to_clean(read(writers.pdf(pages), "a.pdf"), load())
    assert [number for _, number in clean.pages] == [1, 3]


def test_formats_without_pages_have_none() -> None:
    document = read_as(writers.docx(NOTICE), "a.docx")
    assert document.pages == ()
    assert document.page_of(5) is None


def test_documents_kept_by_an_older_version_are_read() -> None:
    kept = json.loads(encode(Document("d", "a.pdf", "0", "文", pages=((0, 1),))))
    assert decode_document(encode(kept)).pages == ((0, 1),)
    del kept["pages"]
    assert decode_document(encode(kept)).page_of(0) is None


def test_the_page_is_in_every_view(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = writers.printed(NOTICE)
    file = tmp_path / "通知.pdf"
    file.write_bytes(writers.pdf(pages))
    service = Service(Settings(home=tmp_path / "home", embedder="none"))
    assert service.ingest([file])["added"] == 1
    (page,) = pages_where("58.开展第58次", pages)
    activity = next(a for a in service.document("通知.pdf")["activities"] if "58" in a["title"])
    assert activity["evidence"]["page"] == page
    found = service.passage_context(
        service.documents()[0]["id"], activity["evidence"]["start"], activity["evidence"]["end"]
    )
    assert found["page"] == page
    answer = service.ask("上海市市场监督管理局负责哪些活动？")
    assert {item["page"] for item in answer["evidence"]} <= set(range(1, len(pages) + 1))
    hit = service.search("第58次质量开放日")[0]
    assert [hit["page"]] == pages_where(hit["text"][:10], pages)
    assert run(["search", "第58次质量开放日", "--home", str(tmp_path / "home")]) == 0
    assert f"通知.pdf（第{hit['page']}页）" in capsys.readouterr().out
