"""One clause to one event: who does what (会同 whom), where, by a verb that says that something was held or done.

市商务委在黄浦区开展商贸领域首席质量官扩大试点
-> doer 市商务委, place 黄浦区, act 开展, object 商贸领域首席质量官扩大试点
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.facts.bodies import Bodies
from kg.core.model import Party, PartyKind, Role
from ontology.forms import Forms

CAMPAIGN = re.compile(r"“[^“”]{2,24}”")
_ADVERB = re.compile(
    r"^(?:邀请[^，。；“]{2,30}?(?=(?:组织)?(?:开展|举办|举行|作|讲))|(?:还|也|又|并|先后|分别|共同|联合|积极|深入|广泛|全面|持续|大力|扎实|认真|有序|首次|率先|同步|集中|牵头|继续|进一步|具体|精心|统筹|共|已|将)+)"
)
_PHRASE = (
    r"^(?:(?:在|于|向|对|面向|围绕|聚焦|针对|通过|依托|利用|借助|结合|以|与|同|为)(?P<what>[^，。；]{1,40}?))"
    r"(?=(?:公开|积极|共同|联合|合作)?(?:ACT|合作))"
)
_STARTS = (
    "|检查|抽检|抽查|悬挂|推送|接待|分别|先后|邀请|共同|联合|积极|深入|广泛|全面|持续|首次|牵头|在|向|对(?!外|口)|利用|借助"
    "|依托|通过|面向|围绕|聚焦|与|同|以|为|推动|指导|公开|将"
)
_WITH = re.compile(r"会同|联合|携手|协同")
_WITH_APART = re.compile(r"(会同|携手|协同|联合(?=[^会]))")
_SHORT_EVENTS = frozenset(("讲座", "论坛", "培训", "沙龙", "义诊", "竞赛", "比赛", "大赛"))
_AWARD = re.compile(r"为(?P<what>.{4,40}?)(?:获奖者|获得者|获奖单位|获奖组织|获奖企业)?(?P<act>颁奖|授牌|揭牌|揭幕)")
_HONOURED = re.compile(
    r"^(?P<what>.+?)(?:荣)?获(?P<by>[^，。；]{2,30}?)(?P<act>(?:联合|通报)?(?:表彰|表扬|推广)(?:和(?:宣传推广|表扬|推广))?)$"
)
_LEADS_ON = re.compile(
    r"^(?:指导|支持|推动|组织|委托|协调|督促)(?P<who>[^，。；“”]{2,24}?)(?P<rest>(?:组织)?(?:开展|举办|举行|召开|实施).+)$"
)
_HELD = re.compile(
    r"^(?:先后|成功|现场|共|累计|还|并)*(?:在[^，。；]{2,24}?)?(?P<act>举办|举行|召开|承办|组织开展)(?:了)?(?P<what>[^，；。]{4,60})$"
)
_PASSIVE = re.compile(
    r"^(?:由(?P<by>[^。；]{2,80}?)(?:联合|共同)?(?:主办|举办|组织|承办)(?:[，、](?P<others>[^。；]{2,60}?)(?:联合|共同)?(?:承办|协办|支持))?的)?"
    r"(?P<what>[^，。；]{4,40}?(?:仪式|大会|会议|论坛|会|活动|大赛|比赛|竞赛|展|周|节))(?:于(?!是)[^，。；]{2,12})?在(?P<where>[^，。；]{2,24}?)"
    r"(?:隆重|成功|顺利|正式|同步)?(?:举行|举办|召开|启动|开幕|拉开帷幕|拉开序幕)$"
)
COUNT_TAIL = re.compile(
    r"(?:共|近|约|超过?)?[\d.]{1,12}(?:[万亿])?[余多]?(?:[万亿])?(?:个|家|场|次|份|人次|项|篇|条|批次|名|件|期|门|户|台|套|张|块|起|宗|部|幅|册|所)(?:次|套|件)?$"
)
_COUNT_LEAD = re.compile(r"^\d{1,8}[余多]?[家个名位](?:企业|单位|组织)?(?=\S{4})")
_VAGUE = re.compile(r"^(?:了)?(?:一系列|各类|各项|系列|相关|有关|多种|多项)")
_LISTED = re.compile(r"^“[^”]*(?:“[^”]*”[^”]*)*”等[\d一二三四五六七八九十百]+[个项名家件条]")
_EACH = re.compile("分别|先后")
_LONGEST_CLAUSE = 400


@dataclass(frozen=True, slots=True)
class Event:
    """What a clause says was (or will be) done. `start`/`end` delimit the clause in the text."""

    doers: tuple[Party, ...]
    act: str
    object: str
    start: int
    end: int
    place_phrase: str | None = None
    each: bool = False  # 分别: the doers did one thing each
    when: str = ""  # the clause before it that only says when (9月29日，)

    @property
    def title(self) -> str:
        """The words for a list: act and object."""
        return self.act + self.object


class ClauseReader:
    """Reads clauses in the context of one document."""

    def __init__(self, forms: Forms, bodies: Bodies) -> None:
        self.bodies = bodies
        self.act = forms.pattern("hold.act")
        self.noun = forms.pattern("hold.noun")
        source = forms.source("hold.act")
        self._phrase = re.compile(_PHRASE.replace("ACT", source))
        self._starts = re.compile(source + _STARTS)

    def is_event(self, words: str) -> bool:
        """Whether words name something that can be held: …活动, …会, “…”."""
        return bool(self.noun.search(words) or CAMPAIGN.search(words))

    def read(self, clause: str, start: int, *, carried: tuple[Party, ...] = (), own: bool = False) -> Event | None:
        """The event of a clause that stands at `start`; `carried` are the doers when the clause names none.

        `own`: the sentence speaks of the writer itself (我局举办了…，开展…): an event needs no name of who did it.
        """
        clause = clause[:_LONGEST_CLAUSE]
        end = start + len(clause)
        if passive := _PASSIVE.match(clause):
            return self._passive(passive, start)
        if award := _AWARD.search(clause):
            return Event((), "", _COUNT_LEAD.sub("", award["what"]) + award["act"], start, end)
        if honoured := _HONOURED.match(clause):
            by = self.bodies.read(honoured["by"], start + honoured.start("by"), None, named=False)
            if by:
                return Event(tuple(by), honoured["act"], _without_examples(honoured["what"]), start, end)
        doers, at = self.doers_of(clause, start)
        if not doers:
            doers = carried
            if not doers and (held := _HELD.match(clause)):
                return self._unnamed(held, start)
        elif _WITH.match(clause):
            doers = (*carried, *doers)  # …；会同市公安局查办案件: with the one that the sentence speaks of
        event = self._predicate(clause, at, start, doers) if doers or own else None
        return event if event is None or doers or self.is_event(event.object) else None

    def _unnamed(self, found: re.Match[str], start: int) -> Event | None:
        """举办首席质量官培训班3期: held, by whom is not said."""
        what = COUNT_TAIL.sub("", found["what"]).strip("，。；、,; ")
        if not self.is_event(what) or _VAGUE.match(what):
            return None
        return Event((), found["act"], what, start, start + found.end())

    def _passive(self, found: re.Match[str], start: int) -> Event | None:
        """由甲、乙主办，丙承办的启动仪式在东方艺术中心举行: who stands behind 由 and between the verbs did it."""
        doers: list[Party] = []
        for group, role in (("by", None), ("others", Role.CO)):
            if found[group]:
                doers += self.bodies.read(strip_etc(found[group]), start + found.start(group), role, named=False)
        end = start + found.end()
        named = doers or found["by"] is None
        return Event(tuple(doers), "", found["what"].strip(), start, end, found["where"]) if named else None

    def _predicate(self, clause: str, at: int, start: int, doers: tuple[Party, ...]) -> Event | None:
        end = start + len(clause)
        rest = clause[at:]
        place_phrase = None
        each = leads = False
        while True:
            if (adverb := _ADVERB.match(rest)) and not self.act.match(rest):
                each = each or bool(_EACH.search(adverb[0]))
                leads = leads or "牵头" in adverb[0]
                rest = rest[adverb.end() :]
            elif (phrase := self._phrase.match(rest)) and not self.act.match(rest):
                place_phrase = place_phrase or (phrase["what"] if phrase[0][0] == "在" else None)
                rest = rest[phrase.end() :]
            else:
                break
        rest = re.sub(r"^(?:公开|合作)(?=征集|制)", "公开" if rest.startswith("公开") else "", rest)
        if passed := self._passed_on(rest, start + len(clause) - len(rest)):
            doers, rest = (*doers, *passed[0]), passed[1]
        act = self.act.match(rest)
        if act is None:
            return None
        what = COUNT_TAIL.sub("", rest[act.end() :].removeprefix("了")).strip("，。；、,; ")
        what = re.sub(r"(?<=[式会赛坛议训])等$", "", what)
        what = re.sub(r"(?<=》)[（(][^（）()]*号[）)]$", "", what)
        if (len(what) < 3 and what not in _SHORT_EVENTS) or _VAGUE.match(what):
            return None
        return Event(doers, act[0], what, start, end, place_phrase, each)

    def _passed_on(self, rest: str, start: int) -> tuple[tuple[Party, ...], str] | None:
        """指导上海城投公路集团开展…: the one who is guided does it too, when it is a body that resolves."""
        found = _LEADS_ON.match(rest)
        if not found:
            return None
        parties = self.bodies.whole(found["who"], start + found.start("who"))
        if not parties or any(p.kind is PartyKind.GROUP for p in parties) or not self.bodies.is_known(found["who"]):
            # 指导…等区属企业开展培训: whoever they are, it was held
            return None if self.act.match(rest) else ((), found["rest"])
        return tuple(parties), found["rest"]

    def doers_of(self, clause: str, start: int) -> tuple[tuple[Party, ...], int]:
        """The bodies at the head of a clause and where the predicate begins; 会同 X adds X in a helping role."""
        best: tuple[tuple[Party, ...], int] = ((), 0)
        for stop in self._predicate_starts(clause):
            if best[1] and clause[best[1]] in "在向对为以" and self.bodies.is_sure(best[0][-1].as_written):
                break  # 区教育局、区公安分局|对…小学、幼儿园食堂开展: who acts has been said
            if parties := self._whole(clause[:stop], start):
                best = (parties, stop)
        return best

    def names_alone(self, clause: str, start: int) -> tuple[Party, ...]:
        """The bodies of a clause that holds nothing else: 区商务委会同区市场监管局，于9月15日前组织…"""
        return self._whole(clause, start) if 2 < len(clause) < 90 else ()

    def _predicate_starts(self, clause: str) -> list[int]:
        """Places where a predicate may begin: an act, an adverb or a phrase word outside quotes, in the first 90."""
        quote = min((i for i in (clause.find("“"), clause.find("《")) if i >= 0), default=len(clause))
        return [m.start() for m in self._starts.finditer(clause[:90]) if 2 <= m.start() <= quote]

    def _whole(self, head: str, start: int) -> tuple[Party, ...]:
        """All of `head` as parties, or nothing."""
        parties: list[Party] = []
        at = 0
        parts = _WITH_APART.split(head)
        for n, part in enumerate(parts):
            if part and not _WITH.fullmatch(part):
                found = self.bodies.whole(part, start + at, Role.CO if n else None)
                if not found:
                    return ()
                parties += found
            at += len(part)
        return tuple(parties)


def strip_etc(text: str) -> str:
    """A list without 等10余家单位 at its end."""
    return re.sub(
        r"(?<![高平同])等(?:\d{0,6}|[十百]{0,2}[余多]?)[个家所]?(?:\S{0,4}(?:部门|单位|机构|企业|地区|区|地|高校|院校|学校|媒体|平台|实验室|集团|公司))?$",
        "",
        text,
    )


def _without_examples(text: str) -> str:
    """“…”等10个先进方法、“…”等17个作品 -> 先进方法、作品."""
    return "、".join(_LISTED.sub("", part) for part in split_items(text))


def split_items(text: str) -> list[str]:
    """Coordinated items: at 、 outside quotes and brackets, and between ” and “."""
    out: list[str] = []
    depth = begin = 0
    for i, char in enumerate(text):
        if char in "“（《(":
            if char == "“" and depth == 0 and i > begin and text[i - 1] == "”":
                out.append(text[begin:i])
                begin = i
            depth += 1
        elif char in "”）》)":
            depth = max(0, depth - 1)
        elif char == "、" and depth == 0:
            out.append(text[begin:i])
            begin = i + 1
    return [p for p in (*out, text[begin:]) if p]
