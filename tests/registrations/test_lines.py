"""What a conflict does to projects: both sides' are frozen, and lines go where the ruling says; back on appeal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_contact, make_party, make_project
from tests.registrations.making import PLACE, handed_in
from tracker.dealers.models import Dealer
from tracker.events import Event, Kind
from tracker.matrix.models import LifecycleChange
from tracker.notifications.models import DueThing, Notification
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact
from tracker.registrations.models import Conflict, RegisterEntry, Registration
from tracker.registrations.operations.answering import Approved, approve
from tracker.registrations.operations.conflicts import Ruling, appeal, open_conflict, rule
from tracker.registrations.operations.splitting import Part
from tracker.registrations.queries.conflicts import load_steps
from tracker.team.models import User

BOTH = ("tiles", "lighting")


def split(**keeps: Part) -> Ruling:
    return Ruling("split", "manager_decides", "Each has one half of the owner's word.", keeps=keeps)


def sides(session: Session, conflict: Conflict) -> tuple[Registration, Registration]:
    """The registration that was contested, and the other one."""
    assert conflict.other_id is not None
    return session.get_one(Registration, conflict.registration_id), session.get_one(Registration, conflict.other_id)


def told(session: Session, registration_id: int | None) -> str:
    query = select(DueThing.en).where(DueThing.registration_id == registration_id).order_by(DueThing.id)
    return session.scalars(query).all()[-1]


def lines(session: Session, project_id: int | None) -> dict[str, str]:
    query = select(CategoryLine.category, CategoryLine.result).where(CategoryLine.project_id == project_id)
    return dict(session.execute(query.order_by(CategoryLine.id)).all())


def ours(session: Session, cast: Cast, desk: User) -> Project:
    """Our own project of tiles and lighting on the plot, which the desk sees, with somebody whom only ours know."""
    project = make_project(session, cast.sales1, name="Binhai plot 1 hotel", kind="hotel", step="drawings",
                           latitude=PLACE[0] + 0.00108, longitude=PLACE[1], members=(desk,),
                           categories=(*BOTH, "sanitary_ware"))  # fmt: skip
    contact = make_contact(session, make_party(session, "Binhai Tourism Group"), "Whom only ours know")
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id))
    session.commit()
    return project


@pytest.fixture
def two_projects(session: Session, cast: Cast, desk: User, xinyuan: Dealer, hongda: Dealer) -> Conflict:
    """Both dealers' registrations of different plots are approved with a project each when it turns out to be one."""
    claims: dict[str, Any] = {"categories": BOTH, "buildings": ("1#", "2#")}
    first = handed_in(session, xinyuan, cast.dealer1, **claims, plot_number="BH-1")
    second = handed_in(session, hongda, cast.dealer2, **claims, plot_number="ZZ-9", latitude=25.0, name="Sea Inn",
                       address="9 Other Road", developer="Other Tourism")  # fmt: skip
    for one in (first, second):
        approve(session, one, Approved(), by=desk)
    session.commit()
    return open_conflict(session, second, by=desk, other=first)


def test_while_it_is_contested_the_projects_of_both_dealers_are_frozen_and_the_ruling_sets_them_going(
    session: Session, cast: Cast, two_projects: Conflict
) -> None:
    projects = [side.project_id for side in sides(session, two_projects)]
    assert [session.get_one(Project, number).state for number in projects] == ["on_hold_arbitration"] * 2
    rule(session, two_projects, Ruling("split", "manager_decides", "Both supply.", share=50), by=cast.director)
    session.commit()
    assert [session.get_one(Project, number).state for number in projects] == ["active"] * 2
    assert [lines(session, number) for number in projects] == [{"tiles": "open", "lighting": "open"}] * 2


def test_the_lines_of_a_split_leave_the_project_of_whoever_lost_them_with_an_event_and_come_back_on_appeal(
    session: Session, cast: Cast, two_projects: Conflict
) -> None:
    second, first = (side.project_id for side in sides(session, two_projects))
    keeps = {"registration": Part(("lighting",), ("1#", "2#")), "other": Part(("tiles",), ("1#", "2#"))}
    rule(session, two_projects, split(**keeps), by=cast.director)
    session.commit()
    assert lines(session, first) == {"tiles": "open", "lighting": "dropped"}
    assert lines(session, second) == {"tiles": "dropped", "lighting": "open"}
    decided = select(Event).where(Event.kind == Kind.CATEGORY_DECIDED).order_by(Event.id)
    assert [(one.project_id, one.data["category"], one.data["reason"]) for one in session.scalars(decided)] == [
        (second, "tiles", "Each has one half of the owner's word."),
        (first, "lighting", "Each has one half of the owner's word."),
    ]
    days = [side.protected_to for side in sides(session, two_projects)]
    appeal(session, two_projects, by=cast.dealer1, reason="The owner wants one supplier")
    rule(session, two_projects, Ruling("other", "manager_decides", "One supplier it is."), by=cast.director)
    session.commit()
    assert lines(session, first) == {"tiles": "open", "lighting": "open"}
    assert lines(session, second) == {"tiles": "dropped", "lighting": "lost"}
    assert session.get_one(Project, second).state == "lost"
    assert session.get_one(Project, first).state == "active"
    assert [side.state for side in sides(session, two_projects)] == ["rejected", "pre_registered"]
    assert days == [side.protected_to for side in sides(session, two_projects)]
    ruled = select(RegisterEntry.content).where(RegisterEntry.deed == "ruled")
    assert {json.loads(one)["protected_to"] for one in session.scalars(ruled)} == {days[0].isoformat()}


