"""What a question is about, as pairs of characters, and how well a text is about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.answer.focus import asks
from kg.answer.lexicon import Event, Lexicon
from kg.answer.names import Names
from kg.answer.question import Question
from kg.answer.text import Weights, grams, plain

# Words that say that something is done, by whom, or in which document: they do not tell activities apart.
_GENERIC = re.compile(
    r"有关|负责|牵头|承担|主办|承办|参与|配合|协办|开展|举办|举行|组织|实施|活动|任务|项目|单位|"
    r"部门|机构|质量月|全市|本市|"
    r"下一步|要求|规定|表述|原文|文件|通知|方案|通报|安排|第\d+项|第[一二三四五六七八九十]+项|哪项|全国|"
    r"国家|[办搞做弄开]过|属于|职务|身份|职位|怎么样|相关|具体|情况|请?说说|咋样?|啥|策划|部署|一起|共同|联合|"
    r"(?<![\u4e00-\u9fff])[办搞做开建发定](?![\u4e00-\u9fff])"
)


_LONG = 4
_LOOSE = frozenset(
    "搞办做开弄请问查看说讲谈列找给按据凭靠归属于以从向对跟同和与及或又也都还再就才很最更太已曾正将要会能可应该"
    "须需让叫使被把为因由但而且若如即便虽所每各某本此那这哪几多少一二三四五六七八九十年月日没未不无非是在到过"
)
_EDGES = "上下里中来去项个次又从搞要让用得地的了着"  # grammar at the ends of a word: 来搞, 上要


@dataclass(frozen=True, slots=True)
class Topic:
    """The telling pairs of a question; `unknown` are words that no held document uses."""

    grams: tuple[str, ...]
    unknown: tuple[str, ...]
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.grams)


def topic_of(
    question: Question,
    names: Names,
    *,
    chunks: Sequence[str] | None = None,
    generic: bool = False,
    weights: Weights | None = None,
) -> Topic:
    """The topic of a question, or of some stretches of it. `generic` keeps the generic words.

    `weights` tell which words are known (those of the documents that announce activities, unless given).
    """
    weights = weights or names.weights
    words: list[str] = []
    for chunk in question.content if chunks is None else chunks:
        words += [word for word in ([chunk] if generic else _GENERIC.split(chunk)) if word and len(word) > 1]
    found: list[str] = []
    unknown: list[str] = []
    for word in words:
        pairs = grams(word)
        known = [weights.known(pair) for pair in pairs]
        found += [pair for pair, is_known in zip(pairs, known, strict=True) if is_known]
        unknown += unknown_in(plain(word), weights.known)
    # 变化, 起止: words that ask are no words that documents must use
    telling = tuple(word for word in unknown if not asks(word))
    return Topic(tuple(dict.fromkeys(found)), telling, tuple(words))


def unsaid(words: Iterable[str], text: str) -> list[str]:
    """The stretches of some words of which a text (in its `plain` form) holds no pair."""
    return [one for word in words for one in unknown_in(plain(word), text.__contains__) if not asks(one)]


def unknown_in(word: str, known: Callable[[str], bool]) -> list[str]:
    """Stretches of two or more characters of which no pair is known.

    One such character counts at the beginning of a word (量子 where documents write 电子通信), unless it is grammar.
    """
    covered = [False] * len(word)
    for i in range(len(word) - 1):
        if known(word[i : i + 2]):
            covered[i] = covered[i + 1] = True
    for match in re.finditer(r"[a-z]+|\d+", word):
        covered[match.start() : match.end()] = [True] * len(match[0])
    marks = "".join("x" if c else char for c, char in zip(covered, word, strict=True))
    bare = (piece.strip(_EDGES) for piece in marks.split("x"))
    found = [piece for piece in bare if len(piece) > 1]
    if len(word) >= _LONG and marks[0] != "x" and marks[1] == "x" and word[0] not in _LOOSE:
        found.insert(0, word[:2])
    return found


@lru_cache(maxsize=4096)
def title_grams(title: str) -> frozenset[str]:
    """The pairs of a title (kept: the same titles are compared with every question)."""
    return frozenset(grams(title))


@dataclass(frozen=True, slots=True)
class Match:
    """An event with how much of the topic its title holds, and how much of the title the topic."""

    event: Event
    recall: float
    precision: float

    @property
    def score(self) -> float:
        """One number to sort by: the question's words count most."""
        return self.recall + 0.15 * self.precision


def match_events(topic: Topic, lexicon: Lexicon, names: Names, docs: Iterable[str], floor: float) -> list[Match]:
    """The activities of some documents whose titles are about the topic, best first."""
    wanted = set(docs)
    out: list[Match] = []
    asked = frozenset(topic.grams)
    if not asked:
        return out
    for event in lexicon.events:
        if lexicon.documents[event.doc].id not in wanted:
            continue
        title = title_grams(event.title)
        recall = names.weights.coverage(topic.grams, title)
        if recall >= floor:
            out.append(Match(event, recall, names.weights.coverage(title, asked)))
    return sorted(out, key=lambda m: -m.score)
