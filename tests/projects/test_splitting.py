"""Splitting a sub-project off, and what the linked projects share."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_party, make_project
from tests.matrix.making import as_seen, building_of
from tests.rows import events_of
from tracker import clock
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.matrix.models import Move
from tracker.matrix.operations.moves import Proof, move_step
from tracker.matrix.queries import load_matrix
from tracker.projects.circle import load_circle
from tracker.projects.models import CategoryLine, Project, ProjectParty
from tracker.projects.operations import split_off


def split(session: Session, cast: Cast) -> tuple[Project, Project]:
    since = clock.today() - timedelta(days=40)
    developer = make_party(session, "Hengyue")
    made = make_project(session, cast.sales1, phase="qualify", step="land", since=since, developer=developer,
                        categories=("tiles", "waterproofing_basement"), members=(cast.technical,))  # fmt: skip
    project = as_seen(session, cast.sales1, made)
    session.add(Move(project_id=project.id, axis="phase", target="qualify", on=since))
    session.add(Move(project_id=project.id, building_id=building_of(session, project).id, axis="step", target="land",
                     on=since))  # fmt: skip
    session.flush()
    part = split_off(session, project, ("waterproofing_basement",), by=cast.sales1, name="Tower 3, basement",
                     route="contractor_buy", reason="Bought by the contractor")  # fmt: skip
    session.commit()
    return project, part


def test_the_part_has_the_line_the_site_the_people_and_the_buildings(session: Session, cast: Cast) -> None:
    project, part = split(session, cast)
    lines = {line.category: line.project_id for line in session.scalars(select(CategoryLine))}
    assert lines == {"tiles": project.id, "waterproofing_basement": part.id}
    assert (part.parent_id, part.route, part.phase, part.step) == (project.id, "contractor_buy", "qualify", "land")
    assert part.phase_since == project.phase_since and building_of(session, part).name == "1#"
    assert part.developer_id == project.developer_id
    assert session.scalars(select(ProjectParty.project_id)).all() == [project.id, part.id]
    assert [other.id for other in load_circle(session, cast.sales1, project).linked] == [part.id]
    assert [other.id for other in load_circle(session, cast.sales1, part).linked] == [project.id]
    board = load_matrix(session, cast.sales1, as_seen(session, cast.sales1, part)).board
    assert board.current == ("qualify", "land") and board.cells["qualify", "land"].since == project.phase_since
    assert events_of(session, project).count(Kind.PROJECT_SPLIT) == 1


def test_progress_reported_in_one_counts_in_the_other(session: Session, cast: Cast) -> None:
    project, part = split(session, cast)
    seen = as_seen(session, cast.sales1, project)
    fresh = Proof(clock.today(), "exif", True)
    move_step(session, seen, building_of(session, seen), "concept", by=cast.sales1, on=clock.today(), proof=fresh)
    assert (project.step, part.step) == ("concept", "concept")
    back = as_seen(session, cast.sales1, part)
    move_step(session, back, building_of(session, part), "drawings", by=cast.sales1, on=clock.today(), proof=fresh)
    assert (project.step, part.step) == ("drawings", "drawings")
    moves = session.scalars(select(Move.project_id).where(Move.target == "drawings")).all()
    assert sorted(moves) == sorted([project.id, part.id]), "each project keeps its own trace of it"


@pytest.mark.parametrize(
    ("categories", "values", "field"),
    [
        ((), {}, "categories"),
        (("lighting",), {}, "categories"),
        (("tiles", "waterproofing_basement"), {}, "categories"),
        (("tiles",), {"name": " "}, "name"),
        (("tiles",), {"route": "by_sea"}, "route"),
        (("tiles",), {"reason": ""}, "reason"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused_by_its_field(
    session: Session, cast: Cast, categories: tuple[str, ...], values: dict[str, str], field: str
) -> None:
    made = make_project(session, cast.sales1, categories=("tiles", "waterproofing_basement"))
    project = as_seen(session, cast.sales1, made)
    given = {"name": "Basement", "route": "contractor_buy", "reason": "Bought apart", **values}
    with pytest.raises(Invalid) as refusal:
        split_off(session, project, categories, by=cast.sales1, **given)
    assert refusal.value.field == field and session.scalars(select(Project.id)).all() == [project.id]
