"""What publishing will need, made ready while a worker reads the last files: the run would only wait for it."""

from __future__ import annotations

import logging
import sys
from importlib import import_module

from kg.build.generations import current_folder
from kg.build.masked import Masked
from kg.build.projections import PROJECTIONS
from kg.catalogue import Catalogue
from kg.core.config import Settings

log = logging.getLogger(__name__)

_MODULES = ("kg.graph.projection", "kg.passages.projection", "kg.ask.lexicon", "kg.ask.tables")
_LOCAL = ("kg.graph.store", "kg.passages.local", "pyoxigraph", "tantivy")  # where the indexes are files of this machine


def make_ready(settings: Settings, catalogue: Catalogue) -> None:
    """Load modules, the embedder, and what the lexicon keeps of documents; titles are remembered as they are shown.

    Whatever cannot be had is told by the publish that asks for it.
    """
    try:
        for module in _MODULES:
            import_module(module)
        if not (settings.graph or settings.store):
            for module in _LOCAL:
                import_module(module)
        for projection in PROJECTIONS:
            projection.version()
        _load(settings, catalogue)
    except Exception:
        log.debug("could not be made ready", exc_info=True)


def forget() -> None:
    """Drop what no publish has asked for; called when a run is over, however it ended."""
    if (lexicon := sys.modules.get("kg.ask.lexicon")) is not None:
        lexicon.drop_shares()


def _load(settings: Settings, catalogue: Catalogue) -> None:
    from kg.ask.lexicon import hold_shares
    from kg.passages.embedder import EmbedderSetting, load_embedder

    load_embedder(EmbedderSetting.of(settings))
    if (folder := current_folder(settings.home)) is None:
        return  # the first publish reads all anew
    hold_shares(folder)
    for _ in Masked.over(catalogue).documents():
        pass
