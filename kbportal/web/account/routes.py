"""Every address of the staff's own room. Who may open which stands in `web/policy.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from kbportal.web.account import audit, code, join, login, me, people, second_factor
from kbportal.web.errors import error_page
from kbportal.web.security import limiter

blueprint = Blueprint("account", __name__, url_prefix="/account")

PASSWORDS_TRIED = "30 per 10 minutes"
FORMS_POSTED = "60 per 10 minutes"


def _get(rule: str, name: str, page: Callable[..., Any]) -> None:
    blueprint.add_url_rule(rule, name, page, methods=["GET"])


def _post(rule: str, name: str, page: Callable[..., Any], *, limit: str = FORMS_POSTED) -> None:
    blueprint.add_url_rule(rule, name, limiter.limit(limit)(page), methods=["POST"])


_get("/login", "login", login.ask)
_post("/login", "login_post", login.enter, limit=PASSWORDS_TRIED)
_get("/login/code", "code", code.ask)
_post("/login/code", "code_post", code.enter, limit=PASSWORDS_TRIED)
_post("/logout", "logout", login.leave)
_post("/language", "language", login.speak)
_get("/join/<token>", "join", join.ask)
_post("/join/<token>", "join_post", join.enter, limit=PASSWORDS_TRIED)
_get("/", "me", me.me)
_post("/name", "rename", me.rename)
_post("/password", "change_password", me.change_password, limit=PASSWORDS_TRIED)
_get("/second-factor", "second_factor", second_factor.second_factor)
_post("/second-factor", "switch_on", second_factor.switch_on, limit=PASSWORDS_TRIED)
_post("/second-factor/codes", "new_codes", second_factor.new_codes, limit=PASSWORDS_TRIED)
_post("/second-factor/off", "switch_off", second_factor.switch_off, limit=PASSWORDS_TRIED)
_get("/people", "people", people.people)
_get("/audit", "audit", audit.audit)
_post("/people", "invite", people.invite)
_post("/people/<user_id>", "change", people.change)


@blueprint.errorhandler(CSRFError)
def _expired(error: CSRFError) -> AnyResponse:
    """A sign-in page that was left open comes back with a fresh token; others ask to reload."""
    if request.endpoint in {"account.login_post", "account.code_post"}:
        problem = _("This page was open for a long time. Please sign in again.")
        return login.page(email=request.form.get("email", "")[:254], problem=problem, status=400)
    return error_page(400)
