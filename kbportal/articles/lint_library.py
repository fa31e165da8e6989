"""What is wrong between articles: translations, questions and addresses that two of them claim."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from kbportal.articles.forms import FORMS_FILE
from kbportal.articles.library import Library
from kbportal.articles.model import Article, Problem
from kbportal.kernel.text import fold


def lint_across(library: Library) -> Iterator[Problem]:
    """Findings that take more than one article to see."""
    yield from _translations(library)
    yield from _answers(library)
    yield from _redirects(library)
    yield from _forms(library)


def _translations(library: Library) -> Iterator[Problem]:
    """Translations that are missing or older than their source, or claimed by two articles."""
    articles = [article for article in library.articles if article.is_public]
    languages = Counter(article.lang for article in articles)
    source = max(languages, key=lambda lang: (lang == "en", languages[lang], lang), default="")
    by_key: dict[str, dict[str, Article]] = defaultdict(dict)
    for article in articles:
        first = by_key[article.key].setdefault(article.lang, article)
        if first is not article:
            message = f"is a translation of `{article.key}` like {first.path}: change one"
            yield _warning(article, "translation-twice", message)
    for family in by_key.values():
        if source in family:
            yield from _family(family, family[source], sorted(languages))


def _family(family: dict[str, Article], source: Article, languages: list[str]) -> Iterator[Problem]:
    if missing := [lang for lang in languages if lang not in family]:
        yield _warning(source, "translation-missing", f"not translated to {', '.join(missing)}")
    for article in family.values():
        if source.updated and article.updated and article.updated < source.updated:
            message = f"{source.path} was updated on {source.updated}: update this translation"
            yield _warning(article, "translation-lags", message)


def _answers(library: Library) -> Iterator[Problem]:
    """One question that two articles claim: search could not satisfy both."""
    first: dict[tuple[str, str], Article] = {}
    for article in library.articles:
        for question in article.answers:
            asked = (article.lang, " ".join(fold(question).split()).rstrip("?!. "))
            other = first.setdefault(asked, article)
            if other is not article:
                message = f"“{question[:100]}” is answered by {other.path} too: keep it in one"
                yield _warning(article, "duplicate-answer", message)


def _redirects(library: Library) -> Iterator[Problem]:
    """Old addresses that are somebody's present one, or that two articles claim."""
    taken = {(article.lang, article.slug): article for article in library.articles}
    for article in library.articles:
        for slug in article.redirect_from:
            other = taken.setdefault((article.lang, slug), article)
            if other is not article or slug == article.slug:
                message = f"`redirect_from: {slug}` belongs to {other.path}: remove it from one"
                yield _warning(article, "redirect-taken", message)


def _warning(article: Article, rule: str, message: str) -> Problem:
    return Problem(article.path, 1, rule, "warning", message)


def _forms(library: Library) -> Iterator[Problem]:
    """Questions of the ticket form with topics that do not exist, or without a translation."""
    topics = {category.slug for category in library.categories}
    languages = sorted({article.lang for article in library.articles if article.is_public})
    for one in library.forms.questions:
        for topic in one.topics:
            if topic not in topics:
                message = f"`{one.id}`: there is no category `{topic[:40]}`: it is never asked"
                yield Problem(FORMS_FILE, one.line, "unknown-topic", "warning", message)
        texts = [one.label, *([one.hint] if one.hint else []), *one.choices]
        missing = [lang for lang in languages if any(lang not in text for text in texts)]
        if missing:
            message = f"`{one.id}` is not translated to {', '.join(missing)}"
            yield Problem(FORMS_FILE, one.line, "translation-missing", "warning", message)
