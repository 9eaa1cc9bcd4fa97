"""What frames the text of a page: page numbers, and heads and feet, of which some belong to the document.

Letterhead and 发文字号 often stand in the head of the first page; what else stands there repeats a title, names a site
or counts pages.
"""

from __future__ import annotations

import re

from ontology.forms import load

_OF_A_DOCUMENT = re.compile(
    r"[〔﹝\[［【（(]\s?(?:19|20)\d{2}\s?[〕﹞\]］】）)]\s?第?\s?\d{1,5}\s?号|(?:文件|公报)$|^(?:抄送|主送|签发人?)[：:]|印发$"
)
# of a line that is known to be a head or a foot: anything that only counts
_COUNTS = re.compile(
    r"[第共页總总，,、〇零一二三四五六七八九十百\s\d/\-—–－·•~～|IVXivx]*|(?:[Pp]age|PAGE)[\s\d]*(?:of)?[\s\d]*"
)


def is_page_number(text: str) -> bool:
    """Whether a line anywhere is nothing but the number of its page."""
    return load().pattern("layout.page").fullmatch(text.strip()) is not None


def only_counts(text: str) -> bool:
    """Whether a line of a head or a foot only counts pages."""
    return _COUNTS.fullmatch(text.strip()) is not None


def is_of_the_document(text: str) -> bool:
    """Whether a line of a head or a foot is part of the document wherever it stands: its number, its letterhead."""
    return _OF_A_DOCUMENT.search(text.strip()) is not None
