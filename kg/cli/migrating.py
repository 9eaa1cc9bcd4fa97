"""`migrate`: from one machine to a shared store, and back."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "migrate",
        help="把索引文件夹的全部内容搬到共享存储（OceanBase），供多台机器共用；--back 搬回本机。"
        "中断后重新运行同一命令，会接着做。\n\n"
        + examples(
            "POLICYKG_STORE=mysql://用户:密码@主机:2881/policykg policykg migrate",
            "policykg migrate mysql://用户:密码@主机:2881/policykg --graph http://甲:7878/query,http://乙:7878/query",
            "POLICYKG_STORE=mysql://… policykg --home 新文件夹 migrate --back",
        ),
    )(migrate)


def migrate(
    store: Annotated[
        str | None,
        typer.Argument(help="共享存储：mysql://用户:密码@主机:端口/数据库", metavar="存储", show_default=False),
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="搬回本机，成为独立的索引文件夹；存储中的内容不动")] = False,
    graph: Annotated[
        str, typer.Option("--graph", help="图所在的 SPARQL 端点，一个或两个，逗号分隔", metavar="地址")
    ] = "",
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Goes on where it was cut off."""
    from kg.core.errors import UsageError

    working = service(home)
    store = store or ("" if back else working.settings.store)  # so that no password need stand in the call
    if back == bool(store):
        raise UsageError(
            "请给出共享存储的地址（或设置 POLICYKG_STORE），或用 --back 搬回本机；例见 policykg migrate --help"
        )
    with output.progress() as progress:
        if back:
            done = working.migrate_back(graph=graph, progress=progress)
        else:
            done = working.migrate(store or "", graph=graph, progress=progress)
    if as_json:
        output.print_json(done)
        return
    if back:
        print(f"已搬回本机：{done['documents']} 份文档，索引第 {done['generation'] or 0} 代。存储中的内容没有改动。")
        print("请取消 POLICYKG_STORE（或删去 policykg.toml 中的 store）后使用。")
        return
    print(f"已写入共享存储 {done['store']}：{done['documents']} 份文档，索引第 {done['generation'] or 0} 代。")
    print("请在每台机器上设置 POLICYKG_STORE 为同一存储（以及 POLICYKG_GRAPH，如果用了 --graph）；")
    print("这个索引文件夹现在是它的副本，其他机器从空文件夹开始，首次使用时自动取得全部内容。")
