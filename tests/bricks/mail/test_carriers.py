"""What holds for every carrier, and what only a mail server can do to us."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from kbportal.mail.console import MOST_KEPT, ConsoleCarrier
from kbportal.mail.errors import Postponed, Refused, Unreachable, Unsure
from kbportal.mail.message import as_message
from kbportal.mail.ports import Carrier
from kbportal.mail.smtp import Server, SmtpCarrier
from kbportal.mail.words import Written
from tests.builders import NOON
from tests.mailing import SENDER, Mailbox, a_letter, a_mail_server

Texts = Callable[[], list[str]]
TEXT = "Ťahajte.\n.\n.. dots\nline"


def a_message(text: str = TEXT, **facts: object) -> EmailMessage:
    return as_message(a_letter(**facts), Written("Odpoveď", text), sender=SENDER, now=NOON)


def carrier_for(server: Mailbox, **facts: object) -> SmtpCarrier:
    whole = {"security": "none", "timeout_s": 5.0, "final_s": 5.0} | facts
    return SmtpCarrier(Server(server.host, server.port, **whole))  # type: ignore[arg-type]


def carry(carrier: Carrier, message: EmailMessage | None = None) -> list[str]:
    """Deliver a message; what was noted meanwhile."""
    noted: list[str] = []
    message = message or a_message()
    carrier.carry(message, to="jana@example.com", handing=lambda: noted.append("handing"))
    return noted


@pytest.fixture(params=["smtp", "console"])
def carrier_and_texts(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Carrier, Texts]]:
    if request.param == "console":
        folder = tmp_path / "outgoing"
        yield (
            ConsoleCarrier(folder, say=lambda _: None),
            lambda: [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*"))],
        )
        return
    with a_mail_server() as server:
        yield (
            carrier_for(server),
            lambda: [f"Subject: {one['Subject']}\n{one.get_content()}" for one in server.arrived],
        )


def test_a_letter_arrives_whole(carrier_and_texts: tuple[Carrier, Texts]):
    carrier, texts = carrier_and_texts

    carry(carrier)

    (text,) = texts()
    assert "Subject: Odpoveď" in text
    assert TEXT in text.replace("\r\n", "\n")


def test_it_is_noted_once_before_the_text_goes_over(carrier_and_texts: tuple[Carrier, Texts]):
    assert carry(carrier_and_texts[0]) == ["handing"]


def test_what_is_no_longer_ours_is_not_delivered(carrier_and_texts: tuple[Carrier, Texts]):
    carrier, texts = carrier_and_texts

    def lost() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        carrier.carry(a_message(), to="jana@example.com", handing=lost)

    assert texts() == []


@pytest.mark.parametrize(
    ("step", "answer", "error"),
    [
        ("MAIL", "451 later", Unreachable),
        ("MAIL", "550 not you", Unreachable),
        ("RCPT", "451 greylisted", Postponed),
        ("RCPT", "550 nobody here", Refused),
        ("DATA", "452 full", Postponed),
        ("DATA", "554 spam", Refused),
    ],
)
def test_what_the_server_says_decides(step: str, answer: str, error: type[Exception]):
    with a_mail_server(answers={step: answer}) as server, pytest.raises(error, match=answer[4:]):
        carry(carrier_for(server))

    assert server.arrived == []


def test_a_server_that_hangs_up_after_the_text_leaves_us_unsure():
    with a_mail_server(drop=True) as server, pytest.raises(Unsure):
        carry(carrier_for(server))

    assert len(server.arrived) == 1


def test_a_server_that_says_nothing_more_leaves_us_unsure():
    with a_mail_server(slow_s=3) as server, pytest.raises(Unsure):
        carry(carrier_for(server, final_s=0.2))


def test_a_server_that_is_away_is_told():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        server = Mailbox(port=nobody.getsockname()[1])

        with pytest.raises(Unreachable, match="refused"):
            carry(carrier_for(server))


def test_a_server_that_never_greets_is_given_up():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        server = Mailbox(port=silent.getsockname()[1])

        with pytest.raises(Unreachable):
            carry(carrier_for(server, timeout_s=0.2))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_goes_over_an_open_line_where_encryption_is_asked_for(security: str):
    with a_mail_server() as server, pytest.raises(Unreachable):
        carry(carrier_for(server, security=security, timeout_s=1, user="u", password="secret"))

    assert server.arrived == []


def test_an_address_beyond_ascii_goes_to_servers_that_know_it():
    with a_mail_server() as server:
        carry(carrier_for(server), a_message(to="žaneta@example.com"))

    assert server.recipients == ["žaneta@example.com"]


def test_a_letter_in_a_file_is_for_its_owner_only_and_said_aloud(tmp_path: Path):
    said: list[str] = []
    carry(ConsoleCarrier(tmp_path / "outgoing", say=said.append))

    (path,) = (tmp_path / "outgoing").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert str(path) in said[0]


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path):
    (tmp_path / "outgoing").write_text("in the way")

    with pytest.raises(Unreachable):
        carry(ConsoleCarrier(tmp_path / "outgoing", say=lambda _: None))


def test_only_the_latest_letters_are_kept_in_files(tmp_path: Path):
    for number in range(MOST_KEPT):
        (tmp_path / f"20200101-{number:06}.txt").touch()

    carry(ConsoleCarrier(tmp_path, say=lambda _: None))

    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == MOST_KEPT
    assert names[-1].startswith("20260302")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 in one file."""
    made = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
               "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
               "-keyout", str(made), "-out", str(made.with_suffix(".crt"))]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
    except OSError as error:
        pytest.skip(f"no openssl to make a certificate with: {error}")
    made.write_bytes(made.read_bytes() + made.with_suffix(".crt").read_bytes())
    return made


def served_with(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_letter_goes_over_an_encrypted_line_with_a_name_and_a_password(certificate: Path):
    with a_mail_server(tls=served_with(certificate)) as server:
        carrier = SmtpCarrier(
            Server(server.host, server.port, user="portal", password="secret"),
            trust=ssl.create_default_context(cafile=str(certificate)),
        )
        carry(carrier)

    assert server.recipients == ["jana@example.com"]
    assert server.logins == [b"portal"]


def test_a_wrong_password_is_no_fault_of_the_letter(certificate: Path):
    with a_mail_server(tls=served_with(certificate)) as server:
        carrier = SmtpCarrier(
            Server(server.host, server.port, user="portal", password="wrong"),
            trust=ssl.create_default_context(cafile=str(certificate)),
        )
        with pytest.raises(Unreachable, match="535"):
            carry(carrier)


def test_a_certificate_that_nobody_vouches_for_gets_nothing(certificate: Path):
    tls = served_with(certificate)
    with a_mail_server(tls=tls) as server, pytest.raises(Unreachable, match="certificate"):
        carry(carrier_for(server, security="starttls", user="portal", password="secret"))

    assert server.logins == []
