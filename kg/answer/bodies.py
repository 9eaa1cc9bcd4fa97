"""Bodies written short: place + department (青浦区市监局), tier + department (区经委, 团区委), several at once."""

from __future__ import annotations

import re

from kg.answer.lexicon import Body, Department, Place
from kg.answer.names import Names, department_name
from kg.answer.question import BodyMention
from kg.answer.text import plain

_LONGEST_TAIL = 24
_PREFIX, _FEW = 4, 3
_ENDINGS = "局委厅办院"
_MOST_AT_ONCE = 10
_SEVERAL_PLACES = 2
_COUNT = r"(?:[二两三四五六七八九十\d]+(?:地|省市|省|市|区|家)|三省一市|四地|五地)?"
_SEVERAL = re.compile(r"([\u4e00-\u9fff]{2,8}?)" + _COUNT)
_SECTOR_TAIL = re.compile(r"(?:管理|监督)?(?:部门|局|厅|委)")
_TIER = {"区": ("区", "县"), "县": ("县", "区"), "市": ("市", "省"), "省": ("省",), "自治区": ("省",)}


def _known(name: str, place: Place, names: Names) -> Body:
    """The body of this name; one that no document mentions is made up from its parts, with nothing to tell of it."""
    for body in names.bodies.get(name, ()):
        if body.place in (place.qualified, None):
            return body
    return Body(name, place.qualified, False, None, (), (), (), ())


def _tail_at(text: str, at: int, names: Names) -> tuple[Department, int] | None:
    for length in range(min(_LONGEST_TAIL, len(text) - at), 1, -1):
        if department := names.tails.get(text[at : at + length]):
            return department, length
    return None


def composed(text: str, at: int, length: int, places: list[Place], names: Names) -> tuple[BodyMention, int] | None:
    """A place of `length` characters at `at`, and a department behind it: 静安市场监管局, 青浦区经委."""
    if not length or not places:
        return None
    place = next((p for p in places if p.held), places[0])
    start = at + length
    for skip in (0, 1):
        # 青浦区 + 经委, or 青浦 + 区 + 经委; 青浦团区委
        if skip and (start >= len(text) or text[start] not in "区县市省" or place.name == text[at:start]):
            break
        if found := _tail_at(text, start + skip, names):
            body = _known(department_name(found[0], place), place, names)
            return BodyMention(text[at : start + skip + found[1]], (body,)), length + skip + found[1]
    # 青浦团区委, 青浦区委宣传部: the tier may be the last character of the place's own name
    for begin in (start, start - 1):
        for size in range(min(_LONGEST_TAIL, len(text) - begin), 2, -1):
            found_tier = names.tiered.get(text[begin : begin + size])
            if found_tier and place.level in _TIER.get(found_tier[0], ()):
                body = _known(department_name(found_tier[1], place), place, names)
                return BodyMention(text[at : begin + size], (body,)), begin + size - at
    return None


def bare(text: str, at: int, places: list[Place], names: Names) -> tuple[BodyMention, int] | None:
    """青浦的农业农村委和市场监管局: a department by its name alone is that of the place named before it."""
    if not places or not (found := _tail_at(text, at, names)):
        return None
    surface = text[at : at + found[1]]
    if len(surface) <= _FEW or surface[-1] not in _ENDINGS:
        return None
    return BodyMention(surface, (_known(department_name(found[0], places[-1]), places[-1], names),)), found[1]


def tiered(text: str, at: int, names: Names) -> tuple[BodyMention, int] | None:
    """区经委, 团市委, 市水务局: the place comes from the rest of the question (`settle`)."""
    for size in range(min(_LONGEST_TAIL, len(text) - at), 2, -1):
        piece = text[at : at + size]
        if found := names.tiered.get(piece):
            return BodyMention(piece, _all(found[1], found[0], names)), size
        if piece[0] in "区县市省" and (department := names.tails.get(piece[1:])):
            return BodyMention(piece, _all(department, piece[0], names)), size
    return None


def _all(department: Department, tier: str, names: Names) -> tuple[Body, ...]:
    """The department in every place of this tier of which documents speak."""
    held = [p for p in names.lexicon.places if p.held and p.level in _TIER.get(tier, ())]
    return tuple(_known(department_name(department, place), place, names) for place in held)


def sectors(text: str, at: int, names: Names) -> tuple[BodyMention, int] | None:
    """苏浙皖赣沪五地市场监管部门: one-character place names in a row, then a sector."""
    end = at
    while end < len(text) and text[end] in names.shorts and end - at < _MOST_AT_ONCE:
        end += 1
    if end - at < _SEVERAL_PLACES:
        return None
    start = end + len(re.match(_COUNT, text[end:])[0])  # type: ignore[index]
    places = [names.shorts[char] for char in text[at:end]]
    for sector in sorted(names.sectors, key=len, reverse=True):
        if text.startswith(sector, start) and (tail := _SECTOR_TAIL.match(text, start + len(sector))):
            bodies = tuple(_in_sector(place, sector, names) for place in places)
            return BodyMention(text[at : tail.end()], bodies, all_of=True), tail.end() - at
    if found := _tail_at(text, start, names):
        bodies = tuple(_known(department_name(found[0], place), place, names) for place in places)
        return BodyMention(text[at : start + found[1]], bodies, all_of=True), start + found[1] - at
    return None


def _in_sector(place: Place, sector: str, names: Names) -> Body:
    made = [_known(department_name(department, place), place, names) for department in names.sectors[sector]]
    return next((body for body in made if body.docs), made[0])


def _as_documents_write(mention: BodyMention, names: Names) -> BodyMention:
    """A short name that the reference data give to another body (上海电气) is what documents begin so."""
    known = [b for b in names.lexicon.bodies if b.docs and plain(b.name).startswith(mention.surface)]
    if len(mention.surface) >= _PREFIX and 0 < len(known) <= _FEW:
        return BodyMention(mention.surface, tuple(known))
    return mention


def settle(mention: BodyMention, places: list[Place], years: tuple[int, ...], names: Names) -> BodyMention:
    """Choose among the bodies that a mention may be, by the places and years of the question."""
    if not mention.all_of and not any(body.docs for body in mention.bodies):
        mention = _as_documents_write(mention, names)
    if mention.all_of or len(mention.bodies) == 1:
        return mention
    exact = [body for body in mention.bodies if body.name == mention.surface]
    bodies = exact or list(mention.bodies)
    wanted = {place.qualified for place in places}
    parents = {place.parent for place in places}
    held = names.lexicon.documents
    for fits in (
        [b for b in bodies if b.place in wanted],
        [b for b in bodies if b.place in parents] if mention.surface[:1] in "市省" or not wanted else [],
        [b for b in bodies if b.docs and (not years or any(held[i].year in years for i in b.docs))],
        [b for b in bodies if b.docs],
    ):
        if fits:
            bodies = fits
            break
    if len(bodies) > 1 and wanted and not any(b.place in wanted for b in bodies):
        bodies = bodies[:1]
    assumed = ""
    if len(bodies) == 1 and bodies[0].name != mention.surface and not wanted:
        assumed = f"“{mention.surface}”按库内文件理解为{bodies[0].name}"
    return BodyMention(mention.surface, tuple(bodies), False, assumed)
