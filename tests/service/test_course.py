"""沿革: from made-up rules: adopted, changed, repealed, and how each stands on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kg.core.config import Settings
from kg.core.model import Effect, Evidence
from kg.core.standing import Standing, standing
from kg.graph.iris import Iris
from kg.service import Service
from kg.service.course import Course
from ontology.forms import load

OLD = """# 海城市河道管理条例

2001年3月2日海城市第十届人民代表大会常务委员会第二十次会议通过

2010年5月6日海城市第十二届人民代表大会常务委员会第九次会议《关于修改〈海城市河道管理条例〉的决定》第一次修正

## 第一章 总则

第一条 为了加强河道管理，制定本条例。

第二条 本市行政区域内的河道适用本条例。

第三条 本条例自2001年5月1日起施行。
"""
NEW = """# 海城市水环境条例

2031年3月2日海城市第二十届人民代表大会常务委员会第三次会议通过

## 第一章 总则

第一条 为了保护水环境，制定本条例。

第二条 本市行政区域内的水体适用本条例。

第三条 本条例自2031年6月1日起施行。《海城市河道管理条例》同时废止。
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("course")
    (folder / "河道.md").write_text(OLD, encoding="utf-8")
    (folder / "水环境.md").write_text(NEW, encoding="utf-8")
    (folder / "通知.txt").write_text(
        "海城市水务局文件\n关于开展河道清理的通知\n各区水务局：\n根据《海城市河道管理条例》，现就河道清理通知如下。\n"
        "一、清理河道\n由海城市水务局负责。\n《海城市市容条例》也提到清理。\n海城市水务局\n2030年9月1日\n",
        encoding="utf-8",
    )
    service = Service(Settings(home=folder / "home", embedder="none", file_seconds=0))
    assert service.ingest([folder])["failed"] == []
    return service


def course(service: Service, title: str, day: str) -> dict[str, Any]:
    snapshot = service.snapshot()
    held = next(item.id for item in snapshot.catalogue.documents() if item.title == title)
    made = Course(snapshot.catalogue, snapshot.store, Iris(service.settings.base_iri), load())
    return made.of(held, title, day=dt.date.fromisoformat(day))


def test_a_repealed_rule_tells_its_whole_course_with_the_sentences(service: Service):
    found = course(service, "海城市河道管理条例", "2031-07-01")
    assert [(step["date"], step["act"], step["way"]) for step in found["steps"]] == [
        ("2001-03-02", "通过", "own"),
        ("2001-05-01", "施行", "own"),
        ("2010-05-06", "第一次修正", "own"),
        ("2031-06-01", "废止", "by"),
    ]
    last = found["steps"][-1]
    assert last["name"] == "海城市水环境条例"
    text = {item["id"]: service.reading(item["id"])["text"] for item in service.documents()}
    for step in found["steps"]:
        quote = step["quote"]
        cut = text[quote["document_id"]][quote["start"] : quote["end"]]
        assert " ".join(cut.split()) == quote["quote"]
    assert (found["standing"], found["since"]) == ("repealed", "2031-06-01")


def test_before_the_repeal_it_is_in_force_and_the_new_one_not_yet(service: Service):
    assert course(service, "海城市河道管理条例", "2031-05-31")["standing"] == "in-force"
    new = course(service, "海城市水环境条例", "2031-05-31")
    assert (new["standing"], new["since"]) == ("not-yet", "2031-06-01")
    to = next(step for step in new["steps"] if step["way"] == "to")
    assert (to["act"], to["name"]) == ("废止", "海城市河道管理条例")
    assert to["document_id"] is not None


def test_repeals_and_mentions_are_no_basis(service: Service):
    old = next(item["id"] for item in service.documents() if item["title"] == "海城市河道管理条例")
    names = [node["name"] for node in service.basis(document=old)["downward"]]
    assert names == ["关于开展河道清理的通知"]
    everything = [node["name"] for node in service.basis(document=old, everything=True)["downward"]]
    assert set(everything) == {"关于开展河道清理的通知", "海城市水环境条例"}


def test_a_policy_that_is_not_held_has_no_standing_of_its_own(service: Service):
    found = service.basis(policy="海城市市容条例", everything=True)["course"]
    assert (found["standing"], found["steps"]) == ("unknown", [])


DAY = dt.date(2030, 1, 1)
WORDS = Evidence("", 0, 0)


@pytest.mark.parametrize(
    ("own", "gone", "stands"),
    [
        ([("施行", "2029-01-01")], None, Standing.IN_FORCE),
        ([("施行", "2031-01-01")], None, Standing.NOT_YET),
        ([("施行", "2031")], None, Standing.NOT_YET),
        ([("施行", "2030-01")], None, Standing.UNKNOWN),
        ([("施行", "2029")], None, Standing.IN_FORCE),
        ([("施行", "2029-01-01")], "2030", Standing.IN_FORCE),
        ([("施行", "2029-01-01"), ("施行", "2031-01-01")], None, Standing.IN_FORCE),
        ([("施行", "2020-01-01"), ("有效期", "2030")], None, Standing.WITHIN),
        ([("施行", "2020-01-01"), ("有效期", "2029-12-31")], None, Standing.EXPIRED),
        ([("施行", "2020-01-01"), ("有效期", "2030-12-31")], None, Standing.WITHIN),
        ([("施行", "2020-01-01")], "2030-01-01", Standing.REPEALED),
        ([("施行", "2020-01-01")], "2030-01-02", Standing.IN_FORCE),
        ([("废止", "2029-05-01")], None, Standing.REPEALED),
        ([], None, Standing.UNKNOWN),
    ],
)
def test_standing_on_a_day(own: list[tuple[str, str]], gone: str | None, stands: Standing):
    effects = [Effect(act, None, date, WORDS) for act, date in own]
    assert standing(effects, gone, DAY)[0] is stands
