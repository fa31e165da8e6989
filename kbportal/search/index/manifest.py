"""What a generation says of itself, and what its build did."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kbportal.articles.model import Problem

MANIFEST = "manifest.json"

# A change of any of these makes earlier generations unfit for reuse.
RANKER = "5"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        degraded: Why meaning is not used, or "".
        model_problem: What was wrong with the model, for people; "" where nothing was.
        reused: Passages and questions that had a vector already.
        calibration: By language, the trust and the floors that it learnt or kept.
    """

    generation: str
    articles: int
    passages: int
    languages: dict[str, int]
    reused: int
    embedded: int
    seconds: float
    problems: tuple[Problem, ...] = ()
    degraded: str = ""
    model_problem: str = ""
    calibration: Mapping[str, Any] = field(default_factory=dict)


def write_manifest(
    folder: Path, built: Built, refused: Sequence[Problem], facts: Mapping[str, Any]
) -> None:
    """Write the last file of a generation; without it the others are nothing.

    Args:
        refused: What was found while rendering, which is not done again.
        facts: What decides whether the generation, or a part of it, can be used again.
    """
    manifest = {
        **facts,
        "degraded": built.degraded,
        "languages": sorted(built.languages),
        "counts": {
            "articles": built.articles,
            "passages": built.passages,
            "languages": built.languages,
        },
        "calibration": built.calibration,
        "refused": [asdict(problem) for problem in refused],
    }
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())


def as_built(
    generation: str,
    manifest: Mapping[str, Any],
    *,
    reading_problems: Sequence[Problem],
    seconds: float,
) -> Built:
    """What a build did that found this generation to be right already."""
    counts = manifest["counts"]
    return Built(
        generation=generation,
        **counts,
        reused=counts["passages"],
        embedded=0,
        seconds=seconds,
        problems=(*reading_problems, *(Problem(**found) for found in manifest["refused"])),
        degraded=manifest["degraded"],
        calibration=manifest["calibration"],
    )
