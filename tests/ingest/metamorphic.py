"""The same document in another dress: what these functions do to a text changes no fact that it states.

Each takes the text of a document (paragraphs one a line) and gives another text; tests compare what is read from both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

_FULL = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
# what no printed line begins with, and what none ends with
_NOT_FIRST = "，。、；：！？）》”’〕】〉%"
_NOT_LAST = "（《“‘〔【〈"


def wrap_lines(text: str, width: int, *, columns: bool = False, indent: str = "") -> str:
    """Break each line after `width` characters, or, with `columns`, as a page does.

    A page counts two columns for a Han character and moves a break that would leave a comma at the beginning of a
    line or a bracket at its end. `indent` is put before the first line of what is broken.
    """
    out: list[str] = []
    for line in text.split("\n"):
        if "\t" in line:
            out.append(line)
        else:
            out += _printed(indent + line, width) if columns else _sliced(indent + line, width)
    return "\n".join(out)


def _sliced(line: str, width: int) -> list[str]:
    return [line[i : i + width] for i in range(0, len(line), width)] or [""]


def _printed(line: str, width: int) -> list[str]:
    out: list[str] = []
    start = used = 0
    for i, char in enumerate(line):
        room = 1 if char.isascii() else 2
        if used + room > width and i > start:
            at = i
            while at > start + 1 and (line[at] in _NOT_FIRST or line[at - 1] in _NOT_LAST):
                at -= 1
            out.append(line[start:at])
            start, used = at, sum(1 if c.isascii() else 2 for c in line[at:i])
        used += room
    return [*out, line[start:]]


def cut_lines(text: str, width: int, every: int = 1, *, indent: int = 4) -> str:
    """Print a text at `width` columns and cut the stretched lines at punctuation, as tools do with justified pages.

    A line is stretched that its words do not fill; of the marks in it each `every`-th cuts. The last line of a
    paragraph stays whole; the first is `indent` columns shorter.
    """
    out: list[str] = []
    for line in text.split("\n"):
        *full, last = _printed("\u3000" * (indent // 2) + line, width)
        for printed in full:
            filled = sum(1 if c.isascii() else 2 for c in printed) >= width
            out += [printed.strip("\u3000")] if filled else _cut(printed.strip("\u3000"), every)
        out.append(last.strip("\u3000"))
    return "\n".join(out)


def _cut(line: str, every: int) -> list[str]:
    cuts = [i for i in range(1, len(line)) if _cut_between(line[i - 1], line[i])][every - 1 :: every]
    return [line[a:b] for a, b in pairwise([0, *cuts, len(line)])]


def _cut_between(before: str, after: str) -> bool:
    return (before in "，。、；：）》”〕" and after not in _NOT_FIRST) or (
        after in _NOT_LAST and before not in _NOT_LAST
    )


def unwrap_lines(text: str) -> str:
    """Put each paragraph that blank lines mark on one line."""
    return "\n".join("".join(part.split("\n")) for part in re.split(r"\n\s*\n", text))


def blank_lines(text: str) -> str:
    """Put a blank line between all lines, where there is none."""
    return re.sub(r"\n+", "\n\n", text)


def no_blank_lines(text: str) -> str:
    """Take blank lines out."""
    return re.sub(r"\n(?:[ \t\u3000]*\n)+", "\n", text)


def full_width(text: str) -> str:
    """Write digits and Latin letters in full width, as some input methods do."""
    return text.translate(_FULL)


def spaced_digits(text: str) -> str:
    """Put a blank between Han characters and digits, as some typesetters do."""
    return re.sub(r"(?<=\d)(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=\d)", " ", text)


def page_numbers(text: str, lines: int = 30, head: str = "") -> str:
    """Put a page number, and the head of the next page, after every `lines` lines."""
    out: list[str] = []
    for i, line in enumerate(text.split("\n"), 1):
        out.append(line)
        if i % lines == 0:
            out += [f"- {i // lines} -", *([head] if head else [])]
    return "\n".join(out)


def front_matter(text: str, meta: Mapping[str, str]) -> str:
    """Put a collector's particulars before the text, as a block of YAML."""
    return "\n".join(["---", *(f"{name}: {value}" for name, value in meta.items()), "---", "", text])


def one_line(text: str, joint: str = "") -> str:
    """Put the whole document on one line, the pieces glued together or with `joint` where line ends were.

    Two Latin words keep a blank between them, and the cells of a table one.
    """
    lines = [line.strip().replace("\t", " ") for line in text.split("\n") if line.strip()]
    out = lines[0] if lines else ""
    for line in lines[1:]:
        latin = out[-1].isascii() and line[0].isascii() and out[-1].isalnum() and line[0].isalnum()
        out += (joint or (" " if latin else "")) + line
    return out + "\n"


_LABELS = {"title": "标题", "published": "发布时间", "publisher": "发布机构", "column": "栏目", "url": "原文链接"}


def collector_head(text: str, meta: Mapping[str, str], *, labels: Mapping[str, str] | None = None) -> str:
    """Put the particulars that a collector keeps before a text, with a rule below them.

    `meta` is by what a label means; `labels` says the words for it. A line without a label stands among them.
    """
    names = labels or _LABELS
    head = [f"{names.get(key, key)}: {value}" for key, value in meta.items()]
    head += ["本地目录: zwgk/201511/2598_" + meta.get("title", ""), "页面链接与图片详见 links.tsv(同目录)"]
    return "\n".join([*head, "==================== 正文 ====================", text])


def menus(text: str, title: str) -> str:
    """Put the words of a page's menus on the lines around a text, as a careless copy does."""
    above = ["当前位置：首页 > 政务公开 > 通知公告", "字号：大 中 小", "【打印】【关闭】"]
    return "\n".join([*above, title, "微信 微博 QQ空间", text, "浏览次数：128", "附件下载", "返回顶部"])
