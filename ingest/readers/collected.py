"""What a collector put before a text: lines of label and value, a rule below them, menus of the page it was taken from.

One line 时间：… may be the document's own. Several labels together, at the very top, are a collector's, in whatever
words: what the labels are known to mean becomes metadata, the rest is left out of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.base import Line, LineKind
from ingest.readers.infobox import Words, labels_in, words_of
from kg.core.text import CJK
from ontology.forms import Forms

_HEAD = 30  # lines with words among which a collector's particulars stand
_FEWEST = 2  # labels that make such a head
_EDGE = 12  # lines at either end of a text among which the words of a page's menus stand
_LONGEST_EDGE = 120
_PAGE = 80  # lines with words among which the title of a page stands once more
_LONGEST_MENU = 40
_SWITCH = 2  # characters of what stands on lines of its own behind 字体：, 小 | 中 | 大
_PAGE_TITLE = re.compile(r"(?P<title>[^_|｜]{8,120})(?:[_|｜]| [-—–] |--)\S.{1,60}")
_MARKS = re.compile(r"^[\s>\-+*#]+|\*{1,3}|`")
_STRAY = 2
_HAN = re.compile(f"[{CJK}]")
_WORD = re.compile("[\u4e00-\u9fffA-Za-z]")
_QUOTES = "\"'“” ,，"
_BLANKS = re.compile(r"[\s\u3000]")
LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,2000}\)")
# without one of these the labels may be those of a meeting or a form
_TELLING = frozenset(("title", "number", "issuer", "publisher", "url", "index", "source", "published"))


def collected_labels(line: str, words: Words) -> dict[str, str]:
    """The labels of a line that begins with one, marks and addresses of Markdown left out."""
    return dict(labels_in(LINK.sub(r"\1", _MARKS.sub("", line)).strip(), words))


def lines_to_collected(lines: Sequence[Line], forms: Forms) -> tuple[tuple[Line, ...], dict[str, str]]:
    """The lines with a collector's head and a page's menus set to be skipped, and what the head says."""
    end, metadata = collected_head(lines, forms)
    page, title = _page(lines, end)
    gone = {*range(max(end, page)), *_menus(lines, max(end, page), words_of(forms))}
    if title:
        metadata.setdefault("title", title)
    if not gone:
        return tuple(lines), metadata
    skip = LineKind.SKIP
    return tuple(replace(line, kind=skip) if i in gone else line for i, line in enumerate(lines)), metadata


def collected_head(lines: Sequence[Line], forms: Forms) -> tuple[int, dict[str, str]]:
    """Where the collector's head ends, and what it says; 0 where there is none."""
    found: dict[str, str] = {}
    pairs = others = seen = 0
    run_end = 0  # behind the last line of label and value that nothing else stands before
    for i, line in enumerate(lines):
        text = line.text.strip()
        if not text or (len(text) <= _STRAY and not _HAN.search(text)):
            continue  # a letter or a mark that copying left there ends no head
        seen += 1
        if seen > _HEAD or others > pairs + _HEAD - seen + 1:
            break  # no line below can have as many labels above it as it must
        if forms.full("meta.rule", text):
            if pairs >= max(_FEWEST, others) and _is_head(found):
                return i + 1, _worth(found)
            continue
        if said := _pair(text, forms):
            pairs += 1
            for key, value in said.items():
                found.setdefault(key, value)
            run_end = i + 1 if not others else run_end
        else:
            others += 1
            if others == 1:
                at_run_end = dict(found)
    if not others:
        at_run_end = found
    return (run_end, _worth(at_run_end)) if run_end and _is_head(at_run_end) else (0, {})


def _is_head(found: dict[str, str]) -> bool:
    known = {key for key in found if not key.startswith("?")}
    return len(known) >= _FEWEST and bool(known & (_TELLING - {"published"})) and bool(known & _TELLING)


def _worth(found: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in found.items() if value and key != "other" and not key.startswith("?")}


def _pair(text: str, forms: Forms) -> dict[str, str]:
    """Label and value of a line; the key of a label that nobody knows is the label behind a question mark."""
    if said := collected_labels(text, words_of(forms)):
        return said
    found = forms.full("meta.pair", _MARKS.sub("", text).strip(_QUOTES))
    if found is None:
        return {}
    label = _BLANKS.sub("", found["label"].strip(_QUOTES))
    known = words_of(forms).labels.get(label) or words_of(forms).labels.get(label.lower())
    return {known or f"?{label}": found["value"].strip(_QUOTES)}


def _page(lines: Sequence[Line], first: int) -> tuple[int, str]:
    """Where the text of a page begins whose title, with the site's name behind it, stands first and then once more.

    What stands between are the words of menus: 关于…的通知_某市教育局, 首页, 政务公开, …, 关于…的通知.
    """
    with_words = [i for i in range(first, len(lines)) if lines[i].text.strip()][:_PAGE]
    if not with_words or not (found := _PAGE_TITLE.fullmatch(lines[with_words[0]].text.strip())):
        return 0, ""
    for i in with_words[1:]:
        text = lines[i].text.strip()
        if text == found["title"].strip():
            return i, text
        if len(text) > _LONGEST_MENU or text.endswith("。"):
            break
    return 0, ""


def _menus(lines: Sequence[Line], first: int, words: Words) -> set[int]:
    """Lines at both ends that every page of a site carries."""
    with_words = [i for i in range(first, len(lines)) if lines[i].text.strip()]
    out: set[int] = set()
    before = first
    for i in with_words[:_EDGE]:
        if len(lines[i].text) > _LONGEST_EDGE or lines[i].text.rstrip().endswith("。"):
            break
        if _is_menu(lines[i].text, words) or (before in out and len(lines[i].text.strip()) <= _SWITCH):
            out.add(i)
            if len(lines[before].text.strip()) <= _SWITCH and lines[before].text.isascii():  # Aa
                out.add(before)
        before = i
    for i in reversed(with_words[-_EDGE:]):
        if not _is_menu(lines[i].text, words):
            break
        out.add(i)
    return out if len(out) < len(with_words) else set()


def _is_menu(text: str, words: Words) -> bool:
    bare = text.strip()
    return len(bare) <= _LONGEST_EDGE and _WORD.search(bare) is not None and words.furniture.match(bare) is not None
