"""The editors' file about the ticket form: what can be used is used, the rest is reported."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from kbportal.articles.forms import Forms, FormsFile, in_language, read_forms
from kbportal.articles.library import read_library
from kbportal.articles.lint import lint
from kbportal.articles.model import Problem
from tests.cast import write_library

ORDER = "order-number:\n  topics: [orders]\n  required: yes\n  label: {en: Order number}\n"


def said(root: Path, text: str) -> tuple[Forms, list[Problem]]:
    (root / "forms.yml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return read_forms(root, problems), problems


def test_without_a_file_nothing_further_is_asked(tmp_path: Path) -> None:
    problems: list[Problem] = []

    assert read_forms(tmp_path, problems) == Forms()
    assert problems == []


def test_a_question_is_read_with_all_that_is_said_of_it(tmp_path: Path) -> None:
    text = ORDER + "device:\n  label: {en: Device, sk: Zariadenie}\n  choices: [{en: Kettle}]\n"

    forms, problems = said(tmp_path, text)

    order, device = forms.questions
    assert problems == []
    assert (order.id, order.topics, order.required, order.line) == (
        "order-number", ("orders",), True, 1,
    )  # fmt: skip
    assert (device.choices, device.required, device.line) == (({"en": "Kettle"},), False, 5)
    assert in_language(device.label, "sk") == "Zariadenie"
    assert in_language(device.label, "fi") == "Device"


def test_a_form_can_be_told_to_suggest_nothing(tmp_path: Path) -> None:
    forms, _ = said(tmp_path, "suggestions: {contact: off, widget: on}\n")

    assert forms.silent == {"contact"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("Order:\n  label: {en: x}\n", "small letters"),
        ("order: yes\n", "at least a `label`"),
        ("order:\n  hint: {en: x}\n", "`label` needs a text"),
        ("order:\n  label: Order\n", "`label` needs a text"),
        ("order:\n  label: {en: ''}\n", "no text for `en`"),
        ("order:\n  label: {en: x}\n  must: yes\n", "there is no `must`"),
        ("order:\n  label: {en: x}\n  required: maybe\n", "yes or no"),
        ("order:\n  label: {en: x}\n  topics: orders\n", "is a list"),
        ("order:\n  label: {en: x}\n  choices: {en: x}\n", "is a list"),
        ("suggestions: {form: off}\n", "contact: on"),
    ],
)
def test_what_cannot_be_used_is_reported_by_line_and_the_rest_counts(
    tmp_path: Path, wrong: str, says: str
) -> None:
    forms, problems = said(tmp_path, ORDER + wrong)

    assert [one.id for one in forms.questions] == ["order-number"]
    (problem,) = problems
    assert (problem.file, problem.line, problem.severity) == ("forms.yml", 5, "error")
    assert says in problem.message


@pytest.mark.parametrize("text", ["- a\n- b\n", "order: [\n", "a: *b\n", "a: 1\na: 2\n"])
def test_a_file_that_is_none_is_reported_and_harmless(tmp_path: Path, text: str) -> None:
    forms, problems = said(tmp_path, text)

    assert forms == Forms()
    assert len(problems) == 1


def test_a_file_in_another_encoding_is_reported(tmp_path: Path) -> None:
    (tmp_path / "forms.yml").write_bytes(b"order:\n  label: {en: \xff}\n")
    problems: list[Problem] = []

    assert read_forms(tmp_path, problems) == Forms()
    assert "UTF-8" in problems[0].message


def test_a_change_counts_at_once(tmp_path: Path) -> None:
    file = FormsFile(tmp_path)
    assert file.current() == Forms()

    (tmp_path / "forms.yml").write_text(ORDER)
    assert [one.id for one in file.current().questions] == ["order-number"]
    (tmp_path / "forms.yml").write_text(ORDER.replace("order-number", "invoice-no"))
    os.utime(tmp_path / "forms.yml", (1, 1))
    assert [one.id for one in file.current().questions] == ["invoice-no"]


def test_lint_tells_of_topics_that_do_not_exist_and_of_missing_translations(
    tmp_path: Path,
) -> None:
    write_library(tmp_path)
    (tmp_path / "forms.yml").write_text(ORDER)

    found = lint(read_library(tmp_path), today=date(2026, 3, 2))

    mine = {one.rule: one.message for one in found if one.file == "forms.yml"}
    assert "no category `orders`" in mine["unknown-topic"]
    assert "sk" in mine["translation-missing"]
