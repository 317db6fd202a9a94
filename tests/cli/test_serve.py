"""`tracker serve`, `tracker demo` and `tracker generate`."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import func, inspect, select

from tests.cli.conftest import Place, one_line
from tracker.extensions import db
from tracker.matrix.models import Record
from tracker.parties.models import Contact
from tracker.projects.models import Project
from tracker.serving import settings_of
from tracker.team.models import User
from tracker.team.operations import add_builtin_roles

BIN = Path(sys.executable).with_name("tracker")
PATIENCE = 60  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(place: Place, port: int, **environ: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The server as a process of its own, and the first line it says."""
    env = {**os.environ, **place.environ, **environ, "PYTHONUNBUFFERED": "1"}
    words = [str(BIN), "serve", "--port", str(port)]
    process = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, [process.stdout.readline().strip()]
    finally:
        process.kill()
        process.wait(PATIENCE)


def answer(address: str) -> str:
    with urlopen(address, timeout=PATIENCE) as page:  # the address is our own
        return str(page.read().decode())


@pytest.mark.real_time
def test_serve_makes_the_database_serves_the_pages_and_ends_when_asked(nowhere: Place) -> None:
    port = free_port()
    with serving(nowhere, port) as (process, said):
        assert said == [f"Project Tracker answers at http://127.0.0.1:{port}"]
        assert answer(f"http://127.0.0.1:{port}/readyz") == "ready\n"
        assert "<form" in answer(f"http://127.0.0.1:{port}/login?lang=en")
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.communicate()[0] == ""
    with nowhere.session():
        assert "project" in inspect(db.engine).get_table_names()


@pytest.mark.real_time
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts processes as Linux shows them")
def test_many_requests_at_once_are_answered_by_several_workers(company: Place) -> None:
    port = free_port()
    with serving(company, port) as (process, _said):
        assert {answer(f"http://127.0.0.1:{port}/healthz") for _each in range(20)} == {"ok\n"}
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        deadline = time.monotonic() + PATIENCE
        while len(children.read_text().split()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)  # the second worker may still be starting
        assert len(children.read_text().split()) == 2


@pytest.mark.real_time
def test_the_demo_says_who_signs_in(company: Place) -> None:
    port = free_port()
    with serving(company, port, TRACKER_ENV="demo") as (process, _said):
        assert process.stdout is not None
        assert process.stdout.readline() == "Sign in with the password tracker-demo as admin.\n"


def test_a_port_that_is_taken_is_one_line_and_no_second_try(company: Place) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        began = time.monotonic()
        result = company.run("serve", "--port", str(taken.getsockname()[1]))
        assert time.monotonic() - began < 5
    assert result.exit_code == 1
    assert "address already in use" in one_line(result)


def test_a_host_that_is_nowhere_is_one_line(company: Place) -> None:
    result = company.run("serve", "--host", "no.such.host.invalid")
    assert result.exit_code == 1
    assert "no.such.host.invalid" in one_line(result)


def test_by_default_nobody_elses_headers_are_believed_and_no_access_is_logged() -> None:
    settings = settings_of("127.0.0.1:8000", 2, 4)
    assert settings["forwarded_allow_ips"] == ""
    assert settings["accesslog"] is None
    assert settings["control_socket_disable"] is True
    assert (settings["workers"], settings["threads"], settings["preload_app"]) == (2, 4, True)


def count(place: Place, model: type) -> int:
    with place.session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def falling_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo company whose building breaks off when the roles are there."""

    def build_demo(session, storage, *, progress, seed):  # type: ignore[no-untyped-def]
        add_builtin_roles(session)
        raise RuntimeError("the crane stands still")

    company = types.ModuleType("tracker.demo.company")
    company.build_demo = build_demo  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tracker.demo.company", company)


def test_a_demo_that_breaks_off_leaves_nothing(nowhere: Place, falling_demo: None) -> None:
    result = nowhere.run("demo")
    assert result.exit_code == 1
    assert "the crane stands still" in one_line(result)
    from tracker.team.models import Role

    assert count(nowhere, Role) == 0


def test_demo_refuses_a_company_that_is_there_and_leaves_it_alone_where_asked_to(company: Place) -> None:
    result = company.run("demo")
    assert result.exit_code == 1
    assert "users already" in one_line(result)
    assert company.done("demo", "--if-empty") == ""
    assert count(company, User) == 1


@pytest.mark.parametrize("words", [["demo"], ["demo", "--if-empty"], ["generate", "--projects", "3"]])
def test_production_gets_neither_a_demo_nor_load_data(untouched: Place, words: list[str]) -> None:
    live = {"TRACKER_ENV": "production", "TRACKER_SECRET_KEY": "sixteen letters or more"}
    result = untouched.run(*words, environ=live)
    assert result.exit_code == 1
    assert "never for production" in one_line(result)
    assert not (untouched.data / "tracker.sqlite3").exists()


def test_generate_adds_what_was_asked_for(nowhere: Place) -> None:
    told = nowhere.done("generate", "--projects", "7", "--records", "21", "--contacts", "9", "--users", "4")
    assert re.fullmatch(r"7 projects are there, in [\d.]+ s\.\n", told)
    assert [count(nowhere, model) for model in (Project, Record, Contact, User)] == [7, 21, 9, 4]
