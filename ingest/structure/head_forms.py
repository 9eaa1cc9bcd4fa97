"""How well runs of atoms have the forms of the head's elements: title, number, letterhead, recipients, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.readers.base import LineKind
from ingest.structure.atoms import Atom
from ingest.structure.grammars import number_alone
from ingest.structure.headings import begins_item
from ingest.structure.kinds import title_to_kind
from ingest.structure.titles import has_verb, is_part_head, title_letters, words_of_title
from ontology.forms import Forms

_RULE = re.compile(r"[\W_]+")  # a line drawn below the letterhead
_SPAN = 14  # atoms in one element
_LONGEST_TITLE = 180
_LONGEST_RECIPIENTS = 600
_ORDER_ATOMS = 6
_SPEAKER_ATOMS = 3
_NAMES = 12  # lines of a joint letterhead
_MIN_SENTENCE = 16
_SAME_START = 3  # characters: 某某省流动人口管理办法 above 某某省流动人口计划生育管理办法
_SHORTEST_ECHO = 8  # letters of a title that is known again behind its issuer
BEFORE, TITLED, ADDRESSED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of atoms as an element: `score` says how well it has the form."""

    kind: str
    first: int
    last: int  # exclusive
    score: float
    phase: int  # the phase after it


class HeadForms:
    """The atoms of a head with what each line is alone; `said` is the title known from elsewhere, as its letters."""

    def __init__(self, atoms: list[Atom], said: str, forms: Forms) -> None:
        self.atoms = atoms
        self.said = said
        self.forms = forms
        self.labels = {str(row["label"]): str(row["key"]) for row in forms.rows("meta.labels")}
        self.texts = [a.text for a in atoms]
        self.numbers = [number_alone(a.text, forms) if a.kind is not LineKind.ROW else None for a in atoms]
        self.names = [a.kind is LineKind.TEXT and bool(forms.full("header.name_line", a.text)) for a in atoms]

    def is_address(self, text: str) -> bool:
        """Whether a line addresses somebody."""
        bad = self.forms.find("header.recipients_not", text) or not self.forms.pattern("header.recipients").search(
            text[:-1]
        )
        return text.endswith(("：", ":")) and not bad

    def is_body(self, text: str) -> bool:
        """Whether a paragraph is the body's: a numbered heading, or a sentence."""
        if begins_item(text, self.forms):
            return True
        return len(text) >= _MIN_SENTENCE and text[-1] in "。；：:" and ("，" in text or "。" in text)

    def pieces(self, i: int, phase: int, way: tuple[Piece, ...]) -> Iterator[Piece]:
        """What may begin with atom `i` in this phase, behind the pieces of `way`."""
        if i >= len(self.atoms) or phase == ADDRESSED or self.atoms[i].kind is LineKind.ROW:
            return
        heading = self.atoms[i].kind is LineKind.HEADING
        if not heading:
            yield from self._single(i, phase)
            yield from self._orders(i, phase)
            yield from self._letterhead(i, phase, way)
            yield from self._labelled(i, phase)
        if not heading or phase == TITLED:
            yield from self._addressed(i, phase)
        yield from self._titles(i, phase, way)
        if phase == TITLED:
            yield from self._below_title(i, way)

    def _single(self, i: int, phase: int) -> Iterator[Piece]:
        """Elements of one line."""
        text, forms = self.texts[i], self.forms
        if self.numbers[i]:
            yield Piece("number", i, i + 1, 6.0, phase)
        elif phase == TITLED and forms.full("header.issue", text):
            yield Piece("issue", i, i + 1, 3.0, phase)
        # a line that a blank was dropped from is several atoms
        whole, last = (self._paragraph(i), self._last_of(i)) if self.atoms[i].first else (text, i + 1)
        if forms.full("header.front", whole) or (phase == TITLED and forms.full("header.seal_line", whole)):
            yield Piece("front", i, last, 2.5, phase)
        if self.atoms[i].first and forms.full("web.stamp", whole):
            yield Piece("front", i, last, 2.0, phase)  # 张三 发表于 2013-8-22 09:01
        if self.atoms[i].first and forms.full("header.told", whole):
            yield Piece("told", i, last, 5.0, TITLED)  # 甲市教育局发布《…的通知》，全文如下
        if forms.full("header.dateline", whole):
            yield Piece("front", i, last, 4.0, phase)
        if phase == BEFORE and forms.full("header.annex", text):
            yield Piece("front", i, i + 1, 2.0, phase)
        if phase == BEFORE and len(text) < _MIN_SENTENCE * 2 and not self.is_body(text):
            yield Piece("junk", i, i + 1, -1.5, phase)
        if _RULE.fullmatch(text):
            yield Piece("front", i, i + 1, 0.5, phase)
        if i == 0 and text[0] in "（(" and forms.start("header.law_note", whole):
            yield Piece("note", i, last, 3.5, TITLED)  # the title stands in the name of the file
        if mark := forms.full("header.mark", text):
            yield Piece("mark", i, i + 1, 4.5 if not has_verb(mark["names"]) else 0.0, phase)

    def _orders(self, i: int, phase: int) -> Iterator[Piece]:
        """广州市人民政府令 / 第179号."""
        for j in range(i + 1, min(i + _ORDER_ATOMS, len(self.atoms)) + 1):
            joined = "".join(self.texts[i:j])
            if len(joined) <= 70 and self.forms.full("header.order", joined) and "关于" not in joined:
                yield Piece("order", i, j, 7.0, phase)
        named = i > 0 and self.texts[i - 1].endswith(("令", "公告"))
        if (
            not named
            and self.forms.full("header.serial", self.texts[i])
            and self.forms.start("header.promulgates", "".join(self.texts[i + 1 : i + 2]))
        ):
            yield Piece("order", i, i + 1, 7.0, phase)  # its first line, 某省人民政府令, is the head of the page

    def _letterhead(self, i: int, phase: int, way: tuple[Piece, ...]) -> Iterator[Piece]:
        """Names of bodies above a number or above …文件."""
        j = i
        while j < min(i + _NAMES, len(self.atoms)) and self.names[j]:
            j += 1
        if j == i or j >= len(self.atoms):
            return
        if self.forms.full("header.mark", self.texts[j]):
            yield Piece("mark", i, j + 1, 5.0, phase)
        if self.numbers[j]:
            yield Piece("lettered", i, j + 1, 7.0, phase)
        elif i and self.numbers[i - 1] and phase == BEFORE and not any(p.kind == "mark" for p in way):
            yield Piece("mark", i, j, 0.8, phase)  # number, names, title

    def _labelled(self, i: int, phase: int) -> Iterator[Piece]:
        """发布机构：某局, or the label and its value on two lines."""
        text, forms = self.texts[i], self.forms
        bare = _label(text.rstrip("：:"))
        label, value = _label(text), _value(text)
        last = self._last_of(i)
        if label in self.labels and value:
            yield Piece("meta", i, last, 2.5, phase)
        elif bare in self.labels:
            empty = i + 1 >= len(self.atoms) or self.texts[i + 1].rstrip("：:") in self.labels
            if empty:
                yield Piece("meta", i, i + 1, 2.0, phase)
            elif len(self.texts[i + 1]) <= 80:
                yield Piece("meta", i, self._last_of(i + 1), 3.0, phase)

        elif self._beside_label(i) and forms.full("meta.pair", text) and not self.is_body(text):
            yield Piece("front", i, last, 1.5, phase)  # 采编：张三, among labels that are known

    def _beside_label(self, i: int) -> bool:
        """Whether the line above or below is a label that is known, with its value."""
        around = [self.texts[k] for k in (i - 1, i + 1) if 0 <= k < len(self.texts)]
        return any(_label(text) in self.labels and _value(text) for text in around)

    def _paragraph(self, i: int) -> str:
        return "".join(self.texts[i : self._last_of(i)])

    def _last_of(self, i: int) -> int:
        """The index behind the last atom of the paragraph that atom `i` stands in."""
        while not self.atoms[i].last:
            i += 1
        return i + 1

    def _addressed(self, i: int, phase: int) -> Iterator[Piece]:
        if phase == TITLED and self.atoms[i].first and self.texts[i][0] in "：:":
            whole = self._paragraph(i)  # ：各县人民政府，各部门: a colon that was moved to the head of its line
            if self.is_address(whole[1:] + "：") and not has_verb(whole):
                yield Piece("recipients", i, self._last_of(i), 4.0, ADDRESSED)
        joined, breaks = "", 0.0
        for j in range(i, min(i + _SPAN, len(self.atoms))):
            if j > i and self.atoms[j].first and not joined.endswith(("、", "，", ",")):
                breaks += 1.2  # a list goes on behind a stop between its names; a wrapped line may end anywhere
            headed = self.atoms[j].kind is LineKind.HEADING and self.texts[j].endswith(("：", ":"))  # ### 各县：
            if not (self.atoms[j].kind is LineKind.TEXT or headed) or (
                j > i and begins_item(self.texts[j], self.forms)
            ):
                return
            joined += self.texts[j]
            if len(joined) > _LONGEST_RECIPIENTS or "。" in self.texts[j] or has_verb(self.texts[j]):
                return
            if joined.endswith(("：", ":")):
                bare = joined[:-1]
                wrong = self.forms.find("header.recipients_not", joined) or not self.forms.pattern(
                    "header.recipients"
                ).search(bare)
                if not wrong and self.atoms[i].first:
                    # without a title above it only a letter begins so
                    yield Piece("recipients", i, j + 1, (4.0 if phase == TITLED else 2.0) - breaks, ADDRESSED)
                elif not wrong:
                    yield Piece("recipients", i, j + 1, (2.5 if phase == TITLED else -1.0) - breaks, ADDRESSED)
                return

    def _titles(self, i: int, phase: int, way: tuple[Piece, ...]) -> Iterator[Piece]:
        joined, paragraphs = "", 0
        for j in range(i, min(i + _SPAN, len(self.atoms))):
            atom = self.atoms[j]
            if atom.kind is LineKind.ROW or (j > i and (atom.kind is not self.atoms[i].kind or self.numbers[j])):
                return
            if _RULE.fullmatch(atom.text):
                return
            if j > i and ((begins_item(atom.text, self.forms) and atom.first) or self._opens_contents(j)):
                return
            if j > i and is_part_head(atom.text, self.forms):
                return
            joined += atom.text
            paragraphs += atom.first and j > i
            if len(joined) > _LONGEST_TITLE:
                return
            score = self._title_score(joined, i, j, paragraphs)
            if phase == BEFORE and score > -2:
                yield Piece("title", i, j + 1, score, TITLED)
                if self.atoms[i].kind is LineKind.HEADING and self.atoms[i].level <= 1 and j == i:
                    yield Piece("echo", i, j + 1, 1.5, BEFORE)
            elif phase == TITLED and score > 2 and any(p.kind == "title" and self._same(p, joined) for p in way):
                yield Piece("echo", i, j + 1, 2.0, TITLED)

    def _opens_contents(self, j: int) -> bool:
        text = self.texts[j]
        apart = text == "目" and j + 1 < len(self.atoms) and self.texts[j + 1] in ("录", "次")
        return apart or bool(self.forms.full("header.contents", text))

    def _same(self, piece: Piece, text: str) -> bool:
        """Whether a text is the title of a piece again, or that title with its issuer before it."""
        title, again = self._title_key("".join(self.texts[piece.first : piece.last])), self._title_key(text)
        short, long = sorted((title, again), key=len)
        names = long.removesuffix(short) if len(short) > _SHORTEST_ECHO else ""
        return title == again or (names != long and bool(self.forms.full("header.name_line", names)))

    def _title_key(self, text: str) -> str:
        bare = self.forms.pattern("header.title_date").sub("", text)
        numbered = self.forms.start("header.run", bare)
        return title_letters(bare[numbered.end() :] if numbered else bare)

    def _title_score(self, text: str, i: int, j: int, paragraphs: int) -> float:
        """How well atoms `i` to `j` are a title: by their words, and by where they begin and end."""
        atom = self.atoms[i]
        score = words_of_title(text, self.forms, said=self.said)
        if atom.kind is LineKind.HEADING:
            score += 3.5 if atom.level <= 2 else 2.5
            if j > i and title_to_kind(atom.text, self.forms):
                score -= 4.0  # 民法典 / 物权编: two headings, not one over two lines
        elif "，" in text:
            score -= 2.0 if not has_verb(text) else 0.0
        if not self.atoms[j].last and not (j + 1 < len(self.atoms) and self._ends_here(j + 1)):
            score -= 3.0
        if not atom.first and not (i and (self.numbers[i - 1] or self.names[i - 1])):
            score -= 3.0
        if i == j and title_to_kind(text, self.forms) is None and self.forms.full("header.name_line", text):
            score -= 8.0 if atom.kind is LineKind.HEADING else 2.5  # a site's name heads all its pages
        if paragraphs and (self._is_doubled(i, j) or self._are_two(i, j)):
            score -= 6.0  # the page's title and the document's own
        # a title over several lines: the first ones are no titles themselves, or what follows is no title alone
        return score + 1.2 - 0.4 * paragraphs

    def _is_doubled(self, i: int, j: int) -> bool:
        """Whether one of the atoms `i` to `j` says what the first one, or all but the first, say already."""
        first, rest = title_letters(self.texts[i]), title_letters("".join(self.texts[i + 1 : j + 1]))
        last = title_letters(self.texts[j])
        again = len(first) >= _SHORTEST_ECHO and first in rest
        return again or (j > i and len(last) >= _SHORTEST_ECHO and last in first)

    def _are_two(self, i: int, j: int) -> bool:
        """Whether the first and the last of these lines are titles of the same place or subject, each whole."""
        first, last = self.texts[i], self.texts[j]
        return first[:_SAME_START] == last[:_SAME_START] and all(title_to_kind(t, self.forms) for t in (first, last))

    def _ends_here(self, k: int) -> bool:
        """Whether atom `k` is what a title cannot go on with, so that one may end before it inside a paragraph."""
        text = self.texts[k]
        return bool(self.numbers[k] or self.forms.full("header.title_date", text) or text.endswith(("：", ":")))

    def _below_title(self, i: int, way: tuple[Piece, ...]) -> Iterator[Piece]:
        text, forms = self.texts[i], self.forms
        if self.atoms[i].kind is LineKind.HEADING:
            if self.atoms[i].level <= 1 and not begins_item(text, forms):
                yield Piece("front", i, i + 1, 0.8, TITLED)  # 民法典 / 物权编: the part that the file holds
            return
        if forms.full("header.title_date", text):
            yield Piece("titledate", i, i + 1, 3.0, TITLED)
        elif self.atoms[i].first and self.atoms[i].last and forms.full("header.day_line", text):
            yield Piece("titledate", i, i + 1, 2.0, TITLED)
        elif self.atoms[i].first and forms.start("header.law_note", self._paragraph(i)):
            yield Piece("note", i, self._last_of(i), 3.5, TITLED)
        elif way and way[-1].kind == "note" and forms.start("header.law_note_more", self._paragraph(i)):
            yield Piece("note", i, self._last_of(i), 3.0, TITLED)
        if self.atoms[i].first and forms.full("header.spoken", self._paragraph(i)):
            yield Piece("spoken", i, self._last_of(i), 4.0, TITLED)
        for j in range(i + 1, min(i + _SPEAKER_ATOMS, len(self.atoms)) + 1):
            if forms.full("header.speaker", "".join(self.texts[i:j])):
                yield Piece("speaker", i, j, 3.0, TITLED)
        j = i
        while j < min(i + _NAMES, len(self.atoms)) and self.names[j]:
            j += 1
        dated = forms.full("header.dated", self.texts[j]) if i < j < len(self.atoms) else None
        if dated and not dated["names"]:
            yield Piece("signed", i, j + 1, 3.5, TITLED)


def _label(text: str) -> str:
    return text.replace(":", "：", 1).partition("：")[0].replace(" ", "").replace("\u3000", "").strip("【】[]")


def _value(text: str) -> str:
    return text.replace(":", "：", 1).partition("：")[2].strip()
