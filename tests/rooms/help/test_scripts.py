"""Scripts leave as one file each, and mean what their modules mean."""

from __future__ import annotations

import re

import pytest

from kbportal.web.assets import FOLDER
from kbportal.web.scripts import bundled

LEAF = (
    "// Why.\n\nexport const SIZE = 3;\n\nexport function area() {\n  return SIZE ** 2; // so\n}\n"
)
BRANCH = (
    'import { area as room, SIZE } from "./leaf.js";\n\n/** Twice. */\n'
    "export async function both() {\n  return [room(), SIZE];\n}\n"
)
TREE = (
    'import { both } from "./branch.js";\nimport {\n  area,\n} from "./leaf.js";\n\nboth(area);\n'
)
GROVE = {"leaf.js": LEAF, "branch.js": BRANCH, "tree.js": TREE}


def test_what_is_imported_comes_first_and_once():
    whole = bundled("tree.js", GROVE)

    assert whole.count("SIZE**2") == 1
    assert "const{area:room,SIZE}=m0;" in whole
    assert whole.index("SIZE**2") < whole.index("[room(),SIZE]") < whole.index("both(area)")
    assert not re.search(r"\b(import|export)\b", whole)


def test_what_a_script_exports_can_still_be_imported_later():
    whole = bundled("branch.js", GROVE)

    assert re.findall(r"\bexport \w+ \w+ \w+", whole) == ["export async function both"]


def test_comments_and_indentation_stay_at_home():
    whole = bundled("tree.js", GROVE)

    assert "Why" not in whole
    assert "Twice" not in whole
    assert "// so" not in whole
    assert "  " not in whole


@pytest.mark.parametrize(
    "text",
    ['import * as all from "./leaf.js";\n', 'import leaf from "./leaf.js";\n',
     'export { leaf };\n', "export default 3;\n", 'import { a } from "./missing.js";\n',
     'import { a } from "./self.js";\n', "await 3;\n"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_at_the_start(text):
    with pytest.raises(ValueError, match=r"understand|each other|no module"):
        bundled("self.js", {**GROVE, "self.js": text})


def test_texts_in_a_script_stay_as_they_are():
    text = "export const SAID = `a  //  b ${1 + 1}  c`;\nexport const KIND = /[ ]  x/;\n"

    whole = bundled("tree.js", {"tree.js": text})

    assert "`a  //  b ${1 + 1}  c`" in whole
    assert "/[ ]  x/" in whole


def test_every_script_of_a_page_is_one_answer(client):
    page = client.get("/en/contact").text
    scripts = re.findall(r'src="(/static/[^"]+\.js)"', page)

    assert len(scripts) == 2
    for script in scripts:
        assert not re.search(r"\bimport\b(?!\()", client.get(script).text)


def test_every_script_that_is_fetched_later_gives_what_is_asked_of_it():
    modules = {one.name: one.read_text(encoding="utf-8") for one in (FOLDER / "js").glob("*.js")}
    later = [
        asked
        for text in modules.values()
        for asked in re.findall(r'import\("\./([\w-]+\.js)"\).*?module\.(\w+)', text)
    ]

    assert later
    for name, wanted in later:
        assert re.search(rf"\bexport [\w ]*\b{wanted}\b", bundled(name, modules)), name
