"""Names of the documents of one file that holds several: `汇编.txt#2` is the second one in `汇编.txt`.

No file that is taken in ends like this itself: the ending of its name decides whether it can be read.
"""

from __future__ import annotations

import re

_PART = re.compile(r"#([1-9]\d*)$")


def part_name(file: str, number: int) -> str:
    """The name (a source, an absolute path, an id to be hashed) of one document of a file."""
    return f"{file}#{number}"


def file_of(name: str) -> str:
    """The file that a document stands in: of one that is a whole file, its own name."""
    return _PART.sub("", name)


def part_number(name: str) -> int | None:
    """Which of its file's documents a name means; None for a whole file."""
    found = _PART.search(name)
    return int(found[1]) if found else None


def shown(path: str) -> str:
    """A file's name for people, of either kind of slash: 汇编.txt, or 汇编.txt（第2份） of one of its documents."""
    name, number = re.split(r"[/\\]", file_of(path))[-1], part_number(path)
    return name if number is None else f"{name}（第{number}份）"
