"""A folder of broken and hostile files with good ones among them, and what must become of each.

Every file is made from a seed: the same number gives the same folder. `make` returns, for each path below the
folder, whether it must be taken in (`good`), must be refused (`bad`), or may go either way (`any`: a mutation may
have hit nothing that matters). Formats: txt, md, html, mhtml, csv, docx, doc, xlsx, pdf, ofd, zip.
"""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.ingest.readers import writers

Fate = str  # good, bad, any
MB = 2**20


def notice(number: int) -> list[str]:
    """A small notice of its own, so that no two files have the same text."""
    return [
        f"某某市市场监督管理局关于开展第{number}次质量月活动的通知",
        "各有关单位：",
        f"为贯彻落实《质量强国建设纲要》，现将第{number}次活动有关事项通知如下。",
        "序号\t活动\t责任单位",
        f"1\t第{number}次质量开放日\t市市场监管局",
        "2\t质量培训\t市教育局",
        "某某市市场监督管理局",
        "2024年8月30日",
    ]


def page(paragraphs: list[str]) -> str:
    body = "".join(f"<p>{p}</p>" for p in paragraphs if "\t" not in p)
    rows = "".join(f"<tr><td>{p.replace(chr(9), '</td><td>')}</td></tr>" for p in paragraphs if "\t" in p)
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}<table>{rows}</table></body></html>"


FORMATS: dict[str, Callable[[list[str]], bytes]] = {
    ".txt": lambda p: "\n".join(p).encode(),
    ".md": lambda p: ("# " + "\n\n".join(p)).encode("gb18030"),
    ".csv": lambda p: "\n".join(line.replace("\t", ",") for line in p).encode("utf-8-sig"),
    ".html": lambda p: page(p).encode(),
    ".mht": lambda p: writers.mhtml(page(p), "utf-8"),
    ".docx": writers.docx,
    ".doc": writers.doc,
    ".xlsx": writers.xlsx,
    ".pdf": lambda p: writers.pdf(writers.printed(p)),
    ".ofd": lambda p: writers.ofd(writers.printed(p)),
}
_BINARY = [".docx", ".doc", ".xlsx", ".pdf", ".ofd"]


def make(folder: Path, count: int, *, noise_mb: int = 300, scale: float = 1.0, seed: int = 7) -> dict[str, Fate]:
    """Write about `count` files (and the fixed cases once) into `folder`; relative path -> what must become of it.

    `scale` shortens what takes long because it is long (tables of ten thousand rows, endless lines).
    """
    chance = random.Random(seed)
    fates: dict[str, Fate] = {}

    def put(name: str, data: bytes, fate: Fate) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        fates[name] = fate

    for name, data, fate in _cases(chance, scale):
        put(name, data, fate)
    fates |= _special(folder, noise_mb)
    number = 1000
    while len(fates) < count:
        number += 1
        suffix = chance.choice(list(FORMATS))
        data = FORMATS[suffix](notice(number))
        match chance.randrange(6):
            case 0:
                put(f"好/{number}{suffix}", data, "good")
            case 1 if suffix in _BINARY:  # renamed: what it contains decides
                put(f"改名/{number}{chance.choice(['.txt', '.doc', '.pdf', '.html'])}", data, "good")
            case 2 if suffix in _BINARY:
                put(f"截断/{number}{suffix}", data[: int(len(data) * chance.uniform(0.05, 0.9))], "bad")
            case 3 if suffix in (".docx", ".xlsx", ".ofd"):
                put(f"改坏/{number}{suffix}", _inside(data, chance), "any")
            case 4:
                put(f"压缩/{number}.zip", mutated(_zip({f"a{suffix}": data}), chance), "any")
            case _:
                put(f"改坏/{number}{suffix}", mutated(data, chance), "any")
    return fates


