"""Which lines of a web page are its text: by evidence, not by the names that one publishing system gives.

The text stands in the innermost element that holds most of the page's sentences. Links, and lines that every page of a
site carries (menus, breadcrumbs, imprint), weigh nothing, nor does a second copy of the same line. The title is what
several places of the page agree on: <meta name="ArticleTitle">, <h1>, <title> without the site's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.readers.base import Line, LineKind
from ingest.readers.blocks import body_to_blocks
from ingest.readers.infobox import ABOVE, HEAD, Words, box_apart, edges, information, same, shown_at, words_of
from ingest.readers.page_model import Block, Blocks, Object
from ingest.readers.page_styles import hidden_by_styles
from ontology.forms import Forms, load

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_SENTENCE = re.compile(r"[，。；：]")
_DATE_ALONE = re.compile(r"^.{0,30}\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$")
_NUMBER_BEHIND = re.compile(
    r"[（(][^（）()]{2,20}(?:[〔\[]\d{4}[〕\]]|第)\d{1,4}号[)）]$|\s[^\s（）()]{2,14}[〔\[]\d{4}[〕\]]\d{1,4}号$"
)
_ITEM = re.compile(r"\s*\d{1,2}\s*[.．、]|附")
_SEPARATORS = re.compile(r"\s*(?:[_|｜]|[-—–]{1,2})\s*")
_SHOWN = 0.25  # share of the text that a page's own styles leave; where less is left, a script shows the rest
_ONE_PARAGRAPH = frozenset(("p", "li", "td", "th", "tr", "tbody", "blockquote", "center", "pre"))
_MOST = 0.8  # share of a page's sentences that its text holds; what is left over are summaries and imprints
_PLAIN = 0.2  # weight of a line without a stop: a name in a list, a word of a menu
_LINKED = 0.5  # share of a line inside links above which it only leads elsewhere
_BELOW = 6  # lines below it among which its signature may stand
_REPEATED = 20  # characters from which a line that is there twice counts once
_SPEAKING = 10  # characters: a shorter <title> that the page does not show names a column, not a text
_OPENING = 3  # lines of the text itself among which its title may stand
_TITLE_LEVEL = 4  # of headings by which templates set titles
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page's text, and what the page says of it."""

    lines: tuple[Line, ...]
    metadata: dict[str, str] = field(default_factory=dict)
    marks: int = 0  # of notes, left out of its lines
    objects: tuple[Object, ...] = ()  # what stands among its lines and is no text


def tree_to_page(tree: LexborHTMLParser, body: LexborNode, *, whole: bool = False, forms: Forms | None = None) -> Page:
    """The text of a page that is parsed already, its title first; `whole` says that nothing else stands on it."""
    words = words_of(forms or load())
    blocks = _shown(tree, body, words)
    if not any(_weights(blocks.blocks, words)):
        blocks = body_to_blocks(body, hidden=True)  # shown by a script, which does not run here
    tags = _tags(tree, words)
    main = 0 if whole else _main(blocks, words)
    first, last = blocks.containers[main].first, blocks.containers[main].last
    titles = _titles(tree, blocks, tags, first, words)
    inside = [
        *_above(blocks.blocks, first, titles, words),
        *blocks.blocks[first:last],
        *_below(blocks.blocks, last, words),
    ]
    title = next(iter(titles), "")
    inside, box = box_apart(inside, title, words)
    text = list(_without_furniture(inside, words))
    boxed = information(blocks.blocks[:first], words) | box | information(edges(inside), words)
    metadata = {**tags, **boxed}
    if title:
        metadata["title"] = tags.get("title") or title
        if shown_at(text[:HEAD], title) is None:
            text.insert(0, Block(title, LineKind.HEADING, 1))
    within = _below_of(main, blocks) if blocks.objects else set()
    objects = tuple(one for one in blocks.objects if one.inside in within)
    return Page(tuple(blocks_to_lines(text)), metadata, sum(block.marks for block in text), objects)


def _shown(tree: LexborHTMLParser, body: LexborNode, words: Words) -> Blocks:
    """The lines that the page's style sheets leave; all, where they leave next to nothing."""
    blocks = body_to_blocks(body)
    gone = hidden_by_styles(tree)
    if not gone:
        return blocks
    left = body_to_blocks(body, gone=gone)
    return left if sum(_weights(left.blocks, words)) >= _SHOWN * sum(_weights(blocks.blocks, words)) else blocks


