"""`kbportal demo`: things to look at before one has a site or customers of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import click

from kbportal.cli import options
from kbportal.cli.demo_traffic import traffic_command
from kbportal.kernel.errors import PortalError

_FOLDER = Path(__file__).parent / "demo_host"
_TITLES: Mapping[str, str] = {"/": "Kettles that sing", "/cart": "Your cart"}


@click.group()
def demo() -> None:
    """Things to look at first."""


demo.add_command(traffic_command, "traffic")


@demo.command()
@click.option("--port", type=click.IntRange(1, 65535), default=9100, show_default=True)
@click.option("--portal", default="http://127.0.0.1:8000", show_default=True, help="Its address.")
@click.option("--lang", default="en", show_default=True, help="Language of the widget.")
def host(port: int, portal: str, lang: str) -> None:
    """Serve a page of another site that shows the widget.

    \b
    Example:
        kbportal demo host --port 9100 --portal http://127.0.0.1:8000
    """
    settings = options.settings_with()
    if lang not in settings.languages:
        raise click.UsageError(f"--lang: the portal is offered in {', '.join(settings.languages)}")
    try:
        server = demo_server(port, portal=portal.rstrip("/"), lang=lang)
    except OSError as error:
        raise PortalError(f"Cannot listen on port {port} ({error.strerror}).") from error
    here = f"http://localhost:{port}"
    click.echo(f"A shop with the widget of {portal}: {here}")
    click.echo(f"The portal must list it: KBPORTAL_WIDGET_ORIGINS={here}")
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()


def demo_server(port: int, *, portal: str, lang: str) -> ThreadingHTTPServer:
    """A server of the demo shop on this computer; `port` 0 lets the system choose."""
    files = {
        path: ("text/html", _page(title, portal=portal, lang=lang))
        for path, title in _TITLES.items()
    }
    files["/shop.css"] = ("text/css", (_FOLDER / "shop.css").read_bytes())
    policy = f"default-src 'none'; script-src {portal}; frame-src {portal}; style-src 'self'; "
    policy += "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = files.get(urlsplit(self.path).path)
            self.send_response(200 if found else 404)
            kind, body = found or ("text/plain", b"not here\n")
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing about requests."""

    return ThreadingHTTPServer(("127.0.0.1", port), Shop)


def _page(title: str, *, portal: str, lang: str) -> bytes:
    page = (_FOLDER / "page.html").read_text(encoding="utf-8")
    for name, value in (("title", title), ("portal", portal), ("lang", lang)):
        page = page.replace(f"{{{name}}}", value.replace("&", "&amp;").replace('"', "&quot;"))
    return page.encode()
