"""What people confirmed, as questions with answers for `policykg evaluate`: one for each fact that they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.catalogue import Catalogue
from kg.core.corrections import Action
from kg.core.header import HEADER
from kg.core.model import Activity, Document

Json = dict[str, Any]

_OF_HEADER = {"doc_number": "文号是什么", "date": "是什么时候印发的", "kind": "是什么文种"}


def gold(catalogue: Catalogue) -> list[Json]:
    """`[{"id", "type", "question", "answer", "evidence"}]`, by document; a rejected fact asks nothing."""
    cases: list[Json] = []
    held = {summary.id for summary in catalogue.documents()}
    stated = [each.document_id for each in catalogue.outlines() if each.action is not Action.REJECT and each.stands]
    for document_id in sorted({each for each in stated if each in held}):
        cases += _cases(catalogue.document(document_id))
    return cases


def _cases(document: Document) -> Iterator[Json]:
    name = document.called if "《" in document.called else f"《{document.called}》"
    for review in document.reviews:
        if review.kind == HEADER:
            for field in review.fields:
                if field in _OF_HEADER and (value := getattr(document, field)):
                    yield _case(review.id, "文档", f"{name}{_OF_HEADER[field]}？", value, None)
    for activity in document.activities:
        yield from _of_activity(activity, name)
    for figure in document.figures:
        if figure.review:
            answer = figure.as_written or f"{figure.value:.12g}{figure.unit}"
            yield _case(figure.review, "数字", f"{name}中，{figure.what}是多少？", answer, figure.evidence)
    for deadline in document.deadlines:
        if deadline.review and deadline.date:
            question = f"{name}要求{deadline.what}，截止到什么时候？"
            yield _case(deadline.review, "时限", question, deadline.date, deadline.evidence)
    for person in document.persons:
        if person.review:
            where = person.group or f"{name}中"
            yield _case(person.review, "人员", f"{where}的{person.post}是谁？", person.name, person.evidence)
    for effect in document.effects:
        if effect.review and effect.date and not effect.target:
            yield _case(effect.review, "效力", f"{name}从什么时候起{effect.act}？", effect.date, effect.evidence)
    for reference in document.policy_references:
        title = reference.alias_of or reference.title
        if reference.review and title:
            yield _case(reference.review, "引用", f"哪些文件引用了《{title}》？", document.called, reference.evidence)


def _of_activity(activity: Activity, name: str) -> Iterator[Json]:
    reviewed = [party for party in activity.responsible if party.review]
    if reviewed:
        answer = [party.name for party in activity.responsible]
        review = str(reviewed[0].review)
        yield _case(review, "责任", f"{name}中，“{activity.title}”由谁负责？", answer, activity.evidence)
    if activity.review and activity.deadline and activity.deadline.date:
        question = f"{name}中，“{activity.title}”什么时候完成？"
        yield _case(activity.review, "时限", question, activity.deadline.date, activity.evidence)


def _case(review: str, kind: str, question: str, answer: Any, evidence: Any) -> Json:
    case = {"id": f"{review}-{kind}", "type": kind, "question": question, "answer": answer}
    return case | ({"evidence": [evidence.quote]} if evidence is not None else {})
