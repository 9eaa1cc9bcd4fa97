"""Where a file that holds several documents is cut: each part has the heading of a document of its own.

Two kinds of files are known. A collector numbers what is put behind each other and adds the date to each title
(9.甲市…的通知（2023年4月11日）), with the number of the document or its recipients below. Or whole documents simply
follow each other, each with its title, its number and whom it is sent to. What one document sends out, forwards or
has annexed is no part. Wherever something does not fit there are no parts: the file is told instead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.compilation import LONGEST_TITLE, begun, forwards, is_addressed
from ingest.structure.grammars import number_alone, numbers_in
from ingest.structure.kinds import is_statutory, title_to_kind
from ingest.structure.titles import has_verb, title_letters
from ontology.forms import Forms

_LINES = 5  # paragraphs over which a title may run
_BELOW = 3  # paragraphs below a title among which number and recipients stand
_SHORTEST = 6  # letters of a title
_LEAST = 80  # characters of a part: less is an entry of a list
_LEAD = 1500  # characters in which a document names what it sends out
_ABOVE = 3  # paragraphs above a title among which 附件 stands

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Heading:
    """The heading of a document: `run` is the collector's number, `firm` what more than its title speaks for it."""

    start: int
    end: int
    title: str
    run: int | None
    firm: bool


def parts_in(clean: CleanText, forms: Forms) -> tuple[Range, ...]:
    """The ranges of the documents of a file, at least two; empty for a file that is not to be cut."""
    paragraphs = [p for p in clean.paragraphs if p.kind is not LineKind.ROW]
    listed = list(_listed(clean, paragraphs, forms))
    headings = _in_sequence(listed) if sum(h.firm for h in listed) > 1 else _apart(clean, paragraphs, forms)
    if len(headings) < 2 or "。" in clean.text[: headings[0].start]:
        return ()
    ends = [*(h.start for h in headings[1:]), len(clean.text)]
    if any(not _has_body(clean.text[h.end : end]) for h, end in zip(headings, ends, strict=True)):
        return ()
    return tuple((h.start, end) for h, end in zip(headings, ends, strict=True))


def _has_body(text: str) -> bool:
    return len(text) >= _LEAST and "。" in text


# -- numbered by a collector ---------------------------------------------------------------------------------------


def _listed(clean: CleanText, paragraphs: list[Paragraph], forms: Forms) -> Iterator[_Heading]:
    """Titles with a running number before and a date in brackets behind them."""
    until = 0
    for i, p in enumerate(paragraphs):
        if p.start < until or not (run := forms.start("header.run", clean.of(p))):
            continue
        found = _dated_title(clean, paragraphs[i : i + _LINES], forms, run.end())
        if found is None:
            continue
        title, last, rest = found
        following = (clean.of(q) for q in paragraphs[i + last + 1 : i + last + 1 + _BELOW])
        below = [rest, *takewhile(lambda text: not forms.start("header.run", text), following)]
        firm = any(_begins_with_number(text, forms) or is_addressed(text, forms) for text in below if text)
        until = paragraphs[i + last].end
        number = int("".join(c for c in run[0] if c.isdigit()))
        yield _Heading(p.start, until - len(rest), title, number, firm)


def _dated_title(clean: CleanText, paragraphs: list[Paragraph], forms: Forms, skip: int) -> tuple[str, int, str] | None:
    """The title that begins here and ends in a date, its last paragraph, and what follows the date in that one."""
    joined = ""
    for n, p in enumerate(paragraphs):
        if n and forms.start("header.run", clean.of(p)):  # the next entry of a list
            return None
        joined += clean.of(p)[skip if n == 0 else 0 :]
        if (dated := forms.find("header.title_date_inside", joined)) is None:
            if len(joined) > LONGEST_TITLE or "。" in joined:
                return None
            continue
        title = joined[: dated.start()]
        named = has_verb(title) or title_to_kind(title, forms) is not None
        if not named or "。" in title or not _SHORTEST <= len(title) <= LONGEST_TITLE:
            return None
        return title, n, joined[dated.end() :].strip()
    return None


def _begins_with_number(text: str, forms: Forms) -> bool:
    found = numbers_in(text[:LONGEST_TITLE], forms)
    return bool(found) and found[0][0] == 0


def _in_sequence(listed: list[_Heading]) -> list[_Heading]:
    """Those that are numbered on from one firm heading to the next; none where a number is left out.

    A heading that only its title speaks for belongs to the sequence where it fills a gap between two firm ones,
    or goes on at one of its ends.
    """
    firm = [n for n, h in enumerate(listed) if h.firm]
    first, last = firm[0], firm[-1]
    chain = [listed[first]]
    for n in range(first + 1, last + 1):
        if listed[n].firm or _follows(chain[-1], listed[n]):
            chain.append(listed[n])
    while first and _follows(listed[first - 1], chain[0]):
        first -= 1
        chain.insert(0, listed[first])
    while last + 1 < len(listed) and _follows(chain[-1], listed[last + 1]):
        last += 1
        chain.append(listed[last])
    whole = all(_follows(a, b) or b.run == 1 for a, b in pairwise(chain))
    return chain if whole else []


