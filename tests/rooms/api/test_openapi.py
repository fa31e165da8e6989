"""The description says what the code does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kbportal.events.catalog import EventType
from kbportal.wiring import Portal
from tests.cast import an_app

TICKET = {"subject": "s", "description": "d", "email": "a@example.com", "draft_id": "d1"}


@pytest.fixture
def description(client) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json


def test_every_address_of_the_api_is_described_and_no_other(description, portal: Portal):
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in an_app(portal).url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    described = {(p, m) for p, methods in description["paths"].items() for m in methods}

    assert described == served


def schema_of(description, path, method, status) -> dict[str, Any]:
    answer = description["paths"][path][method]["responses"][status]
    return answer["content"]["application/json"]["schema"]


def follow(description, schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return description["components"]["schemas"][name] if name else schema


KINDS = {"string": str, "integer": int, "number": (int, float), "null": type(None), "array": list,
         "object": dict, "boolean": bool}  # fmt: skip


def hold(description, value: Any, schema: dict[str, Any], where: str = "") -> None:
    """Assert that a value is as its schema says, and has no key that it does not name."""
    schema = follow(description, schema)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, KINDS[kind]) for kind in kinds), (where, value, kinds)
    if isinstance(value, list):
        for one in value:
            hold(description, one, schema["items"], where + "[]")
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"]) == set(schema["required"]), where
        for name, part in schema["properties"].items():
            hold(description, value[name], part, f"{where}.{name}")


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/suggest", "/api/v1/suggest?q=password&lang=en"),
        ("/api/v1/suggest", "/api/v1/suggest?q=&lang=fi"),
        ("/api/v1/search", "/api/v1/search?q=password&lang=en"),
        ("/api/v1/search", "/api/v1/search?q=pasword&lang=sk"),
        ("/api/v1/articles/{lang}/{slug}", "/api/v1/articles/en/reset-password"),
        ("/api/v1/articles/{lang}/{slug}", "/api/v1/articles/en/late-parcel"),
    ],
)
def test_answers_are_as_described(client, description, path, address):
    answer = client.get(address)

    assert answer.status_code == 200
    hold(description, answer.json, schema_of(description, path, "get", "200"))


def test_a_filed_ticket_is_as_described(client, description):
    answer = client.post("/api/v1/tickets", json=TICKET)

    hold(description, answer.json, schema_of(description, "/api/v1/tickets", "post", "201"))


def test_a_ticket_that_is_refused_is_as_described(client, description):
    answer = client.post("/api/v1/tickets", json={})

    refused, _ = schema_of(description, "/api/v1/tickets", "post", "422")["anyOf"]
    hold(description, answer.json, refused)


@pytest.mark.parametrize("path", ["/api/v1/suggest", "/api/v1/search"])
def test_every_described_parameter_counts(client, description, path):
    named = description["paths"][path]["get"]["parameters"]

    for parameter in named:
        others = {"q": "a", "lang": "en"} | {parameter["name"]: ["1", "2"]}
        assert client.get(path, query_string=others).status_code == 422, parameter["name"]
        if "default" in parameter["schema"]:
            last = parameter["schema"].get("maximum") or parameter["schema"]["enum"][-1]
            good = {"q": "a", "lang": "en", parameter["name"]: last}
            assert client.get(path, query_string=good).status_code == 200


def test_the_described_events_are_those_that_are_taken(client, description):
    event = description["components"]["schemas"]["Event"]
    described = set(event["properties"]["type"]["enum"])
    whole = {"surface": "form", "locale": "en", "article": "en/account/reset-password"}
    values = {"article_voted": "yes", "language_switched": "sk"}

    taken = {
        kind.value for kind in EventType
        if client.post("/api/v1/events", json=whole | {"type": kind, "value": values.get(kind)}
                       ).status_code == 204
    }  # fmt: skip

    assert described == taken


def test_every_described_field_of_an_event_may_be_sent(client, description):
    event = description["components"]["schemas"]["Event"]["properties"]
    given = {"type": "suggest_opened", "surface": "form", "locale": "en", "dwell_ms": 5,
             "article": "en/account/reset-password", "event_id": "ab" * 16}  # fmt: skip

    whole = {name: given.get(name, "x") for name in event}

    assert client.post("/api/v1/events", json=whole).status_code == 204


def test_every_described_field_of_a_ticket_may_be_sent(client, description):
    fields = description["components"]["schemas"]["Ticket"]["properties"]
    given = TICKET | {"lang": "en", "answers": {}}

    whole = {name: given.get(name, "x") for name in fields}

    assert client.post("/api/v1/tickets", json=whole).status_code == 201


def test_every_reference_leads_somewhere(description):
    names = set(re.findall(r"#/components/schemas/(\w+)", str(description)))

    assert names <= set(description["components"]["schemas"])
