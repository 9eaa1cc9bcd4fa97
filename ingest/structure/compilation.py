"""Whether a file holds several documents: each has its title, its number below it, and whom it is sent to.

A compilation is told, not read: header, activities and issuers of one of its documents are not those of the file.
"""

from __future__ import annotations

import re

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.grammars import number_alone, numbers_in
from ingest.structure.kinds import is_statutory, title_to_kind
from ontology.forms import Forms

_HAN = re.compile(r"[\u4e00-\u9fff]")
_FEWEST = 3  # documents: a notice may carry the one that it sends out, and that one another
_ABOVE = 6  # paragraphs above a number over which a title may run
_BELOW = 3  # paragraphs below it among which its recipients stand
LONGEST_TITLE = 180
_LONGEST_LINE = 400


def documents_in(clean: CleanText, forms: Forms) -> tuple[tuple[int, int], ...]:
    """The ranges of the documents of a compilation; empty for a file that is one document."""
    paragraphs = [p for p in clean.paragraphs if p.kind is not LineKind.ROW]
    found: dict[str, tuple[int, bool]] = {}
    for i, p in enumerate(paragraphs):
        if p.end - p.start > _LONGEST_LINE or clean.text.find("号", p.start, p.end) < 0:
            continue
        heading = begun(clean, paragraphs, i, forms)
        if heading is not None:
            number, start, sent = heading
            found.setdefault(number, (start, sent))
    documents = sorted(found.values())
    # two are enough where each is sent to somebody: nobody prints two letters in one document
    if len(documents) < _FEWEST and not (len(documents) == 2 and all(sent for _, sent in documents)):
        return ()
    starts = sorted({start for start, _ in documents})
    if len(starts) == 2 and forwards(clean.text[starts[0] : starts[0] + _LONGEST_LINE]):
        return ()
    return tuple(zip(starts, [*starts[1:], len(clean.text)], strict=True)) if len(starts) > 1 else ()


def begun(clean: CleanText, paragraphs: list[Paragraph], i: int, forms: Forms) -> tuple[str, int, bool] | None:
    """The number that paragraph `i` is or ends in, where its document begins, and whether recipients follow."""
    text = clean.of(paragraphs[i])
    number = number_alone(text, forms)
    above = ""
    if number is None:
        inside = numbers_in(text, forms)
        if not inside or inside[-1][1] < len(text) - 1 or inside[-1][0] < 8:
            return None
        number, above = inside[-1][2], text[: inside[-1][0]]
    below = [clean.of(q) for q in paragraphs[i + 1 : i + 1 + _BELOW]]
    sent = any(is_addressed(t, forms) for t in below)
    start = _title_start(clean, paragraphs, i, above, forms, sent=sent)
    return None if start is None else (number, start, sent)


def is_addressed(text: str, forms: Forms) -> bool:
    """Whether a paragraph is, or begins with, whom a document is sent to."""
    colon = min((at for at in (text.find("："), text.find(":")) if at >= 0), default=-1)
    if not 0 < colon <= _LONGEST_LINE:
        return False
    address = text[: colon + 1]
    return bool(forms.find("header.recipients", address[:-1])) and not forms.pattern("header.recipients_not").search(
        address
    )


def _title_start(
    clean: CleanText, paragraphs: list[Paragraph], i: int, above: str, forms: Forms, *, sent: bool
) -> int | None:
    """Where the title above a number begins, if there is one; dates in brackets belong to it."""
    joined = above
    for k in range(i if above else i - 1, max(-1, i - 1 - _ABOVE), -1):
        if k < i:
            line = clean.of(paragraphs[k])
            if not _HAN.search(line):  # # Page 1079:
                continue
            joined = line + joined
        bare = forms.pattern("header.title_date_inside").sub("", joined)
        if len(bare) > LONGEST_TITLE or "。" in bare:
            return None
        titled = (
            "关于" in bare and is_statutory(title_to_kind(bare, forms), forms) and bare.count("《") == bare.count("》")
        )
        # a numbered title with its date, above a number and recipients, whatever its last word
        listed = sent and bool(forms.start("header.run", joined)) and bare != joined
        if (titled and (forms.start("header.run", bare) or k == 0 or bare.find("关于") > 3)) or listed:
            return paragraphs[k].start
    return None


def forwards(text: str) -> bool:
    """Whether a heading, or the beginning of a document, says that it sends on another one."""
    return "转发" in text or "批转" in text
