"""The documents and the code name the same things: nothing is missing, nothing is made up."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import click
import pytest

from kbportal.articles.fields import KNOWN_KEYS
from kbportal.cli import main
from kbportal.deflection.contents import ArticleRow, QueryRow
from kbportal.deflection.metrics import METRICS
from kbportal.deflection.model import Note
from kbportal.deflection.numbers.guardrails import GUARDRAILS
from kbportal.deflection.reading.noise import RULES
from kbportal.events.catalog import REQUIRED, Event, EventType, Surface
from kbportal.people.audit import Action
from kbportal.settings import ENV_PREFIX, Settings, load
from kbportal.web.api import routes as api_routes
from kbportal.web.help.library import CATEGORY_ICONS
from tests.contracts.documents import (
    CHANGES,
    ROOT,
    blocks,
    column,
    commands_in,
    documents,
    ids,
    links,
    parts,
    read,
    section,
    table,
)
from tests.contracts.findings import refusal_codes, rule_severities

SETTINGS = {one.name: one for one in fields(Settings)}
OTHER_WORDS = {"kb_visitor", "kb_lang", "kb_session", "kb_draft", "kb_staff", "kb_device",
               "kb_half_way", "kb_closed", "kb_optout", "visitor_key",
               "not_enough_data", "confirmed_only", "rules_version", "day_facts",
               "counted_at"}  # fmt: skip


def written(default: object) -> str:
    """A default as it is written in TOML."""
    if isinstance(default, tuple):
        return f"[{', '.join(json.dumps(one) for one in default)}]"
    if isinstance(default, Path):
        return json.dumps(str(default))
    return json.dumps(default)


def test_every_setting_is_listed_with_its_default_and_its_variable():
    listed = {ids(row[0])[0]: row for row in table(read("settings"), "Setting")}

    assert set(listed) == set(SETTINGS)
    for name, row in listed.items():
        assert ids(row[2]) == [written(SETTINGS[name].default)]
        assert ids(row[3]) == [ENV_PREFIX + name.upper()]


def test_the_example_of_the_settings_can_be_used_and_shows_each_beyond_defaults(tmp_path: Path):
    (example,) = [text for kind, text in blocks(read("settings")) if kind == "toml"]
    (tmp_path / "kbportal.toml").write_text(example, encoding="utf-8")

    load(root=tmp_path, environ={})

    assert set(tomllib.loads(example)) == set(SETTINGS)


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_settings_that_a_document_names_exist(path: Path):
    text = path.read_text(encoding="utf-8")
    variables = set(re.findall(rf"\b{ENV_PREFIX}([A-Z_]*[A-Z])\b", text))
    toml = [tomllib.loads(block) for kind, block in blocks(text) if kind == "toml"]

    assert {name.lower() for name in variables} <= set(SETTINGS)
    assert {name for one in toml for name in one} <= set(SETTINGS)


def leaves(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """Every command by its words, as in `users add`."""
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found |= leaves(command, f"{before}{name} ")
        elif command:
            found[before + name] = command
    return found


COMMANDS = leaves(main)


def options(command: click.Command) -> set[str]:
    return {opt for one in command.params if isinstance(one, click.Option) for opt in one.opts}


def test_every_command_has_a_section():
    assert {title for title in parts(read("commands")) if title.startswith("kbportal ")} == {
        f"kbportal {name}" for name in COMMANDS
    }


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_of_a_command_is_listed_with_its_default(name: str):
    command = COMMANDS[name]
    rows = {row[0].strip("`").split()[0]: row for row in table(part(name), "Option")}

    assert set(rows) == options(command)
    for one in command.params:
        if isinstance(one, click.Option) and isinstance(one.default, str | int) and one.default:
            assert one.is_flag or ids(rows[one.opts[0]][1]) == [str(one.default)]


def part(command: str) -> str:
    return section(read("commands"), f"kbportal {command}")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_section_of_a_command_has_an_example_of_it(name: str):
    assert any(called == name for called, _ in commands_in(part(name), set(COMMANDS)))


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_commands_that_a_document_shows_exist_with_their_options(path: Path):
    for name, used in commands_in(path.read_text(encoding="utf-8"), set(COMMANDS)):
        assert name in COMMANDS or not name, f"kbportal {name}"
        known = options(COMMANDS[name]) if name else {"--version"}
        assert set(used) <= known | {"--help"}, f"kbportal {name}"


def test_the_json_of_commands_is_json():
    assert all(json.loads(text) for kind, text in blocks(read("commands")) if kind == "json")


def test_every_target_of_make_is_listed_and_no_other():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    assert phony
    shown = {words for row in table(read("commands"), "Target") for words in ids(row[0])}
    used = {
        name
        for path in documents()
        for name in re.findall(r"\bmake (?:-C \S+ )?([a-z0-9]+)\b(?=[`\s])",
                               "\n".join(t for _, t in blocks(path.read_text(encoding="utf-8"))))
    }  # fmt: skip

    assert shown == {f"make {name}" for name in phony[1].split()}
    assert used <= set(phony[1].split())


def test_every_event_is_listed_with_what_it_needs():
    rows = {ids(row[0])[0]: tuple(ids(row[2])) for row in table(read("deflection"), "Event")}

    assert rows == {str(kind): needs for kind, needs in REQUIRED.items()}


@pytest.mark.parametrize(
    ("head", "known"),
    [
        ("Field", {one.name for one in fields(Event)}),
        ("Surface", set(Surface)),
        ("Rule", set(RULES)),
        ("Metric", set(METRICS)),
        ("Status", {"ok", "provisional", "not_enough_data"}),
    ],
)
def test_deflection_lists_exactly_what_there_is(head: str, known: set[str]):
    assert sorted(column(read("deflection"), head)) == sorted(known)


def test_every_metric_is_listed_with_its_unit_and_formula():
    for row in table(read("deflection"), "Metric"):
        metric = METRICS[ids(row[0])[0]]
        assert row[1:3] == [metric.unit, metric.formula]


def test_names_in_deflection_exist():
    known = {*SETTINGS, *METRICS, *RULES, *EventType, *OTHER_WORDS, *GUARDRAILS, *get_args(Note)}
    known |= {one.name for kind in (Event, ArticleRow, QueryRow) for one in fields(kind)}
    named = {one for one in ids(read("deflection")) if re.fullmatch("[a-z]+(_[a-z]+)+", one)}

    assert named <= known


def test_every_guardrail_is_listed():
    assert column(read("deflection"), "Guardrail") == list(GUARDRAILS)


def test_every_rule_of_lint_is_listed_with_its_severity():
    listed = {ids(row[0])[0]: row[1] for row in table(read("articles"), "Rule")}

    assert listed == rule_severities()


def test_front_matter_keys_and_icons_are_listed():
    example = next(text for kind, text in blocks(read("articles")) if text.startswith("---\n"))
    keys = set(re.findall(r"^(\w+):", example, re.MULTILINE))

    assert set(column(read("articles"), "Key")) == KNOWN_KEYS == keys
    assert set(ids(section(read("articles"), "Icons"))) == CATEGORY_ICONS


@pytest.fixture(scope="module")
def description(indexed_api: Any) -> dict[str, Any]:
    found: dict[str, Any] = indexed_api.get("/api/v1/openapi.json").json
    return found


@pytest.fixture(scope="module")
def indexed_api(seeded: Settings, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.cast import a_portal, an_app

    portal = a_portal(seeded, instance=tmp_path_factory.mktemp("documented"))
    yield an_app(portal).test_client()
    portal.close()


def test_every_call_of_the_api_has_a_section_with_its_parameters(description: dict[str, Any]):
    for path, methods in description["paths"].items():
        for method, call in methods.items():
            about = section(read("api"), f"`{method.upper()} {path}`")
            expected = [one["name"] for one in call.get("parameters", [])]
            assert column(about, "Parameter") == expected
    calls = {f"`{m.upper()} {p}`" for p, ms in description["paths"].items() for m in ms}
    assert {title for title in parts(read("api")) if title.startswith("`")} == calls


def test_everything_that_the_api_sends_and_takes_is_listed(description: dict[str, Any]):
    schemas = description["components"]["schemas"]
    listed = {name: set(column(section(read("api"), name), "Key")) for name in schemas}

    assert listed == {name: set(one["properties"]) for name, one in schemas.items()}


def test_the_api_page_lists_the_codes_and_limits():
    codes = {code for row in table(read("api"), "Status") for code in ids(row[1])}
    limits = {
        "SUGGESTIONS",
        "SEARCHES",
        "ARTICLES",
        "EVENTS",
        "INSIGHTS",
        "TICKETS_SENT",
        "TICKETS_FILED",
    }

    assert refusal_codes() <= codes
    assert {one for one in codes if not one.startswith("http_")} <= refusal_codes()
    assert all(getattr(api_routes, name) in read("api") for name in limits)


@pytest.mark.parametrize("path", [*documents(), CHANGES], ids=lambda path: path.name)
def test_links_of_a_document_lead_somewhere(path: Path):
    broken = [href for href, target, anchors in links(path)
              if not target.exists() or not anchors]  # fmt: skip

    assert broken == []


def test_every_act_that_leaves_a_line_is_listed():
    rows = table(section(read("experiments"), "What the staff did"), "Act")

    assert {name for row in rows for name in ids(row[0])} == {str(one) for one in Action}
