"""Where an issuer's name begins: reading backwards from a document number or a title.

Chinese text does not mark word edges, so 根据国家市场监管总局《…》 must lose 根据 and keep 国家市场监管总局. Which body
it is, `ontology.names` says; here only the edges count, by the forms `issuer.*`.
"""

from __future__ import annotations

from ontology.forms import Forms

_JOINTS = ("会同", "联合", "、", "和", "及", "与", "\u3000", " ")
_LONGEST = 30
_SAME_LIST = 20  # names of one list; the longest seen has 17


class IssuerNames:
    """Agency names that end at a given position."""

    def __init__(self, forms: Forms) -> None:
        self._tail = forms.quick("issuer.tail")
        self._left = forms.pattern("issuer.left")
        self._and = forms.pattern("issuer.and")
        self._pronoun = forms.pattern("issuer.pronoun")

    def is_name(self, words: str) -> bool:
        """Whether the words end as the name of a body does."""
        return self._tail.search(words) is not None

    def before(self, text: str, position: int) -> tuple[int, int] | None:
        """The span of one agency name that ends at `position`, or None when none can be told.

        重点宣贯市场监管总局 gives 市场监管总局.
        """
        start = position
        while start > 0 and position - start < _LONGEST and "\u4e00" <= text[start - 1] <= "\u9fff":
            start -= 1
        run = text[start:position]
        tail = self._tail.search(run)
        if tail is None:
            return None
        cut = 0
        for m in self._left.finditer(run):
            if m.end() <= tail.start():
                cut = m.end()
        head = cut
        # 卫生和健康委 keeps its 和; 总工会和团市委 is two names
        for m in self._and.finditer(run[head:]):
            after_bracket = head + m.start() == 0 and start > 0 and text[start - 1] in "》）)】〕"
            if self._tail.search(run[cut : head + m.start()]) or after_bracket:
                cut = head + m.end()
        name = run[cut:]
        while name.startswith(("和", "与", "及")) and (start + cut > 0 and text[start + cut - 1] in "》）)】〕号令、"):
            cut += 1
            name = run[cut:]
        # 你部, 我局, 本办 name nobody
        if self._left.fullmatch(name) or not self._tail.search(name) or not name[1:] or self._pronoun.fullmatch(name):
            return None
        return start + cut, position

    def all_before(self, text: str, position: int) -> list[tuple[int, int]]:
        """The names of the coordination that ends at `position`, in order: 市委宣传部、市总工会和团市委 are three."""
        out: list[tuple[int, int]] = []
        end = position
        while len(out) < _SAME_LIST and (span := self.before(text, end)) is not None:
            out.insert(0, span)
            joint = next((m for m in _JOINTS if text.endswith(m, 0, span[0])), None)
            if joint is None:
                break
            end = span[0] - len(joint)
        return out
