"""Contacts (the persons and numbers here are invented)."""

from __future__ import annotations

from ingest.facts.contacts import find_contacts


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
