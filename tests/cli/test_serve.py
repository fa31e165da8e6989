from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kbportal.cli.serve import published_or_ended


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_port_in_use_is_one_clear_line(run, library):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()

        said = run("serve", "--port", str(busy.getsockname()[1]))

    assert (said.code, said.out) == (1, "")
    assert said.complaint.endswith("Choose another --port.")


def test_a_host_that_is_not_ours_is_one_clear_line(run, library):
    said = run("serve", "--host", "192.0.2.1", "--port", "8000")

    assert said.code == 1
    assert said.complaint.startswith("kbportal: Cannot listen on 192.0.2.1:8000")


def test_a_host_that_is_no_address_is_one_clear_line(run, library):
    said = run("serve", "--host", "no such host")

    assert said.code == 1
    assert said.complaint.startswith("kbportal: Cannot listen on no such host:8000")


def test_a_missing_articles_folder_is_one_clear_line(run, home, port, capfd):
    said = run("serve", "--port", str(port))

    # The index is built in a process of its own, which complains for itself.
    (line,) = (said.err + capfd.readouterr().err).splitlines()
    assert (said.code, said.out) == (1, "")
    assert line == f"kbportal: There is no folder {home / 'articles'} with articles."


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_what_is_no_port_is_wrong_usage(run, library, port):
    assert run("serve", "--port", port).code == 2


def answers(address: str, *, within_s: float) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            return bool(urllib.request.urlopen(address, timeout=5).status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def status_of(port: int, header: str) -> int:
    """What the server answers to a request with a header of this length."""
    asked = HTTPConnection("127.0.0.1", port, timeout=10)
    asked.request("GET", "/healthz", headers={"X-Long": header})
    status = asked.getresponse().status
    asked.close()
    return status


def test_the_server_builds_its_index_answers_and_stops_cleanly(library: Path, port: int):
    server = subprocess.Popen(
        [sys.executable, "-m", "kbportal", "serve", "--port", str(port), "--workers", "1"],
        cwd=library.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert answers(f"http://127.0.0.1:{port}/healthz", within_s=60)
        assert status_of(port, "x" * 8_000) == 200
        assert status_of(port, "x" * 9_000) in {400, 431}
    finally:
        server.terminate()
    out, err = server.communicate(timeout=30)

    assert server.returncode == 0, err
    assert f"http://127.0.0.1:{port}" in out
    assert "Traceback" not in err


@pytest.fixture
def builder() -> Iterator[subprocess.Popen[bytes]]:
    """A process that goes on and on."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def test_the_server_need_not_wait_for_the_rest_of_what_is_being_built(builder, tmp_path):
    publish = threading.Timer(0.3, (tmp_path / "current").write_text, ["a generation"])
    publish.start()

    assert published_or_ended(builder, tmp_path)
    assert builder.poll() is None


def test_a_builder_that_ends_without_an_index_is_not_waited_for(builder, tmp_path):
    builder.kill()

    assert not published_or_ended(builder, tmp_path)
