"""What authors write, and what readers then see."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.markup.render import render
from kbportal.markup.sanitize import clean


def html_of(*lines: str) -> str:
    """The html of these lines, without the line breaks between its blocks."""
    return render("\n".join(lines)).html.replace("\n", "")


def test_a_table_stands_in_a_container_that_scrolls() -> None:
    html = html_of("| Country | Days |", "|---|--:|", "| Slovakia | 2 |")

    assert html.startswith('<div class="table-scroll" tabindex="0"><table><thead>')
    assert '<td align="right">2</td>' in html


def test_a_raw_table_stands_in_one_too() -> None:
    assert html_of("<table><tr><td>1</table>").startswith(
        '<div class="table-scroll" tabindex="0"><table>'
    )


def test_headings_have_folded_unique_anchors() -> None:
    rendered = render("## Zmeniť heslo?\n\n### Zmeniť heslo\n\n## Kb-menu")

    assert [heading.anchor for heading in rendered.outline] == [
        "zmenit-heslo", "zmenit-heslo-2", "section-kb-menu",
    ]  # fmt: skip


def test_a_first_level_heading_becomes_a_second_level_one() -> None:
    assert html_of("# Top") == '<h2 id="top">Top</h2>'


def test_the_outline_names_second_and_third_level() -> None:
    outline = render("## A\n### B `code` & *c*\n#### D").outline

    assert [(h.level, h.title) for h in outline] == [(2, "A"), (3, "B code & c")]


def test_sections_hold_the_whole_article_once_and_in_order() -> None:
    rendered = render("Lead\n\n## One\n\nText\n\n### Two\n\n- a\n- b\n\n#### Three\n\nend")

    assert "".join(section.html for section in rendered.sections) == rendered.html
    assert [(s.anchor, s.title, s.text) for s in rendered.sections] == [
        ("", "", "Lead"), ("one", "One", "Text"), ("two", "Two", "a\nb\nThree\nend"),
    ]  # fmt: skip


def test_section_text_has_no_markup_but_all_words() -> None:
    (section,) = render(
        "Press **OK** &amp; `a < b`<br>now ![the button](/static/ok.png)\n\n"
        "| A | B |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1\ny = 2\n```"
    ).sections

    assert section.text == "Press OK & a < b\nnow the button\nA · B\n1 · 2\nx = 1\ny = 2"


def test_an_empty_article_is_empty() -> None:
    rendered = render(" \n")

    assert (rendered.html, rendered.outline, rendered.sections) == ("", (), ())


def test_links_are_rewritten_and_those_to_nowhere_become_text() -> None:
    targets = {"../a.md": "/en/articles/a"}
    rendered = render("[yes](../a.md) [no](b.md)", link=lambda href: targets.get(href, ""))

    assert rendered.html == '<p><a href="/en/articles/a">yes</a> no</p>'


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ms-settings:x", "//e.example", "b.md", "data:text/html,x"]
)
def test_a_link_with_an_unsafe_address_becomes_text(address: str) -> None:
    assert html_of(f"[text]({address})") == "<p>text</p>"


def test_an_external_link_gets_no_hold_on_this_page() -> None:
    assert 'rel="noopener"' in html_of("[x](https://e.example)")
    assert "rel=" not in html_of("[x](/en/contact)")


def test_an_image_without_a_source_is_its_description() -> None:
    assert html_of("![a plan](media/x.png)") == "<p>a plan</p>"
    assert 'loading="lazy"' in html_of("![a plan](/static/x.png)")


def test_a_named_anchor_survives() -> None:
    assert '<a name="old"></a>' in html_of('<a name="old"></a>Text')


def test_words_in_angle_brackets_are_shown() -> None:
    assert html_of("Write <your password> here") == (
        "<p>Write &lt;your password&gt; here</p>"
    )  # fmt: skip


def test_attribute_lists_are_no_back_door() -> None:
    assert "onclick=" not in html_of("## Title {: onclick=alert(1) }").replace(
        "{: onclick=alert(1) }", ""
    )


def test_fenced_code_keeps_what_looks_like_markup() -> None:
    html = html_of("```python", "> [!NOTE]", "- a <b>", "```")

    assert html == (
        '<pre><code class="language-python">&gt; [!NOTE]- a &lt;b&gt;</code></pre>'
    )  # fmt: skip


def test_a_collapsible_box_may_hold_markdown() -> None:
    html = html_of(
        "<details>", "<summary>More</summary>", "", "**bold**", "", "</details>", "", "x"
    )

    assert html == (
        "<details><summary>More</summary><p><strong>bold</strong></p></details><p>x</p>"
    )


def test_containers_without_meaning_do_not_hide_headings_from_the_outline() -> None:
    rendered = render("<div><section>\n<h2>In</h2>\n<p>text</p>\n</section></div>")

    assert [section.title for section in rendered.sections] == ["In"]


def test_invisible_characters_and_foreign_line_ends_do_no_harm() -> None:
    assert render("\ufeff## A\r\n\r\nb\0c\rd").html == '<h2 id="a">A</h2>\n<p>bc\nd</p>'


PIECES = st.sampled_from(
    ["# ", "## ", "- ", "  - ", "1. ", "> ", "> [!NOTE]", "!!! tip", "    ", "```", "~~~", "|",
     "|--|", "[", "](", ")", "<a name=x>", "<div>", "</div>", "<details>", "<!--", "*", "_", "`",
     "\n", "\n\n", "\t", "<script>", "text", "ž", "\0", "&lt;", "![x](y)", "---", "\\",
     ':::image source="x":::']
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join))
def test_whatever_is_written_is_rendered_to_stable_html(text: str) -> None:
    rendered = render(text)

    assert clean(rendered.html) == rendered.html
    assert all(section.html in rendered.html for section in rendered.sections)
    assert "<h1" not in rendered.html
