"""Publishing: what a reader sees, what is removed and when, and what a kill leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from kg.build import current_manifest, durable, generations, hold_current, publish, write_lock
from kg.build.projections import Task
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, Locked, NotBuilt
from kg.core.model import Document
from ontology.reference import Reference

REFERENCE = Reference((), (), (), (), (), (), (), version="r1", files=())


@dataclass
class Titles:
    """A projection that writes the titles held, incrementally, and remembers how it was asked."""

    name: str = "titles"
    step: str = "1"
    tasks: list[Task] = field(default_factory=list)

    def version(self) -> str:
        return self.step

    def build(self, task: Task) -> dict[str, Any]:
        self.tasks.append(task)
        known = json.loads((task.previous / "titles.json").read_text()) if task.previous else {}
        known = {key: title for key, title in known.items() if key not in task.removed}
        known |= {key: task.catalogue.summary(key).title for key in task.changed}
        (task.target / "titles.json").write_text(json.dumps(known))
        return {"titles": len(known)}


def titles_in(folder: Path) -> set[str]:
    return set(json.loads((folder / "titles.json").read_text()).values())


def put(catalogue: Catalogue, key: str, title: str) -> None:
    document = Document(id=f"d-{key}", source=f"{key}.txt", sha256=title, text=title, title=title)
    catalogue.put_document(document, (), steps={})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", lock_seconds=0.2)


@pytest.fixture
def catalogue(settings: Settings):
    with Catalogue.open(settings.home / "catalogue.sqlite") as opened:
        yield opened


def folders(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.home / "generations").iterdir())


def test_two_generations_follow_each_other(settings: Settings, catalogue: Catalogue) -> None:
    projection = Titles()
    put(catalogue, "1", "甲")
    first = publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    put(catalogue, "2", "乙")
    second = publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    assert first is not None
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    assert (first.scratch, second.scratch) == (True, False)
    assert projection.tasks[1].changed == {"d-2"}
    with hold_current(settings.home) as held:
        assert held.number == 2
        assert titles_in(held.path) == {"甲", "乙"}
        assert held.manifest.entries == {"titles": 2}
        assert held.manifest.sequence == catalogue.sequence()
    assert folders(settings) == ["000002"], "the superseded generation has no reader and goes"


def test_removal_reaches_the_projection(settings: Settings, catalogue: Catalogue) -> None:
    projection = Titles()
    put(catalogue, "1", "甲")
    put(catalogue, "2", "乙")
    publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    catalogue.remove_document("d-1")
    publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    with hold_current(settings.home) as held:
        assert titles_in(held.path) == {"乙"}


def test_nothing_new_publishes_nothing(settings: Settings, catalogue: Catalogue) -> None:
    projection = Titles()
    put(catalogue, "1", "甲")
    publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    again = publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    assert again is not None
    assert again.number == 1
    assert len(projection.tasks) == 1


def test_an_empty_catalogue_has_no_generation(settings: Settings, catalogue: Catalogue) -> None:
    assert publish(settings, catalogue, reference=REFERENCE, projections=[Titles()]) is None
    with pytest.raises(NotBuilt):
        hold_current(settings.home)


@pytest.mark.parametrize("what", ["ontology", "base", "embedder", "step", "catalogue", "asked"])
def test_where_the_ground_has_shifted_it_is_built_from_scratch(
    settings: Settings, catalogue: Catalogue, what: str
) -> None:
    projection = Titles()
    put(catalogue, "1", "甲")
    publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    reference = replace(REFERENCE, version="r2") if what == "ontology" else REFERENCE
    if what == "base":
        settings = replace(settings, base_iri="https://example.org/")
    if what == "embedder":
        settings = replace(settings, embedder="other")
    if what == "step":
        projection.step = "2"
    if what == "catalogue":
        catalogue.set_meta("identity", "another file under the same name")
    scratch = what == "asked"
    publish(settings, catalogue, reference=reference, projections=[projection], scratch=scratch)
    assert len(projection.tasks) == 2
    assert projection.tasks[1].previous is None
    assert projection.tasks[1].changed == {"d-1"}


def test_a_reader_keeps_what_it_opened(settings: Settings, catalogue: Catalogue) -> None:
    projection = Titles()
    put(catalogue, "1", "甲")
    publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    reader = hold_current(settings.home)
    for key in "23":
        put(catalogue, key, key)
        publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    assert titles_in(reader.path) == {"甲"}
    assert folders(settings) == ["000001", "000003"], "only what is read stays"
    reader.close()
    with write_lock(settings.home, 1):
        assert generations.sweep(settings.home) == ["000001"]
    assert folders(settings) == ["000003"]


def test_a_reader_in_another_process_counts_and_its_death_frees(settings: Settings, catalogue: Catalogue) -> None:
    put(catalogue, "1", "甲")
    publish(settings, catalogue, reference=REFERENCE, projections=[Titles()])
    script = (
        "import sys, time; from pathlib import Path; from kg.build import hold_current\n"
        "held = hold_current(Path(sys.argv[1])); print(held.number, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, settings.home], stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "1\n"
        put(catalogue, "2", "乙")
        publish(settings, catalogue, reference=REFERENCE, projections=[Titles()])
        assert folders(settings) == ["000001", "000002"]
        reader.kill()
        reader.wait()
    assert generations.sweep(settings.home) == ["000001"]


def test_a_failed_build_leaves_the_old_generation_and_no_rubbish(settings: Settings, catalogue: Catalogue) -> None:
    class Broken(Titles):
        def build(self, task: Task) -> dict[str, Any]:
            (task.target / "half").write_text("written")
            raise RuntimeError("projection failed")

    put(catalogue, "1", "甲")
    publish(settings, catalogue, reference=REFERENCE, projections=[Titles()])
    put(catalogue, "2", "乙")
    with pytest.raises(RuntimeError, match="projection failed"):
        publish(settings, catalogue, reference=REFERENCE, projections=[Broken()])
    assert folders(settings) == ["000001"]
    manifest = current_manifest(settings.home)
    assert manifest is not None
    assert manifest.sequence < catalogue.sequence(), "the next run notices"


_KILLED = """
import os, signal, sys
from pathlib import Path
from kg.build import durable, generations, publish, write_lock
from kg.catalogue import Catalogue
from kg.core.config import Settings
from ontology.reference import Reference

