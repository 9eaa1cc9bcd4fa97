"""What a figure counts, in the words that a reader would put: one rule for each way of writing.

- noun-after: 全市168家企业 -> 企业
- before: 出具整改指令34份 -> 出具整改指令; 互联网普及率提高到73% -> 互联网普及率
- verb-noun: 随机摇出3套房屋 -> 随机摇出房屋
- inherited: of 服务业占比54.6%，同比提高1.2个百分点 the second has the subject of the first
- distributed: 甲率、乙率分别达55.7%、75.1% -> 甲率; 乙率
- limit: 应在3个工作日内完成审核 -> 完成审核的时限
- recipient: 对高新技术企业给予20万元一次性奖励 -> 高新技术企业一次性奖励
"""

from __future__ import annotations

import re

from ingest.facts.figure_phrases import EDGE, LONGEST, SHORT, WORD, Phrases, tidy
from ingest.facts.figure_place import Place
from ontology.forms import Forms

_LONG, _AHEAD, _BACK = 26, 120, 800
_RANGED = frozenset(("以上", "以下", "超过", "不低于", "不少于", "不超过"))
_AGE = frozenset(("周岁", "岁"))
_WITHIN = frozenset(("内", "以内", "之内", "（含）内", "（含）以内", "内（含）"))
_TIMED = ("的时限", "的期间", "的期限", "年龄", "期限")
_BY = re.compile("按照|按")
_LIMITS = re.compile(r"^(?:[及以和]?以[上下内外])?(?:[（(][^（）()\n]{1,20}[)）])?")


