"""What falls due is delivered once, to those whom it concerns, however often and in whatever order somebody looks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.cast import Cast, make_cast
from tests.conftest import undone
from tests.factories import make_project
from tests.matrix.making import STANDARD, as_seen, draft
from tests.notifications.making import TODAY, before, tick, told, wind_up
from tests.rows import count, events_of
from tracker import clock
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Approval
from tracker.matrix.operations.records import log_record
from tracker.notifications.models import DueThing, Notification, ProjectClock, WindowClock
from tracker.notifications.operations import delivering
from tracker.notifications.operations.delivering import look
from tracker.projects.models import Building, Project, ProjectMember
from tracker.projects.operations.giving import reassign_project
from tracker.team.models import User
from workflows.clocks import due_things


def silent(session: Session, cast: Cast, days: int = 20, **more: Any) -> Project:
    """A project of sales1 in bid/masonry, whose limit is 7 days, without a record for so many days."""
    values = {"phase": "bid", "step": "masonry", "since": before(days), **more}
    project = make_project(session, values.pop("owner", cast.sales1), **values)
    wind_up(session, project)
    return project


def clock_of(session: Session, project: Project) -> ProjectClock:
    return session.get_one(ProjectClock, project.id, populate_existing=True)


def test_silence_is_told_to_the_owner_and_escalated_to_his_supervisor(session: Session, cast: Cast) -> None:
    project = silent(session, cast)
    assert tick(session) > 0
    assert told(session, cast.sales1, "silence") == [f"G43:bid/masonry:{before(20)}"]
    assert told(session, cast.supervisor, "silence") == [f"G44:2:bid/masonry:{before(20)}"]
    assert told(session, cast.director) == []
    assert "due_escalated" in events_of(session, project)


def test_looking_again_and_again_tells_nobody_twice(session: Session, cast: Cast) -> None:
    silent(session, cast)
    tick(session)
    known = count(session, Notification)
    assert [tick(session), tick(session), tick(session, -3), tick(session)] == [0, 0, 0, 0]
    assert count(session, Notification) == known


def test_a_machine_that_slept_for_a_month_tells_everything_once_and_not_once_a_day(
    session: Session, cast: Cast
) -> None:
    project = silent(session, cast, days=0)
    assert tick(session, 30) > 0
    assert told(session, cast.sales1, "silence") == [f"G43:bid/masonry:{TODAY}"]
    assert told(session, cast.supervisor, "silence") == [f"G44:{n}:bid/masonry:{TODAY}" for n in (2, 3)]
    assert clock_of(session, project).looked_on == TODAY + timedelta(30)


def test_a_record_logged_before_the_delivery_leaves_nothing_to_tell(session: Session, cast: Cast) -> None:
    project = silent(session, cast)
    log_record(session, as_seen(session, cast.sales1, project), draft(phase="bid", step="masonry"), by=cast.sales1)
    session.commit()
    tick(session)
    assert told(session, cast.sales1, "silence") == []


def test_a_new_silence_after_a_record_is_told_again(session: Session, cast: Cast) -> None:
    project = silent(session, cast)
    tick(session)
    log_record(session, as_seen(session, cast.sales1, project), draft(phase="bid", step="masonry"), by=cast.sales1)
    session.commit()
    assert [tick(session, days) > 0 for days in (7, 8)][-1]
    assert told(session, cast.sales1, "silence") == [f"G43:bid/masonry:{before(20)}", f"G43:bid/masonry:{TODAY}"]


def test_a_clock_that_leapt_ahead_and_came_back_loses_nothing(session: Session, cast: Cast) -> None:
    """What was told too early is not told again; what comes later is told when it comes."""
    project = silent(session, cast, days=0)
    tick(session, 9)
    assert told(session, cast.sales1, "silence") == [f"G43:bid/masonry:{TODAY}"]
    assert clock_of(session, project).wake_on > TODAY + timedelta(9)  # type: ignore[operator]
    tick(session, 0)
    assert clock_of(session, project).looked_on == TODAY
    assert clock_of(session, project).wake_on <= TODAY + timedelta(9)  # type: ignore[operator]
    tick(session, 15)
    assert told(session, cast.supervisor, "silence") == [f"G44:2:bid/masonry:{TODAY}"]


def test_what_was_undone_in_the_middle_is_delivered_by_the_next_look(session: Session, cast: Cast) -> None:
    project = silent(session, cast)
    look(session, [project.id], TODAY)
    session.rollback()
    assert count(session, DueThing) == 0
    assert tick(session) > 0
    assert told(session, cast.sales1, "silence") == [f"G43:bid/masonry:{before(20)}"]


def test_a_thing_that_another_worker_wrote_meanwhile_is_not_told_again(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both found the same things missing; the key lets only one of them through."""
    project = silent(session, cast)
    blind = delivering._due

    def due_as_if_nothing_were_known(session: Session, projects: Any, today: Any) -> Any:
        wound, _due = blind(session, projects, today)
        return wound, [(one, list(due_things(definition, facts, today))) for one, definition, facts in wound]

    monkeypatch.setattr(delivering, "_due", due_as_if_nothing_were_known)
    assert look(session, [project.id], TODAY) > 0
    known = count(session, Notification)
    assert look(session, [project.id], TODAY) == 0
    assert count(session, Notification) == known


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(-40, 60), st.booleans()), min_size=1, max_size=6))
def test_any_interleaving_of_ticks_delivers_exactly_what_is_due_by_the_latest(
    app: Flask, ticks: list[tuple[int, bool]]
) -> None:
    """Days in any order, each look kept or lost (`kept`): every due thing once, none missing."""
    with undone(app) as session:
        cast = make_cast(session)
        project = make_project(session, cast.sales1, phase="bid", step="masonry", since=before(30))
        wind_up(session, project)
        for days, kept in ticks:
            if kept:
                tick(session, days)
            else:
                look(session, [project.id], TODAY + timedelta(days))
                session.rollback()
        facts = load_facts(session, STANDARD, project)
        latest = [TODAY + timedelta(days) for days, kept in ticks if kept]
        due = due_things(STANDARD, facts, max(latest)) if latest else ()
        keys = list(session.scalars(select(DueThing.key).where(DueThing.project_id == project.id)))
        assert sorted(keys) == sorted(one.key for one in due)


