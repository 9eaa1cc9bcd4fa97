"""How much a reader takes on, and the refusals: every limit is typed, and every message says what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of what is in one file; its size is bounded where it is found (max_file_mb).

    The defaults leave room for any real 公文 and keep a hostile one below 1.5 GB.
    """

    pages: int = 3000
    entries: int = 5000  # of a zip-based format; a 1,000-page ofd with a file a page has about 3,000
    part_bytes: int = 64 * 2**20  # of one unpacked XML part: lxml needs about eight times as much
    unpacked_bytes: int = 400 * 2**20
    ratio: int = 200  # unpacked : packed, of parts above `ratio_from`; the widest real tables reach about 100
    ratio_from: int = 2**20
    characters: int = 20_000_000  # of the text; the longest law has about 300,000
    pixels: int = 100_000_000  # of one picture: an A3 page at 600 dpi has 70 million
    rows: int = 50_000  # of one spreadsheet file
    cells: int = 1_000_000


LIMITS = Limits()


class RefusedFileError(ValueError):
    """A file that is not read; its message is the reason for people."""


class LimitError(RefusedFileError):
    """A file beyond its limits; carries both numbers."""

    def __init__(self, what: str, found: float, limit: float, hint: str = "请拆分文件后重试") -> None:
        super().__init__(f"{what}为 {found:,.0f}，超过上限 {limit:,.0f}，{hint}")
        self.found = found
        self.limit = limit


class EncryptedFileError(RefusedFileError):
    """A file that opens only with a password."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} 文件已加密，请先用原软件取消密码保护后重试")


class DamagedFileError(RefusedFileError):
    """A file whose format is known but whose content cannot be followed."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(
            f"{kind} 文件已损坏或不完整{f'（{detail}）' if detail else ''}，请用原软件打开并重新保存后重试".lstrip()
        )
