"""The score card: points, thresholds in their order, knock-outs."""

from __future__ import annotations

import pytest

from tests.workflows.facts import STANDARD, TODAY, day
from workflows.engine import dealer_score, outcome, propose_uniqueness_score, propose_window_score, score
from workflows.facts import RegistrationFacts

CARD = STANDARD.scorecard
KEYS = [criterion.key for criterion in (*CARD.validity, *CARD.feasibility)]


@pytest.mark.parametrize(
    ("story", "values", "expected"),
    [
        ("A02", (5, 3, 1, 5, 5, 5, 5, 5, 5, 3, 5, 5), (70, 94, "convert")),
        ("B03", (3, 5, 3, 5, 3, 3, 3, 1, 1, 5, 3, 5), (76, 56, "convert")),
        ("C02", (5, 3, 3, 5, 5, 5, 5, 3, 3, 3, 5, 5), (80, 82, "key_project")),
    ],
)
def test_the_stories_score(story: str, values: tuple[int, ...], expected: tuple[float, float, str]) -> None:
    found = score(CARD, dict(zip(KEYS, values, strict=True)))
    assert (found.validity, found.feasibility, found.outcome) == expected


@pytest.mark.parametrize(
    ("validity", "feasibility", "value", "key"),
    [
        (55, 70, 5, "verify"),  # R18
        (65, 45, 5, "supervisor_decides"),  # R19
        (35, 50, 5, "discard"),  # R20
        (80, 70, 3, "key_project"),
        (80, 70, 2, "convert"),
        (79.9, 70, 5, "convert"),
        (60, 55, 0, "convert"),
        (60, 40, 0, "supervisor_decides"),
        (60, 39.9, 0, "nurture"),
        (40, 0, 0, "nurture"),
        (39.9, 54.9, 0, "discard"),
        (0, 100, 5, "verify"),
    ],
)
def test_the_first_matching_line_wins(validity: float, feasibility: float, value: float, key: str) -> None:
    assert outcome(CARD, {"validity": validity, "feasibility": feasibility, "value": value})[0] == key


def test_every_pair_of_scores_has_an_outcome() -> None:
    for validity in range(0, 101, 5):
        for feasibility in range(0, 101, 5):
            assert outcome(CARD, {"validity": validity, "feasibility": feasibility, "value": 0})[0]


def test_a_knock_out_decides_whatever_the_points() -> None:
    best = dict.fromkeys(KEYS, 5)
    assert score(CARD, best).outcome == "key_project"
    assert score(CARD, best, knockouts=["duplicate"]).outcome == "duplicate"


def test_missing_wrong_and_unknown_answers_are_named() -> None:
    best = dict.fromkeys(KEYS, 5)
    with pytest.raises(ValueError, match="not answered: source"):
        score(CARD, {key: 5 for key in KEYS if key != "source"})
    with pytest.raises(ValueError, match="not between 0 and 5: reality"):
        score(CARD, best | {"reality": 6})
    with pytest.raises(KeyError, match="luck"):
        score(CARD, best | {"luck": 3})


@pytest.mark.parametrize(
    ("step", "expected"), [("land", 5), ("structure", 5), ("envelope", 3), ("mep", 1), ("fitout", 1), ("completion", 0)]
)
def test_the_window_score_is_proposed_from_the_windows(step: str, expected: int) -> None:
    assert propose_window_score(STANDARD, ["tiles", "interior_coating"], step) == expected


class TestUniqueness:
    def held(self, state: str, until: str) -> RegistrationFacts:
        return RegistrationFacts(1, "Xinyuan", state, protected_to=day(until))

    def test_b02_a_registration_that_has_ended_leaves_three_points(self) -> None:
        claims = [self.held("registered", "2025-06-30")]
        assert propose_uniqueness_score(claims, day("2025-06-30")) == 0
        assert propose_uniqueness_score(claims, day("2025-09-16"), likely_duplicate=True) == 3
        assert propose_uniqueness_score([self.held("expired", "2025-12-31")], day("2025-09-16")) == 3

    def test_without_one_the_likeness_decides(self) -> None:
        assert propose_uniqueness_score([], TODAY, likely_duplicate=True) == 1
        assert propose_uniqueness_score([], TODAY) == 5


class TestDealerScore:
    KEYS = STANDARD.picklist("dealer_evaluation").keys
    quarter = (85, 60, 70, 90, 80, 40, 80, 60, 70, 80)

    def test_c25_the_quarter_of_the_story(self) -> None:
        found = dealer_score(STANDARD, dict(zip(self.KEYS, self.quarter, strict=True)))
        assert (found.points, found.grade, found.text.zh) == (73.0, "B", "维持政策")

    @pytest.mark.parametrize(("points", "grade"), [(100, "A"), (85, "A"), (84, "B"), (70, "B"), (60, "C"), (59, "D")])
    def test_the_grades_begin_where_the_list_says(self, points: int, grade: str) -> None:
        assert dealer_score(STANDARD, dict.fromkeys(self.KEYS, points)).grade == grade

    def test_a_veto_ends_it_whatever_the_points(self) -> None:
        assert dealer_score(STANDARD, dict.fromkeys(self.KEYS, 100), ["bribery"]).grade == "D"

    def test_missing_and_unknown_keys_are_named(self) -> None:
        with pytest.raises(ValueError, match="not answered: payment"):
            dealer_score(STANDARD, {key: 5 for key in self.KEYS if key != "payment"})
        with pytest.raises(KeyError, match="rudeness"):
            dealer_score(STANDARD, dict.fromkeys(self.KEYS, 5), ["rudeness"])
