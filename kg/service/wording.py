"""How two wordings differ, sentence by sentence, for showing side by side; pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

Run = tuple[str, bool]  # words, and whether the other side has them too

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]+|[^。；！？\n]+")
_NOISE = re.compile(r"[\s，、,.．。；;：:！？!?（）()“”\"'‘’《》·\-—]+")
_ALIKE = 0.5  # share of common words from which two sentences are versions of each other
_SHORTEST = 2  # characters that two versions must have in common in one piece; fewer are chance


def differences(left: str, right: str) -> tuple[list[Run], list[Run]]:
    """Both texts cut into runs; the runs of a side joined are its text. Blanks and punctuation make no difference."""
    if _folded(left) == _folded(right):
        return [(left, True)], [(right, True)]
    a, b = _SENTENCE.findall(left), _SENTENCE.findall(right)
    keys_a, keys_b = [_folded(s) for s in a], [_folded(s) for s in b]
    out_a: list[Run] = []
    out_b: list[Run] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, keys_a, keys_b, autojunk=False).get_opcodes():
        if what == "equal":
            out_a.append(("".join(a[i1:i2]), True))
            out_b.append(("".join(b[j1:j2]), True))
        else:
            runs_a, runs_b = _within(a[i1:i2], b[j1:j2])
            out_a += runs_a
            out_b += runs_b
    return _joined(out_a), _joined(out_b)


def likeness(left: str, right: str) -> float:
    """Between 0 and 1; 1 where only blanks and punctuation differ."""
    return SequenceMatcher(None, _folded(left), _folded(right), autojunk=False).ratio()


def _within(left: list[str], right: list[str]) -> tuple[list[Run], list[Run]]:
    """Sentences without an equal: each of the left with its likest of the right, compared by characters."""
    runs_a: list[list[Run]] = [[(sentence, False)] for sentence in left]
    runs_b: list[list[Run]] = [[(sentence, False)] for sentence in right]
    scored = [
        (matcher.ratio(), i, j, matcher)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if (matcher := SequenceMatcher(None, a, b, autojunk=False)).real_quick_ratio() >= _ALIKE
        and matcher.quick_ratio() >= _ALIKE
        and matcher.ratio() >= _ALIKE
    ]
    done_a: set[int] = set()
    done_b: set[int] = set()
    for _, i, j, matcher in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        if i in done_a or j in done_b:
            continue
        done_a.add(i)
        done_b.add(j)
        blocks = [block for block in matcher.get_matching_blocks() if block.size >= _SHORTEST]
        runs_a[i] = _runs(left[i], [(block.a, block.size) for block in blocks])
        runs_b[j] = _runs(right[j], [(block.b, block.size) for block in blocks])
    return [run for runs in runs_a for run in runs], [run for runs in runs_b for run in runs]


def _runs(text: str, blocks: list[tuple[int, int]]) -> list[Run]:
    runs, at = [], 0
    for start, size in blocks:
        runs += [(text[at:start], False), (text[start : start + size], True)]
        at = start + size
    return [*runs, (text[at:], False)]


def _joined(runs: list[Run]) -> list[Run]:
    result: list[Run] = []
    for text, same in runs:
        if not text:
            continue
        if result and result[-1][1] == same:
            result[-1] = (result[-1][0] + text, same)
        else:
            result.append((text, same))
    return result


def _folded(text: str) -> str:
    return _NOISE.sub("", text)
