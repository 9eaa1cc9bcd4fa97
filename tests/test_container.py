"""The container file and the workflow, which no test can run here: what they name exists, and they keep their promises."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.core.config import Settings

ROOT = Path(__file__).resolve().parent.parent
FILE = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text(encoding="utf-8"))
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
BUILD, RUN = re.split(r"(?=^FROM )", FILE, flags=re.MULTILINE)[1:]
STEPS: list[dict[str, Any]] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["all"]["steps"]


def copied() -> list[str]:
    """What is copied from the tree into the stage that builds."""
    return [word for words in re.findall(r"^COPY (.+) \S+$", BUILD, re.MULTILINE) for word in words.split()]


def test_what_is_copied_exists_and_is_let_through() -> None:
    assert [name for name in copied() if not (ROOT / name).exists()] == []
    assert IGNORED[1] == "*"
    assert {name.split("/")[0] for name in copied()} == {line[1:] for line in IGNORED if line.startswith("!")}


def test_all_that_the_wheel_holds_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    held = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert {name.split("/")[0] for name in held} <= {name.split("/")[0] for name in copied()}
    assert project["project"]["readme"] in copied()


def test_only_locked_packages_are_installed() -> None:
    first, second = re.findall(r"pip install (.+?)(?: &&|$)", BUILD, re.MULTILINE)
    assert "--require-hashes --no-deps" in first
    assert set(re.findall(r"requirements/\w+\.txt", first)) <= set(copied())
    assert "--no-deps --no-build-isolation ." in second


def test_both_stages_stand_on_one_image_of_debian_12() -> None:
    images = re.findall(r"^FROM (\S+)", FILE, re.MULTILINE)
    assert len(images) == 2
    assert set(images) == {"python:3.11-slim-bookworm"}


def test_it_runs_as_nobody_in_particular_with_its_data_in_a_volume() -> None:
    (user,) = re.findall(r"^USER (\S+)$", RUN, re.MULTILINE)
    assert f"useradd --create-home --uid 10001 {user}" in RUN
    (volume,) = re.findall(r"^VOLUME (\S+)$", RUN, re.MULTILINE)
    assert f"install -d -o {user} -g {user} {volume}" in RUN
    assert re.search(rf"POLICYKG_HOME={volume}/", RUN)
    assert RUN.index("USER") < RUN.index("ENTRYPOINT")


def test_nothing_is_fetched_when_it_runs() -> None:
    assert not re.search(r"\b(?:apt-get|pip|curl|wget)\b", RUN)


@pytest.mark.parametrize("text", [FILE, WORKFLOW.read_text(encoding="utf-8")], ids=["container", "workflow"])
def test_no_registry_is_named(text: str) -> None:
    assert re.findall(r"https://|index-url|find-links", text) == []


def test_the_workflow_runs_what_must_pass() -> None:
    commands = {step["run"]: step for step in STEPS if "run" in step}
    assert (ROOT / ".ci" / "run").is_file()
    assert "CI" not in commands["bash policykg/.ci/run"].get("env", {})
    (lesser,) = [command for command in commands if command.startswith("make ")]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(lesser.split()[3:]) <= targets
    assert commands[lesser]["env"] == {"CI": "false"}


def test_one_of_the_two_always_runs() -> None:
    conditions = [step["if"] for step in STEPS if "run" in step and "if" in step]
    assert sorted(conditions) == ["vars.SHARED_REPOSITORY != ''", "vars.SHARED_REPOSITORY == ''"]


DEPLOYMENT = ROOT / "docs" / "部署"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOYMENT / "compose.yaml").read_text(encoding="utf-8"))["services"]
CLUSTER: list[dict[str, Any]] = list(yaml.safe_load_all((DEPLOYMENT / "kubernetes.yaml").read_text(encoding="utf-8")))


def _containers() -> list[dict[str, Any]]:
    return [
        container
        for each in CLUSTER
        if each["kind"] in ("Deployment", "Job")
        for container in each["spec"]["template"]["spec"]["containers"]
    ]


def test_what_is_deployed_calls_commands_and_settings_that_there_are() -> None:
    import typer

    from kg.cli.app import application

    commands = set(typer.main.get_command(application()).commands)  # type: ignore[attr-defined]
    calls = [each["command"] for each in COMPOSE.values() if each.get("image") == "policykg" and "command" in each]
    calls += [each["args"] for each in _containers() if each["image"] == "policykg"]
    assert len(calls) >= 6
    assert {call[0] for call in calls} <= commands
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(DEPLOYMENT.iterdir()))
    known = {f"POLICYKG_{field.name.upper()}" for field in dataclasses.fields(Settings)} | {"POLICYKG_DB_PASSWORD"}
    assert set(re.findall(r"POLICYKG_[A-Z_]+", text)) <= known


def test_a_reader_stays_with_his_server_and_each_of_them_shares_the_store() -> None:
    assert {each["spec"]["sessionAffinity"] for each in CLUSTER if each["kind"] == "Service"} == {"ClientIP"}
    balance = (DEPLOYMENT / "balance.conf").read_text(encoding="utf-8")
    assert balance.count("ip_hash;") == balance.count("upstream ")
    for server in re.findall(r"server (\S+?):", balance):
        assert server in COMPOSE
    for each in COMPOSE.values():
        if each.get("image") == "policykg":
            assert {"POLICYKG_STORE", "POLICYKG_GRAPH"} <= set(each["environment"])
    for container in _containers():
        assert container["image"] != "policykg" or {"secretRef": {"name": "policykg"}} in container["envFrom"]


def test_files_that_are_mounted_are_there() -> None:
    mounted = [volume.split(":")[0] for each in COMPOSE.values() for volume in each.get("volumes", ())]
    given = {"./secrets.toml"}  # the site's own
    ours = [name for name in mounted if name.startswith("./") and name not in given]
    assert ours
    assert [name for name in ours if not (DEPLOYMENT / name).exists()] == []


def test_what_was_uploaded_outlives_a_copy() -> None:
    """A home may be thrown away, but not the files that people gave."""
    kept = "/data/indexes/uploads"
    for each in COMPOSE.values():
        if each.get("image") == "policykg":
            assert f"uploads:{kept}" in each["volumes"]
    for container in _containers():
        if container["image"] == "policykg":
            assert {"name": "uploads", "mountPath": kept} in container["volumeMounts"]
