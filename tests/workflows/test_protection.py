"""How long a registration protects, and what a complaint is given in time."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflows.facts import STANDARD, day
from workflows.complaints import complaint_limits
from workflows.facts import RegistrationFacts
from workflows.protection import may_be_renewed, progressed, put

CLAIM = RegistrationFacts(7, "Xinyuan", "in_check")


@pytest.mark.parametrize(
    ("state", "on", "until", "progress_days"),
    [
        ("pre_registered", "2025-11-20", "2026-02-18", 30),  # C09
        ("registered", "2026-01-20", "2026-07-19", 60),  # C13
        ("renewed", "2026-06-26", "2026-09-24", 60),  # C19
        ("provisional", "2026-01-01", "2026-01-16", None),
    ],
)
def test_protection_counts_from_the_day_of_the_answer(state: str, on: str, until: str, progress_days: int) -> None:
    found = put(STANDARD, CLAIM, state, day(on))
    assert (found.state, found.protected_to, found.progress_days) == (state, day(until), progress_days)
    assert found.progress_on == day(on)


def test_a_state_that_protects_nobody_keeps_the_dates() -> None:
    held = put(STANDARD, CLAIM, "registered", day("2026-01-20"))
    lapsed = put(STANDARD, held, "expired", day("2026-06-24"))
    assert (lapsed.state, lapsed.protected_to) == ("expired", held.protected_to)


def test_it_is_renewed_once() -> None:
    renewed = put(STANDARD, CLAIM, "renewed", day("2026-06-26"))
    assert may_be_renewed(CLAIM) and not may_be_renewed(renewed)
    with pytest.raises(ValueError, match="once"):
        put(STANDARD, renewed, "renewed", day("2026-09-01"))
    with pytest.raises(KeyError, match="forgotten"):
        put(STANDARD, CLAIM, "forgotten", day("2026-09-01"))


def test_progress_only_moves_on() -> None:
    seen = progressed(progressed(CLAIM, day("2026-04-24")), day("2026-04-10"))
    assert seen.progress_on == day("2026-04-24")


@pytest.mark.parametrize(
    ("severity", "answer_by", "close_by"),
    [("s1", "2027-08-11", "2027-08-18"), ("s2", "2027-08-12", "2027-08-26"), ("s3", "2027-08-13", "2027-09-10")],
)
def test_a33_a_complaint_is_answered_and_closed_by_its_severity(severity: str, answer_by: str, close_by: str) -> None:
    limits = complaint_limits(STANDARD, severity, date(2027, 8, 11))
    assert (limits.answer_by, limits.close_by) == (day(answer_by), day(close_by))


def test_an_unknown_severity_is_named() -> None:
    with pytest.raises(KeyError, match="s9"):
        complaint_limits(STANDARD, "s9", date(2027, 8, 11))
