"""Dates that tasks count from, and what lasts until it is lifted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.matrix.making import as_seen, text_of
from tests.rows import count, told_of
from tracker import clock
from tracker.errors import AlreadyDone, Invalid
from tracker.events import Kind
from tracker.matrix.models import Circumstance
from tracker.matrix.operations.circumstances import lift_circumstance, state_circumstance, state_date
from tracker.matrix.operations.judging import facts_of, judge
from tracker.matrix.queries import load_matrix
from tracker.projects.models import Project
from workflows.engine import AcceptPayment, PlaceOrder


@pytest.fixture
def project(session: Session, cast: Cast) -> Project:
    return as_seen(session, cast.sales1, make_project(session, cast.sales1, phase="settle", step="completion"))


def test_what_is_stated_last_counts_and_what_was_before_stays_readable(
    session: Session, cast: Cast, project: Project, browser: Browser
) -> None:
    first, second = clock.today() - timedelta(days=9), clock.today() - timedelta(days=2)
    for on, note in ((second, "Call"), (first, "The paper itself")):
        state_date(session, project, "acceptance_date", on, by=cast.sales1, note=note)
    session.commit()
    assert facts_of(session, project)[1].anchors == {"acceptance_date": first}
    task = next(
        view
        for view in load_matrix(session, cast.sales1, project).board.cells["settle", "completion"].tasks
        if view.task.id == "T.settle.completion.2"
    )
    assert task.due == first + timedelta(days=14)
    page = text_of(browser.of(cast.sales1).get(f"/projects/{project.id}/dates").get_data(as_text=True))
    assert "The paper itself" in page and "before: 14 Mar" in page
    told = told_of(session, project, Kind.DATE_STATED)
    assert sorted(one["on"] for one in told) == [first.isoformat(), second.isoformat()]


def test_money_overdue_stops_dispatch_after_thirty_days_and_lifts_itself_with_the_payment(
    session: Session, cast: Cast, project: Project
) -> None:
    row = state_circumstance(
        session, project, "overdue", clock.today() - timedelta(days=31), by=cast.sales1, note="Invoice 7"
    )
    definition, facts = facts_of(session, project)
    order = PlaceOrder("dispatch")
    stopped = judge(definition, facts, order)
    assert "G24" in stopped.rules and {"finance", "supervisor"} <= set(stopped.signers)
    lift_circumstance(session, project, row, by=cast.sales1, note="Paid")
    assert "G24" not in judge(definition, facts_of(session, project)[1], order).rules
    with pytest.raises(AlreadyDone):
        lift_circumstance(session, project, row, by=cast.sales1, note="Paid twice")
    assert judge(definition, facts, AcceptPayment("cash")).allowed


@pytest.mark.parametrize(
    ("key", "days", "note", "field"),
    [("weather", 0, "Rain", "key"), ("overdue", -1, "Soon", "since"), ("overdue", 0, " ", "note")],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    session: Session, cast: Cast, project: Project, key: str, days: int, note: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        state_circumstance(session, project, key, clock.today() - timedelta(days=days), by=cast.sales1, note=note)
    assert refusal.value.field == field and count(session, Circumstance) == 0


def test_the_page_states_and_lifts(session: Session, cast: Cast, project: Project, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    address = f"/projects/{project.id}"
    wrong = client.post(f"{address}/dates", data={"date-anchor": "arrival", "date-on": "soon", "date-note": "He said"})
    assert wrong.status_code == 422 and "He said" in wrong.get_data(as_text=True)
    sent = {"circumstance-key": "complaint", "circumstance-since": "2026-03-10", "circumstance-note": "Shade 07"}
    assert client.post(f"{address}/circumstances", data=sent).status_code == 303
    page = client.get(f"{address}/dates").get_data(as_text=True)
    assert "Shade 07" in page and "open complaint" in page
    row = session.query(Circumstance).one()
    assert client.post(
        f"{address}/circumstances/{row.id}/lift", data={"lift-note": "Exchanged"}
    ).status_code == 303  # fmt: skip
    assert "Exchanged" in client.get(f"{address}/dates").get_data(as_text=True)
    assert "not_a_date" not in page
