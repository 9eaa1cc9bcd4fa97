"""The names in a question: documents, policies, bodies, places, series, kinds of documents.

Names of bodies are resolved by the one resolver (`ontology.names`), in the words of each place that the question or
the documents speak of; what documents write out is known as written, and a short form by its characters in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.ask.folded import Body
from kg.ask.library import Library
from kg.ask.numbered import TIERS, propose_numbered
from kg.ask.question import Span
from kg.ask.text import plain
from kg.ask.words import cuts_of, is_noun
from kg.core.facts import KINDS
from kg.core.ids import title_key
from kg.core.model import Party, PartyKind
from kg.core.numerals import whole_number
from kg.core.text import in_order
from ontology.names import Context
from ontology.places.record import PlaceRecord
from ontology.records import NATION

_TIED = re.compile(r"[和与跟同及、]|以及")
_KEPT = re.compile(r"[\u3400-\u9fffA-Za-z0-9]")
_SHORT_BODY = re.compile(r"[区市县省州盟旗国][\u4e00-\u9fff]{1,9}?(?:局|委|办|厅|部|院|会|组|中心|队|社)")
_STATE = re.compile(
    r"全国(?!人大|政协|人民|总工会|妇联|工商联|性|社会|各)|国家(?=、|和|与|层面|的?(?:这份|那份)?(?:通知|文件|方案|质量月))"
)
_CHAIN_TAIL = re.compile(r"(?:[两二三四五六七八九十]+[地省市区])?(?:[\u4e00-\u9fff]{2,10}?)(?:部门|局|委|厅)")
_MEMBERS = re.compile(r"各(?:有关)?[\u4e00-\u9fff]{1,8}")
_LONGEST_KIND = 6
_MOST_ITEMS = 1_000
_AFTER_KIND = "$|[里中的有是哪什由、，,。？?和与都规提引依根落怎对要写给谁说讲上文]|\\d"  # 标准化 names no 标准

_AFTER_SUBJECT = _AFTER_KIND + "|[在于几何开召举定]"


def propose_names(text: str, library: Library) -> Iterator[Span]:
    """Every name that may be meant; those that overlap are told apart by whoever reads all."""
    places = list(_places(text, library))
    yield from places
    yield from _titles(text, library)
    yield from propose_numbered(text, library)
    yield from _items(text)
    yield from _series(text, library)
    yield from _kinds(text, library)
    bodies = _merged(_bodies(text, library, tuple(dict.fromkeys(span.value for span in places))), library)
    yield from (body for body in bodies if not _attended(body, places, library))


def propose_shared(text: str, proposed: Sequence[Span], library: Library) -> Iterator[Span]:
    """The documents of several places that share the rest of a title: 漯河市与|南阳市的城市绿化条例.

    A place that stands beside the title of another place means the document of the same name, where one is held.
    """
    places = {span.end: span for span in proposed if span.kind == "place"}
    for title in proposed:
        own = next((p for p in places.values() if p.start == title.start and p.end < title.end), None)
        if title.kind != "title" or own is None:
            continue
        rest, at = text[own.end : title.end].removeprefix("的"), title.start
        while (tie := _TIED.search(text, max(0, at - 2), at)) and tie.end() == at and tie.start() in places:
            place = places[tie.start()]
            name = place.value.removeprefix("全国") if place.value else place.text
            keys = (title_key(place.text + rest), *(title_key(name[n:] + rest) for n in range(len(name) - 1)))
            docs = next((held for key in keys if (held := library.names.titled(key))), None)
            if docs:
                yield Span(place.start, place.end, "title", tuple(doc.id for doc in docs), place.text)
            else:  # none is held: a name that no text has, so that nothing is told of another document
                yield Span(place.start, place.end, "quoted", place.text + rest, place.text + rest)
            at = place.start


_BARE = 2


def _places(text: str, library: Library) -> Iterator[Span]:
    index, held = library.resolver.places, library.names.held_places
    near = [library.place(place) for place in library.names.main_places[:4]]
    position, named, cuts = 0, "", cuts_of(text)
    while position < len(text):
        matches = [m for place in (library.place(named), *near, None) if (m := index.at(text, place, position))]
        matches = [m for m in matches if not m.doubtful or m.place.qualified in held]
        matches = [
            m for m in matches if m.whole or not library.forms.start("place.longer", text[position + m.length :])
        ]
        if position not in cuts:  # 医|保定|点: no word begins or ends where 保定 does
            matches = [m for m in matches if m.whole or position + m.length in cuts]
        if named or library.forms.find("said.a_thing", text[:position]):
            matches = [  # 开小店的, 阜阳的小店: no 小店区, which no document is of
                m
                for m in matches
                if m.whole
                or m.place.qualified in held
                or (named and library.within(m.place.qualified, named))
                or not is_noun(text[position : position + m.length])
            ]
        if not matches and (short := _short_city(text, position, near)):
            yield Span(position, position + 2, "place", short, text[position : position + 2])
            named, position = named or short, position + 2
            continue
        if not matches:
            position += 1
            continue
        best = max(
            matches,
            key=lambda m: (m.length, library.within(m.place.qualified, named), m.place.qualified in held, m.whole),
        )  # 重庆…江北区: that of the place before
        known = [r.qualified for r in (best.place, *best.rivals) if r.qualified in held]
        end = position + best.length
        within = library.forms.start("place.within", text[end:])
        if within and (len(within[0]) > 1 or text[end - 1] in TIERS):
            end += len(within[0])  # 江苏省内, 黄浦境内
        elif (
            best.length > _BARE
            and text[end : end + 1] != "内"
            and library.forms.start("group.tier_word", text[end - 1 :])
        ):
            end -= 1  # 重庆|市民, 上海|市场
        if best.place.level != "国家":
            value = known[0] if known else best.place.qualified
            named = named or value
            yield Span(position, end, "place", value, text[position:end])
            yield from _above(text, position, end, value, library)
        position = end
    for found in _STATE.finditer(text):
        yield Span(found.start(), found.end(), "place", NATION, found[0])


def _above(text: str, start: int, end: int, inner: str, library: Library) -> Iterator[Span]:
    """The place that a chain begins with, for where the rest belongs to a title: 青海|海南藏族自治州…条例."""
    for stop in range(end - 1, start + _BARE - 1, -1):
        match = library.resolver.places.at(text[:stop], None, start)
        above = match.place.qualified if match and match.length == stop - start else inner
        if above != inner and library.within(inner, above):
            yield Span(start, stop, "place", above, text[start:stop])
            return


def _short_city(text: str, at: int, near: Sequence[PlaceRecord | None]) -> str | None:
    """呼市, 乌市: a city that documents are of, by its first character; None where no word begins there."""
    if text[at + 1 : at + 2] != "市" or not _BEFORE_PLACE.search(text[:at]):
        return None
    found = {place.qualified for place in near if place and place.name.endswith("市") and place.bare[0] == text[at]}
    return found.pop() if len(found) == 1 else None


_BEFORE_PLACE = re.compile(r"(?:^|[^\u4e00-\u9fff]|[在到去由给对的和与同])$")
_CLOSED = re.compile(r"[)）\]〕”’\s]{0,2}》")  # 办法（试行）》: marks that the name is compared without


def _flat(text: str) -> tuple[str, list[int]]:
    """The text without marks and blanks, with the position of each character."""
    kept = [n for n, char in enumerate(text) if _KEPT.match(char)]
    return "".join(text[n].lower() for n in kept), kept


def _titles(text: str, library: Library) -> Iterator[Span]:
    flat, at = _flat(text)
    keys, search = library.names.title_search
    cuts = cuts_of(text)
    for number, start, end in search.find_matches_as_indexes(flat):
        docs = library.names.titled(keys[number])
        first, last = at[start], at[end - 1] + 1
        if " " in text[first:last] and not {first, last} <= cuts:
            continue  # 公司 法|人: no 公司法
        if text[max(0, first - 8) : first].endswith("中华人民共和国"):
            first -= 7
        if text[first - 1 : first] == "《" and (closed := _CLOSED.match(text, last)):
            first, last = first - 1, closed.end()
        if docs:
            yield Span(first, last, "title", tuple(doc.id for doc in docs), text[first:last])
        else:
            yield Span(first, last, "policy", library.names.policies[keys[number]], text[first:last])
    for found in re.finditer(r"《([^《》]{2,80})》", text):
        yield Span(found.start(), found.end(), "policy", None, found[0])
    yield from _laws(text, library)


def _laws(text: str, library: Library) -> Iterator[Span]:
    """A law in front of 第X条, by the longest tail that is a title, however short (刑法); else one that is not held."""
    dropped = library.forms.words("drop.polite")
    for found in library.forms.pattern("law.with_article").finditer(text):
        start, end = found.span("title")
        name = found["title"]
        held = (n for n in range(len(name) - 1) if title_key(name[n:]) in library.names.titles)
        if (at := next(held, None)) is not None:
            docs = library.names.titled(title_key(name[at:]))
            yield Span(start + at, end, "title", tuple(doc.id for doc in docs), name[at:])
            continue
        while word := next((w for w in dropped if name.startswith(w) and len(name) - len(w) > 1), ""):
            name = name[len(word) :]
        yield Span(end - len(name), end, "policy", None, name)


def _items(text: str) -> Iterator[Span]:
    """第13项: an item of a plan by its number, in either writing."""
    for found in re.finditer(r"第([一二三四五六七八九十百零〇两\d]{1,6})项", text):
        number = whole_number(found[1])
        if number and number < _MOST_ITEMS:
            yield Span(found.start(), found.end(), "item", number, found[0])


def _series(text: str, library: Library) -> Iterator[Span]:
    flat, at = _flat(text)
    words, search = library.names.series_search
    for number, start, end in search.find_matches_as_indexes(flat):
        which = library.names.series[words[number]]
        if library.lexicon.series[which].used:
            yield Span(at[start], at[end - 1] + 1, "series", library.lexicon.series[which].label, words[number])


def _kinds(text: str, library: Library) -> Iterator[Span]:
    for row in library.forms.rows("noun.kind"):
        for found in re.finditer("|".join(row["words"]), text):
            kinds = tuple(kind for kind in row["kinds"] if kind in library.names.kinds) or tuple(row["kinds"])
            yield Span(found.start(), found.end(), "kind", kinds, found[0])
    for word, fact, after in _fact_words(library):
        for found in () if word not in text else re.finditer(rf"{re.escape(word)}(?={after})", text):
            yield Span(found.start(), found.end(), "fact", fact, found[0])
    for kind in library.names.kinds:
        if 2 <= len(kind) <= _LONGEST_KIND and kind in text:
            for found in re.finditer(rf"{re.escape(kind)}(?={_AFTER_KIND})", text):
                yield Span(found.start(), found.end(), "kind", (kind,), found[0])


def _fact_words(library: Library) -> Iterator[tuple[str, str, str]]:
    """What the declared kinds of facts are called, and what may follow: a site's words, the declarations', the labels.

    A kind whose fields answer a question word of their own may be what is spoken of: 会议在哪里开.
    """
    for row in library.forms.rows("noun.fact"):
        yield row["word"], row["fact"], _AFTER_KIND
    for kind in KINDS:
        if kind.rdf and kind.states and not kind.private and kind.name not in ("activity", "agency", "notice"):
            after = _AFTER_SUBJECT if kind.answers else _AFTER_KIND
            yield from ((word, kind.name, after) for word in (*kind.called, kind.label))


def _bodies(text: str, library: Library, places: tuple[str, ...]) -> Iterator[Span]:
    contexts = library.contexts(places)
    asked = [library.forms.pattern(name) for name in ("ask.yesno", "ask.body", "ask.which")]
    for context in contexts:
        for party in library.mentions.find(text, context):
            said = text[party.start : party.end]
            if party.kind is PartyKind.AGENCY and not any(one.search(said) for one in asked):  # 市里哪个局
                yield _party_span(text, party)
                if tiered := _with_tier(text, party, context, library):
                    yield _party_span(text, tiered)
    yield from _chains(text, library, contexts)
    yield from _as_written(text, library, places)
    yield from _shortened(text, library, places, contexts)


def _attended(body: Span, places: Sequence[Span], library: Library) -> bool:
    """Whether what looks like a school's name is a place and what somebody does there: 在大连|上大学."""
    ends = (place.end - body.start for place in places if place.start == body.start)
    return any(library.forms.full("said.at_school", body.text[end:]) for end in ends)


