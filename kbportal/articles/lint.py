"""Advice to authors: what readers would stumble over, file by file and across the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date
from pathlib import PurePosixPath

from kbportal.articles.library import Library
from kbportal.articles.lint_library import lint_across
from kbportal.articles.model import VERSION_B, Article, Problem, Severity
from kbportal.markup.allowlist import is_safe_url
from kbportal.markup.links import is_relative, target_of
from kbportal.markup.source import Outline, Reference, scan

_Report = Callable[[str, Severity, str], Problem]

LONGEST_TITLE = 90
LONGEST_SUMMARY = 220


def lint(library: Library, *, today: date) -> list[Problem]:
    """All problems of a library, those of reading it included, by file and line."""
    by_path = {article.path: article for article in library.articles}
    outlines = {article.path: scan(article.body) for article in library.articles}
    pictures = {image.path for image in library.images}
    found = list(library.problems)
    for article in library.articles:
        found += _lint_version(article, by_path) or _lint_article(article, today)
        found += _lint_headings(article, outlines[article.path])
        for reference in outlines[article.path].references:
            found += _lint_reference(article, reference, by_path, outlines, pictures)
    return sorted({*found, *lint_across(library)})


def _lint_article(article: Article, today: date) -> Iterator[Problem]:
    def warn(rule: str, message: str) -> Problem:
        return Problem(article.path, 1, rule, "warning", message)

    if article.is_version_b:
        return
    if not article.summary:
        yield warn("no-summary", "write a `summary`: one sentence for lists and search engines")
    if len(article.summary) > LONGEST_SUMMARY:
        yield warn("long-summary", f"summary has over {LONGEST_SUMMARY} characters: shorten it")
    if not article.answers:
        yield warn("no-answers", "list under `answers` the questions it must be found for")
    if len(article.title) > LONGEST_TITLE:
        yield warn("long-title", f"title has over {LONGEST_TITLE} characters: shorten it")
    if article.review_by and article.review_by < today:
        yield warn("review-overdue", f"was to be reviewed by {article.review_by}: review it")
    if article.updated and article.updated > today:
        yield warn("updated-in-future", f"`updated: {article.updated}` is yet to come")


def _lint_version(article: Article, by_path: Mapping[str, Article]) -> list[Problem]:
    """What is wrong with a version B; for an article, nothing."""
    if not article.is_version_b:
        return []
    place = PurePosixPath(article.path)
    beside = str(place.with_name(place.name.replace(f"{VERSION_B}.", ".")))
    if beside not in by_path:
        message = f"is a version of {beside}, which is not there: rename one of them"
        return [Problem(article.path, 1, "version-alone", "error", message)]
    if not (article.title or article.summary or article.body.strip()):
        message = "says nothing that is different: give it a title, a summary or a text"
        return [Problem(article.path, 1, "version-empty", "warning", message)]
    return []


def _lint_headings(article: Article, outline: Outline) -> Iterator[Problem]:
    previous = 1
    for heading in outline.headings:
        line = article.body_line + heading.line - 1
        level = max(heading.level, 2)
        if not heading.title:
            yield Problem(article.path, line, "empty-heading", "warning", "heading has no text")
        if level > previous + 1:
            message = f"heading jumps from level {previous} to {level}: use {'#' * (previous + 1)}"
            yield Problem(article.path, line, "heading-jump", "warning", message)
        previous = level


def _lint_reference(
    article: Article,
    reference: Reference,
    by_path: Mapping[str, Article],
    outlines: Mapping[str, Outline],
    pictures: Set[str],
) -> Iterator[Problem]:
    def report(rule: str, severity: Severity, message: str) -> Problem:
        line = article.body_line + reference.line - 1
        return Problem(article.path, line, rule, severity, message)

    shown = reference.href[:120]
    if reference.is_image and not reference.text.strip():
        yield report("image-without-alt", "warning", f"describe `{shown}` between the brackets")
    if not is_relative(reference.href):
        yield from _lint_address(reference.href, outlines[article.path], report)
    elif target_of(reference.href, base=article.path)[0] in pictures:
        return
    elif reference.is_image:
        message = f"no picture at `{shown}`: put the file there, or correct the path"
        yield report("image-not-found", "warning", message)
    else:
        yield from _lint_relative(article, reference.href, by_path, outlines, report)


def _lint_address(href: str, outline: Outline, report: _Report) -> Iterator[Problem]:
    shown = href[:120]
    if href.startswith("#"):
        if href[1:] not in outline.anchors and len(href) > 1:
            yield report("broken-anchor", "warning", f"no heading here has the anchor `{shown}`")
    elif not is_safe_url(href):
        message = f"`{shown}` is removed: link to https, mailto, tel, /… or a file beside this one"
        yield report("unsafe-link", "error", message)


def _lint_relative(
    article: Article,
    href: str,
    by_path: Mapping[str, Article],
    outlines: Mapping[str, Outline],
    report: _Report,
) -> Iterator[Problem]:
    path, anchor = target_of(href, base=article.path)
    target = by_path.get(path) or by_path.get(f"{path}.md")
    if target is None:
        yield report("broken-link", "error", f"no article at `{href[:120]}`: shown as plain text")
    elif article.is_public and not target.is_public:
        message = f"`{href[:120]}` is not public, so the link is shown as plain text"
        yield report("link-to-hidden", "warning", message)
    elif anchor and anchor not in outlines[target.path].anchors:
        yield report("broken-anchor", "warning", f"{target.path} has no heading `#{anchor[:80]}`")
