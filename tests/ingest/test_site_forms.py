"""A site's own words count in every part of reading, whichever file of forms they belong to."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document
from ontology.forms import load
from ontology.reference import load_reference

HEAD = "上海市水务局关于做好河湖管护工作的通知\n沪水〔2024〕9号\n各区水务局：\n现将有关事项通知如下。\n"
FOOT = "\n上海市水务局\n2024年5月8日\n"
DUTY = "一、主要任务\n1.开展巡查。每周一次。{}\n2.发布通报。每月一次。\n"
Told = Callable[[Document], object]


def _own(form: str, added: str) -> str:
    """A site's file that adds to a form: a word, another alternative, or a row."""
    known = load().form(form)
    if known.words:
        return f'[[form]]\nname = "{form}"\nwords = ["{added}"]\n'
    if known.rows:
        inside = (", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in row.items()) for row in known.rows)
        rows = ", ".join(f"{{{row}}}" for row in inside)
        return f'[[form]]\nname = "{form}"\nrows = [{rows}, {added}]\n'
    return f'[[form]]\nname = "{form}"\nmatch = "{known.match}"\npattern = {_toml(f"{known.source}|{added}")}\n'


def _toml(value: object) -> str:
    """A value as TOML writes it: JSON does so too for strings, truth values and lists."""
    return json.dumps(value, ensure_ascii=False)


CASES: list[tuple[str, str, str, Told]] = [
    ("contact.phone", r"专席\d{4}", HEAD + "联系人：张三，专席1234。" + FOOT, lambda d: d.contacts),
    ("date.feast", '{"word" = "河灯节", "day" = "09-09"}', HEAD + DUTY.format("请于2024年河灯节前完成。") + FOOT, lambda d: (d.deadlines, d.activities)),
    ("deadline.label", "交卷日子", HEAD + DUTY.format("交卷日子：2024年9月30日。") + FOOT, lambda d: (d.deadlines, d.activities)),
    ("effect.force", "起行", HEAD + "本通知自2024年6月1日起起行。" + FOOT, lambda d: d.effects),
    ("figure.mask.title", "〖[^〗]{2,20}〗", HEAD + "全市建成河道〖三百五十公里〗，共120家。" + FOOT, lambda d: d.figures),
    ("framing.aims", "^缘起", HEAD + "一、缘起\n1.开展巡查。每周一次。\n2.发布通报。每月一次。\n" + FOOT, lambda d: d.activities),
    ("kind.working", "任务书", "上海市水务局关于河湖管护的任务书\n各区水务局：\n请执行。" + FOOT, lambda d: d.kind),
    ("header.body", "驿", HEAD + "请执行。\n上海市平安驿\n2024年5月8日\n", lambda d: d.issuers),
    ("label.lead", "扛旗", HEAD + DUTY.format("\n扛旗单位：市教育局\n配合单位：市财政局") + FOOT, lambda d: [p.role for a in d.activities for p in a.responsible]),
    ("layout.page", r"P-\d+", HEAD + "请执行。\nP-12\n请落实。" + FOOT, lambda d: d.text),
    ("unitlist.tie", "偕同", HEAD + DUTY.format("（责任单位：市教育局偕同市财政局）") + FOOT, lambda d: d.activities),
    ("name.expansions", '{"short" = "水管局", "long" = "水务管理局"}', HEAD + DUTY.format("（责任单位：甲乙水管局、上海市河湖水管局）") + FOOT, lambda d: d.activities),
    ("number.before-mark", "恪遵", HEAD + "恪遵沪府发〔2023〕12号要求。" + FOOT, lambda d: d.policy_references),
    ("relation.verbs", '{"relation" = "basis", "verbs" = ["恪遵"]}', HEAD + "恪遵《上海市河道管理条例》，制定本通知。" + FOOT, lambda d: d.policy_references),
    ("column.unit", "^扛旗人$", HEAD + "工作任务\t扛旗人\n开展巡查\t市教育局\n发布通报\t市财政局\n" + FOOT, lambda d: d.activities),
    ("unit.measure", "甪", HEAD + "全市建成绿道350甪。" + FOOT, lambda d: d.figures),
    ("duty.lead", "扛旗", HEAD + DUTY.format("（市教育局扛旗，市财政局配合）") + FOOT, lambda d: d.activities),
    ("meta.labels", '{"label" = "甲方机构", "key" = "issuer"}', "甲方机构：上海市水务局\n发布日期：2024年5月8日\n关于做好河湖管护工作的通知\n各区水务局：\n请执行。\n", lambda d: d.issuers),
]  # fmt: skip


@pytest.fixture(scope="module")
def told_before_and_after(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, object]]:
    """What is told of each case without the site's forms, and with all of them."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "own.ttl").write_text("# no places or bodies of its own\n", encoding="utf-8")
    (folder / "forms").mkdir()
    own = "\n".join(_own(form, added) for form, added, _, _ in CASES)
    (folder / "forms" / "own.toml").write_text(own, encoding="utf-8")
    out: dict[str, list[object]] = {form: [] for form, *_ in CASES}
    for setting in ("", str(folder)):
        reference = load_reference(setting)
        for form, _, text, told in CASES:
            document = read_document(text.encode(), source="a.txt", document_id="x", reference=reference)
            out[form].append(told(document))
    return {form: (before, after) for form, (before, after) in out.items()}


@pytest.mark.parametrize("form", [case[0] for case in CASES])
def test_a_form_of_the_site_changes_what_is_read(
    form: str, told_before_and_after: dict[str, tuple[object, object]]
) -> None:
    before, after = told_before_and_after[form]
    assert before != after
