"""Kinds of questions that people ask of any folder: rows of tables, several askings, what a figure is of, speech."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.parts import each_of
from kg.ask.reading import read

_RULE = """江州市人民政府办公室关于印发江州市便民食堂管理办法（试行）的通知
江政办发〔2023〕18号
各区人民政府：
现将《江州市便民食堂管理办法（试行）》印发给你们，请遵照执行。
江州市人民政府办公室
2023年4月20日
江州市便民食堂管理办法（试行）
第一条 为了规范便民食堂管理，制定本办法。
第二条 便民食堂应当具备消防条件。未进行消防验收的，不得开业。
第三条 区民政局应当在10个工作日内办结开办申请；材料不全的，可以延长5个工作日。
第四条 甲类食堂每年检查一次；乙类食堂每年检查两次；丙类食堂每年检查四次。
第五条 建立营养指导、检查队伍，每区检查员2人。
第六条 对取得中级以上证书的炊事员，每月给予300元岗位补贴。选树宣传最美食堂经理。
第七条 运营补贴按营业额的百分之五发放，最高不超过3万元。
第八条 就餐人员连续满三年的，可以领取纪念卡。自有房屋开办食堂的，登记时无需提交租赁合同，但是应当有安全鉴定报告。
第九条 会同街道、社区推广便民食堂。充分利用新闻媒体等渠道。
第十条 本办法自2023年6月1日起施行，有效期五年。
"""
_POINTS = """江州市数字生活工作要点
江数办〔2023〕2号
一、便民服务
1.推行刷脸就餐
开通电子就餐卡。（市民政局负责）推行食堂刷脸就餐。（市数据局负责）
2.建设老年人助餐地图
市民政局牵头，市自然资源局、市财政局配合，完成老年人助餐地图上线。
江州市数字办
2023年5月8日
"""
_TABLE = """<html><head><title>江州市便民食堂考核细则</title></head><body><h1>江州市便民食堂考核细则</h1><table>
<tr><th>序号</th><th>考核项目</th><th>分值</th><th>考核部门</th></tr>
<tr><td>1</td><td>食材采购登记</td><td>15</td><td>市市场监管局</td></tr>
<tr><td>2</td><td>餐具清洗消毒</td><td>25</td><td>市卫生健康委</td></tr></table></body></html>
"""
_CALL = """江州市民政局关于申报星级便民食堂的通知
江民发〔2023〕7号
各区民政局：
为做好星级便民食堂申报，重点实施“三个一”行动：
（一）建好一批样板食堂
各区推荐两家。
（二）培训一批炊事骨干
每年培训两期。
（三）推出一批放心菜单
每季度更新。
推荐名单请于2023年6月20日前报送市民政局。经营许可取得之日起三十日内应当开业；不能按期开业的，可以申请延期，延期以两次为限，每次不超过十日。
江州市民政局
2023年5月9日
"""
_SECOND = """江州市民政局关于发放高温补贴的通知
江民发〔2023〕7号
各区民政局：
高温天气对露天作业人员每人每月发放补贴200元。坚持菜品同步采购、同步检验、同步公示“三同步”。
江州市民政局
2023年6月12日
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    texts = {"办法.txt": _RULE, "要点.txt": _POINTS, "细则.html": _TABLE, "通知.txt": _CALL, "补贴.txt": _SECOND}
    return holding(texts)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("便民食堂没做消防验收能不能开业", ["不得开业"]),
        ("甲类食堂和丙类食堂每年各检查几次", ["每年检查一次", "检查四次"]),
        ("便民食堂运营补贴按营业额的百分之几给，最高给多少", ["百分之五", "3万元"]),
        ("就餐人员连续满3年能领什么", ["纪念卡"]),
        ("江州市便民食堂管理办法有效期几年", ["五年"]),
        ("食堂刷脸就餐由哪个局负责", ["市数据局"]),
        ("餐具清洗消毒那一行的分值是多少", ["25"]),
        ("食材采购登记那一行的考核部门是谁", ["市市场监管局"]),
        ("拿自有房屋开办食堂登记可以不交租赁合同吗？前提是什么", ["无需提交租赁合同", "安全鉴定报告"]),
        ("市民政局牵头的是哪一项，谁来配合", ["助餐地图", "自然资源局", "财政局"]),
        ("食堂的经营许可拿到手以后几天内要开张，能延期几次、一次多久", ["三十日", "两次", "十日"]),
        ("星级便民食堂申报的“三个一”行动分别是哪些", ["样板食堂", "炊事骨干", "放心菜单"]),
        ("菜品“三同步”是哪三步", ["同步采购", "同步检验", "同步公示"]),
        ("2023年5月份印发的文件有哪些", ["数字生活工作要点", "星级便民食堂"]),
        ("江民发〔2023〕7号是哪个文件", ["星级便民食堂", "高温补贴"]),
        ("江州市便民食堂管理办法哪天开始用", ["2023年6月1日"]),
    ],
)
def test_every_asking_of_a_question_is_answered(held: Any, question: str, said: list[str]) -> None:
    answer = ask(question, context=held)
    assert answer.answerable, answer.answer
    assert [words for words in said if words not in answer.answer] == [], answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "便民食堂给食堂经理每月发多少岗位补贴",  # of the cooks; the manager is named behind
        "每区有几名营养员",  # 营养指导 and 检查员 are no 营养员
        "便民食堂推广请了哪些媒体",
        "便民食堂运营补贴一共发出去多少钱",
        "炊事员每天补贴多少元",
        "检查员一天工作几个小时",
        "室外作业人员的低温补贴每月多少元",  # another season's: a part of the name, which no other words say
    ],
)
def test_what_stands_in_pieces_is_not_found(held: Any, question: str) -> None:
    assert not ask(question, context=held).answerable


def test_what_stands_beside_one_another_is_asked_of_each(held: Any) -> None:
    library = Library(held)
    both = each_of(read("甲类食堂和乙类食堂每年各检查几次", library))
    assert [label for label, _ in both] == ["甲类食堂", "乙类食堂"]
    assert each_of(read("食材采购和登记由谁负责", library)) == []
