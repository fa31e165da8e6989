from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kbportal.embedding.hashing import HashingEmbedder


def cosine(one: str, other: str) -> float:
    embedder = HashingEmbedder()
    return float(embedder.encode(one) @ embedder.encode(other))


def test_case_and_diacritics_do_not_matter():
    assert cosine("Zabudnuté HESLO", "zabudnute heslo") > 0.999


def test_texts_that_share_words_are_nearer():
    assert cosine("my password", "your password") > cosine("my password", "late parcel") + 0.3


def test_an_empty_text_is_near_nothing():
    assert cosine("", "password") == 0


@given(st.text())
def test_the_same_text_has_the_same_vector(text):
    assert np.array_equal(HashingEmbedder().encode(text), HashingEmbedder().encode(text))
