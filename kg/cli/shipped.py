"""Where the files that come with the project are: beside the packages in a checkout, inside `kg` in a wheel."""

from __future__ import annotations

from pathlib import Path

import kg
from kg.core.errors import EnvironmentProblem

_PACKAGE = Path(kg.__file__).resolve().parent


def samples() -> Path:
    """The folder of sample documents. Raises `EnvironmentProblem` where it is missing."""
    return _first("示例文档", _PACKAGE.parent / "samples", _PACKAGE / "samples")


def streamlit_app() -> Path:
    """The entry of the app. Raises `EnvironmentProblem` where it is missing."""
    return _first("网页应用 app.py", _PACKAGE.parent / "app.py")


def _first(what: str, *places: Path) -> Path:
    for place in places:
        if place.exists():
            return place
    raise EnvironmentProblem(f"找不到随附的{what}。请重新安装 policykg")
