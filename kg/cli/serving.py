"""`serve`, `app`: the faces that stay open. Both listen on this machine only unless told otherwise."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import Home, examples, service


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "serve",
        help="启动 HTTP 服务：/sparql（SPARQL 1.1 协议，只读）、/api/、/metrics；首页列出全部地址。按 Ctrl+C 结束。\n\n"
        "让其他机器访问须先设置访问令牌 POLICYKG_SERVER_TOKEN，再加 --host。\n\n"
        + examples("policykg serve", "policykg serve --port 9000"),
    )(serve)
    app.command(
        "app",
        help="启动网页应用。按 Ctrl+C 结束。\n\n" + examples("policykg app", "policykg app --port 8600 --headless"),
    )(open_app)


def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址；默认仅本机可访问")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口")] = 7879,
    home: Home = None,
) -> None:
    """Until interrupted."""
    from kg.server import serve as serve_http
    from kg.service.audit import system_user

    shown = f"[{host}]" if ":" in host else host
    output.note(f"接口说明：http://{shown}:{port}/　SPARQL 服务：http://{shown}:{port}/sparql（Ctrl+C 结束）")
    working = service(home)
    working.actor = system_user("http")
    serve_http(working, host=host, port=port)


def open_app(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口")] = 8501,
    headless: Annotated[bool, typer.Option("--headless", help="不自动打开浏览器")] = False,
    home: Home = None,
) -> None:
    """Hands this process over to Streamlit."""
    from kg.cli.shipped import streamlit_app

    settings = service(home).settings
    entry = streamlit_app()
    output.note(f"网页应用：http://127.0.0.1:{port}/（Ctrl+C 结束）")
    options = {
        "logger.hideWelcomeMessage": "true",  # Streamlit's own, in English, which recommends tools for developers
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": str(headless).lower(),
        "browser.gatherUsageStats": "false",
        "server.fileWatcherType": "none",
    }
    command = [sys.executable, "-m", "kg.ui", "run", str(entry)]
    command += [part for name, value in options.items() for part in (f"--{name}", value)]
    os.execve(sys.executable, command, {**os.environ, "POLICYKG_HOME": str(settings.home.absolute())})  # noqa: S606
