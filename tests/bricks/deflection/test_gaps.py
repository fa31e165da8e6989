"""Gaps: what people needed and did not get, grouped, counted once each, known again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.deflection.gaps import decisions
from kbportal.deflection.gaps.clusters import clusters
from kbportal.deflection.gaps.demand import needs
from kbportal.deflection.gaps.discretion import shared_words, showable
from kbportal.deflection.gaps.likeness import compare
from kbportal.deflection.gaps.meaning import LETTERS_ALONE, Meaning
from kbportal.deflection.gaps.model import Advice, Asked, Kind, State, Why
from kbportal.deflection.gaps.ports import Found
from kbportal.deflection.gaps.publishing import reading_since
from kbportal.deflection.gaps.survey import survey
from kbportal.deflection.gaps.trends import effect, trend
from kbportal.deflection.model import Windows
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.events.catalog import EventType, Shown, Surface
from tests.bricks.deflection.needs import Shelf, a_need, a_sent, later, many
from tests.builders import NOON, RESET, an_event

GIFT = ("buy a gift card", "gift card code", "birthday gift card")
SCALE = ("limescale in the kettle", "remove limescale kettle", "kettle limescale")


def demand(*events, asked=None):
    span = timedelta(days=3)
    return needs(
        events, asked or {}, since=NOON - span, until=NOON + span, windows=Windows()
    )  # fmt: skip


def a_search(query, *, results=(), visitor="v1", after=timedelta()):
    return an_event(
        EventType.SEARCH, query_norm=query, results=results, visitor=visitor, after=after,
        surface=Surface.SEARCH, session=visitor,
    )  # fmt: skip


def asked(**facts):
    whole = {"title": "Gift card", "text": "Gift card. Where?", "lang": "en", "category": "",
             "solved_by": "", "person": "m:jana"}  # fmt: skip
    return Asked(**(whole | facts))


def surveyed(found, *, kept=(), library=None, now=NOON):
    made, gaps = survey(found, kept=kept, library=library or Shelf(), now=now)
    return made, {gap.name: gap for gap in gaps}


# People


@pytest.mark.parametrize(
    ("whos", "persons"),
    [
        (("v1", "m:ann"), ("m:ann", "m:ann")),
        (("v1", "v2"), ("m:ann", "m:ann")),
        (("v1", "v1"), ("", "m:ann")),
        (("v1", "v2"), ("m:ann", "")),
    ],
    ids=["once without an id", "a month later", "searched, then wrote", "somebody else"],
)
def test_what_one_person_wrote_twice_is_no_gap_and_not_shown(whos, persons):
    found = [
        a_sent("zebrafinch lost", who=who, person=person)
        for who, person in zip(whos, persons, strict=True)
    ]
    is_one = set(persons) == {"m:ann"} or len(set(whos)) == 1

    assert len(surveyed(found)[1]) == (0 if is_one else 1)
    assert ("zebrafinch" in shared_words(found)) is not is_one


def test_people_who_share_a_browser_are_as_many_as_wrote():
    found = [a_sent(who="v1", person=f"m:{name}") for name in ("ann", "ben")]

    (gap,) = surveyed(found)[1].values()

    assert gap.evidence.people == 2


# Demand


def test_a_search_without_result_is_a_need():
    (need,) = demand(a_search("gift card"))

    assert (need.text, need.kind, need.why) == ("gift card", Kind.SEARCH, Why.NOTHING_FOUND)


def test_a_search_whose_result_was_opened_is_none():
    found = demand(
        a_search("reset password", results=(Shown(RESET),)),
        an_event(EventType.ARTICLE_VIEWED, after=timedelta(minutes=1)),
    )

    assert found == []


def test_a_crawlers_search_is_none():
    bot = replace(a_search("gift card"), ua_class="bot")

    assert demand(bot) == []


def test_a_ticket_without_an_article_is_a_need():
    (need,) = demand(an_event(EventType.TICKET_CREATED, ticket="t1"), asked={"t1": asked()})

    assert (need.kind, need.why, need.unmet) == (Kind.TICKET, Why.SILENT, True)


@pytest.mark.parametrize(
    ("events", "unmet"),
    [
        ([EventType.SUGGEST_SHOWN], False),
        ([EventType.SUGGEST_GHOST], False),
        ([], True),
        ([EventType.SUGGEST_SHOWN, EventType.SUGGEST_REJECTED], True),
    ],
    ids=["shown", "held back", "silent", "rejected"],
)
def test_a_ticket_solved_by_an_article_is_met_only_if_it_had_been_offered(events, unmet):
    before = [an_event(kind, after=timedelta(minutes=at - 9)) for at, kind in enumerate(events)]
    ticket = an_event(EventType.TICKET_CREATED, ticket="t1")

    (need,) = demand(*before, ticket, asked={"t1": asked(solved_by=RESET)})

    assert need.unmet is unmet


def test_an_article_that_was_opened_before_the_ticket_was_of_no_help():
    (need,) = demand(
        an_event(EventType.SUGGEST_SHOWN, after=-timedelta(minutes=3)),
        an_event(EventType.SUGGEST_OPENED, after=-timedelta(minutes=2)),
        an_event(EventType.TICKET_CREATED, ticket="t1"),
        asked={"t1": asked()},
    )

    assert need.why is Why.OF_NO_HELP
    assert need.opened == {RESET}


def test_of_a_ticket_that_was_deleted_the_typed_words_are_known():
    (need,) = demand(
        an_event(EventType.SUGGEST_SHOWN, after=-timedelta(minutes=3), query_norm="gift card"),
        an_event(EventType.TICKET_CREATED, ticket="t1"),
    )

    assert (need.text, need.kind) == ("gift card", Kind.TICKET)


def test_of_a_ticket_of_which_no_word_is_left_nothing_is_known():
    assert demand(an_event(EventType.TICKET_CREATED, ticket="t1")) == []


def test_a_ticket_without_a_visitor_stands_for_its_requester():
    (need,) = demand(
        an_event(EventType.TICKET_CREATED, ticket="t1", visitor=None), asked={"t1": asked()}
    )

    assert need.who == "m:jana"


# Groups


def groups_of(*texts, meaning=LETTERS_ALONE, **limits):
    return clusters(compare(texts, meaning), **limits).tolist()


def test_texts_that_share_their_words_are_one_group_and_others_are_not():
    assert groups_of(*GIFT, *SCALE) == [0, 0, 0, 1, 1, 1]


def test_slovak_endings_and_missing_accents_do_not_part_a_group():
    found = groups_of("darčeková poukážka", "darcekovu poukazku", "darčekovej poukážky", "faktúra")

    assert found == [0, 0, 0, 1]


def test_texts_beyond_the_limit_join_the_group_that_they_are_like_or_none():
    found = groups_of(*GIFT, *SCALE, "a gift card", "zebra", most=6)

    assert found == [0, 0, 0, 1, 1, 1, 0, -1]


def test_meaning_joins_what_letters_do_not():
    same = np.eye(2, dtype=np.float32)
    texts = {"refund": 0, "money back": 0, "zebra": 1, "stripes": 1}
    meaning = Meaning(lambda text: same[texts[text]], 1.0)

    assert groups_of(*texts) == [0, 1, 2, 3]
    assert groups_of(*texts, meaning=meaning) == [0, 0, 1, 1]


def test_without_trust_in_the_model_it_is_not_asked():
    def never(text):
        raise AssertionError(text)

    assert groups_of(*GIFT, meaning=Meaning(never, -1.0)) == [0, 0, 0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=12))
def test_any_texts_are_grouped_the_same_each_time(texts):
    meaning = Meaning(HashingEmbedder().encode, 0.5)
    first, second = groups_of(*texts, meaning=meaning), groups_of(*texts, meaning=meaning)

    assert first == second
    assert sorted(set(first)) == list(range(len(set(first))))


# What may be shown


def shown(text, *others, known=()):
    shared = shared_words([a_need(text), *(a_need(one) for one in others)])
    return showable(text, shared=shared, is_known=set(known).__contains__)


def test_a_word_that_one_person_alone_used_is_hidden():
    assert shown("gift card of Zebulon Quark", "a gift card of mine") == "gift card of …"


def test_a_word_that_articles_use_is_shown():
    assert shown("gift voucher", "card", known={"gift", "voucher"}) == "gift voucher"


def test_addresses_and_numbers_are_hidden_whoever_used_them():
    text = "card jana@example.com 4111 1111 1111 1111"

    assert shown(text, text) == "card …"


def test_a_text_of_hidden_words_alone_is_not_shown():
    assert shown("Zebulon Quark", "gift card") == ""


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_is_shown_that_only_one_person_wrote(mine, other):
    words_of_others = set(shared_words([a_need(mine), a_need(other)]))
    text = shown(mine, other)

    assert shared_words([a_need(text), a_need(text)]) <= words_of_others


# The survey


def test_one_person_counts_once_and_with_a_ticket_as_a_ticket():
    found = [a_need(GIFT[0], who="v1"), a_need(GIFT[1], who="v1"), a_sent(GIFT[0], who="v1"),
             a_need(GIFT[2], who="v2")]  # fmt: skip

    _, gaps = surveyed(found)

    (gap,) = gaps.values()
    assert (gap.evidence.tickets, gap.evidence.searches) == (1, 1)


def test_what_only_one_person_needs_is_no_gap():
    made, gaps = surveyed([a_need("gift card"), a_need("zebra stripes")])

    assert gaps == {}
    assert made.languages[0].single == 2


def test_a_text_that_was_cut_short_while_typing_names_nothing():
    _, gaps = surveyed(many(["put my subscr", "put my subscription on hold"], 4))

    (gap,) = gaps.values()
    assert gap.evidence.examples == ("put my subscription on hold",)


def test_languages_are_never_mixed():
    _, gaps = surveyed([*many(["kontakt"], 2), *many(["kontakt"], 2, lang="sk")])

    assert [gap.lang for gap in surveyed(many(["kontakt"], 2, lang="sk"))[1].values()] == ["sk"]
    assert (
        len(surveyed([*many(["kontakt"], 2), *many(["kontakt"], 2, lang="sk")])[0].languages) == 2
    )
    assert {gap.evidence.tickets for gap in gaps.values()} == {2}


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_in_which_needs_arrive_does_not_matter(chance):
    found = [*many(GIFT, 7), *many(SCALE, 5, lang="sk"), a_need("zebra"), a_need("gift card")]
    shuffled = chance.sample(found, len(found))

    assert survey(found, kept=(), library=Shelf(), now=NOON) == survey(
        shuffled, kept=(), library=Shelf(), now=NOON
    )


def test_met_tickets_are_no_demand():
    _, gaps = surveyed(many(GIFT, 6, unmet=False))

    assert gaps == {}


def test_a_gap_is_known_again_in_other_words():
    _, first = surveyed(many(GIFT[:2], 4))
    (before,) = first.values()

    _, second = surveyed(
        many(["gift card for mum", "a gift card please"], 4), kept=[before], now=later(days=1)
    )

    (after,) = second.values()
    assert (after.id, after.first_seen) == (before.id, before.first_seen)


def test_a_dismissed_gap_stays_dismissed_when_it_is_counted_again():
    _, first = surveyed(many(GIFT, 4))
    (gap,) = first.values()
    dismissed = decisions.dismissed(gap, reason="we sell none", now=NOON)

    _, second = surveyed(many(GIFT, 5), kept=[dismissed], now=later(hours=1))

    (again,) = second.values()
    assert (again.state, again.reason) == (State.DISMISSED, "we sell none")
    assert again.evidence.tickets == 5


def test_a_gap_that_nobody_needs_is_forgotten_unless_somebody_decided_on_it():
    _, first = surveyed([*many(GIFT, 4), *many(SCALE, 4)])
    gift, scale = (next(g for g in first.values() if word in g.name) for word in ("gift", "lime"))
    kept = [gift, decisions.drafted(scale, article="en/care/limescale", now=NOON)]

    _, second = surveyed([], kept=kept)

    (left,) = second.values()
    assert (left.id, left.evidence, left.state) == (scale.id, None, State.DRAFTED)


def test_words_of_a_decided_gap_go_with_the_retention():
    _, first = surveyed(many(GIFT, 4))
    (gap,) = first.values()
    dismissed = decisions.dismissed(gap, reason="no", now=NOON)

    def left(days):
        _, gaps = survey([], kept=[dismissed], library=Shelf(), now=later(days=days),
                         retention=timedelta(days=90))  # fmt: skip
        return len(gaps)

    assert (left(90), left(91)) == (1, 0)


def test_advice_is_to_improve_where_an_article_answers():
    near = Shelf({"en": [Found("en/shop/gift", "shop", answers=True)]})

    _, gaps = surveyed(many(GIFT, 4), library=near)

    (gap,) = gaps.values()
    assert (gap.evidence.advice, gap.evidence.category) == (Advice.IMPROVE, "shop")


def test_advice_is_to_translate_where_an_article_answers_in_another_language():
    _, gaps = surveyed(many(GIFT, 4, lang="sk"), library=Shelf(other="en/shop/gift"))

    (gap,) = gaps.values()
    assert (gap.evidence.advice, gap.evidence.elsewhere) == (Advice.TRANSLATE, "en/shop/gift")


def test_advice_is_to_write_where_nothing_answers():
    far = Shelf({"en": [Found("en/shop/late", "shop", answers=False)]})

    _, gaps = surveyed(many(GIFT, 4), library=far)

    (gap,) = gaps.values()
    assert gap.evidence.advice is Advice.WRITE


def test_an_article_that_was_opened_and_did_not_help_is_named_with_its_tickets():
    found = many(GIFT, 3, shown=frozenset({RESET}), opened=frozenset({RESET}))

    _, gaps = surveyed(found)

    (gap,) = gaps.values()
    (near,) = gap.evidence.near
    assert (near.article, near.shown, near.opened, near.wrote) == (RESET, 3, 3, 3)


# Trends and effects


def test_a_trend_needs_enough_cases():
    assert trend(5, 6) is None
    assert trend(0, 40) is None


def test_a_doubling_of_many_is_told_with_an_interval_above_one():
    found = trend(50, 100)

    assert found.ratio == pytest.approx(2)
    assert 1 < found.low < 2 < found.high


def test_tickets_that_fell_while_others_did_not_are_an_effect():
    found = effect(40, 8, [(50, 50), (30, 33), (20, 18)])

    assert found.change == pytest.approx(0.2, abs=0.03)
    assert found.high < 1


def test_a_quiet_month_for_all_is_no_effect():
    found = effect(40, 20, [(50, 25), (30, 15), (20, 10)])

    assert found.low < 1 < found.high


def test_others_that_vary_much_widen_the_interval():
    steady = effect(40, 20, [(50, 50), (50, 50)])
    unsteady = effect(40, 20, [(80, 20), (20, 80)])

    assert unsteady.change == pytest.approx(steady.change)
    assert unsteady.high > steady.high


def test_few_tickets_tell_nothing():
    assert effect(3, 0, [(50, 50)]).change is None
    assert effect(40, 5, [(3, 4)]).change is None


def written(gap, *, at):
    return replace(
        decisions.drafted(gap, article="en/shop/gift", now=at), state=State.WRITTEN, published=at
    )  # fmt: skip


def test_a_draft_that_customers_can_read_is_written_from_then_on():
    _, first = surveyed(many(GIFT, 4))
    (gap,) = first.values()
    draft = decisions.drafted(gap, article="en/shop/gift", now=NOON)
    shelf = Shelf(public=frozenset({"en/shop/gift"}))

    _, second = surveyed(many(GIFT, 4), kept=[draft], library=shelf, now=later(days=2))

    (again,) = second.values()
    assert (again.state, again.published) == (State.WRITTEN, later(days=2))


def test_four_weeks_after_publishing_the_effect_is_known_and_then_kept():
    now = later(days=28)
    before = [*many(GIFT, 30, days=10), *many(SCALE, 30, days=10)]
    after = [*many(GIFT, 3, days=-10, unmet=False), *many(SCALE, 30, days=-10)]
    _, first = surveyed(before)
    gap = next(one for one in first.values() if "gift" in one.name)

    _, second = surveyed([*before, *after], kept=[written(gap, at=NOON)], now=now)

    found = next(one for one in second.values() if one.id == gap.id)
    assert (found.effect.before, found.effect.after) == (30, 3)
    assert (found.effect.others_before, found.effect.others_after) == (30, 30)
    assert found.effect.high < 1
    _, third = surveyed([], kept=[found], now=now + timedelta(days=9))
    assert next(iter(third.values())).effect == found.effect


def test_before_four_weeks_have_passed_nothing_is_said():
    _, first = surveyed(many(GIFT, 30, days=10))
    (gap,) = first.values()

    _, second = surveyed(
        many(GIFT, 30, days=10), kept=[written(gap, at=NOON)], now=later(days=27)
    )  # fmt: skip

    assert next(iter(second.values())).effect is None


def test_needs_are_read_from_before_an_article_was_new():
    _, first = surveyed(many(GIFT, 4))
    (gap,) = first.values()
    late = written(gap, at=NOON)

    assert reading_since([late], now=later(days=40)) == NOON - timedelta(days=28)
    assert reading_since([late], now=later(days=400)) == later(days=400) - timedelta(days=56)


def test_a_decision_can_be_undone():
    _, first = surveyed(many(GIFT, 4))
    (gap,) = first.values()
    dismissed = decisions.dismissed(gap, reason="no", now=NOON)

    again = decisions.undone(dismissed, now=later(minutes=1))

    assert (again.state, again.reason, again.article) == (State.NEW, "", "")
