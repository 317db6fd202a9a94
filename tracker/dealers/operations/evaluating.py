"""A dealer's quarter: begun with suggestions, filled in by people, confirmed by one, and what the grade leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.dealers.models import SHUT_OUT, Dealer, DealerEvaluation, DealerMark
from tracker.dealers.operations.profiles import touch
from tracker.dealers.operations.telling import people_of, tell_about_dealer
from tracker.dealers.queries.evaluations import definition_for_dealers, definition_of_evaluation, suggest_marks_in_both
from tracker.errors import AlreadyDone, Invalid, Refused, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.team.models import User
from workflows.dealers import LIST, bars_new_territory, is_last, next_quarter, quarter_of
from workflows.definition import Definition
from workflows.engine import dealer_score


@dataclass(frozen=True, slots=True)
class MarkDraft:
    """A criterion's points, and what they rest on."""

    points: int | None
    evidence: str = ""


def begin_evaluation(session: Session, dealer: Dealer, quarter: date, *, by: User) -> DealerEvaluation:
    """Begin a quarter's evaluation, with the points that what is known suggests; or find the one that is begun."""
    require(by, Action.DEALER_MANAGE)
    if quarter != quarter_of(quarter) or next_quarter(quarter) > clock.today():
        raise Invalid("quarter", _l("A quarter is evaluated when it is over."))
    if dealer.state in (*SHUT_OUT, "applicant"):
        raise Refused(_l("Only somebody who is our dealer is evaluated."))
    mine = (DealerEvaluation.dealer_id == dealer.id, DealerEvaluation.quarter == quarter)
    known = session.scalar(select(DealerEvaluation).where(*mine))
    if known is not None:
        return known
    definition = definition_for_dealers(session)
    evaluation = DealerEvaluation(
        dealer_id=dealer.id, quarter=quarter, definition_key=definition.key, definition_version=definition.version
    )
    session.add(evaluation)
    session.flush()
    keys = definition.picklist(LIST).keys
    suggested = suggest_marks_in_both(session, dealer, quarter, keys)
    for key, (zh, en) in suggested.items():
        said = {"grounds_zh": zh.grounds or None, "grounds_en": en.grounds or None}
        session.add(DealerMark(evaluation_id=evaluation.id, criterion=key, suggested=en.points, **said))
    session.flush()
    session.expire(evaluation, ["marks"])
    session.refresh(evaluation, ["marks"])
    return evaluation


def give_marks(
    session: Session,
    evaluation: DealerEvaluation,
    marks: Mapping[str, MarkDraft],
    *,
    by: User,
    vetoes: Iterable[str] = (),
    note: str = "",
    version: int | None = None,
) -> None:
    """Write points and evidence down, as far as they are known; they count when they are confirmed."""
    require(by, Action.DEALER_MANAGE)
    _check_open(evaluation)
    if version is not None and version != evaluation.version:
        raise Stale(_l("Somebody changed this evaluation meanwhile."), details=evaluation)
    definition = definition_of_evaluation(session, evaluation)
    keys = definition.picklist(LIST).keys
    raised = [key for key in veto_keys(definition) if key in set(vetoes)]
    for key, draft in marks.items():
        if key not in keys:
            raise Invalid(key, _l("There is no such criterion."))
        if draft.points is not None and not 0 <= draft.points <= 100:
            raise Invalid(key, _l("Points go from 0 to 100."))
    before = {mark.criterion: mark.points for mark in evaluation.marks}
    for mark in evaluation.marks:
        if mark.criterion in marks:
            draft = marks[mark.criterion]
            mark.points, mark.evidence = draft.points, draft.evidence.strip() or None
    evaluation.vetoes, evaluation.note = raised, note.strip() or None
    session.flush()
    after = {mark.criterion: mark.points for mark in evaluation.marks}
    changed = {key: value for key, value in after.items() if before[key] != value}
    events.record(session, Kind.DEALER_MARKED, evaluation, by=by, before={key: before[key] for key in changed},
                  points=changed, vetoes=raised)  # fmt: skip


def veto_keys(definition: Definition) -> tuple[str, ...]:
    """What ends it whatever the points."""
    return tuple(veto["key"] for veto in definition.picklist(LIST).extra["veto"])


def _check_open(evaluation: DealerEvaluation) -> None:
    if evaluation.confirmed_at is not None:
        raise AlreadyDone(details=f"/dealers/{evaluation.dealer_id}/evaluations/{evaluation.id}")


