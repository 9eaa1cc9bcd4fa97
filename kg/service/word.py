"""Word documents (docx) with real footnotes, set as GB/T 9704 sets a 公文: A4, 仿宋 16 pt, 28 pt from line to line.

python-docx writes the document; footnotes, which it does not know (1.2), are a part of their own that is added here
(ECMA-376 part 1, 17.11). Fonts are named, not embedded; an office without 仿宋 shows its own serif type.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_CITED = re.compile(r"(\[\d{1,3}\])")
_NOT_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"

BODY, TITLE, HEADING = "仿宋_GB2312", "方正小标宋简体", "黑体"
_SIZE, _TITLE_SIZE, _TABLE_SIZE, _NOTE_SIZE = 16, 22, 10.5, 9  # points: 三号, 二号, 五号, 小五
_LINE = 28  # points from line to line
_EDGES = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # mm: GB/T 9704-2012, 5.2
_NARROW, _BROAD = 4, 24  # characters of a column that decide its share of the width
_STANDING_NOTES = (("-1", "separator", "separator"), ("0", "continuationSeparator", "continuationSeparator"))


def readable(text: object) -> str:
    """Text without the control characters that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def _widths(rows: Sequence[Sequence[Any]]) -> list[float]:
    """Millimetres for each column, together the width of the text: by the longest cell, within bounds."""
    lengths = [
        max(len(readable("" if value is None else value)) for value in column) for column in zip(*rows, strict=True)
    ]
    shares = [min(max(length, _NARROW), _BROAD) for length in lengths]
    room = 210 - _EDGES["left"] - _EDGES["right"]
    return [room * share / sum(shares) for share in shares]


