"""The verb that binds a document to a policy: 贯彻落实, 根据, 印发, 宣传贯彻, 废止 ...

The head of the clause decides: in 根据国务院发布的《甲条例》 the participle 发布的 says whose it is, and 根据 what it
is to this document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.facts.issuing import IssuerNames
from ingest.facts.titles import QuotedTitle
from ingest.sentences import Segmentation
from ontology.forms import Forms

BASIS = "根据"
_MASK = "\x00"
_REACH = 400  # characters of a sentence before and behind a title in which its verb is looked for
_BOUNDARY = re.compile("[，；：,;:]")
_BETWEEN = re.compile(r"[\s、和及与以等《》〈〉新现行的]{0,8}")


@dataclass(frozen=True, slots=True)
class _Verb:
    start: int
    end: int
    relation: str
    head: bool


def masked(text: str, titles: Iterable[QuotedTitle]) -> str:
    """The text with every quoted title blotted out, character for character, so that no verb is found in one."""
    parts: list[str] = []
    at = 0
    for title in titles:
        parts += [text[at : title.start], _MASK * (title.end - title.start)]
        at = title.end
    return "".join([*parts, text[at:]])


class RelationReader:
    """Finds the relation of a reference by the forms `relation.*`."""

    def __init__(self, forms: Forms) -> None:
        self._relation: dict[str, tuple[str, bool]] = {}
        for row in forms.rows("relation.verbs"):
            for verb in row["verbs"]:
                self._relation[verb] = (row["relation"], bool(row.get("head")))
        verbs = sorted(self._relation, key=lambda v: (-len(v), v))
        self._verb = re.compile("|".join(map(re.escape, verbs)))
        self._single = frozenset(forms.words("relation.one-character"))
        self._no_verb = forms.pattern("relation.no-verb")
        self._closing = forms.pattern("relation.closing")
        self._participle = forms.pattern("relation.participle")
        self._after = forms.pattern("relation.after")
        self._repealed = forms.pattern("relation.repealed-later")
        self._names = IssuerNames(forms)

    def relation_of(self, seg: Segmentation, masked_text: str, start: int, end: int) -> str | None:
        """The relation that governs the reference `text[start:end]`; None when no verb does.

        The head verb before it in its clause; else the verb behind it (《…》宣贯, 《甲》、《乙》同时废止); else, across
        the commas of one coordination, the verb that the title before it has.
        """
        sentence = seg.sentence_at(start, end)
        left = masked_text[max(sentence.start, start - _REACH) : start]
        right = masked_text[end : min(sentence.end, end + _REACH)]
        clause = max((m.end() for m in _BOUNDARY.finditer(left)), default=0)
        verbs = self._verbs(left)
        own = [v for v in verbs if v.start >= clause]
        if own and (verb := self._governing(left, own)) is not None:
            return verb.relation
        if found := self._repealed.match(right):
            return self._relation[found["verb"]][0]
        if found := self._after.match(right):
            return self._behind(found["verb"])
        earlier = [v for v in verbs if v.start < clause]
        if earlier and not own and _MASK in left[earlier[-1].end :] and self._joined(left[clause:]):
            verb = self._governing(left[: left.index(_MASK, earlier[-1].end)], earlier)
            return verb.relation if verb else None
        return None

    def _verbs(self, left: str) -> list[_Verb]:
        out = []
        for m in self._verb.finditer(left):
            if self._no_verb.match(left, m.start()) or self._no_verb.match(left, m.end() - 2):
                continue  # 推进实施方案: the last word is half of a noun
            if m[0] in self._single and not self._stands_alone(left, m):
                continue
            relation, head = self._relation[m[0]]
            out.append(_Verb(m.start(), m.end(), relation, head))
        return out

    def _stands_alone(self, left: str, m: re.Match[str]) -> bool:
        rest = left[m.end() :].split(_MASK, maxsplit=1)[0]
        return not rest.strip() or self._names.is_name(rest.rstrip("的发布印制定 "))

    def _governing(self, left: str, verbs: list[_Verb]) -> _Verb | None:
        """The head verb, over participles and over verbs whose subject is only an issuer: 落实市政府印发《…》精神."""
        for n in range(len(verbs) - 1, -1, -1):
            verb = verbs[n]
            rest = left[verb.end :]
            if self._participle.match(rest):
                continue
            # 贯彻落实《甲》、制定《乙》: a verb with a title of its own belongs to that one, unless the two are joined
            if _MASK in rest and not self._joined(rest[rest.rindex(_MASK) :]):
                return None
            heads = [v for v in verbs[:n] if v.head]
            if not verb.head and heads and self._names_only(left[heads[-1].end : verb.start]):
                return heads[-1]
            return verb
        return None

    def _names_only(self, between: str) -> bool:
        words = between.strip("国家全新现行的已经 ")
        return _MASK not in between and not self._closing.search(words) and (not words or self._names.is_name(words))

    def _joined(self, words: str) -> bool:
        """Whether nothing but conjunctions, brackets and issuers stands between two titles."""
        rest = re.sub(r"[（(][^（）()]{0,60}[）)]", "", words.replace(_MASK, ""))
        rest = _BETWEEN.sub("", rest, count=1).rstrip("的等 ")
        return not rest or self._names.is_name(rest) or len(rest) <= 2

    def _behind(self, verb: str) -> str | None:
        verb = verb.removeprefix("同时").removeprefix("予以").removeprefix("即行")
        if verb.endswith("修改"):
            return "修订"
        return self._relation[verb][0] if verb in self._relation else None
