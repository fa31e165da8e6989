"""The managers' numbers by the API: for keys that were made for them, and for nobody else."""

from __future__ import annotations

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.people.api_keys import FILE_NAME, INSIGHTS, add_key, read_keys
from kbportal.people.model import Role
from tests.gaps import a_gap, counted
from tests.rooms.api.test_openapi import hold, schema_of
from tests.rooms.staff import signed_in

ADDRESS = "/api/v1/insights"
GAPS = "/api/v1/insights/gaps"


def key(portal, *rights):
    made = add_key(
        portal.settings.instance, "wall", per_minute=60, now=utc_now(), rights=rights
    )  # fmt: skip
    return {"Authorization": f"Bearer {made}"}


def test_a_key_with_the_right_reads_the_report(client, portal):
    answer = client.get(ADDRESS, headers=key(portal, INSIGHTS))

    assert answer.status_code == 200
    hold(
        client.get("/api/v1/openapi.json").json,
        {k: v for k, v in answer.json.items() if not isinstance(v, list)},
        _without_lists(client),
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert "confirmed_deflection_rate" in answer.json["metrics"]


def _without_lists(client):
    described = client.get("/api/v1/openapi.json").json
    schema = described["components"]["schemas"]["Insights"]
    assert schema_of(described, ADDRESS, "get", "200")["$ref"].endswith("/Insights")
    plain = {k: v for k, v in schema["properties"].items() if v["type"] != "array"}
    return {"type": "object", "properties": plain, "required": [*plain]}


@pytest.mark.parametrize("address", [ADDRESS, GAPS])
def test_others_are_refused(client, portal, address):
    assert client.get(address).status_code == 403
    assert client.get(address, headers=key(portal)).json["error"]["code"] == "right_missing"


@pytest.mark.parametrize("address", [ADDRESS, GAPS])
def test_a_session_opens_nothing_here(portal, address):
    assert signed_in(portal, Role.ADMIN).get(address).status_code == 403


def test_a_key_with_the_right_reads_what_to_write_next(client, portal):
    counted(portal, a_gap(), a_gap("g2", lang="sk"))
    mine = key(portal, INSIGHTS)

    answer = client.get(GAPS, headers=mine)
    slovak = client.get(f"{GAPS}?lang=sk", headers=mine).json

    page = signed_in(portal, Role.MANAGER).get("/insights/gaps.json").json
    described = client.get("/api/v1/openapi.json").json["components"]["schemas"]["Gaps"]
    assert answer.json == page
    assert answer.json.keys() == described["properties"].keys()
    assert [gap["id"] for gap in slovak["gaps"]] == ["g2"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_before_the_first_count_there_is_nothing_to_read(client, portal):
    answer = client.get(GAPS, headers=key(portal, INSIGHTS))

    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_counted")


def test_a_period_and_a_part_can_be_asked_for(client, portal):
    asked = f"{ADDRESS}?from=2026-01-05&to=2026-01-11&lang=sk&surface=widget"

    found = client.get(asked, headers=key(portal, INSIGHTS)).json

    assert (found["from"], found["to"]) == ("2026-01-05", "2026-01-11")
    assert (found["lang"], found["surface"], found["arm"]) == ("sk", "widget", None)


@pytest.mark.parametrize(
    "query", ["from=x", "to=9999-12-31", "from=2026-02-30", "to=1&to=2", "from=0001-01-01"]
)
def test_a_day_that_is_none_is_refused(client, portal, query):
    answer = client.get(f"{ADDRESS}?{query}", headers=key(portal, INSIGHTS))

    assert answer.status_code == 422
    assert answer.json["error"]["parameter"] in {"from", "to"}


def test_keys_of_before_there_were_rights_are_read(tmp_path):
    row = '[{"name": "app", "digest": "d", "per_minute": 5, "made": "2026-01-01"}]'
    (tmp_path / FILE_NAME).write_text(row, encoding="utf-8")

    assert read_keys(tmp_path)[0].rights == ()
