"""Plain text in any encoding that Chinese offices use: BOM, then UTF-8, then the script that makes sense.

Bytes of Big5 nearly always decode as GB 18030 too, into characters that nobody writes; so of several encodings that
fit, the one whose characters are common wins. A few damaged bytes do not spoil a file: they are marked and told.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from ingest.readers.base import Line, RawDocument
from ingest.readers.collected import lines_to_collected
from ingest.readers.damaged import common_characters, decode_in_step
from ingest.readers.fidelity import Losses, Why
from ingest.readers.garbled import lost_characters, ungarbled
from ontology.forms import Forms, load

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its BOM begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = ("gb18030", "big5hkscs")
# A text has next to none of these; an office file, an image or a program has many.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_HAN = re.compile("[\u3400-\u9fff\ue000-\U0010ffff]+")
_FEW_CONTROLS = 2  # in a short text: a damaged byte may be one
_SAMPLE = 20_000
_SENSIBLE = 0.55  # share of common characters: real texts have .8 and more, wrongly decoded ones below .4
_DAMAGE = 0.002  # share of characters that may be damaged; one lost byte takes up to three with it


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises `ValueError` (Chinese message) for what is no text."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise ValueError(f"文件标明为 {encoding} 编码，但第 {error.start} 字节处无法解码") from error
    text, encoding = _strict(data) or _damaged(data) or _senseless(data) or _guess(data)
    text = ungarbled(text, _sense) or text
    _refuse_binary(text)
    return text, encoding


def undecoded(text: str, losses: Losses | None = None) -> Losses:
    """The losses with the damaged bytes of a decoded text among them."""
    losses = losses or Losses()
    losses.add("字节", Why.UNDECODED, text.count("\ufffd") + lost_characters(text))
    return losses


def _strict(data: bytes) -> tuple[str, str] | None:
    """The encoding that all bytes fit and whose characters make sense."""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    fits = (encoding for encoding in _ENCODINGS if _fits(data, encoding))
    return next(((t, e) for e in fits if _sense(t := decode_in_step(data, e)) >= _SENSIBLE), None)


def _damaged(data: bytes) -> tuple[str, str] | None:
    """The encoding that makes sense of all but a few bytes."""
    best: tuple[float, str, str] | None = None
    for encoding in ("utf-8", *_ENCODINGS):
        double = encoding in _ENCODINGS
        text = decode_in_step(data, encoding) if double else data.decode(encoding, errors="replace")
        sense = _sense(text)
        few = text.count("\ufffd") <= max(4, _DAMAGE * len(text))
        if few and sense >= _SENSIBLE and (best is None or sense > best[0]):
            best = (sense, text, encoding)
    return best[1:] if best else None


def _senseless(data: bytes) -> tuple[str, str] | None:
    """A text without Chinese, or one of rare names alone: the first encoding that fits."""
    return next(((data.decode(encoding), encoding) for encoding in _ENCODINGS if _fits(data, encoding)), None)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _guess(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise ValueError("无法识别文字编码，请另存为 UTF-8 文本后重试")
    return str(best), best.encoding


def _sense(text: str) -> float:
    """The share of the Chinese characters that are common ones."""
    han = "".join(_HAN.findall(text[:_SAMPLE]))
    return 1 - len(_common().sub("", han)) / len(han) if han else 0.0


@cache
def _common() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(re.escape, common_characters()))}]+")


def _refuse_binary(text: str) -> None:
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > max(_FEW_CONTROLS, len(sample) * 0.005):
        raise ValueError("内容不是文本（含大量控制字符），可能是其他格式的文件改了扩展名")


def lines_of(text: str) -> list[tuple[str, int]]:
    """Lines without their ends, with their positions; form feeds end a line too (a page)."""
    out: list[tuple[str, int]] = []
    position = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
        out.append((body, position))
        position += len(line)
    return out


def read_text(data: bytes, forms: Forms | None = None) -> RawDocument:
    """A .txt file."""
    text, encoding = decode(data)
    lines, said = lines_to_collected([Line(body, start) for body, start in lines_of(text)], forms or load())
    return RawDocument(lines, encoding=encoding, metadata=said, fidelity=undecoded(text).losses())
