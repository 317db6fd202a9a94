"""The calendar's pages: what falls on which day, for whom, within their budgets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.absences.making import make_away
from tests.calendar.making import again, make_plan
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project
from tests.leads.making import make_lead
from tracker.calendar.queries import Asked, list_dated, list_plans
from tracker.calendar.queries.neglected import list_to_plan
from tracker.calendar.spans import span_of
from tracker.matrix.models import Evidence, Record
from tracker.matrix.operations.records import RecordDraft, log_record

BUDGET = 11  # statements for a page, signing in included
TODAY = date(2026, 3, 16)  # a Monday


def titles(session: Session, cast: Cast, by: str, **asked: int) -> set[tuple[str, str]]:
    rows = list_dated(session, cast.users[by], TODAY, TODAY + timedelta(days=6), Asked(**asked))
    return {(row.source, row.title) for row in rows}


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_a_supervisor_sees_what_his_people_plan_and_others_do_not(
    session: Session, cast: Cast, browser: Browser, view: str
) -> None:
    project = make_project(session, cast.sales1, name="Riverside Tower")
    for days in range(3):
        make_plan(session, cast.sales1, project, days=days, at="09:30", text=f"Visit {days}")
    make_away(session, cast.sales2, place="Berlin")
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        page = client.get(f"/calendar?view={view}").text
    assert len(asked) <= BUDGET, asked
    assert "Riverside Tower" in page and "09:30" in page
    assert "Sales2" in page and "Berlin" in page, "his supervisor reads where he is"
    for other in ("sales2", "supervisor2", "dealer1"):
        assert "Riverside Tower" not in browser.of(cast.users[other]).get(f"/calendar?view={view}").text


def test_who_may_not_read_where_somebody_is_reads_only_that_he_is_away(
    session: Session, cast: Cast, browser: Browser
) -> None:
    make_away(session, cast.sales1, place="Berlin")
    page = browser.of(cast.compliance).get("/calendar").text
    assert "Sales1" in page and "Berlin" not in page
    assert "Sales1 away" not in browser.of(cast.dealer1).get("/calendar").text


def test_it_is_narrowed_by_person_team_and_project(session: Session, cast: Cast) -> None:
    first, second = make_project(session, cast.sales1), make_project(session, cast.sales2)
    southern = make_project(session, cast.sales3)
    for owner, project in ((cast.sales1, first), (cast.sales2, second), (cast.sales3, southern)):
        make_plan(session, owner, project)
    week = (TODAY, TODAY + timedelta(days=6))

    def sites(**asked: int) -> set[int | None]:
        return {one.record.project_id for one in list_plans(session, cast.director, *week, Asked(**asked))}

    assert sites() == {first.id, second.id, southern.id}
    assert sites(person=cast.sales1.id) == {first.id}
    assert sites(team=cast.north.id) == {first.id, second.id}
    assert sites(project=southern.id) == {southern.id}


def test_whom_one_does_not_lead_one_cannot_ask_for(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales3, name="Southern Gate")
    make_plan(session, cast.sales3, project)
    session.commit()
    assert "Southern Gate" not in browser.of(cast.supervisor).get(f"/calendar?person={cast.sales3.id}").text


def test_who_comes_along_has_it_in_his_own_calendar(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, members=(cast.technical,))
    make_plan(session, cast.sales1, project, people=(cast.technical.id,))
    make_plan(session, cast.sales1, project, days=2, text="Alone")
    found = list_plans(session, cast.technical, TODAY, TODAY + timedelta(days=6), Asked(person=cast.technical.id))
    assert [one.record.text for one in found] == ["Look at the mock-up"]


def test_what_stands_on_days_already_is_there(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, name="Tower")
    soon = RecordDraft("map", "structure", "site_visit", TODAY, "Talked.", next_step="Bring samples",
                       next_on=TODAY + timedelta(days=1))  # fmt: skip
    log_record(session, project, soon, by=cast.sales1)
    for on in (TODAY + timedelta(days=40), TODAY + timedelta(days=2)):  # the later statement counts
        session.add(Evidence(project_id=project.id, target="A.tender_closing", kind="note", dated_on=on,
                             recorded_on=TODAY, by_id=cast.sales1.id))  # fmt: skip
        session.flush()
    project.next_due_on = TODAY + timedelta(days=3)
    lead = make_lead(session, cast.sales1, name="Canal House")
    lead.state, lead.review_on = "nurturing", TODAY + timedelta(days=4)
    session.commit()
    everything = {("task", "Tower"), ("promise", "Bring samples"), ("date", "Tower"), ("review", "Canal House")}
    assert titles(session, cast, "sales1") == everything
    assert titles(session, cast, "supervisor", person=cast.sales1.id) == everything
    assert titles(session, cast, "supervisor", team=cast.north.id) == everything
    assert titles(session, cast, "sales1", project=project.id) == everything - {("review", "Canal House")}
    assert titles(session, cast, "sales2") == titles(session, cast, "supervisor2") == set()


def test_a_dealer_sees_his_own_project_and_no_date_of_ours(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, name="Tower", dealer=cast.xinyuan)
    project.next_due_on = TODAY
    session.add(Evidence(project_id=project.id, target="A.award", kind="note", dated_on=TODAY, recorded_on=TODAY))
    session.commit()
    assert titles(session, cast, "dealer1") == {("task", "Tower")}
    assert titles(session, cast, "dealer2") == set()


def test_holidays_and_days_worked_instead_are_named(cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.sales1).get("/calendar?view=month&on=2026-10-01").text
    assert "National Day" in page
    assert "春节" in browser.of(cast.sales1, "zh").get("/calendar?view=month&on=2026-02-17").text


def test_spans_turn_over_months_and_bear_any_address() -> None:
    march = span_of("month", "2026-03-16", TODAY)
    assert (march.first, march.last) == (date(2026, 2, 23), date(2026, 4, 5))
    assert (march.before, march.after) == (date(2026, 2, 28), date(2026, 4, 1))
    assert march.holds(date(2026, 3, 31)) and not march.holds(date(2026, 4, 1))
    week = span_of("", "nonsense", TODAY)
    assert (week.view, week.first, week.last, week.before, week.after) == (
        "week", TODAY, date(2026, 3, 22), date(2026, 3, 15), date(2026, 3, 23))  # fmt: skip
    assert span_of("day", "0001-01-01", TODAY).on == date(2000, 1, 1)
    assert span_of("month", "9999-12-31", TODAY).after == date(2100, 12, 31)


def test_the_route_goes_to_the_nearest_next_and_says_how_far(session: Session, cast: Cast, browser: Browser) -> None:
    places = {"North": 31.40, "Centre": 31.20, "Middle": 31.25}
    for name, latitude in places.items():
        project = make_project(session, cast.sales1, name=name)
        project.latitude, project.longitude = latitude, 121.40
        make_plan(session, cast.sales1, project, days=0, at="08:00" if name == "Centre" else "")
    make_plan(session, cast.sales1, make_project(session, cast.sales1, name="Nowhere"), days=0)
    off = make_plan(session, cast.sales1, make_project(session, cast.sales1, name="Only a call"), days=0, kind="call")
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get("/calendar/route").text
    assert len(asked) <= BUDGET
    order = [page.index(f">{name}<") for name in ("Centre", "Middle", "North", "Nowhere")]
    assert order == sorted(order)
    assert "5.6" in page and "16.7" in page and "22.2 km" in page
    assert "Only a call" not in page and off.open
    from_north = client.get("/calendar/route?lat=31.5&lon=121.4").text
    assert from_north.index(">North<") < from_north.index(">Middle<") < from_north.index(">Centre<")
    assert client.get("/calendar/route?lat=nan&lon=900").status_code == 200


def test_the_week_is_planned_from_what_is_late_due_and_quiet(session: Session, cast: Cast, browser: Browser) -> None:
    for name, due, quiet in (("late", -4, None), ("due", 3, None), ("quiet", None, -9), ("later", 30, None)):
        project = make_project(session, cast.sales1, name=f"{name} site")
        project.next_due_on = TODAY + timedelta(days=due) if due is not None else None
        project.silent_after = TODAY + timedelta(days=quiet) if quiet is not None else None
    other = make_project(session, cast.sales2, name="a colleague's")
    other.next_due_on = TODAY
    session.commit()
    week = (TODAY, TODAY + timedelta(days=6), TODAY)
    waiting = list_to_plan(session, cast.sales1, *week)
    assert [(one.name, one.why) for one in waiting] == [
        ("late site", "late"),
        ("due site", "due"),
        ("quiet site", "quiet"),
    ]
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get("/calendar/week").text
    assert len(asked) <= BUDGET
    assert "late site" in page and "a colleague" not in page
    put = {"project_id": waiting[0].project_id, "on": "2026-03-18", "text": "Visit: late", "week": "2026-03-16"}
    assert client.post("/calendar/week", data=put).location == "/calendar/week?week=2026-03-16"
    (plan,) = list_plans(session, cast.sales1, *week[:2], Asked(person=cast.sales1.id))
    assert (plan.on, plan.record.project_id) == (date(2026, 3, 18), waiting[0].project_id)
    assert client.get("/calendar/week").text.count("data-put") == 2


def test_nobody_plans_into_the_past_or_without_a_day(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    session.commit()
    client = browser.of(cast.sales1)
    for on in ("2026-03-10", "", "soon"):
        client.post("/calendar/week", data={"project_id": project.id, "on": on, "text": "Visit"})
    assert session.query(Record).count() == 0
    assert "passed" in client.get("/calendar/week").text


def test_an_open_plan_of_the_past_says_so_and_offers_to_log_it(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    planned = make_plan(session, cast.sales1, project, days=0)
    planned.record.happened_on = TODAY - timedelta(days=1)
    session.commit()
    page = browser.of(cast.sales1).get("/calendar?view=day&on=2026-03-15").text
    assert "cal-missed" in page and f"/projects/{project.id}/log?plan={planned.record.id}" in page
    assert again(session, cast.sales1, planned).missed(TODAY)


def test_every_page_speaks_chinese(session: Session, cast: Cast, browser: Browser) -> None:
    planned = make_plan(session, cast.sales1, make_project(session, cast.sales1))
    client = browser.of(cast.sales1, "zh")
    for address in ("/calendar", "/calendar/week", "/calendar/route", "/calendar/feed", "/calendar/plans/new",
                    f"/calendar/plans/{planned.record.id}"):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200 and "日历" in page.text
