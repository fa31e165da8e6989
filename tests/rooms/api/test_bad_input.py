"""Whatever is sent, the answer is JSON and the portal stays well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.search.query.live import LiveIndex
from kbportal.settings import Settings
from kbportal.wiring import Portal
from tests.cast import a_portal, an_app


@pytest.fixture(scope="module")
def portal(seeded: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all of these: what is refused leaves no trace in it."""
    portal = a_portal(seeded, instance=tmp_path_factory.mktemp("bad") / "instance")
    yield portal
    portal.close()


@pytest.fixture(scope="module")
def client(portal: Portal) -> FlaskClient:
    return an_app(portal).test_client()


ODD_QUERIES = ["", " ", "\x00", "a\x00b", "%00", "\u202e\u200b", "🫖" * 600, "x" * 100_000,
               "[a TO z]", "title:* OR body:?", '"' * 500, "(" * 5000, "a " * 50_000, "'; DROP",
               "ﷺ" * 300, "\ud7ff\ufdd0", "e\u0301" * 2000]  # fmt: skip


@pytest.mark.parametrize("path", ["/api/v1/suggest", "/api/v1/search"])
@pytest.mark.parametrize("query", ODD_QUERIES, ids=range(len(ODD_QUERIES)))
def test_any_text_may_be_asked_for(client, path, query):
    response = client.get(path, query_string={"q": query, "lang": "en"})

    assert response.status_code == 200
    assert len(response.json["query"]) <= 512


@pytest.mark.parametrize("path", ["/api/v1/suggest", "/api/v1/search"])
@pytest.mark.parametrize(
    "query",
    [
        "", "q=a", "lang=en", "q=a&lang=", "q=a&lang=xx", "q=a&lang=EN", "q=a&lang=en%00",
        "q=a&lang=../en", "q=a&lang=en&lang=sk", "q=a&q=b&lang=en", "q[]=a&lang=en",
        "q=a&lang=%ff%fe", "q=a&lang=en;lang=en",
    ],
)  # fmt: skip
def test_a_parameter_that_is_missing_wrong_or_doubled_is_refused(client, path, query):
    response = client.get(f"{path}?{query}")

    assert response.status_code == 422
    assert response.json["error"]["code"] == "parameter_refused"
    assert response.json["error"]["parameter"] in {"q", "lang"}


@pytest.mark.parametrize(
    "number", ["0", "-1", "6", "1e3", "1.0", "NaN", "", " 2", "+2", "1_0", "٣", "9" * 5000, "0x1"]
)
def test_a_limit_out_of_bounds_is_refused(client, number):
    response = client.get("/api/v1/suggest", query_string={"q": "a", "lang": "en", "limit": number})

    assert response.status_code == 422
    assert response.json["error"]["parameter"] == "limit"


@pytest.mark.parametrize("number", ["0", "-1", "101", "9" * 5000, "x", "1&page=2"])
def test_a_page_out_of_bounds_is_refused(client, number):
    assert client.get(f"/api/v1/search?q=a&lang=en&page={number}").status_code == 422


BODIES = [
    b"", b" ", b"{", b"nonsense", b"null", b"[]", b"[{}]", b'"text"', b"7", b"\xff\xfe", b'{"a":',
    b'{"type": "\xff"}', b'{"type": "form_quit", "type": "form_quit"}', b'{"dwell_ms": NaN}',
    b"[" * 10_000, b'{"a":' * 2_500 + b"1" + b"}" * 2_500, b"9" * 10_000, b"\x00",
    b"\xef\xbb\xbf{}", b"\x1f\x8b\x08\x00",
]  # fmt: skip


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/tickets"])
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_no_object_is_refused(client, path, body):
    response = client.post(path, data=body, content_type="application/json")

    assert response.status_code == 422
    assert response.json["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nothing", 404), ("POST", "/api/v1/suggest", 405), ("GET", "/api/none", 404),
     ("PUT", "/api/v1/tickets", 405), ("GET", "/api/v1/articles/en/%ff%fe", 404),
     ("GET", "/api/v1/articles/en/%00", 400), ("GET", "/api/v1/articles/%0a/x", 400),
     ("GET", "/api/v1/articles/en/" + "x" * 100_000, 404)],
)  # fmt: skip
def test_an_address_that_is_none_is_answered_in_json(client, method, path, status):
    response = client.open(path, method=method)

    assert response.status_code == status
    assert set(response.json["error"]) >= {"code", "message"}


def test_an_unknown_host_is_refused_without_a_page(client_with):
    client = client_with(site_url="https://help.example.com")

    response = client.get("/api/v1/openapi.json", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert response.mimetype != "text/html"


def test_without_an_index_the_answer_says_so(portal: Portal, tmp_path: Path):
    client = an_app(replace(portal, live=LiveIndex(tmp_path / "none"))).test_client()

    response = client.get("/api/v1/suggest?q=password&lang=en")

    assert response.status_code == 503
    assert response.json["error"]["code"] == "index_missing"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_KEYS = st.sampled_from(
    ["type", "surface", "locale", "article", "dwell_ms", "results", "reason", "value", "subject",
     "description", "email", "lang", "draft_id", "name", "event_id"]
) | st.text(max_size=5)  # fmt: skip


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/tickets"])
@settings(max_examples=60, deadline=None)
@given(body=st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_no_object_whatsoever_is_a_fault_of_ours(client, path, body):
    response = client.post(path, data=json.dumps(body), content_type="application/json")

    assert response.status_code < 500
    assert response.status_code in {201, 204} or response.is_json


@settings(max_examples=60, deadline=None)
@given(query=st.binary(max_size=60))
def test_no_query_string_whatsoever_is_a_fault_of_ours(client, query):
    address = "/api/v1/search?lang=en&q=" + "".join(f"%{byte:02x}" for byte in query)

    assert client.get(address).status_code == 200
