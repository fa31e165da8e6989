"""A sentence-transformers model as one ONNX file: token ids of one text in, its vector out.

A query is never padded, so that the network takes no mask: models with and without token types,
with position or rotary embeddings, with whatever pooling and projection, all look the same.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

_OPSET = 17
_FLOAT = 1
# A table smaller than this (positions, token types) saves nothing.
_ROWS_OF_A_TABLE = 1000
_BYTES_OF_A_TABLE = 1_000_000


def export_network(model: Any, path: Path, *, dimension: int) -> None:
    """Write all modules of a model in a row, with 32-bit weights.

    Args:
        dimension: How many numbers of each vector are kept.
    """
    import torch

    class Sentence(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: Any) -> Any:
            out = self.model({"input_ids": ids, "attention_mask": torch.ones_like(ids)})
            vector = out["sentence_embedding"][:, :dimension]
            return torch.nn.functional.normalize(vector, dim=1)

    example = model.tokenizer(["a short text"], return_tensors="pt")["input_ids"]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Sentence().eval(),
            (example,),
            str(path),
            input_names=["input_ids"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": {1: "tokens"}},
            # The newer exporter needs one more package and takes five times as long.
            dynamo=False,
            opset_version=_OPSET,
        )


def shrink_tables(source: Path, target: Path) -> None:
    """Keep word embeddings in 8 bits, each row on its own scale.

    One scale for a whole table, as the quantiser of ONNX Runtime has it, follows its most
    extreme row; with a row's own nothing is lost (docs/performance.md).
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(source))
    graph = model.graph
    known = {one.name: one for one in graph.initializer}
    nodes, shrunk = [], {}
    for node in graph.node:
        table = known.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or not _is_large(table):
            nodes.append(node)
            continue
        shrunk[table.name] = table
        nodes += _from_shrunk(node)
    for name, table in shrunk.items():
        rows, scales = _in_8_bits(numpy_helper.to_array(table))
        graph.initializer.append(numpy_helper.from_array(rows, f"{name}_rows"))
        graph.initializer.append(numpy_helper.from_array(scales, f"{name}_scales"))
        graph.initializer.remove(table)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, str(target))


def quantise(source: Path, target: Path) -> None:
    """Multiply in 8 bits: weights per column, whatever flows between them as it comes."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _without_root_logs():
        quantize_dynamic(
            str(source),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
        )


def publish(source: Path, target: Path) -> None:
    """Write a network for workers, its large tables in a file beside it.

    Such a file is mapped, so that all workers share it and nobody loads rows that no query
    asks for: 12 MB less in each with the default model, 100 MB with 250,000 word pieces.
    """
    import onnx

    beside = target.with_suffix(".data")
    beside.unlink(missing_ok=True)
    onnx.save(
        onnx.load(str(source)),
        str(target),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=beside.name,
        size_threshold=_BYTES_OF_A_TABLE,
    )
    if beside.exists():
        # onnx makes it readable by its owner alone, who need not be the one who serves.
        beside.chmod(target.stat().st_mode)


def _is_large(table: Any) -> bool:
    return len(table.dims) == 2 and table.dims[0] >= _ROWS_OF_A_TABLE


def _from_shrunk(gather: Any) -> list[Any]:
    """The rows that are asked for, made whole again."""
    from onnx import helper

    name, ids = gather.input
    out = gather.output[0]
    return [
        helper.make_node("Gather", [f"{name}_rows", ids], [f"{out}_rows"]),
        helper.make_node("Gather", [f"{name}_scales", ids], [f"{out}_scales"]),
        helper.make_node("Cast", [f"{out}_rows"], [f"{out}_cast"], to=_FLOAT),
        helper.make_node("Mul", [f"{out}_cast", f"{out}_scales"], [out]),
    ]


def _in_8_bits(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows, columns) int8 and (rows, 1) float32, whose product is nearly the table."""
    largest = np.abs(table).max(axis=1, keepdims=True)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.round(table / scales).astype(np.int8), scales


@contextmanager
def _without_root_logs() -> Iterator[None]:
    """The quantiser warns through the root logger about a step that it recommends to others."""
    root = logging.getLogger()
    level, root.level = root.level, logging.ERROR
    try:
        yield
    finally:
        root.level = level
