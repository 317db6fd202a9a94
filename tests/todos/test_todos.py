"""To-dos: set, given on, followed, repeated, put off, done and dropped; each seen by those whom it concerns alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.conftest import NOON
from tests.factories import make_project
from tests.notifications.making import MailBox, later, told
from tracker import clock
from tracker.access import visible
from tracker.errors import AlreadyDone, Forbidden, Invalid, Stale
from tracker.events import Event, Kind
from tracker.notifications.models import MailWish, Notification, OutboxMail
from tracker.notifications.operations.mailing import Mailing, claim_next, hand_over
from tracker.team.models import User
from tracker.todos.models import Todo
from tracker.todos.operations.doing import TodoDraft, add_todo, change_todo, delegate, drop_todo, finish, follow, snooze
from tracker.todos.operations.telling import deliver_todos

TODAY = date(2026, 3, 16)
BUDGET = 10  # statements for a page, signing in included


def make_todo(session: Session, by: User, *, owner: User | None = None, days: int | None = 0, **values: object) -> Todo:
    due = None if days is None else TODAY + timedelta(days=days)
    draft = TodoDraft(**{"text": "Send the price list", "due_on": due, **values})  # type: ignore[arg-type]
    todo = add_todo(session, draft, by=by, owner=owner)
    session.commit()
    return todo


def tick(session: Session, days: int = 0, mailing: Mailing | None = None) -> int:
    """What the worker tells so many days from today."""
    done = 0
    with clock.frozen(later(days)):
        for number in deliver_todos(session, clock.today(), mailing):
            done += number
            session.commit()
    return done


def kinds(session: Session) -> list[str]:
    query = select(Event.kind).where(Event.subject == "todo").order_by(Event.id)
    return list(session.scalars(query))


def test_one_sets_oneself_something_to_do_and_does_it_with_one_tap(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    sent = {"text": "Order samples", "due_on": "2026-03-16", "owner_id": cast.sales1.id, "repeats": ""}
    assert client.post("/todos", data=sent).status_code == 303
    todo = session.scalars(select(Todo)).one()
    with counted_queries() as asked:
        page = client.get("/todos").text
    assert len(asked) <= BUDGET
    assert "Order samples" in page and f"/todos/{todo.id}/done" in page
    assert client.post(f"/todos/{todo.id}/done", data={"next": "/"}).location == "/"
    assert client.post(f"/todos/{todo.id}/done").status_code == 303, "pressed twice, done once"
    assert "Order samples" not in client.get("/todos").text and "Order samples" in client.get("/todos?which=done").text
    assert kinds(session) == [Kind.TODO_ADDED, Kind.TODO_DONE]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"text": " "}, "what is to be done"),
        ({"repeats": "weekly", "due_on": ""}, "needs its first day"),
        ({"repeats": "hourly"}, "Choose one"),
        ({"due_on": "2099-01-01"}, "three years"),
        ({"owner_id": "999999"}, "Choose one"),
        ({"project_id": "999999"}, "do not see this site"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    session: Session, cast: Cast, browser: Browser, values: dict[str, str], why: str
) -> None:
    sent = {"text": "Keep me", "due_on": "2026-03-20", "owner_id": str(cast.sales1.id), "repeats": "", **values}
    answer = browser.of(cast.sales1).post("/todos", data=sent)
    assert answer.status_code == 422 and why in answer.text
    assert "text" in values or 'value="Keep me"' in answer.text
    assert session.scalars(select(Todo)).all() == []


def test_whose_it_is_who_set_it_who_follows_it_and_who_leads_him_see_it(session: Session, cast: Cast) -> None:
    todo = make_todo(session, cast.sales1, owner=cast.sales2)
    follow_it = {cast.sales1, cast.sales2, cast.supervisor, cast.director, cast.gm, cast.admin}
    seen = {one for one in cast.users.values() if session.scalar(select(Todo.id).where(visible(Todo, one)))}
    assert seen == follow_it
    with pytest.raises(Forbidden):
        finish(session, todo, by=cast.supervisor)


def test_who_is_given_something_is_told_and_he_who_gave_it_hears_that_it_is_done(session: Session, cast: Cast) -> None:
    todo = make_todo(session, cast.supervisor, owner=cast.sales1)
    assert len(told(session, cast.sales1, "todo_news")) == 1
    finish(session, todo, by=cast.sales1)
    assert len(told(session, cast.supervisor, "todo_news")) == 1
    assert told(session, cast.sales2) == []


def test_delegating_tells_both_and_who_gives_it_follows_it(session: Session, cast: Cast, browser: Browser) -> None:
    todo = make_todo(session, cast.supervisor, owner=cast.sales1)
    delegate(session, todo, cast.sales2, by=cast.sales1)
    session.commit()
    assert [len(told(session, one, "todo_news")) for one in (cast.sales1, cast.sales2, cast.supervisor)] == [1, 1, 1]
    assert "Send the price list" in browser.of(cast.sales1).get("/todos?which=followed").text
    assert "Send the price list" in browser.of(cast.supervisor).get("/todos?which=given").text
    finish(session, todo, by=cast.sales2)
    assert len(told(session, cast.sales1, "todo_news")) == 2, "who follows it hears of it"
    assert Kind.TODO_DELEGATED in kinds(session)


def test_nobody_gives_to_a_dealer_or_who_left_and_a_dealer_to_nobody_of_ours(session: Session, cast: Cast) -> None:
    cast.sales3.active = False
    session.commit()
    for by, to in ((cast.sales1, cast.dealer1), (cast.sales1, cast.sales3), (cast.dealer1, cast.sales1)):
        with pytest.raises(Invalid):
            make_todo(session, by, owner=to)
    assert make_todo(session, cast.dealer1).owner_id == cast.dealer1.id


def test_what_repeats_comes_again_when_it_is_done_and_only_once(session: Session, cast: Cast) -> None:
    todo = make_todo(session, cast.sales1, days=-10, repeats="weekly", repeats_until=TODAY + timedelta(days=10))
    follow(session, todo, by=cast.sales1)
    after = finish(session, todo, by=cast.sales1)
    assert after is not None and after.due_on == date(2026, 3, 20), "what was skipped is not made up for"
    assert (after.repeats, after.previous_id) == ("weekly", todo.id)
    with pytest.raises(AlreadyDone):
        finish(session, todo, by=cast.sales1)
    assert finish(session, after, by=cast.sales1) is None, "the rule has ended"
    assert len(session.scalars(select(Todo)).all()) == 2


def test_what_is_dropped_comes_no_more(session: Session, cast: Cast, browser: Browser) -> None:
    todo = make_todo(session, cast.sales1, repeats="daily")
    client = browser.of(cast.sales1)
    assert client.post(f"/todos/{todo.id}/drop", data={"why": ""}).status_code == 422
    assert client.post(f"/todos/{todo.id}/drop", data={"why": "They have it"}).status_code == 303
    assert len(session.scalars(select(Todo)).all()) == 1
    assert "They have it" in client.get(f"/todos/{todo.id}").text
    with pytest.raises(AlreadyDone):
        drop_todo(session, todo, by=cast.sales1, why="Again")


def test_a_stale_form_changes_nothing(session: Session, cast: Cast) -> None:
    todo = make_todo(session, cast.sales1)
    seen = todo.version
    change_todo(session, todo, TodoDraft("Send both lists", TODAY), by=cast.sales1, version=seen)
    with pytest.raises(Stale):
        change_todo(session, todo, TodoDraft("Send none", TODAY), by=cast.sales1, version=seen)
    assert todo.text == "Send both lists"


def test_a_reminder_comes_once_on_its_day_and_goes_when_it_is_done(session: Session, cast: Cast) -> None:
    todo = make_todo(session, cast.sales1, days=2)
    assert (tick(session), tick(session, 1)) == (0, 0)
    assert (tick(session, 2), tick(session, 2), tick(session, 3)) == (1, 0, 0)
    assert told(session, cast.sales1, "todo") == ["due:2026-03-18"]
    finish(session, todo, by=cast.sales1)
    session.commit()
    tick(session, 3)
    assert session.scalars(select(Notification.read_at)).one() is not None


def test_what_is_put_off_is_quiet_until_then(session: Session, cast: Cast, browser: Browser) -> None:
    todo = make_todo(session, cast.sales1)
    tick(session)
    client = browser.of(cast.sales1)
    assert client.post(f"/todos/{todo.id}/snooze", data={"until": "2026-03-16"}).status_code == 422
    assert client.post(f"/todos/{todo.id}/snooze", data={"until": "2026-03-20"}).status_code == 303
    assert [tick(session, days) for days in range(5)] == [0, 0, 0, 0, 1]
    assert told(session, cast.sales1, "todo") == ["due:2026-03-16", "due:2026-03-20"]
    read = session.scalars(select(Notification.read_at).order_by(Notification.id)).all()
    assert read[0] is not None and read[1] is None
    with pytest.raises(Forbidden):
        snooze(session, make_todo(session, cast.supervisor, owner=cast.sales1), later(3).date(), by=cast.supervisor)


def test_what_one_gave_and_is_late_is_brought_before_him(session: Session, cast: Cast) -> None:
    make_todo(session, cast.supervisor, owner=cast.sales1)
    assert [tick(session, days) for days in range(5)] == [1, 0, 0, 1, 0]
    assert told(session, cast.supervisor, "todo") == ["late:2026-03-16"]
    assert told(session, cast.sales1, "todo") == ["due:2026-03-16"]


def test_reminders_of_to_dos_go_out_by_mail_and_not_when_they_are_done(session: Session, cast: Cast) -> None:
    box = MailBox()
    cast.sales1.email = "sales1@example.com"
    session.add(MailWish(user_id=cast.sales1.id, reminders=True, escalations=True))
    first, _second = make_todo(session, cast.sales1), make_todo(session, cast.sales1, text="Done in time")
    finish(session, _second, by=cast.sales1)
    session.commit()
    tick(session, mailing=box.mailing)
    claimed = claim_next(session, NOON)
    assert claimed is not None
    assert hand_over(session, claimed, box.mailing, today=TODAY, now=NOON) == "sent"
    assert "Send the price list" in box.sent[0]["text"] and "Done in time" not in box.sent[0]["text"]
    assert f"https://tracker.example.com/todos/{first.id}" in box.sent[0]["text"]
    make_todo(session, cast.sales1, text="Late thing", days=-1)
    tick(session, mailing=box.mailing)
    finish(session, session.scalars(select(Todo).where(Todo.text == "Late thing")).one(), by=cast.sales1)
    claimed = claim_next(session, NOON)
    assert claimed is not None
    assert hand_over(session, claimed, box.mailing, today=TODAY, now=NOON) == "dropped"
    assert session.scalars(select(OutboxMail.state).order_by(OutboxMail.id)).all() == ["sent", "dropped"]


def test_a_site_that_one_sees_no_more_is_not_named(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, name="Harbour Hotel")
    make_todo(session, cast.sales1, project_id=project.id)
    assert "Harbour Hotel" in browser.of(cast.sales1).get("/todos").text
    project.owner_id = cast.sales3.id
    project.team_id = cast.south.id
    session.commit()
    page = browser.of(cast.sales1).get("/todos").text
    assert "Send the price list" in page and "Harbour Hotel" not in page


def test_the_pages_of_each_kind_keep_their_budget(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(30):
        project = make_project(session, cast.sales1, name=f"Site {number}")
        make_todo(session, cast.supervisor, owner=cast.sales1, project_id=project.id, text=f"Thing {number}")
    client = browser.of(cast.supervisor)
    for which in ("mine", "given", "followed", "led", "done"):
        with counted_queries() as asked:
            assert client.get(f"/todos?which={which}").status_code == 200
        assert len(asked) <= BUDGET, (which, asked)
    with counted_queries() as asked:
        assert client.get(f"/todos/{session.scalars(select(Todo.id)).first()}").status_code == 200
    assert len(asked) <= BUDGET
    assert client.get("/todos?which=given&q=Thing+7").text.count('class="todo"') == 1
