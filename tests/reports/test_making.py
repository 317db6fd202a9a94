"""Reports are made of records alone, of everybody, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.annotations.making import said
from tests.cast import Cast
from tests.client import counted_queries
from tests.reports.making import LAST_WEEK, MONDAY, busy_week, made, on, report_of, section
from tracker import clock
from tracker.annotations.models import Annotation
from tracker.contacts.operations.forgetting import forget_contact
from tracker.errors import Forbidden, Refused
from tracker.i18n import speaking
from tracker.matrix.models import Record
from tracker.notifications.models import DueThing
from tracker.parties.models import Contact
from tracker.reports.models import Report, ReportRun
from tracker.reports.operations.making import make_due
from tracker.reports.operations.remarking import arrange, remark
from tracker.reports.periods import Period, last_gone_out, period_of
from tracker.reports.queries.kept import get_report, get_subject
from tracker.reports.reading import read
from tracker.reports.sections import default_sections


def test_a_week_is_told_from_records_alone(session: Session, cast: Cast) -> None:
    project = busy_week(session, cast)
    made(session)
    report = report_of(session, f"person:{cast.sales1.id}")
    assert (report.starts_on, report.ends_on) == (LAST_WEEK, MONDAY - timedelta(days=1))
    figures = {one["key"]: one for one in report.content["figures"]}
    assert {key: figures[key]["n"] for key in ("visits", "met", "moves", "leads", "photos", "lost", "won")} == {
        "visits": 1, "met": 2, "moves": 1, "leads": 1, "photos": 1, "lost": 1, "won": 0,
    }  # fmt: skip
    (visit,) = section(report, "visits")["lines"]
    assert visit["to"][0] == "record" and visit["args"]["met"] == {"list": ["Wang Li", "Zhao Min"]}
    (lost,) = section(report, "outcomes")["lines"]
    assert lost["to"] == ["outcome", project.id] and lost["args"]["winner"] == "Bolin"
    assert section(report, "plan")["lines"][0]["args"]["text"] == "Call again"
    assert section(report, "promises")["lines"][0]["say"] == "kept"


def test_every_sentence_leads_to_its_record_and_reads_in_both_languages(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    made(session)
    report = get_report(session, cast.sales1, report_of(session, f"person:{cast.sales1.id}").id)
    said = {}
    for language in ("zh", "en"):
        with speaking(language):
            seen = read(report, None)
            lines = [line for one in seen.sections for line in one.lines]
            assert lines and all(line.path.startswith("/") and line.text for line in lines)
            said[language] = "\n".join(line.text for line in lines)
    assert "met Wang Li, Zhao Min: Met the buyer on site." in said["en"]
    assert "Reason: Price above the winner" in said["en"]
    assert "价格高于中标价" in said["zh"] and "%(" not in said["zh"] + said["en"]


def test_who_logged_nothing_is_said_plainly(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    made(session)
    (line,) = section(report_of(session, f"person:{cast.sales2.id}"), "silence")["lines"]
    assert line["say"] == "nothing" and line["args"]["n"] == {"n": 5}
    team = section(report_of(session, f"team:{cast.north.id}"), "silence")["lines"]
    assert {one["args"]["name"]: one["say"] for one in team}["Sales1"] == "silent"


def test_a_team_tells_of_each_person_and_adds_up_what_they_did(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    busy_week(session, cast, by=cast.sales2, name="Canal House")
    made(session)
    team = report_of(session, f"team:{cast.north.id}")
    assert {one["key"]: one["n"] for one in team.content["figures"]}["visits"] == 2
    people = {one["args"]["name"]: one for one in section(team, "people")["lines"]}
    assert people["Sales1"]["args"]["visits"] == {"n": 1} and "Supervisor2" not in people
    company = report_of(session, f"team:{cast.company.id}")
    assert {one["key"]: one["n"] for one in company.content["figures"]}["visits"] == 2
    region = report_of(session, f"region:{cast.region_south.id}")
    assert {one["key"]: one["n"] for one in region.content["figures"]}["visits"] == 0


def test_nothing_goes_out_before_eight_and_then_once(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    assert last_gone_out("week", on(MONDAY, 7)).starts_on == LAST_WEEK - timedelta(days=7)
    assert last_gone_out("week", on(MONDAY, 8)).starts_on == LAST_WEEK
    first = made(session, on(MONDAY, 9))
    assert first > 0 and made(session, on(MONDAY, 10)) == 0
    assert made(session, on(MONDAY + timedelta(days=1), 9)) > 0, "the next day has a day's reports"


def test_days_that_went_by_while_nobody_ran_are_made_afterwards(session: Session, cast: Cast) -> None:
    made(session, on(MONDAY, 9))
    made(session, on(MONDAY + timedelta(days=3), 9))
    days = session.scalars(select(ReportRun.starts_on).where(ReportRun.period == "day").order_by(ReportRun.starts_on))
    assert list(days) == [MONDAY + timedelta(days=number) for number in (-1, 0, 1, 2)]


def test_a_report_stays_as_it_was_sent(session: Session, cast: Cast) -> None:
    project = busy_week(session, cast)
    made(session)
    before = report_of(session, f"person:{cast.sales1.id}").content
    project.name = "Renamed"
    session.commit()
    with pytest.raises(StopIteration):
        next(number for number in make_due(session, clock.now()) if number)
    session.expire_all()
    assert report_of(session, f"person:{cast.sales1.id}").content == before


def test_remarks_are_added_until_it_goes_out_and_it_goes_out_on_time_anyway(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    week = Period("week", LAST_WEEK)
    subject, _people = get_subject(session, cast.sales1, f"person:{cast.sales1.id}")
    with clock.frozen(on(MONDAY, 7)):
        with pytest.raises(Forbidden):
            remark(session, subject, week, "He is lazy", by=cast.supervisor)
        remark(session, subject, week, "The tender slips.", by=cast.sales1)
        session.commit()
        assert made(session) >= 0
        assert session.scalar(select(Report.state).where(Report.user_id == cast.sales1.id)) == "open"
    made(session, on(MONDAY, 8))
    report = report_of(session, f"person:{cast.sales1.id}")
    assert report.remarks == "The tender slips." and report.state == "sent" and report.content["figures"]
    with pytest.raises(Refused):
        remark(session, subject, week, "Too late", by=cast.sales1)


def test_the_administrator_arranges_which_sections_a_kind_has(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    with pytest.raises(Forbidden):
        arrange(session, "person/week", ["visits"], by=cast.supervisor)
    with pytest.raises(Refused):
        arrange(session, "person/week", ["people"], by=cast.admin)
    arrange(session, "person/week", ["work", "visits", "nonsense", "work"], by=cast.admin)
    made(session)
    keys = [one["key"] for one in report_of(session, f"person:{cast.sales1.id}").content["sections"]]
    assert keys == ["work", "visits"]
    assert set(default_sections("team/week")) - set(default_sections("person/week")) == {"people"}


def test_who_is_forgotten_is_forgotten_by_reports_and_annotations_too(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    made(session)
    record = session.scalars(select(Record).order_by(Record.id)).first()
    asked = said(session, "record", record, by=cast.supervisor, to=cast.sales1, text="What did Wang Li say?")
    contact = session.scalars(select(Contact).where(Contact.name == "Wang Li")).one()
    forget_contact(session, contact, by=cast.admin, reason="He asked on 1 March.")
    session.commit()
    session.expire_all()
    texts = [str(one.content) for one in session.scalars(select(Report))]
    texts += [session.get_one(Annotation, asked.id).text, *session.scalars(select(DueThing.en))]
    assert not any("Wang Li" in text for text in texts) and any("Zhao Min" in text for text in texts)


def test_as_many_statements_for_many_people_as_for_few(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    with counted_queries() as few:
        made(session)
    for number in range(12):
        busy_week(session, cast, by=cast.sales2, name=f"Site {number}")
    session.query(ReportRun).delete()
    session.query(Report).delete()
    session.commit()
    with counted_queries() as many:
        made(session)
    reports = session.scalar(select(func.count()).select_from(Report)) or 0
    assert reports > 20 and len(many) <= len(few) + 2


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [("day", "2026-03-16", "2026-03-16", "2026-03-16"), ("week", "2026-03-22", "2026-03-16", "2026-03-22"),
     ("month", "2026-02-10", "2026-02-01", "2026-02-28"), ("month", "2026-12-31", "2026-12-01", "2026-12-31")],
)  # fmt: skip
def test_periods_have_their_days(kind: str, day: str, first: str, last: str) -> None:
    from datetime import date

    period = period_of(kind, date.fromisoformat(day))
    assert (period.starts_on.isoformat(), period.ends_on.isoformat()) == (first, last)
    assert period.next.previous == period and period.previous.next == period
