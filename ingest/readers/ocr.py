"""Pictures of pages to printed lines, by RapidOCR with the models of its wheel (the extra `ocr`); no network.

Recognised lines are taken apart into characters, each with its share of the line's box, so that everything that
holds for printed pages (cells of ruled tables, running heads, paragraphs by their indents) holds for scanned ones.
"""

from __future__ import annotations

import importlib.util
import logging
import math
import re
import statistics
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from ingest.readers.limits import LIMITS, LimitError, Limits, RefusedFileError
from ingest.readers.page_layout import page_to_lines
from ingest.readers.printed import Box, Glyph, PrintedLine
from ingest.readers.ruled import rules_to_tables
from kg.core.errors import MissingExtra

DPI = 200  # at which pages are drawn for recognition
_A4 = (210.0, 297.0)  # mm: what a picture without a size of its own is taken for
_SURE = 0.5  # confidence below which a line is noise: stamps, fibres, margins
_SKEW = 0.003  # radians: less does not move the end of a line by half a character
_MOST_SKEW = 0.35  # 20°: more is no page laid askew
_RULE = 1 / 40  # of the page's width: no stroke of a character is as long
_MAX_RULES = 2000  # more are a drawing
_HALF_WIDTH = 0.55  # em: the width of half-width characters, about
_BLANK = 4.0  # standard deviation of grey values below which a page is empty
_LONGEST_SIDE = 5000  # pixels: more are reduced before anything else, an A3 page at 300 dpi has 4961
_MARKS = {"(": "（", ")": "）", ",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_MARK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[(),;:?!]|[()](?=[\u3000-\u9fff\uff00-\uffef])")
_DASH = re.compile(r"[-—–_]*(?:[—–][-—–_]|[-_][—–])[-—–_]*")
# Half of a dash read as the number one (not where one counts), or a dash before a subtitle of which one stroke is left.
_HALF_DASH = re.compile(
    r"(?<=[\u4e00-\u9fff”’》])(?<![一二三四五六七八九十])[—–]一(?=[\u4e00-\u9fff“《])(?![一二三四五六七八九十百千万月日年号季])"
    r"|^[-—–](?=[\u4e00-\u9fff“《]|\d{4}年)"
)

Quad = Sequence[Sequence[float]]  # four corners (x, y) from the upper left one clockwise


