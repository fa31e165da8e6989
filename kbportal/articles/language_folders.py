"""Which folders of a library are languages, and what to say about those that are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kbportal.articles.model import Problem
from kbportal.kernel.languages import LANGUAGES, is_known
from kbportal.kernel.text import fold

_SHORTEST_NAME = 3


def folders_of(root: Path) -> list[str]:
    """The folders of a library that are not hidden, by name."""
    names = (entry.name for entry in root.iterdir() if entry.is_dir())
    return sorted(name for name in names if not name.startswith((".", "_")))


def language_folders(
    root: Path, wanted: Sequence[str] | None, problems: list[Problem]
) -> Iterator[str]:
    """The languages that are wanted and there; articles anywhere else are reported."""
    for folder in folders_of(root):
        if is_known(folder) and (wanted is None or folder in wanted):
            yield folder
        elif next((root / folder).rglob("*.md"), None):
            problems.append(_not_read(folder, wanted))


def _not_read(folder: str, wanted: Sequence[str] | None) -> Problem:
    if is_known(folder):
        message = (
            f"is not among the languages {', '.join(wanted or ())}, so its articles are not read: "
            f"add {folder} to the setting `languages`"
        )
        return Problem(folder, 1, "language-not-offered", "warning", message)
    meant = likely_code(folder, wanted or ())
    advice = f"move them to {meant}/" if meant else "move them to en/, sk/, …"
    message = f"is no language code, so its articles are not read: {advice}"
    return Problem(folder, 1, "unknown-language", "warning", message)


def likely_code(folder: str, wanted: Sequence[str] = ()) -> str:
    """The code that was probably meant: `EN`, `en-GB`, `eng` and `English` are `en`; or ""."""
    name = fold(folder)
    first = name.replace("_", "-").partition("-")[0]
    if is_known(first):
        return first
    if len(name) < _SHORTEST_NAME:
        return ""
    # A language of this portal first: `slo` is Slovak where there is Slovak, else Slovenian.
    for code in dict.fromkeys([*wanted, *LANGUAGES]):
        named = LANGUAGES.get(code)
        if named and any(fold(one).startswith(name) for one in (named.english, named.endonym)):
            return code
    return ""
