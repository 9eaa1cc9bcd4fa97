"""Word documents (.docx, .docm; ISO/IEC 29500): paragraphs, tables, automatic numbers, notes, text boxes.

The package is read as XML by local names, not through python-docx: its `iter_inner_content` passes over content
controls, and its `text` over tracked insertions; both hold real text in documents from office automation systems.
Tracked changes are read as accepted. What is not read is counted (`RawDocument.fidelity`).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from typing import Any

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.framing import only_counts
from ingest.readers.limits import LIMITS, Limits, RefusedFileError
from ingest.readers.numbering import Numbering
from ingest.readers.package import Package, attribute, child, children, local
from ingest.readers.pieces import Piece, cells_to_row, pieces_to_raw
from ingest.readers.word_fields import match_fields
from ingest.readers.word_headers import Frame, belongs_to_text, body_to_sections, section_frames
from ingest.readers.word_inline import Inline, InlineReader, alternative, is_unfilled
from ingest.readers.word_styles import Styles, value

_NOTES = ("footnotes", "endnotes")
_NO_PARAGRAPHS = frozenset(["tbl", "sdt", "altChunk", "subDoc"])  # nothing joins a paragraph to these
_MAX_SPAN = 64  # columns: Word's own limit is 63
_MOST_NESTED = 3  # documents that are imported by imported ones


def read_docx(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A Word document; a line is a paragraph. Raises `RefusedFileError` with a reason."""
    losses = Losses()
    pieces = _Reader(Package(data, "Word", limits), losses, limits).pieces()
    return pieces_to_raw(pieces, wrapped=False, limits=limits, losses=losses)


