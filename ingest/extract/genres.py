"""What a title in 《》 names: a policy, a work (report, programme, journal) or a paper form (licence, table).

The last word of the title decides, after trailing parentheses such as （试行） are set aside: official documents,
laws, standards and plans end in their own genre.
"""

from __future__ import annotations

import re
from typing import Literal

Genre = Literal["policy", "work", "form"]

_TRAILER = re.compile(
    r"\s*[（(\[〔][^（(\[〔）)\]〕]*[）)\]〕]\s*$|\s*(?:第[一二三四五六七八九十]+[条章号]|"
    r"全文|正文|修订[版稿]|试行|[0-9]{4}\s*年?版?)\s*$"
)

# Genres of the law (立法法), of official documents (党政机关公文处理工作条例 第八条) and of planning papers
_POLICY = (
    "宪法|法典|法|条例|规定|办法|细则|规则|规程|规范|准则|通则|导则|总则|守则|"
    "标准|大纲|提纲|纲要|规划|计划|方案|预案|意见|通知|决定|决议|"
    "公告|通告|通报|批复|复函|函|命令|令|指南|指引|手册|要点|措施|举措|行动|公约|"
    "协定|协议|议定书|条约|宪章|章程|目录|名录|清单|请示|解释|"
    "制度|修正案|公报|会议纪要|纪要|宣言|备忘录|安排|分工|部署|政策|条款|答复|"
    "战略|框架|定额|要求|体系|规约|程序|建议|说明|倡议|倡议书|"
    "图集|术语|分类|代码|方法|要则|若干问题|机制|指标|职责|编制|案|法律|工作制度|总体要求|任务"
)
_WORK = (
    "白皮书|蓝皮书|绿皮书|年报|年鉴|日报|晚报|周报|时报|早报|报告|(?<![通公汇申上简])"
    "报|简报|专刊|期刊|杂志|学报|通讯|月刊|周刊|栏目|节目|专题|专栏|特别节目|"
    "访谈|"
    "电影|影片|宣传片|微视频|纪录片|歌|之歌|歌曲|诗集|文集|论文集|故事集|案例集|"
    "选编|汇编|画册|教材|读本|图书|丛书|论坛|故事|小说|论文|读物|选集|文选"
)
_FORM = (
    "许可证书|许可证|合格证|登记证|证书|证明书|证明|身份证|户口簿|执照|证|申请表|"
    "登记表|统计表|审批表|评审表|汇总表|表|告知书|通知书|决定书|责任书|"
    "承诺书|建议书|意见书|委托书|协议书|任务书|说明书|保证书|报告书|报告表|登记册|"
    "登记簿|台账|簿|合同|(?<!清)单|卡|票据|发票|票|回执|名单|花名册|凭证|"
    "判决书|裁定书|调解书|裁决书|起诉书|报告单|检验单|批准书|确认书|备案表|合同书|笔录|文书|函件|档案|卡片|牌"
)
_POLICY_END = re.compile(f"(?:{_POLICY})$")
_WORK_END = re.compile(f"({_WORK})$")
_FORM_END = re.compile(f"(?:{_FORM})$")
_OFFICIAL_REPORT = re.compile(r"关于.+的报告$|政府工作报告$|工作报告$")


def core_title(title: str) -> str:
    """A title without the remarks after its genre word: （试行）, （2018—2035年）, 第三条.

    >>> core_title("质量基础设施“一站式”服务通用指南（试行）")
    '质量基础设施“一站式”服务通用指南'
    """
    while True:
        shorter = _TRAILER.sub("", title)
        if shorter == title or not shorter:
            return title.strip()
        title = shorter


def genre_of(title: str) -> Genre | None:
    """`policy`, `work` or `form` by the title's last word; None when the word says nothing."""
    core = core_title(title).rstrip("》〉”’ ")
    if _OFFICIAL_REPORT.search(core):
        return "policy"
    if _FORM_END.search(core):
        return "form"
    if _WORK_END.search(core):
        return "work"
    if _POLICY_END.search(core):
        return "policy"
    return None


def work_kind(title: str) -> str | None:
    """The genre word of a work (白皮书, 报告, 节目), where its title ends in one or names one before a dash."""
    for part in (core_title(title), *re.split(r"——|—|-|：|:", core_title(title))):
        found = _WORK_END.search(part.strip())
        if found:
            return found[1]
    return None


POLICY_WORDS = _POLICY
