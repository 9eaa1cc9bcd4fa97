"""The table of benchmarks/growth.py: a row a measure, a column a size, the power of the passages by which it grew."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]


def table(results: Sequence[Result]) -> str:
    """All measures of some sizes, as a table in Markdown; the smallest size first."""
    head = ["测量", *(f"{each['size']}×{'（续增）' if each['grown_from'] else ''}" for each in results), "幂"]
    lines = [" | ".join(("", *head, "")).strip(), "|---" + "|--:" * (len(head) - 1) + "|"]
    found = [dict(_rows(each)) for each in results]
    passages = [float(each["ingest"]["passages"]) for each in results]
    for name in found[0]:
        values = [each.get(name) for each in found]
        cells = [_shown(value) for value in values]
        lines.append(" | ".join(("", name, *cells, _power(values, passages), "")).strip())
    return "\n".join(lines)


def _shown(value: float | str | None) -> str:
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _power(values: Sequence[float | str | None], passages: Sequence[float]) -> str:
    """Between the first and the last size that have a value."""
    pairs = [(n, v) for n, v in zip(passages, values, strict=True) if isinstance(v, (int, float)) and v > 0]
    if len(pairs) < 2 or pairs[0][0] == pairs[-1][0]:
        return ""
    (first, small), (last, large) = pairs[0], pairs[-1]
    return f"{math.log(large / small) / math.log(last / first):.2f}"


def _rows(result: Result) -> Iterator[tuple[str, float | str | None]]:
    ingest, warm = result["ingest"], result["warm"]
    yield "文档", ingest["documents"]
    yield "段落", ingest["passages"]
    yield "四元组", ingest["quads"]
    yield "原文 MB", result["text_mb"]
    yield from _ingest(result, ingest)
    yield from ((f"磁盘 {part} MB", size) for part, size in result["disk_mb"].items())
    yield "磁盘合计 MB", sum(result["disk_mb"].values())
    yield "磁盘峰值 MB", ingest["disk_peak_mb"]
    for kind, label in (("added", "新增"), ("changed", "改动"), ("removed", "移除")):
        one = result["one"][kind]
        yield f"{label}一份 秒", one["seconds"]
        yield f"{label}一份 CPU 秒", one["cpu_seconds"]
        yield f"{label}一份 发布秒", one["publish_seconds"]
        yield from ((f"{label}一份 {part} 秒", spent) for part, spent in one["projections"].items())
        yield f"{label}一份 其余发布秒", max(one["publish_seconds"] - sum(one["projections"].values()), 0)
        yield f"{label}一份 内存峰值 MB", one["peak_mb"]
    yield from _asked(result, warm)
    yield from _queries(warm["sparql"])
    for name, held in warm["memory_mb"].items():
        yield f"内存 {name} 后 RSS MB", held["VmRSS"]
        yield f"内存 {name} 后 匿名 MB", held["RssAnon"]


def _ingest(result: Result, ingest: Result) -> Iterator[tuple[str, float | str | None]]:
    # of a size that grew from another only the new editions were taken in: no point of the same curve
    if result["grown_from"]:
        return
    yield "入库 秒", ingest["seconds"]
    yield "入库 CPU 秒", ingest["cpu_seconds"]
    yield "入库 读取秒", ingest["seconds"] - ingest["publish_seconds"]
    yield "入库 发布秒", ingest["publish_seconds"]
    yield from ((f"入库 {part} 秒", spent[0]) for part, spent in ingest["projections"].items())
    yield "入库 主进程峰值 MB", ingest["peak_mb"]["own"]
    yield "入库 读取进程峰值 MB", ingest["peak_mb"]["others"]


def _asked(result: Result, warm: Result) -> Iterator[tuple[str, float | str | None]]:
    for share in ("p50", "p95"):
        values = {name: warm[name]["cpu"][share] for name in ("search", "tantivy", "faiss", "embedding", "ask")}
        yield f"检索 {share} CPU ms", values["search"]
        yield f"　tantivy 单独 {share} CPU ms", values["tantivy"]
        yield f"　FAISS 单独 {share} CPU ms", values["faiss"]
        alone = values["tantivy"] + values["faiss"] + values["embedding"]
        yield f"　检索 ÷（tantivy + FAISS + 向量化）{share}", values["search"] / alone
        yield f"问答 {share} CPU ms", values["ask"]
        yield f"问答 {share} 墙钟 ms", warm["ask"]["wall"][share]
    yield "答出的问题", f"{warm['answered']}/{warm['ask']['wall']['n']}"
    yield from ((f"每秒问答 {name.partition('_')[0]} 人", value) for name, value in warm["users"].items())
    yield "首次检索 秒", warm["first_search_seconds"]
    yield "备好问答 秒", warm["prepare_seconds"]
    yield "冷启动问答 秒", result["cold_ask"]["seconds"]
    yield "冷启动问答 CPU 秒", result["cold_ask"]["cpu_seconds"]
    yield "冷启动问答 内存峰值 MB", result["cold_ask"]["peak_mb"]
    rows = warm["rows"]
    yield "列出全部文档 ms", rows["all_documents_ms"]
    for name, label in (("document", "取一份文档"), ("passage", "取一个段落")):
        yield f"{label} p50 ms", rows[name]["wall"]["p50"]
        yield f"　SQLite 单独 {label} p50 ms", rows[f"sqlite_{name}"]["wall"]["p50"]


def _queries(found: Result) -> Iterator[tuple[str, float | str | None]]:
    for name, row in found.items():
        yield f"SPARQL {name} ms", row.get("ms", "拒绝：" + row.get("refused", "")[:16])
        if "bare_ms" in row:
            yield f"　pyoxigraph 单独 {name} ms", row["bare_ms"]
            yield f"　比值 {name}", row["ms"] / max(row["bare_ms"], 0.05)
