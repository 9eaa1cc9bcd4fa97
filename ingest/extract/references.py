"""References to policies, and the works that stand in 《》 without being policies.

Forms: 《title》 with nested 〈〉, its 文号 in parentheses and its issuer before it; bare numbers; orders by number;
elliptical lists (《质量强国建设纲要》及上海实施方案); aliases that hold in one document (以下简称《纲要》);
names without 《》 only where their form leaves no doubt (中华人民共和国产品质量法; 关于…的意见（国发〔2015〕43号）).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence

from ingest.extract import reference_forms as forms
from ingest.extract.beside import beside_title
from ingest.extract.genres import genre_of, work_kind
from ingest.extract.issuers import TAIL, names_before
from ingest.extract.numbers import NumberMention, find_document_numbers
from ingest.extract.relations import relation_of
from ingest.extract.sentences import Segmentation, Span
from ingest.extract.titles import QuotedTitle, titles_in
from ingest.extract.unquoted import unquoted_names
from kg.core.ids import number_key, title_key
from kg.core.model import Evidence, PolicyReference, Work

Lookup = Callable[[str], str | None]

_TITLE_HEAD = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff、\s]{2,60}?)(?:等[\d一二三四五六七八九十]{0,3}个?(?:部门|单位|部委|委局))?\s*(?:关于|印发|转发|批转)"
)


def find_references(
    text: str,
    *,
    year: int | None = None,
    own_titles: Collection[str] = (),
    own_numbers: Collection[str] = (),
    known: Lookup | None = None,
    issuer_name: Lookup | None = None,
    segmentation: Segmentation | None = None,
) -> tuple[list[PolicyReference], list[Work]]:
    """All references to policies in reading order, and all works.

    `own_titles` and `own_numbers` are the document's own and its attachments', which are no references. `known` gives
    the full title for a well-known short one (质量强国纲要); `issuer_name` the official name for a name as
    written (市场监管总局): names as written stand where it is absent or silent.
    """
    seg = segmentation or Segmentation(text)
    return _Finder(text, seg, year, own_titles, own_numbers, known, issuer_name).run()


class _Finder:
    def __init__(
        self,
        text: str,
        seg: Segmentation,
        year: int | None,
        own_titles: Collection[str],
        own_numbers: Collection[str],
        known: Lookup | None,
        issuer_name: Lookup | None,
    ) -> None:
        self.text, self.seg, self.year = text, seg, year
        self.known = known or (lambda _: None)
        self.issuer_name = issuer_name or (lambda _: None)
        self.own = {title_key(t) for t in own_titles if t}
        for own in own_titles:
            inner = forms.OWN_FORM.search(own)
            if inner:
                self.own.add(title_key(inner["title"]))
        self.own_numbers = {number_key(n) for n in own_numbers if n}
        self.titles = titles_in(text)
        self.title_ends = [t.end for t in self.titles]
        self.numbers = find_document_numbers(text)
        self.used_numbers: set[int] = set()
        self.aliases: dict[str, str] = {}  # key of the short form -> full title
        self.full_titles: dict[str, str] = {}  # key -> title as first written
        self.number_titles: dict[str, str] = {}  # key of a number -> title that stood beside it
        self.no_policies: dict[str, str | None] = {}  # key of a work's title -> its kind
        self.references: list[tuple[int, PolicyReference]] = []
        self.works: list[tuple[int, Work]] = []

    def run(self) -> tuple[list[PolicyReference], list[Work]]:
        defined: set[int] = set()  # titles that only define an alias: 以下简称《纲要》
        for title in self.titles:
            if re.search(r"(?:简称|称)(?:为|作)?[:：]?\s*$", self.text[max(0, title.start - 6) : title.start]):
                defined.add(title.start)
        for title in self.titles:
            if title.start not in defined:
                self._one_title(title)
        self._alias_quotes()
        self._unquoted()
        self._bare_numbers()
        self.references.sort(key=lambda r: r[0])
        return [r for _, r in self.references], [w for _, w in sorted(self.works, key=lambda w: w[0])]

    # -- 《titles》 ------------------------------------------------------------------------------------------------

    def _one_title(self, title: QuotedTitle) -> None:
        text = self.text
        key = title_key(title.title)
        if not key or forms.NOT_A_WORK.match(title.title):
            return
        beside = beside_title(text, title, self.numbers)
        number = beside.standard
        if beside.mention is not None:
            number = self._full_number(beside.mention)
            self.used_numbers.add(beside.mention.start)
        alias = self._define_alias(title, beside.end)
        full, rule, confidence = self._stands_for(title, key)
        if self._is_own(title, key) or (full is not None and title_key(full) in self.own):
            self.own |= {key, title_key(alias or title.title)}
            return
        if full is None and key in forms.BARE_GENRES:
            return  # 《通知》 that nothing earlier explains
        if self._is_work(title, title_key(full or title.title), known=full is not None or number is not None):
            return
        if full is None:
            self.full_titles.setdefault(key, title.title)
        if number is not None:
            self.number_titles.setdefault(number_key(number), full or title.title)
        reference = PolicyReference(
            as_written=text[title.start : title.end],
            evidence=self._clause(title.start, max(title.end, beside.end)),
            title=full or title.title,
            number=number,
            issuer=self._issuer(title),
            relation=relation_of(self.seg, title.start, title.end),
            alias_of=full,
            date=beside.date,
            rule=rule,
            confidence=confidence,
        )
        self.references.append((title.start, reference))
        self._elliptic(title, beside.end, reference)

    def _is_own(self, title: QuotedTitle, key: str) -> bool:
        """The document's own title, or that of what it hands over: 现将《…》印发给你们, 现公布《…》."""
        handed = forms.HANDED_OVER.match(self.text, title.end)
        before = self.text[max(0, title.start - 12) : title.start]
        return key in self.own or bool(handed and handed["verb"] != "转发") or bool(forms.NOW.search(before))

    def _stands_for(self, title: QuotedTitle, key: str) -> tuple[str | None, str, float]:
        """The full title that a short one stands for (None for a full one), the rule, and how sure it is."""
        full = self.aliases.get(key)
        # 《中华人民共和国药品管理法》（以下简称《药品管理法》）: both have one key, the first is full
        if full is not None:
            return (full, "alias-in-document", 1.0) if full != title.title else (None, "title", 1.0)
        if forms.SHORT_FORM.fullmatch(key) and (full := self._unique_ending(key)) is not None:
            return full, "short-form-of-earlier-title", 0.8
        full = self.known(title.title)
        if full is not None and title_key(full) != key:
            return full, "known-short-title", 1.0
        return None, "title", 1.0

    def _is_work(self, title: QuotedTitle, key: str, *, known: bool) -> bool:
        """Whether the title names a work or a form; it is then recorded as one."""
        if key not in self.no_policies:
            genre, medium = genre_of(title.title), forms.MEDIUM.match(self.text, title.end)
            applied = forms.STRONG_POLICY.search(self.text[max(0, title.start - 12) : title.start])
            policy = genre == "policy" and not medium
            # 根据《甲工作报告》: what is carried out is a policy, whatever its genre, but a form never is
            if known or policy or (applied and not medium and genre != "form"):
                return False
            self.no_policies[key] = (
                "证照文书" if genre == "form" else (medium and medium["kind"]) or work_kind(title.title)
            )
        work = Work(title.title, self._clause(title.start, title.end), self.no_policies[key])
        self.works.append((title.start, work))
        return True

    def _full_number(self, mention: NumberMention) -> str:
        if mention.issuer is None:
            return mention.normalised
        official = self.issuer_name(mention.issuer)
        return mention.normalised.replace(mention.issuer, official, 1) if official else mention.normalised

    def _define_alias(self, title: QuotedTitle, beside_end: int) -> str | None:
        """Learn 《质量强国建设纲要》（以下简称《纲要》); returns the short form."""
        text = self.text
        window_end = min(len(text), beside_end + 90)
        window = text[title.end : window_end]
        found = forms.ALIAS.search(window)
        if not found or any(c in "《。；\n" for c in window[: found.start()]):
            return None
        if not forms.BEFORE_ALIAS.fullmatch(window[: found.start()]):
            return None
        listed = forms.BOOK.findall(window[found.start() : _closing(window, found.start())])
        if len(listed) > 1:
            # 《甲法》、《乙条例》（以下简称《甲》、《乙》）: in the order of the titles
            last = self.titles.index(title) + 1
            for short, full in zip(listed, self.titles[max(0, last - len(listed)) : last], strict=False):
                self.aliases[title_key(short)] = self.aliases.get(title_key(full.title), full.title)
            return str(listed[0])
        short = found["book"] or found["quote"]
        if short:
            self.aliases[title_key(short)] = self.aliases.get(title_key(title.title), title.title)
            if title_key(title.title) in self.own:
                self.own.add(title_key(short))
        return short

    def _unique_ending(self, key: str) -> str | None:
        """The one earlier title that ends in a short form: 《纲要》 after 《质量强国建设纲要》."""
        earlier = {**self.full_titles, **{own: own for own in self.own}}
        ending = [t for k, t in earlier.items() if k.endswith(key) and len(k) > len(key)]
        return ending[0] if len(ending) == 1 else None

    def _elliptic(self, title: QuotedTitle, position: int, head: PolicyReference) -> None:
        """《质量强国建设纲要》及上海实施方案、青浦实施细则: titles that lean on the one before them."""
        text, base = self.text, head.title or ""
        while True:
            join = forms.ELLIPTIC_JOIN.match(text, position)
            item = forms.ELLIPTIC.match(text, join.end()) if join else None
            if join is None or item is None or text[item.start() : item.start() + 1] == "《":
                return
            # 《A》和相关工作方案, 《A》、有关实施细则: not one document
            if re.match(r"相关|有关|各|本|年度|具体|制定|配套", item["name"]):
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
            self.references.append((item.start(), reference))
            self.aliases.setdefault(title_key(item["name"]), full)
            position = item.end()

    # -- without 《》 -----------------------------------------------------------------------------------------------

    def _alias_quotes(self) -> None:
        """“总体规划” after 以下简称“总体规划”."""
        for short, full in list(self.aliases.items()):
            if title_key(full) in self.own:
                continue
            for m in re.finditer(r"[“「]([^”」“「\n]{1,30})[”」]", self.text):
                if title_key(m[1]) != short or re.search(
                    r"称(?:为|作)?[:：]?\s*$", self.text[max(0, m.start() - 5) : m.start()]
                ):
                    continue
                if self._inside_title(m.start()):
                    continue
                self.references.append(
                    (
                        m.start(),
                        PolicyReference(
                            as_written=m[0],
                            evidence=self._clause(m.start(), m.end()),
                            title=full,
                            relation=relation_of(self.seg, m.start(), m.end()),
                            alias_of=full,
                            rule="alias-in-document",
                        ),
                    )
                )

    def _unquoted(self) -> None:
        """Names without 《》; their numbers are then no longer bare."""
        for name in unquoted_names(self.text, self.numbers, self.known):
            key = title_key(name.written)
            law = name.rule == "law-name-without-marks"
            own = key in self.own if law else any(title.endswith(key) for title in self.own)
            if own or self._inside_title(name.start):
                continue
            number = None
            if name.number is not None:
                self.used_numbers.add(name.number.start)
                number = self._full_number(name.number)
            reference = PolicyReference(
                as_written=name.written,
                evidence=self._clause(name.start, name.start + len(name.written)),
                title=name.title,
                number=number,
                alias_of=name.title if name.title and title_key(name.title) != key else None,
                relation=relation_of(self.seg, name.start, name.start + len(name.written)),
                rule=name.rule,
                confidence=0.9,
            )
            self.references.append((name.start, reference))

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
            line = self._line(m.start)
            words = line.of(self.text).strip()
            if len(words) <= m.end - m.start + 2 or self._enacts_itself(m, words):
                continue  # alone on its line it is the document's own
            title = self.number_titles.get(number_key(normalised))
            reference = PolicyReference(
                as_written=self.text[m.start : m.end],
                evidence=self._clause(m.start, m.end),
                title=title,
                number=normalised,
                issuer=(self.issuer_name(m.issuer) or m.issuer) if m.issuer else None,
                relation=relation_of(self.seg, m.start, m.end),
                rule="number" if m.kind == "文号" else "order-number",
            )
            self.references.append((m.start, reference))

    def _enacts_itself(self, m: NumberMention, line: str) -> bool:
        """The head of a law: （1994年1月28日国务院令第142号发布 …）, 文件标志 and 文号 on one line."""
        after = self.text[m.end : m.end + 12]
        before = self.text[max(0, m.start - 44) : m.start]
        enacted = m.kind != "文号" and bool(
            re.match(
                (
                    r"\s*(?:公布|发布|颁布|令|第[一二三四五六七八九十]+次|修[订正改]|施行|通过|"
                    r"自)"
                ),
                after,
            )
        )
        return (enacted and bool(re.search(r"[日年]\s*[\u4e00-\u9fff、 \u3000]{0,40}$", before))) or (
            m.kind == "文号" and bool(re.search(r"文件\s*$", before)) and line.endswith("号")
        )

    # -- context ---------------------------------------------------------------------------------------------------

    def _clause(self, start: int, end: int) -> Evidence:
        return self.seg.evidence(self.seg.clause_at(start, end))

    def _line(self, position: int) -> Span:
        start = self.text.rfind("\n", 0, position) + 1
        end = self.text.find("\n", position)
        return Span(start, len(self.text) if end < 0 else end)

    def _inside_title(self, position: int) -> bool:
        index = bisect_right(self.title_ends, position)
        return index < len(self.titles) and self.titles[index].start <= position

    def _issuer(self, title: QuotedTitle) -> str | None:
        """党中央、国务院《…》; X会同Y印发《…》; or the issuer at the head of the title itself."""
        end = title.start
        left = self.text[max(0, end - 60) : end]
        words = re.search(r"(?:(?:联合)?(?:印发|发布|公布|颁布|制定|制订|下发|出台)(?:了|的)?|的)\s*$", left)
        stop = end - (len(left) - words.start()) if words else end
        spans = names_before(self.text, stop)
        if spans:
            names = [forms.AND_OTHERS.sub("", self.text[a:b]) for a, b in spans]
            return self._official(names)
        # as it is written: 市场监管总局 中央宣传部等二十部门关于… keeps the blank between two names
        for written in (self.text[title.start + 1 : title.end - 1], title.title):
            head = _TITLE_HEAD.match(written)
            names = [n for n in re.split(r"[、\s]+", head["issuer"]) if n] if head else []
            if names and all(TAIL.search(n) for n in names):
                return self._official(names)
        return None

    def _official(self, names: Sequence[str]) -> str:
        """Official names; all at once first, since one may lean on another (泉州市委、市政府)."""
        return self.issuer_name("、".join(names)) or "、".join(self.issuer_name(n) or n for n in names)


def _closing(text: str, start: int) -> int:
    """Where the bracket that is open at `start` closes; the end of the text when it does not."""
    depth = 1
    for i in range(start, len(text)):
        depth += (text[i] in "（(") - (text[i] in "）)")
        if depth == 0:
            return i
    return len(text)
