"""Small sentence-transformers models, made on the spot: no download, a second each.

Importing this module opens torch; tests that use it are marked `model`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Dense,
    Normalize,
    Pooling,
    StaticEmbedding,
    Transformer,
)
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

WIDTH = 32

SENTENCES = (
    "I forgot my password and cannot sign in", "where is my parcel", "refund of a cancelled order",
    "how do I change the delivery address", "the invoice has the wrong company on it",
    "zabudol som heslo a neviem sa prihlásiť", "kde je môj balík", "vrátenie peňazí za objednávku",
    "ako zmením adresu doručenia", "na faktúre je iná firma", "unohdin salasanani",
    "missä pakettini on", "nie mogę się zalogować", "gdzie jest moja paczka",
)  # fmt: skip

_SIZES = {
    "hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 2,
    "intermediate_size": 64, "initializer_range": 0.2,
}  # fmt: skip
_LIMITS = {"max_position_embeddings": 514, "pad_token_id": 1}
_SPECIAL = {"bos_token_id": 0, "cls_token_id": 0, "eos_token_id": 2, "sep_token_id": 2}

ARCHITECTURES = ("bert", "xlm-roberta", "mpnet", "distilbert", "modernbert", "albert", "t5")
"""That `save_transformer` can make: with and without token types, three kinds of position."""


def save_transformer(
    folder: Path,
    architecture: str = "xlm-roberta",
    *,
    pooling: str = "mean",
    projected: int = 0,
    prompts: Mapping[str, str] | None = None,
    limit: int = 512,
    seed: int = 0,
) -> Path:
    """An untrained network behind a Unigram tokenizer, as multilingual models have it.

    Args:
        projected: Length of vectors after a Dense module; 0 for none.
        prompts: As in config_sentence_transformers.json.
        limit: Tokens that its tokenizer lets through.
    """
    torch.manual_seed(seed)
    tokenizer = _unigram_tokenizer(limit)
    plain = folder / "plain"
    _network(architecture, len(tokenizer)).save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    modules: list[Any] = [Transformer(str(plain)), Pooling(WIDTH, pooling)]
    if projected:
        modules.append(Dense(WIDTH, projected))
    model = SentenceTransformer(modules=[*modules, Normalize()], device="cpu", prompts=prompts)
    model.save(str(folder / "model"))
    return folder / "model"


def save_static(
    folder: Path, concepts: Sequence[Sequence[str]], *, width: int = WIDTH, seed: int = 0
) -> Path:
    """A table of word vectors in which the words of one concept, of any language, share theirs.

    Args:
        concepts: Each the words that mean one thing. Other words mean nothing.
    """
    words = {word: at for at, concept in enumerate(concepts) for word in concept}
    tokenizer = Tokenizer(models.WordLevel({"?": 0} | {w: n for n, w in enumerate(words, 1)}, "?"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    directions = np.random.default_rng(seed).normal(size=(len(concepts), width))
    table = np.vstack([np.zeros(width), directions[list(words.values())]]).astype(np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu"
    )
    model.save(str(folder / "static"))
    return folder / "static"


def _network(architecture: str, vocabulary: int) -> Any:
    t = transformers
    sizes: dict[str, Any] = {**_SIZES, "vocab_size": vocabulary}
    if architecture == "bert":
        return t.BertModel(t.BertConfig(**sizes))
    if architecture == "xlm-roberta":
        return t.XLMRobertaModel(t.XLMRobertaConfig(**sizes, **_LIMITS))
    if architecture == "mpnet":
        return t.MPNetModel(t.MPNetConfig(**sizes, **_LIMITS))
    if architecture == "distilbert":
        return t.DistilBertModel(
            t.DistilBertConfig(vocab_size=vocabulary, dim=WIDTH, n_layers=2, n_heads=2,
                               hidden_dim=64, initializer_range=0.2)
        )  # fmt: skip
    if architecture == "modernbert":
        return t.ModernBertModel(t.ModernBertConfig(**sizes, **_SPECIAL, pad_token_id=1))
    if architecture == "albert":
        return t.AlbertModel(t.AlbertConfig(**sizes, embedding_size=16))
    return t.T5EncoderModel(
        t.T5Config(vocab_size=vocabulary, d_model=WIDTH, d_ff=64, num_layers=2, num_heads=2,
                   d_kv=16)
    )  # fmt: skip


def _unigram_tokenizer(limit: int) -> Any:
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(
        SENTENCES,
        trainers.UnigramTrainer(
            vocab_size=200, special_tokens=special, unk_token="<unk>", show_progress=False
        ),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", cls_token="<s>", eos_token="</s>",
        sep_token="</s>", unk_token="<unk>", pad_token="<pad>", mask_token="<mask>",
        model_max_length=limit,
    )  # fmt: skip
