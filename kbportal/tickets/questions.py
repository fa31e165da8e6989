"""The form's further questions: which are asked, and whether they were answered as they must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbportal.articles.forms import Forms, Question, in_language
from kbportal.kernel.text import normalise
from kbportal.tickets.model import Answer

MAX_ANSWER = 500
PREFIX = "field-"
"""Before a question's id, where it is a field among others."""


def asked(forms: Forms, category: str) -> tuple[Question, ...]:
    """What is asked of somebody who writes about this category (its slug), in order."""
    return tuple(one for one in forms.questions if not one.topics or category in one.topics)


def check_answers(questions: Sequence[Question], given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by field name: ``required``, ``too_long`` or ``invalid``."""
    errors: dict[str, str] = {}
    for question in questions:
        text = normalise(given.get(question.id, ""))
        if not text and question.required:
            errors[PREFIX + question.id] = "required"
        elif len(text) > MAX_ANSWER:
            errors[PREFIX + question.id] = "too_long"
        elif text and question.choices and not _chosen(question, text):
            errors[PREFIX + question.id] = "invalid"
    return errors


def answers(
    questions: Sequence[Question], given: Mapping[str, str], *, lang: str
) -> tuple[Answer, ...]:
    """What was answered, in the words of that language; unanswered questions are left out."""
    found = []
    for question in questions:
        text = normalise(given.get(question.id, ""))
        if chosen := _chosen(question, text):
            text = in_language(chosen, lang)
        if text:
            found.append(Answer(question.id, in_language(question.label, lang), text))
    return tuple(found)


def retold(forms: Forms, given: Sequence[Answer], *, lang: str) -> tuple[Answer, ...]:
    """Answers in the words of another language, as far as the editors' file has them.

    A question that has been changed since, or is gone, stays in the words that were read.
    """
    known = {one.id: one for one in forms.questions}
    return tuple(_retold(known.get(one.id), one, lang) for one in given)


def _retold(question: Question | None, given: Answer, lang: str) -> Answer:
    if question is None or given.label not in question.label.values():
        return given
    chosen = _chosen(question, given.value)
    value = in_language(chosen, lang) if chosen else given.value
    return Answer(given.id, in_language(question.label, lang), value)


def _chosen(question: Question, text: str) -> Mapping[str, str] | None:
    """The choice that is called so in any language."""
    return next((one for one in question.choices if text in one.values()), None)
