"""What a generation was made from, kept beside it as `manifest.json`."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    each file must be (`kg.build.seals`).
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

    def encode(self) -> bytes:
        """Readable JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a generation. Raises `EnvironmentProblem` if it cannot be read."""
        try:
            return msgspec.json.decode((folder / FILE).read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError) as error:
            raise EnvironmentProblem(f"索引 {folder} 不完整（{error}）。请运行 policykg rebuild 重建") from error
