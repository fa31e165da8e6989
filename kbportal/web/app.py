"""The app factory: one Flask app for one portal."""

from __future__ import annotations

from flask import Flask

from kbportal.web import (
    announcing,
    assets,
    attachments,
    brand,
    compression,
    errors,
    framed,
    kept_pages,
    locale,
    phrases,
    popular,
    security,
    staff,
    timing,
    visitor,
    widget_script,
)
from kbportal.web import portal as portal_door
from kbportal.web.account.routes import blueprint as account_room
from kbportal.web.addresses import public_address
from kbportal.web.api.page import blueprint as api_page
from kbportal.web.api.routes import blueprint as api_room
from kbportal.web.desk.routes import blueprint as desk_room
from kbportal.web.framed import FramedApp
from kbportal.web.health.routes import blueprint as health_room
from kbportal.web.help.routes import blueprint as help_room
from kbportal.web.help.routes import frame as widget_room
from kbportal.web.insights.routes import blueprint as insights_room
from kbportal.wiring import Portal


def create_app(portal: Portal) -> Flask:
    """Build the app that serves this portal; several may live in one process."""
    app = FramedApp("kbportal.web", static_folder=None)
    timing.install(app)
    portal_door.install(app, portal)
    popular.install(app, portal)
    # Responses pass these in the opposite order: what comes first here has the last word.
    compression.install(app)
    framed.install(app)
    security.install(app, portal.settings)
    visitor.install(app)
    assets.install(app)
    brand.install(app, portal.settings)
    announcing.install(app)
    widget_script.install(app)
    kept_pages.install(app)
    locale.install(app)
    errors.install(app)
    staff.install(app)
    _prepare_templates(app, portal)
    for room in (
        health_room, api_room, api_page, help_room, widget_room, account_room, desk_room,
        insights_room,
    ):  # fmt: skip
        app.register_blueprint(room)
    return app


def _prepare_templates(app: Flask, portal: Portal) -> None:
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(
        site=portal.settings,
        public_address=public_address,
        reply_time=phrases.reply_time,
        file_limits=attachments.file_limits,
        day=phrases.day,
        moment=phrases.moment,
    )
