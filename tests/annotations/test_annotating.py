"""Who leads says something about a piece of work; it stays open until it is answered or withdrawn."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tests.annotations.making import said, visited
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_photo, make_project
from tests.leads.making import make_lead
from tests.registrations.making import handed_in, make_dealer
from tracker.annotations.models import Annotation, AnnotationAnswer, AnnotationPerson
from tracker.annotations.operations import Words, annotate, answer, reopen, withdraw
from tracker.annotations.queries import count_open, get_annotation, list_to_answer, threads_on
from tracker.annotations.things import get_thing, thing_of
from tracker.errors import Forbidden, Invalid, NotFound, Refused
from tracker.handover.operations import Plan, hand_over
from tracker.merging.operations import merge
from tracker.notifications.models import Notification
from tracker.notifications.queries import list_notifications
from tracker.projects.models import Project

BUDGET = 10  # statements for a page, signing in included


def thing_at(session: Session, annotation: Annotation):
    return thing_of(session, annotation.on, annotation.thing)


def test_a_supervisor_asks_the_person_sees_it_at_once_answers_and_it_is_open_no_more(
    session: Session, cast: Cast
) -> None:
    record = visited(session, cast.sales1)
    asked = said(session, "record", record, by=cast.supervisor, to=cast.sales1)
    assert asked.state == "open" and count_open(session, cast.sales1) == 1
    (told,) = list_notifications(session, cast.sales1).items
    assert told.thing.en == "Supervisor asks: Who decides there?" and told.annotation_id == asked.id
    answer(session, asked, thing_at(session, asked), "Ms Wang does.", by=cast.sales1)
    session.commit()
    assert asked.state == "answered" and count_open(session, cast.sales1) == 0
    (heard,) = list_notifications(session, cast.supervisor).items
    assert heard.thing.en.startswith("Sales1 answered")


def test_praise_asks_for_nothing(session: Session, cast: Cast) -> None:
    praise = said(session, "record", visited(session, cast.sales1), by=cast.supervisor, to=cast.sales1, kind="praise")
    assert praise.state == "said" and list_to_answer(session, cast.sales1) == []
    assert len(list_notifications(session, cast.sales1).items) == 1


def test_only_the_answer_of_who_was_asked_settles_it(session: Session, cast: Cast) -> None:
    asked = said(
        session, "record", visited(session, cast.sales1), by=cast.supervisor, to=cast.sales1,
        text="@director please look; who decides?",
    )  # fmt: skip
    answer(session, asked, thing_at(session, asked), "I look.", by=cast.director)
    assert asked.state == "open"
    answer(session, asked, thing_at(session, asked), "Ms Wang.", by=cast.sales1)
    reopen(session, asked, thing_at(session, asked), by=cast.supervisor)
    assert asked.state == "open" and asked.settled_at is None


def test_only_who_leads_there_says_something(session: Session, cast: Cast) -> None:
    record = visited(session, cast.sales1)
    thing = get_thing(session, cast.sales1, "record", str(record.id))
    with pytest.raises(Forbidden):
        annotate(session, thing, Words("ask", "Why?", cast.supervisor.id), by=cast.sales1)
    with pytest.raises(NotFound):
        get_thing(session, cast.supervisor2, "record", str(record.id))
    with pytest.raises(NotFound):
        get_thing(session, cast.dealer1, "record", str(record.id))


@pytest.mark.parametrize("on", ["project", "lead", "photo", "registration"])
def test_each_kind_of_thing_is_annotated_and_shows_it_on_its_page(
    session: Session, cast: Cast, browser: Browser, on: str
) -> None:
    to = cast.sales1
    if on == "lead":
        row = make_lead(session, cast.sales1)
        address = f"/leads/{row.id}"
    elif on == "registration":
        row = handed_in(session, make_dealer(session, cast.xinyuan, cast.admin), cast.dealer1)
        to, address = cast.director, f"/registrations/{row.id}"
    else:
        row = make_project(session, cast.sales1)
        address = f"/projects/{row.id}"
        if on == "photo":
            row = make_photo(session, cast.sales1, project=row)
            address = f"/photos/{row.token}"
    asked = said(session, on, row, by=cast.supervisor, to=to, text="Is this so?")
    page = browser.of(cast.supervisor).get(address).get_data(as_text=True)
    assert "Is this so?" in page and f'href="/annotations/{asked.id}"' in page and f"/annotate/{on}/" in page
    thread = browser.of(to).get(f"/annotations/{asked.id}").get_data(as_text=True)
    assert "Is this so?" in thread and address in thread


def test_a_project_shows_what_was_said_about_what_was_done_in_it(session: Session, cast: Cast) -> None:
    record = visited(session, cast.sales1)
    photo = make_photo(session, cast.sales1, project=session.get_one(Project, record.project_id))
    ids = {said(session, on, row, by=cast.supervisor, to=cast.sales1).id for on, row in
           (("record", record), ("photo", photo))}  # fmt: skip
    assert {one.id for one in threads_on(session, cast.sales1, "project", record.project_id or 0)} == ids


def test_a_mention_brings_a_colleague_in_who_sees_the_thing_and_no_other(session: Session, cast: Cast) -> None:
    record = visited(session, cast.sales1)
    thing = get_thing(session, cast.supervisor, "record", str(record.id))
    with pytest.raises(Invalid, match="Sales3 may not see this"):
        annotate(session, thing, Words("ask", "@sales3 knows?", cast.sales1.id), by=cast.supervisor)
    with pytest.raises(Invalid, match="Sales2 does not see this"):
        annotate(session, thing, Words("ask", "Who?", cast.sales2.id), by=cast.supervisor)
    assert session.scalar(select(func.count()).select_from(Annotation)) == 0
    cast.director.name = "王小明"
    asked = said(
        session, "record", record, by=cast.supervisor, to=cast.sales1, text="请@王小明看一下，或写 a@b.example"
    )
    parts = {one.user_id: one.part for one in asked.people}
    assert parts == {cast.supervisor.id: "author", cast.sales1.id: "asked", cast.director.id: "brought"}
    assert len(list_notifications(session, cast.director).items) == 1


def test_of_two_of_one_name_the_user_name_is_asked_for(session: Session, cast: Cast) -> None:
    cast.director.name = cast.gm.name = "Li Lei"
    record = visited(session, cast.sales1)
    thing = get_thing(session, cast.supervisor, "record", str(record.id))
    with pytest.raises(Invalid, match="several of the name"):
        annotate(session, thing, Words("ask", "@Li Lei?", cast.sales1.id), by=cast.supervisor)
    annotate(session, thing, Words("ask", "@gm?", cast.sales1.id), by=cast.supervisor)
    assert len(list_notifications(session, cast.gm).items) == 1


def test_what_was_withdrawn_takes_no_answer_and_who_leads_there_may_withdraw(session: Session, cast: Cast) -> None:
    asked = said(session, "record", visited(session, cast.sales1), by=cast.supervisor, to=cast.sales1)
    with pytest.raises(Forbidden):
        withdraw(session, asked, thing_at(session, asked), by=cast.sales1)
    withdraw(session, asked, thing_at(session, asked), by=cast.director)
    assert asked.state == "withdrawn"
    with pytest.raises(Refused):
        answer(session, asked, thing_at(session, asked), "Too late", by=cast.sales1)


def test_a_dealer_reads_what_is_said_to_him_about_his_own_registration_and_nothing_else(
    session: Session, cast: Cast, browser: Browser
) -> None:
    registration = handed_in(session, make_dealer(session, cast.xinyuan, cast.admin), cast.dealer1)
    ours = said(session, "registration", registration, by=cast.supervisor, to=cast.director, text="Is it true?")
    his = said(session, "registration", registration, by=cast.supervisor, to=cast.dealer1, text="Where is it?")
    mine, other = browser.of(cast.dealer1), browser.of(cast.dealer2)
    assert mine.get(f"/annotations/{ours.id}").status_code == 404
    assert other.get(f"/annotations/{his.id}").status_code == 404
    page = mine.get(f"/annotations/{his.id}").get_data(as_text=True)
    assert "Where is it?" in page and "/people/" not in page
    corner = mine.get(f"/dealers/mine/registrations/{registration.id}").get_data(as_text=True)
    assert "Where is it?" in corner and "Is it true?" not in corner
    assert mine.post(f"/annotations/{his.id}/answers", data={"text": "Binhai Road 1"}).status_code == 303
    assert get_annotation(session, cast.supervisor, his.id).state == "answered"
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    thing = get_thing(session, cast.supervisor, "project", str(project.id))
    with pytest.raises(Invalid):
        annotate(session, thing, Words("ask", "Where?", cast.dealer1.id), by=cast.supervisor)
    hidden = said(session, "project", project, by=cast.supervisor, to=cast.sales1, text="The margin is thin")
    assert mine.get(f"/annotations/{hidden.id}").status_code == 404
    assert "margin" not in mine.get(f"/projects/{project.id}").get_data(as_text=True)


def test_merging_and_handing_over_take_annotations_along(session: Session, cast: Cast) -> None:
    kept, gone = make_project(session, cast.sales1, name="Kept"), make_project(session, cast.sales1, name="Gone")
    asked = said(session, "project", gone, by=cast.supervisor, to=cast.sales1)
    answered = said(session, "project", kept, by=cast.supervisor, to=cast.sales1)
    answer(session, answered, thing_at(session, answered), "Done", by=cast.sales1)
    session.commit()
    sides = [session.get_one(Project, one.id, options=(joinedload(Project.team),)) for one in (kept, gone)]
    merge(session, "project", *sides, by=cast.supervisor, reason="The same site")
    session.commit()
    assert get_annotation(session, cast.supervisor, asked.id).project_id == kept.id
    plan = Plan("Leaves", "All is in the records.", successor_id=cast.sales2.id, projects=[])
    hand_over(session, cast.sales1, plan, by=cast.supervisor)
    session.commit()
    session.expire_all()
    assert session.get_one(Annotation, asked.id).to_id == cast.sales2.id
    assert session.get_one(Annotation, answered.id).to_id == cast.sales1.id


def test_the_pages_say_ask_and_answer(session: Session, cast: Cast, browser: Browser) -> None:
    record = visited(session, cast.sales1)
    leader, worker = browser.of(cast.supervisor), browser.of(cast.sales1)
    form = leader.get(f"/annotate/record/{record.id}").get_data(as_text=True)
    assert f'<option selected value="{cast.sales1.id}"' in form and "Met the buyer" in form
    refused = leader.post(f"/annotate/record/{record.id}", data={"kind": "ask", "to_id": "", "text": "Keep this"})
    assert refused.status_code == 422 and "Keep this" in refused.get_data(as_text=True)
    sent = leader.post(f"/annotate/record/{record.id}", data={"kind": "ask", "to_id": cast.sales1.id, "text": "Why?"})
    assert sent.status_code == 303
    address = sent.headers["Location"]
    assert "Why?" in worker.get("/annotations").get_data(as_text=True)
    assert worker.post(f"{address}/answers", data={"text": " "}).status_code == 422
    assert worker.post(f"{address}/answers", data={"text": "Because"}).status_code == 303
    assert "Because" in leader.get(address).get_data(as_text=True)
    assert leader.post(f"{address}/withdraw").status_code == 303
    assert worker.post(f"{address}/answers", data={"text": "More"}).status_code == 422
    assert worker.get(f"/annotate/record/{record.id}").status_code == 403
    assert session.scalar(select(func.count()).select_from(AnnotationAnswer)) == 1


def test_a_reader_who_lost_sight_of_the_thing_is_told_nothing_of_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    record = visited(session, cast.sales1)
    said(session, "record", record, by=cast.supervisor, to=cast.sales1)
    project = session.get_one(Project, record.project_id)
    project.owner_id, project.team_id = cast.sales3.id, cast.south.id
    session.commit()
    assert session.scalar(select(func.count()).select_from(Notification)) == 1
    assert list_notifications(session, cast.sales1).items == []
    assert "Who decides" not in browser.of(cast.sales1).get("/annotations").get_data(as_text=True)


def test_the_list_of_mine_asks_few_statements_and_comes_as_a_file(
    session: Session, cast: Cast, browser: Browser
) -> None:
    for number in range(12):
        row = visited(session, cast.sales1, f"Site {number}")
        said(session, "record", row, by=cast.supervisor, to=cast.sales1, text=f"Question {number}")
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get("/annotations").get_data(as_text=True)
    assert "Question 11" in page and "Site 0" in page and len(asked) <= BUDGET
    with counted_queries() as asked:
        assert client.get(f"/annotations/{session.scalar(select(func.max(Annotation.id)))}").status_code == 200
    assert len(asked) <= BUDGET
    file = client.get("/annotations?export=csv").get_data(as_text=True)
    assert file.count("Question ") == 12


def test_every_person_of_a_thread_has_a_token_of_his_own(session: Session, cast: Cast) -> None:
    said(session, "record", visited(session, cast.sales1), by=cast.supervisor, to=cast.sales1, text="@director ?")
    tokens = session.scalars(select(AnnotationPerson.token)).all()
    assert len(set(tokens)) == 3 and all(len(token) >= 20 and token.isalnum() for token in tokens)


def test_what_was_asked_can_be_made_a_to_do_with_its_site(session: Session, cast: Cast, browser: Browser) -> None:
    record = visited(session, cast.sales1)
    asked = said(session, "record", record, by=cast.supervisor, to=cast.sales1, text="Who decides\nthere?")
    client = browser.of(cast.sales1)
    page = client.get(f"/annotations/{asked.id}").get_data(as_text=True)
    address = re.search(r'href="(/todos/new[^"]+)"', page)
    assert address is not None
    form = client.get(unescape(address[1])).get_data(as_text=True)
    assert "Who decides there?" in form and "Riverside Tower" in form
