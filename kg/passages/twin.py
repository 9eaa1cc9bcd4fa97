"""The files of a model folder that make sentence-transformers load the static model as its own `StaticEmbedding`.

Its class sums the rows of the tokens that a `tokenizers` pipeline cuts a text into. Such a pipeline can only divide a
text, and our bigrams overlap; so the normaliser first writes each character three times with two marks, `a` as
`aMaNa`, and the splitter divides

    质量月  ->  质M质N质 量M量N量 月M月N月  ->  质 | 质量 | 量 | 量月 | 月

at the marks, leaving out the first copy of a run and the last. The weights are read as they are: sentence-transformers
multiplies `embeddings` (of any number type) by `weights`, which was made for model2vec's files.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.passages.grams import WORD_RANGES
from kg.passages.tokens import simplified

UNKNOWN = "[UNK]"  # its row is the last, and zero
_FIRST, _LAST = "\ue000", "\ue001"  # the marks; private use, so no text has them
_WORD = "".join(f"{first}-{last}" for first, last in WORD_RANGES)
# What lies between tokens: marks, with the copies at the ends of a run, and all that is no word.
_BETWEEN = f"(?:(?<![{_WORD}])[{_WORD}])?{_FIRST}|{_LAST}(?:[{_WORD}](?![{_WORD}]))?|[^{_WORD}{_FIRST}{_LAST}]+"
_MODULES = (
    "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    ("sentence_transformers.base.modules.normalize.Normalize"),
)


def write_twin(folder: Path, grams: Sequence[str]) -> None:
    """Write `tokenizer.json`, `modules.json` and the configuration; `grams` in the order of the rows."""
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": _MODULES[0]},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": _MODULES[1]},
    ]
    configuration = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine", "prompts": {}}
    for name, value in (("modules.json", modules), ("config_sentence_transformers.json", configuration)):
        (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "tokenizer.json").write_text(grams_to_tokenizer(grams).to_str(pretty=False), encoding="utf-8")


def grams_to_tokenizer(grams: Sequence[str]) -> Any:
    """A `tokenizers.Tokenizer` whose ids are positions in `grams`; `len(grams)` stands for all others."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = {gram: number for number, gram in enumerate(grams)} | {UNKNOWN: len(grams)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=UNKNOWN))
    folded: dict[str, str] = {char: char for char in sorted(set("".join(grams)))}
    folded |= {other: char for other, char in simplified().items() if char in folded}
    tripled = {char: f"{plain}{_FIRST}{plain}{_LAST}{plain}" for char, plain in folded.items()}
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Precompiled(characters_to_charsmap(tripled))]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_BETWEEN), "removed")
    return tokenizer


def characters_to_charsmap(replacements: Mapping[str, str]) -> bytes:
    """A map of single characters in SentencePiece's form: a double-array trie (darts-clone) and what its leaves name.

    A cell is `label | has leaf << 8 | offset << 10`: the children of the node at `i` are at `i ^ offset ^ byte`, and
    the value of a key that ends there at `i ^ offset`.
    """
    text = bytearray()
    root: dict[int, Any] = {}
    for char, replacement in sorted(replacements.items()):
        node = root
        for byte in char.encode():
            node = node.setdefault(byte, {})
        node[0] = len(text)  # no byte of UTF-8 is 0
        text += replacement.encode() + b"\0"
    trie = _Trie()
    trie.place(root, 0, 0)
    cells = struct.pack(f"<{len(trie.cells)}I", *trie.cells)
    return struct.pack("<I", len(cells)) + cells + bytes(text)


class _Trie:
    """Cells being filled. No two nodes share a base, else one would find the other's children."""

    def __init__(self) -> None:
        self.cells = [0] * 256
        self._taken = {0}
        self._bases = {0}
        self._lowest = 1  # no base below is free

    def place(self, node: dict[int, Any], at: int, label: int) -> None:
        """Write a node into the cell `at`, and all that is below it."""
        base = self._base(node)
        self.cells[at] = label | (0 in node) << 8 | (at ^ base) << 10
        for byte, below in node.items():
            if byte == 0:
                self.cells[base] = below | 1 << 31
            else:
                self.place(below, base ^ byte, byte)

    def _base(self, node: dict[int, Any]) -> int:
        while self._lowest in self._bases or self._lowest in self._taken:
            self._lowest += 1
        base = self._lowest
        while base in self._bases or any(base ^ byte in self._taken for byte in node):
            base += 1
        self._bases.add(base)
        self._taken.update(base ^ byte for byte in node)
        # Whichever byte is looked up there, its cell exists.
        self.cells += [0] * ((base | 255) + 1 - len(self.cells))
        return base
