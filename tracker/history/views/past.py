"""What the board and a project's page show of another day; both keep their address and ask here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

from tracker import clock
from tracker.access import is_dealer
from tracker.extensions import db
from tracker.history import queries
from tracker.history.forms import NAMES, Slider, read_slider
from tracker.matrix.queries import Matrix, load_marks
from tracker.projects.models import Project
from tracker.projects.queries import Filters
from tracker.reader import current_user
from workflows.definition import CellKey, Definition

MOST = 50  # projects listed of one cell of the board
NEWEST = 8  # records of a project on a day


def board_slider() -> Slider:
    """The slider under the board, over all days anything is known of."""
    first = queries.find_first_day(db.session)
    return read_slider(request.args, url_for("matrix.portfolio"), first, clock.today(), _kept())


def _kept() -> list[tuple[str, str]]:
    left_out = (*NAMES, "cell", "page", "lang", "records", "logged")
    return [(key, value) for key, value in request.args.items() if value and key not in left_out]


def read_cell(definition: Definition) -> CellKey | None:
    """The cell that the address opens on a past day."""
    phase, _slash, step = request.args.get("cell", "").partition("/")
    return (phase, step) if phase in definition.phase_index and step in definition.step_index else None


def opened_on_board(slider: Slider, filters: Filters, definition: Definition) -> dict[str, Any] | None:
    """The projects that stood in the opened cell on the slider's day; None where none is opened."""
    cell = read_cell(definition) if slider.is_past else None
    if cell is None:
        return None
    found = queries.list_stood(db.session, current_user, filters, slider.day, cell, MOST + 1)
    return {"cell": cell, "projects": found[:MOST], "has_more": len(found) > MOST}


def past_of(matrix: Matrix, off_corridor: bool) -> dict[str, Any]:
    """What a project's page of today shows of its past: the slider, and the alarm where it is off the corridor."""
    first = matrix.facts.visited[0].since
    slider = read_slider(request.args, _address(matrix.project), first, matrix.today)
    return {"slider": slider, "alarm": queries.find_alarm(db.session, matrix) if off_corridor else None}


@dataclass(frozen=True, slots=True)
class PastDay:
    """A project on a past day: its matrix then, and what else its page shows."""

    matrix: Matrix
    shown: dict[str, Any]


def find_past(project: Project) -> PastDay | None:
    """The project on the day that the address asks for; None where that is today."""
    if not any(request.args.get(name) for name in NAMES):
        return None
    life = queries.load_life(db.session, current_user, project)
    slider = read_slider(request.args, _address(project), life.first, life.today)
    matrix = life.on(slider.day) if slider.is_past else None
    if matrix is None:
        return None
    matrix = replace(matrix, cells_at=f"{slider.address}?on={slider.day}&cell=")
    cell = read_cell(life.definition)
    records = queries.list_records_on(db.session, current_user, project, slider.day, cell, NEWEST + 1)
    shown = {
        "project": project,
        "matrix": matrix,
        "definition": life.definition,
        "slider": slider,
        "opened": matrix.board.cells[cell] if cell else None,
        "records": records[:NEWEST],
        "marks": load_marks(db.session, records[:NEWEST]),
        "has_more": len(records) > NEWEST,
        "is_dealer": is_dealer(current_user),
    }
    return PastDay(matrix, shown)


def _address(project: Project) -> str:
    return url_for("matrix.project", project_id=project.id)
