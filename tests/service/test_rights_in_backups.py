"""Rights and the site's own vocabulary come along in a backup; a restored home shows nobody more than before."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.rights import Rights
from kg.service import Service
from kg.service.restore import _unused
from kg.service.secrets import rights_asleep

pytestmark = pytest.mark.long

TEXT = "关于开展{0}质量月活动的通知\n各街镇：\n一、组织{0}开放日\n组织企业开放日（区市场监管局）。\n甲区市场监督管理局\n2024年9月1日\n"
RIGHTS = """# 谁看什么
[groups."甲"]
folders = ["{0}/甲"]

[readers]
"zhang@x.cn" = [
    "甲",
]
"*" = ["甲"]

[groups."乙"]
folders = ["{0}/乙"]

[[tokens]]
name = "系统"
sha256 = "{1}"
groups = ["乙"]
"""
FORMS = '[[form]]\nname = "label.unit"\nwords = ["承接专班"]\nexamples = ["承接专班"]\n'
SERIES = """@base <https://w3id.org/policykg/id/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<series/{0}> a schema:EventSeries, skos:Concept ; skos:prefLabel "{0}"@zh .
"""


def a_service(home: Path) -> Service:
    return Service(Settings.load(home=home, environ={"POLICYKG_FILE_SECONDS": "0", "POLICYKG_EMBEDDER": "none"}))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(TEXT.format(name), encoding="utf-8")
    (home / "rights.toml").write_text(RIGHTS.format(tmp_path, "0" * 64), encoding="utf-8")
    a_service(home).ingest([tmp_path / "甲", tmp_path / "乙"])
    return home


def seen(home: Path, reader: str) -> int:
    service = a_service(home)
    rights = Rights.load(home)
    assert rights is not None
    try:
        return len(service.seen_by(rights.of_reader(reader)).documents())
    finally:
        service.close()


def test_rights_come_back_asleep_where_there_are_none(home: Path, tmp_path: Path) -> None:
    a_service(home).backup(tmp_path / "b.zip")
    assert seen(home, "zhang@x.cn") == 1
    other = tmp_path / "other"
    told = a_service(other).restore(tmp_path / "b.zip")
    assert any("rights.toml" in note and "停用" in note for note in told["notes"])
    rights = Rights.load(other)
    assert rights is not None
    assert (rights.readers, rights.tokens, set(rights.groups)) == ({}, (), {"甲", "乙"})
    for reader in ("zhang@x.cn", "", "nobody@x.cn"):
        assert seen(other, reader) == 0
    assert len(a_service(other).documents()) == 2
    assert a_service(other).check()["problems"] == []
    awake = (other / "rights.toml").read_text(encoding="utf-8").replace('# "', '"').replace("# [", "[")
    awake = awake.replace("# ]", "]").replace("#     ", "    ").replace("# name", "name")
    (other / "rights.toml").write_text(awake.replace("# sha256", "sha256").replace("# groups", "groups"), "utf-8")
    a_service(other).rebuild()
    assert Rights.load(other) is not None
    assert seen(other, "zhang@x.cn") == 1


def test_a_homes_own_rights_stay_and_those_of_the_backup_lie_beside(home: Path, tmp_path: Path) -> None:
    a_service(home).backup(tmp_path / "b.zip")
    same = a_service(home).restore(tmp_path / "b.zip", force=True)
    assert not any("权限" in note for note in same["notes"])
    assert seen(home, "zhang@x.cn") == 1
    stricter = '[groups."甲"]\nfolders = []\n[readers]\n"*" = ["甲"]\n'
    (home / "rights.toml").write_text(stricter, encoding="utf-8")
    told = a_service(home).restore(tmp_path / "b.zip", force=True)
    assert any("rights.restored.toml" in note for note in told["notes"])
    assert (home / "rights.toml").read_text(encoding="utf-8") == stricter
    assert "zhang@x.cn" in (home / "rights.restored.toml").read_text(encoding="utf-8")
    assert seen(home, "zhang@x.cn") == 0


def test_rights_that_cannot_be_read_stop_a_restore_before_anything_is_done(home: Path, tmp_path: Path) -> None:
    a_service(home).backup(tmp_path / "b.zip")
    before = (home / "catalogue.sqlite").read_bytes()
    (home / "rights.toml").write_text("[groups", encoding="utf-8")
    with pytest.raises(UsageError, match="rights"):
        a_service(home).restore(tmp_path / "b.zip", force=True)
    assert (home / "catalogue.sqlite").read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "readers = { '*' = ['全部'] }\n[groups.'甲']\nfolders = []",
        "readers.'*' = ['全部']\n",
        "[ readers ]\n'*' = ['全部']\n[groups.'甲']\nfolders = []",
        "['readers']\n'*' = ['全部']\n",
        '[groups."甲"]\nfolders = ["""\n[readers]\n"""]\n[readers]\n"*" = ["全部"]\n',
        "[groups",
        "",
        "\r\n[readers]\r\n'*' = ['全部']\r\n",
    ],
)
def test_however_rights_are_written_nobody_is_let_in(tmp_path: Path, text: str) -> None:
    (tmp_path / "rights.toml").write_text(rights_asleep(text), encoding="utf-8")
    rights = Rights.load(tmp_path)
    assert rights is not None
    assert (rights.readers, rights.tokens) == ({}, ())


def test_own_forms_and_files_come_back_under_their_names(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(TEXT.format("甲"), encoding="utf-8")
    home = tmp_path / "home"
    (home / "ontology" / "forms").mkdir(parents=True)
    (home / "ontology" / "forms" / "自有.toml").write_text(FORMS, encoding="utf-8")
    (home / "ontology" / "自有.ttl").write_text(SERIES.format("读书会"), encoding="utf-8")
    a_service(home).ingest([tmp_path / "甲.txt"])
    a_service(home).backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as kept:
        assert "ontology/forms/01-自有.toml" in kept.namelist()
    (home / "ontology" / "后来.ttl").write_text(SERIES.format("歌咏会"), encoding="utf-8")
    for place, force in ((tmp_path / "other", False), (home, True)):
        a_service(place).restore(tmp_path / "b.zip", force=force)
        names = {path.name for path in (place / "ontology").rglob("*.t*")}
        assert names == {"自有.toml", "自有.ttl"} | ({"后来.ttl"} if place == home else set())
        assert (place / "ontology" / "forms" / "自有.toml").read_text(encoding="utf-8") == FORMS
        assert a_service(place).check()["problems"] == []


def test_files_from_elsewhere_that_are_still_there_are_not_doubled(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(TEXT.format("甲"), encoding="utf-8")
    own = tmp_path / "own"
    (own / "forms").mkdir(parents=True)
    (own / "forms" / "自有.toml").write_text(FORMS, encoding="utf-8")
    environ = {"POLICYKG_FILE_SECONDS": "0", "POLICYKG_EMBEDDER": "none", "POLICYKG_ONTOLOGY": str(own)}
    service = Service(Settings.load(home=tmp_path / "home", environ=environ))
    service.ingest([tmp_path / "甲.txt"])
    service.backup(tmp_path / "b.zip")
    other = Service(Settings.load(home=tmp_path / "other", environ=environ))
    assert other.restore(tmp_path / "b.zip")["notes"] == []
    assert not (tmp_path / "other" / "ontology").exists()
    (own / "forms" / "自有.toml").write_text(FORMS.replace("专班", "小队"), encoding="utf-8")
    (told,) = other.restore(tmp_path / "b.zip", force=True)["notes"]
    assert "自有.toml" in told
    (own / "forms" / "自有.toml").unlink()
    (own / "forms").rmdir()
    own.rmdir()
    del environ["POLICYKG_ONTOLOGY"]
    gone = Service(Settings.load(home=tmp_path / "gone", environ=environ))
    (told,) = gone.restore(tmp_path / "b.zip")["notes"]
    assert "POLICYKG_ONTOLOGY" in told
    again = Service(Settings.load(home=tmp_path / "gone", environ=environ))
    assert again.check()["problems"] == []


def test_what_was_kept_before_a_restore_is_never_replaced(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        path = _unused(tmp_path, "20260101T000000Z")
        path.touch()
        names.append(path.name)
    assert names == [f"before-restore-20260101T000000Z{more}.zip" for more in ("", "-2", "-3")]
