"""The index of one language: built from pages into a folder, opened again by every worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbportal.search.analysis import Analyser, grams, heads, learn_forms, words
from kbportal.search.calibration import Calibration
from kbportal.search.forms import Forms, write_forms
from kbportal.search.impacts import Formula, Impacts, build_impacts, load_impacts, save_impacts
from kbportal.search.pages import Page
from kbportal.search.vectors import VectorIndex, load_vectors
from kbportal.search.whoosh_index import Entry, WhooshIndex, write_index


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at every article: a part of it, taken apart in one way.

    Attributes:
        analyse: Name of the analysis: the same for the article and for the query.
    """

    part: Callable[[Page], str]
    analyse: str
    formula: Formula = Formula.BM25


# By keyword signal (`fusion.Weights`).
VIEWS: Mapping[str, View] = {
    "words": View(lambda page: page.text, "terms"),
    "heads": View(lambda page: page.text, "heads"),
    "grams": View(lambda page: page.text, "grams"),
    "lead_grams": View(lambda page: page.lead, "grams"),
    "title_grams": View(lambda page: page.name, "grams", Formula.COSINE),
}


@dataclass(frozen=True, slots=True)
class LanguageIndex:
    """All that is needed to search the public articles of one language.

    Attributes:
        articles: Ids by row; row i of every score array is articles[i].
        impacts: By name of `VIEWS`.
        vectors: None when there is no model, or its vectors cannot be read.
    """

    lang: str
    articles: Sequence[str]
    analyser: Analyser
    impacts: Mapping[str, Impacts]
    vectors: VectorIndex | None
    calibration: Calibration
    whoosh: WhooshIndex

    @property
    def words(self) -> Impacts:
        return self.impacts["words"]

    @property
    def grams(self) -> Impacts:
        return self.impacts["grams"]


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
    for name, view in VIEWS.items():
        texts = (analysed_by(view, analyser, view.part(page)) for page in public)
        save_impacts(build_impacts(texts, formula=view.formula), folder, name)
    (folder / "articles.json").write_text(json.dumps([page.article.id for page in public]))
    whoosh = folder / "whoosh"
    whoosh.mkdir()
    write_index(whoosh, (_entry(page, analyser) for page in pages), progress=progress)


def analysed(analyser: Analyser, text: str) -> dict[str, list[str]]:
    """The terms of a text for each of the `VIEWS`."""
    found = {name: analyse(analyser, text) for name, analyse in _ANALYSES.items()}
    return {name: found[view.analyse] for name, view in VIEWS.items()}


def analysed_by(view: View, analyser: Analyser, text: str) -> list[str]:
    """The terms of a text for one view."""
    return _ANALYSES[view.analyse](analyser, text)


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Write the weights and the floor beside the index that they are for."""
    (folder / "calibration.json").write_text(json.dumps(calibration.as_json(), indent=1))


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
        impacts={
            name: load_impacts(folder, name, formula=view.formula) for name, view in VIEWS.items()
        },
        vectors=load_vectors(folder) if with_vectors else None,
        calibration=_read_calibration(folder),
        whoosh=WhooshIndex(folder / "whoosh"),
    )


_ANALYSES: Mapping[str, Callable[[Analyser, str], list[str]]] = {
    "terms": Analyser.terms,
    "heads": lambda _, text: heads(text),
    "grams": lambda _, text: grams(text),
}


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
        title=analyser.run(article.title),
        body=analyser.run(page.text),
        spelt=words(page.text),
    )
