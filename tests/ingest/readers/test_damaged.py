"""One bad byte in a text of two bytes a character: what follows it is read in step again."""

from __future__ import annotations

import random

import pytest

from ingest.readers.damaged import decode_in_step
from ingest.readers.html import read_html
from ingest.readers.text import decode, read_text

SIMPLE = (
    "各单位要高度重视，认真执行有关规定，按时完成任务。2024年底前组织开展质量月活动30场，参加企业1200家（详见附件2）。\n"
    "一、总体要求\n（一）由市市场监督管理局牵头，市教育局配合。\n"
) * 3
TRADITIONAL = (
    "各單位要高度重視，認真執行有關規定，按時完成任務。2024年底前組織開展質量月活動30場，參加企業1200家。\n一、總體要求\n"
) * 3
TEXTS = {"gb18030": SIMPLE, "big5hkscs": TRADITIONAL}
MOST = 6  # characters that one byte may spoil: those before and behind it may pair with it by chance


def spoilt(text: str, found: str) -> int:
    """Characters between what both have at their beginning and at their end."""
    size = min(len(text), len(found))
    first = next((n for n in range(size) if text[n] != found[n]), size)
    last = next((n for n in range(size - first) if text[-1 - n] != found[-1 - n]), size - first)
    return max(len(text), len(found)) - first - last


def damaged(data: bytes, how: str, chance: random.Random) -> bytes:
    out = bytearray(data)
    at = chance.randrange(len(out))
    if how == "changed":
        out[at] = 0xFF
    elif how == "lost":
        del out[at]
    else:
        out.insert(at, 0x80 + chance.randrange(0x80))
    return bytes(out)


@pytest.mark.parametrize("how", ["changed", "lost", "added"])
@pytest.mark.parametrize("encoding", TEXTS)
def test_one_byte_spoils_a_few_characters_and_not_the_line(encoding: str, how: str) -> None:
    chance = random.Random(f"{encoding}{how}")
    text = TEXTS[encoding]
    for _ in range(200):
        found, named = decode(damaged(text.encode(encoding), how, chance))
        assert named == encoding
        assert spoilt(text, found) <= MOST, found


def test_without_it_one_byte_would_spoil_a_line() -> None:
    data = bytearray(SIMPLE.encode("gb18030"))
    del data[2]
    assert spoilt(SIMPLE, bytes(data).decode("gb18030", "replace")) > 2 * MOST
    page = b"<meta charset=gb2312><body>" + bytes(data).replace(b"\n", b"<br>")
    assert "要高度重视，认真执行有关规定，按时完成任务。" in read_html(page).lines[0].text


def test_the_damage_is_told() -> None:
    data = bytearray(SIMPLE.encode("gb18030"))
    data[61] = 0xFF
    raw = read_text(bytes(data))
    assert [loss.part for loss in raw.fidelity] == ["字节"]


@pytest.mark.parametrize(
    "text",
    [
        "龘靐齉齾龗龖爩灪麤鸞\n",  # rare characters, in step
        "已于××××年××月××日公示。\n初起火灾扑救和救援救助等工作\n",
        "第二十九条 \ue5f9本市应当加大投入\n镕堃喆旻昉翀頔\n",
        "㈠㈡①②③ⅣⅤ─━│┃━☆★αβ\n",
        "𠮷野家、䶮先生\n",
    ],
)
def test_what_is_whole_stays_as_it_is(text: str) -> None:
    assert decode_in_step((SIMPLE + text).encode("gb18030"), "gb18030") == SIMPLE + text
