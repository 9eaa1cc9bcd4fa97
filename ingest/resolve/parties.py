"""A written list of bodies to parties with roles.

区经委各街镇                        -> two: the missing 、 is seen by what resolves
青浦、吴江、嘉善市场监督管理局         -> three: the tail is shared
香坊、平房、阿城区公安消防大队          -> three, also where the places are not known
市、区市场监管局                      -> two
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.resolve import grammar
from ingest.resolve.lists import Piece, blank_separated, list_to_pieces
from ingest.resolve.places import Context
from ingest.resolve.resolver import Resolver
from kg.core.model import Party, PartyKind, Role

_TIE = re.compile(r"以及|会同|联合(?![会国大征])|[和与及同]")
_HEAD = re.compile(r"[\u4e00-\u9fff]{2,4}")
_BESIDE = re.compile(r"(?P<first>[^（）()]{3,})[（(](?P<second>[^（）()]{3,})[)）]")
# 黄浦、长宁、普陀、虹口四区市场监管局
_COUNTED = re.compile(r"(?<=[\u4e00-\u9fff])等?[两二三四五六七八九十]+(?=[区市县省州盟][\u4e00-\u9fff]{2})")
_LONGEST_WRITTEN = 30
_DIVISIONS = frozenset(("街道", "镇", "乡", "街镇", "乡镇", "园区", "街道办事处"))
NO_SEPARATOR = "+no-separator"
SHARED_TAIL = "+shared-tail"


def text_to_parties(
    text: str,
    resolver: Resolver,
    context: Context,
    *,
    start: int = 0,
    role: Role | None = None,
    named: bool = False,
) -> tuple[list[Party], list[str]]:
    """The parties of a list, and the pieces that did not resolve. `start` is where `text` stands in the document.

    `named` says that the text is known to name units (it stood after 责任单位：): then what does not resolve is taken
    as it is written, with low confidence, if it could be a name at all.
    """
    parties: list[Party] = []
    unresolved: list[str] = []
    pieces = [p for piece in list_to_pieces(text, role) for p in _with_blanks(piece, resolver, context)]
    i = 0
    home = context
    while i < len(pieces):
        piece = pieces[i]
        context = spoken_of(parties[-1] if parties else None, piece.text, resolver, home)
        if shared := _shared_tail([p.text for p in pieces[i:]], resolver, context):
            parties += [_placed(party, start + p.start, p.role) for p, party in zip(pieces[i:], shared, strict=False)]
            i += len(shared)
            continue
        i += 1
        if both := _beside(piece, resolver, context):
            parties += [_placed(p, start + at, piece.role) for p, at in both]
        elif parties and piece.text in _DIVISIONS and parties[-1].as_written.startswith("各"):
            # 各镇、街道: the 各 is of both
            found = resolver.resolve("各" + piece.text, context)
            parties += [replace(_placed(p, start + piece.start, piece.role), as_written=piece.text) for p in found]
        elif found := piece_to_parties(piece.text, resolver, context):
            parties += [
                _placed(p, start + piece.start + max(0, piece.text.find(p.as_written)), piece.role) for p in found
            ]
        elif named and could_be_name(piece.text):
            parties.append(_placed(resolver.as_written(piece.text, context), start + piece.start, piece.role))
        else:
            unresolved.append(piece.text)
    return _distinct(parties), unresolved


def spoken_of(before: Party | None, text: str, resolver: Resolver, context: Context) -> Context:
    """The context of a name that stands right after another: in 泉州市委、市政府 the second 市 is 泉州 too.

    The one before must be written with its place, and that place must be of the tier that the name begins with.
    """
    if before is None or before.place is None or not text or before.rule != "place":
        return context
    place = resolver.places.by_qualified.get(before.place)
    if place is None or not before.as_written.startswith((place.name, "中共" + place.name, "共青团" + place.name)):
        return context
    own = resolver.context(place)
    return own if own.tiers.get(text[0]) == place and context.tiers.get(text[0]) != place else context


def _beside(piece: Piece, resolver: Resolver, context: Context) -> list[tuple[Party, int]]:
    """市委组织部（市委城乡基层治理委员会办公室）: two names of bodies, both known, one in brackets behind the other."""
    found = _BESIDE.fullmatch(piece.text)
    if not found:
        return []
    out: list[tuple[Party, int]] = []
    for name in ("first", "second"):
        parties = resolver.resolve(found[name], context)
        if len(parties) != 1 or parties[0].kind is not PartyKind.AGENCY or parties[0].rule in ("bare", "unit"):
            return []
        out.append((parties[0], piece.start + found.start(name)))
    return out


def could_be_name(text: str) -> bool:
    """Whether a piece that stands where units stand may be one: short, no clause, no date."""
    return 1 < len(text) <= _LONGEST_WRITTEN and not grammar.is_clause(text) and not re.search(r"\d{1,2}[月日年]", text)


def _with_blanks(piece: Piece, resolver: Resolver, context: Context) -> list[Piece]:
    """A blank inside a piece is a separator, unless the piece is one name without it (应 急管理局)."""
    if not re.search(r"\s", piece.text):
        return [piece]
    apart = blank_separated(piece)
    if not all(resolver.resolve(p.text, context) for p in apart):
        joined = re.sub(r"\s+", "", piece.text)
        whole = resolver.resolve(joined, context)
        if whole and whole[0].rule in ("gazetteer", "tier", "place"):
            return [Piece(joined, piece.start, piece.role)]
    return apart


def _placed(party: Party, start: int, role: Role | None) -> Party:
    return replace(party, start=start, end=start + len(party.as_written), role=role)


def _distinct(parties: list[Party]) -> list[Party]:
    seen: dict[tuple[str, str | None], Party] = {}
    for party in parties:
        seen.setdefault((party.name, party.place), party)
    return list(seen.values())


def _shared_tail(pieces: list[str], resolver: Resolver, context: Context) -> list[Party]:
    """A party for each place, the last one's tail shared by all; nothing where that is not the form."""
    heads, sure = 0, True
    while heads < len(pieces) and (kind := _head_kind(pieces[heads], resolver, context)) is not None:
        heads += 1
        sure = sure and kind
    if heads == 0 or heads >= len(pieces):
        return []
    last = _COUNTED.sub("", pieces[heads]) if heads else pieces[heads]
    found = resolver.resolve(last, context)
    if not sure and (not found or found[0].rule not in ("place", "place-form")):
        return []
    if len(found) != 1 or found[0].kind is not PartyKind.AGENCY:
        return []
    if found[0].rule not in ("tier", "place", "gazetteer", "grammar", "place-form"):
        return []
    form, tail = resolver.split_place(last, context)
    if not tail:
        return []
    out: list[Party] = []
    for head in pieces[:heads]:
        each = resolver.resolve(head + tail, context) or resolver.resolve(head + form + tail, context)
        if len(each) != 1:
            return []
        out.append(replace(each[0], as_written=head, rule=each[0].rule + SHARED_TAIL))
    return [*out, replace(found[0], as_written=pieces[heads])]


