"""What is held of a file: the document that it is, or those of a file that holds several, always all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from kg.build.reading import Job, Reading
from kg.build.sources import Source
from kg.catalogue import Catalogue, Summary
from kg.catalogue.catalogue import Outcome
from kg.core.errors import IdTaken
from kg.core.ids import document_id, id_at
from kg.core.parts import part_name, part_number

_PARTS = 64  # ids of parts that are kept free for a file; a compilation with more is not known
_MOVED = 1000  # files that stood at one path and were moved away since


def with_held(catalogue: Catalogue, source: Source) -> Source:
    """The source with the ids of what is held for it: a file that was moved keeps its own.

    An id that belongs to a file which stood here and was moved away is not given again. Raises `IdTaken` for a path
    whose id is that of another path where a document is held.
    """
    held = catalogue.held_of(source.key)
    whole = next((item.id for item in held if part_number(item.source_key) is None), "")
    parts = tuple((number, item.id) for item in held if (number := part_number(item.source_key)) is not None)
    mine = {item.id for item in held}

    def is_free(found: str) -> bool:
        ids = (found, *(document_id(part_name(found, number)) for number in range(1, _PARTS + 1)))
        return catalogue.held_among(ids) <= mine

    names = (source.key if number == 1 else f"{source.key}\n{number}" for number in range(1, _MOVED + 1))
    if not whole:
        _must_not_collide(catalogue, source, mine)
        whole = next((found for name in names if is_free(found := document_id(name))), "")
    if not whole:
        raise IdTaken(source.shown, document_id(source.key), "其他文件")
    return replace(source, held_id=whole, held_parts=parts)


def _must_not_collide(catalogue: Catalogue, source: Source, mine: set[str]) -> None:
    """One that came to its id by being moved stands at a path that gives another."""
    found = document_id(source.key)
    if found not in mine and catalogue.held_among([found]):
        other = catalogue.summary(found)
        if id_at(other.source_key) == found:
            raise IdTaken(source.shown, found, f"另一个文件 {other.source}")


def is_whole(catalogue: Catalogue, held: Sequence[Summary]) -> bool:
    """Whether all documents of a file are held: one may have been removed by itself."""
    if all(part_number(item.source_key) is None for item in held):
        return True
    try:
        part = catalogue.part(held[0].id)
    except msgspec.MsgspecError:  # damaged: to be read again
        return False
    return part is not None and part[1] == len(held)


def hold(
    catalogue: Catalogue, job: Job, reading: Reading, *, steps: Mapping[str, str], run: int, anew: bool = False
) -> list[Outcome]:
    """Put the documents of a file, in place of all that was held of it, in one transaction."""
    now = {document.id for document, _ in reading.documents}
    outcomes: list[Outcome] = []
    with catalogue.together():
        for item in catalogue.held_of(job.source.key):
            if item.id not in now:
                catalogue.remove_document(item.id, run=run)
        for document, passages in reading.documents:
            key = job.source.key if document.part is None else part_name(job.source.key, document.part[0])
            outcomes.append(catalogue.put_document(document, passages, steps=steps, source_key=key, run=run, anew=anew))
    return outcomes


def move(catalogue: Catalogue, held: Sequence[Summary], source: Source, *, run: int) -> None:
    """Bring what is held of a file along to where the file stands now, in one transaction."""
    with catalogue.together():
        for item in held:
            number = part_number(item.source_key)
            shown, key = (name if number is None else part_name(name, number) for name in (source.shown, source.key))
            state = catalogue.source_state(item.id)
            document = replace(catalogue.document_as_read(item.id), source=shown)
            passages = tuple(catalogue.passages(item.id))
            steps = state.steps if state is not None else {}
            catalogue.put_document(document, passages, steps=steps, source_key=key, run=run, anew=True, moved=True)
