"""Small YAML files beside the articles: keys and texts, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kbportal.articles.yaml_text import YamlRefused, load_text

_MAX_BYTES = 64_000


class Unusable(ValueError):
    """A file that says nothing that can be used; `line` counts from 1."""

    def __init__(self, reason: str, *, line: int = 1) -> None:
        super().__init__(f"not used: {reason}")
        self.line = line


def read_values(file: Path, root: Path) -> Mapping[str, Any]:
    """The keys of a file below `root`.

    Raises:
        Unusable: It cannot be opened or read, leads out of the folder, or holds no keys.
    """
    try:
        if not file.resolve().is_relative_to(root.resolve()):
            raise Unusable("it is a link out of the articles folder")
        with file.open("rb") as opened:
            values, _ = load_text(opened.read(_MAX_BYTES).decode("utf-8-sig"))
    except YamlRefused as error:
        raise Unusable(str(error), line=error.line + 1) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(str(error)) from error
    if not isinstance(values, Mapping):
        raise Unusable("write lines like `title: …`")
    return values
