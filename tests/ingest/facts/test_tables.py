"""Tables of tasks, whole or pasted one cell a line."""

from __future__ import annotations

import pytest

from ingest.facts.tables import Column, TableReader
from ingest.facts.unit_lists import UnitLists
from tests.ingest.facts.reading import forms, tasks, units


@pytest.fixture(scope="module")
def reader() -> TableReader:
    return TableReader(forms(), UnitLists(forms()))


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (("序号", "工作任务", "责任单位"), (Column.NUMBER, Column.ACTIVITY, Column.UNIT)),
        (("任务类型", "序号", "工作任务", "推进单位"), (Column.SECTION, Column.NUMBER, Column.ACTIVITY, Column.UNIT)),
        (("序号", "改革举措", "主要内容", "指导部门"), (Column.NUMBER, Column.ACTIVITY, Column.CONTENT, Column.UNIT)),
        (("活动名称", "牵头单位", "配合单位", "完成时限"), (Column.ACTIVITY, Column.LEAD, Column.CO, Column.TIME)),
        (("重点任务", "责任单位", "责任处室"), (Column.ACTIVITY, Column.UNIT, Column.OFFICE)),
        (("工作任务", "责任部门（单位）"), (Column.ACTIVITY, Column.UNIT)),
    ],
)
def test_headings(reader: TableReader, cells: tuple[str, ...], columns: tuple[Column, ...]) -> None:
    assert reader.columns_of(cells) == columns


@pytest.mark.parametrize(
    "cells",
    [
        ("序号", "名称", "数量", "金额"),
        ("序号", "项目", "计量单位", "金额"),
        ("姓名", "工作单位", "联系电话"),
        ("工作任务", "备注"),
        ("责任单位",),
    ],
)
def test_other_tables(reader: TableReader, cells: tuple[str, ...]) -> None:
    assert reader.columns_of(cells) is None


def test_rows_of_a_table() -> None:
    body = "序号\t工作任务\t牵头单位\t配合单位\n1\t开展巡查\t市水务局\t市教育局、市公安局\n2\t发布通报\t市水务局\t/"
    assert [(d.no, d.title, units(d)) for d in tasks(body)] == [
        ("1", "开展巡查", ["市水务局/lead", "市教育局/co", "市公安局/co"]), ("2", "发布通报", ["市水务局/lead"]),
    ]  # fmt: skip


def test_a_merged_row_heads_those_below() -> None:
    body = "序号\t工作任务\t责任单位\n行动一：水更清\t行动一：水更清\t行动一：水更清\n1\t开展巡查\t市水务局"
    (task,) = tasks(body)
    assert (task.title, task.section) == ("开展巡查", "行动一：水更清")


def test_rows_under_one_name_are_told_apart_by_their_contents() -> None:
    body = (
        "序号\t任务名称\t具体内容\t责任单位\n1\t优化服务\t开展上门巡查，每周一次\t市水务局\n"
        "1\t优化服务\t发布月度通报\t市教育局\n2\t加强宣传\t举办讲座\t市公安局"
    )
    assert [(d.title, units(d)) for d in tasks(body) if d.parent is None] == [
        ("开展上门巡查，每周一次", ["市水务局"]), ("发布月度通报", ["市教育局"]), ("加强宣传", ["市公安局"]),
    ]  # fmt: skip


@pytest.mark.parametrize("numbers", [True, False])
def test_pasted_one_cell_a_line(numbers: bool) -> None:
    cells = ["序号", "工作任务", "责任单位"]
    for n, (task, unit) in enumerate(
        (("完成岸电改造20处", "市交通运输局、市生态环境局"), ("新建充电桩30座", "市发展改革委、市财政局")), 1
    ):
        cells += ([str(n)] if numbers else []) + [task, unit]
    found = tasks("\n\n".join(cells))
    assert [(d.title, units(d)) for d in found] == [
        ("完成岸电改造20处", ["市交通运输局", "市生态环境局"]), ("新建充电桩30座", ["市发展改革委", "市财政局"]),
    ]  # fmt: skip


