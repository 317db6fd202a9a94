"""What dealers and the desk do with registrations, and what time does to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import NOON
from tests.factories import make_project
from tests.registrations.making import PLACE, drafted, handed_in, proof
from tests.rows import count
from tracker import clock
from tracker.access import visible
from tracker.dealers.models import Dealer
from tracker.doctor.register import examine_register
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.matrix.operations.judging import facts_of
from tracker.notifications.models import DueThing, Notification
from tracker.projects.models import Building, Project
from tracker.registrations.models import RegisterEntry, Registration
from tracker.registrations.operations.answering import (
    Approved,
    approve,
    convert,
    give_back,
    preview,
    reject,
    renew,
    upgrade,
)
from tracker.registrations.operations.handing_in import add_progress, ask_for, draw_up, recall, submit, withdraw
from tracker.registrations.operations.lapsing import deliver_registrations
from tracker.registrations.queries.registrations import get_registration, quota_of
from tracker.team.models import User
from workflows.engine import decide
from workflows.wishes import SendQuote


def worked(session: Session, days: int) -> None:
    """The worker's look so many days from the tests' day."""
    with clock.frozen(NOON + timedelta(days=days)):
        for _ in deliver_registrations(session, clock.today()):
            session.commit()


def facts(session: Session, project_id: int | None) -> Any:
    project = session.get_one(Project, project_id)
    return facts_of(session, project)[1]


# Handing in


def test_a_free_site_is_free_and_waits_two_working_days_for_an_answer(
    session: Session, cast: Cast, xinyuan: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    assert (registration.state, registration.word) == ("submitted", "free")
    assert registration.answer_due == date(2026, 3, 18)
    told = session.scalars(select(DueThing.zh).where(DueThing.registration_id == registration.id)).all()
    assert len(told) == 1 and "2026-03-18" in told[0]
    with pytest.raises(AlreadyDone):
        submit(session, registration, by=cast.dealer1)


def test_what_is_missing_is_named_when_it_is_handed_in_and_may_be_missing_before(
    session: Session, cast: Cast, xinyuan: Dealer
) -> None:
    registration = draw_up(session, xinyuan, drafted(developer=None, source=None, categories=()), by=cast.dealer1)
    for field, value in (("developer", "Binhai Tourism"), ("categories", ["tiles"]), ("source", "Told")):
        with pytest.raises(Invalid) as refusal:
            submit(session, registration, by=cast.dealer1)
        assert refusal.value.field == field
        setattr(registration, field, value)
    assert submit(session, registration, by=cast.dealer1) == "free"


def test_a_project_of_ours_under_another_name_120_metres_away_must_be_looked_at_and_nothing_is_protected(
    session: Session, cast: Cast, xinyuan: Dealer
) -> None:
    make_project(session, cast.sales1, name="Binhai plot 1 hotel", kind="hotel", step="drawings",
                 latitude=PLACE[0] + 0.00108, longitude=PLACE[1])  # fmt: skip
    registration = handed_in(session, xinyuan, cast.dealer1)
    assert (registration.state, registration.word, registration.protected_to) == ("in_check", "look", None)


def test_the_same_site_is_taken_but_another_building_or_category_of_it_is_free(
    session: Session, cast: Cast, xinyuan: Dealer, hongda: Dealer
) -> None:
    handed_in(session, xinyuan, cast.dealer1, buildings=("Tower 1", "2#"), plot_number="BH-2025-08")
    same = {"plot_number": "BH-2025-08"}
    assert handed_in(session, hongda, cast.dealer2, **same, buildings=("1号楼",)).word == "taken"
    assert handed_in(session, hongda, cast.dealer2, **same, buildings=("3#",), name="Hailan 3").word == "free"
    lighting = handed_in(session, hongda, cast.dealer2, **same, categories=("lighting",), name="Hailan lights")
    assert lighting.word == "free"


def test_his_own_site_is_not_registered_twice(session: Session, cast: Cast, xinyuan: Dealer) -> None:
    handed_in(session, xinyuan, cast.dealer1, plot_number="BH-2025-08")
    again = draw_up(session, xinyuan, drafted(plot_number="BH-2025-08"), by=cast.dealer1)
    with pytest.raises(Refused, match="already"):
        submit(session, again, by=cast.dealer1)


def test_a_frame_agreement_with_the_owner_must_be_looked_at(session: Session, cast: Cast, xinyuan: Dealer) -> None:
    project = make_project(session, cast.sales1, name="Hailan Bay Resort Hotel", kind="hotel", categories=("lighting",),
                           latitude=PLACE[0], longitude=PLACE[1])  # fmt: skip
    project.frame_agreement = "HY-1"
    session.commit()
    assert handed_in(session, xinyuan, cast.dealer1).word == "free"  # lighting alone is covered


def test_what_was_handed_in_is_taken_back_mended_and_handed_in_again(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    with pytest.raises(Refused):
        draw_up(session, xinyuan, drafted(name="Other"), by=cast.dealer1, registration=registration)
    recall(session, registration, by=cast.dealer1)
    assert registration.state == "draft"
    assert session.scalar(select(Registration.id).where(visible(Registration, desk))) is None
    draw_up(session, xinyuan, drafted(name="Hailan Hotel"), by=cast.dealer1, registration=registration)
    submit(session, registration, by=cast.dealer1)
    give_back(session, registration, by=desk, questions="Which plot is it?")
    assert (registration.state, registration.answer) == ("returned", "Which plot is it?")
    draw_up(session, xinyuan, drafted(plot_number="7"), by=cast.dealer1, registration=registration)
    assert submit(session, registration, by=cast.dealer1) == "free"


def test_nobody_registers_for_another_company_and_none_of_ours_at_all(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    for by in (cast.dealer2, desk, cast.admin):
        with pytest.raises(Forbidden):
            withdraw(session, registration, by=by)
    for by in (cast.dealer1, cast.sales1, cast.technical):
        with pytest.raises(Forbidden):
            approve(session, registration, Approved(), by=by)


def test_the_quota_of_open_registrations_shrinks_with_those_that_led_nowhere_and_grows_with_honest_ones(
    session: Session, cast: Cast, xinyuan: Dealer
) -> None:
    assert quota_of(session, xinyuan.id).most == 10
    for number in range(8):
        one = handed_in(session, xinyuan, cast.dealer1, name=f"Site {number}", plot_number=f"P-{number}",
                        address=None, developer=f"Owner {number}", latitude=20 + number, kind="school")  # fmt: skip
        one.state = "expired"
    session.flush()
    assert (quota_of(session, xinyuan.id).most, quota_of(session, xinyuan.id).used) == (3, 0)
    one.state = "converted"
    session.flush()
    assert quota_of(session, xinyuan.id).most == 5
    for number in range(5):
        handed_in(session, xinyuan, cast.dealer1, name=f"Other {number}", plot_number=f"Q-{number}", address=None,
                  developer=f"Builder {number}", latitude=-20 - number, kind="school")  # fmt: skip
    with pytest.raises(Refused, match="as many"):
        handed_in(session, xinyuan, cast.dealer1, plot_number="R-1")


# Answers


def test_approval_opens_a_project_that_lies_in_the_pool_and_lets_him_have_its_price(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1, buildings=("1#", "2#"))
    shown = preview(session, registration, by=desk)
    assert (shown.until, shown.missing, shown.blocking) == (date(2026, 6, 14), ["located_photo"], [])
    project = approve(session, registration, Approved(), by=desk)
    session.commit()
    assert (registration.state, registration.protected_to) == ("pre_registered", date(2026, 6, 14))
    assert (project.route, project.owner_id, project.dealer_id) == ("dealer_led", None, cast.xinyuan.id)
    assert count(session, Building) == 2
    known = facts(session, project.id)
    assert [one.dealer for one in known.registrations] == [str(cast.xinyuan.id)]
    definition = facts_of(session, project)[0]
    his = decide(definition, known, SendQuote(to_dealer=str(cast.xinyuan.id)), clock.today())
    others = decide(definition, known, SendQuote(to_dealer=str(cast.hongda.id)), clock.today())
    assert "G28" not in his.rules and "G28" in others.rules


def test_approval_joins_a_known_project_unless_another_dealer_sells_there(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    project = make_project(session, cast.sales1, name="Binhai plot 1 hotel", kind="hotel", step="drawings",
                           latitude=PLACE[0] + 0.00108, longitude=PLACE[1])  # fmt: skip
    boss = cast.director
    registration = handed_in(session, xinyuan, cast.dealer1)
    assert approve(session, registration, Approved(project_id=project.id), by=boss).id == project.id
    assert project.dealer_id == cast.xinyuan.id and project.owner_id == cast.sales1.id
    other = handed_in(session, hongda, cast.dealer2, categories=("lighting",))
    with pytest.raises(Refused, match="Another dealer"):
        approve(session, other, Approved(project_id=project.id), by=boss)


def test_who_came_second_is_not_approved_while_the_first_waits_or_holds(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    first = handed_in(session, xinyuan, cast.dealer1, plot_number="BH-2025-08")
    second = handed_in(session, hongda, cast.dealer2, plot_number="BH-2025-08")
    assert (first.word, second.word, second.state) == ("free", "taken", "in_check")
    for state in ("submitted", "pre_registered"):
        if state != first.state:
            approve(session, first, Approved(), by=desk)
        with pytest.raises(Refused, match="stands before"):
            approve(session, second, Approved(), by=desk)
    reject(session, second, by=desk, reason="Somebody holds it.")
    assert second.state == "rejected"


def test_formal_needs_proof_and_a_pre_registration_becomes_it(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    with pytest.raises(Invalid):
        approve(session, registration, Approved(level="registered"), by=desk)
    approve(session, registration, Approved(), by=desk)
    with pytest.raises(Invalid):
        upgrade(session, registration, by=desk, reason="Invited")
    add_progress(session, registration, proof(session, cast.dealer1), by=cast.dealer1)
    upgrade(session, registration, by=desk, reason="Invited to the mock-up room")
    assert (registration.state, registration.protected_to) == ("registered", date(2026, 9, 12))


# Time


def test_without_an_answer_provisional_protection_starts_for_who_was_free_and_for_nobody_else(
    session: Session, cast: Cast, xinyuan: Dealer, hongda: Dealer
) -> None:
    first = handed_in(session, xinyuan, cast.dealer1, plot_number="BH-2025-08")
    second = handed_in(session, hongda, cast.dealer2, plot_number="BH-2025-08")
    worked(session, 2)
    assert session.get_one(Registration, first.id).state == "submitted"
    worked(session, 3)
    first, second = (session.get_one(Registration, one.id) for one in (first, second))
    assert (first.state, first.protected_to, second.state) == ("provisional", date(2026, 4, 3), "in_check")
    worked(session, 19)
    assert session.get_one(Registration, first.id).state == "expired"


def test_protection_lives_by_progress_lapses_without_it_and_is_renewed_once(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    project = approve(session, registration, Approved(owner_id=cast.sales1.id), by=desk)
    session.commit()
    with pytest.raises(Invalid, match="proof"):
        add_progress(session, registration, drafted_note("Talked"), by=cast.dealer1)
    with clock.frozen(NOON + timedelta(days=20)):
        add_progress(session, registration, proof(session, cast.dealer1), by=cast.dealer1)
        session.commit()
    worked(session, 50)
    assert session.get_one(Registration, registration.id).state == "pre_registered"
    worked(session, 51)
    registration = get_registration(session, desk, registration.id)
    assert registration.state == "expired"
    assert session.get_one(Project, project.id).dealer_id == cast.xinyuan.id  # a company owner keeps it
    with clock.frozen(NOON + timedelta(days=55)):
        with pytest.raises(Refused, match="new evidence"):
            renew(session, registration, by=desk, reason="Please")
        ask_for(session, registration, "renewal", proof(session, cast.dealer1), by=cast.dealer1)
        renew(session, registration, by=desk, reason="A new enquiry")
        assert registration.state == "renewed" and registration.renewals == 1
        registration.state = "expired"
        with pytest.raises(Refused, match="once"):
            renew(session, registration, by=desk, reason="Again")


def drafted_note(words: str) -> Any:
    from tracker.registrations.operations.handing_in import NoteDraft

    return NoteDraft(words, clock.today())


def test_a_lapsed_project_without_an_owner_of_ours_is_in_the_pool_without_the_dealer(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    project = approve(session, registration, Approved(), by=desk)
    session.commit()
    worked(session, 31)
    project = session.get_one(Project, project.id)
    assert session.get_one(Registration, registration.id).state == "expired"
    assert (project.owner_id, project.dealer_id) == (None, None)


def test_a_won_project_converts_its_registration(session: Session, cast: Cast, desk: User, xinyuan: Dealer) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    approve(session, registration, Approved(), by=desk)
    convert(session, registration, by=desk, reason="The contract is signed")
    assert registration.state == "converted"


# The register


def test_the_register_is_only_added_to_and_tells_when_it_was_changed_behind_the_program(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    approve(session, registration, Approved(), by=desk)
    session.commit()
    assert count(session, RegisterEntry) == 2 and list(examine_register(session)) == []
    first = session.scalars(select(RegisterEntry.id).order_by(RegisterEntry.id)).first()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE register_entry SET content = '{}'"))
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("DELETE FROM register_entry"))
    on = " ON register_entry" if session.get_bind().dialect.name == "postgresql" else ""
    for what in ("UPDATE", "DELETE"):
        session.execute(text(f"DROP TRIGGER register_entry_{what}{on}"))
    session.execute(text("UPDATE register_entry SET deed = 'rejected' WHERE id = :id"), {"id": first})
    session.expire_all()
    assert [one.text for one in examine_register(session)] == [f"register: entry {first} was changed"]
    session.execute(text("DELETE FROM register_entry WHERE id = :id"), {"id": first})
    session.expire_all()
    assert ["follow" in one.text for one in examine_register(session)] == [True]


def test_a_dealer_is_told_of_his_own_and_nothing_of_others(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    first = handed_in(session, xinyuan, cast.dealer1, plot_number="BH-2025-08")
    handed_in(session, hongda, cast.dealer2, plot_number="BH-2025-08")
    approve(session, first, Approved(), by=desk)
    session.commit()
    his = (visible(Notification, cast.dealer2), Notification.registration_id.is_not(None))
    told = select(Notification).where(*his)
    assert session.scalars(told).all() == []
    mine = session.scalars(select(Registration).where(visible(Registration, cast.dealer2))).all()
    assert [one.dealer_id for one in mine] == [hongda.id]
    entries = session.scalars(select(RegisterEntry).where(visible(RegisterEntry, cast.dealer2))).all()
    assert {entry.registration_id for entry in entries} == {mine[0].id}
