"""Any sentence-transformers model, by name or folder; the only door to that library.

torch is imported here and in the export, and only while an index is built.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from kbportal.embedding.encoder import MOST_TOKENS
from kbportal.embedding.model_folder import ModelFacts, read_facts
from kbportal.embedding.model_place import find_model
from kbportal.embedding.ports import ModelUnusable, Progress, Recipe, Vectors

_BATCH = 32


class SentenceTransformerEmbedder:
    """Loads the model when it is first needed: an index without new texts never pays for it.

    Args:
        model: "default", a folder, or a name on the Hugging Face hub.
        query_prefix: Empty for what the model itself names, if anything.
        passage_prefix: Likewise.
        dimensions: Keep only so many numbers of each vector; 0 for all.

    Raises:
        ModelUnusable: The model is not here, is damaged, or is not safe to open.
    """

    def __init__(
        self, model: str, *, query_prefix: str = "", passage_prefix: str = "", dimensions: int = 0
    ) -> None:
        self._path = find_model(model)
        facts = read_facts(self._path)
        self.recipe = Recipe(
            model=model,
            digest=facts.digest,
            dimension=min(facts.dimension, dimensions or facts.dimension),
            query_prefix=query_prefix or facts.query_prompt,
            passage_prefix=passage_prefix or facts.passage_prompt,
        )
        _refuse_unread_prefix(facts, self.recipe)

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Rows of length 1; longest texts first, so that a batch wastes little on padding."""
        rows = np.zeros((len(texts), self.recipe.dimension), dtype=np.float32)
        prefix = self.recipe.passage_prefix
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            rows[batch] = self._vectors(self._fast, [prefix + texts[i] for i in batch])
            if progress:
                progress(len(batch))
        return rows

    def export_encoder(self, folder: Path) -> None:
        """Write what web workers encode queries with, and make sure that it agrees."""
        from kbportal.embedding.export import export

        prefix, exact = self.recipe.query_prefix, self._load()
        with _named(f"The model in {self._path} cannot be exported for web workers"):
            export(
                exact,
                folder,
                encode=lambda texts: self._vectors(exact, [prefix + text for text in texts]),
                prefix=prefix,
                dimension=self.recipe.dimension,
            )

    @cached_property
    def _fast(self) -> Any:
        """The model with 16-bit weights, where the processor multiplies them in one step.

        Measured on all-MiniLM-L6-v2: mean cosine with 32 bits 0.99996, 27 passages per second
        of processor time instead of 17 (19 when only multiplications are in 16 bits), and a
        fifth less memory.
        """
        model = self._load()
        if _reads_tokens(model) and "bf16" in _processor():
            model.bfloat16()
        return model

    def _load(self) -> Any:
        _be_quiet_and_modest()
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(len(os.sched_getaffinity(0)))
        with _named(f"The model in {self._path} cannot be loaded"):
            model = SentenceTransformer(
                str(self._path),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True, "dtype": "float32"},
            )
            if _reads_tokens(model) and (model.max_seq_length or MOST_TOKENS + 1) > MOST_TOKENS:
                model.max_seq_length = MOST_TOKENS
        return model

    def _vectors(self, model: Any, texts: list[str]) -> Vectors:
        """(n, d) float32 of length 1."""
        with _named(f"The model in {self._path} cannot embed"):
            found = model.encode(
                # An empty prompt, lest the model put its default one before every text.
                texts, prompt="", batch_size=_BATCH, show_progress_bar=False,
                convert_to_tensor=True,
            )  # fmt: skip
            vectors: Vectors = found.float().numpy()[:, : self.recipe.dimension]
            if vectors.shape[1] != self.recipe.dimension or not np.isfinite(vectors).all():
                raise ModelUnusable(
                    f"The model in {self._path} gives vectors of {vectors.shape[1]} numbers "
                    f"instead of {self.recipe.dimension}, or some that are no numbers."
                )
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        scaled: Vectors = vectors / np.maximum(lengths, 1e-9)
        return scaled


def _processor() -> str:
    """What the processor says of itself; empty where it does not."""
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _reads_tokens(model: Any) -> bool:
    """Whether its first module can be told how many tokens to read: a mere table cannot."""
    return type(model[0]).__name__ == "Transformer"


def _refuse_unread_prefix(facts: ModelFacts, recipe: Recipe) -> None:
    if facts.leaves_prompt_out and (recipe.query_prefix or recipe.passage_prefix):
        raise ModelUnusable(
            f"The model {recipe.model} leaves its prefix out of the average, which is not "
            'supported. Choose another model, or none (model = "none").'
        )


@contextmanager
def _named(problem: str) -> Iterator[None]:
    """Whatever goes wrong inside says what could not be done."""
    try:
        yield
    except ModelUnusable:
        raise
    except Exception as error:
        raise ModelUnusable(f"{problem}: {error}") from error


def _be_quiet_and_modest() -> None:
    """No telemetry, no progress bars of the library's own, no advice; little memory for kernels.

    torch multiplies 16-bit numbers by oneDNN, which keeps up to 1,024 prepared multiplications,
    one for every length of text. Measured: 211 MB more after 1,024 passages and still growing;
    with eight kept 57 MB, and no slower, because texts are embedded by length.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
