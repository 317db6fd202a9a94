"""Real workers on a database of their own: each report goes out once though three run and one is killed; 200 people."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, insert, select

from tests.cast import make_cast
from tests.databases import empty_database, migrated_app
from tests.factories import make_project
from tracker import clock
from tracker.extensions import db
from tracker.matrix.models import Move, Record
from tracker.notifications.models import OutboxMail
from tracker.notifications.operations.mailing import Mailing, claim_next, hand_over
from tracker.projects.models import Project
from tracker.reports import letters as letters  # noqa: F401  it writes the mails
from tracker.reports.models import Report, ReportDelivery, ReportRun
from tracker.reports.operations.making import make_due
from tracker.reports.operations.subscribing import deliver_reports
from tracker.reports.periods import last_gone_out
from tracker.team.models import User

PEOPLE = 200
pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Flask]:
    """A company of 200 salespeople, each with some sites, records and moves of last week."""
    folder = tmp_path_factory.mktemp("reports")
    with empty_database(database_url, folder, "reports") as url, migrated_app(url, folder, locale="en") as app:
        with app.app_context():
            cast = make_cast(db.session)
            cast.north.supervisor_id, cast.south.supervisor_id = cast.supervisor.id, cast.supervisor2.id
            cast.supervisor.email, cast.supervisor2.email = "north@anhe.example", "south@anhe.example"
            role, teams = cast.roles["salesperson"].id, (cast.north.id, cast.south.id)
            people = [
                {"username": f"person{number}", "name": f"Person {number}", "role_id": role, "department": "sales",
                 "team_id": teams[number % 2], "active": True, "created_at": clock.now()}
                for number in range(PEOPLE)
            ]  # fmt: skip
            db.session.execute(insert(User), people)
            ids = db.session.scalars(select(User.id).where(User.username.like("person%")).order_by(User.id)).all()
            day = last_gone_out("week", clock.now()).starts_on
            one = make_project(db.session, cast.sales1, name="Pattern")
            plain = {
                "kind": one.kind, "route": one.route, "phase": "map", "phase_since": day, "step": "structure",
                "step_since": day, "state": "active", "value": Decimal(10), "currency": "CNY", "version": 1,
                "definition_key": "standard", "definition_version": 1, "key_project": False, "open_tasks": 1,
                "created_at": clock.now(), "silent_after": day, "next_due_on": day, "last_record_on": day,
            }  # fmt: skip
            sites = [
                {**plain, "name": f"Site {owner}-{number}", "owner_id": owner, "team_id": teams[place % 2]}
                for place, owner in enumerate(ids)
                for number in range(15)
            ]
            db.session.execute(insert(Project), sites)
            rows = db.session.execute(select(Project.id, Project.owner_id).where(Project.owner_id.in_(ids))).all()
            records = [
                {"project_id": project, "author_id": owner, "phase": "map", "step": "structure", "kind": "site_visit",
                 "happened_on": day + timedelta(days=number % 5), "text": "Met the buyer.", "is_plan": False,
                 "late_entry": False, "entered_at": clock.now(), "version": 1, "next_step": "Call",
                 "next_on": day + timedelta(days=8)}
                for number, (project, owner) in enumerate(rows)
            ]  # fmt: skip
            db.session.execute(insert(Record), records)
            moves = [
                {"project_id": project, "axis": "phase", "source": "qualify", "target": "map", "on": day,
                 "by_id": owner, "at": clock.now(), "rules": []}
                for project, owner in rows
            ]  # fmt: skip
            db.session.execute(insert(Move), moves)
            db.session.commit()
            db.session.remove()
        yield app


@pytest.fixture(autouse=True)
def fresh(company: Flask) -> Iterator[None]:
    """No report made yet."""
    with company.app_context():
        for model in (OutboxMail, ReportDelivery, Report, ReportRun):
            db.session.execute(delete(model))
        db.session.commit()
        db.session.remove()
    yield


def work(app: Flask) -> None:
    """What a worker that believes it leads does: makes what is due, and hands it to the outbox."""
    with app.app_context():
        try:
            for _number in make_due(db.session, clock.now()):
                db.session.commit()
            for _number in deliver_reports(db.session, clock.now()):
                db.session.commit()
        finally:
            db.session.remove()


def figures(app: Flask) -> tuple[int, int, int]:
    """Reports, deliveries and mails."""
    with app.app_context():
        found = tuple(
            db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Report, ReportDelivery, OutboxMail)
        )
        db.session.remove()
        return found  # type: ignore[return-value]


def test_the_reports_of_two_hundred_people_are_made_in_under_a_minute(company: Flask) -> None:
    began = time.monotonic()
    work(company)
    took = time.monotonic() - began
    reports, deliveries, mails = figures(company)
    assert reports > 2 * PEOPLE and deliveries == mails == 6 and took < 60


def test_each_goes_out_once_though_three_workers_run_and_one_is_killed(
    company: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.reports.operations.making.CHUNK", 20)
    work(company)
    wanted = figures(company)
    with company.app_context():
        for model in (OutboxMail, ReportDelivery, Report, ReportRun):
            db.session.execute(delete(model))
        db.session.commit()
        db.session.remove()
        engine = db.engine
    begun, doomed, written = threading.Event(), threading.local(), []

    def kill(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if getattr(doomed, "is_it", False) and statement.startswith("INSERT INTO report"):
            written.append(statement)
            begun.set()
            if len(written) == 3:
                raise MemoryError

    def run(number: int) -> None:
        doomed.is_it = number == 0
        if number == 0:
            with pytest.raises(MemoryError):
                work(company)
        else:
            assert begun.wait(60)  # he has written and committed nothing yet when the others come
            work(company)

    event.listen(engine, "before_cursor_execute", kill)
    try:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(run, range(3)))
    finally:
        event.remove(engine, "before_cursor_execute", kill)
    assert figures(company) == wanted
    sent: list[str] = []

    def keep(_url: str, **mail: str) -> None:
        sent.append(mail["to"] + mail["subject"])

    mailing = Mailing("smtp://x", "https://t.example", "en", keep)

    def send(_number: int) -> None:
        with company.app_context():
            while (claimed := claim_next(db.session, clock.now())) is not None:
                db.session.commit()
                hand_over(db.session, claimed, mailing, today=clock.today(), now=clock.now())
                db.session.commit()
            db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(send, range(3)))
    assert len(sent) == len(set(sent)) == 6
