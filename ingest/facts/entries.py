"""Items with their headlines, their units, and what speaks for and against each of them being a task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from ingest.decide import Model
from ingest.facts.bodies import Bodies
from ingest.facts.charges import Charges
from ingest.facts.duties import DutyReader
from ingest.facts.duty import CONFIDENCE, Duty, merged
from ingest.facts.evidence import Evidence
from ingest.facts.headlines import Headline, Headlines
from ingest.facts.item_runs import items_to_chains, items_to_runs
from ingest.facts.items import Item
from ingest.facts.legends import Legend
from kg.core.model import Party
from kg.core.replacing import replace

_CHARGES = frozenset(("must", "by", "lead"))  # 医疗机构应当…, 由财政部门…: said to a sort of bodies
_BESIDE = 4  # characters between a heading and the body that acts first
_CHAPTERS = 2  # 一、 and （一）: with tasks below it such an item is a chapter
_MOST = 1.25  # four of five


@dataclass(slots=True)
class Entry:
    """An item on its way to a proposal."""

    item: Item
    headline: Headline
    own: list[Duty]
    said: list[Duty]
    features: set[str]
    parties: tuple[Party, ...] = ()
    tail: int = 0  # where a closing paragraph begins that is not the item's
    score: float = 0.0
    holds: bool = False  # whether an item below it is likely a task

    @property
    def is_body(self) -> bool:
        """Whether its title is the body that the items below it are charged to, and nothing else."""
        return [(d.start, d.end, d.rule) for d in self.own] == [(self.item.head, self.headline.end, "head")]


class EntryReader:
    """Reads the items of one document."""

    def __init__(
        self,
        text: str,
        items: tuple[Item, ...],
        *,
        duties: DutyReader,
        bodies: Bodies,
        headlines: Headlines,
        evidence: Evidence,
        legend: Legend,
        model: Model,
        document: frozenset[str],
        signed: int | None,
        asides: tuple[tuple[int, int], ...] = (),
        genre_at: Callable[[int], str] | None = None,
    ) -> None:
        """`signed` is where the signature stands, `asides` are contents and lists of annexes: no task is there."""
        self.text = text
        self.items = items
        self.duties = duties
        self.bodies = bodies
        self.headlines = headlines
        self._sort = bodies.resolver.forms.pattern("article.sort")
        self.charges = Charges(bodies.resolver.forms, text, items, bodies, headlines)
        self.evidence = evidence
        self.legend = legend
        self.model = model
        self.document = document
        self.signed = signed
        self.asides = asides
        self.genre_at = genre_at
        self.runs = items_to_runs(items)

    def entries(self) -> list[Entry]:
        """Every item, scored."""
        entries = [self._entry(i) for i in range(len(self.items))]
        self._share(entries)
        self._features(entries)
        for i in reversed(range(len(entries))):
            self._weigh(entries, i)
        self._by_peers([e for e in entries if e.item.parent is None])
        for chain in ([entries[n] for n in ns] for ns in items_to_chains(self.items)):
            if _MOST * sum(e.score >= self.model.accept for e in chain) >= len(chain):
                for e in chain:  # 三十一 below 政策保障 goes on from thirty tasks
                    self.with_feature(e, "runs-on")
        return entries

    # -- one item ---------------------------------------------------------------------------------------------------

    def _entry(self, i: int) -> Entry:
        item = self.items[i]
        end = self._own_end(item)
        tail = self._tail(i, end)
        own = self.duties.explicit(item.start, tail)
        headline = self.headlines.of(self.text, item.head, tail, tuple((d.start, d.end) for d in own))
        if not item.line and item.level <= 1:
            headline = replace(headline, title=self.evidence.glued(headline.title))
        said: list[Duty] = []
        headline, head_duty = self.charges.of(item, headline, tail)
        if head_duty is not None and not own:
            own = [head_duty]
        if not own and (column := self.duties.labels.column(item.start, tail)):
            own = [column]
        if not own:
            begin = headline.end if self.text[headline.end : headline.end + 1] in (" ", "\u3000") else item.head
            said = self.duties.in_sentences(begin, tail, everybody=True)
        return Entry(item, headline, own, said, set(), tail=tail)

    def _own_end(self, item: Item) -> int:
        end = item.own_end
        return self.signed if self.signed is not None and item.start < self.signed < end else end

    def _is_last(self, i: int) -> bool:
        """Whether nothing but lists of annexes and what stands below the signature follows an item."""
        signed = self.signed if self.signed is not None and self.signed > self.items[i].start else None
        return all(
            (signed is not None and item.start > signed) or any(a <= item.start < b for a, b in self.asides)
            for item in self.items[i + 1 :]
        )

    def _tail(self, i: int, end: int) -> int:
        """Where an item's own text ends: a closing paragraph below the last of one-paragraph items is not its own."""
        item, run = self.items[i], self.runs[i]
        if not item.line or len(run) == 1 or not self._is_last(i):
            return end
        if (closing := self.evidence.closing(self.text, item.head, end)) >= 0:
            return closing
        line_end = self.text.find("\n", item.head, end)
        if line_end < 0 or not self.text[line_end:end].strip() or item.head >= line_end:
            return end
        for other in (self.items[s] for s in run[:-1]):
            if other.children or "\n" in self.text[other.head : other.own_end].strip():
                return end
        at = line_end
        while 0 <= at < end:  # a paragraph of units is the item's, and what stands before it
            while at < end and self.text[at] in "\n \u3000":
                at += 1
            if at < end and (self.text[at] in "（(〔【[" or self.duties.lists.label_at(self.text, at, end)):
                return end
            at = self.text.find("\n", at, end)
        return line_end

    # -- units of several items ---------------------------------------------------------------------------------------

    def _share(self, entries: list[Entry]) -> None:
        """Units below the last of several items are of all; those of an item are also of what it contains."""
        for entry in entries:
            inside = [entries[c] for c in entry.item.children]
            if len(inside) > 1 and not entry.own and not any(e.own for e in inside[:-1]):
                last = inside[-1]
                alone = [d for d in last.own if d.alone and d.start > last.headline.end]
                if alone and len(alone) == len(last.own):
                    entry.own = alone
                    entry.said = []
                    last.own = []
                    entry.features.add("units-below")
        for entry in entries:
            parties = merged(entry.own) if entry.own else merged(entry.said)
            entry.parties = self.legend.of_item(entry.tail, parties)
            if entry.own:
                entry.features.add("units")
            elif entry.said:
                entry.features.add("units-said")
                rules = {d.rule for d in entry.said}
                if "all" in rules:
                    entry.features.add("told-all")
                if named := rules - {"all"}:
                    entry.features.add("charged" if named & {"by", "lead", "must"} else "acting")
        for entry in entries:
            above = entry.item.parent
            while above is not None and not entry.own:
                holder = entries[above]
                if holder.own:
                    entry.parties = tuple(
                        replace(p, rule=f"inherited/{p.rule}", confidence=min(p.confidence, CONFIDENCE["inherited"]))
                        for p in holder.parties
                    )
                    entry.features.add("inherits")
                    break
                above = holder.item.parent

    # -- features -----------------------------------------------------------------------------------------------------

    def _features(self, entries: list[Entry]) -> None:
        evidence = self.evidence
        headings = [evidence.of_heading(e.headline.title) for e in entries]
        lists = [self._list_before(i) for i in range(len(entries))]
        measures = self._are_measures(entries)
        lawful = bool({"kind-law", "by-nobody"} & self.document)
        for i, entry in enumerate(entries):
            item, features = entry.item, entry.features
            features |= self.document
            if self.genre_at is not None:
                features.add(f"genre-{self.genre_at(item.start)}")
            features.update(evidence.of_shape(item))
            sentence = self.text[item.head : entry.headline.end]
            features.update(evidence.of_words(entry.headline.title, sentence))
            features.update(evidence.of_own_text(self.text[item.head : entry.tail]))
            # 发放对象 is a heading, 减免通行费用 is done
            features.update(
                f"own-{name}" for name in headings[i] if name != "facts" or not features & {"acts", "acts-last"}
            )
            above = item.parent
            first = True
            while above is not None:
                names = headings[above]
                features.update(f"under-{name}" for name in names if first or name not in ("tasks", "plans"))
                if self.items[above].style == "article" and not measures:
                    features.add("article")
                first = False
                above = self.items[above].parent
            if item.style == "article":
                charged = not lawful and entry.features >= {"genre-rules"} and self._is_charged(entry)
                features.add("measure" if measures else "article-charged" if charged else "article")
                if charged:
                    features.discard("wordless")  # 第二十二条 核销。医疗机构应…
            if entry.said and entry.said[0].firm and entry.said[0].rule != "act" and entry.said[0].start <= item.head:
                # 各区教育局应制定本区的实施细则: a sentence that charges somebody is no heading and no paper's name
                features -= {"own-facts", "own-conduct", "own-aims", "is-document"}
                features.add("says-who")
            features |= lists[i]
            if "units" in features:  # who names its units is a task wherever it stands
                features -= {"in-list", "under-conduct", "under-facts", "under-aims", "under-stage"}
            if {"under-conduct", "charged"} <= features:
                features.add("conduct-charged")  # 各市主管部门要制定方案 below 保障措施
                if not item.children:
                    features.discard("own-conduct")  # 严格工作要求。各区教育局要… heads nothing
            if {"under-conduct", "acting", "acts"} <= features and entry.said[0].start <= entry.headline.end + _BESIDE:
                features.add("conduct-acting")  # 加强协同。市水务局、市教育局协同推进…
            if {"under-conduct", "acting", "due"} <= features and "told-all" not in features:
                features.add("conduct-due")  # 各区交通主管部门于4月30日前将总结报市交通委
            if item.parent is not None and entries[item.parent].is_body:
                features.discard("under-conduct")  # below 组织机构 a group's duties are its tasks
                features.add("in-charge")
            if any(a <= item.start < b for a, b in self.asides):
                features.add("in-aside")

    def _is_charged(self, entry: Entry) -> bool:
        """第五条 市财政局负责…: an article of rules, no law, that charges a body or a sort of bodies."""
        if self.evidence.is_formality(entry.headline.title):
            return False
        told = [(d, p) for d in entry.said if d.rule != "all" for p in d.parties]
        if any(self.bodies.is_one(p) for _, p in told):
            return True
        # a government's order holds for everybody in its place; how its bodies handle matters is no task of theirs
        ordered = "by-order" in self.document
        return not ordered and any(d.rule in _CHARGES and d.firm and self._is_sort(p) for d, p in told)

    def _is_sort(self, party: Party) -> bool:
        """财政部门, 用人单位: a sort that an article may charge; not 主管部门 alone, not the issuer's own line."""
        return self._sort.search(party.as_written) is not None and not self.bodies.is_own_line(party)

    def _are_measures(self, entries: list[Entry]) -> bool:
        """第一条 推行…, 第二条 推行…: what the articles say makes them tasks, their label does not make them rules."""
        articles = [e for e in entries if e.item.style == "article"]
        acting = sum(self.headlines.acts(e.headline.title) for e in articles)
        return "kind-rules" not in self.document and 2 * acting > len(articles)

    def _list_before(self, i: int) -> set[str]:
        """What the words right before the first of a run of items say of the run."""
        item = self.items[i]
        out: set[str] = set()
        first = self.items[self.runs[i][0]]
        if first.start == 0:
            return out
        floor = self.items[item.parent].start if item.parent is not None else max(0, first.start - 200)
        before = self.text[max(floor, first.start - 200) : first.start]
        if item.level > 1 and self.evidence.opens_list(before):
            out.add("in-list")
        if self.evidence.opens_annexes(before):
            out.add("in-annexes")
        return out

    def _weigh(self, entries: list[Entry], i: int) -> None:
        """Score an item; what it contains has been scored before."""
        entry = entries[i]
        inside = [entries[c] for c in entry.item.children]
        if inside:
            tasks = [e for e in inside if e.score >= self.model.accept]
            if any("units" in e.features for e in inside) and "units" not in entry.features:
                entry.features.add("holds-units")
            entry.holds = bool(tasks) or any(e.holds for e in inside)
            if tasks and entry.item.level <= _CHAPTERS and "units" in entry.features:
                # units beside a bare heading are those of the items below it
                after = max([entry.headline.end, *(d.end for d in entry.own)])
                bare = "acts" not in entry.features and not self.text[after : entry.tail].strip("。； \n\u3000")
                bare = bare or entry.is_body
                if (bare or "units-below" in entry.features) and all("inherits" in e.features for e in tasks):
                    entry.features.add("heads-parts")
            if entry.holds and entry.item.level <= _CHAPTERS:
                entry.features.add("holds-tasks-high")
        entry.score = self._score(entry)
        self._by_peers(inside)

    def _by_peers(self, inside: list[Entry]) -> None:
        """Items whose neighbours have units or act are likelier tasks."""
        of_style = Counter(e.item.style for e in inside)
        named = Counter(e.item.style for e in inside if "units" in e.features)
        acting = Counter(e.item.style for e in inside if "acts" in e.features)
        likely = Counter(e.item.style for e in inside if e.score >= self.model.accept)
        charged = Counter(e.item.style for e in inside if self._charges(e))
        for e in inside:
            peers = of_style[e.item.style] - 1
            if peers and 2 * (named[e.item.style] - ("units" in e.features)) >= peers:
                e.features.add("peers-units")
            elif "under-conduct" in e.features:
                # what stands below 工作要求 is alike: tasks, where most of it tells somebody to do something
                alike = {"acts", "told-all"} & e.features
                if peers > 1 and alike and 2 * charged[e.item.style] > peers:
                    e.features.add("peers-charged")
                    if "told-all" in e.features:
                        e.features.add("told-as-peers")
                    if not e.item.children:
                        e.features.discard("own-conduct")  # 强化宣传引导 beside others that charge somebody
                    e.score = self._score(e)
                continue
            if peers > 1 and 4 * (likely[e.item.style] - (e.score >= self.model.accept)) >= 3 * peers:
                e.features.add("peers-tasks")
            if peers and 2 * (acting[e.item.style] - ("acts" in e.features)) >= peers:
                e.features.add("peers-act")
            e.score = self._score(e)

    @staticmethod
    def _charges(entry: Entry) -> bool:
        """Whether an item below safeguards names a body that has to do something, not only everybody."""
        named = {"charged", "units", "conduct-acting"} & entry.features
        return bool(named) or {"told-all", "acting"} <= entry.features

    def with_feature(self, entry: Entry, name: str) -> None:
        """Add what only the whole document tells, and weigh again."""
        entry.features.add(name)
        entry.score = self._score(entry)

    def _score(self, entry: Entry) -> float:
        return self.model.confidence("item", entry.features)
