"""How well a stretch of a document answers the words of a question: covering, synonyms, and what the answer must hold.

A word of the question counts as covered as far as stretches of two or more of its characters stand in the text. What
people say and what documents write (养狗, 养犬) is data (`same.words`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.ask.question import Question, Span, clause_around
from kg.ask.synonyms import TENTHS, others_of, wordings_of
from kg.ask.text import Weights, plain
from kg.ask.words import DENIES, cut_in_pairs, denies, first_token, names_nothing, only_acts
from kg.core.numerals import whole_number
from ontology.forms import Forms

_PAIR = 2
_SAID = 2.0  # what a question word says beside asking tells
_ACTS = 0.5  # of its weight has a word that only says what is done
_ASIDE = 0.5  # what a verb of holding or of duty tells
_WHOLE_NAME = 6  # characters from which on a name that stands there whole is that name
_LONGEST_SHORT = 6  # characters of an abbreviation
_DAY = re.compile("(?:日期|时间)$")
_SHORT_FOR = 0.9  # what two characters are worth that stand for two words
LONE = 0.4
"""What a single character in common is worth."""
_IS = ("是", "为", "达", "有多", "要达")
_SORTS = re.compile("(?:可以?|一?共)*(?:划?分|划)[为成]")
_RESULTS = frozenset("出到成完好上下起掉去来过住走开满")  # 挖出, 做到: how speech says that it was done
_DENIED = 24  # characters before what is denied in which the text may deny it
_PER_CENT = re.compile(r"\d+(?:\.\d+)?%")
ORDINAL = re.compile(r"第(\d{1,4}|[一二三四五六七八九十百零〇]{1,6})(?![条款项章节方者季\d一二三四五六七八九十百])")
_PLACE = 4  # characters of a place between a number and what it numbers: 第24届宁波|慈善大会
_NUMBERS = 18  # characters behind a number in which stands what it numbers
_NUMBERED = re.compile(r"[一二三四五六七八九十两\d]+(?:[个项种起大档类位家])")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question with all its wordings, and how telling it is."""

    text: str
    wordings: tuple[str, ...]
    weight: float
    also: tuple[str, ...] = ()  # what documents write for parts of it
    must: bool = True  # whether an answer must speak of it
    counted: bool = False  # whether it is what is asked for: 几名检测员, 哪些媒体, 公示期是几天
    whose: bool = False  # whether it only tells whose document is meant, or to whom it went
    another: bool = False  # whether it is another thing without its first character: 副组长
    denying: re.Pattern[str] | None = None  # how a text denies, where the word denies something
    ordered: str = ""  # what it numbers: 慈善大会 of 第24届宁波慈善大会
    core: str = ""  # 热气球经营 of 热气球经营项目: whole in a text it is the thing

    @property
    def numbers(self) -> frozenset[str]:
        """The shares and figures in it, as a text may write them: 八成, 80%."""
        return frozenset(found for wording in self.wordings for found in _PER_CENT.findall(wording)) | frozenset(
            found[0] for wording in self.wordings for found in TENTHS.finditer(wording)
        )

    def numbered_otherwise(self, text: str) -> bool:
        """Whether it says 第N and the text says that of other numbers or of another thing alone."""
        told = list(ORDINAL.finditer(text))
        noun = self.ordered[-_PAIR:]
        numbers = {whole_number(found[1]) for found in told if noun in text[found.end() : found.end() + _NUMBERS]}
        return bool(told) and not numbers.issuperset(map(whole_number, ORDINAL.findall(self.text)))

    def covered(self, text: str) -> float:
        """The share of it that the text holds, 0..1, in its best wording."""
        if any(wording in text for wording in self.wordings) or (self.core and self.core in text):
            return 1.0
        share = max(_covered(_undenied(self, wording, text), text) for wording in self.wordings)
        return max(share, _SHORT_FOR) if share < 1 and _contracted(self.text, text) else share

    def named(self, text: str) -> bool:
        """Whether the text names it, which its end does: 检测员 is not named where 检测队伍 is."""
        return any(wording[-_PAIR:] in text for wording in self.wordings)


