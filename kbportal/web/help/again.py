"""Finding the way back: the addresses of one's tickets, sent to one's own mailbox.

The same is answered, with the same work, whether an address has tickets or not.
"""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.kernel.addresses import is_address
from kbportal.tickets.links import asked_for
from kbportal.web.errors import STATUS_OF
from kbportal.web.help.ticket import private
from kbportal.web.portal import portal


def ask(lang: str) -> Response:
    """The question for the address."""
    return _page()


def send(lang: str) -> AnyResponse:
    """Order the letter, whether or not there will be anything to put into it."""
    email = request.form.get("email", "").strip()
    if not is_address(email):
        problem = _("This does not look like an e-mail address, like name@example.com.")
        return _page(email=email[:254], problem=problem, status=422)
    portal().outbox.add(asked_for(email, lang=lang, now=portal().clock()))
    return redirect(url_for("help.asked"), 303)


def asked(lang: str) -> Response:
    """What happens now; the same for everybody."""
    return private(render_template("help/asked.html"))


def ended() -> Response:
    """The page of an address that opened a ticket once."""
    return private(render_template("help/ended.html"), status=STATUS_OF["ticket_link_ended"])


def _page(*, email: str = "", problem: str = "", status: int = 200) -> Response:
    html = render_template("help/again.html", email=email, problem=problem)
    return make_response(html, status)
