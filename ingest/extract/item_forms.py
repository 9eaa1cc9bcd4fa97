"""How an item of a plan is written: its name, its units and its particulars in one line.

诚信计量签约——区市场监管局                units behind a dash
区教育局——“质量第一课”                   units before it
（1）时间地点：9月1日，会展中心            a particular, no item of its own
质量知识竞赛：9月16日，通过…举办           a name and its details
9月7日 市教育局主题日：举办…              who holds what follows the colon
"""

from __future__ import annotations

import re

STAGE = re.compile(r"阶段(?:（[^（）]*）|\([^()]*\))?$|步骤$")
# 诚信计量签约——区市场监管局
DASHED = re.compile(r"——(?P<units>[^—。；：\n“”]{3,80})[。；]?$")
PARTICULAR = re.compile(
    r"(?:[（(]?\d{1,2}[)）.．、]\s*|[①-⑳])?(?:活动|主要)?(?:时间|地点|内容|形式|对象|日期)(?:[和及、]?(?:时间|地点))?[：:]"
)
UNITS_LINE = re.compile(r"^\s*(?:[（(【].*[)）】]|(?:责任|牵头|主办|承办|负责|配合)(?:单位|部门)[：:].*)\s*$")
# 天河区：, 9月7日 市教育局主题日：
INTRODUCED = re.compile(r"^(?:\d{1,2}月\d{1,2}日\s*)?(?P<who>[^，。；：:]{2,30}?)(?:主题日|专场)?[：:]$")
# 区教育局——“质量第一课”
UNIT_FIRST = re.compile(r"^(?P<units>[^—“”《》]{3,40})——(?P<what>[^—]{3,})$")
# 质量知识竞赛：9月16日—22日，通过…举办
NAME_AND_DETAILS = re.compile(r"^(?P<name>[^：，。“”]{4,20})：(?=[^：]{10,})")
DATED = re.compile(r"(?<=\S{2})[（(](?:\d{4}年)?\d{1,2}月[^（）()，。]{0,12}[)）]$")
