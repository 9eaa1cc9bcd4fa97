"""One byte flipped in a catalogue: in a column of a row, as a bad disk does it, seals and indexes left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from kg.catalogue.sealing import COLUMNS

_LEAF = 0x0A
CASES = [(table, column) for table, columns in COLUMNS.items() for column in (*columns, "seal")]


def flip(path: Path, table: str, column: str) -> bool:
    """Change one byte of a value, or the last bit of a number; False where no row has any."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        some = f'"{column}" IS NOT NULL AND length(CAST("{column}" AS BLOB)) > 0'
        found = connection.execute(
            f'SELECT CAST("{column}" AS BLOB), typeof("{column}") FROM {table} WHERE {some} ORDER BY 1 LIMIT 1'  # noqa: S608
        ).fetchone()
        if found is None:
            return False
        data, kind = found
        middle = len(data) // 2
        spoilt = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        where = f'CAST("{column}" AS BLOB) = ?'
        if kind == "integer":
            sql = f'UPDATE {table} SET "{column}" = "{column}" + 1000 WHERE {where}'  # noqa: S608
            connection.execute(sql, (data,))
        else:
            cast = "?" if kind == "blob" else "CAST(? AS TEXT)"
            connection.execute(f'UPDATE {table} SET "{column}" = {cast} WHERE {where}', (spoilt, data))  # noqa: S608
        return True


def indexes(path: Path) -> list[tuple[str, int]]:
    """All indexes with the pages that they begin at."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'index'").fetchall()


def flip_page(path: Path, page: int) -> None:
    """Change one byte of the first entry of an index's page (https://www.sqlite.org/fileformat2.html#b_tree_pages)."""
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    start = (page - 1) * size
    is_leaf = data[start] == _LEAF
    at = start + (8 if is_leaf else 12)
    cell = start + int.from_bytes(data[at : at + 2], "big") + (0 if is_leaf else 4)
    data[cell + 1 + data[cell + 1]] ^= 0x10  # behind the sizes: the first byte of its first value
    path.write_bytes(data)
