"""Searches over many days: their rates, and one row per query."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kbportal.deflection.contents import QueryRow
from kbportal.deflection.facts.day import TABLES, Column, Table
from kbportal.deflection.facts.forgetting import NOT_KNOWN
from kbportal.deflection.facts.stack import Stack
from kbportal.deflection.model import Metric
from kbportal.deflection.numbers.clusters import effect_of_sums
from kbportal.deflection.numbers.intervals import share
from kbportal.events.catalog import Surface

MOST_FOUND_FOR = 3


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
    table = _with_text(stack, stack.rows("searches"))
    found, which = np.unique(_hashes(stack, table), return_inverse=True)
    names = ("n", "zero", "no_open", "led", "reformulated")
    sums = {name: _sum(table[name], which, len(found)) for name in names}
    latest = np.zeros(len(found), dtype=np.int64)
    np.maximum.at(latest, which, np.arange(len(which)))
    chosen = _first(list(sums.values()), most)
    last = latest[chosen]
    langs = [stack.facets[facet].lang for facet in table["facet"][last].tolist()]
    counts = zip(*(sums[name][chosen].tolist() for name in names), strict=True)
    rows = [
        QueryRow(text, lang, *count)
        for text, lang, count in zip(_texts(stack, table, last), langs, counts, strict=True)
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
    order = np.lexsort((pairs, -times, article))
    # The place of each pair among those of its article.
    starts = np.searchsorted(article[order], article[order])
    order = order[np.arange(len(order)) - starts < MOST_FOUND_FOR]
    found: dict[int, tuple[str, ...]] = {}
    for number, text in zip(
        article[order].tolist(), _texts(stack, table, latest[order]), strict=True
    ):
        found[number] = (*found.get(number, ()), text)
    return found


_COUNTS = ("n", "zero", "followed", "answered", "no_open", "reformulated", "led")


def _with_text(stack: Stack, table: Table) -> Table:
    """The rows whose queries were not forgotten."""
    known = _hashes(stack, table) != NOT_KNOWN
    return {name: values[known] for name, values in table.items()}


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


def _texts(stack: Stack, table: Table, rows: Column) -> list[str]:
    days, queries = table["day"][rows].tolist(), table["query"][rows].tolist()
    return [stack.days[day].query(query) for day, query in zip(days, queries, strict=True)]


def _sum(values: Column, group: Column, size: int) -> Column:
    return np.bincount(group, weights=values, minlength=size).astype(np.int64)


def _first(counts: list[Column], most: int | None) -> Column:
    """Which rows are among the first by one of these counts and have it at all."""
    size = len(counts[0])
    if most is None or size <= most:
        return np.arange(size)
    chosen = np.zeros(size, dtype=bool)
    for count in counts:
        top = np.argpartition(-count, most)[:most]
        chosen[top[count[top] > 0]] = True
    return np.flatnonzero(chosen)
