"""`benchmarks/growth.py`: editions of a corpus are different documents, the same each time, and a run gives a table."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = 5
_ASK = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from growth_corpus import Editions
editions = Editions(Path(sys.argv[2]), int(sys.argv[3]))
order = [int(each) for each in sys.argv[4].split(",")]
found = {n: [editions.text(path, n) for path in editions.paths] for n in order}
print(json.dumps({str(n): found[n] for n in sorted(found)}, ensure_ascii=False))
"""


def law(number: int) -> str:
    place = ("嘉兴市", "浙江省", "中华人民共和国", "信阳市", "河南省")[number]
    articles = "\n\n".join(
        f"第{'一二三四五六'[n]}条 {place}的第{number}类设施，由有关部门负责管理；管理费用为{'三四五六七八'[n]}万元，"
        f"应当在三十日内缴纳，逾期的加收滞纳金，并处500元罚款。"
        for n in range(6)
    )
    return (
        f"# {place}设施管理条例{number}\n\n2018年8月28日 {place}人民代表大会常务委员会通过\n\n"
        f"<!-- INFO END -->\n\n{articles}\n"
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("growth") / "laws"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number}.md").write_text(law(number), encoding="utf-8")
    return folder


def editions(corpus: Path, *, seed: int = 0, order: str = "0,1,2") -> dict[str, list[list[str]]]:
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(ROOT / "benchmarks"), str(corpus), str(seed), order],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    value: dict[str, list[list[str]]] = json.loads(done.stdout)
    return value


def test_a_seed_gives_the_same_editions_in_any_order(corpus: Path) -> None:
    first = editions(corpus)
    assert first == editions(corpus, order="2,1,0")
    assert first["1"] != editions(corpus, seed=1)["1"]


def test_editions_are_different_documents_of_about_the_same_length(corpus: Path) -> None:
    found = editions(corpus)
    assert [text for _, text in found["0"]] == [law(number) for number in range(FILES)]
    everything = [tuple(each) for own in found.values() for each in own]
    assert len({text for _, text in everything}) == 3 * FILES
    assert len({title for title, _ in everything}) == 3 * FILES
    for before, after in pairwise(found.values()):
        assert sum(len(text) for _, text in after) == pytest.approx(sum(len(text) for _, text in before), rel=0.2)


def test_what_makes_the_parts_of_a_law_stays(corpus: Path) -> None:
    for _, text in editions(corpus)["1"]:
        assert text.startswith("# ")
        assert "<!-- INFO END -->" in text
        assert [line[:3] for line in text.splitlines() if line.startswith("第")] == [f"第{n}条" for n in "一二三四五六"]


@pytest.mark.long
def test_a_run_measures_each_size_once_and_gives_a_table(corpus: Path, tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/growth.py", "--corpus", str(corpus), "--folder", str(tmp_path)]
    command += ["--sizes", "1", "--grown", "2"]
    table = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert table[0].split(" | ") == ["| 测量", "1×", "2×（续增）", "幂 |"]
    rows = {cells[1]: cells[2:4] for cells in ([cell.strip() for cell in line.split("|")] for line in table[2:])}
    assert rows["文档"] == [str(FILES), str(2 * FILES)]
    assert int(rows["段落"][1]) > int(rows["段落"][0]) >= FILES
    assert float(rows["新增一份 秒"][0]) > 0
    assert "问答 p50 CPU ms" in rows
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(tmp_path.glob("size-*.json"))]
    assert [each["ingest"]["report"]["skipped"] for each in results] == [0, 0]
    assert [path.name for path in tmp_path.glob("home-*")] == ["home-002"]
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert again.splitlines() == table