class _Reader:
    def __init__(self, package: Package, losses: Losses, limits: Limits, depth: int = 0) -> None:
        main = package.related("").get("officeDocument") or "word/document.xml"
        related = package.related(main)
        self._package = package
        self._relations = package.relations(main)
        self._losses = losses
        self._limits = limits
        self._depth = depth
        self._root = package.xml(main)
        match_fields(self._root)
        self._numbering = Numbering(package.optional_xml(related.get("numbering")))
        self._styles = Styles(package.optional_xml(related.get("styles")))
        self._inline = InlineReader(self._styles, losses)
        self._notes: dict[tuple[str, str], Any] = {}
        for kind in _NOTES:
            notes = package.optional_xml(related.get(kind))
            match_fields(notes)
            for note in () if notes is None else notes:
                if local(note) and attribute(note, "type") is None:  # typed ones are separators
                    self._notes[kind, attribute(note, "id") or ""] = note
        comments = package.optional_xml(related.get("comments"))
        losses.add("批注", Why.COMMENT, 0 if comments is None else sum(1 for _ in children(comments, "comment")))

    def pieces(self) -> Iterator[Piece]:
        """The text of the body in order, with the headers and footers that are part of it."""
        body = child(self._root, "body")
        if body is None:
            return
        words = {"".join(n.text for n in p.iter() if local(n) == "t" and n.text).strip() for p in _paragraphs(body)}
        feet: list[Piece] = []
        for section, nodes in body_to_sections(body):
            if section is not None:
                frames = section_frames(section, self._relations)
                yield from self._frames(frames.headers, "页眉", words)
                feet += self._frames(frames.footers, "页脚", words)
            yield from self._blocks(nodes)
        yield from feet

    def _frames(self, frames: tuple[Frame, ...], part: str, words: set[str]) -> Iterator[Piece]:
        """The lines of headers or footers that the body does not have; each once."""
        for frame in frames:
            root = self._package.optional_xml(frame.part)
            match_fields(root)
            for piece in self._blocks(root) if root is not None else ():
                text = piece.text.strip()
                if not text or text in words:
                    continue
                words.add(text)
                if belongs_to_text(text, frame):
                    yield piece
                elif not only_counts(text):
                    self._losses.add(part, Why.REPEATED)

    def _blocks(self, parent: Iterable[Any]) -> Iterator[Piece]:
        waiting: Inline | None = None  # what a deleted paragraph mark joins to the next paragraph
        for node in parent:
            name = local(node)
            if name == "p":
                waiting = yield from self._paragraph(node, waiting)
                continue
            if waiting is not None and name in _NO_PARAGRAPHS:
                yield from self._printed(waiting, None)
                waiting = None
            if name == "tbl":
                yield from self._table(node)
            elif name == "sdt":
                if is_unfilled(node):
                    self._losses.add("内容控件", Why.PLACEHOLDER)
                elif not _is_contents(node):
                    yield from self._blocks(node)
            elif name == "subDoc":
                self._losses.add("子文档", Why.FOREIGN)
            elif name == "AlternateContent":
                yield from self._blocks(alternative(node))
            elif name == "altChunk":
                yield from self._imported(node)
            elif name in ("sdtContent", "customXml", "ins", "moveTo", "smartTag"):
                yield from self._blocks(node)
        if waiting is not None:
            yield from self._printed(waiting, None)

    def _paragraph(self, node: Any, found: Inline | None) -> Generator[Piece, None, Inline | None]:
        """The lines of a paragraph; returns its content instead where its mark is deleted."""
        found = found or Inline()
        self._inline.paragraph(node, found)
        if (marks := child(node, "pPr", "rPr")) is not None:
            gone = child(marks, "del") is not None or child(marks, "moveFrom") is not None
            if gone or child(marks, "ins") is not None:
                self._losses.add("修订", Why.REVISION)
            if gone:
                return found
        if _is_initial(node):
            return found
        yield from self._printed(found, node)
        return None

    def _printed(self, found: Inline, node: Any | None) -> Iterator[Piece]:
        yield from map(Piece, found.art)
        for box in found.boxes:
            yield from self._blocks(box)
        words = "".join(found.words)
        outline = None if node is None else self._styles.outline(node)
        label = "" if node is None else self._label(node)
        kind, level = (LineKind.TEXT, 0) if outline is None else (LineKind.HEADING, outline + 1)
        for n, line in enumerate(words.split("\n")):
            text = (label if n == 0 else "") + line.replace("\t", " ")
            yield Piece(text, kind if text.strip() else LineKind.TEXT, level)
        for key in found.notes:
            if key in self._notes:
                # After the paragraph that it belongs to: at the end it would stand below 抄送 and 印发.
                yield from self._blocks(self._notes.pop(key))

    def _table(self, table: Any) -> Iterator[Piece]:
        """Rows; a cell that spans rows or columns is repeated in each, so that every row can be read alone.

        The rows of a table inside a cell follow the row that holds it.
        """
        above: dict[int, str] = {}
        for row in _rows(table):
            every = list(_through(row, "tc"))
            cells = [cell for cell in every if child(cell, "tcPr", "cellDel") is None]  # a tracked deletion
            self._losses.add("修订", Why.REVISION, len(every) - len(cells))
            if len(cells) == 1:  # a caption inside the table, or a table that only frames text
                above.clear()
                yield from self._blocks(cells[0])
                continue
            column = _number(child(row, "trPr"), "gridBefore")
            texts = [""] * column
            inner: list[Piece] = []
            for cell in cells:
                properties = child(cell, "tcPr")
                span = min(max(_number(properties, "gridSpan"), 1), _MAX_SPAN)
                merge = child(properties, "vMerge") if properties is not None else None
                goes_on = merge is not None and attribute(merge, "val") in (None, "continue")
                pieces = [piece for piece in self._blocks(cell) if piece.text.strip()]
                inner += [piece for piece in pieces if piece.kind is LineKind.ROW]
                words = " ".join(p.text.replace("\t", " ") for p in pieces if p.kind is not LineKind.ROW)
                if goes_on:
                    words = above.get(column, words)
                elif texts and _goes_on_from_left(properties):
                    words = words or texts[-1]
                texts += [words] * span
                for n in range(column, column + span):
                    above[n] = words
                column += span
            yield cells_to_row(texts)
            yield from inner

    def _imported(self, node: Any) -> Iterator[Piece]:
        """The text of a part in another format that stands here by reference (§17.17.2.1)."""
        key = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
        _, part = self._relations.get(key, ("", ""))
        try:
            if part not in self._package or self._depth >= _MOST_NESTED:
                raise RefusedFileError(part)
            data = self._package.read(part)
            if data.startswith(b"PK"):
                inner = Package(data, "Word", self._limits)
                yield from _Reader(inner, self._losses, self._limits, self._depth + 1).pieces()
            else:
                from ingest.readers import part_to_raw

                raw = part_to_raw(data, part, self._limits)
                self._losses.include(raw.fidelity)
                yield from (Piece(line.text, line.kind, line.level) for line in raw.lines)
        except ValueError:  # what readers say of bytes that they cannot read
            self._losses.add("引入的部分", Why.FOREIGN)

    def _label(self, node: Any) -> str:
        properties = child(node, "pPr")
        own = child(properties, "numPr") if properties is not None else None
        list_id = value(own, "numId")
        at = value(own, "ilvl")
        if list_id is None:
            for name, style in self._styles.of_paragraph(node):
                if style.list_id is not None:
                    level = style.list_level
                    at = str(self._numbering.level_of_style(style.list_id, name) if level is None else level)
                    list_id = style.list_id
                    break
        if list_id is None or list_id == "0":  # 0 takes the number of the style away
            return ""
        return self._numbering.label(list_id, int(at) if at and at.isdecimal() else 0)


def _paragraphs(body: Any) -> Iterator[Any]:
    return (node for node in body.iter() if local(node) == "p")


def _number(node: Any | None, name: str) -> int:
    found = value(node, name)
    return min(int(found), _MAX_SPAN) if found and found.isdecimal() and len(found) <= len("99") else 0


def _is_initial(node: Any) -> bool:
    """Whether a paragraph is nothing but the large initial of the next one (§17.3.1.11)."""
    frame = child(node, "pPr", "framePr")
    return frame is not None and attribute(frame, "dropCap") in ("drop", "margin")


def _is_contents(node: Any) -> bool:
    """A table of contents: it only repeats the headings, with page numbers."""
    gallery = child(node, "sdtPr", "docPartObj", "docPartGallery")
    return gallery is not None and attribute(gallery, "val") == "Table of Contents"


def _goes_on_from_left(properties: Any | None) -> bool:
    """Whether a cell is merged with the one before in the old way, which keeps both (§17.4.22)."""
    merge = child(properties, "hMerge") if properties is not None else None
    return merge is not None and attribute(merge, "val") in (None, "continue")


def _rows(table: Any) -> Iterator[Any]:
    for row in _through(table, "tr"):
        properties = child(row, "trPr")
        if properties is None or child(properties, "del") is None:  # a tracked deletion of the whole row
            yield row


def _through(node: Any, name: str) -> Iterator[Any]:
    """Rows or cells, also those inside content controls."""
    for part in node:
        if local(part) == name:
            yield part
        elif local(part) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _through(part, name)
