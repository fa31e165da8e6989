"""What the editors decide about the ticket form: `forms.yml` beside the language folders.

suggestions: {contact: on, widget: off}     # forms in which articles are offered while typing
order-number:                               # a further question, by a name of its own
  topics: [orders, delivery]                # asked with these categories; without: always
  required: yes
  label: {en: Order number, sk: Číslo objednávky}
  hint: {en: It starts with KW.}
  choices: [{en: Kettle, sk: Kanvica}, …]   # only these can be chosen; without: free text
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kbportal.articles.model import Problem
from kbportal.articles.yaml_text import YamlRefused, load_text

FORMS_FILE = "forms.yml"
SUGGESTIONS = "suggestions"
FORM_NAMES = ("contact", "widget")
MOST_QUESTIONS, MOST_CHOICES, LONGEST_TEXT = 20, 50, 200

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_KEYS = frozenset({"topics", "required", "label", "hint", "choices"})
_YES, _NO = {"yes", "true", "on"}, {"no", "false", "off"}
_MAX_BYTES = 200_000
_NOTHING: Mapping[str, Any] = MappingProxyType({})

Texts = Mapping[str, str]
"""Language → text."""


@dataclass(frozen=True, slots=True)
class Question:
    """A further question of the form; `topics` are slugs of categories, none for all."""

    id: str
    label: Texts
    hint: Texts = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[Texts, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Forms:
    """All further questions in their order, and the forms in which nothing is suggested."""

    questions: tuple[Question, ...] = ()
    silent: frozenset[str] = frozenset()


def in_language(texts: Texts, lang: str) -> str:
    """The text in that language; where there is none, in the one that was written first."""
    return texts.get(lang) or next(iter(texts.values()), "")


def read_forms(root: Path, problems: list[Problem]) -> Forms:
    """The editors' file; what cannot be used of it is reported and left out."""
    try:
        text = _text(root / FORMS_FILE)
        said, lines = load_text(text) if text else ({}, {})
        if not isinstance(said, dict):
            raise ValueError("write `name:` and below it what is asked")
    except YamlRefused as error:
        problems.append(_problem(error.line + 1, str(error)))
        return Forms()
    except (OSError, ValueError) as error:
        problems.append(_problem(1, f"not used: {error}"))
        return Forms()
    return _forms(said, {name: line + 1 for name, line in lines.items()}, problems)


class FormsFile:
    """The editors' file as it is now: read again when it has changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stamp: tuple[int, int] | None = None
        self._forms = Forms()

    def current(self) -> Forms:
        """What it says; nothing of it that cannot be used."""
        try:
            stat = (self._root / FORMS_FILE).stat()
        except OSError:
            return Forms()
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._stamp:
            self._forms, self._stamp = read_forms(self._root, []), stamp
        return self._forms


def _text(file: Path) -> str:
    if not file.exists():
        return ""
    if not file.is_file() or file.stat().st_size > _MAX_BYTES:
        raise ValueError("it is no ordinary file, or far too large")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8: save it as UTF-8") from error


def _forms(said: dict[str, Any], lines: Mapping[str, int], problems: list[Problem]) -> Forms:
    def used(name: str, read: Callable[[], Any]) -> Iterator[Any]:
        try:
            yield read()
        except ValueError as error:
            problems.append(_problem(lines.get(name, 1), f"`{name[:40]}` is not used: {error}"))

    silent: frozenset[str] = frozenset()
    questions: list[Question] = []
    for name, facts in said.items():
        if name == SUGGESTIONS:
            silent = next(used(name, lambda facts=facts: _silent(facts)), silent)  # type: ignore[misc]
        elif len(questions) == MOST_QUESTIONS:
            message = f"more than {MOST_QUESTIONS} questions: nobody answers so many"
            problems.append(_problem(lines.get(name, 1), message))
            break
        else:
            line = lines.get(name, 1)
            questions += used(name, lambda n=name, f=facts, at=line: _question(n, f, at))  # type: ignore[misc]
    return Forms(tuple(questions), silent)


def _silent(said: Any) -> frozenset[str]:
    if not isinstance(said, dict) or set(said) - set(FORM_NAMES):
        raise ValueError(f"write `{{{FORM_NAMES[0]}: on, {FORM_NAMES[1]}: off}}`")
    return frozenset(name for name, value in said.items() if not _yes(name, value))


def _question(name: str, said: Any, line: int) -> Question:
    if not _ID.fullmatch(name):
        raise ValueError("a name has small letters a-z, digits and hyphens, 40 at most")
    if not isinstance(said, dict):
        raise ValueError("write at least a `label` below it")
    if unknown := sorted(set(said) - _KEYS):
        raise ValueError(f"there is no `{unknown[0][:40]}`: use {', '.join(sorted(_KEYS))}")
    choices = said.get("choices", [])
    if not isinstance(choices, list) or len(choices) > MOST_CHOICES:
        raise ValueError(f"`choices` is a list of at most {MOST_CHOICES}")
    return Question(
        id=name,
        label=_texts("label", said.get("label")),
        hint=_texts("hint", said["hint"]) if said.get("hint") else {},
        topics=_topics(said.get("topics", [])),
        required=_yes("required", said.get("required", "no")),
        choices=tuple(_texts("choices", one) for one in choices),
        line=line,
    )


def _texts(key: str, said: Any) -> Texts:
    if not isinstance(said, dict) or not said:
        raise ValueError(f"`{key}` needs a text per language: `{{en: …, sk: …}}`")
    for lang, text in said.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"`{key}` has no text for `{lang}`")
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"`{key}` for `{lang}` is longer than {LONGEST_TEXT} characters")
    return {lang: text.strip() for lang, text in said.items()}


def _topics(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise ValueError("`topics` is a list of categories: `[orders, delivery]`")
    return tuple(said)


def _yes(key: str, value: Any) -> bool:
    word = str(value).lower()
    if word not in _YES | _NO:
        raise ValueError(f"`{key}` is yes or no")
    return word in _YES


def _problem(line: int, message: str) -> Problem:
    return Problem(FORMS_FILE, line, "bad-form", "error", message)
