"""A file that no title was read of: two letters in one, a fragment."""

from __future__ import annotations

from pathlib import Path

from kg.core.config import Settings
from kg.service import Service

LETTER = """{n}.甲市教育局关于印发《甲市{y}年数字化工作要点》的通知
甲教通〔{y}〕5{n}号
各县（市、区）教育局：
现将《甲市{y}年数字化工作要点》印发给你们，请认真贯彻落实。
甲市教育局
{y}年5月29日
"""


def test_it_is_called_by_its_file_and_the_graph_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "两份.txt"
    file.write_text(LETTER.format(n=1, y=2023) + LETTER.format(n=2, y=2024), encoding="utf-8")
    service = Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))
    service.ingest([file])
    (listed,) = service.documents()
    assert listed["title"] == ""
    assert service.check()["problems"] == []
    answer = service.ask("谁印发了数字化工作要点？")
    assert "《》" not in answer["answer"]
