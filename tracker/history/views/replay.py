"""The replay: a project's story turn by turn, for a newcomer who says what he would do before he sees what was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.extensions import db
from tracker.gates import staff_only
from tracker.history import queries
from tracker.history.queries import Life
from tracker.history.views.blueprint import blueprint
from tracker.history.views.past import read_cell
from tracker.htmx import respond
from tracker.projects.queries import get_project
from tracker.reader import current_user
from workflows.retelling import STAY, Choice, choices_at, move_made

NEWEST = 5  # records shown of what was known


@blueprint.get("/projects/<int:project_id>/replay")
@login_required
def page(project_id: int) -> ResponseReturnValue:
    """One turn: `turn` from 0, `guess` what the reader would do, `ending` to be told how it ended."""
    project = get_project(db.session, current_user, project_id)
    staff_only()
    life = queries.load_life(db.session, current_user, project)
    turn = _number(life)
    return respond("history/replay.html", **_shown(life, turn))


def _number(life: Life) -> int:
    asked = request.args.get("turn", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return min(wanted, len(life.turns) - 1)


def _shown(life: Life, number: int) -> dict[str, Any]:
    """What the page of a turn shows. The day is the last before the next turn: all that was known when it was taken."""
    from tracker.matrix.views.project import other_flags  # whose own page shows the slider of this package
    from tracker.matrix.views.wording import state_name

    turn = life.turns[number]
    following = life.turns[number + 1] if number + 1 < len(life.turns) else None
    day = following.on - timedelta(days=1) if following else life.today
    matrix = life.on(day)
    assert matrix is not None
    address = url_for("history.page", project_id=life.project.id)
    matrix = replace(matrix, cells_at=f"{address}?turn={number}&cell=")
    opened = read_cell(life.definition) or matrix.board.current
    made = move_made(turn, following)
    choices = _choices(life, choices_at(life.definition, matrix.facts, day), made)
    guess = request.args.get("guess", "")
    return {
        "project": life.project,
        "matrix": matrix,
        "definition": life.definition,
        "other_flags": other_flags(matrix),
        "state_name": state_name,
        "number": number,
        "turn": turn,
        "following": following,
        "days_in": (turn.on - life.turns[0].on).days,
        "cell": life.definition.cell(*opened),
        "records": queries.list_records_on(db.session, current_user, life.project, day, limit=NEWEST),
        "choices": choices,
        "guess": guess if guess in [choice.key for choice in choices] else "",
        "made": made,
        "ending": life.turns[-1] if request.args.get("ending") else None,
        "ending_facts": life.facts,
    }


def _choices(life: Life, found: tuple[Choice, ...], made: str) -> tuple[Choice, ...]:
    """The choices with what the team really did in its place among them, even where the rules of today refuse it."""
    if made in [choice.key for choice in found]:
        return found
    order = {STAY: -1, **life.definition.phase_index}
    return tuple(sorted((*found, Choice(made, "supervisor")), key=lambda choice: order.get(choice.key, len(order))))
