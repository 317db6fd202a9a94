"""Who sees which projects."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_project
from tracker.access import Action, can, visible
from tracker.projects.models import Project
from tracker.team.models import User


def names_seen(session: Session, user: User) -> set[str]:
    return set(session.scalars(select(Project.name).where(visible(Project, user))))


def test_a_salesperson_sees_his_own_projects_and_those_he_joins(session: Session, cast: Cast) -> None:
    make_project(session, cast.sales1, name="mine")
    make_project(session, cast.sales2, name="joined", members=(cast.sales1,))
    make_project(session, cast.sales2, name="colleague's")
    make_project(session, cast.sales3, name="south")
    assert names_seen(session, cast.sales1) == {"mine", "joined"}


def test_a_supervisor_sees_his_team_and_everything_below_but_not_beside(session: Session, cast: Cast) -> None:
    make_project(session, cast.sales1, name="north")
    make_project(session, cast.sales3, name="south")
    assert names_seen(session, cast.supervisor) == {"north"}
    assert names_seen(session, cast.director) == {"north", "south"}


def test_a_dealer_sees_only_what_is_his(session: Session, cast: Cast) -> None:
    make_project(session, cast.sales1, name="his", dealer=cast.xinyuan)
    make_project(session, cast.sales1, name="nobody's")
    assert names_seen(session, cast.dealer1) == {"his"}
    assert names_seen(session, cast.dealer2) == set()


def test_only_the_supervisor_of_the_team_decides(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    assert can(cast.supervisor, Action.APPROVAL_DECIDE, project)
    assert not can(cast.supervisor2, Action.APPROVAL_DECIDE, project)
    assert not can(cast.sales1, Action.APPROVAL_DECIDE, project)