def is_available() -> bool:
    """Whether the extra is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def require(what: str) -> None:
    """Raises `RefusedFileError` that names the extra where it is not installed."""
    if not is_available():
        raise RefusedFileError(f"{what}，其中的文字要先识别；{MissingExtra('ocr', '文字识别').message}，然后重新入库")


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    # Pages stand upright here; a larger short side keeps the small type of tables.
    return RapidOCR(params={"Global.use_cls": False, "Global.log_level": "error", "Det.limit_side_len": 1280})


def picture_to_lines(picture: Any, frame: Box | None = None) -> list[PrintedLine]:
    """The lines of a page's picture (a PIL image), placed in `frame` of the page, in the page's own unit.

    Without a frame the picture is an A4 page in mm, upright or lying.
    """
    import numpy as np

    picture = _reduced(picture.convert("RGB"))
    grey = np.asarray(picture.convert("L"))
    if grey.std() < _BLANK:
        return []
    found = _engine()(np.asarray(picture)[:, :, ::-1])
    quads = [] if found.boxes is None else found.boxes.tolist()
    lines = [(q, t) for q, t, s in zip(quads, found.txts or (), found.scores or (), strict=True) if s >= _SURE and t]
    skew = _skew([quad for quad, _ in lines])
    wide, high = picture.size
    across = _A4[0] if wide <= high else _A4[1]
    mm = across / wide
    left, top, right, _ = frame or (0.0, 0.0, across, 0.0)
    unit = (right - left) / wide  # of the page, for one pixel
    boxes = [(_straight(quad, skew, (wide / 2, high / 2)), text) for quad, text in lines]
    glyphs = [glyph for box, text in boxes for glyph in _glyphs(_scaled(box, unit, left, top), text)]
    # rules are judged in mm, whatever the page counts in
    tables = rules_to_tables([_scaled(rule, mm) for rule in _rules(_turned(grey, skew))])
    return page_to_lines(glyphs, [[_scaled(cell, unit / mm, left, top) for cell in table] for table in tables])


def _scaled(box: Box, unit: float, left: float = 0.0, top: float = 0.0) -> Box:
    x0, y0, x1, y1 = box
    return left + x0 * unit, top + y0 * unit, left + x1 * unit, top + y1 * unit


def _reduced(picture: Any) -> Any:
    longest = max(picture.size)
    return picture.reduce(math.ceil(longest / _LONGEST_SIDE)) if longest > _LONGEST_SIDE else picture


def _skew(quads: Sequence[Quad]) -> float:
    """The angle of the text in radians, by the upper edges of the longer lines; 0 where it is as good as level."""
    edges = [(quad[1][0] - quad[0][0], quad[1][1] - quad[0][1]) for quad in quads]
    longest = max((dx for dx, _ in edges), default=0.0)
    angles = [math.atan2(dy, dx) for dx, dy in edges if dx > longest / 2]
    angle = statistics.median(angles) if angles else 0.0
    return angle if _SKEW < abs(angle) < _MOST_SKEW else 0.0


def _straight(quad: Quad, skew: float, centre: tuple[float, float]) -> Box:
    """The box of a line on the page turned level about its centre."""
    cos, sin = math.cos(-skew), math.sin(-skew)
    points = [
        (
            centre[0] + (x - centre[0]) * cos - (y - centre[1]) * sin,
            centre[1] + (x - centre[0]) * sin + (y - centre[1]) * cos,
        )
        for x, y in quad
    ]
    # Means of two corners: a corner that is off by a few pixels does not make the line higher.
    upper, lower = sorted(y for _, y in points)[:2], sorted(y for _, y in points)[2:]
    return min(x for x, _ in points), sum(upper) / 2, max(x for x, _ in points), sum(lower) / 2


def _glyphs(box: Box, text: str) -> Iterator[Glyph]:
    """The characters of a line, each with its share of the box."""
    x0, top, x1, bottom = box
    text = _full_width(text)
    shares = [_HALF_WIDTH if char.isascii() else 1.0 for char in text]
    step = (x1 - x0) / max(sum(shares), 0.1)
    at = x0
    for char, share in zip(text, shares, strict=True):
        yield Glyph(char, at, at + share * step, top, bottom)
        at += share * step


def _full_width(text: str) -> str:
    """Brackets and dashes beside Han as they were printed: the recogniser often takes them for half-width ones."""
    text = _MARK.sub(lambda found: _MARKS[found[0]], text)
    return _HALF_DASH.sub("——", _DASH.sub("——", text))


def _turned(grey: Any, skew: float) -> Any:
    if not skew:
        return grey
    import cv2

    high, wide = grey.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), math.degrees(skew), 1.0)
    return cv2.warpAffine(grey, turn, (wide, high), borderValue=255)


def _rules(grey: Any) -> list[Box]:
    """The level and the upright strokes of a page in pixels; [] where there are so many that it is a drawing."""
    import cv2

    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    least = max(int(grey.shape[1] * _RULE), 20)
    rules: list[Box] = []
    for size in ((least, 1), (1, least)):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, size)
        strokes = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
        count, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
        for x, y, wide, high, _area in stats[1:count]:
            if min(wide, high) * 4 > max(wide, high):
                continue  # a black area
            middle_x, middle_y = float(x + wide / 2), float(y + high / 2)
            if wide > high:
                rules.append((float(x), middle_y, float(x + wide), middle_y))
            else:
                rules.append((middle_x, float(y), middle_x, float(y + high)))
    return rules if len(rules) <= _MAX_RULES else []


def bytes_to_pictures(data: bytes, limits: Limits = LIMITS) -> Iterator[Any]:
    """The pages of a picture file as PIL images, turned as the camera noted. Raises `LimitError`, `OSError`."""
    import io

    from PIL import Image, ImageOps, ImageSequence

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF", "BMP")) as opened:
        if (count := getattr(opened, "n_frames", 1)) > limits.pages:
            raise LimitError("页数", count, limits.pages)
        for frame in ImageSequence.Iterator(opened):
            if (pixels := frame.width * frame.height) > limits.pixels:
                raise LimitError("图片的像素数", pixels, limits.pixels, "请缩小后重试")
            yield ImageOps.exif_transpose(frame)
