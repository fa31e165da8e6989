"""The form's further questions on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kbportal.articles.forms import Question, in_language
from kbportal.tickets.questions import MAX_ANSWER, PREFIX, asked, check_answers
from kbportal.web.forms import forms
from kbportal.web.help.form import ContactForm
from kbportal.web.locale import current_language


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a question's choices, as the fields take it."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class FurtherQuestion:
    """A question: `topics` for which it is asked, apart by spaces; shown now if `is_asked`."""

    id: str
    field: str
    label: str
    hint: str
    topics: str
    is_asked: bool
    is_optional: bool
    choices: list[Choice]
    value: str
    error: str
    longest: int = MAX_ANSWER


def question_rows(form: ContactForm, errors: Mapping[str, str]) -> list[FurtherQuestion]:
    """All questions, whatever the topic: a script shows them as the topic is chosen."""
    now = asked(forms(), form.category)
    return [_row(one, form, errors, is_asked=one in now) for one in forms().questions]


def question_errors(form: ContactForm) -> dict[str, str]:
    """What is wrong with the answers; nobody is blamed for a question they have not seen."""
    seen = [one for one in asked(forms(), form.category) if one.id in form.asked]
    return check_answers(seen, form.answers)


def unseen_questions(form: ContactForm) -> list[Question]:
    """Questions of the topic that were not on the page, and that are worth another step.

    Those that need no answer are worth it only where no script could show them.
    """
    is_in_time = not form.enhanced and form.step != "send"
    unseen = [one for one in asked(forms(), form.category) if one.id not in form.asked]
    return [one for one in unseen if one.required or is_in_time]


def _row(
    one: Question, form: ContactForm, errors: Mapping[str, str], *, is_asked: bool
) -> FurtherQuestion:
    lang = current_language()
    titles = [in_language(choice, lang) for choice in one.choices]
    given = form.answers.get(one.id, "")
    for choice, title in zip(one.choices, titles, strict=True):
        given = title if given in choice.values() else given
    return FurtherQuestion(
        id=one.id,
        field=PREFIX + one.id,
        label=in_language(one.label, lang),
        hint=in_language(one.hint, lang),
        topics=" ".join(one.topics),
        is_asked=is_asked,
        is_optional=not one.required,
        choices=[Choice(title, title) for title in titles],
        value=given,
        error=errors.get(PREFIX + one.id, ""),
    )
