"""Letters to the staff about their own accounts."""

from __future__ import annotations

import pytest

from kbportal.mail.account_words import ACCOUNT
from kbportal.mail.content import AccountChanged
from kbportal.mail.model import ABOUT_ACCOUNTS, Kind
from kbportal.mail.words import write
from tests.builders import NOON
from tests.mailing import HOUSE

PAGE = "https://help.acme.example/account/"


def written(what: Kind, lang: str = "en", codes_left: int = 9):
    told = AccountChanged(what, NOON, codes_left)
    return write(told, lang=lang, links={ACCOUNT: PAGE}, house=HOUSE)


@pytest.mark.parametrize("lang", ["en", "sk", "xx"])
@pytest.mark.parametrize("what", sorted(ABOUT_ACCOUNTS))
def test_each_says_when_and_leads_to_the_account(what: Kind, lang: str):
    letter = written(what, lang)

    assert letter.subject.endswith("· Acme Help")
    assert str(NOON.year) in letter.text
    assert "UTC" in letter.text
    assert f"\n{PAGE}\n" in letter.text


def test_no_two_have_the_same_subject():
    assert len({written(what).subject for what in ABOUT_ACCOUNTS}) == len(ABOUT_ACCOUNTS)


@pytest.mark.parametrize(("left", "said"), [(1, "1 recovery code left"), (0, "0 recovery codes")])
def test_a_used_recovery_code_says_how_many_are_left(left: int, said: str):
    assert said in written(Kind.CODE_USED, codes_left=left).text
    assert said not in written(Kind.FACTOR_ON, codes_left=left).text
