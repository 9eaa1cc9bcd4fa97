"""What people call a document: its id, the beginning of its id, its path, file name, number, or a part of its name."""

from __future__ import annotations

from kg.build.sources import name_of
from kg.catalogue import Catalogue, Summary
from kg.core.bounds import NAME, bounded
from kg.core.errors import UnknownName, UsageError
from kg.core.ids import number_key
from kg.core.parts import file_of, part_number


def find_document(catalogue: Catalogue, name: str, *, exact: bool = False) -> str:
    """The id that `name` means. Raises `UnknownName` with the nearest, or `UsageError` where several fit.

    `exact` refuses a mere part of a name: what removes a document must not guess.
    """
    from pathlib import Path

    bounded(name, NAME, "文档的名称")
    found = catalogue.find(name) or catalogue.find(name_of(Path(name).absolute()))
    if found is not None:
        return found
    summaries = list(catalogue.documents())
    groups = (
        [s for s in summaries if len(name) > len("d-") and s.id.startswith(name)],
        [s for s in summaries if name in _names(s)],
        [s for s in summaries if s.title == name],
        [s for s in summaries if s.doc_number and number_key(s.doc_number) == number_key(name)],
        # to read a document a part of its name is enough where it leaves no doubt (浦东); two characters at least
        [s for s in summaries if not exact and len(name) > 1 and (name in _file(s.source) or name in (s.title or ""))],
    )
    for fit in groups:
        if len(fit) == 1:
            return fit[0].id
        if fit:
            listed = "、".join(f"{s.id}（{s.source}）" for s in fit[:5])
            raise UsageError(f"“{name}”对应多个文档：{listed}。请用完整编号")
    # to digits that are no id some id is always near, by chance
    ids = [s.id for s in summaries] if name.startswith("d-") else []
    raise UnknownName("文档", name, [*ids, *(_file(s.source) for s in summaries)])


def find_documents(catalogue: Catalogue, name: str) -> list[str]:
    """The ids that `name` means where several may be meant: a document, or all of a folder, an archive or a file.

    Raises as `find_document` does; a name is never guessed.
    """
    from pathlib import Path

    bounded(name, NAME, "文档的名称")
    plain = name.strip("./ ")  # not everything, by a slip
    folders = {f"{key.rstrip('/')}/" for key in (name, name_of(Path(name).absolute()))} if plain else set()
    if inside := catalogue.inside(folders):
        return inside
    path = name_of(Path(name).absolute())
    if (found := catalogue.find(path) or catalogue.find(name)) and {name, path} & _exact(catalogue.summary(found)):
        return [found]
    parts = [s for s in catalogue.documents() if part_number(s.source) is not None and name in _files(s)]
    if len({file_of(s.source_key) for s in parts}) == 1:
        return [s.id for s in parts]
    return [find_document(catalogue, name, exact=True)]


def _exact(item: Summary) -> set[str]:
    """What names a document and nothing else; a part is asked for by its file's name, too."""
    return {item.id, item.source_key} if part_number(item.source) is None else {item.id}


def _names(item: Summary) -> set[str]:
    """What people call the file of a document; those of one that holds several answer to its name together."""
    name = _file(item.source)
    return {name, name.rpartition(".")[0], *_files(item)} - {""}


def _files(item: Summary) -> set[str]:
    """The ways to name the file that holds a document among others."""
    if part_number(item.source) is None:
        return set()
    file = file_of(item.source)
    return {file, file_of(item.source_key), _file(file), _file(file).rpartition(".")[0]}


def _file(source: str) -> str:
    return source.rpartition("/")[2]
