"""What all commands share: quick help, errors of one line, exit codes."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from tests.cli.conftest import Place, one_line
from tracker.cli import COMMANDS, commands


def test_help_names_every_command_of_the_table_without_importing_the_application() -> None:
    script = (
        "import sys; from tracker.cli import main; sys.argv = ['tracker', '--help']\n"
        "try:\n    main()\n"
        "finally:\n    heavy = {'flask', 'sqlalchemy', 'alembic', 'PIL', 'tracker.cli.serve'} & set(sys.modules)\n"
        "    print('heavy:', *heavy)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.endswith("heavy:\n")
    for name in COMMANDS:
        assert f"\n  {name} " in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(commands, [name, "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: commands {name}") or result.stdout.startswith(f"Usage: tracker {name}")


@pytest.mark.parametrize(
    "words",
    [
        ["paint"],
        ["serve", "--port", "0"],
        ["serve", "--colour"],
        ["import", "leads"],
        ["import", "leads", "no-such-file.csv"],
        ["user", "add", "somebody"],
        ["generate"],
        ["restore", "no-such-file.tar"],
    ],
)
def test_wrong_arguments_are_one_line_and_exit_2(words: list[str]) -> None:
    result = CliRunner().invoke(commands, words)
    assert result.exit_code == 2
    assert "--help" in one_line(result)
    assert result.stdout == ""


def test_no_command_at_all_shows_the_help_and_exits_2() -> None:
    result = CliRunner().invoke(commands, [])
    assert result.exit_code == 2
    assert "Commands:" in result.stderr


def test_production_without_a_secret_key_is_one_line_and_exits_1(untouched: Place) -> None:
    result = untouched.run("init", environ={"TRACKER_ENV": "production"}, typed="a\nb\nc\nd234567890\nd234567890\n")
    assert result.exit_code == 1
    assert "TRACKER_SECRET_KEY" in result.stderr.splitlines()[-1]
    assert not untouched.data.exists()


@click.command()
def broken() -> None:
    raise ValueError("a tile\nfell")


@pytest.fixture
def falling(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(commands.lazy, "fall", (f"{__name__}:broken", "Fall."))
    return "fall"


def test_what_nobody_expected_is_one_line_that_names_the_way_to_the_trace(falling: str) -> None:
    result = CliRunner().invoke(commands, [falling])
    assert result.exit_code == 1
    assert one_line(result) == "tracker: ValueError: a tile fell (--debug shows the trace)\n"


@pytest.mark.parametrize("words", [["--debug", "fall"], ["fall", "--debug"]])
def test_debug_shows_the_trace_wherever_it_stands(falling: str, words: list[str]) -> None:
    result = CliRunner().invoke(commands, words)
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert 'raise ValueError("a tile\\nfell")' in result.stderr


def test_a_database_that_is_away_is_one_line(untouched: Place) -> None:
    away = {"TRACKER_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"}
    result = untouched.run("backup", "out.tar", environ=away)
    assert result.exit_code == 1
    assert one_line(result).startswith("tracker: the database: ")


def test_a_file_that_is_no_database_is_one_line(untouched: Place) -> None:
    untouched.data.mkdir()
    (untouched.data / "notes.txt").write_text("no database at all" * 100)
    away = {"TRACKER_DATABASE_URL": f"sqlite:///{untouched.data / 'notes.txt'}"}
    result = untouched.run("user", "add", "x", "--name", "X", "--role", "director", environ=away)
    assert result.exit_code == 1
    assert one_line(result) == "tracker: the database: file is not a database\n"


@pytest.mark.parametrize("words", [["backup", "out.tar"], ["user", "add", "x", "--name", "X", "--role", "director"]])
def test_a_command_that_needs_a_company_says_how_to_start_one(nowhere: Place, words: list[str]) -> None:
    result = nowhere.run(*words)
    assert result.exit_code == 1
    assert "`tracker " in one_line(result)
    assert not (nowhere.data / "tracker.sqlite3").exists()
