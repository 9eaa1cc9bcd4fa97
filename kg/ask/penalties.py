"""What a breach brings: 违反本条例第二十条第一款规定的，…处…罚款 names a provision by its number alone.

A question in the words of the provision (没办执照做旅游生意) is answered by the article that punishes, which has none
of these words; the two are read as one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.core.model import Article, Document
from kg.core.numerals import whole_number
from kg.passages.query import article_label
from ontology.forms import Forms

Spans = tuple[tuple[int, int], ...]

_LONGEST = 420  # characters of what follows a breach
_ONE = r"[一二三四五六七八九十百零\d（()）]+"
_PART = re.compile(rf"第(?P<numbers>{_ONE}(?:、{_ONE})*)(?P<of>条之[一二三四五六七八九十]|[条款项])")
_BRACKETS = re.compile(r"[（()）]")
_ITEM = re.compile(r"\s*[（(]([一二三四五六七八九十百]+|\d{1,3})[）)]")


@dataclass(frozen=True, slots=True)
class Penalty:
    """A stretch that says what follows a breach (`start`, `end`), and the provisions that it names (`rules`)."""

    start: int
    end: int
    rules: Spans


def penalties_of(document: Document, forms: Forms) -> Iterator[Penalty]:
    """The stretches of a law's articles that punish by the number of a provision alone.

    One that tells in its own words what is punished (有下列行为之一的) is none: not all of the provision is meant.
    """
    breach, listing = forms.pattern("law.breach"), forms.pattern("law.listing")
    held = {article_label(article.label): article for article in reversed(document.articles)}
    for article in document.articles:
        found = list(breach.finditer(document.text, article.start, article.end))
        for number, one in enumerate(found, start=1):
            end = found[number].start() if number < len(found) else article.end
            text = document.text[one.start() : min(end, one.start() + _LONGEST)].rstrip()
            rules = tuple(_provisions(one["provisions"], held, document.text))
            if rules and not listing.search(text):
                yield Penalty(one.start(), one.start() + len(text), rules)


def _provisions(named: str, held: Mapping[str | None, Article], text: str) -> Iterator[tuple[int, int]]:
    """第十三条第二、三项，第十五条第一款: where each stands."""
    places: list[_Place] = []
    for found in _PART.finditer(named):
        numbers = [_BRACKETS.sub("", number) for number in found["numbers"].split("、")]
        if found["of"].startswith("条"):
            articles = (held.get(article_label(f"第{number}{found['of']}")) for number in numbers)
            places += [_Place(article, [], []) for article in articles if article]
        elif places and found["of"] == "项":
            places[-1].items.extend(filter(None, map(whole_number, numbers)))
        elif places:
            if places[-1].items:
                places.append(_Place(places[-1].article, [], []))
            places[-1].paragraphs.extend(filter(None, map(whole_number, numbers)))
    for place in places:
        yield from place.spans(text)


@dataclass(frozen=True, slots=True)
class _Place:
    """An article with the 款 that are named, and the 项 of the last of these (or of the article)."""

    article: Article
    paragraphs: list[int]
    items: list[int]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The smallest stretches that are named; none where the article has no such part."""
        last = len(self.article.paragraphs)
        named = [self.article.paragraphs[number - 1] for number in self.paragraphs if number <= last]
        if not self.paragraphs:
            named = [(self.article.start, self.article.end)]
        if not self.items or not named:
            yield from named
            return
        yield from named[:-1]
        start, end = named[-1]
        for item in self.article.items:
            label = _ITEM.match(text, *item)
            if start <= item[0] < end and label and whole_number(label[1]) in self.items:
                yield item
