"""`policykg evaluate`: scores by type, and misses with their reasons."""

from __future__ import annotations

import json

import pytest

from kg.cli import run
from kg.core.errors import UsageError
from kg.service.evaluating import check, compare, normal


def answer(text="", rows=(), quotes=(), answerable=True):
    return {"answerable": answerable, "answer": text, "rows": list(rows), "evidence": [{"quote": q} for q in quotes]}


@pytest.mark.parametrize(
    ("case", "given", "reasons", "cited"),
    [
        ({"answer": ["青浦区"]}, answer("有青浦区。"), [], None),
        ({"answer": ["青浦区", "浦东新区"]}, answer("有青浦区。"), ["缺少：浦东新区"], None),
        ({"answer": 16}, answer("2016年"), ["缺少：16"], None),
        ({"answer": [1]}, answer("由市水务局牵头[1]。", quotes=["（市水务局）"]), ["缺少：1"], None),
        ({"answer": 16}, answer(rows=[{"数量": 16}]), [], None),
        ({"answer": "2024-09-06"}, answer("2024年9月6日"), [], None),
        ({"answer": "甲", "accept": ["乙"]}, answer("乙"), [], None),
        ({"answer": {"note": "不必说", "who": "甲"}}, answer("甲"), [], None),
        ({"answer": "甲"}, answer("甲", answerable=False), ["答为库内没有"], None),
        ({"unanswerable": True}, answer("甲"), ["文件没有写，却给出了答案"], None),
        ({"unanswerable": True}, answer("没有", answerable=False), [], None),
        ({"answer": "甲", "evidence": ["由甲负责"]}, answer("甲", quotes=["（由甲负责）"]), [], True),
        ({"answer": "甲", "evidence": ["由甲负责"]}, answer("甲", quotes=["别的"]), [], False),
    ],
)
def test_one_answer(case, given, reasons, cited):
    assert check(case, given) == (reasons, cited)


def test_normal_form():
    assert normal("《纲要》（2024年9月6日）") == "纲要20240906"


def test_scores_by_type():
    cases = [{"question": "一", "type": "谁", "answer": "甲"}, {"question": "二", "type": "谁", "answer": "乙"}]
    report = compare([*cases, {"question": "三", "unanswerable": True}], lambda _: answer("甲"))
    assert report.by_type == {"谁": (1, 2), "不可回答": (0, 1)}
    assert [miss.question for miss in report.misses] == ["二", "三"]
    assert report.total == (1, 3)


@pytest.mark.parametrize("case", [{}, {"question": " "}, {"question": "谁"}, "谁", None])
def test_cases_of_another_shape(case):
    with pytest.raises(UsageError, match="第 1 题"):
        compare([case], lambda _: answer())


def test_the_command(service, tmp_path, capsys):
    file = tmp_path / "题目.json"
    home = ["--home", str(service.settings.home)]
    right = {"question": "青浦方案第10项由谁负责？", "type": "负责", "answer": ["青浦区农业农村委员会"]}
    file.write_text(json.dumps([right]), encoding="utf-8")
    assert run(["evaluate", str(file), *home]) == 0
    assert "共 1 题，答对 1 题" in capsys.readouterr().out
    file.write_text(json.dumps([right, {"question": "青浦区经委负责什么", "answer": "甲乙丙"}]), encoding="utf-8")
    assert run(["evaluate", str(file), "--json", *home]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["total"] == {"correct": 1, "of": 2}
    assert report["misses"][0]["reasons"] == ["缺少：甲乙丙"]


@pytest.mark.parametrize("text", ["{", "{}", "[]", None])
def test_a_file_that_is_none(text, service, tmp_path, capsys):
    file = tmp_path / "题目.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert run(["evaluate", str(file), "--home", str(service.settings.home)]) == 2
    assert "题目文件" in capsys.readouterr().err
