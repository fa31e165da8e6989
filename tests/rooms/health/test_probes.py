"""Alive and ready."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbportal.search.query.live import LiveIndex
from kbportal.storage import StorageUnavailable
from kbportal.wiring import Portal
from tests.cast import an_app


def away() -> None:
    raise StorageUnavailable("locked")


def broken() -> None:
    raise OSError("disk on fire")


def test_a_process_that_answers_is_alive(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_ready_names_the_generation(client, portal: Portal):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json["generation"] == portal.live.current().id
    assert "no-store" in response.headers["Cache-Control"]


def test_without_an_index_a_portal_is_alive_and_not_ready(portal: Portal, tmp_path: Path):
    client = an_app(replace(portal, live=LiveIndex(tmp_path / "none"))).test_client()

    response = client.get("/readyz")

    assert (response.status_code, response.json["problems"]) == (503, {"index": "index_missing"})
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(("check", "problem"), [(away, "storage_unavailable"), (broken, "failed")])
def test_without_its_database_a_portal_is_not_ready(portal: Portal, check, problem):
    client = an_app(replace(portal, check_database=check)).test_client()

    response = client.get("/readyz")

    assert (response.status_code, response.json["problems"]) == (503, {"database": problem})
    assert "Retry-After" in response.headers


def test_a_probe_sets_no_cookie(client):
    assert "Set-Cookie" not in client.get("/readyz").headers