def _merged(spans: Iterator[Span], library: Library) -> Iterator[Span]:
    """One span for each stretch: the bodies that the documents know under it, else the first that it may be."""
    found: dict[tuple[int, int], list[Span]] = {}
    for span in spans:
        found.setdefault((span.start, span.end), []).append(span)
    for same in found.values():
        held = [s for s in same if all(name in library.names.by_name for name in s.value)]
        chain = next((s for s in same if len(s.value) > 1), None)
        names = chain.value if chain else tuple(dict.fromkeys(n for s in held or same[:1] for n in s.value))
        yield Span(same[0].start, same[0].end, "body", names, same[0].text)


def _party_span(text: str, party: Party) -> Span:
    return Span(party.start, party.end, "body", (party.name,), text[party.start : party.end])


def _with_tier(text: str, party: Party, context: Context, library: Library) -> Party | None:
    """教育局 behind 区 or 市 is that of the place in whose words the question speaks."""
    start = party.start - 1
    if start < 0 or text[start] not in context.tiers:
        return None
    found = library.resolver.resolve(text[start : party.end], context)
    return replace(found[0], start=start, end=party.end) if len(found) == 1 and found[0].rule == "tier" else None


def _chains(text: str, library: Library, contexts: list[Context]) -> Iterator[Span]:
    """苏浙皖赣沪五地市场监管部门: the bodies of all, each one asked for."""
    for start in range(len(text)):
        _chain, length = library.resolver.places.chain_at(text[start : start + 12])
        if not length or not (tail := _CHAIN_TAIL.match(text, start + length)):
            continue
        name = text[start : start + length] + re.sub(r"^[两二三四五六七八九十]+[地省市区]", "", tail[0])
        found = library.resolver.resolve(name, contexts[0]) if contexts else ()
        if len(found) > 1:
            names = tuple(party.name for party in found)
            yield Span(start, tail.end(), "body", names, text[start : tail.end()])
            return


