"""Parameters of an address: declared once, for reading them and for describing them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from flask import g, request
from flask_babel import gettext as _
from flask_babel import refresh

from kbportal.kernel.text import normalise
from kbportal.web.api.refusals import Refused
from kbportal.web.portal import portal

MAX_QUERY = 512
_MAX_RAW = 8 * MAX_QUERY
_WHOLE = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    name: str
    says: str
    default: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text that must be there."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words; the first where none is given."""

    name: str
    says: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A short text that may be left out."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day that may be left out."""

    name: str
    says: str


Parameter = Whole | Text | Choice | Word | Day

QUERY = Text("q", f"What is looked for; what goes beyond {MAX_QUERY} characters is ignored.")
LANGUAGE = Text("lang", "Language of the articles, one of those that the portal is offered in.")


def read_query() -> str:
    """The text of `q`, on one line and without anything invisible."""
    return normalise(_given(QUERY)[:_MAX_RAW])[:MAX_QUERY].rstrip()


def read_language() -> str:
    """The language of `lang`, which is from now on that of the answer too."""
    lang = _given(LANGUAGE)
    if lang not in portal().settings.languages:
        raise _unusable(LANGUAGE.name, _("The portal is not offered in this language."))
    speak(lang)
    return lang


def speak(lang: str) -> None:
    """Answer in this language from now on."""
    g.lang = lang
    refresh()


def read_whole(parameter: Whole) -> int:
    """The number, or its default where none is given."""
    if parameter.name not in request.args:
        return parameter.default
    text = _given(parameter)
    number = int(text) if _WHOLE.fullmatch(text) else -1
    if not parameter.least <= number <= parameter.most:
        message = _(
            "This must be a whole number from %(least)s to %(most)s.",
            least=parameter.least,
            most=parameter.most,
        )
        raise _unusable(parameter.name, message)
    return number


def read_choice(parameter: Choice) -> str:
    """The word, or the first one where none is given."""
    if parameter.name not in request.args:
        return parameter.words[0]
    word = _given(parameter)
    if word not in parameter.words:
        message = _("This must be one of: %(words)s.", words=", ".join(parameter.words))
        raise _unusable(parameter.name, message)
    return word


def read_word(parameter: Word) -> str | None:
    """The text; None where none is given."""
    if parameter.name not in request.args:
        return None
    return normalise(_given(parameter)[:_MAX_RAW])[:MAX_QUERY] or None


def read_day(parameter: Day) -> date | None:
    """The day; None where none is given."""
    if parameter.name not in request.args:
        return None
    try:
        found = date.fromisoformat(_given(parameter))
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2999:
        raise _unusable(parameter.name, _("This must be a day like 2026-03-01."))
    return found


def _given(parameter: Parameter) -> str:
    values = request.args.getlist(parameter.name)
    if len(values) != 1:
        message = _("This parameter is needed once.")
        raise _unusable(parameter.name, message)
    return values[0]


def _unusable(name: str, message: str) -> Refused:
    return Refused(422, "parameter_refused", message, parameter=name)
