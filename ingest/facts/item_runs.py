"""Items of a document as runs of equal form, and as chains from the outermost to the innermost."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.facts.items import Item

_LONG_CHAIN = 6


def items_to_runs(items: tuple[Item, ...]) -> list[list[int]]:
    """For each item the run that it stands in: neighbours of one style under one parent, from number one on."""
    runs: list[list[int]] = []
    open_runs: dict[tuple[int | None, str], list[int]] = {}
    for i, item in enumerate(items):
        key = (item.parent, item.style)
        run = open_runs.get(key)
        before = items[run[-1]].number if run else None
        goes_on = (
            run is not None
            and item.number != 1
            and (item.parent is not None or (before is not None and item.number == before + 1))
        )
        if not goes_on or run is None:
            run = open_runs[key] = []
        run.append(i)
        runs.append(run)
    return runs


def items_to_chains(items: tuple[Item, ...]) -> Iterator[list[int]]:
    """Long runs of one style whose numbers run on over several chapters."""
    chains: dict[str, list[int]] = {}
    for i, item in enumerate(items):
        chain = chains.get(item.style)
        if not chain or item.number != (items[chain[-1]].number or 0) + 1 or item.parent is None:
            yield from (c for c in (chain,) if c and _is_long(items, c))
            chain = chains[item.style] = []
        chain.append(i)
    yield from (c for c in chains.values() if _is_long(items, c))


def _is_long(items: tuple[Item, ...], chain: list[int]) -> bool:
    return len(chain) >= _LONG_CHAIN and len({items[i].parent for i in chain}) > 1
