"""What is installed beside us: pinned with hashes, under licences that ours can live with."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock")
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)")
# Its wheels differ between indexes: the Makefile pins it (decision 8).
OUTSIDE = {"torch"}
LICENCES = re.compile(
    r"(MIT|MIT-0|MIT-CMU|0BSD|BSD|[23]-Clause BSD|BSD-[23]-Clause|Apache|Apache-2\.0|ISC|PSF-2\.0"
    r"|MPL-2\.0|Zlib|CC0-1\.0|CNRI-Python|Apache 2\.0|Apache Software|ISC License \(ISCL\))"
    r"( License)?"
)


def entries(lock: str) -> list[str]:
    """One text per requirement, continued lines put together."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def names(lock: str) -> set[str]:
    return {folded(found[1]) for one in entries(lock) if (found := PIN.match(one))}


def folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_is_pinned_with_a_hash(lock: str):
    loose = [
        one.split()[0]
        for one in entries(lock)
        if not PIN.match(one) or not re.search(r"--hash=sha256:[0-9a-f]{64}\b", one)
    ]

    assert loose == []


def test_what_the_project_asks_for_is_in_the_locks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {folded(re.split(r"[\[<>=!~; ]", one)[0]) for one in project["dependencies"]}
    tested = {
        folded(re.split(r"[\[<>=!~; ]", one)[0]) for one in project["optional-dependencies"]["test"]
    }

    assert asked - names("requirements.lock") == OUTSIDE
    assert asked | tested == (asked | tested) & names("requirements-test.lock") | OUTSIDE


def test_both_locks_pin_the_same_versions():
    one, other = ({m[1]: m[2] for e in entries(lock) if (m := PIN.match(e))} for lock in LOCKS)

    assert {name: other.get(name) for name in one} == one


def test_what_serves_is_under_a_licence_of_the_list():
    strange = {
        name: said
        for name in sorted(names("requirements.lock"))
        if (said := licence(name))
        and not all(map(LICENCES.fullmatch, re.split(r" AND | OR ", said)))
    }

    assert strange == {}


def licence(name: str) -> str:
    """What a package says of its licence; empty for one that this platform does not install."""
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return ""
    marks = [one.split(" :: ")[-1] for one in facts.get_all("Classifier") or []
             if one.startswith("License :: ")]  # fmt: skip
    said = facts["License-Expression"] or " AND ".join(marks) or (facts["License"] or "")
    return said.strip() or "nothing"
