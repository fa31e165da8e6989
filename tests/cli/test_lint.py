from __future__ import annotations

import pytest

from tests.builders import UNSCHOOLED

SHAPE = ["file", "line", "rule", "severity", "message"]


def write(library, name: str, content: bytes) -> None:
    (library / UNSCHOOLED / name).write_bytes(content)


def test_a_sound_library_passes(run, library):
    said = run("lint", "--json")

    assert said.code == 0
    assert not [problem for problem in said.json if problem["severity"] == "error"]


def test_findings_have_the_promised_shape(run, library):
    write(library, "bad.md", b"---\ntitle: Bad\n---\n[gone](nowhere.md)\n")

    findings = run("lint", "--json").json

    assert findings
    assert all(list(one) == SHAPE for one in findings)


@pytest.mark.parametrize(
    "content",
    [b"---\ntitle: [never closed\n---\nText.\n", b"caf\xe9\n", b"word " * 1_000_000],
    ids=["broken YAML", "Latin-1", "5 MB"],
)
def test_an_error_exits_1_and_names_the_file(run, library, content):
    write(library, "bad.md", content)

    said = run("lint", "--json")

    assert said.code == 1
    assert "hr/bad.md" in {p["file"] for p in said.json if p["severity"] == "error"}


def test_people_read_one_line_per_finding(run, library):
    write(library, "bad.md", b"---\ntitle: Bad\n---\ncaf\xe9\n")

    said = run("lint")

    assert "hr/bad.md:4: error: not UTF-8 (byte 0xe9): save it as UTF-8 [not-utf-8]" in said.out
    assert said.complaint.startswith("12 articles, ")


def test_only_what_lies_below_the_paths_is_told(run, library):
    write(library, "bad.md", b"caf\xe9\n")

    said = run("lint", "articles/hr/general", "--json")

    assert (said.code, [p for p in said.json if p["file"] == "hr/bad.md"]) == (0, [])


def test_a_path_outside_the_library_is_one_clear_line(run, library):
    said = run("lint", "/etc", "--json")

    assert (said.code, said.out) == (1, "")
    assert said.complaint.startswith("kbportal: /etc is not a file or folder in ")


def test_a_missing_articles_folder_is_an_error(run, home):
    said = run("lint", "--json")

    assert said.code == 1
    assert [problem["rule"] for problem in said.json] == ["no-folder"]
