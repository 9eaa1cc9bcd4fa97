"""The forms of the genre as data: what labels, verbs, headings, units and question words look like.

Each `*.toml` of this folder holds `[[form]]` tables; a form is words or a pattern, with the examples that must match
and the counter-examples that must not. A site's own files (`forms/*.toml` beside the files of `POLICYKG_ONTOLOGY`)
may add words to a form that is there, or new forms.

    [[form]]
    name = "label.unit"
    words = ["责任单位", "牵头部门"]
    examples = ["责任单位"]
    counter = ["责任心"]

    [[form]]
    name = "label.line"
    match = "start"                      # search (default), start or full
    pattern = "(?P<label>«label.unit»)[：:]"   # «name»: any word of that form, or its pattern
    examples = [["责任单位：市教育局", "责任单位"]]   # a pair also says what the first named group must be
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Raw
from msgspec.msgpack import decode

from kg.core.errors import EnvironmentProblem
from ontology import kept
from ontology.forms.compiled import Compiled, restored
from ontology.forms.quick import Quick

FOLDER = Path(__file__).resolve().parent
_REFERENCE = re.compile("«([^«»]+)»")
_KEYS = frozenset(("name", "words", "pattern", "rows", "match", "examples", "counter", "note"))


class BadForm(EnvironmentProblem):
    """A form that cannot be used; `file` and `name` say which."""

    def __init__(self, file: Path | None, name: str, reason: str) -> None:
        super().__init__(f"用语文件 {file or ''}：“{name}”{reason}", file=str(file), name=name)
        self.file = file
        self.name = name


@dataclass(frozen=True, slots=True)
class Form:
    """One form: `words`, a `pattern` over other forms, or `rows` of a table; with its examples."""

    name: str
    words: tuple[str, ...] = ()
    source: str = ""
    rows: tuple[Mapping[str, Any], ...] = ()
    match: str = "search"
    examples: tuple[Any, ...] = field(default=(), repr=False)
    counter: tuple[str, ...] = field(default=(), repr=False)
    file: Path | None = None


class Forms:
    """All forms of a run; patterns are compiled when they are first asked for."""

    def __init__(self, forms: Mapping[str, Form], kept: Mapping[str, Raw] | None = None) -> None:
        self._forms = dict(forms)
        self._kept = kept or {}  # patterns that need not be compiled
        self._sources: dict[str, str] = {}
        self._compiled: dict[str, re.Pattern[str]] = {}
        self.made: dict[str, re.Pattern[str]] = {}
        self._quick: dict[str, Quick] = {}

    def __reduce__(self) -> tuple[type[Forms], tuple[dict[str, Form]]]:
        return Forms, (self._forms,)  # patterns are compiled anew where they are asked for

    def __iter__(self) -> Iterator[Form]:
        return iter(self._forms.values())

    def form(self, name: str) -> Form:
        """The form of this name. Raises `BadForm` for an unknown one."""
        try:
            return self._forms[name]
        except KeyError:
            raise BadForm(None, name, "没有这个用语") from None

    def words(self, name: str) -> tuple[str, ...]:
        """The words of a form, as written in the data."""
        return self.form(name).words

    def rows(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of a table."""
        return self.form(name).rows

    def source(self, name: str, above: tuple[str, ...] = ()) -> str:
        """The regular expression of a form, other forms written out; longer words come first.

        Of a table it is the first column: «name.endings» is how names of bodies end.
        """
        if name in above:
            raise BadForm(self.form(name).file, name, "引用了自身")
        if name not in self._sources:
            form = self.form(name)
            if form.source:
                written = _REFERENCE.sub(lambda m: self.source(m[1], (*above, name)), f"(?:{form.source})")
            else:
                words = form.words or tuple(str(next(iter(row.values()))) for row in form.rows)
                ordered = sorted(words, key=lambda word: (-len(word), word))
                written = "(?:" + "|".join(map(re.escape, ordered)) + ")"
            self._sources[name] = written
        return self._sources[name]

    def pattern(self, name: str) -> re.Pattern[str]:
        """A form compiled, once a run."""
        if name not in self._compiled:
            if name in self._kept and (held := decode(self._kept[name], type=Compiled | None)) is not None:
                self._compiled[name] = restored(held)
                return self._compiled[name]
            try:
                self._compiled[name] = re.compile(self.source(name))
            except re.error as error:
                raise BadForm(self.form(name).file, name, f"的式子不成立：{error}") from error
        return self._compiled[name]

    def compile(self, source: str) -> re.Pattern[str]:
        """What is made of several forms, compiled once a run; it may be kept as the patterns of forms are."""
        if source not in self.made:
            held = decode(self._kept[source], type=Compiled | None) if source in self._kept else None
            self.made[source] = restored(held) if held is not None else re.compile(source)
        return self.made[source]

    def quick(self, name: str) -> Quick:
        """The pattern of a form for many lines, of which few have the form."""
        if name not in self._quick:
            self._quick[name] = Quick(self.pattern(name))
        return self._quick[name]

    def full(self, name: str, text: str) -> re.Match[str] | None:
        """The match where the whole text has this form."""
        return (self._quick.get(name) or self.quick(name)).fullmatch(text)

    def start(self, name: str, text: str) -> re.Match[str] | None:
        """The match where the text begins with this form."""
        return (self._quick.get(name) or self.quick(name)).match(text)

    def find(self, name: str, text: str) -> re.Match[str] | None:
        """The first place in the text that has this form."""
        return (self._quick.get(name) or self.quick(name)).search(text)

    @cached_property
    def failures(self) -> tuple[str, ...]:
        """Examples that do not match and counter-examples that do, in words; empty where the data hold."""
        return tuple(_failures(self))


