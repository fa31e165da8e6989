"""A library rendered, its links included."""

from __future__ import annotations

from kbportal.articles.article_file import article_from
from kbportal.articles.model import Article, Problem
from kbportal.articles.rendering import render_articles
from kbportal.markup.model import Rendered


def an_article(path: str, body: str, front: str = "") -> Article:
    article, _ = article_from(f"---\n{front}\n---\n{body}".encode(), path=path)
    assert article
    return article


def html_by_id(*articles: Article) -> dict[str, str]:
    outcomes = render_articles(articles, workers=1)
    return {a.id: o.html if isinstance(o, Rendered) else o.rule for a, o in outcomes}


def test_links_lead_to_the_page_of_the_article_whatever_its_slug() -> None:
    html = html_by_id(
        an_article("sk/a/x.md", "[y](../b/y.md#kde)"),
        an_article("sk/b/y.md", "Text", "slug: iny-nazov"),
    )

    assert html["sk/a/x"] == '<p><a href="/sk/articles/iny-nazov#kde">y</a></p>'


def test_only_staff_pages_link_to_what_customers_may_not_see() -> None:
    html = html_by_id(
        an_article("en/a/open.md", "[d](draft.md)"),
        an_article("en/a/draft.md", "[s](staff.md) [o](open.md)", "status: draft"),
        an_article("en/a/staff.md", "Text", "audience: staff"),
    )

    assert html["en/a/open"] == "<p>d</p>"
    assert html["en/a/draft"].count("<a href=") == 2


def test_an_article_that_cannot_be_rendered_is_a_problem_and_the_others_are_not() -> None:
    articles = [an_article("en/a/bad.md", "x" * 1_000_001), an_article("en/a/good.md", "Text")]
    outcomes = {article.id: outcome for article, outcome in render_articles(articles)}

    problem = outcomes["en/a/bad"]
    assert isinstance(problem, Problem)
    assert (problem.file, problem.line, problem.severity) == ("en/a/bad.md", 4, "error")
    assert isinstance(outcomes["en/a/good"], Rendered)
