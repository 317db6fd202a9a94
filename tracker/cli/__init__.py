"""The command line, `tracker`. A command's module is imported only when the command is called.

Results go to standard output, errors and progress to standard error. An error is one line; the exit code is 2 for
wrong arguments and 1 for the rest. The command line speaks English, like its options; what it writes for people
(the reasons in a file of rejected rows) is in the installation's language.
"""

from __future__ import annotations

from tracker.cli.group import LazyGroup

COMMANDS = {
    "serve": ("tracker.cli.serve:serve", "Serve the pages, with the database brought up to date first."),
    "worker": ("tracker.cli.worker:worker", "Tell people what is due, and send the mails that wait."),
    "init": ("tracker.cli.init:init", "Start an empty company with its first administrator."),
    "demo": ("tracker.cli.demo:demo", "Build the demo company (never in production)."),
    "user": ("tracker.cli.user:user", "Add people who sign in."),
    "import": ("tracker.cli.imports:imports", "Import leads from CSV or XLSX."),
    "export": ("tracker.cli.export:export", "Export a list as XLSX or CSV."),
    "matrix": ("tracker.cli.matrix:matrix", "Check matrix definitions."),
    "doctor": ("tracker.cli.doctor:doctor", "Check the installation; exit 1 with a line for each fault."),
    "backup": ("tracker.cli.backup:backup", "Write database and media into one file."),
    "restore": ("tracker.cli.restore:restore", "Bring a backup back, checked before anything is touched."),
    "generate": ("tracker.cli.generate:generate", "Fill the database with load data (never in production)."),
}

commands = LazyGroup(
    "tracker",
    COMMANDS,
    help="Project Tracker. Settings come from the environment; config.py documents every one.",
)


def main() -> None:
    """The console script."""
    commands.main(prog_name="tracker")
