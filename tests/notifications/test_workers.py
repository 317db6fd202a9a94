"""Real workers on a database of their own: two at once, one that falls over, and the loop that ends when asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from tests.cast import make_cast
from tests.databases import empty_database, migrated_app
from tests.factories import make_project
from tracker import clock
from tracker.extensions import db
from tracker.matrix.operations.refreshing import refresh_many
from tracker.notifications import worker as working
from tracker.notifications.models import DueThing, Lease, Notification, OutboxMail, ProjectClock
from tracker.notifications.operations.delivering import deliver
from tracker.notifications.operations.mailing import Mailing, claim_next, hand_over
from tracker.notifications.worker import Worker
from tracker.projects.models import Project

PROJECTS = 30
pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Flask]:
    """An application on a database of its own with silent projects."""
    folder = tmp_path_factory.mktemp("workers")
    with empty_database(database_url, folder, "workers") as url, migrated_app(url, folder) as app:
        with app.app_context():
            cast = make_cast(db.session)
            cast.supervisor.email = "supervisor@example.com"
            for number in range(PROJECTS):
                since = clock.today() - timedelta(days=20)
                make_project(db.session, cast.sales1, name=f"Site {number}", phase="bid", step="masonry", since=since)
            db.session.remove()
        yield app


@pytest.fixture(autouse=True)
def fresh(busy: Flask) -> Iterator[None]:
    """Nothing delivered yet, and every clock wound."""
    with busy.app_context():
        for model in (OutboxMail, Notification, DueThing, ProjectClock, Lease):
            db.session.execute(delete(model))
        refresh_many(db.session, db.session.scalars(select(Project.id)).all())
        db.session.commit()
        db.session.remove()
    yield


def figures(app: Flask) -> tuple[int, int]:
    """How many things were delivered, and how often somebody was told."""
    with app.app_context():
        found = tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (DueThing, Notification))
        db.session.remove()
        return found  # type: ignore[return-value]


def everything(app: Flask) -> tuple[int, int]:
    """What a single worker delivers."""
    Worker(app).turn()
    found = figures(app)
    with app.app_context():
        for model in (Notification, DueThing, Lease):
            db.session.execute(delete(model))
        refresh_many(db.session, db.session.scalars(select(Project.id)).all())
        db.session.commit()
        db.session.remove()
    return found


def _deliver_all(app: Flask, mailing: Mailing | None = None) -> None:
    """What a worker that believes it leads does."""
    with app.app_context():
        try:
            for _number in deliver(db.session, clock.today(), mailing):
                db.session.commit()
        finally:
            db.session.remove()


def test_two_workers_that_both_believe_to_lead_deliver_each_thing_once(
    busy: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.notifications.operations.delivering.CHUNK", 4)
    wanted = everything(busy)
    start = threading.Barrier(4)

    def work(_number: int) -> None:
        start.wait()
        _deliver_all(busy)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert figures(busy) == wanted
    assert wanted[0] > PROJECTS


def test_of_several_workers_one_leads_and_the_others_do_nothing(busy: Flask) -> None:
    workers = [Worker(busy) for _each in range(3)]
    with ThreadPoolExecutor(3) as pool:
        turns = list(pool.map(lambda one: one.turn(), workers))
    assert [turn.led for turn in turns].count(True) == 1
    leader = workers[[turn.led for turn in turns].index(True)]
    leader.step_down()
    assert [one.turn().led for one in workers if one is not leader] == [True, False]


@pytest.mark.parametrize("falls_at", range(1, 9))
def test_a_worker_that_falls_over_between_any_two_statements_leaves_nothing_half_done(
    busy: Flask, monkeypatch: pytest.MonkeyPatch, falls_at: int
) -> None:
    """The n-th statement that writes raises: what stands then is whole groups, and the next worker does the rest."""
    from sqlalchemy import event

    monkeypatch.setattr("tracker.notifications.operations.delivering.CHUNK", 2)
    wanted = everything(busy)
    written = 0

    def fall(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal written
        written += statement.startswith(("INSERT", "UPDATE", "DELETE"))
        if written == falls_at * 5:
            raise MemoryError

    with busy.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fall)
    try:
        with pytest.raises(MemoryError):
            _deliver_all(busy)
    finally:
        event.remove(engine, "before_cursor_execute", fall)
    with busy.app_context():
        untold = select(func.count()).select_from(DueThing).outerjoin(Notification).where(Notification.id.is_(None))
        assert db.session.scalar(untold) == 0
        db.session.remove()
    _deliver_all(busy)
    assert figures(busy) == wanted


def test_two_senders_send_each_mail_once(busy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.notifications.operations.delivering.CHUNK", 2)
    sent: list[str] = []
    mailing = Mailing("smtp://x", "https://t.example.com", "en", lambda _url, **message: sent.append(message["text"]))
    _deliver_all(busy, mailing)

    def send(_number: int) -> None:
        with busy.app_context():
            while (claimed := claim_next(db.session, clock.now())) is not None:
                db.session.commit()
                hand_over(db.session, claimed, mailing, today=clock.today(), now=clock.now())
                db.session.commit()
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    assert len(sent) == len(set(sent)) == PROJECTS / 2
    with busy.app_context():
        assert set(db.session.scalars(select(OutboxMail.state))) == {"sent"}
        db.session.remove()


def test_the_loop_survives_a_turn_that_broke_off_and_ends_when_asked(
    busy: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, turns = Worker(busy, every=0.01), threading.Event()
    real, broken = Worker.turn, [True]

    def turn(self: Worker) -> working.Turn:
        if broken.pop() if broken else False:
            raise OSError("the database is away")
        done = real(self)
        turns.set()
        return done

    monkeypatch.setattr(Worker, "turn", turn)
    thread = threading.Thread(target=mine.run)
    thread.start()
    assert turns.wait(30)
    mine.stop()
    thread.join(30)
    assert not thread.is_alive()
    assert figures(busy)[0] > 0
    assert Worker(busy).turn().led, "the lease was given up"


def test_a_month_asleep_is_told_once(busy: Flask, tmp_path: Path) -> None:
    Worker(busy).turn()
    known = figures(busy)
    with clock.frozen(clock.now() + timedelta(days=30)):
        Worker(busy).turn()
        more = figures(busy)
        assert more > known
        Worker(busy).turn()
        assert figures(busy) == more
