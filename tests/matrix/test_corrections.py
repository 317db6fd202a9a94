"""/records/<id> and its correction: the right text takes the place of the wrong one, which is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_project
from tests.matrix.making import draft, text_of
from tests.rows import count
from tracker.events import Event, Kind
from tracker.matrix.models import Correction, Record
from tracker.matrix.operations.records import correct_record, log_record
from tracker.projects.models import Project

BUDGET = 10  # statements, signing in included


def logged(session: Session, cast: Cast, text: str = "Floor 6 of 15") -> Record:
    """A record of sales1 on his own project, which dealer1's company is in."""
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    record = log_record(session, project, draft(text=text), by=cast.sales1).record
    session.commit()
    return record


def form(record: Record, **values: str) -> dict[str, str]:
    plain = {"text": "Floor 7 of 15", "reason": "Counted again", "version": str(record.version)}
    return {**plain, **values}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_correction_keeps_the_old_text_with_who_when_and_why(
    session: Session, cast: Cast, browser: Browser, headers: dict[str, str]
) -> None:
    record = logged(session, cast)
    client = browser.of(cast.sales1)
    assert "Floor 6 of 15" in client.get(f"/records/{record.id}/correct").get_data(as_text=True)
    answer = client.post(f"/records/{record.id}/correct", data=form(record), headers=headers)
    assert answer.status_code == (204 if headers else 303)
    page = client.get(f"/records/{record.id}").get_data(as_text=True)
    said = text_of(page)
    assert "Floor 7 of 15" in said and "What it said before" in said
    assert "Floor 6 of 15" in said and "Counted again" in said and "16 Mar 12:00" in said
    told = session.scalars(select(Event).where(Event.kind == Kind.RECORD_CORRECTED)).one()
    assert (told.data["before"], told.data["reason"], told.by_id) == (
        {"text": "Floor 6 of 15"},
        "Counted again",
        cast.sales1.id,
    )
    project = client.get(f"/projects/{record.project_id}").get_data(as_text=True)
    assert "Floor 6 of 15" not in project and "corrected" in project


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "  "}, "What happened"),
        ({"reason": "  "}, "Say why it is corrected."),
        ({"reason": "x" * 301}, "At most 300 characters, please."),
        ({"text": "x" * 10_001}, "At most 10000 characters, please."),
    ],
)
def test_a_refused_correction_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, str], said: str
) -> None:
    record = logged(session, cast)
    sent = form(record, **wrong)
    answer = browser.of(cast.sales1).post(f"/records/{record.id}/correct", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page and (sent["text"] if "text" not in wrong else sent["reason"]) in page
    session.refresh(record)
    assert (record.text, count(session, Correction)) == ("Floor 6 of 15", 0)


def test_a_stale_correction_shows_what_the_record_says_now(session: Session, cast: Cast, browser: Browser) -> None:
    record = logged(session, cast)
    sent = form(record, text="Floor 8 of 15")
    correct_record(
        session, record, by=cast.supervisor, version=record.version, text="Floor 9 of 15", reason="I was there"
    )
    session.commit()
    client = browser.of(cast.sales1)
    answer = client.post(f"/records/{record.id}/correct", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Floor 9 of 15" in page and "Floor 8 of 15" in page and "Counted again" in page
    assert f'value="{record.version}"' in page
    again = client.post(f"/records/{record.id}/correct", data={**sent, "version": str(record.version)})
    assert again.status_code == 303
    session.refresh(record, ["corrections", "text"])
    assert record.text == "Floor 8 of 15"
    assert [each.before["text"] for each in record.corrections] == ["Floor 6 of 15", "Floor 9 of 15"]


def test_the_second_press_corrects_nothing_more(session: Session, cast: Cast, browser: Browser) -> None:
    record = logged(session, cast)
    client, sent = browser.of(cast.sales1), form(record)
    answers = [client.post(f"/records/{record.id}/correct", data=sent).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert count(session, Correction) == 1


def test_only_the_author_and_his_supervisors_correct(session: Session, cast: Cast, browser: Browser) -> None:
    record = logged(session, cast)
    address = f"/records/{record.id}/correct"
    for person, status in (
        (cast.sales2, 404),
        (cast.supervisor2, 404),
        (cast.dealer1, 404),
        (cast.compliance, 403),
    ):
        assert browser.of(person).get(address).status_code == status
        assert browser.of(person).post(address, data=form(record)).status_code == status
        assert browser.of(person).post(address, data=form(record, text="")).status_code == status
    assert browser.of(cast.sales1).put(address).status_code == 405
    assert browser.of(cast.sales1).delete(f"/records/{record.id}").status_code == 405
    assert browser.of(cast.supervisor).post(address, data=form(record)).status_code == 303


def test_a_dealer_sees_and_corrects_his_own_records_alone(session: Session, cast: Cast, browser: Browser) -> None:
    ours = logged(session, cast)
    project = session.get_one(Project, ours.project_id)
    theirs = log_record(session, project, draft(text="Samples are there"), by=cast.dealer1).record
    session.commit()
    client = browser.of(cast.dealer1)
    assert client.get(f"/records/{ours.id}").status_code == 404
    assert client.get(f"/records/{theirs.id}").status_code == 200
    assert client.post(f"/records/{theirs.id}/correct", data=form(theirs)).status_code == 303
    assert browser.of(cast.dealer2).get(f"/records/{theirs.id}").status_code == 404


def test_a_record_with_many_corrections_asks_little(session: Session, cast: Cast, browser: Browser) -> None:
    record = logged(session, cast)
    for number in range(12):
        version, text = record.version, f"Text {number}"
        correct_record(session, record, by=cast.sales1, version=version, text=text, reason="Again")
    session.commit()
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        page = client.get(f"/records/{record.id}").get_data(as_text=True)
    assert "Text 11" in page and "Text 0" in page
    assert len(asked) <= BUDGET


def test_old_texts_are_shown_as_text(session: Session, cast: Cast, browser: Browser) -> None:
    record = logged(session, cast, "<script>alert(1)</script>")
    sent = form(record, text="<b>bold</b>", reason="<i>why</i>")
    client = browser.of(cast.sales1)
    assert client.post(f"/records/{record.id}/correct", data=sent).status_code == 303
    page = client.get(f"/records/{record.id}").get_data(as_text=True)
    for raw in ("<script>alert", "<b>bold", "<i>why"):
        assert raw not in page
