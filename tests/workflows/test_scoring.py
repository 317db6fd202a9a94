"""The score card: points, thresholds in their order, knock-outs."""

from __future__ import annotations

import pytest

from tests.workflows.facts import STANDARD
from workflows.engine import outcome, propose_window_score, score

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
