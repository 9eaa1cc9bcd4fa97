"""Short titles that hold in one document: 《纲要》 after 《质量强国建设纲要》, 以下简称 or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingest.facts.own_papers import OwnPapers
from ingest.facts.titles import QuotedTitle
from kg.core.ids import title_key
from ontology.forms import Forms

Lookup = Callable[[str], str | None]

_BOOK = re.compile(r"《([^《》\n]{1,30})》")


class ShortTitles:
    """What has been learnt of a text so far: `aliases`, the full title of each short one by its key, and `earlier`."""

    def __init__(self, forms: Forms, text: str, titles: Sequence[QuotedTitle], own: OwnPapers) -> None:
        self.text, self.titles, self.own = text, titles, own
        self.aliases: dict[str, str] = {}
        self.earlier: dict[str, str] = {}  # key -> title as first written
        self._alias, self._before_alias = forms.pattern("reference.alias"), forms.pattern("reference.before-alias")
        self._short = forms.pattern("reference.short-form")

    def stands_for(self, title: str, key: str, known: Lookup) -> tuple[str | None, str, float]:
        """The full title that a short one stands for (None for a full one), the rule, and how sure it is."""
        full = self.aliases.get(key)
        # 《中华人民共和国药品管理法》（以下简称《药品管理法》）: both have one key, the first is full
        if full is not None:
            return (full, "alias-in-document", 1.0) if full != title else (None, "title", 1.0)
        if self._short.fullmatch(key) and (full := self._unique_ending(key)) is not None:
            return full, "short-form-of-earlier-title", 0.8
        full = known(title)
        if full is not None and title_key(full) != key:
            return full, "known-short-title", 1.0
        return None, "title", 1.0

    def defined_beside(self, n: int, beside_end: int) -> str | None:
        """Learn 《质量强国建设纲要》（以下简称《纲要》); returns the short form.

        `n` is the number of the title, `beside_end` where what belongs to it ends.
        """
        text, title = self.text, self.titles[n]
        window = text[title.end : min(len(text), beside_end + 90)]
        found = self._alias.search(window)
        if not found or any(c in "《。；\n" for c in window[: found.start()]):
            return None
        if not self._before_alias.fullmatch(window[: found.start()]):
            return None
        listed = _BOOK.findall(window[found.start() : _closing(window, found.start())])
        if len(listed) > 1:
            # 《甲法》、《乙条例》（以下简称《甲》、《乙》）: in the order of the titles
            for short, full in zip(listed, self.titles[max(0, n + 1 - len(listed)) : n + 1], strict=False):
                self.aliases[title_key(short)] = self.aliases.get(title_key(full.title), full.title)
            return str(listed[0])
        short = found["book"] or found["quote"]
        if short:
            self.aliases[title_key(short)] = self.aliases.get(title_key(title.title), title.title)
            if title_key(title.title) in self.own.keys:
                self.own.add(short)
        return short

    def _unique_ending(self, key: str) -> str | None:
        """The one earlier title that ends in a short form: 《纲要》 after 《质量强国建设纲要》."""
        earlier = {**self.earlier, **{own: own for own in self.own.keys}}
        ending = [t for k, t in earlier.items() if k.endswith(key) and len(k) > len(key)]
        return ending[0] if len(ending) == 1 else None


def _closing(text: str, start: int) -> int:
    """Where the bracket that is open at `start` closes; the end of the text when it does not."""
    depth = 1
    for i in range(start, len(text)):
        depth += (text[i] in "（(") - (text[i] in "）)")
        if depth == 0:
            return i
    return len(text)
