"""What a breach brings: 违反本条例第二十条第一款规定的，…处…罚款 names a provision by its number alone.

A question in the words of the provision (没办执照做旅游生意) is answered by the article that punishes, which has none
of these words; the two are read as one text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.core.model import Article, Document
from kg.core.numerals import label_number, whole_number
from kg.passages.query import article_label
from ontology.forms import Forms

Stretch = tuple[int, int]

_LONGEST = 420  # characters of what follows a breach
_ONE = r"[一二三四五六七八九十百零\d（()）]+"
_PART = re.compile(rf"(?P<to>[至到]?)第(?P<numbers>{_ONE}(?:、{_ONE})*)(?P<of>条之[一二三四五六七八九十]|[条款项])")
_BRACKETS = re.compile(r"[（()）]")
_LABEL = 6  # characters in which the label of a 项 stands: （二十三）
_SENTENCE = re.compile(r".*[。；]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Penalty:
    """A stretch that says what follows a breach (`start`, `end`), and a provision that it names (`rule`)."""

    start: int
    end: int
    rule: Stretch


def penalties_of(document: Document, forms: Forms) -> Iterator[Penalty]:
    """The stretches of a law's articles that punish by the number of a provision alone, one for each provision.

    One that tells in its own words what is punished (高空抛掷物品的, 有下列行为之一的) is none: of the provision, no
    more is meant than these say.
    """
    breach, listing = forms.pattern("law.breach"), forms.pattern("law.listing")
    held = {article_label(article.label): article for article in reversed(document.articles)}
    for article in document.articles:
        found = list(breach.finditer(document.text, article.start, article.end))
        for number, one in enumerate(found, start=1):
            end = found[number].start() if number < len(found) else article.end
            text = document.text[one.start() : end].rstrip()
            if len(text) > _LONGEST:
                whole = _SENTENCE.match(text[:_LONGEST])
                text = whole[0] if whole else ""
            if text and not listing.search(text):
                for rule in _provisions(one["provisions"], held, document.text):
                    yield Penalty(one.start(), one.start() + len(text), rule)


def _provisions(named: str, held: Mapping[str | None, Article], text: str) -> Iterator[Stretch]:
    """第十三条第二、三项，第十五条第一款，第二十条至第二十三条: where each stands."""
    places: list[_Place] = []
    for found in _PART.finditer(named):
        numbers = [_BRACKETS.sub("", number) for number in found["numbers"].split("、")]
        if found["of"].startswith("条"):
            labels = [article_label(f"第{number}{found['of']}") for number in numbers]
            if found["to"] and places:
                first, last = places[-1].article.number, whole_number(numbers[0]) or 0
                labels = [*map(str, range(first + 1, last)), *labels]
            places += [_Place(held[label]) for label in labels if label in held]
        elif places and found["of"] == "项":
            places[-1].items.extend(filter(None, map(whole_number, numbers)))
        elif places:
            if places[-1].items:
                places.append(_Place(places[-1].article))
            places[-1].paragraphs.extend(filter(None, map(whole_number, numbers)))
    for place in places:
        yield from place.stretches(text)


@dataclass(frozen=True, slots=True)
class _Place:
    """An article with the 款 that are named, and the 项 of the last of these (or of the article)."""

    article: Article
    paragraphs: list[int] = field(default_factory=list)
    items: list[int] = field(default_factory=list)

    def stretches(self, text: str) -> Iterator[Stretch]:
        """The smallest stretches that are named; none where the article has no such part."""
        starts = [start for start, _ in self.article.paragraphs]
        if not self.items:
            named = [self.article.paragraphs[number - 1] for number in self.paragraphs if number <= len(starts)]
            yield from named if self.paragraphs else [(self.article.start, self.article.end)]
            return
        for item in self.article.items:
            of = bisect_right(starts, item[0])  # the 款 that it stands below
            fits = not self.paragraphs or of == self.paragraphs[-1]
            if fits and label_number(text[item[0] : item[0] + _LABEL]) in self.items:
                yield item


def article_at(document: Document, position: int) -> Article | None:
    """The article that a position of a document stands in."""
    starts = [article.start for article in document.articles]
    at = bisect_right(starts, position) - 1
    return document.articles[at] if at >= 0 and position < document.articles[at].end else None
