"""What a project is expected to bring, beside what the records support and what past forecasts were worth."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project
from tests.matrix.making import as_seen
from tracker import clock
from tracker.doctor.forecasts import examine_forecasts
from tracker.errors import Forbidden, Invalid, Refused
from tracker.forecasts.evidence import Share, load_shares
from tracker.forecasts.models import Forecast
from tracker.forecasts.operations import Expectation, set_forecast
from tracker.forecasts.queries import Asked, list_expected, load_worth, roll_up
from tracker.history import keeping
from tracker.matrix.models import LifecycleChange
from tracker.projects.models import Project
from tracker.team.models import User

TODAY = date(2026, 3, 16)
BUDGET = 14


def expect(
    session: Session, project: Project, value: int, on: date, by: User, reason: str = "", sure: int = 50
) -> None:
    expectation = Expectation(Decimal(value), on, sure, reason)
    set_forecast(session, as_seen(session, by, project), expectation, by=by)
    session.commit()


def decided(session: Session, owner: User, name: str, target: str, on: date, value: int = 1000) -> Project:
    """A project that was won or lost on a day."""
    project = make_project(session, owner, name=name, value=value, since=on - timedelta(days=200))
    project.state = target
    session.add(LifecycleChange(project_id=project.id, source="active", target=target, on=on, by_id=owner.id))
    session.commit()
    return project


def test_every_change_is_kept_with_its_reason(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    expect(session, project, 900, TODAY + timedelta(days=40), cast.sales1)
    with pytest.raises(Invalid, match="what changed"):
        expect(session, project, 700, TODAY + timedelta(days=60), cast.sales1)
    expect(session, project, 700, TODAY + timedelta(days=60), cast.supervisor, "A floor less", sure=80)
    rows = session.scalars(select(Forecast).order_by(Forecast.seq)).all()
    assert [(row.seq, row.value, row.latest, row.by_id, row.sure) for row in rows] == [
        (1, 900, False, cast.sales1.id, 50), (2, 700, True, cast.supervisor.id, 80),
    ]  # fmt: skip


def test_the_doctor_sees_where_another_than_the_newest_counts(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    expect(session, project, 900, TODAY + timedelta(days=40), cast.sales1)
    expect(session, project, 700, TODAY + timedelta(days=60), cast.sales1, "Later")
    assert list(examine_forecasts(session)) == []
    session.execute(update(Forecast).values(latest=Forecast.seq == 1))
    (finding,) = examine_forecasts(session)
    assert f"project {project.id}:" in str(finding)


def test_only_who_works_there_says_it_of_a_project_that_is_open(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, members=(cast.compliance,))
    with pytest.raises(Forbidden):
        expect(session, project, 1, TODAY, cast.compliance)
    with pytest.raises(Invalid):
        expect(session, project, 1, TODAY - timedelta(days=1), cast.sales1)
    project.state = "lost"
    session.commit()
    with pytest.raises(Refused):
        expect(session, project, 1, TODAY, cast.sales1)


def test_the_records_support_the_share_that_was_won_from_the_cell_with_its_number(session: Session, cast: Cast) -> None:
    for number in range(6):
        decided(session, cast.sales1, f"Done {number}", "won" if number < 4 else "lost", TODAY - timedelta(days=9))
    keeping.rebuild(session)
    share = load_shares(session).of("standard", "map", "structure")
    assert (share.won, share.of, share.ground, share.percent) == (4, 6, "cell", 67)
    assert share.supports(Decimal(900)) == 600
    elsewhere = load_shares(session).of("standard", "map", "land")
    assert (elsewhere.of, elsewhere.ground) == (6, "phase")
    assert load_shares(session).of("standard", "bid", "land").ground == "all"
    assert Share(0, 0, "all").supports(Decimal(1)) is None


def test_past_forecasts_count_as_they_stood_before_the_decision(session: Session, cast: Cast) -> None:
    on = TODAY - timedelta(days=10)
    won, lost = decided(session, cast.sales1, "Won", "won", on, 800), decided(session, cast.sales1, "Lost", "lost", on)

    def said(project: Project, seq: int, value: int, days: int, due: date) -> None:
        at = clock.at_noon(on - timedelta(days=days))
        row = Forecast(project_id=project.id, seq=seq, by_id=cast.sales1.id, at=at,
                       value=Decimal(value), currency="CNY", expected_on=due, latest=False)  # fmt: skip
        session.add(row)

    said(won, 1, 5000, 90, on)
    said(won, 2, 1000, 20, on)
    said(won, 3, 10, -1, on)
    said(lost, 1, 600, 30, on + timedelta(days=60))
    session.commit()
    worth = load_worth(session, [cast.sales1.id, cast.sales2.id])
    mine = worth[cast.sales1.id]
    assert (mine.n, mine.won, mine.in_month, mine.expected["CNY"], mine.came["CNY"]) == (2, 1, 1, 1600, 800)
    assert mine.percents == {"CNY": 50} and worth[cast.sales2.id].n == 0


def test_sums_are_by_month_and_currency_and_equal_the_projects_behind_them(session: Session, cast: Cast) -> None:
    for number, (currency, days) in enumerate((("CNY", 10), ("CNY", 12), ("USD", 10), ("CNY", 40))):
        project = make_project(session, cast.sales1 if number else cast.sales2, name=f"Site {number}")
        project.currency = currency
        session.commit()
        expect(session, project, 100 * (number + 1), TODAY + timedelta(days=days), project.owner or cast.sales1)
    foreign = make_project(session, cast.sales3, name="South")
    expect(session, foreign, 5, TODAY + timedelta(days=10), cast.sales3)
    sums = roll_up(session, cast.supervisor, Asked())
    assert [(one.month.isoformat()[:7], one.currency, one.expected, one.projects) for one in sums] == [
        ("2026-03", "CNY", 300, 2), ("2026-03", "USD", 300, 1), ("2026-04", "CNY", 400, 1),
    ]  # fmt: skip
    for one in sums:
        behind = list_expected(session, cast.supervisor, Asked(month=one.month, currency=one.currency))
        assert sum(row.forecast.value for row in behind) == one.expected and len(behind) == one.projects
    company = roll_up(session, cast.director, Asked())
    assert sum(one.projects for one in company) == 5
    assert [one.projects for one in roll_up(session, cast.director, Asked(team=cast.south.id))] == [1]


def test_the_pages_show_and_take_forecasts(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, name="Riverside Tower")
    client, address = browser.of(cast.sales1), f"/projects/{project.id}/forecast"
    assert "Nobody said anything yet" in client.get(address).get_data(as_text=True)
    assert client.post(address, data={"value": "x", "expected_on": "", "sure": "200"}).status_code == 422
    sent = client.post(address, data={"value": "900000", "expected_on": "2026-05-01", "sure": "70"})
    assert sent.status_code == 303
    assert "70 in 100 sure" in client.get(address).get_data(as_text=True)
    listed = browser.of(cast.supervisor).get("/forecasts")
    assert "Riverside Tower" in listed.get_data(as_text=True) and "2026-05" in listed.get_data(as_text=True)
    assert "Riverside Tower" not in browser.of(cast.supervisor2).get("/forecasts").get_data(as_text=True)
    assert browser.of(cast.dealer1).get("/forecasts").status_code == 404
    assert "Riverside Tower" in browser.of(cast.supervisor).get("/forecasts?export=csv").get_data(as_text=True)
    assert browser.of(cast.supervisor).get("/forecasts?month=nonsense").status_code == 404


def test_the_pages_ask_few_statements(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(12):
        project = make_project(session, cast.sales1, name=f"Site {number}")
        expect(session, project, 100, TODAY + timedelta(days=number), cast.sales1)
    client = browser.of(cast.supervisor)
    for address in ("/forecasts", f"/projects/{project.id}/forecast"):
        with counted_queries() as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= BUDGET, address
