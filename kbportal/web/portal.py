"""How a room reaches the portal that its app was made for."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from kbportal.wiring import Portal

_KEY = "kbportal"


def install(app: Flask, portal: Portal) -> None:
    """Give the app its portal."""
    app.extensions[_KEY] = portal


def portal() -> Portal:
    """The portal of the app that serves the current request."""
    return cast(Portal, current_app.extensions[_KEY])
