"""What stands after the body: 附件说明, 署名, 成文日期, 附件 (GB/T 9704-2012 §7.3.4–7.3.7) and 版记 (§7.4).

The date of signing is the dated line with the best evidence: names above it, the end of the text, an annex or what is
sent out below it. A date in a schedule has none of these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.asides import attachment_lists, contents_ranges, inside
from ingest.structure.atoms import line_starts
from ingest.structure.grammars import iso_day
from ingest.structure.headings import begins_item
from ingest.structure.kinds import ends_like_title
from ingest.structure.model import Element, element
from ingest.structure.recut import recut
from ingest.structure.titles import title_letters
from ontology.forms import Forms

_BLANK = re.compile(
    r"[：:]\s*$|[（(](?:个|次|条|篇|份|张|人次|家次|家|名|处|人|分钟|元|万元|场|件|项|台|套)[）)](?:\t|$)|[：:]\s|^\t*$|年\s+月\s+日"
)
_CLOSING = ("通知", "此复", "特此函复", "特此通知", "特此公告", "特此通告", "特此报告", "此致", "敬礼")
_LONGEST_TITLE = 120
_TITLE_LINES = 3
_MOST_NAMES = 40
_PREFIXES = 8
_LONGEST_HALF = 40  # characters of the first line of a name over two
_FORM_LINES = 4
_FORM_SHARE = 0.3  # of lines to be filled in; a real plan in an annex has none, the forms seen have over half
_ENOUGH = 1.0  # evidence that a dated line needs


@dataclass(slots=True)
class Bottom:
    """What was found; `body_end` is where the main text ends."""

    body_end: int
    signature: tuple[Element, ...] = ()
    date: Element | None = None
    printed_by: Element | None = None
    printed_date: Element | None = None
    attachments: Element | None = None
    copy_to: Element | None = None
    attached_title: Element | None = None
    annexes: tuple[tuple[int, int], ...] = ()
    contents: tuple[tuple[int, int], ...] = ()
    lists: tuple[tuple[int, int], ...] = ()
    front: list[Element] = field(default_factory=list)


def read_bottom(clean: CleanText, paragraphs: Sequence[Paragraph], forms: Forms, *, title: str = "") -> Bottom:
    """Everything from the first of `paragraphs` on that is not the body."""
    return _Reader(clean, recut(clean, paragraphs, forms), title, forms).read()


class _Reader:
    def __init__(self, clean: CleanText, paragraphs: list[Paragraph], title: str, forms: Forms) -> None:
        self.clean = clean
        self.paragraphs = paragraphs
        self.texts = [clean.of(p) for p in paragraphs]
        self.title = title
        self.forms = forms
        self.found = Bottom(paragraphs[-1].end if paragraphs else 0)

    def read(self) -> Bottom:
        found, forms = self.found, self.forms
        found.contents = contents_ranges(self.clean, self.paragraphs, forms)
        found.lists = attachment_lists(self.clean, self.paragraphs, forms)
        starts: list[int] = []
        end = found.body_end
        best: tuple[float, int, bool] | None = None
        for i, (p, text) in enumerate(zip(self.paragraphs, self.texts, strict=True)):
            if p.kind is LineKind.ROW or len(text) > 200 or self._aside(p):
                if found.attachments is None and self._aside(p) and text.startswith("附"):
                    found.attachments = element(self.clean, p)
                continue
            if forms.full("header.annex", text):
                starts.append(p.start)
            elif forms.start("header.copy_to", text):
                found.copy_to = found.copy_to or element(self.clean, p)
                end = min(end, p.start)
            elif printed := self._printed(i, text):
                end = min(end, printed)
            elif forms.full("header.dated", text) and iso_day(text, forms) and not starts:
                score, named = self._signing(i), self._named(i)
                # the first date with names is the document's own: what is sent out below may be signed as well
                if score >= _ENOUGH and (best is None or (score > best[0] + 1.0 and not best[2])):
                    best = (score, i, named)
        if best is not None:
            self._sign(best[1])
        found.body_end = min([end, *starts])
        bounds = [s for s in [*starts, end] if s <= end]
        found.annexes = tuple(pairwise(bounds))
        return found

    def _aside(self, p: Paragraph) -> bool:
        return inside(self.found.contents, p.start) or inside(self.found.lists, p.start)

    def _printed(self, i: int, text: str) -> int | None:
        """某局办公室 2021年5月7日印发, on one line or two; where it begins."""
        line = self.forms.full("header.printed", text)
        if line is None:
            return None
        p = self.paragraphs[i]
        self.found.printed_date = Element(line["day"], p.start + line.start("day"), p.start + line.end("day"))
        names = line["names"].strip()
        if names:
            self.found.printed_by = Element(names, p.start, p.start + len(names))
            return p.start
        above = self._names_above(i)
        if above:
            self.found.printed_by = above[-1]
            return above[-1].start
        return p.start

    def _signing(self, i: int) -> float:
        """How much speaks for paragraph `i` as the date of signing."""
        line = self.forms.full("header.dated", self.texts[i])
        names = line["names"].strip() if line else ""
        if names and not self.forms.full("header.name_line", names) and len(names) > 1:
            return -5.0
        score = 2.0 if names or self._names_above(i) else 0.0
        k = i + 1
        while k < len(self.texts) and (
            self.forms.full("header.seal_line", self.texts[k]) or self.forms.full("header.front", self.texts[k])
        ):
            score += 0.5
            k += 1
        if k >= len(self.texts) or self._is_foot(self.texts[k]) or self._title_at(k):
            score += 2.0
        elif self.paragraphs[k].kind is LineKind.ROW:
            score += 0.5
        elif self._aside(self.paragraphs[k]):
            score += 1.5
        elif begins_item(self.texts[k], self.forms) or self.texts[k].endswith(("。", "；")):
            score -= 0.5
        above = self.texts[i - 1] if i else ""
        if above.endswith(("。", "！")) or above in _CLOSING:
            score += 0.5
        return score

    def _is_foot(self, text: str) -> bool:
        forms = self.forms
        whole = any(forms.full(f"header.{name}", text) for name in ("annex", "printed", "loaded"))
        return whole or forms.start("header.copy_to", text) is not None

    def _named(self, i: int) -> bool:
        line = self.forms.full("header.dated", self.texts[i])
        return bool((line and line["names"].strip()) or self._names_above(i))

    def _sign(self, i: int) -> None:
        p, found = self.paragraphs[i], self.found
        line = self.forms.full("header.dated", self.texts[i])
        if line is None:
            return
        found.date = Element(line["day"], p.start + line.start("day"), p.start + line.end("day"))
        names = line["names"].strip()
        found.signature = (Element(names, p.start, p.start + len(names)),) if names else tuple(self._names_above(i))
        k = i + 1
        while k < len(self.texts) and (
            self.forms.full("header.seal_line", self.texts[k]) or self.forms.full("header.front", self.texts[k])
        ):
            found.front.append(element(self.clean, self.paragraphs[k]))
            k += 1
        found.attached_title = self._title_at(k)

    def _names_above(self, i: int) -> list[Element]:
        """The run of lines with names of bodies right above paragraph `i`; seals between are passed over."""
        out: list[Element] = []
        k = i - 1
        while k >= 0 and len(out) < _MOST_NAMES:
            p, text = self.paragraphs[k], self.texts[k]
            if p.kind is not LineKind.TEXT or self._aside(p):
                break
            if self.forms.full("header.seal_line", text):
                k -= 1
                continue
            if begins_item(text, self.forms) or text.endswith(_CLOSING) or not self._is_names(text):
                break
            out.insert(0, element(self.clean, p))
            k -= 1
        if out and k >= 0 and (begun := self._name_over_lines(k, out[0])):
            out[0], k = begun, k - 1
        above = "" if k < 0 or self._aside(self.paragraphs[k]) else self.texts[k]
        heading = begins_item(above, self.forms) and not above.endswith(("。", "；"))
        listed = len(out) > 1 and (heading or above.endswith(("：", ":")))
        return self._signers(out) if listed else out

    def _name_over_lines(self, k: int, rest: Element) -> Element | None:
        """One name over two lines: paragraph `k` is no name, but with the line below it; a sentence ends above."""
        text = self.texts[k]
        above = self.texts[k - 1] if k else ""
        if (
            not 6 <= len(text) <= _LONGEST_HALF
            or not text.isalpha()
            or text.endswith(_CLOSING)
            or begins_item(text, self.forms)
        ):
            return None
        if not (above.endswith(("。", "！", "”", "）")) or above.endswith(_CLOSING)) or ends_like_title(
            text, self.forms
        ):
            return None
        joined = text + rest.text
        return Element(joined, self.paragraphs[k].start, rest.end) if self._is_names(joined) else None

    def _is_names(self, text: str) -> bool:
        return bool(self.forms.full("header.name_line", text)) and not self.forms.pattern("header.dated").fullmatch(
            text
        )

    def _signers(self, names: list[Element]) -> list[Element]:
        """Of names below a heading, as those of awardees: the ones that the title begins with, else the last."""
        head = self.title.partition("关于")[0]
        own = [e for e in names if e.text and e.text in head]
        return own or names[-1:]

    def _title_at(self, k: int) -> Element | None:
        """The title of what is sent out, printed below the notice, over up to three lines."""
        wanted = title_letters(self.title)
        joined, found = "", None
        for n, p in enumerate(self.paragraphs[k : k + _TITLE_LINES]):
            text = self.texts[k + n]
            if n == 0 and (begun := self._title_before_text(p, wanted)):
                return begun
            if (
                p.kind is LineKind.ROW
                or "。" in text
                or text.endswith(("：", ":", "，", "；"))
                or (n and begins_item(text, self.forms))
            ):
                break
            if n == 0 and (
                begins_item(text, self.forms)
                or text.startswith("附")
                or self._is_names(text)
                or self.forms.full("header.dated", text)
            ):
                break
            joined += text
            if "，" in joined and title_letters(joined) not in wanted:
                break
            letters = title_letters(joined)
            within = len(letters) > 5 and letters in wanted and wanted != letters
            if len(joined) > _LONGEST_TITLE or (found is not None and not within):
                break
            if (ends_like_title(joined, self.forms) or within) and joined.count("《") == joined.count("》"):
                found = Element(joined, self.paragraphs[k].start, p.end)
        return found

    def _title_before_text(self, p: Paragraph, wanted: str) -> Element | None:
        """The title of what is sent out where its first paragraph was joined to it."""
        text = self.clean.of(p)
        if p.kind is not LineKind.TEXT or len(text) < 12:
            return None
        for at in line_starts(self.clean, p.start, p.start + _LONGEST_TITLE)[:_PREFIXES]:
            head = self.clean.text[p.start : at].strip()
            if len(head) > 5 and title_letters(head) in wanted and ends_like_title(head, self.forms):
                return Element(head, p.start, at)
        return None


def is_blank_form(clean: CleanText, start: int, end: int, forms: Forms) -> bool:
    """Whether an annex is a form to be filled in: many of its lines are labels with nothing behind them."""
    lines = [clean.of(p) for p in clean.within(start, end)]
    if len(lines) < _FORM_LINES or any(begins_item(line, forms) for line in lines):
        return False
    return sum(bool(_BLANK.search(line)) for line in lines) >= len(lines) * _FORM_SHARE
