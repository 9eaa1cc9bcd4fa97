"""A whole document on one line, or on a few: where its paragraphs began, by evidence.

A copy from a page, a field of a data base or a careless converter loses the line ends. What is left of them: blanks
where they stood, the order of the numbers (二、 follows 一、), and the forms of the head and the foot. Each piece is
again a line of the source with its position there, so that nothing else has to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from ingest.layout.ends import foot_cuts, head_cuts
from ingest.layout.series import label_cuts
from ingest.readers.base import Line, LineKind, RawDocument
from ontology.forms import Forms

_LONG = 150  # characters: few paragraphs are longer, and those of a text with line ends are not all of it
_MOST = 0.6  # share of the text that stands on long lines
_FEW_LINES = 12  # beside a long line: a text with line ends has more
_INDENT = re.compile("(?:[\u3000]{2}|[ \xa0]{3})[ \xa0\u3000]{0,40}")
_BLANK = re.compile("(?<=\\S)[ \xa0\u3000](?=\\S)")
_HEADING = re.compile("[^。；，：！？ \xa0\u3000]{3,60}[ \xa0\u3000](?=\\S)")
_STOPS = frozenset("。！？；：")
_FEW_BLANKS = 2
_RARE = 0.7  # share of full stops with a blank behind them; where nearly all have one it means nothing
_LABELLED = 0.6
_EDGE = 400  # characters at both ends among which the words of a page's menus stand
_HAN = re.compile("[\u4e00-\u9fff]")


def raw_to_broken(raw: RawDocument, forms: Forms) -> RawDocument:
    """The document with its long lines cut where paragraphs begin; the same document where it has line ends."""
    text = [line for line in raw.lines if line.kind is LineKind.TEXT and line.text and not line.text.isspace()]
    long = [line for line in text if len(line.text) > _LONG and "\t" not in line.text]
    total = sum(len(line.text) for line in text)
    if not long or len(text) - len(long) > _FEW_LINES or sum(len(x.text) for x in long) < _MOST * total:
        return raw
    cuts = {id(line): line_to_cuts(line.text, forms, said=raw.metadata.get("title", "")) for line in long}
    if not any(_is_document(line.text, cuts[id(line)]) for line in long):
        return raw
    lines = [piece for line in raw.lines for piece in _pieces(line, cuts.get(id(line), []), forms)]
    return replace(raw, lines=tuple(lines), wrapped=False)


def _is_document(text: str, cuts: list[int]) -> bool:
    """Whether what was found are paragraphs, not the items of one: many, or few and long."""
    return len(cuts) >= _FEW_BLANKS and bool(_HAN.search(text))


def line_to_cuts(text: str, forms: Forms, *, said: str = "") -> list[int]:
    """Where paragraphs of an unbroken text begin, ascending; `said` is the title that is known from elsewhere."""
    labels = label_cuts(text, forms.pattern("genre.article"))
    cuts = {m.end() for m in _INDENT.finditer(text) if m.start()} | labels
    cuts |= _at_blanks(text, labels, forms) | set(_behind_headings(text, sorted(labels), forms))
    cuts |= head_cuts(text, sorted(cuts), said, forms)
    cuts |= foot_cuts(text, forms)
    return sorted(at for at in cuts if 0 < at < len(text))


def _at_blanks(text: str, labels: set[int], forms: Forms) -> set[int]:
    """Blanks that stand for line ends: before the labels too, or only here and there behind a full stop."""
    blanks = [m.end() for m in _BLANK.finditer(text)]
    if not blanks:
        return set()
    before = sum(text[at - 1] in " \xa0\u3000" for at in labels)
    if len(labels) >= _FEW_BLANKS and before >= _LABELLED * len(labels):
        return {at for at in blanks if _parts(text, at)}
    stopped = {at for at in blanks if text[at - 2] in _STOPS}
    stops = sum(text.count(stop) for stop in _STOPS)
    edges = _menu_blanks(text, blanks, forms)
    return (stopped if _FEW_BLANKS <= len(stopped) <= _RARE * stops else set()) | edges


def _behind_headings(text: str, labels: list[int], forms: Forms) -> Iterator[int]:
    """Behind a heading: at a blank that no stop stands before, or where words that are headings alone end."""
    words = forms.pattern("layout.heading-words")
    for label in labels:
        if found := words.match(text, label):
            yield found.end()
            continue
        found = _HEADING.match(text, label)
        if found and _parts(text, found.end()):
            yield found.end()


def _menu_blanks(text: str, blanks: list[int], forms: Forms) -> set[int]:
    """Blanks among the words of menus at the two ends."""
    stop = text.find("。")
    first = min(_EDGE, stop if stop >= 0 else _EDGE)
    last = max(text.rfind("。"), len(text) - _EDGE)
    menu = forms.pattern("web.edge")
    return {
        at for at in blanks
        if (at <= first and text[at - 2] not in "，,、" and _parts(text, at)) or (at > last and menu.match(text, at))
    }  # fmt: skip


def _parts(text: str, at: int) -> bool:
    """Whether a blank may stand for a line end: not inside 2024 年, 杨 钧, two Latin words, or behind 第一条."""
    before, after = text[at - 2], text[at]
    if before == "日" and text[at - 3].isdigit():
        return False  # 2018年10月31日 某市人民代表大会…通过
    if (before.isascii() and before.isalnum()) != (after.isascii() and after.isalnum()):
        return not ((before.isdigit() and after in "年月日号个") or (before in "年月第" and after.isdigit()))
    if before.isascii() and after.isascii():
        return False
    single = (at < 3 or text[at - 3].isspace()) or (at + 1 >= len(text) or text[at + 1].isspace())
    return not single and before not in "条章节、"


def _pieces(line: Line, cuts: Iterable[int], forms: Forms) -> Iterator[Line]:
    bounds = [0, *cuts, len(line.text)]
    if len(bounds) == 2:
        yield line
        return
    menus = forms.pattern("web.furniture")
    pieces = [replace(line, text=line.text[a:b], start=line.start + a) for a, b in pairwise(bounds)]
    texts = [piece.text.strip() for piece in pieces]
    first = next((i for i, t in enumerate(texts) if t.endswith(("。", "：", "；")) and not menus.match(t)), len(pieces))
    last = next((i for i in reversed(range(len(texts))) if texts[i].endswith(("。", "；", "日"))), -1)
    for i, piece in enumerate(pieces):
        edge = i < first or i > last
        yield replace(piece, kind=LineKind.SKIP) if edge and _is_menu(texts, i, forms) else piece


def _is_menu(texts: list[str], i: int, forms: Forms) -> bool:
    """Whether a piece is of a menu; 当前位置： and what stands behind the blank after it, too."""
    text = texts[i]
    if not text or forms.start("web.furniture", text):
        return bool(text)
    if i and texts[i - 1].endswith(("位置：", "位置:")) and len(text) < 60 and text.startswith(("首页", "主页")):
        return True
    return bool(forms.full("web.stamp", text))
