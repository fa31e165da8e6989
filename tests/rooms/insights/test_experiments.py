"""The page on which the holdout is switched, and the line that this leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kbportal.deflection.trials.holdout import Holdout
from kbportal.people.audit import Action
from tests.builders import NOON, an_event
from tests.cast import an_app
from tests.rooms.staff import signed_in

PAGE, SWITCH = "/insights/experiments", "/insights/experiments/holdout"


def test_a_manager_switches_it_on_and_a_line_says_who(portal):
    manager = signed_in(portal, "manager")

    response = manager.post(SWITCH, data={"on": "1", "share": "20"})

    (line,) = portal.audit.page().lines
    assert response.status_code == 303
    assert portal.holdout.current() == Holdout(on=True, share=20)
    assert (line.action, line.before, line.after) == (Action.HOLDOUT_CHANGED, "off 10", "on 20")
    assert line.by == portal.people.user_by_email("manager@example.com").id


def test_saving_what_is_so_already_leaves_no_line(portal):
    manager = signed_in(portal, "manager")

    manager.post(SWITCH, data={"on": "0", "share": "10"})

    assert portal.audit.page().lines == ()


@pytest.mark.parametrize("share", ["", "0", "51", "ten", "-5", "1e1", "9" * 50])
def test_a_share_that_is_none_comes_back_as_it_was_typed(portal, share):
    manager = signed_in(portal, "manager")

    response = manager.post(SWITCH, data={"on": "1", "share": share})

    assert response.status_code == 422
    assert not portal.holdout.current().on


def test_an_editor_sees_the_switch_but_may_not_use_it(portal):
    editor = signed_in(portal, "editor")

    page, refused = editor.get(PAGE), editor.post(SWITCH, data={"on": "1", "share": "20"})

    assert page.status_code == 200
    assert SWITCH not in page.text
    assert refused.status_code == 403
    assert not portal.holdout.current().on


def test_a_forged_switch_is_refused(portal):
    app = an_app(portal, WTF_CSRF_ENABLED=True)
    manager = signed_in(portal, "manager", app=app)

    assert manager.post(SWITCH, data={"on": "1", "share": "20"}).status_code == 400
    assert not portal.holdout.current().on


def test_the_page_says_how_it_stands(portal):
    manager = signed_in(portal, "manager")
    manager.post(SWITCH, data={"on": "1", "share": "20"})

    assert "On: 20 % of visitors" in manager.get(PAGE).text


def test_what_the_experiment_says_stands_beside_its_switch(portal):
    manager = signed_in(portal, "manager")
    assert "m-causal_tickets_avoided" not in manager.get(PAGE).text

    manager.post(SWITCH, data={"on": "1", "share": "20"})

    page = manager.get(PAGE).text
    assert "m-causal_tickets_avoided" in page
    assert "No experiment in this period" in page


def test_a_broken_experiment_is_seen_where_it_is_switched(portal):
    def shown(number):
        arm = "holdout:shown@50"
        about = {"visitor": f"v{number}", "arm": arm, "after": -timedelta(days=12)}
        return [
            replace(event, ts=event.ts - NOON + portal.clock())
            for event in (an_event("form_started", **about), an_event("suggest_shown", **about))
        ]

    portal.events.append([event for number in range(40) for event in shown(number)])

    page = signed_in(portal, "manager").get(PAGE).text

    assert "The experiment is broken" in page
