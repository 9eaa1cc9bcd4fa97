"""Pieces of text as a format yields them, set one below the other: a document of paragraphs with positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.readers.base import Line, LineKind, RawDocument
from ingest.readers.fidelity import Losses
from ingest.readers.limits import LIMITS, LimitError, Limits


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or a table row with its cells separated by TAB.

    `page` is where it begins, `turns` are (position in `text`, page) where it goes on over a page.
    """

    text: str
    kind: LineKind = LineKind.TEXT
    level: int = 0
    page: int | None = None
    turns: tuple[tuple[int, int], ...] = ()


def pieces_to_raw(
    pieces: Iterable[Piece],
    *,
    wrapped: bool,
    encoding: str = "utf-8",
    metadata: dict[str, str] | None = None,
    limits: Limits = LIMITS,
    losses: Losses | None = None,
) -> RawDocument:
    """Lines with their positions in the text that the pieces make up, one a line.

    `losses` is asked when the last piece is there: they may still be counted while the pieces come. Raises
    `LimitError`: a cell repeated over its rows can make a small file very long.
    """
    lines: list[Line] = []
    pages: list[tuple[int, int]] = []
    at = 0
    for piece in pieces:
        if piece.text.strip():
            lines.append(Line(piece.text, at, piece.kind, piece.level, piece.page))
            starts = [(0, piece.page), *piece.turns] if piece.page is not None else []
            pages += [(at + n, page) for n, page in starts if not pages or pages[-1][1] != page]
            at += len(piece.text) + 1
            if at > limits.characters:
                raise LimitError("文字数", at, limits.characters)
    return RawDocument(
        tuple(lines),
        wrapped=wrapped,
        encoding=encoding,
        pages=tuple(pages),
        metadata=metadata or {},
        fidelity=losses.losses() if losses else (),
    )


def cells_to_row(cells: Iterable[str], page: int | None = None) -> Piece:
    """A table row: blanks and line ends inside a cell become one blank, so that TAB separates cells only."""
    return Piece("\t".join(" ".join(cell.split()) for cell in cells), LineKind.ROW, page=page)
