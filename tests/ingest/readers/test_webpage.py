"""Web pages: the text among menus, by evidence; the title, the particulars, and nothing of the furniture."""

from __future__ import annotations

import pytest

from ingest.readers.html import read_html
from ingest.readers.text import read_text

MENU = "".join(
    f'<li><a href="/{n}">{w}</a></li>'
    for n, w in enumerate(("首页", "政务公开", "政务服务", "互动交流", "市教育局", "市公安局"))
)
TEXT = (
    "<p>各区水务局：</p><p>为加强河湖管护，根据有关规定，现将有关事项通知如下，请认真贯彻执行。</p>"
    "<p>一、开展巡查。各区要每周组织一次巡查，及时发现和处理问题。</p><p>甲市水务局</p><p>2024年5月8日</p>"
)
TITLE = "甲市水务局关于开展河湖巡查的通知"
FOOT = "<div><a href='/m'>网站地图</a> 主办单位：甲市人民政府办公室 网站标识码：3401000001</div><ul><li><a href='#'>市委组织部</a></li><li><a href='#'>市委宣传部</a></li></ul>"
INFO = "<div>发布日期：2024-05-09 来源：甲市水务局 浏览次数： 字号：大 中 小</div>"


def lines(html: str) -> list[str]:
    return [line.text for line in read_html(html.encode()).lines]


def page(body: str, head: str = "") -> str:
    return f"<html><head><meta charset='utf-8'>{head}<title>{TITLE}_甲市人民政府门户网站</title><script>var a='脚本';</script></head><body>{body}</body></html>"


CONTAINERS = [
    f"<div class='x1'><ul>{MENU}</ul></div><h1>{TITLE}</h1>{INFO}<div class='q9'>{TEXT}</div>{FOOT}",
    f"<ul>{MENU}</ul><div>当前位置：<a href='/'>首页</a> &gt; <a href='/a'>通知</a></div><div><h3>{TITLE}</h3>{INFO}{TEXT}</div>{FOOT}",
    f"<table><tr><td><ul>{MENU}</ul></td></tr><tr><td><h1>{TITLE}</h1>{INFO}{TEXT}</td></tr><tr><td>{FOOT}</td></tr></table>",
    f"<ul>{MENU}</ul><h1>{TITLE}</h1>{INFO}{TEXT}{FOOT}",
    f"<ul>{MENU}</ul><font><font><div><h1>{TITLE}</h1>{TEXT}</div></font></font>{FOOT}<div style='display:none'><h1>{TITLE}</h1>{TEXT}</div>",
    f"<ul>{MENU}</ul><div><h1>{TITLE}</h1>" + TEXT.replace("<p>", "").replace("</p>", "<br><br>") + f"</div>{FOOT}",
    f"<ul>{MENU}</ul><div class='view'><form>{MENU * 3}</form></div><div><h1>{TITLE}</h1>{INFO}<div>{TEXT}</div><p>上一篇：<a href='#'>无</a></p><p>相关新闻</p><p><a href='#'>另一条新闻</a></p></div>{FOOT}",
]


@pytest.mark.parametrize("body", CONTAINERS)
def test_the_same_text_in_any_page(body: str) -> None:
    wanted = [TITLE, "各区水务局：", "为加强河湖管护，根据有关规定，现将有关事项通知如下，请认真贯彻执行。",
              "一、开展巡查。各区要每周组织一次巡查，及时发现和处理问题。", "甲市水务局", "2024年5月8日"]  # fmt: skip
    assert lines(page(body)) == wanted


def test_the_title_of_the_page_stands_first_where_the_text_has_none() -> None:
    raw = read_html(
        page(f"<ul>{MENU}</ul><div>{TEXT}</div>{FOOT}", f"<meta name='ArticleTitle' content='{TITLE}'>").encode()
    )
    assert raw.lines[0].text == TITLE
    assert raw.metadata["title"] == TITLE


def test_particulars_from_tags_and_boxes() -> None:
    head = f"<meta name='ArticleTitle' content='（转载）{TITLE}'><meta name='PubDate' content='2024-05-09 10:00'><meta name='ContentSource' content='甲市水务局'>"
    box = "<table><tr><td>索 引 号：</td><td>1/2024-3</td><td>文　　号：</td><td>甲水〔2024〕9号</td></tr><tr><td>成文日期：</td><td>2024年05月08日</td><td>发文机关：</td><td>甲市水务局</td></tr></table>"
    found = read_html(page(f"{box}<h1>{TITLE}</h1><div>{TEXT}</div>{FOOT}", head).encode()).metadata
    assert found["title"] == TITLE
    assert (found["number"], found["date"], found["issuer"], found["published"][:10]) == (
        "甲水〔2024〕9号",
        "2024年05月08日",
        "甲市水务局",
        "2024-05-09",
    )


