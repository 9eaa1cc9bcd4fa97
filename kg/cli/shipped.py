"""Where the app is that comes with the project; the samples are `kg.service.shipped`'s."""

from __future__ import annotations

from pathlib import Path

from kg.service.shipped import PACKAGE, first, samples

__all__ = ["samples", "streamlit_app"]


def streamlit_app() -> Path:
    """The entry of the app. Raises `EnvironmentProblem` where it is missing."""
    return first("网页应用 app.py", PACKAGE.parent / "app.py")
