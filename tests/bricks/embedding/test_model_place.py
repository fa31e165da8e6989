"""The default model is the published one or none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kbportal.embedding.model_place import DEFAULT_PACKAGE, find_model
from kbportal.embedding.ports import ModelUnusable


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a package that passes itself off as the default model's."""
    folder = tmp_path / DEFAULT_PACKAGE
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    monkeypatch.delitem(sys.modules, DEFAULT_PACKAGE, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_weights_that_are_not_the_published_ones_are_refused(package: Path):
    (package / "model" / "model.safetensors").write_bytes(b"other weights")

    with pytest.raises(ModelUnusable, match="not the published ones"):
        find_model("default")


def test_the_model_that_is_installed_is_the_published_one():
    assert (find_model("default") / "model.safetensors").is_file()