def _follows(before: _Heading, after: _Heading) -> bool:
    return before.run is not None and after.run == before.run + 1


# -- one behind the other ------------------------------------------------------------------------------------------


def _apart(clean: CleanText, paragraphs: list[Paragraph], forms: Forms) -> list[_Heading]:
    """The headings of documents that follow each other; none where one of them may be no document of its own."""
    found: dict[int, _Heading] = {}
    for i, p in enumerate(paragraphs):
        heading = _numbered(clean, paragraphs, i, forms) if clean.text.find("号", p.start, p.end) >= 0 else None
        heading = heading or _signed_off(clean, paragraphs, i, forms)
        if heading is not None:
            found.setdefault(heading.start, heading)
    ordered = sorted(found.values(), key=lambda h: h.start)
    own: list[_Heading] = []
    sends = False  # whether the last heading, a document's own or not, is of one that sends out another
    for n, heading in enumerate(ordered):
        if n and heading.start < ordered[n - 1].end:  # the same one, found again
            continue
        inside = sends or any(
            _belongs(clean, paragraphs, one, heading, forms) for one in {*own[-1:], *ordered[max(n - 1, 0) : n]}
        )
        sends = forwards(heading.title)
        if not inside:
            own.append(heading)
    return own if all(h.firm for h in own) else []


def _numbered(clean: CleanText, paragraphs: list[Paragraph], i: int, forms: Forms) -> _Heading | None:
    """The heading that the number in paragraph `i` belongs to: its title above it, or, below a letterhead, under it."""
    above = begun(clean, paragraphs, i, forms)
    if above is not None:
        _, start, sent = above
        first = _at(paragraphs, start)
        title = clean.text[start : paragraphs[i].start] or clean.of(paragraphs[i])
        closed = first == 0 or _closes(clean.of(paragraphs[first - 1]), forms)
        return _Heading(_mark_above(clean, paragraphs, first, forms), paragraphs[i].end, title, None, sent or closed)
    if number_alone(clean.of(paragraphs[i]), forms) is None:
        return None
    titled = _title_from(clean, paragraphs, i + 1, forms)
    if titled is None:
        return None
    return _Heading(_mark_above(clean, paragraphs, i, forms), paragraphs[titled[1]].end, titled[0], None, firm=True)


def _signed_off(clean: CleanText, paragraphs: list[Paragraph], i: int, forms: Forms) -> _Heading | None:
    """A title with recipients right below it where a document was just signed and dated, or where the file begins.

    Where it does not begin the file it names who issued it: what is forwarded often stands under its subject alone.
    """
    titled = _title_from(clean, paragraphs, i, forms)
    if titled is None or (i and not forms.full("header.name_line", titled[0].partition("关于")[0])):
        return None
    if i and not any(_closes(clean.of(p), forms) for p in paragraphs[max(i - 2, 0) : i]):
        return None
    return _Heading(paragraphs[i].start, paragraphs[titled[1]].end, titled[0], None, firm=True)


def _title_from(clean: CleanText, paragraphs: list[Paragraph], i: int, forms: Forms) -> tuple[str, int] | None:
    """The title that begins with paragraph `i` and has recipients right below it, and its last paragraph."""
    joined = ""
    for k in range(i, min(i + _LINES, len(paragraphs) - 1)):
        joined += clean.of(paragraphs[k])
        if len(joined) > LONGEST_TITLE or "。" in joined:
            return None
        titled = "关于" in joined and is_statutory(title_to_kind(joined, forms), forms)
        if titled and is_addressed(clean.of(paragraphs[k + 1]), forms):
            return joined, k
    return None


def _mark_above(clean: CleanText, paragraphs: list[Paragraph], first: int, forms: Forms) -> int:
    """Where a heading begins: with the letterhead above it (甲市人民政府文件), where there is one."""
    if first and forms.full("header.mark", clean.of(paragraphs[first - 1])):
        first -= 1
    return paragraphs[first].start


def _closes(text: str, forms: Forms) -> bool:
    """Whether a line is one that documents end in: the day, who printed it, how it is made public."""
    text = text.strip()
    return bool(
        forms.full("header.dated", text) or forms.start("header.printed", text) or forms.start("header.copy_to", text)
    )


def _belongs(clean: CleanText, paragraphs: list[Paragraph], before: _Heading, heading: _Heading, forms: Forms) -> bool:
    """Whether what a heading opens is annexed to the document before it, or named by it as what it sends out."""
    named = title_letters(heading.title[max(heading.title.find("关于"), 0) :])
    lead = clean.text[before.end : min(before.end + _LEAD, heading.start)]
    if named in title_letters(before.title)[:-1] or named in title_letters(lead):
        return True
    at = _at(paragraphs, heading.start)
    return any(forms.full("header.annex", clean.of(p).strip()) for p in paragraphs[max(at - _ABOVE, 0) : at])


def _at(paragraphs: list[Paragraph], start: int) -> int:
    """Which paragraph begins at a position."""
    return bisect_left(paragraphs, start, key=lambda p: p.start)
