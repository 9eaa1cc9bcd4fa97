"""What a question asks for: the targets that its question words allow, each with what is done with it."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ask.library import Library
from kg.ask.question import Question

_HEADER = frozenset(("date", "number", "issuer", "recipient", "theme", "period"))
_ABOUT = frozenset(("which", "definition", "document", "summary"))
_DEEDS = ("活动", "任务", "工作", "事项", "举措", "措施", "项目", "项", "场", "有哪些", "有什么", "清单")
_UNITS_OF_ACTIVITIES = (None, "项", "个", "条", "件", "种")
_SINCE = ("从", "自")
_NEAR = 5  # characters between 几项 and what is counted


def targets_of(question: Question, library: Library) -> Iterator[tuple[str, str]]:
    """Targets and operators, those of one question word after the other."""
    asks = question.asks
    counts = bool(asks & {"amount"})
    if not question.has("op.order") and asks & {"body", "person"}:
        yield "body", "list"
    counted = counts and _counts_activities(question)
    deed = any(span.text.endswith(_DEEDS) or "些" in span.text for span in question.of("ask.activity"))
    if (
        (
            "activity" in asks
            and (deed or question.has("body", "noun.activity") or (question.places and not question.words))
        )
        or counted
        or (question.has("noun.activity", "op.none") and question.has("op.table", "ask.which"))
    ):
        yield "activity", "count" if counted else "list"
    if ("place" in asks and not _of_documents(question)) or "change" in asks:
        yield "place", "change" if "change" in asks else "list"
    if "place" in asks:
        yield "region", "list"
    if asks & {"document", "cites"} or (
        question.has("kind")
        and (_counts_documents(question) or question.has("op.table", "ask.held") or _asks_which_kind(question))
    ):
        yield "document", "count" if counts else "list"
    if "definition" not in asks and (
        (asks & (_HEADER - {"date"}) and not ("document" in asks and question.has("title")))
        or (question.has("op.order") and not _asks_since(question))
        or ("date" in asks and _asks_issue(question, library))
        or (question.has("title") and not question.words and asks and asks <= _ABOUT)
    ):
        yield "header", "order" if question.has("op.order") else "list"
    if asks & {"basis"} or (question.has("policy") and asks & {"issuer", "document"}):
        yield "reference", "list"
    if _fact_of(question):
        yield "fact", "count" if counts else "list"


def _of_documents(question: Question) -> bool:
    """哪些城市有…条例: whose documents, not where something is done."""
    return question.has("kind") and not question.has("series", "noun.activity")


def _asks_since(question: Question) -> bool:
    """从什么时候起: from when something may be done, not of when a document is."""
    return any(span.text.startswith(_SINCE) for span in question.of("ask.date"))


def _counts_activities(question: Question) -> bool:
    """几项活动, 多少场活动: activities are what is counted, not what they cost or who came."""
    for asked in question.of("ask.amount"):
        if asked.value not in _UNITS_OF_ACTIVITIES:
            return False  # 多少场活动: how often, which a report says itself
        if any(0 <= noun.start - asked.end <= _NEAR for noun in question.of("noun.activity")):
            return True
        if asked.value in ("项", "条"):
            things = (*question.words, *question.of("kind"))  # 多少条意见
            return not any(0 <= thing.start - asked.end < _NEAR for thing in things)
    return False


def _counts_documents(question: Question) -> bool:
    return (
        any(asked.value in ("部", "份", "件", "个", None) for asked in question.of("ask.amount"))
        and not question.words[1:]
    )


def _asks_which_kind(question: Question) -> bool:
    """Whether 哪些 stands beside the kind: 有哪些规定, 规定有哪些; not 规定 … 包括哪些网."""
    for asked in question.of("ask.which"):
        for kind in question.of("kind"):
            start, end = sorted((asked, kind), key=lambda span: span.start)
            if not any(start.end <= word.start < end.start for word in question.words):
                return True
    return False


def _asks_issue(question: Question, library: Library) -> bool:
    """Whether the date of a document is asked for, not that of what it speaks of."""
    return bool(library.forms.pattern("issue.words").search(question.text))


def _fact_of(question: Question) -> str:
    for span in question.of("fact"):
        return str(span.value)
    return ""
