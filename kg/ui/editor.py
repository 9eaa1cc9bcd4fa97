"""The SPARQL editor: CodeMirror, which comes with the project, inside a component of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__)
_VENDOR = _HERE.parent / "vendor" / "codemirror" / "codemirror.min.js"

# As in kg.ui.graph: the library and the words to complete are components whose message never changes, so that the
# browser is sent them once and not at each run.
_library = st.components.v2.component(
    "policykg_codemirror",
    html="<i hidden></i>",
    js=(
        "globalThis.policykgCodeMirror ??= (() => { const module = { exports: {} }; const exports = module.exports;\n"
        f"{_VENDOR.read_text(encoding='utf-8')}\nreturn module.exports; }})();\n"
        "export default function ({ data }) { globalThis.policykgVocabulary = data; }\n"
    ),
)
_editor = st.components.v2.component(
    "policykg_editor",
    html='<div class="editor"></div>',
    css=_HERE.with_name("editor.css").read_text(encoding="utf-8"),
    js="\n".join(_HERE.with_name(name).read_text(encoding="utf-8") for name in ("drafts.js", "editor.js")),
)


def sparql_editor(
    text: str,
    *,
    vocabulary: dict[str, Any],
    note: str,
    fault: dict[str, Any] | None,
    on_run: Callable[[str], None],
    key: str,
) -> None:
    """Show a query to be written; running it calls `on_run` with its text.

    `vocabulary` is that of `kg.service.querywords`. `fault` (`{"line", "column", "message"}`, from 1) is marked until
    the text changes. What the user writes stays in the browser, in tabs; a new `text` takes the place of what has run.
    """

    def asked() -> None:
        if isinstance(written := st.session_state[key].run, str):
            on_run(written)

    with st.container(key="editor-library"):
        _library(data=vocabulary, key="codemirror")
    _editor(data={"text": text, "note": note, "fault": fault}, key=key, height="content", on_run_change=asked)
