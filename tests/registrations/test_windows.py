"""Protection is bound to the site: it ends for a product whose window closes there, and a lapse is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import NOON
from tests.registrations.making import handed_in
from tracker import clock
from tracker.dealers.models import Dealer
from tracker.matrix.operations.refreshing import refresh
from tracker.notifications.models import DueThing, Notification
from tracker.notifications.operations.delivering import deliver
from tracker.projects.models import Building, CategoryLine, Project
from tracker.registrations.models import RegisterEntry, Registration
from tracker.registrations.operations.answering import Approved, approve
from tracker.registrations.operations.lapsing import deliver_registrations
from tracker.team.models import User


def approved(session: Session, cast: Cast, desk: User, xinyuan: Dealer, *categories: str) -> Registration:
    registration = handed_in(session, xinyuan, cast.dealer1, categories=categories, buildings=("1#", "2#"))
    approve(session, registration, Approved(owner_id=cast.sales1.id), by=desk)
    session.commit()
    return registration


def reached(session: Session, registration: Registration, step: str, *names: str) -> None:
    """Some of the buildings stand in a step, since long ago."""
    query = select(Building).where(Building.project_id == registration.project_id, Building.name.in_(names))
    for building in session.scalars(query).all():
        building.step, building.step_since = step, clock.today() - timedelta(days=300)
    session.flush()
    refresh(session, session.get_one(Project, registration.project_id))
    session.commit()


def worked(session: Session, days: int = 1) -> None:
    with clock.frozen(NOON + timedelta(days=days)):
        for _ in deliver_registrations(session, clock.today()):
            session.commit()


def deeds(session: Session, number: int) -> list[str]:
    query = select(RegisterEntry.deed).where(RegisterEntry.registration_id == number).order_by(RegisterEntry.id)
    return list(session.scalars(query))


def test_the_product_that_comes_too_late_goes_and_with_the_last_one_the_protection(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    number = approved(session, cast, desk, xinyuan, "windows_doors", "tiles").id
    reached(session, session.get_one(Registration, number), "masonry", "1#", "2#")
    worked(session)
    registration = session.get_one(Registration, number)
    assert (registration.state, registration.categories) == ("pre_registered", ["tiles"])
    assert deeds(session, number)[-1] == "narrowed"
    news = session.scalars(select(DueThing.zh).where(DueThing.registration_id == number)).all()
    assert sum("不再保护" in text for text in news) == 2  # the dealer, and who looks after him
    reached(session, registration, "completion", "1#", "2#")
    worked(session, 2)
    registration = session.get_one(Registration, number)
    assert (registration.state, deeds(session, number)[-1]) == ("expired", "lapsed")
    assert "入场窗口已关" in session.scalars(select(DueThing.zh).order_by(DueThing.id.desc())).first()


def test_a_building_that_is_not_so_far_keeps_it_and_so_does_a_contract(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    number = approved(session, cast, desk, xinyuan, "tiles").id
    registration = session.get_one(Registration, number)
    reached(session, registration, "completion", "1#")
    worked(session)
    assert session.get_one(Registration, number).state == "pre_registered"
    line = session.scalars(select(CategoryLine).where(CategoryLine.project_id == registration.project_id)).one()
    line.phase = "contract"
    session.commit()
    reached(session, session.get_one(Registration, number), "completion", "2#")
    worked(session, 2)
    assert session.get_one(Registration, number).state == "pre_registered"


@pytest.mark.parametrize("first", ["project", "registration"])
def test_a_lapse_of_a_registration_with_a_project_is_told_once_whoever_looks_first(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer, first: str
) -> None:
    number = approved(session, cast, desk, xinyuan, "tiles").id
    with clock.frozen(NOON + timedelta(days=31)):
        looks = [deliver, deliver_registrations]
        for look in looks if first == "project" else reversed(looks):
            for _ in look(session, clock.today(), None):
                session.commit()
        for _ in deliver(session, clock.today(), None):
            session.commit()
    assert session.get_one(Registration, number).state == "expired"
    told = select(DueThing.en).join(Notification, Notification.due_thing_id == DueThing.id)
    for user in (cast.dealer1, desk):
        heard = session.scalars(told.where(Notification.user_id == user.id, DueThing.en.contains("lapsed"))).all()
        assert len(heard) == 1, (user.username, heard)
