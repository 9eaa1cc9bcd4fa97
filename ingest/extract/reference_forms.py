"""The written forms of references: aliases, elliptical lists, titles handed over, media, short forms."""

from __future__ import annotations

import re

BOOK = re.compile(r"《([^《》\n]{1,30})》")
ALIAS = re.compile(
    r"(?:(?:以下|下称?)(?:统一|分别)?(?:简称|称)|简称)(?:为|作)?[:：]?\s*(?:《(?P<book>[^《》\n]{1,30})"
    r"》|[“\"「](?P<quote>[^”\"」\n]{1,30})[”\"」]|(?P<bare>[^，。；、）)\n《“]{2,20})"
    r")"
)
# between a title and its 以下简称: its number in parentheses of its own or in the same ones, a remark, a comma
BEFORE_ALIAS = re.compile(
    r"\s*(?:[（(][^（）()]*(?:[（(][0-9]{4}[）)][^（）()]*)?[）)]\s*)?[（(，,][^（）()。；《》]{0,40}"
)
PLAN = (
    "实施方案|实施细则|实施意见|实施办法|实施计划|实施条例|实施规划|实施纲要|行动方案|"
    "行动计划|工作方案|配套方案|配套措施|配套文件"
)
ELLIPTIC = re.compile(
    rf"(?P<name>(?:(?!贯彻|落实|制定|出台|开展|做好|推进|宣传|印发|研究)[\u4e00-\u9fff]){{0,8}}?(?:{PLAN})"
    rf")(?:(?:（|\()[^（）()]{{1,12}}(?:）|\)))?"
)
ELLIPTIC_JOIN = re.compile(r"\s*(?P<join>及其|和其|及|和|与|以及|、|或者|或)\s*")
OWN_FORM = re.compile(r"(?:关于)?(?:印发|发布|公布|下发)\s*(?:〈|《)(?P<title>.+)(?:〉|》)")
HANDED_OVER = re.compile(
    r"\s*(?:（[^）]*）|\([^)]*\))?\s*(?:已经[^，。；\n]{0,40}(?:同意|批准|通过)[^。；\n]{0,20}，)?\s*(?:现|"
    r"随文)?(?P<verb>印发|转发|下发|发)给你们"
)
NOW = re.compile(r"现(?:公布|发布|印发|颁布)(?:修订后的|修改后的)?\s*$")
STRONG_POLICY = re.compile(
    r"(?:根据|依据|按照|贯彻落实|贯彻|落实|宣贯|国家标准|行业标准|地方标准|团体标准|"
    r"强制性标准|推荐性标准|法律|法规)$"
)
NOT_A_WORK = re.compile(r"^(?:[a-zA-Z0-9\s]*|第[0-9一二三四五六七八九十]+[条款项].*)$")

# 《…》杂志, 刊登在《…公报》上: the thing is a medium, whatever its last word
MEDIUM = re.compile(
    r"\s*(?:(?P<kind>杂志|期刊|专刊|栏目|节目|专栏|一书|图书|纪录片|宣传片|电影)|"
    r"上(?:刊登|刊载|发布|公告|及时)|(?:及|和)[^，。《》]{0,20}上(?:刊登|刊载)|刊登|"
    r"刊载)"
)
BARE_GENRES = frozenset(
    (
        *("法", "条例", "规定", "办法", "细则", "规则", "准则", "标准", "纲要", "规划", "计划", "方案", "预案", "意见"),
        *(
            "通知",
            "决定",
            "决议",
            "公告",
            "通告",
            "通报",
            "批复",
            "指南",
            "措施",
            "公约",
            "协定",
            "章程",
            "目录",
            "解释",
        ),
        *("解释", "请示", "报告", "要点"),
    )
)
# a genre word alone can only be short for an earlier title; 《教育法》 after 《职业教育法》 is a law of its own
SHORT_GENRES = "|".join(sorted(BARE_GENRES - {"法"}, key=len, reverse=True))
SHORT_FORM = re.compile(
    rf"(?:总体|专项|实施|行动|工作|指导|管理|发展|若干|暂行)?(?:{SHORT_GENRES})|修正案[一二三四五六七八九十]*"
)
AND_OTHERS = re.compile(r"等(?:[0-9一二三四五六七八九十]*个?(?:部门|单位|部委))?$")
