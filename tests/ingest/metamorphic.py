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
