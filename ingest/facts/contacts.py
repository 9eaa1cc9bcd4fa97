"""Personal data: names, telephone numbers and addresses with the unit that they belong to; one place that finds them.

What `personal_spans` covers is nobody's figure, agency or person in a post. Forms: `contact.*` in
`ontology/forms/contacts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.candidates import Candidate
from ingest.facts.names_of_persons import PersonNames
from kg.core.model import Contact, Evidence
from kg.core.text import merged
from ontology.forms import Forms

_SHORTEST_UNIT = 4  # 质量科 could be a name, 市场监管科 could not
_ROW = 200  # characters of a row before a number
_BLANKS = re.compile(r"[ \u3000]")
_INNER_BLANK = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_SPREAD = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff]{2})(?![\u4e00-\u9fff])")
_PLAIN_NAME = re.compile(r"^(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8})$")
_VALUE_ENDS = re.compile(r"[，,；;（(]?\s*(?:联系)?(?:电话|手机|方式|邮箱|电子邮)")
_PIECES = re.compile(r"[、，,\s\u3000（）()/]+")
_DIGITS = re.compile(r"[0-9+\-—－]{5,}")
_BELOW = re.compile(r"\s*\n")  # to the next line with words
_RUN_BEFORE = re.compile(r"([\u4e00-\u9fff]{2,30})[ \u3000（(]{0,8}$")


class ContactProducer:
    """Finds contacts and all personal data of a text."""

    def __init__(self, forms: Forms) -> None:
        form, quick = forms.pattern, forms.quick
        self._label, self._person_label = quick("contact.label"), form("contact.person-label")
        self._follows, self._begins = form("contact.follows"), form("contact.begins")
        self._phone, self._area = quick("contact.phone"), quick("contact.area-code")
        self._email = quick("contact.email")
        self._account, self._identity = quick("contact.account"), quick("contact.identity")
        self._unit_tail, self._glued = form("contact.unit-tail"), form("contact.glued")
        self._not_names, self._sent_to = form("contact.not-names"), form("contact.sent-to")
        self._name_before = form("contact.name-before")
        self._names = PersonNames(forms)

    def propose(self, text: str) -> list[Candidate[Contact]]:
        """All contacts in order: labelled ones, and names right beside numbers (rosters, tables)."""
        out: list[Candidate[Contact]] = []
        taken: list[tuple[int, int]] = []
        for start, end in self._blocks(text):
            taken.append((start, end))
            for contact in self._in_block(text, start, end):
                e = contact.evidence
                out.append(Candidate("contact", contact, e.start, e.end, "contact.labelled", frozenset(("labelled",))))
        out += self._beside_numbers(text, taken)
        return sorted(out, key=lambda c: c.start)

    def personal_spans(self, text: str) -> list[tuple[int, int]]:
        """Half-open spans of numbers that belong to persons or desks: telephones, addresses, accounts, identities.

        In a labelled block any number of seven digits is a telephone; elsewhere only what cannot be a count.
        """
        spans = [m.span() for p in (self._email, self._account, self._identity, self._area) for m in p.finditer(text)]
        for start, end in self._blocks(text):
            spans += [m.span() for m in self._phone.finditer(text, start, end)]
        return list(merged(spans))

    # -- labelled blocks ---------------------------------------------------------------------------------------------

    def _blocks(self, text: str) -> Iterator[tuple[int, int]]:
        """The lines of each contact; blank forms are among them."""
        at = 0
        while found := self._label.search(text, at):
            start, end = text.rfind("\n", at, found.start()) + 1 or at, _line_end(text, found.start())
            at = end + 1
            if not self._label.search(text, start, end):
                continue  # a label over two lines is none
            # 电话 and 邮箱 on the lines below belong to the same contact; a new 联系人 begins another
            while (below := _BELOW.match(text, end)) and self._follows.match(
                text, below.end(), stop := _line_end(text, below.end())
            ):
                end = stop
            at = end + 1
            yield start, end

    def _in_block(self, text: str, start: int, end: int) -> list[Contact]:
        """Split a block at each label of a person, so that two contacts in one line stay two."""
        marks = [m.start() - start for m in self._begins.finditer(text, start, end)] or [0]
        out = []
        for n, mark in enumerate(marks):
            stop = start + marks[n + 1] if n + 1 < len(marks) else end
            found = self._one(text, start + (0 if n == 0 else mark), stop, start + mark)
            if found:
                out.append(found)
        return out

    def _one(self, text: str, start: int, end: int, label: int) -> Contact | None:
        block = text[start:end]
        emails = tuple(dict.fromkeys(_BLANKS.sub("", m[0]) for m in self._email.finditer(block)))
        without = self._email.pattern.sub(lambda m: " " * len(m[0]), block)
        phones = tuple(dict.fromkeys(_BLANKS.sub("", m[0]) for m in self._phone.finditer(without)))
        named = self._person_label.search(without, label - start)
        unit, persons = self._unit_and_persons(named["value"]) if named else (None, ())
        if unit is None:
            unit = self._unit_before(text, start, label)
        if not phones and not emails:
            persons = tuple(p for p in persons if self._names.is_name(p))  # 联络员交办… names nobody
        if not persons and not phones and not emails:
            return None
        words = block.rstrip(" \t\n\u3000")
        lead = len(block) - len(block.lstrip(" \t\n\u3000（("))
        # the sentence that carries it, not the paragraph before it
        first = max(block.rfind("。", 0, label - start) + 1, lead)
        begin, stop = start + first, start + len(words)
        return Contact(unit, persons, phones, emails, Evidence(text[begin:stop], begin, stop))

    def _unit_and_persons(self, value: str) -> tuple[str | None, tuple[str, ...]]:
        """区市场监管局质量发展科 于小东、任小丽 -> unit and names."""
        value = _VALUE_ENDS.split(value)[0]
        value = _INNER_BLANK.sub(r"\1\2", value)  # a blank inside a name of two characters: 孙　尧
        # 李 晓明: the first of three characters is a surname, and nothing but this blank stands before the rest
        value = _SPREAD.sub(lambda m: m[1] + m[2] if m[1] in self._names.surnames else m[0], value)
        unit: str | None = None
        persons: list[str] = []
        for piece in _PIECES.split(_DIGITS.sub(" ", value)):
            words = piece.strip("：:。；; ").removesuffix("同志")
            if not words or self._not_names.search(words):
                continue
            part, glued = self._unglue(words)
            if glued:
                persons.append(glued)
            if len(part) >= _SHORTEST_UNIT and self._unit_tail.search(part):
                unit = part
            elif _PLAIN_NAME.match(part):
                persons.append(part)
        named = [p for p in persons if self._names.is_name(p)]  # 李强（业务支撑）: one of them is no name
        return unit, tuple(dict.fromkeys(named or persons))

    def _unglue(self, part: str) -> tuple[str, str | None]:
        """质量发展科于小东 -> 质量发展科, 于小东."""
        found = self._glued.fullmatch(part)
        if found and found["name"][0] in self._names.surnames and not self._unit_tail.search(found["name"]):
            return found["unit"], found["name"]
        return part, None

    def _unit_before(self, text: str, start: int, label: int) -> str | None:
        """质量处联系人： -> 质量处."""
        run = _RUN_BEFORE.search(text[start:label])
        if run and self._unit_tail.search(run[1]):
            sent = self._sent_to.match(run[1])
            return run[1][sent.end() :] if sent else run[1]
        return None

    # -- names beside numbers ----------------------------------------------------------------------------------------

    def _beside_numbers(self, text: str, taken: list[tuple[int, int]]) -> Iterator[Candidate[Contact]]:
        """张三 13800000000; 李四（电话：0551-62631234）; a row 单位 | 姓名 | 电话."""
        at = 0
        for m in self._phone.finditer(text):
            while at < len(taken) and taken[at][1] <= m.start():
                at += 1
            if at < len(taken) and taken[at][0] <= m.start():
                continue
            line = text.rfind("\n", max(0, m.start() - _ROW), m.start()) + 1 or max(0, m.start() - _ROW)
            head = text[max(line, m.start() - 24) : m.start()]
            found = self._name_before.search(head)
            if found is None or not self._names.is_name(found["name"]):
                continue
            begin = m.start() - len(head) + found.start()
            unit = next(
                (c.strip() for c in reversed(text[line:begin].split("\t")) if self._unit_tail.search(c.strip())), None
            )
            evidence = Evidence(text[begin : m.end()], begin, m.end())
            contact = Contact(unit, (_BLANKS.sub("", found["name"]),), (_BLANKS.sub("", m[0]),), (), evidence)
            yield Candidate("contact", contact, begin, m.end(), "contact.beside-number", frozenset(("unlabelled",)))


def _line_end(text: str, at: int) -> int:
    """Where the line ends that a position stands in."""
    end = text.find("\n", at)
    return end if end >= 0 else len(text)
