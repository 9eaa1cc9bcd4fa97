"""The names of a lexicon, ready for look-up: built once for each generation."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from kg.answer.lexicon import Body, Concept, Department, Doc, Lexicon, Place, Policy
from kg.answer.text import Weights, grams, plain, sound
from kg.core.ids import title_key
from ontology.naming import department_in

Thing = Place | Body | Concept | Policy | Doc
LONGEST = 60
_TELLING, _MENDABLE = 5, 12
_SHORTEST_CORE = 4
_LEGAL = re.compile(r"(?:[(（]?集团[)）]?)?(?:股份)?(?:有限)?(?:责任)?总?公司$")
_TIERS = ("区", "市", "省", "县", "自治区")


@dataclass(slots=True)
class Names:
    """Surface form -> what it may mean; departments by the words that follow a place or a tier."""

    lexicon: Lexicon
    surfaces: dict[str, list[Thing]] = field(default_factory=lambda: defaultdict(list))
    tails: dict[str, Department] = field(default_factory=dict)
    tiered: dict[str, tuple[str, Department]] = field(default_factory=dict)  # 团区委 -> (区, department)
    sectors: dict[str, list[Department]] = field(default_factory=lambda: defaultdict(list))
    shorts: dict[str, Place] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)  # by qualified name
    bodies: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))  # by full name
    sounds: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # pair -> names that hold it
    weights: Weights = field(default_factory=lambda: Weights({}, 1))  # in documents that announce activities, if any
    titled: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # three characters -> documents
    every: Weights = field(default_factory=lambda: Weights({}, 1))  # in all documents

    def add(self, surface: str, thing: Thing) -> None:
        """Let a surface form mean a thing (too)."""
        key = plain(surface)
        if len(key) > 1 and not any(held is thing for held in self.surfaces[key]):
            self.surfaces[key].append(thing)

    def titled_like(self, text: str) -> set[int]:
        """The documents (by number) whose titles share three characters in a row with a `plain` text."""
        return {number for at in range(len(text) - 2) for number in self.titled.get(text[at : at + 3], ())}

    def children(self, qualified: str) -> list[Place]:
        """The places directly under one."""
        return [place for place in self.lexicon.places if place.parent == qualified]


@lru_cache(maxsize=2)
def _names(identity: int, holder: _Holder) -> Names:
    del identity
    return _build(holder.lexicon)


class _Holder:
    """Lets a lexicon, which holds dictionaries, be the key of a cache by identity."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __hash__(self) -> int:
        return id(self.lexicon)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.lexicon is self.lexicon


def names_of(lexicon: Lexicon) -> Names:
    """The look-up tables of a lexicon (kept for the last two)."""
    return _names(id(lexicon), _Holder(lexicon))


def _build(lexicon: Lexicon) -> Names:
    every = Weights(lexicon.frequencies, lexicon.passages)
    # thousands of laws beside five plans must not change which words of a plan are telling, or unknown
    own = Weights(lexicon.announced, lexicon.announced_passages) if lexicon.announced_passages else every
    names = Names(lexicon, weights=own, every=every)
    for place in lexicon.places:
        _add_place(names, place)
    for body in lexicon.bodies:
        _add_body(names, body)
    for concept in lexicon.series:
        for word in (concept.label, *concept.words):
            names.add(word, concept)
    for policy in lexicon.policies:
        local = policy.local if policy.mentioned else ()
        for form in filter(None, (policy.title, policy.number, *policy.names, *local)):
            names.add(form, policy)
    for number, doc in enumerate(lexicon.documents):
        title = plain(doc.title)
        for at in range(len(title) - 2):
            if title[at : at + 3].isalpha():
                names.titled[title[at : at + 3]].add(number)
        for form in filter(None, (doc.title, doc.number, title_key(doc.title))):
            names.add(form, doc)
    for department in lexicon.departments:
        _add_department(names, department)
    _add_cores(names)
    _add_sounds(names)
    return names


def _add_cores(names: Names) -> None:
    """商业联合会, 申通地铁: names without the place in front and the legal form behind, where only one is called so."""
    announcing = {number for number, doc in enumerate(names.lexicon.documents) if doc.announces}
    leads = [form for place in names.lexicon.places if place.held for form in (place.name, place.bare)]
    leads = sorted({*leads, "中国"}, key=len, reverse=True)
    found: dict[str, list[Body]] = defaultdict(list)
    for body in names.lexicon.bodies:
        if body.group or not announcing.intersection(body.docs):
            continue
        whole = _LEGAL.sub("", plain(body.name))
        core = next((whole.removeprefix(lead) for lead in leads if whole.startswith(lead)), whole)
        if len(core) >= _SHORTEST_CORE and core not in names.surfaces:
            found[core].append(body)
    for core, bodies in found.items():
        if len(bodies) == 1:
            names.add(core, bodies[0])


def _add_place(names: Names, place: Place) -> None:
    names.places[place.qualified] = place
    names.add(place.name, place)
    names.add(place.qualified, place)
    # a bare name (和平, 朝阳) is an ordinary word as often as not: only where documents speak of the place
    if place.held or place.level in ("省", "国家"):
        names.add(place.bare, place)
        for alias in place.aliases:
            names.add(alias, place)
    if place.short:
        names.shorts[place.short] = place


def _add_body(names: Names, body: Body) -> None:
    names.bodies[body.name].append(body)
    for form in (body.name, *body.forms):
        names.add(form, body)
    for form in body.written:
        names.add(form, body)
        if body.group and form.startswith("各") and len(form) > _TELLING:
            names.add(form[1:], body)  # 政府质量奖获奖组织 are 各政府质量奖获奖组织
    place = names.places.get(body.place or "")
    if place is None or place.level == "国家" or not body.docs:
        return
    if place.name in body.name:
        names.add(body.name.replace(place.name, place.bare, 1), body)
        tail = body.name.replace(place.name, "", 1)
        if len(tail) > _TELLING:  # 质量工作领导小组办公室: several places have one, the context decides
            names.add(tail, body)
    if body.name.startswith(place.name) and place.qualified != place.name:
        names.add(place.qualified + body.name.removeprefix(place.name), body)


def _add_department(names: Names, department: Department) -> None:
    for tail in (department.name, *department.tails):
        names.tails.setdefault(tail, department)
    for template in department.shorts:
        if "{tier}" in template:
            for tier in _TIERS:
                names.tiered.setdefault(template.replace("{tier}", tier), (tier, department))
    if department.sector:
        names.sectors[department.sector].append(department)


def _add_sounds(names: Names) -> None:
    """The names that typing errors are mended to: places and bodies of the documents, series, policies, phrases."""
    wanted: list[str] = []
    for surface, things in names.surfaces.items():
        if len(surface) <= _MENDABLE and any(_mendable(thing) for thing in things):
            wanted.append(surface)
    for surface in wanted:
        names.sounds.setdefault(sound(surface), surface)
        for pair in set(grams(surface)):
            names.spellings[pair].append(surface)
    for key, phrase in names.lexicon.terms.items():
        names.sounds.setdefault(key, phrase)
        for pair in set(grams(phrase)):
            names.spellings[pair].append(phrase)


def _mendable(thing: Thing) -> bool:
    if isinstance(thing, Place):
        return thing.held
    if isinstance(thing, Body):
        return bool(thing.docs)
    return isinstance(thing, Concept) or (isinstance(thing, Policy) and thing.mentioned)


def department_name(department: Department, place: Place) -> str:
    """The full name of a department in a place: 青浦区市场监督管理局, 上海市公安局青浦分局."""
    return department_in(place, department.name, department.template)
