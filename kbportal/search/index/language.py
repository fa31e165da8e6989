"""The index of one language: built from pages into a folder, opened again by every worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbportal.search.index.impacts import Formula, Impacts, load_impacts, save_impacts, weighed
from kbportal.search.index.linking import link, link_files
from kbportal.search.index.pages import Page
from kbportal.search.index.plan import Plan, public_articles, write_ledger
from kbportal.search.index.tally import Counting, load_tally, save_counts, updated
from kbportal.search.index.vectors import VectorIndex, is_vector_file, load_vectors
from kbportal.search.index.whoosh_index import (
    Entry,
    WhooshIndex,
    update_index,
    write_index,
    write_index_apart,
)
from kbportal.search.text.analysis import (
    Analyser,
    Lookup,
    forget_dictionaries,
    grams,
    heads,
    learn_forms,
)
from kbportal.search.text.forms import Forms, write_forms
from kbportal.search.weights.calibration import Calibration

_CALIBRATION = "calibration.json"
# From so many on a process of its own is worth starting.
_MANY_PAGES = 300


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at every article: a part of it, taken apart in one way.

    Attributes:
        analyse: Name of the analysis: the same for the article and for the query.
    """

    part: Callable[[Page], str]
    analyse: str
    formula: Formula = Formula.BM25


VIEWS: Mapping[str, View] = {
    "words": View(lambda page: page.text, "terms"),
    "heads": View(lambda page: page.text, "heads"),
    "grams": View(lambda page: page.text, "grams"),
    "lead_grams": View(lambda page: page.lead, "grams"),
    "title_grams": View(lambda page: page.name, "grams", Formula.COSINE),
}
"""By keyword signal; another line here, and a weight in `fusion`, is another signal."""


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


def analysed(analyser: Analyser, text: str) -> dict[str, list[str]]:
    """The terms of a text for each of the `VIEWS`."""
    found = {name: analyse(analyser, text) for name, analyse in _ANALYSES.items()}
    return {name: found[view.analyse] for name, view in VIEWS.items()}


def analysed_by(view: View, analyser: Analyser, text: str) -> list[str]:
    """The terms of a text for one view."""
    return _ANALYSES[view.analyse](analyser, text)


def write_keywords(folder: Path, plan: Plan, *, progress: Callable[[int], None]) -> None:
    """Write all but vectors and calibration into an existing, empty folder.

    What the generation before knows of unchanged pages is taken over. The result is the same as
    that of a build from nothing with the same forms.
    """
    if plan.earlier and plan.is_unchanged:
        link_files(plan.earlier, folder, keep=_is_of_keywords)
        progress(len(plan.pages))
        return
    earlier = None if plan.learns else plan.earlier
    analyser = Analyser(plan.lang, _forms(folder, plan, earlier))
    counts = {name: Counting() for name in VIEWS}
    whoosh = folder / "whoosh"
    whoosh.mkdir()
    places = plan.fresh if earlier else range(len(plan.pages))

    def entries() -> Iterator[Entry]:
        for at in places:
            page = plan.pages[at]
            if page.article.is_public:
                for name, view in VIEWS.items():
                    counts[name].add(analysed_by(view, analyser, view.part(page)))
            yield _entry(page, analyser)
            progress(1)

    if earlier:
        update_index(whoosh, entries(), earlier=earlier / "whoosh", without=plan.gone)
        progress(len(plan.pages) - len(plan.fresh))
    elif len(plan.pages) >= _MANY_PAGES:
        write_index_apart(whoosh, entries())
    else:
        write_index(whoosh, entries())
    for name, counting in counts.items():
        fresh = counting.tally()
        tally = updated(load_tally(earlier, name), plan.taken, fresh) if earlier else fresh
        save_impacts(weighed(tally, VIEWS[name].formula), folder, name)
        save_counts(tally, folder, name)
    write_ledger(folder, plan)


def take_over_calibration(earlier: Path, folder: Path) -> bool:
    """Keep trust and floors as they were learnt; false where there are none."""
    if not (earlier / _CALIBRATION).exists():
        return False
    link(earlier / _CALIBRATION, folder / _CALIBRATION)
    return True


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Write trust and floors beside the index that they are for."""
    (folder / _CALIBRATION).write_text(json.dumps(calibration.as_json(), indent=1))


def read_calibration(folder: Path) -> Calibration:
    """Trust and floors of a language; those of the start where none were learnt."""
    path = folder / _CALIBRATION
    return Calibration.from_json(json.loads(path.read_text())) if path.exists() else Calibration()


def open_language(folder: Path, lang: str, *, with_vectors: bool) -> LanguageIndex:
    """Open a written language.

    Raises:
        OSError, ValueError, KeyError: Something in the folder is missing or damaged.
    """
    return LanguageIndex(
        lang=lang,
        articles=public_articles(folder),
        analyser=Analyser(lang, Forms(folder / "forms.sqlite").get),
        impacts={
            name: load_impacts(folder, name, formula=view.formula) for name, view in VIEWS.items()
        },
        vectors=load_vectors(folder) if with_vectors else None,
        calibration=read_calibration(folder),
        whoosh=WhooshIndex(folder / "whoosh"),
    )


_ANALYSES: Mapping[str, Callable[[Analyser, str], list[str]]] = {
    "terms": Analyser.terms,
    "heads": lambda _, text: heads(text),
    "grams": lambda _, text: grams(text),
}


def _forms(folder: Path, plan: Plan, earlier: Path | None) -> Lookup:
    """The table of word forms, learnt or taken over; written beside the rest."""
    path = folder / "forms.sqlite"
    if earlier:
        link(earlier / "forms.sqlite", path)
        return Forms(path).get
    forms = learn_forms(plan.lang, (page.text for page in plan.pages))
    forget_dictionaries()
    write_forms(path, forms)
    return forms.get


def _is_of_keywords(name: str) -> bool:
    return not is_vector_file(name) and name != _CALIBRATION


def _entry(page: Page, analyser: Analyser) -> Entry:
    article = page.article
    return Entry(
        article_id=article.id,
        public=article.is_public,
        category=article.category,
        tags=article.tags,
        title=analyser.run(article.title),
        body=analyser.run(page.text),
    )
