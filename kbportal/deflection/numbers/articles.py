"""What each article did for those who needed help."""

from __future__ import annotations

import numpy as np

from kbportal.deflection.contents import LEAST_FOR_A_RANK, ArticleRow, Rates
from kbportal.deflection.facts.day import OUTCOMES, Column
from kbportal.deflection.facts.stack import Stack
from kbportal.deflection.numbers.queries import found_for
from kbportal.deflection.numbers.shrinkage import shrunk


def article_table(stack: Stack) -> tuple[ArticleRow, ...]:
    """One row per article that anything happened to, the most read first.

    Episodes count whether they have matured or not; a visitor's last vote on an article counts.
    """
    reads = stack.rows("reads")
    opened = reads["opened"]
    solved, taken_back = _presses(stack)
    yes, no = _votes(stack)
    counts = {
        "views": _per_article(stack, reads["article"][~opened], reads["n"][~opened]),
        "opened_from_form": _per_article(stack, reads["article"][opened], reads["n"][opened]),
        "solved": solved,
        "taken_back": taken_back,
        "tickets_after_reading": _after_reading(stack),
        "votes_yes": yes,
        "votes_no": no,
    }
    queries, rates = found_for(stack), _rates(counts)
    places = _places(stack, rates)
    rows = [
        ArticleRow(
            article=stack.articles[at],
            found_for=queries.get(at, ()),
            rates=rates[at],
            rank=places.get(at),
            **{name: int(column[at]) for name, column in counts.items()},
        )
        for at in np.flatnonzero(np.sum(list(counts.values()), axis=0)).tolist()
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.views + row.opened_from_form), row.article)))


def _rates(counts: dict[str, Column]) -> list[Rates]:
    read = counts["views"] + counts["opened_from_form"]
    votes = counts["votes_yes"] + counts["votes_no"]
    lasting = counts["solved"] - counts["taken_back"]
    after = counts["tickets_after_reading"]
    both = zip(
        shrunk(lasting, np.maximum(counts["opened_from_form"], counts["solved"])),
        shrunk(after, np.maximum(read, after)),
        shrunk(counts["votes_yes"], votes),
        strict=True,
    )
    return [Rates(*three) for three in both]


def _places(stack: Stack, rates: list[Rates]) -> dict[int, int]:
    """The place of each article among those of which enough is known."""
    known = [at for at, one in enumerate(rates) if one.solved.n >= LEAST_FOR_A_RANK]
    known.sort(key=lambda at: (-(rates[at].solved.value or 0.0), stack.articles[at]))
    return {at: place for place, at in enumerate(known, 1)}


def _per_article(stack: Stack, articles: Column, times: Column | None = None) -> Column:
    size = len(stack.articles)
    return np.bincount(articles, weights=times, minlength=size).astype(np.int64)


def _presses(stack: Stack) -> tuple[Column, Column]:
    episodes, presses = stack.table("episodes"), stack.table("presses")
    kept = stack.kept[episodes["facet"]][presses["episode"]]
    back = (episodes["outcome"] == OUTCOMES.index("T")) | ~episodes["lasting"]
    taken_back = kept & back[presses["episode"]]
    articles = presses["article"]
    return _per_article(stack, articles[kept]), _per_article(stack, articles[taken_back])


def _after_reading(stack: Stack) -> Column:
    tickets, reads = stack.table("tickets"), stack.table("ticket_reads")
    kept = stack.kept[tickets["facet"]][reads["ticket"]]
    return _per_article(stack, reads["article"][kept])


def _votes(stack: Stack) -> tuple[Column, Column]:
    votes = stack.rows("votes")
    who = stack.persons(votes["who"])
    order = np.lexsort((votes["at"], votes["article"], who))
    who, article = who[order], votes["article"][order]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = (who[1:] != who[:-1]) | (article[1:] != article[:-1])
    yes, article = votes["yes"][order][is_last], article[is_last]
    return _per_article(stack, article[yes]), _per_article(stack, article[~yes])
