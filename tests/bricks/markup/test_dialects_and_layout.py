"""Markdown as people elsewhere write it."""

from __future__ import annotations

import pytest

from kbportal.markup.render import render
from kbportal.markup.sanitize import with_admonition_titles


def html_of(*lines: str) -> str:
    return render("\n".join(lines)).html.replace("\n", "")


@pytest.mark.parametrize(
    ("word", "kind"),
    [("NOTE", "note"), ("Tip", "tip"), ("IMPORTANT", "warning"), ("caution", "warning"),
     ("DANGER", "danger"), ("unheard", "note")],
)  # fmt: skip
def test_an_alert_becomes_an_admonition(word: str, kind: str) -> None:
    assert html_of(f"> [!{word}]", "> Mind **this**.") == (
        f'<div class="admonition {kind}"><p>Mind <strong>this</strong>.</p></div>'
    )


def test_an_alert_without_quote_marks_ends_at_the_blank_line() -> None:
    assert html_of("[!NOTE]", "Inside.", "", "Outside.") == (
        '<div class="admonition note"><p>Inside.</p></div><p>Outside.</p>'
    )


def test_an_alert_may_hold_a_list_and_stand_in_a_step() -> None:
    html = html_of(
        "1. Step", "", "   > [!TIP]", "   > Either:", "   > - a", "   > - b", "", "2. Next"
    )

    assert html.count("<ol>") == 1
    assert '<div class="admonition tip"><p>Either:</p><ul><li>a</li><li>b</li></ul></div>' in html


def test_an_admonition_keeps_the_title_that_its_author_gave() -> None:
    assert html_of('!!! warning "Before you start"', "    Text") == (
        '<div class="admonition warning"><p class="admonition-title">Before you start</p>'
        "<p>Text</p></div>"
    )


def test_an_admonition_without_a_title_gets_one_in_the_language_of_the_page() -> None:
    html = html_of("!!! note", "    Text") + html_of('!!! note "Own"', "    Text")
    titled = with_admonition_titles(html, {"note": 'Poznámka "<&"'})

    assert titled.count("Poznámka &quot;&lt;&amp;&quot;") == 1
    assert titled.index("Poznámka") < titled.index("Own")


def test_a_kind_without_a_translation_stays_untitled() -> None:
    html = html_of("!!! tip", "    Text")

    assert with_admonition_titles(html, {"note": "Note"}) == html


def test_text_that_looks_like_a_box_is_left_alone() -> None:
    html = html_of(
        '`<div class="admonition note">`', "", "[x](/y \"<div class='admonition note'>\")"
    )

    assert with_admonition_titles(html, {"note": "Note"}) == html


def test_includes_disappear_and_shorthands_become_markdown() -> None:
    html = html_of(
        "[!INCLUDE [banner](../includes/banner.md)]",
        "In [!INCLUDE[name](../includes/name.md)] it is.",
        "",
        "> [!VIDEO https://video.example/1]",
        "",
        ':::image type="content" source="/static/x.png" alt-text="A plan.":::',
    )

    assert "INCLUDE" not in html
    assert "VIDEO" not in html
    assert 'href="https://video.example/1"' in html
    assert 'alt="A plan."' in html


@pytest.mark.parametrize("indent", ["  ", "   ", "    ", "\t"])
def test_a_list_in_a_list_may_be_indented_by_two_to_four(indent: str) -> None:
    assert html_of("1. a", f"{indent}- b", "2. c") == (
        "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"
    )


def test_a_list_may_follow_a_paragraph_at_once() -> None:
    assert html_of("You need:", "- a", "- b") == (
        "<p>You need:</p><ul><li>a</li><li>b</li></ul>"
    )  # fmt: skip


def test_a_year_at_the_start_of_a_line_is_no_list() -> None:
    assert "<ol" not in html_of("It was in", "1986. That year", "ended.")


def test_steps_stay_one_list_around_pictures_and_code() -> None:
    html = html_of(
        "1. One", "", "   ![x](/static/x.png)", "", "2. Two", "", "   ```bash", "   - run",
        "   ```", "", "3. Three",
    )  # fmt: skip

    assert html.count("<ol>") == 1
    assert html.count("<li>") == 3
    assert "<pre><code>- run</code></pre>" in html


def test_numbers_with_a_bracket_are_steps_too() -> None:
    assert html_of("1) a", "2) b") == "<ol><li>a</li><li>b</li></ol>"


def test_a_list_goes_on_with_its_number_after_a_paragraph() -> None:
    assert '<ol start="3">' in html_of("1. a", "2. b", "", "Between.", "", "3. c")


def test_a_table_may_stand_in_a_step() -> None:
    html = html_of("1. See", "   | a | b |", "   |---|---|", "   | 1 | 2 |", "2. Go")

    assert '<li><p>See</p><div class="table-scroll" tabindex="0"><table>' in html


def test_two_spaces_at_the_end_of_a_line_break_it() -> None:
    assert html_of("a  ", "b") == "<p>a<br>b</p>"


def test_code_that_is_never_closed_goes_to_the_end() -> None:
    assert html_of("```", "- a", "", "# b") == "<pre><code>- a# b</code></pre>"


def test_indented_code_stays_code() -> None:
    assert html_of("Text", "", "    - x = 1") == "<p>Text</p><pre><code>- x = 1</code></pre>"
