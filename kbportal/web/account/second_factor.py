"""One's own second factor: setting it up, new recovery codes, and switching it off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.people import accounts
from kbportal.people import second_factor as factors
from kbportal.people.errors import (
    CodeRefused,
    FactorMissing,
    OfferEnded,
    PasswordWrong,
    TooManyAttempts,
)
from kbportal.people.second_factor import Accounts, Offer
from kbportal.people.totp import app_address
from kbportal.web import staff
from kbportal.web.account.proof import attempt, refusal, waiting
from kbportal.web.account.qr import picture_address
from kbportal.web.local_paths import local_path
from kbportal.web.locale import current_language
from kbportal.web.portal import portal

MAX_CODE, MAX_OFFER = 40, 500


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A key for an app, in all the ways in which it gets there."""

    token: str = field(repr=False)
    key: str = field(repr=False)
    app_url: str = field(repr=False)
    picture: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FactorRow:
    """The second factor that somebody has."""

    since: date
    codes_left: int


def second_factor() -> Response:
    """The page: what there is, or how to get it."""
    return _page()


def switch_on() -> AnyResponse:
    """Put the app in force, and show the recovery codes this once."""
    user, now = staff.the_staff(), portal().clock()
    if portal().second_factors.factor(user.id):
        return redirect(url_for("account.second_factor"), 303)
    offer = None
    try:
        token = request.form.get("offer", "")[:MAX_OFFER]
        offer = factors.offered(token, user, secret=_secret(), now=now)
        codes = factors.switch_on(
            _accounts(),
            user,
            key=offer.key,
            attempt=attempt(),
            code=request.form.get("code", "")[:MAX_CODE],
            now=now,
            lang=current_language(),
        )
    except (PasswordWrong, TooManyAttempts) as error:
        return _refused(error, offer=offer)
    except CodeRefused:
        problem = _("This is not the code that the app shows now. Is the phone's clock right?")
        return _page({"code": problem}, offer=offer, status=422)
    except OfferEnded:
        problem = _("This page was open for a long time. Please scan the new picture.")
        return _page({"offer": problem}, status=422)
    return _codes(codes, title=_("Two-step sign-in is on."))


def new_codes() -> AnyResponse:
    """New recovery codes in place of the old ones."""
    try:
        codes = factors.new_recovery_codes(
            _accounts(),
            staff.the_staff(),
            attempt=attempt(),
            now=portal().clock(),
            lang=current_language(),
        )
    except (PasswordWrong, TooManyAttempts) as error:
        return _refused(error)
    except FactorMissing:
        return redirect(url_for("account.second_factor"), 303)
    return _codes(codes, title=_("Your old recovery codes do not work any more."))


def switch_off() -> AnyResponse:
    """Sign in by password alone from now on."""
    user = staff.the_staff()
    try:
        factors.switch_off(
            _accounts(),
            user,
            attempt=attempt(),
            now=portal().clock(),
            lang=current_language(),
        )
    except (PasswordWrong, TooManyAttempts) as error:
        return _refused(error)
    except FactorMissing:
        return redirect(url_for("account.second_factor"), 303)
    return _stay(redirect(url_for("account.me", done="off"), 303))


def _refused(error: PasswordWrong | TooManyAttempts, *, offer: Offer | None = None) -> Response:
    problem, status = refusal(error)
    page = _page({"password": problem}, offer=offer, status=status)
    return waiting(page, error) if isinstance(error, TooManyAttempts) else page


def _page(
    errors: dict[str, str] | None = None, *, offer: Offer | None = None, status: int = 200
) -> Response:
    user, now = staff.the_staff(), portal().clock()
    found = portal().second_factors.factor(user.id)
    has = (
        FactorRow(found.since.date(), portal().second_factors.codes_left(user.id))
        if found
        else None
    )
    html = render_template(
        "account/second_factor.html",
        email=user.email,
        factor=has,
        offer=None if has else _row(offer or factors.offer(user, secret=_secret(), now=now)),
        is_required=portal().settings.require_second_factor,
        errors=errors or {},
        next=_next() or "",
    )
    return make_response(html, status)


def _row(offer: Offer) -> OfferRow:
    issuer, account = portal().settings.site_name, staff.the_staff().email
    url = app_address(offer.key, account=account, issuer=issuer)
    key = " ".join(offer.key[at : at + 4] for at in range(0, len(offer.key), 4))
    return OfferRow(offer.token, key, url, picture_address(url))


def _codes(codes: tuple[str, ...], *, title: str) -> AnyResponse:
    """The only time that they can be seen."""
    html = render_template(
        "account/recovery_codes.html",
        codes=codes,
        email=staff.the_staff().email,
        title=title,
        next=_next() or url_for("account.me"),
    )
    return _stay(make_response(html))


def _stay(response: AnyResponse) -> AnyResponse:
    """All sessions ended with the change; this browser gets a new one."""
    token = accounts.open_session(portal().people, staff.the_staff(), now=portal().clock())
    return staff.let_in(response, token=token)


def _accounts() -> Accounts:
    return Accounts(portal().people, portal().second_factors, _secret())


def _secret() -> bytes:
    return portal().settings.secret_key().encode()


def _next() -> str | None:
    return local_path(request.values.get("next"))
