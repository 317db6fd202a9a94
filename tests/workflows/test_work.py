"""Tasks that users add, and what is promised with an exception: owed, in time, late, kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.workflows.facts import STANDARD, TODAY, before, building, exits, path, project
from tests.workflows.test_guards_moves import asked
from workflows.engine import Due, GiveEvidence, MovePhase, TaskView, board, due, promises, tasks_here
from workflows.facts import EvidenceFacts, GrantedOverride, OwnTask, ProjectFacts
from workflows.wishes import fingerprint


def own(due_in: int | None = 5, phase: str = "bid", step: str = "masonry", **more: str) -> OwnTask:
    plain = {"department": "sales", "evidence": "photo", "text": "Count the pallets on site"} | more
    day = None if due_in is None else TODAY + timedelta(days=due_in)
    return OwnTask("U.1", phase, step, **plain, added_on=before(2), due=day)


def with_own(task: OwnTask, **more: object) -> ProjectFacts:
    return project("bid", "masonry", before(30), own_tasks=(task,), **more)


def view_of(facts: ProjectFacts, today: date = TODAY) -> TaskView:
    views = [view for cell in board(STANDARD, facts, today).cells.values() for view in cell.tasks]
    return next(view for view in views if view.task.id == "U.1")


class TestOwnTasks:
    @pytest.mark.parametrize(("due_in", "state"), [(5, "owed"), (0, "owed"), (-1, "late"), (None, "owed")])
    def test_it_is_owed_from_the_day_it_was_added_and_late_after_its_day(self, due_in: int | None, state: str) -> None:
        view = view_of(with_own(own(due_in)))
        assert (view.state, view.since) == (state, before(2))
        assert view.due == (None if due_in is None else TODAY + timedelta(days=due_in))

    def test_it_stands_in_its_cell_and_is_owed_wherever_the_project_is(self) -> None:
        ahead = with_own(own(phase="deliver", step="mep"))
        assert view_of(ahead).open
        found = [item for item in due(STANDARD, ahead, TODAY) if item.task and item.task.id == "U.1"]
        assert [(item.cell, item.current, item.late) for item in found] == [(("deliver", "mep"), False, False)]
        here = with_own(own())
        assert "U.1" in [view.task.id for view in tasks_here(STANDARD, here, TODAY)]
        assert board(STANDARD, here, TODAY).cells["bid", "masonry"].open_tasks == 4

    def test_before_it_was_added_nobody_owed_it(self) -> None:
        assert "U.1" not in [item.task.id for item in due(STANDARD, with_own(own()), before(3)) if item.task]

    @pytest.mark.parametrize(
        ("kind", "on", "state"), [("photo", 0, "done"), ("photo", 6, "done_late"), ("note", 0, "weak")]
    )
    def test_evidence_closes_it_like_any_other(self, kind: str, on: int, state: str) -> None:
        day = TODAY + timedelta(days=on)
        facts = with_own(own(), evidence=(EvidenceFacts("U.1", kind, day, day),))
        assert view_of(facts, day).state == state
        assert ("G19" in asked(facts, GiveEvidence("U.1", kind, day), day).rules) is (state == "weak")

    def test_an_unknown_one_is_named(self) -> None:
        with pytest.raises(KeyError, match=r"U\.2"):
            asked(with_own(own()), GiveEvidence("U.2", "note", TODAY))


def promised(complete_by: date | None = TODAY, **more: object) -> ProjectFacts:
    """A project that bids without a sealed sample, by an exception of ten days ago."""
    shortlisted = project("shortlist", "masonry", before(40))
    mark = fingerprint(STANDARD, shortlisted, MovePhase("bid"))
    waiver = GrantedOverride("G03", mark, "shortlist", before(10), complete_by, used=True)
    more.setdefault("evidence", exits("shortlist", before(20), without=("sample_sealed", "sample_code")))
    stops = path(("shortlist", "masonry", before(40)), ("bid", "masonry", before(10)))
    return project("bid", "masonry", before(10), overrides=(waiver,), visited=stops,
                   buildings=(building("masonry", before(40)),), **more)  # fmt: skip


def promise_due(facts: ProjectFacts, today: date = TODAY) -> list[Due]:
    return [item for item in due(STANDARD, facts, today) if item.kind == "promise"]


class TestPromises:
    def test_what_was_waived_stays_due_until_it_is_there(self) -> None:
        (promise,) = promises(STANDARD, promised(), TODAY)
        assert [criterion.key for criterion in promise.missing] == ["sample_sealed", "sample_code"]
        (item,) = promise_due(promised())
        assert (item.due, item.late, item.department, item.rule_id) == (TODAY, False, "sales", "G03")
        assert "Sealed-sample photo" in item.text.en and "封样照片" in item.text.zh

    def test_a_day_later_it_is_late(self) -> None:
        (item,) = promise_due(promised(before(1)))
        assert (item.late, item.days_late) == (True, 1)

    def test_half_of_it_is_not_enough_and_all_of_it_ends_it(self) -> None:
        half = exits("shortlist", before(20), without=("sample_code",))
        assert [c.key for c in promises(STANDARD, promised(evidence=half), TODAY)[0].missing] == ["sample_code"]
        assert promise_due(promised(evidence=exits("shortlist", before(20)))) == []

    def test_an_exception_that_was_not_used_promises_nothing(self) -> None:
        facts = promised()
        unused = replace(facts, overrides=(replace(facts.overrides[0], used=False),))
        assert promises(STANDARD, unused, TODAY) == ()

    def test_an_approval_of_another_rule_is_no_promise(self) -> None:
        facts = promised()
        late = replace(facts, overrides=(replace(facts.overrides[0], rule="G02"),))
        assert promises(STANDARD, late, TODAY) == ()

    @pytest.mark.parametrize("state", ["suspended", "lost", "closed", "on_hold_arbitration"])
    def test_a_project_that_rests_owes_nothing(self, state: str) -> None:
        assert due(STANDARD, promised(state=state), TODAY) == ()
