"""A home as the copy of a shared catalogue: brought up to date before it is read or written, told of after writing.

    own_turn     whoever writes: the lock of the home, the turn in the store, both states made one, work, sending
    keep_up      whoever reads: fetched now, and by a thread each second for as long as the process lives
    send_generation   a publish: rows, files and the switch to the new generation in one transaction

Without POLICYKG_STORE nothing of this happens, and nothing of it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.build import generations
from kg.build.lineage import catalogue_of
from kg.build.lock import write_lock
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import CatalogueError, EnvironmentProblem, NotBuilt, PolicyKGError, UsageError
from kg.core.progress import Progress, silent

if TYPE_CHECKING:
    from kg.build.manifest import Manifest
    from kg.build.sharing import Shared


def shared_by(settings: Settings) -> Shared | None:
    """The store that the settings name; None where the home is its own truth."""
    if not settings.store:
        return None
    from kg.build.sharing import Shared

    return Shared.of(settings)


@contextmanager
def own_turn(settings: Settings, seconds: float, *, progress: Progress = silent) -> Iterator[None]:
    """Hold the right to write into the home and, where it is a copy, into what it is a copy of.

    What is written is in the store at the end, also of what failed half-way: each commit is whole. Raises `Locked`;
    `UsageError` for a copy whose store the settings do not name.
    """
    with write_lock(settings.home, seconds):
        shared = shared_by(settings)
        if shared is None:
            must_be_own(settings.home)
            yield
            return
        with shared.turn(seconds):
            shared.catch_up(progress=progress)
            try:
                yield
            except BaseException:
                with suppress(PolicyKGError):
                    shared.send()
                raise
            shared.send()


def must_be_own(home: Path) -> None:
    """Raise `UsageError` where a home is a copy and nobody says of what: what was written would go nowhere."""
    from kg.catalogue.outbox import Copy

    try:
        with Copy.open(catalogue_of(home), read_only=True) as copy:
            at = copy.note("at") if copy.is_copy else ""
    except (NotBuilt, CatalogueError):  # nothing yet, or a file that is to be mended or replaced
        return
    if at:
        raise UsageError(
            f"{home} 是共享存储 {at} 的副本，不能单独写入。请设置 POLICYKG_STORE，"
            "或运行 policykg migrate --back 让它重新成为独立的索引文件夹"
        )


def noted(settings: Settings) -> None:
    """Send the lines that need no turn (who did what), soon after they were written."""
    shared = shared_by(settings)
    if shared is not None:
        with suppress(PolicyKGError):  # they wait in the copy, and go with the next writing
            shared.send_free()


def keep_up(settings: Settings) -> object:
    """Bring the home up to the store now, and see that it stays so while somebody keeps what is returned."""
    if not settings.store:
        return None
    from kg.build.following import follow

    return follow(settings)


def send_generation(settings: Settings, catalogue: Catalogue, manifest: Manifest, folder: Path) -> None:
    """Put what was built into the store and make it current there, with all rows that it shows."""
    shared = shared_by(settings)
    if shared is not None:
        shared.publish(catalogue.path, manifest, folder)


def holder_of(settings: Settings) -> str:
    """Who writes from this home in turns; empty where there are none."""
    shared = shared_by(settings)
    return shared.who if shared is not None else ""


def shown(settings: Settings) -> str:
    """The address of the store without user and password; empty where there is none."""
    shared = shared_by(settings)
    return shared.session.address.shown if shared is not None else ""


def read_elsewhere(settings: Settings) -> list[dict[str, Any]]:
    """What other processes read, on whatever machine: as `held_here`."""
    shared = shared_by(settings)
    return [dict(held) for held in shared.nodes.others()] if shared is not None else []


def differences(settings: Settings) -> list[str]:
    """In what a copy differs from the store, or why that cannot be told, in words."""
    shared = shared_by(settings)
    try:
        return shared.differences() if shared is not None and shared.head() is not None else []
    except EnvironmentProblem as error:
        return [error.message]


def held_here(home: Path) -> list[dict[str, Any]]:
    """What lies in this home, as others are told of it."""
    return [told_of(each.number, each.entries) for each in generations.manifests(home)]


def told_of(number: int, entries: Mapping[str, Any]) -> dict[str, Any]:
    """A generation that is read: its number, and where graph and passages are if not on this machine."""
    where = {name: value for name, value in entries.items() if name.startswith(("graph_", "store_"))}
    return {"number": number, "entries": where}
