"""What people call a document."""

from __future__ import annotations

import pytest

from kg.core.config import Settings
from kg.core.errors import UnknownName, UsageError
from kg.service import Service

TEXT = "甲市应急管理局文件\n\n甲应急〔2021〕{n}号\n\n关于做好{what}工作的通知\n\n各县区应急管理局：\n\n请认真做好{what}工作，落实各项措施。\n"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("naming")
    for n, what in ((3, "防汛"), (4, "防火")):
        (folder / f"{what}通知.txt").write_text(TEXT.format(n=n, what=what), encoding="utf-8")
    made = Service(Settings(home=folder / "home", embedder="none", file_seconds=0))
    assert made.ingest([folder])["added"] == 2
    return made


@pytest.mark.parametrize(
    "name", ["防汛通知.txt", "防汛通知", "关于做好防汛工作的通知", "甲应急〔2021〕3号", "甲应急[2021]3号", "防汛"]
)
def test_ways_to_name_a_document(service: Service, name: str) -> None:
    assert service.document(name)["title"] == "关于做好防汛工作的通知"


def test_a_part_that_fits_several_is_refused(service: Service) -> None:
    with pytest.raises(UsageError, match="多个文档"):
        service.document("通知")


def test_removal_never_guesses(service: Service) -> None:
    with pytest.raises(UnknownName):
        service.remove(["防汛"])
    assert len(service.documents()) == 2
