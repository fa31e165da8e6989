"""Every address of the managers' room."""

from __future__ import annotations

from flask import Blueprint

from kbportal.web.insights import (
    articles,
    dashboard,
    definitions,
    digest,
    documents,
    experiments,
    gap,
    gap_acts,
    gaps,
    rows,
    searches,
    tables,
)
from kbportal.web.insights.frame import room_tabs
from kbportal.web.security import limiter

DECISIONS = "60 per 10 minutes"

blueprint = Blueprint("insights", __name__, url_prefix="/insights")

# Not through a context: macros that are imported see none.
blueprint.add_app_template_global(room_tabs)
blueprint.add_url_rule("/", "dashboard", dashboard.dashboard, methods=["GET"])
blueprint.add_url_rule("/experiments", "experiments", experiments.experiments, methods=["GET"])
blueprint.add_url_rule(
    "/experiments/holdout",
    "set_holdout",
    limiter.limit(DECISIONS)(experiments.set_holdout),
    methods=["POST"],
)
blueprint.add_url_rule(
    "/experiments/end", "end_trial", limiter.limit(DECISIONS)(experiments.end_trial),
    methods=["POST"],
)  # fmt: skip
blueprint.add_url_rule(
    "/experiments/undo", "undo_trial", limiter.limit(DECISIONS)(experiments.undo_trial),
    methods=["POST"],
)  # fmt: skip
blueprint.add_url_rule("/<name>.csv", "table", tables.table, methods=["GET"])
blueprint.add_url_rule("/gaps", "gaps", gaps.gaps, methods=["GET"])
blueprint.add_url_rule("/gaps.json", "gaps_json", gaps.gaps_json, methods=["GET"])
blueprint.add_url_rule("/gaps.csv", "gaps_file", gaps.gaps_file, methods=["GET"])
blueprint.add_url_rule(
    "/gaps/count", "gaps_count", limiter.limit(DECISIONS)(gaps.count), methods=["POST"]
)
blueprint.add_url_rule("/gaps/<gap_id>", "gap", gap.gap, methods=["GET"])
blueprint.add_url_rule(
    "/gaps/<gap_id>/draft", "gap_draft", limiter.limit(DECISIONS)(gap_acts.draft), methods=["POST"]
)
blueprint.add_url_rule(
    "/gaps/<gap_id>/decision",
    "gap_decide",
    limiter.limit(DECISIONS)(gap_acts.decide),
    methods=["POST"],
)
blueprint.add_url_rule("/articles", "articles", articles.articles, methods=["GET"])
blueprint.add_url_rule("/searches", "searches", searches.searches, methods=["GET"])
blueprint.add_url_rule("/definitions", "definitions", definitions.definitions, methods=["GET"])
blueprint.add_url_rule("/rows/<metric>", "rows", rows.rows, methods=["GET"])
blueprint.add_url_rule("/rows/<metric>.csv", "rows_file", rows.rows_file, methods=["GET"])
blueprint.add_url_rule("/digest", "digest", digest.choose, methods=["POST"])
blueprint.add_url_rule("/report.json", "report_json", documents.report_json, methods=["GET"])
blueprint.add_url_rule("/rows/<metric>.json", "rows_json", documents.rows_json, methods=["GET"])
blueprint.add_url_rule("/quality.json", "quality_json", documents.quality_json, methods=["GET"])