def _cases(chance: random.Random, scale: float) -> Iterator[tuple[str, bytes, Fate]]:
    """What is written by hand: bombs, entities, wrong names, odd sizes."""
    for suffix in FORMATS:
        yield f"空/空{suffix}", b"", "bad"
        yield f"噪声/噪声{suffix}", chance.randbytes(50_000), "bad"
        yield f"零/零{suffix}", bytes(50_000), "bad"
    good = notice(1)
    yield "好/第一号.docx", writers.docx(good), "good"
    yield "炸弹/炸弹.docx", _zip({"word/document.xml": b"<w>" + b" " * (60 * MB) + b"</w>"}), "bad"
    yield "炸弹/嵌套.zip", _zip({"甲.zip": _zip({"乙.txt": bytes(80 * MB)})}), "bad"
    yield "炸弹/重叠.zip", overlapping(200, 40 * MB), "bad"
    layers = _zip({"底.txt": "\n".join(notice(2)).encode()})
    for n in range(6):
        layers = _zip({f"{n}.zip": layers})
    yield "炸弹/六层.zip", layers, "bad"
    many = _zip({f"{n}.txt": b"" for n in range(6000)})
    yield "炸弹/六千.zip", many, "bad"
    entity = '<!DOCTYPE a [<!ENTITY b0 "质量">' + "".join(
        f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12)
    )
    for suffix, part in ((".docx", "word/document.xml"), (".ofd", "OFD.xml"), (".xlsx", "xl/workbook.xml")):
        for kind, head in (
            ("实体", entity + "]>"),
            ("外部", '<!DOCTYPE a [<!ENTITY b11 SYSTEM "file:///etc/passwd">]>'),
        ):
            xml = f'<?xml version="1.0"?>{head}<a>&b11;</a>'.encode()
            yield f"实体/{kind}{suffix}", _replaced(FORMATS[suffix](good), part, lambda _, xml=xml: xml), "bad"

    def long(number: int) -> int:
        return int(number * scale)

    rows = [f"{n}\t第{n}项质量活动\t市市场监管局" for n in range(long(10_000))]
    table = [*notice(3)[:3], "序号\t活动\t责任单位", *rows]
    yield "大表/一万行.docx", _table(table), "any"
    yield "大表/一万行.xlsx", writers.xlsx(table), "any"
    yield "大表/一万行.html", page(table).encode(), "any"
    yield "大表/合并.xlsx", _merged(), "bad"
    yield "深/深.docx", writers.word("<w:sdt><w:sdtContent>" * 20_000), "bad"
    yield "深/深.html", ("<html><body>" + "<div>" * long(50_000) + "质量" * 50).encode(), "any"
    yield (
        "深/深.mht",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b0\r\n\r\n"
        + b"".join(b"--b%d\r\nContent-Type: multipart/related; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(3000)),
        "bad",
    )
    yield "长/一行.txt", ("质量月活动，" * long(200_000)).encode(), "any"
    yield "长/括号.txt", ("（" * long(100_000) + "质量" + "《" * long(100_000)).encode(), "any"
    yield "长/数字.txt", ("1、" * long(150_000) + "12345" * long(50_000)).encode(), "any"
    yield "长/空白.txt", ("质 量 \u3000 \t" * long(150_000)).encode(), "any"
    yield "长/年份.txt", ("关于2024年的通知〔2024〕1号" * long(30_000)).encode(), "any"
    yield "加密/加密.zip", _encrypted(_zip({"甲.txt": "质量".encode()})), "bad"
    yield "加密/加密.docx", _encrypted(writers.docx(good)), "bad"
    yield "加密/加密.pdf", writers.pdf(writers.printed(good), password="geheim"), "bad"  # noqa: S106
    yield "加密/office.docx", writers.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "bad"
    for name, data in (("图.png", b"\x89PNG\r\n\x1a\n" + bytes(99)), ("压缩.rar", b"Rar!\x1a\x07\x01" + bytes(99))):
        yield f"别的/{name}", data, "bad"
    yield "别的/程序.exe", b"MZ" + bytes(999), "bad"
    yield "别的/演示.docx", _zip({"ppt/presentation.xml": b"<a/>"}), "bad"
    yield "别的/表格.doc", writers.compound({"Workbook": b"x"}), "bad"
    yield "别的/图片炸弹.png", _png_header(60_000, 60_000), "bad"


def _special(folder: Path, noise_mb: int) -> dict[str, Fate]:
    """What is no plain file, has an odd name, or is very large."""
    fates: dict[str, Fate] = {}
    odd = folder / "特殊"
    odd.mkdir(parents=True, exist_ok=True)
    (odd / "链接.txt").symlink_to("/etc/passwd")
    (odd / "环").symlink_to(odd)
    (odd / "断链.txt").symlink_to(folder / "没有")
    os.mkfifo(odd / "管道.txt")
    (odd / "零设备.txt").symlink_to("/dev/zero")
    fates |= {f"特殊/{name}": "bad" for name in ("链接.txt", "环", "断链.txt", "管道.txt", "零设备.txt")}
    raw = os.fsencode(odd) + "/通知".encode("gb18030") + b".txt"
    Path(os.fsdecode(raw)).write_text("\n".join(notice(4)), encoding="utf-8")
    fates["特殊/" + "通知".encode("gb18030").decode("utf-8", "backslashreplace") + ".txt"] = "good"
    for n, name in enumerate(
        ("名 字\t有\n空白.txt", "名字🈶.txt", "长" * 80 + ".txt", "-rf.txt", "%s{}$(x).txt"), start=5
    ):
        (odd / name).write_text("\n".join(notice(n)), encoding="utf-8")
        fates[f"特殊/{name}"] = "good"
    chance = random.Random(1)
    with (odd / "噪声.pdf").open("wb") as file:
        for _ in range(noise_mb):
            file.write(chance.randbytes(MB))
    fates["特殊/噪声.pdf"] = "bad"
    return fates


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, a stretch lost, doubled, or set to zero, or the end cut off."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    a, b = sorted(chance.randrange(len(out)) for _ in range(2))
    b = min(b, a + 2000)
    match chance.randrange(5):
        case 0:
            del out[a:b]
        case 1:
            out[a:a] = out[a:b] * chance.choice([1, 1, 50])
        case 2:
            out[a:b] = bytes(b - a)
        case 3:
            del out[max(a, 1) :]
        case _:
            pass
    return bytes(out)


def overlapping(files: int, size: int) -> bytes:
    """A zip whose entries all share the same packed bytes (Fifield's bomb, simplified)."""
    one = _zip({"0": bytes(size)})
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        info = archive.infolist()[0]
    local, central = one[: one.index(b"PK\x01\x02")], one[one.index(b"PK\x01\x02") : one.index(b"PK\x05\x06")]
    assert info.header_offset == 0
    directory = central * files
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, files, files, len(directory), len(local), 0)
    return local + directory + end


