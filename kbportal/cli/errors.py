"""The group of all commands: one clear line for every foreseen failure, exit codes for scripts.

A command's module is imported when the command is asked for: an index that is brought up to date
in a second must not wait for the libraries of the server.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from kbportal.kernel.errors import PortalError
from kbportal.settings import SettingsInvalid

FAILURE = 1
WRONG_USAGE = 2


class Commands(click.Group):
    """A group whose commands report foreseen failures instead of a traceback.

    Args:
        modules: Name of each command → the module in which it has that name.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._modules:
            return None
        command: click.Command = getattr(import_module(self._modules[cmd_name]), cmd_name)
        return command

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
