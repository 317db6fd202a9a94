"""A project's page with its matrix, and the drawer of one cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, can, is_dealer, may
from tracker.accounts.queries.agreements import state_of_number
from tracker.accounts.wording import AGREEMENT_STATES, OF_OTHERS, UNKNOWN_NUMBER
from tracker.annotations.views import threads_of
from tracker.errors import NotFound
from tracker.events import Kind, timeline
from tracker.extensions import db
from tracker.history.views.past import find_past, past_of
from tracker.htmx import respond, wants_fragment
from tracker.i18n import lang
from tracker.incoming import optional_key
from tracker.matrix import queries
from tracker.matrix.definitions import with_history
from tracker.matrix.forms import LogForm, TaskForm
from tracker.matrix.models import Record
from tracker.matrix.queries import Matrix
from tracker.matrix.views.blueprint import blueprint
from tracker.matrix.views.wording import state_name
from tracker.projects.circle import load_circle
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.reader import current_user
from tracker.team.models import User
from workflows.definition import CellKey, Definition, Text
from workflows.engine import is_met
from workflows.guards.progress import STRANDED_DAYS

PICTURES = 12  # on a project's page; the gallery shows the rest
NEWEST, ALL = 8, 500  # records on a page, unless all are asked for


@blueprint.get("/projects/<int:project_id>")
@login_required
def project(project_id: int) -> ResponseReturnValue:
    """The project's matrix, its newest records (`?records=all`: all), pictures and facts; `?on=`: a past day."""
    user = current_user
    found = get_project(db.session, user, project_id)
    past = find_past(found)
    if past:
        flags, state = other_flags(past.matrix), state_name(past.matrix.facts.state)
        return respond("history/project.html", "day", other_flags=flags, state_name=state, **past.shown)
    matrix = queries.load_matrix(db.session, user, found)
    records, has_more = _records(found)
    marks = queries.load_marks(db.session, records)
    circle = load_circle(db.session, user, found)
    logged = optional_key(request.args.get("logged"))
    return respond(
        "matrix/project.html",
        project=found,
        circle=circle,
        matrix=matrix,
        definition=matrix.definition,
        other_flags=other_flags(matrix),
        useful=None if is_dealer(user) else matrix.useful(clock.today()),
        records=records,
        has_more=has_more,
        marks=marks,
        photos=queries.list_photos(db.session, user, found, PICTURES),
        answer=_answer(matrix, logged) if logged else None,
        decide_by=_decide_by(found),
        state_name=state_name(found.state),
        agreement_doubt=_agreement_doubt(found, matrix),
        is_dealer=is_dealer(user),
        can_log=can(user, Action.RECORD_LOG, found),
        can_edit=can(user, Action.PROJECT_EDIT, found),
        can_move=can(user, Action.PHASE_MOVE, found),
        can_reassign=can(user, Action.PROJECT_REASSIGN, found),
        can_state=can(user, Action.PROJECT_STATE, found),
        **({} if is_dealer(user) else threads_of("project", found.id, found, talked=circle.annotated)),
        **past_of(matrix, circle.off_corridor),
    )


def _agreement_doubt(found: Any, matrix: Matrix) -> str:
    """Why the frame agreement that the project names does not count, as the word for its state; '' where it does."""
    if not found.frame_agreement or matrix.facts.frame_agreement or is_dealer(current_user):
        return ""
    state = state_of_number(db.session, current_user, found.frame_agreement, clock.today())
    return str(OF_OTHERS if state in ("valid", "expiring") else AGREEMENT_STATES.get(state, UNKNOWN_NUMBER))


@blueprint.get("/projects/<int:project_id>/cells/<phase>/<step>")
@login_required
def cell(project_id: int, phase: str, step: str) -> ResponseReturnValue:
    """One cell: hints, tasks, records, pictures and the form to log here. A page, or the drawer's content."""
    user = current_user
    found = get_project(db.session, user, project_id)
    matrix = queries.load_matrix(db.session, user, found)
    form = None
    if not wants_fragment():  # in the drawer the form comes when somebody opens it
        form = LogForm()
        form.offer(matrix.definition, matrix.facts.buildings)
        form.preset(phase, step, matrix.facts.leading_building(matrix.definition).id)  # type: ignore[arg-type]
    return respond("matrix/cell.html", "drawer", **cell_context(found, matrix, phase, step, form))


def cell_context(found: Any, matrix: Matrix, phase: str, step: str, form: LogForm | None) -> dict[str, Any]:
    """What a cell shows, with the forms to log and to add a task here or (None) without; NotFound where it is none."""
    user = current_user
    view = matrix.cell(phase, step)
    if view is None:
        raise NotFound
    records, has_more = _records(found, phase, step)
    marks = queries.load_marks(db.session, records)
    return {
        "project": found,
        "matrix": matrix,
        "definition": matrix.definition,
        "cell": matrix.definition.cell(phase, step),
        "view": view,
        "form": form,
        "records": records,
        "has_more": has_more,
        "marks": marks,
        "followed": {hint for mark in marks.values() for hint in mark.hints},
        "photos": [photo for record in records if record.id in marks for photo in marks[record.id].photos],
        **(_form_parts(found, matrix, phase, step) if form else {}),
        "answerers": {} if is_dealer(user) else answerers(found),
        "task_form": task_form(matrix.definition) if form else None,
        "can_add_task": may(user, Action.TASK_ADD) and view.status != "blocked",
        "is_dealer": is_dealer(user),
        "can_log": can(user, Action.RECORD_LOG, found) and view.status != "blocked",
        "show_cell": False,
    }


