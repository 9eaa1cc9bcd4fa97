"""The names of a generation: made from what changed, they are those made anew."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from kg.ask import lexicon
from kg.ask.lexicon import build_lexicon, load_lexicon
from kg.ask.shares import Cited, Doc, Event, Named, Share
from kg.core import segments
from kg.core.corrections import BODY, Action, Correction
from kg.core.errors import EnvironmentProblem


class _Part:
    """Some documents of a catalogue; counts what is read."""

    def __init__(self, catalogue: Any, ids: list[str]) -> None:
        self._catalogue = catalogue
        self._ids = ids
        self.read: list[str] = []

    def documents(self) -> list[Any]:
        return [summary for summary in self._catalogue.documents() if summary.id in self._ids]

    def corrections(self, **_: Any) -> list[Any]:
        return []

    def document(self, document_id: str) -> Any:
        self.read.append(document_id)
        return self._catalogue.document(document_id)


def _built(part: _Part, folder: Path, reference: Any, **given: Any) -> dict[str, Any]:
    return build_lexicon(folder, part, reference, **given)


def test_from_what_changed_as_anew(context: Any, tmp_path: Path) -> None:
    ids = [summary.id for summary in context.catalogue.documents()]
    first = _Part(context.catalogue, ids[:-1])
    before = _built(first, tmp_path / "1", context.reference)
    assert first.read == ids[:-1]
    second = _Part(context.catalogue, ids[1:])  # one gone, one come, one read again
    given = {"previous": tmp_path / "1", "changed": {ids[-1], ids[1]}, "removed": {ids[0]}, **before}
    after = _built(second, tmp_path / "2", context.reference, **given)
    assert sorted(second.read) == sorted({ids[-1], ids[1]})
    assert after == _built(second, tmp_path / "3", context.reference)
    assert load_lexicon(tmp_path / "2") == load_lexicon(tmp_path / "3")
    for file in ("names.msgpack", "slots.1.rows", "shares.1.rows"):
        assert (tmp_path / "1" / file).samefile(tmp_path / "2" / file), "what was put together stays"


NAMES = ("市水务局", "市教育局", "区市场监管局", "质量协会", "消费者委员会")
TITLES = ("质量发展纲要", "标准化条例", "计量法", "电梯安全办法")


def _share(rng: random.Random, ident: str) -> Share:
    """A share with few names of many, so that documents claim the same in different orders."""
    place = rng.choice(("甲市", "乙市", None))
    doc = Doc(
        ident, f"{rng.randint(0, 6)}.txt", rng.choice(TITLES), "", None, None, None, None, place, (), 0, ("另称",), "名"
    )
    bodies = {
        (name, place): Named(
            name, place, rng.random() < 0.5, tuple(rng.sample(("局", "市局", name), rng.randint(1, 3)))
        )
        for name in rng.sample(NAMES, rng.randint(0, 3))
    }
    cited = tuple(
        Cited(rng.choice((title, f"《{title}》")), rng.choice((None, "1号", "2号")), (rng.choice((title, "另名称")),))
        for title in rng.sample(TITLES, rng.randint(0, 3))
    )
    unnamed = (Cited(None, "国发〔2024〕1号", ("国发〔2024〕1号文",)),) if rng.random() < 0.3 else ()
    events = tuple(Event(0, f"活动{n}", "", None, None, None) for n in range(rng.randint(0, 2)))
    terms = {f"s{n}": rng.choice(("词甲", "词乙")) for n in rng.sample(range(5), rng.randint(0, 3))}
    places = tuple(rng.sample(("甲市", "乙市", "丙市"), rng.randint(0, 2)))
    return Share(doc, tuple(bodies.values()), (*cited, *unnamed), events, tuple(rng.sample("季月", 1)), places, terms)


class _Shares:
    """A catalogue of shares, whatever documents they are of."""

    def __init__(self, shares: dict[str, Share]) -> None:
        self.shares = shares

    def documents(self) -> list[Doc]:
        return sorted((share.doc for share in self.shares.values()), key=lambda doc: (doc.source, doc.id))

    def corrections(self, **_: Any) -> list[Any]:
        return []

    def document(self, document_id: str) -> Share:
        return self.shares[document_id]


@pytest.mark.parametrize("seed", range(12))
def test_however_documents_come_change_and_go_the_names_are_those_made_anew(
    seed: int, context: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "share_of", lambda share: share)
    rng = random.Random(seed)
    monkeypatch.setattr(segments, "_SMALL", rng.randint(2, 30))
    held = {ident: _share(rng, ident) for ident in (f"d{n}" for n in range(25))}
    entries = build_lexicon(tmp_path / "0", _Shares(held), context.reference)
    layers = 0
    for turn in range(1, 25):
        removed = set(rng.sample(sorted(held), rng.randint(0, min(3, len(held)))))
        changed = {f"d{rng.randint(0, 35)}" for _ in range(rng.randint(0, 3))} - removed
        held = {key: share for key, share in held.items() if key not in removed}
        held |= {key: _share(rng, key) for key in changed}
        given = {"previous": tmp_path / str(turn - 1), "changed": changed, "removed": removed, **entries}
        entries = build_lexicon(tmp_path / str(turn), _Shares(held), context.reference, **given)
        assert entries == build_lexicon(tmp_path / "anew", _Shares(held), context.reference)
        followed, anew = load_lexicon(tmp_path / str(turn)), load_lexicon(tmp_path / "anew")
        assert followed == anew
        assert list(followed.terms.items()) == list(anew.terms.items())
        layers = max(layers, len(list((tmp_path / str(turn)).glob("shares.*"))))
        shutil.rmtree(tmp_path / "anew")
    assert layers > 1


def test_what_people_and_reference_data_say_is_added_to_what_documents_say(
    context: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = Named("市水务局", None, False, ("市水务局",))
    policy = Cited(context.reference.policies[0].title, None, ())
    doc = Doc("d", "", "", "", None, None, None, None, None, (), 0)
    held = _Shares({"d": Share(doc, (body,), (policy,), (), (), (), {})})
    other = Correction("1", Action.OTHER_NAME, BODY, was={"name": "市水务局"}, values={"name": "水务 局"})
    one = Correction("2", Action.MERGE, BODY, was={"name": "水利局"}, values={"name": "市水务局"})
    monkeypatch.setattr(held, "corrections", lambda **_: [other, one])
    monkeypatch.setattr(lexicon, "share_of", lambda share: share)
    build_lexicon(tmp_path, held, context.reference)
    found = load_lexicon(tmp_path)
    assert found.bodies[0].forms == ("市水务局", "水务局", "水利局")
    assert found.policies[0].title == policy.title
    assert set(context.reference.policies[0].aliases) <= set(found.policies[0].names) | {""}
    assert len(found.policies) == len(context.reference.policies)


def test_what_is_missing_or_of_another_version_is_said(context: Any, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        load_lexicon(tmp_path)
    ids = [summary.id for summary in context.catalogue.documents()]
    build_lexicon(tmp_path, _Part(context.catalogue, ids[:1]), context.reference)
    (tmp_path / "names.msgpack").write_bytes(b"\x93")
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        load_lexicon(tmp_path)
