"""What readers call the categories that articles, tickets and gaps are filed under.

The one place that leads from a category's slug to its title.
"""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from kbportal.articles.shelf import Reader, Shelf
from kbportal.kernel.errors import PortalError
from kbportal.web.portal import portal

# Asked for at every keystroke and the same for as long as a shelf is live.
_known: WeakKeyDictionary[Shelf, dict[tuple[str, Reader], Mapping[str, str]]] = WeakKeyDictionary()


def category_titles(lang: str, *, audience: Reader = "public") -> Mapping[str, str]:
    """Slug → title of the categories in which this reader finds something, in their order.

    Empty where there is no index: nothing that is written must wait for one.
    """
    try:
        shelf = portal().live.current().shelf
    except PortalError:
        return {}
    known = _known.setdefault(shelf, {})
    if (lang, audience) not in known:
        rows = shelf.categories(lang, audience=audience)
        known[lang, audience] = {one.slug: one.title for one, _count in rows}
    return known[lang, audience]
