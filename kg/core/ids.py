"""Identifiers: deterministic, so that removing and ingesting a document again yields the same graph.

IRIs keep the Chinese name readable (they are IRIs, RFC 3987); only what an IRI may not contain is escaped.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import quote

from kg.core.parts import file_of, part_name, part_number

ONTOLOGY = "https://w3id.org/policykg/ontology#"
DEFAULT_BASE = "https://w3id.org/policykg/id/"
DIGITS = 20  # hexadecimal, of a document's id
FORMER_DIGITS = 10  # of the ids of before

# What would divide a path, and what no IRI may hold (RFC 3987 §2.2, ucschar): U+FFFD of damaged bytes among it.
_NONE = "".join(chr(plane * 0x10000 + last) for plane in range(1, 15) for last in (0xFFFE, 0xFFFF))
_FORBIDDEN = re.compile(
    r"[\x00-\x20<>\"{}|\\^`%#?/\[\]\x7f-\x9f\u2028\u2029\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff"
    rf"\U000e0000-\U000e0fff\U000f0000-\U0010ffff{_NONE}]"
)
_FORMER = re.compile(rf"d-[0-9a-f]{{{FORMER_DIGITS}}}")
_FORMER_INSIDE = re.compile(rf"(?<![0-9A-Za-z])d-[0-9a-f]{{{FORMER_DIGITS}}}(?![0-9A-Za-z])")
_PLAIN = re.compile(r"[0-9A-Za-z-]+")
_TITLE_NOISE = re.compile(r"[\s“”\"'‘’「」『』《》〈〉，,。．.；;：:、·—–\-…〔〕\[\]【】()（）]+")


def sha256(data: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(data).hexdigest()


def document_id(source_key: str) -> str:
    """A stable id of a source (its absolute path), e.g. `d-3f9a1c20b7d84e651f02`.

    Eighty bits: of a million documents two share one with a chance of 4e-13, of a billion with 4e-7; with the forty
    of before it was 37 % at a million.
    """
    name = PurePosixPath(source_key).as_posix().encode("utf-8", "surrogatepass")
    return "d-" + hashlib.sha256(name).hexdigest()[:DIGITS]


def id_at(source_key: str) -> str:
    """The id of what stands at an absolute path: a file, or one of the documents in it (`汇编.txt#2`)."""
    number = part_number(source_key)
    return document_id(source_key if number is None else part_name(document_id(file_of(source_key)), number))


def is_former(name: str) -> bool:
    """Whether a name has the form of the ids of before, of forty bits: `d-3f9a1c20b7`."""
    return _FORMER.fullmatch(name) is not None


def formers_replaced(text: str, current: Callable[[str], str]) -> str:
    """A text with what `current` gives for each id of the old form in it: of a document's IRI, of a passage."""
    return _FORMER_INSIDE.sub(lambda found: current(found[0]), text)


def slug(text: str) -> str:
    """One IRI path segment that keeps Chinese readable."""
    if text.isascii() and _PLAIN.fullmatch(text):  # an id, a number, two offsets: most of all
        return text
    text = unicodedata.normalize("NFC", text.strip())
    return _FORBIDDEN.sub(lambda m: quote(m[0], safe="") if m[0].isprintable() and m[0] != " " else "_", text)


def title_key(title: str) -> str:
    """The form in which titles are compared: NFKC, no blanks, no punctuation, no 中华人民共和国 prefix."""
    key = _TITLE_NOISE.sub("", unicodedata.normalize("NFKC", title)).lower()
    return key.removeprefix("中华人民共和国")


def order_key(number: str) -> str:
    """The number of an order in the form of comparing: 国务院令第493号 and 国务院令 493 号, 政府 for 人民政府."""
    return re.sub(r"\s|第", "", number).replace("人民政府", "政府")


def number_key(number: str) -> str:
    """The form in which document numbers are compared: 沪质办〔2022〕5号 -> 沪质办20225号 with brackets kept as |."""
    key = re.sub(r"\s+", "", unicodedata.normalize("NFKC", number))
    return re.sub(r"[〔〕\[\]【】()〈〉（）]", "|", key)


def iri(base: str, kind: str, *parts: str) -> str:
    """`iri(base, "agency", "上海市青浦区", "青浦区市场监督管理局")`."""
    return base + kind + "/" + "/".join(slug(p) for p in parts)