def _records(project: Project, phase: str | None = None, step: str | None = None) -> tuple[Sequence[Record], bool]:
    """The records to show, and whether there are more."""
    most = ALL if request.args.get("records") == "all" else NEWEST
    found = queries.list_records(db.session, current_user, project, phase, step, limit=most + 1)
    return found[:most], len(found) > most


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


def _form_parts(found: Project, matrix: Matrix, phase: str, step: str) -> dict[str, Any]:
    """What the form to log in a cell asks about."""
    return {
        "contacts": queries.list_known_contacts(db.session, current_user, found),
        "provable": provable(matrix, phase, step),
        "can_report": may(current_user, Action.STEP_MOVE),
        "can_introduce": may(current_user, Action.PARTY_EDIT),
        **contract_parts(matrix, phase, step),
    }


def contract_parts(matrix: Matrix, phase: str, step: str) -> dict[str, Any]:
    """What the form asks about contracts: which lines one may cover, and whether a small lot may go before it.

    `covers` where the record may prove the signature and there is a choice; `small_lot` in the phases after it.
    """
    definition, facts = matrix.definition, matrix.facts
    signing = definition.proving("signed")
    if matrix.of_dealer or not signing:
        return {"covers": (), "small_lot": False}
    provable_here = {item.id for item in provable(matrix, phase, step)}
    lines = facts.open_categories
    after = definition.phase_index[phase] > definition.phase_index[definition.exit(signing).phase]
    return {
        "covers": lines if signing in provable_here and len(lines) > 1 else (),
        "small_lot": after and not is_met(definition, facts, signing, matrix.today),
    }


def task_form(definition: Definition) -> TaskForm:
    """The form by which somebody adds a task."""
    form = TaskForm(prefix="task-")
    form.offer(definition, current_user.department)
    return form


def answerers(project: Project) -> dict[str, User]:
    """Who answers for each department's tasks here: the team's person from it. Its desk does for one not in there."""
    people = [project.owner, *(member.user for member in project.members)]
    found: dict[str, User] = {}
    for person in people:
        if person is not None and person.active and person.department:
            found.setdefault(person.department, person)
    return found


def _decide_by(project: Project) -> date | None:
    """The day by which a stranded project wants a decision (G46)."""
    return project.stranded_on + timedelta(days=STRANDED_DAYS) if project.stranded_on else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What logging changed, shown above the matrix.

    `closed`: the texts of what was proven, each with whether the proof is weak (G19). `progress`: the construction
    step that was accepted. `warnings`: the rules that let it pass with a remark, each with its sentence.
    """

    record: Record
    closed: list[tuple[Text, bool]]
    progress: Text | None
    unverified: bool
    warnings: list[tuple[str, Text]]

    @property
    def weak(self) -> bool:
        """Whether some of the proof is of another kind than wanted."""
        return any(weak for _text, weak in self.closed)

    @classmethod
    def of(cls, definition: Definition, record: Record, told: dict[str, Any]) -> Answer:
        """The answer from the record's event, which tells what happened when it was logged."""
        weak = set(told.get("weak") or ())
        targets = told.get("closed") or ()
        texts = {t: definition.task(t).text if t.startswith("T.") else definition.exit(t).text for t in targets}
        return cls(
            record,
            [(text, target in weak) for target, text in texts.items()],
            definition.step(told["progress"]).name if told.get("progress") else None,
            "unverified" in (told.get("marks") or ()),
            [(rule, definition.rule(rule).sentence) for rule in dict.fromkeys(told.get("rules") or ())],
        )


def _answer(matrix: Matrix, record_id: int) -> Answer | None:
    """The answer to a record that the user just logged here; None where it is not of this project or not his to see."""
    try:
        record = queries.get_record(db.session, current_user, record_id)
    except NotFound:
        return None
    if record.project_id != matrix.project.id:
        return None
    told = next((event.data for event in timeline(db.session, record) if event.kind == Kind.RECORD_LOGGED), {})
    return Answer.of(with_history(db.session, matrix.definition), record, told)


def other_flags(matrix: Matrix) -> dict[CellKey, list[str]]:
    """Names of buildings and category lines that stand in another cell than the project."""
    flags: dict[CellKey, list[str]] = defaultdict(list)
    here = matrix.board.current
    for building in matrix.facts.buildings:
        if building.step != here[1]:
            flags[here[0], building.step].append(building.name)
    for line in matrix.facts.categories:
        if line.phase and line.phase != here[0] and line.result == "open":
            flags[line.phase, here[1]].append(matrix.definition.window(line.key).name.get(lang()))
    return flags
