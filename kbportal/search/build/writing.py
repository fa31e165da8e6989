"""Writing the parts of a generation into its folder, one after another."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kbportal.articles.shelf import Shelf
from kbportal.embedding.encoder import is_current, load_encoder
from kbportal.embedding.passages import MOST, OnnxPassages
from kbportal.embedding.ports import ModelUnusable, PassageEmbedder
from kbportal.search.build.embedded import Embedding, Vectoring
from kbportal.search.build.model import Model, without
from kbportal.search.build.shelving import Shelved, shelve
from kbportal.search.build.source import Source
from kbportal.search.index.generation import Generation
from kbportal.search.index.language import (
    open_language,
    take_over_calibration,
    write_calibration,
    write_keywords,
)
from kbportal.search.index.linking import link_files
from kbportal.search.index.plan import Plan, plans
from kbportal.search.text.synonyms import write_synonyms

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many are done, and how many there are."""

# That are new or changed; with more the model itself may have to be loaded.
_FEW_PAGES = 50
_NOTHING_EMBEDDED = Embedding(0, 0)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the folder.

    Attributes:
        model: That which was used; none if it failed on the way.
    """

    shelved: Shelved
    planned: Sequence[Plan]
    embedding: Embedding
    model: Model
    passages: int


def write_generation(
    source: Source,
    folder: Path,
    *,
    earlier: Generation | None,
    model: Model,
    learn_again: float,
    progress: Progress,
) -> Written:
    """Write all but the manifest into an existing, empty folder.

    Args:
        earlier: A generation to take over from what has not changed.
        learn_again: See `plan`.
    """
    path = folder / "shelf.sqlite"
    shelved = shelve(
        source, path,
        earlier=earlier.folder / path.name if earlier else None,
        progress=lambda done, total: progress("render", done, total),
    )  # fmt: skip
    shelf = Shelf(path)
    planned = plans(
        shelved.articles, shelf,
        learned=source.lessons, rendered=shelved.fresh,
        earlier=earlier.folder if earlier else None, learn_again=learn_again,
    )  # fmt: skip
    for plan in planned:
        (folder / plan.lang).mkdir()

    def write_words() -> None:
        _write_keywords(folder, planned, progress)
        synonyms = {plan.lang: source.synonyms.get(plan.lang, ()) for plan in planned}
        write_synonyms(folder, synonyms, earlier.folder if earlier else None)

    with _meanwhile(write_words, at_once=_is_small(planned)):
        embedding, model = _write_vectors(folder, planned, earlier, model, progress)
    _write_calibrations(folder, planned, earlier, model, progress)
    return Written(shelved, planned, embedding, model, shelf.passage_count())


def has_encoder_of(earlier: Generation | None, model: Model) -> bool:
    """Whether a generation's query encoder is that of this model."""
    if not _is_same_model(earlier, model) or earlier is None:
        return False
    return is_current(earlier.folder / "encoder")


@contextmanager
def _meanwhile(act: Callable[[], None], *, at_once: bool) -> Iterator[None]:
    """Do something beside what the block does; before it, where not both at once."""
    if not at_once:
        act()
        yield
        return
    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(act)
        yield
        done.result()


def _is_small(planned: Sequence[Plan]) -> bool:
    """Whether little is new: copying arrays takes most of the time, and two can do it at once.

    More is done one after another, for the memory that keywords and vectors take.
    """
    fresh = sum(len(plan.fresh) for plan in planned)
    return fresh <= _FEW_PAGES and not any(plan.learns for plan in planned)


def _write_keywords(folder: Path, planned: Sequence[Plan], progress: Progress) -> None:
    """Write the keywords of every language."""
    total = sum(len(plan.pages) for plan in planned)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("keywords", done, total)

    for plan in planned:
        write_keywords(folder / plan.lang, plan, progress=advance)


def _write_vectors(
    folder: Path,
    planned: Sequence[Plan],
    earlier: Generation | None,
    model: Model,
    progress: Progress,
) -> tuple[Embedding, Model]:
    """Write vectors and query encoder; a model that fails costs only meaning."""
    if not model.embedder:
        return _NOTHING_EMBEDDED, model
    try:
        # First, so that a model that cannot be exported is known before hours of embedding.
        _provide_encoder(folder / "encoder", earlier, model)
        vectoring = Vectoring(planned, reuse=_is_same_model(earlier, model))
        embedding = vectoring.write(
            folder,
            _soonest(vectoring.missing, earlier, model),
            progress=lambda done, total: progress("embed", done, total),
        )
    except ModelUnusable as error:
        shutil.rmtree(folder / "encoder", ignore_errors=True)
        return _NOTHING_EMBEDDED, without(error.code, str(error))
    return embedding, model


def _soonest(missing: int, earlier: Generation | None, model: Model) -> PassageEmbedder:
    """What embeds so many texts soonest."""
    assert model.embedder
    if earlier and has_encoder_of(earlier, model) and 0 < missing <= MOST:
        try:
            return OnnxPassages(earlier.folder / "encoder", model.embedder.recipe)
        except ModelUnusable:
            pass  # the embedder exported none
    return model.embedder


def _provide_encoder(folder: Path, earlier: Generation | None, model: Model) -> None:
    assert model.embedder
    folder.mkdir()
    if earlier and has_encoder_of(earlier, model):
        link_files(earlier.folder / "encoder", folder, keep=lambda name: True)
    else:
        model.embedder.export_encoder(folder)


def _write_calibrations(
    folder: Path,
    planned: Sequence[Plan],
    earlier: Generation | None,
    model: Model,
    progress: Progress,
) -> None:
    """Learn trust and floors of each language that does not keep those it has."""
    same_model = _is_same_model(earlier, model)
    waiting = [plan for plan in planned if not (same_model and _keeps_weights(folder, plan))]
    if not waiting:
        return
    # Only needed here, and half a second to import.
    from kbportal.search.build.calibrate import calibrate

    encoder = load_encoder(folder / "encoder") if model.embedder else None
    for number, plan in enumerate(waiting):
        own = folder / plan.lang
        index = open_language(own, plan.lang, with_vectors=model.embedder is not None)

        def advance(done: int, total: int, *, before: int = number) -> None:
            progress("calibrate", before * total + done, len(waiting) * total)

        calibration = calibrate(
            index, plan.public_pages,
            encoder=encoder, embedder=model.embedder, progress=advance,
        )  # fmt: skip
        write_calibration(own, calibration)


def _keeps_weights(folder: Path, plan: Plan) -> bool:
    if plan.learns or plan.earlier is None:
        return False
    return take_over_calibration(plan.earlier, folder / plan.lang)


def _is_same_model(earlier: Generation | None, model: Model) -> bool:
    return earlier is not None and earlier.manifest["recipe"] == model.recipe
