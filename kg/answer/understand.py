"""Text -> Question: documents, years, places, bodies, series and policies, each mended and put in context."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.answer.bodies import bare, composed, sectors, settle, tiered
from kg.answer.focus import asks, content
from kg.answer.lexicon import Body, Concept, Doc, Place, Policy
from kg.answer.mend import mend
from kg.answer.names import LONGEST, Names
from kg.answer.question import BodyMention, Question
from kg.answer.text import clean, plain
from kg.answer.years import find_years
from kg.core.ids import number_key, title_key

_FEW = 3  # documents that one name may mean; more is no name
_SHORTEST_FIT, _LONGEST_FIT = 4, 16
LIMIT = 240
"""Characters of a question that are read; what is longer is no question."""

_TITLE = re.compile(r"《([^《》]{1,120}(?:〈[^〈〉]*〉[^《》]*)?)》")
_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』]{1,60})[”\"」』]")
_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,12})[〔\[(【„〈]\s*((?:19|20)\d\d)\s*[〕\])】‟”〉]\s*第?\s*(\d{1,5})\s*号")
_SERIAL = re.compile(r"(?<![\d第])第?(\d{1,4})号(?:文件?|通知|通报|令)?")
_ITEM = re.compile(r"第\s*(\d{1,3}|[一二三四五六七八九十]{1,3})\s*[项条个]")
_KINDS = (
    "通知",
    "通报",
    "方案",
    "安排表",
    "安排",
    "报告",
    "公告",
    "意见",
    "办法",
    "条例",
    "规定",
    "细则",
    "函",
    "决定",
)
_NATION = re.compile(
    r"国家(?:层面|级|的|发|发布|文件|通知|方案|、|和|与|,|，|质量月|活动|今年|$)|全国|总局(?:的|"
    r"发)|中央(?:层面|的)|部委"
)
_CITY = re.compile(r"全市|本市|市级|市里|我市|市层面")


@dataclass(slots=True)
class _Reading:
    """What is being recognised; `text` loses what was taken."""

    names: Names
    text: str
    places: list[Place] = field(default_factory=list)
    bodies: list[BodyMention] = field(default_factory=list)
    series: list[Concept] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    documents: list[Doc] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    nation: bool = False
    tail_places: list[Place] = field(default_factory=list)
    titles: frozenset[str] = frozenset()  # what stands in 《》


def understand(raw: str, names: Names) -> Question:
    """Understand a question. Any text gives a `Question`, if need be an empty one."""
    text = clean(raw)
    cut = len(text) > LIMIT
    text = text[:LIMIT]
    notes: list[str] = [f"只读取了前{LIMIT}个字"] if cut else []
    titles = _TITLE.findall(text)
    quoted = _QUOTED.findall(text)
    numbers, unknown_numbers, rest = _numbers(text, names)
    years = find_years(plain(rest), [d.year for d in names.lexicon.documents if d.year and d.announces])
    flat, mended = mend(years.rest, names)
    notes += [f"把“{wrong}”理解为“{right}”" for wrong, right in mended]
    if years.note:
        notes.append(years.note)
    reading = _Reading(names, flat, documents=list(numbers), titles=frozenset(map(plain, titles)))
    _serials(reading, years.years)
    _scan(reading)
    found_bodies = tuple(settle(mention, reading.places, years.years, names) for mention in reading.bodies)
    places = _places(reading)
    documents = _documents(reading, about_activities=bool(years.years or places or found_bodies))
    named = {title_key(form) for p in reading.policies for form in (p.title, p.number, *p.names, *p.local) if form}
    named |= {title_key(d.title) for d in reading.documents}
    unknown = tuple(t for t in titles if not any(title_key(t) in n or n in title_key(t) for n in named if n))
    item = _ITEM.search(flat)
    return Question(
        text=text,
        flat=plain(text) if not mended else _apply(plain(text), mended),
        rest=reading.text,
        asks=asks(_apply(plain(_TITLE.sub("《》", text)), mended)),
        years=years.years,
        span=years.span,
        places=places,
        nation=reading.nation or bool(_NATION.search(flat)),
        bodies=found_bodies,
        series=tuple(dict.fromkeys(reading.series)) if reading.series else _series_by_pattern(flat, names),
        policies=tuple({id(p): p for p in reading.policies}.values()),
        documents=documents,
        unknown_titles=unknown,
        unknown_numbers=tuple(unknown_numbers),
        kinds=tuple(kind for kind in _KINDS if kind in flat),
        quoted=tuple(quoted),
        number=item[1] if item else None,
        notes=(*notes, *reading.notes, *(m.assumed for m in found_bodies if m.assumed)),
        content=tuple(content(reading.text)),
    )


def _documents(reading: _Reading, *, about_activities: bool) -> tuple[Doc, ...]:
    """The documents named. A held law beside a year, a place or a body is what an activity is about, not its source.

    The title of a document that is meant says where to look, not what for: it leaves the text.
    """
    kept = [doc for doc in reading.documents if doc.announces or not about_activities]
    for doc in kept:
        for form in (plain(doc.title), title_key(doc.title)):
            reading.text = reading.text.replace(form, " ")
    return tuple({doc.id: doc for doc in kept}.values())


def _apply(text: str, mended: list[tuple[str, str]]) -> str:
    for wrong, right in mended:
        text = text.replace(wrong, right)
    return text


def _numbers(text: str, names: Names) -> tuple[list[Doc], list[str], str]:
    """Documents by their number, numbers that no document bears, and the text without those that do."""
    held = {number_key(d.number): d for d in names.lexicon.documents if d.number}
    cited = {number_key(p.number): p for p in names.lexicon.policies if p.number}
    found: list[Doc] = []
    unknown: list[str] = []
    rest = text
    for match in _NUMBER.finditer(text):
        tails = [f"{match[1][i:]}|{match[2]}|{match[3]}号" for i in range(len(match[1]))]
        key = next((k for k in tails if k in held), None)
        if key:
            found.append(held[key])
            rest = rest.replace(match[0][tails.index(key) :], " ")
        elif key := next((k for k in tails if k in cited), None):
            # stays in the text in the form under which the policy is looked up
            rest = rest.replace(match[0][tails.index(key) :], plain(cited[key].number or ""))
        else:
            unknown.append(match[0])
    return found, unknown, rest


def _serials(reading: _Reading, years: tuple[int, ...]) -> None:
    """72号文: the serial number of a held document, or of a cited order (75号令)."""
    for match in _SERIAL.finditer(reading.text):
        serial = re.compile(rf"(?<!\d){match[1]}号$")
        docs = [d for d in reading.names.lexicon.documents if d.number and serial.search(d.number)]
        docs = [d for d in docs if not years or d.year in years or any(str(y) in (d.number or "") for y in years)]
        policies = [p for p in reading.names.lexicon.policies if p.mentioned and p.number and serial.search(p.number)]
        if docs and (len(docs) <= _FEW or not policies):
            reading.documents += docs[:_FEW]
        elif policies:
            reading.policies += policies[:_FEW]
        else:
            continue
        reading.text = reading.text.replace(match[0], " ", 1)


def _scan(reading: _Reading) -> None:
    """Leftmost-longest names; what was recognised is taken out of the text, series and policies stay as content."""
    names, text = reading.names, reading.text
    out: list[str] = []
    at = 0
    while at < len(text):
        step, keep = _at(reading, text, at)
        if step:
            out.append(text[at : at + step] if keep else " ")
            at += step
        else:
            out.append(text[at])
            at += 1
    del names
    reading.text = "".join(out)


def _at(reading: _Reading, text: str, at: int) -> tuple[int, bool]:
    """How many characters are a name here, and whether they stay in the text as content."""
    names = reading.names
    several = sectors(text, at, names)
    if several is not None:
        reading.bodies.append(several[0])
        return several[1], False
    best: tuple[int, list[object]] = (0, [])
    for length in range(min(LONGEST, len(text) - at), 1, -1):
        if things := names.surfaces.get(text[at : at + length]):
            best = (length, list(things))
            break
    here = [thing for thing in best[1] if isinstance(thing, Place)]
    made = composed(text, at, best[0] if here else 0, here, names)
    if made is not None and made[1] > best[0]:
        reading.bodies.append(made[0])
        reading.tail_places += here
        return made[1], False
    by_tier = tiered(text, at, names)
    if by_tier is not None and by_tier[1] > best[0] and not _cut(text, at, by_tier[1], names):
        reading.bodies.append(by_tier[0])
        return by_tier[1], False
    alone = bare(text, at, reading.places or reading.tail_places, names) if not best[0] else None
    if alone is not None:
        reading.bodies.append(alone[0])
        return alone[1], False
    if not best[0] or (all(isinstance(thing, Body) for thing in best[1]) and _cut(text, at, best[0], names)):
        return 0, False
    return best[0], _take(reading, text[at : at + best[0]], best[1])


def _cut(text: str, at: int, length: int, names: Names) -> bool:
    """Whether a longer name begins inside these words and ends behind them: 区政府 in 区政府质量奖获奖组织."""
    end = at + length
    return any(
        text[start:stop] in names.surfaces
        for start in range(at + 1, end)
        for stop in range(end + 1, min(start + LONGEST, len(text)) + 1)
    )


def _take(reading: _Reading, surface: str, things: list[object]) -> bool:
    if surface in _KINDS and surface not in reading.titles:
        # 《安排》 may be what one document calls a policy; 安排 is an ordinary word
        things = [thing for thing in things if not isinstance(thing, Policy)]
        if not things:
            return True
    bodies = tuple(thing for thing in things if isinstance(thing, Body))
    places = [thing for thing in things if isinstance(thing, Place)]
    if docs := [thing for thing in things if isinstance(thing, Doc)]:
        if len(docs) <= _FEW:
            reading.documents += docs
        policies = [thing for thing in things if isinstance(thing, Policy)]
        reading.policies += policies
        return True
    if policies := [thing for thing in things if isinstance(thing, Policy)]:
        reading.policies += policies
        return True
    if concepts := [thing for thing in things if isinstance(thing, Concept)]:
        reading.series += concepts
        return True
    if places:
        reading.places += _fit(places)
        return False
    if bodies:
        reading.bodies.append(BodyMention(surface, bodies))
    return False


def _fit(places: list[Place]) -> list[Place]:
    """Of places that share a name, those that documents touch; else the highest."""
    if len(places) > 1 and (held := [place for place in places if place.held]):
        return held[:1]
    return places[:1]


def _places(reading: _Reading) -> tuple[Place, ...]:
    places = [*reading.places]
    if _CITY.search(reading.text) and not places:
        cities = {d.qualified for d in reading.names.lexicon.documents if d.level in ("市", "省") and d.announces}
        places += [reading.names.places[q] for q in sorted(c for c in cities if c) if q in reading.names.places]
    if any(place.level == "国家" for place in places):
        reading.nation = True
    kept = [place for place in places if place.level != "国家"]
    return tuple({place.qualified: place for place in kept}.values())


def _series_by_pattern(flat: str, names: Names) -> tuple[Concept, ...]:
    """A series whose title pattern fits the question's words, the longest fit first."""
    best: tuple[int, Concept] | None = None
    for concept in names.lexicon.series:
        for pattern in concept.patterns:
            match = re.search(pattern, flat)
            if match is None or set(match[0]) & set(",，"):
                continue
            if _SHORTEST_FIT <= len(match[0]) <= _LONGEST_FIT and (best is None or len(match[0]) > best[0]):
                best = (len(match[0]), concept)
    return (best[1],) if best else ()
