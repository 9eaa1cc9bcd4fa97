"""References to policies, and the works that stand in 《》 without being policies.

Forms: 《title》 with nested 〈〉, its 文号 in brackets and its issuer before it; bare numbers; orders by number;
elliptical lists (《质量强国建设纲要》及上海实施方案); aliases that hold in one document (以下简称《纲要》); names
without 《》 only where their form leaves no doubt. The words and patterns stand in `ontology/forms/references.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence

from ingest.candidates import Candidate
from ingest.facts.beside import BesideReader
from ingest.facts.issuing import IssuerNames
from ingest.facts.numbers import NumberFinder, NumberMention
from ingest.facts.own_papers import OwnPapers
from ingest.facts.quotes import LONGEST, clause_quote, near
from ingest.facts.relations import BASIS, RelationReader, masked
from ingest.facts.short_titles import Lookup, ShortTitles
from ingest.facts.titles import QuotedTitle, titles_in
from ingest.facts.unquoted import UnquotedReader
from ingest.facts.works import TitleGenres
from ingest.sentences import Segmentation, Span
from kg.core.ids import number_key, title_key
from kg.core.model import Evidence, PolicyReference, Work
from ontology.forms import Forms

_QUOTED = re.compile(r"[“「]([^”」“「\n]{1,30})[”」]")
_WHERE_ENACTED = re.compile(r"[日年]\s?[\u4e00-\u9fff、 \u3000]{0,40}$")
_LETTERHEAD = re.compile(r"文件\s?$")
_DEFINED_HERE = 6


class ReferenceProducer:
    """References of a text, with the patterns of the forms."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.numbers = NumberFinder(forms)
        self.issuers = IssuerNames(forms)
        self.beside = BesideReader(forms)
        self.relations = RelationReader(forms)
        self.genres = TitleGenres(forms)
        self.unquoted = UnquotedReader(forms)
        self.bare_genres = frozenset(forms.words("reference.bare-genre"))

    def propose(
        self,
        text: str,
        *,
        year: int | None = None,
        own_titles: Collection[str] = (),
        own_numbers: Collection[str] = (),
        known: Lookup | None = None,
        issuer_name: Lookup | None = None,
        segmentation: Segmentation | None = None,
    ) -> tuple[list[Candidate[PolicyReference]], list[Work]]:
        """All references to policies in reading order, and all works.

        `own_titles` and `own_numbers` are the document's own and its attachments', which are no references. `known`
        gives the full title for a well-known short one (质量强国纲要); `issuer_name` the official name for a name as
        written (市场监管总局): names as written stand where it is absent or silent. `year` is the document's, for the
        dates behind titles.
        """
        finder = _Finder(self, text, segmentation or Segmentation(text), own_titles, own_numbers)
        finder.year = year
        finder.known = known or finder.known
        finder.issuer_name = issuer_name or finder.issuer_name
        return finder.run()


