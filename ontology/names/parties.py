"""A written list of bodies to parties.

区经委各街镇                        -> two: the missing 、 is seen by what resolves
青浦、吴江、嘉善市场监督管理局         -> three: the tail is shared
市发展改革、教育、公安局               -> three: head and tail are shared
市交通运输局、教育局、公安局           -> three of the city: the head is shared
市、区市场监管局                      -> two
发改、交通、水利等市级部门             -> one collective
"""

from __future__ import annotations

import re

from kg.core.model import Party, PartyKind
from kg.core.replacing import replace
from ontology.names.beginnings import reads_as_noun
from ontology.names.context import Context
from ontology.names.lists import Piece, blank_separated
from ontology.names.resolver import KNOWN_RULES, Resolver

_OWN = "直属"  # 区直, 区属: those of the district
_HEAD = re.compile(r"[\u4e00-\u9fff]{2,4}")
_BESIDE = re.compile(r"(?P<first>[^（）()〔〕]{3,})[（(〔](?P<second>[^（）()〔〕]{2,})[)）〕]")
# 黄浦、长宁、普陀、虹口四区市场监管局
_COUNTED = re.compile(r"(?<=[\u4e00-\u9fff])等?[两二三四五六七八九十]+(?=[区市县省州盟][\u4e00-\u9fff]{2})")
_LONGEST_WRITTEN = 30
_WHOLE = KNOWN_RULES - {"division"} | {"form"}
_DIVISIONS = frozenset(("街道", "镇", "乡", "街镇", "乡镇", "园区", "街道办事处", "县", "区", "市"))
_DATE = re.compile(r"\d{1,2}[月日年]")
NO_SEPARATOR = "+no-separator"
SHARED_TAIL = "+shared-tail"


def text_to_parties(
    text: str,
    resolver: Resolver,
    context: Context,
    *,
    start: int = 0,
    named: bool = False,
) -> tuple[list[Party], list[str]]:
    """The parties of a list, and the pieces that did not resolve. `start` is where `text` stands in the document.

    `named` says that the text is known to name units (it stood after 责任单位：): then what does not resolve is taken
    as it is written, with low confidence, if it could be a name at all.
    """
    parties: list[Party] = []
    unresolved: list[str] = []
    pieces = [p for piece in resolver.lists.pieces(text) for p in _with_blanks(piece, resolver, context)]
    pieces = _sectors_together(text, pieces, resolver, context)
    i = 0
    home = context
    while i < len(pieces):
        piece = pieces[i]
        before = parties[-1] if parties else None
        context = spoken_of(before, piece.text, resolver, home)
        rest = [p.text for p in pieces[i:]]
        if shared := _shared_tail(rest, resolver, context) or _shared_head_and_tail(rest, resolver, context):
            parties += [_placed(party, start + p.start) for p, party in zip(pieces[i:], shared, strict=False)]
            i += len(shared)
            continue
        i += 1
        if both := _beside(piece, resolver, context):
            parties += [_placed(p, start + at) for p, at in both]
        elif parties and piece.text in _DIVISIONS and parties[-1].as_written.startswith("各"):
            # 各镇、街道: the 各 is of both
            found = resolver.resolve("各" + piece.text, context)
            parties += [replace(_placed(p, start + piece.start), as_written=piece.text) for p in found]
        elif (
            listed := _of_each(before, piece, resolver) or _of_unknown(parties, piece, resolver, context)
        ) is not None:
            parties.append(_placed(listed, start + piece.start))
        elif found := _after(before, piece, resolver, context) or piece_to_parties(piece.text, resolver, context):
            parties += [_placed(p, start + piece.start + max(0, piece.text.find(p.as_written))) for p in found]
        elif named and could_be_name(piece.text, resolver):
            parties.append(_placed(resolver.as_written(piece.text, context), start + piece.start))
        else:
            unresolved.append(piece.text)
    return _distinct(parties), unresolved


def spoken_of(before: Party | None, text: str, resolver: Resolver, context: Context) -> Context:
    """The context of a name that stands right after another: in 泉州市委、市政府 the second 市 is 泉州 too.

    The one before must be written with its place, and that place must be of the tier that the name begins with.
    """
    if before is None or before.place is None or not text or before.rule not in ("place", "form", "own"):
        return context
    place = resolver.places.by_qualified.get(before.place)
    if place is None or not before.as_written.startswith((place.name, "中共" + place.name, "共青团" + place.name)):
        return context
    own = resolver.context(place)
    return own if own.tiers.get(text[0]) == place and context.tiers.get(text[0]) != place else context


