"""Markdown: headings, a collector's particulars above and below the text, comments, tables; emphasis and marks go.

Front matter between ---, lines such as **发布机构**: …, and lists below 基本信息 are what a collector knew of the
document; they become metadata and are no part of its text. Marks that go are replaced by invisible characters, which
the layout drops: positions in the source stay right.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

from ingest.readers.base import Line, LineKind, RawDocument
from ingest.readers.collected import LINK, collected_head, collected_labels
from ingest.readers.infobox import Words, words_of
from ingest.readers.text import decode, lines_of, undecoded
from ontology.forms import Forms, load
from ontology.forms.quick import Quick

_HEADING = re.compile(r"^(\s{0,3}(#{1,6})\s+)(.*?)\s*#*\s*$")
_META = re.compile(r"^([A-Za-z_\u4e00-\u9fff]{1,20})\s*[:：]\s*(.*)$")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE_ROW = re.compile(r"^[\s|:\-]+$")
_RULE = re.compile(r"^\s{0,3}(?:(?:-\s*){2,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,})$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOTHING = "\u200b"
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,10});")
# emphasis around words, > of a quotation, - of a list
_MARKS = re.compile(
    r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|^\s{0,3}>\s?|^\s{0,3}[-+*]\s+(?=\S)|`"
)
_TAG = re.compile(
    r"</?(?:div|span|p|br|hr|font|center|b|u|i|strong|em|small|img|a)(?:\s[^<>]{0,400})?/?>", re.IGNORECASE
)
_MARKED = re.compile(r"[*_`>\[+-]")
_BARE = re.compile(r"[*_`>#\s\u3000]+|^[-+]\s")
# **附件**: with its list below, as collectors write it
_BOLD_LABEL = re.compile(r"^\s*\*\*[^*]{1,12}\*\*\s*[:：]\s*$")
# What a generator of sites reads, and no reader of the page: containers (::: tip), admonitions, tabs, contents.
_CONTAINER = re.compile(r"(:{3,})\s*(.*)")
_SITE = re.compile(r"(?:@tab\b.*|\[\[?toc\]?\]|(?:!!!|\?{3}\+?) [a-z]+(?: \".*\")?)$", re.IGNORECASE)
_OWN_LINKS = re.compile(r"(?:\s|&emsp;|&nbsp;|[-*+|·]|\[[^\]]*\]\(#[^)]*\))+")
_ENDS = ("。", "；", "！")  # of what is text, and in no table of contents
_CONTENTS = re.compile(r"目录|\bcontents\b|\btoc\b", re.IGNORECASE)
_LONGEST_ASIDE = 60
_MARKUP = 12  # characters of marks beside the words of an aside
_MARKS_REACH = 10  # characters among which the marks of a heading stand
_LONGEST_RULE = 400
_HEAD_LINES = 40  # among which a collector's particulars stand


@dataclass(slots=True)
class _Collected:
    """What a collector said of the document, in the order of its lines."""

    words: Words
    aside: Quick
    metadata: dict[str, str] = field(default_factory=dict)
    text_begun: bool = False
    listing: bool = False  # below a label without a value: **附件**: and its list

    def take(self, line: str, number: int) -> bool:
        """Keep a line of particulars; False for a line of the text."""
        marked = line.lstrip().startswith(("**", "- **", "> ", "* **", "- [", ">"))
        text = self.text_begun and not marked and not self.listing and len(line) > _LONGEST_ASIDE + _MARKUP
        bare = "" if text else _BARE.sub("", line)
        if not bare:
            return False
        found = collected_labels(line, self.words) if marked or (not self.text_begun and number < _HEAD_LINES) else {}
        if found:
            if number < _HEAD_LINES:
                self.listing = not any(found.values())
                for key, value in found.items():
                    if value and key != "other":
                        self.metadata.setdefault(key, value)
            return True  # below the text too: **更新时间**: …
        quoted = not self.text_begun and line.lstrip().startswith(">")  # a collector's note, of any length
        if ((quoted or len(bare) <= _LONGEST_ASIDE) and self.aside.match(bare)) or (quoted and self.listing):
            self.listing = True
            return True
        if not self.text_begun and _BOLD_LABEL.match(line):
            self.listing = True
            return True
        if self.listing and line.lstrip().startswith(("- ", "* ", "+ ")) and (not self.text_begun or "](" in line):
            return True
        self.listing = False
        return False


@dataclass(slots=True)
class _Containers:
    """The blocks of a site that are open, and at which of them a table of contents began."""

    open: list[str] = field(default_factory=list)
    contents: int | None = None

    def take(self, stripped: str) -> bool:
        """Whether a line is the site's: a mark of a block, or what stands in a table of contents."""
        if mark := _CONTAINER.match(stripped):
            if mark[2]:
                self.open.append(mark[1])
                if self.contents is None and _CONTENTS.search(mark[2]):
                    self.contents = len(self.open)
            elif mark[1] in self.open:  # a mark ends the outermost block of its length, with all that is in it
                del self.open[self.open.index(mark[1]) :]
                if self.contents is not None and len(self.open) < self.contents:
                    self.contents = None
            return True
        if self.contents is not None and stripped.endswith(_ENDS):  # a block that nothing ended
            self.contents = None
        if self.contents is not None:
            return True
        return bool(_SITE.match(stripped)) or ("](#" in stripped and _OWN_LINKS.fullmatch(stripped) is not None)


