"""Found passages as an answer: the words of the document first, then where they stand; or what was searched in vain."""

from __future__ import annotations

import re

from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.passages import Found, asks_whose
from kg.ask.penalties import article_at
from kg.ask.question import Question
from kg.ask.scope import years_told
from kg.ask.slots import ROW_NUMBER
from kg.ask.text import plain
from kg.ask.windows import TYPED, Window, sentences_of
from kg.ask.wording import Sources, dated, titled

_CLOSE = 0.93  # of the best score: as good an answer
_MOST = 3
_ITEM = re.compile(r"\n[ \u3000]*(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十\d]{1,3}[.．、])")
_LONGEST = 900
_LISTED = frozenset(("which", "definition", "manner", "activity", "theme"))
_EXACT = frozenset(("amount", "frequency", "howlong", "period", "term"))  # one sentence says it
_FEW = 2  # headings make a list
_SENTENCE = re.compile(r"[^。\n]*[。\n]")
_GOES_ON = 160  # characters of the same sentence behind a clause that answers
_SHOWN = 160  # characters of the nearest text in a refusal
_NAMES = 4  # full names that are added to a quote
_BEGUN = re.compile(r"[：:]\s*[（(]?[一1][)）.．、][^\n]*[；;]$")  # a list whose first item alone is there
_BARE = 24  # characters of a stretch that may be a heading
_BLANK = re.compile(r"\s*\n\s*")


def passages_to_answer(question: Question, found: Found, library: Library) -> Answer:
    """The answer in the documents' own words; not answerable where nothing fits."""
    if not found.answers:
        return nothing_found(question, found, library)
    best = found.answers[0]
    several = _several(question) and not best.defines
    full = best.says_all and bool(question.asks & TYPED)  # what says less would only confuse
    close = [w for w in found.answers if w is best or (w.score >= best.score * _CLOSE and (w.says_all or not full))]
    chosen = close[: _MOST if several else 1]
    if asks_whose(question, library.forms):
        chosen = list(found.answers)  # one of each document that says it
    chosen.sort(key=lambda w: (w is not best, w.document_id != best.document_id, w.start))
    sources = Sources(library)
    said = []
    for window in chosen:
        start, end = _extended(window, question, library)
        text = library.document(window.document_id).text[start:end]
        mark = sources.cite(window.document_id, start, end, whole=False)
        heading = f"“{window.heading.split(' > ')[-1]}”部分" if window.heading and not _repeats(window, text) else ""
        if "\t" in text:  # a row of a table: its heading are the heads of its columns
            heading, text = "", _cells(text, window.heading.split(" > ")[-1])
        due = _due(window.document_id, start, end, library) if question.asks & {"date", "period"} else ""
        due += (
            _full_names(window.document_id, start, end, library) if question.asks & {"body", "issuer", "person"} else ""
        )
        due += _undated(window, question, library)
        due += _headed(window, question, sources, library) + _broken(window, sources, library)
        said.append(f"{titled(window.title)}{heading}：“{_BLANK.sub(' ', text).strip()}”{mark}{due}")
    return Answer(
        question.text, True, "。".join(said) + "。", interpretation="按原文检索作答。", evidence=sources.citations
    )


def _cells(row: str, heads: str) -> str:
    """A row with the head of each column: 活动内容：…；牵头单位：…; as it is where they are not as many."""
    cells, names = row.strip("\n").split("\t"), heads.split("、")
    if "\n" in row.strip() or len(cells) != len(names):
        return row.replace("\t", "；")
    return "；".join(f"{name}：{cell.strip()}" for name, cell in zip(names, cells, strict=True) if cell.strip())


def _broken(window: Window, sources: Sources, library: Library) -> str:
    """The provision whose breach a stretch punishes by its number, quoted."""
    if window.rule is None:
        return ""
    text = library.document(window.document_id).text[slice(*window.rule)]
    return f"（所指的规定：“{_clipped(text)}”{sources.cite(window.document_id, *window.rule, whole=False)}）"


def _headed(window: Window, question: Question, sources: Sources, library: Library) -> str:
    """The headings that follow a text which announces them (重点实施“4个年”行动：), each quoted."""
    if not window.text.rstrip().endswith(("：", ":")) or not question.asks & _LISTED:
        return ""
    text = library.document(window.document_id).text
    above = tuple(window.heading.split(" > ")) if window.heading else ()
    names: dict[str, int] = {}
    for passage in library.context.catalogue.passages(window.document_id):
        if passage.end <= window.start:
            continue
        if passage.heading_path[: len(above)] != above:
            break
        below = passage.heading_path[len(above) : len(above) + 1]
        if below and below[0] not in names and (at := text.find(below[0], window.end)) >= 0:
            names[below[0]] = at
    if len(names) < _FEW:
        return ""
    marks = "".join(sources.cite(window.document_id, at, at + len(name), whole=False) for name, at in names.items())
    return f"，其下各节为：{'；'.join(names)}{marks}"


