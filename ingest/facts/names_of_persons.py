"""Whether words are a person's name: a surname with one or two characters behind it, or parts joined by ·."""

from __future__ import annotations

import re

from ontology.forms import Forms

_BLANKS = re.compile(r"[ \u3000]")
_LONGEST = 4


class PersonNames:
    """Tells names of persons by the forms `person.*`; no list of given names is needed."""

    def __init__(self, forms: Forms) -> None:
        self._name = forms.pattern("person.name")
        self._not = forms.pattern("person.not-name")
        self._rank = re.compile(f"{forms.source('person.rank')}$")
        self.surnames = frozenset(w for w in forms.words("person.surnames") if len(w) == 1)

    def is_name(self, words: str) -> bool:
        """王小明, 李 明, 欧阳雪, 买买提·艾力; no office, no body."""
        return self._name.fullmatch(words) is not None and not self._not.search(_BLANKS.sub("", words))

    def is_rank(self, words: str) -> bool:
        """Whether the words end as the office of a person does."""
        return self._rank.search(words) is not None

    def at_end(self, words: str) -> tuple[str, str] | None:
        """(office, name) of 生态环境部副部长赵小民; None where no office stands before a name, or none behind it."""
        words = words.removesuffix("同志").strip()
        for length in range(_LONGEST, 1, -1):
            office, name = words[:-length], words[-length:]
            if name and self.is_name(name) and (not office or self.is_rank(office.rstrip(" \u3000"))):
                return office.strip(), name
        return None

    def at_start(self, words: str) -> tuple[str, str] | None:
        """(name, office) of 赵小民生态环境部副部长 or 赵小民 副部长; None where no name begins the words."""
        words = words.strip()
        for length in range(_LONGEST, 1, -1):
            name, rest = words[:length], words[length:]
            edge = rest[:1] in ("", " ", "\u3000", "\t", "（", "(", "，", ",")
            if self.is_name(name.strip()) and (edge or self.is_rank(rest)) and name.strip() == name:
                return _BLANKS.sub("", name), rest.strip(" \u3000\t（()），,")
        return None
