"""A portal that lets one shop show its widget."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kbportal.wiring import Portal
from tests.cast import an_app, outspoken

SHOP = "https://shop.example"


@pytest.fixture
def widget_portal(portal: Portal) -> Portal:
    return outspoken(replace(portal, settings=replace(portal.settings, widget_origins=(SHOP,))))


@pytest.fixture
def framed(widget_portal: Portal) -> FlaskClient:
    """A browser that shows the widget in the shop: form tokens count, no cookie is kept."""
    app = an_app(widget_portal, WTF_CSRF_ENABLED=True)
    return app.test_client(use_cookies=False)
