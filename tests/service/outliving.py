"""What may befall people's statements: their files change, all is built anew, a backup is taken and put back."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.ask.lexicon import load_lexicon
from kg.core.config import Settings
from kg.service import Service


def facts_of(service: Service) -> str:
    """All facts as sorted lines, without the file's hash."""
    lines = []
    for item in service.documents():
        for key, value in service.document(item["id"]).items():
            if key not in ("id", "source"):
                values = value if isinstance(value, list) else [value]
                lines += [json.dumps([item["id"], key, v], ensure_ascii=False, sort_keys=True) for v in values]
    return "\n".join(sorted(lines))


def _quads(service: Service, target: Path) -> str:
    service.export("graph", "nq", target)
    return "\n".join(sorted(target.read_text(encoding="utf-8").splitlines()))


_SET: dict[str, dict[str, Any]] = {
    "activity": {"title": "某项活动"},
    "responsible": {"role": "co"},
    "agency": {"kind": "协会"},
    "reference": {"relation": "依据"},
    "figure": {"value": 7, "unit": "件"},
    "deadline": {"what": "报送某材料"},
    "person": {"post": "成员"},
    "effect": {"date": "2031-01-01"},
}


def random_statements(service: Service, count: int, seed: int = 13) -> list[dict[str, Any]]:
    from kg.build.masked import Masked
    from kg.service.doubtful import facts_with_paths

    chance = random.Random(seed)
    found = []
    with Masked.open(service.settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        for summary in catalogue.documents():
            held = catalogue.document(summary.id)
            found += [(summary.id, path, kind.name) for path, kind, _, _ in facts_with_paths(held)]
    out = []
    for document_id, path, kind in chance.sample(found, count):
        action = (
            chance.choice(("confirm", "reject")) if kind == "doubt" else chance.choice(("confirm", "correct", "reject"))
        )
        values = _SET[kind] if action == "correct" else {}
        out.append({"action": action, "document": document_id, "path": path, "values": values})
    return out


def _merges(service: Service, count: int, seed: int = 5) -> list[dict[str, Any]]:
    names = sorted({a["name"] for item in service.documents() for a in service.document(item["id"])["agencies"]})
    chosen = random.Random(seed).sample(names, 2 * count)
    return [
        {"action": "merge", "kind": "body", "name": name, "other": other}
        for name, other in zip(chosen[:count], chosen[count:], strict=True)
    ]


def outlive_everything(tmp_path: Path, sources: Iterable[Path], *, statements: int, merges: int) -> None:
    """State so many things at random of these files, then try all that may befall them: the facts stay to the byte."""
    files = tmp_path / "files"
    files.mkdir()
    for path in sources:
        (files / path.name).write_bytes(path.read_bytes())
    service = Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))
    service.ingest([files])
    assert len(service.correct(random_statements(service, statements))["corrections"]) == statements
    assert len(service.correct(_merges(service, merges))["corrections"]) == merges
    facts, quads = facts_of(service), _quads(service, tmp_path / "1.nq")
    stated = service.corrections()
    assert facts.count('"review": "') > statements // 2
    assert service.check()["ok"]  # quotes, shapes and indexes hold for what people state, too

    held = sorted(files.iterdir())
    for path in held:  # other bytes, the same words
        path.write_bytes(path.read_bytes().rstrip() + b"\n\n\n \n")
    done = service.ingest([files])
    assert (done["updated"], done["failed"]) == (len(held), [])
    assert facts_of(service) == facts
    assert service.corrections() == stated

    names = load_lexicon(service.snapshot().folder)
    service.rebuild()
    assert facts_of(service) == facts
    assert _quads(service, tmp_path / "2.nq") == quads
    assert load_lexicon(service.snapshot().folder) == names  # what was not made anew is as it would be

    service.backup(tmp_path / "备份.zip")
    service.undo_correction(stated[0]["id"])
    assert facts_of(service) != facts
    elsewhere = Service(Settings(home=tmp_path / "elsewhere", embedder="none", file_seconds=0))
    elsewhere.restore(tmp_path / "备份.zip")
    service.restore(tmp_path / "备份.zip", force=True)
    for restored in (service, elsewhere):
        assert facts_of(restored) == facts
        assert _quads(restored, tmp_path / "3.nq") == quads
        assert restored.corrections() == stated
    elsewhere.rebuild()
    assert facts_of(elsewhere) == facts
    assert _quads(elsewhere, tmp_path / "4.nq") == quads