def question_to_words(question: Question, weights: Weights, forms: Forms, *, names: bool = True) -> list[Word]:
    """The words of a question that an answer must speak of; bodies, series and policies count as words."""
    spans = list(question.words)
    spans += [span for span in question.spans if span.kind in ("series", "quoted", "noun.deadline", "day")]
    spans += [span for span in question.spans if span.kind in ("body", "policy", "number", "op.validity") and names]
    spans = [span for span in spans if span.kind != "body" or not _before_a_title(span, question)]
    says, papers = forms.words("verb.says"), {span.end for span in question.of("title", "policy", "kind", "number")}
    spans = [span for span in spans if not (span.text in says and papers & {span.start, span.start - 1})]  # 纲要提出
    out = [Word(text, (text,), _SAID, must=False) for text in _said_in_asking(question, forms)]
    sought = [span for span in question.spans if span.kind in ("ask.amount", "ask.which", "ask.howlong")]
    asked, ends = {span.end for span in sought}, {span.end for span in question.spans if span.kind.startswith("ask.")}
    attributes, light, aims = forms.words("noun.attribute"), forms.words("verb.light"), aims_of(forms)
    said = {span.start for span in sought if span.text.startswith(_IS)}  # 公示期是几天
    there = {span.end for span in question.of("ask.yesno") if span.text in forms.words("there.asked")}  # 有没有个人账户
    limits = (forms.find("said.limit", question.text[: span.start]) for span in sought)
    said |= {found.start() for found in limits if found}  # 保额|最少要多少: it is what is counted
    said |= {span.start - 1 for span in sought if question.text[span.start - 1 : span.start] in _IS}
    edges, counts = question.edges, "amount" in question.asks
    sorted_by = {span.start for span in question.spans if span.kind.startswith("ask.") and _SORTS.match(span.text)}
    actors = {found.start("actor") for found in forms.pattern("said.actor").finditer(question.text)}
    whose_act = {span.start for span in question.of("ask.body")} if "body" in question.implied else set()  # 备案|部门
    for span in sorted(spans, key=lambda one: one.start):
        text = plain(span.text)
        if span.kind == "op.validity":
            text = _DAY.sub("", text)  # a text says the day, not that it is one
        asked_by_name = span.start in ends and text in attributes  # 承担哪些职责, 叫什么名称: it is what follows
        if text and not asked_by_name and not _NUMBERED.fullmatch(text):
            wordings = (text, *(plain(v) for v in _names_of(span.value) if span.kind == "body"))
            core = _without_category(text, forms) if span.kind == "word" else ""
            every = tuple(dict.fromkeys(w for wording in wordings for w in wordings_of(wording, forms)))
            speech = text[-1] in _RESULTS
            joined = len(text) == _PAIR and not speech and {span.start, span.end} & edges
            told = not counts or (speech and not weights.known(text[-_PAIR:]))
            acts = span.kind == "word" and only_acts(text) and not joined and told and span.end not in whose_act
            counted = len(text) > 1 and (span.start in asked | there or span.end in said)
            counted = counted and question.text[span.end : span.end + 1] != "的"  # 多少个市级的工作室
            soft = (
                denies(text)
                or (counts and bool(aims.fullmatch(text)))  # 数量目标
                or acts
                or text in light
                or span.kind == "noun.deadline"
                or span.start in actors
                or (span.kind == "body" and _is_of_a_story(span, question, forms))
                or (span.end in sorted_by and text in attributes)  # 处理方式分为哪四类: the sorts are what is told
                or (not counts and span.end not in whose_act and _only_spoken(span, every, weights))
            )
            weight = weight_of(text, weights) * (_ACTS if soft else 1.0)
            whose = span.kind == "body" and _tells_whose(span, question, forms)
            another = forms.start("word.another", text) is not None
            denying = forms.pattern("said.denying") if DENIES.match(text) else None
            also = others_of(text, forms)
            near = (plain(w.text) for w in question.words if 0 <= w.start - span.end <= _PLACE)
            of = _numbered_in(text) if span.kind == "body" else next(near, "") if "第" in text else ""
            out.append(Word(text, every, weight, also, not soft, counted, whose, another, denying, of, core))
    # 多久换一回: what is done so often
    done = [plain(str(span.value)) for span in question.of("ask.frequency") if span.value]
    out += [Word(text, wordings_of(text, forms), weight_of(text, weights), must=False) for text in done]
    roles = [
        plain(span.text) for span in question.spans if span.kind in ("role.lead", "role.co", "role.join", "role.do")
    ]
    return out + [Word(text, wordings_of(text, forms), _ASIDE, must=False) for text in roles if out and len(text) > 1]


