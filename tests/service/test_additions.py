"""The site's own vocabulary through the app: checked first, used by every face, gone without a trace when refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import PolicyKGError, UnknownName, UsageError
from kg.service import Service
from kg.service.additions import add_ontology, drop_ontology, own_files

pytestmark = pytest.mark.long

OWN = """@base <https://w3id.org/policykg/id/> .
@prefix pkg: <https://w3id.org/policykg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
<series/百日讲堂> a schema:EventSeries, skos:Concept ; skos:prefLabel "百日讲堂"@zh ; pkg:titlePattern "百日讲堂" .
"""


def load(home: Path, **environ: str) -> Settings:
    return Settings.load(home=home, environ={"POLICYKG_EMBEDDER": "none", **environ})


def test_a_file_takes_part_in_recognition(tmp_path: Path):
    source = tmp_path / "通知.txt"
    source.write_text(
        "松江区教育局\n关于活动的通知\n一、举办百日讲堂活动\n由松江区教育局负责。\n2031年9月1日\n", encoding="utf-8"
    )
    home = tmp_path / "home"
    service = Service(load(home))
    service.ingest([source])
    assert service.evolution()["held"] == []
    assert add_ontology(service.settings, "../本地.ttl", OWN.encode()) == {
        "name": "本地.ttl",
        "added": {"活动系列": 1},
        "replaced": False,
    }
    service = Service(load(home))
    assert "ontology" in service.status()["stale"]
    service.ingest_again()
    assert [item["name"] for item in service.evolution()["held"]] == ["百日讲堂"]
    assert add_ontology(service.settings, "本地.ttl", OWN.encode())["replaced"]
    drop_ontology(service.settings, "本地.ttl")
    assert load(home).ontology == ""
    with pytest.raises(UnknownName):
        drop_ontology(service.settings, "本地.ttl")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("坏.ttl", "<a> b c .", "第 1 行"),
        ("错词.ttl", OWN.replace("titlePattern", "titelPattern"), "pkg:titlePattern"),
        ("空.ttl", "# 只有说明\n", "没有识别时用得上的内容"),
        ("已有.ttl", OWN.replace("百日讲堂", "质量开放日").replace(' ; pkg:titlePattern "质量开放日"', ""), "用得上"),
        ("表.csv", "a,b", ".ttl"),
    ],
)
def test_what_is_of_no_use_is_refused_with_the_reason(tmp_path: Path, name: str, text: str, said: str):
    settings = load(tmp_path)
    with pytest.raises(PolicyKGError, match=said):
        add_ontology(settings, name, text.encode())
    assert own_files(settings) == []
    assert load(tmp_path).ontology == ""


def test_a_bad_new_version_leaves_the_old_one(tmp_path: Path):
    settings = load(tmp_path)
    add_ontology(settings, "本地.ttl", OWN.encode())
    with pytest.raises(PolicyKGError):
        add_ontology(settings, "本地.ttl", b"<a> b c .")
    assert [path.read_text(encoding="utf-8") for path in own_files(settings)] == [OWN]
    with pytest.raises(UsageError, match="MB"):
        add_ontology(settings, "大.ttl", b"#" * (6 * 2**20))


def test_the_setting_and_the_folder_of_the_home_stand_together(tmp_path: Path):
    other = tmp_path / "别处.ttl"
    other.write_text(OWN, encoding="utf-8")
    home = tmp_path / "home"
    add_ontology(load(home), "本地.ttl", OWN.replace("百日讲堂", "千人诵读").encode())
    assert load(home, POLICYKG_ONTOLOGY=str(other)).ontology == f"{other}:{home / 'ontology'}"
    assert load(home, POLICYKG_ONTOLOGY=str(home / "ontology")).ontology == str(home / "ontology")
