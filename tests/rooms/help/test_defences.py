"""What every response carries and what no request may do."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.web.security import HEADERS
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import a_form

PAGES = ["/en/", "/en/search?q=password", "/en/articles/reset-password", "/en/faq", "/en/contact",
         "/en/categories/account", "/en/articles/late-parcel/vote", "/en/nothing", "/"]  # fmt: skip
TEMPLATES = Path(__file__).parents[3] / "kbportal" / "web" / "templates"


@pytest.mark.parametrize("path", [*PAGES, "/static/css/tokens.css", "/robots.txt", "/favicon.ico"])
def test_every_response_carries_the_headers(client, path):
    response = client.get(path)

    for name, value in HEADERS.items():
        assert response.headers[name] == value


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_anything_inline(client, path):
    page = client.get(path).text

    # A block of data is no script: nothing runs it.
    code = page.replace('<script type="application/ld+json">', "")
    assert not re.search(r"<script(?![^>]*\bsrc=)", code)
    assert "<style" not in page
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)


def test_no_template_calls_text_safe():
    for template in TEMPLATES.rglob("*.html"):
        assert "|safe" not in template.read_text().replace(" ", ""), template


def test_text_becomes_markup_in_few_listed_places():
    code = TEMPLATES.parents[1]
    makers = {
        path.relative_to(code).as_posix()
        for path in code.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Markup")
    }

    # prose.py says it of what both sanitisers let through; the others of nothing but their own.
    assert makers == {
        "web/prose.py",
        "web/locale.py",
        "web/help/style.py",
        "web/help/suggested.py",
    }


def test_a_write_from_another_site_is_refused(client):
    response = client.post("/en/contact", data=a_form(), headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403


@pytest.mark.parametrize("path", ["/en/articles/a%0d%0aSet-Cookie:x", "/en/%00", "/%0a"])
def test_control_characters_in_an_address_are_a_bad_request(client, path):
    assert client.get(path).status_code in {400, 404}


def test_a_body_of_two_megabytes_is_refused(client):
    assert client.post("/en/contact", data=a_form(description="x" * 2_000_000)).status_code == 413


def test_a_form_of_a_thousand_fields_is_refused(client):
    form = "&".join(f"a{i}=1" for i in range(1500))

    response = client.post(
        "/en/contact", data=form, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 413


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/tickets/garbage/reply", 404),
        ("/en/tickets/garbage/rate", 404),
        ("/en/articles/nope/vote", 404),
        ("/en/contact", 400),
    ],
)
def test_a_form_without_a_token_fails_as_it_would_with_one(portal: Portal, path, status):
    client = an_app(portal, WTF_CSRF_ENABLED=True).test_client()

    response = client.post(path, data={"no-such-field": "1"})

    assert response.status_code == status
    assert "Reference" not in response.text


def test_a_ticket_that_is_not_there_is_missing_however_often_it_is_asked_for(portal: Portal):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()

    codes = {client.post("/en/tickets/garbage/reply", data={"body": "x"}).status_code
             for _ in range(62)}  # fmt: skip

    assert codes == {404}


def test_an_unknown_host_is_refused(portal: Portal):
    settings = replace(portal.settings, site_url="https://help.example.com")
    client = an_app(replace(portal, settings=settings)).test_client()

    assert client.get("/en/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/en/", headers={"Host": "help.example.com"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/v1", {}),
        ("/api/nothing", {}),
        ("/api/v1/suggest?q=parcel&lang=en", {"Host": "evil.example"}),
    ],
)
def test_programs_are_refused_in_json(portal: Portal, path, headers):
    settings = replace(portal.settings, trusted_hosts=("help.example.com", "localhost"))
    client = an_app(replace(portal, settings=settings)).test_client()

    response = client.get(path, headers=headers)

    assert response.status_code in {400, 404}
    assert response.json["error"]["message"]


def test_an_address_that_only_resembles_a_language_is_nowhere(client):
    assert client.get("/xyz").status_code == 404


def test_cookies_are_guarded(portal: Portal):
    settings = replace(portal.settings, site_url="https://help.example.com")
    client = an_app(replace(portal, settings=settings)).test_client()

    response = client.get("/en/search?q=password", base_url="https://help.example.com")

    cookie = response.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=Lax"))


def test_a_static_file_is_kept_for_a_year_under_its_own_address(client):
    address = re.search(r'href="(/static/[0-9a-f]{12}/css/customer.css)"', client.get("/en/").text)

    response = client.get(address and address[1])

    assert "immutable" in response.headers["Cache-Control"]
    assert "max-age=31536000" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml"])
def test_static_files_end_at_their_folder(client, path):
    assert client.get(path).status_code == 404


def test_an_unforeseen_fault_shows_a_reference_and_nothing_else(portal: Portal):
    app = an_app(portal)
    app.add_url_rule("/broken", "help.broken", lambda: 1 / 0)

    response = app.test_client().get("/broken")

    assert response.status_code == 500
    assert "Reference" in response.text
    assert "ZeroDivisionError" not in response.text


@pytest.mark.parametrize(
    ("path", "limit_kb"), [("/en/", 45), ("/en/articles/reset-password", 45), ("/en/contact", 55)]
)
def test_a_first_visit_weighs_little(client, path, limit_kb):
    page = client.get(path).text
    needed = set(re.findall(r'(?:href|src)="/static/[0-9a-f]{12}/([^"#]+)', page))

    total = _weight(client, path) + sum(_weight(client, f"/static/{one}") for one in needed)

    assert total < limit_kb * 1000


def test_the_scripts_of_the_form_weigh_less_than_ten_kilobytes(client):
    scripts = re.findall(r'src="(/static/[0-9a-f]{12}/js/[^"]+)"', client.get("/en/contact").text)

    assert len(scripts) >= 2
    later = [re.sub(r"[\w-]+\.js$", name, scripts[-1]) for name in ("draft.js", "files.js")]
    assert sum(_weight(client, script) for script in [*scripts, *later]) <= 10_000


def _weight(client: FlaskClient, path: str) -> int:
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200, path
    return len(response.data)
