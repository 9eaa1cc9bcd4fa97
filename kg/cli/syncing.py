"""`sync`: a folder and what is held of it, once or for as long as the command runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import typer

from kg.cli import output
from kg.cli.ingesting import print_lines, print_report
from kg.cli.options import AsJson, Home, examples, service
from kg.core.errors import Locked, UsageError

_QUIET = 2.0  # seconds without a change after which a folder is looked at: copying a large file takes a while
_AT_LEAST = 3600.0  # seconds between two looks where nothing is announced: network drives often say nothing


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "sync",
        help="使入库内容与文件夹一致：新增、改动、移动（改名）的文件，及已不存在的文件。默认不删除任何文档。\n\n"
        + examples(
            "policykg sync 公文/ --dry-run",
            "policykg sync 公文/ --delete",
            "policykg sync 公文/ --watch",
        ),
    )(sync)


def sync(
    folder: Annotated[Path, typer.Argument(help="文件夹", metavar="文件夹", show_default=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出将要做什么，不做任何改动")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="移除文件已不存在的文档")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="持续关注文件夹，有变化即同步；按 Ctrl-C 结束")] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="并行进程数", metavar="N")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Exit status 1 when some inputs failed."""
    if watch and (dry_run or as_json):
        raise UsageError("--watch 不能与 --dry-run 或 --json 同用")

    def once() -> dict[str, Any]:
        with output.progress() as progress:
            return service(home, workers=workers).sync(folder, delete=delete, dry_run=dry_run, progress=progress)

    if watch:
        _watch(folder, once)
        return
    found = once()
    if as_json:
        output.print_json(found)
    else:
        _print(found)
    if found["report"] and found["report"]["failed"]:
        raise typer.Exit(1)


def _print(found: dict[str, Any]) -> None:
    if found["report"] is None:
        kinds = ("added", "新增"), ("changed", "改动"), ("again", "需用新版本重读")
        print("，".join(f"{label} {len(found[key])}" for key, label in kinds) + f"，未变 {found['unchanged']}")
        for key, label in kinds:
            _print_kind(f"将{label}" if key != "again" else label, found[key])
        _print_kind("将移动或改名", [f"{item['from']} → {item['source']}" for item in found["moved"]])
        _print_kind("不读入", [f"{item['source']}：{item['reason']}" for item in found["refused"]])
    else:
        print_report(found["report"])
    removed = {item["id"] for item in found["removed"]}
    _print_kind("已移除", [f"{item['source']}（{item['title']}）" for item in found["removed"]])
    left = [item for item in found["gone"] if item["id"] not in removed]
    _print_kind("文件已不存在（加 --delete 移除）", [f"{item['source']}（{item['title']}）" for item in left])


def _print_kind(title: str, lines: list[str]) -> None:
    if lines:
        output.heading(title)
        print_lines(lines)


def _watch(folder: Path, once: Callable[[], dict[str, Any]]) -> None:
    """Look at once, and again after each change has settled, until the command is interrupted."""
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    changed = Event()

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if event.event_type not in ("opened", "closed_no_write"):  # our own reading
                changed.set()

    if not folder.is_dir():
        raise UsageError(f"{folder} 不是文件夹，或不存在；请给出要同步的文件夹")
    observer = Observer()  # before the first look: what changes meanwhile is not missed
    observer.schedule(Handler(), str(folder), recursive=True)
    observer.start()
    try:
        while True:
            try:
                _print(once())
            except Locked as error:  # another process writes just now: the next look makes up for it
                print(error.message)
                changed.set()
            print(f"正在关注 {folder}，按 Ctrl-C 结束", flush=True)
            if changed.wait(_AT_LEAST):
                while changed.is_set():
                    changed.clear()
                    time.sleep(_QUIET)
    except KeyboardInterrupt:
        print("已结束")
    finally:
        observer.stop()
        observer.join()
