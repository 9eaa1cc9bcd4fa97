"""Plain text in any encoding that Chinese offices use: BOM, then UTF-8, then GB 18030, then a guess."""

from __future__ import annotations

import codecs

from ingest.readers.base import Line, RawDocument

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its BOM begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A text has next to none of these; an office file, an image or a program has many.
_CONTROLS = frozenset(chr(c) for c in range(32)) - set("\t\n\r\x0b\x0c\x1a\x1b")


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises `ValueError` (Chinese message) for what is no text."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise ValueError(f"文件标明为 {encoding} 编码，但第 {error.start} 字节处无法解码") from error
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        _refuse_binary(text)
        return text, encoding
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise ValueError("无法识别文字编码，请另存为 UTF-8 文本后重试")
    text = str(best)
    _refuse_binary(text)
    return text, best.encoding


def _refuse_binary(text: str) -> None:
    sample = text[:20_000]
    if sum(c in _CONTROLS for c in sample) > len(sample) * 0.005:
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


def read_text(data: bytes) -> RawDocument:
    """A .txt file."""
    text, encoding = decode(data)
    return RawDocument(tuple(Line(body, start) for body, start in lines_of(text)), encoding=encoding)
