"""Another model is one setting: the whole way from `index` to a hit that only it can find."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.builders import UNSCHOOLED
from tests.cast import write_library

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

_THINGS = 40


def concepts() -> list[tuple[str, str]]:
    """Forty things, each with two names that share no four letters."""
    chance = random.Random(7)

    def name() -> str:
        return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))

    return [(name(), name()) for _ in range(_THINGS)]


CONCEPTS = concepts()


def strangers() -> list[tuple[str, ...]]:
    """The same words in four heaps that have nothing to do with what they mean."""
    words = [word for concept in CONCEPTS for word in concept]
    random.Random(8).shuffle(words)
    return [tuple(words[at::4]) for at in range(4)]


def pages() -> dict[str, str]:
    """Articles that speak in first names and are asked for in second ones."""
    found = {}
    for at in range(_THINGS):
        (here, alias), (there, other) = CONCEPTS[at], CONCEPTS[(at * 7 + 3) % _THINGS]
        found[f"{UNSCHOOLED}/general/page{at}.md"] = (
            f"---\ntitle: {here} {there}\nanswers: ['{alias} {other} {alias}']\n---\n"
            f"{here} {there} {here} {there}. {there} {here} {there} {here} {here}.\n"
        )
    return found


def crowded_pages() -> dict[str, str]:
    """Articles that speak of eight things each, so that words alone leave doubts."""
    chance = random.Random(3)
    found = {}
    for at in range(2 * _THINGS):
        things = chance.sample(CONCEPTS, 8)
        names = [here for here, _ in things]
        asked = " ".join(alias for _, alias in chance.sample(things, 3))
        body = ". ".join(" ".join(chance.sample(names, 4)) for _ in range(5))
        found[f"{UNSCHOOLED}/general/page{at}.md"] = (
            f"---\ntitle: {' '.join(chance.sample(names, 3))}\nanswers: ['{asked}']\n---\n{body}.\n"
        )
    return found


@pytest.fixture
def things(home: Path) -> Path:
    return write_library(home / "articles", pages())


@pytest.fixture
def knowing(tmp_path: Path) -> str:
    """A model that knows that both names mean one thing."""
    from tests.models import save_static

    return str(save_static(tmp_path / "knowing", CONCEPTS))


@pytest.fixture
def ignorant(tmp_path: Path) -> str:
    """A model of the same make that knows nothing."""
    from tests.models import save_static

    return str(save_static(tmp_path / "ignorant", strangers()))


def weight_of_meaning(home: Path) -> float:
    """Share of both meaning signals in what calibration learnt."""
    current = (home / "indexes" / "current").read_text().strip()
    learnt: dict[str, Any] = json.loads(
        (home / "indexes" / current / UNSCHOOLED / "calibration.json").read_text()
    )
    weights = learnt["weights"]
    return float((weights["article"] + weights["passage"]) / sum(weights.values()))


def test_a_model_in_a_folder_finds_what_no_word_says(run, things, knowing, monkeypatch):
    monkeypatch.setenv("KBPORTAL_MODEL", knowing)
    built = run("index", "--json").json
    query = f"{CONCEPTS[5][1]} {CONCEPTS[(5 * 7 + 3) % _THINGS][1]}"

    found = run("search", query, "--mode", "semantic", "--json").json

    assert (built["embedded"] > 0, built["degraded"], found["degraded"]) == (True, "", None)
    assert found["hits"][0]["slug"] == "page5"


def test_calibration_gives_a_model_that_knows_the_language_its_due(
    run, home, knowing, tmp_path, monkeypatch
):
    from tests.models import save_transformer

    write_library(home / "articles", crowded_pages())
    shares = []
    for model in (knowing, str(save_transformer(tmp_path / "untrained"))):
        monkeypatch.setenv("KBPORTAL_MODEL", model)
        assert run("index", "--json").json["degraded"] == ""
        shares.append(weight_of_meaning(home))

    assert shares[0] > 0.7
    assert shares[1] < 0.3


def test_another_model_embeds_everything_again_and_so_does_going_back(
    run, things, knowing, ignorant, monkeypatch
):
    embedded = []
    for model in (knowing, ignorant, knowing, knowing):
        monkeypatch.setenv("KBPORTAL_MODEL", model)
        embedded.append(run("index", "--json").json["embedded"])

    assert embedded[0] == embedded[1] == embedded[2] > 0
    assert embedded[3] == 0


@pytest.mark.parametrize("setting", ["MODEL_PASSAGE_PREFIX", "MODEL_QUERY_PREFIX"])
def test_another_prefix_embeds_everything_again(run, things, knowing, monkeypatch, setting):
    monkeypatch.setenv("KBPORTAL_MODEL", knowing)
    first = run("index", "--json").json
    monkeypatch.setenv(f"KBPORTAL_{setting}", f"{CONCEPTS[0][0]} ")

    again = run("index", "--json").json

    assert again["embedded"] == first["embedded"]


def test_fewer_dimensions_embed_everything_again(run, things, home, knowing, monkeypatch):
    monkeypatch.setenv("KBPORTAL_MODEL", knowing)
    first = run("index", "--json").json
    monkeypatch.setenv("KBPORTAL_MODEL_DIMENSIONS", "12")

    again = run("index", "--json").json
    manifest = json.loads((home / "indexes" / again["generation"] / "manifest.json").read_text())

    assert again["embedded"] == first["embedded"]
    assert manifest["recipe"]["dimension"] == 12


def test_a_network_serves_as_well(run, things, tmp_path, monkeypatch):
    from tests.models import save_transformer

    monkeypatch.setenv("KBPORTAL_MODEL", str(save_transformer(tmp_path / "network")))
    built = run("index", "--json").json

    found = run("search", " ".join(CONCEPTS[9]), "--json").json

    assert (built["degraded"], found["degraded"]) == ("", None)
    assert found["hits"][0]["slug"] == "page9"


def test_a_broken_model_costs_only_meaning_and_one_line_says_why(run, things, knowing, monkeypatch):
    (Path(knowing) / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    monkeypatch.setenv("KBPORTAL_MODEL", knowing)

    said = run("index", "--json")
    found = run("search", CONCEPTS[3][0], "--json").json

    assert (said.code, said.json["embedded"]) == (0, 0)
    assert knowing in said.complaint
    assert said.complaint.endswith("Search goes by keywords alone.")
    assert found["degraded"]
    assert found["hits"][0]["slug"] == "page3"


def test_a_model_that_fails_only_when_it_is_loaded_is_explained_as_well(
    run, things, tmp_path, monkeypatch
):
    from tests.models import save_transformer

    folder = save_transformer(tmp_path / "network")
    (folder / "tokenizer.json").write_text("{}")
    monkeypatch.setenv("KBPORTAL_MODEL", str(folder))

    said = run("index", "--json")

    assert (said.code, said.json["degraded"]) == (0, "model_unusable")
    assert str(folder) in said.complaint
    assert run("search", CONCEPTS[3][0], "--json").json["hits"][0]["slug"] == "page3"
