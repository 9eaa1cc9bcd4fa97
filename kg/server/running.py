"""`policykg serve`: listens until interrupted."""

from __future__ import annotations

import logging
import socket

import uvicorn

from kg.core.errors import EnvironmentProblem, UsageError
from kg.server.app import create_app
from kg.server.connections import protocol
from kg.server.guard import LOCAL_HOSTS
from kg.server.observing import log_to_stderr
from kg.service import Service

MAX_CONNECTIONS = 1000  # beyond that a client gets 503 at once
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(service: Service, *, host: str, port: int) -> None:
    """Run until interrupted.

    Raises `UsageError` for an address that others can reach while no token is set, `EnvironmentProblem` where the
    address cannot be used.
    """
    if host not in _LOOPBACK and not service.settings.server_token:
        raise UsageError(
            f"监听 {host} 会让其他机器读到库中全部文件。请先设置访问令牌 POLICYKG_SERVER_TOKEN，或只监听 127.0.0.1"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise EnvironmentProblem(
                f"无法监听 {host}:{port}：{error.strerror or error}。可用 --port 另选端口"
            ) from error
        log_to_stderr()
        application = create_app(service, hosts=LOCAL_HOSTS if host in _LOOPBACK else ("*",))
        config = uvicorn.Config(
            application,
            log_level=logging.WARNING,
            http=protocol(),
            access_log=False,  # it would hold addresses and questions
            server_header=False,
            proxy_headers=False,  # nothing here depends on who asks
            limit_concurrency=MAX_CONNECTIONS,
            timeout_graceful_shutdown=10,
            lifespan="off",
        )
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            service.close()
