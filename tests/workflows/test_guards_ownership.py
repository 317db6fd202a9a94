"""Guards of handing a project over and of changing its route."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workflows.facts import STANDARD, exits, granted, project
from tests.workflows.speaking import the
from tests.workflows.test_guards_moves import asked
from workflows.engine import ChangeRoute, HandOver, MovePhase

ROUTES = [route.key for route in STANDARD.routes]


class TestG42HandedOverBare:
    @pytest.mark.parametrize(
        ("wish", "action", "lacking"),
        [
            (HandOver(2), "refuse", ("a handover note", "decision maker")),
            (HandOver(2, note=True), "refuse", ("decision maker",)),
            (HandOver(2, introduced=True), "refuse", ("a handover note",)),
            (HandOver(2, leaver=True), "refuse", ("a handover note", "decision maker")),  # R14
            (HandOver(2, leaver=True, introduced=True), "refuse", ("a handover note",)),
            (HandOver(2, note=True, leaver=True), "warn", ("decision maker", "2026-03-30")),
        ],
    )
    def test_what_a_handover_lacks(self, wish: HandOver, action: str, lacking: tuple[str, ...]) -> None:
        decision = asked(project("bid", "masonry"), wish)
        fired = the(decision, "G42")
        assert fired.action == action and decision.allowed is (action == "warn")
        for words in lacking:
            assert words in fired.detail.en

    @pytest.mark.parametrize("leaver", [True, False])
    def test_with_note_and_introduction_it_goes_through(self, leaver: bool) -> None:
        assert asked(project(), HandOver(2, note=True, introduced=True, leaver=leaver)).rules == ()

    def test_a_leavers_project_moves_at_once_and_keeps_the_task(self) -> None:
        decision = asked(project(), HandOver(2, note=True, leaver=True))
        assert decision.allowed and decision.marks == ("introduce",)

    def test_a_supervisor_may_let_it_go_to_exactly_that_colleague(self) -> None:
        facts, wish = project(), HandOver(2)
        assert asked(facts, wish).signers == ("supervisor",)
        approved = replace(facts, overrides=granted(facts, wish, "G42"))
        assert asked(approved, wish).allowed and not asked(approved, HandOver(3)).allowed


class TestG48RouteChanged:
    @pytest.mark.parametrize("route", ROUTES)
    def test_in_set_up_the_route_is_free(self, route: str) -> None:
        assert asked(project("qualify"), ChangeRoute(route)).rules == ()

    @pytest.mark.parametrize("route", [key for key in ROUTES if key != "design_led"])
    def test_after_it_a_supervisor_approves(self, route: str) -> None:
        decision = asked(project("map", "drawings"), ChangeRoute(route))
        assert decision.rules == ("G48",) and decision.signers == ("supervisor",)
        assert STANDARD.route(route).name.zh in the(decision, "G48").detail.zh

    def test_the_same_route_is_no_change(self) -> None:
        assert asked(project("map", "drawings"), ChangeRoute("design_led")).rules == ()

    def test_c09_the_required_phases_are_judged_anew(self) -> None:
        facts = project("map", "drawings")
        detail = the(asked(facts, ChangeRoute("dealer_led")), "G48").detail.en
        assert "Now optional: Specification and design-in, Shortlist and sample sealing" in detail
        back = replace(facts, route="dealer_led")
        assert "Now required:" in the(asked(back, ChangeRoute("design_led")), "G48").detail.en

    def test_it_changes_which_phase_may_be_skipped(self) -> None:
        facts = project("map", "structure", evidence=exits("map"))
        assert "G04" in asked(facts, MovePhase("bid", "hurry")).rules
        led = asked(replace(facts, route="dealer_led"), MovePhase("bid", "hurry"))
        assert led.allowed and led.rules == ("G05",)

    def test_an_approval_is_of_this_route_from_this_cell(self) -> None:
        facts, wish = project("map", "drawings"), ChangeRoute("dealer_led")
        approved = replace(facts, overrides=granted(facts, wish, "G48"))
        assert asked(approved, wish).allowed
        assert not asked(approved, ChangeRoute("public_tender")).allowed
        moved = replace(project("specify", "drawings"), overrides=approved.overrides)
        assert not asked(moved, wish).allowed

    def test_an_unknown_route_is_named(self) -> None:
        with pytest.raises(KeyError, match="by_air"):
            asked(project("map"), ChangeRoute("by_air"))
