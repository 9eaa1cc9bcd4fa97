"""Many texts at once say what each would say alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.passages.presence import BETWEEN, Texts, normalise_together
from kg.passages.tokens import normalise_aligned

# Words, full and half width, traditional, a letter that folds into two, one outside the first plane, a lone surrogate.
CHARACTERS = st.sampled_from([*"质量月退貨，（Ａb9 \n", BETWEEN, "\u00df", "\ufb01", "\U00020000", "\ud800", "\0"])
TEXTS = st.lists(st.text(CHARACTERS, max_size=12), max_size=6)
WORDS = st.lists(st.text(CHARACTERS, min_size=1, max_size=4), max_size=8, unique=True)


@given(TEXTS)
def test_texts_folded_together_are_as_folded_alone(texts: list[str]) -> None:
    assert normalise_together(texts) == [normalise_aligned(text) for text in texts]


@given(TEXTS, WORDS)
def test_a_word_is_found_in_the_texts_that_hold_it(texts: list[str], words: list[str]) -> None:
    words = [word for word in words if BETWEEN not in word]
    held = Texts(texts)
    assert held.holding(words).tolist() == [[word in text for word in words] for text in texts]
    assert held.any_of(words).tolist() == [any(word in text for word in words) for text in texts]


def test_a_word_does_not_run_from_one_text_into_the_next() -> None:
    assert not Texts(["质", "量"]).holding(["质量"]).any()
