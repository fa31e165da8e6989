"""A list of problems that a person can read: the same finding in each file is said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kbportal.articles.model import Problem


def summarised(problems: Iterable[Problem], *, examples: int = 3, most: int = 20) -> list[Problem]:
    """The same problems in order of file and line, with long runs of one kind cut short.

    Of a kind (rule and severity) that occurs more than `most` times the first `examples` stay,
    and the last of them says in how many more places the same was found.
    """
    kinds: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in sorted(problems):
        kinds[problem.rule, problem.severity].append(problem)
    return sorted(one for found in kinds.values() for one in _cut(found, examples, most))


def _cut(found: list[Problem], examples: int, most: int) -> list[Problem]:
    if len(found) <= most:
        return found
    *kept, last = found[:examples]
    more = f"{last.message} (and {len(found) - examples:,} more like this)"
    return [*kept, replace(last, message=more)]
