from __future__ import annotations

import re
import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.markup.sanitize import mark_safe_snippet, plain_to_html


def test_customer_text_keeps_its_paragraphs_and_lines() -> None:
    assert plain_to_html("Hello\r\nworld\n\n \n<b>bye</b>") == (
        "<p>Hello<br>world</p><p>&lt;b&gt;bye&lt;/b&gt;</p>"
    )


def test_nothing_becomes_nothing() -> None:
    assert plain_to_html(" \n\0 ") == ""


def test_an_address_becomes_a_link_without_the_sentence_around_it() -> None:
    html = plain_to_html('See (https://shop.example/a?b=1&c="x").')

    assert '<a href="https://shop.example/a?b=1&amp;c=" rel="noopener nofollow">' in html
    assert html.endswith("&quot;x&quot;).</p>")


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "https://", "https://u@evil.example/", "www.example.com"]
)
def test_what_is_no_safe_address_stays_text(text: str) -> None:
    assert "<a" not in plain_to_html(text)


@given(st.text())
def test_customer_text_never_becomes_markup(text: str) -> None:
    tags = set(re.findall(r"<[^>]*>", plain_to_html(text)))

    assert all(tag in {"<p>", "</p>", "<br>", "</a>"} or tag.startswith('<a href="http')
               for tag in tags)  # fmt: skip


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60))))
def test_a_snippet_shows_the_text_whatever_is_marked(
    text: str, spans: list[tuple[int, int]]
) -> None:
    html = mark_safe_snippet(text, spans)

    assert html.replace("<mark>", "").replace("</mark>", "") == escape(text)
    assert html.count("<mark>") == html.count("</mark>")


def test_overlapping_and_touching_spans_become_one_mark() -> None:
    assert mark_safe_snippet("a<b>cd", [(4, 6), (0, 2), (1, 3), (9, 12), (5, 5)]) == (
        "<mark>a&lt;b</mark>&gt;<mark>cd</mark>"
    )


def test_hostile_text_is_shown_in_linear_time() -> None:
    started = time.perf_counter()

    for unit in ("https://", "\n ", "a.", "<", "https://a.b/)))", "\n\t\n"):
        plain_to_html(unit * 20_000)

    assert time.perf_counter() - started < 2
