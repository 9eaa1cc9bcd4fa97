"""What stands before the body: 版头 (GB/T 9704-2012 §7.2), 标题 (§7.3.1), 主送机关 (§7.3.2), and all else.

The head is the best way to divide its atoms among the elements. Each element says how well a run of atoms has its form;
the division with the highest sum wins, so that no rule depends on the order in which rules are tried. What is left when
nothing fits any longer is the body.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.atoms import Atom, clean_to_atoms
from ingest.structure.headings import begins_item
from ingest.structure.kinds import title_to_kind
from ingest.structure.model import Element
from ingest.structure.titles import has_verb, run_to_title, title_letters, words_of_title
from ingest.structure.words import Words, number_alone, words

_SPAN = 14  # atoms in one element
_LONGEST_TITLE = 180
_LONGEST_RECIPIENTS = 600
_ORDER_ATOMS = 6
_SPEAKER_ATOMS = 3
_NAMES = 12  # lines of a joint letterhead
_MIN_SENTENCE = 16
_SHORTEST_ECHO = 8  # letters of a title that is known again behind its issuer
_BEFORE, _TITLED, _ADDRESSED = 0, 1, 2


@dataclass(slots=True)
class Head:
    """What was found, and `after`: the position at which the body begins."""

    title: Element | None = None
    mark: tuple[Element, ...] = ()
    number: Element | None = None
    recipients: Element | None = None
    front: list[Element] = field(default_factory=list)
    title_date: Element | None = None
    notes: list[Element] = field(default_factory=list)
    spoken: Element | None = None
    speaker: Element | None = None
    signature: tuple[Element, ...] = ()
    date: Element | None = None
    meta: list[tuple[str, Element]] = field(default_factory=list)
    after: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of atoms as an element: `score` says how well it has the form."""

    kind: str
    first: int
    last: int  # exclusive
    score: float
    phase: int  # the phase after it


def read_head(clean: CleanText, paragraphs: list[Paragraph], *, said: str = "") -> Head:
    """Everything before the body. `said` is the title that the file or its collector gives elsewhere."""
    atoms = clean_to_atoms(clean, paragraphs)
    reader = _Reader(atoms, title_letters(said), words())
    return reader.head(clean)


