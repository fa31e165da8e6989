"""The index of one language: built from pages into a folder, opened again by every worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from kbportal.search.analysis import Analyser, grams, learn_forms, words
from kbportal.search.calibration import Calibration
from kbportal.search.forms import Forms, write_forms
from kbportal.search.impacts import Impacts, build_impacts, load_impacts, save_impacts
from kbportal.search.pages import Page
from kbportal.search.vectors import VectorIndex, load_vectors
from kbportal.search.whoosh_index import Entry, WhooshIndex, write_index


@dataclass(frozen=True, slots=True)
class LanguageIndex:
    """All that is needed to search the public articles of one language.

    Attributes:
        articles: Ids by row; row i of every score array is articles[i].
        vectors: None when there is no model, or its vectors cannot be read.
    """

    lang: str
    articles: Sequence[str]
    analyser: Analyser
    words: Impacts
    grams: Impacts
    lead_words: Impacts
    lead_grams: Impacts
    vectors: VectorIndex | None
    calibration: Calibration
    whoosh: WhooshIndex


def write_keywords(
    folder: Path, lang: str, pages: Sequence[Page], *, progress: Callable[[int], None]
) -> None:
    """Write all but vectors and calibration.

    Args:
        pages: Public ones first, as in `articles.json`; the others only enter Whoosh.
    """
    public = [page for page in pages if page.article.is_public]
    forms = learn_forms(lang, (page.text for page in pages))
    write_forms(folder / "forms.sqlite", forms)
    analyser = Analyser(lang, forms.get)
    for name, analyse, text in (
        ("words", analyser.terms, "text"),
        ("grams", grams, "text"),
        ("lead_words", analyser.terms, "lead"),
        ("lead_grams", grams, "lead"),
    ):
        save_impacts(build_impacts([analyse(getattr(p, text)) for p in public]), folder, name)
    (folder / "articles.json").write_text(json.dumps([page.article.id for page in public]))
    whoosh = folder / "whoosh"
    whoosh.mkdir()
    write_index(whoosh, (_entry(page, analyser) for page in pages), progress=progress)


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Write the weights and the floor beside the index that they are for."""
    (folder / "calibration.json").write_text(json.dumps(asdict(calibration), indent=1))


def open_language(folder: Path, lang: str, *, with_vectors: bool) -> LanguageIndex:
    """Open a written language.

    Raises:
        OSError, ValueError, KeyError: Something in the folder is missing or damaged.
    """
    articles = json.loads((folder / "articles.json").read_text(encoding="utf-8"))
    return LanguageIndex(
        lang=lang,
        articles=articles,
        analyser=Analyser(lang, Forms(folder / "forms.sqlite").get),
        words=load_impacts(folder, "words"),
        grams=load_impacts(folder, "grams"),
        lead_words=load_impacts(folder, "lead_words"),
        lead_grams=load_impacts(folder, "lead_grams"),
        vectors=load_vectors(folder) if with_vectors else None,
        calibration=_read_calibration(folder),
        whoosh=WhooshIndex(folder / "whoosh"),
    )


def passage_starts(pages: Sequence[Page]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """(articles + 1,) int64: where the passages of each public article begin."""
    sizes = [len(page.passages) for page in pages if page.article.is_public]
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)


def _read_calibration(folder: Path) -> Calibration:
    path = folder / "calibration.json"
    return Calibration.from_json(json.loads(path.read_text())) if path.exists() else Calibration()


def _entry(page: Page, analyser: Analyser) -> Entry:
    article = page.article
    return Entry(
        article_id=article.id,
        public=article.is_public,
        category=article.category,
        tags=article.tags,
        title=analyser.terms(article.title),
        body=analyser.terms(page.text),
        spelt=words(page.text),
    )
