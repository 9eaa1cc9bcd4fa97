"""What stands inside a paragraph of Word: words as printed, and the boxes, notes and objects that hang on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.readers.equations import equation_to_text
from ingest.readers.fidelity import Losses, Why
from ingest.readers.package import attribute, child, children, local
from ingest.readers.scripts import raised
from ingest.readers.symbols import is_symbol_font, symbol, symbols
from ingest.readers.word_fields import Fields
from ingest.readers.word_styles import Styles, toggle, value

_DELETED = frozenset(["del", "moveFrom"])
_INSERTED = frozenset(["ins", "moveTo"])
_GONE = frozenset(["delText", "delInstrText", "pPr", "rPr", "rt", "tblPr", "sdtPr"])
_WORDS: dict[str, Callable[[Any], str]] = {
    "t": lambda node: node.text or "",
    "tab": lambda _: " ",
    "ptab": lambda _: " ",
    "br": lambda node: "\n" if attribute(node, "type") in (None, "textWrapping") else "",
    "cr": lambda _: "\n",
    "noBreakHyphen": lambda _: "-",
}
_OBJECTS = frozenset(["drawing", "pict", "object", "contentPart"])
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_ON = frozenset(["1", "true", "on"])
_WATERMARK = "watermark"  # in the names that Word gives to the shapes of its own watermarks
_EQUATIONS = frozenset(["oMath", "oMathPara"])
# what in the instruction of a field nobody sees
_UNSEEN = frozenset([*_WORDS, *_OBJECTS, *_NOTES, *_EQUATIONS, "sym"])
_EMU = 360_000  # of a centimetre
_LARGE = (6.0, 4.0)  # cm: a seal or an emblem is smaller, a scanned page or a table is larger
_SIZE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,8})(pt|in|cm|mm)")
_CM = {"pt": 2.54 / 72, "in": 2.54, "cm": 1.0, "mm": 0.1}
_BEFORE = 24  # characters before a raised one that tell what it is


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: its words, and what hangs on it."""

    words: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    art: list[str] = field(default_factory=list)  # words drawn as a picture (WordArt)
    notes: list[tuple[str, str]] = field(default_factory=list)  # (footnotes or endnotes, id)

    def tail(self, count: int) -> str:
        """The last characters so far."""
        return "".join(self.words[-6:])[-count:]


