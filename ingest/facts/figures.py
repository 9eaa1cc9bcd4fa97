"""Figures: quantities with what they count (检查企业近5000场次, 新增利润54.77亿元, 占比达到80%以上, 3个工作日内办结).

Not figures: dates and years, numbers of documents, articles and lists, ordinals, codes, telephone numbers, names in
quotation marks or 《》. Counts that only announce a list (三个方面), single things (一家企业) and lengths of time
that are no limit (连续9年) are proposed with a feature that says so.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.candidates import Candidate, Given
from ingest.facts.figure_place import Place
from ingest.facts.figure_words import FigureWords
from ingest.facts.subjects import SubjectFinder
from ingest.sentences import Segmentation, Span, quoted_spans
from kg.core.model import Figure
from kg.core.replacing import replace
from ontology.forms import Forms
from ontology.quantities import Quantity, QuantityFinder

# a quotation of more than a line is prose (a speech), a shorter one a name
_NAME = 40
_MASKS = ("date", "day", "clock", "code", "title")
# against a figure, unless a hedge or a frequency (每季度至少一次) says that the number is meant
_FAINT = frozenset(("small-han", "single"))
_AGAINST = frozenset(("loose-time", "listed", "code-like", "rank", "per-one", "round-count"))
_NEAR, _AROUND, _LONG_CLAUSE = 40, 200, 300
_SAME, _UNEVEN = 18, 100
_BLANK = re.compile(r"\s+")
_IN_CLAUSE = re.compile(r"(?s:.*)[，。；：\n\t]")
_FROM = re.compile(r"[从由][^，。；\n]*\Z")
# what is done once a season: 每季度召开一次会议, 每年举办两场
_TIMES = frozenset(("次", "场", "期", "篇", "轮", "批", "场次", "批次"))


def is_faint(features: frozenset[str]) -> bool:
    """Whether the features alone speak against a figure; the weights of `decide` refine it."""
    meant = features & {"hedged", "frequency", "range", "shared-unit"}
    return bool(features & _AGAINST and not {"rank", "from-to"} <= features) or bool(features & _FAINT and not meant)


class FigureProducer:
    """Proposes the figures of a text. Immutable after construction; may be shared by all documents."""

    def __init__(self, forms: Forms) -> None:
        self._quantities = QuantityFinder(forms)
        self._subjects = SubjectFinder(forms)
        self._words = FigureWords(forms)
        self._masks = [forms.quick(f"figure.mask.{name}") for name in _MASKS]
        self._label = forms.pattern("figure.mask.label")
        self._contact = forms.pattern("figure.mask.contact")
        self._digits = forms.pattern("figure.mask.digits")
        self._frequency = forms.pattern("figure.frequency")
        self._per = forms.pattern("figure.per")

    def read(self, given: Given) -> list[Candidate[Figure]]:
        """The figures of a document; none from forms to be filled in, nor from contacts."""
        skip = (*given.blanks, *given.personal)
        return self.propose(given.text, year=given.year, segmentation=given.segmentation, skip=skip)

    def propose(
        self, text: str, *, year: int | None, segmentation: Segmentation, skip: Sequence[tuple[int, int]]
    ) -> list[Candidate[Figure]]:
        """All candidates in reading order. In the stretches `skip` (forms to be filled in, contacts) none is sought.

        `year` is the document's: 去年 is the year before. Values are in their unit without 万 or 亿: 54.77亿元 is
        5477000000 元.
        """
        masked = self._masked(text, skip)
        found = [self._in_context(masked, q) for q in self._quantities.find(masked)]
        out: list[Candidate[Figure]] = []
        known: set[tuple[object, ...]] = set()
        for sentence, inside in _by_sentence(found, segmentation):
            for candidate in self._of_sentence(text, sentence, inside, year, segmentation):
                keys = tuple(_keys(text, candidate))
                repeated = any(key in known for key in keys)
                known.update(keys)
                marks = candidate.features | {"repeated"}
                out.append(replace(candidate, features=marks) if repeated else candidate)
        return out

    # -- what cannot hold a figure ------------------------------------------------------------------------------------

    def _masked(self, text: str, skip: Sequence[tuple[int, int]]) -> str:
        """The text with dates, codes, names and contacts replaced by NUL, length for length."""
        text = _blanked(text, [m.span() for m in self._label.finditer(text)])  # 2.2023年: the year begins after 2.
        spans = [(max(a, 0), min(b, len(text))) for a, b in skip]
        spans += [(s.start, s.end) for s in quoted_spans(text, longest=_NAME)]
        for pattern in self._masks:
            spans += [m.span() for m in pattern.finditer(text)]
        stop = 0
        for m in self._contact.finditer(text):
            if m.start() >= stop:
                stop = text.find("\n", m.end())
                stop = len(text) if stop < 0 else stop
                spans += [d.span() for d in self._digits.finditer(text, m.end(), min(stop, m.end() + _AROUND))]
        return _blanked(text, spans)

    def _in_context(self, masked: str, q: Quantity) -> Quantity:
        before = masked[max(0, q.start - _NEAR) : q.start]
        features = set(q.features)
        if q.unit in _TIMES and self._frequency.search(_IN_CLAUSE.sub("", before)):
            features.add("frequency")
        if (
            q.value == 1
            and q.kind in ("count", "noun", "time")
            and not features & {"frequency", "hedged"}
            and self._per.search(before)
        ):
            features.add("per-one")
        if _FROM.search(before):
            features.add("from-to")
        return q._replace(features=frozenset(features)) if len(features) > len(q.features) else q

    # -- one sentence -------------------------------------------------------------------------------------------------

    def _of_sentence(
        self, text: str, sentence: Span, inside: list[Quantity], year: int | None, segmentation: Segmentation
    ) -> Iterator[Candidate[Figure]]:
        firm = [q for q in inside if not is_faint(q.features)]
        groups = _groups(text, firm)
        starts = [q.start for q in firm]
        subjects: list[str] = []
        for q in inside:
            # a clause or sentence may be a whole page: what is far off has no say
            clause = _near(segmentation.clause_at(q.start, q.end), q)
            faint = is_faint(q.features)
            at = bisect_left(starts, q.start)
            low, high = max(0, at - 8), at + 9
            if faint:
                around = (*firm[low:at], q, *firm[at:high])
                group = (at - low, at - low + 1)
            else:
                around = tuple(firm[low:high])
                group = (max(groups[at][0], low) - low, min(groups[at][1], high) - low)
            place = Place(text, sentence, clause, around, at - low, group, tuple(subjects[low:at]))
            subject, rule = self._subjects.subject_of(place)
            if not faint:
                subjects.append(subject)
            yield self._candidate(text, sentence, clause, place, subject, rule, year, segmentation)

    def _candidate(
        self, text: str, sentence: Span, clause: Span, place: Place, subject: str, rule: str, year: int | None,
        segmentation: Segmentation,
    ) -> Candidate[Figure]:  # fmt: skip
        q = place.quantity
        left = place.around[place.index - 1].end if place.index else sentence.start
        told = self._words.told(
            text, sentence=sentence.start, clause=clause.start, left=max(left, clause.start), start=q.start,
            end=q.end, year=year,
        )  # fmt: skip
        features = {*q.features, f"subject:{rule}"}
        if not subject:
            features.add("no-subject")
        if "\t" in text[max(0, q.start - _NEAR) : q.end + _NEAR]:
            features.add("table-row")
        if is_faint(q.features):
            features.add("faint")
        figure = Figure(
            what=subject,
            value=q.value,
            unit=q.unit,
            evidence=segmentation.evidence(clause),
            as_written=text[q.start : q.end].strip(),
            qualifier=q.qualifier,
            scope=told.scope,
            upper=q.upper,
            as_of=told.as_of,
            direction=told.direction,
            time=told.time,
            status=told.status,
            rule=f"figure.{q.kind}.{rule}",
        )
        return Candidate("figure", figure, q.start, q.end, figure.rule, frozenset(features))


PRODUCER = FigureProducer


def _near(clause: Span, q: Quantity) -> Span:
    """The clause, or of an endless one what is near the figure."""
    return Span(max(clause.start, q.start - _LONG_CLAUSE), min(clause.end, q.end + _LONG_CLAUSE))


def _keys(text: str, candidate: Candidate[Figure]) -> Iterator[tuple[object, ...]]:
    """By what a figure is known again: the same words around it, or the same uneven count (1023个) anywhere."""
    figure = candidate.fact
    before = _BLANK.sub("", text[max(0, candidate.start - _NEAR) : candidate.start])[-_SAME:]
    yield figure.value, figure.upper, figure.unit, before
    if candidate.features & {"unit:count", "unit:noun"} and figure.value >= _UNEVEN and figure.value % 10:
        yield figure.value, figure.upper, figure.unit


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    position = 0
    for a, b in sorted(spans):
        begin = max(a, position)
        if begin < b:
            pieces += (text[position:begin], "\x00" * (b - begin))
            position = b
    return "".join((*pieces, text[position:]))


def _by_sentence(found: list[Quantity], segmentation: Segmentation) -> Iterator[tuple[Span, list[Quantity]]]:
    sentence: Span | None = None
    inside: list[Quantity] = []
    for q in found:
        if sentence is None or q.start >= sentence.end:
            if sentence is not None:
                yield sentence, inside
            sentence, inside = segmentation.sentence_at(q.start, q.end), []
        inside.append(q)
    if sentence is not None:
        yield sentence, inside


def _groups(text: str, quantities: list[Quantity]) -> list[tuple[int, int]]:
    """For each quantity the run (first, one past the last) of those that only `、` and 和 part."""
    bounds: list[int] = [0]
    for n in range(1, len(quantities)):
        between = text[quantities[n - 1].end : quantities[n].start].strip()
        if between not in ("、", "和", "及", "与", "以及", "或"):
            bounds.append(n)
    bounds.append(len(quantities))
    return [(a, b) for a, b in pairwise(bounds) for _ in range(a, b)]
