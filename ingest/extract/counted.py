"""What figures are counted in, and what they count: classifiers, measures, nouns that need no classifier.

A general table of modern Chinese measure words; the guards after a word keep it from being the head of a longer one
(3处 but not 3处理, 5条 but not 5条例).
"""

from __future__ import annotations

import re

from ingest.extract.sentences import Span

_GUARDED = {
    "家": "庭|长|具|电|园|政|属|装|居",
    "场": "所(?!次)|地|馆|景|面",
    "名": "称|单|牌|校|企(?!业)|优|师|录|额|片",
    "门": "户|店|类|诊|窗|槛",
    "台": "湾|风|账|阶|胞",
    "处": "置|理|于|罚|分|以|级|长",
    "所": "有|在|得|属|称|需|涉|致|以|谓|述|长|列",
    "期": "间|限|末|货|刊|望|满",
    "条": "例|件|款|规定|第|的|中|所|形码",
    "种": "植|子|质|养|族|粮",
    "批": "准|复|评|发(?!放)|量|示|次|转",
    "起": "草|诉|算|来|点|重|止|至|施|到|步|因|内|向|依",
    "户": "外|籍|口|型|用|主",
    "份": "额|有限|子",
    "本": "市|区|县|省|级|办|条|法|人|单位|部门|地|次|年|月|行|院|身|质|科|土|着|项|规|细|通|方",
    "人": "民|大|口|才|均|员|类|力|体|身|文|生|事|行|工|道|群|间|士|物|选|格|防|社|寿|居|情|为|社|际",
    "张": "贴|家|江",
    "集": "中|体|团|成|合|装|约|市|聚|群|镇|资",
    "节": "能|约|水|日|目|汇|假|庆|点|省",
    "组": "织|成|建|长|合|团",
    "座": "谈|位|席",
    "套": "取|用|餐",
    "支": "持|付|出|撑|部|行|队(?!伍)|援|小|教|农|局|柱",
    "笔": "者|记|试",
    "例": "如|外|行|会|案",
    "款": "项|式|规定|第",
    "间": "隔|接|断|距",
    "头": "部|等|条|衔",
    "只": "能|有|要|是|需|限",
    "位": "置|居|于|列|次|数",
    "件": "下",
    "项": "目(?!成果|活动)",
    "个": "人(?!员|[\u4e00-\u9fff]{0,3}代表)|体|性|别",
    "分": "之|钟|别|类|为|解|析|局|配|期|布|级|支|管|公司|会|工|行|院|包|户|开|散|段|批|步|管|散|担",
    "次": "日|年|月|要|数|序|级|生|会议|主任|全体|常务|修|代表",
    "组团": "$",
    "字": "样|号|第|体|母|面",
    "幅": "度|员",
    "段": "时|落",
    "层": "级|面|次|出",
    "线": "上|下|路|索",
    "组件": "$",
    "轮": "流|换|岗|候",
    "讲": "话|座|解|述|师|究|堂|台|义|坛|习|稿|明|清|好|政|卫生|道|诚",
    "版": "本|权|面",
    "块": "状|链",
    "棵": "$",
    "根": "据|本|源|治|除|植|系",
    "口": "岸|头|径|号|粮|腔|味|碑",
    "片": "区|面|警|段",
    "席": "位",
    "首": "先|次|席|都|批|创|家|届|府|负|问|要|发|办|任|位|部",
    "页": "面|岩",
    "站": "点|在|位|式|房|长",
    "岗": "位|前|亭",
    "桩": "$",
    "包": "括|含|装|容|裹",
    "级台阶": "$",
}
_PLAIN = (
    "台件|人次|场次|家次|个次|批次|件次|户次|台次|项次|车次|班次|篇次|份次|架次|艘次|"
    "例次|课次|条次|个百分点|标准箱|标箱|人份|课时|学时|"
    "篇|幢|栋|艘|辆|架|株|羽|尾|瓶|箱|盒|袋|宗|枚|颗|面|盏|尊|册|堂|幕|曲|票|对|队|班|串"
)
CLASSIFIER = (
    "(?:"
    + _PLAIN.replace("面|", "面(?=锦旗|旗)|")
    .replace("对|", "对(?=夫妇|夫妻|新人|结对)|")
    .replace("队|", "队(?=[人参])|")
    .replace("班|", "班(?!子|组|级|长|次)|")
    .replace("票|", "票(?!据|价|面|证)|")
    + "|"
    + "|".join(f"{word}(?!{guard})" for word, guard in _GUARDED.items() if guard != "$")
    + ")"
)
MEASURE = (
    "(?:平方公里|平方千米|平方米|平方厘米|平米|立方米|立方|公里|千米|海里|厘米|"
    "毫米|微米|米(?!粉|面|制|饭)|公顷|亩(?:次)?|吨(?:标准煤|煤)?|公斤|千克|毫克|"
    "微克|克(?!服|隆|扣)|毫升|升(?!级|学|降|高|格|至|旗)|"
    "千瓦时|千瓦|兆瓦|千伏安|千伏|伏|度电|分贝|摄氏度|℃|倍|个百分点|%|％|‰|TB|GB|GHz|MHz|kW|km|kg|mg|cm|mm|m²|㎡)"
)

