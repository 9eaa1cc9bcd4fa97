"""文档."""

from __future__ import annotations

from kg.ui.frame import guarded
from kg.ui.library import documents_page

with guarded():
    documents_page()
