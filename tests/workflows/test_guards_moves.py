"""Guards of moves: each rule fires where it should and stays silent where it should not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.workflows.facts import (
    STANDARD,
    TODAY,
    before,
    building,
    day,
    exits,
    granted,
    lines,
    path,
    project,
)
from workflows.engine import Decision, Fired, MovePhase, MoveStep, OpenProject, decide
from workflows.facts import ProjectFacts
from workflows.wishes import Wish


def asked(facts: ProjectFacts, wish: Wish, today: Any = TODAY) -> Decision:
    return decide(STANDARD, facts, wish, today)


def rule(decision: Decision, rule_id: str) -> Fired:
    return next(fired for fired in decision.fired if fired.rule_id == rule_id)


def photo(to: str, age: int = 0, building_id: int = 1, **more: Any) -> MoveStep:
    more.setdefault("proof_source", "exif")
    return MoveStep(building_id, to, before(age), has_photo=True, **more)


class TestG01BlockedCell:
    def test_a_phase_move_into_a_blocked_cell_is_refused(self) -> None:
        decision = asked(project("map", "fitout", evidence=exits("map")), MovePhase("specify"))
        assert (decision.allowed, decision.needs, decision.overridable) == (False, "refused", False)
        assert "G01" in decision.rules
        assert "blocked" in rule(decision, "G01").detail.en

    def test_a04_bidding_on_bare_land_is_refused_and_mapping_is_suggested(self) -> None:
        facts = project("qualify", "land", day("2025-03-14"), route="contractor_buy")
        decision = asked(facts, MovePhase("bid"), day("2025-03-18"))
        assert "G01" in decision.rules and decision.needs == "refused"
        assert decision.suggestion is not None
        assert decision.suggestion.cell == ("map", "land")
        assert "X.qualify.parties_known" in decision.suggestion.once
        assert "once these are met" in decision.suggestion.text.en

    def test_opening_a_project_in_a_blocked_cell_is_refused(self) -> None:
        wish = OpenProject("bid", "land", "design_led")
        decision = asked(project("bid", "land"), wish)
        assert decision.rules == ("G01",)
        assert decision.suggestion is not None and isinstance(decision.suggestion.wish, OpenProject)
        assert asked(project("bid", "land"), decision.suggestion.wish).allowed

    def test_the_exception_route_may_enter(self) -> None:
        wish = OpenProject("bid", "land", "central_procurement")
        assert asked(project("bid", "land", route="central_procurement"), wish).allowed

    def test_a_cell_whose_categories_have_all_closed_is_blocked_too(self) -> None:
        facts = project("map", "fitout", evidence=exits("map"), categories=lines("tiles"))
        decision = asked(facts, MovePhase("shortlist", reason="late"))
        assert "Tiles" in rule(decision, "G01").detail.en

    def test_a_usual_cell_is_open(self) -> None:
        assert "G01" not in asked(project("qualify", "structure"), MovePhase("map")).rules


class TestG02LateCell:
    def test_entering_a_late_cell_needs_a_supervisor(self) -> None:
        facts = project("map", "structure", route="public_tender", evidence=exits("map"))
        decision = asked(facts, MovePhase("specify"))
        assert (decision.rules, decision.needs, decision.overridable) == (("G02",), "supervisor", True)

    def test_an_approval_bound_to_this_wish_lets_it_through(self) -> None:
        facts = project("map", "structure", route="public_tender", evidence=exits("map"))
        approved = replace(facts, overrides=granted(facts, MovePhase("specify"), "G02"))
        assert asked(approved, MovePhase("specify", reason="unstamped drawings")).allowed
        assert "G02" in asked(approved, MovePhase("specify")).rules

    def test_an_approval_of_another_wish_or_already_used_does_not(self) -> None:
        facts = project("map", "structure", route="public_tender", evidence=exits("map"))
        for overrides in (
            granted(facts, MovePhase("shortlist"), "G02"),
            granted(facts, MovePhase("specify"), "G02", used=True),
            granted(facts, MovePhase("specify"), "G03"),
            granted(facts, MovePhase("specify"), "G02", on=before(-1)),
        ):
            assert not asked(replace(facts, overrides=overrides), MovePhase("specify")).allowed

    def test_an_approval_dies_when_the_project_has_moved(self) -> None:
        facts = project("map", "structure", route="public_tender", evidence=exits("map"))
        moved = replace(
            facts,
            overrides=granted(facts, MovePhase("specify"), "G02"),
            buildings=(building("masonry"),),
        )
        assert not asked(moved, MovePhase("specify")).allowed

    def test_opening_late_needs_a_supervisor(self) -> None:
        decision = asked(project("qualify", "mep"), OpenProject("qualify", "mep", "design_led"))
        assert decision.rules == ("G02",)

    def test_a_normal_cell_needs_nobody(self) -> None:
        decision = asked(project("qualify", "structure", evidence=exits("qualify")), MovePhase("map"))
        assert (decision.allowed, decision.rules, decision.needs) == (True, (), "nothing")


class TestG03ExitsOpen:
    def test_a30_no_receiving_authority_no_delivery(self) -> None:
        facts = project(
            "contract",
            "masonry",
            route="central_procurement",
            evidence=exits("contract", day("2027-02-03"), without=("annexes",)),
        )
        decision = asked(facts, MovePhase("deliver"), day("2027-02-04"))
        fired = rule(decision, "G03")
        assert fired.missing == ("X.contract.annexes",)
        assert "Annexes complete" in fired.detail.en and "附件齐全" in fired.detail.zh
        assert decision.suggestion is not None
        assert decision.suggestion.wish == MovePhase("deliver")
        assert decision.suggestion.once == ("X.contract.annexes",)

    def test_b17_a_supervisor_may_let_an_unsealed_project_bid_once(self) -> None:
        facts = project(
            "shortlist",
            "masonry",
            route="public_tender",
            evidence=exits("shortlist", without=("sample_sealed", "sample_code")),
        )
        wish = MovePhase("bid")
        decision = asked(facts, wish)
        assert (decision.rules, decision.needs, decision.overridable) == (("G03",), "refused", True)
        assert rule(decision, "G03").override == "supervisor"
        assert asked(replace(facts, overrides=granted(facts, wish, "G03")), wish).allowed

    def test_the_second_exception_of_a_phase_is_impossible(self) -> None:
        facts = project("shortlist", "masonry", evidence=exits("shortlist", without=("on_list",)))
        wish = MovePhase("bid")
        spent = replace(facts, overrides=granted(facts, wish, "G03", used=True))
        decision = asked(spent, wish)
        assert not decision.overridable
        assert "has been used" in rule(decision, "G03").detail.en

    @pytest.mark.parametrize(
        ("phase", "step", "key"), [("contract", "masonry", "signed"), ("bid", "masonry", "quote_approved")]
    )
    def test_signature_and_approved_quote_are_never_waived(self, phase: str, step: str, key: str) -> None:
        facts = project(phase, step, evidence=exits(phase, without=(key,)))
        onward = MovePhase({"contract": "deliver", "bid": "contract"}[phase])
        decision = asked(facts, onward)
        assert decision.rules == ("G03",) and not decision.overridable
        forced = replace(facts, overrides=granted(facts, onward, "G03"))
        assert not asked(forced, onward).allowed

    def test_optional_criteria_do_not_hold_anybody_up(self) -> None:
        facts = project("map", "ground", evidence=exits("map", without=("coach",)))
        assert asked(facts, MovePhase("specify")).allowed

    def test_credit_screening_is_mandatory_from_the_value_line_on(self) -> None:
        facts = project("qualify", "ground", evidence=exits("qualify", without=("credit_screened",)))
        assert asked(facts, MovePhase("map")).allowed
        assert asked(replace(facts, value=999_999), MovePhase("map")).allowed
        assert asked(replace(facts, value=1_000_000), MovePhase("map")).rules == ("G03",)

    def test_moving_back_asks_for_no_exits(self) -> None:
        assert "G03" not in asked(project("bid", "masonry"), MovePhase("shortlist", reason="x")).rules


class TestG04SkipsRequired:
    def test_r01_a_contractor_bought_project_cannot_skip_the_shortlist(self) -> None:
        facts = project("map", "structure", route="contractor_buy", evidence=exits("map"))
        decision = asked(facts, MovePhase("bid", reason="hurry"))
        assert decision.rules == ("G04", "G05")
        assert "Shortlist" in rule(decision, "G04").detail.en
        assert decision.suggestion is not None and decision.suggestion.cell == ("shortlist", "structure")
        assert decision.suggestion.once == () and not decision.suggestion.supervisor

    def test_a_dealer_led_project_may(self) -> None:
        facts = project("map", "structure", route="dealer_led", evidence=exits("map"))
        assert "G04" not in asked(facts, MovePhase("bid", reason="dealer quotes")).rules

    def test_going_forward_again_over_phases_already_passed_is_no_skip(self) -> None:
        facts = project(
            "map",
            "structure",
            evidence=exits("map") + exits("specify") + exits("shortlist"),
            visited=path(
                ("map", "ground", before(90)),
                ("specify", "ground", before(80)),
                ("shortlist", "ground", before(60)),
                ("bid", "structure", before(30)),
                ("map", "structure", before(3)),
            ),
        )
        assert asked(facts, MovePhase("bid")).allowed


class TestG05SkipsOptional:
    facts = project("shortlist", "masonry", route="central_procurement", evidence=exits("shortlist"))

    def test_a28_skipping_the_bid_asks_one_sentence(self) -> None:
        decision = asked(self.facts, MovePhase("contract"))
        assert (decision.rules, decision.needs, decision.allowed) == (("G05",), "reason", False)

    def test_a28_the_sentence_is_enough(self) -> None:
        decision = asked(self.facts, MovePhase("contract", reason="frame price HY-2024-JC-017"))
        assert decision.allowed and decision.rules == ("G05",) and decision.needs == "nothing"

    def test_blank_is_no_sentence(self) -> None:
        assert not asked(self.facts, MovePhase("contract", reason="  ")).allowed

    def test_the_next_phase_skips_nothing(self) -> None:
        assert "G05" not in asked(self.facts, MovePhase("bid")).rules


class TestG06BackByOne:
    def test_r02_back_to_the_shortlist_needs_a_reason(self) -> None:
        facts = project("bid", "masonry")
        assert asked(facts, MovePhase("shortlist")).needs == "reason"
        assert asked(facts, MovePhase("shortlist", reason="new drawings")).allowed

    def test_forward_does_not_fire(self) -> None:
        assert "G06" not in asked(project("bid", "masonry"), MovePhase("contract")).rules


class TestG07FarBack:
    def test_r03_back_from_contract_needs_a_supervisor(self) -> None:
        decision = asked(project("contract", "masonry"), MovePhase("bid", reason="void"))
        assert (decision.rules, decision.needs) == (("G07",), "supervisor")

    def test_two_phases_back_need_a_supervisor(self) -> None:
        assert asked(project("bid", "ground"), MovePhase("specify")).rules == ("G07",)

    def test_one_back_before_signing_does_not(self) -> None:
        assert "G07" not in asked(project("bid", "masonry"), MovePhase("shortlist")).rules


class TestG09AllClosed:
    def test_r06_fit_out_starts_and_a_tiles_project_is_still_mapping(self) -> None:
        facts = project("map", "mep", before(60), categories=lines("tiles"))
        decision = asked(facts, photo("fitout"))
        assert decision.allowed
        assert rule(decision, "G09").action == "auto" and "windows_closed" in decision.marks

    def test_a_phase_move_then_needs_a_supervisor(self) -> None:
        facts = project("qualify", "fitout", categories=lines("tiles"), evidence=exits("qualify"))
        decision = asked(facts, MovePhase("map"))
        assert "G09" in decision.rules and decision.needs == "supervisor"

    def test_one_open_category_is_enough(self) -> None:
        facts = project("map", "mep", before(60), categories=lines("tiles", "flooring"))
        assert "G09" not in asked(facts, photo("fitout")).rules

    def test_after_the_contract_it_is_over(self) -> None:
        facts = project("deliver", "mep", before(60), categories=lines("tiles"))
        assert "G09" not in asked(facts, photo("fitout")).rules


class TestG13BidWindowOver:
    def test_r17_tiles_in_mapping_when_services_begin(self) -> None:
        decision = asked(project("map", "envelope", categories=lines("tiles")), photo("mep"))
        assert decision.allowed and "G13" in decision.rules
        assert "ended at Facade" in rule(decision, "G13").detail.en

    def test_a_later_phase_is_not_warned(self) -> None:
        decision = asked(project("bid", "envelope", categories=lines("tiles")), photo("mep"))
        assert "G13" not in decision.rules

    def test_only_the_main_category_counts(self) -> None:
        decision = asked(project("map", "envelope", categories=lines("lighting", "tiles")), photo("mep"))
        assert "G13" not in decision.rules


def test_the_number_of_a_frame_agreement_stands_for_the_approved_quote() -> None:
    """Source: the note of the route central_procurement."""
    facts = project("bid", "structure", route="central_procurement", evidence=exits("bid", without=("quote_approved",)))
    refused = asked(facts, MovePhase("contract"))
    assert refused.rules == ("G03",) and not refused.overridable
    assert asked(replace(facts, frame_agreement="HY-2024-JC-017"), MovePhase("contract")).allowed