# Nouns that follow a number without a classifier: 2万余市民, 1.1万员工, 27部门. The unit that is understood.
COUNTED_NOUN_UNITS = {
    noun: unit
    for unit, nouns in {
        "名": "市民 居民 群众 学生 师生 志愿者 劳模 党员 选手 代表 游客 观众 网民 青少年 消费者 用户",
        "人": "员工 职工 人员 从业人员 工人 干部 农民 专家 老人 教师 军民 村民 人口",
        "家": "企业 商户 商家 门店 机构 市场主体 经营主体 个体工商户 小微企业 中小企业 中小微企业",
        "个": "部门 单位 城市 省份 街镇 国家 项目 区县 村居 社区 岗位 点位",
    }.items()
    for noun in nouns.split()
}
COUNTED_NOUNS = "|".join(sorted(COUNTED_NOUN_UNITS, key=len, reverse=True))

# Chinese numerals below eleven count something definite only with these; 三个, 五项, 两类 announce a list
HAN_STRONG = frozenset(
    (
        "家",
        "场",
        "份",
        "篇",
        "名",
        "人",
        "件",
        "起",
        "户",
        "座",
        "辆",
        "艘",
        "人次",
        "场次",
        "家次",
        "批次",
        "册",
        "栋",
        "幢",
        "幅",
        "张",
    )
)

# 三个方面, 5个阶段, 两个维护: a way to number paragraphs or a slogan
LIST_NOUNS = (
    r"(?:大|主要|重要|基本|具体|关键|核心|重点|不同|突出|显著|鲜明)?"
    r"(?:方面|部分|阶段|环节|层面|维度|步骤|原则|统一|坚持|到位|层次|角度|过程|"
    r"特点|问题|关系|要点|内容|要求|确保|必须|突破口|转变|维护|意识|自信|结合|"
    r"着力|一批|一律|"
    r"时期|条件|情形|因素|方向|目标|途径|渠道|优先|百年|文明|先行|更加|下功夫|"
    r"字|为|带头|不|全面|务必|确立|明确|革命|现代化|延伸|强化|服务于|"
    r"结合起来)"
)

