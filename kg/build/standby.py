"""Where the next state is written, if not on this machine, and what of older ones is still read there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kg.build import generations
from kg.build.replica import holder_of, read_elsewhere
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import Locked
from kg.graph.addresses import addresses
from kg.graph.engine import AT, TOKEN

if TYPE_CHECKING:
    from kg.graph.remote import Endpoint
    from kg.passages.oceanbase.draft import Store

_LOOKS = 0.1  # seconds between two looks whether a reader has gone


def standby(settings: Settings, catalogue: Catalogue) -> Endpoint | None:
    """The endpoint of the settings that the current generation does not read; the only one, if there is but one.

    None where the settings name none. The caller holds the write lock.
    """
    from kg.graph.remote import Endpoint

    named = addresses(settings.graph)
    if not named:
        return None
    if len(named) == 1:
        return Endpoint(named[0], catalogue, in_place=True)
    current = generations.current_manifest(settings.home)
    entries = current.entries if current is not None else {}
    chosen = next(each for each in named if each.shown != entries.get(AT))
    return Endpoint(
        chosen,
        catalogue,
        free=lambda: _wait_until_free(settings, chosen.shown),
        held=str(entries.get(TOKEN, "")),
    )


def passage_store(settings: Settings, catalogue: Catalogue) -> Store | None:
    """The database of the settings for full text and vectors, with what generations still read there.

    None where the settings name none. The caller holds the write lock.
    """
    from kg.passages.oceanbase.draft import Store
    from kg.passages.oceanbase.tables import state_of
    from kg.shared.address import address

    at = address(settings.store)
    if at is None:
        return None
    generations.sweep_superseded(settings.home)
    entries = [
        *(each.entries for each in generations.manifests(settings.home)),
        *(each["entries"] for each in read_elsewhere(settings)),
    ]
    states = (state_of(each) for each in entries)
    return Store(at, catalogue.identity(), tuple(state for state in states if state is not None), holder_of(settings))


def _wait_until_free(settings: Settings, shown: str) -> None:
    """Return when no generation is held that reads at an endpoint. Raises `Locked` after `lock_seconds`."""
    give_up = time.monotonic() + settings.lock_seconds
    while True:
        generations.sweep_superseded(settings.home)
        held = [each.number for each in generations.manifests(settings.home) if each.entries.get(AT) == shown]
        held += [int(each["number"]) for each in read_elsewhere(settings) if each["entries"].get(AT) == shown]
        if not held:
            return
        if time.monotonic() >= give_up:
            raise Locked(
                f"第 {held[0]} 代索引仍有进程在读，它的图在 {shown}，已等待 {settings.lock_seconds:g} 秒，"
                "未能写入新的图。已入库的文档不受影响；请待读者结束（或重启 serve、app）后运行 policykg rebuild，"
                "或用 POLICYKG_LOCK_SECONDS 设置更长的等待",
                home=str(settings.home),
            )
        time.sleep(_LOOKS)
