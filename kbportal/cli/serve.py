"""`kbportal serve`: the production server."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from kbportal.cli import options
from kbportal.kernel.clock import utc_now
from kbportal.kernel.errors import PortalError
from kbportal.kernel.log_lines import LineFormatter, log_in_lines
from kbportal.people.invitations import first_admin_token
from kbportal.search.index.generation import IndexMissing, live_folder, pointer_stamp
from kbportal.settings import Settings
from kbportal.wiring import (
    build_portal,
    choose_carrier,
    hire_bookkeeper,
    hire_postman,
    open_database,
)

_THREADS = 8
_GRACE_S = 10
_NICENESS = 10
_LOOK_AGAIN_S = 0.1


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@options.articles
@options.indexes
def serve(host: str, port: int, workers: int, articles: Path | None, indexes: Path | None) -> None:
    """Serve the portal; builds the index first when it is missing or stale.

    \b
    Example:
        kbportal serve --host 0.0.0.0 --port 8000 --workers 4
    """
    settings = options.settings_with(articles=articles, indexes=indexes)
    address = f"http://{host}:{port}"
    _check_free(host, port)
    # What is wrong with the mail server's settings is said now, not by the first letter.
    choose_carrier(settings, say=click.echo)
    _build_apart(settings)
    welcome = _welcome(settings, address)
    click.echo(f"\n  {settings.site_name}: {address}\n{welcome}{_about_mail(settings)}")
    _Server(settings, address=address, bind=f"{host}:{port}", workers=workers).run()


def _check_free(host: str, port: int) -> None:
    """Fail before the index is built, not after."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortalError(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another --port."
            ) from error


def _build_apart(settings: Settings) -> None:
    """Bring the index in step in a process of its own.

    Workers are forked from this process: it must hold neither the model's memory nor the threads
    of its runtime, which do not survive a fork. A first index of a large library is served as soon
    as keywords can be searched; its builder goes on beside the server, which picks up the rest.
    """
    folders = ["--articles", str(settings.articles), "--indexes", str(settings.indexes)]
    builder = subprocess.Popen([sys.executable, "-m", "kbportal", "index", *folders])  # noqa: S603
    atexit.register(_end, builder, os.getpid())
    if published_or_ended(builder, settings.indexes):
        _step_back(builder)
        return
    if not builder.returncode:
        return
    try:
        live_folder(settings.indexes)
    except IndexMissing:
        sys.exit(builder.returncode)
    click.echo("kbportal: the index built earlier is served as it is.", err=True)


def published_or_ended(builder: subprocess.Popen[bytes], indexes: Path) -> bool:
    """Wait until a builder has published something, or has ended without: false."""
    before = pointer_stamp(indexes)
    while builder.poll() is None:
        if pointer_stamp(indexes) != before:
            return True
        time.sleep(_LOOK_AGAIN_S)
    return pointer_stamp(indexes) != before


def _step_back(builder: subprocess.Popen[bytes]) -> None:
    """Let customers who type come first; threads that the builder starts from now on inherit it."""
    if builder.poll() is None:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, builder.pid, _NICENESS)


def _end(builder: subprocess.Popen[bytes], owner: int) -> None:
    """End the builder with the server, not with a worker that was forked from it."""
    if os.getpid() == owner:
        builder.terminate()


def _welcome(settings: Settings, address: str) -> str:
    """The link that makes the first administrator, while there is none."""
    stores = open_database(settings)
    try:
        token = first_admin_token(stores.people, now=utc_now())
    finally:
        stores.close()
    if token is None:
        return ""
    return (
        "  First administrator (this link works once, for 72 hours):\n"
        f"  {address}/account/join/{token}\n"
    )


def _about_mail(settings: Settings) -> str:
    """Where letters go while no mail server is set."""
    if settings.sends_mail:
        return ""
    return (
        "  No mail server is set (mail_host): letters to customers become files in\n"
        f"  {settings.instance / 'outgoing'}\n"
    )


class Log(Logger):  # type: ignore[misc]
    """The log of server and portal alike: lines of JSON on standard error."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        log_in_lines()
        for handler in self.error_log.handlers:
            handler.setFormatter(LineFormatter())


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn without a configuration file."""

    def __init__(self, settings: Settings, *, address: str, bind: str, workers: int) -> None:
        self._settings, self._address = settings, address
        self._options: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "worker_class": "gthread",
            "threads": _THREADS,
            "graceful_timeout": _GRACE_S,
            "loglevel": "warning",
            "logger_class": Log,
            "limit_request_field_size": 8190,
            # What a client says of itself counts only behind as many proxies as are configured.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            # Workers count their heartbeats in memory, not on a disk that may be full.
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # Imported in the worker: the parent needs none of it.
        from kbportal.cli.worker import use_few_arenas
        from kbportal.web.app import create_app

        use_few_arenas()
        portal = build_portal(self._settings)
        hire_postman(portal, address=self._address, say=click.echo).start()
        hire_bookkeeper(portal).start()
        return create_app(portal)
