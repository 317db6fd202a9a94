"""The real engine on a SQLite file: many writers at once lose nothing, and nobody is told that the file is locked."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.cast import make_cast
from tests.databases import migrated_app
from tests.factories import make_party, make_project
from tracker.database import reading
from tracker.events import Event, Kind
from tracker.extensions import db
from tracker.matrix.models import Record, Submission
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.sessions import COOKIE_KEY
from tracker.team.models import User, UserSession
from tracker.team.passwords import token_hash

THREADS = 8
EACH = 6  # writes of each thread

pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a database file of its own, with a company, a firm and a project."""
    folder = tmp_path_factory.mktemp("busy")
    with migrated_app(f"sqlite:///{folder / 'busy.sqlite3'}", folder, locale="en") as app:
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            cast = make_cast(db.session)
            make_party(db.session, "Hengyue Land")
            make_project(db.session, cast.sales1)
            for user in (cast.sales1, cast.admin):
                db.session.add(UserSession(token_hash=token_hash(user.username), user_id=user.id))
            db.session.commit()
            db.session.remove()
            del cast, user
        yield app


def test_a_refused_form_still_knows_who_looks(busy: Flask) -> None:
    """After a rollback nothing that was loaded counts any more; who is signed in is loaded again."""
    client = busy.test_client()
    with client.session_transaction() as cookie:
        cookie[COOKIE_KEY] = "admin"
    gc.collect()
    refused = client.post("/admin/regions", data={"name": "North"})
    assert refused.status_code == 422
    assert "There is a region of this name already." in refused.get_data(as_text=True)
    assert "Admin" in refused.get_data(as_text=True)


def together(work: object, times: int = THREADS) -> list[object]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(times)))  # type: ignore[arg-type]


def test_no_update_is_lost(busy: Flask) -> None:
    def count_up(_number: int) -> None:
        for _ in range(EACH):
            with busy.app_context():
                user = db.session.scalars(select(User).where(User.username == "sales1")).one()
                user.post = str(int(user.post or 0) + 1)
                db.session.commit()

    together(count_up)
    with busy.app_context():
        assert db.session.scalar(select(User.post).where(User.username == "sales1")) == str(THREADS * EACH)


def test_no_request_is_told_that_the_database_is_locked(busy: Flask) -> None:
    with busy.app_context():
        party = db.session.scalars(select(Party.id).where(Party.name == "Hengyue Land")).one()

    def write_and_read(number: int) -> list[int]:
        client = busy.test_client()
        with client.session_transaction() as cookie:
            cookie[COOKIE_KEY] = "sales1"
        answers = []
        for each in range(EACH):
            sent = {"name": f"Contact {number}.{each}"}
            answers.append(client.post(f"/parties/{party}/contacts", data=sent).status_code)
            answers.append(client.get(f"/parties/{party}").status_code)
        return answers

    found = [status for answers in together(write_and_read) for status in answers]  # type: ignore[attr-defined]
    assert found.count(303) == found.count(200) == THREADS * EACH
    with busy.app_context():
        assert db.session.scalar(select(func.count(Contact.id))) == THREADS * EACH
        assert db.session.scalar(select(func.count()).where(Event.kind == Kind.CONTACT_ADDED)) == THREADS * EACH


def test_one_form_pressed_by_eight_at_once_logs_one_record(busy: Flask) -> None:
    with busy.app_context():
        project = db.session.scalars(select(Project.id)).one()

    def press(_number: int) -> str:
        client = busy.test_client()
        with client.session_transaction() as cookie:
            cookie[COOKIE_KEY] = "sales1"
        form = {"phase": "map", "step": "structure", "kind": "site_visit", "text": "Met him.", "token": "the-same"}
        with client.get(f"/projects/{project}/log") as page:
            on = page.get_data(as_text=True).partition('name="on"')[2].partition('value="')[2][:10]
        answer = client.post(f"/projects/{project}/log", data={**form, "on": on})
        return f"{answer.status_code} {answer.location}"

    answers = set(together(press))
    assert len(answers) == 1 and next(iter(answers)).startswith("303 ")  # type: ignore[union-attr]
    with busy.app_context():
        assert db.session.scalar(select(func.count(Record.id))) == 1
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1


def test_readers_do_not_wait_for_a_writer(busy: Flask) -> None:
    with busy.app_context():
        db.session.execute(update(User).where(User.username == "sales2").values(post="not committed"))

        def read(_number: int) -> str | None:
            with busy.app_context(), reading():
                return db.session.scalar(select(User.post).where(User.username == "sales2"))

        assert together(read) == [None] * THREADS
        db.session.rollback()