def _near(bodies: list[Body], library: Library, places: tuple[str, ...]) -> list[Body]:
    """Those of the places that the question names, where it names any."""
    if not places:
        return bodies
    near = [body for body in bodies if any(library.within(body.place, place) for place in places)]
    return near or [body for body in bodies if not set(places).isdisjoint(body.places)]


def _as_written(text: str, library: Library, places: tuple[str, ...]) -> Iterator[Span]:
    flat, at = _flat(text)
    forms, search = library.names.form_search
    for number, start, end in search.find_matches_as_indexes(flat):
        bodies = _near(library.names.written(forms[number]), library, places)
        if bodies and end - start > 1:
            names = tuple(dict.fromkeys(body.name for body in bodies))
            if len(names) == 1:
                yield Span(at[start], at[end - 1] + 1, "body", names, text[at[start] : at[end - 1] + 1])


def _shortened(text: str, library: Library, places: tuple[str, ...], contexts: list[Context]) -> Iterator[Span]:
    """区质量办 is 青浦区质量工作领导小组办公室: its characters in order, of one body only."""
    for found in _SHORT_BODY.finditer(text):
        short = plain(found[0])
        fits = [body for body in library.lexicon.bodies if not body.group and _abbreviates(short, body.name)]
        names = {body.name for body in _near(fits, library, places)}
        for context in contexts[:1] if places else ():
            if certain := library.resolver.certain(found[0], context):
                yield Span(found.start(), found.end(), "body", (certain[0].name,), found[0])
        if len(names) == 1:
            yield Span(found.start(), found.end(), "body", tuple(names), found[0])


def _abbreviates(short: str, name: str) -> bool:
    """Whether a short form's characters stand in the name in order, each beginning a word or following the last.

    The first two behind the tier must stand together (质量…), so that 区医保办 is not 区…医…保…办公室.
    """
    return 3 <= len(short) < len(name) and short[1:3] in name and in_order(short, name)