def _without_category(text: str, forms: Forms) -> str:
    """热气球经营 of 热气球经营项目; nothing where no such noun ends the word, or it is most of it."""
    end = next((noun for noun in forms.words("noun.category") if text.endswith(noun)), "")
    return text[: -len(end)] if end and len(text) - len(end) > _PAIR else ""


@lru_cache(maxsize=4)
def aims_of(forms: Forms) -> re.Pattern[str]:
    """What a sum is called, and no more: 数量目标."""
    return re.compile(f"(?:{'|'.join(map(re.escape, forms.words('noun.aim')))}){{1,3}}")


def _before_a_title(body: Span, question: Question) -> bool:
    """Whether a body only says whose document is meant: 财政部2009年关于…的通知."""
    between = {body.end, *(span.end for span in question.of("year") if span.start == body.end)}
    between |= {end + 1 for end in between if question.text[end : end + 1] == "的"}
    return any(title.start in between and not title.text.startswith("《") for title in question.of("title"))


def _tells_whose(body: Span, question: Question, forms: Forms) -> bool:
    """某部答复某市劳动局, 按照某部的规定: whose document is meant, and whom it went to."""
    before, behind = question.text[: body.start], question.text[body.end :]
    if forms.find("said.according_to", before) and forms.start("said.laid_down", behind):
        return True
    return bool(forms.start("said.issuing", behind) or forms.find("said.issued_to", before))


def _numbered_in(name: str) -> str:
    """What an ordinal within a name numbers: 医科大学 of 山东第二医科大学."""
    found = ORDINAL.search(name)
    return name[found.end() :] if found else ""


def _is_of_a_story(body: Span, question: Question, forms: Forms) -> bool:
    """Whether the asker tells what a body did to him, and asks something else: 我不服区卫计局的处罚，…多久能出决定."""
    if not forms.find("said.first_person", question.text):
        return False
    begun, end = clause_around(question.text, body.start, body.end)
    asks = any(begun <= s.start < end for s in question.spans if s.kind.startswith(("ask.", "role.")))
    suffered = forms.find("said.suffered", question.text[begun:end])
    return end < len(question.text) and not asks and suffered is not None


def _only_spoken(span: Span, wordings: Iterable[str], weights: Weights) -> bool:
    """Whether a word names nothing and no document has any pair of its characters: 拿到手, 打招呼."""
    return (
        span.kind == "word"
        and span.length > 1
        and names_nothing(plain(span.text))
        and not any(weights.known(wording[n : n + _PAIR]) for wording in wordings for n in range(len(wording) - 1))
    )


def _said_in_asking(question: Question, forms: Forms) -> Iterator[str]:
    """What a question word says beside asking: 主管单位是谁, 最长几天."""
    pattern = forms.pattern("said.in_asking")
    for span in question.spans:
        if span.kind.startswith(("ask.", "op.")) and (found := pattern.search(span.text)):
            yield found[0]


def _names_of(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, tuple) else ()


def weight_of(text: str, weights: Weights) -> float:
    """How much a word tells: the mean of its pairs, more for a longer word."""
    pairs = [text[i : i + 2] for i in range(len(text) - 1)]
    if not pairs:
        return 0.3
    return sum(weights(pair) for pair in pairs) / len(pairs) * math.sqrt(min(len(pairs), 6))


@lru_cache(maxsize=1 << 14)
def _pairs_of(word: str) -> tuple[str, ...]:
    return tuple(word[at : at + _PAIR] for at in range(len(word) - 1))


def _undenied(word: Word, wording: str, text: str) -> str:
    """What a wording denies, where the text denies it in other words: 没有续签, 未备案 of 未按照规定办理备案."""
    found = DENIES.match(wording) if word.denying else None
    rest = wording[found.end() :] if found else ""
    return rest if len(rest) >= _PAIR and denied(rest, text, word.denying) is True else wording


