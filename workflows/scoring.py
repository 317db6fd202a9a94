"""The score card of a lead: points from answers, and the first outcome that fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from workflows.definition import Definition
from workflows.errors import UnknownKey
from workflows.facts import RegistrationFacts
from workflows.guards.channel import last_day
from workflows.policy import Scorecard, ScoreCriterion
from workflows.status import Progress, is_lost
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Score:
    """Validity and feasibility in points of 100, the outcome's key and its sentence."""

    validity: float
    feasibility: float
    outcome: str
    text: Text


def score(card: Scorecard, answers: Mapping[str, int], knockouts: Iterable[str] = ()) -> Score:
    """Points = weight x score / 5 per criterion, validity and feasibility apart; the first matching line wins.

    `answers`: every criterion's key -> 0 … 5. A knock-out decides whatever the points. Raises ValueError for
    answers missing or out of range, `UnknownKey` for keys the card does not have.
    """
    criteria = (*card.validity, *card.feasibility)
    known = {criterion.key for criterion in criteria}
    for key in answers:
        if key not in known:
            raise UnknownKey("score criterion", key)
    missing = [criterion.key for criterion in criteria if criterion.key not in answers]
    if missing:
        raise ValueError(f"not answered: {', '.join(missing)}")
    wrong = [key for key, value in answers.items() if not 0 <= value <= 5]
    if wrong:
        raise ValueError(f"not between 0 and 5: {', '.join(wrong)}")
    validity, feasibility = _points(card.validity, answers), _points(card.feasibility, answers)
    raised = set(knockouts)
    for knockout in card.knockouts:
        if knockout.key in raised:
            return Score(validity, feasibility, knockout.result, knockout.text)
    key, text = outcome(card, {**answers, "validity": validity, "feasibility": feasibility})
    return Score(validity, feasibility, key, text)


def outcome(card: Scorecard, values: Mapping[str, float]) -> tuple[str, Text]:
    """(key, sentence) of the first threshold that holds for 'validity', 'feasibility' and 'value'."""
    for threshold in card.thresholds:
        for alternative in threshold.alternatives:
            if all(comparison.holds(values) for comparison in alternative):
                return threshold.key, threshold.text
    raise ValueError(f"no outcome for {dict(values)}")


def _points(criteria: tuple[ScoreCriterion, ...], answers: Mapping[str, int]) -> float:
    return round(sum(criterion.weight * answers[criterion.key] for criterion in criteria) / 5, 1)


def propose_window_score(definition: Definition, categories: Iterable[str], step: str) -> int:
    """The score proposed for the criterion `window` of a lead at a step; the first category is the main one.

    0: all closed; 5: the main one can still be specified; 3: still be bid; 1: only top-up or replacement.
    """
    keys = tuple(categories)
    here = definition.step_index[definition.step(step).key]
    progress = Progress(here, 0.0)
    if not keys or all(is_lost(definition, key, progress) for key in keys):
        return 0
    main, index = definition.window(keys[0]), definition.step_index
    if is_lost(definition, keys[0], progress):
        return 1
    if here <= index[main.specify.last]:
        return 5
    return 3 if here <= index[main.bid.last] else 1


def propose_uniqueness_score(
    claims: Iterable[RegistrationFacts], today: date, *, likely_duplicate: bool = False
) -> int:
    """The score proposed for the criterion `uniqueness`, from the registrations found on a like site.

    0: somebody's registration holds; 3: those there were have ended; 1: it may be a duplicate; 5: nothing is known.
    """
    ends = [last_day(claim) for claim in claims]
    if any(end is not None and end >= today for end in ends):
        return 0
    return 3 if ends else 1 if likely_duplicate else 5


@dataclass(frozen=True, slots=True)
class DealerScore:
    """A dealer's quarter: points of 100, the grade's key, and what it means."""

    points: float
    grade: str
    text: Text


def dealer_score(definition: Definition, answers: Mapping[str, int], vetoes: Iterable[str] = ()) -> DealerScore:
    """Points = weight x score / 100 per criterion (0 … 100 each); a veto puts the dealer into the last grade.

    Raises ValueError when a criterion is missing, `UnknownKey` for one, or a veto, that the list does not have.
    """
    listed = definition.picklist("dealer_evaluation")
    extra, raised = listed.extra, tuple(vetoes)
    weights = {criterion.key: int(criterion.extra["weight"]) for criterion in listed.items}
    for known, keys in ((weights, tuple(answers)), ([veto["key"] for veto in extra["veto"]], raised)):
        for key in keys:
            if key not in known:
                raise UnknownKey("dealer criterion or veto", key)
    missing = [key for key in weights if key not in answers]
    if missing:
        raise ValueError(f"not answered: {', '.join(missing)}")
    points = round(sum(weights[key] * answers[key] for key in weights) / 100, 1)
    grades = sorted(extra["grades"], key=lambda grade: -grade["min"])
    grade = grades[-1] if raised else next(grade for grade in grades if points >= grade["min"])
    return DealerScore(points, grade["key"], Text(grade["zh"], grade["en"]))
