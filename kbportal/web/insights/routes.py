"""Every address of the managers' room."""

from __future__ import annotations

from flask import Blueprint

from kbportal.web.insights import dashboard, tables

blueprint = Blueprint("insights", __name__, url_prefix="/insights")

blueprint.add_url_rule("/", "dashboard", dashboard.dashboard, methods=["GET"])
blueprint.add_url_rule("/<name>.csv", "table", tables.table, methods=["GET"])
