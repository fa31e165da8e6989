"""What can be known of a model, and refused, before torch is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbportal.embedding.model_folder import read_facts
from kbportal.embedding.ports import ModelUnusable

OLD = "sentence_transformers.models."


def a_model(folder: Path, *modules: tuple[str, dict[str, object]], **settings: object) -> Path:
    """A folder with these modules, each in a folder of its own, and weights of no meaning."""
    listed = []
    for number, (kind, config) in enumerate(modules):
        place = folder / f"{number}_part"
        place.mkdir()
        (place / "config.json").write_text(json.dumps(config))
        (place / "model.safetensors").write_bytes(b"weights")
        listed.append({"idx": number, "path": place.name, "type": kind})
    (folder / "modules.json").write_text(json.dumps(listed))
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings))
    return folder


TRANSFORMER = (f"{OLD}Transformer", {"hidden_size": 48})
OLD_POOLING = {
    "word_embedding_dimension": 48,
    "pooling_mode_mean_tokens": True,
    "pooling_mode_cls_token": True,
}


@pytest.mark.parametrize(
    ("modules", "dimension"),
    [
        ([TRANSFORMER], 48),
        ([(f"{OLD}Transformer", {"dim": 40})], 40),
        ([(f"{OLD}Transformer", {"d_model": 56})], 56),
        ([(f"{OLD}Transformer", {"text_config": {"hidden_size": 72}})], 72),
        ([TRANSFORMER, (f"{OLD}Pooling", OLD_POOLING)], 96),
        ([TRANSFORMER, (f"{OLD}Pooling", {"embedding_dimension": 48, "pooling_mode": "cls"})], 48),
        ([TRANSFORMER, (f"{OLD}Dense", {"out_features": 12}), (f"{OLD}Normalize", {})], 12),
    ],
)
def test_the_dimension_is_that_of_the_last_module(tmp_path, modules, dimension):
    assert read_facts(a_model(tmp_path, *modules)).dimension == dimension


def test_a_dimension_that_the_model_cuts_itself_counts(tmp_path):
    assert read_facts(a_model(tmp_path, TRANSFORMER, truncate_dim=16)).dimension == 16


@pytest.mark.parametrize("name", ["document", "passage", "corpus"])
def test_prompts_are_taken_under_all_their_names(tmp_path, name):
    facts = read_facts(a_model(tmp_path, TRANSFORMER, prompts={name: "p: ", "query": "q: "}))

    assert (facts.query_prompt, facts.passage_prompt) == ("q: ", "p: ")


def test_a_model_that_says_nothing_of_prompts_has_none(tmp_path):
    facts = read_facts(a_model(tmp_path, TRANSFORMER, prompts={"query": None}))

    assert (facts.query_prompt, facts.passage_prompt) == ("", "")


def test_weights_of_every_module_decide_the_digest(tmp_path):
    folder = a_model(tmp_path, TRANSFORMER, (f"{OLD}Dense", {"out_features": 12}))
    before = read_facts(folder).digest
    (folder / "1_part" / "model.safetensors").write_bytes(b"others")

    assert read_facts(folder).digest != before


def test_a_description_for_people_decides_nothing(tmp_path):
    folder = a_model(tmp_path, TRANSFORMER)
    before = read_facts(folder).digest
    (folder / "README.md").write_text("About it")

    assert read_facts(folder).digest == before


def test_code_in_the_folder_is_refused(tmp_path):
    with pytest.raises(ModelUnusable, match="brings code of its own"):
        read_facts(a_model(tmp_path, ("custom_module.Transformer", {"hidden_size": 48})))


def test_a_module_outside_the_folder_is_refused(tmp_path):
    folder = a_model(tmp_path, TRANSFORMER)
    modules = json.loads((folder / "modules.json").read_text())
    (folder / "modules.json").write_text(json.dumps([modules[0] | {"path": "../elsewhere"}]))

    with pytest.raises(ModelUnusable, match="leads out of its folder"):
        read_facts(folder)


def test_weights_in_a_pickle_are_refused_and_the_way_out_is_said(tmp_path):
    folder = a_model(tmp_path, TRANSFORMER)
    (folder / "0_part" / "model.safetensors").rename(folder / "0_part" / "pytorch_model.bin")

    with pytest.raises(ModelUnusable, match=r"pickle.*save_pretrained"):
        read_facts(folder)


def test_missing_weights_are_said(tmp_path):
    folder = a_model(tmp_path, TRANSFORMER)
    (folder / "0_part" / "model.safetensors").unlink()

    with pytest.raises(ModelUnusable, match="no weights"):
        read_facts(folder)


@pytest.mark.parametrize("kind", ["Router", "CLIPModel", "WordEmbeddings"])
def test_modules_that_do_not_fit_are_named(tmp_path, kind):
    with pytest.raises(ModelUnusable, match=kind):
        read_facts(a_model(tmp_path, TRANSFORMER, (f"{OLD}{kind}", {})))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"hidden_size": "wide"}', "[1]", '"text"'])
def test_a_damaged_description_is_one_clear_refusal(tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    (tmp_path / "model.safetensors").write_bytes(b"weights")

    with pytest.raises(ModelUnusable, match="damaged or incomplete"):
        read_facts(tmp_path)
