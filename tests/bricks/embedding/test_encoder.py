from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kbportal.embedding.encoder import RememberedEncoder, load_encoder
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.embedding.ports import ModelUnusable


class Counting(HashingEmbedder):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return super().encode(text)


def test_a_text_typed_again_is_not_encoded_again():
    encoder = Counting()
    remembered = RememberedEncoder(encoder)

    first, again = remembered.encode("password"), remembered.encode("password")

    assert np.array_equal(first, again)
    assert encoder.asked == ["password"]


def test_the_text_that_was_not_asked_for_longest_is_forgotten():
    encoder = Counting()
    remembered = RememberedEncoder(encoder, capacity=2)

    for text in ("a", "b", "a", "c", "a", "b"):
        remembered.encode(text)

    assert encoder.asked == ["a", "b", "c", "b"]


def test_threads_may_share_it():
    remembered = RememberedEncoder(HashingEmbedder(), capacity=3)
    texts = ["password", "parcel", "refund", "invoice"] * 200

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(remembered.encode, texts))

    assert all(map(np.array_equal, found, map(HashingEmbedder().encode, texts)))


@pytest.mark.parametrize(
    "facts", [None, "", "{}", '{"kind": "hashing', json.dumps({"kind": "onnx", "max_tokens": 9})]
)
def test_a_folder_without_a_sound_encoder_is_refused(tmp_path, facts):
    if facts is not None:
        (tmp_path / "encoder.json").write_text(facts)

    with pytest.raises(ModelUnusable, match="cannot be used"):
        load_encoder(tmp_path)


def test_an_encoder_whose_network_is_damaged_is_refused(tmp_path):
    HashingEmbedder().export_encoder(tmp_path)
    facts = {"kind": "onnx", "max_tokens": 9, "query_prefix": ""}
    (tmp_path / "encoder.json").write_text(json.dumps(facts))
    (tmp_path / "encoder.onnx").write_bytes(b"garbage")

    with pytest.raises(ModelUnusable):
        load_encoder(tmp_path)
