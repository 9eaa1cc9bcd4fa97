"""The command of Streamlit, with what the pages need made ready from the start: `python -m kg.ui run app.py`."""

from __future__ import annotations

from streamlit.web.cli import main

from kg.ui import ahead

if __name__ == "__main__":
    ahead.start()
    main(prog_name="streamlit")
