"""The program without the extra `models`: all of the default path runs, and what needs the extra says so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.core.errors import MissingExtra
from kg.passages.optional import need_models

ROOT = Path(__file__).resolve().parents[2]
ABSENT = ("torch", "sentence_transformers", "transformers", "tokenizers", "huggingface_hub")
Run = Callable[..., subprocess.CompletedProcess[str]]

_COMMAND = f"import sys; sys.modules.update(dict.fromkeys({ABSENT!r})); from kg.cli import main; sys.exit(main())"
_APP = f"""
import sys
sys.modules.update(dict.fromkeys({ABSENT!r}))
from streamlit.testing.v1 import AppTest
shown = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=60).run()
assert not shown.exception, shown.exception
print(len(shown.text_input) + len(shown.chat_input) + len(shown.text_area))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lean") / "home"


@pytest.fixture(scope="module")
def run(home: Path) -> Run:
    def run(code: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *words]
        env = {"POLICYKG_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environ}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=home.parent)

    done = run(_COMMAND, "ingest", str(ROOT / "samples"))
    assert done.returncode == 0, done.stderr
    return run


def test_ingest_search_and_ask(run: Run) -> None:
    found = run(_COMMAND, "search", "企业首席质量官")
    assert "质量" in found.stdout, found.stderr
    asked = run(_COMMAND, "ask", "哪些区开展过质量开放日，历年有何变化？")
    assert "青浦区" in asked.stdout, asked.stderr


def test_the_app_opens(run: Run) -> None:
    done = run(_APP)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


@pytest.mark.parametrize(
    ("words", "environ"),
    [
        (["rebuild"], {"POLICYKG_EMBEDDER": "some/model"}),
        (["search", "质量"], {"POLICYKG_RERANKER": "some/model"}),
        (["train-embedder", "-o", "model"], {}),
    ],
    ids=["another model", "reranking", "training"],
)
def test_what_needs_the_extra_names_it(run: Run, words: list[str], environ: dict[str, str]) -> None:
    done = run(_COMMAND, *words, **environ)
    assert done.returncode == 2, done.stdout
    assert "policykg[models]" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_else_helps_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match="POLICYKG_EMBEDDER 设为 default"):
        need_models("向量模型 a/b ", "把 POLICYKG_EMBEDDER 设为 default 使用内置模型")


def test_nothing_is_said_where_it_is_installed() -> None:
    need_models("训练")
