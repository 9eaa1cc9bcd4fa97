"""Editions of a folder of laws under other names: a corpus of any size whose documents are different ones.

Edition 0 is the folder itself. In every other one each province and each city stands for another of its level, a title
that names no place is given one, years are others, and so are amounts and numbers. A fourth of the clauses of each
paragraph, one at least, is of another document, so that a search does not fold the editions into one another; the
length stays about the same. What does not grow with the editions is the vocabulary; real collections add words, slowly.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ontology.reference import load_reference

ENDING = ".md"
_LABEL = re.compile(
    r"#+ .*|\s*(?:第[〇零一二三四五六七八九十百千]+[编章节条]\s*"
    r"|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)"
)
_CLAUSE = re.compile(r"[^，；。：\n]+[，；。：\n]*")
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-2]\d)(?=年|[〕\]］-])")
_NUMBER = re.compile(r"(?<![\d年月〔-])[1-9]\d*(?![\d年月日〕-])")
_AMOUNT = re.compile(r"[二三四五六七八九](?=[十百千万]+元|十?日内|个月|个工作日|倍)")
_MARKS = "，；。：\n"
_AMOUNTS = "二三四五六七八九"
_FIRST, _YEARS = 1984, 41  # years are turned within these, so that none lies in the future
_LONGEST = 2000  # characters of a paragraph that is varied; longer ones are tables
_NATION = "中华人民共和国"


@dataclass(frozen=True)
class Editions:
    """A folder of documents, and other editions of it; the same seed gives the same texts in any order of asking."""

    folder: Path
    seed: int = 0
    limit: int | None = None
    """Use only the first so many files (for a trial)."""

    @cached_property
    def paths(self) -> list[Path]:
        """The documents, in order."""
        return sorted(self.folder.rglob(f"*{ENDING}"))[: self.limit]

    @cached_property
    def pool(self) -> list[str]:
        """Clauses that are taken over, without their marks."""
        rng = random.Random(self.seed)
        parts: list[str] = []
        for path in rng.sample(self.paths, min(len(self.paths), 400)):
            for line in path.read_text(encoding="utf-8").splitlines():
                text = line[_label(line) :]
                if len(text) < _LONGEST and not line.startswith(("#", "<", "|")):
                    parts += [clause for each in _CLAUSE.findall(text) if 5 < len(clause := each.rstrip(_MARKS)) < 40]
        return parts or ["由有关部门按照规定办理"]

    @cached_property
    def places(self) -> tuple[list[str], ...]:
        """Names of provinces and of cities, each level by itself."""
        known = load_reference().places
        return tuple(
            sorted({p.name for p in known if p.level == level and p.until is None and len(p.name) > 2})
            for level in ("省", "市")
        )

    @cached_property
    def _naming(self) -> re.Pattern[str]:
        names = sorted((name for level in self.places for name in level), key=lambda name: (-len(name), name))
        return re.compile("|".join(map(re.escape, names)))

    def renamed(self, edition: int) -> dict[str, str]:
        """Which place stands for which in an edition; none for itself."""
        found: dict[str, str] = {}
        for level in self.places:
            turned = level[:]
            random.Random(f"{self.seed}/{len(level)}").shuffle(turned)
            step = 1 + (edition * 7) % (len(turned) - 1)
            found |= dict(zip(turned, turned[step:] + turned[:step], strict=True))
        return found

    def write(self, target: Path, edition: int) -> list[Path]:
        """Write an edition below a folder; returns its files, in order."""
        return [self.write_one(path, target, edition) for path in self.paths]

    def write_one(self, path: Path, target: Path, edition: int) -> Path:
        """Write a document of an edition."""
        title, text = self.text(path, edition)
        name = f"{title[:60]}-{self.paths.index(path)}{ENDING}" if edition else path.name
        file = target / f"{edition:03d}" / path.relative_to(self.folder).parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def text(self, path: Path, edition: int) -> tuple[str, str]:
        """Title and text of a document of an edition."""
        original = path.read_text(encoding="utf-8")
        if not edition:
            return path.stem, original
        rng = random.Random(f"{self.seed}/{edition}/{path.relative_to(self.folder)}")
        names = self.renamed(edition)
        lines = [self._naming.sub(lambda found: names[found[0]], line) for line in original.splitlines()]
        shift = rng.randrange(1, _YEARS)
        out: list[str] = []
        title, in_head = "", "<!-- INFO END -->" in original
        for line in lines:
            if line.startswith("# ") and not title:
                title = self._title(line[2:].strip(), rng)
                out.append(f"# {_numbers(title, shift, rng)}")
                continue
            in_head = in_head and not line.startswith("<!--")
            out.append(_numbers(line if in_head else self._paragraph(line, rng), shift, rng))
        return title or path.stem, "\n".join(out) + "\n"

    def _title(self, title: str, rng: random.Random) -> str:
        """A title that names a place: one that does already, or of a law of the whole country made one of a city."""
        if self._naming.match(title):
            return title
        return rng.choice(self.places[1]) + title.removeprefix(_NATION)

    def _paragraph(self, line: str, rng: random.Random) -> str:
        at = _label(line)
        if len(line) - at < 10 or len(line) > _LONGEST or line.startswith(("<", "|")):
            return line
        clauses = _CLAUSE.findall(line[at:])
        for number in rng.sample(range(len(clauses)), min(max(len(clauses) // 4, 1), len(clauses) - 1)):
            own = clauses[number]
            clauses[number] = rng.choice(self.pool) + own[len(own.rstrip(_MARKS)) :]
        return line[:at] + "".join(clauses)


def _label(line: str) -> int:
    found = _LABEL.match(line)
    return found.end() if found else 0


def _numbers(line: str, shift: int, rng: random.Random) -> str:
    """Years moved by the same number, so that dates keep their order; amounts and numbers of as many digits."""
    line = _YEAR.sub(lambda found: str(_FIRST + (int(found[1]) - _FIRST + shift) % _YEARS), line)
    line = _NUMBER.sub(lambda found: str(rng.randrange(10 ** (len(found[0]) - 1), 10 ** len(found[0]))), line)
    return _AMOUNT.sub(lambda found: _AMOUNTS[(_AMOUNTS.index(found[0]) + shift) % len(_AMOUNTS)], line)


def titles(editions: Editions) -> Iterator[str]:
    """Titles of the documents of the folder itself, which every corpus holds."""
    for path in editions.paths:
        first = path.read_text(encoding="utf-8").lstrip().partition("\n")[0]
        if first.startswith("# "):
            yield first[2:].strip()
