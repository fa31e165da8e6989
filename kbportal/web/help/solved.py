"""Where one arrives after saying, without a script, that an article was the answer."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template

from kbportal.events.catalog import EventType, Surface
from kbportal.web.help.form import ContactForm
from kbportal.web.help.library import shelf
from kbportal.web.visitor import record


def solved_page(form: ContactForm) -> Response:
    """Thanks, with the way back to the form as it was typed."""
    card = shelf().card(form.solved)
    if card is None:
        abort(400)
    record(EventType.FORM_SOLVED, Surface.FORM, query=form.text, article=card.id)
    return make_response(render_template("help/solved.html", form=form, article=card))
