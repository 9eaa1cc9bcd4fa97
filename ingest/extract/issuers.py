"""Where an issuer's name begins: reading backwards from a document number or a title.

Chinese text does not mark word edges, so 根据国家市场监管总局《…》 must lose 根据 and keep 国家市场监管总局. The names
themselves are not known here (that is the gazetteer's part): only the words that end an agency's name, and the words
that cannot be part of one.
"""

from __future__ import annotations

import re

# How names of issuing bodies end (GB/T 9704-2012 §7.2.4 发文机关标志: 全称或规范化简称)
_TAILS = (
    "人民代表大会常务委员会|人民代表大会|人大常委会|全国人大|人大|人民政府办公厅|"
    "人民政府办公室|人民政府|政府办公厅|政府办公室|"
    "市政府|省政府|区政府|县政府|国务院办公厅|国务院|党中央|中共中央办公厅|中共中央|"
    "中央军委办公厅|中央军委|中央办公厅|中办|国办|"
    "人民法院|人民检察院|委员会办公室|委员会|领导小组办公室|领导小组|联席会议办公室|联席会议|指挥部办公室|指挥部|"
    "办公厅|办公室|总局|总署|总工会|总社|总公司|总行|分局|分行|集团|公司|联合会|协会|学会|商会|研究院|中心|法院|检察院|"
    "宣传部|组织部|统战部|工作部|政法委|纪委监委|纪委|市委|省委|区委|县委|党委|党工委|管委会|国资委|"
    "银行|分行|支行|大学|学院|医院|供销社|通讯社|海关|街道办|街道|(?<![布格])局|厅|(?<!部)署|部委|委|"
    "(?<![全内干外])部|(?<![举主承协督])办|院|(?<![社机])会|(?<!到)处"
)
TAIL = re.compile(rf"(?:{_TAILS})(?:等(?:[0-9一二三四五六七八九十]*个?(?:部门|单位|部委)))?$")
# words before a name that are no part of it; the longest first so that 贯彻落实 goes whole
_LEFT = re.compile(
    r"贯彻落实|深入贯彻|认真贯彻|全面贯彻|深入实施|组织实施|贯彻执行|深入学习|认真落实|全面落实|坚决落实|"
    r"宣传贯彻|贯彻|落实|实施|执行|遵守|违反|学习|宣传|宣贯|根据|依据|按照|依照|"
    r"遵照|参照|对照|对标|结合|适用|引用|符合|"
    r"印发|转发|批转|下发|发布|公布|颁布|颁发|制定|制订|修订|修改|废止|通过|批准|核准|报经|报请|收悉|有关|关于|"
    r"经过|同意|以及|或者|并且|同时|其中|包括|按|依|据|由|被|从|向|对(?!外)|将|把|的|在|以|为|及其|"
    r"重点|年度|[0-9年月日号]|原(?!子)|其|该|了|是|到|至|自|见|因|让|使|给"
)
_PRONOUN = re.compile(r"[你我本贵该各有某].{1,2}")


def name_before(text: str, position: int, *, longest: int = 30) -> tuple[int, int] | None:
    """The span of one agency name that ends at `position`, or None when none can be told.

    >>> t = "重点宣贯市场监管总局"
    >>> name_before(t, len(t))
    (4, 10)
    """
    start = position
    while start > 0 and position - start < longest and "\u4e00" <= text[start - 1] <= "\u9fff":
        start -= 1
    run = text[start:position]
    if not TAIL.search(run):
        return None
    cut = 0
    tail_start = TAIL.search(run)
    limit = tail_start.start() if tail_start else len(run)
    for m in _LEFT.finditer(run):
        if m.end() <= limit:
            cut = m.end()
    # 卫生和健康委 keeps its 和; 总工会和团市委 is two names
    head = cut
    for m in re.finditer("会同|联合(?!会|国|体|社)|和|及|与", run[head:]):
        after_bracket = head + m.start() == 0 and start > 0 and text[start - 1] in "》）)】〕"
        if TAIL.search(run[cut : head + m.start()]) or after_bracket:
            cut = head + m.end()
    name = run[cut:]
    while name.startswith(("和", "与", "及")) and (start + cut > 0 and text[start + cut - 1] in "》）)】〕号令、"):
        cut += 1
        name = run[cut:]
    # 你部, 我局, 本办 name nobody
    if _LEFT.fullmatch(name) or not TAIL.search(name) or not name[1:] or _PRONOUN.fullmatch(name):
        return None
    return start + cut, position


def names_before(text: str, position: int) -> list[tuple[int, int]]:
    """All agency names of the coordination that ends at `position`, in reading order.

    会同市委宣传部、市总工会和团市委 -> three names, and the one before 会同 too.
    """
    out: list[tuple[int, int]] = []
    end = position
    while True:
        span = name_before(text, end)
        if span is None:
            return out
        out.insert(0, span)
        before = span[0]
        join = None
        for m in ("会同", "联合", "、", "和", "及", "与", "\u3000", " "):
            if text.endswith(m, 0, before):
                join = before - len(m)
                break
        if join is None:
            return out
        end = join
