"""The stretches of documents that may answer: searched for, or read whole where they are named; cut at sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.ask.library import Library
from kg.ask.penalties import Stretch, article_at
from kg.ask.question import Question
from kg.ask.sentences import Word, share_told
from kg.ask.shares import Doc
from kg.ask.text import plain
from kg.passages.facets import Filters
from kg.passages.query import article_label
from ontology.forms import Forms

_END = re.compile(
    r"[。！？；!?;][”’』」）)》]*(?:\s*[（(](?![一二三四五六七八九十\d]+[）)])[^（）()\n]{2,120}[）)])?"
    r"|(?<![为是至和、，（的与及对按由在])\n(?![，、）。；])"
)
"""The end of a sentence, with the bracket behind it that names who does it; a line may break within one."""
_LEAD = re.compile(r"[：:]\s*(?=[\n（(])")  # what stands before it is looked at backwards: it may be long
_BEFORE_LEAD = re.compile(r"[^。；\n：:]{4,80}$")
_LONGEST_LEAD = 80  # characters
_LONGEST_ARTICLE = 900  # characters
_NAMED = 3  # documents that are read whole
_TOP, _RARE = 40, 20  # passages looked at: by words and meaning, and by words alone
_AS_ASKED = 10  # by the question as it stands: what speech says in other words
_OPENING, _STOPS = 200, "。\n"  # characters in which the first sentences of a document stand
UNFOUND = 20
"""The place of a passage that the search for the question as it stands did not find."""
LONGEST = 420
"""Characters of a window."""
SHOWN = 0.5
"""The share of the words that must stand in or around a text that is shown, where only words have found it."""
_SHOWN_FOUND = 0.15  # in a passage that the search for the whole question puts first
TYPED = frozenset(
    ("amount", "howlong", "frequency", "date", "period", "law", "number", "contact", "body", "issuer", "person")
) | {"where", "term"}
"""What a text holds or does not, so that a form can tell."""
FIGURE = re.compile(r"\d|百分之|[二两三四五六七八九十百千万亿]")
"""A figure, in digits or in words."""
_OPERATORS = re.compile(r"[“”\"'‘’「」《》:：+\-—~～!！*?？()（）]+")  # what a search would take for a condition


@dataclass(frozen=True, slots=True)
class Window:
    """One or two sentences of a document with what stands around them, and how they score."""

    document_id: str
    start: int
    end: int
    text: str
    around: str  # headings, title, what stands before in the same passage
    heading: str
    title: str
    score: float = 0.0  # by its words
    likely: float = 0.0  # how likely it answers
    fits: bool = False  # answers by the rules
    against: frozenset[str] = frozenset()  # what speaks against it (`kg.ask.deciding.objections`)
    whole: float = 0.0
    local: float = 0.0
    slots: float = 0.0
    missing: tuple[str, ...] = ()
    lost: float = 0.0  # how much of what the words tell is missing
    firm: float = 0.0  # how much of that no other words can say
    another: bool = False  # tells of another thing than is asked about
    banded: bool | None = None  # a rule for the figures that are given, for others alone, or for none
    unsaid: bool = False  # lacks a number, a name or a contact that is asked for
    defines: bool = False  # says of the very word that is asked about what it means
    rule: Stretch | None = None  # the provision that it speaks of by its number alone
    follows: bool = False  # it punishes the breach of what answered the part of the question before
    found: int = UNFOUND  # the place of its passage where the question is searched for as it stands
    searched: float = 0.0  # and its score there
    passage: str = ""  # the whole text of it

    @property
    def least(self) -> float:
        """The share of the words that must stand in or around it."""
        return SHOWN if self.found == UNFOUND else _SHOWN_FOUND

    @property
    def says_all(self) -> bool:
        """Whether every word of the question stands in it, and all that is asked for."""
        return self.local == 1 and self.slots == 1 and not self.missing


def windows_of(question: Question, words: Sequence[Word], library: Library) -> Iterator[Window]:
    """Sentences by ones and twos, whole articles, and paragraphs where several things are asked for."""
    seen: set[tuple[str, int]] = set()
    # several things that are asked for may stand all over a paragraph
    typed = [span for span in question.spans if span.kind.removeprefix("ask.") in TYPED]
    several = len(typed) > 1 or (question.has("op.compare") and bool(typed))
    punished = library.forms.pattern("said.penalty").search(question.text)
    for piece in _pieces(question, words, library):
        if (key := (piece.document_id, piece.start)) in seen:
            continue
        seen.add(key)
        doc = library.doc(piece.document_id)
        title = doc.title if doc else ""
        if punished:
            yield from _punishing(piece, title, library)
        if piece.found == UNFOUND and not _may_be_shown(piece, title, words):
            continue
        if _is_article(piece):  # what is done and what follows may stand in two of its paragraphs
            yield Window(
                piece.document_id, piece.start, piece.start + len(piece.text), piece.text, f"{title} {piece.heading}",
                piece.heading, title, found=piece.found, searched=piece.searched, passage=piece.text,
            )  # fmt: skip
        about = _about(doc, piece.start, question, library) if doc and piece.start else ""
        sentences, leads = list(sentences_of(piece.text)), list(_leads_of(piece.text))
        for number, (start, end) in enumerate(sentences):
            before = piece.text[:start]
            around = f"{title} {about} {piece.heading} {_lead_of(leads, start)} {before[-160:]}"
            ends = [end]
            if number + 1 < len(sentences) and sentences[number + 1][1] - start <= LONGEST:
                ends.append(sentences[number + 1][1])
            if several and (number == 0 or "\n" in piece.text[sentences[number - 1][1] : start]):
                line = piece.text.find("\n", start)
                stop = len(piece.text[: line if line >= 0 else len(piece.text)].rstrip())
                ends += [stop] if ends[-1] < stop <= start + LONGEST else []
            for last in ends:
                yield Window(
                    piece.document_id, piece.start + start, piece.start + last, piece.text[start:last], around,
                    piece.heading, title, found=piece.found, searched=piece.searched, passage=piece.text,
                )  # fmt: skip


def _about(doc: Doc, start: int, question: Question, library: Library) -> str:
    """What a document of no kind (news) or a record of a meeting says at first, before a place, of what is asked about.

    Of whom and when it tells (9月19日，某集团召开调度会) stands there and not in its title.
    """
    names = [plain(span.text) for span in question.of("body", "day", "quoted")]
    if not names or (doc.kind and doc.kind not in library.forms.words("kind.tells")):
        return ""
    opening = library.document(doc.id).text[: min(_OPENING, start)]
    opening = opening[: max(map(opening.rfind, _STOPS)) + 1]
    return opening if any(name in plain(opening) for name in names) else ""


def _may_be_shown(piece: _Piece, title: str, words: Sequence[Word]) -> bool:
    """Whether enough of the words stand anywhere in a passage: what it is cut into cannot hold more."""
    every = plain(f"{title} {piece.heading}|{piece.text}")
    return any(share_told(some, every) >= SHOWN for some in (words, [word for word in words if not word.whose]))


def _leads_of(text: str) -> Iterator[tuple[int, str]]:
    """The sentences that announce a list, each with its end."""
    last = 0
    for colon in _LEAD.finditer(text):
        if before := _BEFORE_LEAD.search(text, max(last, colon.start() - _LONGEST_LEAD), colon.start()):
            yield colon.end(), before[0] + colon[0]
            last = colon.end()


def _punishing(piece: _Piece, title: str, library: Library) -> Iterator[Window]:
    """What follows a breach of what a passage says, where that is told elsewhere by the number of the provision."""
    for one in library.penalties(piece.document_id):
        if one.rule[0] < piece.start + len(piece.text) and piece.start < one.rule[1]:
            document = library.document(piece.document_id)
            article = article_at(document, one.start)
            heading = article.label if article else ""
            yield Window(
                piece.document_id, one.start, one.end, document.text[one.start : one.end], f"{title} {heading}",
                heading, title, rule=one.rule,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage, or a stretch that no passage holds."""

    document_id: str
    heading: str
    text: str
    start: int
    found: int = UNFOUND
    searched: float = 0.0


