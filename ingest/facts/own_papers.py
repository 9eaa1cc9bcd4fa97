"""What a document itself is and carries, and so does not refer to: its titles, what it hands over, its annexes."""

from __future__ import annotations

from collections.abc import Collection

from ingest.facts.titles import QuotedTitle
from kg.core.ids import title_key
from ontology.forms import Forms

_BELOW_MARK = 3  # lines below 附件1 among which the annex has its title
_LONGEST_LINE = 90
_MOST_ANNEXES = 40
_FORWARDED = ("转发", "批转")


class OwnPapers:
    """The keys of the titles that are the document's own; `add` takes further names of them."""

    def __init__(self, forms: Forms, text: str, own_titles: Collection[str]) -> None:
        self._handed = forms.pattern("reference.handed-over")
        self._now = forms.quick("reference.now")
        self._annexed = forms.pattern("reference.annexed")
        self._before = forms.quick("reference.own-attachment")
        own_form = forms.pattern("reference.own-form")
        self.keys = {title_key(t) for t in own_titles if t}
        self.keys |= {title_key(m["title"]) for t in own_titles if (m := own_form.search(t))}
        self.annexes = _annex_titles(forms, text) if "附" in text else frozenset()
        self._text = text

    def add(self, *titles: str) -> None:
        """Further names of what is own: aliases."""
        self.keys |= {title_key(t) for t in titles}

    def has(self, title: QuotedTitle, key: str) -> bool:
        """The own title, what is handed over (现将《…》印发给你们, 现公布《…》), or an annex (《…》（见附件1）)."""
        handed = self._handed.match(self._text, title.end)
        before = self._text[max(0, title.start - 12) : title.start]
        if before.rstrip().endswith(_FORWARDED) or (handed and handed["verb"] == "转发"):
            self.annexes -= {key}  # what is forwarded stands below, and is another's paper
            return key in self.keys
        if key in self.keys or key in self.annexes or handed:
            return True
        if self._now.search(before):
            return not before.rstrip().endswith("现将")
        return bool(self._annexed.match(self._text, title.end) or self._before.search(before))


def _annex_titles(forms: Forms, text: str) -> frozenset[str]:
    """The titles below the marks of annexes, and those of the list of annexes."""
    mark, listed = forms.pattern("reference.annex-line"), forms.pattern("reference.annex-list")
    out: set[str] = set()
    since = _BELOW_MARK
    in_list = 0
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            continue
        if len(line) <= _LONGEST_LINE and mark.fullmatch(line):
            since, in_list = 0, 0
            continue
        if since < _BELOW_MARK and len(line) <= _LONGEST_LINE:
            out.add(title_key(line))
        since += 1
        opens = line[:1] == "附" and line.replace(" ", "")[:3] in ("附件：", "附件:")
        if opens or (in_list and line[:1].isdigit() and in_list < _MOST_ANNEXES):
            in_list += 1
            if (found := listed.match(line)) and len(line) <= _LONGEST_LINE:
                out.add(title_key(found["title"]))
        else:
            in_list = 0
    return frozenset(key for key in out if key)
