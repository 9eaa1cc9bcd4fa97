"""Who does the most: bodies by the number of activities that name them."""

from __future__ import annotations

import re

from kg.answer.chart import bar_chart
from kg.answer.compile import iris, words
from kg.answer.focus import Ask
from kg.answer.model import Answer
from kg.answer.phrase import listed
from kg.answer.reply import reply
from kg.answer.scope import scope_of
from kg.answer.session import Session

_MOST = re.compile(r"最多|最少|排名|前[一二三四五六七八九十\d]+")
_SHOWN = 10


def answer_superlative(session: Session) -> Answer | None:
    """`2019年哪个单位牵头的活动最多`."""
    question = session.question
    if not _MOST.search(question.flat) or not question.has(Ask.WHO, Ask.PLACES):
        return None
    if "活动" not in question.flat and not question.has(Ask.DUTY, Ask.LEAD):
        return None
    scope = scope_of(question, session.names)
    documents = [doc for doc in scope.documents if doc.announces]
    if not documents:
        return None
    least = "最少" in question.flat
    hub = (
        "?touch pkg:inActivity ?activity ; pkg:party ?who . ?who a schema:AdministrativeArea ."
        if question.has(Ask.PLACES) and not question.has(Ask.WHO)
        else "?touch pkg:inActivity ?activity ; pkg:party ?who . MINUS { ?who a schema:AdministrativeArea . }"
    )
    query = f"""SELECT ?责任单位 (COUNT(DISTINCT ?activity) AS ?活动数)
WHERE {{
  VALUES ?document {{ {iris(session.doc_iri(doc) for doc in documents)} }}
  ?activity a schema:Event ; pkg:announcedIn ?document .
  {hub}
  ?who skos:prefLabel ?责任单位 .
}}
GROUP BY ?责任单位
ORDER BY {"?活动数" if least else "DESC(?活动数)"} ?责任单位
LIMIT {_SHOWN}"""
    columns, rows = session.select(query)
    if not rows:
        return None
    top = [row for row in rows if row["活动数"] == rows[0]["活动数"]]
    leaders = listed(row["责任单位"] for row in top)
    text = f"{scope.label}中，负责活动最{'少' if least else '多'}的是{leaders}，{rows[0]['活动数']}项。"
    label = words(str(top[0]["责任单位"]))
    _, spans = session.select(
        f"""SELECT DISTINCT ?span WHERE {{
  VALUES ?document {{ {iris(session.doc_iri(doc) for doc in documents)} }}
  ?activity pkg:announcedIn ?document .
  ?touch pkg:inActivity ?activity ; pkg:party ?who ; prov:wasQuotedFrom ?span .
  ?who skos:prefLabel ?label . FILTER(STR(?label) = {label})
}}"""
    )
    return reply(
        session,
        text + "（只按文件写明的责任单位计数，统称未展开）",
        understood=f"{scope.label}中各责任单位的活动数",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quote_spans(str(row["span"]) for row in spans),
        chart=bar_chart(rows, "责任单位", "活动数"),
    )
