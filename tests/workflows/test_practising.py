"""A practice project is judged by the rules of real ones, and can be won by whoever proves what is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflows.errors import UnknownKey
from workflows.loading import load_standard
from workflows.practising import Act, NotNow, Play, act_of, begin, replayed, tried

DAY = date(2026, 3, 16)


def fresh() -> Play:
    return begin(load_standard(), DAY, "tiles")


def prove_all(play: Play) -> Play:
    for criterion in play.missing:
        play = tried(play, Act("prove", criterion.id))
    return play


def test_the_next_phase_is_refused_until_what_is_missing_is_proven() -> None:
    play = fresh()
    with pytest.raises(NotNow) as no:
        tried(play, Act("phase", "map"))
    assert "G03" in no.value.decision.rules
    play = tried(prove_all(play), Act("phase", "map"))
    assert play.facts.phase == "map" and play.facts.visited[-1].phase == "map"


def test_what_needs_a_supervisor_goes_when_he_is_supposed_to_agree() -> None:
    play = prove_all(tried(prove_all(fresh()), Act("phase", "map")))
    with pytest.raises(NotNow) as no:
        tried(play, Act("phase", "specify", words="A gap."))
    assert no.value.decision.needs == "supervisor"
    assert tried(play, Act("phase", "specify", words="A gap.", granted=True)).facts.phase == "specify"


def test_a_step_wants_its_proof_and_days_go_by() -> None:
    play = tried(fresh(), Act("wait", days=9))
    assert play.day == DAY + timedelta(days=9)
    with pytest.raises(NotNow):
        tried(play, Act("step", "masonry"))
    play = tried(play, Act("step", "masonry", photo=True))
    assert play.facts.buildings[0].since == play.day and play.facts.step(play.definition) == "masonry"


def test_a_record_counts_and_nonsense_does_not() -> None:
    play = tried(fresh(), Act("log", "site_visit"))
    assert [record.kind for record in play.facts.records] == ["site_visit"]
    for wrong in (Act("log", "dance"), Act("prove", "X.nothing"), Act("prove", "T.nothing"), Act("phase", "moon")):
        with pytest.raises(UnknownKey):
            tried(play, wrong)
    with pytest.raises(KeyError):
        tried(play, Act("fly"))


def test_it_is_won_with_the_signed_contract_and_the_acts_alone_tell_where_it_stands() -> None:
    play, acts = fresh(), []

    def do(act: Act) -> None:
        nonlocal play
        play = tried(play, act)
        acts.append(act)

    for phase in play.definition.phases[1:]:
        for criterion in play.missing:
            do(Act("prove", criterion.id))
        if play.won:
            break
        do(Act("phase", phase.key, words="Because.", granted=True))
    assert play.won and play.facts.phase == "contract"
    kept = [act_of(act.plain()) for act in acts]
    again = replayed(load_standard(), DAY, kept, "tiles")
    assert (again.facts, again.day) == (play.facts, play.day)
