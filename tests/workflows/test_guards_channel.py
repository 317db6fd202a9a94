"""Guards between dealers and the direct side: known sites, conflicts, prices, protection."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.workflows.facts import TODAY, before, day, exits, granted, project
from tests.workflows.speaking import the
from tests.workflows.test_guards_moves import asked
from workflows.engine import ClaimSite, ConfirmConflict, LogRecord, MovePhase, PassTime, PlaceOrder, SendQuote
from workflows.facts import ProjectFacts, RegistrationFacts
from workflows.guards.channel import last_day, ruling_due
from workflows.wishes import Wish


def claim(state: str = "registered", **more: Any) -> RegistrationFacts:
    more.setdefault("protected_to", TODAY + timedelta(days=100))
    return RegistrationFacts(7, "Xinyuan", state, **more)


def claimed(*claims: RegistrationFacts, **more: Any) -> ProjectFacts:
    return project("bid", "structure", registrations=claims, evidence=exits("bid"), **more)


class TestG26KnownSite:
    def test_a_certain_duplicate_is_refused_until_dealer_management_has_checked(self) -> None:
        decision = asked(project(), ClaimSite("certain"))
        fired = the(decision, "G26")
        assert (decision.needs, decision.signers, fired.action) == ("refused", ("dealer_mgmt",), "refuse")
        assert "join" in fired.detail.en
        facts = replace(project(), overrides=granted(project(), ClaimSite("certain"), "G26"))
        assert asked(facts, ClaimSite("certain")).allowed

    def test_c04_a_likely_one_is_kept_for_a_check_without_protection(self) -> None:
        decision = asked(project(), ClaimSite("likely"))
        assert (decision.allowed, decision.rules, decision.marks) == (True, ("G26",), ("for_check",))
        assert the(decision, "G26").action == "warn" and "without automatic protection" in decision.fired[0].detail.en

    def test_an_imported_row_is_kept_and_marked_whatever_it_is_like(self) -> None:
        decision = asked(project(), ClaimSite("certain", imported=True))
        assert decision.allowed and decision.marks == ("for_check",)

    def test_a_new_site_is_nobodys_business(self) -> None:
        assert asked(project(), ClaimSite()).rules == ()


def entry(kind: str) -> LogRecord:
    return LogRecord("map", "drawings", TODAY, kind, "sales")


class TestG27Conflict:
    frozen = project("map", "drawings", state="on_hold_arbitration", evidence=(*exits("map"), *exits("bid")))

    def test_c05_confirming_freezes_both_sides_and_dates_the_ruling(self) -> None:
        decision = asked(project("map", "drawings"), ConfirmConflict(7), day("2025-11-17"))
        assert decision.allowed and decision.marks == ("on_hold_arbitration", "in_conflict")
        assert the(decision, "G27").action == "auto" and "2025-11-20" in decision.fired[0].detail.zh

    @pytest.mark.parametrize(
        ("confirmed", "ruling"),
        [
            ("2025-11-17", "2025-11-20"),
            ("2025-11-19", "2025-11-24"),
            ("2025-11-21", "2025-11-26"),
            ("2025-09-30", "2025-10-11"),
        ],
    )
    def test_the_ruling_is_due_in_three_working_days(self, confirmed: str, ruling: str) -> None:
        assert ruling_due(day(confirmed)) == day(ruling)

    @pytest.mark.parametrize(
        ("wish", "refused"),
        [
            (SendQuote(), True),
            (PlaceOrder("dispatch"), True),
            (MovePhase("specify"), True),
            (entry("quotation"), True),
            (entry("sample_delivery"), True),
            (entry("mockup"), True),
            (entry("note"), False),
            (entry("office_visit"), False),
        ],
    )
    def test_c06_frozen_means_no_quotes_samples_or_moves_but_notes(self, wish: Wish, refused: bool) -> None:
        decision = asked(self.frozen, wish)
        assert ("G27" in decision.rules) is refused
        if refused:
            assert decision.needs == "refused" and the(decision, "G27").override == "supervisor"

    def test_without_a_conflict_nothing_is_frozen(self) -> None:
        assert "G27" not in asked(replace(self.frozen, state="active"), SendQuote()).rules


class TestG28DealerUnregistered:
    @pytest.mark.parametrize(
        ("registration", "fires"),
        [
            (claim("pre_registered"), False),
            (claim("registered"), False),
            (claim("renewed"), False),
            (claim("provisional"), True),
            (claim("submitted"), True),
            (claim("in_conflict"), True),
            (claim("expired"), True),
            (claim("registered", protected_to=TODAY), False),
            (claim("registered", protected_to=before(1)), True),
        ],
    )
    def test_a_dealer_is_quoted_to_while_his_registration_holds(
        self, registration: RegistrationFacts, fires: bool
    ) -> None:
        assert ("G28" in asked(claimed(registration), SendQuote(to_dealer="Xinyuan")).rules) is fires

    def test_c18_another_dealers_registration_is_none_of_his(self) -> None:
        decision = asked(claimed(claim()), SendQuote(to_dealer="Hongda"))
        assert (decision.rules, decision.needs, decision.overridable) == (("G28",), "refused", False)
        assert "register first" in the(decision, "G28").detail.en

    def test_a_quote_to_the_customer_asks_for_no_registration(self) -> None:
        assert asked(claimed(), SendQuote()).rules == ()


class TestG29RegistrationLapses:
    wish = PassTime(registration_id=7)

    @pytest.mark.parametrize(
        ("today", "marks"),
        [
            ("2026-06-16", ()),
            ("2026-06-17", ("remind",)),  # C16
            ("2026-06-23", ("remind",)),  # the last day that is kept
            ("2026-06-24", ("expired",)),  # C17
        ],
    )
    def test_sixty_days_without_progress_are_kept_and_a_week_before_somebody_is_told(
        self, today: str, marks: tuple[str, ...]
    ) -> None:
        held = claim(protected_to=day("2026-07-19"), progress_on=day("2026-04-24"), progress_days=60)
        decision = asked(project(registrations=(held,), state="suspended"), self.wish, day(today))
        assert (decision.allowed, decision.marks) == (True, marks)
        if marks:
            assert the(decision, "G29").action == "auto" and "2026-06-24" in decision.fired[0].detail.en

    def test_the_protection_ends_at_the_earlier_of_its_date_and_its_progress(self) -> None:
        assert last_day(claim(protected_to=day("2026-07-19"))) == day("2026-07-19")
        both = claim(protected_to=day("2026-05-01"), progress_on=day("2026-04-24"), progress_days=60)
        assert last_day(both) == day("2026-05-01")

    @pytest.mark.parametrize("state", ["draft", "in_conflict", "expired", "converted", "rejected"])
    def test_what_does_not_protect_does_not_lapse(self, state: str) -> None:
        assert last_day(claim(state)) is None
        assert "G29" not in asked(claimed(claim(state, protected_to=before(9))), self.wish).rules

    def test_only_a_project_without_an_owner_of_ours_returns_to_the_pool(self) -> None:
        lapsed = claim(protected_to=before(1))
        assert asked(claimed(lapsed), self.wish).marks == ("expired",)
        bare = asked(claimed(lapsed, owned=False), self.wish)
        assert bare.marks == ("expired", "pool") and "pool" in the(bare, "G29").detail.en

    def test_the_day_asks_about_one_registration_at_a_time(self) -> None:
        assert "G29" not in asked(claimed(claim(protected_to=before(1))), PassTime()).rules
        assert "G29" not in asked(claimed(claim(protected_to=before(1))), PassTime(8)).rules
