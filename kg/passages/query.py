"""What is asked, read: words, what must or must not occur, fields, dates, an article by its number.

    “质量开放日” 电梯 -检查          must hold the phrase; 检查 must not occur
    标题：质量月 地区：青浦 日期：2023-01..2024-06
    产品质量法第四十条, 民法典19条

Names are read as documents write them (市监局 as 市场监督管理局), so that a short and a full name find the same. Other
words stay as they are, and what else they could be is looked for too: 牌照 may be a number plate or a licence.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from kg.core.ids import title_key
from kg.core.numerals import whole_number
from kg.passages.facets import NO_FILTERS, Filters
from kg.passages.numerals import other_writings
from kg.passages.tokens import document_numbers, normalise, phrases, terms, titles, word_terms
from kg.passages.wordings import Wordings

_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|「[^「」]*」")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_WHOLE_TITLE = re.compile(r"\s*\S{4,60}\s*")
LOCAL = "~"  # before a title whose place is left out: 节约用水条例 is the state's first of all
_SHORTEST_TITLE = 2
_LONGEST_TITLE = 60
_REACH = 2 * _LONGEST_TITLE  # characters of a title with blanks and marks
_TEXT_FIELDS = ("place", "kind", "agency", "theme", "level")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other wordings of `word`, which stands in the text of the query."""

    word: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """See the module. `text` is normalised and without operators; `literal` as it was written."""

    text: str
    literal: str
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    in_title: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    alternatives: tuple[Alternative, ...] = ()
    articles: tuple[str, ...] = ()
    exact: tuple[str, ...] = field(default=(), repr=False)
    years: tuple[int, ...] = ()
    holds: tuple[str, ...] = field(default=(), repr=False)
    content: str = field(default="", repr=False)

    @property
    def said(self) -> str:
        """The text without the words that only ask (由谁, 多少): a passage is no better for having them."""
        return self.content or self.text

    @property
    def strict(self) -> bool:
        """Whether a condition decides which passages may take part at all."""
        return bool(self.required or self.excluded or self.in_title)


def query_to_terms(query: Query) -> tuple[list[str], list[str]]:
    """The terms of a query, and those that only its other wordings have, without lone characters."""
    own = terms(query.text)
    known = set(own)
    others = dict.fromkeys(t for item in query.alternatives for word in item.others for t in word_terms(word))
    return own, [other for other in others if other not in known and len(other) > 1]


def query_to_forms(query: Query) -> list[list[list[str]]]:
    """The words of a query, each in all its wordings, as terms: passages that say all words hold one form of each."""
    others = {item.word: item.others for item in query.alternatives}
    found = []
    for word in query.text.split():
        forms = [
            word,
            *(w for item, ws in others.items() if item in word for w in (word.replace(item, o) for o in ws)),
        ]
        if said := [split for form in forms if (split := terms(form))]:
            found.append(said)
    return found


def text_to_query(text: str, wordings: Wordings, filters: Filters = NO_FILTERS) -> Query:
    """Read what was asked; `filters` are those given beside it, and win over fields in the text."""
    rest, excluded = _take_excluded(text, wordings)
    rest, in_title, filters = _take_fields(rest, wordings, filters)
    words, alternatives = _as_documents_say(rest, wordings)
    exact = [*document_numbers(rest), *titles(rest)]
    if _WHOLE_TITLE.fullmatch(rest):
        exact.append(title_key(rest))
    return Query(
        words,
        rest,
        tuple(phrases(rest)),
        tuple(excluded),
        tuple(in_title),
        filters,
        tuple(alternatives),
        tuple(text_to_articles(rest, wordings)),
        tuple(dict.fromkeys(key for key in exact if key)),
        tuple(int(year) for year in _YEAR.findall(words)),
        tuple(holds for ask, holds in wordings.asks if _pattern(ask).search(words)),
        _without_asking(words, wordings),
    )


@lru_cache(maxsize=256)
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


MODES: dict[str, Callable[[str], str]] = {
    "literal": lambda word: f"“{word}”",
    "title": lambda word: f"标题：{word}",
}
"""Ways to read a query without writing operators, by what each of its words becomes."""


def in_mode(text: str, mode: str, wordings: Wordings) -> str:
    """The query as it is written in a mode; operators stay, and phrases in quotation marks are one word each."""
    if mode not in MODES:
        return text
    sources = [wordings.patterns.get(name) for name in ("search.not", "search.field")]
    kept = [m.span() for source in sources if source for m in _pattern(source).finditer(text)]
    phrases = [m.span() for m in _QUOTED.finditer(text)]
    out, at = [], 0
    for start, end in sorted({*kept, *phrases}):
        if start < at:
            continue  # the phrase of an operator
        out += [MODES[mode](word) for word in text[at:start].split()]
        whole = text[start:end].strip()
        out.append(whole if (start, end) in kept or mode == "literal" else MODES[mode](whole))
        at = end
    return " ".join([*out, *(MODES[mode](word) for word in text[at:].split())])


def _take_excluded(text: str, wordings: Wordings) -> tuple[str, list[str]]:
    source = wordings.patterns.get("search.not")
    if source is None:
        return text, []
    found = [match["phrase"] or match["word"] for match in _pattern(source).finditer(text)]
    return (_pattern(source).sub(" ", text) if found else text), found


