"""Fields, content controls, WordArt, old merges and tracked changes at odd places: kinds from reports of other readers."""

from __future__ import annotations

import pytest

from ingest.readers import RawDocument
from ingest.readers.docx import read_docx
from ingest.readers.word_fields import equation_code_to_text

from . import writers
from .test_word_parts import losses, made, p, r, texts


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(words: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{words}</w:instrText></w:r>'


def complex_field(words: str, result: str | None = None) -> str:
    shown = "" if result is None else mark("separate") + result
    return mark("begin") + code(words) + shown + mark("end")


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(words: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(words)) if words else p()}</w:tc>"


# -- fields


def test_what_a_field_inside_an_instruction_shows_is_no_text() -> None:
    nested = complex_field(" MERGEFIELD x ", r("乙类"))
    outer = mark("begin") + code(" IF ") + nested + code(' = "甲类" ') + mark("separate") + r("五百元") + mark("end")
    assert texts(made(p(r("标准为"), outer, r("。")))) == ["标准为五百元。"]


def test_results_are_text() -> None:
    simple = f'<w:fldSimple w:instr=" REF _Ref1 ">{r("第三条")}</w:fldSimple>'
    raw = made(p(r("按照"), simple, r("，见第"), complex_field(" PAGEREF x ", r("12")), r("页")))
    assert texts(raw) == ["按照第三条，见第12页"]
    assert not raw.fidelity


def test_a_table_of_contents_over_several_paragraphs_repeats_nothing() -> None:
    contents = (
        p(mark("begin"), code(' TOC \\o "1-3" '), mark("separate"), r("一、总体要求"), "<w:r><w:tab/></w:r>", r("1"))
        + p(r("二、主要任务"), "<w:r><w:tab/></w:r>", r("3"))
        + p(mark("end"), r("正文自此起。"))
    )
    assert texts(made(p(r("某市方案")) + contents + p(r("一、总体要求")))) == [
        "某市方案",
        "正文自此起。",
        "一、总体要求",
    ]


@pytest.mark.parametrize("part", [mark("begin") + code(" REF x "), mark("begin"), mark("end"), mark("separate")])
def test_a_field_that_is_not_whole_swallows_nothing(part: str) -> None:
    assert texts(made(p(r("甲"), part) + p(r("乙")))) == ["甲", "乙"]


def test_marks_of_fields_in_hidden_runs_count() -> None:
    hidden = '<w:r><w:rPr><w:vanish/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r>'
    assert texts(made(p(hidden, code(" REF x "), mark("separate"), r("甲"), mark("end"), r("乙")))) == ["甲乙"]


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r"\o\ac(○,1)", "①"),
        (r"\o\ac(□,是)", "是"),
        (r"\f(1,3)", "1/3"),
        (r"\f(a+b,2)", "(a+b)/2"),
        (r"\r(,2)", "√2"),
        (r' \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(yǎn),兖)', "兖"),
        (r"\x(甲)", "甲"),
        (r"\o(", ""),
        (r"\(甲\)", "(甲)"),
    ],
)
def test_what_equation_fields_print(instruction: str, shown: str) -> None:
    assert equation_code_to_text(instruction) == shown


def test_a_hostile_equation_field_is_bounded() -> None:
    assert len(equation_code_to_text("\\o(" * 5000)) <= len("\\o(") * 5000


def test_fields_without_a_result_are_said_and_marks_are_not() -> None:
    raw = made(
        p(complex_field(r" EQ \o\ac(○,2)"), r("各区")) + p(complex_field(" AUTONUM "), r("甲"), complex_field(" XE x "))
    )
    assert texts(raw) == ["②各区", "甲"]
    assert losses(raw) == {"域": 1}


# -- what stands in shapes and controls


def art(words: str, name: str = "_x0000_s1026") -> str:
    return f'<w:r><w:pict><v:shape id="{name}"><v:textpath string="{words}"/></v:shape></w:pict></w:r>'


def test_wordart_is_text_and_a_watermark_is_said() -> None:
    assert texts(made(p(art("某市人民政府文件")) + p(r("正文")))) == ["某市人民政府文件", "正文"]
    section = '<w:sectPr><w:headerReference w:type="default" r:id="h"/></w:sectPr>'
    raw = made(p(r("正文")), section, h=("header1.xml", p(art("征求意见稿", "PowerPlusWaterMarkObject1"))))
    assert (texts(raw), losses(raw)) == (["正文"], {"水印": 1})


def test_controls_that_nobody_filled_in_are_said() -> None:
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    raw = made(control.format(p(r("单击此处输入文字。"))) + p(r("联系人："), control.format(r("单击此处"))))
    assert (texts(raw), losses(raw)) == (["联系人："], {"内容控件": 2})


def test_a_style_of_paragraphs_may_hide_them() -> None:
    style = '<w:style w:type="paragraph" w:styleId="z"><w:rPr><w:vanish/></w:rPr></w:style>'
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>乙</w:t></w:r>'
    raw = made(p(r("窗体顶端"), shown, properties='<w:pStyle w:val="z"/>') + p(r("正文")), s=("styles.xml", style))
    assert (texts(raw), losses(raw)) == (["乙", "正文"], {"隐藏的文字": 1})


def test_documents_inside_by_reference_are_said() -> None:
    assert losses(made(p(r("正文")) + '<w:subDoc r:id="x"/>')) == {"子文档": 1}


# -- tables and tracked changes


def test_cells_merged_in_the_old_way_and_deleted_ones() -> None:
    merged = table(cell("合计", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>") + cell("5"))
    assert texts(made(merged)) == ["合计\t合计\t5"]
    raw = made(table(cell("甲") + cell("旧", "<w:cellDel/>") + cell("乙")))
    assert (texts(raw), losses(raw)) == (["甲\t乙"], {"修订": 1})


def test_a_deleted_mark_before_a_table_joins_nothing() -> None:
    body = p(r("见下表"), properties="<w:rPr><w:del/></w:rPr>") + table(cell("甲") + cell("乙")) + p(r("后文"))
    assert texts(made(body)) == ["见下表", "甲\t乙", "后文"]


@pytest.mark.parametrize(("restart", "last"), [("0", "3．"), ("1", "1．"), ("", "1．")])
def test_levels_begin_anew_as_they_say(restart: str, last: str) -> None:
    own = f'<w:lvlRestart w:val="{restart}"/>' if restart else ""
    lists = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>{own}<w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%2．"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )

    def item(level: int) -> str:
        return p(r("甲"), properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')

    raw: RawDocument = read_docx(writers.word("".join(map(item, (0, 1, 1, 0, 1))), numbering=lists))
    assert texts(raw) == ["一、甲", "1．甲", "2．甲", "二、甲", f"{last}甲"]
