"""The errors of the project. All are shown to people, so each message is Chinese and says what to do next.

PolicyKGError
├── UsageError            the call is wrong (exit 2)
│   ├── UnknownName       no such document, saved query, format ...; carries the nearest valid ones
│   └── QuerySyntaxError  a SPARQL query that does not parse; carries line and column
├── EnvironmentProblem    the machine or the indexes folder is not usable (exit 2)
│   ├── MissingExtra      an optional package is absent; names the extra to install
│   ├── NotBuilt          nothing has been ingested yet
│   ├── Locked            another process is writing
│   ├── ClusterProblem    the dask scheduler or its workers cannot be used
│   └── CatalogueError    the catalogue is damaged or from a newer version
├── NotAllowed            a viewer may not change data
├── RefusedQuery          a query that writes, leaves the machine, or exceeds its limits
├── UnreadableDocument    one input cannot be read; the others go on (exit 1)
└── IdTaken               two sources have the same id; the second is not taken in (exit 1)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_COMPARED, _COMPARABLE, _SHOWN = 20_000, 100, 200  # names to suggest from; characters of one, and of what is shown

_LONGEST, _END = 1_500, 300  # characters of a message, and of its end where it has to be shortened


class PolicyKGError(Exception):
    """Base of all errors that people see; `message` is one Chinese sentence."""

    exit_status = 2

    def __init__(self, message: str, **context: object) -> None:
        if len(message) > _LONGEST:  # what was sent is not repeated whole; what to do about it stands at the end
            message = f"{message[: _LONGEST - _END]}……{message[-_END:]}"
        super().__init__(message)
        self.message = message
        self.context = context


class UsageError(PolicyKGError):
    """The call is wrong."""


class UnknownName(UsageError):
    """A name that is not among the valid ones; the nearest are suggested."""

    def __init__(self, what: str, name: str, valid: Iterable[str] = ()) -> None:
        self.valid = tuple(valid)
        # comparing takes time for each of the valid ones, and more for longer names
        compared = self.valid[:_COMPARED] if len(name) <= _COMPARABLE else ()
        near = difflib.get_close_matches(name, compared, n=3, cutoff=0.4)
        hint = f"您是不是要找：{'、'.join(near)}？" if near else ""
        super().__init__(f"没有这个{what}：{name if len(name) <= _SHOWN else name[:_SHOWN] + '……'}。{hint}", name=name)
        self.near = tuple(near)


class QuerySyntaxError(UsageError):
    """A SPARQL query that does not parse; `line` and `column` count from 1."""

    def __init__(self, detail: str, line: int | None = None, column: int | None = None) -> None:
        where = f"第 {line} 行第 {column} 列" if line is not None else "位置不明"
        super().__init__(f"SPARQL 语法错误（{where}）：{detail}", line=line, column=column)
        self.line = line
        self.column = column


class EnvironmentProblem(PolicyKGError):
    """The machine, the settings or the indexes folder cannot be used."""


class MissingExtra(EnvironmentProblem):
    """An optional package is not installed."""

    def __init__(self, extra: str, purpose: str, instead: str = "") -> None:
        install = f"pip install 'policykg[{extra}]'{f'；或{instead}' if instead else ''}"
        super().__init__(f"{purpose}需要可选组件“{extra}”，请先安装：{install}", extra=extra)
        self.extra = extra


class NotBuilt(EnvironmentProblem):
    """No generation has been published in this home."""

    def __init__(self, home: object) -> None:
        super().__init__(f"{home} 中还没有可用的索引。请先运行：policykg ingest 文件或文件夹", home=str(home))


class Locked(EnvironmentProblem):
    """Another process holds the writer's lock."""


class ClusterProblem(EnvironmentProblem):
    """The dask scheduler of `POLICYKG_WORKERS`, or its workers, cannot be used; what was taken in before stays."""


class CatalogueError(EnvironmentProblem):
    """The catalogue is damaged, or written by a newer version."""


class NotAllowed(PolicyKGError):
    """Someone who may only look wants to change something."""


class RefusedQuery(PolicyKGError):
    """A query that would write, leave this machine, or run past its limits."""


class UnreadableDocument(PolicyKGError):
    """One input cannot be read. `source` names it; the rest of the run goes on."""

    exit_status = 1

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(reason, source=source)
        self.source = source
        self.reason = reason


class IdTaken(PolicyKGError):
    """A source whose id is that of another one that is held: it is refused, and the other stays as it is."""

    exit_status = 1

    def __init__(self, source: str, document_id: str, other: str) -> None:
        super().__init__(
            f"文档编号 {document_id} 已属于{other}，没有入库，原有内容未动；请给文件改名或换一个文件夹后再入库",
            source=source,
            document_id=document_id,
            other=other,
        )
