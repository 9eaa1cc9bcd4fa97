"""Contacts (the persons and numbers here are invented)."""

from __future__ import annotations

from ingest.facts.contacts import ContactProducer
from kg.core.model import Contact
from ontology.forms import load

PRODUCER = ContactProducer(load())


def find_contacts(text: str) -> list[Contact]:
    return [candidate.fact for candidate in PRODUCER.propose(text)]


def test_unit_person_phone_and_mail_in_one_line() -> None:
    text = "正文结束。质量处联系人：王小明，联系电话：60000001，电子邮箱：wang_xm@example.gov.cn。"
    [found] = find_contacts(text)
    assert (found.unit, found.persons, found.phones, found.emails) == (
        "质量处", ("王小明",), ("60000001",), ("wang_xm@example.gov.cn",),
    )  # fmt: skip
    assert found.evidence.quote.startswith("质量处联系人")
    assert text[found.evidence.start : found.evidence.end] == found.evidence.quote


def test_unit_before_the_names_and_phone_on_the_next_line() -> None:
    for blank in (" ", ""):
        [found] = find_contacts(
            f"联系人：区市场监管局质量科{blank}于小东、任小丽\n电话：60000002；邮箱：a1@example.com。\n附件"
        )
        assert found.unit == "区市场监管局质量科"
        assert found.persons == ("于小东", "任小丽")
        assert found.phones == ("60000002",)


def test_mobile_area_code_and_extension() -> None:
    [found] = find_contacts("联系人：李明；联系电话：021-60000003转12、13800000000")
    assert found.phones == ("021-60000003转12", "13800000000")
    [found] = find_contacts("联 系 人：王 芳　电话：（0512）60000004")
    assert (found.persons, found.phones) == (("王芳",), ("（0512）60000004",))


def test_a_blank_form_is_no_contact() -> None:
    assert find_contacts("联系人：             联系方式：                上报日期：   ") == []


def test_names_beside_numbers_need_no_label() -> None:
    [found] = find_contacts("市教育局\t王小明\t0551-62631234\n合计\t100\t62631234")
    assert (found.unit, found.persons, found.phones) == ("市教育局", ("王小明",), ("0551-62631234",))
    assert find_contacts("完成投资62631234元，新增企业12345678家。") == []


def test_blanks_in_numbers_and_disguised_addresses() -> None:
    [found] = find_contacts("联系人：李小四，电话：138 0000 0000，邮箱：li(at)example.gov.cn")
    assert (found.phones, found.emails) == (("13800000000",), ("li(at)example.gov.cn",))


def test_a_label_before_words_is_no_name() -> None:
    assert find_contacts("12345热线联络员交办的工单应当按时办结。") == []


def test_personal_spans() -> None:
    producer = PRODUCER
    text = "张小三 13800000000，身份证号34010319900101123X，微信号：abc12345，li@b.cn；全市完成投资62631234元。"
    assert [text[a:b] for a, b in producer.personal_spans(text)] == [
        "13800000000",
        "34010319900101123X",
        "微信号：abc12345",
        "li@b.cn",
    ]
    desk = "联系电话：62631234"
    assert [desk[a:b] for a, b in producer.personal_spans(desk)] == ["62631234"]
