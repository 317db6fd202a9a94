"""A project in a late cell, opened or converted from a lead, is asked for and opened with the supervisor's consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_party
from tests.leads.making import make_lead
from tests.projects.making import opening_draft, opening_form
from tracker import clock
from tracker.errors import Forbidden, NotFound, Refused
from tracker.events import Kind, timeline
from tracker.leads.operations.converting import ask_to_convert, convert_lead
from tracker.leads.queries import get_lead
from tracker.matrix.models import Approval
from tracker.matrix.operations.approvals import decline_approval, grant_approval, withdraw_approval
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.queries import count_to_decide, get_approval, list_approvals
from tracker.projects.models import Project
from tracker.projects.operations import ProjectDraft, ask_to_open, open_project

LATE = replace(opening_draft(), name="Riverside Tower", phase="qualify", step="envelope", categories=("tiles",))


def ask(session: Session, cast: Cast, draft: ProjectDraft = LATE) -> Approval:
    return ask_to_open(session, draft, by=cast.sales1, reason="The cladding is not bought yet")


def seen_by(session: Session, cast: Cast, approval: Approval) -> Approval:
    return get_approval(session, cast.supervisor, approval.id)


def test_the_cell_is_late_and_refused_without_consent(session: Session, cast: Cast) -> None:
    with pytest.raises(Blocked) as block:
        open_project(session, LATE, by=cast.sales1)
    assert [fired.rule_id for fired in block.value.decision.blocking] == ["G02"]
    assert block.value.decision.overridable


def test_granted_it_is_opened_in_the_askers_name_just_as_he_drew_it_up(session: Session, cast: Cast) -> None:
    developer = make_party(session, "Hengyue")
    since = clock.today() - timedelta(days=3)
    approval = ask(session, cast, replace(LATE, parties=((developer.id, "owner"),), since=since))
    assert session.scalar(select(Project.id).where(Project.name == LATE.name)) is None
    assert count_to_decide(session, cast.supervisor) == 1
    grant_approval(session, seen_by(session, cast, approval), by=cast.supervisor, answer="Go on")
    project = session.scalars(select(Project).where(Project.name == LATE.name)).one()
    assert (project.phase, project.step, project.owner_id) == ("qualify", "envelope", cast.sales1.id)
    assert (project.phase_since, project.developer_id) == (since, developer.id)
    assert (approval.state, approval.project_id) == ("used", project.id)
    assert [event.kind for event in timeline(session, project)][-1] == Kind.PROJECT_OPENED
    assert count_to_decide(session, cast.supervisor) == 0


def test_a_lead_is_converted_with_the_grant(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, name=LATE.name)
    seen = get_lead(session, cast.sales1, lead.id)
    approval = ask_to_convert(session, seen, LATE, by=cast.sales1, reason="Still open for tiles")
    grant_approval(session, seen_by(session, cast, approval), by=cast.supervisor, answer="Yes")
    assert (lead.state, lead.project_id) == ("converted", approval.project_id)


def test_it_lapses_where_the_lead_was_converted_meanwhile(session: Session, cast: Cast) -> None:
    lead = get_lead(session, cast.sales1, make_lead(session, cast.sales1, name=LATE.name).id)
    approval = ask_to_convert(session, lead, LATE, by=cast.sales1, reason="Still open for tiles")
    convert_lead(session, lead, replace(LATE, step="land"), by=cast.sales1)
    grant_approval(session, seen_by(session, cast, approval), by=cast.supervisor, answer="Yes")
    assert approval.state == "lapsed" and approval.project_id is None
    assert len(session.scalars(select(Project).where(Project.name == LATE.name)).all()) == 1


def test_declined_or_taken_back_nothing_is_opened(session: Session, cast: Cast) -> None:
    first = ask(session, cast)
    with pytest.raises(Refused, match="asked already"):
        ask(session, cast)
    decline_approval(session, seen_by(session, cast, first), by=cast.supervisor, answer="Too late for us")
    second = ask(session, cast)
    withdraw_approval(session, second, by=cast.sales1)
    assert (first.state, second.state) == ("declined", "withdrawn")
    assert session.scalar(select(Project.id).where(Project.name == LATE.name)) is None


def test_nobody_asks_for_what_is_free_or_blocked(session: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="needs no approval"):
        ask(session, cast, replace(LATE, step="land"))
    with pytest.raises(Blocked):
        ask(session, cast, replace(LATE, phase="settle", step="land"))


def test_only_the_asker_and_the_supervisors_above_him_see_it(session: Session, cast: Cast) -> None:
    approval = ask(session, cast)
    for one in (cast.sales1, cast.supervisor, cast.director):
        assert [found.id for found in list_approvals(session, one).items] == [approval.id]
    for one in (cast.sales2, cast.supervisor2, cast.dealer1):
        with pytest.raises(NotFound):
            get_approval(session, one, approval.id)
    with pytest.raises(Forbidden):
        grant_approval(session, approval, by=cast.supervisor2, answer="Mine now")


def test_asked_on_the_form_and_granted_on_the_page(browser: Browser, session: Session, cast: Cast) -> None:
    sales, supervisor = browser.of(cast.sales1), browser.of(cast.supervisor)
    sent = opening_form(name=LATE.name, phase="qualify", step="envelope", categories=["tiles"])
    refused = sales.post("/projects/new", data=sent)
    assert refused.status_code == 422 and 'value="ask"' in refused.text
    silent = sales.post("/projects/new", data={**sent, "action": "ask", "ask_reason": " "})
    assert silent.status_code == 422 and "Say why" in silent.text and LATE.name in silent.text
    asked = sales.post("/projects/new", data={**sent, "action": "ask", "ask_reason": "Tiles are open"})
    approval = session.scalars(select(Approval)).one()
    assert (asked.status_code, asked.location) == (303, f"/approvals/{approval.id}")
    assert LATE.name in supervisor.get("/approvals").text
    page = supervisor.get(f"/approvals/{approval.id}").text
    assert LATE.name in page and "Tiles are open" in page and "G02" in page
    granted = supervisor.post(f"/approvals/{approval.id}", data={"decision": "grant", "answer": "Yes"})
    assert (granted.status_code, session.scalar(select(Project.name))) == (303, LATE.name)
    assert LATE.name in sales.get("/approvals?which=mine").text


def test_a_conversion_is_asked_for_on_its_form_and_seen_on_the_lead(
    browser: Browser, session: Session, cast: Cast
) -> None:
    lead = make_lead(session, cast.sales1, name=LATE.name)
    sent = opening_form(name=LATE.name, phase="qualify", step="envelope", categories=["tiles"])
    asked = browser.of(cast.sales1).post(
        f"/leads/{lead.id}/convert", data={**sent, "action": "ask", "ask_reason": "Tiles are open"}
    )
    approval = session.scalars(select(Approval)).one()
    assert (asked.status_code, asked.location, approval.lead_id) == (303, f"/approvals/{approval.id}", lead.id)
    assert f"/approvals/{approval.id}" in browser.of(cast.sales1).get(f"/leads/{lead.id}").text
    assert f"/leads/{lead.id}" in browser.of(cast.supervisor).get(f"/approvals/{approval.id}").text