def test_a_late_task_is_told_to_the_member_of_its_department_and_else_to_its_desk(session: Session, cast: Cast) -> None:
    def late(user: User) -> list[tuple[int, str]]:
        query = select(DueThing.project_id, DueThing.key).join(Notification, Notification.due_thing_id == DueThing.id)
        query = query.where(Notification.user_id == user.id, DueThing.kind == "task").order_by(DueThing.project_id)
        return [(project_id, key.split(":")[1]) for project_id, key in session.execute(query)]

    alone = make_project(session, cast.sales1, since=before(40), phase="specify")
    helped = make_project(session, cast.sales2, since=before(40), phase="specify", members=(cast.designpromo,))
    session.scalars(select(ProjectMember)).one().department = "technical"
    wind_up(session, alone, helped)
    tick(session)
    assert late(cast.technical) == [(alone.id, "T.specify.structure.1")]
    assert late(cast.designpromo) == [(helped.id, "T.specify.structure.1")]
    assert late(cast.bidding) == [(alone.id, "T.specify.structure.2"), (helped.id, "T.specify.structure.2")]


def test_nobody_is_told_of_a_project_that_he_does_not_see_and_no_dealer_of_what_is_internal(
    session: Session, cast: Cast
) -> None:
    project = silent(session, cast, days=90, dealer=cast.xinyuan)
    tick(session)
    assert told(session, cast.dealer1) == told(session, cast.dealer2) == []
    assert told(session, cast.sales2) == told(session, cast.supervisor2) == told(session, cast.sales3) == []
    told_to = set(session.scalars(select(Notification.user_id).where(Notification.project_id == project.id)))
    assert cast.sales1.id in told_to


