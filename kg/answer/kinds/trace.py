"""From a document upwards to what it rests on, step by step, until nothing above is held."""

from __future__ import annotations

import re

from kg.answer.compile import iris
from kg.answer.focus import Ask
from kg.answer.kinds.policies import is_basis
from kg.answer.lexicon import Doc
from kg.answer.model import Answer, Row
from kg.answer.phrase import grouped, listed, quoted
from kg.answer.reply import refuse, reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session

_UPWARDS = re.compile(
    r"追溯|溯源|路径|一路|层层|逐级|链条|往上|向上|最终(?:的)?依据|源头|上到国家|到国家(?:的|层面)?依据"
)
_FEW, _DEPTH = 4, 5
_NATION = "全国"


def answer_trace(session: Session) -> Answer | None:
    """`从青浦方案可以一路追溯到国家的哪些依据`."""
    question = session.question
    if not _UPWARDS.search(question.flat) or question.bodies:
        return None
    if not (question.has(Ask.BASIS, Ask.DOCUMENTS) or question.nation):
        return None
    starts = _starts(session)
    if not starts or len(starts) > _FEW:
        return None
    steps, spots = _climb(session, starts)
    label = listed(quoted(doc.title) for doc in starts)
    understood = f"从{label}逐级向上追溯依据，直到库内没有上一级文件为止"
    if not steps:
        return refuse(session, f"{label}没有写明依据。", understood=understood)
    query = _query(session, steps)
    columns, rows = session.select(query)
    order = {doc.title: n for n, (doc, _) in enumerate(steps)}
    return reply(
        session,
        _text(session, sorted(rows, key=lambda row: order.get(str(row["文件"]), 0)), label),
        understood=understood,
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quotes(spots),
    )


def _starts(session: Session) -> list[Doc]:
    """The lowest of the documents meant: 从青浦方案追溯到国家 begins in 青浦."""
    scope: Scope = scope_of(session.question, session.names, own=True)
    if not scope.said:
        return []
    local = [doc for doc in scope.documents if doc.qualified != _NATION]
    return list(local or scope.documents)


Step = tuple[Doc, list[str]]


def _climb(session: Session, starts: list[Doc]) -> tuple[list[Step], list[tuple[str, int, int]]]:
    """Each document on the way with the policies it rests on, and where they say so."""
    by_iri = {session.doc_iri(doc): doc for doc in session.lexicon.documents}
    steps: list[Step] = []
    spots: list[tuple[str, int, int]] = []
    todo, seen = list(starts), {doc.id for doc in starts}
    for _ in range(_DEPTH):
        above: list[Doc] = []
        for doc in todo:
            found: list[str] = []
            for reference in session.document(doc.id).policy_references:
                title = reference.alias_of or reference.title
                if not is_basis(session, doc.id, reference, strict=False):
                    continue
                if iri := session.iris.policy(title=title, number=reference.number):
                    found.append(iri)
                    spots.append((doc.id, reference.evidence.start, reference.evidence.end))
            if not found:
                continue
            steps.append((doc, list(dict.fromkeys(found))))
            _, held = session.select(
                f"SELECT DISTINCT ?held WHERE {{ VALUES ?policy {{ {iris(found)} }} ?policy pkg:heldAs ?held . }}"
                " ORDER BY ?held"
            )
            for row in held:
                next_one = by_iri.get(str(row["held"]))
                if next_one is not None and next_one.id not in seen:
                    seen.add(next_one.id)
                    above.append(next_one)
        todo = above
    return steps, spots


def _query(session: Session, steps: list[Step]) -> str:
    pairs = " ".join(f"({iris([session.doc_iri(doc)])} {iris([policy])})" for doc, own in steps for policy in own)
    return f"""SELECT DISTINCT ?文件 ?依据 ?制定机关 ?入库
WHERE {{
  VALUES (?document ?policy) {{ {pairs} }}
  ?mention pkg:announcedIn ?document ; pkg:refersTo ?policy .
  ?document dcterms:title ?文件 .
  OPTIONAL {{ ?policy dcterms:title ?title . }}
  OPTIONAL {{ ?policy eli:id_local ?number . }}
  BIND(COALESCE(?title, ?number) AS ?依据)
  OPTIONAL {{ ?policy pkg:issuerName ?制定机关 . }}
  OPTIONAL {{ ?policy pkg:heldAs ?held . }}
  BIND(IF(BOUND(?held), "已入库", "未入库") AS ?入库)
}}
ORDER BY ?文件 ?依据 ?制定机关"""


def _text(session: Session, rows: list[Row], label: str) -> str:
    steps = [f"{quoted(title)}→{listed(map(quoted, above))}" for title, above in grouped(rows, "文件", "依据").items()]
    top = [row["依据"] for row in rows if _national(session, row)]
    held = {str(row["依据"]) for row in rows if row["入库"] == "已入库"}
    absent = [title for title in dict.fromkeys(str(row["依据"]) for row in rows) if title not in held]
    text = f"从{label}向上追溯：" + "；".join(steps) + "。"
    text += f"其中国家层面的是{listed(map(quoted, dict.fromkeys(top)))}。" if top else "没有追溯到国家层面的文件。"
    return text + (f"（{listed(map(quoted, absent))}本身未入库，据引用它的文件。）" if absent else "")


def _national(session: Session, row: Row) -> bool:
    """Whether a policy is the nation's: by its issuer, or as a held document."""
    issuers = re.split(r"[、,，\s]+", str(row["制定机关"] or ""))
    if any(body.place == _NATION for name in issuers for body in session.names.bodies.get(name, ())):
        return True
    return any(doc.qualified == _NATION and doc.title == row["依据"] for doc in session.lexicon.documents)
