"""Every address for machines."""

from __future__ import annotations

from flask import Blueprint

from kbportal.web.health import probes, robots, sitemap

blueprint = Blueprint("health", __name__)

blueprint.add_url_rule("/healthz", "alive", probes.alive, methods=["GET"])
blueprint.add_url_rule("/readyz", "ready", probes.ready, methods=["GET"])
blueprint.add_url_rule("/sitemap.xml", "sitemap", sitemap.sitemap, methods=["GET"])
blueprint.add_url_rule("/robots.txt", "robots", robots.robots, methods=["GET"])
