from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from kbportal.mail import words
from kbportal.mail.content import Content, Links, Received, Replied, Request, Solved
from kbportal.mail.errors import Refused
from kbportal.mail.message import Sender, as_message
from kbportal.mail.model import Kind
from kbportal.mail.words import House, Written, write
from tests.builders import NOON
from tests.hostile import hostile_texts
from tests.mailing import HOUSE, SENDER, a_letter

REQUEST = Request("t1", 1001, "The kettle hums")
LINKS = {"t1": "https://help.acme.example/en/tickets/secret", "t2": "https://x.example/2"}
EVIL = [
    "x\r\nBcc: eve@example.com",
    "x\nX-Evil: 1",
    "x\r\n\r\n<b>body</b>",
    "x\0y",
    "x\u2028Bcc: e",
]


def written(content: Content, lang: str = "en", house: House = HOUSE) -> Written:
    return write(content, lang=lang, links=LINKS, house=house)


def sent(subject: str = "s", text: str = "t", **facts: object) -> EmailMessage:
    """A letter as it arrives."""
    message = as_message(a_letter(**facts), Written(subject, text), sender=SENDER, now=NOON)
    arrived = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(arrived, EmailMessage)
    return arrived


def test_the_confirmation_says_number_reply_time_and_address():
    letter = written(Received(REQUEST))

    assert letter.subject == "Your request 1001 · Acme Help"
    assert "within 24 hours. Monday to Friday" in letter.text
    assert f"\n\n{LINKS['t1']}\n\n" in letter.text


def test_the_confirmation_repeats_nothing_that_was_typed():
    letter = written(Received(Request("t1", 1001, "Buy pills at https://pills.example")))

    assert "pills" not in letter.subject + letter.text


def test_an_answer_is_set_in_below_who_wrote_it():
    text = written(Replied(REQUEST, "Petra", "Please descale it.\n\n-- \nAcme")).text

    assert "Petra has answered your request 1001 (The kettle hums):\n\n  Please descale it." in text
    assert "\n  --\n  Acme\n" in text


def test_a_solved_request_can_be_opened_again_from_its_letter():
    text = written(Solved(REQUEST)).text

    assert "opens again" in text
    assert LINKS["t1"] in text
    assert "wrote:" not in text


def test_all_pages_are_in_one_letter():
    text = written(Links((REQUEST, Request("t2", 1002, "Another")))).text

    assert f"request 1001\n{LINKS['t1']}\n\nYour request 1002\n{LINKS['t2']}" in text


def test_a_letter_of_links_repeats_nothing_that_was_typed():
    text = written(Links((REQUEST,))).text

    assert REQUEST.subject not in text


def test_letters_speak_the_language_of_their_reader():
    assert "do 24 hodín" in written(Received(REQUEST), "sk").text


def test_a_language_without_a_catalogue_reads_english():
    assert written(Received(REQUEST), "hr") == written(Received(REQUEST), "en")


@pytest.mark.parametrize("text", [*EVIL, *hostile_texts(60, seed=7)])
def test_nothing_that_people_write_adds_a_header(text: str):
    request = Request("t1", 1001, text)
    told = write(Replied(request, text, text), lang="en", links=LINKS, house=House(text, 24, text))

    message = as_message(a_letter(), told, sender=Sender(text, SENDER.address), now=NOON)
    arrived = message_from_bytes(message.as_bytes(), policy=default)

    assert set(arrived.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip
    assert arrived["To"].addresses[0].addr_spec == "jana@example.com"
    assert [one.addr_spec for one in arrived["From"].addresses] == [SENDER.address]


def test_a_translation_adds_no_header(monkeypatch: pytest.MonkeyPatch):
    class Evil(words.gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return "x\r\nBcc: eve@example.com\r\n\r\nevil"

    monkeypatch.setattr(words, "_words", lambda lang: Evil())
    told = write(Links(()), lang="sk", links={}, house=HOUSE)

    arrived = sent(told.subject, told.text)

    assert "Bcc" not in arrived
    assert arrived["Subject"] == "x Bcc: eve@example.com evil · Acme Help"


@pytest.mark.parametrize(
    "address",
    ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "", "a", "<a@b.example>",
     "a@b.example>", '"a b"@c.example', "a@[127.0.0.1]"],
)  # fmt: skip
def test_what_is_not_exactly_one_mailbox_is_refused(address: str):
    with pytest.raises(Refused):
        sent(to=address)


def test_letters_about_a_ticket_make_one_thread():
    first = sent(kind=Kind.RECEIVED, ticket_id="t1")
    later = sent(kind=Kind.REPLIED, ticket_id="t1")

    assert first["Message-ID"] == "<ticket.t1@acme.example>"
    assert later["In-Reply-To"] == later["References"] == first["Message-ID"]
    assert later["Message-ID"] != first["Message-ID"]


def test_a_letter_has_the_same_id_at_every_try():
    assert sent(tries=1)["Message-ID"] == sent(tries=5)["Message-ID"]


def test_holiday_notices_are_asked_not_to_answer():
    assert sent()["Auto-Submitted"] == "auto-generated"


def test_a_letter_is_plain_text_and_nothing_else():
    arrived = sent(text="Želé — 7 €\n.\n..dots")

    assert arrived.get_content_type() == "text/plain"
    assert arrived.get_content().replace("\r\n", "\n") == "Želé — 7 €\n.\n..dots\n"


def test_domains_beyond_ascii_are_written_as_mail_servers_know_them():
    assert sent(to="jana@žaba.example")["To"].addresses[0].domain == "xn--aba-b3a.example"
