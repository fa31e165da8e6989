"""Every address of the managers' room."""

from __future__ import annotations

from flask import Blueprint

from kbportal.web.insights import articles, dashboard, definitions, searches, tables

blueprint = Blueprint("insights", __name__, url_prefix="/insights")

blueprint.add_url_rule("/", "dashboard", dashboard.dashboard, methods=["GET"])
blueprint.add_url_rule("/articles", "articles", articles.articles, methods=["GET"])
blueprint.add_url_rule("/searches", "searches", searches.searches, methods=["GET"])
blueprint.add_url_rule("/definitions", "definitions", definitions.definitions, methods=["GET"])
blueprint.add_url_rule("/<name>.csv", "table", tables.table, methods=["GET"])
