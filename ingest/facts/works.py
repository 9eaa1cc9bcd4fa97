"""What a title in 《》 names: a policy, a work (report, programme, journal) or a form of paper (licence, table).

The last word of the title decides, after remarks such as （试行） are set aside: official documents, laws, standards
and plans end in their own genre (`title.*` in `ontology/forms/genres.toml`).
"""

from __future__ import annotations

import re
from typing import Literal

from ontology.forms import Forms

Genre = Literal["policy", "work", "form"]
_PARTS = re.compile(r"——|—|-|：|:")


class TitleGenres:
    """Tells policies, works and forms of paper by their titles."""

    def __init__(self, forms: Forms) -> None:
        self._trailer = re.compile(forms.source("title.trailer"))
        self._policy = re.compile(f"(?:{forms.source('title.policy')})$")
        self._more = re.compile(f"(?:{forms.source('reference.more-policies')})$")
        self._work = re.compile(f"(?P<kind>{forms.source('title.work')}|(?<![通公汇申上简])报)$")
        self._paper = re.compile(f"(?:{forms.source('title.paper')}|(?<![清名])单)$")
        self._official = forms.pattern("title.official_report")

    def core(self, title: str) -> str:
        """A title without the remarks behind its genre word: （试行）, （2018—2035年）, 第三条."""
        return self._trailer.sub("", title).strip() or title.strip()

    def genre(self, title: str) -> Genre | None:
        """`policy`, `work` or `form` by the title's last word; None when the word says nothing."""
        core = self.core(title).rstrip("》〉”’ ")
        if self._official.search(core) or self._more.search(core):
            return "policy"
        if self._paper.search(core):
            return "form"
        if self._work.search(core):
            return "work"
        return "policy" if self._policy.search(core) else None

    def work_kind(self, title: str) -> str | None:
        """The genre word of a work (白皮书, 报告, 节目), where its title ends in one or names one before a dash."""
        core = self.core(title)
        for part in (core, *_PARTS.split(core)):
            if found := self._work.search(part.strip()):
                return found["kind"]
        return None
