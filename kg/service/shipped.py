"""The sample documents that come with the project: beside the packages in a checkout, inside `kg` in a wheel."""

from __future__ import annotations

from pathlib import Path

import kg
from kg.core.errors import EnvironmentProblem

PACKAGE = Path(kg.__file__).resolve().parent


def samples() -> Path:
    """The folder of sample documents. Raises `EnvironmentProblem` where it is missing."""
    return first("示例文档", PACKAGE.parent / "samples", PACKAGE / "samples")


def first(what: str, *places: Path) -> Path:
    """The first of some places that is there. Raises `EnvironmentProblem` where none is."""
    for place in places:
        if place.exists():
            return place
    raise EnvironmentProblem(f"找不到随附的{what}。请重新安装 policykg")
