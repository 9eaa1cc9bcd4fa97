"""Markdown: headings, front matter and labelled lines above the text, comments, tables; emphasis and quote marks go.

Marks that go are replaced by invisible characters, which the layout drops: positions in the source stay right.
"""

from __future__ import annotations

import re

from ingest.readers.base import Line, LineKind, RawDocument
from ingest.readers.html import METADATA_LABELS
from ingest.readers.text import decode, lines_of

_HEADING = re.compile(r"^(\s{0,3}(#{1,6})\s+)(.*?)\s*#*\s*$")
_META = re.compile(r"^([A-Za-z_\u4e00-\u9fff]{1,20})\s*[:：]\s*(.+)$")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE_ROW = re.compile(r"^[\s|:\-]+$")


_NOTHING = "\u200b"
# emphasis around words, > of a quotation, - of a list
_MARKS = re.compile(
    r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|^\s{0,3}>\s?|^\s{0,3}[-+*]\s+(?=\S)|`"
)
_LABEL = re.compile(r"(?P<label>[\u4e00-\u9fff]{2,6})\s*[：:]\s*(?P<value>[^\s　|｜]+)")


def _labelled(line: str) -> dict[str, str]:
    """发布机构：… 文号：… in the lines between the title and the text."""
    if not line.startswith(">"):
        return {}
    return {METADATA_LABELS[m["label"]]: m["value"] for m in _LABEL.finditer(line) if m["label"] in METADATA_LABELS}


def read_markdown(data: bytes) -> RawDocument:
    """A .md file. Table rows come as cells separated by TAB; one line is one paragraph."""
    text, encoding = decode(data)
    metadata: dict[str, str] = {}
    out: list[Line] = []
    in_front_matter = False
    in_comment = False
    for number, (body, start) in enumerate(lines_of(text)):
        stripped = body.strip()
        if number == 0 and stripped == "---":
            in_front_matter = True
            continue
        if in_front_matter:
            in_front_matter = stripped not in ("---", "...")
            if found := _META.match(stripped):
                metadata[found[1]] = found[2].strip("\"' ")
            continue
        if in_comment or stripped.startswith("<!--"):
            in_comment = "-->" not in stripped
            out.append(Line("", start, LineKind.SKIP))
            continue
        if found := _HEADING.match(body):
            out.append(Line(found[3], start + len(found[1]), LineKind.HEADING, len(found[2])))
        elif row := _ROW.match(body):
            if not _RULE_ROW.match(body):
                # Cells keep their source positions only at the row's start: a row is cited whole.
                cells = "\t".join(cell.strip() for cell in row[1].split("|"))
                out.append(Line(cells, start + body.index("|") + 1, LineKind.ROW))
        elif (
            labelled := _labelled(stripped) if not any(line.kind is LineKind.TEXT and line.text for line in out) else {}
        ):
            metadata |= labelled
            out.append(Line("", start, LineKind.SKIP))
        else:
            out.append(Line(_MARKS.sub(lambda m: _NOTHING * len(m[0]), body), start))
    return RawDocument(tuple(out), wrapped=False, encoding=encoding, metadata=metadata)
