"""Points suggested for a score card from what is known of a lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.facts import STANDARD, TODAY
from workflows.facts import RegistrationFacts
from workflows.suggesting import PIECES, KnownLead, suggest

BARE = KnownLead("street_canvassing", "structure")


def points(**values: Any) -> dict[str, int]:
    return {key: one.points for key, one in suggest(STANDARD, replace(BARE, **values), TODAY).items()}


def test_nothing_known_is_worth_little_and_what_nobody_can_know_is_left_open() -> None:
    assert points() == {"source": 3, "reality": 0, "puzzle": 0, "freshness": 0, "uniqueness": 5, "access": 0}


@pytest.mark.parametrize(("number", "expected"), [(0, 0), (1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (6, 5)])
def test_the_picture_is_worth_what_its_pieces_are(number: int, expected: int) -> None:
    assert points(pieces=frozenset(list(PIECES)[:number]))["puzzle"] == expected


@pytest.mark.parametrize(("days", "expected"), [(0, 5), (7, 5), (8, 3), (30, 3), (31, 1), (90, 1), (91, 0)])
def test_freshness_is_counted_from_the_last_record_or_photo(days: int, expected: int) -> None:
    assert points(verified_on=TODAY - timedelta(days))["freshness"] == expected


def test_reality_needs_proof() -> None:
    assert points(noted=True)["reality"] == 1
    assert points(document=True)["reality"] == 3
    assert points(located_photo=True)["reality"] == points(numbered=True)["reality"] == 5


def test_a_duplicate_and_a_registration_that_holds_take_uniqueness_away() -> None:
    holding = RegistrationFacts(1, "Hongda", "registered", protected_to=TODAY)
    assert points(likely_duplicate=True)["uniqueness"] == 1
    assert points(claims=(holding,))["uniqueness"] == 0


def test_the_window_goes_by_the_main_category_and_the_step() -> None:
    assert points(categories=("gypsum_board",), step="land")["window"] == 5
    assert points(categories=("gypsum_board",), step="handover")["window"] == 0


@pytest.mark.parametrize(
    ("roles", "expected"), [((None,), 1), (("influencer",), 3), (("user", "decision_maker"), 5), ((), 0)]
)
def test_access_is_whom_one_knows(roles: tuple[str | None, ...], expected: int) -> None:
    assert points(roles=roles)["access"] == expected
    assert points(roles=roles, frame_agreement=True)["access"] == 5


@pytest.mark.parametrize(("value", "expected"), [(100, 0), (250, 1), (750, 3), (1999, 3), (2000, 5)])
def test_size_is_measured_against_a_usual_project(value: int, expected: int) -> None:
    assert points(value=Decimal(value), usual_value=Decimal(1000))["value"] == expected


def test_public_funds_are_secured() -> None:
    assert points(kind="hospital")["funding"] == 5
    assert "funding" not in points(kind="hotel")


def test_every_suggestion_has_its_reason_in_both_languages() -> None:
    known = replace(BARE, kind="hospital", categories=("tiles",), value=Decimal(5), usual_value=Decimal(10))
    for one in suggest(STANDARD, known, TODAY).values():
        assert one.reason.zh and one.reason.en and 0 <= one.points <= 5
