"""A group whose commands are imported when they are called, and whose errors are one line."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from config import ConfigError
from tracker.errors import TrackerError

WRONG_ARGUMENTS = 2


class LazyGroup(click.Group):
    """A group of commands by name: (`module:attribute`, one line of help)."""

    def __init__(self, name: str, lazy: dict[str, tuple[str, str]], help: str) -> None:
        debug = click.Option(["--debug"], is_flag=True, help="Show the trace of an error.")
        super().__init__(name, help=help, params=[debug], context_settings={"help_option_names": ["-h", "--help"]})
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.lazy:
            return None
        module, _, attribute = self.lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_path, words) in self.lazy.items()])

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run and exit. `--debug` may stand anywhere."""
        words = list(sys.argv[1:] if args is None else args)
        debug = "--debug" in words
        words = [word for word in words if word != "--debug"]
        extra["standalone_mode"] = False
        try:
            code = super().main(words, prog_name, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(WRONG_ARGUMENTS)
        except (Exception, KeyboardInterrupt) as error:  # whatever happened, one line says it
            if debug:
                traceback.print_exc()
            sentence, code = explain(error)
            click.echo(f"tracker: {sentence}", err=True)
            sys.exit(code)
        sys.exit(code if isinstance(code, int) else 0)


def explain(error: BaseException) -> tuple[str, int]:
    """The one line that says what went wrong, and the exit code."""
    match error:
        case click.UsageError():
            return f"{one_line(error.format_message())} {_hint(error)}", WRONG_ARGUMENTS
        case click.ClickException():
            return one_line(error.format_message()), error.exit_code
        case click.Abort() | KeyboardInterrupt():
            return "stopped before it was done", 1
        case ConfigError() | TrackerError():
            return one_line(str(error)), 1
        case OSError(strerror=str(reason)):
            return one_line(f"{error.filename}: {reason}" if error.filename else reason), 1
    if type(error).__module__.startswith("sqlalchemy."):
        return f"the database: {one_line(str(getattr(error, 'orig', None) or error))}", 1
    return f"{type(error).__name__}: {one_line(str(error))} (--debug shows the trace)", 1


def _hint(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "tracker"
    return f"({path} --help)"


def one_line(text: str) -> str:
    """Text without line breaks, so that a line is an error."""
    return " ".join(text.split())
