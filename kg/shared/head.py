"""How far the store is, and whose turn it is to write.

A turn is a lease: a row with a time, made longer while its holder lives, by a thread. Locks of the database would be
let go by a server when it likes. Every transaction of a writer makes the lease longer in the same transaction, so that
one who was thought dead and comes back cannot write.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache

from kg.core.errors import EnvironmentProblem, Locked, PolicyKGError
from kg.shared.session import Session, Statements
from kg.shared.tables import CLOCK, HEAD, TURN

LEASE = 30.0  # seconds without a sign of life, after which others may write
_SIGNS = 5.0  # seconds between two of them
_LOOKS = 0.1  # seconds between two tries to get the turn


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the store. `turn` counts what was written in turns, `token` names the last writing."""

    catalogue: str
    form: str
    position: int
    turn: int
    token: str
    is_complete: bool
    generation: int


def holder(home: str) -> str:
    """The name of a home in this process, among all that share a store; `home` is the random name of the home."""
    return f"{home}:{_process()}"


@cache
def _process() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"


def read_head(session: Statements) -> Head | None:
    """The head; None in an empty store."""
    rows = session.ask(f"SELECT catalogue, form, position, turn, token, complete, generation FROM {HEAD}")  # noqa: S608
    if not rows:
        return None
    catalogue, form, position, turn, token, complete, generation = rows[0]
    return Head(str(catalogue), str(form), int(position), int(turn), str(token), bool(complete), int(generation))


def begin(session: Session, catalogue: str, form: str) -> None:
    """Make the head of an empty store, which is not complete yet."""
    session.write(f"INSERT INTO {HEAD} VALUES (1, %s, %s, 0, 0, '', 0, 0)", (catalogue, form))  # noqa: S608


def move(session: Statements, token: str, at_turn: str = "") -> int:
    """Within a transaction: take the next position, which no other writing has.

    `at_turn` is who writes in a turn; raises `EnvironmentProblem` where it is no more his.
    """
    more = ", turn = turn + 1" if at_turn else ""
    session.write(f"UPDATE {HEAD} SET position = position + 1, token = %s{more}", (token,))  # noqa: S608
    prove(session, at_turn)
    return int(session.ask(f"SELECT position FROM {HEAD}")[0][0])  # noqa: S608


def prove(session: Statements, at_turn: str) -> None:
    """Within a transaction: see that a turn is still his who writes, and make it longer; nothing without a turn.

    Whoever has the turn next waits for the transaction. Raises `EnvironmentProblem`, no `Locked`: to wait is no help.
    """
    if at_turn and not _prolonged(session, at_turn):
        raise EnvironmentProblem(
            "写入的次序已被另一台机器接过（本机有一段时间没有联系上存储），本次写入没有进入存储。请重新运行同一命令"
        )


@contextmanager
def proven(session: Session, at_turn: str) -> Iterator[Statements]:
    """A transaction of one who is at turn."""
    with session.together() as writing:
        prove(writing, at_turn)
        yield writing


@contextmanager
def turn(session: Session, who: str, seconds: float) -> Iterator[None]:
    """Hold the turn to write. Waits up to `seconds`, then raises `Locked`. The caller holds the lock of his home."""
    _take(session, who, seconds)
    ended = threading.Event()
    living = threading.Thread(target=_live, args=(session, who, ended), name="policykg-turn", daemon=True)
    living.start()
    try:
        yield
    finally:
        ended.set()
        living.join()
        with suppress(PolicyKGError):  # the lease ends by itself
            session.write(f"UPDATE {TURN} SET holder = '', shown = '', until = 0 WHERE holder = %s", (who,))  # noqa: S608


def _take(session: Session, who: str, seconds: float) -> None:
    give_up = time.monotonic() + seconds
    shown = f"{socket.gethostname()[:100]} 的进程 {os.getpid()}"
    sql = (
        f"UPDATE {TURN} SET holder = %s, shown = %s, until = {CLOCK} + {LEASE}, signs = signs + 1 "  # noqa: S608 - constants
        f"WHERE holder = '' OR holder LIKE %s OR until < {CLOCK}"
    )
    # Whoever held it from this home is dead: the lock of the home, which is ours, went with him.
    while not _taken(session, sql, (who, shown, f"{who.partition(':')[0]}:%")):
        if time.monotonic() >= give_up:
            rows = session.ask(f"SELECT shown FROM {TURN}")  # noqa: S608
            holding = f"（{rows[0][0]}）" if rows and rows[0][0] else ""
            raise Locked(
                f"另一台机器{holding}正在写入存储 {session.address.shown}，已等待 {seconds:g} 秒。请待其结束后重试，"
                "或用 POLICYKG_LOCK_SECONDS 设置更长的等待"
            )
        time.sleep(_LOOKS)


def _taken(session: Session, sql: str, values: tuple[str, ...]) -> bool:
    try:
        return bool(session.write(sql, values))
    except EnvironmentProblem:  # its holder is in the midst of a transaction; a store that is away is told by `_take`
        return False


def _live(session: Session, who: str, ended: threading.Event) -> None:
    while not ended.wait(_SIGNS):
        with suppress(EnvironmentProblem):  # told by the next writing
            _prolonged(session, who)


def _prolonged(session: Statements, who: str) -> bool:
    # counted, for a row that comes out as it was is none that was touched, and the server's clock has steps
    sql = f"UPDATE {TURN} SET until = {CLOCK} + {LEASE}, signs = signs + 1 WHERE holder = %s"  # noqa: S608
    return bool(session.write(sql, (who,)))
