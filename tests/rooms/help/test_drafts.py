"""What was typed and not sent is found again by its browser, and by nobody else."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from kbportal import storage
from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_token
from kbportal.storage import StorageUnavailable
from kbportal.tickets.draft import draft_digest
from kbportal.web.help.drafts import COOKIE
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.files import LOG
from tests.rooms.help.forms import a_form
from tests.rooms.staff import signed_in

JSON = {"Accept": "application/json"}
STORY = "It hums in B flat."


def typed(draft: str, **fields: Any) -> dict[str, Any]:
    """What a script sends while somebody types."""
    whole = {"draft": draft, "version": 0, "writer": "tab-1", "subject": "The kettle hums",
             "description": STORY, "category": ""}  # fmt: skip
    return whole | fields


def save(client: FlaskClient, draft: str, **fields: Any) -> Any:
    return client.post("/en/contact/draft", data=typed(draft, **fields), headers=JSON)


@pytest.fixture
def draft() -> str:
    return new_token()


def test_a_browser_that_comes_back_finds_its_words(client, draft):
    assert save(client, draft).json["version"] == 1

    page = client.get("/en/contact").text

    assert STORY in page
    assert f'name="draft" value="{draft}"' in page
    assert "is still here" in page


def test_it_finds_them_in_another_language_too(client, draft):
    save(client, draft)

    assert STORY in client.get("/sk/contact").text


def test_another_browser_finds_nothing(client, draft, portal: Portal):
    save(client, draft)

    assert STORY not in an_app(portal).test_client().get("/en/contact").text


def test_the_cookie_is_guarded_and_lasts_as_long_as_the_draft(portal: Portal, draft):
    settings = replace(portal.settings, site_url="https://help.example.com")
    client = an_app(replace(portal, settings=settings)).test_client()

    response = client.post(
        "/en/contact/draft", data=typed(draft), headers=JSON, base_url="https://help.example.com"
    )

    cookie = next(one for one in response.headers.getlist("Set-Cookie") if "kb_draft" in one)
    assert cookie.startswith(f"__Host-{COOKIE}={draft};")
    for part in ("HttpOnly", "Secure", "SameSite=Lax", "Max-Age=604800", "Path=/"):
        assert part in cookie


def test_who_writes_is_not_kept(client, draft, portal: Portal):
    save(client, draft, name="Jana", email="jana@example.com")

    kept = portal.drafts.read(draft_digest(draft) or "", now=utc_now())

    assert kept
    assert set(kept.typed) == {"subject", "description"}


def test_the_id_itself_is_nowhere_in_the_database(client, draft, portal: Portal):
    save(client, draft)

    for file in portal.settings.instance.glob("kbportal.sqlite*"):
        assert draft.encode() not in file.read_bytes()


@pytest.mark.parametrize("weak", ["", "draft-1", "a" * 31, "../../etc/passwd" * 3])
def test_nothing_is_kept_under_an_id_that_can_be_guessed(client, weak):
    response = save(client, weak)

    assert response.status_code == (200 if weak == "" else 409)
    if weak:
        assert draft_digest(response.json["draft"])


def test_of_two_tabs_the_one_that_has_not_seen_the_other_is_given_a_draft_of_its_own(client, draft):
    save(client, draft, writer="tab-1")

    refused = save(client, draft, writer="tab-2", description="It sings.")

    assert refused.status_code == 409
    other = refused.json["draft"]
    assert save(client, other, writer="tab-2", description="It sings.").status_code == 200
    assert "It sings." in client.get("/en/contact").text


def test_when_the_later_draft_is_sent_the_earlier_one_is_found_again(client, draft):
    save(client, draft)
    later = new_token()
    save(client, later, description="It sings.")

    client.post("/en/contact", data=a_form(draft=later, description="It sings."))

    assert STORY in client.get("/en/contact").text


def test_a_draft_is_gone_when_it_is_sent(client, draft, portal: Portal):
    save(client, draft)

    assert client.post("/en/contact", data=a_form(draft=draft)).status_code == 303

    assert portal.drafts.read(draft_digest(draft) or "", now=utc_now()) is None
    assert STORY not in client.get("/en/contact").text


def test_a_draft_is_gone_after_a_week(client, draft, portal: Portal):
    save(client, draft)
    later = replace(portal, clock=lambda: utc_now() + timedelta(days=7, minutes=1))
    other = an_app(later).test_client()
    other.set_cookie(COOKIE, draft)

    assert STORY not in other.get("/en/contact").text
    save(other, new_token())
    assert portal.drafts.read(draft_digest(draft) or "", now=utc_now()) is None


def test_its_writer_can_delete_it_at_once(client, draft, portal: Portal):
    save(client, draft)

    response = client.post("/en/contact/draft/delete", data={"draft": draft})

    assert response.status_code == 303
    assert portal.drafts.read(draft_digest(draft) or "", now=utc_now()) is None
    assert STORY not in client.get("/en/contact").text


def test_a_file_that_is_sent_meanwhile_is_not_deleted(client, draft, portal: Portal):
    sender = portal.attachments
    client.post("/en/contact/files", data={"draft": draft, "files": (io.BytesIO(LOG), "a.log")})

    class SentMeanwhile:
        """Another tab sends the form after this one has looked."""

        def of_draft(self, digest: str) -> Any:
            found = sender.of_draft(digest)
            client.post("/en/contact", data=a_form(draft=draft))
            return found

        remove = sender.remove

    slow = replace(portal, attachments=SentMeanwhile())  # type: ignore[arg-type]
    an_app(slow).test_client().post("/en/contact/draft/delete", data={"draft": draft})

    (ticket,) = portal.tickets.list().tickets
    (file,) = sender.of_ticket(ticket.id)
    assert portal.files.open(file.stored)


def test_an_empty_form_leaves_the_draft_alone(client, draft):
    save(client, draft)

    page = client.get("/en/contact?new=1").text

    assert STORY not in page
    assert STORY in client.get("/en/contact").text


def test_without_scripts_a_form_with_mistakes_is_kept_too(client, draft):
    client.post("/en/contact", data=a_form(draft=draft, enhanced="", email="nonsense"))

    assert STORY in client.get("/en/contact").text


def test_this_solved_it_keeps_the_words(client, draft):
    form = a_form(draft=draft, enhanced="", solved="en/account/reset-password")

    client.post("/en/contact", data=form)

    assert STORY in client.get("/en/contact").text


def test_nobody_of_the_staff_sees_a_draft(client, draft, portal: Portal):
    save(client, draft)
    colleague = signed_in(portal, "admin")

    for path in ("/desk/", "/desk/?status=all", "/insights/"):
        assert STORY not in colleague.get(path).text


def test_a_form_without_drafts_works_as_well(portal: Portal, draft):
    class Away:
        def read(self, *_: object, **__: object) -> None:
            raise StorageUnavailable("locked")

        save = purge = read

    client = an_app(replace(portal, drafts=Away())).test_client()  # type: ignore[arg-type]
    client.set_cookie(COOKIE, draft)

    assert client.get("/en/contact").status_code == 200
    assert save(client, draft).status_code == 503
    page = client.post("/en/contact", data=a_form(draft=draft, email="nonsense"))
    assert (page.status_code, STORY in page.text) == (422, True)
    assert client.post("/en/contact", data=a_form(draft=draft)).status_code == 303


def test_when_too_many_are_kept_the_form_works_without(client, draft, monkeypatch):
    monkeypatch.setattr(storage.drafts, "MOST_DRAFTS", 0)

    assert save(client, draft).status_code == 503
    assert client.post("/en/contact", data=a_form(draft=draft)).status_code == 303


def test_a_draft_is_smaller_than_the_largest_form(client, draft, portal: Portal):
    save(client, draft, description="x" * 40_000)

    kept = portal.drafts.read(draft_digest(draft) or "", now=utc_now())

    assert kept
    assert sum(map(len, kept.typed.values())) == 25_000


def test_a_script_whose_token_is_old_gets_a_fresh_one(portal: Portal, draft):
    client = an_app(portal, WTF_CSRF_ENABLED=True).test_client()

    refused = save(client, draft)
    token = refused.json["csrf_token"]

    assert refused.status_code == 400
    assert save(client, draft, csrf_token=token).status_code == 200


def test_another_site_can_neither_write_nor_delete(client, draft):
    for path in ("/en/contact/draft", "/en/contact/draft/delete", "/en/contact/files"):
        response = client.post(path, data=typed(draft), headers={"Sec-Fetch-Site": "cross-site"})
        assert response.status_code == 403


def test_saving_is_limited_without_a_word_about_it(portal: Portal, draft):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()
    statuses = {save(client, draft).status_code for _ in range(125)}

    assert statuses == {200, 429}
    assert client.post("/en/contact", data=a_form(draft=draft)).status_code == 303


def test_a_cookie_of_nonsense_does_no_harm(client):
    client.set_cookie(COOKIE, "x" * 500 + "...\\;")

    assert client.get("/en/contact").status_code == 200


def test_the_text_of_a_draft_is_inert(client, draft):
    save(client, draft, description="</textarea><script>alert(1)</script>")

    page = client.get("/en/contact").text

    assert "<script>alert" not in page
    assert re.search("&lt;/textarea&gt;&lt;script&gt;", page)
