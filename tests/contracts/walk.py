"""Every address that can be opened, made from the app's own map."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import product
from urllib.parse import urlencode

from flask import Flask
from werkzeug.routing import Rule

from tests.cast import CANARY, HIDDEN_PICTURE

PUBLIC_SLUGS = ("reset-password", "late-parcel", "obnovenie-hesla", "forgotten-password")
HIDDEN = ("draft", "staff", "archived", "translated", "roomed")
HIDDEN_SLUGS = tuple(f"{CANARY}{kind}{part}" for kind in HIDDEN for part in ("slug", "formerly"))
QUERIES = ("password", "parcel", *(f"{CANARY}{kind}title" for kind in HIDDEN),
           f"{CANARY}draftbdy", f"{CANARY}staffanswr", f"{CANARY}drafttagg")  # fmt: skip
PICTURE = f"{hashlib.sha256(HIDDEN_PICTURE.encode()).hexdigest()[:24]}.svg"

Values = Mapping[str, tuple[object, ...]]

VALUES: Values = {
    "lang": ("en", "sk", "fi"),
    "slug": (*PUBLIC_SLUGS, *HIDDEN_SLUGS, "account", "delivery", f"{CANARY}room", "nothing"),
    "token": ("nobody-knows",),
    "file_id": ("nothing",),
    "path": ("css/tokens.css", "nothing.css"),
    "number": (1001, 7),
    "gap_id": ("nothing",),
    "metric": ("submission_rate", "zero_result_rate", "nothing"),
    "name": ("articles", "queries", "nothing", PICTURE),
}
"""What each part of an address may be. A new kind of part is added here."""

ASKED = {"search", "suggest"}


def addresses(app: Flask, **more: tuple[object, ...]) -> Iterator[str]:
    """Every address of every rule that answers GET; those that search are asked for words."""
    values = {**VALUES, **more}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            for path in _paths(rule, values):
                yield from _asked(rule, path)


def _paths(rule: Rule, values: Values) -> Iterator[str]:
    names = sorted(rule.arguments)
    unknown = [name for name in names if name not in values]
    assert not unknown, f"say in VALUES what {unknown} of {rule.rule} may be"
    for chosen in product(*(values[name] for name in names)):
        built = rule.build(dict(zip(names, chosen, strict=True)))
        assert built is not None, rule.rule
        yield built[1]


def _asked(rule: Rule, path: str) -> Iterator[str]:
    yield path
    if rule.endpoint.rpartition(".")[2] in ASKED:
        for lang, query in product(("en", "sk"), QUERIES):
            yield f"{path}?{urlencode({'q': query, 'lang': lang})}"