def _of_each(before: Party | None, piece: Piece, resolver: Resolver) -> Party | None:
    """发展改革委 after 各县（市、区）网信办: those of all the counties, not the state's or the city's own."""
    if before is None or before.rule != "division":
        return None
    both = before.as_written.endswith("部门") and piece.text.endswith("部门")  # 各区财政部门和卫生健康部门
    named = resolver.grammar.ending_of(before.as_written) is not None and resolver.is_local_tail(piece.text)
    if not both and (not named or before.as_written.endswith(("政府", "单位", "部门"))):
        return None
    return replace(before, name=piece.text, as_written=piece.text, members=())


def _of_unknown(parties: list[Party], piece: Piece, resolver: Resolver, context: Context) -> Party | None:
    """医保局, where nothing tells whose: as it is written, not the state's."""
    if context.place is not None or context.national or resolver.departments.after("", piece.text) is None:
        return None
    if parties and (parties[-1].place is not None or parties[-1].kind is not PartyKind.AGENCY):
        return None  # 国家发展改革委、能源局
    return resolver.as_written(piece.text, context)


def same_owner(before: Party | None, tail: str, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """教育局 after 市交通运输局 is the city's too, in a list; nothing where `tail` is no department."""
    if before is None or before.kind is not PartyKind.AGENCY or before.category in (None, "内设机构", "企业"):
        return ()
    place = resolver.places.by_qualified.get(before.place or "")
    if place is None or place not in context.tiers.values() or resolver.departments.after("", tail) is None:
        return ()
    found = resolver.resolve(place.name + tail, context)
    return tuple(replace(p, as_written=tail, confidence=0.8) for p in found if p.kind is PartyKind.AGENCY)


def _after(before: Party | None, piece: Piece, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """`same_owner`, where that is not the context's own place, whose bodies need no place."""
    if before is None or context.national or (context.place and before.place == context.place.qualified):
        return ()
    return same_owner(before, piece.text, resolver, context)


def _sectors_together(text: str, pieces: list[Piece], resolver: Resolver, context: Context) -> list[Piece]:
    """市规划和自然资源、建设、财政等部门: one collective, where none of its parts is a name by itself."""
    out = list(pieces)
    for found in resolver.lists.sectors.finditer(text):
        inside = [n for n, p in enumerate(out) if found.start() <= p.start < found.end()]
        if len(inside) < 2 or out[inside[0]].start != found.start():
            continue
        heads = [out[n].text for n in inside[:-1]]
        if any(resolver.resolve(h, context) and resolver.grammar.ending_of(h) for h in heads):
            continue
        out[inside[0] : inside[-1] + 1] = [Piece(found[0], found.start())]
    return out


def _beside(piece: Piece, resolver: Resolver, context: Context) -> list[tuple[Party, int]]:
    """市委组织部（市委编办）: two bodies, one in brackets behind the other; 市市场监管局（知识产权局） too."""
    found = _BESIDE.fullmatch(piece.text)
    if not found:
        return []
    out: list[tuple[Party, int]] = []
    for name in ("first", "second"):
        parties = resolver.resolve(found[name], context)
        if name == "second" and not parties and out[0][0].rule in KNOWN_RULES:
            return out  # 市委编办（事业单位登记中心）
        if len(parties) != 1 or parties[0].kind is not PartyKind.AGENCY or parties[0].rule in ("unit", "grammar"):
            return []
        out.append((parties[0], piece.start + found.start(name)))
    return out


def could_be_name(text: str, resolver: Resolver) -> bool:
    """Whether a piece that stands where units stand may be one: short, no clause, no date."""
    if not 1 < len(text) <= _LONGEST_WRITTEN or resolver.grammar.is_clause(text) or _DATE.search(text):
        return False
    return resolver.grammar.ending_of(text) is not None or reads_as_noun(text)


def _with_blanks(piece: Piece, resolver: Resolver, context: Context) -> list[Piece]:
    """A blank inside a piece is a separator, unless the piece is one name without it (应 急管理局)."""
    if not re.search(r"\s", piece.text):
        return [piece]
    apart = blank_separated(piece)
    if not all(resolver.resolve(p.text, context) for p in apart):
        joined = re.sub(r"\s+", "", piece.text)
        whole = resolver.resolve(joined, context)
        if whole and whole[0].rule in KNOWN_RULES:
            return [Piece(joined, piece.start)]
    return apart


def _placed(party: Party, start: int) -> Party:
    return replace(party, start=start, end=start + len(party.as_written))


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
    last = _COUNTED.sub("", pieces[heads])
    found = resolver.resolve(last, context)
    if len(found) != 1 or found[0].rule not in ("tier", "place", "gazetteer", "form", "own", "division"):
        return []
    if not sure and (found[0].rule not in ("place", "own", "form")):
        return []
    if found[0].kind is not PartyKind.AGENCY and found[0].rule != "division":
        return []
    form, tail = resolver.split_place(last, context)
    if found[0].rule == "division" and not tail:
        tail = last[1:]  # 市、区民政部门 in a city's document: the districts' are a collective
    if not tail:
        return []
    out: list[Party] = []
    for head in pieces[:heads]:
        each = resolver.resolve(head + tail, context) or resolver.resolve(head + form + tail, context)
        if len(each) != 1:
            return []
        out.append(replace(each[0], as_written=head, rule=each[0].rule + SHARED_TAIL))
    return [*out, replace(found[0], as_written=pieces[heads])]


def _shared_head_and_tail(pieces: list[str], resolver: Resolver, context: Context) -> list[Party]:
    """市发展改革、教育、公安局: the first has the place, the last the ending, all have both."""
    if len(pieces) < 2 or resolver.grammar.ending_of(pieces[0]):
        return []
    first = resolver.resolve(pieces[0], context)
    if first and first[0].rule != "sector":
        return []
    tier = pieces[0][:1]
    place = context.tiers.get(tier)
    if place is None:
        return []
    count = 1
    while count < len(pieces) and not resolver.grammar.ending_of(pieces[count]):
        count += 1
    if count >= len(pieces) or not pieces[count].endswith(("局", "委", "厅")):
        return []
    out: list[Party] = []
    for n, piece in enumerate(pieces[: count + 1]):
        stem = piece[1:] if n == 0 else piece
        whole = stem if n == count else stem + pieces[count][-1]
        department = resolver.departments.of_sector(stem, place) if n < count else None
        department = department or resolver.department_of(whole, place)
        if department is None:
            return []
        party = resolver.department_party(department, place, piece, rule="tier" + SHARED_TAIL)
        out.append(replace(party, as_written=piece, confidence=0.85))
    return out


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
    return False if _HEAD.fullmatch(piece) and not resolver.grammar.is_clause(piece) and not found else None


def piece_to_parties(piece: str, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """One piece between separators: a name, names tied by 和, or names with their separator missing."""
    whole = resolver.resolve(piece, context)
    tie = resolver.lists.tie
    if whole and (whole[0].rule in _WHOLE or not tie.search(piece)):
        loose = whole[0].rule in ("form", "grammar", "collective", "unit") and ("各" in piece[1:] or len(piece) > 8)
        return (_split_glued(piece, resolver, context) if loose else ()) or whole
    for found in tie.finditer(piece):
        left, right = piece[: found.start()], piece[found.end() :]
        if min(len(left), len(right)) <= 1:
            continue
        first = resolver.resolve(left, context)
        of_each = _of_each(first[-1] if first else None, Piece(right, 0), resolver)
        rest = (of_each,) if of_each is not None else piece_to_parties(right, resolver, context)
        if first and first[0].rule == "sector":
            continue
        if first and rest and not (whole and whole[0].rule == "collective" and first[0].rule == "grammar"):
            return (*first, *rest)
        if not first and rest and (both := _shared_tail([left, right], resolver, context)):
            return tuple(both)
    return _sorts(piece, resolver, context) or whole or _split_glued(piece, resolver, context)


def _sorts(piece: str, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """市场监管部门和消防救援机构: two sorts of bodies, where each side alone reads as one."""
    sort = resolver.forms.pattern("group.sort")
    for found in resolver.lists.tie.finditer(piece):
        sides = piece[: found.start()], piece[found.end() :]
        if all(sort.fullmatch(side) for side in sides):
            return tuple(
                p for side in sides for p in resolver.resolve(side, context) or (_sort(side, resolver, context),)
            )
    return ()


def _sort(written: str, resolver: Resolver, context: Context) -> Party:
    return replace(resolver.as_written(written, context), kind=PartyKind.GROUP, category="集体")


def _split_glued(piece: str, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """区经委各街镇, 公安部民政部: a certain name, then names that resolve too."""
    owner, sort = resolver.forms.pattern("sort.owner"), resolver.forms.pattern("group.sort")
    for cut in range(len(piece) - 2, 1, -1):
        left, right = piece[:cut], piece[cut:]
        if owner.search(left) and sort.fullmatch(right):
            continue  # 国务院|水行政主管部门 is one body: the department, not the State Council and another
        if right.startswith(("办公室", "的", "各成员单位", "成员单位")):
            continue
        # 区直各部门 begins anew, whatever the bureau before it is called
        apart = right[:1] in context.tiers and right[1:2] in _OWN and resolver.grammar.ending_of(left) is not None
        if not apart and not resolver.is_certain(left, context):
            continue
        first = resolver.resolve(left, context)
        if not first or first[0].kind is not PartyKind.AGENCY:
            continue
        rest = resolver.resolve(right, context)
        if rest and (rest[0].rule in KNOWN_RULES or rest[0].rule == "collective" or _begins_anew(right, context)):
            return (*first, replace(rest[0], rule=rest[0].rule + NO_SEPARATOR), *rest[1:])
        if more := _split_glued(right, resolver, context):
            return (*first, *more)
    return ()


def _begins_anew(text: str, context: Context) -> bool:
    return text[:1] in context.tiers
