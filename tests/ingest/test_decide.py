"""Which proposals are facts, which a person should look at, which are dropped."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ingest import decide
from ingest.candidates import Candidate
from ingest.decide import Decider, Model, load_models
from ingest.pipeline import read_document, tools_for
from kg.core.model import Deadline, Document, Doubt, Evidence, decode_document, encode
from ontology.reference import load_reference

REFERENCE = load_reference()
NOTICE = """合肥市水务局关于做好河湖管护工作的通知
合水〔2024〕9号
高新区、市发改委、各有关单位：
请市财政局、市教育局于2024年6月1日前报送方案，全市建成书房20个。
质量处联系人：张三，电话：55550100。
合肥市水务局
2024年5月8日
"""


def candidate(start: int, *features: str, rule: str = "by") -> Candidate[Deadline]:
    fact = Deadline(f"方案{start}", "2024-06-01", None, Evidence("6月1日前", start, start + 5))
    return Candidate("deadline", fact, start, start + 5, rule, frozenset(features))


def decider(**model: object) -> Decider:
    return Decider({"deadline": Model(**model)})  # type: ignore[arg-type]


def verdict(*candidates: Candidate[Deadline], by: Decider) -> tuple[list[str], list[str]]:
    found = by.decide(candidates, lambda d: d.what, lambda d: d.evidence)
    return [fact.what for fact in found.accepted], [doubt.text for doubt in found.doubts]


def test_confidence_adds_what_rule_and_features_weigh() -> None:
    model = Model(bias=1.0, rules={"by": 0.5}, features={"verb": 1.0, "rules": -2.5})
    assert model.confidence("by", ()) == pytest.approx(1 / (1 + math.exp(-1.5)))
    assert model.confidence("by", ("verb", "rules")) == pytest.approx(0.5)
    assert model.confidence("unseen", ("unseen",)) == pytest.approx(1 / (1 + math.exp(-1.0)))


@pytest.mark.parametrize(("bias", "sure"), [(-1e9, 0.0), (1e9, 1.0)])
def test_no_weight_is_too_heavy(bias: float, sure: float) -> None:
    assert Model(bias=bias).confidence("by", ()) == pytest.approx(sure, abs=1e-12)


def test_what_reaches_a_line_is_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdict(candidate(0), by=decider(bias=0.0, accept=0.5)) == (["方案0"], [])
    monkeypatch.setattr(decide, "DOUBTFUL", 0.5)
    assert verdict(candidate(0), by=decider(bias=0.0, accept=0.9)) == ([], ["方案0"])
    assert verdict(candidate(0), by=decider(bias=-0.1, accept=0.9)) == ([], [])


def test_a_fact_says_its_rule_and_how_sure_it_is() -> None:
    found = decider(bias=math.log(3), accept=0.7).decide([candidate(4)], lambda d: d.what, lambda d: d.evidence)
    (fact,) = found.accepted
    assert (fact.rule, fact.confidence) == ("by", 0.75)
    (rough,) = decider(bias=1.0).decide([candidate(4)], lambda d: d.what, lambda d: d.evidence).accepted
    assert rough.confidence == 0.731  # of .7310586: three places say enough


def test_a_doubt_holds_the_fact_as_it_would_stand() -> None:
    found = decider(bias=0.0, accept=0.7).decide([candidate(4)], lambda d: d.what, lambda d: d.evidence)
    (doubt,) = found.doubts
    assert (doubt.kind, doubt.rule, doubt.confidence, doubt.evidence.start) == ("deadline", "by", 0.5, 4)
    assert '"date":"2024-06-01"' in doubt.proposal


def test_verdicts_stand_in_the_order_of_the_text() -> None:
    assert verdict(candidate(9), candidate(3), by=decider())[0] == ["方案3", "方案9"]
    assert verdict(candidate(9), candidate(3), by=decider(bias=0.0, accept=0.9))[1] == ["方案3", "方案9"]


def test_a_kind_without_weights_is_nine_in_ten_sure() -> None:
    assert Decider({}).confidence(candidate(0)) == pytest.approx(0.9, abs=0.002)
    assert verdict(candidate(0), by=Decider({})) == (["方案0"], [])


def test_weights_are_read_by_kind(tmp_path: Path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text(
        "note = '非表'\n[deadline]\nbias = 1\naccept = 0.6\n[deadline.rules]\nby = 2\n[deadline.features]\nverb = 3\n"
        "[figure]\n",
        encoding="utf-8",
    )
    models = load_models(file)
    assert set(models) == {"deadline", "figure"}
    assert models["deadline"] == Model(1.0, 0.6, {"by": 2.0}, {"verb": 3.0})
    assert models["figure"] == Model()
    assert load_models(tmp_path / "missing.toml") == {}


def test_what_is_not_accepted_is_to_be_checked_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ("agency", "deadline", "figure")
    strict = {**load_models(), **{kind: Model(bias=0.0, accept=0.9) for kind in kinds}}
    monkeypatch.setattr(tools_for(REFERENCE), "decider", Decider(strict))
    document = read_document(NOTICE.encode(), source="a.txt", document_id="d-1", reference=REFERENCE)
    assert {doubt.kind for doubt in document.to_check} >= set(kinds)
    assert not document.deadlines
    assert not document.figures
    starts = [doubt.evidence.start for doubt in document.to_check]
    assert starts == sorted(starts)
    for doubt in document.to_check:
        assert document.text[doubt.evidence.start : doubt.evidence.end] == doubt.evidence.quote
    bodies = {doubt.text: doubt.evidence.quote for doubt in document.to_check if doubt.kind == "agency"}
    assert bodies["合肥市财政局"] == "市财政局"
    assert decode_document(encode(document)) == document


def test_a_task_that_is_not_sure_enough_is_to_be_checked_by_its_title(monkeypatch: pytest.MonkeyPatch) -> None:
    text = NOTICE.replace("质量处", "一、开展河道巡查。（责任单位：市水务局）\n质量处")
    plain = read_document(text.encode(), source="a.txt", document_id="d-1", reference=REFERENCE)
    assert [activity.title for activity in plain.activities] == ["开展河道巡查"]
    monkeypatch.setattr(tools_for(REFERENCE), "decider", Decider({**load_models(), "task": Model(accept=1.1)}))
    document = read_document(text.encode(), source="a.txt", document_id="d-1", reference=REFERENCE)
    assert document.activities == ()
    doubts = [doubt for doubt in document.to_check if doubt.kind == "activity"]
    assert "开展河道巡查" in [doubt.text for doubt in doubts]
    assert all(text_of(document, doubt) == doubt.evidence.quote for doubt in doubts)


def text_of(document: Document, doubt: Doubt) -> str:
    return document.text[doubt.evidence.start : doubt.evidence.end]


def test_what_was_not_read_of_a_file_is_told() -> None:
    page = "".join(f"<p>{line}</p>" for line in NOTICE.splitlines())
    html = f"<html><body>{page}<iframe src='a.html'></iframe></body></html>"
    document = read_document(html.encode(), source="a.html", document_id="d-1", reference=REFERENCE)
    (loss,) = document.fidelity
    assert any(loss.reason in notice.message for notice in document.notices)
