"""The worker: every minute, whoever leads looks at what has its day and sends the mails that wait.

A plain loop with a monotonic wait: a clock that is set forth or back changes neither its pace nor what is delivered.
Several may run, in processes and threads; `tracker serve` brings one with it, `tracker worker` is one by itself.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from dataclasses import dataclass
from itertools import chain

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from config import Config
from tracker import clock
from tracker.accounts.operations.waking import deliver_accounts
from tracker.annotations import letters as annotation_letters  # noqa: F401  it writes their mails
from tracker.annotations.inbox import InboxFault, opened
from tracker.annotations.operations.reading import read_inbox
from tracker.assigning.operations.pool import return_unanswered
from tracker.database import reading
from tracker.dealers.operations.waking import deliver_dealers
from tracker.extensions import db
from tracker.gallery.operations.marking import mark_some
from tracker.gallery.operations.parcels import any_waiting, sweep_parcels, work_off
from tracker.gallery.operations.uploading import sweep_all_uploads
from tracker.leads.operations.waking import deliver_leads
from tracker.notifications.operations.delivering import deliver, take_up
from tracker.notifications.operations.leading import lead, step_down
from tracker.notifications.operations.mailing import Mailing, claim_next, give_up_lost, hand_over, mailing_of
from tracker.registrations.operations.lapsing import deliver_registrations
from tracker.reports import letters as report_letters  # noqa: F401  and this those of reports
from tracker.reports.operations.making import make_due
from tracker.reports.operations.subscribing import deliver_reports
from tracker.rewards.operations.waking import deliver_rewards
from tracker.todos.operations.telling import deliver_todos

log = structlog.get_logger()
LEASE = "worker"
EVERY = 60.0  # seconds between two turns
GLANCE = 3.0  # seconds after which it looks whether somebody waits for a file
MARKED = 50  # pictures of before that get their marks in one turn
SETTLED = 5.0  # seconds that a server is left alone when it starts
PAUSE = 0.02  # seconds after each group of projects, in which others get at the database


@dataclass(slots=True)
class Turn:
    """What one turn did: whether it led at all, things newly delivered, mails sent, answers by mail taken in."""

    led: bool = False
    delivered: int = 0
    mails: int = 0
    answers: int = 0


class Worker:
    """One worker. `turn` does what is to be done now; `run` does so until it is told to stop."""

    def __init__(self, app: Flask, every: float = EVERY) -> None:
        self.app, self.every = app, every
        self.holder = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = threading.Event()
        self._took_up = False
        self._marked_to: int | None = 0
        self.open_inbox = opened

    def run(self, after: float = 0.0) -> None:
        """Turn after turn until `stop`, the first after so many seconds; what goes wrong is tried again in the next."""
        self.stopping.wait(after)
        while not self.stopping.is_set():
            try:
                self.turn()
            except Exception:  # a database that is away, a full disk: the next turn finds everything again
                log.exception("a turn of the worker broke off")
            self._rest()
        self.step_down()

    def _rest(self) -> None:
        """Wait for the next turn. Whoever waits for a file of pictures is not made to wait so long."""
        for _glance in range(max(1, round(self.every / GLANCE))):
            if self.stopping.wait(min(GLANCE, self.every)):
                return
            try:
                self.glance()
            except Exception:
                log.exception("a glance of the worker broke off")

    def glance(self) -> bool:
        """Put the pictures together that somebody waits for; False where there is nothing to do, or another leads."""
        with self.app.app_context():
            try:
                clock.use_zone(self.app.config["TRACKER"].timezone)
                if not any_waiting(db.session) or not self._lead():
                    return False
                self._put_together()
                return True
            finally:
                db.session.remove()  # type: ignore[attr-defined]

    def _mark(self) -> None:
        """Pictures of before get their marks, some in each turn; once all have them, none is looked for any more."""
        if self._marked_to is None:
            return
        self._marked_to, _number = mark_some(db.session, self.app.extensions["storage"], self._marked_to, MARKED)
        db.session.commit()

    def _put_together(self) -> None:
        storage = self.app.extensions["storage"]
        for _made in work_off(db.session, storage, db.session.commit):
            lead(db.session, LEASE, self.holder, clock.now())
            db.session.commit()
        old = [*sweep_parcels(db.session), *sweep_all_uploads(db.session, storage)]
        db.session.commit()
        for key in old:
            storage.delete(key)

    def stop(self, *_signal: object) -> None:
        """Let `run` end after what it is doing."""
        self.stopping.set()

    def turn(self) -> Turn:
        """One turn; does nothing while another worker leads."""
        config: Config = self.app.config["TRACKER"]
        clock.use_zone(config.timezone)
        done = Turn()
        with self.app.app_context():
            try:
                if self._lead():
                    done.led = True
                    self._read(mailing_of(config), done)
                    self._deliver(mailing_of(config), done)
                    self._send(mailing_of(config), done)
                    self._put_together()
                    self._mark()
            finally:
                db.session.remove()  # type: ignore[attr-defined]
        if done.delivered or done.mails:
            relieve(self.app)
            log.info("told what is due", things=done.delivered, mails=done.mails)
        return done

    def _lead(self) -> bool:
        led = lead(db.session, LEASE, self.holder, clock.now())
        if led and not self._took_up:
            take_up(db.session, clock.today())
            self._took_up = True
        db.session.commit()
        return led

    def _read(self, mailing: Mailing | None, done: Turn) -> None:
        """Take in the answers by mail that wait; an inbox that is away is asked again in the next turn."""
        url = self.app.config["TRACKER"].inbox_url
        if not url:
            return
        try:
            with self.open_inbox(url) as inbox:
                for became in read_inbox(db.session, inbox, mailing):
                    db.session.commit()
                    done.answers += became == "answered"
        except InboxFault as fault:
            db.session.rollback()
            log.warning("the inbox cannot be read", reason=str(fault))

    def _deliver(self, mailing: Mailing | None, done: Turn) -> None:
        today = clock.today()
        jobs = (
            deliver(db.session, today, mailing),
            deliver_leads(db.session, today, mailing),
            deliver_accounts(db.session, today, mailing),
            deliver_dealers(db.session, today, mailing),
            deliver_rewards(db.session, today, mailing),
            deliver_registrations(db.session, today, mailing),
            deliver_todos(db.session, today, mailing),
            return_unanswered(db.session, clock.now(), mailing),
            make_due(db.session, clock.now(), Session(db.engine)),
            deliver_reports(db.session, clock.now()) if mailing else (),
        )
        for number in chain(*jobs):
            led = lead(db.session, LEASE, self.holder, clock.now())
            db.session.commit()
            db.session.expunge_all()
            done.delivered += number
            if not led or self.stopping.wait(PAUSE):
                return

    def _send(self, mailing: Mailing | None, done: Turn) -> None:
        give_up_lost(db.session, clock.now())
        db.session.commit()
        while mailing and not self.stopping.is_set():
            claimed = claim_next(db.session, clock.now())
            db.session.commit()
            if claimed is None:
                return
            state = hand_over(
                db.session, claimed, mailing, today=clock.today(), now=clock.now(), commit=db.session.commit
            )
            lead(db.session, LEASE, self.holder, clock.now())
            db.session.commit()
            done.mails += state == "sent"

    def step_down(self) -> None:
        """Let another lead at once."""
        with self.app.app_context():
            try:
                step_down(db.session, LEASE, self.holder, clock.now())
                db.session.commit()
            except Exception:  # then it runs out
                log.warning("the lease of the worker was not given up")
            finally:
                db.session.remove()  # type: ignore[attr-defined]


def relieve(app: Flask) -> None:
    """Give back what SQLite keeps of the pages it read: the worker reads all of a project, and then rests."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            with reading(), db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA shrink_memory")


def start_in_background(app: Flask) -> Worker:
    """A worker in a thread of this process, which ends with it."""
    worker = Worker(app)
    threading.Thread(target=worker.run, args=(SETTLED,), daemon=True, name="worker").start()
    return worker
