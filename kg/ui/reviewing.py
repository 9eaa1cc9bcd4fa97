"""The page 核定: what waits for a person's word, what was stated, what is to be looked at again, names of bodies."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.core.errors import PolicyKGError
from kg.core.facts import KINDS
from kg.service import Service
from kg.ui import backend, roles
from kg.ui.addresses import document_link, number
from kg.ui.answers import show_table
from kg.ui.markup import escaped, plain, shortened
from kg.ui.quotes import context_html
from kg.ui.statements import about, add, edit, edit_header, fact_card, fact_html, state, stated, tell, undo

Json = dict[str, Any]

_PARTS = ("待核", "已核定", "待复核", "机构与政策")
QUEUE = 100  # items taken at once; the rest come when these are done
_DONE = "review-done"  # what was answered or passed in this sitting
_UNPUBLISHED = "review-unpublished"
_ACTIONS = {"merge": "是同一机构，都记为", "other-name": "又名", "successor": "此后改为", "split": "在下列文档中应为"}
_LONGEST = 60  # characters of a statement in a table


def review_page() -> None:
    """The facts of a sentence where the address names one; else one part at a time."""
    if refusal := roles.visitor().refusal:
        st.info(plain(refusal), icon=":material/lock:")
    tell()
    start, end = number("start"), number("end")
    backend.renew("document")
    document_id = st.query_params.get("document")
    if document_id and start is not None and end is not None:
        _sentence(document_id, start, end)
        return
    part = st.segmented_control(
        "内容", _PARTS, default=_PARTS[0], key="part", bind="query-params", label_visibility="collapsed", required=True
    )
    {"待核": _queue, "已核定": _made, "待复核": _again, "机构与政策": _names}[part or _PARTS[0]]()


# -- one sentence --------------------------------------------------------------------------------------------------


def _sentence(document_id: str, start: int, end: int) -> None:
    found = backend.reader().passage_context(document_id, start, end)
    with st.container(border=True, gap="small"):
        st.html(context_html(found))
        document_link("在文档中查看", document_id, start, end)
    facts = backend.reader().facts_at(document_id, start, end)
    st.markdown(f"**由这句话得到的事实 {len(facts)} 条**")
    for place, fact in enumerate(facts):
        fact_card(document_id, fact, key=str(place))
    if not facts:
        st.caption("这句话没有识别出事实。漏掉的可以补充。")
    may = roles.visitor().may_edit
    kinds = {kind.key: kind for kind in KINDS if kind.may_be_added}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("漏掉的事实", list(kinds), format_func=lambda key: kinds[key].label, key="missing")
        if st.button("补充…", icon=":material/add:", key="add-fact", disabled=not may):
            add(document_id, kinds[chosen].name, chosen, found["quote"])
        if st.button("修改文档要素…", icon=":material/edit_document:", key="edit-header", disabled=not may):
            edit_header(document_id, _header(document_id))


def _header(document_id: str) -> Json:
    """The values of a document as a whole, as they are now."""
    return backend.document(document_id)


# -- the queue -----------------------------------------------------------------------------------------------------


def _queue() -> None:
    found = _items()
    done: set[str] = st.session_state.setdefault(_DONE, set())
    waiting = [item for item in found["items"] if _name(item) not in done]
    kept = st.session_state.get(_UNPUBLISHED, 0)
    answered, left = found["done"] + kept, found["left"] - kept
    st.progress(answered / max(answered + left, 1), text=f"已核定 {answered} 条，待核 {left} 条")
    _waiting_to_publish()
    if not waiting:
        st.success("这一批都看过了。", icon=":material/done_all:")
        st.button("从头再看跳过的", key="more", on_click=st.session_state.pop, args=(_DONE, None))
        return
    item = waiting[0]
    with st.container(border=True, gap="small", key="queue-item"):
        st.html(fact_html({**item, "review": None}))
        st.html(context_html(backend.reader().passage_context(item["document_id"], item["start"], item["end"])))
        _keys(item)
        with st.container(horizontal=True, vertical_alignment="center"):
            document_link("在文档中查看", item["document_id"], item["start"], item["end"])
            st.caption(f"关系到 {item['weight']} 处" if item["weight"] > 1 else "", width="content")


def _keys(item: Json) -> None:
    may = roles.visitor().may_edit
    with st.container(horizontal=True, vertical_alignment="center", key="queue-keys"):
        st.button(
            "是", key="yes", type="primary", icon=":material/check:", shortcut="Y", disabled=not may,
            on_click=_answer, args=(item, "confirm"),
        )  # fmt: skip
        st.button(
            "否", key="no", icon=":material/close:", shortcut="N", disabled=not may, on_click=_answer,
            args=(item, "reject"),
        )  # fmt: skip
        if st.button("修改", key="change", icon=":material/edit:", shortcut="E", disabled=not may):
            _change(item)
        st.button("下一条", key="next", icon=":material/skip_next:", shortcut="J", on_click=_pass, args=(item,))


def _change(item: Json) -> None:
    facts = backend.reader().facts_at(item["document_id"], item["start"], item["end"])
    same = [fact for fact in facts if fact["words"] == item["words"]]
    if same:
        edit(item["document_id"], same[0])


def _items() -> Json:
    """The queue of this generation; what was answered since is left out by `_DONE`."""
    current = backend.generation()["number"]
    if st.session_state.get("review-of") != current:
        st.session_state["review-of"] = current
        st.session_state[_UNPUBLISHED] = 0
    with st.spinner("正在排列待核的事实…"):
        return backend.review_queue(top=QUEUE)


def _name(item: Json) -> str:
    return f"{item['document_id']} {item['kind']} {item['start']} {item['words']}"


def _answer(item: Json, action: str) -> None:
    """Keep a word on an item (a callback); it is published with the others."""
    wanted = {name: item[name] for name in ("kind", "start", "words")}
    if state(about(item["document_id"], item["path"], action, item=wanted), publish=False):
        st.session_state[_UNPUBLISHED] = st.session_state.get(_UNPUBLISHED, 0) + 1
        _pass(item)


def _pass(item: Json) -> None:
    st.session_state.setdefault(_DONE, set()).add(_name(item))


def _waiting_to_publish() -> None:
    count = st.session_state.get(_UNPUBLISHED, 0)
    if count:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"本次已记下 {count} 条，尚未反映到答案中。", width="content")
            st.button("发布", key="publish", icon=":material/publish:", on_click=_publish)


def _publish() -> None:
    try:
        roles.writer().publish_corrections()
    except PolicyKGError as error:
        st.error(plain(error.message), icon=":material/error:")
        return
    roles.view()


# -- what was stated -----------------------------------------------------------------------------------------------


def _made() -> None:
    undone = st.toggle("也列出已撤销的", key="undone", bind="query-params")
    found = backend.reader().corrections(undone=undone)
    st.caption(f"{len(found)} 条核定")
    seen = backend.seen()  # for the file is made when nobody knows any more for whom
    st.download_button(
        "导出为题目（供 policykg evaluate 检验问答）",
        lambda: _gold(seen),
        "核定题目.json",
        key="gold",
        on_click="ignore",
    )
    _statements(found, key="made")


def _again() -> None:
    found = backend.reader().to_review_again()
    if not found:
        st.success("没有待复核的。重新入库后，所据原文不在了的核定会列在这里。", icon=":material/done_all:")
        return
    st.caption(
        f"{len(found)} 条：所据的原文已不在文中，或文档已移除。核定仍保留；原文恢复后自动生效，确实过时的请撤销。"
    )
    _statements(found, key="again")


def _statements(found: list[Json], *, key: str) -> None:
    for place, each in enumerate(found[:100]):
        with st.container(border=True, gap="small", key=f"{key}-{place}"):
            st.html(statement_html(each))
            with st.container(horizontal=True, vertical_alignment="center"):
                words = each["evidence"]
                if each["document_id"] and each["title"] and words:
                    document_link("在文档中查看", each["document_id"], words["start"], words["end"])
                if each["undone_at"] is None:
                    st.button(
                        "撤销", key=f"{key}-undo-{place}", icon=":material/undo:", on_click=undo, args=(each["id"],),
                        disabled=not roles.visitor().may_edit,
                    )  # fmt: skip
    if len(found) > 100:
        rows = [[e["at"][:10], e["actor"], e["title"] or "", shortened(e["words"], _LONGEST)] for e in found[100:]]
        show_table(["日期", "核定人", "文档", "核定"], rows, key=f"{key}-rest")


def statement_html(each: Json) -> str:
    """What was stated of what, by whom and when."""
    undone = f"（已于 {each['undone_at'][:10]} 撤销）" if each["undone_at"] else ""
    about_ = f"<span>{escaped(each['title'] or '')}</span>"
    quote = f'<p class="pk-note">“{escaped(shortened(each["evidence"]["quote"], 120))}”</p>' if each["evidence"] else ""
    return (
        f'<p class="pk-row"><b>{escaped(each["words"])}</b>{escaped(undone)}　{about_}'
        f"<span>{escaped(each['actor'])}，{escaped(each['at'][:10])}</span></p>{quote}"
    )


def _gold(seen: Service) -> bytes:
    import json

    return json.dumps(seen.gold(), ensure_ascii=False, indent=1).encode()


# -- names of bodies -----------------------------------------------------------------------------------------------


def _names() -> None:
    st.caption("两个名称是同一机构、某机构的又名、更名之后的机构：记下后，已入库和以后入库的文档都照此显示。")
    names = {item["label"]: item["name"] for item in backend.bodies()}
    policy = st.toggle("合并的是政策（题名）", key="of-policy")
    name = st.text_input("政策题名", key="policy-name") if policy else _body(names, "机构", "name")
    action = (
        "merge"
        if policy
        else st.selectbox("关系", list(_ACTIONS), format_func=lambda name: _ACTIONS[name], key="action")
    )
    other = st.text_input("另一名称（规范的全称）", key="other", bind="query-params")
    documents: list[str] = []
    if action == "split":
        held = {item["id"]: item["title"] or item["source"] for item in backend.documents()}
        documents = st.multiselect("文档", list(held), format_func=lambda key: held[key], key="in-documents")
    date = st.text_input("从何时起（可不填）", key="since", placeholder="如 2018-03") if action == "successor" else ""
    statement = {
        "action": action, "kind": "policy" if policy else "body", "name": (name or "").strip(),
        "other": (other or "").strip(), "documents": documents, "date": date or None,
    }  # fmt: skip
    st.button(
        "记下", type="primary", icon=":material/save:", key="state-names", on_click=stated, args=(statement,),
        disabled=not roles.visitor().may_edit or not statement["name"] or not statement["other"],
    )  # fmt: skip


def _body(names: dict[str, str], label: str, key: str) -> str | None:
    chosen = st.selectbox(label, list(names), None, key=key, bind="query-params", placeholder="输入几个字查找")
    return names.get(chosen or "")
