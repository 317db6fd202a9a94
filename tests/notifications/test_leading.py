"""The lease: one leads, another takes over when it ran out or was given up, and no clock locks everybody out."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.conftest import NOON, undone
from tracker.notifications.operations.leading import LASTS, SKEW, lead, step_down

MINUTE = timedelta(minutes=1)


def test_one_leads_and_renews_while_the_others_wait(session: Session) -> None:
    assert lead(session, "worker", "a", NOON)
    assert not lead(session, "worker", "b", NOON + MINUTE)
    assert lead(session, "worker", "a", NOON + MINUTE)
    assert not lead(session, "worker", "b", NOON + 3 * MINUTE)


def test_a_lease_that_ran_out_is_taken_over(session: Session) -> None:
    lead(session, "worker", "a", NOON)
    late = NOON + LASTS + MINUTE
    assert lead(session, "worker", "b", late)
    assert not lead(session, "worker", "a", late)


def test_a_lease_that_was_given_up_is_taken_at_once(session: Session) -> None:
    lead(session, "worker", "a", NOON)
    step_down(session, "worker", "a", NOON)
    assert lead(session, "worker", "b", NOON)


def test_only_its_holder_gives_a_lease_up(session: Session) -> None:
    lead(session, "worker", "a", NOON)
    step_down(session, "worker", "b", NOON)
    assert not lead(session, "worker", "b", NOON)


def test_a_clock_that_leapt_ahead_and_came_back_locks_nobody_out(session: Session) -> None:
    lead(session, "worker", "a", NOON + timedelta(days=3650))
    assert lead(session, "worker", "b", NOON)
    assert not lead(session, "worker", "a", NOON)


def test_clocks_that_differ_a_little_do_not_take_each_others_lease(session: Session) -> None:
    lead(session, "worker", "a", NOON + SKEW)
    assert not lead(session, "worker", "b", NOON)


def test_leases_of_different_jobs_have_nothing_to_do_with_each_other(session: Session) -> None:
    assert lead(session, "worker", "a", NOON)
    assert lead(session, "another", "b", NOON)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-500, 500)), max_size=12), st.integers(-500, 500))
def test_whatever_the_clocks_did_somebody_leads_soon_and_only_one(
    app: Flask, turns: list[tuple[str, int]], minutes: int
) -> None:
    with undone(app) as session:
        for who, at in turns:
            lead(session, "worker", who, NOON + at * MINUTE)
        now = NOON + minutes * MINUTE
        soon = now + LASTS + SKEW + MINUTE
        leaders = [who for who in "abc" if lead(session, "worker", who, now)]
        assert len(leaders) <= 1
        assert leaders or [who for who in "abc" if lead(session, "worker", who, soon)]
