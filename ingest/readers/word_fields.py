"""Fields of Word (ISO/IEC 29500-1 §17.16): their results are text, their instructions are not.

A field may hold others in its instruction ({ IF { MERGEFIELD x } = … }); what those show there is seen by nobody. A few
fields store no result at all: of EQ the instruction itself says what is printed (a number in a circle, a fraction).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ingest.readers.package import attribute, local
from ingest.readers.symbols import symbol

_MATCHED = "policykg-matched"
_OUTSIDE = frozenset(["del", "moveFrom"])
# Fields that print something; where no result is stored, it is not known. Others without one are marks (TC, XE).
_PRINTING = frozenset(
    (
        *("AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "LISTNUM", "SEQ", "REF", "NOTEREF", "STYLEREF", "QUOTE", "IF", "="),
        *("DOCPROPERTY", "DOCVARIABLE", "MERGEFIELD", "INCLUDETEXT", "DATE", "SAVEDATE", "CREATEDATE", "TITLE"),
    )
)
_ENCLOSURES = frozenset("○〇◯□△◇")
_MOST_CIRCLED = 20
_HIGH = "\0"  # before what is raised
_DEEPEST = 20  # elements of an EQ field inside one another
_ELEMENT = re.compile(r"\s*([A-Za-z])((?:\s{0,4}\\[A-Za-z]{2}(?:\\.|[-\d.\s]{0,8}))*)\s*\(")
_SWITCH = re.compile(r"\*\s*(?:\"[^\"]*\"|\S+)")
_SYMBOL = re.compile(r"SYMBOL\s+(0x[0-9A-Fa-f]{1,4}|\d{1,5})(?:.*?\\f\s*\"?([^\"\\]{1,40}))?", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    """A field that has begun: its instruction so far, and whether its result has."""

    code: list[str] = field(default_factory=list)
    in_result: bool = False

    @property
    def kind(self) -> str:
        """REF, TOC, …"""
        words = "".join(self.code).split(maxsplit=1)
        return words[0].upper() if words else ""


class Fields:
    """Where in its fields a text is; they go on over paragraphs. `unknown` counts one whose result is not stored."""

    def __init__(self, unknown: Callable[[], None]) -> None:
        self._open: list[_Open] = []
        self._unknown = unknown

    @property
    def shown(self) -> bool:
        """Whether words here are printed text; a table of contents only repeats the headings."""
        return all(one.in_result and one.kind != "TOC" for one in self._open)

    def instruct(self, words: str) -> None:
        """Take a piece of an instruction."""
        if self._open and not self._open[-1].in_result:
            self._open[-1].code.append(words)

    def mark(self, node: Any) -> str:
        """Take a `fldChar`; returns what the field that ends here prints, where its instruction says so."""
        kind = attribute(node, "fldCharType")
        if node.get(_MATCHED) is None:
            return ""
        if kind == "begin":
            self._open.append(_Open())
        elif kind == "separate" and self._open:
            self._open[-1].in_result = True
        elif kind == "end" and self._open:
            done = self._open.pop()
            if not done.in_result and self.shown:
                return self._printed(done)
        return ""

    def _printed(self, done: _Open) -> str:
        code = "".join(done.code).strip()
        if done.kind == "EQ":
            return equation_code_to_text(code[2:])
        if found := _SYMBOL.match(code):
            return symbol((found[2] or "").strip() or None, int(found[1], 0))
        if done.kind in _PRINTING:
            self._unknown()
        return ""


def match_fields(root: Any) -> None:
    """Mark the begin, separator and end of each whole field: one that never ends must not swallow the text after it."""
    if root is None or next(root.iter("{*}fldChar"), None) is None:
        return
    waiting: list[list[Any]] = []
    stack = [iter([root])]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif local(node) == "fldChar":
            kind = attribute(node, "fldCharType")
            if kind == "begin":
                waiting.append([node])
            elif waiting and kind in ("separate", "end"):
                waiting[-1].append(node)
                if kind == "end":
                    for part in waiting.pop():
                        part.set(_MATCHED, "1")
        elif local(node) and local(node) not in _OUTSIDE:
            stack.append(iter(node))


def equation_code_to_text(code: str) -> str:
    r"""What an EQ field prints, on one line.

    equation_code_to_text(r"\o\ac(○,1)")  # ①
    equation_code_to_text(r"\f(1,3)")  # 1/3
    """
    return _Code(code).text().replace(_HIGH, "").strip()


class _Code:
    r"""The instruction of an EQ field: text, and elements \x\options(argument,argument)."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._at = 0

    def text(self, depth: int = 0, *, inside: bool = False) -> str:
        """Up to the end, or (inside an element) to the mark that ends an argument."""
        out: list[str] = []
        while self._at < len(self._code):
            char = self._code[self._at]
            if inside and char in ",;)":
                break
            self._at += 1
            if char == "\\" and depth < _DEEPEST:
                out.append(self._element(depth))
            else:
                out.append(char)
        return "".join(out)

    def _element(self, depth: int) -> str:
        found = _ELEMENT.match(self._code, self._at)
        if found is None:  # \( stands for the bracket itself; \* jc2 are switches of the field
            switch = _SWITCH.match(self._code, self._at)
            self._at = switch.end() if switch else self._at + 1
            return "" if switch else self._code[self._at - 1 : self._at]
        self._at = found.end()
        parts: list[str] = []
        while True:
            parts.append(self.text(depth + 1, inside=True).strip())
            ended = self._code[self._at : self._at + 1]
            self._at += 1
            if ended in (")", ""):
                break
        return _shown(found[1].lower(), found[2].lower(), parts)


def _shown(kind: str, options: str, parts: list[str]) -> str:
    if kind == "f" and len(parts) > 1:
        return "/".join(f"({part})" if len(part) > 1 and not part.isalnum() else part for part in parts[:2])
    if kind == "r":
        return f"√({parts[-1]})" if len(parts[-1]) > 1 else f"√{parts[-1]}"
    if kind == "o":  # one upon the other: a shape around a number, or the sound of a character above it
        inner = [part for part in parts if part and part not in _ENCLOSURES and not part.startswith(_HIGH)]
        words = "".join(inner)
        if len(inner) < len(parts) and words.isdecimal() and 1 <= int(words) <= _MOST_CIRCLED:
            return chr(0x2460 + int(words) - 1) if any(p in _ENCLOSURES for p in parts) else words
        return words
    if kind == "s" and "up" in options:
        return _HIGH + "".join(parts)  # raised: over what, the element around it knows
    return " ".join(parts) if kind in ("a", "l") else "".join(parts)