def test_without_an_owner_his_supervisor_is_reminded(session: Session, cast: Cast) -> None:
    project = make_project(session, None, phase="bid", step="masonry", since=before(10), team=cast.north)
    wind_up(session, project)
    tick(session)
    assert told(session, cast.supervisor, "silence") == [f"G43:bid/masonry:{before(10)}"]


def test_a_supervisor_with_projects_of_his_own_is_not_his_own_supervisor(session: Session, cast: Cast) -> None:
    silent(session, cast, owner=cast.supervisor)
    tick(session)
    assert told(session, cast.director, "silence") == [f"G44:2:bid/masonry:{before(20)}"]


def test_history_is_not_told(session: Session, cast: Cast) -> None:
    project = silent(session, cast, days=400)
    clock_of(session, project).quiet_before = TODAY
    session.commit()
    assert tick(session) == 0
    assert count(session, Notification) == 0


def test_a_promise_that_was_not_kept_is_told(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="specify", since=TODAY)
    session.add(
        Approval(
            project_id=project.id,
            rules=["G03"],
            wish={"phase": "map"},
            fingerprint="x",
            reason="r",
            complete_by=before(1),
            asked_by_id=cast.sales1.id,
            state="used",
            decided_at=clock.days_ago(5),
        )
    )
    wind_up(session, project)
    tick(session)
    assert told(session, cast.sales1, "promise") == [f"promise:map:{before(1)}"]
    assert told(session, cast.supervisor, "promise") == [f"promise:map:{before(1)}:late"]


def test_a_project_that_cannot_be_read_waits_until_tomorrow_and_holds_nobody_up(session: Session, cast: Cast) -> None:
    broken, sound = silent(session, cast), silent(session, cast, name="Sound")
    session.execute(delete(Building).where(Building.project_id == broken.id))
    session.commit()
    assert tick(session) > 0
    assert clock_of(session, broken).wake_on == TODAY + timedelta(1)
    assert set(session.scalars(select(Notification.project_id))) == {sound.id}


def test_a_project_without_a_clock_is_taken_up(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="bid", step="masonry", since=before(20))
    assert session.get(ProjectClock, project.id) is None
    assert tick(session) > 0
    assert clock_of(session, project).looked_on == TODAY


def test_what_somebody_has_done_meanwhile_does_not_ring_any_more(session: Session, cast: Cast) -> None:
    project = silent(session, cast)
    tick(session)
    unread = select(func.count()).select_from(Notification).where(Notification.read_at.is_(None))
    assert session.scalar(unread) == 2
    tick(session, -5)
    assert session.scalar(unread) == 2, "a clock that was set back takes nothing back"
    log_record(session, as_seen(session, cast.sales1, project), draft(phase="bid", step="masonry"), by=cast.sales1)
    session.commit()
    tick(session)
    assert session.scalar(unread) == 0
    assert len(told(session, cast.sales1)) == 1


def test_the_clock_of_a_project_names_the_day_before_which_nothing_falls_due(session: Session, cast: Cast) -> None:
    project = silent(session, cast, days=0)
    assert clock_of(session, project).wake_on == TODAY, "its facts are new"
    tick(session)
    first = clock_of(session, project).wake_on
    assert first is not None
    assert first > TODAY
    days = (first - TODAY).days
    assert tick(session, days - 1) == 0
    assert tick(session, days) > 0


def test_windows_follow_facts_and_owner_and_go_when_nobody_follows_the_project(session: Session, cast: Cast) -> None:
    def windows() -> list[tuple[str, str, int | None]]:
        query = select(WindowClock.category, WindowClock.activity, WindowClock.owner_id).order_by(WindowClock.category)
        return [tuple(row) for row in session.execute(query)]  # type: ignore[misc]

    project = silent(session, cast, categories=("tiles", "gypsum_board"))
    assert windows() == [("gypsum_board", "bid", cast.sales1.id), ("tiles", "bid", cast.sales1.id)]
    reassign_project(session, as_seen(session, cast.supervisor, project), cast.sales2, by=cast.supervisor, reason="x")
    session.commit()
    assert {row[2] for row in windows()} == {cast.sales2.id}
    project.state = "lost"
    wind_up(session, project)
    assert windows() == []
