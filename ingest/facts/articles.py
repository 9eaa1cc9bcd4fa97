"""The articles of laws and rules: 第三条 with its 款 and 项, each addressable.

立法法 第六十五条: 编、章、节、条、款、项、目.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.layout import CleanText, Paragraph
from ingest.structure.model import Elements
from kg.core.model import Article
from kg.core.numerals import parse_number
from ontology.forms import Forms

_LEAST = 2  # a single 第一条 is a quotation or a form
_FARTHEST_JUMP = 40  # articles that may be missing between two that follow each other
_LONGEST_HEADING = 40


@dataclass(slots=True)
class _Open:
    number: int
    sub: int
    label: str
    start: int
    chapter: str | None
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    items: list[tuple[int, int]] = field(default_factory=list)
    end: int = 0


class ArticleReader:
    """Reads articles by the forms `article.*`."""

    def __init__(self, forms: Forms) -> None:
        self._label = forms.pattern("article.label")
        self._glued = forms.pattern("article.glued")
        self._continues = forms.pattern("article.continues")
        self._chapter = forms.quick("article.chapter")
        self._item = forms.quick("article.item")
        self._closing = forms.pattern("article.closing")

    def read(self, clean: CleanText, ranges: Iterable[tuple[int, int]]) -> tuple[Article, ...]:
        """The articles of each range of the text; numbering begins anew with each range, or with a new 第一条."""
        out: list[Article] = []
        for start, end in ranges:
            inside = list(clean.within(start, end))
            for run in self._runs(clean, inside):
                if len(run) >= _LEAST:
                    out += [_close(a) for a in run]
        return tuple(out)

    def _runs(self, clean: CleanText, paragraphs: Sequence[Paragraph]) -> Iterator[list[_Open]]:
        run: list[_Open] = []
        current: _Open | None = None  # none below a heading or behind the last article
        chapters: dict[str, str] = {}
        for p in self._pieces(clean, paragraphs):
            text = clean.of(p)
            if (heading := self._chapter.match(text)) and len(text) <= _LONGEST_HEADING:
                _open_chapter(chapters, heading["kind"], text.strip("#* \u3000"))
                current = None
                continue
            article = self._article(text, p.start, run, chapters)
            if article is not None:
                if article.number == 1 and article.sub == 0 and run:
                    yield run
                    run = []
                run.append(article)
                current = article
                self._put(article, text, p, article.start + len(article.label))
            elif current is not None and self._closing.match(text):
                current = None
            elif current is not None:
                self._put(current, text, p, p.start)
        yield run

    def _pieces(self, clean: CleanText, paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
        """The paragraphs, cut where the article that comes next stands behind a full stop of the one before it."""
        last = 0
        for p in paragraphs:
            text, start = clean.of(p), p.start
            if label := self._label.match(text):
                last = _number(label["number"])
            for glued in self._glued.finditer(text) if last and text.find("第", 1) > 0 else ():
                if _number(glued["number"]) == last + 1:
                    yield p._replace(start=start, end=p.start + len(text[: glued.start()].rstrip()))
                    start, last = p.start + glued.start(), last + 1
            yield p._replace(start=start) if start != p.start else p

    def _article(self, text: str, at: int, run: list[_Open], chapters: dict[str, str]) -> _Open | None:
        found = self._label.match(text)
        if found is None:
            return None
        number = _number(found["number"])
        sub = int(parse_number(found["sub"]) or 0) if found["sub"] else 0
        last = run[-1] if run else None
        before = (last.number, last.sub) if last else (0, 0)
        follows = (number, sub) in ((before[0] + 1, 0), (before[0], before[1] + 1)) or (number, sub) == (1, 0)
        spaced = bool(found["gap"]) or found.end() == len(text)
        # 第三条 at the head of a line of another article, or a law that lacks a number; a code's book begins anywhere
        too_far = last is not None and number - before[0] > _FARTHEST_JUMP
        if not follows and (not spaced or (number, sub) <= before or too_far):
            return None
        if self._continues.match(text, found.end()) and not spaced:
            return None
        start = at + found.start("label")
        chapter = " ".join(chapters[k] for k in "编章节" if k in chapters) or None
        return _Open(number, sub, found["label"], start, chapter)

    def _put(self, article: _Open, text: str, p: Paragraph, start: int) -> None:
        body = start + len(clean_head(text[start - p.start :]))
        article.end = p.end
        if body >= p.end:
            return
        if self._item.match(text, body - p.start):
            article.items.append((body, p.end))
        else:
            article.paragraphs.append((body, p.end))


def clean_head(text: str) -> str:
    """The blanks, and what Markdown puts, before the first word."""
    return text[: len(text) - len(text.lstrip("*# \u3000\t"))]


def _number(numeral: str) -> int:
    return int(parse_number(numeral) or 0)


def _open_chapter(chapters: dict[str, str], kind: str, title: str) -> None:
    for below in "编章节"["编章节".index(kind) :]:
        chapters.pop(below, None)
    chapters[kind] = title


def _close(a: _Open) -> Article:
    return Article(
        a.number, re.sub(r"[ \u3000]", "", a.label), a.start, a.end, a.chapter, tuple(a.paragraphs), tuple(a.items)
    )


@lru_cache(maxsize=2)
def article_reader(forms: Forms) -> ArticleReader:
    """The reader over the forms of a run."""
    return ArticleReader(forms)


def articles_of(clean: CleanText, elements: Elements, forms: Forms) -> tuple[Article, ...]:
    """The articles of the main text and of annexes that are documents (a 办法 sent out by a notice), in order.

    `paragraphs` of an article are its 款, `items` its 项 and 目: half-open spans without their label's blanks.
    """
    whole = clean.paragraphs[-1].end if clean.paragraphs else 0
    start = elements.body[0] if elements.body[1] > elements.body[0] else 0
    return article_reader(forms).read(clean, ((start, whole),))
