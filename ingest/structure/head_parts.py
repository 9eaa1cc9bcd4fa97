"""The pieces of a head to its elements, each with its words and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.structure.atoms import Atom
from ingest.structure.grammars import number_alone
from ingest.structure.head_forms import HeadForms, Piece
from ingest.structure.kinds import title_to_kind
from ingest.structure.model import Element
from ingest.structure.titles import run_to_title


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


def pieces_to_head(pieces: Sequence[Piece], forms: HeadForms, after: int) -> Head:
    """The elements; of two numbers or letterheads the first."""
    head = Head(after=after)
    for piece in pieces:
        _put(forms, head, piece)
    return head


def _put(forms: HeadForms, head: Head, piece: Piece) -> None:
    first, last = forms.atoms[piece.first], forms.atoms[piece.last - 1]
    run = forms.atoms[piece.first : piece.last]
    whole = Element("".join(a.text for a in run), first.start, last.end)
    if piece.kind == "title":
        _put_title(forms, head, run)
    elif piece.kind == "echo" and head.title and len(whole.text) > len(head.title.text):
        again = Head()
        _put_title(forms, again, run)
        # the page's title lacks the issuer that the document's own has
        if again.title and len(again.title.text) > len(head.title.text):
            head.title = again.title
    elif piece.kind == "number":
        head.number = head.number or Element(forms.numbers[piece.first] or "", first.start, first.end)
    elif piece.kind == "issue":
        head.number = head.number or whole
    elif piece.kind == "order":
        _put_order(forms, head, whole)
    elif piece.kind in ("mark", "lettered"):
        _put_mark(forms, head, run)
    elif piece.kind == "recipients":
        moved = whole.text[0] in "：:"
        words = whole.text[1:] if moved else whole.text[:-1]
        head.recipients = Element(words, whole.start + moved, whole.end - (not moved))
    elif piece.kind == "told":
        _put_told(forms, head, whole)
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
        _put_meta(forms, head, run)
    else:
        head.front.append(whole)


def _put_title(forms: HeadForms, head: Head, run: list[Atom]) -> None:
    text, start, end = run_to_title(run, forms.forms), run[0].start, run[-1].end
    if dated := forms.forms.find("header.title_date", text):
        head.title_date = Element(dated["day"], end - (len(text) - dated.start("day")), end)
        end -= len(text) - dated.start()
        text = text[: dated.start()].rstrip()
    if numbered := forms.forms.start("header.run", text):
        start, text = start + numbered.end(), text[numbered.end() :]
    head.title = Element(text.strip(), start, max(start, end))


def _put_told(forms: HeadForms, head: Head, whole: Element) -> None:
    """Issuer and title as the page's sentence tells them; a title that names its kind stays."""
    found = forms.forms.full("header.told", whole.text)
    if found is None or (head.title is not None and title_to_kind(head.title.text, forms.forms)):
        return
    names, title = found["names"], found["title"]
    head.mark = head.mark or (Element(names, whole.start + found.start("names"), whole.start + found.end("names")),)
    head.title = Element(title, whole.start + found.start("title"), whole.start + found.end("title"))


def _put_order(forms: HeadForms, head: Head, whole: Element) -> None:
    found = forms.forms.full("header.order", whole.text)
    if found is None or head.number is not None:
        return
    body = found["body"].strip()
    head.mark = (Element(body, whole.start, whole.start + len(found["body"])),)
    number = "".join(whole.text.split())
    # 中华人民共和国国务院令 is cited as 国务院令; the President's orders keep the state's name
    short = number.removeprefix("中华人民共和国")
    head.number = Element(number if short.startswith("主席") else short, whole.start, whole.end)


def _put_mark(forms: HeadForms, head: Head, run: list[Atom]) -> None:
    names = []
    for atom in run:
        if number := number_alone(atom.text, forms.forms):
            head.number = head.number or Element(number, atom.start, atom.end)
            continue
        mark = forms.forms.full("header.mark", atom.text)
        names.append(
            Element(mark["names"], atom.start, atom.start + mark.end("names"))
            if mark
            else Element(atom.text, atom.start, atom.end)
        )
    head.mark = head.mark or tuple(names)


def _put_meta(forms: HeadForms, head: Head, run: list[Atom]) -> None:
    text = "".join(a.text for a in run if a.paragraph == run[0].paragraph).replace(":", "：", 1)
    label, _, value = text.partition("：")
    key = forms.labels.get(label.replace(" ", "").replace("\u3000", "").strip("【】[]"))
    below = [a for a in run if a.paragraph != run[0].paragraph]
    at = run[0].start + len(label) + 1 if value.strip() or not below else below[0].start
    words_ = value.strip() or "".join(a.text for a in below)
    if key and words_:
        head.meta.append((key, Element(words_, at, run[-1].end)))
