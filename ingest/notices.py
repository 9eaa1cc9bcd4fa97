"""What a careful reader would flag. Reported with the words; nothing is mended.

"没有认出" says that the reading found nothing: the document may well have it. Only what was looked for in the whole
text (a number missing in a sequence) is called absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.layout import CleanText
from ingest.readers.garbled import lost_characters
from ingest.structure.elements import Elements
from ingest.structure.genre import Genre, Genres
from ingest.structure.kinds import is_statutory
from kg.core.model import Document, Evidence, Notice, Party, PartyKind, Section
from kg.core.numerals import label_number, number_to_chinese
from ontology.forms import Forms
from ontology.names import NO_SEPARATOR, SHARED_TAIL

# Texts that come with a header of their own; questions, guides, news and lists have none that could be missing.
_HEADED = frozenset((Genre.NOTICE, Genre.LETTER, Genre.REPORT, Genre.PLAN, Genre.APPOINTMENT, Genre.COMMENDATION))
_MOST_TRADITIONAL = 5  # more is a text in that script, no slip of the pen
_MISSING_WORD = re.compile(r"(?P<bare>[\u4e00-\u9fff]{2,4}?)(?P<word>[区县])")
_UNDECODED = "\ufffd"


def document_to_notices(
    document: Document, clean: CleanText, elements: Elements, genres: Genres, forms: Forms
) -> Iterator[Notice]:
    """All notices on one document."""
    if document.part is not None:
        number, of = document.part
        yield Notice("part-of-file", f"所在的文件含 {of} 份公文，已逐份读入；这是第 {number} 份")
    if elements.documents:
        yield _several(elements, clean)
    else:
        yield from _missing(document, genres.own.genre, forms)
    if document.date and document.printed_date and document.printed_date < document.date:
        yield Notice(
            "contradictory-dates",
            f"印发日期 {document.printed_date} 早于成文日期 {document.date}",
            document.header_evidence.get("printed_date"),
        )
    yield from _typos(document.text, forms)
    yield from _units(document)
    if not elements.documents:
        yield from _numbering_gaps(document)
    yield from _traditional(document.text, forms)
    if damaged := document.text.count(_UNDECODED):
        yield Notice("undecoded-characters", f"有 {damaged} 处字节损坏，无法解码，已用“{_UNDECODED}”标出")
    if lost := lost_characters(document.text):
        yield Notice(
            "undecoded-characters", f"有 {lost} 处文字在入库前已损坏（锟斤拷等），无法复原，请改用原文件重新入库"
        )
    for start, end in elements.forms:
        lines = "\n".join(clean.text[start:end].split("\n", 2)[:2])
        yield Notice("blank-form", "附件是待填的空白表格，不计为活动", Evidence(lines, start, start + len(lines)))


def _several(elements: Elements, clean: CleanText) -> Notice:
    start, end = elements.documents[1]
    line = clean.text[start:end].split("\n", 1)[0]
    return Notice(
        "several-documents",
        f"一个文件中有 {len(elements.documents)} 份公文，各份的起止不够明确，未逐份读入；请拆分后分别入库",
        Evidence(line, start, start + len(line)),
    )


def _missing(document: Document, genre: Genre, forms: Forms) -> Iterator[Notice]:
    """Header facts that a document of this kind carries and that were not found."""
    if not document.title and genre is not Genre.LETTER:
        yield Notice("missing-title", "没有认出标题")
    if genre not in _HEADED:
        return
    numbered = is_statutory(document.kind, forms) and document.kind not in forms.words("kind.never_numbered")
    # what is sent to nobody (a reprint in a newspaper, a public announcement) often comes without its number
    if numbered and document.doc_number is None and document.recipients:
        yield Notice("missing-number", "没有认出发文字号")
    if document.date is None:
        yield Notice("missing-date", "没有认出成文日期")
    if not document.issuers:
        yield Notice("missing-issuer", "没有认出发文机关")


def _units(document: Document) -> Iterator[Notice]:
    """区经委各街镇 (a separator is missing), 静安市场监管局 (区 is missing): read as meant, and told."""
    said: set[str] = set()
    for activity in document.activities:
        shared = any(p.rule.endswith(SHARED_TAIL) for p in activity.responsible)
        before = None
        for party in activity.responsible:
            if (
                party.rule.endswith(NO_SEPARATOR)
                and before is not None
                and party.start >= 0
                and before.kind is not PartyKind.PLACE
            ):
                written = document.text[before.start : party.end]
                message = f"“{before.as_written}”与“{party.as_written}”之间疑缺顿号"
                if message not in said:
                    said.add(message)
                    yield Notice("missing-separator", message, Evidence(written, before.start, party.end))
            if party.rule == "place" and not shared and (word := _missing_word(party)):
                written_ = Evidence(party.as_written, party.start, party.end)
                yield Notice("missing-word", f"“{party.as_written}”疑缺“{word}”字（{party.name}）", written_)
            before = party


def _missing_word(party: Party) -> str | None:
    """区 of 静安区 when only 静安 was written before the department's name."""
    found = _MISSING_WORD.match(party.name)
    written = party.as_written
    if found and written.startswith(found["bare"]) and not written.startswith(found[0]) and "新区" not in party.name:
        return found["word"]
    return None