class WordReport:
    """A report that grows from top to bottom; `data()` gives the file."""

    def __init__(self, title: str) -> None:
        import docx
        from docx.shared import Mm

        self._document: Document = docx.Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for edge, width in _EDGES.items():
            setattr(section, f"{edge}_margin", Mm(width))
        self._document.core_properties.title = readable(title)[:250]
        self._document.core_properties.author = "policykg"
        self._styles()
        self._page_number()
        self._notes: list[str] = []
        self._paragraph(title, style="Title")

    def heading(self, text: str) -> None:
        """A heading of the first level: 一、二、三、 is up to the caller."""
        self._paragraph(text, style="Heading 1")

    def paragraph(self, text: str, notes: Sequence[str] = ()) -> None:
        """A paragraph of the body for each line of the text; footnotes hang on the end of the last one."""
        lines = [line for line in readable(text).split("\n") if line.strip()] or [""]
        for number, line in enumerate(lines, start=1):
            paragraph = self._paragraph(line)
            if number == len(lines):
                for position, note in enumerate(notes):
                    self._refer(paragraph, note, after_another=position > 0)

    def cited(self, text: str, notes: Mapping[int, str]) -> None:
        """Paragraphs in which `[2]` stands where the second note is to hang: a footnote at its claim.

        A note that the text does not name hangs on the end of it; a number without a note stays as it is.
        """
        lines = [line for line in readable(text).split("\n") if line.strip()] or [""]
        used: dict[int, int] = {}
        for line in lines:
            paragraph = self._document.add_paragraph(style="Normal")
            before_was_note = False
            for part in _CITED.split(line):
                number = int(part[1:-1]) if _CITED.fullmatch(part) else 0
                if number in notes:
                    note = f"同注{used[number]}。" if number in used else notes[number]
                    self._refer(paragraph, note, after_another=before_was_note)
                    used.setdefault(number, len(self._notes))
                    before_was_note = True
                elif part:
                    paragraph.add_run(part)
                    before_was_note = False
        for number in sorted(set(notes) - set(used)) if not used else ():
            self._refer(paragraph, notes[number], after_another=number > min(notes))

    def small(self, text: str) -> None:
        """A line of small type: what an answer rests on."""
        self._paragraph(text, style="Table Text")

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """A table with a header that is repeated on each page."""
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.oxml import OxmlElement
        from docx.shared import Mm

        shown = self._document.add_table(rows=1 + len(rows), cols=len(columns), style="Table Grid")
        shown.alignment, shown.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        widths = [Mm(width) for width in _widths([columns, *rows])]
        for row, values in zip(shown.rows, [columns, *rows], strict=True):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  no public way
            for cell, value, width in zip(row.cells, values, widths, strict=True):
                cell.width = width
                cell.paragraphs[0].style = self._document.styles["Table Text"]
                cell.paragraphs[0].add_run(readable("" if value is None else value)).bold = values is columns
        shown.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  no public way
        self._document.add_paragraph(style="Table Text")

    def data(self) -> bytes:
        """The file."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        part = self._document.part
        if self._notes:
            notes = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, self._footnotes(), part.package)
            part.relate_to(notes, _FOOTNOTES)
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _paragraph(self, text: str, style: str = "Normal") -> Paragraph:
        return self._document.add_paragraph(readable(text), style=style)

    def _refer(self, paragraph: Paragraph, note: str, *, after_another: bool) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        if after_another:
            paragraph.add_run("，", style="Footnote Reference")
        self._notes.append(readable(note))
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(len(self._notes)))
        paragraph.add_run(style="Footnote Reference")._r.append(reference)  # noqa: SLF001  no public way

    def _footnotes(self) -> bytes:
        from lxml import etree

        def add(parent: Any, name: str, **attributes: str) -> Any:
            return etree.SubElement(parent, f"{{{_W}}}{name}", {f"{{{_W}}}{key}": v for key, v in attributes.items()})

        root = etree.Element(f"{{{_W}}}footnotes", nsmap={"w": _W})
        for identifier, kind, sign in _STANDING_NOTES:  # the line above the notes, which Word wants to find
            add(add(add(add(root, "footnote", type=kind, id=identifier), "p"), "r"), sign)
        for number, text in enumerate(self._notes, start=1):
            paragraph = add(add(root, "footnote", id=str(number)), "p")
            add(add(paragraph, "pPr"), "pStyle", val="FootnoteText")
            run = add(paragraph, "r")
            add(add(run, "rPr"), "rStyle", val="FootnoteReference")
            add(run, "footnoteRef")
            words = add(add(paragraph, "r"), "t")
            words.text = " " + text
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return xml

    def _styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        styles = self._document.styles
        for name in ("Table Text", "Footnote Text"):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER).font.superscript = True
        looks = (
            ("Normal", BODY, _SIZE, 2),
            ("Title", TITLE, _TITLE_SIZE, 0),
            ("Heading 1", HEADING, _SIZE, 2),
            ("Table Text", BODY, _TABLE_SIZE, 0),
            ("Footnote Text", BODY, _NOTE_SIZE, 0),
        )
        for name, font, size, indent in looks:
            self._look(styles[name], font, size, indent)
            layout = styles[name].paragraph_format
            layout.space_before = layout.space_after = Pt(0)
            layout.line_spacing = Pt(_LINE) if indent else Pt(36) if name == "Title" else 1.15
        styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        styles["Title"].paragraph_format.space_after = Pt(_LINE)

    @staticmethod
    def _look(style: Any, font: str, size: float, indent: int) -> None:
        """Type for Western and Chinese letters, black, and the first line in by so many characters."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), False, RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for name, value in (("ascii", "Times New Roman"), ("hAnsi", "Times New Roman"), ("eastAsia", font)):
            fonts.set(qn(f"w:{name}"), value)
        properties = style.element.get_or_add_pPr()
        for old in properties.findall(qn("w:pBdr")):  # the line under the template's title
            properties.remove(old)
        first = properties.get_or_add_ind()
        first.set(qn("w:firstLineChars"), str(indent * 100))
        first.set(qn("w:firstLine"), str(round(indent * size * 20)))  # for readers that do not count characters
        if style.name == "Title":
            properties.append(OxmlElement("w:keepNext"))

    def _page_number(self) -> None:
        """— 1 — in the middle of the foot of each page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        foot = self._document.sections[0].footer.paragraphs[0]
        foot.alignment, foot.style = WD_ALIGN_PARAGRAPH.CENTER, self._document.styles["Table Text"]
        foot.add_run("— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        number = OxmlElement("w:r")
        number.append(OxmlElement("w:t"))
        number[0].text = "1"  # until the reader's program counts
        field.append(number)
        foot._p.append(field)  # noqa: SLF001  no public way
        foot.add_run(" —")
