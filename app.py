"""The app: `streamlit run app.py`, or `policykg app`. A router only; the pages are in kg/ui/pages."""

from __future__ import annotations

from kg.ui import ahead, frame

with ahead.visit():
    frame.begin()
    frame.navigation().run()
    frame.side()  # after the page, which may have added to the questions of this sitting
