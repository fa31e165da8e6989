"""The API described for people."""

from __future__ import annotations

import re
import shlex
from html import unescape

import pytest


@pytest.fixture
def page(client) -> str:
    response = client.get("/api/")
    assert response.status_code == 200
    return response.text


def test_it_shows_every_call_and_everything_that_is_sent_and_answered(page: str, client):
    document = client.get("/api/v1/openapi.json").json

    for path, methods in document["paths"].items():
        for method, facts in methods.items():
            assert f"{method.upper()}</strong> {path}" in page
            assert facts["summary"] in page
            assert facts["x-rate-limit"] in page
    for name, schema in document["components"]["schemas"].items():
        assert f'<h3 id="{name}">' in page
        assert all(f"<code>{key}</code>" in page for key in schema["properties"])


def test_its_examples_work(page: str, client):
    commands = [unescape(one) for one in re.findall(r"<pre[^>]*><code>([^<]*)", page)]

    assert len(commands) == 8
    for command in commands:
        if "Bearer" in command:  # The key is the reader's own.
            continue
        _, url, *rest = shlex.split(command.replace("\\\n", ""))
        path = url.removeprefix("http://localhost")
        headers = dict(rest[at + 1].split(": ") for at, word in enumerate(rest) if word == "-H")
        body = rest[rest.index("-d") + 1] if "-d" in rest else None
        answer = client.post(path, data=body, headers=headers) if body else client.get(path)
        assert answer.status_code < 300, command


def test_its_links_lead_somewhere(page: str):
    anchors = set(re.findall(r'\bid="([^"]+)"', page))

    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_it_loads_nothing_from_elsewhere(page: str):
    assert not re.search(r'(?:src|href)="(?!/|#|http://localhost)', page)
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_addresses_beneath_it_are_still_for_programs(client):
    assert client.get("/api/nothing").json["error"]["code"] == "http_404"
    assert client.post("/api/").json["error"]["code"] == "http_405"
