"""What the tests of definitions make: versions of the light matrix, drafts, projects that stand in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tests.cast import Cast
from tracker import clock
from tracker.definitions.operations.following import carry_out
from tracker.definitions.operations.publishing import publish_source
from tracker.gallery.models import Photo
from tracker.matrix.models import Evidence, Move, OwnTask, Record, RecordHint
from tracker.projects.models import Building, CategoryLine, Project
from tracker.team.models import User
from workflows import editing
from workflows.loading import STANDARD, load, read

LIGHT_FILE: Path = STANDARD.parent / "light.yaml"
LIGHT_SOURCE = LIGHT_FILE.read_text(encoding="utf-8")
LIGHT = load(LIGHT_FILE)


def changed(source: str, change: Callable[[Any], object]) -> str:
    """The YAML with a change in its data."""
    data = read(source)[0]
    change(data)
    return editing.written(data)


def publish(session: Session, source: str, by: User, *, reason: str = "For the test.", **more: Any) -> Any:
    """Publish YAML and have the projects follow."""
    publication = publish_source(session, source, by=by, reason=reason, **more)
    carry_out(session, publication, by=by, commit=session.commit)
    session.commit()
    return publication


def light_project(
    session: Session,
    cast: Cast,
    *,
    owner: User | None = None,
    phase: str = "offer",
    step: str = "strip",
    version: int = 1,
    on: date | None = None,
    **more: Any,
) -> Project:
    """A project of the light matrix: opened in find/survey, now elsewhere, with work in both cells."""
    on, owner = on or clock.today(), owner or cast.sales1
    plain: dict[str, Any] = {"name": "Shop 12", "kind": "shop", "route": "owner_direct", "value": 80_000}
    project = Project(
        **{**plain, **more}, definition_key="light", definition_version=version, phase=phase, phase_since=on,
        step=step, step_since=on, owner_id=owner.id, team_id=owner.team_id, created_by_id=owner.id,
    )  # fmt: skip
    session.add(project)
    session.flush()
    building = Building(project_id=project.id, name="1F", step=step, step_since=on)
    session.add(building)
    session.flush()
    session.add(CategoryLine(project_id=project.id, category="tiles", main=True, phase=None))
    session.add(CategoryLine(project_id=project.id, category="lighting", phase="offer", result="lost"))
    for number, (row, column) in enumerate((("find", "survey"), (phase, step))):
        at = clock.at_noon(on).replace(minute=number)
        session.add(Move(project_id=project.id, axis="phase", source="find" if number else None, target=row, on=on,
                         at=at))  # fmt: skip
        session.add(Move(project_id=project.id, axis="step", building_id=building.id, target=column, on=on, at=at))
        record = Record(project_id=project.id, phase=row, step=column, kind="site_visit", department="sales",
                        author_id=owner.id, happened_on=on, text="Seen the place.")  # fmt: skip
        session.add(record)
        session.flush()
        session.add(RecordHint(record_id=record.id, hint_id=f"H.{row}.{column}.1"))
        for target, kind in ((f"T.{row}.{column}.1", "contact"), ("X.find.decider", "contact")):
            session.add(Evidence(project_id=project.id, record_id=record.id, target=target, kind=kind, dated_on=on,
                                 recorded_on=on))  # fmt: skip
        session.add(Photo(token=f"{project.id}-{number}", project_id=project.id, record_id=record.id, phase=row,
                          step=column, uploader_id=owner.id, file_name="a.jpg", mime="image/jpeg", width=1, height=1,
                          size=1, sha256="0", original_key=f"originals/{project.id}-{number}"))  # fmt: skip
    session.add(OwnTask(project_id=project.id, phase=phase, step=step, department="sales", evidence="note",
                        text="Ask for the key.", added_on=on, by_id=owner.id))  # fmt: skip
    session.commit()
    return project


def renamed(data: Any) -> None:
    """The light matrix with another name for a phase, a step and a category: everything that hangs on them too."""
    text = editing.written(data)
    for old, new in (("offer", "quote"), ("strip", "clear"), ("tiles", "ceramic")):
        text = text.replace(f".{old}.", f".{new}.").replace(f"{old}/", f"{new}/").replace(f"/{old}\n", f"/{new}\n")
        text = text.replace(f" {old}\n", f" {new}\n").replace(f" {old}:\n", f" {new}:\n")
    fresh = read(text)[0]
    data.clear()
    data.update(fresh)