_NOT_COUNTED = re.compile("计算|范围|标准|区域|地区|左右|以内")
_STOP = re.compile(r"[，。；：！？、\n\t（(）)《“]")
# verbs that end the noun phrase after a figure: 2000余家企业 | 参加培训
_VERBS = re.compile(
    "关于|参加|参训|参与|参展|积极|获|分别|集中|进行|开展|实施|受理|举办|建立|完成|实现|"
    "通过|达到|列入|纳入|接受|组织|共(?!同|享)|已|均|被|在(?![建编册校岗役园职])|"
    "对(?!外|口)|为|向|从|并|将|与|及其|以上|以下|占|签订|入选|举行|定于|于|"
    "联合|走进|授信|发布|公布|报送|申报|提供|制定|承担|具有|存在|给予|处|解决(?!方案)|悬挂|推送|作出|作(?=质量|出)|第[一二三四五六七八九十0-9]|的(?!.{1,10}$)"
)
_NEXT_FIGURE = re.compile(r"(?:和|及|与|以及)?(?:本市|全市|全国|全区|本区|全省)?(?:近|约|超过|逾|共)?[0-9]")
_LEADING = re.compile(
    r"^(?:据(?:不完全)?统计|其中|共计?|总计|合计|累计|先后|目前|截至[^，]{1,10}?(?=全|"
    r"共|已|累)|全市|全国|全省|全区|全县|本市|本区|本省|我市|我区|我省|已经?|共|"
    r"各|并|且|还|也|均|同时|由|将|对|从|使|令|"
    r"[一二三四五六七八九十]是|第[一二三四五六七八九十](?:是)?)+"
)
_TRAILING = re.compile(
    r"(?:共计?|总计|合计|累计|达到?|不足|不满|未满|满|未|不得|降低|增加|增长|每|为|"
    r"是|有|超过|约|近|已|已经|至|到|的|由|在|于|仅|等|力争|争取|确保|保持|稳定|控制|提高|提升|上升|下降|减少|"
    r"(?:较|比)(?:[0-9]{4}年|上年|去年|前年|上一年|同期)(?:同期|度|末|底)?|同比|环比)+$"
)


_LONG_PHRASE = 12
_FIGURE_BEFORE = re.compile(rf"^.*[0-9][余多]?[万亿]?[余多]?{CLASSIFIER}")


def _after_figure(before: str) -> str:
    """帮助上下游86家企业解决质量难题 -> 解决质量难题: the words that follow the figure before and its noun."""
    found = _FIGURE_BEFORE.match(before)
    if not found:
        return before
    tail = before[found.end() :].lstrip("、，和及与")
    verb = _VERBS.search(tail)
    return tail[verb.start() :] if verb and len(tail) - verb.start() > len(verb[0]) else tail


# 宝山区、嘉定区利用户外大屏播放公益广告: the act and its object say what is counted, not who acted
_DOER = re.compile(
    r"^.{6,}?(?=(?:组织|开展|举办|举行|召开|发布|播放|发放|张贴|开放|制作|检查|抽查|查处|查办|办理|培训|走访|服务|受理|新增|建成|免费|参与|接待|出动|印发|评选|征集|推出|推送|悬挂|抽检|抽样|检定|培育|立案|责令)[^，。]{2,})"
)


def _after_doer(before: str) -> str:
    found = _DOER.match(before) if len(before) > _LONG_PHRASE else None
    return before[found.end() :] if found else before


def counted_phrase(text: str, clause: Span, start: int, end: int, *, noun: str | None = None) -> str:
    """A short phrase for what a figure counts: the nouns after it, or else the words before it in the clause.

    全市168家企业 -> 企业; 出具整改指令34份 -> 出具整改指令; 2万余市民 -> 惠及市民.
    """
    stop = _STOP.search(text, end, clause.end)
    after = text[end : stop.start() if stop else clause.end].strip()
    after = _NEXT_FIGURE.split(after)[0]
    cut = _VERBS.search(after)
    after_noun = after[: cut.start()] if cut else after
    after_noun = after_noun.removeprefix("的").removesuffix("的").strip()
    before = text[clause.start : start].strip(" \u3000，；、“”")
    # 新增利润54.77亿元、节汇创汇7.78亿美元: the figure before has its own words
    before = _after_figure(before)
    before = re.split(r"[，；：\t]|(?<=[0-9余多家个名项人元份件场%])[^0-9、和及]{0,4}[、和及](?=[^0-9]*$)", before)[-1]
    before = _LEADING.sub("", _after_doer(before))
    before = _TRAILING.sub("", before)
    if _NOT_COUNTED.match(after_noun):
        after_noun = ""
    if noun is not None:
        return f"{noun}{after_noun}"[-30:]
    # one character is a remnant, except the names of places' kinds: 16个区
    if after_noun[1:] or (after_noun and after_noun in "省市区县镇乡村国"):
        return after_noun[:40]
    if "”" in before and "“" not in before[: before.index("”")]:
        before = before[before.index("”") + 1 :]  # the rest of a quotation
    if before[1:]:
        return before[-40:]
    return (before + after_noun)[-40:] or after[:40] or text[clause.start : clause.end].strip(" ，。；\n\t")[:40]
