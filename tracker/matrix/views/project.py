"""A project's page with its matrix, and the drawer of one cell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker import clock
from tracker.access import Action, can, is_dealer
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.htmx import respond
from tracker.i18n import _
from tracker.matrix import queries
from tracker.matrix.forms import LogForm
from tracker.matrix.models import Record
from tracker.matrix.queries import Matrix
from tracker.matrix.views.blueprint import blueprint
from tracker.projects.queries import get_project, load_project
from workflows.definition import CellKey, Definition, Text

PICTURES = 12  # on a project's page; the gallery shows the rest


@blueprint.get("/projects/<int:project_id>")
@login_required
def project(project_id: int) -> ResponseReturnValue:
    """The project's matrix, its records, pictures and facts."""
    user = current_user
    found = load_project(db.session, user, project_id)
    matrix = queries.load_matrix(db.session, user, found)
    records = queries.list_records(db.session, user, found)
    marks = queries.load_marks(db.session, records)
    logged = next((r for r in records if r.id == request.args.get("logged", type=int)), None)
    return respond(
        "matrix/project.html",
        project=found,
        matrix=matrix,
        definition=matrix.definition,
        other_flags=other_flags(matrix),
        useful=matrix.useful(clock.today()),
        records=records,
        marks=marks,
        photos=[photo for record in records for photo in record.photos][:PICTURES],
        waiting=queries.list_waiting(db.session, user, found),
        answer=Answer.of(matrix.definition, logged, marks) if logged else None,
        state_name=state_name(found.state),
        is_dealer=is_dealer(user),
        can_log=can(user, Action.RECORD_LOG, found),
        can_edit=can(user, Action.PROJECT_EDIT, found),
        can_move=can(user, Action.PHASE_MOVE, found),
        can_reassign=can(user, Action.PROJECT_REASSIGN, found),
    )


@blueprint.get("/projects/<int:project_id>/cells/<phase>/<step>")
@login_required
def cell(project_id: int, phase: str, step: str) -> ResponseReturnValue:
    """One cell: hints, tasks, records, pictures and the form to log here. A page, or the drawer's content."""
    user = current_user
    found = get_project(db.session, user, project_id)
    matrix = queries.load_matrix(db.session, user, found)
    if (phase, step) not in matrix.board.cells:
        raise NotFound
    form = LogForm()
    form.offer(matrix.definition, matrix.facts)
    form.preset(phase, step, matrix.facts.leading_building(matrix.definition).id)  # type: ignore[arg-type]
    return respond("matrix/cell.html", "drawer", **cell_context(found, matrix, phase, step, form))


def cell_context(found: Any, matrix: Matrix, phase: str, step: str, form: LogForm) -> dict[str, Any]:
    """What the drawer of a cell shows."""
    user = current_user
    view = matrix.board.cells[phase, step]
    records = queries.list_records(db.session, user, found, phase, step)
    marks = queries.load_marks(db.session, records)
    return {
        "project": found,
        "matrix": matrix,
        "definition": matrix.definition,
        "cell": matrix.definition.cell(phase, step),
        "view": view,
        "form": form,
        "records": records,
        "marks": marks,
        "followed": {hint for mark in marks.values() for hint in mark.hints},
        "photos": [photo for record in records for photo in record.photos],
        "contacts": queries.list_known_contacts(db.session, user, found),
        "provable": provable(matrix, phase, step),
        "is_dealer": is_dealer(user),
        "can_log": can(user, Action.RECORD_LOG, found) and view.status != "blocked",
        "show_cell": False,
    }


@dataclass(frozen=True, slots=True)
class Provable:
    """Something a record can prove: an open task of the cell, or an exit criterion of the present phase."""

    id: str
    text: Text
    evidence: str
    due: Any = None
    late: bool = False


def provable(matrix: Matrix, phase: str, step: str) -> list[Provable]:
    """What is still to be proven from this cell, tasks first."""
    view = matrix.board.cells[phase, step]
    tasks = [Provable(t.task.id, t.task.text, t.task.evidence, t.due, t.state == "late") for t in view.tasks if t.open]
    exits = [
        Provable(e.criterion.id, e.criterion.text, e.criterion.evidence)
        for e in matrix.board.exits
        if phase == matrix.facts.phase and (not e.met or e.weak)
    ]
    return tasks + exits


@dataclass(frozen=True, slots=True)
class Answer:
    """What logging changed, shown above the matrix."""

    record: Record
    closed: list[Text]
    weak: bool
    progress: Text | None

    @classmethod
    def of(cls, definition: Definition, record: Record, marks: Any) -> Answer:
        """The answer to a record that was just logged."""
        targets = marks[record.id].closed if record.id in marks else []
        texts = [definition.task(t).text if t.startswith("T.") else definition.exit(t).text for t in targets]
        return cls(record, texts, False, None)


def other_flags(matrix: Matrix) -> dict[CellKey, list[str]]:
    """Names of buildings and category lines that stand in another cell than the project."""
    flags: dict[CellKey, list[str]] = defaultdict(list)
    here = matrix.board.current
    for building in matrix.facts.buildings:
        if building.step != here[1]:
            flags[here[0], building.step].append(building.name)
    for line in matrix.facts.categories:
        if line.phase and line.phase != here[0] and line.result == "open":
            flags[line.phase, here[1]].append(matrix.definition.window(line.key).name.zh)
    return flags


def state_name(state: str) -> str:
    """The word for a project's state."""
    return {
        "active": _("active"),
        "on_hold_arbitration": _("on hold: arbitration"),
        "suspended": _("suspended"),
        "won": _("won"),
        "lost": _("lost"),
        "closed": _("closed"),
        "partial_loss": _("partly lost"),
    }.get(state, state)