def read_markdown(data: bytes, forms: Forms | None = None) -> RawDocument:
    """A .md file. Table rows come as cells separated by TAB; one line is one paragraph, and blank ones are none."""
    text, encoding = decode(data)
    forms = forms or load()
    said = _Collected(words_of(forms), forms.quick("meta.aside"))
    out: list[Line] = []
    lines = lines_of(text)
    after = _front_matter(lines, said) or _ruled_off(lines, said, forms)
    in_comment = False
    containers = _Containers()
    for number, (body, start) in enumerate(lines[after:], start=after):
        stripped = body.strip()
        if not stripped:
            continue
        heading = _HEADING.match(body) if "#" in body[:_MARKS_REACH] else None
        if in_comment or stripped.startswith("<!--"):
            in_comment = "-->" not in stripped
            out.append(Line("", start, LineKind.SKIP))
        elif (
            containers.take(stripped)
            or (stripped[0] in "-*_=" and len(body) < _LONGEST_RULE and _RULE.match(body))
            or said.take(heading[3] if heading else body, number)
        ):
            out.append(Line("", start, LineKind.SKIP))
        elif heading:
            out.append(Line(_hide(heading[3]), start + len(heading[1]), LineKind.HEADING, len(heading[2])))
        elif "|" in body and (row := _ROW.match(body)):
            if not _RULE_ROW.match(body):
                # Cells keep their source positions only at the row's start: a row is cited whole.
                cells = "\t".join(_unescaped(cell).strip() for cell in row[1].split("|"))
                out.append(Line(cells, start + body.index("|") + 1, LineKind.ROW))
        else:
            said.text_begun = True
            out.append(Line(_hide(body), start))
    return RawDocument(
        tuple(out), wrapped=False, encoding=encoding, metadata=said.metadata, fidelity=undecoded(text).losses()
    )


def _ruled_off(lines: list[tuple[str, int]], said: _Collected, forms: Forms) -> int:
    """Where the text begins below a collector's particulars and a rule that names it (==== 正文 ====); else 0."""
    end, found = collected_head([Line(body, start) for body, start in lines[:_HEAD_LINES]], forms)
    rule = lines[end - 1][0].strip() if end else ""
    if not _HAN.search(rule) or not forms.pattern("meta.rule").fullmatch(rule):
        return 0
    said.metadata.update(found)
    return end


def _front_matter(lines: list[tuple[str, int]], said: _Collected) -> int:
    """Read what stands between --- and --- at the top; the index of the first line after it."""
    first = next((i for i, (body, _) in enumerate(lines) if body.strip()), 0)
    if first >= len(lines) or lines[first][0].strip() != "---":
        return 0
    end = next((i for i in range(first + 1, min(len(lines), 200)) if lines[i][0].strip() in ("---", "...")), None)
    if end is None or not any(_META.match(body.strip()) for body, _ in lines[first + 1 : end]):
        return 0
    for body, _ in lines[first + 1 : end]:
        if found := _META.match(body.strip()):
            key = said.words.labels.get(found[1].lower(), said.words.labels.get(found[1], found[1]))
            if value := found[2].strip("\"' "):
                said.metadata[key] = value
    return end + 1


def _unescaped(body: str) -> str:
    """Entities as the characters that they stand for, filled up so that positions stay right.

    They are no markup (CommonMark §2.5): a line is parsed before, and what breaks lines stays as it is written.
    """
    if "&" not in body:
        return body

    def character(found: re.Match[str]) -> str:
        char = html.unescape(found[0])
        is_shown = all(c.isprintable() or unicodedata.category(c) == "Zs" for c in char) and char != "\ufffd"
        return char + _NOTHING * (len(found[0]) - len(char)) if is_shown else found[0]

    return _ENTITY.sub(character, body)


def _hide(body: str) -> str:
    """The line with its marks made invisible; of [words](address) the words stay."""
    if "<" in body:  # tags of HTML go, their words stay
        body = _TAG.sub(lambda m: _NOTHING * len(m[0]), body)
    if not _MARKED.search(body):
        return _unescaped(body)
    body = LINK.sub(lambda m: _NOTHING * (m.start(1) - m.start()) + m[1] + _NOTHING * (m.end() - m.end(1)), body)
    return _unescaped(_MARKS.sub(lambda m: _NOTHING * len(m[0]), body))
