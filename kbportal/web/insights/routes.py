"""Every address of the managers' room."""

from __future__ import annotations

from flask import Blueprint

from kbportal.web.insights import dashboard, experiments, tables
from kbportal.web.security import limiter

DECISIONS = "60 per 10 minutes"

blueprint = Blueprint("insights", __name__, url_prefix="/insights")

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
