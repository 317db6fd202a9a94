"""The visit about a window that closes: the open exit first, then the must of the cell; the known buyer first."""

from __future__ import annotations

from dataclasses import replace

from tests.workflows.facts import STANDARD, TODAY, exits, lines, project
from workflows.facts import CategoryFacts
from workflows.visiting import visit_for


def test_the_first_open_exit_of_the_phase_is_what_to_get() -> None:
    facts = project("specify", "structure", categories=lines("tiles"))
    visit = visit_for(STANDARD, facts, "tiles", TODAY)
    assert (visit.kind, visit.ref, visit.cell) == ("exit", "X.specify.spec_clause", ("specify", "structure"))
    met = replace(facts, evidence=exits("specify", without=("budget_fit",)))
    assert visit_for(STANDARD, met, "tiles", TODAY).ref == "X.specify.budget_fit"


def test_a_line_in_a_phase_of_its_own_is_asked_for_its_own_exits() -> None:
    own = (CategoryFacts("tiles", phase="bid", main=True),)
    visit = visit_for(STANDARD, project("specify", "structure", categories=own), "tiles", TODAY)
    assert visit.ref.startswith("X.bid.")


def test_where_all_is_proven_the_must_of_the_cell_counts() -> None:
    facts = project("specify", "structure", categories=lines("tiles"), evidence=exits("specify"))
    visit = visit_for(STANDARD, facts, "tiles", TODAY)
    hint = STANDARD.hint(visit.ref)
    assert (visit.kind, hint.kind, visit.text) == ("hint", "must", hint.text)


def test_without_a_must_the_window_itself_is_the_reason() -> None:
    bare = replace(
        STANDARD,
        cells=tuple(
            replace(cell, hints=()) if cell.key == ("specify", "structure") else cell for cell in STANDARD.cells
        ),
    )
    facts = project("specify", "structure", categories=lines("tiles"), evidence=exits("specify"))
    assert visit_for(bare, facts, "tiles", TODAY).kind == "window"


def test_the_buyer_who_is_known_in_the_project_comes_first() -> None:
    facts = project("specify", "structure", categories=lines("tiles"))
    assert visit_for(STANDARD, facts, "tiles", TODAY).buyers == ("owner", "fitout_contractor")
    known = {"fitout_contractor": "Xinhua"}
    assert visit_for(STANDARD, facts, "tiles", TODAY, known).buyers == ("fitout_contractor", "owner")
