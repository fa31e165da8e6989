"""What nobody types by accident: seeded texts that have broken search boxes elsewhere."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count

SYNTAX = (
    "*", "?", "~2", "^9", "AND", "OR", "NOT", "TO", "[a TO z]", "{* TO *}", "(", ")", '"', "“",
    "„", "«", "'", "title:", "body:*", "audience:staff", "\\", "/.*/", "--", ";", "%", "_", "$",
    "{{7*7}}", "{%", "${x}", "<script>", "<mark>", "&amp;", "../../etc", "%00", "%ff",
    "\\u0000", "\r\n", "\t", "(a+)+$", "((((((((((", "(.*)*", "[[:alpha:]]{999}", "🧺", "İ",
    "ß", "ﬃ", "ǅ", "ſ", "ﷺ",
)  # fmt: skip
INVISIBLE = (
    "\0\x07\x1b\x7f\xad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069"
    "\ufeff\ufff9\U000e0001\U000e007f"
)
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
RIGHT_TO_LEFT = ("كيف أستعيد كلمة المرور", "איך מאפסים סיסמה", "گذرواژه را فراموش کرده‌ام")
WORDS = ("password", "heslo", "paczka", "salasana", "parolă", "účtu", "refund", "Box", "IČ", "a")

_LARGE = 100_000


def hostile_texts(count: int, *, seed: int) -> Iterator[str]:
    """So many texts, the same for the same seed: each kind as often as any other."""
    chance = random.Random(seed)
    for number in range(count):
        yield _KINDS[number % len(_KINDS)](chance)


def large_texts() -> Iterator[str]:
    """Texts of 100 kB and more, each slow in its own way."""
    for piece in (
        "x", "é", "password ", "ab" * 20 + " ", '"', '""', "(", "a\u0301", "🧺", "\ufdfa", "\0",
        "\udcff", "\u202e", "\n", "* ", "a*", "(a+)+$ ", "aaaaaaaa!", "ẞ", "İ", "1", "-",
    ):  # fmt: skip
        yield piece * (_LARGE // len(piece))
    yield " ".join(str(number) for number in range(20_000))
    yield "e" + "\u0301" * _LARGE
    yield "".join(chr(code) for code in range(0x4E00, 0x9FFF)) * 5


def _any_plane(chance: random.Random) -> str:
    """Code points of one plane: assigned or not, private, surrogates."""
    plane = chance.randrange(17) << 16
    top = min(plane + 0xFFFF, sys.maxunicode)
    return "".join(chr(chance.randint(plane, top)) for _ in range(chance.randint(1, 80)))


def _every_plane(chance: random.Random) -> str:
    return "".join(chr(chance.randint(0, sys.maxunicode)) for _ in range(chance.randint(1, 600)))


def _syntax(chance: random.Random) -> str:
    pieces = [chance.choice((*SYNTAX, *WORDS)) for _ in range(chance.randint(1, 60))]
    return chance.choice(("", " ")).join(pieces)


def _invisible(chance: random.Random) -> str:
    pieces = [chance.choice((*INVISIBLE, *WORDS)) for _ in range(chance.randint(1, 80))]
    return "".join(pieces)


def _combining(chance: random.Random) -> str:
    """Letters under heaps of marks."""
    marks = [chr(code) for code in (*range(0x300, 0x370), *range(0x20D0, 0x20F0), 0x489, 0x0E47)]
    heaps = (chance.choices(marks, k=chance.choice((1, 9, 200))) for _ in count())
    return "".join(
        letter + "".join(heap) for letter, heap in zip(chance.choice(WORDS), heaps, strict=False)
    )


def _bomb(chance: random.Random) -> str:
    """What makes naive patterns try for ever."""
    repeated = chance.choice(("a", "aa!", "(a|a)*", ".*", "\\", "((", "[^", "a?", '"a', "„a", "- "))
    return repeated * chance.randint(1, 300) + chance.choice(("!", "$", "", '"', "\n"))


def _emoji(chance: random.Random) -> str:
    pieces = (
        FAMILY,
        "\U0001f1f8\U0001f1f0",
        "👍🏽",
        "\ufe0f",
        "\u20e3",
        "#️⃣",
        "🏴\U000e0067\U000e007f",
        " ",
    )
    return "".join(chance.choices(pieces, k=chance.randint(1, 60)))


def _right_to_left(chance: random.Random) -> str:
    pieces = [*RIGHT_TO_LEFT, "\u202e", "\u2067", *WORDS]
    return " ".join(chance.choices(pieces, k=chance.randint(1, 12)))


def _damaged_words(chance: random.Random) -> str:
    """Real words with letters lost, doubled and exchanged, so that everything is looked up."""
    words = [list(chance.choice(WORDS)) for _ in range(chance.randint(1, 40))]
    for word in words:
        word.insert(chance.randrange(len(word) + 1), chr(chance.randint(0x61, 0x17F)))
    return " ".join(map("".join, words))


def _long_words(chance: random.Random) -> str:
    alphabet = chance.choice(("ab", "žščťáéí", "0123456789", "_-", "ყტ", "漢字", "İıſß"))
    words = ("".join(chance.choices(alphabet, k=chance.randint(1, 300))) for _ in range(20))
    return " ".join(words)


_KINDS: Sequence[Callable[[random.Random], str]] = (
    _any_plane, _every_plane, _syntax, _invisible, _combining, _bomb, _emoji, _right_to_left,
    _damaged_words, _long_words,
)  # fmt: skip
