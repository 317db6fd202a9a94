"""Guards of suspending, reviewing, reviving and closing, and what may become of a project at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.workflows.facts import STANDARD, TODAY, before, day, exits, project
from tests.workflows.speaking import the
from tests.workflows.test_guards_moves import asked, rule
from workflows.engine import (
    Close,
    PassTime,
    Revive,
    Suspend,
    lines_to_split,
    lost_by_its_lines,
    partly_lost,
    reachable,
    transition,
)
from workflows.facts import CategoryFacts, Circumstance, ProjectFacts, Result


class TestG35Suspend:
    def test_b09_a_review_in_132_days_is_refused(self) -> None:
        decision = asked(project(), Suspend("funding_stop", day("2026-04-01")), day("2025-11-20"))
        assert decision.rules == ("G35",) and "132 days" in rule(decision, "G35").detail.en

    def test_b10_82_days_are_accepted(self) -> None:
        assert asked(project(), Suspend("funding_stop", day("2026-02-10")), day("2025-11-20")).allowed

    @pytest.mark.parametrize(
        ("reason", "ahead", "allowed"),
        [("dispute", 90, True), ("dispute", 91, False), ("dispute", 0, False), (None, 5, False), ("mood", 5, False)],
    )
    def test_reason_and_ninety_days(self, reason: str | None, ahead: int, allowed: bool) -> None:
        assert asked(project(), Suspend(reason, TODAY + timedelta(days=ahead))).allowed is allowed

    def test_no_date_is_refused(self) -> None:
        assert not asked(project(), Suspend("dispute", None)).allowed


class TestG37Revive:
    checked = frozenset({"contacts", "windows", "credit"})

    def test_b12_a_stop_of_167_days_is_revived_without_a_new_score(self) -> None:
        facts = project(state="suspended", suspended_since=day("2025-11-20"))
        wish = Revive(day("2026-05-06"), self.checked, reason="works resumed")
        assert asked(facts, wish, day("2026-05-06")).allowed

    def test_what_is_missing_is_named(self) -> None:
        facts = project(state="suspended", suspended_since=before(365))
        detail = rule(asked(facts, Revive(before(8), reason="go")), "G37").detail.en
        for words in ("365 days", "a photo from the last 7 days", "contacts", "windows", "credit", "a new score"):
            assert words in detail

    def test_an_active_project_is_not_asked(self) -> None:
        assert asked(project(), Revive()).rules == ()

    def test_a_score_is_asked_for_after_a_year_and_suggested_after_a_month(self) -> None:
        wish = Revive(TODAY, self.checked, reason="works resumed")
        for stopped, allowed, marks in ((30, True, ()), (31, True, ("rescore",)), (364, True, ("rescore",))):
            decision = asked(project(state="suspended", suspended_since=before(stopped)), wish)
            assert (decision.allowed, decision.marks) == (allowed, marks), stopped
        long = project(state="suspended", suspended_since=before(365))
        assert not asked(long, wish).allowed
        assert asked(long, replace(wish, rescored=True)).allowed

    @pytest.mark.parametrize(("age", "allowed"), [(0, True), (7, True), (8, False), (-1, False)])
    def test_the_photo_is_of_the_last_seven_days(self, age: int, allowed: bool) -> None:
        facts = project(state="suspended", suspended_since=before(100))
        decision = asked(facts, Revive(before(age), self.checked, reason="works resumed"))
        assert decision.allowed is allowed
        assert the(decision, "G37").override == "self"


def suspended(stopped: int, review: date | None) -> ProjectFacts:
    return project(state="suspended", suspended_since=before(stopped), review_on=review)


class TestG36ReviewDue:
    @pytest.mark.parametrize(
        ("facts", "marks"),
        [
            (suspended(82, TODAY + timedelta(days=1)), ()),
            (suspended(82, TODAY), ("remind",)),  # B11
            (suspended(96, before(14)), ("remind",)),
            (suspended(97, before(15)), ("escalate",)),
            (suspended(364, before(1)), ("remind",)),
            (suspended(365, TODAY + timedelta(days=30)), ("propose_lost",)),
            (suspended(10, None), ()),
            (project(state="active", review_on=before(20)), ()),
        ],
    )
    def test_remind_then_escalate_then_propose_lost(self, facts: ProjectFacts, marks: tuple[str, ...]) -> None:
        decision = asked(facts, PassTime())
        assert decision.allowed and decision.marks == marks
        assert ("G36" in decision.rules) is bool(marks)
        if marks:
            assert (the(decision, "G36").action, the(decision, "G36").override) == ("auto", "supervisor")

    def test_a_new_review_date_is_given_by_suspending_again(self) -> None:
        facts = suspended(82, day("2026-02-10"))
        assert asked(facts, Suspend("funding_stop", day("2026-04-30")), day("2026-02-10")).allowed  # B11, 79 days


class TestG41NotSettled:
    settled = project("settle", "handover", state="won", evidence=exits("settle"))

    def test_a_settled_project_is_closed(self) -> None:
        assert asked(self.settled, Close()).rules == ()

    @pytest.mark.parametrize(
        ("key", "words"),
        [
            ("complaint", "open complaints"),
            ("account_unpaid", "an unpaid account"),
            ("retention_unpaid", "retention outstanding"),
        ],
    )
    def test_a39_c28_open_matters_keep_it_open(self, key: str, words: str) -> None:
        facts = replace(self.settled, circumstances=(Circumstance(key, before(100)),))
        decision = asked(facts, Close())
        assert (decision.needs, decision.overridable) == ("refused", False)
        assert words in the(decision, "G41").detail.en
        lifted = replace(facts, circumstances=(Circumstance(key, before(100), until=TODAY),))
        assert asked(lifted, Close()).allowed

    @pytest.mark.parametrize("key", ["final_account", "paid", "retention_back", "complaints_closed", "review_written"])
    def test_so_does_every_exit_of_the_last_phase(self, key: str) -> None:
        facts = replace(self.settled, evidence=exits("settle", without=(key,)))
        fired = the(asked(facts, Close()), "G41")
        assert fired.missing == (f"X.settle.{key}",)

    def test_a_late_receivable_alone_is_dispatchs_concern(self) -> None:
        facts = replace(self.settled, circumstances=(Circumstance("overdue", before(100)),))
        assert asked(facts, Close()).allowed


class TestTransitions:
    @pytest.mark.parametrize(
        ("source", "targets"),
        [
            ("active", ("won", "lost", "suspended", "on_hold_arbitration")),
            ("on_hold_arbitration", ("active", "lost")),
            ("suspended", ("active", "lost")),
            ("lost", ("active",)),
            ("won", ("suspended", "closed", "lost")),
            ("closed", ()),
        ],
    )
    def test_what_may_follow_a_state(self, source: str, targets: tuple[str, ...]) -> None:
        assert reachable(STANDARD, source) == targets
        states = [kind.key for kind in STANDARD.lifecycle.project_states]
        for target in states:
            assert (transition(STANDARD, source, target) is not None) is (target in targets)

    def test_a_transition_says_when_and_who(self) -> None:
        won = transition(STANDARD, "active", "won")
        assert won is not None and (won.when, won.who) == ("contract.exit.signed", "bidding")


def decided(*results: Result) -> tuple[CategoryFacts, ...]:
    return tuple(CategoryFacts(f"line{number}", result=result) for number, result in enumerate(results))


class TestLines:
    @pytest.mark.parametrize(
        ("lines", "lost", "partly"),
        [
            (decided(), False, False),
            (decided("open"), False, False),
            (decided("lost"), True, False),
            (decided("lost", "dropped"), True, False),
            (decided("dropped"), True, False),
            (decided("lost", "open"), False, True),
            (decided("lost", "won"), False, True),
            (decided("won", "open"), False, False),
        ],
    )
    def test_a_project_is_lost_only_when_every_line_is_decided_and_none_won(
        self, lines: tuple[CategoryFacts, ...], lost: bool, partly: bool
    ) -> None:
        assert (lost_by_its_lines(lines), partly_lost(lines)) == (lost, partly)

    def test_a_line_two_phases_away_had_better_be_a_sub_project(self) -> None:
        facts = project(
            "bid",
            "masonry",
            categories=(
                CategoryFacts("tiles", main=True),
                CategoryFacts("lighting", phase="shortlist"),
                CategoryFacts("flooring", phase="specify"),
                CategoryFacts("interior_coating", phase="specify", result="lost"),
                CategoryFacts("windows_doors", phase="deliver"),
            ),
        )
        assert [line.key for line in lines_to_split(STANDARD, facts)] == ["flooring", "windows_doors"]
