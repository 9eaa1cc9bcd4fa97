"""What a text must hold that answers how many or how much: a figure with its unit, of the very things asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from kg.ask.question import Question
from kg.ask.synonyms import wordings_of
from kg.ask.text import plain
from ontology.forms import Forms

_PEOPLE = ("人", "名", "位")
_SAME_CLAUSE = re.compile(r"[^，。；、？?的了过\s]{1,4}")
_NUMERAL = re.compile(r"[\d.,一二两三四五六七八九十百千万亿]")


def amount_tests(question: Question, forms: Forms) -> tuple[Callable[[str], object], list[Callable[[str], object]]]:
    """The test for a figure as it is asked for, and all that an answer must pass."""
    units = list(dict.fromkeys(str(s.value) for s in question.of("ask.amount") if s.value))
    unit = units[0] if units else ""
    share = forms.find("said.share", question.text) is not None or any(  # 造价的百分之几
        forms.find("slot.percent", span.text) for span in question.of("ask.amount")
    )
    part = not share and forms.find("said.part_of", question.text)  # 不低于供养金的多少: a share or a sum
    said = forms.pattern("said.no_money").sub("", question.text)
    money = any(word in said for word in forms.words("noun.money")) and not (unit or share)
    sort = "slot.money" if money else "slot.percent" if share and not unit else ""
    measured = "" if unit or sort else _measured_in(question, forms)
    amount = forms.pattern(sort) if sort else compiled(measured) if measured else _unit_pattern(unit, forms)
    times = money and forms.find("said.times", question.text) and forms.pattern("slot.times")
    once = forms.pattern("said.first_only")
    again = not once.search(question.text)
    whom = _whom(question, forms)
    people = whom and compiled(rf"(?<!第)[\d一二三四五六七八九十百千万亿][多余]?(?:{whom})")  # 1.1万员工

    free = money and forms.pattern("noun.paid").search(question.text) and forms.pattern("slot.free")
    charges = forms.pattern("slot.charged")
    percent = forms.pattern("slot.percent")
    counts_nothing = forms.pattern("slot.no_amount")
    fine = not forms.find("said.breach", question.text) and forms.pattern("slot.fined")

    given = _given_in(question.text, amount)
    condition = forms.find("said.total", question.text) and forms.pattern("slot.condition")

    def figure(text: str) -> object:
        counting = counts_nothing.sub("", condition.sub("", text) if condition else text)
        counting = given.sub("", counting) if given else counting
        counting = fine.sub("", counting) if fine else counting
        told = amount.search(counting) or (times and times.search(counting))
        # 首次免收，补领应当缴纳: what is free is not what is asked about
        spared = free and free.search(text) and not charges.search(text) and not (again and once.search(text))
        told = told or (part and percent.search(counting))
        return told or (people and people.search(text)) or spared

    tests: list[Callable[[str], object]] = [figure, *(_unit_pattern(other, forms).search for other in units[1:])]
    if unit in forms.words("unit.any") and (noun := _counted(question)):
        tests = [_counts(wordings_of(plain(noun), forms), amount.pattern)]
    if money and forms.pattern("said.total").search(question.text):
        tests.append(forms.pattern("slot.total").search)
    return figure, [*tests, *(compiled(source).search for source in _rates(question.text, forms))]


def _measured_in(question: Question, forms: Forms) -> str:
    """Figures in the units of what is measured, where the word beside what asks ends in its noun: 占地面积多少."""
    starts = {span.start for span in question.of("ask.amount")}
    if "amount" in question.implied:
        starts.add(max((word.end for word in question.words), default=-1))
    beside = [word.text for word in question.words if word.end in starts]
    for row in forms.rows("noun.measure"):
        if row.get("strict") and any(word.endswith(tuple(row["words"])) for word in beside):
            units = "|".join(map(re.escape, row["units"]))
            figure = rf"[\d一二两三四五六七八九十百千万亿半]\s*(?:多|余)?\s*(?:{units})(?![a-z])"
            headed = rf"[（(](?:{units})[)）][^。；]{{0,20}}?\d"  # 占地面积（平方米）：1200, and of a table's head
            return f"{figure}|{headed}"
    return ""


def _given_in(text: str, amount: re.Pattern[str]) -> re.Pattern[str] | None:
    """总投资1亿元以上的企业费用是多少: sums with their units that the asker gives are not what is asked for."""
    told = (found for found in amount.finditer(text) if not _NUMERAL.match(text[: found.start()][-1:]))
    units = {found[0].strip() for found in told if not _NUMERAL.match(found[0].strip()[-1])}
    return compiled(rf"(?<!{_NUMERAL.pattern})(?:{'|'.join(map(re.escape, sorted(units)))})") if units else None


def _whom(question: Question, forms: Forms) -> str:
    """The nouns for people that end the word in front of 有多少人: who is counted."""
    starts = {span.start for span in question.of("ask.amount") if span.value in _PEOPLE}
    told = [plain(word.text) for word in question.words if word.end in starts]
    people = (noun for row in forms.rows("unit.noun") if row["unit"] in _PEOPLE for noun in row["words"])
    return "|".join(re.escape(noun) for noun in people if any(word.endswith(noun) for word in told))


def _counted(question: Question) -> str:
    """The word behind 多少个, which says what is counted; in 多少个市级的工作室 the one behind 的.

    多少项质量月主要活动 counts 主要活动.
    """
    for noun in question.of("noun.activity"):
        if any(_is_of(question, span.end, noun.start) for span in question.of("ask.amount")):
            return noun.text
    at, told = {span.end for span in question.of("ask.amount")}, ""
    for word in sorted(question.words, key=lambda word: word.start):
        if word.start in at and word.length > 1:
            told, at = word.text, {word.end + 1} if question.text[word.end : word.end + 1] == "的" else set()
    return told


def _is_of(question: Question, end: int, start: int) -> bool:
    """Whether what stands between only says which noun it is: 质量月 of 质量月主要活动, not 单位参加质量月."""
    between = [span for span in (*question.words, *question.spans) if end <= span.start < start]
    acts = any(span.kind.startswith("role.") or span.start > end for span in between)
    return not acts and _SAME_CLAUSE.fullmatch(question.text, end, start) is not None


def _counts(nouns: Sequence[str], amount: str) -> Callable[[str], object]:
    """36个样本城市, or 样本城市…（共36个）: 8个方面 counts no cities."""
    names = "|".join(map(re.escape, nouns))
    figure = rf"(?<![\d.,])(?:{amount})"
    before = compiled(rf"{figure}[^，。；、\d]{{0,6}}?(?:{names})")
    behind = compiled(rf"(?:{names})[^。；，]{{0,200}}?{figure}(?=[^\u4e00-\u9fff]|[以左的]|$)")
    return lambda text: before.search(text) or behind.search(text)


def _rates(text: str, forms: Forms) -> Iterator[str]:
    """每件, 每人: what the figure is of, as a text may say it."""
    for found in forms.pattern("said.rate").finditer(text):
        yield forms.source("slot.rate").replace("UNIT", re.escape(found["unit"]))


def _unit_pattern(unit: str, forms: Forms) -> re.Pattern[str]:
    if not unit:
        return forms.pattern("slot.amount")
    alike = next((row["words"] for row in forms.rows("unit.alike") if unit in row["words"]), [unit])
    units = "|".join(map(re.escape, sorted({unit, *alike}, key=len, reverse=True)))
    return compiled(
        rf"[\d一二两三四五六七八九十百千万亿][\d.,]*\s*(?:多|余|几)?\s*(?:万|亿|千|百)?(?:多|余)?\s*(?:{units})(?!月|工作日)"
    )


@lru_cache(maxsize=64)
def compiled(source: str) -> re.Pattern[str]:
    """The pattern of a source, remembered; Latin letters in either case."""
    return re.compile(source, re.IGNORECASE)
