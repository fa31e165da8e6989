"""The needs of one language in groups, each with the gap that it was known as, if any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from scipy import sparse

from kbportal.deflection.gaps.clusters import Groups, clusters, nearest
from kbportal.deflection.gaps.identity import match
from kbportal.deflection.gaps.likeness import Likeness, compare
from kbportal.deflection.gaps.meaning import Floats, Meaning
from kbportal.deflection.gaps.model import Gap, Need
from kbportal.kernel.text import fold, normalise

MOST_TEXTS = 50_000
"""Different texts of a language that are compared; what was written most often comes first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Needs that mean the same, the most central text first; known_as: its gap, if any."""

    needs: tuple[Need, ...]
    known_as: Gap | None = None


@dataclass(frozen=True, slots=True)
class Grouped:
    """All groups of a language, and what the texts of its tickets belong to.

    texts: different ones that were compared; left_out: needs whose text was not.
    place: folded text → number of its group; those beyond the groups are the gaps of `faded`,
    which no group of today is like.
    """

    groups: tuple[Group, ...]
    faded: tuple[Gap, ...]
    place: Mapping[str, int]
    texts: int
    left_out: int


def group(
    needs: Sequence[Need],
    kept: Sequence[Gap],
    meaning: Meaning,
    *,
    most_texts: int = MOST_TEXTS,
) -> Grouped:
    """Group the unmet needs of one language; met ones only find their place.

    Args:
        kept: Gaps of this language from earlier surveys.
    """
    unmet: dict[str, list[Need]] = {}
    for need in needs:
        if need.unmet:
            unmet.setdefault(key_of(need.text), []).append(need)
    ordered = sorted(unmet, key=lambda text: (-len(unmet[text]), _lot(text)))
    texts = ordered[:most_texts]
    met = sorted({key_of(need.text) for need in needs} - set(texts))[:most_texts]
    anchors = [(at, key_of(text)) for at, gap in enumerate(kept) for text in gap.anchors]
    likeness = compare([*texts, *met, *(text for _, text in anchors)], meaning)
    ours = likeness.rows(slice(0, len(texts)))
    found = clusters(ours)
    centres = ours.means(found, _count(found))
    earlier = _centres_of(likeness, [at for at, _ in anchors], len(kept))
    known = {column: kept[row] for row, column in match(earlier, centres).items()}
    faded = [at for at, gap in enumerate(kept) if gap not in known.values()]
    everything = _stacked(centres, earlier.rows(np.array(faded, dtype=np.int64)))
    rest = nearest(likeness.rows(slice(len(texts), len(texts) + len(met))), everything)
    place = dict(zip([*texts, *met], [*found.tolist(), *rest.tolist()], strict=True))
    return Grouped(
        groups=_groups(texts, found, ours, centres, unmet, known),
        faded=tuple(kept[at] for at in faded),
        place={text: number for text, number in place.items() if number >= 0},
        texts=len(texts),
        left_out=sum(len(unmet[text]) for text in ordered[most_texts:]),
    )


def key_of(text: str) -> str:
    """The same for texts that differ in case, accents and spaces alone."""
    return fold(normalise(text))


def _lot(text: str) -> bytes:
    """Draws among texts that are equally frequent, the same each time."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def _count(groups: Groups) -> int:
    return int(groups.max()) + 1 if len(groups) else 0


def _centres_of(likeness: Likeness, owners: Sequence[int], count: int) -> Likeness:
    """One row per gap from the last rows of all, its anchors; zeros for a gap without any."""
    groups = np.full(len(likeness), -1, dtype=np.int64)
    if owners:
        groups[-len(owners) :] = owners
    return likeness.means(groups, count)


def _stacked(first: Likeness, second: Likeness) -> Likeness:
    return Likeness(
        sparse.csr_array(sparse.vstack([first.letters, second.letters])),
        np.concatenate([first.meaning, second.meaning]),
    )


def _groups(
    texts: Sequence[str],
    found: Groups,
    ours: Likeness,
    centres: Likeness,
    unmet: Mapping[str, Sequence[Need]],
    known: Mapping[int, Gap],
) -> tuple[Group, ...]:
    members: list[list[int]] = [[] for _ in range(len(centres))]
    for at, number in enumerate(found.tolist()):
        if number >= 0:
            members[number].append(at)
    made = []
    for number, rows in enumerate(members):
        central = _central(ours.rows(rows), centres.rows([number]))
        inside = [need for at in central for need in _latest(unmet[texts[rows[at]]])]
        made.append(Group(tuple(inside), known.get(number)))
    return tuple(made)


def _central(texts: Likeness, centre: Likeness) -> list[int]:
    """Places of the texts, the one most like all others first."""
    alike: Floats = texts.with_all(centre)[:, 0]
    return [int(at) for at in np.argsort(-alike, kind="stable")]


def _latest(needs: Iterable[Need]) -> list[Need]:
    return sorted(needs, key=lambda need: need.at, reverse=True)
