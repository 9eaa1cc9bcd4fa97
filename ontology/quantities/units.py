"""The units of `ontology/forms/units.toml`: one pattern for all, and the kind and common name of each."""

from __future__ import annotations

import re

from ontology.forms import Forms

_WORDS = (("unit.money", "money"), ("unit.measure", "measure"), ("unit.share", "share"), ("unit.counter", "count"))
_GUARDED = (("unit.measure.guarded", "measure"), ("unit.time", "time"), ("unit.counter.guarded", "count"))


class Units:
    """`source` matches any unit, longest first, where none of the words that its guard names follows."""

    def __init__(self, forms: Forms) -> None:
        self.kinds: dict[str, str] = {}
        self.names = {str(word): str(row["is"]) for row in forms.rows("unit.alias") for word in row["words"]}
        guards: dict[str, str] = {}
        for form, kind in _WORDS:
            for word in forms.words(form):
                self.kinds[word] = kind
                guards[word] = "(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else ""
        for form, kind in _GUARDED:
            for row in forms.rows(form):
                word = str(row["word"])
                self.kinds[word] = kind
                guards[word] = f"(?!{row['not']})" if "not" in row else ""
        for row in forms.rows("unit.noun"):
            for word in row["words"]:
                self.kinds[word], self.names[word], guards[word] = "noun", str(row["unit"]), ""
        ordered = sorted(guards, key=lambda word: (-len(word), word))
        self.source = "|".join(re.escape(word) + guards[word] for word in ordered)
        self.rate = rf"(?:[/／·]{forms.source('unit.per')}){{0,2}}"
        self.definite = frozenset(forms.words("unit.definite"))

    def name(self, written: str, rate: str = "") -> str:
        """The common name of a unit as written: ％ -> %, 工作日 -> 个工作日, 元／人 -> 元/人."""
        return self.names.get(written, written) + (rate or "").replace("／", "/")
