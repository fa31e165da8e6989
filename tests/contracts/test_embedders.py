"""What search relies on, whichever model embeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kbportal.embedding.encoder import is_current, load_encoder
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.embedding.passages import OnnxPassages
from kbportal.embedding.ports import Embedder, ModelUnusable, QueryEncoder
from kbportal.embedding.sentence_transformer import SentenceTransformerEmbedder

TEXTS = [
    "I forgot my password", "where is my parcel", "refund", "The app closes by itself.",
    "How do I change the delivery address of an order that has not been sent yet?",
    "zabudol som heslo", "kde je môj balík", "Platnosť odkazu vypršala.", "faktúra na firmu",
    "nie mogę się zalogować", "zwrot pieniędzy", "gdzie jest moja paczka",
    "unohdin salasanan", "missä pakettini on", "tilauksen peruuttaminen",
    "am uitat parola", "unde este coletul meu", "anularea comenzii",
    "cancel my subscription before it renews", "gift card code is not accepted",
]  # fmt: skip


@pytest.fixture(
    scope="module",
    params=["hashing", pytest.param("model", marks=[pytest.mark.model, pytest.mark.timeout(300)])],
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hashing":
        return HashingEmbedder()
    return SentenceTransformerEmbedder("default")


@pytest.fixture(scope="module")
def exported(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the embedder exports, as a web worker gets it."""
    folder = tmp_path_factory.mktemp("encoder")
    embedder.export_encoder(folder)
    return folder


@pytest.fixture(scope="module")
def encoder(exported: Path) -> QueryEncoder:
    return load_encoder(exported)


def test_every_text_has_a_row_of_the_promised_length(embedder):
    rows = embedder.embed(TEXTS)

    assert (rows.shape, rows.dtype) == ((len(TEXTS), embedder.recipe.dimension), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=0.01)


def test_rows_are_in_the_order_of_the_texts(embedder):
    backwards = embedder.embed(TEXTS[::-1])

    assert (embedder.embed(TEXTS) * backwards[::-1]).sum(axis=1) == pytest.approx(1, abs=0.01)


def test_no_texts_have_no_rows(embedder):
    assert embedder.embed([]).shape == (0, embedder.recipe.dimension)


def test_progress_adds_up_to_the_number_of_texts(embedder):
    steps: list[int] = []

    embedder.embed(TEXTS * 2, progress=steps.append)

    assert sum(steps) == 2 * len(TEXTS)


def test_the_exported_encoder_agrees_with_the_model(embedder, encoder):
    queries = np.array([encoder.encode(text) for text in TEXTS])

    cosines = (queries * embedder.embed(TEXTS)).sum(axis=1)

    assert cosines.mean() >= 0.99


def test_queries_have_length_1(embedder, encoder):
    vector = encoder.encode("where is my parcel")

    assert (vector.shape, vector.dtype) == ((embedder.recipe.dimension,), np.float32)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("text", ["", " ", "🧺", "x" * 5000, "word " * 3000])
def test_any_text_has_a_finite_vector(encoder, text):
    assert np.isfinite(encoder.encode(text)).all()


def test_the_nearest_text_is_the_one_that_says_the_same(embedder, encoder):
    nearest = np.argmax(embedder.embed(TEXTS) @ encoder.encode("forgot password"))

    assert TEXTS[nearest] == "I forgot my password"


def test_whoever_serves_may_read_all_of_it(exported):
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in exported.iterdir())


def test_an_encoder_is_exported_anew_only_when_it_would_be_another(exported, tmp_path):
    assert is_current(exported)
    assert not is_current(tmp_path)


@pytest.mark.model
@pytest.mark.timeout(300)
def test_a_few_passages_have_the_same_vectors_without_torch(tmp_path):
    model = SentenceTransformerEmbedder("default", passage_prefix="passage: ")
    model.export_encoder(tmp_path)

    few = OnnxPassages(tmp_path, model.recipe).embed(TEXTS)

    assert (few * model.embed(TEXTS)).sum(axis=1).min() >= 0.999


def test_an_embedder_without_a_part_for_passages_says_so(tmp_path):
    HashingEmbedder().export_encoder(tmp_path)

    with pytest.raises(ModelUnusable):
        OnnxPassages(tmp_path, HashingEmbedder.recipe)


@pytest.mark.parametrize("text", ["", "\0", "Where is my parcel?", "\u202e🧺", "w" * 10_000])
def test_any_text_has_a_number_of_tokens(encoder, text):
    assert encoder.tokens(text) >= 0


def test_only_the_text_itself_is_counted(encoder):
    assert encoder.tokens("") == 0
