"""Questions of two kinds in one sentence (组织了什么活动，多少人参加), part by part.

Each part is answered by itself, the later ones in the light of the first.
"""

from __future__ import annotations

import re

_CUT = re.compile(r"[,，;；?？]+")
_ASKS = re.compile(r"谁|哪|什么|几|多少|何|怎|吗|有没有|是否|是不是|啥")
_MOST = 3


def parts_of(text: str) -> list[str]:
    """The parts that ask something each; fewer than two where the question is one.

    >>> parts_of("质量进党校组织了什么活动，多少人参加")
    ['质量进党校组织了什么活动', '多少人参加']
    >>> parts_of("请问，谁负责？")
    []
    """
    parts = [part.strip() for part in _CUT.split(text) if part.strip()]
    if not 1 < len(parts) <= _MOST or not all(_ASKS.search(part) for part in parts):
        return []
    return parts
