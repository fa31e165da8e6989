"""The description of this API, made from the tables that the code itself goes by."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response, jsonify

from kbportal.web.api import gaps, insights, limits, rows, search, suggest, tickets
from kbportal.web.api.bodies import event, numbers, ticket, written_next
from kbportal.web.api.parameters import Choice, Day, Parameter, Text, Whole
from kbportal.web.api.schema import Schema, object_schema, reference
from kbportal.web.portal import portal
from kbportal.web.security import TICKETS_FILED

ANSWERS = (rows.Found, rows.Suggested, rows.Searched, rows.Section, rows.Page, rows.Filed,
           rows.Problem, rows.Failed, rows.NotFiled)  # fmt: skip

LIMIT = "x-rate-limit"
"""Says of each call how often one address may make it."""

PATH_SAYS = {"lang": "Language of the article.", "slug": "The last part of its address."}

EXAMPLES = {"q": "forgot my password", "lang": "en", "slug": "reset-password"}


def openapi() -> Response:
    """The description, in OpenAPI 3.1."""
    return jsonify(description())


def description() -> dict[str, Any]:
    """The description of this portal's API as a document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": portal().settings.site_name, "version": "1"},
        "servers": [{"url": portal().settings.site_url or "/"}],
        "security": [{}, {"key": []}],
        **_description(),
    }


@cache
def _description() -> dict[str, Any]:
    schemas = {row.__name__: object_schema(row) for row in ANSWERS}
    return {
        "paths": _paths(),
        "components": {
            "schemas": schemas
            | {"Event": event(), "Ticket": ticket(), "Insights": numbers(), "Gaps": written_next()},
            "securitySchemes": {"key": _KEY},
        },
    }


def _paths() -> dict[str, Any]:
    return {
        "/api/v1/suggest": {
            "get": _read("Suggest articles for a text being typed", rows.Suggested,
                         _query(suggest.PARAMETERS), limits.SUGGESTIONS),
        },
        "/api/v1/search": {
            "get": _read("Search the articles", rows.Searched, _query(search.PARAMETERS),
                         limits.SEARCHES),
        },
        "/api/v1/articles/{lang}/{slug}": {
            "get": _read("Read an article", rows.Page, [_in_path("lang"), _in_path("slug")],
                         limits.ARTICLES),
        },
        "/api/v1/insights": {"get": _numbers()},
        "/api/v1/insights/gaps": {"get": _gaps()},
        "/api/v1/events": {"post": _record_event()},
        "/api/v1/tickets": {"post": _file_ticket()},
        "/api/v1/openapi.json": {
            "get": {
                "summary": "This description",
                LIMIT: limits.SEARCHES,
                "responses": {"200": {"description": "OpenAPI 3.1", "content": _json({})}},
            }
        },
    }  # fmt: skip


def _read(summary: str, row: type, parameters: list[Schema], limit: str) -> Schema:
    missing = {"404": _failure("There is no such article.")} if row is rows.Page else {}
    refused = {"422": _failure("A parameter cannot be used.")} if row is not rows.Page else {}
    return {
        "summary": summary,
        LIMIT: limit,
        "parameters": parameters,
        "responses": {
            "200": {"description": row.__doc__, "content": _json(reference(row))},
            **missing,
            **refused,
            **COMMON,
        },
    }


def _numbers() -> Schema:
    return _with_right(
        "Read what self-service did", "Insights", "A period's report.", insights.PARAMETERS
    )


def _gaps() -> Schema:
    said = _with_right(
        "Read what to write next", "Gaps", "Every gap of the last count.", gaps.PARAMETERS
    )
    said["responses"]["404"] = _failure("Nothing has been counted yet.")
    return said


def _with_right(summary: str, answer: str, about: str, parameters: tuple[Parameter, ...]) -> Schema:
    return {
        "summary": summary,
        "description": "Needs a key that may read them.",
        "security": [{"key": []}],
        LIMIT: limits.INSIGHTS,
        "parameters": _query(parameters),
        "responses": {
            "200": {
                "description": about,
                "content": _json({"$ref": f"#/components/schemas/{answer}"}),
            },
            "422": _failure("A parameter cannot be used."),
            **COMMON,
            "403": _failure("The key may not read these numbers."),
        },
    }


def _record_event() -> Schema:
    return {
        "summary": "Record what a visitor did",
        LIMIT: limits.EVENTS,
        "requestBody": _body("Event", {"type": "form_started", "surface": "form", "locale": "en"}),
        "responses": {
            "204": {"description": "Taken."},
            "422": _failure("Not an event of the catalogue; nothing was recorded."),
            **COMMON,
            **_BODY,
        },
    }


def _file_ticket() -> Schema:
    name = {
        "name": tickets.KEY_HEADER,
        "in": "header",
        "schema": {"type": "string"},
        "example": "3f0c6a52",
        "description": "Names the attempt, which is filed once however often it is sent.",
    }
    return {
        "summary": "File a ticket",
        LIMIT: f"{limits.TICKETS_SENT}, {TICKETS_FILED} filed",
        "parameters": [name],
        "requestBody": _body("Ticket", _A_TICKET),
        "responses": {
            "201": {"description": rows.Filed.__doc__, "content": _json(reference(rows.Filed))},
            "409": _failure("Another text was sent under this key before."),
            "422": {
                "description": "Not taken; nothing was stored.",
                "content": _json({"anyOf": [reference(rows.NotFiled), reference(rows.Failed)]}),
            },
            **COMMON,
            **_BODY,
        },
    }  # fmt: skip


def _body(name: str, example: Schema) -> Schema:
    content = {"schema": {"$ref": f"#/components/schemas/{name}"}, "example": example}
    return {"required": True, "content": {"application/json": content}}


def _query(parameters: tuple[Parameter, ...]) -> list[Schema]:
    return [
        {
            "name": one.name,
            "in": "query",
            "required": isinstance(one, Text),
            "description": one.says,
            **({"example": EXAMPLES[one.name]} if one.name in EXAMPLES else {}),
            "schema": _value(one),
        }
        for one in parameters
    ]


def _value(one: Parameter) -> Schema:
    if isinstance(one, Whole):
        return {
            "type": "integer", "minimum": one.least, "maximum": one.most, "default": one.default,
        }  # fmt: skip
    if isinstance(one, Choice):
        return {"type": "string", "enum": list(one.words), "default": one.words[0]}
    return {"type": "string", "format": "date"} if isinstance(one, Day) else {"type": "string"}


def _in_path(name: str) -> Schema:
    return {
        "name": name, "in": "path", "required": True, "schema": {"type": "string"},
        "description": PATH_SAYS[name], "example": EXAMPLES[name],
    }  # fmt: skip


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _failure(description: str) -> Schema:
    return {"description": description, "content": _json(reference(rows.Failed))}


_A_TICKET = {
    "subject": "Late parcel",
    "description": "Ordered a week ago.",
    "email": "b@example.com",
    "lang": "en",
}
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "Not needed. A key has an allowance of its own, counted for all its calls.",
}
COMMON = {
    "401": _failure("The key is not known here."),
    "403": _failure("The calling site is not on the list."),
    "429": _failure("Too many requests; Retry-After says in how many seconds to come back."),
    "503": _failure("The index or the database is not there; nothing was stored."),
}
_BODY = {
    "413": _failure("The body is too long."),
    "415": _failure("The body is not application/json."),
}
