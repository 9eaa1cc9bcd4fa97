"""The general form of organisation names, for bodies that no list knows (市质量协会, 浦东电视台)."""

from __future__ import annotations

import re

# ending -> category; the longest ending decides
ENDINGS: dict[str, str] = {
    "领导小组办公室": "领导小组办公室",
    "委员会办公室": "议事协调机构",
    "联席会议办公室": "议事协调机构",
    "指挥部办公室": "议事协调机构",
    "领导小组": "领导小组",
    "工作小组": "领导小组",
    "工作专班": "领导小组",
    "联席会议": "议事协调机构",
    "指挥部": "议事协调机构",
    "组委会": "议事协调机构",
    "委员会": "政府部门",
    "人民政府": "政府",
    "办事处": "政府",
    "管委会": "政府部门",
    "居委会": "群众自治组织",
    "村委会": "群众自治组织",
    "人民法院": "司法机关",
    "人民检察院": "司法机关",
    "总工会": "群团组织",
    "工会": "群团组织",
    "研究院": "事业单位",
    "设计院": "事业单位",
    "研究所": "事业单位",
    "实验室": "事业单位",
    "植物园": "事业单位",
    "动物园": "事业单位",
    "检测所": "事业单位",
    "检验所": "事业单位",
    "监督所": "事业单位",
    "市场所": "内设机构",
    "中心": "事业单位",
    "博物馆": "事业单位",
    "图书馆": "事业单位",
    "文化馆": "事业单位",
    "科技馆": "事业单位",
    "少年宫": "事业单位",
    "气象台": "事业单位",
    "电视台": "媒体",
    "广播电台": "媒体",
    "日报社": "媒体",
    "报社": "媒体",
    "出版社": "媒体",
    "通讯社": "媒体",
    "大学": "高校",
    "学院": "高校",
    "党校": "事业单位",
    "学校": "学校",
    "中学": "学校",
    "小学": "学校",
    "幼儿园": "学校",
    "医院": "医院",
    "集团": "企业",
    "有限公司": "企业",
    "总公司": "企业",
    "分公司": "企业",
    "公司": "企业",
    "银行": "企业",
    "协会": "协会",
    "学会": "学会",
    "商会": "协会",
    "促进会": "协会",
    "联合会": "协会",
    "研究会": "学会",
    "基金会": "协会",
    "联盟": "协会",
    "总队": "政府部门",
    "支队": "政府部门",
    "大队": "内设机构",
    "分局": "政府部门",
    "总局": "政府部门",
    "海关": "政府部门",
    "局": "政府部门",
    "厅": "政府部门",
    "委": "政府部门",
    "办": "政府部门",
    "办公室": "内设机构",
    "部": "党委部门",
    "总署": "政府部门",
    "所": "事业单位",
}
# Endings that name a body even without a place or a tier before them; the short ones (办, 部, 所) do not.
STRONG = tuple(
    e
    for e in ENDINGS
    if len(e) > 1
    and e
    not in (
        "中心",
        "联盟",
        "集团",
        "公司",
        "学校",
        "小学",
        "中学",
        "联合会",
        "办公室",
        "工会",
        "海关",
        "党校",
        "气象台",
        "学院",
        "大队",
        "分局",
    )
)
LAST_CHARS = frozenset(e[-1] for e in ENDINGS)
_BY_LENGTH = tuple(sorted(ENDINGS, key=len, reverse=True))
# A name holds no stops, and none of the words that tie clauses together.
_CLAUSE = (
    r"[，。；：！？、,;:\s“”‘’《》〈〉…—]|开展|举办|组织(?!部)|举行|召开|推动|推进|加强|指导|会同|联合(?!会|大学|国|征信)|负责|牵头|按照|根据|"
    r"通过|围绕|聚焦|结合|依托|发布|关于|报告(?!会)|转发|批转|积极|进行|以及|认真|深入|分别|先后|首次|邀请|的|了|让|把|被|在|各|该|其|我|你|这|那|是"
)
_NOT_IN_NAME = re.compile(_CLAUSE)
# A name that nothing vouches for but its form holds no function words either.
_NOT_IN_LOOSE_NAME = re.compile(
    _CLAUSE + r"|等|在|将|对|向|由|使|与|或|本|要|应(?!用|急)|须|可|不|未|无|也|都|就|还|进"
    r"|争取|申请|申报|鼓励|支持|引导|探秘|参观|开放|标(?!准)|获|到|至|从|为|给"
)
UNIT = re.compile(
    r"(?!联系|负责|所在|住|有关|相关|等)(?:[\u4e00-\u9fff]{1,8}?(?:科|(?<![查惩判论好坏害益用到何多此])处|(?<!^公)室|股|司|办公室|办公厅|综合部|大队|中队|支队|分局|监管局|监管所|"
    r"管理所|调查队|总队|支行|分行|办事处)|办公[室厅])(?![\u4e00-\u9fff]?[长员])"
)
UNIT_ENDINGS = (
    "办公室",
    "办公厅",
    "综合部",
    "科",
    "处",
    "室",
    "股",
    "司",
    "总队",
    "大队",
    "中队",
    "支队",
    "分局",
    "监管局",
    "监管所",
    "管理所",
    "调查队",
    "支行",
    "分行",
)


