"""Contacts stay out of search results and exports unless they are asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.build.masked import whole_path, without_personal
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.model import Document, Evidence, Person
from kg.service import Service
from ontology.personal import blot, masked, personal_spans

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
    made = Service(Settings(home=folder / "home", embedder="none", file_seconds=0))
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
    text = "联系人：张三 电话：62123456"
    assert masked(text) == "联系人：＊＊ 电话：＊＊＊＊＊＊＊＊"
    assert blot(text[5:], personal_spans(text), 5) == masked(text)[5:]
    assert masked("张三讲话") == "张三讲话"


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("手机：137/1234/5678；137–1234–5678；（137）1234-5678；137 12 34 56 78", "1234|12 34"),
        ("手机：1 3 7 1 2 3 4 5 6 7 8", "5 6 7 8"),
        ("手机：137\u200b1234\u200b5678，𝟏𝟑𝟕𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖，①③⑦①②③④⑤⑥⑦⑧", "1234|𝟏𝟑𝟕|①③⑦"),
        ("电话：壹叁柒壹贰叁肆伍陆柒捌（王翀霄，137xxxx5678）", "壹叁柒|王翀霄|5678"),
        ("电话：0086-21-61230007、61230008、8009（王翀霄）；021.61230009", "6123|8009|王翀霄"),
        ("加微信wx_secret01，VX：wx_secret02，微 信：wx_secret03，WeChat: wx_secret04，QQ61230007", "secret|6123"),
        (
            "secret1艾特example点cn，secret2@example。cn，secret3 (at) example (dot) gov (dot) cn，secret4%40a.cn",
            "secret",
        ),
        (
            "身份证号 110105800101001，110105 1980 0101 0012，护照号：E12345678，银行卡号：6222021234567890123",
            "0101|1234",
        ),
        ("家庭住址：青浦区某路88弄6号", "88弄"),
        ("收件人：王翀霄；对接人：赵昶宸 61230007；值班人员：卫犇（61230008）", "王翀霄|赵昶宸|卫犇|6123"),
        ("联系人：亓翀霄；联系人：小王，61230007", "亓翀霄|小王"),
        ("联系人：王翀霄、赵昶宸和卫犇", "王翀霄|赵昶宸|卫犇"),
        ("联系人：\n\n王翀霄\n\n电话：\n\n61230007", "王翀霄|6123"),
        ("☎61230007，固话：61230008，Fax 6123-0009，报名请致电61230010找王翀霄", "6123|王翀霄"),
        ("| 姓名 | 电话 |\n|---|---|\n| 王翀霄 | 61230007 |\n| 亓昶 | 8007 1 |", "王翀霄|6123|亓昶|8007"),
        ("身份证：110105194912310021，姓名：王翀霄；护照号 E12345678（持有人：亓昶）", "王翀霄|亓昶"),
        ("传真021-60000003收件人王小敏", "王小敏|6000"),
        ("请与我局王小明同志联系（办公电话：6000.0003）", "王小明|6000"),
        ("报名请加QQ群：123456789，群主：欧阳雪。", "欧阳雪|123456789"),
        ("咨询：顾先生/13800000000", "顾先生|1380"),
        ("Tel: +86 (0)21 6000 0003; Contact: Ms. Wang Xiaoming", "6000|Wang Xiaoming"),
        ("对接人：市局质量处 王小明 分机2107", "王小明|2107"),
        ("值班员：冯小凯，夜间请拨 1 3 8-0 0 0 0-0 0 0 0", "冯小凯|1 3 8"),
        ("联系人\n王  明\n电  话\n0 2 1 - 6 0 0 0 0 0 0 3", "王  明|6 0 0"),
        ("姓名,电话\n王翀霄,61230007\n亓昶,61230008", "王翀霄|6123|亓昶"),
        ("姓名  科室  电话\n王翀霄  质量科  61230007\n亓昶  计量科  61230008", "王翀霄|6123|亓昶"),
    ],
)
def test_what_is_written_otherwise_is_personal_too(text: str, secrets: str) -> None:
    shown = masked(text)
    assert len(shown) == len(text)
    assert not [word for word in secrets.split("|") if word in shown]


@pytest.mark.parametrize(
    "text",
    [
        "联系人：区质量办（见附件）",
        "值班人员应当按时到岗，联系方式另行通知",
        "姓名  年龄\n甲  12",
        "电话：12345；报名请拨打12345",
        "通过微信2024年活动页面和QQ群发布",
        "完成120.5 万元，13 2024 12 345",
        "①②③④⑤五项，一二三产业",
        "序号,单位,数量\n1,市教育局,62345678",
        "沪市监质〔2024〕12345号",
        "拨打12345、12315、400-800-1234",
        "举报电话：021-60000003，投诉邮箱：ts@example.gov.cn",
        "微信公众号：shzljd",
        "举报电话：60000003；监督电话 021 6000 0003",
        "配置分机100台，姓名：见附件；拨打2024年度第3号通知所列热线",
        "共62345678元，检查1380家，统一编号20241380000000012",
        "2024年9月5日—2024年10月30日",
        "副市长张三、局长李四出席",
    ],
)
def test_what_is_no_contact_stays(text: str) -> None:
    assert masked(text) == text


def test_what_waits_for_people_and_what_they_stated_is_masked(service: Service) -> None:
    [document] = service.documents()
    text = service.text(document["id"])
    words = next(line for line in text.splitlines() if line.startswith("联系人"))[:12]
    assert "＊＊＊" in words
    added = {"action": "add", "document": document["id"], "path": "figures", "quote": words}
    done = service.correct([{**added, "values": {"what": "热线", "value": 1, "unit": "条"}}])
    [stated] = service.corrections()
    assert stated["evidence"]["quote"] == words
    assert stated["stands"]
    assert service.document(document["id"])["figures"][-1]["evidence"]["quote"] == words
    facts = service.facts_at(document["id"], 0, len(text))
    assert facts
    shown = json.dumps([done, stated, facts, service.review_queue(), service.gold()], ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in shown]
    with pytest.raises(UsageError, match="个人信息"):
        service.correct([{**added, "values": {"what": "＊＊＊的电话", "value": 1, "unit": "条"}}])
    with service.snapshot().opened(Catalogue) as whole:
        assert whole.corrections()[0].anchor.quote.startswith("联系人：王小明")  # type: ignore[union-attr]
    service.undo_correction(stated["id"])


def test_a_path_counts_what_is_shown() -> None:
    text = "联系人：王小明，电话：0571-87654321。\n任命李四为杭州市应急管理局局长。"

    def person(name: str) -> Person:
        start = text.index(name)
        return Person(name, "局长", None, None, Evidence(name, start, start + len(name)))

    document = Document("d-1", "a", "0", text, persons=(person("王小明"), person("李四")))
    assert [p.name for p in without_personal(document).persons] == ["李四"]
    assert whole_path(document, "persons/1") == "persons/2"
    assert whole_path(document, "persons/2") == "persons/0"
    assert whole_path(document, "figures/1") == "figures/1"


@pytest.mark.parametrize("rows", [3, 60, 61, 62, 700])
def test_a_roster_of_any_length_is_masked_whole(rows: int) -> None:
    lines = [f"张三丰  {62000000 + number}" for number in range(rows)]
    shown = masked("\n".join(("姓名  电话", *lines, "以上各单位要加强值守。")))
    assert "张三丰" not in shown
    assert "6200" not in shown
    assert shown.endswith("以上各单位要加强值守。")
