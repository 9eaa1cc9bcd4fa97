"""The changes that benchmarks/mutants.py makes are changes, each of one place."""

from __future__ import annotations

import ast

from benchmarks import mutants

SOURCE = '''"""A module."""

LONGEST: int = 7


@cache(8)
def cut(text: str, *, whole: bool = True) -> str | None:
    """Not "text" == 1."""
    if not text or (whole and len(text) <= LONGEST):
        return None
    注 = f"{len(text) + 1}长"
    log(注, text)
    return text[1:LONGEST]
'''.encode()


def _made() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for mutant in mutants.mutants_of("a.py", SOURCE):
        found.setdefault(mutant.sort, set()).add(f"{mutant.was} -> {mutant.now}")
    return found


def test_each_sort_of_change_is_made_and_no_other() -> None:
    assert _made() == {
        "number": {"7 -> 8", "7 -> 6", "1 -> 2", "1 -> 0"},
        "truth": {"True -> False"},
        "not": {"not text -> (text)"},
        "and-or": {
            "not text or (whole and len(text) <= LONGEST) -> (not text and (whole and len(text) <= LONGEST))",
            "whole and len(text) <= LONGEST -> (whole or len(text) <= LONGEST)",
        },
        "comparison": {"len(text) <= LONGEST -> (len(text) < LONGEST)"},
        "arguments": {"log(注, text) -> (log(text, 注))"},
        "statement": {"log(注, text) -> pass"},
        "slice": {"text[1:LONGEST] -> (text[:LONGEST])", "text[1:LONGEST] -> (text[1:])"},
        "result": {"return text[1:LONGEST] -> return None"},
    }


def test_a_change_is_of_its_place_and_leaves_a_module() -> None:
    plain = ast.dump(ast.parse(SOURCE))
    for mutant in mutants.mutants_of("a.py", SOURCE):
        changed = mutants.changed_source(SOURCE, mutant)
        assert SOURCE[mutant.start : mutant.end].decode() == mutant.was
        assert ast.dump(ast.parse(changed)) != plain
        assert changed.splitlines()[: mutant.line - 1] == SOURCE.splitlines()[: mutant.line - 1]


def test_a_seed_draws_the_same_mutants() -> None:
    assert mutants.sampled("compile", seed=1, size=5) == mutants.sampled("compile", seed=1, size=5)
    assert mutants.sampled("compile", seed=1, size=5) != mutants.sampled("compile", seed=2, size=5)
    assert len({m.start for m in mutants.sampled("decide", seed=1, size=5)}) > 1


def test_every_part_names_modules_and_tests_that_are_there() -> None:
    for part, (modules, tests) in mutants.PARTS.items():
        for path in (*modules, *tests):
            assert (mutants.ROOT / path).exists(), (part, path)