class _Finder:
    """One reading of one text."""

    def __init__(
        self,
        tools: ReferenceProducer,
        text: str,
        seg: Segmentation,
        own_titles: Collection[str],
        own_numbers: Collection[str],
    ) -> None:
        self.tools, self.text, self.seg = tools, text, seg
        self.year: int | None = None
        self.known: Lookup = lambda _: None
        self.issuer_name: Lookup = lambda _: None
        self.own = OwnPapers(tools.forms, text, own_titles)
        self.own_numbers = {number_key(n) for n in own_numbers if n}
        self.titles = titles_in(text)
        self.title_ends = [t.end for t in self.titles]
        self.masked = masked(text, self.titles)
        self.numbers = tools.numbers.find(text)
        self.number_starts = [n.start for n in self.numbers]
        self.used_numbers: set[int] = set()
        self.short = ShortTitles(tools.forms, text, self.titles, self.own)
        self.number_titles: dict[str, str] = {}  # key of a number -> title that stood beside it
        self.no_policies: dict[str, str | None] = {}  # key of a work's title -> its kind
        self.found: list[Candidate[PolicyReference]] = []
        self.works: list[tuple[int, Work]] = []
        form = tools.forms.pattern
        self._defines, self._no_title = form("reference.defines-alias"), form("reference.no-title")
        self._medium = form("reference.medium")
        self._handed_out, self._print = form("reference.handed-out"), form("reference.print")
        self._applied, self._not_unique = form("reference.applied"), form("reference.not-unique")
        self._join, self._elliptic = form("reference.elliptic-join"), form("reference.elliptic")
        self._general, self._enacted = form("reference.elliptic-general"), form("reference.enacted")
        self._issued, self._others = form("issuer.issued"), form("issuer.others")
        self._in_title = form("issuer.in-title")

    def run(self) -> tuple[list[Candidate[PolicyReference]], list[Work]]:
        for n, title in enumerate(self.titles):
            # 以下简称《纲要》 only defines
            if not self._defines.search(self.text[max(0, title.start - _DEFINED_HERE) : title.start]):
                self._one_title(n, title)
        self._alias_quotes()
        self._without_marks()
        self._bare_numbers()
        self.found.sort(key=lambda c: c.start)
        return self.found, [w for _, w in sorted(self.works, key=lambda w: w[0])]

    def _put(self, start: int, end: int, reference: PolicyReference, *features: str) -> None:
        named = {
            "basis": reference.relation == BASIS,
            "related": reference.relation is not None,
            "numbered": reference.number is not None,
            "issued": reference.issuer is not None,
            "alias": reference.alias_of is not None,
            "whole-line": self._fills_line(start, end),
        }
        marks = frozenset([name for name, holds in named.items() if holds] + list(features))
        self.found.append(Candidate("reference", reference, start, end, reference.rule, marks))

    # -- 《titles》 ------------------------------------------------------------------------------------------------

    def _one_title(self, n: int, title: QuotedTitle) -> None:
        text = self.text
        key = title_key(title.title)
        if not key or self._no_title.fullmatch(title.title):
            return
        beside = self.tools.beside.read(text, title, self.numbers, self.number_starts, self.year)
        number = beside.standard
        if beside.mention is not None:
            number = self._full_number(beside.mention)
            self.used_numbers.add(beside.mention.start)
        alias = self.short.defined_beside(n, beside.end)
        full, rule, confidence = self.short.stands_for(title.title, key, self.known)
        if self.own.has(title, key) or (full is not None and title_key(full) in self.own.keys):
            self.own.add(title.title, alias or title.title)
            return
        if full is None and key in self.tools.bare_genres:
            return  # 《通知》 that nothing earlier explains
        if self._is_work(title, title_key(full or title.title), known=full is not None or number is not None):
            return
        if full is None:
            self.short.earlier.setdefault(key, title.title)
        if number is not None:
            self.number_titles.setdefault(number_key(number), full or title.title)
        issuer = self._issuer(title)
        if self._not_unique.fullmatch(self.tools.genres.core(full or title.title)):
            rule, confidence = "title-not-unique", 0.9 if issuer or number or beside.date else 0.5
        reference = PolicyReference(
            as_written=text[title.start : title.end],
            evidence=self._clause(title.start, max(title.end, beside.end)),
            title=full or title.title,
            number=number,
            issuer=issuer,
            relation=self.tools.relations.relation_of(self.seg, self.masked, title.start, title.end),
            alias_of=full,
            date=beside.date,
            rule=rule,
            confidence=confidence,
        )
        self._put(title.start, title.end, reference, "quoted")
        self._elliptic_list(title, beside.end, reference)

    def _is_work(self, title: QuotedTitle, key: str, *, known: bool) -> bool:
        """Whether the title names a work or a form; it is then recorded as one."""
        if key not in self.no_policies:
            genre, medium = self.tools.genres.genre(title.title), self._medium.match(self.text, title.end)
            applied = self._applied.search(self.text[max(0, title.start - 12) : title.start])
            before = self.text[max(0, title.start - 12) : title.start]
            printed = self._print.search(title.title) and self._handed_out.search(before)
            policy = genre == "policy" and not medium and not printed
            # 根据《甲工作报告》: what is carried out is a policy, whatever its genre, but a form never is
            if known or policy or (applied and not medium and genre != "form"):
                return False
            kind = (
                "证照文书"
                if genre == "form"
                else (medium and medium["kind"]) or self.tools.genres.work_kind(title.title)
            )
            self.no_policies[key] = kind
        self.works.append((title.start, Work(title.title, self._clause(title.start, title.end), self.no_policies[key])))
        return True

    def _full_number(self, mention: NumberMention) -> str:
        if mention.issuer is None:
            return mention.normalised
        official = self.issuer_name(mention.issuer)
        return mention.normalised.replace(mention.issuer, official, 1) if official else mention.normalised

    def _elliptic_list(self, title: QuotedTitle, position: int, head: PolicyReference) -> None:
        """《质量强国建设纲要》及上海实施方案、青浦实施细则: titles that lean on the one before them."""
        text, base = self.text, head.title or ""
        while True:
            join = self._join.match(text, position)
            item = self._elliptic.match(text, join.end()) if join else None
            if join is None or item is None or self._general.match(item["name"]):
                return
            full = base + item["name"]
            reference = PolicyReference(
                as_written=item["name"],
                evidence=self._clause(title.start, item.end()),
                title=full,
                relation=head.relation,
                alias_of=full,
                rule="elliptical-list",
                confidence=0.9,
            )
            self._put(item.start(), item.end(), reference)
            self.short.aliases.setdefault(title_key(item["name"]), full)
            position = item.end()

    # -- without 《》 -----------------------------------------------------------------------------------------------

    def _alias_quotes(self) -> None:
        """“总体规划” after 以下简称“总体规划”."""
        shorts = {short: full for short, full in self.short.aliases.items() if title_key(full) not in self.own.keys}
        for m in _QUOTED.finditer(self.text) if shorts else ():
            full = shorts.get(title_key(m[1]))
            before = self.text[max(0, m.start() - _DEFINED_HERE) : m.start()]
            if full is None or self._defines.search(before) or self._inside_title(m.start()):
                continue
            reference = PolicyReference(
                as_written=m[0],
                evidence=self._clause(m.start(), m.end()),
                title=full,
                relation=self.tools.relations.relation_of(self.seg, self.masked, m.start(), m.end()),
                alias_of=full,
                rule="alias-in-document",
            )
            self._put(m.start(), m.end(), reference)

    def _without_marks(self) -> None:
        """Names without 《》; their numbers are then no longer bare."""
        names = self.tools.unquoted.find(self.text, self.numbers, self.number_starts, self.known)
        until = 0  # 根据中华人民共和国宪法 is found by its form and as a known name
        for name in sorted(names, key=lambda n: (n.start, -len(n.written))):
            key = title_key(name.written)
            law = name.rule == "law-name-without-marks"
            own = key in self.own.keys if law else any(title.endswith(key) for title in self.own.keys)
            if own or name.start < until or self._inside_title(name.start):
                continue
            until = name.start + len(name.written)
            number = None
            if name.number is not None:
                self.used_numbers.add(name.number.start)
                number = self._full_number(name.number)
            end = name.start + len(name.written)
            reference = PolicyReference(
                as_written=name.written,
                evidence=self._clause(name.start, end),
                title=name.title,
                number=number,
                alias_of=name.title if name.title and title_key(name.title) != key else None,
                relation=self.tools.relations.relation_of(self.seg, self.masked, name.start, end),
                rule=name.rule,
                confidence=0.9,
            )
            self._put(name.start, end, reference, "unquoted")

    def _bare_numbers(self) -> None:
        """沪质办〔2022〕5号, 市场监管总局的75号、76号令 where no title stands beside them."""
        for m in self.numbers:
            normalised = self._full_number(m)
            if (
                m.start in self.used_numbers
                or number_key(normalised) in self.own_numbers
                or self._inside_title(m.start)
            ):
                continue
            words = near(self._line(m.start), m.start, m.end).of(self.text).strip()
            if len(words) <= m.end - m.start + 2 or self._enacts_itself(m, words):
                continue  # alone on its line it is the document's own
            reference = PolicyReference(
                as_written=self.text[m.start : m.end],
                evidence=self._clause(m.start, m.end),
                title=self.number_titles.get(number_key(normalised)),
                number=normalised,
                issuer=(self.issuer_name(m.issuer) or m.issuer) if m.issuer else None,
                relation=self.tools.relations.relation_of(self.seg, self.masked, m.start, m.end),
                rule="number" if m.kind == "文号" else "order-number",
            )
            self._put(m.start, m.end, reference, "bare-number")

    def _enacts_itself(self, m: NumberMention, line: str) -> bool:
        """The head of a law: （1994年1月28日国务院令第142号发布 …）, 文件标志 and 文号 on one line."""
        before = self.text[max(0, m.start - 44) : m.start]
        if m.kind == "文号":
            return bool(_LETTERHEAD.search(before)) and line.endswith("号")
        return bool(self._enacted.match(self.text[m.end : m.end + 12])) and bool(_WHERE_ENACTED.search(before))

    # -- context ---------------------------------------------------------------------------------------------------

    def _clause(self, start: int, end: int) -> Evidence:
        return clause_quote(self.seg, start, end)

    def _fills_line(self, start: int, end: int) -> bool:
        before = self.text[max(0, start - 8) : start].rpartition("\n")
        return not before[2].strip() and (bool(before[1]) or start < 8) and self.text[end : end + 1] in ("", "\n")

    def _line(self, position: int) -> Span:
        """The line of a position, no further than a quotation reaches: a text may be one line."""
        low, high = max(0, position - LONGEST), min(len(self.text), position + LONGEST)
        start, end = self.text.rfind("\n", low, position), self.text.find("\n", position, high)
        return Span(low if start < 0 else start + 1, high if end < 0 else end)

    def _inside_title(self, position: int) -> bool:
        index = bisect_right(self.title_ends, position)
        return index < len(self.titles) and self.titles[index].start <= position

    def _issuer(self, title: QuotedTitle) -> str | None:
        """党中央、国务院《…》; X会同Y印发《…》; or the issuer at the head of the title itself."""
        left = self.text[max(0, title.start - 60) : title.start]
        words = self._issued.search(left)
        stop = title.start - (len(left) - words.start()) if words else title.start
        if spans := self.tools.issuers.all_before(self.text, stop):
            return self._official([self._others.sub("", self.text[a:b]) for a, b in spans])
        # as it is written: 市场监管总局 中央宣传部等二十部门关于… keeps the blank between two names
        for written in (self.text[title.start + 1 : title.end - 1], title.title):
            head = self._in_title.match(written)
            names = [n for n in re.split(r"[、\s]+", head["issuer"]) if n] if head else []
            if names and all(self.tools.issuers.is_name(n) for n in names):
                return self._official(names)
        return None

    def _official(self, names: Sequence[str]) -> str:
        """Official names; all at once first, since one may lean on another (泉州市委、市政府)."""
        return self.issuer_name("、".join(names)) or "、".join(self.issuer_name(n) or n for n in names)
