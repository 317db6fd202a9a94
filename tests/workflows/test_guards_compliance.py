"""Guards of benefits: what is forbidden, when nothing is given, what two approve."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.workflows.facts import STANDARD, TODAY, before, day, granted, project
from tests.workflows.speaking import the
from tests.workflows.test_guards_moves import asked
from workflows.engine import GiveBenefit, LogRecord
from workflows.facts import ProjectFacts

PRIVATE = project("specify", "structure", kind="hotel")
PUBLIC = project("specify", "structure", kind="hospital", public_funds=True)
KINDS = {choice.key: choice.extra["rule"] for choice in STANDARD.picklist("designer_reward_kinds").items}


def gift(kind: str, value: int = 0, to: str = "designer") -> GiveBenefit:
    return GiveBenefit(kind, to, Decimal(value))


class TestG30Prohibited:
    @pytest.mark.parametrize(
        ("facts", "wish", "fires"),
        [
            (PRIVATE, gift("cash_card", 100), True),
            (PRIVATE, gift("order_commission"), True),
            (PRIVATE, gift("third_party_channel", 1), True),
            (PRIVATE, gift("study_trip", 3000), False),
            (PRIVATE, gift("technical_support", 500), False),
            (PUBLIC, gift("study_trip"), True),  # B07
            (PUBLIC, gift("training_cpd", 1), True),
            (PUBLIC, gift("training_cpd"), False),
            (PUBLIC, gift("technical_support"), False),
            (PUBLIC, gift("hospitality", 300, "owner"), False),  # G31 watches that
        ],
    )
    def test_what_may_not_be_given(self, facts: ProjectFacts, wish: GiveBenefit, fires: bool) -> None:
        assert ("G30" in asked(facts, wish).rules) is fires

    def test_nobody_may_allow_it(self) -> None:
        decision = asked(PUBLIC, gift("study_trip"))
        assert decision.needs == "refused" and not decision.overridable
        assert (the(decision, "G30").action, the(decision, "G30").override) == ("refuse", None)

    @pytest.mark.parametrize("kind", [key for key, rule in KINDS.items() if rule == "prohibited"])
    def test_every_prohibited_kind_is_refused_everywhere(self, kind: str) -> None:
        assert asked(PRIVATE, gift(kind)).needs == asked(PUBLIC, gift(kind)).needs == "refused"


def tendered(issued: str, award: str | None = None) -> ProjectFacts:
    days = {"tender_issued": day(issued)} | ({"award_notice": day(award)} if award else {})
    return replace(PRIVATE, anchors=days)


class TestG31DuringTender:
    @pytest.mark.parametrize(
        ("facts", "today", "fires"),
        [
            (PRIVATE, "2026-09-01", False),
            (tendered("2026-08-25"), "2026-08-24", False),
            (tendered("2026-08-25"), "2026-08-25", True),
            (tendered("2026-08-25"), "2026-09-01", True),  # B20
            (tendered("2026-08-25", "2026-09-25"), "2026-09-24", True),
            (tendered("2026-08-25", "2026-09-25"), "2026-09-25", False),
            (tendered("2026-08-25", "2026-03-01"), "2026-09-01", True),  # the award of an earlier tender
        ],
    )
    def test_nothing_is_given_between_tender_issue_and_award(
        self, facts: ProjectFacts, today: str, fires: bool
    ) -> None:
        decision = asked(facts, gift("hospitality", 300, "owner"), day(today))
        assert ("G31" in decision.rules) is fires
        record = LogRecord("specify", "structure", day(today), "hospitality", "sales")
        assert ("G31" in asked(facts, record, day(today)).rules) is fires

    @pytest.mark.parametrize(("to", "fires"), [("owner", True), ("agent", True), ("designer", True), ("other", False)])
    def test_it_protects_owner_agent_and_designer(self, to: str, fires: bool) -> None:
        decision = asked(tendered("2026-03-01"), gift("sample_library", 50, to))
        assert ("G31" in decision.rules) is fires
        if fires:
            assert "2026-03-01" in the(decision, "G31").detail.zh and not decision.overridable

    def test_a_plan_and_other_work_go_on(self) -> None:
        facts = replace(PRIVATE, anchors={"tender_issued": before(3)})
        plan = LogRecord("specify", "structure", TODAY, "hospitality", "sales", is_plan=True)
        call = LogRecord("specify", "structure", TODAY, "call", "sales")
        assert asked(facts, plan).rules == asked(facts, call).rules == ()


class TestG32NeedsTwo:
    @pytest.mark.parametrize(("kind", "rule"), KINDS.items())
    def test_the_kinds_that_need_two_are_those_of_the_list(self, kind: str, rule: str) -> None:
        assert ("G32" in asked(PRIVATE, gift(kind)).rules) is (rule == "approval")

    def test_r12_a_factory_visit_at_a_private_hotel_needs_compliance_and_a_supervisor(self) -> None:
        decision = asked(PRIVATE, gift("factory_visit", 2000))
        assert decision.rules == ("G32",) and decision.needs == "supervisor"
        assert decision.signers == ("compliance", "supervisor") and decision.marks == ("file_papers",)
        assert "seven days" in the(decision, "G32").detail.en
        facts = replace(PRIVATE, overrides=granted(PRIVATE, gift("factory_visit", 2000), "G32"))
        assert asked(facts, gift("factory_visit", 2000)).allowed

    def test_on_public_money_and_during_a_tender_two_are_not_enough(self) -> None:
        assert asked(PUBLIC, gift("factory_visit")).rules == ("G30", "G32")
        assert asked(tendered("2026-03-01"), gift("factory_visit")).rules == ("G31", "G32")
        assert not asked(PUBLIC, gift("factory_visit")).overridable