def _take_fields(text: str, wordings: Wordings, filters: Filters) -> tuple[str, list[str], Filters]:
    source = wordings.patterns.get("search.field")
    in_title: list[str] = []
    if source is None or not (":" in text or "：" in text):
        return text, in_title, filters
    names, given = dict(wordings.fields), filters.given()
    left, position = "", 0
    for match in _pattern(source).finditer(text):
        name, value = names.get(match["field"], ""), match["phrase"] or match["word"]
        if name == "title":
            in_title.append(value)
        elif (found := _filter(name, value, wordings)) is None:
            continue  # 日期：另行通知 is text
        else:
            new: dict[str, Any] = {key: v for key, v in found.items() if key not in given}
            filters = replace(filters, **new)
        left += text[position : match.start()] + " "
        position = match.end()
    return left + text[position:], in_title, filters


def _filter(name: str, value: str, wordings: Wordings) -> dict[str, str | int] | None:
    if name == "year":
        return {"year": int(value)} if value.isascii() and value.isdigit() and len(value) == 4 else None
    if name == "date":
        match = _pattern(wordings.patterns["search.range"]).fullmatch(value)
        if match is None or not (match["since"] or match["until"]):
            return None
        since, until = match["since"], match["until"]
        single = since and not until and since == value
        found = {"since": first_day(since) if since else "", "until": last_day(since if single else until or "")}
        return {key: v for key, v in found.items() if v}
    return {name: value} if name in _TEXT_FIELDS else None


def first_day(date: str) -> str:
    """2023 -> 2023-01-01, 2023-5 -> 2023-05-01."""
    parts = [int(part) for part in date.split("-")] if date else []
    year, month, day = (*parts, 1, 1)[:3] if parts else (0, 1, 1)
    return f"{year:04d}-{month:02d}-{day:02d}" if parts else ""


def last_day(date: str) -> str:
    """2023 -> 2023-12-31, 2023-2 -> 2023-02-28; empty for an empty one."""
    if not date:
        return ""
    parts = [int(part) for part in date.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    month = min(max(month, 1), 12)
    day = parts[2] if len(parts) > 2 else calendar.monthrange(max(year, 1), month)[1]
    return f"{year:04d}-{month:02d}-{day:02d}"


def _without_asking(text: str, wordings: Wordings) -> str:
    """The text without what only asks, quotes left as they are; whole where nothing else is in it."""
    source = wordings.patterns.get("search.asking")
    if source is None:
        return text
    kept = [(match.start(), match.end()) for match in _QUOTED.finditer(text)]
    out, position = "", 0
    for match in _pattern(source).finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in kept):
            out += text[position : match.start()] + " "
            position = match.end()
    left = out + text[position:]
    return left if terms(left) else text


def _as_documents_say(text: str, wordings: Wordings) -> tuple[str, list[Alternative]]:
    """The normalised text in the words of documents, quotes left as they are, and what else those words could be."""
    plain = normalise(text)
    kept = [(match.start(), match.end()) for match in _QUOTED.finditer(plain)]
    out, position = "", 0
    alternatives: dict[str, tuple[str, ...]] = {}
    for found in wordings.in_text(plain):
        if any(start < found.end and found.start < end for start, end in kept):
            continue
        official = found.row[0]
        out += plain[position : found.start] + official
        position = found.end
        alternatives[official] = tuple(dict.fromkeys((*found.row[1:], *alternatives.get(official, ()))))
    out += plain[position:]
    for found in wordings.alike_in(out):
        word = out[found.start : found.end]
        alternatives.setdefault(word, tuple(other for other in found.row if other != word))
    for word, other in other_writings(out):
        alternatives.setdefault(word, (other,))
    return out, [Alternative(word, others) for word, others in alternatives.items() if others]


def text_to_articles(text: str, wordings: Wordings) -> Iterator[str]:
    """Keys of the articles that a text names: one for each tail of the words before 第X条.

    Any of them may be the title; the longest come first, and the first that is held is the one that is meant. A title
    may have a number of articles in itself (关于印发《营商环境三十条》的通知第三条): the words before run back over it.
    """
    source = wordings.patterns.get("search.article")
    if source is None or "条" not in text:
        return
    laws = {word: row[0] for row in wordings.laws for word in row[1:]}
    begin = end = 0
    for match in _pattern(source).finditer(text):
        begin = max(begin, match.end("title") - _REACH) if match.start() == end else match.start()
        end = match.end()
        number = whole_number(match["number"])
        if not number:
            continue
        label = f"{number}.{whole_number(match['sub']) or 0}" if match["sub"] else f"{number}"
        plain = title_key(text[begin : match.end("title")])[-_LONGEST_TITLE:]
        noted = title_key(text[begin : match.end("note")]) if match["note"] else ""
        tails = [
            laws.get(title[start:], title[start:])
            for title in (noted[-_LONGEST_TITLE:], plain)
            for start in range(len(title) - _SHORTEST_TITLE + 1)
        ]
        yield from (article_key(tail, label) for tail in tails)
        yield from (article_key(LOCAL + tail, label) for tail in tails)


def article_key(title: str, label: str) -> str:
    """The key under which an article is found: 产品质量法#40, 刑法#133.1."""
    return f"{title}#{label}"


@lru_cache(maxsize=2048)
def article_label(label: str) -> str | None:
    """第四十条 -> 40, 第一百三十三条之一 -> 133.1."""
    head, _, sub = re.sub(r"[\s第]", "", label).partition("条之")
    number = whole_number(head.removesuffix("条"))
    if not number:
        return None
    return f"{number}.{whole_number(sub) or 0}" if sub else f"{number}"


def title_keys(title: str, places: Sequence[str]) -> Iterator[str]:
    """Keys of a law's title: whole, and without the place in front (电动自行车管理条例)."""
    key = title_key(title)
    if key:
        yield key
    for place in sorted(places, key=len, reverse=True):
        if key.startswith(place) and len(key) > len(place) + _SHORTEST_TITLE:
            yield LOCAL + key[len(place) :]
            return
