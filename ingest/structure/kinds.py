"""The kind of a document (公文种类) from its title: the longest known kind that ends it.

The words stand in `ontology/forms/genres.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ontology.forms import Forms
from ontology.forms.quick import Quick

_TAIL_REACH = 60  # characters from the end in which trailers of a title stand


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds: of each word its kind, and how long words are, the longest first."""

    statutory: frozenset[str]
    kinds: dict[str, str]
    lengths: tuple[int, ...]
    trailer: Quick


@lru_cache(maxsize=2)
def kinds_of(forms: Forms) -> Kinds:
    """The kinds of `genres.toml`."""
    fold = {str(row["word"]): str(row["kind"]) for row in forms.rows("kind.fold")}
    statutory = frozenset(forms.words("kind.statutory"))
    words = (*statutory, *forms.words("kind.legislative"), *forms.words("kind.working"))
    every = {word: word for word in words} | fold
    return Kinds(
        statutory, every, tuple(sorted({len(word) for word in every}, reverse=True)), forms.quick("title.trailer")
    )


def title_to_kind(title: str, forms: Forms) -> str | None:
    """`关于印发《…方案》的通知` -> 通知; `…暂行办法（试行）` -> 办法; None when the title ends in no known kind."""
    kinds = kinds_of(forms)
    bare = title.strip()[-_TAIL_REACH:]
    bare = _without(kinds.trailer, _without(kinds.trailer, bare).rstrip("》〉”"))
    if forms.find("kind.case", bare):
        return None
    return next((kinds.kinds[bare[-n:]] for n in kinds.lengths if bare[-n:] in kinds.kinds), None)


def _without(trailer: Quick, title: str) -> str:
    found = trailer.search(title)
    return title[: found.start()] if found else title


def is_statutory(kind: str | None, forms: Forms) -> bool:
    """Whether this is one of the fifteen kinds that 党政机关公文处理工作条例 names."""
    return kind in kinds_of(forms).statutory


def ends_like_title(line: str, forms: Forms) -> bool:
    """Whether a line could be the last line of a title."""
    return title_to_kind(line, forms) is not None
