"""The API described for people: one page, made from the very document that machines read."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request

from kbportal.web.api.openapi import COMMON, LIMIT, description
from kbportal.web.portal import portal

blueprint = Blueprint("api_page", __name__)

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Fact:
    """A parameter or a key: what it is called, what it holds (`shape` if that has a table)."""

    name: str
    kind: str
    shape: str
    is_needed: bool
    says: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One way in which a call can end."""

    status: str
    says: str
    shape: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `answers` beyond those of every call, `example` a command for a terminal."""

    id: str
    method: str
    path: str
    title: str
    limit: str
    parameters: list[Fact]
    body: str
    answers: list[Answer]
    example: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What is sent or answered: one JSON object."""

    name: str
    says: str
    keys: list[Fact]


def about() -> Response:
    """The page; in English, as the words of the API itself are."""
    document = description()
    html = render_template(
        "api/index.html",
        calls=[
            _call(method.upper(), path, facts)
            for path, methods in document["paths"].items()
            for method, facts in methods.items()
        ],
        common=[_answer(status, one) for status, one in sorted(COMMON.items())],
        shapes=[_shape(name, one) for name, one in document["components"]["schemas"].items()],
    )
    return make_response(html)


def _base() -> str:
    return (portal().settings.site_url or request.host_url).rstrip("/")


def _call(method: str, path: str, facts: dict[str, Any]) -> Call:
    body = facts.get("requestBody", {}).get("content", {}).get(JSON, {})
    return Call(
        id=f"{method}{path}".lower().replace("/", "-").strip("-"),
        method=method,
        path=path,
        title=facts["summary"],
        limit=facts[LIMIT],
        parameters=[
            Fact(one["name"], _kind(one["schema"]), "", one.get("required", False),
                 one.get("description", ""))
            for one in facts.get("parameters", [])
        ],
        body=_target(body.get("schema", {})),
        answers=[
            _answer(status, one)
            for status, one in sorted(facts["responses"].items())
            if COMMON.get(status) != one
        ],
        example=_command(
            method, path, facts.get("parameters", []), body.get("example"),
            needs_key="security" in facts,
        ),
    )  # fmt: skip


def _answer(status: str, facts: dict[str, Any]) -> Answer:
    schema = facts.get("content", {}).get(JSON, {}).get("schema", {})
    return Answer(status, facts["description"], _target(schema.get("anyOf", [schema])[0]))


def _shape(name: str, schema: dict[str, Any]) -> Shape:
    # What is answered always has all its keys.
    needed, is_sent = schema.get("required", []), schema.get("additionalProperties") is False
    return Shape(
        name,
        schema.get("description", ""),
        [
            Fact(key, _kind(one), _target(one) or _target(one.get("items", {})),
                 is_sent and key in needed,
                 one.get("description", ""))
            for key, one in schema["properties"].items()
        ],
    )  # fmt: skip


def _kind(schema: dict[str, Any]) -> str:
    """What a value may be, in a few words."""
    if "enum" in schema:
        return " or ".join(schema["enum"])
    kinds = schema.get("type", "object")
    words = [kinds] if isinstance(kinds, str) else list(kinds)
    if "maximum" in schema:
        return f"{words[0]}, {schema['minimum']} to {schema['maximum']}"
    if "maxLength" in schema:
        return f"{words[0]}, up to {schema['maxLength']} characters"
    if words == ["array"]:
        inner = schema.get("items", {})
        return "array of" if _target(inner) else f"array of {_kind(inner)}"
    return "" if _target(schema) else " or ".join(words)


def _target(schema: dict[str, Any]) -> str:
    """The name of the schema that is referred to, if one is."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _command(
    method: str, path: str, parameters: list[dict[str, Any]], body: Any, *, needs_key: bool
) -> str:
    """The call as one may type it: those parameters that have an example."""
    given = [one for one in parameters if "example" in one]
    path = path.format(**{one["name"]: one["example"] for one in given if one["in"] == "path"})
    query = urlencode({one["name"]: one["example"] for one in given if one["in"] == "query"})
    words = ["curl", shlex.quote(f"{_base()}{path}{f'?{query}' if query else ''}")]
    lines = [" ".join(words)]
    if needs_key:
        lines.append("-H 'Authorization: Bearer kbp_…'")
    if body is not None:
        lines.append(f"-H 'Content-Type: {JSON}'")
        lines += [f"-H '{one['name']}: {one['example']}'" for one in given if one["in"] == "header"]
        lines.append(f"-d {shlex.quote(json.dumps(body))}")
    return " \\\n  ".join(lines)


blueprint.add_url_rule("/api/", "about", about, methods=["GET"])