def _failures(forms: Forms) -> Iterator[str]:
    for form in forms:
        if form.rows:
            continue
        pattern = forms.pattern(form.name)
        find = {"search": pattern.search, "start": pattern.match, "full": pattern.fullmatch}[form.match]
        for example in form.examples:
            text, wanted = (example, None) if isinstance(example, str) else example
            found = find(text)
            if found is None:
                yield f"{form.name}：例句“{text}”不合"
                continue
            first = next((group for group in found.groups() if group is not None), found[0])
            if wanted is not None and first != wanted:
                yield f"{form.name}：例句“{text}”得“{first}”，应为“{wanted}”"
        for text in form.counter:
            if find(text) is not None:
                yield f"{form.name}：反例“{text}”也合"


def _read(file: Path) -> Iterator[Form]:
    import tomllib  # here, for forms that are kept are not read

    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("form", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadForm(file, file.name, f"无法解析：{error}") from error
    for table in tables:
        name = str(table.get("name", ""))
        if not name or (unknown := set(table) - _KEYS):
            raise BadForm(file, name, f"有不认识的项：{'、'.join(sorted(unknown))}" if name else "缺少 name")
        words = tuple(table.get("words", ()))
        if twice := [word for word, count in Counter(words).items() if count > 1]:
            raise BadForm(file, name, f"有重复的词：{'、'.join(twice)}")
        rows = tuple(table.get("rows", ()))
        if same := [row for row, count in Counter(map(repr, rows)).items() if count > 1]:
            raise BadForm(file, name, f"有重复的行：{same[0]}")
        yield Form(
            name,
            words,
            str(table.get("pattern", "")),
            rows,
            str(table.get("match", "full" if table.get("words") else "search")),
            tuple(table.get("examples", ())),
            tuple(table.get("counter", ())),
            file,
        )


def files_of(setting: str = "") -> tuple[Path, ...]:
    """The built-in files, then those of the folders that `POLICYKG_ONTOLOGY` names (their `forms/*.toml`)."""
    own = [Path(part.strip()).expanduser() for part in setting.split(":") if part.strip()]
    folders = dict.fromkeys((p if p.is_dir() else p.parent).resolve() for p in own)
    return (*sorted(FOLDER.glob("*.toml")), *(f for d in folders for f in sorted((d / "forms").glob("*.toml"))))


def load(setting: str = "") -> Forms:
    """All forms; the words of a later file are added to those of an earlier one, a pattern takes its place.

    `setting` is that of `POLICYKG_ONTOLOGY`; what it gives is kept until one of the files changes.
    """
    return _built_in() if not setting else _stamped(setting)


@cache
def _built_in() -> Forms:
    return _stamped("")


def _stamped(setting: str) -> Forms:
    return _load(tuple((file, stat.st_mtime_ns, stat.st_size) for file in files_of(setting) for stat in [file.stat()]))


@lru_cache(maxsize=4)
def _load(stamps: tuple[tuple[Path, int, int], ...]) -> Forms:
    if (held := kept.forms([file for file, _, _ in stamps])) is not None:
        return Forms(*held)
    out: dict[str, Form] = {}
    for file, _, _ in stamps:
        for form in _read(file):
            known = out.get(form.name)
            if known is not None and file.parent == FOLDER:
                raise BadForm(file, form.name, "写了两次")
            if known is not None and known.words and form.words:
                form = Form(  # noqa: PLW2901 - what the site adds stands behind what is there
                    form.name, (*known.words, *form.words), "", (), known.match,
                    (*known.examples, *form.examples), (*known.counter, *form.counter), file,
                )  # fmt: skip
            out[form.name] = form
    return Forms(out)
