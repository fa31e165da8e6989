from __future__ import annotations

from kbportal.kernel.clock import utc_now
from kbportal.kernel.errors import PortalError
from kbportal.kernel.languages import LANGUAGES, is_known


def test_each_language_stands_under_its_own_code() -> None:
    assert all(code == language.code for code, language in LANGUAGES.items())


def test_the_languages_of_the_interface_are_known() -> None:
    assert all(map(is_known, ("en", "sk", "pl", "fi", "ro")))
    assert not any(map(is_known, ("xx", "cz", "english", "")))
    assert LANGUAGES["sk"].endonym == "slovenčina"


def test_languages_written_from_the_right_say_so() -> None:
    assert {code for code, one in LANGUAGES.items() if one.direction == "rtl"} == {
        "ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi",
    }  # fmt: skip


def test_the_clock_knows_its_time_zone() -> None:
    offset = utc_now().utcoffset()

    assert offset is not None
    assert not offset


def test_an_error_keeps_its_facts() -> None:
    error = PortalError("the shelf is empty", shelf="en")

    assert error.facts == {"shelf": "en"}
    assert str(error) == "the shelf is empty"
    assert error.code == "portal_error"
