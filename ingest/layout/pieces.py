"""What a line shows of itself: how it begins, how it ends, whether its break stands inside brackets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from ingest.layout.artefacts import Entry
from ontology.forms import Forms

TERMINAL = frozenset("。！？；：…!?;:")
QUOTES = "”’》〉」』"  # a sentence goes on behind these
CLOSERS = "”’）)》〉」』】〕］]"
_OPENERS = "“‘（(《〈「『【〔［["
_UNFINISHED = frozenset("，、,") | frozenset(_OPENERS)
_LONGEST_ALONE = 70
_PLACES = frozenset("国省市区县州旗镇乡街中")
_SHORTEST_BODY, _LONGEST_BODY = 3, 24
_YEAR_IN_BRACKETS = re.compile(r"〔\d{4}〕")
_YEAR_END = re.compile(r"〔\d{4}〕$")
_DATE_UNITS = ("年", "月", "日", "号")
_CELL = 8  # characters of a number in a table, with its unit
_AFTER_NUMBER = frozenset("年月日时分个项家次万亿元人户号起天")
_SENTENCE = re.compile("[，。；]")


class End(IntEnum):
    """How a line ends."""

    OPEN = 0  # with a word: a heading, or a wrapped line
    CLOSED = 1  # with a bracket or quotation mark
    TERMINAL = 2
    GOES_ON = 3  # with what no paragraph ends with


@dataclass(slots=True)
class Piece:
    """A line as its breaks are judged."""

    text: str
    printed: str = ""  # as in the source: the blanks of `2023 年` take room in the line
    label: bool = False  # begins as a numbered paragraph does
    titled: bool = False  # ends as titles do
    opening: bool = False  # begins as a text does, or its recipients
    body: bool = False  # is the name of a body, as in a signature
    field: bool = False  # begins with the name of a field
    heading: bool = False  # is numbered as lines are that are headings
    sentence: bool = False  # is numbered as lines are that are whole sentences
    alone: bool = False  # is the number or the date of the document
    spaced_out: bool = False  # is one character of a heading
    bare: bool = False  # is nothing but a label
    never_first: bool = False  # begins with what no paragraph begins with
    opens: bool = False  # begins with a bracket or quotation mark
    end: End = End.OPEN
    prose: bool = False  # has a comma or a stop
    indent: int = 0  # characters of blank before it
    after_blank: bool = False  # an empty line stands before it
    known: bool = False  # the words across the break before it stand unbroken elsewhere in the text
    inside: bool = False  # the break before it stands inside brackets that are closed below
    width: int = 0


class LineForms:
    """The forms by which single lines are judged."""

    def __init__(self, forms: Forms) -> None:
        self._label, self._bare, self._alone = (forms.pattern(f"layout.{n}") for n in ("label", "bare", "alone"))
        self._no_start, self._no_end = forms.pattern("layout.no-start"), forms.pattern("layout.no-end")
        self._title_end, self._opening = forms.pattern("layout.title-end"), forms.pattern("layout.opening")
        self._field, self._body_end = forms.pattern("layout.field"), forms.pattern("layout.body-end")

    def piece(self, entry: Entry, last: Entry | None, after_blank: bool = False) -> Piece:
        """A line with its marks; those that need the lines around it are set later."""
        line, words = entry
        text = words.text
        piece = Piece(text, line.text.strip())
        piece.label = self._label.match(text) is not None
        piece.bare = piece.label and len(text) <= 8 and self._bare.fullmatch(text) is not None
        piece.alone = len(text) <= _LONGEST_ALONE and self._alone.fullmatch(text) is not None
        piece.opens = text[0] in _OPENERS
        piece.never_first = not piece.label and (
            self._no_start.match(text) is not None or (last is not None and _number_goes_on(last[1].text, text))
        )
        piece.end = _end(text, self._no_end)
        piece.titled = piece.end is not End.TERMINAL and self._title_end.search(text[-20:]) is not None
        piece.opening = self._opening.match(text) is not None
        piece.field = self._field.match(text) is not None
        piece.prose = _SENTENCE.search(text) is not None
        short = _SHORTEST_BODY < len(text) <= _LONGEST_BODY
        piece.body = piece.end is End.OPEN and short and text.isalpha() and self._ends_body(text)
        piece.indent = len(line.text) - len(line.text.lstrip())
        piece.after_blank = after_blank
        return piece

    def are_bodies(self, above: str, below: str) -> bool:
        """Whether the names of two bodies seem to stand below each other."""
        return below[0] in _PLACES and self._ends_body(above)

    def _ends_body(self, text: str) -> bool:
        return self._body_end.fullmatch(text[-1]) is not None


def _number_goes_on(above: str, below: str) -> bool:
    """Whether a number, a date (2031|年|5|月) or a document number (某政发|〔2031〕|6号) goes over the break."""
    if below.isdigit():
        return "，" in above or (above[-1] in "年月" and len(below) <= len("31")) or _YEAR_END.search(above) is not None
    if _YEAR_IN_BRACKETS.fullmatch(below):
        return above[-1].isalpha()
    if not above[-1].isdigit():
        return below[0].isdigit() and _YEAR_END.search(above) is not None
    year = len(above) == len("2031") and below[0] == "年"
    return below[0] in _AFTER_NUMBER and (year or len(above) > _CELL or below in _DATE_UNITS)


def _end(text: str, no_end: re.Pattern[str]) -> End:
    char = text[-1]
    if char in TERMINAL:
        return End.TERMINAL
    if char in _UNFINISHED or no_end.search(text[-3:]):
        return End.GOES_ON
    if not char.isalnum() and unicodedata.category(char) == "So":
        return End.TERMINAL  # ☞, ■: an ornament closes a paragraph
    if char in CLOSERS:
        return End.TERMINAL if text.rstrip(CLOSERS)[-1:] in TERMINAL else End.CLOSED
    return End.OPEN
