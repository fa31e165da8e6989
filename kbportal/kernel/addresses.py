"""E-mail addresses: whether a text is one, and in which form two of them are the same."""

from __future__ import annotations

import re
import unicodedata

_ASCII_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_LOCAL_PUNCTUATION = set(".!#$%&'*+/=?^_`{|}~-")


def fold_address(email: str) -> str:
    """The form under which an address is compared and kept."""
    return email.strip().casefold()


def is_address(email: str) -> bool:
    """Whether the text is exactly one mailbox, as a form field should hold it.

    Quoted local parts, comments, bare host names and address literals are refused: nobody
    types them, and they carry surprises for the mail system.
    """
    if unicodedata.normalize("NFKC", email) != email:
        return False  # mail systems would read another address than the one that is shown
    local, at, domain = email.partition("@")
    if not at or len(email) > 254 or not 0 < len(local) <= 64 or "@" in domain:
        return False
    return _is_dotted(local, _LOCAL_PUNCTUATION) and _is_domain(domain)


def _is_dotted(text: str, punctuation: set[str]) -> bool:
    if any(not (char.isalnum() or char in punctuation) for char in text):
        return False
    return all(text.split("."))


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not _is_dotted(domain, {".", "-"}):
        return False
    if any(len(label) > 63 or label[0] == "-" or label[-1] == "-" for label in labels):
        return False
    try:
        return bool(_ASCII_DOMAIN.fullmatch(domain.lower().encode("idna").decode("ascii")))
    except UnicodeError:
        return False
