"""Tasks that users add in a cell: owed like the others, closed by evidence of the right kind, dropped with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_photo, make_project
from tests.matrix.making import as_seen, draft, text_of
from tests.rows import count
from tracker import clock
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.matrix.models import OwnTask
from tracker.matrix.operations.records import log_record
from tracker.matrix.operations.tasks import add_own_task, drop_own_task
from tracker.matrix.queries import load_matrix
from tracker.projects.models import Project
from workflows.work import TaskView


@pytest.fixture
def project(session: Session, cast: Cast) -> Project:
    return as_seen(session, cast.sales1, make_project(session, cast.sales1))


def add(session: Session, project: Project, by: Any, **values: Any) -> OwnTask:
    given = {"phase": "map", "step": "structure", "department": "sales", "text": "Bring the sample board", **values}
    return add_own_task(session, project, by=by, **given)


def shown(session: Session, cast: Cast, project: Project, task: OwnTask) -> TaskView:
    views = load_matrix(session, cast.sales1, project).board.cells[task.phase, task.step].tasks
    return next(view for view in views if view.task.id == f"U.{task.id}")


def test_an_added_task_is_owed_on_its_day_and_late_after_it(session: Session, cast: Cast, project: Project) -> None:
    due = clock.today() + timedelta(days=2)
    task = add(session, project, cast.sales1, due_on=due)
    view = shown(session, cast, project, task)
    assert (view.state, view.due) == ("owed", due)
    assert project.next_due_on == due or project.next_due_on is not None and project.next_due_on < due
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert shown(session, cast, project, task).state == "late"


def test_evidence_of_the_right_kind_closes_it_and_the_wrong_kind_is_weak(
    session: Session, cast: Cast, project: Project
) -> None:
    task = add(session, project, cast.sales1, evidence="photo")
    log_record(session, project, draft(closes=(f"U.{task.id}",)), by=cast.sales1)
    assert shown(session, cast, project, task).state == "weak"
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    logged = log_record(session, project, draft(closes=(f"U.{task.id}",), photos=(photo.token,)), by=cast.sales1)
    assert logged.closed == (f"U.{task.id}",) and shown(session, cast, project, task).state == "done"


def test_a_task_ahead_is_owed_before_the_project_gets_there(session: Session, cast: Cast, project: Project) -> None:
    task = add(session, project, cast.sales1, phase="bid", step="masonry", due_on=clock.today())
    board = load_matrix(session, cast.sales1, project).board
    assert board.cells["bid", "masonry"].open_tasks == 1 and shown(session, cast, project, task).state == "owed"


def test_a_department_s_desk_sees_the_project_for_a_task_given_to_it(
    session: Session, cast: Cast, project: Project
) -> None:
    add(session, project, cast.sales1, department="bidding")
    assert as_seen(session, cast.bidding, project).id == project.id


def test_a_dropped_task_is_owed_no_more_and_says_why(session: Session, cast: Cast, project: Project) -> None:
    task = add(session, project, cast.sales1)
    with pytest.raises(Refused):
        drop_own_task(session, project, task, by=cast.sales1, reason=" ")
    with pytest.raises(Forbidden):
        drop_own_task(session, project, task, by=cast.technical, reason="Not mine")
    drop_own_task(session, project, task, by=cast.sales1, reason="They have one")
    assert task.dropped_reason == "They have one"
    views = load_matrix(session, cast.sales1, project).board.cells["map", "structure"].tasks
    assert f"U.{task.id}" not in {view.task.id for view in views}
    with pytest.raises(AlreadyDone):
        drop_own_task(session, project, task, by=cast.sales1, reason="Again")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " "}, "text"),
        ({"department": "magic"}, "department"),
        ({"evidence": "smell"}, "evidence"),
        ({"phase": "nowhere"}, "cell"),
        ({"due_on": clock.today() - timedelta(days=4000)}, "due_on"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    session: Session, cast: Cast, project: Project, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add(session, project, cast.sales1, **values)
    assert refusal.value.field == field and count(session, OwnTask) == 0


def test_the_cell_takes_a_task_and_a_second_press_makes_no_second_one(
    session: Session, cast: Cast, project: Project, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    cell = f"/projects/{project.id}/cells/map/structure"
    sent = {"task-text": "Bring <b>the board</b>", "task-department": "sales", "task-evidence": "photo",
            "task-due_on": "2026-03-20", "task-token": "once"}  # fmt: skip
    for _press in range(2):
        assert client.post(f"{cell}/tasks", data=sent).status_code == 303
    assert count(session, OwnTask) == 1
    page = client.get(cell).get_data(as_text=True)
    assert "Bring &lt;b&gt;the board&lt;/b&gt;" in page and "Not needed any more" in page
    wrong = client.post(f"{cell}/tasks", data={**sent, "task-due_on": "2020-01-01", "task-token": "two"})
    assert wrong.status_code == 422 and "This day has passed." in wrong.get_data(as_text=True)
    assert "Bring &lt;b&gt;the board&lt;/b&gt;" in wrong.get_data(as_text=True)
    task = session.scalars(select(OwnTask)).one()
    gone = client.post(f"/projects/{project.id}/tasks/{task.id}/drop", data={"reason": "Done by them"},
                       follow_redirects=True)  # fmt: skip
    assert "The task is dropped" in text_of(gone.get_data(as_text=True))
