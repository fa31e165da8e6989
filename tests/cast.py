"""Whole things that many tests need: a small library, a portal over it, an app."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from kbportal.kernel.clock import utc_now
from kbportal.search.query.engine import Engine
from kbportal.search.query.live import Live, LiveIndex
from kbportal.settings import Settings
from kbportal.storage import upgrade
from kbportal.web.app import create_app
from kbportal.wiring import Portal, build_index, build_portal, read_articles

SMALL_LIBRARY = {
    "en/account/_category.yml": "title: Account\nsummary: Signing in.\nicon: user\norder: 1\n",
    "en/delivery/_category.yml": "title: Delivery\nsummary: Parcels.\nicon: truck\norder: 2\n",
    "sk/account/_category.yml": "title: Účet\nsummary: Prihlásenie.\nicon: user\norder: 1\n",
    "en/account/reset-password.md": (
        "---\ntitle: Reset your password\nsummary: A link by e-mail.\nupdated: 2026-02-01\n"
        "faq: true\nredirect_from: [forgotten-password]\nanswers: [I forgot my password]\n---\n"
        "Choose **Forgot password** on the sign-in page.\n\n## The link has expired\n\n"
        "Ask for a new password link.\n\n!!! note\n    It works once.\n\n## Nothing arrives\n\n"
        "| Where | What |\n| --- | --- |\n| Spam | Look there |\n"
    ),
    "en/account/close-account.md": (
        "---\ntitle: Close your account\nsummary: For good.\nupdated: 2025-12-01\n---\n"
        "Write to us and the account is closed.\n"
    ),
    "en/account/secret-plan.md": "---\ntitle: Xylophone plan\nstatus: draft\n---\nXylophone.\n",
    "en/account/for-agents.md": "---\ntitle: Zeppelin rules\naudience: staff\n---\nZeppelin.\n",
    "en/delivery/late-parcel.md": (
        "---\ntitle: Your parcel is late\nsummary: What to do.\nupdated: 2026-01-10\n---\n"
        "Parcels may take five working days. Then ask the carrier where your parcel is.\n"
    ),
    "sk/account/reset-password.md": (
        "---\ntitle: Obnovenie hesla\nslug: obnovenie-hesla\nsummary: Odkaz e-mailom.\n"
        "updated: 2025-06-01\n---\nKliknite na zabudnuté heslo. Odkaz na obnovenie hesla príde "
        "e-mailom.\n\n!!! note\n    Funguje raz.\n"
    ),
}


def write_library(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write article files below `root`; the small library unless told otherwise."""
    for path, text in (files or SMALL_LIBRARY).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def indexed_settings(root: Path, **facts: Any) -> Settings:
    """Settings of a portal below `root` whose small library is indexed, without a model."""
    settings = replace(
        Settings(),
        holdout_percent=0,
        instance=root / "instance",
        articles=write_library(root / "articles"),
        indexes=root / "indexes",
        languages=("en", "sk", "fi"),
        model="none",
        contact_hours="Monday to Friday",
        **facts,
    )
    build_index(settings, read_articles(settings), now=utc_now())
    return settings


def an_app(portal: Portal, **config: Any) -> Flask:
    """An app for tests: no form tokens and no rate limits, unless asked for."""
    app = create_app(portal)
    app.jinja_env.bytecode_cache = _COMPILED
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.config.update(config)
    return app


def a_portal(settings: Settings, **facts: Any) -> Portal:
    """A portal on its own empty database."""
    made = replace(settings, **facts)
    database = made.instance / "kbportal.sqlite"
    if not made.database_url and not database.exists():
        made.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(_empty_database(), database)
        database.chmod(0o600)
    return build_portal(made)


class _Compiled(BytecodeCache):
    """Templates compiled once for the thousand apps of a test run."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()
_SHELF = TemporaryDirectory(prefix="kbportal-tests-")


@cache
def _empty_database() -> Path:
    """A database with all its tables, made once by the migrations and copied from then on."""
    path = Path(_SHELF.name) / "empty.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


class Outspoken:
    """A live index that suggests whatever a search finds, however unsure it is of it.

    For tests of pages, which shall not depend on how search weighs a library of four articles.
    """

    def __init__(self, live: LiveIndex) -> None:
        self._live = live

    def current(self) -> Live:
        live = self._live.current()
        return replace(live, engine=_OutspokenEngine(live.engine))  # type: ignore[arg-type]


class _OutspokenEngine:
    def __init__(self, engine: Engine) -> None:
        self.search, self.corrected = engine.search, engine.corrected
        self.suggest = engine.search


def outspoken(portal: Portal) -> Portal:
    """The same portal with suggestions for every text that any article matches."""
    return replace(portal, live=Outspoken(portal.live))  # type: ignore[arg-type]


CANARY = "vulpix"
"""Every word that the public must never see starts with it."""

_HIDDEN_PAGE = (
    "---\ntitle: {c}{k}title {c} plan\nslug: {c}{k}slug\nsummary: {c}{k}summary {c} here\n"
    "tags: [{c}{k}tag, {c}]\nanswers: [how to {c}{k}answer {c}]\n"
    "redirect_from: [{c}{k}formerly]\nowner: {c}{k}owner\nfaq: true\nupdated: 2026-02-02\n"
    "{flag}\n---\nForgot password {c}{k}body {c}. ![A picture](hidden.svg)\n\n"
    "## A {c}{k}heading {c}\n\n"
    "The {c}{k}section of a parcel {c}.\n"
)


def hidden_page(kind: str, flag: str) -> str:
    """An article that only staff may see, each part of it with a canary of its own."""
    return _HIDDEN_PAGE.format(c=CANARY, k=kind, flag=flag)


HIDDEN_PICTURE = f'<svg viewBox="0 0 9 9"><title>{CANARY}picture</title></svg>'

SEEDED_LIBRARY = SMALL_LIBRARY | {
    "en/account/hidden.svg": HIDDEN_PICTURE,
    "en/delivery/hidden.svg": HIDDEN_PICTURE,
    "en/account/hidden-draft.md": hidden_page("draft", "status: draft"),
    "en/delivery/hidden-staff.md": hidden_page("staff", "audience: staff"),
    "sk/account/hidden-archived.md": hidden_page("archived", "status: archived"),
    "sk/delivery/late-parcel.md": hidden_page("translated", "status: draft"),
    f"en/{CANARY}room/_category.yml": f"title: {CANARY}roomtitle\nsummary: {CANARY}roomsummary\n",
    f"en/{CANARY}room/hidden.md": hidden_page("roomed", "audience: staff"),
}


def seeded_settings(root: Path) -> Settings:
    """Settings of a portal that is indexed with a stand-in for the model, hidden pages and all."""
    settings = replace(
        Settings(),
        holdout_percent=0,
        instance=root / "instance",
        articles=write_library(root / "articles", SEEDED_LIBRARY),
        indexes=root / "indexes",
        languages=("en", "sk", "fi"),
        model="hashing",
    )
    build_index(settings, read_articles(settings), now=utc_now())
    return settings
