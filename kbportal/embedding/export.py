"""From a loaded model to the folder that web workers encode queries with, and a proof of it.

The smallest form that still says what the model says is taken: 8-bit multiplications, else only
word embeddings in 8 bits, else all in 32. Models differ in how much they lose; so each is asked
about a few texts before an index relies on it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.encoder import (
    ENCODER_VERSION,
    FACTS,
    MOST_TOKENS,
    NETWORK,
    PASSAGES,
    TABLE,
    TOKENIZER,
    load_encoder,
)
from kbportal.embedding.onnx_export import export_network, publish, quantise, shrink_tables
from kbportal.embedding.ports import ModelUnusable

CLOSE_ENOUGH = 0.95
"""Least agreement of an encoder with its model, as `_agreement` has it.

Measured with all-MiniLM-L6-v2 on two English sets by meaning alone: 8-bit weights agree to 0.99
and lose 0.002 nDCG@10 at most; weights cut to 5 and to 4 bits, which agree to 0.97 and 0.87, lose
0.008 and 0.009.
"""

_ROUNDING = 2e-3
# Of the exact network, which saves loading torch when only a few passages are new.
_LARGEST_KEPT = 600_000_000

_PROBES = (
    "I forgot my password", "where is my parcel", "refund", "The app closes by itself.",
    "Error 0x80070057 when I update", "how to cancel a subscription before it renews?",
    "zabudol som heslo", "Platnosť odkazu vypršala.", "nie mogę się zalogować",
    "unohdin salasanan", "am uitat parola", "zapomenuté heslo", "Rechnung an die Firma",
    "J'ai reçu le mauvais article", "не могу войти", "パスワードを忘れました",
    "I bought a lamp three weeks ago and it worked well until yesterday. " * 30,
)  # fmt: skip

Array = NDArray[np.float32]


def export(
    model: Any, folder: Path, *, encode: Callable[[list[str]], Array], prefix: str, dimension: int
) -> None:
    """Write an encoder of queries that agrees with the model.

    Args:
        model: A SentenceTransformer.
        folder: Existing and empty.
        encode: The model's own 32-bit vectors of queries, (n, dimension).
        prefix: Put before every query.
        dimension: How many numbers of each vector are kept.

    Raises:
        ModelUnusable: No form of it says what the model says.
    """
    expected = encode(list(_PROBES))
    _write_reading(model, folder, prefix)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        agreement = 0.0
        for _ in _forms(model, folder, Path(scratch), dimension):
            encoder = load_encoder(folder)
            agreement = _agreement(np.array([encoder.encode(text) for text in _PROBES]), expected)
            if agreement >= CLOSE_ENOUGH:
                return
    raise ModelUnusable(
        f"The query encoder exported from this model does not say what the model says "
        f"(agreement {agreement:.2f}, at least {CLOSE_ENOUGH} is needed). Choose another model."
    )


def _forms(model: Any, folder: Path, scratch: Path, dimension: int) -> Iterator[None]:
    """Writes one form after the other, each in place of the one before."""
    if _is_static(model):
        _write_table(model, folder, dimension)
        yield
        return
    full, tables, small = (scratch / f"{name}.onnx" for name in ("full", "tables", "small"))
    export_network(model, full, dimension=dimension)
    if full.stat().st_size <= _LARGEST_KEPT:
        publish(full, folder / PASSAGES)
    shrink_tables(full, tables)
    quantise(tables, small)
    for network in (small, tables, full):
        publish(network, folder / NETWORK)
        yield


def _is_static(model: Any) -> bool:
    kinds = [type(module).__name__ for module in model]
    return kinds[0] == "StaticEmbedding" and set(kinds[1:]) <= {"Normalize"}


def _write_table(model: Any, folder: Path, dimension: int) -> None:
    """16 bits are enough for numbers that are only averaged."""
    table = model[0].embedding.weight.detach().float().numpy()
    np.save(folder / TABLE, table[:, :dimension].astype(np.float16))


def _write_reading(model: Any, folder: Path, prefix: str) -> None:
    """How texts become token ids."""
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    if not hasattr(tokenizer, "encode_batch"):
        raise ModelUnusable(
            "This model's tokenizer has no fast form (tokenizer.json), which web workers need."
        )
    tokenizer.save(str(folder / TOKENIZER))
    facts = {
        "kind": "static" if _is_static(model) else "onnx",
        "version": ENCODER_VERSION,
        "max_tokens": int(min(model.max_seq_length or MOST_TOKENS, MOST_TOKENS)),
        "query_prefix": prefix,
        "lower_case": bool(getattr(model[0], "do_lower_case", False)),
    }
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def _agreement(found: Array, expected: Array) -> float:
    """Mean cosine between two encodings of the same texts, after taking their average off.

    What all texts have in common, in some models most of a vector, tells no two apart.
    """
    if not np.isfinite(found).all():
        return 0.0
    centre = expected.mean(axis=0)
    one, other = found - centre, expected - centre
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    same = np.abs(one - other).max(axis=1) < _ROUNDING
    cosines = (one * other).sum(axis=1) / np.maximum(lengths, 1e-9)
    return float(np.where(same, 1.0, cosines).mean())
