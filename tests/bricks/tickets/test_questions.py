from __future__ import annotations

from kbportal.articles.forms import Forms, Question
from kbportal.tickets.model import Answer
from kbportal.tickets.questions import answers, asked, check_answers, retold

ORDER = Question("order", {"en": "Order", "sk": "Objednávka"}, topics=("orders",), required=True)
DEVICE = Question("device", {"en": "Device"}, choices=({"en": "Kettle", "sk": "Kanvica"},))
BOTH = (ORDER, DEVICE)


def test_a_question_is_asked_with_its_topics_or_always() -> None:
    forms = Forms(BOTH)

    assert asked(forms, "orders") == BOTH
    assert asked(forms, "") == (DEVICE,)


def test_what_is_wrong_is_told_by_field() -> None:
    given = {"order": " \u200b", "device": "Toaster"}

    assert check_answers(BOTH, given) == {"field-order": "required", "field-device": "invalid"}
    assert check_answers((ORDER,), {"order": "x" * 501}) == {"field-order": "too_long"}
    assert check_answers(BOTH, {"order": "KW-1"}) == {}


def test_answers_are_kept_in_the_words_of_the_language() -> None:
    given = {"order": " KW-1 ", "device": "Kettle", "other": "x"}

    assert answers(BOTH, given, lang="sk") == (
        Answer("order", "Objednávka", "KW-1"),
        Answer("device", "Device", "Kanvica"),
    )


def test_answers_are_told_in_the_words_of_another_reader() -> None:
    kept = (Answer("order", "Objednávka", "KW-1"), Answer("device", "Device", "Kanvica"))

    assert retold(Forms(BOTH), kept, lang="en") == (
        Answer("order", "Order", "KW-1"),
        Answer("device", "Device", "Kettle"),
    )


def test_answers_to_what_is_asked_otherwise_by_now_stay_as_they_were_read() -> None:
    kept = (Answer("order", "Číslo zákazky", "KW-1"), Answer("gone", "Farba", "červená"))

    assert retold(Forms(BOTH), kept, lang="en") == kept
