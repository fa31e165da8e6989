"""What holds for each command: help with an example, exit codes, one line for a mistake."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from kbportal import __version__
from kbportal.cli import main


def commands(group: click.Group, *names: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        else:
            yield (*names, name)


ALL = list(commands(main))


def test_the_commands_are_those_that_scripts_rely_on():
    promised = {("serve",), ("index",), ("search",), ("suggest",), ("evaluate",), ("lint",),
                ("report",), ("users", "add")}  # fmt: skip

    assert promised <= set(ALL)


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_help_has_an_example(run, command):
    said = run(*command, "--help")

    assert said.code == 0
    assert f"Example:\n      kbportal {' '.join(command)}" in said.out


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_an_unknown_option_is_wrong_usage(run, command):
    said = run(*command, "--no-such-option")

    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[-1].startswith("Error: No such option")


def test_an_unknown_command_is_wrong_usage(run):
    assert run("dance").code == 2


def test_the_version_is_told(run):
    assert run("--version").out == f"kbportal, version {__version__}\n"


def test_the_module_is_the_command(home):
    done = subprocess.run(
        [sys.executable, "-m", "kbportal", "search", "x"], capture_output=True, text=True, cwd=home
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ('colour = "red"', "'colour'"),
        ("articles = 5", "articles"),
        ('visitor_identity = "face"', "visitor_identity"),
        ("reply_time_h = 'soon'", "reply_time_h"),
        ("model = ", "kbportal.toml"),
    ],
)
@pytest.mark.parametrize("command", ["index", "search x", "suggest x", "lint", "report"])
def test_a_setting_that_cannot_be_used_is_named(run, home, command, file, name):
    (home / "kbportal.toml").write_text(file)

    said = run(*command.split())

    assert (said.code, said.out) == (2, "")
    assert name in said.err.splitlines()[-1]


def test_an_unknown_variable_is_named(run, monkeypatch):
    monkeypatch.setenv("KBPORTAL_COLOUR", "red")

    assert "'colour'" in run("search", "x").err
