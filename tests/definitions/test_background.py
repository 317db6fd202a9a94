"""Projects follow in a thread of its own; what broke off says so and can be taken up again."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tests.cast import Cast, make_cast
from tests.definitions.making import LIGHT_SOURCE, light_project, publish
from tracker.definitions import background
from tracker.definitions.models import Publication
from tracker.definitions.operations import following
from tracker.definitions.operations.publishing import publish_source
from tracker.events import Event, Kind
from tracker.extensions import db
from tracker.projects.models import Project
from tracker.team.models import User

pytestmark = pytest.mark.real_time


def published(cast: Cast, projects: int) -> int:
    """A second version whose projects are to follow; the number of its publication."""
    publish(db.session, LIGHT_SOURCE, cast.admin)
    for number in range(projects):
        light_project(db.session, cast, name=f"Shop {number}")
    found = publish_source(db.session, LIGHT_SOURCE, by=cast.admin, reason="Newer.", follow=[("light", 1)])
    db.session.commit()
    return found.id


def versions() -> list[int]:
    return sorted(db.session.scalars(select(Project.definition_version)))


def test_projects_follow_in_a_thread_and_session_of_their_own(own_app: Flask) -> None:
    cast = make_cast(db.session)
    id, user_id = published(cast, 3), cast.admin.id
    db.session.remove()
    background.start_in_background(own_app, id, user_id).join(60)
    found = db.session.get_one(Publication, id)
    assert (found.state, found.moved, versions()) == ("done", 3, [2, 2, 2])
    assert set(db.session.scalars(select(Event.by_id).where(Event.kind == Kind.PROJECT_MAPPED))) == {user_id}


def test_a_thread_that_fails_says_so_and_goes_on_when_it_is_taken_up(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast(db.session)
    id, user_id = published(cast, 4), cast.admin.id
    db.session.remove()
    monkeypatch.setattr(following, "CHUNK", 2)
    follow = following._follow

    def break_at_the_third(*words: object) -> int:
        ids = words[1]
        assert isinstance(ids, list)
        if ids and ids[0] > 2:
            raise OSError("the cable")
        return follow(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(following, "_follow", break_at_the_third)
    background.start_in_background(own_app, id, user_id).join(60)
    found = db.session.get_one(Publication, id)
    assert (found.state, found.moved, versions()) == ("broken", 2, [1, 1, 2, 2])
    monkeypatch.setattr(following, "_follow", follow)
    following.take_up(db.session, found, by=administrator(user_id))
    db.session.commit()
    db.session.remove()
    background.start_in_background(own_app, id, user_id).join(60)
    found = db.session.get_one(Publication, id)
    assert (found.state, found.moved, versions()) == ("done", 4, [2, 2, 2, 2])
    assert db.session.scalar(select(func.count()).where(Event.kind == Kind.PROJECT_MAPPED)) == 4


def administrator(user_id: int) -> User:
    """The administrator with his role, as a request knows him."""

    return db.session.get_one(User, user_id, options=[joinedload(User.role)])
