"""The pages of reports: who reads which, the rows behind figures, remarks, subscriptions, papers, mails."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.annotations.making import said
from tests.annotations.test_mail import send_all, smtp
from tests.calendar.making import make_plan
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project
from tests.reports.making import LAST_WEEK, MONDAY, busy_week, made, on, report_of
from tracker import clock
from tracker.gallery.models import Photo
from tracker.gallery.operations import derived_key
from tracker.notifications.models import OutboxMail
from tracker.reports.models import Report, ReportDelivery, ReportForm
from tracker.reports.operations.subscribing import Wish, deliver_reports, list_wishes, subscribe, unsubscribe
from tracker.storage import FolderStorage

BUDGET = 14  # statements of a list, signing in included
LIVE_BUDGET = 36  # of a report as it would be now, however many sites it is about


def week_of(key: str, day=LAST_WEEK) -> str:
    return f"/reports/of/{key}/week/{day.isoformat()}"


def test_each_reads_his_own_and_those_of_whom_he_leads_and_nobody_else(
    session: Session, cast: Cast, browser: Browser
) -> None:
    busy_week(session, cast)
    made(session)
    person, team = report_of(session, f"person:{cast.sales1.id}"), report_of(session, f"team:{cast.north.id}")
    company = report_of(session, f"team:{cast.company.id}")
    reads = {
        "sales1": (200, 404, 404), "sales2": (404, 404, 404), "supervisor": (200, 200, 404),
        "supervisor2": (404, 404, 404), "director": (200, 200, 200), "technical": (404, 404, 404),
        "dealer1": (404, 404, 404), "compliance": (200, 200, 200),
    }  # fmt: skip
    for name, wanted in reads.items():
        client = browser.of(cast.users[name])
        kept = tuple(client.get(f"/reports/{one.id}").status_code for one in (person, team, company))
        keys = [f"person:{cast.sales1.id}", f"team:{cast.north.id}", f"team:{cast.company.id}"]
        live = tuple(client.get(week_of(key, MONDAY)).status_code for key in keys)
        assert (name, kept, live) == (name, wanted, wanted)


def test_a_sent_report_stands_on_its_page_and_in_the_list(session: Session, cast: Cast, browser: Browser) -> None:
    project = busy_week(session, cast)
    made(session)
    report, client = report_of(session, f"person:{cast.sales1.id}"), browser.of(cast.sales1)
    page = client.get(week_of(f"person:{cast.sales1.id}"), follow_redirects=True).get_data(as_text=True)
    assert "Kept as it was sent" in page and f'href="/projects/{project.id}/outcome"' in page
    assert "Wang Li, Zhao Min" in page and "lost to" in page
    listed = client.get("/reports").get_data(as_text=True)
    assert f'href="/reports/{report.id}"' in listed and "Weekly report" in listed
    chinese = browser.of(cast.sales1, "zh").get(f"/reports/{report.id}").get_data(as_text=True)
    assert "价格高于中标价" in chinese and "Reason" not in chinese


def test_each_figure_equals_the_rows_behind_it(session: Session, cast: Cast, browser: Browser) -> None:
    busy_week(session, cast)
    busy_week(session, cast, by=cast.sales2, name="Canal House")
    made(session)
    report, client = report_of(session, f"team:{cast.north.id}"), browser.of(cast.supervisor)
    checked = 0
    for one in report.content["sections"]:
        answer = client.get(f"{week_of(f'team:{cast.north.id}')}/{one['key']}")
        if answer.status_code == 404:
            continue
        (rows,) = re.findall(r'data-rows="(\d+)"', answer.get_data(as_text=True))
        assert int(rows) == one["n"], one["key"]
        checked += 1
    assert checked >= 7


def test_a_site_that_the_reader_does_not_see_has_no_name(session: Session, cast: Cast, browser: Browser) -> None:
    project = busy_week(session, cast, name="Secret Tower")
    made(session)
    project.owner_id, project.team_id = cast.sales3.id, cast.south.id
    session.commit()
    report = report_of(session, f"person:{cast.sales1.id}")
    page = browser.of(cast.supervisor).get(f"/reports/{report.id}").get_data(as_text=True)
    assert "Secret Tower:" not in page and "a site of others" in page and "Met the buyer" not in page


def test_remarks_are_written_on_the_page_before_it_goes_out(session: Session, cast: Cast, browser: Browser) -> None:
    busy_week(session, cast)
    mine, boss, key = browser.of(cast.sales1), browser.of(cast.supervisor), f"person:{cast.sales1.id}"
    address = week_of(key, MONDAY)
    assert 'name="remarks"' in mine.get(address).get_data(as_text=True)
    assert 'name="remarks"' not in boss.get(address).get_data(as_text=True)
    assert boss.post(address, data={"remarks": "x"}).status_code == 403
    assert mine.post(address, data={"remarks": "x" * 4001}).status_code == 422
    assert mine.post(address, data={"remarks": "The tender slips."}).status_code == 303
    assert "The tender slips." in boss.get(address).get_data(as_text=True)
    assert mine.post(week_of(key), data={"remarks": "x"}).status_code == 422, "last week's has gone out"
    assert mine.get(f"/reports/of/{key}/year/2026-03-16").status_code == 404
    assert mine.get(f"/reports/of/{key}/week/nonsense").status_code == 404


def test_a_supervisor_annotates_a_report(session: Session, cast: Cast, browser: Browser) -> None:
    busy_week(session, cast)
    made(session)
    report = report_of(session, f"person:{cast.sales1.id}")
    said(session, "report", report, by=cast.supervisor, to=cast.sales1, text="Why so few visits?")
    assert "Why so few visits?" in browser.of(cast.sales1).get(f"/reports/{report.id}").get_data(as_text=True)
    assert browser.of(cast.sales2).get("/annotations?which=all").get_data(as_text=True).count("Why so few") == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_comes_as_paper_and_workbook_in_either_language(
    session: Session, cast: Cast, browser: Browser, language: str
) -> None:
    busy_week(session, cast)
    made(session)
    client = browser.of(cast.supervisor, "zh" if language == "en" else "en")
    address = f"{week_of(f'team:{cast.north.id}')}/file."
    pdf = client.get(f"{address}pdf?in={language}")
    with pypdfium2.PdfDocument(pdf.data) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    assert pdf.mimetype == "application/pdf" and "North sales" in text
    assert ("Won and lost" in text) is (language == "en") and ("赢单与丢单" in text) is (language == "zh")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}xlsx?in={language}").data)).active
    rows = list(sheet.values)
    assert ("Section" if language == "en" else "部分") == rows[0][0] and len(rows) > 10
    assert any(str(row[4]).startswith("http") and "/records/" in str(row[4]) for row in rows)
    assert client.get(f"{address}docx").status_code == 404


def test_supervisors_get_their_teams_by_default_and_choose_otherwise(session: Session, cast: Cast) -> None:
    cast.north.supervisor_id = cast.supervisor.id
    session.commit()
    key = f"team:{cast.north.id}"
    assert {(one.subject, one.period) for one in list_wishes(session, cast.supervisor.id)} == {
        (key, "day"), (key, "week"), (key, "month"),
    }  # fmt: skip
    unsubscribe(session, key, "day", by=cast.supervisor)
    subscribe(session, Wish(cast.supervisor.id, key, "week", day=3, hour=18), by=cast.supervisor)
    found = {one.period: (one.day, one.hour, one.chosen) for one in list_wishes(session, cast.supervisor.id)}
    assert found == {"week": (3, 18, True), "month": (1, 8, False)}


def test_mails_go_to_whom_wants_them_on_the_chosen_day_and_hour_with_pictures(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    from PIL import Image

    busy_week(session, cast)
    cast.north.supervisor_id, cast.supervisor.email = cast.supervisor.id, "boss@anhe.example"
    photo = session.scalars(select(Photo)).one()
    picture = io.BytesIO()
    Image.new("RGB", (320, 240), "grey").save(picture, "JPEG")
    media.put(derived_key(photo.token, "320"), picture.getvalue())
    session.commit()
    key = f"team:{cast.north.id}"
    for period in ("day", "month"):
        unsubscribe(session, key, period, by=cast.supervisor)
    subscribe(session, Wish(cast.supervisor.id, key, "week", day=2, hour=9), by=cast.supervisor)
    session.commit()
    made(session)

    def deliver(moment) -> int:
        done = 0
        for number in deliver_reports(session, moment):
            session.commit()
            done += number
        return done

    assert deliver(on(MONDAY, 20)) == 0
    tuesday = MONDAY + timedelta(days=1)
    assert (deliver(on(tuesday, 8)), deliver(on(tuesday, 9)), deliver(on(tuesday, 10))) == (0, 1, 0)
    with smtp() as (server, mailing):
        assert send_all(session, mailing) == ["sent"]
    (mail,) = server.received
    assert mail["Subject"] == "Weekly report: North sales, 9 Mar to 15 Mar"
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert "https://tracker.example/records/" in text.get_content() and "<h2>Won and lost" in html.get_content()
    (cid,) = re.findall(r'src="cid:([^"]+)"', html.get_content())
    images = [part for part in mail.walk() if part.get_content_type() == "image/jpeg"]
    assert [part["Content-ID"] for part in images] == [f"<{cid}>"] and images[0].get_content() == picture.getvalue()


def test_who_may_not_read_it_any_more_is_not_mailed(session: Session, cast: Cast) -> None:
    busy_week(session, cast)
    cast.north.supervisor_id, cast.supervisor.email = cast.supervisor.id, "boss@anhe.example"
    made(session)
    for _number in deliver_reports(session, clock.now()):
        session.commit()
    assert session.scalars(select(ReportDelivery)).all() and session.scalars(select(OutboxMail)).all()
    cast.supervisor.team_id = cast.south.id
    session.commit()
    with smtp() as (server, mailing):
        assert set(send_all(session, mailing)) == {"dropped"}
    assert server.received == []


def test_subscriptions_are_chosen_and_ended_on_their_page(session: Session, cast: Cast, browser: Browser) -> None:
    cast.north.supervisor_id = cast.supervisor.id
    session.commit()
    client = browser.of(cast.supervisor)
    data = {"subject": f"person:{cast.sales1.id}", "period": "week", "weekday": "5", "monthday": "1", "hour": "17"}
    assert client.post("/reports/subscriptions", data=data).status_code == 303
    page = client.get("/reports/subscriptions").get_data(as_text=True)
    assert "Friday, 17:00" in page and "because you lead this team" in page
    foreign = {**data, "subject": f"person:{cast.sales3.id}"}
    assert client.post("/reports/subscriptions", data=foreign).status_code == 422
    assert client.post("/reports/subscriptions", data={**data, "hour": "3"}).status_code == 422
    ended = {"subject": f"team:{cast.north.id}", "period": "day"}
    assert client.post("/reports/subscriptions/end", data=ended).status_code == 303
    assert {one.period for one in list_wishes(session, cast.supervisor.id)} == {"week", "month"}


def test_who_leads_people_chooses_also_what_they_get_and_they_may_end_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.supervisor)
    data = {"reader": cast.sales1.id, "subject": f"person:{cast.sales1.id}", "period": "week", "weekday": "1",
            "monthday": "1", "hour": "9"}  # fmt: skip
    assert client.post("/reports/subscriptions", data=data).status_code == 303
    assert [one.subject for one in list_wishes(session, cast.sales1.id)] == [data["subject"]]
    assert "What others get by your choice" in client.get("/reports/subscriptions").get_data(as_text=True)
    refused = client.post("/reports/subscriptions", data={**data, "subject": f"person:{cast.sales2.id}"})
    assert refused.status_code == 422 and "does not read these reports" in refused.get_data(as_text=True)
    assert client.post("/reports/subscriptions", data={**data, "reader": cast.sales3.id}).status_code == 422
    own = browser.of(cast.sales1)
    ended = {"subject": data["subject"], "period": "week"}
    assert own.post("/reports/subscriptions/end", data={**ended, "reader": cast.supervisor.id}).status_code == 404
    assert own.post("/reports/subscriptions/end", data=ended).status_code == 303
    assert list_wishes(session, cast.sales1.id) == []


def test_the_administrator_arranges_the_form(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.admin)
    assert "What moved in the matrix" in client.get("/admin/reports").get_data(as_text=True)
    sent = client.post("/admin/reports/person/week", data={"work": "2", "visits": "1", "moves": "", "late": "x"})
    assert sent.status_code == 303
    assert session.get_one(ReportForm, "person/week").sections == ["visits", "work"]
    assert client.post("/admin/reports/person/year", data={"work": "1"}).status_code == 422
    assert browser.of(cast.supervisor).get("/admin/reports").status_code == 404


def test_the_pages_ask_few_statements_however_much_there_is(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(6):
        busy_week(session, cast, name=f"Site {number}")
    made(session)
    client, key = browser.of(cast.supervisor), f"team:{cast.north.id}"
    report = report_of(session, key)
    pages = {"/reports": BUDGET, f"/reports/{report.id}": BUDGET, "/reports/subscriptions": BUDGET,
             week_of(key, MONDAY): LIVE_BUDGET, f"{week_of(key)}/visits": LIVE_BUDGET,
             f"/people/{cast.sales1.id}/work": LIVE_BUDGET + 12, f"/people/{cast.sales1.id}": 8}  # fmt: skip
    for address, budget in pages.items():
        with counted_queries() as asked:
            assert client.get(address).status_code == 200, address
        assert len(asked) <= budget, (address, len(asked))


def test_the_summary_of_a_project_comes_by_mail_to_whom_chose_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = busy_week(session, cast)
    cast.sales1.email = "sales1@anhe.example"
    session.commit()
    client, key = browser.of(cast.sales1), f"project:{project.id}"
    assert f"/reports/subscriptions?subject={key}" in client.get(week_of(key)).text.replace("%3A", ":")
    page = client.get(f"/reports/subscriptions?subject={key}").text
    assert f'value="{key}"' in page and "Project: Riverside Tower" in page
    sent = {"subject": key, "period": "week", "weekday": "1", "monthday": "1", "hour": "8",
            "reader": str(cast.sales1.id)}  # fmt: skip
    assert client.post("/reports/subscriptions", data=sent).status_code == 303
    assert "Riverside Tower" in client.get("/reports/subscriptions").text
    hidden = {**sent, "reader": str(cast.sales2.id)}
    assert browser.of(cast.sales2).post("/reports/subscriptions", data=hidden).status_code == 422
    made(session)
    for _number in deliver_reports(session, clock.now()):
        session.commit()
    with smtp() as (server, mailing):
        assert send_all(session, mailing) == ["sent"]
    assert "Riverside Tower" in server.received[0]["Subject"]


def test_a_persons_page_shows_his_work_to_himself_and_who_leads_him(
    session: Session, cast: Cast, browser: Browser
) -> None:
    busy_week(session, cast)
    address = f"/people/{cast.sales1.id}/work"
    page = browser.of(cast.supervisor).get(address).get_data(as_text=True)
    assert "Asked for the tender date." in page and "Call again" in page and "Open promises" in page
    assert browser.of(cast.sales1).get(address).status_code == 200
    assert browser.of(cast.sales2).get(address).status_code == 404
    assert browser.of(cast.dealer1).get(address).status_code == 404
    assert address in browser.of(cast.supervisor).get(f"/people/{cast.sales1.id}").get_data(as_text=True)
    make_plan(session, cast.sales1, make_project(session, cast.sales1), days=2, text="Measure the lobby")
    assert "Measure the lobby" in browser.of(cast.supervisor).get(address).get_data(as_text=True)
    assert session.scalars(select(Report)).all() == []
