"""The script that other sites load."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace

import pytest

from kbportal.wiring import Portal
from tests.cast import an_app

LARGEST_BYTES = 6_000
MAKES_HTML = ("innerHTML", "insertAdjacent", "document.write", "eval", "Function(", "srcdoc")
KEEPS_THINGS = ("localStorage", "sessionStorage", "indexedDB", "cookie", "fetch(")


@pytest.fixture
def loader(framed) -> str:
    return framed.get("/widget.js").text


def kit(loader: str) -> dict:
    found = re.search(r"^const KIT=(.*);$", loader, re.MULTILINE)
    assert found
    return json.loads(found[1])


def test_it_is_small_in_all_five_languages(portal: Portal):
    settings = replace(portal.settings, languages=("en", "sk", "pl", "fi", "ro"))
    client = an_app(replace(portal, settings=settings)).test_client()

    response = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})

    assert response.content_encoding == "gzip"
    assert len(response.data) <= LARGEST_BYTES
    assert len(kit(gzip.decompress(response.data).decode())["words"]) == 5


def test_other_sites_may_run_it_and_keep_it_for_an_hour(framed):
    response = framed.get("/widget.js")

    assert response.mimetype == "text/javascript"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=3600" in response.headers["Cache-Control"]
    tag = {"If-None-Match": response.headers["ETag"]}
    assert framed.get("/widget.js", headers=tag).status_code == 304


def test_it_speaks_the_portals_languages_and_wears_its_colour(widget_portal: Portal):
    settings = replace(widget_portal.settings, accent="#123456", site_name="Acme </script>")
    client = an_app(replace(widget_portal, settings=settings)).test_client()

    found = kit(client.get("/widget.js").text)

    assert set(found["words"]) == {"en", "sk", "fi"}
    assert found["accent"] == "#123456"
    assert found["words"]["en"]["title"] == "Acme </script>"
    assert found["words"]["sk"]["help"] != found["words"]["en"]["help"]


def test_it_reveals_no_list_of_sites(loader: str):
    assert "shop.example" not in loader


def test_it_makes_no_html_and_keeps_nothing(loader: str):
    for word in MAKES_HTML + KEEPS_THINGS:
        assert word not in loader, word


def test_it_goes_out_without_comments(loader: str):
    assert not re.search(r"^\s*//|/\*", loader, re.MULTILINE)
