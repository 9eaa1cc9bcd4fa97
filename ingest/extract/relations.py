"""The verb that binds a document to a policy: 贯彻落实, 根据, 印发, 宣传贯彻, 废止 ..."""

from __future__ import annotations

import re

from ingest.extract.sentences import Segmentation

# Surface verb -> the relation that it states; longer forms first in the pattern built below
_RELATIONS = {
    "贯彻落实": (
        "贯彻落实",
        "贯彻执行",
        "贯彻实施",
        "贯彻",
        "落实",
        "深入实施",
        "组织实施",
        "推进实施",
        "实施(?!条例|细则|办法|方案|意见|纲要|计划|规划|规则|规定)",
    ),
    "宣传贯彻": ("宣传贯彻", "宣贯", "学习宣传", "学习贯彻", "宣传", "学习", "解读", "培训"),
    "根据": ("根据", "依据", "按照", "依照", "遵照", "遵循"),
    "参照": ("参照", "参考"),
    "对标": ("对标", "对照"),
    "印发": ("印发", "下发", "出台"),
    "转发": ("转发", "批转"),
    "发布": ("发布", "公布", "颁布", "颁发"),
    "制定": ("制定", "制订", "编制", "起草", "研究制定"),
    "修订": ("修订", "修改", "修正"),
    "废止": ("废止", "停止执行", "失效"),
    "批准": ("批准", "同意", "审议通过", "通过"),
    "执行": ("执行", "遵守", "适用", "符合"),
    "违反": ("违反",),
    "结合": ("结合",),
    "收悉": ("收悉",),
}
_RELATION_OF = {re.sub(r"\(.*", "", verb): relation for relation, verbs in _RELATIONS.items() for verb in verbs}
_VERB = re.compile("|".join(sorted((v for verbs in _RELATIONS.values() for v in verbs), key=len, reverse=True)))
# 《X》宣贯培训, 《X》的贯彻落实, 《X》同时废止: the verb after the title
_AFTER = re.compile(
    r"(?:[（(][^（）()]{2,40}[)）])?[^，。；！？\n\t《》]{0,8}?(宣传贯彻|宣贯|贯彻落实|贯彻实施|落实|实施|印发|"
    r"发布|收悉|同时废止|废止|修订|培训|解读|学习)"
)


def relation_of(seg: Segmentation, start: int, end: int) -> str | None:
    """The relation that governs the reference `text[start:end]`; None when no verb does.

    The nearest verb before it in its clause, outside 《》; else the one after it (《…》宣贯); else, across the commas
    of one coordination, the verb that the title before it has.
    """
    sentence = seg.sentence_at(start, end)
    left = re.sub(r"《[^》]*》", lambda m: "\x00" * len(m[0]), seg.text[sentence.start : start])
    after = _AFTER.match(seg.text, end, min(sentence.end, end + 60))
    clause_start = max(left.rfind(c) for c in "，；：")
    verbs = list(_VERB.finditer(left))
    if verbs and verbs[-1].start() > clause_start:
        return _RELATION_OF[verbs[-1][0]]
    if after:
        return _RELATION_OF.get(after[1].removeprefix("同时"))
    if verbs and "\x00" in left[verbs[-1].end() :]:
        return _RELATION_OF[verbs[-1][0]]
    return None
