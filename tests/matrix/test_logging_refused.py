"""POST /projects/<id>/log refused: by a rule, a value, a file or a full disk; nothing that was typed is lost."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.gallery.making import photo
from tests.matrix.making import STANDARD, building_of, draft, log_form
from tests.rows import count
from tracker import clock
from tracker.errors import Forbidden, Invalid
from tracker.gallery.models import Photo
from tracker.matrix.models import Approval, Evidence, Record, RecordContact
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact
from tracker.storage import FolderStorage, StorageFull

CELL = STANDARD.cell("map", "structure")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "   "}, "One sentence, please: what happened?"),
        ({"text": "x" * 10_001}, "That is too long for one record."),
        ({"kind": "party"}, "Choose one of the values in the list."),
        ({"on": ""}, "Write the date as year-month-day"),
        ({"on": "16.3.2026"}, "Write the date as year-month-day"),
        ({"next_step": "y" * 301}, "At most 300 characters, please."),
        ({"next_on": "soon"}, "Write the date as year-month-day"),
        ({"progress": "attic"}, "Choose one of the values in the list."),
        ({"floor": "top"}, "Write a whole number."),
        ({"floor": "1000"}, "A floor is a number between -10 and 300."),
        ({"new_contact_name": "Wang Li"}, "Say which firm this person works at."),
        ({"new_contact_firm": "Hengyue Land"}, "Say whom you met at this firm."),
    ],
)
def test_what_is_refused_keeps_everything_that_was_typed_and_tapped(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, str], said: str
) -> None:
    project = make_project(session, cast.sales1)
    contact = make_contact(session, make_party(session))
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id))
    shown = make_photo(session, cast.sales1)
    session.commit()
    kept = {
        "text": "The crane is up.",
        "next_step": "Call again",
        "hints": [CELL.hints[0].id],
        "closes": [CELL.tasks[0].id],
        "met": [str(contact.id)],
        "photos": [shown.token],
        "token": "kept-token",
    }
    sent = log_form(building_of(session, project), **{**kept, **wrong})
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    for name in ("text", "next_step"):
        assert sent[name] in page
    for value in (CELL.hints[0].id, CELL.tasks[0].id, str(contact.id)):
        assert re.search(rf'value="{re.escape(value)}" checked', page), value
    assert f'name="photos" value="{shown.token}"' in page and 'value="kept-token"' in page
    assert (count(session, Record), count(session, Evidence), count(session, Contact)) == (0, 0, 1)
    assert count(session, Party) == 3  # the two dealers and the contact's


def test_a_broken_picture_is_refused_by_name_while_the_rest_of_the_form_stays(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    good, broken = photo(taken="2026:03:16 09:00:00"), photo()[:200]
    files = [(io.BytesIO(good), "crane.jpg"), (io.BytesIO(broken), "night.jpg")]
    sent = log_form(building_of(session, project), text="The crane is up.", files=files)
    client = browser.of(cast.sales1)
    answer = client.post(f"/projects/{project.id}/log", data=sent)
    page = answer.get_data(as_text=True)
    token = session.scalars(select(Photo.token)).one()
    assert answer.status_code == 422
    assert "night.jpg: the picture" in page and "crane.jpg: " not in page
    assert "The crane is up." in page and f'name="photos" value="{token}"' in page
    again = log_form(building_of(session, project), text="The crane is up.", photos=[token])
    assert client.post(f"/projects/{project.id}/log", data=again).status_code == 303
    assert session.scalars(select(Photo.record_id)).one() == session.scalars(select(Record.id)).one()


def test_a_full_disk_loses_nothing_of_the_form(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(session, cast.sales1)

    def no_room(key: str, _data: bytes) -> None:
        raise StorageFull(key)

    monkeypatch.setattr(media, "put", no_room)
    files = [(io.BytesIO(photo()), "crane.jpg")]
    sent = log_form(building_of(session, project), text="The crane is up.", next_step="Call again", files=files)
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 507
    assert "crane.jpg: the disk is full" in page
    assert "The crane is up." in page and "Call again" in page
    assert (count(session, Record), count(session, Photo)) == (0, 0)


def test_a_contact_of_somebody_else_s_dealing_cannot_be_claimed_as_met(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    ours = make_contact(session, make_party(session))
    logged = log_record(session, project, draft(met=(ours.id, 999_999)), by=cast.dealer1)
    assert session.scalars(select(RecordContact.contact_id)).all() == []
    assert logged.record.author_id == cast.dealer1.id


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_rule_in_the_way_is_named_with_the_way_out_and_the_form_stays(
    session: Session, cast: Cast, browser: Browser, lang: str
) -> None:
    project = make_project(session, cast.sales1)
    sent = log_form(building_of(session, project), text="The crane is up.", on="2026-03-23")
    answer = browser.of(cast.sales1, lang).post(f"/projects/{project.id}/log", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "G17" in page and "The crane is up." in page
    assert {"en": "It can be saved as a plan.", "zh": "改为计划即可保存。"}[lang] in page
    assert 'name="ask_reason"' not in page  # nobody can lift this rule
    assert count(session, Record) == 0


def test_a_stated_progress_is_asked_of_the_supervisor_and_the_visit_is_logged_now(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    bare = make_photo(session, cast.sales1)
    session.commit()
    client = browser.of(cast.sales1)
    sent = log_form(building_of(session, project), progress="masonry", photos=[bare.token], token="asked", floor="3")
    refused = client.post(f"/projects/{project.id}/log", data=sent)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "G12" in page and 'name="ask_reason"' in page
    silent = client.post(f"/projects/{project.id}/log", data={**sent, "action": "ask", "ask_reason": " "})
    assert silent.status_code == 422
    assert "Say why: the request is decided by this sentence." in silent.get_data(as_text=True)
    assert (count(session, Record), count(session, Approval)) == (0, 0)
    asked = client.post(
        f"/projects/{project.id}/log", data={**sent, "action": "ask", "ask_reason": "The phone strips dates."}
    )
    record = session.scalars(select(Record)).one()
    request = session.scalars(select(Approval)).one()
    assert (asked.status_code, asked.location) == (303, f"/projects/{project.id}?logged={record.id}")
    assert (request.state, request.rules, request.reason, request.wish["floor"]) == (
        "open",
        ["G12"],
        "The phone strips dates.",
        3,
    )
    session.refresh(project)
    assert project.step == "structure" and bare.record_id == record.id


def test_what_was_asked_already_is_said_and_the_form_stays(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    client = browser.of(cast.sales1)
    for token in ("one", "two"):
        bare = make_photo(session, cast.sales1)
        session.commit()
        sent = log_form(
            building_of(session, project),
            progress="masonry",
            photos=[bare.token],
            token=token,
            action="ask",
            ask_reason="The phone strips dates.",
        )
        answer = client.post(f"/projects/{project.id}/log", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This has been asked already" in page and "Met the buyer on site." in page
    assert (count(session, Record), count(session, Approval)) == (1, 1)


def test_a_very_late_record_waits_for_the_supervisor_whole(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, since=clock.today() - timedelta(days=200))
    sent = log_form(
        building_of(session, project),
        on="2026-01-05",
        text="Met the owner",
        action="ask",
        ask_reason="My notes were lost",
        new_contact_name="Wang Li",
        new_contact_firm="Hengyue Land",
    )
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/projects/{project.id}")
    request = session.scalars(select(Approval)).one()
    assert request.rules == ["G16"] and RecordDraft.from_json(request.wish["draft"]).text == "Met the owner"
    assert (count(session, Record), count(session, Contact)) == (0, 0)


def test_who_reports_no_progress_is_offered_none(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    client = browser.of(cast.dealer1)
    page = client.get(f"/projects/{project.id}/log").get_data(as_text=True)
    assert 'name="progress"' not in page and 'name="new_contact_name"' not in page
    plain = log_form(building_of(session, project), text="Samples are there")
    without = {key: value for key, value in plain.items() if key not in ("building_id", "progress")}
    assert client.post(f"/projects/{project.id}/log", data=without).status_code == 303
    assert session.scalars(select(Record.author_id)).all() == [cast.dealer1.id]
    with pytest.raises(Forbidden):
        log_record(session, project, draft(progress="masonry"), by=cast.dealer1)


def test_outsiders_log_nothing_and_viewers_are_told_why(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    address, sent = f"/projects/{project.id}/log", log_form(building_of(session, project))
    for person, status in ((cast.sales2, 404), (cast.supervisor2, 404), (cast.dealer1, 404), (cast.compliance, 403)):
        assert browser.of(person).get(address).status_code == status
        assert browser.of(person).post(address, data=sent).status_code == status
    assert browser.of(cast.sales1).put(address).status_code == 405
    assert browser.of(cast.sales1).delete(address).status_code == 405
    assert count(session, Record) == 0


def test_the_building_and_pictures_of_others_cannot_be_used(session: Session, cast: Cast, browser: Browser) -> None:
    project, other = make_project(session, cast.sales1), make_project(session, cast.sales2)
    theirs = make_photo(session, cast.sales2)
    session.commit()
    client = browser.of(cast.sales1)
    wrong = log_form(building_of(session, other))
    assert client.post(f"/projects/{project.id}/log", data=wrong).status_code == 422
    with pytest.raises(Invalid) as refusal:
        log_record(session, project, draft(building_id=building_of(session, other).id), by=cast.sales1)
    assert refusal.value.field == "building_id"
    sent = log_form(building_of(session, project), photos=[theirs.token, "no-such-token"])
    assert client.post(f"/projects/{project.id}/log", data=sent).status_code == 303
    assert theirs.record_id is None


def test_project_rows_are_left_alone_by_a_visit_that_is_refused(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    before = (project.version, project.last_record_on)
    with pytest.raises(Invalid):
        log_record(session, project, draft(text=""), by=cast.sales1)
    session.rollback()
    session.refresh(project)
    assert (project.version, project.last_record_on) == before
    assert session.scalars(select(Project.id)).all() == [project.id]
