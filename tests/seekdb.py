"""seekdb, started by a test on a folder of its own: the engine of OceanBase, embedded (PyPI `pylibseekdb`)."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest


class Seekdb:
    """A running server. Each `database` is new and empty."""

    def __init__(self, folder: Path) -> None:
        import pylibseekdb

        self._instance = pylibseekdb.open(str(folder))
        self.socket: str = self._instance.connection_options()["unix_socket"]

    def database(self) -> str:
        """What POLICYKG_STORE says for a new database."""
        name = f"t{secrets.token_hex(4)}"
        self.run(f"CREATE DATABASE {name}")
        return f"mysql://root@localhost/{name}?unix_socket={quote(self.socket)}"

    def run(self, *statements: str, database: str = "test") -> list[tuple[object, ...]]:
        """Carry out statements; the rows of the last."""
        import pymysql

        with (
            contextlib.closing(
                pymysql.connect(user="root", unix_socket=self.socket, database=database, autocommit=True)
            ) as connection,
            connection.cursor() as cursor,
        ):
            for each in statements:
                cursor.execute(each)
            return list(cursor.fetchall())

    def close(self) -> None:
        self._instance.close()


def need(*packages: str) -> None:
    """Where a package is missing the test fails if CI=true, and elsewhere is left out with a word."""
    for name in packages:
        if importlib.util.find_spec(name) is None:
            told = f"{name} 没有安装：pip install {name}"
            pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)


@contextlib.contextmanager
def seekdb(folder: Path) -> Iterator[Seekdb]:
    """A server."""
    need("pylibseekdb", "pymysql")
    server = Seekdb(folder)
    try:
        yield server
    finally:
        server.close()
