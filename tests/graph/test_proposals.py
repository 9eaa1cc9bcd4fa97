"""Series that the documents suggest."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.graph.proposals import names_of
from kg.service import Service

PLAN = """关于开展{year}年甲市“安全生产月”活动的通知

各县区应急管理局：

一、活动内容

（一）举办“安全蜗牛”巡讲活动。深入社区巡讲。

（二）开展渡口渡船专项检查。检查所有渡口。

（三）举办“{once}”展览。展出作品。

甲市应急管理局
{year}年5月8日
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("proposals")
    for year, once in ((2021, "蓝色画卷"), (2022, "红色记忆")):
        (folder / f"{year}.txt").write_text(PLAN.format(year=year, once=once), encoding="utf-8")
    made = Service(Settings(home=folder / "home", embedder="none", file_seconds=0))
    assert made.ingest([folder])["added"] == 2
    return made


def proposed(service: Service) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for name, _, year, *_ in service.sparql(service.saved_query("proposed-series"))["rows"]:
        found.setdefault(name, set()).add(year)
    return found


def test_names_that_recur_are_proposed_and_others_are_not(service: Service) -> None:
    assert proposed(service) == {"安全蜗牛": {2021, 2022}, "渡口渡船专项检查": {2021, 2022}}


def test_a_proposal_goes_with_its_second_document(service: Service, tmp_path: Path) -> None:
    del tmp_path
    service.remove(["2022.txt"])
    assert proposed(service) == {}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("举办“安全蜗牛”巡讲活动", {"安全蜗牛"}),
        ("组织开展公园服务质量专项检查", {"公园服务质量专项检查"}),
        ("开展2024年“质量月”活动", set()),
        ("开展检查", set()),
        ("开展甲、乙两项检查", set()),
    ],
)
def test_what_a_title_is_known_by(title: str, names: set[str]) -> None:
    assert names_of(title) == names
