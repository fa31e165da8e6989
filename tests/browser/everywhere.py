"""A portal in all five languages, with whatever can stand on a page on some page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, template_rendered
from jinja2 import Template

from benchmarks.visitors import visits
from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.accounts import open_session
from kbportal.people.invitations import invite
from kbportal.people.model import Role
from kbportal.settings import Settings
from kbportal.tickets.model import Ticket
from kbportal.tickets.submission import submit
from kbportal.web import kept_pages
from kbportal.web.locale import COOKIE as LANGUAGE_COOKIE
from kbportal.web.staff import COOKIE as STAFF_COOKIE
from kbportal.wiring import Portal, build_index, read_articles
from tests.browsing import served
from tests.builders import a_submission
from tests.cast import a_portal, an_app, outspoken
from tests.rooms.staff import a_colleague

LANGUAGES = ("en", "sk", "pl", "fi", "ro")
DEMO = Path(__file__).parents[2] / "articles"
CATEGORIES = ("account", "delivery")
LONG = "Kahdenkymmenenneljännentoimituspäivämuutoksenvahvistusviesti"

# Whatever Markdown may do, and a word that no phone has room for.
_EVERYTHING = f"""---
title: Everything at once, {{lang}}
summary: {LONG} and what else an article can hold.
updated: {{updated}}
faq: true
---
Text with **bold**, *slanted*, `code/with/a/long/path/that/does/not/break/anywhere.toml`,
<kbd>Ctrl</kbd> and a [link](https://example.com/).

## {LONG}

1. First the lid.
2. Then the kettle:
    - with water,
    - without haste.

| Country | Costs | Days | Carrier | Remarks on the delivery |
| :-- | --: | --: | :-- | :-- |
| Slovakia | 3.90 € | 2 | {LONG} | By noon |
| Finland | 12.90 € | 6 | Posti | By ship |

## Code and boxes

```
curl --header "X-Order: 1001" https://example.com/a/very/long/address/that/scrolls/sideways/42
```

!!! note
    A note.

!!! tip "A title of its own"
    A tip.

!!! warning
    A warning.

!!! danger
    A danger.

> Somebody said so.

<details>
<summary>More of it</summary>

Unfolded.

</details>

### A deeper heading

The end.
"""


@dataclass(frozen=True)
class Everywhere:
    """The running portal.

    Attributes:
        titles: Language → title of an article that a search for it finds.
        tickets: Language → a ticket with a trail and an answer.
        rendered: Names of the templates of pages, as they were asked for.
    """

    address: str
    portal: Portal
    titles: dict[str, str]
    tickets: dict[str, Ticket]
    passes: dict[str, str]
    invitation: str
    rendered: list[str]
    app: Flask

    def afresh(self) -> None:
        """Forget what was rendered, so that the next page is rendered whatever came before."""
        self.rendered.clear()
        kept_pages.install(self.app)


def indexed_everywhere(root: Path) -> Settings:
    """Settings of the portal, its index built by words alone."""
    settings = replace(
        Settings(), instance=root / "instance", articles=_library(root / "articles"),
        holdout_percent=0, indexes=root / "indexes", languages=LANGUAGES, model="none",
        contact_hours="Monday to Friday, 9 to 17", widget_origins=("https://shop.example.com",),
    )  # fmt: skip
    build_index(settings, read_articles(settings), now=utc_now())
    return settings


@contextmanager
def everywhere(settings: Settings, instance: Path) -> Iterator[Everywhere]:
    """Serve it, with colleagues, tickets and four weeks of visitors."""
    portal = a_portal(settings, instance=instance)
    cards = list(portal.live.current().shelf.public_articles())
    portal.events.append(visits(cards, now=utc_now()))
    app = an_app(outspoken(portal), WTF_CSRF_ENABLED=True)
    rendered: list[str] = []
    with served(app) as address, _noting(app, rendered):
        yield Everywhere(
            address=address,
            portal=portal,
            titles={c.lang: c.title for c in cards if c.slug == "reset-password"},
            tickets={lang: _a_ticket(portal, lang) for lang in LANGUAGES},
            passes={role: _pass(portal, role) for role in Role},
            invitation=invite(
                portal.people, email="eva@example.com", role=Role.EDITOR, now=utc_now()
            ),
            rendered=rendered,
            app=app,
        )
    portal.close()


def staff_cookies(there: Everywhere, role: str | None, lang: str) -> dict[str, str]:
    """A browser in which this language was chosen and somebody with this role is signed in."""
    signed_in = {STAFF_COOKIE: there.passes[role]} if role else {}
    return {LANGUAGE_COOKIE: lang, **signed_in}


def _library(root: Path) -> Path:
    """Three categories of the demo in each language, one article of everything, one of its own."""
    for lang in LANGUAGES:
        for category in CATEGORIES:
            shutil.copytree(DEMO / lang / category, root / lang / category)
        updated = "2026-08-01" if lang == "en" else "2025-08-01"
        text = _EVERYTHING.format(lang=lang, updated=updated)
        (root / lang / "account" / "everything.md").write_text(text, encoding="utf-8")
        alone = root / lang / f"alone-{lang}"
        alone.mkdir()
        (alone / f"only-{lang}.md").write_text(f"---\ntitle: Only {lang}\n---\nAlone.\n")
    return root


def _a_ticket(portal: Portal, lang: str) -> Ticket:
    form = a_submission(draft_id=None, lang=lang, visitor=None, session=None, subject=f"{LONG}?")
    return submit(
        form, portal.tickets, now=utc_now() - timedelta(days=1), secret=b"x" * 32,
        ticket_id=new_id(), event_id=new_id(),
    ).ticket  # fmt: skip


def _pass(portal: Portal, role: Role) -> str:
    return open_session(portal.people, a_colleague(portal, role), now=utc_now())


@contextmanager
def _noting(app: Flask, rendered: list[str]) -> Iterator[None]:
    def note(_: Flask, template: Template, **__: Any) -> None:
        rendered.append(template.name or "")

    template_rendered.connect(note, app)
    yield
    template_rendered.disconnect(note, app)
