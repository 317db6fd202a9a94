"""Guards of quotes, orders, dispatch and payment, each at its boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.facts import TODAY, before, day, exits, granted, project
from tests.workflows.speaking import the
from tests.workflows.test_guards_moves import asked
from workflows.engine import AcceptPayment, LogRecord, PlaceOrder, SendQuote
from workflows.facts import Circumstance, ProjectFacts

BIDDING = project("bid", "masonry", categories=())
APPROVED = replace(BIDDING, evidence=exits("bid", without=("submitted", "result_known")))
SIGNED = project("deliver", "mep", evidence=(*exits("contract", before(90)), *exits("shortlist", before(90))))


def written(kind: str, phase: str = "bid", **more: Any) -> LogRecord:
    return LogRecord(phase, "masonry", TODAY, kind, "bidding", **more)


class TestG20QuoteNotApproved:
    @pytest.mark.parametrize(
        ("facts", "wish", "fires"),
        [
            (BIDDING, SendQuote(), True),
            (APPROVED, SendQuote(), False),
            (APPROVED, SendQuote(approved=False), True),  # this version was not
            (BIDDING, SendQuote(approved=True), False),
            (replace(BIDDING, frame_agreement="HY-2024-JC-017"), SendQuote(), False),  # A28
            (BIDDING, written("quotation"), True),
            (BIDDING, written("bid_submission"), True),
            (BIDDING, written("quotation", closes=("X.bid.quote_approved",)), False),  # the record is the approval
            (BIDDING, written("quotation", is_plan=True), False),
            (BIDDING, written("quotation", phase="specify"), False),  # a budget price before the bid
            (BIDDING, written("call"), False),
            (APPROVED, written("bid_submission"), False),
        ],
    )
    def test_nothing_leaves_the_house_before_it_is_approved(
        self, facts: ProjectFacts, wish: SendQuote | LogRecord, fires: bool
    ) -> None:
        assert ("G20" in asked(facts, wish).rules) is fires

    def test_b18_it_is_refused_and_nobody_may_allow_it(self) -> None:
        decision = asked(BIDDING, SendQuote())
        fired = the(decision, "G20")
        assert (decision.needs, decision.overridable, fired.override) == ("refused", False, None)


class TestG21BelowAuthority:
    @pytest.mark.parametrize(
        ("percent", "action", "signers"),
        [
            ("2", "supervisor", ("supervisor",)),  # the sales manager's line itself
            ("2.01", "supervisor", ("regional_director",)),
            ("5", "supervisor", ("regional_director",)),
            ("5.01", "supervisor", ("general_manager",)),
            ("100", "supervisor", ("general_manager",)),
            ("100.01", "refuse", ()),
        ],
    )
    def test_the_lowest_level_that_may_give_it_signs(self, percent: str, action: str, signers: tuple[str, ...]) -> None:
        decision = asked(APPROVED, SendQuote(discount_percent=Decimal(percent)))
        fired = the(decision, "G21")
        assert (fired.action, decision.signers) == (action, signers)
        assert decision.overridable is bool(signers)

    @pytest.mark.parametrize(("percent", "fires"), [("3", False), ("3.01", True), ("0", False)])
    def test_within_his_own_authority_a_seller_quotes_alone(self, percent: str, fires: bool) -> None:
        wish = SendQuote(discount_percent=Decimal(percent), authority_percent=Decimal(3))
        assert ("G21" in asked(APPROVED, wish).rules) is fires

    def test_b24_three_percent_is_for_the_regional_director(self) -> None:
        wish = SendQuote(discount_percent=Decimal(3))
        decision = asked(APPROVED, wish)
        assert (decision.needs, decision.signers) == ("supervisor", ("regional_director",))
        assert "regional director (up to 5%)" in the(decision, "G21").detail.en
        assert asked(replace(APPROVED, overrides=granted(APPROVED, wish, "G21")), wish).allowed


def lot(amount: Any, purpose: str = "show_area", **more: Any) -> PlaceOrder:
    money = None if amount is None else Decimal(amount)
    return PlaceOrder("dispatch", money, purpose, **more)


class TestG22NoContract:
    unsigned = project("specify", "tender")

    @pytest.mark.parametrize(
        ("wish", "override"),
        [
            (lot(1000, ""), None),
            (lot(1000, "villa"), None),
            (lot(None), None),
            (lot(50_000), "supervisor+finance"),
            (lot(50_000, "sample_room"), "supervisor+finance"),
            (lot("50000.01"), None),
        ],
    )
    def test_only_a_small_lot_may_go_before_the_contract(self, wish: PlaceOrder, override: str | None) -> None:
        decision = asked(self.unsigned, wish)
        assert (the(decision, "G22").override, decision.needs) == (override, "refused")
        assert decision.overridable is (override is not None)

    def test_a16_supervisor_and_finance_together_let_it_go(self) -> None:
        wish = lot(32_000)
        decision = asked(self.unsigned, wish)
        assert decision.signers == ("supervisor", "finance") and "32,000" in the(decision, "G22").detail.zh
        assert asked(replace(self.unsigned, overrides=granted(self.unsigned, wish, "G22")), wish).allowed

    def test_with_a_signed_contract_everything_goes(self) -> None:
        assert asked(SIGNED, lot(9_000_000, "")).rules == ()
        assert asked(SIGNED, PlaceOrder("production")).rules == ()

    def test_a_record_of_a_small_lot_is_asked_the_same_and_a_plan_is_not(self) -> None:
        wish = LogRecord("specify", "tender", TODAY, "delivery_check", "logistics", small_lot=True)
        assert asked(self.unsigned, wish).rules == ("G22",)
        assert asked(self.unsigned, replace(wish, is_plan=True)).allowed


class TestG23NotSealed:
    unsealed = project("deliver", "mep", evidence=exits("contract"))

    @pytest.mark.parametrize(
        ("facts", "wish", "fires"),
        [
            (unsealed, PlaceOrder("production"), True),
            (unsealed, PlaceOrder("dispatch"), False),
            (unsealed, PlaceOrder("production", sealed=True), False),
            (SIGNED, PlaceOrder("production"), False),
            (SIGNED, PlaceOrder("production", sealed=False), True),
        ],
    )
    def test_production_wants_a_sealed_sample(self, facts: ProjectFacts, wish: PlaceOrder, fires: bool) -> None:
        assert ("G23" in asked(facts, wish).rules) is fires

    def test_a_supervisor_signs_and_the_customers_consent_is_asked_for(self) -> None:
        bare = asked(self.unsealed, PlaceOrder("production"))
        assert (bare.needs, bare.signers, bare.marks) == ("supervisor", ("supervisor",), ("consent_missing",))
        assert "consent" in the(bare, "G23").detail.en
        with_it = asked(self.unsealed, PlaceOrder("production", customer_consent=True))
        assert with_it.marks == () and with_it.needs == "supervisor"


class TestG24DispatchStopped:
    @pytest.mark.parametrize(("days", "fires"), [(30, False), (31, True), (33, True)])
    def test_a34_thirty_days_overdue_are_borne(self, days: int, fires: bool) -> None:
        facts = replace(SIGNED, circumstances=(Circumstance("overdue", before(days)),))
        assert ("G24" in asked(facts, PlaceOrder("dispatch")).rules) is fires

    def test_the_credit_limit_stops_it_too_and_production_goes_on(self) -> None:
        facts = replace(SIGNED, circumstances=(Circumstance("credit_exceeded", TODAY),))
        assert "credit limit" in the(asked(facts, PlaceOrder("dispatch")), "G24").detail.en
        assert asked(facts, PlaceOrder("production")).rules == ()

    def test_finance_and_a_supervisor_let_it_go_on_a_dated_promise(self) -> None:
        facts = replace(SIGNED, circumstances=(Circumstance("overdue", before(33)),))
        bare = asked(facts, PlaceOrder("dispatch"))
        assert (bare.needs, bare.signers) == ("refused", ("finance", "supervisor"))
        assert bare.marks == ("promise_missing",) and "33 days" in the(bare, "G24").detail.en
        wish = PlaceOrder("dispatch", promise_on=TODAY + timedelta(days=9))
        assert asked(facts, wish).marks == ()
        assert asked(replace(facts, overrides=granted(facts, wish, "G24")), wish).allowed

    def test_the_stop_lifts_itself_on_the_day_the_money_is_there(self) -> None:
        facts = replace(SIGNED, circumstances=(Circumstance("overdue", day("2026-01-01"), until=TODAY),))
        assert asked(facts, PlaceOrder("dispatch"), before(1)).rules == ("G24",)
        assert asked(facts, PlaceOrder("dispatch")).allowed

    def test_two_claims_overdue_count_from_the_older(self) -> None:
        both = (Circumstance("overdue", before(5)), Circumstance("overdue", before(40)))
        facts = replace(SIGNED, circumstances=both)
        assert "40 days" in the(asked(facts, PlaceOrder("dispatch")), "G24").detail.en


class TestG25NoCash:
    @pytest.mark.parametrize(("kind", "fires"), [("cash", False), ("flats", True), ("goods", True), ("bill", True)])
    def test_only_money_is_money(self, kind: Any, fires: bool) -> None:
        assert ("G25" in asked(SIGNED, AcceptPayment(kind)).rules) is fires

    def test_a35_a_commercial_bill_goes_to_the_general_manager_and_finance(self) -> None:
        decision = asked(SIGNED, AcceptPayment("bill", Decimal(1_200_000)))
        assert (decision.needs, decision.signers) == ("supervisor", ("general_manager", "finance"))
        assert "1,200,000" in the(decision, "G25").detail.en
