"""Searches over many days: their rates, and one row per query."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kbportal.deflection.clusters import effect_of_sums
from kbportal.deflection.facts import TABLES, Column, Table
from kbportal.deflection.intervals import share
from kbportal.deflection.model import Metric, QueryRow
from kbportal.deflection.stack import Stack
from kbportal.events.catalog import Surface

MOST_FOUND_FOR = 5


def search_metrics(stack: Stack) -> dict[str, Metric]:
    """The rates of searches that were asked for, not looked up while somebody wrote to us."""
    table = stack.rows("searches")
    asked = stack.facets_where(lambda facet: facet.surface != Surface.FORM)[table["facet"]]
    n = {name: int(table[name][asked].sum()) for name in _COUNTS}
    effects = _effects(stack, n)
    return {
        "zero_result_rate": share(n["zero"], n["n"], effect=effects["zero"]),
        "no_open_rate": share(n["no_open"], n["answered"]),
        "reformulation_rate": share(n["reformulated"], n["followed"]),
        "search_ticket_rate": share(n["led"], n["followed"], effect=effects["led"]),
    }


def _effects(stack: Stack, n: Mapping[str, int]) -> dict[str, float]:
    """The design effects of finding nothing and of a ticket afterwards: one ticket follows all
    searches that somebody made before it. The other rates hardly hang together.
    """
    table = stack.rows("searchers")
    asked = stack.facets_where(lambda facet: facet.surface != Surface.FORM)[table["facet"]]
    sums = {name: int(table[name][asked].sum()) for name in TABLES["searchers"]}
    return {
        "zero": effect_of_sums(
            n["zero"], n["n"], sums["n"], yy=sums["zz"], ym=sums["zn"], mm=sums["nn"]
        ),
        "led": effect_of_sums(
            n["led"], n["followed"], sums["f"], yy=sums["ll"], ym=sums["lf"], mm=sums["ff"]
        ),
    }


def by_query(stack: Stack, *, most: int | None) -> tuple[tuple[QueryRow, ...], int]:
    """The queries, the most searched first, and how many different ones there are.

    Args:
        most: Rows that are the first so many by any of their counts; None for all.
    """
    table = stack.rows("searches")
    found, which = np.unique(_hashes(stack, table), return_inverse=True)
    names = ("n", "zero", "no_open", "led")
    sums = {name: _sum(table[name], which, len(found)) for name in names}
    latest = np.zeros(len(found), dtype=np.int64)
    np.maximum.at(latest, which, np.arange(len(which)))
    rows = [
        QueryRow(
            query=text_of(stack, table, int(latest[at])),
            lang=stack.facets[table["facet"][latest[at]]].lang,
            searches=int(sums["n"][at]),
            zero_results=int(sums["zero"][at]),
            no_open=int(sums["no_open"][at]),
            tickets=int(sums["led"][at]),
        )
        for at in _first(list(sums.values()), most)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.searches, row.query, row.lang))), len(found)


def found_for(stack: Stack) -> dict[int, tuple[str, ...]]:
    """For each article the queries after which it was opened most."""
    table = stack.rows("found_for")
    queries, which = np.unique(_hashes(stack, table), return_inverse=True)
    pairs, at = np.unique(
        table["article"].astype(np.int64) * (len(queries) + 1) + which, return_inverse=True
    )
    times = _sum(table["n"], at, len(pairs))
    latest = np.zeros(len(pairs), dtype=np.int64)
    np.maximum.at(latest, at, np.arange(len(at)))
    article = pairs // (len(queries) + 1)
    found: dict[int, list[str]] = {}
    for pair in np.lexsort((pairs, -times, article)):
        texts = found.setdefault(int(article[pair]), [])
        if len(texts) < MOST_FOUND_FOR:
            texts.append(text_of(stack, table, int(latest[pair])))
    return {number: tuple(texts) for number, texts in found.items()}


_COUNTS = ("n", "zero", "followed", "answered", "no_open", "reformulated", "led")


def _hashes(stack: Stack, table: Table) -> Column:
    """What tells queries apart over all days, for each row."""
    sizes = [len(one.tables["queries"]["hash"]) for one in stack.days]
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    hashes: Column = stack.table("queries")["hash"]
    rows: Column = starts[table["day"]] + table["query"]
    return np.take(hashes, rows)


def text_of(stack: Stack, table: Table, row: int) -> str:
    """The query of a row of a table that has them."""
    return stack.days[int(table["day"][row])].query(int(table["query"][row]))


def _sum(values: Column, group: Column, size: int) -> Column:
    return np.bincount(group, weights=values, minlength=size).astype(np.int64)


def _first(counts: list[Column], most: int | None) -> list[int]:
    """Which rows are among the first by one of these counts and have it at all."""
    size = len(counts[0])
    if most is None or size <= most:
        return list(range(size))
    chosen: set[int] = set()
    for count in counts:
        top = np.argpartition(-count, most)[:most]
        chosen.update(int(at) for at in top if count[at])
    return sorted(chosen)
