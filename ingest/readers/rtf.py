r"""Rich text (.rtf; Microsoft RTF 1.9.1): paragraphs and table rows.

The form is a stream of groups `{…}`, control words `\b0` and text; characters are `\'c7`, in the code page of the font
at hand, or `\u36890?`. striprtf gives cells with | between them and says nothing of what it leaves out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.readers.base import RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.limits import LIMITS, DamagedFileError, Limits
from ingest.readers.pieces import Piece, cells_to_row, pieces_to_raw
from ingest.readers.rtf_words import CHARSETS, FRAMES, GONE, KEPT_STARRED, PLAIN, ROWS
from ingest.readers.scripts import raised

_TOKEN = re.compile(
    rb"\\(?:'(?P<hex>[0-9a-fA-F]{2})|(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?(?: |(?=[^ ]|\Z))"
    rb"|(?P<sign>[^a-zA-Z']))|(?P<open>\{)|(?P<close>\})|(?P<line>[\r\n]+)|(?P<text>[^\\{}\r\n]+)"
)
_DEEPEST = 2000  # groups inside one another


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it."""

    gone: bool = False
    hidden: bool = False
    deleted: bool = False
    high: bool = False
    skip: int = 1  # characters after \u that stand for it in older programs
    font: int | None = None
    in_table: bool = False
    twice: bool = False  # whether the words stand here in an old form, and then in Unicode
    target: str = "body"


@dataclass(slots=True)
class _Out:
    """Paragraphs of a part (the body, a frame): the words at hand, and the cells of the row at hand."""

    words: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)  # of the cells of the row at hand: with which one each is merged
    merge: str = ""  # of the cell whose edge comes next
    above: list[str] = field(default_factory=list)


