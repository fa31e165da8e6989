"""The index of one language: built from pages into a folder, opened again by every worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from pathlib import Path

from kbportal.search.analysis import (
    Analyser,
    Lookup,
    forget_dictionaries,
    grams,
    learn_forms,
    words,
)
from kbportal.search.calibration import Calibration
from kbportal.search.forms import Forms, write_forms
from kbportal.search.impacts import Impacts, load_impacts, save_impacts, weighed
from kbportal.search.linking import link, link_files
from kbportal.search.pages import Page
from kbportal.search.plan import Plan, public_articles, write_ledger
from kbportal.search.tally import Counting, load_tally, save_counts, updated
from kbportal.search.vectors import VectorIndex, is_vector_file, load_vectors
from kbportal.search.whoosh_index import (
    Entry,
    WhooshIndex,
    update_index,
    write_index,
    write_index_apart,
)

_CALIBRATION = "calibration.json"
# From so many on a process of its own is worth starting.
_MANY_PAGES = 300


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


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking at a page: a text of it, cut into pieces that are counted.

    Attributes:
        name: Of the impacts in the folder, and of the attribute of `LanguageIndex`.
    """

    name: str
    text: Callable[[Page], str]
    pieces: Callable[[Analyser, str], list[str]]


def _words(analyser: Analyser, text: str) -> list[str]:
    return analyser.terms(text)


def _grams(_: Analyser, text: str) -> list[str]:
    return grams(text)


VIEWS = (
    View("words", attrgetter("text"), _words),
    View("grams", attrgetter("text"), _grams),
    View("lead_words", attrgetter("lead"), _words),
    View("lead_grams", attrgetter("lead"), _grams),
)
"""All that is scored by BM25; another line here, and an attribute, is another signal."""


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
    counts = {view.name: Counting() for view in VIEWS}
    whoosh = folder / "whoosh"
    whoosh.mkdir()
    places = plan.fresh if earlier else range(len(plan.pages))

    def entries() -> Iterator[Entry]:
        for at in places:
            page = plan.pages[at]
            if page.article.is_public:
                for view in VIEWS:
                    counts[view.name].add(view.pieces(analyser, view.text(page)))
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
        save_impacts(weighed(tally), folder, name)
        save_counts(tally, folder, name)
    write_ledger(folder, plan)


def take_over_calibration(earlier: Path, folder: Path) -> bool:
    """Keep weights and floor as they were learnt; false where there are none."""
    if not (earlier / _CALIBRATION).exists():
        return False
    link(earlier / _CALIBRATION, folder / _CALIBRATION)
    return True


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Write the weights and the floor beside the index that they are for."""
    (folder / _CALIBRATION).write_text(json.dumps(asdict(calibration), indent=1))


def read_calibration(folder: Path) -> Calibration:
    """Weights and floor of a language; those of the start where none were learnt."""
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
        words=load_impacts(folder, "words"),
        grams=load_impacts(folder, "grams"),
        lead_words=load_impacts(folder, "lead_words"),
        lead_grams=load_impacts(folder, "lead_grams"),
        vectors=load_vectors(folder) if with_vectors else None,
        calibration=read_calibration(folder),
        whoosh=WhooshIndex(folder / "whoosh"),
    )


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
        title=analyser.terms(article.title),
        body=analyser.terms(page.text),
        spelt=words(page.text),
    )
