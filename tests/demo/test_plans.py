"""What the demo is planned from: the same again for the same seed, ways through the matrix that are possible."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, date, datetime
from random import Random

import pytest
from PIL import Image

from tests.conftest import NOON
from tracker.demo.firms import Firm, plan_firms
from tracker.demo.lead_plans import LeadPlan, plan_leads
from tracker.demo.paper_pictures import PAPERS, draw_paper
from tracker.demo.pictures import with_exif
from tracker.demo.portfolio import History, plan_portfolio
from tracker.demo.site_pictures import draw_site, phone_exif
from tracker.demo.ways import cells_to, dated
from tracker.images import examine
from workflows.loading import load_standard

TODAY = NOON.date()
DEFINITION = load_standard()
ACTIVE = [cell.key for cell in DEFINITION.cells if cell.status != "blocked"]


def _plans(seed: int) -> tuple[list[Firm], list[LeadPlan], list[History]]:
    random = Random(seed)
    firms = plan_firms(random, 300, 500)
    leads = plan_leads(random, firms, TODAY, 30)
    return firms, leads, plan_portfolio(random, DEFINITION, firms, TODAY, projects=80, records=1100)


def test_the_same_seed_gives_the_same_company_and_another_another() -> None:
    assert _plans(7) == _plans(7)
    assert _plans(7) != _plans(8)


def test_the_records_are_as_many_as_wanted_and_lie_where_their_project_was() -> None:
    _, _, histories = _plans(9)
    assert sum(len(history.entries) for history in histories) == 1100
    for history in histories:
        visits = history.plan.way.visits
        for entry in history.entries:
            assert (entry.phase, entry.step) in [visit.cell for visit in visits]
            if not entry.is_plan:
                index = [visit.cell for visit in visits].index((entry.phase, entry.step))
                first, last = history.plan.way.span(index)
                assert first <= entry.day <= last
                assert entry.day <= entry.entered <= TODAY


def test_evidence_names_tasks_of_its_own_cell_and_exits_of_its_own_phase() -> None:
    _, _, histories = _plans(10)
    kinds: Counter[str] = Counter()
    for history in histories:
        for entry in history.entries:
            cell = DEFINITION.cell(entry.phase, entry.step)
            tasks = {task.id for task in cell.tasks}
            exits = {criterion.id for criterion in DEFINITION.phase(entry.phase).exit}
            assert {proof.target for proof in entry.proofs} <= tasks | exits
            assert set(entry.hints) <= {hint.id for hint in cell.hints}
            kinds.update(proof.kind for proof in entry.proofs)
    assert set(kinds) == {kind.key for kind in DEFINITION.evidence_kinds}


@pytest.mark.parametrize("target", ACTIVE, ids="/".join)
def test_a_way_leads_to_every_active_cell_without_a_blocked_one_and_never_back(target: tuple[str, str]) -> None:
    random = Random("/".join(target))
    cells = cells_to(random, DEFINITION, target, frozenset())
    assert cells[0][0] == "qualify" and cells[-1] == target
    assert all(DEFINITION.cell(*cell).status != "blocked" for cell in cells)
    for before, after in zip(cells, cells[1:], strict=False):
        rows = DEFINITION.phase_index[after[0]] - DEFINITION.phase_index[before[0]]
        columns = DEFINITION.step_index[after[1]] - DEFINITION.step_index[before[1]]
        assert (rows, columns) in ((0, 1), (1, 0))
    way = dated(random, DEFINITION, cells, TODAY, pace=0.7, most_days=None)
    days = [visit.since for visit in way.visits]
    assert days == sorted(set(days)) and days[-1] < TODAY


def test_a_skipped_phase_is_not_on_the_way() -> None:
    cells = cells_to(Random(1), DEFINITION, ("bid", "masonry"), frozenset({"specify", "shortlist"}))
    assert {phase for phase, _ in cells} <= {"qualify", "map", "bid"}


def test_a_blocked_cell_cannot_be_reached() -> None:
    with pytest.raises(ValueError, match="no way"):
        cells_to(Random(1), DEFINITION, ("settle", "land"), frozenset())


@pytest.mark.parametrize("kind", PAPERS)
def test_a_paper_is_the_same_again_for_the_same_wish_and_small(kind: str) -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    data = draw_paper(kind, 3, moment, None)
    assert data == draw_paper(kind, 3, moment, None)
    assert len(data) < 120_000
    assert examine(data).taken_at == moment


def test_papers_look_different_from_each_other() -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert len({examine(draw_paper(kind, 3, moment, None)).dhash for kind in PAPERS}) == len(PAPERS)


def test_another_exif_leaves_the_picture_as_it_is() -> None:
    first = draw_site("ground", 4, datetime(2025, 5, 1, 9, tzinfo=UTC), None)
    moment, place = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), (34.75, 113.62)
    other = with_exif(first, phone_exif(moment, place).tobytes())
    picture = examine(other)
    assert (picture.taken_at, picture.place) == (moment, pytest.approx(place, abs=1e-6))
    assert Image.open(io.BytesIO(other)).tobytes() == Image.open(io.BytesIO(first)).tobytes()
    assert with_exif(other, phone_exif(moment, place).tobytes()) == other


def test_exif_goes_into_jpegs_only() -> None:
    with pytest.raises(ValueError, match="JPEG"):
        with_exif(b"\x89PNG", b"Exif\0\0")


def test_a_lead_from_the_street_has_a_picture_or_owes_one() -> None:
    leads = plan_leads(Random(3), plan_firms(Random(3), 100, 150), TODAY, 200)
    assert all(lead.owes_evidence == (not lead.picture and not lead.talks) for lead in leads)
    assert any(lead.owes_evidence for lead in leads) and any(lead.picture for lead in leads)
    assert [lead.found_on for lead in leads] == sorted(lead.found_on for lead in leads)
    assert max(lead.found_on for lead in leads) <= TODAY
    assert min(lead.found_on for lead in leads) > date(2025, 1, 1)