def test_whoever_loses_all_of_it_loses_his_project_and_the_director_can_give_it_back(
    session: Session, cast: Cast, desk: User, two_projects: Conflict
) -> None:
    second = sides(session, two_projects)[0].project_id
    order = load_steps(session, two_projects)[-1].key
    rule(session, two_projects, Ruling("other", order, "The other was first."), by=cast.director)
    session.commit()
    lost = session.scalars(
        select(LifecycleChange).where(LifecycleChange.project_id == second, LifecycleChange.target == "lost")
    ).all()
    assert {one.reason_key for one in lost} == {"conflict_lost"} and len(lost) == 3
    appeal(session, two_projects, by=cast.dealer2, reason="The owner wrote to us")
    keeps = {"registration": Part(("lighting",), ("1#", "2#")), "other": Part(("tiles",), ("1#", "2#"))}
    rule(session, two_projects, split(**keeps), by=cast.director)
    session.commit()
    assert session.get_one(Project, second).state == "active"
    assert lines(session, second) == {"tiles": "lost", "lighting": "open"}


def test_a_dealer_gets_his_part_of_our_project_as_a_linked_one_and_learns_nobody_of_ours(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer
) -> None:
    project = ours(session, cast, desk)
    registration = handed_in(session, xinyuan, cast.dealer1, categories=BOTH)
    conflict = open_conflict(session, registration, by=desk, project_id=project.id)
    rule(session, conflict, split(registration=Part(("lighting",))), by=cast.director)
    session.commit()
    part = session.get_one(Project, registration.project_id)
    assert (part.parent_id, part.dealer_id, part.route, part.owner_id) == (
        project.id, xinyuan.party_id, "dealer_led", cast.sales1.id
    )  # fmt: skip
    assert lines(session, part.id) == {"lighting": "open"}
    assert lines(session, project.id) == {"tiles": "open", "lighting": "dropped", "sanitary_ware": "open"}
    assert (project.dealer_id, project.state, part.phase) == (None, "active", project.phase)
    kinds = set(session.scalars(select(Event.kind).where(Event.project_id.in_((project.id, part.id)))))
    assert {Kind.PROJECT_SPLIT, Kind.PROJECT_OPENED, Kind.CATEGORY_DECIDED, Kind.PARTY_JOINED} <= kinds
    his = browser.of(cast.dealer1)
    page = his.get(f"/projects/{part.id}")
    assert page.status_code == 200 and "Whom only ours know" not in page.text
    assert his.get(f"/projects/{project.id}").status_code == 404
    heard = session.scalars(select(DueThing.en).where(DueThing.project_id == project.id)).all()
    assert any("ruled on: Each has one half" in text for text in heard)


def test_on_appeal_the_part_goes_back_to_ours_and_the_dealer_s_project_is_lost(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    project = ours(session, cast, desk)
    registration = handed_in(session, xinyuan, cast.dealer1, categories=BOTH)
    conflict = open_conflict(session, registration, by=desk, project_id=project.id)
    rule(session, conflict, split(registration=Part(("lighting",))), by=cast.director)
    part = registration.project_id
    appeal(session, conflict, by=cast.sales1, reason="We were there first.")
    rule(session, conflict, Ruling("other", "manager_decides", "All of it is the direct team's."), by=cast.director)
    session.commit()
    assert lines(session, project.id) == {"tiles": "open", "lighting": "open", "sanitary_ware": "open"}
    assert lines(session, part) == {"lighting": "lost"}
    assert session.get_one(Project, part).state == "lost" and registration.state == "rejected"


def test_what_a_dealer_gets_in_some_buildings_stays_ours_in_the_others(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    project = ours(session, cast, desk)
    session.add(Building(project_id=project.id, name="2#", step="drawings", step_since=project.step_since))
    registration = handed_in(session, xinyuan, cast.dealer1, categories=BOTH, buildings=("1#", "2#"))
    conflict = open_conflict(session, registration, by=desk, project_id=project.id)
    rule(session, conflict, split(registration=Part(BOTH, ("2#",))), by=cast.director)
    session.commit()
    assert lines(session, project.id) == {"tiles": "open", "lighting": "open", "sanitary_ware": "open"}
    assert lines(session, registration.project_id) == {"tiles": "open", "lighting": "open"}
    names = select(Building.name).where(Building.project_id == registration.project_id)
    assert session.scalars(names).all() == ["2#"]


def test_an_appeal_is_told_to_the_other_side_and_to_the_director(
    session: Session, cast: Cast, two_projects: Conflict
) -> None:
    rule(session, two_projects, Ruling("other", load_steps(session, two_projects)[-1].key, "So."), by=cast.director)
    appeal(session, two_projects, by=cast.dealer2, reason="The owner wrote to us")
    session.commit()
    assert "There is an appeal" in told(session, two_projects.other_id)
    heard = select(DueThing.en).join(Notification, Notification.due_thing_id == DueThing.id)
    assert any("yours to decide" in text for text in session.scalars(
        heard.where(Notification.user_id == cast.director.id)))  # fmt: skip
    assert not any("appeal" in text for text in session.scalars(heard.where(Notification.user_id == cast.dealer2.id)))


def test_the_page_of_two_dealers_lays_both_beside_each_other_and_each_dealer_reads_his_own_side_only(
    session: Session, cast: Cast, browser: Browser, desk: User, two_projects: Conflict
) -> None:
    session.commit()
    page = browser.of(desk).get(f"/registrations/conflicts/{two_projects.id}").text
    assert "Both claim" in page and "9 Other Road" in page and "1 Binhai Road" in page
    for user, own, other in ((cast.dealer2, 0, "1 Binhai Road"), (cast.dealer1, 1, "9 Other Road")):
        number = sides(session, two_projects)[own].id
        assert other not in browser.of(user).get(f"/dealers/mine/registrations/{number}").text