def _query(question: Question, words: Sequence[Word], forms: Forms) -> str:
    named = [span.text for span in question.spans if span.kind in ("title", "body", "kind", "article")]
    said = [word.text for word in words]
    other = [wording for word in words for wording in word.also[:8]]
    hints = [row["words"] for row in forms.rows("query.also") if row["ask"] in question.asks]
    text = " ".join(dict.fromkeys([*said, *named, *other, *hints])) or question.text
    return _OPERATORS.sub(" ", text)


def _filters(question: Question, library: Library) -> Iterator[Filters]:
    places = [p for p in question.places if p in library.names.held_places]
    for place in places[:3]:
        yield Filters(place=place, year=question.years[0] if len(question.years) == 1 else None)
        yield Filters(place=place)
    for year in question.years[:3]:
        yield Filters(year=year)
    yield Filters()


def _pieces(question: Question, words: Sequence[Word], library: Library) -> Iterator[_Piece]:
    """What is searched: documents that are named are read whole, all others as far as the search finds them."""
    named = list(question.within) or [ident for span in question.of("title") for ident in span.value]
    if named:
        for ident in sorted(named)[:_NAMED]:
            yield from _whole(ident, library)
        return
    text, search = _query(question, words, library.forms), library.context.search.search
    yield from _as_asked(question, library)
    for filters in dict.fromkeys(_filters(question, library)):
        for hit in search(text, top=_TOP, filters=filters, fold=False):
            yield _Piece(hit.document_id, hit.heading, hit.text, hit.start)
        # a rare word may drown in the fusion
        for hit in search(text, top=_RARE, filters=filters, fold=False, arm="lexical"):
            yield _Piece(hit.document_id, hit.heading, hit.text, hit.start)


