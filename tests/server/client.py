"""A server in a thread, and a client that sends exactly what it is told."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import uvicorn
from starlette.applications import Starlette

Headers = dict[str, str]


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    """One connection for each request; `headers` go with every request."""

    def __init__(self, port: int, headers: Headers | None = None) -> None:
        self.port = port
        self.headers = headers or {}

    def __call__(
        self, path: str, *, method: str = "", body: bytes | None = None, headers: Headers | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = {**self.headers, **(headers or {})}
            connection.request(method or ("GET" if body is None else "POST"), path, body=body, headers=sent)
            reply = connection.getresponse()
            named = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, named, reply.read())
        finally:
            connection.close()

    def query(self, text: str, *, accept: str = "", **values: str | list[str]) -> Reply:
        given = urllib.parse.urlencode({"query": text, **values}, doseq=True)
        return self(f"/sparql?{given}", headers={"Accept": accept} if accept else None)


@contextmanager
def running(
    app: Starlette, *, http: Any = "auto", limit_concurrency: int | None = None, **headers: str
) -> Iterator[Client]:
    config = uvicorn.Config(
        app,
        port=0,
        log_level="warning",
        access_log=False,
        lifespan="off",
        http=http,
        limit_concurrency=limit_concurrency,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.01)
    try:
        yield Client(server.servers[0].sockets[0].getsockname()[1], headers)
    finally:
        server.should_exit = True
        thread.join(30)
