"""Every address of the managers' room."""

from __future__ import annotations

from flask import Blueprint

from kbportal.web.insights import articles, dashboard, definitions, digest, rows, searches, tables

blueprint = Blueprint("insights", __name__, url_prefix="/insights")

blueprint.add_url_rule("/", "dashboard", dashboard.dashboard, methods=["GET"])
blueprint.add_url_rule("/articles", "articles", articles.articles, methods=["GET"])
blueprint.add_url_rule("/searches", "searches", searches.searches, methods=["GET"])
blueprint.add_url_rule("/definitions", "definitions", definitions.definitions, methods=["GET"])
blueprint.add_url_rule("/rows/<metric>", "rows", rows.rows, methods=["GET"])
blueprint.add_url_rule("/rows/<metric>.csv", "rows_file", rows.rows_file, methods=["GET"])
blueprint.add_url_rule("/<name>.csv", "table", tables.table, methods=["GET"])
blueprint.add_url_rule("/digest", "digest", digest.choose, methods=["POST"])
