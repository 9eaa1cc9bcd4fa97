"""Titles of held documents as people shorten them: 襄阳电子证照暂行办法, 卫星通信指导意见.

A stretch of the question that ends in a kind of document and whose characters stand in one title in their order, most
of them side by side, means that document. A stretch that fits two documents means none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.ask.library import Library
from kg.ask.question import Span
from kg.ask.text import plain
from kg.core.text import in_order
from ontology.forms import Forms

_KINDS = ("kind.statutory", "kind.legislative", "kind.working")
_SHORTEST = 6  # characters of a stretch with its kind; shorter ones fit by chance
_LONGEST = 40
_PARTED = 6  # characters in front of a 的 that may belong to the title
_SIDE_BY_SIDE = 0.5  # share of the pairs of neighbours that are neighbours in the title too
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEAR_ALONE = re.compile(r"\d{4}年?度?")
_SAYING = 2  # characters of a short form beside its year and its kind
_ABOUT = re.compile(r"关于|印发|转发|批转")  # behind who issues it
_STOP = re.compile(r"[，,。？?！!；;：:、\s“”‘’「」『』\"《》（）()]")


def propose_abbreviated(text: str, library: Library) -> Iterator[Span]:
    """A span for each kind of document that ends the short form of one title."""
    years = set(_YEAR.findall(text))
    for found in _nouns(library.forms).finditer(text):
        begin = max((m.end() for m in _STOP.finditer(text, 0, found.start())), default=0)
        said = text[max(begin, found.end() - _LONGEST) : found.end()]
        if len(said) < _SHORTEST:
            continue
        best: dict[int, list[str]] = {}
        for kind in _kinds_of(found[0], library.forms):
            named = plain(said[: -len(found[0])] + kind)
            for title, ident in library.names.titles_with(kind):
                if years and (own := set(_YEAR.findall(title))) and years.isdisjoint(own):
                    continue  # the plan of another year
                length = _fits(named, title, len(kind)) - len(kind) + len(found[0])
                if length >= _SHORTEST and not _of_another_place(said, length, title, ident, library):
                    best.setdefault(length, []).append(ident)
        if best and len(idents := set(best[max(best)])) == 1:
            start = _start_of(text, found.end(), max(best), len(found[0]))
            yield Span(start, found.end(), "title", tuple(idents), text[start : found.end()])


def _start_of(text: str, end: int, length: int, noun: int) -> int:
    """Where so many characters before a place begin, 的 not counted."""
    at, left = end - noun, length - noun
    while left:
        at -= 1
        left -= text[at] != "的"
    return at


@lru_cache(maxsize=4)
def _nouns(forms: Forms) -> re.Pattern[str]:
    """The kinds of documents and the nouns for several, the longest first."""
    kinds = {word for form in forms if form.name in _KINDS for word in forms.words(form.name) if len(word) > 1}
    kinds |= {word for row in forms.rows("noun.kind") if row["kinds"] for word in row["words"]}
    return re.compile("|".join(map(re.escape, sorted(kinds, key=lambda kind: (-len(kind), kind)))))


def _kinds_of(noun: str, forms: Forms) -> tuple[str, ...]:
    """The kinds that a noun stands for: 规章 for 办法 and 规定."""
    return next((tuple(row["kinds"]) for row in forms.rows("noun.kind") if noun in row["words"]), ()) or (noun,)


def _fits(said: str, title: str, noun: int) -> int:
    """How many characters at the end of `said` are a short form of a title; 0 for none."""
    at = title.rfind(said[-noun:])
    if at < 0:
        return 0
    body = said[:-noun].split("的")  # 发展的若干措施: titles join what people part
    if len(body) > 1 and len(body[-2]) < _PARTED:  # 全国的质量月通知: whose it is, no part of its name
        body = body[-1:]
    said = "".join(body) + said[-noun:]
    first = len(said) - noun
    for position in range(len(said) - noun - 1, -1, -1):
        at = title.rfind(said[position], 0, at)
        if at < 0:
            break
        first = position
    whole = first
    while whole < len(said) - noun and said[whole : whole + 2] not in title:  # the first words stand in the title whole
        whole += 1
    short = said[whole:]
    about = _YEAR_ALONE.sub("", short)[:-noun]
    if len(about) < _SAYING or _is_issuer(about, title):
        return 0  # 2023年计划|招聘多少名, 省住建厅2021年的通知
    pairs = [short[n : n + 2] for n in range(len(short) - 1)]
    if len(pairs) <= noun or sum(pair in title for pair in pairs) < _SIDE_BY_SIDE * len(pairs):
        return 0
    return len(short) + (whole - first if _is_issuer(said[first:whole], title) else 0)


def _is_issuer(short: str, title: str) -> bool:
    """工信部 before …: the characters of the body at the head of the title (工业和信息化部关于…), its last one too."""
    issuer, *about = _ABOUT.split(title, maxsplit=1)
    return bool(short and about) and issuer.endswith(short[-1]) and in_order(short, issuer)


def _of_another_place(said: str, length: int, title: str, document_id: str, library: Library) -> bool:
    """Whether the short form, the last `length` characters, names places that the document is not of.

    Nor speaks of in its title. Of 中山市扬尘防治条例 the end 山市扬尘防治条例 stands in a title of 平顶山市.
    """
    before, short = said[:-length], said[-length:]
    places, doc = library.places_in(short), library.doc(document_id)
    across = library.places_in(said) - library.places_in(before) - places  # that the short form begins in
    if any(place.bare not in title for place in across):
        return True
    if not places or doc is None or doc.place is None or any(place.bare in title for place in places):
        return False
    own = doc.place
    return not any(library.within(own, p.qualified) or library.within(p.qualified, own) for p in places)
