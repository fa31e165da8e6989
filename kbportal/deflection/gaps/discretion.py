"""What may be shown of a customer's words: those that do not point to one person.

A text that was scrubbed of addresses and numbers may still hold a name, a password, an order
number. So a word is shown only where at least two people used it in the period, or where the
articles use it themselves; every other becomes "…". Names of customers are in neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set

from kbportal.deflection.gaps.model import Need
from kbportal.deflection.gaps.people import names_of
from kbportal.events.privacy import scrub
from kbportal.kernel.text import fold, normalise, shorten
from kbportal.search.text.analysis import WORD, words

HIDDEN = "…"
LONGEST = 160
_RUN = re.compile(r"…(?:[\s\W]*…)+")
_KINDS = re.compile(r"\[(?:email|phone|card|iban)\]")


def shared_words(needs: Iterable[Need]) -> frozenset[str]:
    """The folded words that at least two people used."""
    users: dict[str, set[frozenset[str]]] = {}
    shared: set[str] = set()
    for need in needs:
        names = names_of(need)
        for word in {fold(one) for one in words(f"{need.title} {need.text}")} - shared:
            known = users.setdefault(word, set())
            if any(names.isdisjoint(other) for other in known):
                shared.add(word)
                del users[word]
            else:
                known.add(names)
    return frozenset(shared)


def showable(text: str, *, shared: Set[str], is_known: Callable[[str], bool]) -> str:
    """The text with every word hidden that might tell who wrote it; "" where nothing is left.

    Args:
        is_known: Whether the articles use a folded word.
    """

    def kept(match: re.Match[str]) -> str:
        word = fold(match.group())
        return match.group() if word in shared or is_known(word) else HIDDEN

    scrubbed = _KINDS.sub(HIDDEN, scrub(normalise(text)))
    shown = _RUN.sub(HIDDEN, WORD.sub(kept, scrubbed))
    return shorten(shown, LONGEST) if WORD.search(shown) else ""