def blocks_to_lines(blocks: Iterable[Block]) -> Iterator[Line]:
    """Lines at their positions in the extracted text: a page's markup is nothing that anyone cites."""
    at = 0
    for block in blocks:
        yield Line(block.text, at, block.kind, block.level if block.kind is LineKind.HEADING else 0)
        at += len(block.text) + 1


def _weights(blocks: tuple[Block, ...], words: Words) -> list[float]:
    out: list[float] = []
    seen: set[str] = set()
    for block in blocks:
        own = max(0, len(block.text) - block.links)
        again = len(block.text) >= _REPEATED and block.text in seen
        seen.add(block.text)
        if again or words.furniture.match(block.text):
            own = 0
        out.append(float(own) if _SENTENCE.search(block.text) or block.kind is LineKind.ROW else own * _PLAIN)
    return out


def _below_of(main: int, blocks: Blocks) -> set[int]:
    """The numbers of a container and of all that stand in it; a container has a higher number than those around it."""
    while blocks.containers[main].tag in _ONE_PARAGRAPH and blocks.containers[main].parent >= 0:
        main = blocks.containers[main].parent  # a text of one paragraph: what stands beside it
    found = {main}
    for number in range(main + 1, len(blocks.containers)):
        if blocks.containers[number].parent in found:
            found.add(number)
    return found