home, moment = Path(sys.argv[1]), sys.argv[2]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

class Titles:
    name = "titles"
    def version(self):
        return "1"
    def build(self, task):
        (task.target / "titles.json").write_text("{}")
        if moment == "while building":
            die()
        return {}

if moment == "before the manifest":
    durable.write_file = die
elif moment == "before the rename":
    durable.sync_tree = die
elif moment == "before the swap":
    durable.point = die
elif moment == "after the swap":
    real = generations.install
    def install(*arguments, **named):
        real(*arguments, **named)
        die()
    generations.install = install
with write_lock(home, 5), Catalogue.open(home / "catalogue.sqlite") as catalogue:
    publish(Settings(home=home), catalogue, reference=Reference((),(),(),(),(),(),(),version="r1",files=()),
            projections=[Titles()], scratch=True)
"""
MOMENTS = ["while building", "before the manifest", "before the rename", "before the swap", "after the swap"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_9_leaves_the_old_generation_or_the_new_one(settings: Settings, catalogue: Catalogue, moment: str) -> None:
    projection = Titles()
    put(catalogue, "1", "甲")
    publish(settings, catalogue, reference=REFERENCE, projections=[projection])
    put(catalogue, "2", "乙")
    command = [sys.executable, "-c", _KILLED, str(settings.home), moment]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with hold_current(settings.home) as held:
        assert held.number == (2 if moment == "after the swap" else 1)
        assert (held.path / "titles.json").exists()
    with write_lock(settings.home, 1):  # the kernel freed the dead writer's lock
        manifest = publish(settings, catalogue, reference=REFERENCE, projections=[projection], scratch=True)
    assert manifest is not None
    assert manifest.sequence == catalogue.sequence()
    assert folders(settings) == [f"{manifest.number:06d}"], "nothing of the killed build is left"
    with hold_current(settings.home) as held:
        assert titles_in(held.path) == {"甲", "乙"}


def test_a_second_writer_waits_and_then_says_who_writes(settings: Settings) -> None:
    with write_lock(settings.home, 1):
        script = textwrap.dedent(
            """
            import sys
            from pathlib import Path
            from kg.build import write_lock
            from kg.core.errors import Locked
            try:
                with write_lock(Path(sys.argv[1]), 0.1):
                    print("got it")
            except Locked as error:
                print(error.message)
            """
        )
        command = [sys.executable, "-c", script, str(settings.home)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert f"进程 {os.getpid()}" in done.stdout
        with pytest.raises(Locked), write_lock(settings.home, 0.05):
            pass
    with write_lock(settings.home, 0):
        pass


def test_a_current_that_leads_nowhere_is_not_built(settings: Settings, catalogue: Catalogue) -> None:
    put(catalogue, "1", "甲")
    (settings.home / "current").symlink_to("generations/000009")
    with pytest.raises(NotBuilt):
        hold_current(settings.home)
    manifest = publish(settings, catalogue, reference=REFERENCE, projections=[Titles()])
    assert manifest is not None
    assert hold_current(settings.home).number == manifest.number


def test_an_unreadable_manifest_says_rebuild_and_is_built_anew(settings: Settings, catalogue: Catalogue) -> None:
    put(catalogue, "1", "甲")
    publish(settings, catalogue, reference=REFERENCE, projections=[Titles()])
    (settings.home / "current" / "manifest.json").write_text("{")
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        hold_current(settings.home)
    manifest = publish(settings, catalogue, reference=REFERENCE, projections=[Titles()])
    assert manifest is not None
    assert manifest.scratch
    assert hold_current(settings.home).number == manifest.number == 2


def test_a_home_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="--home"), write_lock(tmp_path / "file" / "home", 1):
        pass


def test_what_a_generation_shares_with_the_one_before_is_not_flushed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = tmp_path / "1", tmp_path / "2"
    for folder in (before / "graph", after / "graph"):
        folder.mkdir(parents=True)
    (before / "graph" / "a.sst").write_text("a")
    (before / "other").write_text("b")
    (after / "graph" / "a.sst").hardlink_to(before / "graph" / "a.sst")
    (after / "graph" / "b.sst").write_text("new")
    (after / "other").write_text("b")  # the same words, another file
    flushed: list[str] = []
    monkeypatch.setattr(durable, "sync_file", lambda path: flushed.append(path.relative_to(tmp_path).as_posix()))
    durable.sync_tree(after, durable=before)
    assert sorted(flushed) == ["2", "2/graph", "2/graph/b.sst", "2/other"]
    assert flushed.index("2/graph") > flushed.index("2/graph/b.sst")
    flushed.clear()
    durable.sync_tree(after)
    assert "2/graph/a.sst" in flushed
