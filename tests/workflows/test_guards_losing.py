"""Guards of losing a project or one of its lines, and of taking it up again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.facts import STANDARD, TODAY, before, day, granted, lines, project
from tests.workflows.speaking import the
from tests.workflows.test_guards_moves import asked
from workflows.engine import MarkLost, Revive
from workflows.facts import CategoryFacts, ProjectFacts
from workflows.guards.losing import TOLD

EARLY = project("map", "structure", categories=lines("tiles", "lighting"))
REASONS = {choice.key: tuple(choice.extra["requires"]) for choice in STANDARD.picklist("lost_reasons").items}


def loss(reason: str | None = "no_decision_maker", winner: str | None = "Ruian", **more: Any) -> MarkLost:
    return MarkLost(reason_key=reason, winner=winner, **more)


class TestG33LossUntold:
    @pytest.mark.parametrize(
        ("wish", "fires"),
        [
            (loss(None), True),
            (loss("bad_luck"), True),
            (loss(winner=None), True),
            (loss(winner=""), False),  # nobody won it
            (loss(), False),
            (loss("price_high"), True),  # B25: without the gap
            (loss("price_high", gap_percent=Decimal(11)), False),
            (loss("price_high", gap_percent=Decimal(0)), False),
            (loss("price_high", winning_price=Decimal(98)), False),
            (loss("spec_swapped"), True),  # C22: who, but not when
            (loss("spec_swapped", told=frozenset({"step"})), False),
            (loss("spec_swapped", winner="", told=frozenset({"step"})), True),  # when, but not who
            (loss("spec_swapped", winner="", told=frozenset({"step", "competitor"})), False),
        ],
    )
    def test_what_a_loss_has_to_tell(self, wish: MarkLost, fires: bool) -> None:
        decision = asked(EARLY, wish)
        assert ("G33" in decision.rules) is fires
        assert decision.allowed is not fires
        if fires:
            assert decision.needs == "refused" and not decision.overridable and the(decision, "G33").override is None

    @pytest.mark.parametrize("reason", REASONS)
    def test_every_reason_names_what_it_requires_in_words(self, reason: str) -> None:
        decision = asked(EARLY, loss(reason, winner=""))
        assert ("G33" in decision.rules) is bool(REASONS[reason])
        for key in REASONS[reason]:
            assert TOLD[key][0] in the(decision, "G33").detail.zh
            assert TOLD[key][1] in the(decision, "G33").detail.en
        told = loss(reason, gap_percent=Decimal(5), told=frozenset(REASONS[reason]))
        assert asked(EARLY, told).allowed

    def test_only_the_main_reason_is_bound_to_what_it_requires(self) -> None:
        assert asked(EARLY, loss(other_reasons=("price_high", "too_late"))).allowed


class TestG34LateLoss:
    @pytest.mark.parametrize(
        ("facts", "category", "fires"),
        [
            (project("qualify"), None, False),
            (project("shortlist", "masonry"), None, False),
            (project("bid", "masonry"), None, True),
            (project("deliver", "masonry", state="won", categories=lines("tiles", "lighting")), "lighting", True),
            (project("map", key_project=True), None, True),
            (project("map", "masonry", categories=(CategoryFacts("tiles", phase="bid"),)), "tiles", True),
            (project("bid", "masonry", categories=(CategoryFacts("tiles", phase="map"),)), "tiles", False),
        ],
    )
    def test_from_the_bid_on_and_in_key_projects_a_supervisor_confirms(
        self, facts: ProjectFacts, category: str | None, fires: bool
    ) -> None:
        decision = asked(facts, loss(category=category))
        assert ("G34" in decision.rules) is fires
        if fires:
            assert (decision.needs, decision.signers) == ("supervisor", ("supervisor",))
            assert decision.marks == ("review",) and "review" in the(decision, "G34").detail.en

    def test_b25_what_is_untold_is_refused_first_then_the_supervisor_confirms(self) -> None:
        facts = project("bid", "envelope", categories=lines("gypsum_board", "flooring"))
        bare = asked(facts, loss("price_high", category="flooring"))
        assert bare.rules == ("G33", "G34") and bare.needs == "refused" and not bare.overridable
        told = loss("price_high", category="flooring", gap_percent=Decimal(11))
        assert asked(facts, told).needs == "supervisor"
        assert asked(replace(facts, overrides=granted(facts, told, "G34")), told).allowed

    def test_an_approval_is_of_this_loss_and_no_other(self) -> None:
        facts = project("bid", "envelope", categories=lines("gypsum_board", "flooring"))
        told = loss("price_high", category="flooring", gap_percent=Decimal(11))
        approved = replace(facts, overrides=granted(facts, told, "G34"))
        assert not asked(approved, replace(told, category="gypsum_board")).allowed
        assert not asked(approved, replace(told, winner="")).allowed


def lost(days: int, **more: Any) -> ProjectFacts:
    return project("bid", "masonry", state="lost", lost_on=before(days), **more)


def line_lost(days: int, **more: Any) -> ProjectFacts:
    line = CategoryFacts("interior_coating", result="lost", decided_on=before(days))
    return project("deliver", "fitout", state="won", categories=(*lines("gypsum_board"), line), **more)


FACT = "the winner's coating failed its re-test"


class TestG38ReviveLost:
    @pytest.mark.parametrize(("days", "fires"), [(0, True), (151, True), (365, True), (366, False)])
    def test_within_a_year_of_the_loss(self, days: int, fires: bool) -> None:
        assert ("G38" in asked(lost(days), Revive(new_fact=FACT)).rules) is fires
        assert ("G38" in asked(line_lost(days), Revive(category="interior_coating", new_fact=FACT)).rules) is fires

    @pytest.mark.parametrize("new_fact", [None, "", "  "])
    def test_without_a_new_fact_there_is_nothing_to_approve(self, new_fact: str | None) -> None:
        decision = asked(lost(10), Revive(new_fact=new_fact))
        assert (decision.needs, decision.overridable) == ("refused", False)
        assert "new fact" in the(decision, "G38").detail.en

    def test_b33_a_supervisor_takes_a_line_up_again(self) -> None:
        wish = Revive(category="interior_coating", new_fact=FACT)
        decision = asked(line_lost(151), wish)
        assert decision.rules == ("G38",) and decision.signers == ("supervisor",)
        assert "151 days" in the(decision, "G38").detail.en
        facts = line_lost(151)
        assert asked(replace(facts, overrides=granted(facts, wish, "G38")), wish).allowed

    def test_what_is_not_lost_asks_for_nothing(self) -> None:
        assert asked(line_lost(151), Revive(category="gypsum_board", new_fact=FACT)).rules == ()
        assert asked(project(), Revive(new_fact=FACT)).rules == ()


class TestG39ReviveTooLate:
    @pytest.mark.parametrize(("days", "fires"), [(365, False), (366, True), (400, True)])
    def test_r13_after_a_year_a_new_project_is_opened(self, days: int, fires: bool) -> None:
        decision = asked(lost(days), Revive(new_fact=FACT))
        assert ("G39" in decision.rules) is fires
        if fires:
            assert (decision.rules, decision.needs, decision.overridable) == (("G39",), "refused", False)
            assert (
                f"{days} days" in the(decision, "G39").detail.en and "open a new project" in decision.fired[0].detail.en
            )

    def test_so_with_a_line(self) -> None:
        assert asked(line_lost(366), Revive(category="interior_coating", new_fact=FACT)).rules == ("G39",)

    def test_a_closed_project_stays_closed(self) -> None:
        facts = project("settle", "handover", state="closed")
        assert asked(facts, Revive(photo_on=TODAY, new_fact=FACT)).rules == ("G39",)


def test_days_since_a_loss_are_counted_over_a_leap_year() -> None:
    facts = project("bid", "masonry", state="lost", lost_on=day("2027-12-30"))
    assert asked(facts, Revive(new_fact=FACT), day("2028-12-29")).rules == ("G38",)
    assert asked(facts, Revive(new_fact=FACT), day("2028-12-30")).rules == ("G39",)
