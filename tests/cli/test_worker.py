"""`tracker worker`: once for cron, again without effect, beside a leader without harm, until it is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.cli.conftest import Place, one_line
from tests.cli.test_serve import free_port, serving
from tests.conftest import NOON
from tests.factories import make_project
from tracker import clock
from tracker.matrix.definitions import publish_standard
from tracker.notifications.models import Lease, Notification
from tracker.notifications.operations.leading import LASTS
from tracker.team.models import User

BIN = Path(sys.executable).with_name("tracker")
PATIENCE = 60  # seconds


def add_silent_project(place: Place) -> None:
    """A project of the administrator's that has been silent since long before anybody looked."""
    with place.session() as session:
        publish_standard(session)
        owner = session.scalars(select(User)).one()
        since = clock.today() - timedelta(days=60)
        make_project(session, owner, phase="bid", step="masonry", since=since)


def told(place: Place) -> int:
    with place.session() as session:
        return session.scalar(select(func.count()).select_from(Notification)) or 0


def test_once_tells_what_is_due_and_a_second_time_tells_nothing(company: Place) -> None:
    add_silent_project(company)
    assert "things newly due, 0 mails sent." in company.done("worker", "--once")
    known = told(company)
    assert known > 0
    assert company.done("worker", "--once") == "0 things newly due, 0 mails sent.\n"
    assert told(company) == known


def test_once_beside_a_leader_does_nothing(company: Place) -> None:
    add_silent_project(company)
    with company.session() as session:
        session.add(Lease(name="worker", holder="another", until=NOON + LASTS))
        session.commit()
    assert company.done("worker", "--once") == "Another worker leads; nothing to do.\n"
    assert told(company) == 0


def test_without_a_database_it_says_so_in_one_line(untouched: Place) -> None:
    result = untouched.run("worker", "--once")
    assert result.exit_code == 1
    assert one_line(result)


@pytest.mark.real_time
def test_a_worker_works_until_it_is_told_to_stop_and_gives_up_its_lease(company: Place) -> None:
    add_silent_project(company)
    words = [str(BIN), "worker", "--every", "1"]
    process = subprocess.Popen(words, env={**os.environ, **company.environ}, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + PATIENCE
        while told(company) == 0 and time.monotonic() < deadline:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, process.stderr and process.stderr.read()
    finally:
        process.kill()
    assert told(company) > 0
    with company.session() as session:
        assert session.scalars(select(Lease)).one().until < clock.now()


@pytest.mark.real_time
def test_a_server_brings_a_worker_with_it_and_gives_up_its_lease_in_the_end(company: Place) -> None:
    add_silent_project(company)
    with serving(company, free_port()) as (process, _said):
        deadline = time.monotonic() + PATIENCE
        while told(company) == 0 and time.monotonic() < deadline:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert told(company) > 0
    with company.session() as session:
        assert session.scalars(select(Lease)).one().until < clock.now()
