"""A sentence-transformers model on disk: whether it is safe to open, and what it is.

Nothing here opens torch, so that an index without new texts never pays for it. Nothing that lies
in a model's folder is ever run: weights are read from safetensors alone, since the older
`pytorch_model.bin` is a pickle, and a model that brings code of its own is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kbportal.embedding.ports import ModelUnusable

DECIDING = {".safetensors", ".json", ".txt", ".model"}
"""Endings of the files that decide a vector."""

_CLASSES = "sentence_transformers."
_WEIGHTED = {"Transformer", "Dense", "StaticEmbedding", "LayerNorm"}
_UNCHANGING = {"Normalize", "Dropout", "LayerNorm"}
# A folder of transformers without modules.json: sentence-transformers takes the mean of tokens.
_PLAIN = ({"type": f"{_CLASSES}models.Transformer", "path": ""},)
_REMEMBERED_FILES = 32
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a model says of itself.

    Attributes:
        digest: Over every file that decides a vector.
        dimension: Length of its vectors, before any of it is cut off.
        query_prompt: What the model wants before a query, or "".
        passage_prompt: Likewise before a passage.
        leaves_prompt_out: Whether it averages over the text without the prompt's tokens.
    """

    digest: str
    dimension: int
    query_prompt: str = ""
    passage_prompt: str = ""
    leaves_prompt_out: bool = False


def read_facts(folder: Path) -> ModelFacts:
    """Look at a model without opening it.

    Raises:
        ModelUnusable: It is incomplete, damaged, or wants what is not safe.
    """
    try:
        modules = _modules(folder)
        _refuse_unsafe(folder, modules)
        return _facts(folder, modules)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnusable(
            f"The model in {folder} is damaged or incomplete ({error}). Copy it again."
        ) from error


def sha256_of(path: Path) -> str:
    """Of a file's content, in hexadecimal digits.

    Raises:
        ModelUnusable: The file cannot be read.
    """
    try:
        found = path.stat()
        return _sha256(path, found.st_mtime_ns, found.st_ino)
    except OSError as error:
        raise ModelUnusable(f"{path} cannot be read: {error}") from error


@lru_cache(_REMEMBERED_FILES)
def _sha256(path: Path, changed: int, inode: int) -> str:
    """The weights are asked for twice: whether they are the published ones, and for the digest."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _facts(folder: Path, modules: Sequence[Mapping[str, Any]]) -> ModelFacts:
    settings = _json(folder / "config_sentence_transformers.json", default={})
    dimension = _dimension(folder, modules)
    prompts = settings.get("prompts") or {}
    return ModelFacts(
        digest=_digest(folder, modules),
        dimension=min(dimension, settings.get("truncate_dim") or dimension),
        query_prompt=prompts.get("query") or "",
        passage_prompt=next((prompts[p] for p in _PASSAGE_PROMPTS if prompts.get(p)), ""),
        leaves_prompt_out=any(
            _config(folder, module).get("include_prompt") is False
            for module in modules
            if _kind(module) == "Pooling"
        ),
    )


def _modules(folder: Path) -> Sequence[Mapping[str, Any]]:
    """The steps from a text to its vector, in order."""
    modules: Sequence[Mapping[str, Any]] = _json(folder / "modules.json", default=_PLAIN)
    return modules


def _refuse_unsafe(folder: Path, modules: Sequence[Mapping[str, Any]]) -> None:
    for module in modules:
        place = _place(folder, module)
        if not str(module["type"]).startswith(_CLASSES):
            raise ModelUnusable(
                f"The model in {folder} brings code of its own ({module['type']}), which is "
                "never run. Choose a model that sentence-transformers knows."
            )
        if _kind(module) in _WEIGHTED and not any(place.glob("*.safetensors")):
            raise ModelUnusable(_no_weights(place))


def _no_weights(place: Path) -> str:
    if not any(place.glob("*.bin")):
        return f"There are no weights (*.safetensors) in {place}. Copy the whole model."
    return (
        f"The weights in {place} are a pickle (*.bin), which may hold code and is never opened. "
        "Have them saved as safetensors where you trust them: "
        "SentenceTransformer(NAME).save_pretrained(FOLDER)."
    )


def _dimension(folder: Path, modules: Sequence[Mapping[str, Any]]) -> int:
    """Length of the vectors that come out of the last module."""
    dimension = 0
    for module in modules:
        kind, config = _kind(module), _config(folder, module)
        if kind == "Transformer":
            dimension = _hidden_size(config)
        elif kind == "Pooling":
            dimension = _pooled(config)
        elif kind == "Dense":
            dimension = int(config["out_features"])
        elif kind == "StaticEmbedding":
            dimension = _columns(_place(folder, module) / "model.safetensors")
        elif kind not in _UNCHANGING:
            raise ModelUnusable(f"The model in {folder} has a module {kind}, which does not fit.")
    return dimension


def _hidden_size(config: Mapping[str, Any]) -> int:
    config = config.get("text_config") or config
    return int(next(config[n] for n in ("hidden_size", "dim", "d_model") if n in config))


def _pooled(config: Mapping[str, Any]) -> int:
    """Several kinds of pooling are laid side by side."""
    if "pooling_mode" in config:
        modes = 1 if isinstance(config["pooling_mode"], str) else len(config["pooling_mode"])
    else:
        modes = sum(bool(config[n]) for n in config if n.startswith("pooling_mode_")) or 1
    size = config.get("embedding_dimension") or config["word_embedding_dimension"]
    return int(size) * modes


def _columns(path: Path) -> int:
    """Of the one table in a safetensors file. Its header is JSON, after its length in 8 bytes."""
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    table = header.get("embedding.weight") or header["embeddings"]
    return int(table["shape"][1])


def _digest(folder: Path, modules: Sequence[Mapping[str, Any]]) -> str:
    digest = hashlib.sha256()
    for path in sorted(set(_deciding_files(folder, modules))):
        digest.update(str(path.relative_to(folder)).encode() + bytes.fromhex(sha256_of(path)))
    return digest.hexdigest()


def _deciding_files(folder: Path, modules: Sequence[Mapping[str, Any]]) -> Iterator[Path]:
    for place in {folder, *(_place(folder, module) for module in modules)}:
        yield from (p for p in place.glob("*") if p.suffix in DECIDING and p.is_file())


def _kind(module: Mapping[str, Any]) -> str:
    return str(module["type"]).rpartition(".")[2]


def _place(folder: Path, module: Mapping[str, Any]) -> Path:
    place = folder / str(module["path"])
    if not place.resolve().is_relative_to(folder.resolve()):
        raise ModelUnusable(f"The model in {folder} leads out of its folder ({module['path']}).")
    return place


def _config(folder: Path, module: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _json(_place(folder, module) / "config.json", default={})
    return found


def _json(path: Path, *, default: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else default
