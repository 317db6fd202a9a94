"""GET and POST /projects/<id>/log: a visit is logged once, whole or not at all; the answer tells what changed."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.gallery.making import photo
from tests.matrix.making import STANDARD, building_of, draft, log_form, meet_exits, text_of
from tests.rows import count
from tracker import clock
from tracker.errors import AlreadyDone, Forbidden
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.matrix.models import Evidence, Move, Record, RecordContact, RecordHint, Submission
from tracker.matrix.operations import submissions
from tracker.matrix.operations.records import log_record
from tracker.parties.models import Contact
from tracker.projects.models import ProjectContact
from tracker.projects.operations import open_project
from tracker.projects.operations.opening import ProjectDraft
from tracker.storage import FolderStorage

PAGE_BUDGET = 8  # statements, signing in included
POST_BUDGET = 25
CELL = STANDARD.cell("map", "structure")


def answer_of(page: str) -> str:
    """What the page says was changed by logging."""
    found = re.search(r'<section class="answer".*?</section>', page, re.DOTALL)
    return text_of(found.group(0)) if found else ""


def test_the_form_comes_filled_with_the_present_cell_and_today(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get(f"/projects/{project.id}/log").get_data(as_text=True)
    assert 'name="phase" type="hidden" value="map"' in page and 'name="step" type="hidden" value="structure"' in page
    assert 'value="2026-03-16"' in page and '<option selected value="site_visit">' in page
    assert re.search(r'name="token" type="hidden" value="[\w-]{20,}"', page)
    for hint in CELL.hints:
        assert text_of(page).count(hint.text.en.replace("'", "&#39;")) == 2  # beside the form, and to tick
    assert len(asked) <= PAGE_BUDGET
    fragment = client.get(f"/projects/{project.id}/log", headers=HTMX).get_data(as_text=True)
    assert "<html" not in fragment and 'id="log-form"' in fragment
    other = client.get(f"/projects/{project.id}/log?phase=qualify&step=ground").get_data(as_text=True)
    assert 'name="step" type="hidden" value="ground"' in other
    assert client.get(f"/projects/{project.id}/log?phase=qualify&step=attic").status_code == 404


def test_a_visit_is_logged_with_everything_that_was_tapped(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    contact = make_contact(session, make_party(session))
    shown = make_photo(session, cast.sales1, taken_on=clock.today())
    session.commit()
    task, hint = CELL.tasks[0], CELL.hints[0]
    sent = log_form(
        building_of(session, project),
        kind="office_visit",
        text="  The owner decides in May.  ",
        hints=[hint.id],
        closes=[task.id],
        met=[str(contact.id)],
        photos=[shown.token],
        next_step="Send the comparison",
        next_on="2026-03-20",
    )
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent)
    record = session.scalars(select(Record)).one()
    assert (answer.status_code, answer.location) == (303, f"/projects/{project.id}?logged={record.id}")
    assert (record.text, record.kind, record.phase, record.step) == (
        "The owner decides in May.",
        "office_visit",
        "map",
        "structure",
    )
    assert (record.next_step, record.next_on) == ("Send the comparison", date(2026, 3, 20))
    assert session.scalars(select(RecordHint.hint_id)).all() == [hint.id]
    assert session.scalars(select(Evidence.target)).all() == [task.id]
    assert session.scalars(select(RecordContact.contact_id)).all() == [contact.id]
    assert session.scalars(select(ProjectContact.last_met_on)).all() == [clock.today()]
    assert shown.record_id == record.id and (shown.phase, shown.step) == ("map", "structure")


def test_the_answer_shows_the_cell_what_was_closed_and_the_next_useful_thing(
    session: Session, cast: Cast, browser: Browser
) -> None:
    plain = {"name": "Tower", "kind": "residential_fitted", "route": "design_led", "categories": ("tiles",)}
    project = open_project(session, ProjectDraft(phase="map", step="tender", **plain), by=cast.sales1)  # type: ignore[arg-type]
    session.commit()
    contact = make_contact(session, make_party(session))
    tasks = STANDARD.cell("map", "tender").tasks
    task = next(task for task in tasks if task.evidence == "contact")
    client = browser.of(cast.sales1)
    sent = log_form(building_of(session, project), step="tender", closes=[task.id], met=[str(contact.id)])
    page = client.post(f"/projects/{project.id}/log", data=sent, follow_redirects=True).get_data(as_text=True)
    said = answer_of(page)
    assert f"Logged in {STANDARD.cell_name('map', 'tender').en}" in text_of(page)
    assert task.text.en.replace("'", "&#39;") in said and "weak" not in said
    cell = re.search(r'id="cell-map-tender">.*?</td>', page, re.DOTALL)
    assert cell is not None and f"1/{len(tasks)}" in text_of(cell.group(0)).replace(" ", "")
    useful = re.search(r'<p class="useful">.*?</p>', page, re.DOTALL)
    assert useful is not None and f"/projects/{project.id}/cells/" in useful.group(0)


def test_a_proof_of_another_kind_is_called_weak_in_the_answer(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="ground")
    sent = log_form(building_of(session, project), phase="qualify", step="ground", closes=["X.qualify.progress_proved"])
    page = browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent, follow_redirects=True)
    said = answer_of(page.get_data(as_text=True))
    assert "weak proof" in said and "G19" in said


@pytest.mark.parametrize(
    ("step", "told"), [("masonry", ["Construction progress is now"]), ("fitout", ["G11", "G46", "missed records"])]
)
def test_accepted_progress_and_the_remarks_on_it_stand_in_the_answer(
    session: Session, cast: Cast, browser: Browser, step: str, told: list[str]
) -> None:
    project = make_project(session, cast.sales1, phase="specify", since=date(2026, 1, 5))
    seen = make_photo(session, cast.sales1, taken_on=clock.today() - timedelta(days=2))
    session.commit()
    sent = log_form(building_of(session, project), phase="specify", progress=step, photos=[seen.token], floor="4")
    page = browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent, follow_redirects=True)
    said = answer_of(page.get_data(as_text=True))
    assert all(words in said for words in told)
    building = building_of(session, project)
    session.refresh(building)
    assert (building.step, building.step_since, building.floor) == (step, clock.today() - timedelta(days=2), 4)


def test_a_visit_entered_late_says_so_in_the_answer(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, since=clock.today() - timedelta(days=90))
    sent = log_form(building_of(session, project), on="2026-02-20")
    page = browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent, follow_redirects=True)
    assert "G15" in answer_of(page.get_data(as_text=True))


def test_an_answer_belongs_to_its_project_and_to_who_may_see_it(session: Session, cast: Cast, browser: Browser) -> None:
    project, other = (make_project(session, cast.sales1, dealer=cast.xinyuan) for _ in range(2))
    record = log_record(session, project, draft(), by=cast.sales1).record
    session.commit()
    for person, where, shown in (
        (cast.sales1, project, True),
        (cast.sales1, other, False),
        (cast.dealer1, project, False),
    ):
        page = browser.of(person).get(f"/projects/{where.id}?logged={record.id}").get_data(as_text=True)
        assert bool(answer_of(page)) is shown
    for nonsense in ("0", "-1", "99999999999999999999", "x", "1%00"):
        assert browser.of(cast.sales1).get(f"/projects/{project.id}?logged={nonsense}").status_code == 200


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_second_press_logs_nothing_and_leads_to_the_first_one_s_answer(
    session: Session, cast: Cast, browser: Browser, headers: dict[str, str]
) -> None:
    project = make_project(session, cast.sales1)
    client = browser.of(cast.sales1)
    sent = log_form(building_of(session, project), token="the-same-form")
    answers = [client.post(f"/projects/{project.id}/log", data=sent, headers=headers) for _ in range(2)]
    record = session.scalars(select(Record)).one()
    target = f"/projects/{project.id}?logged={record.id}"
    for answer in answers:
        assert answer.status_code == (204 if headers else 303)
        assert (answer.headers.get("HX-Redirect") if headers else answer.location) == target


def test_the_token_of_a_form_is_taken_once_and_leads_to_what_it_made(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    record = log_record(session, project, draft(token="at-once"), by=cast.sales1).record
    with pytest.raises(AlreadyDone) as done:
        submissions.claim(session, "at-once", cast.sales1)
    assert done.value.details == record.id
    assert session.get_one(Submission, "at-once").record_id == record.id


def test_pictures_in_the_form_itself_are_logged_without_scripts(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, since=date(2026, 1, 5))
    files = [(io.BytesIO(photo(taken="2026:03:15 09:00:00")), "a.jpg"), (io.BytesIO(photo()), "b.jpg")]
    sent = log_form(building_of(session, project), progress="masonry", files=files)
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent).status_code == 303
    session.refresh(project)
    assert (project.step, project.step_since) == ("masonry", date(2026, 3, 15))
    assert sorted(session.scalars(select(Photo.taken_from))) == ["exif", "stated"]  # type: ignore[type-var]
    assert session.scalars(select(Move.proof)).all() == ["exif"]


def test_somebody_new_is_met_within_the_form(session: Session, cast: Cast, browser: Browser) -> None:
    known = make_party(session, "Hengyue Land Co., Ltd.")
    project = make_project(session, cast.sales1)
    sent = log_form(
        building_of(session, project),
        new_contact_name=" Wang Li ",
        new_contact_firm="hengyue land",
        new_contact_post="Cost lead",
    )
    page = browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent, follow_redirects=True)
    contact = session.scalars(select(Contact)).one()
    assert (contact.name, contact.post, contact.party_id) == ("Wang Li", "Cost lead", known.id)
    assert session.scalars(select(RecordContact.contact_id)).all() == [contact.id]
    assert session.scalars(select(ProjectContact.last_met_on)).all() == [clock.today()]
    assert "Wang Li" in page.get_data(as_text=True)


def test_a_plan_moves_no_building_proves_nothing_and_states_no_meeting(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    contact = make_contact(session, make_party(session))
    shown = make_photo(session, cast.sales1, taken_on=clock.today())
    planned = draft(
        is_plan=True,
        on=clock.today() + timedelta(days=3),
        progress="masonry",
        closes=(CELL.tasks[0].id,),
        met=(contact.id,),
        photos=(shown.token,),
    )
    logged = log_record(session, project, planned, by=cast.sales1)
    assert (project.step, logged.closed, logged.progress) == ("structure", (), None)
    assert count(session, Evidence) == 0
    assert session.scalars(select(ProjectContact.last_met_on)).all() == []


def test_logging_asks_little_of_the_database(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    contact = make_contact(session, make_party(session))
    meet_exits(session, project, "map")
    client = browser.of(cast.sales1)
    sent = log_form(
        building_of(session, project),
        hints=[hint.id for hint in CELL.hints],
        closes=[task.id for task in CELL.tasks],
        met=[str(contact.id)],
        token="counted",
    )
    with counted_queries() as asked:
        assert client.post(f"/projects/{project.id}/log", data=sent).status_code == 303
    assert len(asked) <= POST_BUDGET, asked


def test_naughty_text_is_kept_as_it_was_typed(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    naughty = "'; DROP TABLE record; -- <script>alert(1)</script> ${7*7} ％ 田中さん 𝕏 \u202etxt \x07"
    sent = log_form(building_of(session, project), text=naughty + "\x00")
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent).status_code == 303
    assert session.scalars(select(Record.text)).one() == naughty.strip()
    page = browser.of(cast.sales1, "zh").get(f"/projects/{project.id}").get_data(as_text=True)
    assert "<script>alert" not in page and "DROP TABLE" in page


def test_the_floor_reached_is_kept_also_where_the_step_is_the_same(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    building = building_of(session, project)
    client = browser.of(cast.sales1)
    for floor, progress in (("6", ""), ("7", "structure")):
        sent = log_form(building, floor=floor, progress=progress)
        assert client.post(f"/projects/{project.id}/log", data=sent).status_code == 303
        session.refresh(building)
        assert (building.step, building.floor) == ("structure", int(floor))
    log_record(session, project, draft(floor=9, is_plan=True), by=cast.sales1)
    assert building.floor == 7
    told = [event.data["floor"] for event in session.scalars(select(Event).where(Event.kind == Kind.RECORD_LOGGED))]
    assert told == [6, 7, None]
    with pytest.raises(Forbidden):
        log_record(session, project, draft(floor=8), by=cast.dealer1)
