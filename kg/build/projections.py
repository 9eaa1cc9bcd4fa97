"""The projections of the catalogue, in the order in which a generation is built.

Each is named here with its builder, which is imported when it runs: a command that only reads never loads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.corrections import BODY
from kg.core.progress import Progress
from ontology.reference import Reference


@dataclass(frozen=True, slots=True)
class Task:
    """What a projection is built from. `previous` is None when it is built from scratch.

    `changed` and `removed` are document ids since `previous`.
    """

    target: Path
    previous: Path | None
    catalogue: Catalogue
    changed: frozenset[str]
    removed: frozenset[str]
    reference: Reference
    settings: Settings
    progress: Progress
    entries: Mapping[str, Any] = field(default_factory=dict)  # of the manifest of `previous`


class Projection(Protocol):
    """A part of a generation."""

    @property
    def name(self) -> str:
        """Names its version in the manifest."""

    def version(self) -> str:
        """Changes when the same catalogue would give another result."""

    def build(self, task: Task) -> dict[str, Any]:
        """Write below `task.target`; returns entries for the manifest."""


@dataclass(frozen=True, slots=True)
class Step:
    """A projection made of a builder function and of the version constants of the modules that it uses."""

    name: str
    builder: Callable[[Task], dict[str, Any]]
    versions: tuple[str, ...]  # "module:CONSTANT"

    def version(self) -> str:
        """The constants joined."""
        found = []
        for spec in self.versions:
            module, _, constant = spec.partition(":")
            found.append(str(getattr(import_module(module), constant)))
        return ".".join(found)

    def build(self, task: Task) -> dict[str, Any]:
        """Run the builder."""
        return self.builder(task)


def _graph(task: Task) -> dict[str, Any]:
    from kg.graph.projection import build_graph

    engine = None
    if task.settings.graph:
        from kg.build.standby import standby

        engine = standby(task.settings, task.catalogue)
    return build_graph(
        task.target,
        previous=task.previous,
        catalogue=task.catalogue,
        changed=task.changed,
        removed=task.removed,
        reference=task.reference,
        base=task.settings.base_iri,
        corrections=task.catalogue.corrections(kinds=(BODY,)),
        engine=engine,
        quads=task.entries.get("quads"),
        graphs=None if task.settings.graph else task.entries.get("graphs"),  # an endpoint would be asked one by one
        progress=task.progress,
    )


def _passages(task: Task) -> dict[str, Any]:
    from kg.passages.embedder import EmbedderSetting
    from kg.passages.projection import build_passage_indexes

    engine = None
    if task.settings.store:
        from kg.build.standby import passage_store

        engine = passage_store(task.settings, task.catalogue)
    return build_passage_indexes(
        task.target,
        previous=task.previous,
        catalogue=task.catalogue,
        changed=task.changed,
        removed=task.removed,
        embedder_setting=EmbedderSetting.of(task.settings),
        quality=task.settings.quality,
        reference=task.reference,
        engine=engine,
        progress=task.progress,
    )


def _lexicon(task: Task) -> dict[str, Any]:
    from kg.ask.lexicon import build_lexicon
    from ontology import kept

    previous = task.previous / kept.FILE if task.previous else None
    task.target.mkdir(parents=True, exist_ok=True)
    # it has no version here: it says itself what it is made of
    kept.write(task.target / kept.FILE, task.reference, task.settings.ontology, previous=previous)
    return build_lexicon(
        task.target,
        task.catalogue,
        task.reference,
        previous=task.previous,
        changed=task.changed,
        removed=task.removed,
        names=task.entries.get("names"),
    )


PROJECTIONS: tuple[Projection, ...] = (
    Step("graph", _graph, ("kg.graph.quads:QUADS_VERSION", "kg.graph.projection:GRAPH_VERSION")),
    Step("passages", _passages, ("kg.passages.projection:PROJECTION_VERSION", "kg.passages.fulltext:FULLTEXT_VERSION")),
    Step("lexicon", _lexicon, ("kg.ask.lexicon:LEXICON_VERSION",)),
)
