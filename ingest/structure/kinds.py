"""The kind of a document (公文种类) from its title.

The fifteen statutory kinds are those of 党政机关公文处理工作条例 §8; laws and regulations, and the plain working
documents (方案, 安排, 总结 …) come beside them.
"""

from __future__ import annotations

import re

STATUTORY = (
    "决议",
    "决定",
    "命令",
    "令",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
)
LEGISLATIVE = ("法", "条例", "规定", "办法", "细则", "规则", "解释", "修正案", "法典", "宪法")
WORKING = (
    "纲要",
    "规划",
    "计划",
    "方案",
    "安排",
    "要点",
    "总结",
    "指南",
    "规范",
    "标准",
    "制度",
    "章程",
    "目录",
    "预案",
    "准则",
    "答复",
)
# 复函 and 函复 are 函; 若干意见 is 意见: the longest name that ends the title decides, these fold into their kind.
_FOLD = {"复函": "函", "法典": "法", "命令": "令", "解释": "解释"}
_ALL = tuple(sorted({*STATUTORY, *LEGISLATIVE, *WORKING, *_FOLD}, key=len, reverse=True))
_TAIL = re.compile(r"(?:[（(〔\[][^（）()〔〕\[\]]{1,30}[）)〕\]]|[—\-·]+.{0,20}版|\s)+$")
_QUOTED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")


def title_to_kind(title: str) -> str | None:
    """`关于印发《…方案》的通知` -> 通知; `…暂行办法（试行）` -> 办法; None when the title ends in no known kind."""
    bare = _TAIL.sub("", title.strip().rstrip("》"))
    for kind in _ALL:
        if bare.endswith(kind):
            return _FOLD.get(kind, kind)
    return None


def ends_like_title(line: str) -> bool:
    """Whether a line could be the last line of a title."""
    return title_to_kind(line) is not None


def outer_title(title: str) -> str:
    """The title with what it quotes removed: 关于印发《…》的通知 -> 关于印发的通知."""
    return _QUOTED.sub("", title)