def denied(thing: str, text: str, denying: re.Pattern[str] | None) -> bool | None:
    """Whether a text denies a thing that it names; None where it does not name it. Characters may stand between."""
    told = [found.start() for found in _in_order(thing).finditer(text)]
    if not told or denying is None:
        return None
    return any(denying.search(text, max(0, start - _DENIED), start) for start in told)


@lru_cache(maxsize=1 << 10)
def _in_order(thing: str) -> re.Pattern[str]:
    return re.compile(r"[^，。；：\n|]{0,2}?".join(map(re.escape, thing)))


def _covered(word: str, text: str) -> float:
    """The share of a wording that does not stand in the text as a whole."""
    if not any([pair in text for pair in _pairs_of(word)]):  # noqa: C419 - a generator costs more than it saves
        return LONE * sum([char in text for char in word]) / len(word)
    got, at, size = 0.0, 0, len(word)
    while at < size:
        end = at + 1
        while end <= size and word[at:end] in text:
            end += 1
        length = end - at - 1
        if length >= _PAIR:
            got += length
            at += length
        else:
            got += LONE if length else 0.0
            at += 1
    return got / size


def _abbreviated(part: str, text: str) -> bool:
    """Whether a stretch of three or more characters stands for a longer name in the text: 大运会, 大学生运动会."""
    if not _PAIR < len(part) <= _LONGEST_SHORT or part[-1] not in text:
        return False
    start = text.find(part[0])
    while start >= 0:
        window, at = text[start : start + 4 * len(part)], 0
        for char in part:
            at = window.find(char, at) + 1
            if not at:
                break
        else:
            return True
        start = text.find(part[0], start + 1)
    return False


def _contracted(part: str, text: str) -> bool:
    """Whether two characters stand for two words of two that follow one another: 领奖, 领取奖励."""
    if len(part) != _PAIR:
        return False
    start = text.find(part[0])
    while start >= 0:
        whole = text[start : start + 2 * _PAIR]
        if part[1] in whole[_PAIR:] and cut_in_pairs(whole):
            return True
        start = text.find(part[0], start + 1)
    return False


def split_word(word: Word, text: str, weights: Weights) -> bool:
    """Whether the text holds only the tail of the first name in a word: 温补贴 of 低温补贴 in 高温补贴.

    The name is one that the segmenter knows (报|自然科学 is none), or whose first two characters no document has.
    """
    head = first_token(word.text)
    known = len(head) >= _PAIR and head == word.text[: len(head)] != word.text and not only_acts(head)
    if any(_undenied(word, w, text) in text for w in word.wordings) or (known and head[:_PAIR] in text):
        return False
    tailed = [len(w) > _PAIR and w[:2] not in text and w[1:3] in text for w in word.wordings]
    if known:
        return any(tail for tail, w in zip(tailed, word.wordings, strict=True) if w.startswith(head))
    whole = any(len(w) > _WHOLE_NAME and w[1:] in text for w in word.wordings)  # 报|自然科学学术成果
    return all(tailed) and not whole and not any(weights.known(w[:2]) for w in word.wordings)


def stretches_uncovered(word: Word, text: str) -> list[str]:
    """Stretches of two or more characters of a word that no wording finds in the text."""
    if word.another and word.text[1:] in text and not any(_undenied(word, one, text) in text for one in word.wordings):
        return [word.text]
    if word.core and word.core in text:
        return []
    best: list[str] | None = None
    for wording in (_undenied(word, one, text) for one in word.wordings):
        left: list[str] = []
        run, at = "", 0
        while at < len(wording):
            length = next((n for n in range(len(wording) - at, 1, -1) if wording[at : at + n] in text), 0)
            if length:
                left, run = ([*left, run] if len(run) >= _PAIR else left), ""
                at += length
            else:
                run += wording[at]
                at += 1
        left = [*left, run] if len(run) >= _PAIR else left
        left = [part for part in left if not _abbreviated(part, text) and not _contracted(part, text)]
        if best is None or sum(map(len, left)) < sum(map(len, best)):
            best = left
        if not best:
            return []
    return best or []


def share_told(words: Iterable[Word], text: str) -> float:
    """The weighted share of the words that a text covers, 0..1."""
    got = total = 0.0
    for word in words:
        total += word.weight
        got += word.weight * word.covered(text)
    return got / total if total else 0.0
