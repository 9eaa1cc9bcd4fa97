"""Activities of plans and notices.

Numbered items, their responsible units in closing parentheses or in a sentence, and what an item says will be done
inside it (nested activities).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.extract import item_forms as forms
from ingest.extract.draft import Draft
from ingest.extract.duties import text_to_duties
from ingest.extract.events import ACT, CAMPAIGN, COUNT_TAIL, EVENT_NOUN, ClauseReader, split_items
from ingest.extract.places import held_in
from ingest.extract.sentences import Segmentation, Span
from ingest.layout import CleanText
from ingest.resolve import grammar
from ingest.resolve.parties import could_be_name, text_to_parties
from ingest.resolve.places import Context
from ingest.resolve.resolver import Resolver
from kg.core.model import Evidence, Party, PartyKind, Role, Section, Status

# Headings under which a plan speaks of aims and conduct, not of things to be done.
NOT_TASKS = re.compile(
    r"指导思想|总体(?:要求|思路|目标|安排)|基本(?:原则|情况)|(?:开展|进展|办理|完成|落实|推进)情况$|工作(?:原则|目标|背景)|(?:活动|工作|有关|相关|具体|其他)?要求$|主题$|口号|^(?:活动)?时间|(?:时间|进度)安排|组织(?:领导|机构|保障|实施)|"
    r"保障(?:措施|机制)|附则|适用范围|目标任务$|重要意义|^(?:活动|主要)?(?:时间|地点|内容|形式|对象|日期)(?:[和及、]?(?:时间|地点))?[：:]|联系(?:人|方式)|参加(?:人员|对象|范围)|活动(?:对象|范围|地点|目的)|报名|下一步|(?:工作|实施|方法|整治)步骤|阶段(?:（[^（）]*）)?$"
)
NOTE_LEVEL = 3  # 1. and below: a chapter ends the notes
_ACTING = re.compile(
    r"^(?:继续|积极|深入|广泛|充分|大力|全面|持续|联合|集中|认真|扎实|统筹|有序|着力|切实|加快|进一步|严格|严厉)*(?:"
    + ACT.pattern
    + r"|学习|加强|强化|深化|做好|落实|打击|宣传|建立|完善|健全|优化|支持|提升|促进|参加|参与|落实|创新|培育|打造|加快)"
)
_CLOSING = re.compile(
    r"[（(【](?P<units>[^（）()【】]*(?:[（(][^（）()]{1,12}[)）][^（）()【】]*)*)[）)】]\s*[。；;]?\s*$"
)
_UNITS = r"[（(](?P<units>[^（）()]*(?:[（(][^（）()]{1,12}[)）][^（）()]*)*)[）)]"
# behind a sentence, or at its end before the stop
_SENTENCE_CLOSING = re.compile(rf"[。；;]\s*{_UNITS}")
_BEFORE_STOP = re.compile(rf"(?<=[^。；;\s]){_UNITS}(?=[。；;])")
_LABELLED = re.compile(
    r"^[（(]?(?P<units>(?:(?:责任|负责|实施|参与|参加|支持)(?:单位|部门)|(?:牵头|主办|承办|配合|协办)(?:单位|部门)?)\s*[：:]\s*.+?)[）)]?。?$"
)
_LABEL = re.compile(
    r"(?:第一)?(?:责任|牵头|主办|承办|负责|配合|协办|支持|参与|参加|实施|主责|协同)(?:单位|部门|机构|科室)?\s*[：:]"
)
_NESTED = re.compile(
    r"(?:^|(?<=[，；。：、]))(?:\S{0,4}通过|\S{0,30}?(?:鼓励|推动|引导|组织|指导|发动|支持|动员)[^，。；“]{1,24}?)?"
    r"(?:联合|广泛|深入|积极|集中|持续|协同)?(?P<act>组织实施|组织开展|组织(?=“)|开展|举办|举行|召开|发布|公布|启动|评选|制播|播放|张贴|发放|推广|实施|上线)(?P<what>[^，；。]{4,60})"
)
_PARTICULARS = re.compile(r"(?:活动|会议|培训)?(?:时间|日期|地点|形式|内容|对象)\s*[：:]")
_DRAFTED_TITLE = re.compile(r"^(?:(?:[一二三四五六七八九十]+|\d+)是)?")


class PlanReader:
    """Reads the heading tree of one document."""

    def __init__(
        self,
        clean: CleanText,
        sections: tuple[Section, ...],
        resolver: Resolver,
        context: Context,
        segmentation: Segmentation,
        signed: int | None = None,
    ) -> None:
        """`signed` is where the signature stands: what is below is of no item."""
        self.signed = signed
        self.clean = clean
        self.sections = sections
        self.resolver = resolver
        self.context = context
        self.segmentation = segmentation
        self._reader = ClauseReader(resolver, context)

    def drafts(self) -> list[Draft]:
        """Every leaf item outside the framing sections, each followed by what it contains."""
        out: list[Draft] = []
        positions: dict[int, int] = {}
        for i, section in enumerate(self.sections):
            if not self._is_task(i):
                continue
            parent = self._parent_of(i, positions)
            positions[i] = len(out)
            own_end = self._own_end(i)
            units, body_end = self._responsible(section, own_end)
            title = self._title(section)
            evidence = self._heading_evidence(section)
            out.append(
                Draft(title, Status.PLANNED, evidence, _number(section.label), self._section_title(i), parent, units,
                      held_in(self.clean.text[section.start : own_end], self.context),
                      words=self.clean.text[section.start : own_end], start=section.start)
            )  # fmt: skip
            if parent is None:
                out += self._nested(section, body_end, positions[i], title)
        return self._units_of_whole(out)

    def _units_of_whole(self, drafts: list[Draft]) -> list[Draft]:
        """（1）… （2）… and below them a line 【责任单位：…】: the units are of the item that holds both."""
        out = list(drafts)
        for at, draft in enumerate(drafts):
            inside = [n for n, d in enumerate(drafts) if d.parent == at and d.no is not None]
            if draft.responsible or len(inside) <= 1 or any(drafts[n].responsible for n in inside[:-1]):
                continue
            last = drafts[inside[-1]]
            if last.responsible and any(forms.UNITS_LINE.match(line) for line in last.words.split("\n")[1:]):
                out[at] = replace(draft, responsible=last.responsible)
                out[inside[-1]] = replace(last, responsible=())
        return out

    # -- which sections are activities --------------------------------------------------------------------------

    def _is_task(self, i: int) -> bool:
        section = self.sections[i]
        if self._is_note(section) or not section.title or forms.PARTICULAR.match(self.clean.text, section.start):
            return False
        above = [s.title for s in self._line(i)[1:] if NOT_TASKS.search(s.title)]
        if any(not forms.STAGE.search(title) for title in above):
            return False
        if above and not (section.level >= NOTE_LEVEL and self._is_doing(section)):
            return False  # 实施阶段（9月）: what happens in it counts, how it is conducted does not
        if NOT_TASKS.search(section.title) and not self._units_at_own_end(section, hosts=False):
            return False
        if re.match(r"^第.+[编章节条]", section.label):
            return False
        has_children = any(s.parent == i for s in self.sections)
        if has_children:
            # an item 1. with (1)(2) under it is an activity that contains them; （一） with 1. 2. is a chapter
            return section.level >= 3 or bool(self._units_at_own_end(section))
        if section.level <= 1:
            return bool(section.label) and bool(
                _ACTING.match(section.title) or self._units_at_own_end(section) or self._is_announced(section)
            )
        return True

    def _is_doing(self, section: Section) -> bool:
        """Whether an item names something held, or who does it."""
        title = self._title(section)
        return bool(EVENT_NOUN.search(title) or CAMPAIGN.search(title) or self._units_at_own_end(section))

    def _is_announced(self, section: Section) -> bool:
        """二、成果交流会 | 时间：9月15日 | 地点：…: an event with its particulars below it."""
        body = self.clean.text[section.body_start : section.end].lstrip()
        return bool(EVENT_NOUN.search(section.title) and _PARTICULARS.match(body))

    def _is_note(self, section: Section) -> bool:
        """Whether an item stands in the notes below a table (注：1.… 2.…)."""
        noted = self.clean.text.rfind("\n注", 0, section.start)
        if noted < 0 or self.clean.text[noted + 2 : noted + 3] not in ("：", ":", "释", "意"):
            return False
        return not any(noted < s.start <= section.start and s.level < NOTE_LEVEL for s in self.sections)

    def _line(self, i: int) -> list[Section]:
        """The section and all above it."""
        out = [self.sections[i]]
        while (parent := out[-1].parent) is not None:
            out.append(self.sections[parent])
        return out

    def _parent_of(self, i: int, positions: dict[int, int]) -> int | None:
        at = self.sections[i].parent
        while at is not None:
            if at in positions:
                return positions[at]
            at = self.sections[at].parent
        return None

    def _section_title(self, i: int) -> str | None:
        at = self.sections[i].parent
        if at is None:
            return None
        above = self.sections[at]
        gap = "" if above.label.endswith(("、", ")", "）", "．", ".")) or not above.label else " "
        return f"{above.label}{gap}{above.title}"

    def _title(self, section: Section) -> str:
        title = _DRAFTED_TITLE.sub("", section.title).strip()
        if (
            (dashed := forms.DASHED.search(title))
            and dashed.start() > 1
            and self._units(dashed["units"], section.start)
        ):
            return title[: dashed.start()]
        if (first := forms.UNIT_FIRST.match(title)) and self._units(first["units"], section.start):
            return first["what"].rstrip("。；;")
        if (named := forms.NAME_AND_DETAILS.match(title)) and EVENT_NOUN.search(named["name"]):
            title = named["name"]
        title = forms.DATED.sub("", title).rstrip("；;")
        closing = _CLOSING.search(title)
        if closing and closing.start() > 1:
            at = self.clean.text.find(closing["units"], section.start, section.end)
            if self._units(closing["units"], max(at, section.start)):
                return title[: closing.start()]
        return title

    def _heading_evidence(self, section: Section) -> Evidence:
        return _evidence(
            self.clean.text,
            section.start,
            section.body_start if section.body_start > section.start + 1 else section.end,
        )

    # -- who is responsible -------------------------------------------------------------------------------------

    def _units_at_own_end(self, section: Section, *, hosts: bool = True) -> tuple[Party, ...]:
        return self._responsible(section, self._own_end(self.sections.index(section)), hosts=hosts)[0]

    def _own_end(self, i: int) -> int:
        """Where the first item inside begins; （1）时间：… and （2）内容：… are particulars of this one."""
        section = self.sections[i]
        inside = (s.start for s in self.sections if section.start < s.start < section.end)
        end = next((at for at in inside if not forms.PARTICULAR.match(self.clean.text, at)), section.end)
        return self.signed if self.signed is not None and section.start < self.signed < end else end

    def _responsible(self, section: Section, end: int, *, hosts: bool = True) -> tuple[tuple[Party, ...], int]:
        """The units of an item and where its own text ends (before the parentheses).

        `hosts` says whether a sentence that only tells who does something (甲举办…) counts as well.
        """
        words = self.clean.text[section.start : end].rstrip()
        own = section.start
        found: list[Party] = []
        body_end = own + len(words)
        for line_start, line in _lines(words):
            labelled = _LABELLED.match(line.strip())
            closing = labelled or _CLOSING.search(line) or forms.DASHED.search(line)
            if closing and (units := self._units(closing["units"], own + line_start + line.index(closing["units"]))):
                found += units
                if line_start + len(line) >= len(words):
                    body_end = own + line_start + (line.index(closing[0]) if not labelled else 0)
            if not labelled:
                for inner in (*_SENTENCE_CLOSING.finditer(line), *_BEFORE_STOP.finditer(line)):
                    if not closing or inner.start("units") != closing.start("units"):
                        found += self._units(inner["units"], own + line_start + inner.start("units"))
        if not found and (first := forms.UNIT_FIRST.match(section.title)):
            found += self._units(first["units"], own + words.index(first["units"]))
        if not found:
            found = text_to_duties(words, own, self.resolver, self.context)
        if not found and hosts:
            found = self._hosts(section, end)
        seen: dict[tuple[str, str | None], Party] = {}
        for party in found:
            seen.setdefault((party.name, party.place), party)
        return tuple(seen.values()), max(body_end, section.body_start)

    def _hosts(self, section: Section, end: int) -> list[Party]:
        """The bodies that the sentences of an item say will hold something (市公安局会同市教育局举办…), in order."""
        out: list[Party] = []
        alone: tuple[Party, ...] = ()
        titled = section.start + self.clean.text[section.start : end].find(section.title)
        for clause in self.segmentation.clauses:
            # an item may be one sentence, which is its title: 4.甲、乙分别举办…
            at = max(clause.start, titled)
            if not at < min(clause.end, end):
                continue
            words = self.clean.text[at : min(clause.end, end)].strip("，；。、,; \n")
            event = self._reader.read(words, at, carried=alone)
            alone = self._certain(self._reader.names_alone(words, at))
            if event:
                out += self._certain(event.doers)
        return out

    def _certain(self, doers: tuple[Party, ...]) -> tuple[Party, ...]:
        """The bodies among the doers of a clause, 有关部门 left out; nothing unless each is known."""
        bodies = tuple(p for p in doers if not (p.kind is PartyKind.GROUP and p.rule == "collective"))
        known = all(p.kind is PartyKind.AGENCY and self.resolver.is_certain(p.as_written, self.context) for p in bodies)
        return bodies if known else ()

    def _units(self, text: str, start: int) -> list[Party]:
        """The parties in a pair of parentheses, or nothing when the parentheses hold words, not units.

        One unit that is known, or a label (责任单位：), vouches for the others, whatever their names.
        """
        parties, unresolved = text_to_parties(text, self.resolver, self.context, start=start)
        vouched = bool(_LABEL.match(text)) or any(p.rule not in ("grammar", "place-form") for p in parties)
        if not unresolved:
            return parties if vouched or all(grammar.is_plain_name(p.as_written) for p in parties) else []
        if not all(could_be_name(u) for u in unresolved) or not (
            vouched or all(map(grammar.is_plain_name, unresolved))
        ):
            return []
        return text_to_parties(text, self.resolver, self.context, start=start, named=True)[0]

    # -- what an item contains ----------------------------------------------------------------------------------

    def _nested(self, section: Section, end: int, parent: int, title: str) -> list[Draft]:
        """Things that an item says will be held: by an act and its object, and by the names of campaigns."""
        out: list[Draft] = []
        speaks_of: tuple[Party, ...] = ()  # the bodies that the sentence has named so far
        sentence = -1
        for clause in self.segmentation.clauses:
            if not section.body_start <= clause.start < end:
                continue
            here = self.segmentation.sentence_at(clause.start).start
            words = clause.of(self.clean.text)[: end - clause.start].strip("，；。、,; \n")
            named = self._certain(self._reader.doers_of(words, clause.start)[0]) or self._introduced(
                words, clause.start
            )
            speaks_of = named or (speaks_of if here == sentence else ())
            sentence = here
            for what, start, stop in self._things(clause.start, min(clause.end, end)) or self._held(clause, named, end):
                if _same(what, title) or any(_same(what, d.title) for d in out):
                    continue
                evidence = self.segmentation.evidence(Span(clause.start, min(clause.end, end)))
                doers = self._doers(clause.start, start) or speaks_of
                out.append(
                    Draft(
                        what,
                        Status.PLANNED,
                        evidence,
                        None,
                        None,
                        parent,
                        doers,
                        words=self.clean.text[max(here, section.body_start) : stop],
                        start=start,
                    )
                )
        return out

    def _introduced(self, words: str, start: int) -> tuple[Party, ...]:
        """天河区：举办…, 9月7日 市教育局主题日：举办…: who is named before a colon."""
        found = forms.INTRODUCED.match(words)
        if not found:
            return ()
        parties, unresolved = text_to_parties(
            found["who"], self.resolver, self.context, start=start + found.start("who")
        )
        sure = all(self.resolver.is_certain(p.as_written, self.context) for p in parties)
        return tuple(parties) if sure and not unresolved else ()

    def _held(self, clause: Span, named: tuple[Party, ...], end: int) -> list[tuple[str, int, int]]:
        """What a clause says that the bodies named in it will hold (交通运输部推进…工程建设, 住建部组织…观摩会)."""
        words = clause.of(self.clean.text)[: end - clause.start].strip("，；。、,; \n")
        event = self._reader.read(words, clause.start) if named else None
        if event is None or not (EVENT_NOUN.search(event.object) or CAMPAIGN.search(event.object)):
            return []
        at = self.clean.text.find(event.object, clause.start, min(clause.end, end))
        return [(event.title, at, at + len(event.object))] if at >= 0 else []

    def _things(self, start: int, end: int) -> list[tuple[str, int, int]]:
        words = self.clean.text[start:end]
        found = _NESTED.search(words)
        if not found or (found["act"].endswith("实施") and found["what"].startswith("《")):
            return []  # 实施《…意见》: what is followed, not what is held
        what = re.sub(r"等(?:形式|方式|平台|媒体).*$", "", found["what"]).rstrip("，；。,; ")
        items = split_items(what)
        at, to = start + found.start("act"), start + found.end("what")
        if sum(bool(CAMPAIGN.search(i)) for i in items) > 1:
            items[-1] = re.sub(r"等[^“”]{0,16}$", "", items[-1])
            return [(i, at, to) for i in items if len(i) > 3]
        if found["act"] == "推广" and not EVENT_NOUN.search(what):
            return []  # 推广“…奖”经验
        if not (EVENT_NOUN.search(what) or CAMPAIGN.search(what) or "》" in what) or what[0] in "、在和":
            return []
        return [(found["act"] + COUNT_TAIL.sub("", what), at, to)]

    def _doers(self, start: int, act: int) -> tuple[Party, ...]:
        """Bodies named right before the act (鼓励X开展, 联合X开展)."""
        words = self.clean.text[start:act]
        lead = re.search(
            r"(?:鼓励|推动|引导|组织|指导|发动|支持|联合|与)(?P<who>[^，。；]{2,30}?)(?:开展|举办|合作)?$", words
        )
        if not lead:
            return ()
        parties, unresolved = text_to_parties(
            lead["who"], self.resolver, self.context, start=start + lead.start("who"), role=Role.CO
        )
        return tuple(p for p in parties if p.kind is PartyKind.AGENCY) if not unresolved else ()


def _lines(words: str) -> list[tuple[int, str]]:
    out, at = [], 0
    for line in words.split("\n"):
        out.append((at, line))
        at += len(line) + 1
    return out


def _number(label: str) -> str | None:
    digits = re.sub(r"[^\d一二三四五六七八九十]", "", label)
    return digits or None


def _evidence(text: str, start: int, end: int) -> Evidence:
    words = text[start:end]
    stripped = words.rstrip()
    return Evidence(stripped, start, start + len(stripped))


def _same(a: str, b: str) -> bool:
    strip = re.compile(r"[“”‘’\s]|^(?:组织开展|开展|举办|组织|发布)")
    left, right = strip.sub("", a), strip.sub("", b)
    return left == right or left in right
