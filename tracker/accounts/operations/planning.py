"""An account's plan: goals, meetings and actions, reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.accounts.models import Account, AccountAction, AccountGoal, AccountRelation, AccountReview
from tracker.accounts.operations.waking import wake
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Contact
from tracker.team.models import User
from workflows.ladder import STEPS

GOALS = ("value", "category", "step", "person")
ACTIONS = ("meeting", "action")


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """A goal as it is entered: value and category want an amount, step a step, person a contact."""

    kind: str
    year: int
    amount: Decimal | None = None
    category: str | None = None
    step: str | None = None
    contact: Contact | None = None
    note: str | None = None


def set_goal(session: Session, account: Account, draft: GoalDraft, *, by: User) -> AccountGoal:
    """Set a goal for a year."""
    require(by, Action.ACCOUNT_EDIT, account)
    _check_goal(draft)
    goal = AccountGoal(
        account_id=account.id,
        year=draft.year,
        kind=draft.kind,
        amount=draft.amount if draft.kind in ("value", "category") else None,
        category=draft.category if draft.kind == "category" else None,
        step=draft.step if draft.kind == "step" else None,
        contact_id=draft.contact.id if draft.contact and draft.kind == "person" else None,
        note=draft.note,
        by_id=by.id,
    )
    session.add(goal)
    session.flush()
    told: dict[str, Any] = {
        "what": goal.kind,
        "year": goal.year,
        "category": goal.category,
        "step": goal.step,
    }
    amount = f"{goal.amount:f}" if goal.amount is not None else None
    events.record(session, Kind.GOAL_SET, account, by=by, amount=amount, note=goal.note, **told)
    return goal


def _check_goal(draft: GoalDraft) -> None:
    if draft.kind not in GOALS:
        raise Invalid("kind", _l("Choose one of the values in the list."))
    if draft.kind in ("value", "category") and (draft.amount is None or draft.amount <= 0):
        raise Invalid("amount", _l("Say how much you want to reach."))
    if draft.kind == "category" and not draft.category:
        raise Invalid("category", _l("Choose the category."))
    if draft.kind == "step" and draft.step not in STEPS:
        raise Invalid("step", _l("Choose the step."))
    if draft.kind == "person" and draft.contact is None:
        raise Invalid("contact_id", _l("Choose the person to win."))


def drop_goal(session: Session, account: Account, goal: AccountGoal, *, by: User, reason: str) -> None:
    """Give a goal up; it stays in the plan with the reason."""
    require(by, Action.ACCOUNT_EDIT, account)
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    goal.dropped = reason.strip()
    session.flush()
    events.record(session, Kind.GOAL_DROPPED, account, by=by, year=goal.year, reason=goal.dropped)


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """A meeting or an action as it is planned."""

    kind: str
    text: str
    due_on: date
    user: User
    with_whom: str | None = None
    relation: AccountRelation | None = None


def plan_action(session: Session, account: Account, draft: ActionDraft, *, by: User) -> AccountAction:
    """Plan who does what by when; the worker reminds him."""
    require(by, Action.ACCOUNT_EDIT, account)
    if not draft.text.strip():
        raise Invalid("text", _l("Say what is to be done."))
    if draft.kind not in ACTIONS:
        raise Invalid("kind", _l("Choose one of the values in the list."))
    if not draft.user.active or is_dealer(draft.user):
        raise Invalid("user_id", _l("Choose an active colleague."))
    action = AccountAction(
        account_id=account.id,
        relation_id=draft.relation.id if draft.relation else None,
        kind=draft.kind,
        text=draft.text.strip(),
        with_whom=draft.with_whom,
        due_on=draft.due_on,
        user_id=draft.user.id,
        by_id=by.id,
    )
    session.add(action)
    session.flush()
    wake(session, account.id)
    told: dict[str, Any] = {"text": action.text, "who": draft.user.name, "due_on": action.due_on.isoformat()}
    events.record(session, Kind.ACTION_PLANNED, account, by=by, **told)
    return action


def finish_action(
    session: Session, account: Account, action: AccountAction, *, by: User, outcome: str, on: date | None = None
) -> None:
    """Say what came of it. Whoever does it may, and who looks after the account."""
    if action.user_id != by.id:
        require(by, Action.ACCOUNT_EDIT, account)
    if action.done_on is not None:
        return
    on = on or clock.today()
    if on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))
    if not outcome.strip():
        raise Invalid("outcome", _l("Say in a sentence what came of it."))
    action.done_on, action.outcome = on, outcome.strip()
    session.flush()
    wake(session, account.id)
    events.record(
        session, Kind.ACTION_DONE, account, by=by, text=action.text, on=on.isoformat(), outcome_text=action.outcome
    )


def review_account(session: Session, account: Account, *, by: User, text: str, on: date | None = None) -> AccountReview:
    """Write down what a review of the plan found."""
    require(by, Action.ACCOUNT_EDIT, account)
    if not text.strip():
        raise Invalid("text", _l("Say what the review found."))
    on = on or clock.today()
    if on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))
    review = AccountReview(account_id=account.id, on=on, text=text.strip(), by_id=by.id)
    session.add(review)
    session.flush()
    events.record(session, Kind.ACCOUNT_REVIEWED, account, by=by, on=on.isoformat(), text=review.text)
    return review
