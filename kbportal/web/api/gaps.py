"""What to write next, for programs: what `kbportal gaps --json` printed last."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, jsonify
from flask_babel import gettext as _

from kbportal.deflection.gaps.records import gaps_document
from kbportal.web.api.insights import refuse_without_right
from kbportal.web.api.parameters import Word, read_word
from kbportal.web.api.refusals import Refused
from kbportal.web.portal import portal

LANG = Word("lang", "Only this language.")
PARAMETERS = (LANG,)

SAYS: Mapping[str, tuple[str | list[str], str]] = {
    "made": ("string", "When it was counted."),
    "since": ("string", "From when on needs were counted."),
    "until": ("string", "Until when."),
    "languages": ("array", "Each language: its needs, and which were not compared."),
    "seconds": ("number", "How long counting took."),
    "gaps": ("array", "Each gap: its state, evidence, near articles, effect and numbers."),
}
"""Every key of the answer: its type and its meaning."""


def gaps() -> Response:
    """The gaps of the last count, and how that was made."""
    refuse_without_right()
    lang, made = read_word(LANG), portal().gaps.survey()
    if made is None:
        raise Refused(404, "not_counted", _("Nothing has been counted yet"))
    found = [gap for gap in portal().gaps.gaps() if lang in (None, gap.lang)]
    cost = portal().settings.cost_per_ticket
    response = jsonify(gaps_document(made, found, cost=cost))
    response.cache_control.no_store = True
    return response
