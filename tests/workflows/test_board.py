"""The board of a project, what is due in it, and the next useful thing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.workflows.facts import (
    STANDARD,
    TODAY,
    before,
    building,
    day,
    exits,
    lines,
    path,
    project,
    record,
)
from workflows.engine import MovePhase, TaskView, board, decide, due, next_useful
from workflows.facts import EvidenceFacts, ProjectFacts


def task_of(facts: ProjectFacts, id: str, today: str) -> TaskView:
    task = STANDARD.task(id)
    cell = board(STANDARD, facts, day(today)).cells[task.phase, task.step]
    return next(view for view in cell.tasks if view.task.id == id)


def closed(id: str, on: str, kind: str | None = None) -> tuple[EvidenceFacts, ...]:
    return (EvidenceFacts(id, kind or STANDARD.task(id).evidence, day(on), day(on)),)


class TestCells:
    facts = project(
        "map",
        "concept",
        before(10),
        records=(
            record("qualify", "land", before(40), department="marketing"),
            record("qualify", "land", before(39), department="sales"),
            record("qualify", "land", before(38), department="sales"),
            record("map", "concept", before(4)),
            record("map", "concept", before(1), is_plan=True, department="technical"),
        ),
        photos={("map", "concept"): 3},
        visited=path(("qualify", "land", before(60)), ("map", "land", before(30)), ("map", "concept", before(10))),
    )

    def test_the_whole_grid_is_there_with_one_present_cell(self) -> None:
        view = board(STANDARD, self.facts, TODAY)
        assert len(view.cells) == 96
        assert [key for key, cell in view.cells.items() if cell.current] == [("map", "concept")]
        assert [key for key, cell in view.cells.items() if cell.reached] == [
            ("qualify", "land"),
            ("map", "land"),
            ("map", "concept"),
        ]
        assert [visit.since for visit in view.path] == [before(60), before(30), before(10)]

    def test_a_cell_tells_who_worked_there_and_when(self) -> None:
        cell = board(STANDARD, self.facts, TODAY).cells["qualify", "land"]
        assert cell.departments == ("sales", "marketing")
        assert (cell.records, cell.plans, cell.photos, cell.last_record_on) == (3, 0, 0, before(38))
        assert (cell.since, cell.silent_days) == (before(60), None)

    def test_the_present_cell_counts_silence_and_leaves_plans_out(self) -> None:
        cell = board(STANDARD, self.facts, TODAY).cells["map", "concept"]
        assert (cell.records, cell.plans, cell.photos, cell.silent_days) == (1, 1, 3, 4)
        assert cell.departments == ("sales",)

    def test_open_and_late_tasks_are_counted_only_where_the_project_was(self) -> None:
        view = board(STANDARD, self.facts, TODAY)
        assert (view.cells["qualify", "land"].open_tasks, view.cells["qualify", "land"].late_tasks) == (3, 3)
        ahead = view.cells["bid", "masonry"]
        assert (ahead.open_tasks, ahead.late_tasks, ahead.since) == (0, 0, None)
        assert {task.state for task in ahead.tasks} == {"not_started"}

    def test_without_a_path_the_present_cell_begins_with_the_later_arrival(self) -> None:
        facts = replace(self.facts, visited=(), buildings=(building("concept", before(2)),))
        view = board(STANDARD, facts, TODAY)
        assert view.path == path(("map", "concept", before(2)))


class TestTasks:
    def test_a03_three_tasks_with_their_days(self) -> None:
        facts = project("qualify", "land", day("2025-03-14"))
        found = [(d.task.id if d.task else "", d.due, d.late) for d in due(STANDARD, facts, day("2025-03-14"))]
        assert found == [
            ("T.qualify.land.1", day("2025-03-17"), False),
            ("T.qualify.land.2", day("2025-03-21"), False),
            ("T.qualify.land.3", day("2025-03-28"), False),
        ]

    def test_a05_closed_two_days_before_its_limit_is_done(self) -> None:
        facts = project("qualify", "land", day("2025-03-14"), evidence=closed("T.qualify.land.3", "2025-03-26"))
        view = task_of(facts, "T.qualify.land.3", "2025-03-26")
        assert (view.state, view.done_on) == ("done", day("2025-03-26"))

    def test_a29_two_days_late_is_shown_as_late(self) -> None:
        facts = project("contract", "masonry", day("2027-01-18"), evidence=closed("T.contract.masonry.1", "2027-02-03"))
        view = task_of(facts, "T.contract.masonry.1", "2027-02-03")
        assert (view.state, view.due) == ("done_late", day("2027-02-01"))

    @pytest.mark.parametrize(("today", "state"), [("2025-03-17", "owed"), ("2025-03-18", "late")])
    def test_the_last_day_is_in_time_the_next_is_late(self, today: str, state: str) -> None:
        assert task_of(project("qualify", "land", day("2025-03-14")), "T.qualify.land.1", today).state == state

    def test_b21_seven_days_before_the_bid_closes(self) -> None:
        facts = project("bid", "masonry", day("2026-08-27"), anchors={"bid_deadline": day("2026-09-18")})
        assert task_of(facts, "T.bid.masonry.2", "2026-09-01").due == day("2026-09-11")

    def test_a37_acceptance_sets_the_clock(self) -> None:
        facts = project("settle", "completion", day("2027-12-10"), anchors={"acceptance_date": day("2027-12-22")})
        assert task_of(facts, "T.settle.completion.2", "2027-12-23").due == day("2028-01-05")
        assert task_of(facts, "T.settle.completion.1", "2027-12-23").due == day("2028-01-21")
        assert task_of(facts, "T.settle.handover.2", "2027-12-23").state == "not_started"

    def test_a40_the_retention_letter_is_due_thirty_days_before(self) -> None:
        facts = project("settle", "handover", day("2028-01-20"), anchors={"retention_due": day("2029-12-22")})
        assert task_of(facts, "T.settle.handover.1", "2029-11-01").due == day("2029-11-22")

    def test_without_its_anchor_a_task_is_owed_without_a_day(self) -> None:
        view = task_of(project("bid", "masonry", before(90)), "T.bid.masonry.1", "2026-03-16")
        assert (view.state, view.due) == ("owed", None)

    def test_r11_the_wrong_kind_is_weak_and_the_right_one_mends_it(self) -> None:
        note = closed("T.qualify.land.2", "2026-03-15", "note")
        facts = project("qualify", "land", before(2), evidence=note)
        assert task_of(facts, "T.qualify.land.2", "2026-03-16").state == "weak"
        mended = replace(facts, evidence=note + closed("T.qualify.land.2", "2026-03-16"))
        assert task_of(mended, "T.qualify.land.2", "2026-03-16").state == "done"

    def test_evidence_recorded_later_is_not_known_yet(self) -> None:
        facts = project("qualify", "land", day("2025-03-14"), evidence=closed("T.qualify.land.3", "2025-03-26"))
        assert task_of(facts, "T.qualify.land.3", "2025-03-25").state == "owed"

    def test_coming_back_does_not_reset_the_clock(self) -> None:
        facts = project(
            "qualify",
            "concept",
            visited=path(
                ("qualify", "concept", before(40)),
                ("map", "concept", before(30)),
                ("qualify", "concept", before(1)),
            ),
        )
        states = {view.state for view in board(STANDARD, facts, TODAY).cells["qualify", "concept"].tasks}
        assert states == {"late"}


class TestExits:
    def test_met_missing_and_optional_are_told_apart(self) -> None:
        view = board(STANDARD, project("map", "ground", evidence=exits("map", without=("coach", "buying_path"))), TODAY)
        assert [exit.criterion.key for exit in view.missing] == ["buying_path"]
        assert [exit.criterion.key for exit in view.exits if not exit.met] == ["buying_path", "coach"]

    def test_a_proof_counts_by_its_age_on_the_day_it_is_recorded_and_stays(self) -> None:
        def met(age: int) -> bool:
            item = EvidenceFacts("X.qualify.progress_proved", "photo", before(100 + age), before(100))
            view = board(STANDARD, project(evidence=(item,)), TODAY)
            return next(exit.met for exit in view.exits if exit.criterion.key == "progress_proved")

        assert [met(0), met(7), met(8), met(-1)] == [True, True, False, False]

    def test_a_bare_note_does_not_prove_a_document_but_may_say_not_appointed(self) -> None:
        notes = tuple(
            EvidenceFacts(id, "note", TODAY, TODAY) for id in ("X.contract.signed", "X.qualify.parties_known")
        )
        signed = board(STANDARD, project("contract", "masonry", evidence=notes), TODAY).exits[0]
        parties = board(STANDARD, project(evidence=notes), TODAY).exits[0]
        assert (signed.met, signed.weak) == (False, True)
        assert (parties.met, parties.weak) == (True, False)


class TestDue:
    def test_late_comes_first_and_undated_last(self) -> None:
        facts = project("bid", "masonry", before(5), anchors={"tender_issued": before(10)})
        found = due(STANDARD, facts, TODAY)
        assert [(d.kind, d.late, d.days_late) for d in found] == [
            ("task", True, 5),
            ("task", False, 0),
            ("task", False, 0),
        ]
        assert found[-1].due is None

    def test_silence_is_due_too(self) -> None:
        found = [d for d in due(STANDARD, project("bid", "masonry", before(9)), TODAY) if d.kind == "silence"]
        assert [(d.days_late, d.due, d.department, d.rule_id) for d in found] == [(2, before(2), "bidding", "G43")]

    def test_what_was_left_behind_is_told_apart(self) -> None:
        facts = project(
            "map", "land", before(1), visited=path(("qualify", "land", before(20)), ("map", "land", before(1)))
        )
        found = due(STANDARD, facts, TODAY)
        assert {d.cell for d in found if not d.current} == {("qualify", "land")}
        assert {d.cell for d in found if d.current} == {("map", "land")}

    @pytest.mark.parametrize("state", ["suspended", "lost", "closed"])
    def test_a_project_at_rest_owes_nothing(self, state: str) -> None:
        assert due(STANDARD, project("bid", "masonry", before(90), state=state), TODAY) == ()


class TestNextUseful:
    done = tuple(EvidenceFacts(task.id, task.evidence, TODAY, TODAY) for task in STANDARD.cell("map", "ground").tasks)

    def test_the_task_due_next_comes_first(self) -> None:
        found = next_useful(STANDARD, project("qualify", "land"), TODAY)
        assert found is not None and (found.kind, found.ref) == ("task", "T.qualify.land.1")
        assert (found.due, found.days_late) == (TODAY + timedelta(days=3), 0)
        assert found.text == STANDARD.task("T.qualify.land.1").text

    def test_a_late_one_says_so(self) -> None:
        found = next_useful(STANDARD, project("qualify", "land", before(4)), TODAY)
        assert found is not None and (found.ref, found.days_late) == ("T.qualify.land.1", 1)

    def test_then_the_first_missing_exit(self) -> None:
        found = next_useful(STANDARD, project("map", "ground", evidence=self.done), TODAY)
        assert found is not None and (found.kind, found.ref) == ("exit", "X.map.decision_maker")
        assert "4 still missing" in found.text.en

    def test_then_the_next_phase(self) -> None:
        found = next_useful(STANDARD, project("map", "ground", evidence=self.done + exits("map")), TODAY)
        assert found is not None and (found.kind, found.ref) == ("phase", "specify")

    def test_then_the_window_that_closes_next(self) -> None:
        tasks = tuple(EvidenceFacts(t.id, t.evidence, TODAY, TODAY) for t in STANDARD.cell("map", "structure").tasks)
        facts = project("map", "structure", evidence=tasks + exits("map"), categories=lines("flooring", "gypsum_board"))
        found = next_useful(STANDARD, facts, TODAY)
        assert found is not None and (found.kind, found.ref) == ("window", "gypsum_board")
        assert "specify" in found.text.en and "Superstructure" in found.text.en

    def test_when_nothing_is_left_it_says_nothing(self) -> None:
        tasks = tuple(
            EvidenceFacts(t.id, t.evidence, TODAY, TODAY) for t in STANDARD.cell("settle", "completion").tasks
        )
        facts = project("settle", "completion", evidence=tasks + exits("settle"))
        assert next_useful(STANDARD, facts, TODAY) is None


def large() -> ProjectFacts:
    stops = [(STANDARD.phases[min(n // 2, 3)].key, STANDARD.steps[n].key, before(300 - 30 * n)) for n in range(9)]
    tasks = [task for phase, step, _ in stops for task in STANDARD.cell(phase, step).tasks]
    return project(
        stops[-1][0],
        stops[-1][1],
        before(60),
        buildings=(building(stops[-1][1], before(60)), building("structure", before(90), id=2)),
        categories=lines(*(window.category for window in STANDARD.windows)),
        records=tuple(record(*stops[n % 9][:2], before(n)) for n in range(50)),
        evidence=tuple(EvidenceFacts(task.id, task.evidence, before(9), before(9)) for task in tasks),
        visited=path(*stops),
    )


def fastest(call: Callable[[], object]) -> float:
    """Milliseconds of the best of thirty calls."""
    times = []
    for _ in range(30):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def test_a_board_of_fifty_records_takes_under_three_milliseconds() -> None:
    facts = large()
    assert fastest(lambda: board(STANDARD, facts, TODAY)) < 3


def test_a_decision_takes_under_two_milliseconds() -> None:
    facts = large()
    assert fastest(lambda: decide(STANDARD, facts, MovePhase("contract"), TODAY)) < 2
