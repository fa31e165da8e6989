"""How well texts are grouped by need, against sets whose right groups are known.

    python -m benchmarks.gaps FOLDER... [--indexes DIR] [--trust 0.5] [--alike 0.2,0.25,0.3]

Each FOLDER is a data set as `kbportal evaluate` reads it; queries that the same document answers
are one need. The encoder is that of the live index, the background are the set's own documents.
Also times the grouping of many texts (`--many 50000`), made of the words of the first set.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_rand_score, homogeneity_completeness_v_measure

from kbportal.deflection.gaps.clusters import ALIKE, Groups, clusters
from kbportal.deflection.gaps.likeness import compare
from kbportal.deflection.gaps.meaning import Encode, Meaning
from kbportal.search.evaluation.dataset import Dataset, read_dataset
from kbportal.search.index.generation import live_folder, open_generation

BACKGROUND = 300
LONGEST = 200


def main() -> None:
    """Print one line per set, trust and threshold."""
    given = _arguments()
    generation = open_generation(live_folder(given.indexes))
    encode = generation.encoder.encode if generation.encoder else None
    sets = [read_dataset(folder) for folder in given.sets]
    print("set                   texts needs trust  alike  groups  purity  V     ARI")
    for data in sets:
        texts, labels = _labelled(data, given.limit)
        for trust in given.trust:
            likeness = compare(texts, _meaning(data, encode, trust))
            for alike in given.alike:
                found = clusters(likeness, alike=alike)
                print(f"{data.name:<20} {_line(labels, found, trust, alike)}", flush=True)
    if given.many:
        _many(sets[0], given.many, encode, given.trust[-1])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--indexes", type=Path, default=Path("indexes"))
    parser.add_argument("--trust", type=_numbers, default=[-1.0, 0.0, 1.0])
    parser.add_argument("--alike", type=_numbers, default=[ALIKE])
    parser.add_argument("--limit", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=0)
    return parser.parse_args()


def _numbers(text: str) -> list[float]:
    return [float(one) for one in text.split(",")]


def _labelled(data: Dataset, limit: int) -> tuple[list[str], list[str]]:
    """Texts, and the document that answers each: of several the one of the highest grade."""
    asked = data.queries[:limit]
    best = [min((-grade, one) for one, grade in data.relevant[q.id].items())[1] for q in asked]
    return [query.text[:LONGEST] for query in asked], best


def _meaning(data: Dataset, encode: Encode | None, trust: float) -> Meaning:
    if encode is None or trust <= -1:
        return Meaning()
    about = [f"{one.get('title', '')} {one['text']}"[:400] for one in data.documents[:BACKGROUND]]
    return Meaning(encode, trust, np.stack([encode(text) for text in about]))


def _line(labels: list[str], found: Groups, trust: float, alike: float) -> str:
    names = {name: at for at, name in enumerate(dict.fromkeys(labels))}
    right = np.array([names[label] for label in labels])
    table = np.zeros((int(found.max()) + 1, len(names)), dtype=int)
    np.add.at(table, (found, right), 1)
    purity = table.max(axis=1).sum() / len(labels)
    _, _, v_measure = homogeneity_completeness_v_measure(right, found)
    rand = adjusted_rand_score(right, found)
    return (
        f"{len(labels):>6} {len(names):>5} {trust:>5.1f} {alike:>6.2f} {len(table):>7}"
        f" {purity:>7.2f} {v_measure:>5.2f} {rand:>6.2f}"
    )


def _many(data: Dataset, count: int, encode: Encode | None, trust: float) -> None:
    """Time so many different texts, each of the words of two queries."""
    chance = random.Random(1)
    words = [query.text.split() for query in data.queries]
    texts = list(
        dict.fromkeys(
            " ".join(chance.choice(words)[:6] + chance.choice(words)[:3] + [str(at % 97)])
            for at in range(count)
        )
    )
    started = time.process_time()
    likeness = compare(texts, _meaning(data, encode, trust))
    compared = time.process_time()
    found = clusters(likeness)
    ended = time.process_time()
    print(
        f"{len(texts)} texts: compared in {compared - started:.1f} s, grouped in "
        f"{ended - compared:.1f} s of one processor, {int(found.max()) + 1} groups"
    )


if __name__ == "__main__":
    main()
