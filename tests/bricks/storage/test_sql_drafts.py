from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kbportal.storage import StorageUnavailable, Stores, drafts
from kbportal.tickets.draft import KEPT, SENT
from tests.builders import NOON, a_draft_of, a_ticket, an_event

MINUTE = timedelta(minutes=1)


def test_a_draft_comes_back_as_it_was_for_a_week(stores: Stores) -> None:
    draft = stores.drafts.save(a_draft_of(subject="The kettle hums"), base=0)
    assert draft

    assert stores.drafts.read(draft.digest, now=NOON + KEPT - MINUTE) == draft
    assert stores.drafts.read(draft.digest, now=NOON + KEPT) is None


def test_each_writing_keeps_it_for_another_week(stores: Stores) -> None:
    stores.drafts.save(a_draft_of(subject="The"), base=0)
    later = stores.drafts.save(a_draft_of(subject="The kettle", after=3 * MINUTE), base=1)
    assert later

    assert (later.version, later.created) == (2, NOON)
    assert stores.drafts.read(later.digest, now=NOON + KEPT + MINUTE) == later


def test_a_tab_does_not_overwrite_what_another_one_wrote(stores: Stores) -> None:
    first = stores.drafts.save(a_draft_of("tab-1", subject="hums"), base=0)
    assert first

    assert stores.drafts.save(a_draft_of("tab-2", subject="sings"), base=0) is None
    assert stores.drafts.read(first.digest, now=NOON) == first


def test_a_tab_goes_on_from_what_it_was_shown(stores: Stores) -> None:
    stores.drafts.save(a_draft_of("tab-1", subject="hums"), base=0)

    taken_over = stores.drafts.save(a_draft_of("tab-2", subject="hums loudly"), base=1)

    assert taken_over
    assert stores.drafts.save(a_draft_of("tab-1", subject="hums softly"), base=1) is None


def test_two_tabs_with_the_same_words_do_not_quarrel(stores: Stores) -> None:
    stores.drafts.save(a_draft_of("tab-1", subject="hums"), base=0)

    assert stores.drafts.save(a_draft_of("tab-2", subject="hums"), base=0)


def test_what_has_expired_is_deleted_and_nothing_else(stores: Stores) -> None:
    draft = stores.drafts.save(a_draft_of(subject="hums"), base=0)
    assert draft

    assert stores.drafts.purge(NOON + KEPT - MINUTE) == 0
    assert stores.drafts.purge(NOON + KEPT) == 1


def test_a_draft_that_is_sent_is_gone(stores: Stores) -> None:
    draft = stores.drafts.save(a_draft_of(subject="hums"), base=0)
    assert draft

    stores.tickets.file(a_ticket(), an_event("ticket_created"), draft=draft.digest)

    assert stores.drafts.read(draft.digest, now=NOON) is None


def test_a_late_writing_does_not_bring_a_sent_draft_back(stores: Stores) -> None:
    draft = stores.drafts.save(a_draft_of(subject="hums"), base=0)
    assert draft
    stores.tickets.file(a_ticket(), an_event("ticket_created"), draft=draft.digest)

    assert stores.drafts.save(a_draft_of(subject="hums again"), base=1)

    assert stores.drafts.read(draft.digest, now=NOON) is None


def test_a_draft_that_was_not_kept_yet_does_not_come_after_it_was_sent(stores: Stores) -> None:
    late = a_draft_of(subject="hums", after=MINUTE)
    stores.tickets.file(a_ticket(), an_event("ticket_created"), draft=late.digest)

    assert stores.drafts.save(late, base=0)

    assert stores.drafts.read(late.digest, now=NOON + MINUTE) is None


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_late_writing_does_not_bring_a_deleted_draft_back(stores: Stores, is_kept: bool) -> None:
    draft = a_draft_of(subject="hums")
    if is_kept:
        stores.drafts.save(draft, base=0)
    stores.drafts.delete(draft.digest, now=NOON)

    assert stores.drafts.save(a_draft_of(subject="hums", after=MINUTE), base=1)

    assert stores.drafts.read(draft.digest, now=NOON + MINUTE) is None


def test_what_is_known_of_a_sent_draft_expires_too(stores: Stores) -> None:
    stores.tickets.file(a_ticket(), an_event("ticket_created"), draft="d")

    assert stores.drafts.purge(NOON + KEPT) == 1


def test_a_tab_cannot_call_itself_so_that_its_draft_counts_as_sent(stores: Stores) -> None:
    draft = stores.drafts.save(a_draft_of(SENT, subject="hums"), base=0)
    assert draft

    assert stores.drafts.read(draft.digest, now=NOON) == draft


def test_unsent_drafts_do_not_fill_the_disk(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 1)
    first = stores.drafts.save(a_draft_of(subject="hums"), base=0)
    other = replace(a_draft_of(subject="sings"), digest="b" * 64)
    assert first

    with pytest.raises(StorageUnavailable):
        stores.drafts.save(other, base=0)

    assert stores.drafts.save(a_draft_of(subject="hums on"), base=1)
    later = replace(other, updated=first.expires)
    assert stores.drafts.save(later, base=0), "those that have expired are not counted"
