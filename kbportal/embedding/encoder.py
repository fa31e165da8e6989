"""The query encoder of a web worker: ONNX Runtime and a tokenizer, no torch.

Measured on all-MiniLM-L6-v2 with one thread, 400 real subjects: 2.5 ms and 22 MB with
8-bit weights, 5.9 ms and 90 MB with 32-bit ones; mean cosine between the two 0.993.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.hashing import HashingEmbedder
from kbportal.embedding.ports import ModelUnusable, QueryEncoder

_REMEMBERED = 512


def load_encoder(folder: Path) -> QueryEncoder:
    """Open the encoder that an embedder exported.

    Raises:
        ModelUnusable: The folder is missing or damaged.
    """
    try:
        facts = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        if facts["kind"] == "hashing":
            return HashingEmbedder()
        return RememberedEncoder(OnnxEncoder(folder, facts))
    except Exception as error:
        raise ModelUnusable(f"The query encoder in {folder} cannot be used: {error}") from error


class OnnxEncoder:
    """Runs an exported sentence-transformers model; safe to share between threads."""

    def __init__(self, folder: Path, facts: dict[str, object]) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(int(str(facts["max_tokens"])))
        self._tokenizer.no_padding()
        self._prefix = str(facts["query_prefix"])
        options = onnxruntime.SessionOptions()
        # One thread per query: many customers type at once, and two threads gain little on
        # a dozen tokens.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(self._prefix + text).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        (rows,) = self._session.run(["embedding"], inputs)
        vector: NDArray[np.float32] = np.asarray(rows[0], dtype=np.float32)
        return vector


class RememberedEncoder:
    """Keeps the latest vectors, because a customer types, deletes and types again."""

    def __init__(self, encoder: QueryEncoder, capacity: int = _REMEMBERED) -> None:
        self._encoder = encoder
        self._capacity = capacity
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def encode(self, text: str) -> NDArray[np.float32]:
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
        vector = self._encoder.encode(text)
        with self._lock:
            self._known[text] = vector
            if len(self._known) > self._capacity:
                self._known.popitem(last=False)
        return vector
