"""Contacts stay out of search results and exports unless they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.model import Contact, Evidence
from kg.service import Service
from kg.service.personal import masked

NOTICE = """杭州市应急管理局关于举办2023年安全宣传咨询日活动的通知

各区、县（市）应急管理局：

定于2023年6月16日举办安全宣传咨询日活动，请李四同志到会讲话，并于6月30日前报送活动小结。

联系人：王小明，电话：0571-87654321，邮箱：wxm@example.cn。

杭州市应急管理局
2023年6月8日
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("personal")
    file = folder / "通知.txt"
    file.write_text(NOTICE, encoding="utf-8")
    made = Service(Settings(home=folder / "home", embedder="none"))
    assert made.ingest([file])["added"] == 1
    return made


SECRETS = ("王小明", "0571-87654321", "wxm@example.cn")


def test_search_masks_contacts(service: Service) -> None:
    hits = service.search("安全宣传咨询日 联系人 电话")
    text = "\n".join(h["text"] for h in hits)
    assert "联系人：＊＊＊" in text
    assert not [s for s in SECRETS if s in text]
    assert "李四" in text  # a person who is no contact


def test_search_shows_them_when_asked(service: Service) -> None:
    text = "\n".join(h["text"] for h in service.search("联系人 电话", with_contacts=True))
    assert all(s in text for s in SECRETS)


@pytest.mark.parametrize("format_", ["nq", "ttl"])
def test_exports_leave_contacts_out(service: Service, tmp_path: Path, format_: str) -> None:
    without, with_ = tmp_path / f"a.{format_}", tmp_path / f"b.{format_}"
    service.export("graph", format_, without)
    service.export("graph", format_, with_, with_contacts=True)
    assert not [s for s in SECRETS if s in without.read_text(encoding="utf-8")]
    assert all(s in with_.read_text(encoding="utf-8") for s in SECRETS)


def test_the_network_of_agencies_has_no_contacts(service: Service, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="export graph"):
        service.export("agencies", "graphml", tmp_path / "a.graphml", with_contacts=True)


def test_masks_keep_positions() -> None:
    text = "联系人：张三 电话：123456"
    contact = Contact(None, ("张三",), ("123456",), (), Evidence(text, 100, 100 + len(text)))
    assert masked(text, 100, [contact]) == "联系人：＊＊ 电话：＊＊＊＊＊＊"
    assert masked("电话：123456", 109 - 2, [contact]) == "电话：＊＊＊＊＊＊"
    assert masked("张三讲话", 500, [contact]) == "张三讲话"
