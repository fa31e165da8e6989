"""Models other than the default one: the whole way from a folder to a query's vector."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kbportal.embedding.encoder import MOST_TOKENS, load_encoder
from kbportal.embedding.ports import ModelUnusable, QueryEncoder
from kbportal.embedding.sentence_transformer import SentenceTransformerEmbedder

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

ARCHITECTURES = ("bert", "xlm-roberta", "mpnet", "distilbert", "modernbert", "albert", "t5")
CONCEPTS = (("password", "heslo"), ("parcel", "balík"), ("refund", "vrátenie"), ("my", "môj"))
LONG = "where is my parcel, I forgot my password and the refund " * 60


def exported(embedder: SentenceTransformerEmbedder, folder: Path) -> QueryEncoder:
    folder.mkdir()
    embedder.export_encoder(folder)
    return load_encoder(folder)


def agreement(embedder: SentenceTransformerEmbedder, encoder: QueryEncoder) -> np.ndarray:
    """Cosines between passages and queries of the same texts, what all share taken off."""
    from tests.models import SENTENCES

    texts = [*SENTENCES, LONG]
    passages, queries = embedder.embed(texts), np.array([encoder.encode(t) for t in texts])
    one, other = passages - passages.mean(axis=0), queries - passages.mean(axis=0)
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return (one * other).sum(axis=1) / lengths


@pytest.mark.parametrize(
    ("architecture", "pooling"),
    [*((one, "mean") for one in ARCHITECTURES), ("bert", "cls"), ("xlm-roberta", "cls")],
)
def test_queries_and_passages_agree_whatever_the_architecture(tmp_path, architecture, pooling):
    from tests.models import WIDTH, save_transformer

    folder = save_transformer(tmp_path, architecture, pooling=pooling)
    embedder = SentenceTransformerEmbedder(str(folder))

    assert embedder.recipe.dimension == WIDTH
    assert agreement(embedder, exported(embedder, tmp_path / "encoder")).mean() > 0.95


def test_a_projection_decides_the_dimension(tmp_path):
    from tests.models import save_transformer

    embedder = SentenceTransformerEmbedder(str(save_transformer(tmp_path, projected=24)))

    assert embedder.recipe.dimension == 24
    assert agreement(embedder, exported(embedder, tmp_path / "encoder")).mean() > 0.97


def test_vectors_can_be_cut_short(tmp_path):
    from tests.models import save_transformer

    folder = str(save_transformer(tmp_path))
    embedder = SentenceTransformerEmbedder(folder, dimensions=8)
    whole = SentenceTransformerEmbedder(folder).embed(["where is my parcel"])[0, :8]

    (cut,) = embedder.embed(["where is my parcel"])

    assert embedder.recipe.dimension == 8
    assert cut @ whole / np.linalg.norm(whole) > 0.99
    assert agreement(embedder, exported(embedder, tmp_path / "encoder")).mean() > 0.97


@pytest.mark.parametrize("limit", [16, 512, 8192])
def test_long_texts_are_cut_alike_on_both_sides(tmp_path, limit):
    from tests.models import save_transformer

    embedder = SentenceTransformerEmbedder(str(save_transformer(tmp_path, "t5", limit=limit)))
    exported(embedder, tmp_path / "encoder")

    facts = json.loads((tmp_path / "encoder" / "encoder.json").read_text())

    assert facts["max_tokens"] == min(limit, MOST_TOKENS)
    assert agreement(embedder, load_encoder(tmp_path / "encoder"))[-1] > 0.95


def test_a_table_of_words_needs_no_network(tmp_path):
    from tests.models import WIDTH, save_static

    embedder = SentenceTransformerEmbedder(str(save_static(tmp_path, CONCEPTS)))
    encoder = exported(embedder, tmp_path / "encoder")

    slovak = encoder.encode("kde je môj balík")

    assert embedder.recipe.dimension == WIDTH
    assert not (tmp_path / "encoder" / "encoder.onnx").exists()
    assert slovak @ embedder.embed(["where is my parcel"])[0] > 0.99
    assert slovak @ embedder.embed(["forgot password"])[0] < 0.7


@pytest.mark.parametrize("kind", ["network", "table"])
def test_threads_may_share_an_encoder(tmp_path, kind):
    from tests.models import SENTENCES, save_static, save_transformer

    folder = save_transformer(tmp_path) if kind == "network" else save_static(tmp_path, CONCEPTS)
    exported(SentenceTransformerEmbedder(str(folder)), tmp_path / "encoder")
    alone = [load_encoder(tmp_path / "encoder").encode(text) for text in SENTENCES]
    shared = load_encoder(tmp_path / "encoder")._encoder  # type: ignore[attr-defined]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(shared.encode, SENTENCES * 20))

    assert all(np.allclose(one, other) for one, other in zip(together, alone * 20, strict=True))


def test_words_that_a_table_does_not_know_mean_nothing(tmp_path):
    from tests.models import save_static

    embedder = SentenceTransformerEmbedder(str(save_static(tmp_path, CONCEPTS)))

    assert not exported(embedder, tmp_path / "encoder").encode("unheard of").any()


def test_the_models_own_prompts_are_its_prefixes(tmp_path):
    from tests.models import save_transformer

    folder = save_transformer(tmp_path, prompts={"query": "where: ", "passage": "my: "})

    recipe = SentenceTransformerEmbedder(str(folder)).recipe

    assert (recipe.query_prefix, recipe.passage_prefix) == ("where: ", "my: ")


def test_prefixes_of_the_settings_stand_before_the_models_own(tmp_path):
    from tests.models import save_transformer

    folder = save_transformer(tmp_path, prompts={"query": "where: "})
    embedder = SentenceTransformerEmbedder(str(folder), query_prefix="refund: ")
    encoder = exported(embedder, tmp_path / "encoder")

    (passage,) = embedder.embed(["refund: parcel"])

    assert embedder.recipe.query_prefix == "refund: "
    assert encoder.encode("parcel") @ passage > 0.97


def test_the_prompt_that_a_model_puts_before_all_texts_is_not_put_there_twice(tmp_path):
    from tests.models import save_transformer

    folder = save_transformer(tmp_path, prompts={"query": "password: "})
    plain = SentenceTransformerEmbedder(str(folder)).embed(["where is my parcel"])
    settings = folder / "config_sentence_transformers.json"
    settings.write_text(
        json.dumps(json.loads(settings.read_text()) | {"default_prompt_name": "query"})
    )

    again = SentenceTransformerEmbedder(str(folder)).embed(["where is my parcel"])

    assert np.allclose(plain, again)


def test_a_lower_casing_model_reads_queries_in_lower_case(tmp_path):
    from tests.models import save_transformer

    folder = save_transformer(tmp_path)
    settings = folder / "sentence_bert_config.json"
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"do_lower_case": True}))
    encoder = exported(SentenceTransformerEmbedder(str(folder)), tmp_path / "encoder")

    assert np.allclose(encoder.encode("WHERE Is My Parcel"), encoder.encode("where is my parcel"))


def test_an_encoder_that_loses_too_much_in_8_bits_multiplies_in_32(tmp_path, monkeypatch):
    from kbportal.embedding import export
    from tests.models import save_transformer

    folder = str(save_transformer(tmp_path))
    exported(SentenceTransformerEmbedder(folder), tmp_path / "small")
    monkeypatch.setattr(export, "CLOSE_ENOUGH", 0.99999)
    exported(SentenceTransformerEmbedder(folder), tmp_path / "exact")

    small, exact = (tmp_path / f / "encoder.onnx" for f in ("small", "exact"))

    assert b"MatMulInteger" in small.read_bytes()
    assert b"MatMulInteger" not in exact.read_bytes()


def test_an_encoder_that_never_agrees_is_refused(tmp_path, monkeypatch):
    from kbportal.embedding import export
    from tests.models import save_transformer

    monkeypatch.setattr(export, "CLOSE_ENOUGH", 1.1)

    with pytest.raises(ModelUnusable, match="does not say what the model says"):
        exported(SentenceTransformerEmbedder(str(save_transformer(tmp_path))), tmp_path / "encoder")


def test_damaged_weights_are_one_clear_refusal(tmp_path):
    from tests.models import save_transformer

    folder = save_transformer(tmp_path)
    (folder / "model.safetensors").write_bytes(b"garbage")

    with pytest.raises(ModelUnusable, match=r"The model in .* cannot be loaded"):
        SentenceTransformerEmbedder(str(folder)).embed(["a"])


def test_a_pickle_is_not_loaded_even_beside_a_pickle_free_projection(tmp_path):
    from tests.models import save_transformer

    folder = save_transformer(tmp_path, projected=8)
    dense = next(folder.glob("*Dense"))
    shutil.move(dense / "model.safetensors", dense / "pytorch_model.bin")

    with pytest.raises(ModelUnusable, match="pickle"):
        SentenceTransformerEmbedder(str(folder))
