"""Front matter: what is understood, what is repaired, what is refused."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.articles.frontmatter import FrontMatterBroken, Parsed, parse


def fields_of(*lines: str) -> dict[str, object]:
    return parse("\n".join(["---", *lines, "---", "Body"]), "en/a.md").fields


def refusal_of(*lines: str) -> tuple[int, str]:
    with pytest.raises(FrontMatterBroken) as broken:
        fields_of(*lines)
    return broken.value.problem.line, broken.value.problem.message


def test_a_file_falls_into_fields_and_body() -> None:
    parsed = parse("---\ntitle: A\ntags: [x, y]\n---\n\nBody\n", "en/a.md")

    assert parsed == Parsed(
        fields={"title": "A", "tags": ["x", "y"]},
        body="\nBody\n",
        body_line=5,
        lines={"title": 2, "tags": 3},
    )


@pytest.mark.parametrize("text", ["", "Body", "# --- \n---\n", "\n\nBody", "----\nBody"])
def test_a_file_without_front_matter_is_all_body(text: str) -> None:
    parsed = parse(text, "en/a.md")

    assert (parsed.fields, parsed.body, parsed.body_line) == ({}, text, 1)


def test_a_byte_order_mark_and_foreign_line_ends_are_understood() -> None:
    parsed = parse("\ufeff---\r\ntitle: A\r\n...\r\nBody\rEnd", "en/a.md")

    assert (parsed.fields, parsed.body) == ({"title": "A"}, "Body\nEnd")


@pytest.mark.parametrize("value", ["2024", "2024-05-31", "no", "1.10", "0x1F", "1e3", "12:30:00"])
def test_a_value_stays_what_was_typed(value: str) -> None:
    assert fields_of(f"title: {value}") == {"title": value}


def test_no_value_is_empty_text() -> None:
    assert fields_of("title:", "summary: ~", "owner: null") == {
        "title": "", "summary": "", "owner": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("title: Refunds: how long", "Refunds: how long"),
        ("title: @home", "@home"),
        ("title: `code` first", "`code` first"),
        ("title: 'it's'", "it's"),
        ('title: "say "hi" now"', 'say "hi" now'),
        ("title: bell\x07", "bell"),
    ],
)
def test_a_line_with_one_possible_meaning_is_repaired_and_reported(line: str, value: str) -> None:
    parsed = parse(f"---\nstatus: draft\n{line}\n---\n", "en/a.md")

    assert parsed.fields == {"status": "draft", "title": value}
    (problem,) = parsed.problems
    assert (problem.line, problem.severity, problem.rule) == (3, "warning", "front-matter-repaired")


def test_a_repaired_line_is_shown_as_it_should_be_written() -> None:
    (problem,) = parse("---\ntitle: Refunds: when\n---\n", "en/a.md").problems

    assert problem.message.endswith("title: 'Refunds: when'")


def test_a_list_indented_by_a_tab_is_repaired() -> None:
    assert fields_of("tags:", "\t- a", "\t- b") == {"tags": ["a", "b"]}


def test_a_question_with_a_colon_in_a_list_is_repaired() -> None:
    fields = fields_of("answers:", "  - App: error: what now?", "  - ok")

    assert fields == {"answers": ["App: error: what now?", "ok"]}


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (["title: A", 'summary: "never closed'], 3, "a quote is opened here"),
        (["title: A", "title: B"], 3, "`title` is given twice"),
        (["a: &x [1]", "b: *x"], 3, "must not start with *"),
        (["- a", "- b"], 2, "lines like `title"),
        (["title: A", "\tslug: a"], 3, "indented by a tab"),
        (["just words"], 2, "lines like `title"),
        (["a: {b: [c}"], 2, "cannot be read"),
        (["a: " + "[" * 600], 2, "too many brackets"),
        (["a: x" * 20_000], 2, "longer than"),
    ],
)
def test_what_has_no_certain_reading_is_refused_with_its_line(
    lines: list[str], line: int, words: str
) -> None:
    at, message = refusal_of(*lines)

    assert at == line
    assert words in message


def test_front_matter_that_never_ends_is_refused() -> None:
    with pytest.raises(FrontMatterBroken, match="never closed"):
        parse("---\ntitle: A\n\nBody", "en/a.md")


def test_the_same_key_twice_with_one_value_is_no_question() -> None:
    assert fields_of("title: A", "title: A") == {"title": "A"}


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    bomb += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise("abcdefghi")]
    started = time.perf_counter()

    assert "must not start with *" in refusal_of(*bomb)[1]
    assert time.perf_counter() - started < 1


def test_a_tag_makes_nothing_but_text() -> None:
    assert fields_of("a: !!python/object/apply:os.system [x]") == {"a": ["x"]}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["---", "\n", "title: ", "a: ", "- ", "  ", "\t", "'", '"', "[", "]", "{", "}", ": ",
             "#", "*a", "&a ", "!!x ", "|", ">", "@", "%", "\r", "\0", "? ", "<<: "]
        )
        | st.text(max_size=5),
        max_size=20,
    ).map("".join)
)  # fmt: skip
def test_any_text_is_read_or_refused(text: str) -> None:
    for written in (text, f"---\n{text}\n---\nBody"):
        with suppress(FrontMatterBroken):
            assert isinstance(parse(written, "en/a.md").fields, dict)