def _zip(parts: dict[str, bytes]) -> bytes:
    return writers.zipped(dict(parts))


def _replaced(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(bytes(parts[part]))  # type: ignore[arg-type]
    return writers.zipped(parts)


def _inside(data: bytes, chance: random.Random) -> bytes:
    """One part of a sound package, mutated."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = chance.choice([info.filename for info in archive.infolist() if info.file_size > 20])
    return _replaced(data, part, lambda xml: mutated(xml, chance))


def _table(paragraphs: list[str]) -> bytes:
    """A .docx with a table, by hand: python-docx needs minutes for ten thousand rows."""
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    body = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs if "\t" not in p)
    rows = ("".join(map(cell.format, p.split("\t"))) for p in paragraphs if "\t" in p)
    return writers.word(body + "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")


def _merged() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "质量" * 5000
    sheet.merge_cells("A1:Z500")
    out = io.BytesIO()
    book.save(out)
    return _replaced(out.getvalue(), "xl/worksheets/sheet1.xml", lambda x: x.replace(b"A1:Z500", b"A1:XFD1048576"))


def _encrypted(data: bytes) -> bytes:
    out = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := out.find(mark, start)) >= 0:
            out[start + at] |= 1
            start += 4
    return bytes(out)


def _png_header(wide: int, high: int) -> bytes:
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