def test_pasted_with_headings_between_and_columns_behind() -> None:
    lines = [
        "序号", "改革举措", "主要内容", "指导部门", "推广范围", "一、水资源方面（共1项）", "以用水权为核心的交易机制",
        "整合分散的资源，统一交易。", "市水务局、市财政局", "全市", "二、数据方面（共1项）", "数据共享机制", "建立目录，按需共享。",
        "市大数据局", "全市",
    ]  # fmt: skip
    found = [d for d in tasks("\n".join(lines)) if d.parent is None]
    assert [(d.title, d.section, units(d)) for d in found] == [
        ("以用水权为核心的交易机制", "一、水资源方面（共1项）", ["市水务局", "市财政局"]),
        ("数据共享机制", "二、数据方面（共1项）", ["市大数据局"]),
    ]  # fmt: skip


def test_numbers_of_chinese_figures_and_a_row_without_units() -> None:
    body = "序号\t工作任务\t责任单位\n一\t开展巡查\t市水务局\n二\t清理河道\t\n三\t举办讲座\t市教育局"
    assert [(d.title, units(d)) for d in tasks(body) if d.parent is None] == [
        ("开展巡查", ["市水务局"]), ("清理河道", []), ("举办讲座", ["市教育局"]),
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["主要职责", "职责分工", "工作任务", "清水行动重点领域", "负责事项"])
@pytest.mark.parametrize(
    "cell",
    [
        "1.制定巡查办法；2.组织全市巡查；3.发布通报。",
        "（1）制定巡查办法。（2）组织全市巡查。（3）发布通报。",
        "一是制定巡查办法；二是组织全市巡查；三是发布通报。",
    ],
)
def test_rows_of_bodies_give_a_task_for_each_number(heading: str, cell: str) -> None:
    body = f"部门\t{heading}\t备注\n市水务局\t{cell}\t\n市教育局、市公安局\t1.开展宣传；2.维护秩序。\t"
    assert [(d.title, units(d)) for d in tasks(body)] == [
        ("制定巡查办法", ["市水务局"]),
        ("组织全市巡查", ["市水务局"]),
        ("发布通报", ["市水务局"]),
        ("开展宣传", ["市教育局", "市公安局"]),
        ("维护秩序", ["市教育局", "市公安局"]),
    ]


def test_rows_of_bodies_without_numbers_are_one_task_with_what_it_contains() -> None:
    body = (
        "单位名称\t主要职责\n市水务局\t牵头开展清水巡查；加强河道保洁。配合做好通报。\n市教育局\t组织学生学习护河知识。"
    )
    assert [(d.title, units(d), d.parent) for d in tasks(body)] == [
        ("牵头开展清水巡查", ["市水务局/lead"], None),
        ("加强河道保洁", ["市水务局"], 0),
        ("配合做好通报", ["市水务局/co"], 0),
        ("组织学生学习护河知识", ["市教育局"], None),
    ]


@pytest.mark.parametrize(
    "cells",
    [
        ("姓名", "职务", "工作职责"),
        ("职责", "部门"),
        ("岗位", "主要职责"),
        ("部门", "联系人"),
        ("工作单位", "主要职责"),
    ],
)
def test_duties_of_nobody_who_could_be_asked(reader: TableReader, cells: tuple[str, ...]) -> None:
    assert reader.columns_of(cells) is None


def test_a_number_inside_a_task_counts_nothing() -> None:
    body = "序号\t工作任务\t责任单位\n1\t完成第2、3号桥和12.5公里河道整治\t市水务局\n2\t1.开展巡查\t市水务局"
    assert [d.title for d in tasks(body)] == ["完成第2、3号桥和12.5公里河道整治", "开展巡查"]