def _due(document_id: str, start: int, end: int, library: Library) -> str:
    """The days that a stretch names without a year, as the document's year makes them."""
    document = library.document(document_id)
    days = [d for d in document.deadlines if d.date and start <= d.evidence.start < end]
    told = [f"{d.as_written}即{dated(d.date)}" for d in days if d.date and d.date[:4] not in d.as_written]
    return f"（按文件年份，{'、'.join(dict.fromkeys(told))}）" if told else ""


def _undated(window: Window, question: Question, library: Library) -> str:
    """That a document that is named with a year tells none."""
    doc = library.doc(window.document_id)
    undated = doc is not None and doc.undated and not years_told(window.text)
    return "（该文件没有写明年份）" if question.years and undated else ""


def _full_names(document_id: str, start: int, end: int, library: Library) -> str:
    """The full names of the bodies that a stretch names by short ones."""
    document = library.document(document_id)
    told: list[str] = []
    for entry in document.agencies:
        for first, last in entry.spans:
            written = document.text[first:last]
            if start <= first and last <= end and written not in entry.name and len(told) < _NAMES:
                told.append(f"{written}即{entry.name}")
    return f"（{'，'.join(dict.fromkeys(told))}）" if told else ""


def _repeats(window: Window, text: str) -> bool:
    return window.heading.split(" > ")[-1][:30] in text


def _several(question: Question) -> bool:
    return not question.asks & {*_EXACT, "law", "where", "part"}


def _extended(window: Window, question: Question, library: Library) -> tuple[int, int]:
    """A stretch that ends in a colon goes on with its items; what is asked as a list is given with them."""
    document = library.document(window.document_id)
    text, end = document.text, window.end
    if "\t" in window.text:  # a row of a table says what it says as a whole
        last = text.find("\n", window.end - 1)
        return text.rfind("\n", 0, window.start) + 1, last if last >= 0 else len(text)
    listed = bool(question.asks & _LISTED) or question.has("op.table")
    if text[end - 1 : end] in "：:" or (listed and not window.defines and _BEGUN.search(window.text)):
        limit = min(len(text), end + _LONGEST)
        if article := article_at(document, window.start):
            limit = min(limit, max(article.end, end))
        stop = end
        while (item := _ITEM.match(text, stop)) is not None and item.end() < limit:
            line = text.find("\n", item.end())
            stop = min(limit, line if line >= 0 else len(text))
        if stop == end and (following := re.compile(r"\n[^\n]{4,}").match(text, end)):
            stop = min(limit, following.end())
        end = stop
    elif text[end - 1 : end] in "；;":  # the clauses that follow tell of other cases: 带动就业5人以上的，最高50万元
        all_of_it = question.has("op.compare") or listed
        rest = _SENTENCE.match(text, end, end + (_LONGEST if all_of_it else _GOES_ON))
        end = rest.end() if rest and (all_of_it or not ROW_NUMBER.match(rest[0])) else end
    elif len(plain(window.text)) <= _BARE and not question.asks & {*_EXACT, "part", "date"}:
        line = text.find("\n", end + 1)  # a heading that runs into its text says nothing by itself
        behind = text[end : line if line >= 0 else len(text)]
        sentences = list(sentences_of(behind))[:2]
        if sentences and "\t" not in behind:
            end += sentences[-1][1]
    return window.start, end


def nothing_found(question: Question, found: Found, library: Library) -> Answer:
    """That it was not found, with what was searched; the nearest text is shown as evidence, not as an answer."""
    where = _searched(question, library)
    missing = list(dict.fromkeys(part for w in found.nearest[:1] for part in w.missing))
    sources = Sources(library)
    near = [w for w in found.nearest if w.whole >= 0.5]
    for window in near[:2]:
        sources.cite(window.document_id, window.start, window.end, whole=False)
    text = f"已收录的文件中没有找到答案（检索范围：{where}）。"
    if missing and near:
        text += f"最接近的原文没有写到“{'”“'.join(missing[:3])}”。"
    elif near and near[0].unsaid:
        text += "最接近的原文说到了这件事，没有写出所问的内容。"
    if near:
        text += f"最接近的是{titled(near[0].title)}：“{_clipped(near[0].text)}”[1]，供查看，不作为答案。"
    text += "没有找到不等于没有。"
    return Answer(
        question.text, False, text, interpretation="按原文检索，没有足够相符的段落。", unused=missing,
        evidence=sources.citations,
    )  # fmt: skip


def _clipped(text: str) -> str:
    words = _BLANK.sub(" ", text.replace("\t", "；")).strip()
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _searched(question: Question, library: Library) -> str:
    parts = []
    absent = [p for p in question.places if p not in library.names.held_places]
    if absent:
        names = "、".join(absent)
        return f"库内没有{names}发的文件，其他文件的全文中也没有足够相符的段落"
    if question.places:
        parts.append("、".join(question.places))
    if question.years:
        parts.append("、".join(f"{year}年" for year in question.years))
    parts += [titled(span.text) for span in question.of("title")[:2]]
    return f"{'，'.join(parts) or '全部'}文件的全文与章节，共{len(library.lexicon.documents)}份文件入库"
