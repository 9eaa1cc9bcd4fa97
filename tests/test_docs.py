"""The documents for people say what the program does: commands, options, settings, saved queries, examples."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.readers import SUFFIXES
from kg.core.config import Settings
from kg.service import Service

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "使用手册.md").read_text(encoding="utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "docs/使用手册.md", "docs/界面.md", "indexes/README.md")


def settings_table() -> str:
    """The rows of the guide's table of settings."""

    def default(field: dataclasses.Field[Any]) -> str:
        return f"`{field.default}`" if str(field.default) else "（空）"

    return "\n".join(
        f"| `POLICYKG_{field.name.upper()}` | {default(field)} | {field.metadata['help']} |"
        for field in dataclasses.fields(Settings)
    )


def _command() -> Any:
    import typer

    from kg.cli.app import application

    return typer.main.get_command(application())


def _code(text: str) -> Iterator[str]:
    """Lines of shell blocks, and code in the running text."""
    for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL):
        yield from (line.split(" #")[0].strip() for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def calls_of(text: str, program: str) -> list[list[str]]:
    """The words after `program` of every call in a page's code."""
    found = (re.search(rf"(?:^|[\s/;]){program}\s+(.+)$", line) for line in _code(text))
    return [match[1].split() for match in found if match]


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_settings_table_is_the_programs() -> None:
    assert settings_table() in GUIDE, f"docs/使用手册.md §7 should hold:\n{settings_table()}"


@pytest.mark.parametrize("name", PAGES)
def test_commands_and_options_exist(name: str) -> None:
    root = _command()
    for words in calls_of(_page(name), "policykg"):
        at = next((i for i, word in enumerate(words) if word in root.commands), None)
        if at is None:
            assert all(word.startswith("-") for word in words), f"{name}: policykg {' '.join(words)}"
        command = root if at is None else root.commands[words[at]]
        known = {option for parameter in (*root.params, *command.params) for option in parameter.opts}
        wrong = {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)} - known - {"-h", "--help"}
        assert wrong == set(), f"{name}: policykg {' '.join(words)}"


def test_pages_were_really_read() -> None:
    assert len(calls_of(GUIDE, "policykg")) > 20
    assert ["ask", "哪些区开展过质量开放日，历年有何变化？"] in calls_of(GUIDE, "policykg")


@pytest.mark.parametrize("name", PAGES)
def test_files_linked_or_named_exist(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)#]+)\)", _page(name))
    named: list[str] = re.findall(r"`((?:ontology|tests|kg|ingest|docs)/[\w./-]*\w)`", _page(name))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    missing += [path for path in named if not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists()]
    assert missing == []


def test_the_guide_names_every_format() -> None:
    said = set(re.findall(r"`(\.[a-z]+)`", (ROOT / "docs/使用手册.md").read_text(encoding="utf-8")))
    same = {".text", ".markdown", ".htm", ".jpeg", ".tiff"}  # other endings of formats that are named
    assert sorted(SUFFIXES - said - same) == []


def test_every_saved_query_is_listed_under_its_title(tmp_path: Path) -> None:
    queries = Service(Settings(home=tmp_path)).saved_queries()
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+?)(?:（四种状态）)? \|$", GUIDE, re.MULTILINE))
    assert rows == {query["name"]: query["title"] for query in queries}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The samples and the guide's own ontology file, ingested; a document that uses its names beside them."""
    folder = tmp_path_factory.mktemp("guide")
    turtle = re.findall(r"```turtle\n(.*?)```", GUIDE, re.DOTALL)
    (folder / "own.ttl").write_text(turtle[0], encoding="utf-8")
    (folder / "夜市.txt").write_text(
        "青浦区市场监督管理局关于举办质量活动的通知\n\n各街镇：\n\n现将2025年有关活动通知如下。\n\n一、活动内容\n\n"
        "1．举办“质量集市”活动。请居民了解质量知识。（区质促中心）\n\n青浦区市场监督管理局\n2025年3月1日\n",
        encoding="utf-8",
    )
    settings = Settings(home=folder / "home", ontology=str(folder / "own.ttl"), embedder="none")
    service = Service(settings)
    report = service.ingest([ROOT / "samples", folder / "夜市.txt"])
    assert (report["added"], report["failed"]) == (9, [])
    return service


def test_example_queries_find_something(service: Service) -> None:
    queries = re.findall(r"```sparql\n(.*?)```", GUIDE, re.DOTALL)
    assert queries
    assert [query for query in queries if not service.sparql(query)["rows"]] == []


def _questions() -> list[str]:
    """The guide's table of what can be asked, README's and the command's examples."""
    table = GUIDE.split("| 想知道 | 可以这样问 |")[1].split("\n\n")[0]
    asked = [cells.split("|")[2].strip() for cells in table.splitlines()[2:]]
    asked = [question for question in asked if question.endswith("？")]
    asked += [" ".join(words[1:]) for name in PAGES for words in calls_of(_page(name), "policykg") if words[0] == "ask"]
    return list(dict.fromkeys(asked))


@pytest.mark.parametrize("question", _questions())
def test_example_questions_are_answered_from_the_samples(service: Service, question: str) -> None:
    asked, _, previous = question.partition(" -o ")[0].partition(" --after ")
    answer = service.ask(asked, previous=previous or None)
    assert answer["answerable"], answer["answer"]
    assert answer["rows"] or previous  # a follow-up may be answered by a quote alone
    assert answer["evidence"]


def test_the_guides_own_agency_and_series_are_recognised(service: Service) -> None:
    activities = service.document("夜市.txt")["activities"]
    found = [(a["series"], [party["name"] for party in a["responsible"]]) for a in activities]
    assert ("质量夜市", ["青浦区质量发展促进中心"]) in found


def test_samples_pass_the_check(service: Service) -> None:
    assert service.check()["problems"] == []


def test_the_notice_names_every_package_that_is_needed() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks" / "licences.py"), "--check"], check=False)
    assert done.returncode == 0, "run python benchmarks/licences.py"


def test_every_screen_has_a_picture_that_is_not_too_large() -> None:
    page = _page("docs/界面.md")
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "screenshots").glob("*.png")}
    assert set(re.findall(r"screenshots/([\w-]+\.png)", page)) == set(pictures)
    assert sum(pictures.values()) < 1_500_000
