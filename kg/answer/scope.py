"""Which held documents a question speaks of, and what it asks for that is not held."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.answer.lexicon import Doc, Lexicon, Place
from kg.answer.names import Names
from kg.answer.question import Question
from kg.answer.text import plain

_SHOWN = 4
_NATION_TOO = re.compile(
    r"全国(?=[、和与及跟,，])|[、和与及跟]全国|国家(?!市场|标准|质量监督|级|队)|全国.{0,6}(?:通知|文件)|总局的|中央(?:层面|的)"
)
_NOUN_KINDS = re.compile(r"通报|通知|安排表|活动安排|报告|公告|意见|办法|条例|方案|细则")


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents meant. `said`: the question names them by place, year, number or kind (else: everything).

    `missing` are places and years that are asked for and not held; `above`: a place has no document of its own,
    and those of the city above it are taken.
    """

    documents: tuple[Doc, ...]
    said: bool
    missing: tuple[str, ...] = ()
    above: bool = False

    @property
    def label(self) -> str:
        """How the documents are called in a sentence."""
        if not self.said:
            return "库内全部文件"
        return "、".join(doc_label(doc) for doc in self.documents[:_SHOWN]) + (
            "等" if len(self.documents) > _SHOWN else ""
        )


def doc_label(doc: Doc) -> str:
    """青浦区2024年通知（青质办〔2024〕72号), or the title where that says more."""
    head = f"{(doc.qualified and doc.place) or ''}{doc.year or ''}{'年' if doc.year else ''}"
    if doc.number and head:
        return f"{head}{doc.kind or '文件'}（{doc.number}）"
    return f"《{doc.title}》"


def scope_of(question: Question, names: Names, *, own: bool = False) -> Scope:
    """The documents that a question means.

    `own`: of a place, only its own documents (its theme, its number), not those of others that speak of it.
    """
    lexicon = names.lexicon
    if question.documents:
        return Scope(question.documents, said=True)
    pool = _pool(lexicon)
    places: list[str] = [place.qualified for place in question.places]
    nation = question.nation and (not places or bool(_NATION_TOO.search(question.flat)))
    found: list[Doc] = []
    missing: list[str] = []
    above = False
    for place in question.places:
        docs, from_above = _of_place(place, question.years, pool, names)
        if own and from_above:
            docs, from_above = [], False
        above = above or from_above
        found += docs
        if not docs:
            missing += [f"{place.name}{year}年" for year in question.years] or [place.name]
    if nation:
        national = [doc for doc in pool if doc.qualified == "全国" and _in(doc, question.years)]
        found += national
        if not national and not places:
            missing += [f"全国{year}年" for year in question.years] or ["全国"]
    if not places and not nation:
        found = [doc for doc in pool if _in(doc, question.years)]
        missing += [f"{year}年" for year in question.years if not any(doc.year == year for doc in found)]
    said = bool(places or nation or question.years)
    narrowed = _of_kind(found, question, said)
    said = said or len(narrowed) < len(found)
    return Scope(tuple({doc.id: doc for doc in narrowed}.values()), said, tuple(missing), above)


def _pool(lexicon: Lexicon) -> list[Doc]:
    announcing = [doc for doc in lexicon.documents if doc.announces]
    return announcing or list(lexicon.documents)


def _in(doc: Doc, years: tuple[int, ...]) -> bool:
    return not years or doc.year in years


def _of_place(place: Place, years: tuple[int, ...], pool: list[Doc], names: Names) -> tuple[list[Doc], bool]:
    own = [doc for doc in pool if doc.qualified == place.qualified]
    if fits := [doc for doc in own if _in(doc, years)]:
        return fits, False
    seen = names.places.get(place.parent or "")
    if seen is not None and seen.level != "国家":
        # what a city says of its districts: 杨浦区 has no document of its own in 2022
        docs = [doc for doc in pool if doc.qualified == seen.qualified and _in(doc, years)]
        if docs and (years or not own):
            return docs, True
    if not own:
        # 嘉善县 has no document here, but others speak of it
        docs = [doc for doc in pool if place.qualified in doc.touches and _in(doc, years)]
        return docs, bool(docs)
    return [], False


def _of_kind(found: list[Doc], question: Question, said: bool) -> list[Doc]:
    """Narrow by 通报, 通知 … where that still leaves something; 方案 is also what people call a notice."""
    text = question.flat
    for policy in question.policies:  # 方案 in 《……上海实施方案》 is of no held document
        for form in filter(None, (policy.title, *policy.names, *policy.local)):
            text = text.replace(plain(form), " ")
    for kind in dict.fromkeys(_NOUN_KINDS.findall(text)):
        bare = kind.removeprefix("活动").removesuffix("表")
        fits = [doc for doc in found if bare in doc.title or doc.kind == bare]
        if fits and (not said or bare != "方案"):
            return fits
    return found
