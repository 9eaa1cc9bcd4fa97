"""沿革 of a law or policy on the page of its basis: how it stands today, then each step with its sentence."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.ui.addresses import document_link, link
from kg.ui.markup import escaped, plain

Json = dict[str, Any]

_FEW = 12  # steps at first
_STANDINGS = {
    "repealed": ("已废止", "自{since}起"),
    "not-yet": ("尚未施行", "自{since}起施行"),
    "expired": ("有效期已过", "至{since}；有无延续，库内没有写明"),
    "within": ("在有效期内", "至{since}"),
    "in-force": ("已施行", "自{since}起；库内没有废止它的文件，未收录的文件不在此列"),
    "unknown": ("没有写明施行日期", "库内也没有废止它的文件，未收录的文件不在此列"),
}
_ENDED = frozenset(("repealed", "expired"))


def standing_html(course: Json) -> str:
    """How it stands today, in words; the date that this rests on behind it."""
    name, told = _STANDINGS[course["standing"]]
    since = dated(course["since"]) if course["since"] else "某日"
    later = next((text for text in course["texts"] if text["later"]), None)
    newer = f"；库内有较新的文本（{dated(later['date'])}）" if later else ""
    words = f"{told.format(since=since)}{newer}（看于{dated(course['day'])}）"
    badge = f'<span class="pk-badge{" pk-absent" if course["standing"] in _ENDED else ""}">{escaped(name)}</span>'
    return f'<p class="pk-node" data-testid="standing">{badge}{escaped(words)}</p>'


def dated(date: str) -> str:
    """2024-09-01 as people write it; a month or a year as such."""
    parts = date.split("-")
    return "".join(f"{int(part)}{sign}" for part, sign in zip(parts, "年月日", strict=False))


def show_course(course: Json) -> None:
    """The steps in the order of their days, and other texts of the same title."""
    steps, texts = course["steps"], course["texts"]
    if not steps and not texts:
        return
    st.subheader("沿革", anchor=False)
    with st.container(border=True, gap="small", key="course"):
        for position, step in enumerate(steps[:_FEW]):
            _step(step, position)
        if rest := steps[_FEW:]:
            with st.expander(f"其余 {len(rest)} 步"):
                for position, step in enumerate(rest, start=_FEW):
                    _step(step, position)
        if course["left_off"]:
            st.caption(f"另有 {course['left_off']} 处修改没有列出。")
        for text in texts:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                when = dated(text["date"]) if text["date"] else "日期不详"
                told = "较新的文本" if text["later"] else "另一文本"
                st.html(f'<p class="pk-facts"><i>{escaped(when)}</i><b>{told}</b></p>', width="content")
                link("basis", plain(text["title"]), {"document": text["id"]}, icon=":material/history:")


def told(step: Json) -> str:
    """What a step is, without its date."""
    if step["way"] == "by":
        return {"废止": "被废止", "修改": "被修改"}.get(step["act"], str(step["act"]))
    return f"{step['act']}另一文件" if step["way"] == "to" else str(step["act"])


def _step(step: Json, position: int) -> None:
    quote = step["quote"]
    with (
        st.container(gap=None, key=f"course-{position}"),
        st.container(horizontal=True, vertical_alignment="center", gap="small"),
    ):
        when = dated(step["date"]) if step["date"] else "日期不详"
        st.html(f'<p class="pk-facts"><i>{escaped(when)}</i><b>{escaped(told(step))}</b></p>', width="content")
        if step["document_id"]:
            link("basis", plain(step["name"]), {"document": step["document_id"]}, icon=":material/account_tree:")
        elif step["name"]:
            st.html(f'<p class="pk-facts">《{escaped(step["name"].strip("《》"))}》（未入库）</p>', width="content")
        document_link("看原句", quote["document_id"], quote["start"], quote["end"])
        st.caption(plain(quote["quote"]))
