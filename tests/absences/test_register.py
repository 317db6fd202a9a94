"""The out-of-office register: who is away, when he is back, and for whom it counts the record that proves a trip."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.absences.making import make_away
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project
from tests.matrix.making import as_seen, draft
from tracker import clock
from tracker.absences.models import Absence
from tracker.absences.operations import prove_absence
from tracker.errors import Forbidden, Refused
from tracker.events import Event, Kind
from tracker.matrix.models import Record
from tracker.matrix.operations.records import log_record
from tracker.team.models import User

BUDGET = 8


def visit(session: Session, by: User, days: int = 0, *, is_plan: bool = False) -> Record:
    """What somebody logged so many days from today, on a site of his own."""
    project = make_project(session, by, name="Harbour Hotel")
    on = clock.today() + timedelta(days=days)
    record = log_record(session, as_seen(session, by, project), draft(on=on, is_plan=is_plan), by=by).record
    session.commit()
    return record


def test_all_of_ours_read_who_is_away_and_his_leaders_where_and_why(
    session: Session, cast: Cast, browser: Browser
) -> None:
    make_away(session, cast.sales1, cast.sales2, place="Berlin", reason="Fair", kind="trip")
    make_away(session, cast.sales3, first=40, last=41)
    with counted_queries() as asked:
        page = browser.of(cast.technical).get("/away").text
    assert len(asked) <= BUDGET
    assert "Sales1" in page and "Sales2" in page and "away now" in page
    assert "Berlin" not in page and "business trip" not in page and "Sales3" not in page
    led = browser.of(cast.supervisor).get("/away").text
    assert "Berlin" in led and "Fair" in led and "nothing proves it yet" in led
    assert browser.of(cast.dealer1).get("/away").status_code == 404


def test_he_is_back_on_the_next_working_day(session: Session, cast: Cast) -> None:
    until_friday = make_away(session, cast.sales1, first=0, last=4)
    assert until_friday.back_on == date(2026, 3, 23), "Monday"
    before_holidays = Absence(starts_on=date(2026, 9, 30), ends_on=date(2026, 9, 30))
    assert before_holidays.back_on == date(2026, 10, 8)


def test_a_visit_elsewhere_proves_a_trip(session: Session, cast: Cast, browser: Browser) -> None:
    trip = make_away(session, cast.sales1, place="Harbour", kind="trip")
    record = visit(session, cast.sales1)
    client, address = browser.of(cast.sales1), f"/people/{cast.sales1.id}/away"
    assert "Harbour Hotel" in client.get(address).text, "what he logged in these days is offered"
    assert client.post(f"{address}/{trip.id}/proof", data={"record_id": record.id}).status_code == 303
    assert session.get_one(Absence, trip.id).record_id == record.id
    (event,) = session.scalars(select(Event).where(Event.kind == Kind.ABSENCE_PROVEN)).all()
    assert event.data["record_id"] == record.id
    page = client.get(address).text
    assert "proven by a record" in page and f"/records/{record.id}" in page and "this proves it" not in page


def test_a_plan_another_day_or_another_person_proves_nothing(session: Session, cast: Cast) -> None:
    trip = make_away(session, cast.sales1, kind="trip")
    wrong = (visit(session, cast.sales1, 1, is_plan=True), visit(session, cast.sales1, -1), visit(session, cast.sales2))
    for record in wrong:
        with pytest.raises(Refused):
            prove_absence(session, trip, cast.sales1, record, by=cast.sales1)
    with pytest.raises(Forbidden):
        prove_absence(session, trip, cast.sales1, visit(session, cast.sales1), by=cast.sales2)
    assert trip.record_id is None


def test_what_kind_it_is_is_one_of_the_list(session: Session, cast: Cast, browser: Browser) -> None:
    today = clock.today().isoformat()
    sent = {"starts_on": today, "ends_on": today, "kind": "nonsense", "stand_in_id": ""}
    assert browser.of(cast.sales1).post(f"/people/{cast.sales1.id}/away", data=sent).status_code == 422
    assert (
        browser.of(cast.sales1).post(f"/people/{cast.sales1.id}/away", data={**sent, "kind": "trip"}).status_code == 303
    )
    assert session.scalars(select(Absence.kind)).all() == ["trip"]
