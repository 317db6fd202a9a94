"""Guards of construction progress: a fact that needs proof, and is never refused for the cell it leads to."""

from __future__ import annotations

import pytest

from tests.workflows.facts import STANDARD, TODAY, building, day, granted, lines, project
from tests.workflows.test_guards_moves import asked, photo, rule
from workflows.engine import MoveStep


class TestG08BackOne:
    facts = project("deliver", "fitout")

    def test_b31_rework_with_reason_and_photo_is_accepted(self) -> None:
        decision = asked(self.facts, photo("mep", reason_key="rebuild"))
        assert decision.allowed and decision.rules == ("G08",)

    def test_without_a_reason_it_asks(self) -> None:
        decision = asked(self.facts, photo("mep"))
        assert (decision.needs, decision.allowed) == ("reason", False)

    def test_a_reason_outside_the_list_is_none(self) -> None:
        assert not asked(self.facts, photo("mep", reason_key="mood")).allowed

    def test_rework_without_a_photo_asks(self) -> None:
        decision = asked(self.facts, MoveStep(1, "mep", reason_key="rebuild"))
        assert not decision.allowed and "needs a photo" in rule(decision, "G08").detail.en

    def test_a_redesign_needs_none(self) -> None:
        assert asked(self.facts, MoveStep(1, "mep", reason_key="redesign")).allowed

    def test_forward_does_not_fire(self) -> None:
        assert "G08" not in asked(self.facts, photo("completion")).rules


class TestG10BackTwo:
    def test_r04_from_fit_out_to_structure_needs_a_supervisor(self) -> None:
        facts = project("deliver", "fitout")
        wish = photo("structure", reason="wrong by four")
        decision = asked(facts, wish)
        assert decision.needs == "supervisor" and "G10" in decision.rules and "G08" not in decision.rules

    def test_one_step_back_does_not(self) -> None:
        assert "G10" not in asked(project("deliver", "fitout"), photo("mep", reason_key="rebuild")).rules


class TestG11Jump:
    def test_r05_ground_to_envelope_warns(self) -> None:
        decision = asked(project("map", "ground"), photo("envelope"))
        assert decision.allowed and "G11" in decision.rules
        assert "3 steps at once" in rule(decision, "G11").detail.en

    def test_two_steps_are_no_jump(self) -> None:
        assert "G11" not in asked(project("map", "ground"), photo("masonry")).rules


class TestG12Proof:
    facts = project("shortlist", "structure", day("2026-06-18"))

    def test_a24_a_photo_of_twenty_days_ago_is_refused(self) -> None:
        decision = asked(self.facts, MoveStep(1, "masonry", day("2026-06-05"), "exif", True), day("2026-06-25"))
        assert (decision.needs, decision.overridable) == ("refused", False)
        assert "20 days old" in rule(decision, "G12").detail.en
        assert decision.suggestion is not None and "2026-06-18" in decision.suggestion.text.en

    @pytest.mark.parametrize(("age", "allowed"), [(0, True), (7, True), (8, False), (-1, False)])
    def test_seven_days_are_kept_the_eighth_is_not(self, age: int, allowed: bool) -> None:
        assert asked(project("map", "ground"), photo("structure", age)).allowed is allowed

    def test_a_date_of_the_phone_counts_and_is_marked(self) -> None:
        decision = asked(project("map", "ground"), photo("structure", 2, proof_source="browser"))
        assert decision.allowed and decision.marks == ("browser_dated",)

    def test_a_stated_date_needs_a_supervisor_and_leaves_the_step_unverified(self) -> None:
        facts = project("map", "ground")
        wish = photo("structure", 2, proof_source="stated")
        decision = asked(facts, wish)
        assert (decision.allowed, decision.needs, decision.overridable) == (False, "refused", True)
        approved = project("map", "ground", overrides=granted(facts, wish, "G12"))
        again = asked(approved, wish)
        assert again.allowed and "unverified" in again.marks

    def test_an_old_stated_date_cannot_be_accepted(self) -> None:
        assert not asked(project("map", "ground"), photo("structure", 20, proof_source="stated")).overridable

    def test_no_photo_no_move(self) -> None:
        decision = asked(project("map", "ground"), MoveStep(1, "structure", TODAY, "stated", False))
        assert decision.needs == "refused" and not decision.overridable

    def test_an_undated_photo_asks_for_the_date(self) -> None:
        decision = asked(project("map", "ground"), MoveStep(1, "structure", has_photo=True))
        assert "state it" in rule(decision, "G12").detail.en

    def test_a_dated_notice_proves_too(self) -> None:
        assert asked(project("map", "ground"), photo("structure", 2, proof_source="notice")).allowed

    def test_the_same_step_again_needs_no_proof(self) -> None:
        assert asked(project("map", "ground"), MoveStep(1, "ground")).rules == ()


class TestG46Stranded:
    def test_r07_a_project_in_specify_is_stranded_by_fit_out(self) -> None:
        decision = asked(project("specify", "mep"), photo("fitout"))
        assert decision.allowed and "stranded" in decision.marks
        assert "2026-03-23" in rule(decision, "G46").detail.en

    def test_a_building_behind_the_leading_one_strands_nobody(self) -> None:
        facts = project("specify", buildings=(building("mep"), building("ground", id=2)))
        assert "G46" not in asked(facts, photo("structure", building_id=2)).rules

    def test_a_usual_cell_does_not(self) -> None:
        assert "G46" not in asked(project("specify", "concept"), photo("drawings")).rules


class TestG47CarriedLate:
    def test_a13_the_tender_carries_specify_into_a_late_cell(self) -> None:
        for keys in (("tiles", "sanitary_ware"), ("waterproofing_basement",)):
            facts = project("specify", "drawings", categories=lines(*keys))
            decision = asked(facts, photo("tender"))
            assert decision.allowed and decision.rules == ("G47",)

    def test_b14_it_names_the_category_past_its_window(self) -> None:
        facts = project("specify", "structure", categories=lines("gypsum_board", "flooring"))
        detail = rule(asked(facts, photo("masonry")), "G47").detail.en
        assert "Gypsum board" in detail and "flooring" not in detail

    def test_b23_a_bid_at_the_envelope_is_normal(self) -> None:
        facts = project("bid", "masonry", categories=lines("gypsum_board"))
        assert asked(facts, photo("envelope")).rules == ()


def test_an_unknown_building_is_an_error() -> None:
    with pytest.raises(ValueError, match="no building"):
        asked(project(), MoveStep(99, "fitout"))


def test_an_unknown_step_is_named() -> None:
    with pytest.raises(KeyError, match="attic"):
        asked(project(), MoveStep(1, "attic"))


def test_construction_is_never_refused_for_the_cell_it_leads_to() -> None:
    for phase in STANDARD.phases:
        for number, step in enumerate(STANDARD.steps[1:], 1):
            facts = project(phase.key, STANDARD.steps[number - 1].key, categories=lines("tiles"))
            assert asked(facts, photo(step.key)).allowed
