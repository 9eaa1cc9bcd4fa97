"""第X条 of a law: the article or its item, that the law has none of that number, or that the law is not held."""

from __future__ import annotations

from kg.ask.items import Items
from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.parts import asks_twice
from kg.ask.question import Question, Span
from kg.ask.sentences import question_to_words
from kg.ask.slots import Slots
from kg.ask.wording import Sources, titled
from kg.passages.query import article_label


def article_answer(question: Question, library: Library) -> Answer | None:
    """The answer to a question that names a law and an article, None for any other."""
    asked = [(law, article) for article in question.of("article") if (law := _law_of(article, question))]
    if not asked:
        return None
    sources = Sources(library)
    said: list[str] = []
    missing: list[str] = []
    for law, article in asked:
        if law.kind == "policy":
            missing.append(f"库内没有收录《{law.text.strip('《》')}》，查不到它的{article.text}")
            continue
        document = library.document(_latest(law.value, library))
        held = {article_label(one.label): one for one in reversed(document.articles)}
        title = titled(document.called)
        if not held:
            return None
        if (found := held.get(article_label(article.text))) is not None:
            text = document.text[found.start : found.end]
            mark = sources.cite(document.id, found.start, found.end, whole=False)
            if _lacks_the_sum(text, question, library):
                missing.append(f"{title}{article.text}中没有找到所问的数额，原文：{text.strip()}{mark}")
            else:
                said.append(f"{title}{_asked_of(text, question, library)}{mark}")
        else:
            missing.append(f"库内{title}没有{article.text}（最后一条是{document.articles[-1].label}）")
    text = "\n".join([*said, *(f"{one}。" for one in missing)])
    meant = "、".join(f"{law.text}{article.text}" for law, article in asked)
    return Answer(
        question.text, bool(said), text, interpretation=f"理解为：查{meant}的条文。", evidence=sources.citations
    )


def _asked_of(text: str, question: Question, library: Library) -> str:
    """An article whole, or with the one of its items that is asked about, and what stands over and behind the list."""
    if question.has("op.compare") or "which" in question.asks or asks_twice(question):
        return text.strip()
    items = Items.of(text)
    item = items.asked(text, question_to_words(question, library.weights, library.forms))
    if item is None:
        return text.strip()
    before, behind = text[: items.spans[0][0]], text[items.spans[-1][1] :]
    told = f"{before.strip()}\n{text[slice(*item)].strip()}\n（该条其他各项未列，见出处）\n{behind.strip()}"
    slots = Slots(question, library.forms, lambda _: 0)
    return told.strip() if slots.held(told) >= slots.held(text) else text.strip()


def _lacks_the_sum(text: str, question: Question, library: Library) -> bool:
    """Whether a sum of money is asked for by name (多少元), and nothing else, and an article has none."""
    asked = question.of("ask.amount")
    if question.asks != {"amount"} or not any(str(span.value or "").endswith("元") for span in asked):
        return False
    return not Slots(question, library.forms, lambda _: 0).has_figure(text)


def _law_of(article: Span, question: Question) -> Span | None:
    """The law that an article is of: the nearest that is named before it, else the first one behind it."""
    laws = [*question.of("title"), *question.of("policy")]
    before = [span for span in laws if span.end <= article.start]
    return max(before, key=lambda span: span.end) if before else min(laws, key=lambda s: s.start, default=None)


def _latest(idents: tuple[str, ...], library: Library) -> str:
    return max(idents, key=lambda ident: (doc.date or "") if (doc := library.doc(ident)) else "")
