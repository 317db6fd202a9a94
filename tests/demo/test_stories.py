"""The three stories in the demo: today lies in the middle of each, and it stands where the story says it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.demo.conftest import Demo
from tracker import clock
from tracker.demo.company import STORIES
from tracker.demo.stage import Story
from tracker.doctor.register import examine_register
from tracker.leads.models import Lead
from tracker.matrix.models import Approval, Evidence, Move, Record
from tracker.matrix.operations.judging import facts_of
from tracker.projects.models import CategoryLine, Project
from tracker.registrations.models import Conflict, RegisterEntry, Registration
from workflows.engine import board

A, A_W = "云栖江湾3号楼 Riverside Tower 3", "云栖江湾3号楼地下防水 Riverside Tower 3, basement waterproofing"
B = "青禾县中医医院迁建住院楼 Qinghe County Hospital, ward building"
C = "滨海一号地块度假酒店 Binhai Resort Hotel"
TOWER, HOSPITAL, HOTEL = STORIES
"""Rows of the stories' tables: the day, and the cell in which the project then stands."""
TABLE: dict[str, tuple[Story, Sequence[tuple[str, str, str]]]] = {
    A: (TOWER, (("2025-03-14", "qualify", "land"), ("2025-04-02", "map", "land"), ("2025-06-10", "map", "concept"),
                ("2025-07-01", "specify", "concept"), ("2025-08-20", "specify", "drawings"),
                ("2025-11-03", "specify", "tender"), ("2026-01-08", "specify", "ground"),
                ("2026-05-06", "shortlist", "ground"), ("2026-06-18", "shortlist", "structure"),
                ("2026-12-05", "shortlist", "masonry"), ("2027-01-18", "contract", "masonry"),
                ("2027-02-05", "deliver", "masonry"), ("2027-05-20", "deliver", "mep"),
                ("2027-08-06", "deliver", "fitout"))),
    A_W: (TOWER, (("2025-03-18", "qualify", "land"), ("2025-08-22", "map", "drawings"),
                  ("2025-08-25", "specify", "drawings"), ("2025-11-04", "shortlist", "tender"),
                  ("2026-01-09", "bid", "ground"), ("2026-02-02", "contract", "ground"),
                  ("2026-03-16", "deliver", "ground"))),
    B: (HOSPITAL, (("2025-09-18", "qualify", "structure"), ("2025-09-30", "map", "structure"),
                   ("2025-10-14", "specify", "structure"), ("2026-08-03", "specify", "masonry"),
                   ("2026-08-04", "shortlist", "masonry"), ("2026-08-26", "bid", "masonry"),
                   ("2026-10-09", "bid", "envelope"), ("2026-10-16", "contract", "envelope"),
                   ("2026-11-13", "contract", "envelope"))),
    C: (HOTEL, (("2025-11-06", "qualify", "drawings"), ("2025-11-12", "map", "drawings"),
                ("2025-12-05", "specify", "drawings"), ("2026-01-08", "specify", "tender"),
                ("2026-01-20", "shortlist", "tender"), ("2026-04-10", "shortlist", "ground"),
                ("2026-07-06", "bid", "structure"), ("2026-08-20", "contract", "structure"),
                ("2026-10-12", "deliver", "masonry"), ("2026-12-18", "deliver", "envelope"))),
}  # fmt: skip


def _project(demo: Demo, name: str) -> Project:
    return demo.session.scalars(select(Project).where(Project.name == name)).one()


def _shift(story: Story) -> timedelta:
    return clock.today() - story.middle


def _shifted(story: Story, day: str) -> date:
    return date.fromisoformat(day) + _shift(story)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_today_lies_in_the_middle_and_every_scene_up_to_it_was_played(demo: Demo, story: Story) -> None:
    days = [scene.on for scene in story.scenes]
    assert days == sorted(days)
    assert days[0] == story.first and story.middle - timedelta(days=35) < days[-1] <= story.middle
    assert abs((story.middle - story.first) - (story.last - story.middle)) <= timedelta(days=1)
    assert len(story.scenes) > 30


@pytest.mark.parametrize("name", TABLE)
def test_the_project_stood_where_the_story_says_on_every_day_of_its_table(demo: Demo, name: str) -> None:
    story, rows = TABLE[name]
    _, facts = facts_of(demo.session, _project(demo, name))
    for day, phase, step in rows:
        on = _shifted(story, day)
        here = [visit.cell for visit in facts.visited if visit.since <= on][-1]
        assert here == (phase, step), (day, here)


def test_each_stands_today_where_its_story_has_come_to(demo: Demo) -> None:
    for name in (A, B, C):
        project, (_, rows) = _project(demo, name), TABLE[name]
        assert (project.phase, project.step) == rows[-1][1:]
        assert project.state == "won"


def _moves(demo: Demo, name: str) -> dict[str, Move]:
    query = select(Move).where(Move.project_id == _project(demo, name).id, Move.axis == "phase").order_by(Move.id)
    return {move.target: move for move in demo.session.scalars(query)}


