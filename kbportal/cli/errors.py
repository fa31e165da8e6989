"""One clear line for every foreseen failure, and the exit codes that scripts rely on."""

from __future__ import annotations

import sys
from typing import Any

import click

from kbportal.kernel.errors import PortalError
from kbportal.settings import SettingsInvalid

FAILURE = 1
WRONG_USAGE = 2


class Commands(click.Group):
    """A group whose commands report foreseen failures instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PortalError as error:
            click.echo(f"kbportal: {error}", err=True)
            sys.exit(WRONG_USAGE if isinstance(error, SettingsInvalid) else FAILURE)
        except BrokenPipeError:
            # The reader of our output has seen enough.
            sys.stderr.close()
            sys.exit(FAILURE)
        except OSError as error:
            click.echo(f"kbportal: {error.filename or ''}: {error.strerror or error}", err=True)
            sys.exit(FAILURE)
