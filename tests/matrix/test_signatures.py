"""Requests that several have to sign: each in his part, nobody twice, carried out with the last signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project, make_user
from tests.matrix.making import as_seen, draft, text_of
from tests.rows import count
from tracker import clock
from tracker.access import visible
from tracker.errors import Forbidden, Refused
from tracker.matrix.models import Approval, Record
from tracker.matrix.operations.approvals import ask_approval, decline_approval, grant_approval
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.operations.moves import move_phase
from tracker.matrix.operations.records import log_record
from tracker.matrix.queries import count_to_decide, get_approval
from tracker.projects.models import Project
from tracker.team.models import User

LOT = draft(phase="deliver", kind="delivery_check", text="320 m² for the sales office", lot_purpose="show_area",
            lot_amount=Decimal(32_000))  # fmt: skip


@pytest.fixture
def finance(session: Session, cast: Cast) -> User:
    """Somebody at the desk of finance."""
    return make_user(session, "finance", role=cast.roles["specialist"], team=cast.company, department="finance")


def ask(session: Session, cast: Cast) -> tuple[Project, Approval]:
    """sales1 asks to send a small lot to the show area although nothing is signed."""
    project = as_seen(session, cast.sales1, make_project(session, cast.sales1))
    with pytest.raises(Blocked) as refusal:
        log_record(session, project, replace(LOT, on=clock.today()), by=cast.sales1)
    assert [fired.rule_id for fired in refusal.value.decision.blocking] == ["G22"]
    assert refusal.value.decision.signers == ("supervisor", "finance")
    kept = {"draft": replace(LOT, on=clock.today()).to_json()}
    request = ask_approval(session, project, refusal.value.wish, by=cast.sales1, reason="They open on Friday.",
                           extra=kept)  # fmt: skip
    session.commit()
    return project, request


def seen(session: Session, by: User, request: Approval) -> Approval:
    session.expire_all()
    return get_approval(session, by, request.id)


def test_it_is_carried_out_when_all_have_signed_and_not_before(session: Session, cast: Cast, finance: User) -> None:
    project, request = ask(session, cast)
    assert (count_to_decide(session, cast.supervisor), count_to_decide(session, finance)) == (1, 1)
    grant_approval(session, seen(session, cast.supervisor, request), by=cast.supervisor, answer="Fine with me")
    assert (request.state, count(session, Record)) == ("open", 0)
    assert (count_to_decide(session, cast.supervisor), count_to_decide(session, finance)) == (0, 1)
    grant_approval(session, seen(session, finance, request), by=finance, answer="Below the limit")
    record = session.scalars(select(Record)).one()
    assert request.state == "used" and (record.phase, record.author_id) == ("deliver", cast.sales1.id)
    assert project.phase == "map", "the phase is not moved by it"


def test_finance_sees_the_project_while_its_signature_is_awaited(session: Session, cast: Cast, finance: User) -> None:
    def sees(project: Project) -> bool:
        return bool(session.scalars(select(Project.id).where(visible(Project, finance))).all())

    project, request = ask(session, cast)
    assert sees(project)
    decline_approval(session, seen(session, finance, request), by=finance, answer="Over budget")
    assert (request.state, sees(project)) == ("declined", False)


def test_one_person_signs_once_and_only_in_his_part(session: Session, cast: Cast, finance: User) -> None:
    _project, request = ask(session, cast)
    for stranger in (cast.technical, cast.compliance, cast.sales2):
        with pytest.raises(Forbidden):
            grant_approval(session, seen(session, cast.admin, request), by=stranger, answer="Yes")
    grant_approval(session, seen(session, cast.supervisor, request), by=cast.supervisor, answer="Yes")
    for again in (cast.supervisor, cast.director):
        with pytest.raises(Refused):
            grant_approval(session, seen(session, again, request), by=again, answer="Once more")
    assert request.state == "open"


def test_one_no_ends_it(session: Session, cast: Cast, finance: User) -> None:
    _project, request = ask(session, cast)
    grant_approval(session, seen(session, cast.supervisor, request), by=cast.supervisor, answer="Yes")
    decline_approval(session, seen(session, finance, request), by=finance, answer="They owe us money.")
    assert (request.state, request.answer, count(session, Record)) == ("declined", "They owe us money.", 0)


def test_it_lapses_when_the_project_moves_between_two_signatures(session: Session, cast: Cast, finance: User) -> None:
    project, request = ask(session, cast)
    grant_approval(session, seen(session, cast.supervisor, request), by=cast.supervisor, answer="Yes")
    own = as_seen(session, cast.supervisor, project)
    move_phase(session, own, "qualify", by=cast.supervisor, reason="Back to the start")
    assert request.state == "open", "a lot is bound to its cell and day, not to our phase"
    with clock.frozen(clock.now() + timedelta(days=70)):
        grant_approval(session, seen(session, finance, request), by=finance, answer="Yes")
    assert (request.state, count(session, Record)) == ("lapsed", 0), "by now it would be a very late entry as well"


def test_the_page_says_who_signed_and_whom_it_waits_for(
    session: Session, cast: Cast, browser: Browser, finance: User
) -> None:
    _project, request = ask(session, cast)
    address = f"/approvals/{request.id}"
    page = text_of(browser.of(cast.sales1).get(address).get_data(as_text=True))
    assert "Send a small lot before the contract" in page and "waits for" in page and "Finance" in page
    first = browser.of(cast.supervisor).post(address, data={"decision": "grant", "answer": "Fine with me"},
                                             follow_redirects=True)  # fmt: skip
    assert "Signed. It is carried out once the others have signed too." in text_of(first.get_data(as_text=True))
    client = browser.of(finance)
    assert "For me to decide" in client.get("/approvals").get_data(as_text=True)
    assert f'href="{address}"' in client.get("/approvals").get_data(as_text=True)
    assert "Fine with me" in client.get(address).get_data(as_text=True)
    assert client.post(address, data={"decision": "grant", "answer": "Yes"}).status_code == 303
    session.refresh(request)
    assert request.state == "used"


def test_a_lot_above_the_limit_or_without_its_amount_cannot_even_be_asked_for(session: Session, cast: Cast) -> None:
    project = as_seen(session, cast.sales1, make_project(session, cast.sales1))
    for amount in (None, Decimal(50_001)):
        with pytest.raises(Blocked) as refusal:
            log_record(session, project, replace(LOT, on=clock.today(), lot_amount=amount), by=cast.sales1)
        assert not refusal.value.decision.overridable