def _as_asked(question: Question, library: Library) -> Iterator[_Piece]:
    """What the search finds for the question as it stands."""
    text = _OPERATORS.sub(" ", question.text).strip()
    hits = library.context.search.search(text, top=_AS_ASKED, fold=False) if text else []
    for place, hit in enumerate(hits):
        yield _Piece(hit.document_id, hit.heading, hit.text, hit.start, place, hit.score)


def _whole(document_id: str, library: Library) -> Iterator[_Piece]:
    text, at = library.document(document_id).text, 0
    for passage in library.context.catalogue.passages(document_id):
        if passage.start - at > 3 and text[at : passage.start].strip():
            yield _Piece(document_id, "", text[at : passage.start], at)
        yield _Piece(document_id, " > ".join(passage.heading_path), passage.text, passage.start)
        at = max(at, passage.end)
    if text[at:].strip():
        yield _Piece(document_id, "", text[at:], at)


def _lead_of(leads: Sequence[tuple[int, str]], start: int) -> str:
    """The last sentence before a place that announces a list (each with its end), which every item says with it."""
    before = bisect_right(leads, start, key=lambda lead: lead[0])
    return leads[before - 1][1] if before else ""


def _is_article(piece: _Piece) -> bool:
    """Whether a passage is an article of a law, whole."""
    label = piece.heading.split(" > ")[-1]
    return (
        len(piece.text) <= _LONGEST_ARTICLE
        and piece.text.startswith(label)
        and label.startswith("第")
        and bool(article_label(label))
    )


def sentences_of(text: str) -> Iterator[tuple[int, int]]:
    """The sentences and clauses (；) of a text, trimmed."""
    position = 0
    for found in [*_END.finditer(text), None]:
        end = found.end() if found else len(text)
        piece = text[position:end]
        start = end - len(piece.lstrip())
        stop = position + len(piece.rstrip())
        if stop - start > 3:
            yield start, stop
        position = end
