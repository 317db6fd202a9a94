"""The first week of a newcomer, his practice project, and the knowledge of the cells."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access.of_annotations import reads_reports_of
from tracker.errors import NotFound, Refused, Stale
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.matrix.queries import Matrix
from tracker.newcomers import operations
from tracker.newcomers.finding import find_known
from tracker.newcomers.queries import find_practice, load_first_week
from tracker.newcomers.wording import FIRST, KINDS
from tracker.projects.models import Project
from tracker.reader import current_user
from tracker.team.models import User
from tracker.team.queries import get_user
from workflows.deciding import Decision
from workflows.practising import Act, NotNow, Play

blueprint = Blueprint("newcomers", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/first-week")
@login_required
def first_week() -> ResponseReturnValue:
    """One's own first week."""
    staff_only()
    return _week(current_user)


@blueprint.get("/people/<int:user_id>/first-week")
@login_required
def first_week_of(user_id: int) -> ResponseReturnValue:
    """How far somebody is, for who leads him."""
    staff_only()
    person = get_user(db.session, current_user, user_id)
    if person.party_id is not None or not reads_reports_of(current_user, person):
        raise NotFound
    return _week(person)


def _week(person: User) -> ResponseReturnValue:
    return respond(
        "newcomers/week.html",
        week=load_first_week(db.session, current_user, person),
        own=person.id == current_user.id,
        definition=current_definition(),
        first=FIRST,
    )


@blueprint.post("/first-week")
@login_required
def tick() -> ResponseReturnValue:
    """One has read it, or met him."""
    staff_only()
    operations.tick(db.session, request.form.get("key", ""), by=current_user)
    db.session.commit()
    return go_to(url_for("newcomers.first_week"))


@blueprint.get("/knowledge")
@login_required
def knowledge() -> ResponseReturnValue:
    """What the cells know: the whole matrix to open, or what holds some words."""
    staff_only()
    definition, q = current_definition(), request.args.get("q", "").strip()[:100]
    department = request.args.get("department", "")
    department = department if definition.knows("department", department) else ""
    found = find_known(definition, q, department=department)
    return respond(
        "newcomers/knowledge.html", "results", definition=definition, q=q, department=department, found=found,
        kinds=KINDS,
    )  # fmt: skip


@blueprint.get("/knowledge/<phase>/<step>")
@login_required
def cell(phase: str, step: str) -> ResponseReturnValue:
    """All that a cell knows, without any project."""
    staff_only()
    definition = current_definition()
    if phase not in definition.phase_index or step not in definition.step_index:
        raise NotFound
    return respond(
        "newcomers/cell.html", definition=definition, cell=definition.cell(phase, step), phase=definition.phase(phase),
        step=definition.step(step), kinds=KINDS,
    )  # fmt: skip


@blueprint.get("/practice")
@login_required
def practice() -> ResponseReturnValue:
    """One's practice project, or the way to begin one."""
    staff_only()
    return _play()


@blueprint.post("/practice")
@login_required
def begin() -> ResponseReturnValue:
    """Begin a practice project; the one before is over."""
    staff_only()
    operations.begin_practice(db.session, by=current_user)
    db.session.commit()
    return go_to(url_for("newcomers.practice"))


@blueprint.post("/practice/acts")
@login_required
def act() -> ResponseReturnValue:
    """Try something; the rules answer as they do on a real project."""
    staff_only()
    row = find_practice(db.session, current_user)
    if row is None:
        return go_to(url_for("newcomers.practice"))
    asked = request.form
    wanted = Act(
        asked.get("kind", ""), asked.get("key", "")[:80], asked.get("days", 0, type=int), bool(asked.get("photo")),
        bool(asked.get("granted")), asked.get("words", "").strip(),
    )  # fmt: skip
    was_won = row.won_at is not None
    try:
        operations.try_out(db.session, row, wanted, by=current_user, version=asked.get("version", 0, type=int))
    except NotNow as no:
        db.session.rollback()
        return _play(422, wanted, no.decision)
    except (Refused, Stale) as error:
        db.session.rollback()
        return _play(error.status, wanted, message=str(error.message))
    if row.won_at is not None and not was_won:
        flash(_("The contract is signed: you have won the practice project."))
    db.session.commit()
    return go_to(url_for("newcomers.practice"))


def _play(
    status: int = 200, tried: Act | None = None, decision: Decision | None = None, message: str = ""
) -> ResponseReturnValue:
    row = find_practice(db.session, current_user)
    if row is None:
        return respond("newcomers/practice.html", status=status, row=None, play=None)
    play = operations.play_of(db.session, row)
    return respond(
        "newcomers/practice.html", status=status, row=row, play=play, matrix=_matrix(play), tried=tried,
        decision=decision, message=message, definition=play.definition, other_flags={}, opened=_opened(play),
    )  # fmt: skip


def _matrix(play: Play) -> Matrix:
    """Its matrix as the template of real ones draws it; the project is none that is kept anywhere."""
    site = Project(id=0, name="")
    address = url_for("newcomers.practice")
    return Matrix(site, play.definition, play.facts, play.day, cells_at=f"{address}?cell=")


def _opened(play: Play) -> Any:
    phase, _slash, step = request.args.get("cell", "").partition("/")
    definition = play.definition
    known = phase in definition.phase_index and step in definition.step_index
    return definition.cell(phase, step) if known else definition.cell(*play.facts.cell(definition))