# 哈尔滨工业大学（深圳）
_CAMPUS = re.compile(r"[（(][^（）()]{1,8}[)）]$")
# …主办, …承办: verbs that end like an office
_VERBAL = re.compile(
    r"(?:主|承|协|举|开|督|兴|创|筹|申|经|帮|查|交|代|合|停|试|严|快|马上就)办$|(?:全|内|外|局|分|干)部$|委(?:员|托)$|(?:常|编|评|政)委$"
)


def ending_of(name: str) -> str | None:
    """The longest known ending of a name."""
    return next((e for e in _BY_LENGTH if name.endswith(e)), None)


def category_of(name: str) -> str | None:
    """What kind of body a name's ending tells of."""
    ending = ending_of(name)
    return ENDINGS[ending] if ending else None


def is_name(text: str) -> bool:
    """Whether a text could be one body's name: it ends like one and holds no clause."""
    text = _CAMPUS.sub("", text)
    ending = ending_of(text)
    if ending is None or _VERBAL.search(text) or not 3 <= len(text) <= 40:
        return False
    stem = re.sub(r"[（(][^（）()]{1,10}[)）]", "", text[: -len(ending)])
    return bool(stem) and not _NOT_IN_NAME.search(stem)


def is_clause(text: str) -> bool:
    """Whether a text holds stops or words that tie clauses together."""
    return bool(_NOT_IN_NAME.search(text))


def is_loose(text: str) -> bool:
    """Whether a name-like text holds words that tie clauses together, or counts bodies (20多个行业协会)."""
    return bool(
        _NOT_IN_LOOSE_NAME.search(text) or re.search(r"[和及同暨]|[\d一二三四五六七八九十百两几多][个家所]", text)
    )


# 行业协会, 龙头企业集团, 定点医院: a sort of body, not one
_SORT = re.compile(
    r"(?:[一二三]级|国家级|省级|市级|区级|高校|街道|乡镇|地区|工作|发展|建设|投资|科技|集团|实业|控股|股份|以上|开放|乡村|社区|志愿|综合性|活动|开发区|园区|景区|功能区|行业|产业|地方|专业|社会|基层|民间|国际|大型|重点|龙头|骨干|中小|民营|国有|外资|本地|相关|有关|公立|民办|综合|定点|医疗|金融|科技|高等|职业|普通|商业|消费者|志愿者|企业|群众|人民)*"
)


# 区行政中心, 国家会展中心: where things are held
_VENUE = re.compile(r"(?:行政|会展|会议|展览|购物|商业|商务|艺术|体育|游泳)中心$")


def is_venue(text: str) -> bool:
    """Whether a name's form is that of a building where things are held."""
    return bool(_VENUE.search(text))


def is_plain_name(text: str) -> bool:
    """Whether a text where units stand has a name's form: an ending of two characters or more, no clause."""
    ending = ending_of(text)
    return ending is not None and len(ending) > 1 and is_name(text) and not is_loose(text)


def is_strong_name(text: str) -> bool:
    """Whether a text is a name by itself, without a known place before it (瑞金医院, 中国商用飞机有限责任公司)."""
    return (
        is_name(text)
        and (ending := ending_of(text)) in STRONG
        and not text[0].isdigit()
        and not _SORT.fullmatch(text[: -len(ending)])
        and not _NOT_IN_LOOSE_NAME.search(text)
    )
