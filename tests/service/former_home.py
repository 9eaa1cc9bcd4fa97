"""A home as it was made before ids had eighty bits: by the code of now with the old length and the old schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.catalogue import Catalogue, schema
from kg.core import ids
from kg.core.config import Settings
from kg.graph import projection as graph
from kg.passages import fulltext, fulltext_writer, projection
from kg.service import Service
from kg.service.audit import Actor
from tests.compilation import LISTED, documents

SAMPLES = Path(__file__).parents[2] / "samples"
QUESTION = "哪些区开展过质量开放日？"
MOVED, LEFT = "挪过的通知.txt", "原处.txt"
GONE = "关于开展安全月活动的通知\n一、组织消防演练\n由某县应急管理局负责。\n某县应急管理局\n2023年5月1日\n"
ACTOR = Actor("张三", "cli")


@contextmanager
def as_before() -> Iterator[None]:
    """The lengths, the schema and the versions of then."""
    with pytest.MonkeyPatch.context() as then:
        then.setattr(ids, "DIGITS", ids.FORMER_DIGITS)
        then.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:6])
        then.setattr(schema, "COLUMNS", {t: c for t, c in schema.COLUMNS.items() if t != "aliases"})
        then.setattr(graph, "GRAPH_VERSION", "3")
        then.setattr(projection, "PROJECTION_VERSION", "2")
        for module in (fulltext, fulltext_writer, projection):
            then.setattr(module, "FULLTEXT_VERSION", "3")
        yield


def a_service(home: Path) -> Service:
    return Service(Settings(home=home, file_seconds=0), actor=ACTOR)


@dataclass(frozen=True)
class Former:
    """A home, the documents that it was made from, and what was in it."""

    home: Path
    docs: Path
    backup: Path
    told: dict[str, Any]


def build(folder: Path) -> Former:
    """Samples, a compilation, a file that was moved, one that was removed; statements, a kept question, a backup."""
    docs, home = folder / "docs", folder / "home"
    docs.mkdir()
    for path in SAMPLES.iterdir():
        (docs / path.name).write_bytes(path.read_bytes())
    (docs / "汇编.txt").write_text(documents(LISTED))
    (docs / LEFT).write_text(GONE.replace("安全月", "读书月").replace("消防演练", "全民阅读"))
    (docs / "移除.txt").write_text(GONE)
    with as_before():
        service = a_service(home)
        assert service.ingest([docs])["failed"] == []
        (docs / LEFT).rename(docs / MOVED)
        assert service.ingest([docs])["failed"] == []
        (docs / LEFT).write_text(GONE.replace("安全月", "爱鸟周").replace("消防演练", "观鸟"))
        state(service)
        service.remove([str(docs / "移除.txt")])
        (docs / "移除.txt").unlink()
        service.keep_question(QUESTION)
        service.backup(folder / "备份.zip")
        told = everything(service)
        service.close()
    return Former(home, docs, folder / "备份.zip", told)


def state(service: Service) -> None:
    """Statements about a figure, about a document that is removed afterwards, and about a body in one document."""
    plan = next(item["id"] for item in service.documents() if "青浦区2024" in item["source"])
    gone = next(item["id"] for item in service.documents() if "移除" in item["source"])
    service.correct(
        [
            {"action": "correct", "document": plan, "path": "document", "values": {"theme": "改过的主题"}},
            {"action": "correct", "document": gone, "path": "document", "values": {"theme": "演练"}},
            {
                "action": "split",
                "kind": "body",
                "name": "青浦区市场监督管理局",
                "other": "青浦区质量局",
                "documents": [plan],
            },
        ]
    )


def everything(service: Service) -> dict[str, Any]:
    """What a home tells, by the paths of its documents, with the ids that it has."""
    target = service.settings.home / "图.nq"
    service.export("graph", "nq", target)
    lines = sorted(line for line in target.read_text().splitlines() if "versionInfo" not in line)
    target.unlink()
    held = service.documents()
    with Catalogue.open(service.settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        passages = {item["id"]: [repr(p) for p in catalogue.passages(item["id"])] for item in held}
        vectors = catalogue.vector_models()
    return {
        "ids": {item["source"]: item["id"] for item in held},
        "documents": {item["source"]: service.document(item["id"]) for item in held},
        "passages": passages,
        "vectors": vectors,
        "graph": lines,
        "corrections": service.corrections(),
        "hits": [(hit["document_id"], hit["text"]) for hit in service.search("质量开放日", top=20)],
        "answer": {key: value for key, value in service.ask(QUESTION).items() if key != "elapsed_ms"},
    }
