"""The genre of a text: what kinds of facts it can hold, with the evidence that was seen.

A rule states what is to be done in general, a plan who does what, a report what was done; questions and answers, guides
and lists hold no tasks at all. The kind in the title speaks first, the text may overrule it. A notice that sends out
rules is a notice, and what it sends out is rules: every range has a genre of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.elements import Elements
from ingest.structure.headings import label_of
from ingest.structure.kinds import title_to_kind
from ontology.forms import Forms

Vote = Callable[["Genre", float, str], None]
_FEW_ARTICLES = 3
_FEW_QUESTIONS = 3
_ARTICLE_SHARE = 0.08  # of paragraphs; a law has a third of its paragraphs open with 第X条, a plan none
_QUESTION_SHARE = 0.12
_ROW_SHARE = 0.6
_GUIDE_WORDS = 3
_NUMBERED = 4
_HEAD_CHARS = 600
_READ = 1500  # paragraphs that are looked at: a genre shows early


class Genre(StrEnum):
    """What a text is, for those who decide what facts it may hold."""

    RULES = "rules"
    PLAN = "plan"
    NOTICE = "notice"
    REPORT = "report"
    NEWS = "news"
    QA = "qa"
    GUIDE = "guide"
    LIST = "list"
    APPOINTMENT = "appointment"
    COMMENDATION = "commendation"
    MINUTES = "minutes"
    LETTER = "letter"
    COMPILATION = "compilation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class GenreOf:
    """A genre, how sure (0 to 1), and the names of the features that spoke."""

    genre: Genre
    confidence: float
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Genres:
    """The genre of the document's own words and of every other range: what it sends out, its annexes."""

    own: GenreOf
    ranges: tuple[tuple[int, int, GenreOf], ...] = ()

    def at(self, position: int) -> GenreOf:
        """The genre of the text that `position` stands in."""
        for start, end, genre in reversed(self.ranges):
            if start <= position < end:
                return genre
        return self.own


def elements_to_genres(elements: Elements, clean: CleanText, forms: Forms, *, title: str | None = None) -> Genres:
    """The genres of a document. `title` overrides the one found (a page's own)."""
    whole = title if title is not None else elements.title.text if elements.title else ""
    if elements.documents:
        compiled = GenreOf(Genre.COMPILATION, 0.95, frozenset(("several-documents",)))
        return Genres(compiled, ((0, len(clean.text), compiled),))
    own = genre_of(clean, *elements.own, forms, title=whole, notes=bool(elements.notes), letter=_is_letter(elements))
    ranges = []
    if elements.attached is not None and elements.attached_title is not None:
        start, end = elements.attached
        ranges.append((start, end, genre_of(clean, start, end, forms, title=elements.attached_title.text)))
    for start, end in (*elements.parts, *elements.forms):
        ranges.append((start, end, genre_of(clean, start, end, forms, title=_part_title(clean, start, end, forms))))
    return Genres(own, tuple(ranges))


def genre_of(
    clean: CleanText, start: int, end: int, forms: Forms, *, title: str = "", notes: bool = False, letter: bool = False
) -> GenreOf:
    """The genre of `text[start:end]` under this title; `notes` says that a law's notes stand below the title."""
    inside = list(clean.within(start, end)[:_READ])
    votes: dict[Genre, float] = {}
    features: set[str] = set()

    def vote(genre: Genre, weight: float, feature: str) -> None:
        votes[genre] = votes.get(genre, 0.0) + weight
        features.add(feature)

    kind = title_to_kind(title, forms)
    if kind and (named := _of_kind(forms).get(kind)):
        vote(named, 1.0, f"kind:{kind}")
    _vote_title(title, vote, forms)
    _vote_text(clean, inside, vote, forms)
    if notes:
        vote(Genre.RULES, 2.0, "law-notes")
    if letter:
        vote(Genre.LETTER, 1.5, "letter")
    if not votes:
        return GenreOf(Genre.OTHER, 0.3)
    best = max(votes, key=lambda g: votes[g])
    total = sum(votes.values())
    seen = min(1.0, 0.5 + total / 4)  # one weak feature alone does not make it sure
    return GenreOf(best, round(min(0.98, 0.35 + 0.63 * seen * votes[best] / total), 2), frozenset(features))


@lru_cache(maxsize=2)
def _of_kind(forms: Forms) -> Mapping[str, Genre]:
    return {kind: Genre(str(row["genre"])) for row in forms.rows("genre.titles") for kind in row["kinds"]}


def _vote_title(title: str, vote: Vote, forms: Forms) -> None:
    for name, genre, weight in (
        ("qa_title", Genre.QA, 1.5), ("news_title", Genre.NEWS, 0.8), ("guide_title", Genre.GUIDE, 1.5),
        ("appointment", Genre.APPOINTMENT, 1.6), ("commendation", Genre.COMMENDATION, 1.6),
    ):  # fmt: skip
        if title and forms.find(f"genre.{name}", title):
            vote(genre, weight, name.replace("_", "-"))


def _vote_text(clean: CleanText, inside: list[Paragraph], vote: Vote, forms: Forms) -> None:
    article, question, answer = (forms.quick(f"genre.{n}") for n in ("article", "question", "answer"))
    text = [p for p in inside if p.kind is not LineKind.ROW]
    count = max(1, len(text))
    articles = sum(bool(article.match(clean.text, p.start, p.end)) for p in text)
    if articles >= _FEW_ARTICLES and articles >= _ARTICLE_SHARE * count:
        vote(Genre.RULES, 2.5, "articles")
    asked = sum(bool(question.match(clean.text, p.start, p.end)) for p in text)
    answered = sum(bool(answer.match(clean.text, p.start, p.end)) for p in text)
    if (
        min(asked, max(answered, 1)) >= 1
        and (asked + answered >= _FEW_QUESTIONS)
        and asked + answered >= _QUESTION_SHARE * count
    ):
        vote(Genre.QA, 2.2, "questions")
    elif asked and answered:
        vote(Genre.QA, 1.2, "question-answer")
    if len(inside) - len(text) >= _ROW_SHARE * len(inside) and len(inside) >= 4:
        vote(Genre.LIST, 0.8, "rows")
    if text:
        opening = clean.text[text[0].start : text[0].start + _HEAD_CHARS]
        if forms.find("genre.news_text", opening):
            vote(Genre.NEWS, 1.2, "news-words")
        said = clean.text[text[0].start : text[-1].end]
        guiding = sum(word in said for word in forms.words("genre.guide_text"))
        if guiding >= _GUIDE_WORDS:
            vote(Genre.GUIDE, 0.24 * min(guiding, 4), "guide-words")  # less than a kind in the title
    if len(list(islice((p for p in text if label_of(clean.of(p))), _NUMBERED))) == _NUMBERED:
        vote(Genre.PLAN, 0.3, "numbered-items")


def _is_letter(elements: Elements) -> bool:
    """A text to one addressee without a title."""
    return elements.title is None and elements.recipients is not None


def _part_title(clean: CleanText, start: int, end: int, forms: Forms) -> str:
    """The first lines of an annex that end like a title."""
    text = clean.text[start : min(end, start + _HEAD_CHARS)]
    label = forms.start("header.annex", text)
    lines = [line.strip() for line in text[label.end() if label else 0 :].split("\n") if line.strip()][:3]
    joined = ""
    for line in lines:
        if "。" in line or "\t" in line:
            break
        joined += line
        if title_to_kind(joined, forms):
            return joined
    return lines[0] if lines and len(lines[0]) <= 60 else ""
