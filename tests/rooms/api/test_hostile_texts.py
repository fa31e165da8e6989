"""The same hostile texts over HTTP: an answer or a refusal, never a failure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.hostile import hostile_texts, large_texts
from tests.rooms.api.conftest import Clients

SEED = 40


def asked(text: str) -> str:
    """Percent-encoded as a program would send it, broken characters included."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture
def patient(client_with: Clients) -> FlaskClient:
    """A client that may ask as often as it likes."""
    return client_with(rate_limits=False)


def texts() -> Iterator[str]:
    return chain(hostile_texts(60, seed=SEED), large_texts())


@pytest.mark.parametrize("call", ["suggest", "search"])
def test_the_api_answers_hostile_texts(patient: FlaskClient, call):
    for text in texts():
        response = patient.get(f"/api/v1/{call}?lang=en&q={asked(text)}")

        assert (response.status_code, type(response.json)) == (200, dict), ascii(text[:60])


def test_the_search_page_shows_hostile_texts_inert(patient: FlaskClient):
    for text in texts():
        response = patient.get(f"/en/search?q={asked(text)}")

        assert response.status_code == 200, ascii(text[:60])
        assert b"<script>alert" not in response.data


@pytest.mark.parametrize("raw", ["%ff%fe", "%", "%00", "%ed%a0%80", "%c0%80", "a" * 300_000])
@pytest.mark.parametrize(
    "path", ["/api/v1/suggest?lang=en&", "/api/v1/search?lang=en&", "/en/search?"]
)
def test_bytes_that_are_no_text_are_answered_too(patient: FlaskClient, path, raw):
    assert patient.get(f"{path}q={raw}").status_code < 500
