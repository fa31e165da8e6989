"""The app factory: one Flask app for one portal."""

from __future__ import annotations

from flask import Flask

from kbportal.web import assets, compression, errors, locale, phrases, security, visitor
from kbportal.web import portal as portal_door
from kbportal.web.help.routes import blueprint as help_room
from kbportal.wiring import Portal


def create_app(portal: Portal) -> Flask:
    """Build the app that serves this portal; several may live in one process."""
    app = Flask("kbportal.web", static_folder=None)
    portal_door.install(app, portal)
    # Responses pass these in the opposite order: what comes first here has the last word.
    compression.install(app)
    security.install(app, portal.settings)
    visitor.install(app)
    assets.install(app)
    locale.install(app)
    errors.install(app)
    _prepare_templates(app, portal)
    for room in (help_room,):
        app.register_blueprint(room)
    return app


def _prepare_templates(app: Flask, portal: Portal) -> None:
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(
        site=portal.settings,
        reply_time=phrases.reply_time,
        day=phrases.day,
        moment=phrases.moment,
    )
