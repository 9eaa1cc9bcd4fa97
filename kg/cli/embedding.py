"""`train-embedder`: a static embedding model for one's own documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "train-embedder",
        help="用自己的文件训练向量模型，使语义检索更合本单位的用语。不给来源时用已入库的段落；"
        "来源可为 .txt、.md（每段一条）或 .jsonl（每行 text、可有 title）。只在 CPU 上运行，不需要标注。\n\n"
        "默认从内置模型出发；样本很多（十万段以上）时可加 --scratch 从零训练。"
        "种子和 CPU 线程数相同，结果就相同。\n\n"
        + examples(
            "policykg train-embedder -o 模型/",
            "policykg train-embedder 法规/ 简报.jsonl -o 模型/ --epochs 4 --seed 1",
            "POLICYKG_EMBEDDER=模型/ policykg rebuild",
        ),
    )(train_embedder)


def train_embedder(
    target: Annotated[
        Path, typer.Option("-o", "--output", help="模型文件夹（应不存在或为空）", metavar="文件夹", show_default=False)
    ],
    sources: Annotated[
        list[Path] | None, typer.Argument(help="训练用的文件或文件夹", metavar="来源...", show_default=False)
    ] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, max=100, help="轮数（默认 6）", metavar="N")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子", metavar="N")] = 0,
    scratch: Annotated[bool, typer.Option("--scratch", help="从零训练，不从内置模型出发")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """The folder is one that POLICYKG_EMBEDDER takes."""
    with output.progress() as progress:
        made = service(home).train_embedder(
            sources or [], target, epochs=epochs, seed=seed, scratch=scratch, progress=progress
        )
    if as_json:
        output.print_json(made)
        return
    size = made["bytes"] / 2**20
    print(f"已用 {made['texts']} 段文字训练，{made['seconds']:.0f} 秒；模型 {size:.1f} MB：{made['path']}")
    print(f"使用：POLICYKG_EMBEDDER={made['path']} policykg rebuild")
