"""Every address of the agents' room."""

from __future__ import annotations

from flask import Blueprint

from kbportal.web.desk import files, letters, ticket, tickets, work

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

blueprint.add_url_rule("/", "tickets", tickets.tickets, methods=["GET"])
blueprint.add_url_rule("/<int:number>", "ticket", ticket.ticket, methods=["GET"])
blueprint.add_url_rule("/<int:number>/files/<file_id>", "file", files.file, methods=["GET"])
blueprint.add_url_rule("/<int:number>/find", "look", work.look, methods=["POST"])
blueprint.add_url_rule("/<int:number>/answer", "answer", work.answer, methods=["POST"])
blueprint.add_url_rule("/<int:number>/resolve", "resolve", work.resolve, methods=["POST"])
blueprint.add_url_rule("/<int:number>/status", "move", work.move, methods=["POST"])
blueprint.add_url_rule("/<int:number>/release", "release", work.release, methods=["POST"])
blueprint.add_url_rule("/<int:number>/links", "revoke", work.revoke, methods=["POST"])
blueprint.add_url_rule("/letters", "letters", letters.letters, methods=["GET"])
blueprint.add_url_rule("/letters/<letter>/again", "letter_again", letters.again, methods=["POST"])
blueprint.add_url_rule("/letters/<letter>/drop", "letter_drop", letters.drop, methods=["POST"])
