"""The style page, for the staff alone: light and dark from the real stylesheets."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask.testing import FlaskClient

from kbportal.wiring import Portal
from tests.rooms.staff import signed_in


@pytest.fixture
def colleague(portal: Portal) -> FlaskClient:
    return signed_in(portal, "agent")


@pytest.mark.parametrize("path", ["/style/", "/style/parts.css"])
def test_it_is_for_the_staff_and_kept_by_nobody(client, colleague, path):
    assert client.get(path).location.startswith("/account/login")

    response = colleague.get(path)

    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_every_part_is_there_in_both_schemes(colleague):
    page = colleague.get("/style/").text

    for part in ("button button-main", "field-error", "notice notice-danger", "category-card",
                 "article-row", "filter-choice", "search-large", "empty-picture", "crumbs",
                 "announcement notice-warning", 'class="question" open'):  # fmt: skip
        assert page.count(part) >= 2, part


def test_no_id_is_given_twice(colleague):
    found = Counter(re.findall(r' id="([^"]+)"', colleague.get("/style/").text))

    assert [one for one, count in found.items() if count > 1] == []


def test_the_schemes_hold_whatever_the_reader_prefers(colleague):
    sheet = colleague.get("/style/parts.css").text

    assert "prefers-color-scheme" not in sheet
    assert ":root" not in sheet
    light, dark = sheet.index("color-scheme: light;"), sheet.index("color-scheme: dark;")
    assert "@media not all" in sheet[light:dark]
    assert "@media all" in sheet[dark:]
    assert ".button.is-hover" in sheet
    # The operator's colour comes from outside.
    assert "--brand:" not in sheet
