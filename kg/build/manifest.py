"""What a generation was made from, kept beside it as `manifest.json`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from kg.core.errors import EnvironmentProblem

FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Facts about a generation.

    `sequence` and `change` are the number and the token of the catalogue's change that it shows (the token tells
    the catalogue from an older copy of it that went on differently); `fingerprint` is everything else that decides its
    contents (catalogue identity, ontology, base IRI, embedder, step versions): where it differs, a generation
    is built from scratch. `entries` is what the projections report (quads, passages, model ...), `files` what
    each file must be (`kg.build.seals`), `catalogue` the file that it was made from (`kg.build.lineage`), where that is
    not the one that every home begins with.
    """

    number: int
    created: str  # ISO 8601, UTC
    sequence: int
    documents: int
    fingerprint: dict[str, str]
    entries: dict[str, Any] = field(default_factory=dict)
    scratch: bool = True
    seconds: float = 0.0
    change: str = ""
    files: dict[str, str] = field(default_factory=dict)
    seal: str = ""  # of all the rest; a manifest of an older version has none
    catalogue: str = ""

    def encode(self) -> bytes:
        """Readable JSON, sealed."""
        return msgspec.json.format(msgspec.json.encode(replace(self, seal=self._sealed())), indent=1) + b"\n"

    def _sealed(self) -> str:
        told = msgspec.to_builtins(replace(self, seal=""))
        if not self.catalogue:  # as sealed before there was such a thing
            del told["catalogue"]
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]  # of this manifest, compared with no other

    @classmethod
    def decode(cls, data: bytes) -> Manifest:
        """The inverse of `encode`. Raises `msgspec.MsgspecError`."""
        return msgspec.json.decode(data, type=cls)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a generation. Raises `EnvironmentProblem` if it cannot be read."""
        try:
            found = cls.decode((folder / FILE).read_bytes())
        except (OSError, msgspec.MsgspecError) as error:
            raise EnvironmentProblem(f"索引 {folder} 不完整（{error}）。请运行 policykg rebuild 重建") from error
        if found.seal and found.seal != found._sealed():  # noqa: SLF001 - its own class
            raise EnvironmentProblem(f"索引 {folder} 的清单与发布时不同。请运行 policykg rebuild 重建")
        return found
