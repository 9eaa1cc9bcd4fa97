"""Persons in posts that a document announces: 领导小组组成人员, 任命…为…, 主任由…兼任. Public, unlike contacts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.candidates import Candidate, Given
from ingest.facts.names_of_persons import PersonNames
from ingest.facts.quotes import sentence_quote
from ingest.sentences import Segmentation
from kg.core.model import Evidence, Person
from ontology.forms import Forms

_BLANKS = re.compile(r"[ \u3000]")
_BRACKET = re.compile(r"[（(](?P<in>[^（）()]{1,60})[）)]")
_HELD_BY = re.compile(r"由[^，。；：由\n]{2,40}?(?:同志)?(?:兼|担任)")
_APPOINTS = re.compile("任命|聘任|聘请|增补|推举|选举|推选")
_LONGEST_LINE = 200  # characters of a line that names a group
_ABOVE = 12  # lines above a post among which the name of the group stands
_FAR = 600  # characters before a sentence in which the group is named
_GENERIC = re.compile("主任|成员|委员|会长|主席|局长|院长|班长|秘书长|顾问|组员")
_MOST_LINES = 80
_STOP = re.compile(r"[。；：]|^[一二三四五六七八九十]{1,3}、")


@dataclass(slots=True)
class _Place:
    """Where a list stands: the post that its lines fill, the body, and whether anything announces a list."""

    post: str | None = None
    group: str | None = None
    announced: int = 0  # lines since a heading of a list, counted down
    lines: int = 0


class PersonProducer:
    """Reads persons by the forms `person.*`."""

    def __init__(self, forms: Forms) -> None:
        self._names = PersonNames(forms)
        form = forms.pattern
        self._post_line, self._group = form("person.post-line"), forms.quick("person.group")
        self._group_head, self._heading = form("person.group-head"), form("person.list-heading")
        self._held_by, self._takes = form("person.held-by"), form("person.takes-post")
        self._appointed, self._appointed_line = form("person.appointed"), form("person.appointed-line")
        self._contact, self._phone = forms.quick("contact.label"), form("contact.phone")
        post = forms.source("person.post")
        self._any_list = re.compile(rf"\n[ \u3000\t]{{0,12}}(?:办公室|秘书处)?[ \u3000]?{post}|任命|任免|免职|聘任")

    def read(self, given: Given) -> list[Candidate[Person]]:
        """The persons of a document; none from the lines of contacts."""
        return self.propose(given.text, segmentation=given.segmentation, skip=given.personal)

    def propose(
        self, text: str, *, segmentation: Segmentation | None = None, skip: Sequence[tuple[int, int]] = ()
    ) -> list[Candidate[Person]]:
        """All persons with posts in reading order; none from lines of contacts, nor from the spans to `skip`."""
        seg = segmentation or Segmentation(text)
        out = [*self._lists(text), *self._sentences(text, seg)]
        kept = [c for c in out if not any(a <= c.start < b for a, b in skip)]
        return sorted(_distinct(kept), key=lambda c: (c.start, c.end))

    # -- lists ---------------------------------------------------------------------------------------------------------

    def _lists(self, text: str) -> Iterator[Candidate[Person]]:
        lines = text.split("\n") if self._any_list.search(text) else []
        if not any(self._post_line.match(n.lstrip()) or self._appointed_line.match(n.strip()) for n in lines):
            return  # most texts hold no list, and are done at once
        place = _Place()
        at = 0
        for line in lines:
            start, at = at, at + len(line) + 1
            bare = line.strip()
            if not bare:
                continue
            place.announced -= 1
            place.lines += 1
            if self._contact.search(bare) or (self._phone.search(bare) and not self._post_line.match(bare)):
                place.post = None
                continue
            if m := self._post_line.match(line.lstrip()):
                offset = start + len(line) - len(line.lstrip())
                post = _BLANKS.sub("", m["post"])
                named = place.announced > 0 or place.group is not None or "\t" in bare
                if not _GENERIC.search(post) or named:
                    found = list(self._people(m["value"], offset + m.start("value"), post, place, line, start))
                    place.post, place.lines = (post if found else None), 0
                    yield from found
                    continue
            if self._announces(bare, place):
                continue
            if place.post is not None and place.lines <= _MOST_LINES and not _STOP.search(bare):
                found = list(self._people(bare, start + line.index(bare), place.post, place, line, start))
                yield from found
                if found:
                    continue
            if place.post is not None and not self._names.at_start(bare):
                place.post = None
            yield from self._one_appointed(line, start)

    def _announces(self, bare: str, place: _Place) -> bool:
        """Take the name of the group from a line that names one; whether the line is a heading of a list."""
        if len(bare) <= _LONGEST_LINE and (m := self._group.search(bare)):
            place.group = self._cut_group(m["group"])
            place.announced = _ABOVE
            if self._heading.search(bare) and "：" not in bare:
                place.post = None
                return True
        elif self._heading.search(bare) and len(bare) <= 40:
            place.announced = _ABOVE
        elif place.announced <= -_ABOVE and place.post is None:
            place.group = None
        return False

    def _cut_group(self, words: str) -> str:
        head = self._group_head.match(words)
        return words[head.end() :] if head and len(words) - head.end() >= 4 else words

    def _people(
        self, value: str, at: int, post: str, place: _Place, line: str, start: int
    ) -> Iterator[Candidate[Person]]:
        """张三（市长）、李四（副市长）; 张三 市长; 市长张三; one a piece."""
        bare = line.strip()
        from_ = start + line.index(bare)
        evidence = Evidence(bare, from_, from_ + len(bare))
        read: list[tuple[int, int, str, str]] = []
        for begin, piece in _pieces(value):
            end = begin + len(piece)
            if one := self._one(piece):
                read.append((begin, end, *one))
            elif read and not read[-1][3] and self._names.is_rank(piece.strip()):
                read[-1] = (read[-1][0], end, read[-1][2], piece.strip())  # a wide blank between name and office
        for begin, end, name, office in read:
            person = Person(name, post, office or None, place.group, evidence, "person.list")
            marks = [m for m, holds in (("office", office), ("group", place.group)) if holds]
            yield Candidate("person", person, at + begin, at + end, "person.list", frozenset(marks))

    def _one(self, piece: str) -> tuple[str, str] | None:
        words = piece.strip(" \u3000\t。；、，")
        if bracket := _BRACKET.search(words):
            outside, inside = words[: bracket.start()].strip(), bracket["in"]
            if self._names.is_name(outside):
                return _BLANKS.sub("", outside), inside
            if self._names.is_name(inside.strip()):
                return _BLANKS.sub("", inside), outside
        if self._names.is_name(words):
            return _BLANKS.sub("", words), ""
        if found := self._names.at_start(words):
            return found if not found[1] or self._names.is_rank(found[1]) else None
        if (found := self._names.at_end(words)) and found[0]:
            return _BLANKS.sub("", found[1]), found[0]
        return None

    # -- sentences -----------------------------------------------------------------------------------------------------

    def _sentences(self, text: str, seg: Segmentation) -> Iterator[Candidate[Person]]:
        held, taken = _where(_HELD_BY, self._held_by, text), self._takes.finditer(text)
        for matches, rule in ((held, "person.held-by"), (taken, "person.takes-post")):
            for m in matches:
                for who in re.split("[、和]", m["who"]):
                    if (found := self._names.at_end(who)) is None:
                        continue
                    office, name = found
                    group = self._group_before(text, m.start())
                    post = _BLANKS.sub("", m["post"])
                    person = Person(name, post, office or None, group, sentence_quote(seg, m.start(), m.end()), rule)
                    marks = {"office"} if office else set()
                    yield Candidate(
                        "person", person, m.start(), m.end(), rule, frozenset(marks | ({"group"} if group else set()))
                    )
        for m in _where(_APPOINTS, self._appointed, text):
            if self._names.is_name(m["name"]) and self._names.is_rank(m["post"].removesuffix("职务")):
                yield self._appointment(m, sentence_quote(seg, m.start(), m.end()), m.start(), m.end())

    def _one_appointed(self, line: str, start: int) -> Iterator[Candidate[Person]]:
        bare = line.strip()
        m = self._appointed_line.match(bare)
        post = _BRACKET.sub("", m["post"]).removesuffix("职务") if m else ""
        if m and self._names.is_name(m["name"]) and self._names.is_rank(post):
            at = start + line.index(bare)
            yield self._appointment(m, Evidence(bare, at, at + len(bare)), at + m.start(), at + m.end())

    def _appointment(self, m: re.Match[str], evidence: Evidence, start: int, end: int) -> Candidate[Person]:
        post = _BRACKET.sub("", m["post"]).strip()
        person = Person(_BLANKS.sub("", m["name"]), post, None, None, evidence, "person.appointed")
        return Candidate("person", person, start, end, person.rule, frozenset())

    def _group_before(self, text: str, at: int) -> str | None:
        found = list(self._group.finditer(text, max(0, at - _FAR), at + 40))
        return self._cut_group(found[-1]["group"]) if found else None


PRODUCER = PersonProducer


def _pieces(value: str) -> Iterator[tuple[int, str]]:
    """The entries of a list: cut at marks and wide blanks outside brackets."""
    depth, begin = 0, 0
    i = 0
    while i < len(value):
        char = value[i]
        depth += (char in "（(") - (char in "）)")
        wide = char in " \u3000" and value[i + 1 : i + 2] in tuple(" \u3000") and value[begin:i].strip()
        if depth <= 0 and (char in "、；;\t" or wide):
            if len(value[begin:i].strip()) > 1:
                yield begin, value[begin:i]
            begin = i + 1
        i += 1
    if value[begin:].strip():
        yield begin, value[begin:]


def _distinct(candidates: Sequence[Candidate[Person]]) -> list[Candidate[Person]]:
    seen: dict[tuple[str, str, str | None], Candidate[Person]] = {}
    for c in candidates:
        seen.setdefault((c.fact.name, c.fact.post, c.fact.group), c)
    return list(seen.values())


def _where(hint: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of a costly pattern, in the lines that hold what each of its matches holds."""
    at = 0
    while found := hint.search(text, at):
        end = text.find("\n", found.end())
        end = len(text) if end < 0 else end
        yield from pattern.finditer(text, text.rfind("\n", 0, found.start()) + 1, end)
        at = end
