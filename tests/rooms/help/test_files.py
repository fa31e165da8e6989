"""Files with a ticket: few kinds, never lost, handed out to those who may have them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from limits import RateLimitItemPerDay
from PIL import Image

from kbportal.kernel.ids import new_token
from kbportal.storage import StorageUnavailable
from kbportal.tickets.attachments import MAX_WAITING_BYTES
from kbportal.web.attachments import DAILY_BYTES
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.files import HTML, LOG, PDF, PLACE, a_bomb, a_photograph, a_picture
from tests.rooms.help.forms import a_form

JSON = {"Accept": "application/json"}


def upload(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def send(client: FlaskClient, *files: tuple[io.BytesIO, str], **fields: Any) -> Any:
    """The form as a browser without scripts sends it."""
    data = {"draft": new_token(), **a_form(**({"draft": new_token()} | fields))}
    return client.post(
        "/en/contact", data={**data, "files": list(files)}, content_type="multipart/form-data"
    )


def add(client: FlaskClient, draft: str, *files: tuple[io.BytesIO, str]) -> Any:
    """A file as a script adds it."""
    data = {"draft": draft, "files": list(files)}
    return client.post("/en/contact/files", data=data, headers=JSON)


def names(portal: Portal) -> list[str]:
    (ticket,) = portal.tickets.list().tickets
    return [one.name for one in portal.attachments.of_ticket(ticket.id)]


def test_files_come_with_the_ticket_and_can_be_had_from_its_page(client, portal: Portal):
    response = send(client, upload(LOG, "kettle.log"), upload(PDF, "invoice.pdf"))

    assert response.status_code == 303
    assert names(portal) == ["kettle.log", "invoice.pdf"]
    page = client.get(response.location.removesuffix("/sent")).text
    links = re.findall(r'href="(/en/tickets/[^"]+/files/[^"]+)"', page)
    assert [client.get(link).data for link in links] == [LOG, PDF]


def test_a_file_is_only_ever_handed_out_to_be_saved(client):
    response = send(client, upload(LOG, "žltý kôň.log"))
    page = client.get(response.location.removesuffix("/sent")).text

    link = re.findall(r'href="(/en/tickets/[^"]+/files/[^"]+)"', page)[0]
    headers = client.get(link).headers

    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''%C5%BElt%C3%BD%20k%C3%B4%C5%88.log" in headers["Content-Disposition"]
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


def test_a_file_of_another_ticket_is_nowhere(client, portal: Portal):
    mine = send(client, upload(LOG, "a.log")).location.removesuffix("/sent")
    other = send(client, upload(LOG, "b.log"), subject="Other").location.removesuffix("/sent")
    theirs = portal.attachments.of_ticket(portal.tickets.list().tickets[0].id)[0]

    assert client.get(f"{other}/files/{theirs.id}").status_code == 200
    assert client.get(f"{mine}/files/{theirs.id}").status_code == 404
    assert client.get(f"{mine}/files/nothing").status_code == 404
    assert client.get(f"/en/tickets/{'x' * 43}/files/{theirs.id}").status_code == 404


def test_a_waiting_file_is_handed_out_to_nobody(client, portal: Portal):
    draft = new_token()
    waiting = add(client, draft, upload(LOG, "a.log")).json["files"][0]
    mine = send(client).location.removesuffix("/sent")

    assert client.get(f"{mine}/files/{waiting['id']}").status_code == 404


def test_a_mistake_in_a_field_loses_no_file(client, portal: Portal):
    draft = new_token()
    page = send(client, upload(LOG, "kettle.log"), draft=draft, email="nonsense")

    assert (page.status_code, "kettle.log" in page.text) == (422, True)
    assert send(client, draft=draft).status_code == 303
    assert names(portal) == ["kettle.log"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("page.html", HTML, "we take pictures"),
        ("drawing.svg", b"<svg/>", "we take pictures"),
        ("photo.php.png", a_picture(), "we take pictures"),
        ("picture.png", HTML, "not what its name says"),
        ("bomb.png", a_bomb(), "cannot be read as a picture"),
        ("nothing.txt", b"", "is empty"),
        ("huge.txt", b"x" * 10_000_001, "larger than 10 MB"),
    ],
)
def test_a_file_that_is_not_taken_is_named_and_nothing_else_is_lost(
    client, portal: Portal, name, content, says
):
    page = send(client, upload(LOG, "kettle.log"), upload(content, name))

    assert page.status_code == 422
    assert f"“{name}”" in page.text
    assert says in page.text
    assert "It hums in B flat." in page.text
    assert "kettle.log" in page.text
    assert portal.tickets.list().tickets == ()


def test_a_sixth_file_is_refused(client):
    page = send(client, *(upload(LOG, f"{number}.log") for number in range(6)))

    assert page.status_code == 422
    assert "you can add at most 5 files" in page.text


def test_refused_files_count_among_the_five_that_are_looked_at(client):
    listed = add(
        client,
        new_token(),
        *(upload(HTML, f"{number}.png") for number in range(5)),
        upload(LOG, "a<b.log"),
    ).json

    assert listed["files"] == []
    assert "is not what its name says" in listed["problems"][4]
    assert "“a_b.log” was not added: you can add at most 5 files." in listed["problems"][5]


def test_fields_without_a_file_do_not_count(client):
    empty = [upload(b"", "") for _ in range(6)]

    assert len(add(client, new_token(), *empty, upload(LOG, "kettle.log")).json["files"]) == 1


def test_who_has_sent_a_lot_today_adds_no_more_files_and_sends_all_the_same(
    portal: Portal, monkeypatch
):
    monkeypatch.setattr("kbportal.web.attachments._BUDGET", RateLimitItemPerDay(5_000))
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()
    draft = new_token()
    taken = add(client, draft, upload(b"x" * 3_000, "a.log")).json
    refused = add(client, new_token(), upload(b"x" * 3_000, "b.log")).json
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    others = add(client, new_token(), upload(b"x" * 3_000, "c.log")).json

    assert (len(taken["files"]), taken["problems"]) == (1, [])
    assert refused["files"] == []
    assert "“b.log” was not added: a lot was sent" in refused["problems"][0]
    assert len(others["files"]) == 1
    assert send(client, draft=draft).status_code == 303


def test_what_one_address_may_send_in_a_day_does_not_fill_the_room_for_all():
    assert DAILY_BYTES <= MAX_WAITING_BYTES / 4


def test_a_photograph_arrives_without_its_place(client, portal: Portal):
    send(client, upload(a_photograph(), "photo.jpg"))

    (ticket,) = portal.tickets.list().tickets
    (photo,) = portal.attachments.of_ticket(ticket.id)
    content = portal.files.open(photo.stored)
    assert content
    with content:
        found = content.read()
    assert PLACE not in found
    with Image.open(io.BytesIO(found)) as image:
        assert image.size == (30, 40)


def test_contents_lie_in_the_instance_folder_under_names_of_their_own(client, portal: Portal):
    send(client, upload(LOG, "kettle.log"))

    folder = portal.settings.instance / "attachments"
    (file,) = folder.iterdir()
    assert re.fullmatch("[0-9a-f]{32}", file.name)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_script_adds_and_removes_files_one_by_one(client, portal: Portal):
    draft = new_token()
    add(client, draft, upload(LOG, "a.log"))
    listed = add(client, draft, upload(LOG, "b.log")).json["files"]
    assert [one["name"] for one in listed] == ["a.log", "b.log"]

    removed = client.post(
        "/en/contact/files", data={"draft": draft, "remove": listed[0]["id"]}, headers=JSON
    )

    assert [one["name"] for one in removed.json["files"]] == ["b.log"]
    send(client, draft=draft)
    assert names(portal) == ["b.log"]


def test_without_scripts_a_file_can_be_removed_and_the_words_stay(client):
    draft = new_token()
    page = send(client, upload(LOG, "kettle.log"), draft=draft, email="nonsense").text
    file_id = re.findall(r'data-file="([0-9a-f]{32})"', page)[0]

    form = a_form(draft=draft, remove=file_id, version=1)
    page = client.post("/en/contact/files", data=form).text

    assert "kettle.log" not in page
    assert "It hums in B flat." in page


def test_nobody_removes_a_file_of_another_draft(client):
    draft = new_token()
    file_id = add(client, draft, upload(LOG, "a.log")).json["files"][0]["id"]

    client.post("/en/contact/files", data={"draft": new_token(), "remove": file_id}, headers=JSON)

    assert len(add(client, draft).json["files"]) == 1


def test_a_form_sent_twice_brings_its_file_once(client, portal: Portal):
    draft = new_token()
    first = send(client, upload(LOG, "kettle.log"), draft=draft)
    second = send(client, upload(LOG, "kettle.log"), draft=draft)

    assert first.location == second.location
    assert names(portal) == ["kettle.log"]


def test_a_form_sent_again_with_another_text_takes_its_files_along(client, portal: Portal):
    draft = new_token()
    send(client, draft=draft)

    page = send(client, upload(LOG, "kettle.log"), draft=draft, description="Now it sings.")

    assert (page.status_code, "kettle.log" in page.text) == (409, True)
    again = re.findall(r'name="draft" value="([^"]+)"', page.text)[-1]
    send(client, draft=again, description="Now it sings.")
    newest = portal.tickets.list().tickets[0]
    assert [one.name for one in portal.attachments.of_ticket(newest.id)] == ["kettle.log"]


def test_without_room_for_files_the_words_come_back(portal: Portal):
    class Full:
        def keep(self, content: bytes) -> str:
            raise StorageUnavailable("full")

    client = an_app(replace(portal, files=Full())).test_client()  # type: ignore[arg-type]

    page = send(client, upload(LOG, "kettle.log"))

    assert page.status_code == 503
    assert "It hums in B flat." in page.text
    assert "Please add the files again." in page.text
    assert portal.tickets.list().tickets == ()


def test_files_may_be_larger_than_texts_but_only_where_files_belong(client):
    assert send(client, upload(b"x" * 3_000_000, "big.log")).status_code == 303
    vote = "/en/articles/reset-password/vote"
    refused = client.post(vote, data={"files": upload(b"x" * 3_000_000, "big.log")})

    assert refused.status_code == 413


def test_texts_beside_files_stay_within_their_own_limit(client):
    page = send(client, upload(LOG, "a.log"), description="x" * 2_000_000)

    assert page.status_code == 413


def test_files_under_an_id_that_can_be_guessed_get_a_better_one(client, portal: Portal):
    assert send(client, upload(LOG, "kettle.log"), draft="draft-1").status_code == 303
    assert names(portal) == ["kettle.log"]
