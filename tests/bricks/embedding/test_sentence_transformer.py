from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kbportal.embedding.ports import ModelUnusable
from kbportal.embedding.sentence_transformer import SentenceTransformerEmbedder


@pytest.fixture
def folder(tmp_path):
    """A folder that looks like a model without being one."""
    (tmp_path / "config.json").write_text(json.dumps({"hidden_size": 384}))
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    return tmp_path


def test_a_recipe_names_the_model_and_its_prefixes(folder):
    recipe = SentenceTransformerEmbedder(
        str(folder), query_prefix="query: ", passage_prefix="passage: "
    ).recipe

    assert (recipe.model, recipe.dimension) == (str(folder), 384)
    assert (recipe.query_prefix, recipe.passage_prefix) == ("query: ", "passage: ")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_other_files_are_another_recipe(folder, name):
    before = SentenceTransformerEmbedder(str(folder)).recipe
    (folder / name).write_text('{"hidden_size": 384, "other": 1}')

    assert SentenceTransformerEmbedder(str(folder)).recipe.digest != before.digest


def test_looking_at_a_recipe_does_not_import_torch(folder):
    code = (
        "import sys; from kbportal.embedding.sentence_transformer import *;"
        f"SentenceTransformerEmbedder({str(folder)!r}).recipe; sys.exit('torch' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.model
def test_a_folder_that_is_no_model_is_unusable(folder):
    with pytest.raises(ModelUnusable, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(folder)).embed(["a"])


@pytest.mark.model
def test_a_model_that_is_not_here_is_unusable_and_says_what_to_do():
    with pytest.raises(ModelUnusable, match="Copy the model's folder here"):
        SentenceTransformerEmbedder("/nowhere")
