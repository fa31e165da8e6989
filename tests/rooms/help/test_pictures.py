"""Pictures of articles, from the file to the browser."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.settings import Settings
from kbportal.web.help.picture import POLICY
from kbportal.wiring import build_index, build_portal, read_articles
from tests.cast import an_app
from tests.pictures import SVG, a_picture, put


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    put(tmp_path, "articles/en/a/one.md", b"![Label](one.png) ![Plan](plan.svg)\n")
    put(tmp_path, "articles/en/a/one.png", a_picture())
    put(tmp_path, "articles/en/a/plan.svg", SVG)
    return replace(
        Settings(), instance=tmp_path / "i", articles=tmp_path / "articles",
        indexes=tmp_path / "x", languages=("en",), model="none",
    )  # fmt: skip


def published(settings: Settings) -> FlaskClient:
    build_index(settings, read_articles(settings), now=utc_now())
    return an_app(build_portal(settings)).test_client()


def shown(client: FlaskClient) -> list[str]:
    return re.findall(r'<img [^>]*src="(/media/[^"]+)"', client.get("/en/articles/one").text)


def test_a_picture_is_sent_as_what_it_is_and_may_be_kept_for_good(settings):
    client = published(settings)
    photo, drawing = (client.get(address) for address in shown(client))

    assert (photo.mimetype, photo.data) == ("image/png", a_picture())
    assert (drawing.mimetype, drawing.data) == ("image/svg+xml", SVG)
    for response in (photo, drawing):
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_opened_alone_runs_nothing(settings):
    client = published(settings)

    policy = client.get(shown(client)[1]).headers["Content-Security-Policy"]

    assert policy == POLICY
    assert "script-src" not in policy
    assert "sandbox" in policy


def test_a_changed_picture_has_another_address_and_the_article_names_it(settings):
    client = published(settings)
    before = shown(client)
    put(settings.articles, "en/a/one.png", a_picture(colour=200))

    after = shown(published(settings))

    assert after[0] != before[0]
    assert after[1] == before[1]
    assert client.get(after[0]).data == a_picture(colour=200)
    assert client.get(before[0]).status_code == 404


@pytest.mark.parametrize(
    "name", ["..%2f..%2fkbportal.toml", "..", "one.png", "%2e%2e%2fshelf.sqlite", "x" * 300]
)
def test_a_name_is_no_path(settings, name):
    assert published(settings).get(f"/media/{name}").status_code in {404, 308}


def test_a_picture_that_is_known_is_not_sent_again(settings):
    client = published(settings)
    first = client.get(shown(client)[0])

    again = client.get(shown(client)[0], headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
