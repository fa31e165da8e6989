"""The query encoder of a web worker: ONNX Runtime or a table, and a tokenizer; no torch.

Measured on all-MiniLM-L6-v2 with one thread: docs/performance.md.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.hashing import HashingEmbedder
from kbportal.embedding.ports import ModelUnusable, QueryEncoder

ENCODER_VERSION = 3
"""Of what `export` writes: an earlier encoder is exported anew, though the vectors stay."""

MOST_TOKENS = 256
"""That are read of a text: a passage has fewer, and time and memory grow with them."""

FACTS = "encoder.json"
NETWORK = "encoder.onnx"
PASSAGES = "passages.onnx"
TABLE = "encoder.npy"
TOKENIZER = "tokenizer.json"

_REMEMBERED = 512

Facts = Mapping[str, Any]


def load_encoder(folder: Path) -> QueryEncoder:
    """Open the encoder that an embedder exported.

    Raises:
        ModelUnusable: The folder is missing or damaged.
    """
    try:
        facts = read_facts(folder)
        if facts["kind"] == "hashing":
            return HashingEmbedder()
        kind = OnnxEncoder if facts["kind"] == "onnx" else StaticEncoder
        return RememberedEncoder(kind(folder, facts))
    except Exception as error:
        raise ModelUnusable(f"The query encoder in {folder} cannot be used: {error}") from error


def is_current(folder: Path) -> bool:
    """Whether this portal would export the same encoder again."""
    try:
        facts = read_facts(folder)
        return facts["kind"] == "hashing" or facts.get("version") == ENCODER_VERSION
    except (OSError, ValueError, KeyError, TypeError):
        return False


class OnnxEncoder:
    """Runs an exported network; safe to share between threads."""

    def __init__(self, folder: Path, facts: Facts, *, network: str = NETWORK) -> None:
        self._tokens = _Tokens(folder, facts)
        self._session = _session(folder / network)

    def encode(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self._tokens.ids(text)], dtype=np.int64)
        (rows,) = self._session.run(["embedding"], {"input_ids": ids})
        vector: NDArray[np.float32] = np.asarray(rows[0], dtype=np.float32)
        return vector

    def tokens(self, text: str) -> int:
        return self._tokens.count(text)


class StaticEncoder:
    """The mean of one row per token: a model without a network. The table is only mapped."""

    def __init__(self, folder: Path, facts: Facts) -> None:
        self._tokens = _Tokens(folder, facts, special=False)
        self._table = np.load(folder / TABLE, mmap_mode="r")

    def encode(self, text: str) -> NDArray[np.float32]:
        rows = self._table[self._tokens.ids(text)]
        vector: NDArray[np.float32] = rows.sum(axis=0, dtype=np.float32)
        return vector / max(float(np.linalg.norm(vector)), 1e-9)

    def tokens(self, text: str) -> int:
        return self._tokens.count(text)


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

    def tokens(self, text: str) -> int:
        return self._encoder.tokens(text)


class _Tokens:
    """Texts to token ids, as the model was taught to read."""

    def __init__(self, folder: Path, facts: Facts, *, special: bool = True) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(int(facts["max_tokens"]))
        self._prefix = str(facts["query_prefix"])
        self._lower = bool(facts["lower_case"])
        self._special = special

    def ids(self, text: str) -> list[int]:
        return self._read(self._prefix + text, special=self._special)

    def count(self, text: str) -> int:
        """Without the prefix and what marks beginning and end."""
        return len(self._read(text, special=False))

    def _read(self, text: str, *, special: bool) -> list[int]:
        typed = text.lower() if self._lower else text
        ids: list[int] = self._tokenizer.encode(typed, add_special_tokens=special).ids
        return ids


def read_facts(folder: Path) -> Facts:
    facts: Facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    return facts


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread per query: many customers type at once, and two threads gain little on a
    # dozen tokens.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