def confirm_evaluation(
    session: Session, dealer: Dealer, evaluation: DealerEvaluation, *, by: User, improve_by: date | None = None
) -> DealerEvaluation:
    """Let the points count: the grade follows from them, a veto sets the last one. The dealer is told.

    Points below the last grade but one, and a veto, rest on a sentence; a grade that asks for better asks until when.
    """
    require(by, Action.DEALER_DECIDE)
    _check_open(evaluation)
    definition = definition_of_evaluation(session, evaluation)
    points = _all_points(definition, evaluation)
    found = dealer_score(definition, points, evaluation.vetoes)
    if evaluation.vetoes and not evaluation.note:
        raise Invalid("note", _l("A veto needs its grounds."))
    if bars_new_territory(definition, found.grade) and (improve_by is None or improve_by <= clock.today()):
        message = _l("Grade %(grade)s asks for better: say by which day.", grade=found.grade)
        raise Invalid("improve_by", message)
    evaluation.points, evaluation.grade = Decimal(str(found.points)), found.grade
    evaluation.improve_by = improve_by if bars_new_territory(definition, found.grade) else None
    evaluation.confirmed_at, evaluation.confirmed_by_id = clock.now(), by.id
    session.flush()
    told: dict[str, Any] = {"points": found.points, "grade": found.grade, "reason": weakest(definition, evaluation)}
    told |= {"vetoes": evaluation.vetoes, "quarter": evaluation.quarter.isoformat()}
    events.record(session, Kind.DEALER_EVALUATED, evaluation, by=by, **told)
    _tell(session, dealer, evaluation)
    touch(session, dealer)
    return evaluation


def _all_points(definition: Definition, evaluation: DealerEvaluation) -> dict[str, int]:
    floor = sorted(grade["min"] for grade in definition.picklist(LIST).extra["grades"])[1]
    points: dict[str, int] = {}
    for mark in evaluation.marks:
        if mark.points is None:
            raise Invalid(mark.criterion, _l("Points are missing."))
        if mark.points < floor and not mark.evidence:
            raise Invalid(mark.criterion, _l("So few points need a sentence: what do they rest on?"))
        points[mark.criterion] = mark.points
    return points


def weakest(definition: Definition, evaluation: DealerEvaluation) -> str:
    """The criterion with the fewest points: the reason of the grade where it is not the best."""
    given = {mark.criterion: mark.points for mark in evaluation.marks if mark.points is not None}
    keys = [key for key in definition.picklist(LIST).keys if key in given]
    return min(keys, key=lambda key: given[key] or 0)


def leads_to(definition: Definition, grade: str) -> tuple[str, ...]:
    """What a grade leads to beside its words: nothing silently, what is offered on the dealer's page."""
    found = ["no_new_territory"] if bars_new_territory(definition, grade) else []
    return (*found, *(["warning"] if is_last(definition, grade) else []))


def _tell(session: Session, dealer: Dealer, evaluation: DealerEvaluation) -> None:
    quarter, points = evaluation.quarter, evaluation.points
    name = f"{quarter.year} Q{(quarter.month + 2) // 3}"
    tell_about_dealer(
        session, dealer, key=f"evaluated:{quarter.isoformat()}:{clock.now().isoformat()}", audience="dealer",
        people=people_of(session, dealer), zh=f"{name} 评价：{evaluation.grade} 级，{points} 分。",
        en=f"Evaluation of {name}: grade {evaluation.grade}, {points} points.",
    )  # fmt: skip


def reopen_evaluation(session: Session, dealer: Dealer, evaluation: DealerEvaluation, *, by: User, reason: str) -> None:
    """Take a confirmed evaluation back to correct it; it counts for nothing until it is confirmed again."""
    require(by, Action.DEALER_DECIDE)
    if evaluation.confirmed_at is None:
        raise Refused(_l("This evaluation is open already."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why."))
    before: dict[str, Any] = {"points": float(evaluation.points or 0), "grade": evaluation.grade}
    evaluation.points = evaluation.grade = evaluation.confirmed_at = evaluation.confirmed_by_id = None
    session.flush()
    events.record(session, Kind.DEALER_MARKED, evaluation, by=by, before=before, reason=reason.strip())
    touch(session, dealer)