def _head_kind(piece: str, resolver: Resolver, context: Context) -> bool | None:
    """True for what can only share a tail (市, 区, 青浦), False for what may (安宁市, characters that are no name).

    What only may share one does so before a place with a tail (安宁市、晋宁区应急局), not before 市快递行业协会.
    """
    if piece in context.tiers:
        return True
    match = resolver.places.at(piece, context.place)
    if match is not None and match.length == len(piece):
        return not match.whole
    found = resolver.resolve(piece, context)
    if len(found) == 1 and found[0].kind is PartyKind.PLACE:
        return False
    return False if _HEAD.fullmatch(piece) and not grammar.is_clause(piece) and not found else None


def piece_to_parties(piece: str, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """One piece between separators: a name, names tied by 和, or names with their separator missing."""
    whole = resolver.resolve(piece, context)
    if whole and (whole[0].rule not in ("grammar", "collective", "unit") or not _TIE.search(piece)):
        loose = whole[0].rule in ("grammar", "collective") and "各" in piece[1:]
        return (_split_glued(piece, resolver, context) if loose else ()) or whole
    for tie in _TIE.finditer(piece):
        left, right = piece[: tie.start()], piece[tie.end() :]
        if min(len(left), len(right)) <= 1:
            continue
        first = resolver.resolve(left, context)
        rest = piece_to_parties(right, resolver, context)
        if first and rest:
            return (*first, *rest)
        if not first and rest and (both := _shared_tail([left, right], resolver, context)):
            return tuple(both)
    return whole or _split_glued(piece, resolver, context)


def _split_glued(piece: str, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """区经委各街镇, 公安部民政部: a certain name, then names that resolve too."""
    for cut in range(len(piece) - 2, 1, -1):
        left, right = piece[:cut], piece[cut:]
        if right.startswith(("办公室", "的")) or not resolver.is_certain(left, context):
            continue
        first = resolver.resolve(left, context)
        if first[0].kind is PartyKind.GROUP:
            continue
        rest = resolver.resolve(right, context)
        if rest and rest[0].rule not in ("grammar", "unit", "bare", "place-form"):
            return (*first, replace(rest[0], rule=rest[0].rule + NO_SEPARATOR), *rest[1:])
        if more := _split_glued(right, resolver, context):
            return (*first, *more)
    return ()
