"""Pictures of the app's screens, from the samples alone.

    python benchmarks/pictures.py                    those of docs/界面.md, into docs/screenshots
    python benchmarks/pictures.py --look FOLDER [--beside FOLDER]
                                                     every screen in light and dark at 820, 1366 and 1920 pixels, with
                                                     the documents of a folder (laws, say) beside the samples

The samples are taken into a home of their own; the app runs on it and a browser is led to each screen. The pictures of
the documentation are reduced to 96 colours, so that all together stay below a megabyte and a half. Needs what the
browser tests need (Debian's chromium, a Chinese font).
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.pages import CHROMIUM, FLAGS, running  # noqa: E402
from kg.core.config import Settings  # noqa: E402
from kg.service import Service  # noqa: E402

WIDTHS = {820: 1180, 1366: 768, 1920: 1080}
COLOURS = 96
SERIES = "哪些区开展过质量开放日，历年有何变化？"
STEPS = {
    "tie": "schema:Event",
    "lines": [
        {
            "tie": "pkg:leadAgency|pkg:coAgency|schema:organizer>org:Organization",
            "lines": [{"tie": "pkg:jurisdiction>schema:AdministrativeArea", "values": ["青浦区"]}],
        },
        {"tie": "pkg:inSeries>schema:EventSeries", "how": "may"},
    ],
}
Screen = tuple[str, dict[str, Any]]
SCREENS: dict[str, Screen] = {
    "home": ("", {}),
    "ask": ("", {"q": SERIES}),
    "unanswered": ("", {"q": "2024年普陀区质量月的活动主题是什么？"}),
    "documents": ("documents", {}),
    "document": ("documents", {"id": "青浦区2024年质量月活动方案"}),
    "compare": ("compare", {}),
    "search": ("search", {"find": "质量开放日", "since": "2024"}),
    "tasks": ("tasks", {"p": "青浦区"}),
    "evolution": ("evolution", {"series": "质量开放日"}),
    "tiles": ("evolution", {"series": "质量开放日", "view": "方块图"}),
    "basis": ("basis", {"policy": "质量强国建设纲要"}),
    "course": ("basis", {"document": "上海市标准化条例"}),
    "agencies": ("agencies", {"year": 2024, "place": "青浦区"}),
    "agency": ("agencies", {"agency": "青浦区市场监督管理局"}),
    "review": ("review", {}),
    "steps": ("sparql", {"steps": json.dumps(STEPS, ensure_ascii=False)}),
    "sparql": ("sparql", {"saved": "documents"}),
    "data": ("data", {}),
}
_TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
  .reduce((most, each) => Math.max(most, each.scrollWidth - each.clientWidth), 0)"""
ONLY_TO_LOOK_AT = {"agency"}
IN_THE_DARK = {"evolution", "agencies"}  # of those for the documentation


def shown(page: Page, address: str) -> None:
    """Go there and wait until all is drawn."""
    page.goto(address)
    page.get_by_text("份文档 · 第").wait_for(timeout=120_000)  # the end of a run
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=120_000)
    expect(page.locator('[data-testid="stSkeleton"]:visible')).to_have_count(0, timeout=60_000)
    if "/agencies" in address:
        page.locator(".network[data-ready]").wait_for(timeout=60_000)
    page.wait_for_timeout(1_000)  # canvases, which cannot be waited for
    page.mouse.move(700, 3)  # no tooltip


def address_of(screen: Screen, base: str, ids: dict[str, str]) -> str:
    """The address of a screen; a document is named by how its file's name begins."""
    path, given = screen
    values = {
        name: next((held for file, held in ids.items() if file.startswith(str(value))), value)
        if name in ("id", "document")
        else value
        for name, value in given.items()
    }
    return f"{base}/{path}?{urlencode(values)}" if values else f"{base}/{path}"


def reduced(picture: bytes) -> bytes:
    """The same with few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def take(home: Path, each: Callable[[Page, str, str], None], ids: dict[str, str], names: list[str]) -> None:
    """Lead a browser to each screen."""
    with running(home) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
        for name in names:
            each(page, name, address_of(SCREENS[name], server.address, ids))
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look", type=Path, help="a folder for every screen in both schemes at three widths")
    parser.add_argument("--beside", type=Path, help="with --look: documents to take in beside the samples")
    parser.add_argument("--only", nargs="*", choices=list(SCREENS))
    args = parser.parse_args()
    names = args.only or [name for name in SCREENS if args.look or name not in ONLY_TO_LOOK_AT]
    folder: Path = args.look or ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)

    def for_the_docs(page: Page, name: str, address: str) -> None:
        page.emulate_media(color_scheme="dark" if name in IN_THE_DARK else "light")
        shown(page, address)
        (folder / f"{name}.png").write_bytes(reduced(page.screenshot()))

    def to_look_at(page: Page, name: str, address: str) -> None:
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
                shown(page, address)
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
                if (over := page.evaluate(_TOO_WIDE)) > 0:
                    print(f"{name} {width}：横向超出 {over} 像素", file=sys.stderr)

    with tempfile.TemporaryDirectory() as temporary:
        service = Service(Settings(home=Path(temporary) / "home", embedder="none"))
        service.ingest_samples()
        if args.look and args.beside:
            service.ingest([args.beside])
        ids = {Path(item["source"]).name: item["id"] for item in service.documents()}
        service.close()
        take(service.settings.home, to_look_at if args.look else for_the_docs, ids, names)
    total = sum(path.stat().st_size for path in folder.glob("*.png"))
    print(f"{len(list(folder.glob('*.png')))} 张，共 {total / 1e6:.2f} MB：{folder}")


if __name__ == "__main__":
    main()
