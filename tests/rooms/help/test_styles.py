"""Stylesheets go out without what only their authors read, and otherwise as they are."""

from __future__ import annotations

import re

import pytest

from kbportal.web.assets import BUNDLES, FOLDER, lean, read_assets

PARTS = sorted({part for parts in BUNDLES.values() for part in parts})


@pytest.mark.parametrize("part", PARTS)
def test_no_stylesheet_holds_what_only_looks_like_a_comment(part):
    css = (FOLDER / f"css/{part}.css").read_text(encoding="utf-8")

    assert not [text for text in re.findall(r'"[^"\n]*"|url\([^)]*\)', css) if "/*" in text]


def test_comments_and_indentation_go_and_nothing_else():
    css = b"/* Why. */\n.a {\n  margin: 0 auto;\n\n  /* How. */\n  color: red; /* so */\n}\n"

    assert lean(css) == b".a {\nmargin: 0 auto;\ncolor: red;\n}\n"


@pytest.mark.parametrize("name", BUNDLES)
def test_every_rule_of_a_bundle_is_served(name):
    whole = "\n".join((FOLDER / f"css/{part}.css").read_text() for part in BUNDLES[name])
    served = read_assets(FOLDER).files[name].body.decode()

    for sign in "{};":
        written = re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL).count(sign)
        assert served.count(sign) == written
    assert "/*" not in served