class InlineReader:
    """Collects paragraphs; what is left out is counted in `losses`."""

    def __init__(self, styles: Styles, losses: Losses) -> None:
        self._styles = styles
        self._losses = losses
        self._fields = Fields(lambda: losses.add("域", Why.FIELD))
        self._hidden = False  # whether the style of the paragraph at hand hides its words

    def paragraph(self, node: Any, found: Inline) -> None:
        """Add what stands in a paragraph."""
        self._hidden = bool(next((s.hidden for _, s in self._styles.of_paragraph(node) if s.hidden is not None), False))
        self.collect(node, found)

    def collect(self, node: Any, found: Inline) -> None:
        """Add what stands in an element."""
        for part in node:
            name = local(part)
            if not name or name in _GONE:
                continue
            if name == "fldChar":
                shown = _field(part) if self._fields.shown else ""
                found.words.append(shown + self._fields.mark(part))
            elif name == "instrText":
                self._fields.instruct(part.text or "")
            elif name == "r":
                self._run(part, found)
            elif not self._fields.shown and name in _UNSEEN:
                continue
            elif name in _WORDS:
                found.words.append(_WORDS[name](part))
            elif self._is_left_out(part, name):
                continue
            elif name in _INSERTED:
                self._losses.add("修订", Why.REVISION)
                self.collect(part, found)
            elif name in _NOTES:
                found.notes.append((_NOTES[name], attribute(part, "id") or ""))
                if attribute(part, "customMarkFollows") in _ON:
                    self._losses.add("上标", Why.NOTE_MARK)
                    return  # what follows in the run is the mark
            elif name == "AlternateContent":
                self.collect(alternative(part), found)
            elif name in _OBJECTS:
                self._object(part, found)
            elif name == "sym":
                found.words.append(_sym(part))
            elif name in _EQUATIONS:
                self._equation(part, found)
            else:
                self.collect(part, found)

    def _is_left_out(self, part: Any, name: str) -> bool:
        """Whether an element is no text that stands here; it is counted."""
        if name in _DELETED:
            self._losses.add("修订", Why.REVISION)
        elif name == "sdt" and is_unfilled(part):
            self._losses.add("内容控件", Why.PLACEHOLDER)
        elif name == "subDoc":
            self._losses.add("子文档", Why.FOREIGN)
        else:
            return False
        return True

    def _run(self, run: Any, found: Inline) -> None:
        marks = self._styles.of_run(child(run, "rPr"), hidden=self._hidden)
        if marks.hidden:
            if any(local(node) == "t" and (node.text or "").strip() for node in run):
                self._losses.add("隐藏的文字", Why.HIDDEN)
            for node in run:  # the marks of fields count all the same
                if local(node) == "fldChar":
                    self._fields.mark(node)
                elif local(node) == "instrText":
                    self._fields.instruct(node.text or "")
            return
        if marks.align != "superscript" and not is_symbol_font(marks.font):
            self.collect(run, found)
            return
        before = len(found.words)
        tail = found.tail(_BEFORE)
        self.collect(run, found)
        words = "".join(found.words[before:])
        if is_symbol_font(marks.font):
            words = "".join(symbols(marks.font, words))
        if marks.align == "superscript":
            shown = raised(words, tail)
            if words.strip() and not shown:
                self._losses.add("上标", Why.NOTE_MARK)
            words = shown
        found.words[before:] = [words]

    def _equation(self, node: Any, found: Inline) -> None:
        words = equation_to_text(node).strip()
        ends = found.tail(1) + words[:1]
        # 1 and 2/3 are not 12/3
        found.words.append((" " if len(ends) == 2 and ends.isascii() and ends.isalnum() else "") + words)

    def _object(self, node: Any, found: Inline) -> None:
        boxes = list(_boxes(node))
        found.boxes.extend(boxes)
        inside = {id(part) for box in boxes for part in box.iter()}
        drawn = [part for part in node.iter() if id(part) not in inside]
        kinds = {local(part) for part in drawn}
        for part in drawn:
            if local(part) == "textpath" and (words := (attribute(part, "string") or "").strip()):
                if _WATERMARK in (attribute(part.getparent(), "id") or "").lower():
                    self._losses.add("水印", Why.SLANTED)
                else:
                    found.art.append(words)
        if "OLEObject" in kinds:
            self._losses.add("嵌入对象", Why.EMBEDDED)
        elif kinds & {"chart", "relIds"}:  # relIds: SmartArt
            self._losses.add("图表", Why.CHART)
        elif kinds & {"blip", "imagedata", "contentPart"}:
            wide, high = _size(node)
            large = wide >= _LARGE[0] and high >= _LARGE[1]
            self._losses.add("图片", Why.LARGE_PICTURE if large else Why.PICTURE)


def is_unfilled(control: Any) -> bool:
    """Whether a content control only says what to put there (单击此处输入文字)."""
    return child(control, "sdtPr", "showingPlcHdr") is not None


def _sym(node: Any) -> str:
    code = attribute(node, "char") or ""
    try:
        return symbol(attribute(node, "font"), int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _field(node: Any) -> str:
    """What a form field of the old kind shows: a check box, or the entry that was chosen (§17.16.7, §17.16.9)."""
    data = child(node, "ffData")
    if data is None:
        return ""
    if (box := child(data, "checkBox")) is not None:
        on = toggle(box, "checked")
        return "☑" if (toggle(box, "default") if on is None else on) else "□"
    chosen = child(data, "ddList")
    if chosen is None:
        return ""
    entries = [attribute(entry, "val") or "" for entry in children(chosen, "listEntry")]
    number = value(chosen, "result") or value(chosen, "default") or "0"
    return entries[int(number)] if number.isdecimal() and int(number) < len(entries) else ""


def _size(node: Any) -> tuple[float, float]:
    """Width and height of a picture in cm; 0 where the file does not say."""
    for part in node.iter():
        if local(part) == "extent":
            sides = [attribute(part, name) or "" for name in ("cx", "cy")]
            wide, high = (int(n) / _EMU if n.isdecimal() and len(n) < 12 else 0.0 for n in sides)
            return wide, high
        if local(part) == "shape":
            found = {name: float(n) * _CM[unit] for name, n, unit in _SIZE.findall(attribute(part, "style") or "")}
            return found.get("width", 0.0), found.get("height", 0.0)
    return 0.0, 0.0


def alternative(node: Any) -> Any:
    """The newest form that holds text: the same text box is stored once as a drawing and once as VML."""
    forms = [n for n in node if local(n) in ("Choice", "Fallback")]
    return next((f for f in forms if any(local(n) == "t" for n in f.iter())), forms[0] if forms else ())


def _boxes(node: Any) -> Iterator[Any]:
    """The outermost text boxes of a drawing; those inside another box are found with that one's paragraphs."""
    for part in node:
        if local(part) == "txbxContent":
            yield part
        elif local(part) == "AlternateContent":
            yield from _boxes(alternative(part))
        elif local(part):
            yield from _boxes(part)
