"""What can go wrong at the door."""

from __future__ import annotations

from typing import ClassVar

from kbportal.kernel.errors import PortalError


class SignInRefused(PortalError):
    """Address and password do not open an account; it is not said which of them was wrong."""

    code: ClassVar[str] = "sign_in_refused"


class TooManyAttempts(PortalError):
    """Wait. Facts: ``retry_after_s``, whole seconds."""

    code: ClassVar[str] = "too_many_attempts"


class HalfWayEnded(PortalError):
    """The time between password and code is over, or the account changed meanwhile."""

    code: ClassVar[str] = "half_way_ended"


class PasswordWrong(PortalError):
    """Not the present password of somebody who is signed in."""

    code: ClassVar[str] = "password_wrong"


class CodeRefused(PortalError):
    """Not a code of these minutes, or one that was used, or no recovery code."""

    code: ClassVar[str] = "code_refused"


class OfferEnded(PortalError):
    """The key that was offered for an app is too old to be taken."""

    code: ClassVar[str] = "offer_ended"


class FactorMissing(PortalError):
    """The account has no second factor."""

    code: ClassVar[str] = "factor_missing"


class PasswordRefused(PortalError):
    """Not a password to be used. Facts: ``problem``: too_short, too_long, common or personal."""

    code: ClassVar[str] = "password_refused"


class AddressRefused(PortalError):
    """Not an e-mail address, or not the one that was invited."""

    code: ClassVar[str] = "address_refused"


class AddressTaken(PortalError):
    """There is an account with this address already."""

    code: ClassVar[str] = "address_taken"


class InvitationRefused(PortalError):
    """The link was used, has expired or never was one."""

    code: ClassVar[str] = "invitation_refused"


class UserMissing(PortalError):
    """There is no such account."""

    code: ClassVar[str] = "user_missing"


class LastAdmin(PortalError):
    """The portal must keep one administrator."""

    code: ClassVar[str] = "last_admin"
