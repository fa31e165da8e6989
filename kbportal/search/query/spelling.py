"""Did you mean: a word that nobody knows, one slip away from a word that articles use.

Only a word that is unknown everywhere is ever changed: no article of any language has it, no
table of word forms, no synonym. It becomes a known form of a word that articles of the page's
language use, if the whole query then finds more than before.

Source of the candidates: Damerau, A Technique for Computer Detection and Correction of Spelling
Errors, CACM 1964: four in five slips are one letter wrong, missing, added, or two exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from string import ascii_lowercase

from kbportal.kernel.text import fold
from kbportal.search.index.generation import Generation
from kbportal.search.index.language import LanguageIndex
from kbportal.search.query.detection import language_of
from kbportal.search.text.analysis import MAX_CHARACTERS, MAX_TERMS, WORD, grams
from kbportal.search.text.synonyms import Reading

# Shorter words have too many neighbours.
SHORTEST_WORD = 5

_LONGEST_WORD = 24
_MANY_ARTICLES = 100
# Articles that are read for how they spell a word, and how many words are looked for in them.
_MOST_READ = 4
_MOST_TRIED = 3
# Bounds the work for texts of which nothing is known: they are no misspelt queries.
_MOST_UNKNOWN = 4
_BLOCK = 128
_KEY_ROWS = ("qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")
_SOUNDS = ("aeiouy", "bp", "cks", "dt", "gk", "sz", "vw")


def misspelt(generation: Generation, text: str, *, lang: str) -> tuple[Reading, ...]:
    """The misspelt words of a text, each with the word that was probably meant."""
    index = generation.languages.get(lang)
    typed = text[:MAX_CHARACTERS]
    places = list(WORD.finditer(typed))[:MAX_TERMS]
    unknown = [place.group() for place in places if _is_unknown(generation, place.group())]
    if index is None or not 0 < len(unknown) <= _MOST_UNKNOWN:
        return ()
    if language_of(typed, page=lang, languages=generation.languages) != lang:
        return ()
    better = {word: _nearest(generation, index, word) for word in unknown}
    found = tuple(Reading(word, (meant,)) for word, meant in better.items() if meant)
    return found if found and _finds_more(index, mended(typed, found), typed) else ()


def mended(text: str, misspellings: Sequence[Reading]) -> str:
    """The text with each misspelt word replaced, all else as it was typed."""
    meant = {one.phrase: one.others[0] for one in misspellings}
    return WORD.sub(lambda word: meant.get(word.group(), word.group()), text[:MAX_CHARACTERS])


def slips(form: str) -> set[str]:
    """Every string that may become this folded word by one slip after its first letter.

    A letter too few, one too many, two exchanged, or one for another that is easily taken for it.
    """
    found: set[str] = set()
    letters = _letters(form)
    for at in range(1, len(form) + 1):
        head, tail = form[:at], form[at:]
        found.update(head + letter + tail for letter in letters)
        if tail:
            found.add(head + tail[1:])
            found.update(head + letter + tail[1:] for letter in letters & _alike(tail[0]))
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    return found - {form}


@cache
def _alike(letter: str) -> frozenset[str]:
    """Letters that are struck or heard for this one.

    Any other exchange makes a different word at least as often as it mends one.
    """
    beside = {row[at + step] for row in _KEY_ROWS for at, step in _neighbours(row, letter)}
    return frozenset(beside.union(*(group for group in _SOUNDS if letter in group)))


def _neighbours(row: str, letter: str) -> list[tuple[int, int]]:
    at = row.find(letter)
    return [(at, step) for step in (-1, 1) if at >= 0 and 0 <= at + step < len(row)]


def _letters(form: str) -> frozenset[str]:
    """The letters of the word's script: those of half a Unicode block, folded."""
    last = max(form)
    if last.isascii():
        return frozenset(ascii_lowercase)
    start = ord(last) // _BLOCK * _BLOCK
    block = (chr(code) for code in range(start, start + _BLOCK))
    return frozenset(letter for letter in block if letter.isalpha() and fold(letter) == letter)


def _is_unknown(generation: Generation, word: str) -> bool:
    """Whether a word may be misspelt: long enough, all letters, and known in no language."""
    if not SHORTEST_WORD <= len(word) <= _LONGEST_WORD or not word.isalpha():
        return False
    if any(table.knows(word) for table in generation.synonyms.values()):
        return False
    form = fold(word)
    return bool(form) and not any(
        index.analyser.lookup(form) for index in generation.languages.values()
    )


def _nearest(generation: Generation, index: LanguageIndex, word: str) -> str | None:
    """The word one slip away that most articles have, as they spell it; None without any.

    Another form of the same term is no correction: such a word was right, only never used.
    """
    own = index.analyser.term(word)
    terms = {form: index.analyser.lookup(form) for form in slips(fold(word))}
    known = {form: term for form, term in terms.items() if term and term != own}
    frequencies = index.words.frequencies(list(known.values())).tolist()
    common = sorted(
        (-count, form)
        for form, count in zip(known, frequencies, strict=True)
        if count >= _least(index) and _is_used(index, form)
    )
    spelt = (_as_spelt(generation, index, form, known[form]) for _, form in common[:_MOST_TRIED])
    found = next((one for one in spelt if one), None)
    return _in_case_of(word, found) if found else None


def _least(index: LanguageIndex) -> int:
    """How many articles must have a word before it is offered: in many, one may have a slip."""
    return 1 if index.words.size < _MANY_ARTICLES else 2


def _is_used(index: LanguageIndex, form: str) -> bool:
    """Whether articles have all of a form's 4-grams: a dictionary knows forms that nobody uses."""
    return bool(index.grams.frequencies(grams(form)).all())


def _as_spelt(generation: Generation, index: LanguageIndex, form: str, term: str) -> str | None:
    """A folded word with the diacritics that an article gives it; None if surely none has it."""
    rows = index.words.rows_with(term)
    for row in rows[:_MOST_READ].tolist():
        for text in _texts(generation, index.articles[row]):
            for place in WORD.finditer(text):
                word = place.group()
                if len(word) == len(form) and fold(word) == form:
                    return word.lower()
    return form if len(rows) > _MOST_READ else None


def _texts(generation: Generation, article: str) -> Iterator[str]:
    found = generation.shelf.by_id(article)
    if found:
        yield from (found.article.title, found.article.summary, *found.article.answers)
    for passage in generation.shelf.passages_of(article):
        yield from (passage.heading, passage.text)


def _in_case_of(typed: str, word: str) -> str:
    """The word with capitals where the typed one has them."""
    if typed.isupper():
        return word.upper()
    return word.capitalize() if typed[0].isupper() else word


def _finds_more(index: LanguageIndex, meant: str, typed: str) -> bool:
    """Whether some article says more of the corrected query than any says of the typed one."""
    terms = index.analyser.terms
    return bool(index.words.score(terms(meant)).max() > index.words.score(terms(typed)).max())
