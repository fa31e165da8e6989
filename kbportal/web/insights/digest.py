"""Asking for the numbers by mail, once a week."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kbportal.people.audit import Action
from kbportal.web import staff
from kbportal.web.auditing import new_line
from kbportal.web.locale import current_language
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class DigestChoice:
    """Whether somebody gets the letter, where it goes, and whether letters leave at all."""

    wanted: bool
    address: str
    sends: bool
    is_new: bool


def digest_choice() -> DigestChoice:
    """What the person who looks at the page has chosen."""
    user = staff.the_staff()
    return DigestChoice(
        wanted=portal().digests.wants(user.id),
        address=user.email,
        sends=portal().settings.sends_mail,
        is_new=request.args.get("done") == "digest",
    )


def choose() -> AnyResponse:
    """Begin or stop it; in the language in which it was asked for."""
    user, store = staff.the_staff(), portal().digests
    if request.form.get("wanted") == "yes":
        line = new_line(Action.LETTER_WANTED)
        store.subscribe(user.id, lang=current_language(), now=portal().clock(), line=line)
    else:
        store.unsubscribe(user.id, line=new_line(Action.LETTER_STOPPED))
    return redirect(url_for("insights.dashboard", done="digest", _anchor="digest"), 303)