def _main(blocks: Blocks, words: Words) -> int:
    """The number of the innermost element that holds most of the page's weight."""
    weights = _weights(blocks.blocks, words)
    sums = [0.0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    at, best = 0, blocks.containers[0]
    for number, container in enumerate(
        blocks.containers
    ):  # outermost first: a later one that holds enough stands inside
        enough = sums[container.last] - sums[container.first] >= _MOST * sums[-1]
        if (
            enough
            and best.first <= container.first
            and container.last <= best.last
            and container.tag not in ("tr", "tbody", "table")
        ):
            at, best = number, container
    return at


def _tags(tree: LexborHTMLParser, words: Words) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        value = " ".join((attributes.get("content") or "").split())
        if (key := words.tags.get(name)) and value:
            found.setdefault(key, value)
    if "title" in found:
        found["title"] = words.reprint.sub("", found["title"])
    return found


def _titles(tree: LexborHTMLParser, blocks: Blocks, tags: dict[str, str], first: int, words: Words) -> list[str]:
    """What may be the title, the best first; a heading counts only when <title> or a tag agrees, or it is the one.

    Where <title> names the site alone, a line above the text that surely is a title is it, or a heading that is hidden.
    """
    node = tree.css_first("title")
    named = _without_site(" ".join(node.text().split()), tags.get("site", ""), words) if node is not None else ""
    said = tags.get("title", "")
    headings = [b.text for b in blocks.blocks if b.level in (1, 2) and not words.furniture.match(b.text)]
    agreed = [h for h in headings if same(h) and (same(h) in same(named) or same(h) == same(said))]
    alone = [h for h in headings[:1] if len({same(h) for h in headings}) == 1]
    above = (b.text for b in blocks.blocks[:ABOVE] if not words.stamp.fullmatch(b.text))
    shown = len(same(named)) >= _SPEAKING or any(same(named) in same(text) for text in above)
    out = [said, *agreed, *(alone if not named else []), *([named] if shown else []), *alone]
    if not any(map(words.titled.fullmatch, out)):
        near = (b for b in blocks.blocks[max(0, first - ABOVE) : first + _OPENING] if not b.links)
        out = [*(b.text for b in near if words.titled.fullmatch(b.text)), *out]
    if not any(out):
        hidden = (" ".join(h.text().split()) for h in tree.css("h1"))
        out = [text for text in map(_without_number, hidden) if words.titled.fullmatch(text)]
    return [words.reprint.sub("", t) for t in out if 4 <= len(same(t)) <= _LONGEST_TITLE]


def _without_site(title: str, site: str, words: Words) -> str:
    """某市老年人优待办法 of 某市老年人优待办法 - 某市人民政府门户网站."""
    if len(crumbs := words.crumbs.split(title)) > 2:  # 信息服务 >> 政策法规 >> 动植物防疫: where the page stands
        title = crumbs[-1] if words.titled.fullmatch(crumbs[-1]) else ""
    parts = _SEPARATORS.split(title)
    if len(sure := [part for part in parts if words.titled.fullmatch(part)]) == 1:
        return _without_number(sure[0])  # 关于…的通知-教育类规范性文件-某市教育局
    cuts = [m.group() for m in _SEPARATORS.finditer(title)]
    keep = [i for i, part in enumerate(parts) if part and part != site and not words.site.fullmatch(part)]
    if not keep:
        return ""
    # the longest run of neighbours: a title may hold a dash of its own (2023-2025年)
    runs: list[list[int]] = []
    for i in keep:
        if runs and i == runs[-1][-1] + 1 and "_" not in cuts[i - 1]:
            runs[-1].append(i)
        else:
            runs.append([i])
    best = max(runs, key=lambda run: sum(len(parts[i]) for i in run))
    text = parts[best[0]] + "".join(cuts[i - 1] + parts[i] for i in best[1:])
    return _without_number(text)


def _without_number(title: str) -> str:
    return _NUMBER_BEHIND.sub("", title).strip()


def _above(blocks: tuple[Block, ...], first: int, titles: list[str], words: Words) -> list[Block]:
    """The title above the text and what stands between: number, date, letterhead."""
    keys = {same(t) for t in titles}
    for i in range(first - 1, max(-1, first - ABOVE), -1):
        if same(blocks[i].text) in keys:
            return [b for b in blocks[i:first] if b.links <= _LINKED * len(b.text) and not _is_box(b, words)]
    return []


def _below(blocks: tuple[Block, ...], last: int, words: Words) -> list[Block]:
    """A signature, and annexes, that stand in elements of their own below the text."""
    run: list[Block] = []
    for block in blocks[last : last + _BELOW]:
        if block.links or words.furniture.match(block.text) or _SENTENCE.search(block.text):
            break
        run.append(block)
        if _DATE_ALONE.match(block.text):
            return [*run, *_annexes(blocks[last + len(run) :], words)]
    return _annexes(blocks[last:], words)


def _annexes(blocks: tuple[Block, ...], words: Words) -> list[Block]:
    """What follows a line that opens an annex, up to what leads elsewhere or belongs to the page."""
    if not blocks or not words.annex.fullmatch(blocks[0].text):
        return []
    ends = (n for n, block in enumerate(blocks) if block.links or words.furniture.match(block.text))
    return list(blocks[: next(ends, len(blocks))])


def _is_box(block: Block, words: Words) -> bool:
    return bool(words.furniture.match(block.text) or words.labelled.match(block.text))


def _without_furniture(blocks: list[Block], words: Words) -> Iterator[Block]:
    """The text without what leads elsewhere: at its edges, and lines that no text has anywhere."""
    kept: list[int] = []
    listed = said = False  # the files below 附件：; whether a sentence stands above
    for i, block in enumerate(blocks):
        said = said or block.text.endswith("。")
        if said and words.comments.fullmatch(block.text):
            break  # what readers wrote below the text
        listed = block.text.startswith("附") or (listed and _ITEM.match(block.text) is not None)
        if listed or not _leads_away(block, words):
            kept.append(i)
    first = next((i for i in kept if not _is_box(blocks[i], words)), None)
    if first is None:
        return
    last = next(i for i in reversed(kept) if not _is_box(blocks[i], words) or blocks[i].kind is LineKind.ROW)
    head = True
    # what stands above the heading that a site's own template sets is the template's too
    titled = next(
        (i for i in kept[:HEAD] if blocks[i].kind is LineKind.HEADING and blocks[i].level <= _TITLE_LEVEL), first
    )
    short = all(len(blocks[i].text) < _REPEATED and "号" not in blocks[i].text for i in kept if first <= i < titled)
    first = titled if short else first
    for i in kept:
        if not first <= i <= last or words.furniture.match(blocks[i].text):
            continue
        # 发布日期：… 来源：… between the title and the first sentence
        head = head and not blocks[i].text.endswith(("。", "：", "；"))
        labelled = words.labelled.match(blocks[i].text) and not blocks[i].text.endswith("：")
        if head and (labelled or words.stamp.fullmatch(blocks[i].text)):
            continue
        yield blocks[i]


def _leads_away(block: Block, words: Words) -> bool:
    if block.links <= _LINKED * len(block.text):
        return False
    return not words.attachment.search(block.text) and not _SENTENCE.search(block.text[-1:])
