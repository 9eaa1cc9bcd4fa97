"""Which laws people ask about: 民法典 and 劳动合同法 far more often than the statute of some register.

Counted in the questions that a query table is learnt from, and kept beside it (`asked.json`): of two articles that fit
a question alike, the one of the law that others asked about is the likelier answer. An article that no question had
gains as much as its neighbours: not articles are counted but laws, in questions per article.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kg.core.errors import EnvironmentProblem
from kg.core.ids import title_key

FILE = "asked.json"
Laws = Mapping[str, float]
"""By `law_key`, those that no question was about with 0; any other document has `UNKNOWN`."""
NONE: Laws = MappingProxyType({})

UNKNOWN = 1.2
"""Of a document that the questions could not be about, a policy or the law of a city: half of an average law's.

Everyday questions about them find theirs among the first ten in .709 with this, .694 with 0 and .711 with 2.4, which
costs policy questions (docs/decisions/0004).
"""

# An article of an average law among 58,000 has 1/58,000 of the questions, for which log(1 + share / UNIT) is 2.4.
# STARD by cross-validation: 1.6e-6 and 8e-6 do alike, 3e-5 gains two thirds of it.
UNIT = 1.6e-6
FEW = 5  # articles added to each law, so that one question about a law of three makes no rule; 2 and 20 did alike
_STATE = "中华人民共和国"


def law_key(title: str) -> str:
    """The form in which laws are compared: 最高人民法院关于适用《中华人民共和国民法典》… and …《民法典》… are one."""
    return title_key(title).replace(_STATE, "")


def count_asked(asked: Iterable[Sequence[int]], titles: Sequence[str], parts: Mapping[str, str] | None = None) -> Laws:
    """How much each law is asked about, from the passages (rows) of each question and the title of each row.

    `parts` names the whole of laws that stand in parts (合同编: 民法典): it is counted as well.
    """
    sizes: dict[str, int] = {}
    counts: dict[str, float] = {}
    keys = [law_key(title) for title in titles]
    whole = {law_key(part): law_key(law) for part, law in (parts or {}).items()}
    questions = 0
    for key in keys:
        for name in _names(key, whole):
            sizes[name] = sizes.get(name, 0) + 1
    for rows in asked:
        questions += 1
        for row in rows:
            for name in _names(keys[row], whole):
                counts[name] = counts.get(name, 0.0) + 1 / len(rows)
    return {
        name: round(math.log1p(counts.get(name, 0.0) / max(questions, 1) / (size + FEW) / UNIT), 3)
        for name, size in sorted(sizes.items())
    }


def _names(key: str, whole: Mapping[str, str]) -> tuple[str, ...]:
    return (key, whole[key]) if key in whole else (key,)


def load_asked(folder: Path) -> Laws:
    """Those of a model's folder; none where it has no such file."""
    path = folder / FILE
    try:
        return {str(name): float(value) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return NONE
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise EnvironmentProblem(f"法规提问频度表 {path} 已损坏（{error}），请重新安装 policykg") from error


def save_asked(folder: Path, laws: Laws) -> None:
    """Write `folder/asked.json`, one law a line."""
    (folder / FILE).write_text(json.dumps(laws, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
