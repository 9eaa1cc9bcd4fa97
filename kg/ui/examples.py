"""Example questions, drawn from what the held documents talk about (`Service.topics`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FORMS = (
    "哪些区开展过某项活动，历年有何变化？",
    "某单位负责哪些活动？",
    "某项活动由谁牵头？",
    "历年活动主题有何变化？",
    "哪些文件引用了某项政策？",
)
"""What can be asked at all: shown where there is no document to draw examples from."""

_LONGEST = 24  # characters of a name that still fits on a button
_SEVERAL = 2
_EVENTS = ("日", "周", "月", "会", "赛", "活动", "行动", "论坛", "仪式", "讲堂", "沙龙", "体验", "竞赛", "检查", "培训")
# What one can be said to 开展: 开展过质量开放日, but not 开展过首席质量官.


def example_questions(topics: dict[str, Any], *, most: int = 6) -> list[str]:
    """Up to `most` questions that these documents can answer; none where there are no documents."""
    years, questions = topics["years"], []
    for series in _best_series(topics["series"])[:2]:
        scope = "区" if "区" in series["levels"] or "市" in series["levels"] else "地方"
        change = "，历年有何变化" if len(years) >= _SEVERAL else ""
        about = series["name"] if series["name"].endswith(_EVENTS) else f"{series['name']}方面的活动"
        questions.append(f"哪些{scope}开展过{about}{change}？")
    questions += [f"{name}负责哪些活动？" for name in _fitting(topics["agencies"])[:1]]
    questions += [f"{name}由谁负责？" for name in _fitting(topics["activities"])[:1]]
    questions += ["历年活动主题有何变化？"] if len(years) >= _SEVERAL else []
    questions += [f"哪些文件引用了《{name}》？" for name in _fitting(topics["policies"])[:1]]
    return questions[:most]


def _best_series(series: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that several years tell of come first, they have a history to show; then those that sound like events."""
    return sorted(
        series,
        key=lambda item: (len(item["years"]) < _SEVERAL, not item["name"].endswith(_EVENTS), -item["count"]),
    )


def _fitting(items: Sequence[dict[str, Any]]) -> list[str]:
    return [item["name"] for item in items if len(item["name"]) <= _LONGEST]
