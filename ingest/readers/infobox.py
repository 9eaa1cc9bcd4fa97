"""The information box of a page: labels with their values, and where the text shows its own title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.readers.page_model import Block
from ontology.forms import Forms

# particulars whose value may stand in the next cell or line
_KEYS = frozenset(("issuer", "publisher", "date", "published", "title", "number", "index", "source"))
_SAME = re.compile(r"[\s“”\"'‘’《》〈〉「」，,。．.；;：:、·—\-–…〔〕\[\]【】()（）_|　]+")
HEAD = 12  # lines in which a text shows its own title
ABOVE = 30  # lines above the text among which its title, number and date may stand
_TITLE_LINES = 4
_LONGEST_VALUE = 60
_BOXED = 2  # labels that make an information box


@dataclass(frozen=True, slots=True)
class Words:
    """The forms that this module reads by, compiled once a run."""

    furniture: re.Pattern[str]
    site: re.Pattern[str]
    attachment: re.Pattern[str]
    reprint: re.Pattern[str]
    comments: re.Pattern[str]
    stamp: re.Pattern[str]
    annex: re.Pattern[str]
    titled: re.Pattern[str]
    crumbs: re.Pattern[str]
    labels: dict[str, str]
    tags: dict[str, str]
    labelled: re.Pattern[str]


@lru_cache(maxsize=2)
def words_of(forms: Forms) -> Words:
    """The forms of the web, from `ontology/forms/web.toml`."""
    labels = {str(row["label"]): str(row["key"]) for row in forms.rows("meta.labels")}
    # 文　号, 索 引 号: labels are spread over the width of their column
    spread = ("[ \u3000]{0,4}".join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))
    return Words(
        forms.pattern("web.furniture"),
        forms.pattern("web.site"),
        forms.pattern("web.attachment"),
        forms.pattern("web.reprint"),
        forms.pattern("web.comments"),
        forms.pattern("web.stamp"),
        forms.pattern("header.annex"),
        forms.pattern("web.titled"),
        forms.pattern("web.crumbs"),
        labels,
        {str(row["label"]): str(row["key"]) for row in forms.rows("meta.tags")},
        re.compile(rf"(?:(?<=^)|(?<=[\s|｜【\[（(]))[【\[]?(?P<label>{'|'.join(spread)})[】\]]?\s*[：:]\s*"),
    )


def same(text: str) -> str:
    """The letters of a title, by which two spellings of it are compared."""
    return _SAME.sub("", text)


def edges(blocks: list[Block]) -> list[Block]:
    """The lines of a text before its first sentence, where a page's particulars may stand."""
    for i, block in enumerate(blocks[:HEAD]):
        if block.text.endswith("。"):
            return blocks[:i]
    return blocks[:HEAD]


def information(blocks: Iterable[Block], words: Words) -> dict[str, str]:
    """Labels with their values: in one line, in neighbouring cells, or in neighbouring lines."""
    found: dict[str, str] = {}
    waiting = ""
    for block in blocks:
        for cell in block.text.split("\t"):
            labels = list(words.labelled.finditer(cell))
            if not labels:
                if waiting and 0 < len(cell.strip()) <= _LONGEST_VALUE:
                    found.setdefault(waiting, cell.strip())
                bare = words.labels.get(_bare(cell))
                waiting = bare if bare in _KEYS else ""
                continue
            for key, value in _values(cell, labels, words):
                waiting = key if not value and key in _KEYS else ""
                if value and key != "other":
                    found.setdefault(key, value)
    return found


def labels_in(text: str, words: Words) -> list[tuple[str, str]]:
    """发布机构：… 文号：…: what each label of a line that begins with one means, with its value."""
    return list(_values(text, list(words.labelled.finditer(text)), words)) if words.labelled.match(text) else []


def _values(text: str, labels: list[re.Match[str]], words: Words) -> Iterator[tuple[str, str]]:
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        value = text[label.end() : following.start() if following else len(text)]
        yield words.labels[_bare(label["label"])], value.strip(" |｜\u3000")


def _bare(text: str) -> str:
    return re.sub(r"[\s\u3000：:【】\[\]]", "", text)


def box_apart(blocks: list[Block], title: str, words: Words) -> tuple[list[Block], dict[str, str]]:
    """An information box above the title, which stands in the text's own element on some sites, taken off."""
    boxed = 0
    for i, block in enumerate(blocks[:ABOVE]):
        if block.text.endswith("。"):
            break
        if _bare(block.text) in words.labels or words.labelled.match(block.text):
            boxed = i + 1
    at = shown_at(blocks[boxed : boxed + ABOVE], title) if title else None
    above = blocks[: boxed + at] if at is not None else []
    said = information(above, words)
    return (blocks[len(above) :], said) if len(said) >= _BOXED else (blocks, {})


def shown_at(head: list[Block], title: str) -> int | None:
    """Where the first lines show the title themselves, whole, over several lines, or inside a longer one."""
    wanted = same(title)
    for i in range(len(head)):
        joined = ""
        for block in head[i : i + _TITLE_LINES]:
            if "。" in block.text or block.text.endswith(("：", ":")):
                break
            joined += same(block.text)
            if wanted in joined:
                first = same(head[i].text)
                if wanted.startswith(first) or (first and wanted not in joined[len(first) :]):
                    return i
                break
    return None
