"""Guards of records, evidence and silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.workflows.facts import TODAY, before, building, day, granted, path, project, record
from tests.workflows.speaking import the
from tests.workflows.test_guards_moves import asked, rule
from workflows.engine import Delete, GiveEvidence, LogRecord, MovePhase, PassTime
from workflows.facts import ProjectFacts


def entry(phase: str = "bid", step: str = "masonry", age: int = 0, **more: object) -> LogRecord:
    fields: dict[str, object] = {"kind": "site_visit", "department": "sales", **more}
    return LogRecord(phase, step, before(age), **fields)  # type: ignore[arg-type]


class TestG14NotReached:
    facts = project("bid", "masonry")

    @pytest.mark.parametrize(("phase", "step"), [("contract", "masonry"), ("bid", "envelope"), ("settle", "handover")])
    def test_a_cell_not_yet_reached_takes_no_work(self, phase: str, step: str) -> None:
        decision = asked(self.facts, entry(phase, step))
        assert decision.rules == ("G14",) and decision.needs == "refused"
        assert decision.suggestion is not None and decision.suggestion.wish == entry(phase, step, is_plan=True)

    def test_it_takes_plans(self) -> None:
        assert asked(self.facts, entry("contract", "envelope", is_plan=True)).allowed

    def test_a16_an_approved_small_lot_goes_ahead_of_the_phase(self) -> None:
        facts = project("specify", "tender", day("2025-11-03"))
        wish = LogRecord("deliver", "tender", day("2025-11-21"), "delivery_check", "logistics", small_lot=True,
                         lot_purpose="show_area", amount=Decimal(32_000))  # fmt: skip
        decision = asked(facts, wish, day("2025-11-21"))
        assert decision.rules == ("G22",) and decision.signers == ("supervisor", "finance")
        approved = replace(facts, overrides=granted(facts, wish, "G22", on=day("2025-11-21")))
        assert asked(approved, wish, day("2025-11-21")).allowed

    def test_a27_a_higher_row_at_a_reached_step_is_open(self) -> None:
        assert asked(project("shortlist", "masonry"), entry("specify", "masonry")).allowed

    def test_what_was_reached_stays_reached_after_a_move_back(self) -> None:
        facts = project(
            "shortlist",
            "mep",
            visited=path(("bid", "fitout", before(20)), ("shortlist", "mep", before(2))),
        )
        assert asked(facts, entry("bid", "fitout")).allowed


class TestG15LateEntry:
    def test_r08_twenty_days_late_is_marked(self) -> None:
        decision = asked(project("bid", "masonry"), entry(age=20))
        assert decision.allowed and decision.rules == ("G15",) and decision.marks == ("late_entry",)

    @pytest.mark.parametrize(("age", "fires"), [(14, False), (15, True)])
    def test_fourteen_days_are_in_time(self, age: int, fires: bool) -> None:
        assert ("G15" in asked(project("bid", "masonry"), entry(age=age)).rules) is fires


class TestG16VeryLateEntry:
    def test_r08_seventy_days_late_needs_a_supervisor(self) -> None:
        decision = asked(project("bid", "masonry"), entry(age=70))
        assert decision.rules == ("G15", "G16") and decision.needs == "supervisor"

    def test_sixty_days_do_not(self) -> None:
        assert "G16" not in asked(project("bid", "masonry"), entry(age=60)).rules


class TestG17Future:
    def test_r09_next_week_cannot_have_been_done(self) -> None:
        decision = asked(project("bid", "masonry"), entry(age=-7))
        assert decision.rules == ("G17",) and decision.needs == "refused"
        assert decision.suggestion is not None and decision.suggestion.wish == entry(age=-7, is_plan=True)

    def test_a_plan_may_lie_ahead_and_today_is_no_future(self) -> None:
        assert asked(project("bid", "masonry"), entry(age=-7, is_plan=True)).allowed
        assert asked(project("bid", "masonry"), entry(age=0)).allowed


class TestG18Delete:
    @pytest.mark.parametrize("what", ["record", "photo", "contact", "quote"])
    def test_r10_nothing_is_deleted_a_correction_is_offered(self, what: str) -> None:
        decision = asked(project(), Delete(what))  # type: ignore[arg-type]
        assert decision.rules == ("G18",) and decision.needs == "refused" and not decision.overridable
        assert rule(decision, "G18").override == "administrator"
        assert decision.suggestion is not None and "correction" in decision.suggestion.text.en


class TestG19WrongKind:
    def test_r11_a_note_for_a_document_is_weak(self) -> None:
        decision = asked(project("qualify", "land"), GiveEvidence("T.qualify.land.2", "note", TODAY))
        assert decision.allowed and decision.rules == ("G19",) and decision.marks == ("weak",)

    def test_the_right_kind_is_fine(self) -> None:
        assert asked(project(), GiveEvidence("X.contract.signed", "document", TODAY)).rules == ()

    def test_an_unknown_target_is_named(self) -> None:
        with pytest.raises(KeyError, match=r"Q\.1"):
            asked(project(), GiveEvidence("Q.1", "note", TODAY))


class TestG40Finished:
    @pytest.mark.parametrize("state", ["lost", "closed"])
    def test_a_finished_project_takes_notes_only(self, state: str) -> None:
        facts = project("bid", "masonry", state=state)
        refused = asked(facts, entry())
        assert refused.rules == ("G40",)
        assert refused.suggestion is not None and refused.suggestion.wish == entry(kind="note")
        assert asked(facts, entry(kind="note")).allowed

    @pytest.mark.parametrize("state", ["lost", "closed"])
    def test_a_finished_project_does_not_move(self, state: str) -> None:
        decision = asked(project("bid", "masonry", state=state), MovePhase("map", "again"))
        assert "G40" in decision.rules and not decision.overridable
        assert the(decision, "G40").action == "refuse" and "notes only" in the(decision, "G40").detail.en

    @pytest.mark.parametrize("state", ["active", "suspended", "won", "on_hold_arbitration"])
    def test_the_other_states_are_not_finished(self, state: str) -> None:
        facts = project("bid", "masonry", state=state)
        assert "G40" not in asked(facts, entry()).rules + asked(facts, MovePhase("shortlist", "again")).rules

    def test_a_running_one_takes_everything(self) -> None:
        assert asked(project("bid", "masonry", state="won"), entry()).allowed


def quiet(days: int, **more: object) -> ProjectFacts:
    since = before(days)
    return project("bid", "masonry", before(days + 30), records=(record("bid", "masonry", since),), **more)


class TestG43Silent:
    @pytest.mark.parametrize(("days", "fires"), [(7, False), (8, True)])
    def test_r15_a_limit_of_seven_days_fires_on_the_eighth(self, days: int, fires: bool) -> None:
        decision = asked(quiet(days), PassTime())
        assert ("G43" in decision.rules) is fires and decision.allowed

    def test_a_plan_is_no_sign_of_life_and_a_record_elsewhere_is_none_here(self) -> None:
        records = (record("bid", "masonry", TODAY, is_plan=True), record("map", "masonry", TODAY))
        assert "G43" in asked(project("bid", "masonry", before(8), records=records), PassTime()).rules

    def test_coming_into_the_cell_starts_the_clock(self) -> None:
        facts = project(
            "bid",
            "masonry",
            before(90),
            visited=path(("bid", "structure", before(90)), ("bid", "masonry", before(3))),
        )
        assert asked(facts, PassTime()).rules == ()

    @pytest.mark.parametrize("state", ["suspended", "lost", "closed", "on_hold_arbitration"])
    def test_silence_rules_stop_with_the_project(self, state: str) -> None:
        assert asked(quiet(100, state=state), PassTime()).rules == ()


class TestG44SilentTwice:
    @pytest.mark.parametrize(("days", "fires"), [(14, False), (15, True)])
    def test_r15_the_supervisor_hears_on_day_fifteen(self, days: int, fires: bool) -> None:
        assert ("G44" in asked(quiet(days), PassTime()).rules) is fires

    def test_at_three_times_the_limit_it_may_be_taken_away(self) -> None:
        assert "escalate" in asked(quiet(21), PassTime()).marks
        assert "reassign" in asked(quiet(22), PassTime()).marks


class TestG45StepUnchanged:
    @pytest.mark.parametrize(("days", "fires"), [(300, False), (301, True), (320, True)])
    def test_r16_structure_for_longer_than_it_takes(self, days: int, fires: bool) -> None:
        facts = project("bid", buildings=(building("structure", before(days)),))
        assert ("G45" in asked(facts, PassTime()).rules) is fires


def test_days_are_counted_over_the_end_of_a_year() -> None:
    facts = project("bid", "masonry", date(2025, 12, 28))
    assert asked(facts, PassTime(), date(2026, 1, 4)).rules == ()
    assert asked(facts, PassTime(), date(2026, 1, 5)).rules == ("G43",)
