"""SPARQL servers that a test starts on a free port of this machine, and a proxy that counts and disturbs."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryCostEstimationTime = 4000000
MaxQueryExecutionTime = 600
"""


def empty(endpoint: str) -> None:
    """Take everything out of `oxigraph serve`."""
    update = urllib.request.Request(  # noqa: S310 - http on this machine
        endpoint.removesuffix("query") + "update", b"DROP ALL", {"Content-Type": "application/sparql-update"}
    )
    urllib.request.urlopen(update, timeout=30).close()  # noqa: S310


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def oxigraph(folder: Path, port: int | None = None) -> Iterator[str]:
    """`oxigraph serve` on data in `folder`; the address of its endpoint."""
    port = port or free_port()
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    command += ["--timeout-s", "5"]  # a query goes on there when its asker has left, and the next tests would wait
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Virtuoso 7 of Debian (tests/browser.sh installs it), where everybody may update."""
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    assert program, "virtuoso-t 没有安装：apt-get install virtuoso-opensource-7-bin"
    assert client
    ports = {"sql": free_port(), "http": free_port()}
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(folder=folder, **ports), encoding="utf-8")
    command = [program, "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        _wait(ports["http"], process)
        grant = "GRANT SPARQL_UPDATE TO \"SPARQL\"; DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);"
        subprocess.run(
            [client, f"127.0.0.1:{ports['sql']}", "dba", "dba", f"exec={grant}"],
            check=True,
            timeout=60,
            capture_output=True,
        )
        yield f"http://127.0.0.1:{ports['http']}/sparql"
    finally:
        process.kill()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, f"the server has ended: {process.args}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(process.args)


class Between:
    """A proxy before an endpoint: keeps what was sent, and may answer itself (`answers`) or cut off after some updates."""

    def __init__(self, endpoint: str) -> None:
        self.host, _, self.path = endpoint.removeprefix("http://").partition("/")
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.answers: list[int] = []
        """Status codes to answer with instead, the first first; 0 drops the connection."""
        self.most_updates: int | None = None
        """After so many updates there are no more answers: connections are dropped, or, with `hangs`, left waiting."""
        self.hangs = False
        self.is_hanging = threading.Event()
        self._released = threading.Event()
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                between._pass_on(self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/{self.path}"

    @property
    def updates(self) -> list[str]:
        """What was sent to be written."""
        return [body for path, body, _ in self.requests if "update" in path or "/store" in path]

    def pass_on(self) -> None:
        """Disturb no more."""
        self.most_updates, self.hangs = None, False
        self._released.set()

    def close(self) -> None:
        self._released.set()
        self.server.shutdown()
        self.server.server_close()

    def _pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        from urllib.parse import parse_qs

        data = handler.rfile.read(int(handler.headers["Content-Length"]))
        form = parse_qs(data.decode()) if "form" in handler.headers["Content-Type"] else {}
        body = form.get("update", form.get("query", [data.decode()]))[0]
        self.requests.append((handler.path, body, dict(handler.headers)))
        status = self.answers.pop(0) if self.answers else None
        if self.most_updates is not None and len(self.updates) > self.most_updates:
            status = 0
            if self.hangs:
                self.is_hanging.set()
                self._released.wait(120)
        if status == 0:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        if status is not None:
            found, headers, told = status, {}, b"no"
        else:
            connection = http.client.HTTPConnection(self.host, timeout=60)
            kept = {name: handler.headers[name] for name in ("Content-Type", "Accept") if handler.headers[name]}
            connection.request("POST", handler.path, data, kept)
            response = connection.getresponse()
            found, told = response.status, response.read()
            headers = {name: response.headers[name] for name in ("Content-Type", "Server") if response.headers[name]}
            connection.close()
        handler.send_response_only(found)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(told)))
        handler.end_headers()
        handler.wfile.write(told)
