"""Who is away: said by himself or his supervisor, shown where people are chosen, ended early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.absences.making import make_away
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project
from tests.leads.making import make_lead
from tracker import clock
from tracker.absences.models import Absence
from tracker.absences.operations import Leave, end_absence, tell_absence
from tracker.absences.queries import list_absences, load_away
from tracker.access import visible
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Event, Kind
from tracker.filters import day

BUDGET = 10  # statements for a page, signing in included


def days(first: int, last: int) -> tuple[str, str]:
    today = clock.today()
    return tuple((today + timedelta(days=each)).isoformat() for each in (first, last))  # type: ignore[return-value]


def sent(first: int, last: int, **values: object) -> dict[str, object]:
    starts, ends = days(first, last)
    return {"starts_on": starts, "ends_on": ends, "stand_in_id": "", "place": "", "reason": "", **values}


def test_he_himself_and_his_supervisor_say_when_somebody_is_away(
    session: Session, cast: Cast, browser: Browser
) -> None:
    address = f"/people/{cast.sales1.id}/away"
    mine = browser.of(cast.sales1)
    said = sent(0, 3, stand_in_id=cast.sales2.id, place="Berlin", reason="Fair")
    assert mine.post(address, data=said).status_code == 303
    assert browser.of(cast.supervisor).post(address, data=sent(10, 12)).status_code == 303
    rows = session.scalars(select(Absence).order_by(Absence.id)).all()
    assert [(row.user_id, row.stand_in_id, row.by_id) for row in rows] == [
        (cast.sales1.id, cast.sales2.id, cast.sales1.id),
        (cast.sales1.id, None, cast.supervisor.id),
    ]
    told = session.scalars(select(Event).where(Event.kind == Kind.ABSENCE_TOLD)).all()
    assert {(event.subject, event.subject_id) for event in told} == {("user_account", cast.sales1.id)}
    with counted_queries() as asked:
        page = mine.get(address).text
    assert len(asked) <= BUDGET
    assert "away now" in page and "Berlin" in page and "Sales2" in page and "Call it off" in page


def test_the_card_tells_everybody_until_when_and_only_some_where_and_why(
    session: Session, cast: Cast, browser: Browser
) -> None:
    absence = make_away(session, cast.sales1, cast.sales2, place="Berlin", reason="Fair")
    card = browser.of(cast.technical).get(f"/people/{cast.sales1.id}").text
    assert f"Away until {day(absence.ends_on)}." in card and "stands in." in card
    assert "Berlin" not in card and f"/people/{cast.sales1.id}/away" not in card
    assert f"/people/{cast.sales1.id}/away" in browser.of(cast.supervisor).get(f"/people/{cast.sales1.id}").text
    assert "Away until" not in browser.of(cast.technical).get(f"/people/{cast.sales2.id}").text


@pytest.mark.parametrize(
    ("first", "last", "stand_in", "why"),
    [
        (3, 1, None, "cannot lie before"),
        (-4, -1, None, "This day is over"),
        (0, 500, None, "more than a year"),
        (1, 2, "sales1", "Choose"),
        (1, 2, "dealer1", "Choose"),
    ],
)
def test_days_that_cannot_be_are_refused_and_what_was_typed_stays(
    session: Session, cast: Cast, browser: Browser, first: int, last: int, stand_in: str | None, why: str
) -> None:
    values = {"place": "Berlin", "stand_in_id": cast.users[stand_in].id if stand_in else ""}
    answer = browser.of(cast.sales1).post(f"/people/{cast.sales1.id}/away", data=sent(first, last, **values))
    assert answer.status_code == 422
    assert why in answer.text and 'value="Berlin"' in answer.text
    assert session.scalars(select(Absence)).all() == []


def test_days_of_one_person_do_not_overlap_and_an_ended_absence_leaves_room(session: Session, cast: Cast) -> None:
    absence = make_away(session, cast.sales1, first=0, last=5)
    today = clock.today()
    again = Leave(today + timedelta(days=5), today + timedelta(days=9))
    with pytest.raises(Invalid):
        tell_absence(session, cast.sales1, again, by=cast.sales1)
    end_absence(session, absence, cast.sales1, by=cast.supervisor)
    tell_absence(session, cast.sales1, again, by=cast.sales1)
    session.commit()
    kinds = session.scalars(select(Event.kind).where(Event.subject == "user_account").order_by(Event.id)).all()
    assert kinds == [Kind.ABSENCE_TOLD, Kind.ABSENCE_ENDED, Kind.ABSENCE_TOLD]
    assert len(list_absences(session, cast.admin, cast.sales1)) == 2, "what was said is kept"


def test_only_who_is_away_today_counts_as_away(session: Session, cast: Cast) -> None:
    make_away(session, cast.sales1, first=-3, last=0)
    make_away(session, cast.sales2, first=1, last=2)
    back = make_away(session, cast.sales3, first=-3, last=3)
    end_absence(session, back, cast.sales3, by=cast.sales3)
    session.commit()
    assert set(load_away(session, cast.supervisor)) == {cast.sales1.id}
    assert set(load_away(session, None)) == {cast.sales1.id}
    assert load_away(session, cast.dealer1) == {}


def test_nobody_says_it_of_a_colleague_and_nobody_of_a_dealer(session: Session, cast: Cast) -> None:
    leave = Leave(clock.today(), clock.today())
    for by in (cast.sales2, cast.supervisor2, cast.compliance):
        with pytest.raises(Forbidden):
            tell_absence(session, cast.sales1, leave, by=by)
    with pytest.raises(Refused):
        tell_absence(session, cast.dealer1, leave, by=cast.admin)
    with pytest.raises(Invalid):
        tell_absence(session, cast.sales1, Leave(leave.starts_on, leave.ends_on, cast.sales1.id), by=cast.sales1)
    assert session.scalars(select(Absence.id).where(visible(Absence, cast.dealer1))).all() == []


def test_back_again_before_the_day(session: Session, cast: Cast, browser: Browser) -> None:
    absence = make_away(session, cast.sales1)
    other = make_away(session, cast.sales3)
    client = browser.of(cast.sales1)
    address = f"/people/{cast.sales1.id}/away"
    assert client.post(f"{address}/{other.id}/end").status_code == 404
    assert client.post(f"{address}/{absence.id}/end").status_code == 303
    assert client.post(f"{address}/{absence.id}/end").status_code == 303, "said twice, done once"
    assert session.scalar(select(Event.id).where(Event.kind == Kind.ABSENCE_ENDED)) is not None
    assert "Away until" not in browser.of(cast.technical).get(f"/people/{cast.sales1.id}").text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_on_which_a_person_is_chosen_says_who_is_away(
    session: Session, cast: Cast, browser: Browser, lang: str
) -> None:
    lead, project = make_lead(session, cast.sales1), make_project(session, cast.sales1)
    session.commit()
    absence = make_away(session, cast.sales2)
    client = browser.of(cast.supervisor, lang)
    assert client.get("/").status_code == 200
    said = {"en": "Sales2 (away until {})", "zh": "Sales2（外出至{}）"}[lang]
    with client.application.test_request_context(headers={"Accept-Language": "zh-CN" if lang == "zh" else "en"}):
        words = said.format(day(absence.ends_on))
    for address in (
        "/leads",
        f"/leads/{lead.id}",
        "/leads/map",
        f"/leads/assign?lead={lead.id}",
        f"/leads/assign?do=share&lead={lead.id}",
        "/leads/rules",
        "/leads/territories",
        f"/people/{cast.sales1.id}/handover",
        f"/people/{cast.sales1.id}/away",
        f"/projects/{project.id}/reassign",
        f"/projects/{project.id}/people",
    ):
        assert words in client.get(address).text, address
    make_away(session, cast.supervisor)
    words = words.replace("Sales2", "Supervisor")
    assert words in browser.of(cast.admin, lang).get(f"/admin/teams/{cast.north.id}").text
