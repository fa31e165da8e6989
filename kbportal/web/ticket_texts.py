"""What is wrong with a ticket's fields, in the requester's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _


def field_texts(problems: Mapping[str, str]) -> dict[str, str]:
    """Field → what it needs, from field → code as `tickets.submission.check` gives them.

    A code without a text stands for itself.
    """
    special = {
        ("subject", "required"): _("Please say in a few words what it is about."),
        ("description", "required"): _("Please tell us what happened."),
        ("email", "required"): _("We need your e-mail address to answer you."),
        ("email", "invalid"): _(
            "This does not look like an e-mail address, like name@example.com."
        ),
        ("lang", "invalid"): _("The portal is not offered in this language."),
    }
    general = {
        "too_long": _("This text is too long; please shorten it."),
        "unknown": _("A ticket has no such field."),
        "not_text": _("This must be text."),
        "not_texts": _("This must be an object of texts."),
        "required": _("Please answer this."),
        "invalid": _("Please choose one of these."),
    }
    return {
        field: special.get((field, code)) or general.get(code, code)
        for field, code in problems.items()
    }