def test_a_leads_records_came_along_with_their_days(demo: Demo) -> None:
    lead = demo.session.scalars(select(Lead).where(Lead.name == A)).one()
    assert (lead.state, lead.found_on) == ("converted", _shifted(TOWER, "2025-03-12"))
    records = demo.session.scalars(select(Record).where(Record.lead_id == lead.id).order_by(Record.id)).all()
    assert [record.happened_on for record in records] == [_shifted(TOWER, day) for day in ("2025-03-12", "2025-03-13")]
    assert {record.project_id for record in records} == {lead.project_id}


def test_the_tower_skipped_the_bid_with_a_reason_and_signed_two_days_late(demo: Demo) -> None:
    move = _moves(demo, A)["contract"]
    assert "G05" in move.rules and move.reason
    project = _project(demo, A)
    definition, facts = facts_of(demo.session, project)
    view = board(definition, facts, clock.today())
    agreement = next(t for t in view.cells["contract", "masonry"].tasks if t.task.id == "T.contract.masonry.1")
    assert (agreement.due, agreement.done_on) == (_shifted(TOWER, "2027-02-01"), _shifted(TOWER, "2027-02-03"))
    assert agreement.state == "done_late"
    contact = next(t for t in view.cells["qualify", "land"].tasks if t.task.id == "T.qualify.land.3")
    assert (contact.due, contact.state) == (_shifted(TOWER, "2025-03-28"), "done")


def test_a_step_into_late_cells_was_warned_of(demo: Demo) -> None:
    for name, day in ((A, "2025-11-03"), (A_W, "2025-11-03")):
        step = demo.session.scalars(
            select(Move).where(Move.project_id == _project(demo, name).id, Move.target == "tender")
        ).one()
        assert step.on == _shifted(TOWER, day)
        assert "G47" in step.rules


def test_the_hospital_went_on_by_approvals_of_the_northern_supervisor(demo: Demo) -> None:
    project = _project(demo, B)
    query = select(Approval).where(Approval.project_id == project.id).order_by(Approval.id)
    late, unsealed, lost = demo.session.scalars(query).all()
    supervisor = demo.user("supervisor")
    assert (late.state, late.rules, late.decided_by_id) == ("used", ["G02"], supervisor.id)
    assert (unsealed.state, unsealed.rules, unsealed.decided_by_id) == ("used", ["G03"], supervisor.id)
    assert (lost.state, lost.rules, lost.decided_by_id) == ("used", ["G34"], supervisor.id)
    assert unsealed.complete_by == _shifted(HOSPITAL, "2026-11-15")
    sealed = select(Evidence.recorded_on).where(
        Evidence.project_id == project.id, Evidence.target == "X.shortlist.sample_sealed"
    )
    assert demo.session.scalars(sealed).one() == _shifted(HOSPITAL, "2026-11-05")


def test_results_are_kept_by_category(demo: Demo) -> None:
    def results(name: str) -> dict[str, str]:
        query = select(CategoryLine).where(CategoryLine.project_id == _project(demo, name).id)
        return {line.category: line.result for line in demo.session.scalars(query)}

    assert results(A) == {"tiles": "won", "sanitary_ware": "won"}
    assert results(B) == {"gypsum_board": "won", "flooring": "lost", "interior_coating": "open"}
    assert results(C) == {"tiles": "won", "sanitary_ware": "won", "lighting": "lost"}


def test_the_dealer_of_the_hotel_sees_it_and_what_his_man_told(demo: Demo) -> None:
    project, dealer = _project(demo, C), demo.user("dealer1")
    assert (project.dealer_id, project.route) == (dealer.party_id, "dealer_led")
    records = demo.session.scalars(
        select(Record).where(Record.project_id == project.id, Record.author_id == dealer.id).order_by(Record.id)
    ).all()
    assert len(records) >= 5
    assert records[0].happened_on == _shifted(HOTEL, "2025-10-28") and records[0].late_entry


def test_days_named_in_a_text_fall_where_the_demo_puts_them(demo: Demo) -> None:
    told = demo.session.scalars(select(Record.text).where(Record.project_id == _project(demo, B).id)).all()
    closing = _shifted(HOSPITAL, "2026-09-18")
    assert any(f"截标 {closing:%m-%d}" in text for text in told)
    assert not any("{" in text for text in told)


def test_the_conflict_of_the_hotel_was_played_through_its_registration(demo: Demo) -> None:
    session = demo.session
    claim = session.scalars(select(Registration).where(Registration.name == "海澜湾度假酒店")).one()
    deeds = session.scalars(
        select(RegisterEntry.deed).where(RegisterEntry.registration_id == claim.id).order_by(RegisterEntry.id)
    ).all()
    assert deeds[:5] == ["submitted", "in_conflict", "evidence", "evidence", "ruled"]
    assert [deed for deed in deeds[5:] if deed != "progress"] == ["formal", "lapsed", "renewed", "converted"]
    assert (claim.word, claim.state) == ("look", "converted")
    case = session.scalars(select(Conflict).where(Conflict.registration_id == claim.id)).one()
    assert (case.order_key, case.shares) == ("customer_wish", {"registration": 60, "other": 40})
    assert case.ruled_at and clock.local(case.ruled_at).date() == _shifted(HOTEL, "2025-11-20")
    assert list(examine_register(session)) == []
