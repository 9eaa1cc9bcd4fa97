"""What publishing will need, made ready while a worker reads the last files: the run would only wait for it."""

from __future__ import annotations

import logging
from importlib import import_module

from kg.build.projections import PROJECTIONS
from kg.core.config import Settings

log = logging.getLogger(__name__)

_MODULES = ("kg.graph.projection", "kg.passages.projection", "kg.ask.lexicon", "kg.ask.tables")
_LOCAL = ("kg.graph.store", "kg.passages.local", "pyoxigraph", "tantivy")  # where the indexes are files of this machine


def make_ready(settings: Settings) -> None:
    """Load modules and the embedder.

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
        from kg.passages.embedder import EmbedderSetting, load_embedder

        load_embedder(EmbedderSetting.of(settings))
    except Exception:
        log.debug("could not be made ready", exc_info=True)
