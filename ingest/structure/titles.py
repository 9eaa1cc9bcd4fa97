"""What makes a run of lines a title: its words, and how they are put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.structure.atoms import Atom
from ingest.structure.headings import begins_item
from ingest.structure.kinds import is_statutory, title_to_kind
from ontology.forms import Forms

_NO_LETTER = re.compile(r"[\W_]+")
_LONG = 120  # characters: few titles are longer
_SHORT = 8
_PAIRS = (("《", "》"), ("（", "）"), ("“", "”"), ("(", ")"))


@lru_cache(maxsize=512)
def words_of_title(text: str, forms: Forms, *, said: str = "") -> float:
    """How much speaks for `text` as a whole title; `said` is the title known from elsewhere, as its letters."""
    dated = forms.find("header.title_date", text)
    bare = text[: dated.start()] if dated else text
    numbered = forms.start("header.run", bare)
    bare = bare[numbered.end() :] if numbered else bare
    kind = title_to_kind(bare, forms)
    score = _by_kind(bare, kind, forms)
    if said and title_letters(bare) == said:
        score += 4.0
    if dated:
        score += 1.5
    item = begins_item(text, forms)
    if numbered and not (kind or dated or has_verb(bare)):
        score -= 4.0
    elif item and not numbered:
        score -= 5.0
    if item and said and said not in title_letters(bare):
        score -= 5.0  # the first heading of a text whose title stands above it
    return score - _against(bare, forms)


def _by_kind(bare: str, kind: str | None, forms: Forms) -> float:
    if "关于" in bare:
        return 5.0 if is_statutory(kind, forms) else 3.5 if kind else 2.0
    if kind:
        return 3.0 if is_statutory(kind, forms) or len(bare) > _SHORT else 2.0
    return 0.0


def _against(bare: str, forms: Forms) -> float:
    """What no title has: stops, half a pair of marks, a date inside, nothing but a date."""
    out = 0.0
    if any(c in bare for c in "。；") or bare.endswith(("，", "：", ":", "、", "；")):
        out += 7.0
    if any(bare.count(a) != bare.count(b) for a, b in _PAIRS):
        out += 4.0
    if forms.find("web.address", bare) or forms.find("web.crumbs", bare):
        out += 6.0
    if forms.find("header.title_date_inside", bare):
        out += 6.0
    if forms.start("header.law_note", bare):
        out += 6.0
    if is_part_head(bare, forms) or (forms.start("header.entry", bare) and title_to_kind(bare, forms) is None):
        out += 7.0
    if any(forms.start(name, bare) for name in ("header.opening", "header.answers", "header.addressees")):
        out += 12.0  # with a number behind it, it would be worth it
    if len(bare) < 4 or not any("\u4e00" <= c <= "\u9fff" for c in bare):
        out += 5.0
    if len(bare) > _LONG:
        out += 1.5
    if forms.full("header.dated", bare) or forms.full("header.seal_line", bare) or forms.full("header.front", bare):
        out += 6.0
    return out


def is_part_head(text: str, forms: Forms) -> bool:
    """Whether a line heads a part of a text, whatever that is (基本案情, 【声明及提醒】)."""
    return title_letters(text) in forms.words("header.part_heads")


def run_to_title(run: Sequence[Atom], forms: Forms) -> str:
    """The lines as one; names of several issuers above 关于 keep a blank between them."""
    out = ""
    for n, atom in enumerate(run):
        beside = n > 0 and atom.first and not has_verb(out) and "《" not in out and _are_names(out, atom.text, forms)
        ends = out[-1:] + atom.text[:1]
        latin = len(ends) == 2 and ends.isascii() and ends.isalnum()
        out += (" " if beside or latin else "") + atom.text
    return out


def _are_names(before: str, following: str, forms: Forms) -> bool:
    """Whether two lines of a title are names of two bodies: 甲市民政局 / 甲市财政局关于…"""
    name = forms.pattern("header.name_line")
    head = following.partition("关于")[0]
    return bool(name.fullmatch(before.strip()) and (name.fullmatch(head) or name.fullmatch(following)))


def has_verb(text: str) -> bool:
    """Whether a line has a word that only titles have."""
    return "关于" in text or "印发" in text


def title_letters(text: str) -> str:
    """The letters and digits of a title, by which two spellings of it are compared."""
    return _NO_LETTER.sub("", text)