class _Reader:
    def __init__(self, atoms: list[Atom], said: str, forms: Words) -> None:
        self.atoms = atoms
        self.said = said
        self.words = forms
        self.texts = [a.text for a in atoms]
        self.numbers = [number_alone(a.text) if a.kind is LineKind.TEXT else None for a in atoms]
        self.names = [a.kind is LineKind.TEXT and bool(forms.name_line.fullmatch(a.text)) for a in atoms]

    def head(self, clean: CleanText) -> Head:
        pieces, after = self._best()
        head = Head(after=after if after >= 0 else len(clean.text))
        for piece in pieces:
            self._put(head, piece)
        return head

    # -- the best division ---------------------------------------------------------------------------------------------

    def _best(self) -> tuple[list[_Piece], int]:
        """The pieces of the best division, and where the body begins (-1: nowhere)."""
        count = len(self.atoms)
        best: dict[tuple[int, int], tuple[float, tuple[_Piece, ...]]] = {(0, _BEFORE): (0.0, ())}
        final: tuple[float, tuple[_Piece, ...], int] | None = None
        for i in range(count + 1):
            for phase in (_BEFORE, _TITLED, _ADDRESSED):
                if (state := best.get((i, phase))) is None:
                    continue
                score, way = state
                total = score + self._body(i, way)
                if final is None or total > final[0]:
                    final = (total, way, i)
                for piece in self._pieces(i, phase, way):
                    key = (piece.last, piece.phase)
                    sum_ = score + piece.score
                    if key not in best or sum_ > best[key][0]:
                        best[key] = (sum_, (*way, piece))
        if final is None:
            return [], -1
        _, way, at = final
        return list(way), self.atoms[at].start if at < count else -1

    def _body(self, i: int, way: tuple[_Piece, ...]) -> float:
        """How well the body begins with atom `i`."""
        if i >= len(self.atoms):
            return -0.5
        atom = self.atoms[i]
        if not atom.first and not (way and way[-1].kind in ("recipients", "number", "title", "titledate")):
            return -6.0
        addressed = bool(way) and way[-1].kind == "recipients"
        score = 0.0 if atom.first else -1.0 if addressed else -2.5
        if (
            (is_body(atom.text) and not self._is_address(atom.text))
            or atom.kind is LineKind.ROW
            or self.words.contents.fullmatch(atom.text)
        ):
            score += 1.5
        if self.numbers[i]:
            score -= 2.0
        return score

    def _is_address(self, text: str) -> bool:
        bad = self.words.recipients_not.search(text) or not self.words.recipients.search(text[:-1])
        return text.endswith(("：", ":")) and not bad

    def _pieces(self, i: int, phase: int, way: tuple[_Piece, ...]) -> Iterator[_Piece]:
        if i >= len(self.atoms) or phase == _ADDRESSED or self.atoms[i].kind is LineKind.ROW:
            return
        heading = self.atoms[i].kind is LineKind.HEADING
        if not heading:
            yield from self._single(i, phase)
            yield from self._orders(i, phase)
            yield from self._letterhead(i, phase)
            yield from self._labelled(i, phase)
            yield from self._addressed(i, phase)
        yield from self._titles(i, phase, way)
        if phase == _TITLED:
            yield from self._below_title(i, way)

    def _single(self, i: int, phase: int) -> Iterator[_Piece]:
        """Elements of one line."""
        text, forms = self.texts[i], self.words
        if self.numbers[i]:
            yield _Piece("number", i, i + 1, 6.0, phase)
        elif phase == _TITLED and forms.issue.fullmatch(text):
            yield _Piece("issue", i, i + 1, 3.0, phase)
        if forms.front.fullmatch(text) or (phase == _TITLED and forms.seal_line.fullmatch(text)):
            yield _Piece("front", i, i + 1, 2.5, phase)
        if forms.dateline.fullmatch(text):
            yield _Piece("front", i, i + 1, 4.0, phase)
        if phase == _BEFORE and forms.annex.fullmatch(text):
            yield _Piece("front", i, i + 1, 2.0, phase)
        if phase == _BEFORE and len(text) < _MIN_SENTENCE * 2 and not is_body(text):
            yield _Piece("junk", i, i + 1, -1.5, phase)
        if mark := forms.mark.fullmatch(text):
            yield _Piece("mark", i, i + 1, 4.5 if not has_verb(mark["names"]) else 0.0, phase)

    def _orders(self, i: int, phase: int) -> Iterator[_Piece]:
        """广州市人民政府令 / 第179号."""
        for j in range(i + 1, min(i + _ORDER_ATOMS, len(self.atoms)) + 1):
            joined = "".join(self.texts[i:j])
            if len(joined) <= 70 and self.words.order.fullmatch(joined) and "关于" not in joined:
                yield _Piece("order", i, j, 7.0, phase)

    def _letterhead(self, i: int, phase: int) -> Iterator[_Piece]:
        """Names of bodies above a number or above …文件."""
        j = i
        while j < min(i + _NAMES, len(self.atoms)) and self.names[j]:
            j += 1
        if j == i or j >= len(self.atoms):
            return
        if self.words.mark.fullmatch(self.texts[j]):
            yield _Piece("mark", i, j + 1, 5.0, phase)
        if self.numbers[j]:
            yield _Piece("lettered", i, j + 1, 7.0, phase)
        elif i and self.numbers[i - 1] and phase == _BEFORE:
            yield _Piece("mark", i, j, 0.8, phase)  # number, names, title

    def _labelled(self, i: int, phase: int) -> Iterator[_Piece]:
        """发布机构：某局, or the label and its value on two lines."""
        text = self.texts[i]
        bare = text.replace(" ", "").replace("\u3000", "").rstrip("：:").strip("【】[]")
        label, _, value = text.replace(":", "：", 1).partition("：")
        label = label.replace(" ", "").strip("【】[]")
        last = self._last_of(i)
        if label in self.words.labels and value.strip():
            yield _Piece("meta", i, last, 2.5, phase)
        elif bare in self.words.labels:
            empty = i + 1 >= len(self.atoms) or self.texts[i + 1].rstrip("：:") in self.words.labels
            if empty:
                yield _Piece("meta", i, i + 1, 2.0, phase)
            elif len(self.texts[i + 1]) <= 80:
                yield _Piece("meta", i, self._last_of(i + 1), 3.0, phase)

    def _paragraph(self, i: int) -> str:
        return "".join(self.texts[i : self._last_of(i)])

    def _last_of(self, i: int) -> int:
        """The index behind the last atom of the paragraph that atom `i` stands in."""
        while not self.atoms[i].last:
            i += 1
        return i + 1

    def _addressed(self, i: int, phase: int) -> Iterator[_Piece]:
        joined, breaks = "", 0.0
        for j in range(i, min(i + _SPAN, len(self.atoms))):
            if j > i and self.atoms[j].first and not joined.endswith(("、", "，", ",")):
                breaks += 1.2  # a list goes on behind a stop between its names; a wrapped line may end anywhere
            if self.atoms[j].kind is not LineKind.TEXT or (j > i and begins_item(self.texts[j])):
                return
            joined += self.texts[j]
            if len(joined) > _LONGEST_RECIPIENTS or "。" in self.texts[j] or has_verb(self.texts[j]):
                return
            if joined.endswith(("：", ":")):
                bare = joined[:-1]
                wrong = self.words.recipients_not.search(joined) or not self.words.recipients.search(bare)
                if not wrong and self.atoms[i].first:
                    # without a title above it only a letter begins so
                    yield _Piece("recipients", i, j + 1, (4.0 if phase == _TITLED else 2.0) - breaks, _ADDRESSED)
                elif not wrong:
                    yield _Piece("recipients", i, j + 1, (2.5 if phase == _TITLED else -1.0) - breaks, _ADDRESSED)
                return

    def _titles(self, i: int, phase: int, way: tuple[_Piece, ...]) -> Iterator[_Piece]:
        joined, paragraphs = "", 0
        for j in range(i, min(i + _SPAN, len(self.atoms))):
            atom = self.atoms[j]
            if atom.kind is LineKind.ROW or (j > i and (atom.kind is not self.atoms[i].kind or self.numbers[j])):
                return
            if j > i and ((begins_item(atom.text) and atom.first) or self._opens_contents(j)):
                return
            joined += atom.text
            paragraphs += atom.first and j > i
            if len(joined) > _LONGEST_TITLE:
                return
            score = self._title_score(joined, i, j, paragraphs)
            if phase == _BEFORE and score > -2:
                yield _Piece("title", i, j + 1, score, _TITLED)
                if self.atoms[i].kind is LineKind.HEADING and self.atoms[i].level <= 1 and j == i:
                    yield _Piece("echo", i, j + 1, 1.5, _BEFORE)
            elif phase == _TITLED and score > 2 and any(p.kind == "title" and self._same(p, joined) for p in way):
                yield _Piece("echo", i, j + 1, 2.0, _TITLED)

    def _opens_contents(self, j: int) -> bool:
        text = self.texts[j]
        apart = text == "目" and j + 1 < len(self.atoms) and self.texts[j + 1] in ("录", "次")
        return apart or bool(self.words.contents.fullmatch(text))

    def _same(self, piece: _Piece, text: str) -> bool:
        """Whether a text is the title of a piece again, or that title with its issuer before it."""
        title, again = self._title_key("".join(self.texts[piece.first : piece.last])), self._title_key(text)
        short, long = sorted((title, again), key=len)
        names = long.removesuffix(short) if len(short) > _SHORTEST_ECHO else ""
        return title == again or (names != long and bool(self.words.name_line.fullmatch(names)))

    def _title_key(self, text: str) -> str:
        bare = self.words.title_date.sub("", text)
        numbered = self.words.run.match(bare)
        return title_letters(bare[numbered.end() :] if numbered else bare)

    def _title_score(self, text: str, i: int, j: int, paragraphs: int) -> float:
        """How well atoms `i` to `j` are a title: by their words, and by where they begin and end."""
        atom = self.atoms[i]
        score = words_of_title(text, said=self.said)
        if atom.kind is LineKind.HEADING:
            score += 3.5 if atom.level <= 2 else 2.5
            if j > i and title_to_kind(atom.text):
                score -= 4.0  # 民法典 / 物权编: two headings, not one over two lines
        elif "，" in text:
            score -= 2.0 if not has_verb(text) else 0.0
        if not self.atoms[j].last and not (j + 1 < len(self.atoms) and self._ends_here(j + 1)):
            score -= 3.0
        if not atom.first and not (i and (self.numbers[i - 1] or self.names[i - 1])):
            score -= 3.0
        if self.names[i] and i == j and title_to_kind(text) is None:
            score -= 2.5
        if paragraphs and self._is_doubled(i, j):
            score -= 6.0  # the page's title and the document's own
        # a title over several lines: the first ones are no titles themselves, or what follows is no title alone
        return score + 1.2 - 0.4 * paragraphs

    def _is_doubled(self, i: int, j: int) -> bool:
        """Whether one of the atoms `i` to `j` says what the first one, or all but the first, say already."""
        first, rest = title_letters(self.texts[i]), title_letters("".join(self.texts[i + 1 : j + 1]))
        last = title_letters(self.texts[j])
        again = len(first) >= _SHORTEST_ECHO and first in rest
        return again or (j > i and len(last) >= _SHORTEST_ECHO and last in first)

    def _ends_here(self, k: int) -> bool:
        """Whether atom `k` is what a title cannot go on with, so that one may end before it inside a paragraph."""
        text = self.texts[k]
        return bool(self.numbers[k] or self.words.title_date.fullmatch(text) or text.endswith(("：", ":")))

    def _below_title(self, i: int, way: tuple[_Piece, ...]) -> Iterator[_Piece]:
        text, forms = self.texts[i], self.words
        if self.atoms[i].kind is LineKind.HEADING:
            if self.atoms[i].level <= 1 and not begins_item(text):
                yield _Piece("front", i, i + 1, 0.8, _TITLED)  # 民法典 / 物权编: the part that the file holds
            return
        if forms.title_date.fullmatch(text):
            yield _Piece("titledate", i, i + 1, 3.0, _TITLED)
        elif self.atoms[i].first and forms.law_note.match(self._paragraph(i)):
            yield _Piece("note", i, self._last_of(i), 3.5, _TITLED)
        elif way and way[-1].kind == "note" and forms.law_note_more.match(self._paragraph(i)):
            yield _Piece("note", i, self._last_of(i), 3.0, _TITLED)
        if forms.spoken.fullmatch(text):
            yield _Piece("spoken", i, i + 1, 4.0, _TITLED)
        for j in range(i + 1, min(i + _SPEAKER_ATOMS, len(self.atoms)) + 1):
            if forms.speaker.fullmatch("".join(self.texts[i:j])):
                yield _Piece("speaker", i, j, 3.0, _TITLED)
        j = i
        while j < min(i + _NAMES, len(self.atoms)) and self.names[j]:
            j += 1
        dated = forms.dated.fullmatch(self.texts[j]) if i < j < len(self.atoms) else None
        if dated and not dated["names"]:
            yield _Piece("signed", i, j + 1, 3.5, _TITLED)

    # -- what the pieces are -------------------------------------------------------------------------------------------

    def _put(self, head: Head, piece: _Piece) -> None:
        first, last = self.atoms[piece.first], self.atoms[piece.last - 1]
        run = self.atoms[piece.first : piece.last]
        whole = Element("".join(a.text for a in run), first.start, last.end)
        if piece.kind == "title":
            self._put_title(head, run)
        elif piece.kind == "echo" and head.title and len(whole.text) > len(head.title.text):
            again = Head()
            self._put_title(again, run)
            # the page's title lacks the issuer that the document's own has
            if again.title and len(again.title.text) > len(head.title.text):
                head.title = again.title
        elif piece.kind == "number":
            head.number = head.number or Element(self.numbers[piece.first] or "", first.start, first.end)
        elif piece.kind == "issue":
            head.number = head.number or whole
        elif piece.kind == "order":
            self._put_order(head, whole)
        elif piece.kind in ("mark", "lettered"):
            self._put_mark(head, run)
        elif piece.kind == "recipients":
            head.recipients = Element(whole.text[:-1], whole.start, whole.end - 1)
        elif piece.kind == "titledate":
            head.title_date = whole
        elif piece.kind == "note":
            head.notes.append(whole)
        elif piece.kind == "spoken":
            head.spoken = whole
        elif piece.kind == "speaker":
            head.speaker = whole
        elif piece.kind == "signed":
            head.signature = tuple(Element(a.text, a.start, a.end) for a in run[:-1])
            head.date = Element(last.text, last.start, last.end)
        elif piece.kind == "meta":
            self._put_meta(head, run)
        else:
            head.front.append(whole)

    def _put_title(self, head: Head, run: list[Atom]) -> None:
        text, start, end = run_to_title(run), run[0].start, run[-1].end
        if dated := self.words.title_date.search(text):
            head.title_date = Element(dated["day"], end - (len(text) - dated.start("day")), end)
            end -= len(text) - dated.start()
            text = text[: dated.start()].rstrip()
        if numbered := self.words.run.match(text):
            start, text = start + numbered.end(), text[numbered.end() :]
        head.title = Element(text.strip(), start, max(start, end))

    def _put_order(self, head: Head, whole: Element) -> None:
        found = self.words.order.fullmatch(whole.text)
        if found is None or head.number is not None:
            return
        body = found["body"].strip()
        head.mark = (Element(body, whole.start, whole.start + len(found["body"])),)
        number = "".join(whole.text.split())
        # 中华人民共和国国务院令 is cited as 国务院令; the President's orders keep the state's name
        short = number.removeprefix("中华人民共和国")
        head.number = Element(number if short.startswith("主席") else short, whole.start, whole.end)

    def _put_mark(self, head: Head, run: list[Atom]) -> None:
        names = []
        for atom in run:
            if number := number_alone(atom.text):
                head.number = head.number or Element(number, atom.start, atom.end)
                continue
            mark = self.words.mark.fullmatch(atom.text)
            names.append(
                Element(mark["names"], atom.start, atom.start + mark.end("names"))
                if mark
                else Element(atom.text, atom.start, atom.end)
            )
        head.mark = head.mark or tuple(names)

    def _put_meta(self, head: Head, run: list[Atom]) -> None:
        text = "".join(a.text for a in run if a.paragraph == run[0].paragraph).replace(":", "：", 1)
        label, _, value = text.partition("：")
        key = self.words.labels.get(label.replace(" ", "").replace("\u3000", "").strip("【】[]"))
        below = [a for a in run if a.paragraph != run[0].paragraph]
        at = run[0].start + len(label) + 1 if value.strip() or not below else below[0].start
        words_ = value.strip() or "".join(a.text for a in below)
        if key and words_:
            head.meta.append((key, Element(words_, at, run[-1].end)))


def is_body(text: str) -> bool:
    """Whether a paragraph is the body's: a numbered heading, or a sentence."""
    if begins_item(text):
        return True
    return len(text) >= _MIN_SENTENCE and text[-1] in "。；：:" and ("，" in text or "。" in text)