def read_rtf(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A rich text file. Raises `RefusedFileError` with a reason."""
    losses = Losses()
    reader = _Reader(data, losses)
    body = [*reader.pieces(), *reader.notes]
    return pieces_to_raw([*reader.heads, *body, *reader.feet], wrapped=False, limits=limits, losses=losses)


def _tokens(data: bytes) -> Iterator[re.Match[bytes]]:
    r"""Groups, control words and text; the bytes after `\bin99` are no text."""
    at = 0
    while at < len(data):
        found = _TOKEN.match(data, at)
        if found is None:
            at += 1
            continue
        at = found.end()
        if found["word"] == b"bin":
            at += max(int(found["number"] or 0), 0)
        else:
            yield found


class _Reader:
    def __init__(self, data: bytes, losses: Losses) -> None:
        self._data = data
        self._losses = losses
        named = re.search(rb"\\ansicpg(\d{1,5})", data[:4096])
        page = f"cp{named[1].decode()}" if named else "cp1252"
        self._page: str = "gb18030" if page == "cp936" else page
        fonts = re.findall(rb"\\f(\d{1,5})[^{}]{0,80}?\\fcharset(\d{1,3})", data[:200_000])
        self._fonts = {int(font): int(charset) for font, charset in fonts}
        self._outs: dict[str, _Out] = {"body": _Out()}
        self._bytes = bytearray()
        self._stack: list[_State] = []
        self._state = _State()
        self._starred = False  # whether the next control word may be passed over with its group
        self._skip = 0  # characters to be passed over after \\u
        self.heads: list[Piece] = []
        self.feet: list[Piece] = []
        self.notes: list[Piece] = []

    def pieces(self) -> Iterator[Piece]:
        """The paragraphs of the body; those of frames and notes are kept apart."""
        for found in _tokens(self._data):
            kind = found.lastgroup
            if kind in ("word", "number"):
                number = int(found["number"]) if found["number"] else None
                yield from self._control(found["word"], number)
            elif kind == "sign":
                yield from self._sign(found["sign"])
            elif kind == "hex":
                self._skip -= 1
                if self._skip < 0:
                    self._bytes.append(int(found["hex"], 16))
            elif kind == "text":
                self._bytes += found["text"][max(self._skip, 0) :]
                self._skip -= len(found["text"])
            elif kind in ("open", "close"):
                self._group(opens=kind == "open")
            self._skip = max(self._skip, 0)
        self._flush()
        yield from self._paragraph(self._outs["body"], self._state)
        yield from self._row(self._outs["body"])

    def _group(self, *, opens: bool) -> None:
        self._flush()
        self._skip, self._starred = 0, False
        if opens:
            if len(self._stack) >= _DEEPEST:
                raise DamagedFileError("RTF", "嵌套过深")
            self._stack.append(self._state)
            return
        before = self._state
        self._state = self._stack.pop() if self._stack else _State()
        if before.target != self._state.target:
            self._close(before.target)

    def _control(self, word: bytes, number: int | None) -> Iterator[Piece]:
        self._flush()
        if word == b"u":
            self._add(self._state, chr((number or 0) % 0x10000))
            self._skip = self._state.skip
            return
        self._skip = 0
        self._state = self._word(word, number, self._state, starred=self._starred)
        self._starred = False
        yield from self._ends(word, self._state)

    def _sign(self, sign: bytes) -> Iterator[Piece]:
        self._flush()
        self._starred = sign == b"*"
        if sign in (b"\\", b"{", b"}"):
            self._add(self._state, sign.decode())
        elif sign in (b"~", b"_"):
            self._add(self._state, " " if sign == b"~" else "-")
        elif sign in (b"\r", b"\n"):
            yield from self._ends(b"par", self._state)

    def _word(self, word: bytes, number: int | None, state: _State, *, starred: bool) -> _State:
        on = number != 0
        if word == b"upr":
            return replace(state, gone=True, twice=not state.gone)
        if word == b"ud":
            return replace(state, gone=state.gone and not state.twice, twice=False)
        if word in GONE or (starred and word not in KEPT_STARRED):
            if word in (b"pict", b"objdata", b"annotation"):
                part, why = {b"pict": ("图片", Why.PICTURE), b"annotation": ("批注", Why.COMMENT)}.get(
                    word, ("嵌入对象", Why.EMBEDDED)
                )
                if not state.gone:
                    self._losses.add(part, why)
            return replace(state, gone=True)
        if word in FRAMES:
            self._losses.add("页眉页脚", Why.REPEATED)
            return replace(state, gone=True)
        if word in (b"headerf", b"footerf", b"footnote"):
            self._outs[word.decode()] = _Out()
            return replace(state, target=word.decode(), in_table=False)
        if word in ROWS and not state.gone:
            self._define(word, self._outs[state.target])
        if word in PLAIN:
            self._add(state, PLAIN[word])
        changes: dict[bytes, dict[str, object]] = {
            b"v": {"hidden": on},
            b"deleted": {"deleted": on},
            b"super": {"high": on},
            b"nosupersub": {"high": False},
            b"sub": {"high": False},
            b"plain": {"high": False, "hidden": False, "deleted": False},
            b"intbl": {"in_table": True},
            b"pard": {"in_table": False},
            b"uc": {"skip": max(number or 0, 0)},
            b"f": {"font": number},
        }
        if word == b"revised" and on:
            self._losses.add("修订", Why.REVISION)
        return replace(state, **changes[word]) if word in changes else state  # type: ignore[arg-type]

    def _define(self, word: bytes, out: _Out) -> None:
        """What a row says of its cells before it gives their words: which go on from the left or from above."""
        if word == b"trowd":
            out.merges.clear()
            out.merge = ""
        elif word == b"cellx":
            out.merges.append(out.merge)
            out.merge = ""
        else:
            out.merge = "left" if word == b"clmrg" else "above"

    def _flush(self) -> None:
        """The bytes so far, in the code page of the font."""
        state = self._state
        if not self._bytes:
            return
        raw = bytes(self._bytes)
        self._bytes.clear()
        name = CHARSETS.get(self._fonts.get(state.font or 0, 1), self._page)
        try:
            codecs.lookup(name)
        except LookupError:
            name = self._page if self._page != name else "cp1252"
        if name == "cp1252" and self._page == "gb18030":
            name = "gb18030"  # a Latin font named for Chinese text
        try:
            text = raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            text = raw.decode("gb18030", "replace")
        self._add(state, text)

    def _add(self, state: _State, text: str) -> None:
        if state.gone or not text:
            return
        if state.hidden or state.deleted:
            self._losses.add("修订" if state.deleted else "隐藏的文字", Why.REVISION if state.deleted else Why.HIDDEN)
            return
        out = self._outs[state.target]
        if state.high and (shown := raised(text, "".join(out.words)[-24:])) != text:
            if not shown:
                self._losses.add("上标", Why.NOTE_MARK)
            text = shown
        out.words.append(text)

    def _ends(self, word: bytes, state: _State) -> Iterator[Piece]:
        """What a control word ends: a paragraph, a cell, a row."""
        if state.gone or word not in (b"par", b"sect", b"page", b"cell", b"nestcell", b"row", b"nestrow"):
            return
        out = self._outs[state.target]
        if word in (b"cell", b"nestcell"):
            out.cells.append(" ".join([*out.cell, "".join(out.words)]))
            out.cell.clear()
            out.words.clear()
        elif word in (b"row", b"nestrow"):
            yield from self._row(out)
        else:
            pieces = list(self._paragraph(out, state))
            if state.target == "body":
                yield from pieces
            else:
                self._kept(state.target).extend(pieces)

    def _paragraph(self, out: _Out, state: _State) -> Iterator[Piece]:
        words = _joined("".join(out.words))
        out.words.clear()
        if state.in_table:
            out.cell.append(words)
            return
        if out.cells:  # a row that nothing ended
            yield from self._row(out)
        for line in words.split("\n"):
            yield Piece(line.replace("\t", " "))

    def _row(self, out: _Out) -> Iterator[Piece]:
        cells = [_joined(cell) for cell in out.cells]
        out.cells.clear()
        for n, merge in enumerate(out.merges[: len(cells)]):
            if merge == "left" and n and not cells[n].strip():
                cells[n] = cells[n - 1]
            elif merge == "above" and n < len(out.above) and not cells[n].strip():
                cells[n] = out.above[n]
        if cells:
            out.above = cells
        if len(cells) > 1:
            yield cells_to_row(cells)
        elif cells:
            yield Piece(" ".join(cells[0].split()))

    def _kept(self, target: str) -> list[Piece]:
        return {"headerf": self.heads, "footerf": self.feet}.get(target, self.notes)

    def _close(self, target: str) -> None:
        out = self._outs.pop(target, None)
        if out is not None:
            self._kept(target).extend(self._paragraph(out, _State()))
            self._kept(target).extend(self._row(out))


def _joined(text: str) -> str:
    r"""Pairs of surrogates, written as two \u, as one character."""
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
