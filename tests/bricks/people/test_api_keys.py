from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kbportal.people.api_keys import FILE_NAME, KeyRefused, add_key, key_of, read_keys, remove_key
from tests.builders import NOON


def add(folder: Path, name: str = "app", per_minute: int = 600) -> str:
    return add_key(folder, name, per_minute=per_minute, now=NOON)


def test_a_key_is_known_by_its_digest_alone(tmp_path: Path):
    key = add(tmp_path)

    (known,) = read_keys(tmp_path)
    assert key_of([known], key) == known
    assert key not in (tmp_path / FILE_NAME).read_text()
    assert len(key) > 40


@pytest.mark.parametrize("guess", ["", "kbp_", "app", "x" * 500, "\udc80"])
def test_nothing_else_is_that_key(tmp_path: Path, guess: str):
    add(tmp_path)

    assert key_of(read_keys(tmp_path), guess) is None


def test_only_its_owner_may_read_the_file(tmp_path: Path):
    add(tmp_path)

    left = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert left == {FILE_NAME: 0o600, "api_keys.lock": 0o600}


@pytest.mark.parametrize("name", ["", " ", "a b", "../x", "-x", "x-", "a" * 41, "ä"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str):
    with pytest.raises(KeyRefused):
        add(tmp_path, name)


def test_a_name_is_given_once_until_it_is_taken_away(tmp_path: Path):
    old = add(tmp_path)
    with pytest.raises(KeyRefused, match="remove it first"):
        add(tmp_path)

    remove_key(tmp_path, "app")
    add(tmp_path)

    assert key_of(read_keys(tmp_path), old) is None
    with pytest.raises(KeyRefused):
        remove_key(tmp_path, "other")


@pytest.mark.parametrize("per_minute", [0, -1, 1_000_001])
def test_an_allowance_is_a_number_of_calls(tmp_path: Path, per_minute: int):
    with pytest.raises(KeyRefused):
        add(tmp_path, per_minute=per_minute)


@pytest.mark.parametrize("damage", ["", "{", "[1]", '[{"name": "x"}]', "{}x"])
def test_a_damaged_file_is_said_to_be_one(tmp_path: Path, damage: str):
    (tmp_path / FILE_NAME).write_text(damage)

    with pytest.raises(KeyRefused, match="cannot be read"):
        read_keys(tmp_path)


def test_keys_that_are_made_at_once_are_all_there(tmp_path: Path):
    def make(number: int) -> str:
        return add_key(tmp_path, f"shop-{number}", per_minute=60, now=NOON)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(16)))

    keys = read_keys(tmp_path)
    assert all(key_of(keys, key) for key in made)
