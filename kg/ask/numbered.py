"""Documents and policies that a question names by their numbers: 沪府发〔2024〕1号, 75号令, 国务院令第493号."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.ask.library import Library
from kg.ask.question import Span
from kg.ask.shares import Doc
from kg.core.ids import number_key, order_key

_NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,10}[〔\[（(【]?(?:19|20)\d\d(?:[〕\]）)】]|年)?\s*(?:第)?\d{1,5}\s*号")
_ORDER = re.compile(r"([\u4e00-\u9fff]{2,20}?)(?:令\s*第?\s*(\d{1,4})\s*号|第?\s*(\d{1,4})\s*号令)")
TIERS = "省市县区"
_YEAR_WORD = re.compile(r"[〔\[（(【]?((?:19|20)\d\d)年")


def propose_numbered(text: str, library: Library) -> Iterator[Span]:
    """The documents and policies named by a number, as it is written or in short."""
    held = library.names.document_numbers
    yield from _short_numbers(text, library)
    yield from _orders(text, library)
    for found in _NUMBER.finditer(text):
        key = number_key(_YEAR_WORD.sub(r"〔\1〕", found[0]))  # 穗府办2019年6号
        for cut in range(max(1, key.find("|") if "|" in key else 1)):
            if idents := held.get(key[cut:]):
                yield Span(found.start() + cut, found.end(), "title", tuple(idents), found[0][cut:])
                break
        else:
            yield from _policy_numbers(found, key, library)


def _orders(text: str, library: Library) -> Iterator[Span]:
    """Orders by who gives them and their serial, which has no year."""
    for found in _ORDER.finditer(text):
        giver = found[1]
        for cut in range(len(giver) - 1):
            held = library.names.order_numbers.get(order_key(f"{giver[cut:]}令{found[2] or found[3]}号"), ())
            if idents := [doc.id for doc in held if not cut or _gives(doc, giver[:cut], giver[cut])]:
                start = found.start() + cut
                yield Span(start, found.end(), "title", tuple(idents), text[start : found.end()])
                break


def _gives(doc: Doc, before: str, first: str) -> bool:
    """Whether an order is that of a giver whose name goes on to the left: 长沙|市政府令 only of a document of 长沙."""
    return first not in TIERS or any((doc.place or "").endswith(before[n:] + first) for n in range(len(before) - 1))


def _policy_numbers(found: re.Match[str], key: str, library: Library) -> Iterator[Span]:
    """A number of a policy that is cited, or of none that is known."""
    numbers = library.names.policy_numbers
    for cut in range(max(1, key.find("|") if "|" in key else 1)):
        if (which := numbers.get(key[cut:])) is not None:
            yield Span(found.start() + cut, found.end(), "policy", which, found[0][cut:])
            return
    yield Span(found.start(), found.end(), "number", key, found[0])


def _short_numbers(text: str, library: Library) -> Iterator[Span]:
    """72号文, 75号令: the one document or policy whose number ends so."""
    for found in re.finditer(r"(?<![\d〕\])）])(\d{1,4})号(文|令)", text):
        ending = re.compile(rf"(?<!\d){found[1]}号?$" if found[2] == "文" else rf"令第?{found[1]}号$")
        docs = [doc.id for doc in library.lexicon.documents if doc.number and ending.search(doc.number)]
        policies = [n for n, p in enumerate(library.lexicon.policies) if p.number and ending.search(p.number)]
        if len(docs) == 1 and found[2] == "文":
            yield Span(found.start(), found.end(), "title", tuple(docs), found[0])
        elif len(policies) == 1:
            yield Span(found.start(), found.end(), "policy", policies[0], found[0])
