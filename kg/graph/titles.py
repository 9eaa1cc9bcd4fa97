"""The forms under which one policy's title may stand: with its issuer, inside 关于印发…的通知, with its edition.

Titles are compared whole, by key (kg.core.ids.title_key), never by substring.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.core.ids import title_key

_WRAPPER = re.compile(
    r"^(?P<issuer>[^《]*?)(?:关于)?(?:批转|转发|印发|下发|发布|公布)(?P<inner>.+?)的(?:通知|公告|通告|决定|函|令|批复)"
    r"(?:[（(][^（）()]*[)）])?$"
)
_ISSUER = re.compile(r"^[^《》关]*?(?:政府|委员会|办公厅|办公室|局|部|委|署|院|厅|会|组|办|中央|中心)\s*(?=关于)")
_DEPTH = 4  # a notice that forwards a notice that issues a plan is three deep
_EDITION = re.compile(r"[（(](?=[^（）()]*(?:修正|修订|修改|版|\d{4}))[^（）()]*[)）]$")
_QUOTED = re.compile(r"^[《〈](?P<inner>.+)[》〉]$", re.DOTALL)


def title_keys(title: str) -> tuple[str, ...]:
    """The key of the title itself, then those of its other forms.

    国务院关于印发《质量发展纲要（2011-2020年）》的通知 ends with the keys of the 纲要 with and without its years.
    """
    return tuple(dict.fromkeys(key for form in _forms(title.strip()) if (key := title_key(form))))


def _forms(title: str, depth: int = 0) -> Iterator[str]:
    yield title
    if depth > _DEPTH:
        return
    if quoted := _QUOTED.match(title):
        yield from _forms(quoted["inner"], depth + 1)
    elif wrapped := _WRAPPER.match(title):
        yield from _forms(wrapped["inner"], depth + 1)
    if (bare := _ISSUER.sub("", title)) != title:
        yield from _forms(bare, depth + 1)
    if (undated := _EDITION.sub("", title)) != title:
        yield from _forms(undated, depth + 1)
