"""Exact keys (文号, titles, articles) as words of a full-text column, so that an index finds them.

    own    ⟨青质办2024 72号⟩ -> o3f9a1c20b7d8
    cited, article alike with c and a

A hash has nothing at which the engine's parser would part it; of 2^48 pairs of keys one shares a hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

OWN, CITED, ARTICLE = "o", "c", "a"


def mark(kind: str, key: str) -> str:
    """The word of a key."""
    return kind + hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def marked(kind: str, keys: Iterable[str]) -> list[str]:
    """The words of some keys, each once."""
    return [mark(kind, key) for key in dict.fromkeys(keys) if key]
