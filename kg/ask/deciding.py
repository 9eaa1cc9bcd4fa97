"""Whether a stretch answers by rules: what it may lack of the words of a question, and what it must never lack.

The limits of `may_answer` were swept on development questions; it is one of the signs that `kg.ask.judge` weighs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.ask.bands import Bands
from kg.ask.library import REPLIES, Library
from kg.ask.question import Question
from kg.ask.scope import is_of_other_years
from kg.ask.sentences import ORDINAL, Word
from kg.ask.text import plain
from kg.ask.windows import TYPED, Window
from kg.ask.words import DENIES, only_acts
from ontology.forms import Forms

_MORE = 16  # characters beside a title: a number in a list, a day
_LOST = 0.2  # the share of what the words tell that may stand nowhere near
_LOST_BESIDE = 0.4  # in the document that has answered the part of the question before
_OF_ANOTHER = 0.3  # that no other words can say, from where on a sum is that of something else
_ALL = 0.9  # of what the words tell, from where on hardly any of it is said
_OTHERWISE = 0.4  # in a text that holds what is asked for and may say the rest in other words
_OWN_WORDS, _GOOD = 0.5, 0.5  # of the words in such a text itself, and its score
_WHOLE, _LOCAL = 0.68, 0.22  # swept on the development questions: coverage with and without what stands around
_NAMING = ("quoted", "body", "series", "policy", "number")
_FIGURE_OR_LATIN = re.compile(r"[a-z\d]")
_FILE = re.compile(r"\.(?:xlsx?|docx?|pdf|wps|et|pptx?|zip|rar)\s*$", re.IGNORECASE)
_STAGE = re.compile(r"[一二三四五六七八九十\d]{1,2}[期批](?:工程|项目|规模|资金|名单)?")
_EXACTLY = frozenset(("amount", "howlong", "frequency", "date", "number", "contact", "law"))
OBJECTIONS = (
    "words", "exact", "empty", "lost", "except", "rule", "firm", "another", "banded", "year", "title", "sent_to",
    "charges", "marks", "denied", "named", "ordinal", "given", "unsaid",
)  # fmt: skip
"""The names of what may speak against a text."""
NEVER = frozenset(
    ("words", "except", "banded", "title", "sent_to", "marks", "ordinal", "year", "charges", "rule", "unsaid")
)
"""Objections that no likelihood outweighs."""
LACKING = frozenset(("another", "firm", "named", "denied", "given", "lost"))
"""Those that lack something which no other words say, where something is missing; two are never outweighed."""
UNNAMED = frozenset(("named", "denied", "given"))
"""Of these those that lack a name, a figure or a denial: the text all but says that it is of another."""
TOLD, TOLD_AGAINST, TOLD_UNNAMED = 0.5, 0.85, 0.96
"""From which likelihood on a stretch is told, one that something speaks against, and one that lacks a name or a figure.

