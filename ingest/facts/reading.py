"""One document read for tasks: its tables, its items with what they contain, its sentences, what it reports."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.candidates import Candidate
from ingest.decide import load_models
from ingest.facts.bodies import Bodies
from ingest.facts.clauses import ClauseReader
from ingest.facts.draft import Draft
from ingest.facts.duties import DutyReader
from ingest.facts.duty import merged
from ingest.facts.entries import Entry, EntryReader
from ingest.facts.evidence import Evidence
from ingest.facts.flat import clean_to_flat
from ingest.facts.headlines import Headlines
from ingest.facts.items import ItemReader
from ingest.facts.legends import LegendReader
from ingest.facts.nested import NestedReader
from ingest.facts.pasted import PastedReader
from ingest.facts.places import held_in
from ingest.facts.reported import ReportReader, Told
from ingest.facts.rows import merged_rows, plain, rows_by_item, rows_to_candidates
from ingest.facts.tables import TableReader, TaskRow
from ingest.facts.unit_lists import UnitLists
from ingest.layout import CleanText
from ingest.sentences import Segmentation, Span
from ingest.structure.elements import Elements
from ingest.structure.genre import Genre, Genres
from kg.core.model import Party, Section, Status
from kg.core.replacing import replace
from ontology.forms import Forms
from ontology.names import Context, Resolver

_NUMBER = re.compile(r"[^\d一二三四五六七八九十百千]")
_TOLD = 0.8  # of what a report tells; until weights are fitted
_EDGE = 2  # characters that may stand behind the units at the end of an item


@dataclass(frozen=True, slots=True)
class Readers:
    """What is built once for the forms of a run."""

    forms: Forms
    resolver: Resolver
    lists: UnitLists
    headlines: Headlines
    evidence: Evidence
    items: ItemReader
    legends: LegendReader
    tables: TableReader
    pasted: PastedReader
    reports: frozenset[str]


class TaskReading:
    """One document."""

    def __init__(
        self,
        producer: Readers,
        clean: CleanText,
        sections: tuple[Section, ...],
        context: Context,
        segmentation: Segmentation,
        elements: Elements,
        kind: str | None,
        title: str,
        genres: Genres | None,
    ) -> None:
        forms = producer.forms
        self.producer = producer
        self.clean = clean
        self.context = context
        self.sections = sections
        self.flat = clean_to_flat(clean)
        self.text = self.flat.text
        self.segmentation = segmentation if self.text == segmentation.text else Segmentation(self.text)
        rules = genres is not None and any(g.genre is Genre.RULES for g in (genres.own, *(r[2] for r in genres.ranges)))
        self.bodies = Bodies(forms, producer.resolver, context, rules=rules)
        self.report = kind in producer.reports or bool(forms.pattern("framing.report_title").search(title))
        self.addressed = elements.recipients is not None
        self.body = self.flat.back(elements.body[0]), self.flat.back(elements.body[1])
        legend = producer.legends.read(self.text, self.bodies)
        self.duties = DutyReader(forms, producer.lists, self.bodies, self.segmentation, first_leads=legend.first_leads)
        self.clauses = ClauseReader(forms, self.bodies)
        self.nested = NestedReader(forms, self.bodies, self.clauses, self.duties, self.segmentation)
        self.told = ReportReader(forms, self.clauses, self.segmentation)
        self.pasted = list(producer.pasted.rows(clean, self.bodies))
        below = [e.start for e in (*elements.signature, elements.date) if e is not None and e.start > elements.body[0]]
        document = producer.evidence.of_document(title, kind)
        if elements.number is not None and forms.find("framing.of_government", elements.number.text):
            document |= {"by-order"}
        told = elements.number or elements.signature or elements.attached_title
        if not told and (context.national or context.place is None):
            document |= {"by-nobody"}  # a collection of laws keeps a text without what says whose rules they are
        items = producer.items.items(clean, self.flat, (elements.body, *elements.parts), sections)
        model = load_models()["task"]
        self.accept = model.accept
        self.reader = EntryReader(
            self.text,
            items,
            duties=self.duties,
            bodies=self.bodies,
            headlines=producer.headlines,
            evidence=producer.evidence,
            legend=legend,
            model=model,
            document=document,
            genre_at=(lambda at: genres.at(self.flat.at(at)).genre.value) if genres else None,
            signed=self.flat.back(min(below)) if below else None,
            asides=tuple(
                (self.flat.back(a), self.flat.back(b)) for a, b in (*elements.asides, *(s for _, s in self.pasted))
            ),
        )
        self.entries = self.reader.entries()
        self.item_starts = [e.item.start for e in self.entries]
        self.out: list[Candidate[Draft]] = []
        self.at: dict[int, int] = {}

    def candidates(self) -> list[Candidate[Draft]]:
        """All proposals: rows of tables, items with what they contain, what reports tell, closing sentences."""
        tables = self.producer.tables
        rows = tables.apart([*tables.rows(self.clean, self.bodies), *(row for row, _ in self.pasted)])
        items = {
            plain(e.headline.title): i
            for i, e in enumerate(self.entries)
            if e.score >= self.accept and e.headline.title
        }
        repeated, new = rows_by_item(rows, {} if self.report else items)
        self._rows(new, None)
        if self.report:
            self._report()
            return self.out
        for i, entry in enumerate(self.entries):
            if i in repeated and not entry.own:
                entry.parties = merged_rows(repeated[i])
                self.reader.with_feature(entry, "units")
            self._item(i, entry, Status.PLANNED)
            self._rows(repeated.get(i, []), self.at[i])
        self._closing()
        return self.out

    # -- rows ---------------------------------------------------------------------------------------------------------

    def _rows(self, rows: list[TaskRow], parent: int | None) -> None:
        base = len(self.out)
        status = Status.REPORTED if self.report else Status.PLANNED
        for c in rows_to_candidates(rows, self.clean, self.bodies, self.sections, status, self.producer.headlines):
            above = parent if c.fact.parent is None else c.fact.parent + base
            self.out.append(replace(c, fact=replace(c.fact, parent=above)))

    # -- items --------------------------------------------------------------------------------------------------------

    def _item(self, i: int, entry: Entry, status: Status, rule: str = "item") -> None:
        item = entry.item
        end = max(entry.headline.end, item.start + 1)
        words = self.text[item.start : entry.tail]
        parent = item.parent
        while parent is not None and parent not in self.at:
            parent = self.entries[parent].item.parent
        self.at[i] = len(self.out)
        draft = Draft(
            title=entry.headline.title,
            status=status,
            evidence=self.flat.evidence(item.start, end),
            no=_NUMBER.sub("", item.label) or (str(item.number) if item.number else None),
            section=self._section(item.parent),
            parent=None if parent is None else self.at[parent],
            responsible=self._mapped(entry.parties),
            places=held_in(words, self.context),
            words=words,
            rule=rule,
            features=frozenset(entry.features),
            confidence=round(entry.score, 3),
        )
        self._put(draft, item.start, end)
        task_above = parent is not None and self.entries[parent].score >= self.accept
        if rule == "item" and not task_above and entry.score >= self.accept:
            body_end = min((d.start for d in entry.own if d.end >= entry.tail - _EDGE), default=entry.tail)
            for inner in self.nested.inside(min(entry.headline.end, body_end), body_end, entry.headline.title):
                nested = Draft(
                    title=inner.title, status=status, evidence=self.flat.evidence(inner.start, inner.end),
                    parent=self.at[i], responsible=self._mapped(inner.parties), words=inner.words, rule="inner",
                    features=frozenset(("inner",)), confidence=0.7,
                )  # fmt: skip
                self._put(nested, inner.start, inner.end)

    def _section(self, parent: int | None) -> str | None:
        if parent is None:
            return None
        above = self.entries[parent]
        label = above.item.label
        gap = "" if not label or label.endswith(("、", ")", "）", "．", ".")) else " "
        return f"{label}{gap}{above.headline.title}"

    def _put(self, draft: Draft, start: int, end: int) -> None:
        a, b = self.flat.span(start, end)
        self.out.append(Candidate("task", draft, a, b, draft.rule, draft.features))

    def _mapped(self, parties: Iterable[Party]) -> tuple[Party, ...]:
        """The parties with their places in the text of the document."""
        out = []
        for party in parties:
            if party.start >= 0 and (span := self.flat.span(party.start, party.end)) != (party.start, party.end):
                party = replace(party, start=span[0], end=span[1])  # noqa: PLW2901 - the same party, placed
            out.append(party)
        return tuple(out)

    # -- sentences outside items --------------------------------------------------------------------------------------

    def _closing(self) -> None:
        """Paragraphs below the last item, or a notice without items: sentences that charge a body by name."""
        stretches = [(e.tail, e.item.own_end) for e in self.entries if e.tail < e.item.own_end]
        if not self.entries and not self.out and self.addressed:
            stretches = [self.body]  # a notice without numbers
        sentences = self.segmentation.sentences
        for start, end in stretches:
            for sentence in sentences[bisect_left(sentences, Span(start, 0)) :]:
                if sentence.start >= end:
                    break
                said = self.duties.in_sentences(sentence.start, sentence.end, everybody=not self.entries)
                leads = any(p.role is not None for d in said for p in d.parties)
                said = said if leads else [d for d in said if d.rule in ("must", "by", "all")]
                if not said or not (leads or not self.entries):
                    continue
                headline = self.producer.headlines.of(self.text, sentence.start, sentence.end)
                features = frozenset(("closing", "leads" if leads else "charged"))
                draft = Draft(
                    title=headline.title, status=Status.PLANNED,
                    evidence=self.flat.evidence(sentence.start, sentence.end),
                    responsible=self._mapped(merged(said)), words=self.text[sentence.start : sentence.end],
                    rule="sentence", features=features, confidence=0.6 if leads else 0.5,
                )  # fmt: skip
                self._put(draft, sentence.start, sentence.end)

    # -- reports ------------------------------------------------------------------------------------------------------

    def _report(self) -> None:
        """What was held, in sentences; what headings alone say was done; what the last part plans."""
        told = [t for t in self._sentences_told() if not self._in_headline(t.start)]
        starts = [t.start for t in told]
        for i, entry in enumerate(self.entries):
            item = entry.item
            if _under(entry, "plans"):
                self._item(i, entry, Status.PLANNED)
                continue
            inside = told[bisect_left(starts, item.start) : bisect_left(starts, item.own_end)]
            # where bodies are named, what they did is what is told; elsewhere the heading says what was done
            leaf = item.parent is not None and not item.children and not _under(entry, "problems")
            if leaf and not any(t.doers for t in inside):
                entry.parties = entry.parties or self.told.actors(entry.headline.end, entry.tail)
                self.reader.with_feature(entry, "reported")
                self._item(i, entry, Status.REPORTED, "report-heading")
        for t in told:
            self._told(t)

    def _sentences_told(self) -> list[Told]:
        """What the sentences tell outside the parts that plan or complain."""
        skipped = sorted(
            (e.item.start, e.item.own_end) for e in self.entries if _under(e, "plans") or _under(e, "problems")
        )
        at = self.entries[0].item.start if self.entries else self.body[0]
        out: list[Told] = []
        for a, b in [*skipped, (self.body[1], self.body[1])]:
            out += self.told.told(at, a) if a > at else ()
            at = max(at, b)
        return out

    def _item_of(self, position: int) -> int | None:
        """The innermost item around a position."""
        i: int | None = bisect_right(self.item_starts, position) - 1
        while i is not None and i >= 0:
            if position < self.entries[i].item.end:
                return i
            i = self.entries[i].item.parent
        return None

    def _in_headline(self, position: int) -> bool:
        i = self._item_of(position)
        return i is not None and position < self.entries[i].headline.end < self.entries[i].tail

    def _told(self, told: Told) -> None:
        i = self._item_of(told.start)
        heading = None if i is None else self.at.get(i)
        entry = None if i is None else self.entries[i]
        draft = Draft(
            title=told.title,
            status=told.status,
            evidence=self.flat.evidence(told.start, told.end),
            section=f"{entry.item.label}{entry.headline.title}" if entry and entry.headline.title else None,
            parent=heading if heading is not None and self.out[heading].rule == "report-heading" else None,
            responsible=self._mapped(told.doers),
            places=self.told.places(told),
            words=told.words,
            headline=told.headline,
            rule="told",
            features=frozenset(("told",)),
            confidence=_TOLD,
        )
        self._put(draft, told.start, told.end)


def _under(entry: Entry, name: str) -> bool:
    return bool({f"under-{name}", f"own-{name}"} & entry.features)
