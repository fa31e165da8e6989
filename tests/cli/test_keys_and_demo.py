from __future__ import annotations

import threading
from urllib.request import urlopen

import pytest

from kbportal.cli.demo import demo_server


def test_a_key_is_printed_once_and_listed_without_itself(run, home):
    made = run("keys", "add", "app", "--limit", "90/min")

    listed = run("keys", "list")
    assert (made.code, made.err) == (0, "")
    assert made.out.startswith("kbp_")
    assert "app  90/min" in listed.out
    assert made.out.strip() not in listed.out
    (row,) = run("keys", "list", "--json").json
    assert row.keys() == {"name", "per_minute", "made", "rights"}


def test_a_key_may_be_let_read_the_numbers(run, home):
    run("keys", "add", "wall", "--insights")

    assert run("keys", "list", "--json").json[0]["rights"] == ["insights"]
    assert "may read insights" in run("keys", "list").out


def test_a_key_is_taken_away(run, home):
    run("keys", "add", "app")

    assert run("keys", "remove", "app").code == 0
    assert run("keys", "list", "--json").json == []
    assert run("keys", "remove", "app").code == 1


@pytest.mark.parametrize("limit", ["0", "many", "5/h", "-3", "1.5"])
def test_an_allowance_that_is_none_is_refused(run, home, limit):
    said = run("keys", "add", "app", "--limit", limit)

    assert said.code in {1, 2}
    assert not (home / "instance" / "api_keys.json").exists()


def test_a_name_is_given_once(run, home):
    run("keys", "add", "app")
    again = run("keys", "add", "app")

    assert again.code == 1
    assert "app" in again.complaint


def test_the_demo_shop_loads_the_widget_under_a_strict_policy():
    server = demo_server(0, portal="http://127.0.0.1:8000", lang="sk")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        with urlopen(f"http://127.0.0.1:{server.server_port}/cart?x=1", timeout=10) as page:
            policy, text = page.headers["Content-Security-Policy"], page.read().decode()
    finally:
        server.shutdown()
        server.server_close()

    assert '<script src="http://127.0.0.1:8000/widget.js" data-lang="sk" async></script>' in text
    assert "script-src http://127.0.0.1:8000; frame-src http://127.0.0.1:8000" in policy
    assert "unsafe" not in policy


def test_the_demo_speaks_languages_of_the_portal(run, home):
    assert run("demo", "host", "--lang", "xx").code == 2
