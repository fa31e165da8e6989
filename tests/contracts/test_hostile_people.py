"""What people write is shown as they wrote it and does nothing, wherever it is shown."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from kbportal.people.model import Role
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import a_form
from tests.rooms.staff import signed_in

MARK = "zorilla"
"""In every payload: a tag, an attribute or a script that has it was not meant by us."""
PAYLOADS = [
    text.replace("1", MARK)
    for text in (
        "<script>1()</script>", "<ScRiPt src=//1.example></sCrIpT>", "</title><script>1()</script>",
        "</textarea><script>1()</script>", "</script><script>1()</script>", "<1-x>",
        "<img src=x onerror=1()>", "<img/src/onerror=1()>", "<svg/onload=1()>", "<svg><1/></svg>",
        "<body onload=1()>", "<iframe srcdoc='<script>1()</script>'>", "<object data=1>",
        "<embed src=1>", "<base href=//1.example>", "<form action=//1.example><input>",
        "<meta http-equiv=refresh content='0;url=//1.example'>", "<link rel=stylesheet href=1>",
        "<style>@import '1'</style>", "<math><mtext><1>", "<details open ontoggle=1()>",
        '" onmouseover="1()', "' onfocus='1()' autofocus '", '"><1>', "'><1>", "` onload=1() `",
        '" 1="x', "--><1>", "]]><1>", "{{1}}{{7*7}}", "{% include '1' %}", "${1}", "<%= 1 %>",
        "javascript:1()", "[x](javascript:1())", "data:text/html,<script>1()</script>",
        "&lt;1&gt;<1>", "&#60;1&#62;", "\u003c1\u003e", "<\u200b1>", "<1\x0b/onload=1>",
        "//1.example", "https://1.example/\"onclick=1()", "=1()", "<!--1--!><1>", "<?1 ?>",
    )
]  # fmt: skip
SCRIPTED = ("javascript", "vbscript", "data")


class Watcher(HTMLParser):
    """Notes whatever of a page would act, or was made by somebody's text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if MARK in tag or tag in {"iframe", "object", "embed", "base", "style", "math"}:
            self.found.append(f"<{tag}>")
        self.found += [
            f"{tag} {name}={value}"
            for name, value in given.items()
            if MARK in name or name.startswith("on") or name in {"style", "srcdoc", "http-equiv"}
            or (name in {"src", "href", "action", "formaction"} and acts(tag, value))
        ]  # fmt: skip
        self._in_script = tag == "script" and "src" not in given

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and not is_json(data):
            self.found.append(f"script: {data}")


def is_json(text: str) -> bool:
    """Whether a block of data is one, and whole."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def acts(tag: str, address: str) -> bool:
    """Whether an address runs something, or loads from or sends to elsewhere."""
    parts = urlsplit(address.strip())
    is_picture = tag == "img" and address.startswith("data:image/")
    if parts.scheme in SCRIPTED:
        return not is_picture
    return tag != "a" and (parts.netloc not in {"", "localhost"} or MARK in parts.path)


def watch(page: str) -> list[str]:
    watcher = Watcher()
    watcher.feed(page)
    watcher.close()
    return watcher.found


def packed(limit: int) -> Iterator[str]:
    """All payloads in texts of so many characters at most."""
    text = ""
    for one in PAYLOADS:
        if text and len(text) + len(one) >= limit:
            yield text
            text = ""
        text = f"{text} {one}" if text else one
    yield text


@pytest.fixture
def pages(seeded_portal: Portal) -> dict[str, tuple[FlaskClient, str]]:
    """Every address that shows what somebody wrote, with a browser that may open it."""
    app = an_app(seeded_portal)
    customer, admin = app.test_client(), signed_in(seeded_portal, Role.ADMIN, app=app)
    seeded_portal.people.set_name(
        seeded_portal.people.user_by_email("admin@example.com").id, PAYLOADS[0] + PAYLOADS[21]
    )
    tickets = [a_ticket_about(customer, text) for text in packed(95)]
    for number in range(1001, 1001 + len(tickets)):
        admin.post(f"/desk/{number}/answer", data={"body": "\n".join(PAYLOADS)})
    for text in packed(400):
        customer.get("/en/search", query_string={"q": text})
        vote = {"answer": "no", "reason": "unclear", "comment": text}
        customer.post("/en/articles/late-parcel/vote", data=vote)
    assert seeded_portal.recorder.flush()
    assert len(seeded_portal.tickets.list().tickets) == len(tickets)
    staff = ["/desk/", "/desk/?status=all", "/desk/letters", "/account/", "/account/people",
             "/account/audit", "/insights/", "/insights/searches", "/insights/articles",
             "/insights/gaps", "/insights/rows/zero_result_rate",
             "/insights/rows/submission_rate"]  # fmt: skip
    staff += [f"/desk/{number}" for number in range(1001, 1001 + len(tickets))]
    given = urlencode({"q": PAYLOADS[0], "category": PAYLOADS[21], "tag": PAYLOADS[23]})
    asked = [f"{path}?{given}" for path in ("/en/search", "/en/contact", "/en/faq")]
    return {path: (admin, path) for path in staff} | {
        path: (customer, path) for path in (*tickets, *asked)
    }


def a_ticket_about(customer: FlaskClient, text: str) -> str:
    """The address of the page of a ticket in which this text is everywhere."""
    form = a_form(
        subject=text, name=text, description="\n".join(PAYLOADS), draft=f"about {text}",
        files=(io.BytesIO(b"a line of a log\n"), f"{PAYLOADS[6]}.txt"),
    )  # fmt: skip
    sent = customer.post("/en/contact", data=form, content_type="multipart/form-data")
    assert sent.status_code == 303, sent.text
    page = str(sent.location).removesuffix("/sent")
    customer.post(f"{page}/reply", data={"body": text})
    return page


def test_no_page_does_what_somebody_wrote(pages):
    found, shown = {}, ""
    for name, (browser, path) in pages.items():
        response = browser.get(path)
        assert response.status_code == 200, path
        shown += response.text
        if wrong := watch(response.text):
            found[name] = wrong

    assert found == {}
    assert shown.count(MARK) > 10 * len(PAYLOADS)


def test_what_is_no_page_is_never_taken_for_one(pages):
    admin, _ = pages["/desk/"]
    for name in ("queries.csv", "gaps.csv", "report.json", "rows/submission_rate.json"):
        response = admin.get(f"/insights/{name}")

        assert response.mimetype in {"text/csv", "application/json"}
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_nearly_all_payloads_would_be_noticed_if_they_were_not_escaped():
    """The others are plain text in HTML: they are for templates, links and spreadsheets."""
    missed = [
        one for one in PAYLOADS
        if not watch(f"<p>{one}</p><input value=\"{one}\"><input value='{one}'>")
    ]  # fmt: skip

    assert len(missed) < len(PAYLOADS) / 3


def test_an_address_that_runs_would_be_noticed():
    assert watch('<a href="JavaScript:x()">x</a>')
    assert watch('<a href=" data:text/html,x">x</a>')
    assert not watch('<a href="https://example.com/">x</a><img src="data:image/svg+xml,x">')