What speaks against it (`deciding.objections`) is a sign of the trees, too: of documents left out of the fit, those at
.85 with one objection were right as often as others.
"""
TOLD_LACKING = 0.85
"""From which likelihood on a stretch is told that rules do not take and that lacks a thing which key words name."""
_TOLD_BY = ("title", "policy", "series", "body", "quoted", "number", "article")  # what tells of what is asked
_PAIR = 2
_KNOWN, _PUNISHED = 0.3, 0.1  # how likely what rules take must be in a document that is named; what punishes
_KEYED = 2  # blanks that make a question one of key words


def may_answer(window: Window, words: Sequence[Word], question: Question, bands: Bands) -> bool:
    """Whether a stretch answers by the rules."""
    if window.slots < 1 or not words or _is_title(window, question):  # a title says nothing of itself
        return False
    if not (question.within or question.has(*_TOLD_BY) or any(len(word.text) > 1 for word in words)):
        return False  # 玩的人
    if window.unsaid or _is_of_another_number(window):
        return False
    otherwise = _otherwise(window, question, bands)
    if window.lost > (_LOST_BESIDE if question.beside or window.defines else _LOST) and not otherwise:
        return False
    if _charges_another(window, words, question) or _misses_a_name(window, question):
        return False
    near = plain(window.around + window.text)
    if _none_is_done(words, near, question):
        return False
    if not (otherwise or window.defines) and any(
        word.covered(near) < (0.34 if len(word.text) > _PAIR else 0.51)
        for word in words
        if word.must and not word.whose and len(word.text) > 1
    ):
        return False
    places = [span.text for span in question.of("place")]
    return (window.whole >= _WHOLE or otherwise) and (
        window.local >= _LOCAL or any(name in window.text for name in places)
    )


def _is_of_another_number(window: Window) -> bool:
    """Whether 第三届 or 二期 is asked about and the text does not say so: it speaks of another, or of the whole."""
    return any(ORDINAL.search(part) or _STAGE.fullmatch(part) for part in window.missing)


def _misses_a_name(window: Window, question: Question) -> bool:
    """Whether a name in marks is another than the one that ends so in the text: “宁波慈善奖”, 浙江慈善奖."""
    text = plain(window.text)
    return any(
        name not in text and any(name[at:] in text for at in range(1, len(name) - 2))
        for name in (plain(span.text) for span in question.of("quoted"))
    )


def _none_is_done(words: Sequence[Word], near: str, question: Question) -> bool:
    """Whether key words say several things that are done (丢失 补办), and the text speaks of none of them."""
    if question.text.count(" ") < _KEYED:
        return False
    acts = [word for word in words if not word.must and len(word.text) == _PAIR and only_acts(word.text)]
    return len(acts) > 1 and not any(word.covered(near) == 1 for word in acts)


def fits_by_rules(window: Window, words: Sequence[Word], question: Question, bands: Bands, library: Library) -> bool:
    """Whether a stretch answers by the rules, and is not the line that says to whom a document is sent."""
    if window.follows:
        return True
    return may_answer(window, words, question, bands) and not addresses(window, question, library)


def objections(
    window: Window, words: Sequence[Word], question: Question, bands: Bands, library: Library
) -> frozenset[str]:
    """What speaks against a text: it tells of something else, or lacks what no other words say."""
    found = {
        "words": not words,
        "exact": window.slots < 1 and len(question.asks & TYPED) == 1 and _asks_exactly(question),
        "empty": window.slots == 0 and "yesno" not in question.asks,
        "lost": window.lost >= _ALL,
        "except": question.has("op.except", "op.not") and window.slots < 1,  # what is left stands beside what is not
        "rule": window.rule is not None and not window.fits,
        "firm": window.firm > _OF_ANOTHER,  # 居民生活电价 is not 电价
        "another": window.another,
        "banded": window.banded is False,
        "year": _tells_of_time(question) and is_of_other_years(window.text, question.years),
        "title": _is_title(window, question) or _is_signature(window, question, library),
        "sent_to": addresses(window, question, library),
        "charges": _charges_another(window, words, question),
        "marks": _misses_a_name(window, question),
        "denied": any(DENIES.match(part) for part in window.missing),
        "named": any(_is_name(part, question) or _is_place(part, question, library) for part in window.missing),
        "ordinal": _is_of_another_number(window),
        "given": any(bands.is_given(part) for part in window.missing),
        "unsaid": window.unsaid,
    }
    return frozenset(name for name, true in found.items() if true)


def _tells_of_time(question: Question) -> bool:
    """Whether what is asked for is of the year that is named: a figure, what key words say, a day in it (2021年几月).

    Of another day the year may be another: 2023年的政策延长到什么时候.
    """
    if "amount" in question.asks or not question.asks:
        return True
    asking = {span.start for span in question.of("ask.date", "ask.period")}
    of_year = any(y.end in asking or y.text.endswith("年度") for y in question.of("year"))
    return of_year and bool(question.asks & {"date", "period"})


def _asks_exactly(question: Question) -> bool:
    """Whether what is asked for has a form, or is who leads or takes part, which a body that is only named does not."""
    return bool(question.asks & _EXACTLY) or ("body" in question.asks and question.has("role.lead", "role.co"))


def _is_name(part: str, question: Question) -> bool:
    """Whether a stretch is of a name, a number or of being in force (哪年失效): no other words say it."""
    named = (plain(span.text) for span in question.spans if span.kind in _NAMING)
    return any(part in name for name in (*named, *_unsayable(question))) or bool(_FIGURE_OR_LATIN.search(part))


def _is_place(part: str, question: Question, library: Library) -> bool:
    """Whether a stretch is the full name of a place (塘厦镇, not 小店), a town being in the place that is asked for."""
    here = library.place(question.places[0]) if question.places else None
    return any(part.endswith(place.name) for place in library.places_in(part, here))


def _unsayable(question: Question) -> frozenset[str]:
    """What no other words say: being in force (哪年失效), the act that key words ask a body by (备案部门)."""
    bodies = {span.start for span in question.of("ask.body")} if "body" in question.implied else set()
    acts = {plain(word.text) for word in question.words if word.end in bodies}
    return frozenset(acts | {plain(span.text) for span in question.of("op.validity")})


def _otherwise(window: Window, question: Question, bands: Bands) -> bool:
    """Whether the text may say what is missing in other words: 老房子 as 既有建筑, 上班 as 工作.

    It holds what is asked for and most words. No other words say a part of a name whose rest stands there (实用新型 of
    实用新型专利), what the text says elsewhere (the figure is then of something else), nor what denies.
    """
    fits = (
        bool(question.asks & TYPED)
        and "reason" not in question.asks
        and window.lost <= _OTHERWISE
        and window.firm <= _LOST
        and window.local >= _OWN_WORDS
        and window.score >= _GOOD
    )
    unsayable = _unsayable(question) if fits else frozenset()
    return fits and not any(DENIES.match(p) or p in unsayable or bands.is_given(p) for p in window.missing)


def _charges_another(window: Window, words: Sequence[Word], question: Question) -> bool:
    """Whether it is asked if a body does it (由某局牵头吗) and the text does not name it: what names it says so."""
    if "yesno" not in question.asks:
        return False
    acts = any(span.kind.startswith("role.") for span in question.spans)
    bodies = {plain(span.text) for span in question.of("body")}
    named = plain(window.text if acts else f"{window.title}{window.heading}{window.text}")
    return bool(acts and window.missing) or any(w.covered(named) < 1 for w in words if w.text in bodies)


def _is_title(window: Window, question: Question) -> bool:
    """Whether a text is the title of its document, with no more than a number and a day, or names of files."""
    text, title = plain(window.text), plain(window.title)
    if text in title or all(map(_FILE.search, filter(None, window.text.split("\n")))):
        return True  # 附件：1.岗位信息表.xlsx
    return title in text and len(text) - len(title) <= _MORE and not question.asks & {"date", "number", "issuer"}


def _is_signature(window: Window, question: Question, library: Library) -> bool:
    """Whether a text is who signed and when, and it is not asked when the paper was issued: no term ends then."""
    signed = library.forms.full("said.signature", window.text)
    if signed is None or (signed["who"] and not library.forms.full("header.name_line", signed["who"])):
        return False  # 笔试时间 2023年5月20日
    return "date" in question.asks and library.forms.find("said.issue_day", question.text) is None


def addresses(window: Window, question: Question, library: Library) -> bool:
    """Whether a text is the line that says to whom a document is sent: it charges none of them."""
    sent_to = library.document(window.document_id).recipients if question.asks & {"body", "person"} else None
    line, text = plain(str(sent_to or "").rstrip("：: \n")), plain(window.text)
    if not line:
        return False
    doc = library.doc(window.document_id)
    replies = bool(doc and (doc.kind or "").endswith(REPLIES))  # answer whoever they are sent to
    return text.rstrip(":").endswith(line) or (not replies and text.startswith(f"{line}:"))


def may_be_told(window: Window, question: Question, forms: Forms) -> bool:
    """Whether it is likely enough for how much speaks against it.

    A stretch that rules do not take and that does not speak of all that key words name must be likelier: of first runs
    such stretches were right no oftener than wrong up to there. Words of speech may be missing where it is right.

    Rules are enough where its document is known (a part of a question, and one that goes on from another, say too
    little to be weighed), for what punishes a breach by the number of a provision, and for rows of tables: the trees
    have seen too few of these.
    """
    if (window.follows and not window.against & NEVER) or (window.fits and "\t" in window.text):
        return True
    lacks = _lacks_a_thing(window, question, forms)
    known = not lacks and (bool(question.within) or question.part or question.has("title"))
    if window.fits and (known or window.rule is not None) and window.likely >= (_PUNISHED if window.rule else _KNOWN):
        return True
    least = TOLD_LACKING if lacks and not (window.fits or window.banded) else TOLD
    if window.likely < least or window.against & NEVER:
        return False
    if window.missing and window.against & LACKING and len(window.against) > 1:
        return False
    return not window.against or window.likely >= (TOLD_UNNAMED if window.against & UNNAMED else TOLD_AGAINST)


def _lacks_a_thing(window: Window, question: Question, forms: Forms) -> bool:
    """Whether something that key words name is missing; 目标 and what else they end with only say what is asked."""
    if question.text.count(" ") < _KEYED:
        return False
    said = plain(question.text)
    attributes = (*forms.words("noun.attribute"), *forms.words("noun.asked"))
    return any(part not in attributes and not said.endswith(part) for part in window.missing)