def test_bare_text_and_pre() -> None:
    plain = f"{TITLE}\n各区水务局：\n为加强管护，现将有关事项通知如下，请认真执行。\n甲市水务局\n2024年5月8日"
    assert lines(f"<html><body>{plain}</body></html>") == plain.split("\n")
    assert lines(f"<html><body><div><pre>{plain}</pre></div></body></html>") == plain.split("\n")


def test_lists_keep_their_numbers_and_notes_their_distance() -> None:
    found = lines(
        page(
            f"<h1>{TITLE}</h1>{TEXT}<ol start='3'><li>抓好巡查，由各区负责。</li><li>抓好宣传，由各区负责。</li></ol><p>检查企业3200<sup>1</sup>家，面积20m<sup>2</sup>，共10<sup>4</sup>次。</p>"
        )
    )
    assert "3. 抓好巡查，由各区负责。" in found
    assert "4. 抓好宣传，由各区负责。" in found
    assert "检查企业3200家，面积20m²，共10⁴次。" in found


def test_spanning_cells_count_for_each_row_in_any_container() -> None:
    table = "<table><tr><th>序<br>号</th><th>任务</th><th>责任单位</th></tr><tr><td>1</td><td>巡查</td><td rowspan=2>市水务局<br>市公安局</td></tr><tr><td>2</td><td>宣传</td></tr><tr><td colspan=2>合计</td><td>两项</td></tr></table>"
    found = lines(page(f"<ul>{MENU}</ul><h1>{TITLE}</h1>{TEXT}<section><center>{table}</center></section>{FOOT}"))
    assert [line for line in found if "\t" in line] == [
        "序号\t任务\t责任单位",
        "1\t巡查\t市水务局 市公安局",
        "2\t宣传\t市水务局 市公安局",
        "合计\t合计\t两项",
    ]


def test_nesting_of_any_depth() -> None:
    deep = 4000
    assert TITLE in lines(page("<div>" * deep + f"<h1>{TITLE}</h1>{TEXT}" + "</div>" * deep))


def test_encodings() -> None:
    html = page(f"<h1>{TITLE}</h1>{TEXT}")
    for encoding in ("gb18030", "utf-8", "utf-16"):
        assert TITLE in [line.text for line in read_html(html.replace("utf-8", encoding).encode(encoding)).lines]


def test_big5_and_one_damaged_byte() -> None:
    traditional = "關於開展質量提升行動的通知\n各單位：\n質量競賽由總工會負責，教育局配合，請認真執行。\n"
    assert read_text(traditional.encode("big5")).lines[0].text == "關於開展質量提升行動的通知"
    damaged = bytearray((TITLE + "\n各单位要高度重视，认真执行有关规定，按时完成任务。\n" * 3).encode("gb18030"))
    damaged[60] = 0xFF
    raw = read_text(bytes(damaged))
    assert raw.lines[0].text == TITLE
    assert [loss.part for loss in raw.fidelity] == ["字节"]


@pytest.mark.parametrize(
    ("written", "shown", "marks"),
    [
        ("面积5米<sup>2</sup>", "面积5米²", 0),
        ("浓度5 ×10<sup>-6</sup>", "浓度5 ×10⁻⁶", 0),
        ("检查企业3200<sup>1</sup>家、整改45<sup>[2]</sup>家", "检查企业3200家、整改45家", 2),
    ],
)
def test_raised_characters_are_judged_as_in_every_format(written: str, shown: str, marks: int) -> None:
    for html in (
        f"<p>{written}。</p>{TEXT}",
        f"<table><tr><td>甲</td><td>{written}。</td></tr>{'<tr><td>1</td><td>2</td></tr>' * 3}</table>",
    ):
        raw = read_html(page(html).encode())
        assert any(f"{shown}。" in line.text for line in raw.lines)
        assert sum(loss.count for loss in raw.fidelity) == marks


def test_annexes_beside_the_element_of_the_text_are_part_of_it() -> None:
    table = "<table><tr><td>序号</td><td>单位</td></tr><tr><td>1</td><td>甲市水务局</td></tr></table>"
    body = (
        f"<ul>{MENU}</ul><h1>{TITLE}</h1><div><div>{TEXT * 3}</div><p>附表1</p><p>河湖巡查登记表</p>{table}"
        f"<p><a href='#'>【返回顶部】</a></p><p>市总工会</p></div>{FOOT}"
    )
    found = lines(page(body))
    assert found[-4:] == ["附表1", "河湖巡查登记表", "序号\t单位", "1\t甲市水务局"]