def _typos(text: str, forms: Forms) -> Iterator[Notice]:
    for row in forms.rows("notice.typo"):
        wrong, meant = str(row["wrong"]), str(row["meant"])
        at = text.find(wrong)
        while at >= 0:
            yield _typo(text, at, at + len(wrong), meant)
            at = text.find(wrong, at + 1)
    words_: dict[str, bool] = {}  # each word of a text is looked for once
    for found in forms.pattern("notice.doubled").finditer(text):
        word = found["word"]
        if word not in words_:
            words_[word] = len(word) == 1 or _is_word(text, word)
        if words_[word]:
            yield _typo(text, found.start(), found.end(), found["word"])


def _is_word(text: str, word: str) -> bool:
    """Whether what stands twice is a word of this text, not the seam of others (企业创业创新: 业创 twice)."""
    turned = word[::-1]
    return text.count(word) - 2 > text.count(turned) - 1


def _typo(text: str, start: int, end: int, meant: str) -> Notice:
    a, b = max(0, start - 6), min(len(text), end + 4)
    return Notice("possible-typo", f"“{text[start:end]}”可能是“{meant}”之误", Evidence(text[a:b], a, b))


def _numbering_gaps(document: Document) -> Iterator[Notice]:
    """1. 2. 4.: among siblings, where 3. stands nowhere between."""
    last: dict[tuple[int | None, int], tuple[int, Section]] = {}
    for section in document.sections:
        number = label_number(section.label)
        if number is None or section.level > 3 or section.label.startswith(("第", "Q", "q")):
            continue
        key = (section.parent if section.level < 3 else None, section.level)
        before, above = last.get(key, (None, section))
        if before is not None and number > before + 1:
            between = document.text[above.start : section.start]
            missing = [n for n in range(before + 1, min(number, before + 20)) if not _stands(n, section.label, between)]
            if missing:
                heading = document.text[section.start : section.body_start].rstrip()
                yield Notice(
                    "numbering-gap",
                    f"序号从 {before} 跳到 {number}",
                    Evidence(heading, section.start, section.start + len(heading)),
                )
        last[key] = (number, section)


def _stands(number: int, label: str, text: str) -> bool:
    """Whether a label of this form with this number stands in the text, even if it was not read as a heading."""
    if any(c.isdecimal() for c in label):
        return bool(re.search(rf"(?<!\d){number}\s*[.．、）)]", text))
    numeral = number_to_chinese(number)
    return bool(re.search(rf"(?<![十百]){numeral}\s*、|[（(]\s*{numeral}\s*[)）]", text))


def _traditional(text: str, forms: Forms) -> Iterator[Notice]:
    found = list(forms.pattern("notice.traditional").finditer(text))
    for one in found if len(found) <= _MOST_TRADITIONAL else ():
        start, end = max(0, one.start() - 4), min(len(text), one.end() + 4)
        yield Notice("traditional-character", f"夹有繁体字“{one[0]}”", Evidence(text[start:end], start, end))