class SubjectFinder:
    """Composes subjects; each answer names its rule."""

    def __init__(self, forms: Forms) -> None:
        self._phrases = Phrases(forms)
        self._award = forms.pattern("subject.award")
        self._whole = forms.pattern("subject.whole")
        self._rated = {str(row["unit"]): str(row["is"]) for row in forms.rows("subject.rated")}
        self._growth = forms.pattern("subject.growth")
        self._standard = forms.pattern("subject.standard")
        self._condition = forms.pattern("subject.condition")
        self._given = forms.pattern("subject.given")
        self._giving = forms.pattern("subject.giving")
        self._share = forms.pattern("subject.share")
        self._attends = frozenset(forms.words("subject.attends"))
        self._attended = re.compile(forms.source("subject.attends"))
        self._defined = forms.pattern("subject.defined")
        self._heading = forms.pattern("subject.heading")

    def subject_of(self, place: Place) -> tuple[str, str]:
        """The subject of a figure and the rule that gave it; the clause itself where no rule has words."""
        kind = place.quantity.kind
        if shared := tidy(self._distributed(place)):
            return shared, "distributed"
        if kind == "time":
            subject, rule = self._of_age(place) if place.quantity.unit in _AGE else self._of_time(place)
        elif kind in ("count", "noun"):
            subject, rule = self._of_count(place)
        elif kind == "money":
            subject, rule = self._of_money(place)
        else:
            subject, rule = self._of_measure(place)
        subject = tidy(subject)
        if self._award.fullmatch(subject):
            owner = self._phrases.receiver(place.earlier, longest=_LONG) or self._tail(place)
            subject = tidy(owner + subject)
        if not subject:
            inherited = next((s for s in reversed(place.before) if s), "")
            subject, rule = (
                (inherited, "inherited") if inherited else (self._phrases.told_of(place.earlier), "clause-before")
            )
        return (subject or tidy(place.clause.of(place.text))[-LONGEST:]), rule

    # -- rules by kind ------------------------------------------------------------------------------------------------

    def _of_count(self, place: Place) -> tuple[str, str]:
        q, phrases = place.quantity, self._phrases
        noun, left = phrases.noun(place.right, q), phrases.before(place.left)
        if place.follows_count:
            left = phrases.done(left)
        if place.right.lstrip().startswith("的") and len(left) >= SHORT and q.qualifier in _RANGED:
            return left, "before"  # 从业人员30人以内的中小型企业
        if len(noun) > SHORT or (len(noun) > 1 and noun == q.noun and not left):
            return noun, "noun-after"
        if not noun and not left and self._attended.match(place.right):
            return phrases.predicate(place.right), "predicate"  # 共3.8万人次参与
        if not noun:
            return self._wide(left, place), "before"
        doing = phrases.doing(left)
        if doing and not phrases.is_list(doing):
            return doing + noun, "verb-noun"
        predicate = phrases.predicate(place.right)
        return (predicate, "noun-predicate") if len(predicate) > len(noun) else (left + noun, "before-noun")

    def _of_money(self, place: Place) -> tuple[str, str]:
        q, phrases = place.quantity, self._phrases
        left, noun = phrases.before(place.left), phrases.noun(place.right, q)
        if standard := self._standard.search(place.text, q.end, min(place.clause.end, q.end + _AHEAD)):
            return self._by_standard(place, left, phrases.noun(standard["what"], q) or standard["what"])
        if not noun:
            return self._wide(left, place), "before"
        if place.right.lstrip().startswith("的") and len(left) == SHORT:
            return noun + left, "noun-property"  # 产值10亿元以上的企业
        raw = place.left.strip(EDGE)
        given = self._giving.search(raw) is not None
        who = phrases.receiver(raw) if given and raw.startswith(("对", "向", "给予")) else ""
        once = "一次性" if raw.endswith("一次性") and not noun.startswith("一次性") else ""
        if given and (who or once):
            return who + once + noun, "recipient"
        if len(noun) <= SHORT:
            predicate = phrases.predicate(place.right)
            if len(predicate) > len(noun) + 1 and not self._given.match(predicate, len(noun)):
                return predicate, "noun-predicate"
            return (phrases.receiver(place.earlier) or left or self._tail(place)) + noun, "before-noun"
        if given or len(left) <= SHORT:
            return noun, "noun-after"
        return left, "before"

    @staticmethod
    def _by_standard(place: Place, left: str, what: str) -> tuple[str, str]:
        """按每人1000元的标准发放一次性补助 -> 一次性补助标准."""
        head = _BY.split(left)[-1]
        if not head and place.before and place.before[-1].endswith(what):
            return place.before[-1], "inherited"
        return (head if len(head) <= _LONG else "") + what + ("" if head else "标准"), "standard"

    def _of_measure(self, place: Place) -> tuple[str, str]:
        phrases = self._phrases
        raw, right = place.left.strip(EDGE), place.right.lstrip()
        left = phrases.before(place.left)
        rated = self._rated.get(place.quantity.unit or "")
        if (
            rated
            and len(left) <= WORD
            and (noun := phrases.noun(_LIMITS.sub("", place.rest.lstrip()).removeprefix("的"), place.quantity))
        ):
            return noun + rated, "noun-property"  # 10千伏以下的线路工程
        if right.startswith("的") and not left:
            if of := self._share.match(right):
                return f"{of['of']}中{of['is']}占比", "share-of"
            return phrases.predicate(right) or phrases.noun(right, place.quantity), "share-of"
        if right.startswith("的") and len(left) <= WORD:
            return left + phrases.noun(right, place.quantity), "before-noun"
        if len(left) == SHORT and not right[:1].isspace() and (noun := phrases.noun(right, place.quantity)):
            return left + noun, "before-noun"  # 完成60%年度任务量
        if raw.endswith("的") and len(left) - left.rfind("的") > WORD:
            left = left[left.rfind("的") + 1 :]  # 期间实际发生的场地租金总额的50%
        if whole := self._whole.fullmatch(left):
            return f"{whole['part']}占{whole['whole'].removesuffix('的')}", "share-of-whole"
        if self._growth.match(left) and place.before and place.before[-1]:
            known = place.before[-1]
            return (left if left in known else known + left), "property-of-before"
        return self._wide(left, place), "before"

    def _of_age(self, place: Place) -> tuple[str, str]:
        left, noun = self._phrases.before(place.left), self._phrases.noun(place.rest, place.quantity)
        if left.endswith("年龄"):
            return (left if len(left) > SHORT else (noun or self._tail(place)) + left), "age"
        defined = self._defined.search(place.earlier)
        return (left or noun or (defined["what"] if defined else self._tail(place))) + "年龄", "age"

    def _of_time(self, place: Place) -> tuple[str, str]:
        q, phrases = place.quantity, self._phrases
        before, right = place.left.rstrip(), place.rest.lstrip()
        # 自竣工验收之日起满二年: nothing but the beginning of the time is told
        left = phrases.before(place.left) or ("" if place.before else before.strip(EDGE).removeprefix("自"))
        within = place.text[q.unit_end : q.end].strip() in _WITHIN or right.startswith("前")
        ahead = before.endswith(("前", "后", "提前", "之日起", "起", "在")) and right[:1] not in EDGE
        if right.startswith("的") and within and left:
            return left, "before"  # 授权6个月内的专利
        ahead = ahead and not right.startswith("的")
        if within or ahead:
            if "时长" in left[-WORD:] or left.endswith(("时间", "期限", "时限", "期")):
                return left, "before"
            if act := (phrases.act(right) or phrases.act(place.later)).removesuffix("的"):
                act = self._tail(place) + act if len(act) <= WORD else act
                if self._condition.match(act):
                    return act + "的期间", "limit"
                return act + ("的提前时间" if before.endswith("提前") else "的时限"), "limit"
        noun = phrases.noun(right, q)
        if noun and right.startswith("的"):
            return phrases.doing(left) + noun + "期限", "term-of"
        if noun and len(left) <= WORD and noun[0] not in "未前后" and not left.endswith("期"):
            return f"{left}{noun}的期限", "term-of"
        return self._wide(left, place), "before"

    # -- rules for all kinds ------------------------------------------------------------------------------------------

    def _distributed(self, place: Place) -> str:
        """The k-th thing for the k-th figure: 国家级、省级产业园，分别给予200万元、100万元补贴.

        A 分别 without things of its own (比上年分别提高1.2个和0.8个百分点) goes to the things of the one before.
        """
        first, last = place.group
        n, k = last - first, place.index - first
        if n < SHORT or "分别" not in place.left:
            return ""
        phrases = self._phrases
        own = phrases.before(place.left.split("分别")[0], whole=True)
        noun = phrases.noun(place.right, place.around[last - 1]) if place.quantity.kind == "money" else ""
        if not own and noun:
            own = phrases.receiver(place.earlier, longest=_AHEAD)
        if items := phrases.items(own, n):
            return items[k] + noun
        previous = place.before[:first]
        return previous[k - n] if len(previous) >= n and not phrases.before(place.left) else ""

    def _wide(self, left: str, place: Place) -> str:
        """A phrase of one word is told with what it belongs to: 单间 of 某苑29套, 小学 of a total."""
        if not left or len(left) > SHORT or left in self._attends:
            return left
        known = place.before[0] if place.before and not place.before[0].endswith(_TIMED) else ""
        if not known and place.quantity.kind == "measure":
            known = self._head_of_line(place)
        if known and left not in known:
            return left + known if place.opens_bracket else known + left
        return left if known else self._tail(place) + left

    def _head_of_line(self, place: Place) -> str:
        start = max(place.text.rfind("\n", 0, place.sentence.start) + 1, place.sentence.start - _BACK)
        found = self._heading.match(place.text, start)
        return found["head"] if found and found.end() <= place.clause.start else ""

    def _tail(self, place: Place) -> str:
        return self._phrases.tail(place.earlier)
