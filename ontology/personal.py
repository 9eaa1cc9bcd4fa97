"""What is personal in a text, and the same text without it: the one place that decides, before any face sees words.

Personal are the numbers and addresses of persons and of their desks (mobile and fixed telephones, e-mail, messengers,
identity cards) and the names that stand with them: behind a label (联系人), beside a number, in a column of a roster.
Public lines and mailboxes of offices (12345, 举报电话, 服务热线, 400 numbers) are not, nor are persons whom a document
appoints. The words are data: `ontology/forms/personal.toml`.

Blotting keeps lengths, so that all positions in a text stay right.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

from kg.core.text import merged
from ontology.forms import Forms, load
from ontology.plain_signs import BETWEEN, DIGIT, plain
from ontology.rosters import LONGEST_LINE, Rosters

MASK = "＊"
Spans = tuple[tuple[int, int], ...]

_DIGITS = re.compile(f"[{DIGIT}][{DIGIT}{BETWEEN}]{{5,}}")
_AT = re.compile(r"[A-Za-z0-9](?:(?:[ ]?[(\[{（【][ ]?|[ ])[aA][tT][ )\]}）】]|#[A-Za-z])")
_PIECE = re.compile(r"[^\s、，,；;：:。（）()\[\]【】/|“”\"'0-9A-Za-z@.＠\-—－+]+")
_SPREAD = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff] {1,4}[\u4e00-\u9fff]{1,2}(?![\u4e00-\u9fff])")
_CLAUSE = re.compile(r"[。；;\n]")
_NAME_BEFORE, _NAME_AFTER = 30, 14  # characters in running text within which a name belongs to a number
_TABLE, _FEW_ROWS = 20_000, 1_250  # characters in which the rows below a head are looked for, at most and at first
_ROW = 200  # characters of a line that may be a row
_LABEL_BEFORE = 40  # characters before bare digits within which their label stands
_PUBLIC_BEFORE = 24
_BLOCK = 3  # lines below a label that may go on with its numbers, whatever empty ones stand between
_EMPTY = 6  # of those
_KEPT = 1_000  # stretches whose names are kept
_REMEMBERED = 512
_AND = re.compile("[和与及]")


class Personal:
    """Finds what is personal, by the forms `personal.*` and `person.*`."""

    def __init__(self, forms: Forms) -> None:
        form = forms.pattern
        self._hint = form("personal.hint")
        self._label, self._value = form("personal.label"), form("personal.value")
        self._number_label, self._public = form("personal.number-label"), form("personal.public")
        self._mobile, self._landline, self._bare = (form(f"personal.{n}") for n in ("mobile", "landline", "bare"))
        self._email = form("personal.email")
        self._identity, self._call, self._more = (form(f"personal.{n}") for n in ("identity", "call", "more"))
        self._labelled = [form(f"personal.{n}") for n in ("account", "document", "address", "extension")]
        self._spelt = form("personal.spelt")
        self._holder = form("personal.holder")
        self._rosters = Rosters(forms)
        self._first, self._no_name = form("personal.first"), form("personal.no-name")
        self._name, self._not_name = form("person.name"), form("person.not-name")
        self._tail = form("personal.before-name")
        self._courtesy = form("personal.courtesy")
        self._found: dict[tuple[str, str, bool], tuple[tuple[int, int], ...]] = {}

    def spans(self, text: str) -> Spans:
        """Half-open stretches of a text that are personal, ascending and apart from one another."""
        found: list[tuple[int, int]] = []
        done = looked = -1
        for position in self._suspicious(text):
            if position < done:
                continue
            start, end = _block(text, position)
            done = _line_end(text, position)  # what begins on a line below goes on farther than this block
            if "\t" in text[start:done]:
                done = end
            elif self._rosters.begins(text, start):
                done = self._rows_end(text, start)
                end = max(end, done)
            if end <= looked:
                continue
            looked = end
            found += ((start + first, start + last) for first, last in self._in_block(plain(text[start:end])))
        return merged(found)

    def _rows_end(self, text: str, start: int) -> int:
        """Where the rows below a head end; few are looked at first, for many heads have none."""
        size = _FEW_ROWS
        while True:
            piece = plain(text[start : start + size])
            end = self._rosters.end(piece)
            whole = size >= _TABLE or len(piece) < size
            if whole or end + LONGEST_LINE < len(piece):  # the last line of a piece may be cut
                return start + end
            size = min(size * 4, _TABLE)

    def _suspicious(self, text: str) -> Iterator[int]:
        """Positions worth a look, ascending; most texts have none, and finding that out must cost nothing."""
        places = [m.start() for m in _DIGITS.finditer(text)]
        places += (m.start() for m in _AT.finditer(text))
        places += self._rosters.heads(text)
        search, at = self._hint.search, 0  # one pass for all words; they may overlap
        while hint := search(text, at):
            at = hint.start() + 1
            places.append(at - 1)
        return iter(sorted(places))

    def _in_block(self, text: str) -> Iterator[tuple[int, int]]:
        labels = [m.end() for m in self._label.finditer(text)]
        numbers = list(self._numbers(text, labels))
        yield from numbers
        for end in labels:
            if (found := self._value.match(text, end)) and found["value"]:
                first, last = found.span("value")
                yield from self._names(text, first, last, glued=True)
                if (name := self._first.match(text, end)) and not self._no_name.search(name["name"]):
                    yield name.span("name")
        for first, last in numbers:
            yield from self._beside(text, first, last)
            yield from self._holders(text, first, last)
        yield from self._rosters.spans(text)

    # -- numbers -------------------------------------------------------------------------------------------------------

    def _numbers(self, text: str, labels: list[int]) -> Iterator[tuple[int, int]]:
        for pattern in (self._mobile, self._identity):  # a person's whatever stands before it
            yield from (self._with_more(text, m) for m in pattern.finditer(text))
        for pattern in self._labelled:
            yield from (m.span("value") for m in pattern.finditer(text))
        for m in self._spelt.finditer(text):
            if m["value"].startswith("1") or not self._is_public(text, *m.span("value")):
                yield m.span("value")
        for pattern in (self._landline, self._email):
            for m in pattern.finditer(text):
                if not self._is_public(text, m.start(), m.end()):
                    yield self._with_more(text, m)
        for m in self._bare.finditer(text):
            before = text[max(0, m.start() - _LABEL_BEFORE) : m.start()]
            labelled = self._number_label.search(before) or self._call.search(before) or self._public.search(before)
            if (labelled or (labels and labels[0] <= m.start())) and not self._is_public(text, m.start(), m.end()):
                yield self._with_more(text, m)

    def _with_more(self, text: str, number: re.Match[str]) -> tuple[int, int]:
        """A number with the short ones behind it: 62345678、5679."""
        more = self._more.match(text, number.end())
        return number.start(), more.end() if more else number.end()

    def _is_public(self, text: str, start: int, end: int) -> bool:
        """Whether a line or mailbox is one that an office keeps for everybody: so labelled, and no name beside it."""
        head = text[max(0, start - _PUBLIC_BEFORE) : start]
        head = head[max((m.end() for m in _CLAUSE.finditer(head)), default=0) :]
        if not self._public.search(head):
            return False
        last = max((m.end() for m in self._public.finditer(head)), default=0)
        return not self._number_label.search(head[last:]) and not any(True for _ in self._beside(text, start, end))

    # -- names ---------------------------------------------------------------------------------------------------------

    def _beside(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Names with a number: of its row where the line is one, else close before or behind it."""
        line = text.rfind("\n", max(0, start - _ROW), start) + 1 or max(0, start - _ROW)
        stop = text.find("\n", end, end + _ROW)
        stop = min(len(text), end + _ROW) if stop < 0 else stop
        if "\t" in text[line:stop] and stop - line <= _ROW:
            yield from self._names(text, line, stop)
            return
        first = max(line, start - _NAME_BEFORE)
        if cut := max((m.end() for m in re.finditer("。", text[first:start])), default=0):
            first += cut
        yield from self._names(text, first, start, glued=True)
        behind = re.compile(r"[ ]{0,2}(?:[（(，,、：:；;]|转|找)?[ ]{0,2}").match(text, end)
        if behind:
            piece = _PIECE.match(text, behind.end(), min(stop, behind.end() + _NAME_AFTER))
            if piece and self._is_name(piece[0]):
                yield piece.span()

    def _holders(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Names behind the words for whose a number is, anywhere in its line, however far away or rare."""
        stop = min(_line_end(text, end), end + _ROW)
        for m in self._holder.finditer(text, max(text.rfind("\n", 0, start) + 1, start - _ROW), stop):
            if not self._no_name.search(m["name"]):
                yield m.span("name")

    def _names(self, text: str, start: int, end: int, *, glued: bool = False) -> Iterator[tuple[int, int]]:
        """Pieces of a stretch that are names; `glued` where a unit may stand before one (质量发展科于小东).

        Labels that stand close together ask of the same words again and again: what was found is kept for a while.
        """
        key = (text[max(0, start - 1) : start], text[start:end], glued)
        found = self._found.get(key)
        if found is None:
            found = tuple((a - start, b - start) for a, b in self._names_in(text, start, end, glued=glued))
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[key] = found
        for first, last in found:
            yield start + first, start + last

    def _names_in(self, text: str, start: int, end: int, *, glued: bool) -> Iterator[tuple[int, int]]:
        for m in _SPREAD.finditer(text, start, end):
            if self._is_name(m[0].replace(" ", "")):
                yield m.span()
        for m in _PIECE.finditer(text, start, end):
            words = m[0]
            courtesy = self._courtesy.search(words)
            kept = courtesy.start() if courtesy else len(words)
            if self._is_name(words[:kept]):
                yield m.start(), m.start() + kept
                continue
            if kept == 1 and self._is_name(words):  # 顾先生
                yield m.span()
                continue
            for part in _AND.finditer(words):
                for first, last in _sides(words, part.start()):
                    if self._is_name(words[first:last]):
                        yield m.start() + first, m.start() + last
            if glued:
                for size in (3, 2):
                    unit, name = words[: kept - size], words[kept - size : kept]
                    if (kept < len(words) or self._tail.search(unit)) and self._is_name(name):
                        yield m.start() + len(unit), m.start() + kept
                        break

    def _is_name(self, words: str) -> bool:
        bare = words.replace(" ", "")
        return bool(self._name.fullmatch(words)) and not (self._not_name.search(bare) or self._label.search(bare))


def _block(text: str, position: int) -> tuple[int, int]:
    """The line of a position with what goes on below it: the lines of a contact, or all rows of a table."""
    start = text.rfind("\n", 0, position) + 1
    end = _line_end(text, position)
    if "\t" in text[start:end]:
        while start > 0 and "\t" in text[(above := text.rfind("\n", 0, start - 1) + 1) : start - 1]:
            start = above
        while end < len(text) and "\t" in text[end + 1 : (below := _line_end(text, end + 1))]:
            end = below
        return start, end
    lines = empty = 0
    while end < len(text) and lines < _BLOCK and empty < _EMPTY:
        below = _line_end(text, end + 1)
        if below - end > _ROW or "\t" in text[end + 1 : below]:
            break
        if text[end + 1 : below].strip():
            lines += 1
        else:
            empty += 1
        end = below
    return start, end


def _sides(words: str, at: int) -> Iterator[tuple[int, int]]:
    """What stands before and behind a word for "and", up to the next one."""
    before, behind = list(_AND.finditer(words, 0, at)), _AND.search(words, at + 1)
    yield before[-1].end() if before else 0, at
    yield at + 1, behind.start() if behind else len(words)


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


@lru_cache(maxsize=1)
def _finder() -> Personal:
    return Personal(load())


_known: OrderedDict[tuple[int, int], Spans] = OrderedDict()
_turn = Lock()


def personal_spans(text: str) -> Spans:
    """What is personal in a text, remembered for the texts of late: a document is looked at by several projections."""
    key = (len(text), hash(text))
    with _turn:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = _finder().spans(text)
    with _turn:
        _known[key] = found
        if len(_known) > _REMEMBERED:
            _known.popitem(last=False)
    return found


def blot(text: str, spans: Spans, start: int = 0) -> str:
    """`text`, which stands at `start` of the text that the spans count in, with one mark for each character of them.

    Blanks, brackets and the like inside a number are blotted too: their places would tell a part of it.
    """
    out, at = [], 0
    for first, last in spans:
        begin, end = max(first - start, at), min(last - start, len(text))
        if begin < end:
            out += [text[at:begin], MASK * (end - begin)]
            at = end
    return "".join((*out, text[at:])) if out else text


def masked(text: str) -> str:
    """A text by itself without what is personal in it."""
    return blot(text, _finder().spans(text))
