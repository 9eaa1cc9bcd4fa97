"""Words of a question that no form explains: cut where a word stands that tells nothing (这一条, 之内, 自己, 就能).

A segmenter tags them; pronouns, prepositions, conjunctions, particles and adverbs tell nothing, nor do the words of
`drop.function`. A negation belongs to what it denies and stays with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from ontology.forms import Forms

_EMPTY = frozenset(("r", "p", "c", "d", "f", "y", "u", "uj", "ul", "ug", "uz", "ud", "uv"))
_REST = "rest"  # a character of a word whose other part a form has explained
_COUNTING = frozenset(("q", "mq"))  # 哪张, 那份
_VERBS = frozenset(("v",))
_ACTING = frozenset(("v", "vd", "vg", "a", "ad", "d", "zg"))
DENIES = re.compile(r"没有|从不|并非|[不未没无非勿]")
_DENYING = frozenset(("没有", "没", "未"))
_ONE = re.compile(r"[一每](?![级等类期])[\u4e00-\u9fff]{1,2}")  # 一条, 一件, 每次: how it is counted
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SIDES = frozenset("东南西北中")  # 石柱县|西沱古镇: begins a name that documents know
_THINGS = frozenset(("vn", "an", "s", "t", "l", "i", "m", "b", "nr", "nz"))
_SHORT = 3  # characters of a word that only says what is done


def content_words(
    whole: str, first: int, last: int, forms: Forms, known: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """Where the words of a stretch are that tell something, joined as far as nothing empty stands between them.

    The whole text is segmented, not the stretch: what stands beside it decides how it is cut (捐给|了, 借调|出去).

    A verb is a word by itself where no document joins it to what stands beside it (认|电子证照, 没做|档案验收), which
    `known` says of a pair of characters.
    """
    empty = _function_words(forms)
    start, at, denied, acted, apart = first, first, False, False, False
    for word, tag in _clipped(whole, first, last):
        acts = tag in _VERBS or bool(DENIES.fullmatch(word))
        tail = len(word) == 1 and tag != "v"  # 检测员
        cut = (acts or (acted and not tail)) and not denied and (apart or not known(whole[at - 1 : at + 1]))
        cut = cut or (word in _DENYING and not denied)  # 经营者|没有明码标价
        named = apart and tag.startswith("n") and len(word) > 1  # 交不上|水费
        if start < at and (cut or named):
            yield start, at
            start = at
        says_nothing = (
            word in empty
            or (start == at and tag in _COUNTING and len(word) == 1)
            or (tag in _EMPTY and not DENIES.fullmatch(word) and not (word in _SIDES and known(whole[at : at + 2])))
            or (tag == _REST and not (at > start and known(whole[at - 1 : at + 1])))  # 人|数最多
            or (tag == "m" and _ONE.fullmatch(word))
        )
        # 各交, 各级: the segmenter ties it to what follows
        dropped = len(word) if says_nothing and not denied else int(word.startswith("各"))
        if dropped:
            if start < at:
                yield start, at
            start = at + dropped
        apart = denied and len(word) == 1  # 不交|房屋鉴定报告, whatever begins with 交房
        denied, acted = bool(DENIES.fullmatch(word)), acts
        at += len(word)
    if start < at:
        yield start, at


def _clipped(text: str, first: int, last: int) -> Iterator[tuple[str, str]]:
    """The words of a stretch as the whole text is segmented; of one that reaches beyond it the part inside."""
    at = 0
    for word, tag in _tagged(text):
        start, at = at, at + len(word)
        if first < at and start < last:
            part = text[max(start, first) : min(at, last)]
            # of 打|电话 where 电话 is what is asked for
            yield part, _REST if len(part) == 1 and start >= first and at > last else tag


def stands_alone(text: str, at: int) -> bool:
    """Whether the character at a position is a word by itself, as the text is segmented."""
    cuts = cuts_of(text)
    return at in cuts and at + 1 in cuts


def only_acts(text: str) -> bool:
    """Whether a word only says what is done (列为, 压到, 分成): a text says it in other words more often than not."""
    return len(text) <= _SHORT and all(tag in _ACTING for _, tag in _tagged(text)) and not DENIES.match(text)


def names_nothing(text: str) -> bool:
    """Whether no noun of two characters or more stands in a text (拿到手, 不开交): speech, not what is spoken of."""
    return not any(len(word) > 1 and (tag[0] in "nj" or tag in _THINGS) for word, tag in _tagged(text))


@lru_cache(maxsize=512)
def cuts_of(text: str) -> frozenset[int]:
    """Where words begin and end in a text, as a segmenter cuts it."""
    at, cuts = 0, {0}
    for word, _ in _tagged(text):
        at += len(word)
        cuts.add(at)
    return frozenset(cuts)


def first_token(text: str) -> str:
    """The word that a text begins with, as a segmenter cuts it."""
    return _tagged(text)[0][0] if text else ""


def cut_in_pairs(text: str) -> bool:
    """Whether a text of four characters is two words of two, or the name of a body (浙江大学)."""
    found = _tagged(text)
    return [len(word) for word, _ in found] == [2, 2] or (len(found) == 1 and found[0][1] == "nt")


def is_noun(text: str) -> bool:
    """Whether a text is one common noun (小店, 和平): also where it is the name of a place."""
    return [tag for _, tag in _tagged(text)] == ["n"]


def denies(text: str) -> bool:
    """Whether a word is a denial, or one verb denied (没做, 不收): documents deny it in other words (未进行, 无需)."""
    found = DENIES.match(text)
    rest = text[found.end() :] if found else ""
    return found is not None and (not rest or (len(rest) == 1 and only_acts(rest)))


@lru_cache(maxsize=512)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    if not _HAN.search(text):
        return ((text, "n"),)
    import rjieba

    return tuple(rjieba.tag(text, False))  # no guesses: 能延 is no word


@lru_cache(maxsize=4)
def _function_words(forms: Forms) -> frozenset[str]:
    return frozenset((*forms.words("drop.function"), *forms.words("drop.polite")))
