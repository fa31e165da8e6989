from __future__ import annotations

import time

from kbportal.kernel.ids import new_id, new_token, token_digest


def test_an_id_has_the_layout_of_a_uuid_version_7() -> None:
    made = new_id()

    assert len(made) == 32
    assert made[12] == "7"
    assert made[16] in "89ab"


def test_later_ids_sort_after_earlier_ones() -> None:
    for _ in range(100):
        first, then = new_id(), time.time_ns()
        while time.time_ns() < then + 1_000:
            pass

        assert first < new_id()


def test_ids_do_not_repeat() -> None:
    assert len({new_id() for _ in range(5_000)}) == 5_000


def test_a_token_is_long_random_and_fit_for_a_url() -> None:
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(len(token) >= 43 and token.replace("-", "").replace("_", "").isalnum()
               for token in tokens)  # fmt: skip


def test_the_digest_of_a_token_is_stable_and_does_not_contain_it() -> None:
    token = new_token()

    assert token_digest(token) == token_digest(token)
    assert len(token_digest(token)) == 64
    assert token not in token_digest(token)


def test_any_text_has_a_digest() -> None:
    assert token_digest("\ud800") != token_digest("")
