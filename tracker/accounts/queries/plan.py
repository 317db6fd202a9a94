"""An account's plan for a year: its goals with what is reached, its meetings and actions, what reviews found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import sight, visible
from tracker.accounts.models import Account, AccountAction, AccountGoal, AccountReview
from tracker.accounts.queries import figures
from tracker.accounts.queries.accounts import current_steps
from tracker.errors import NotFound
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.ladder import STEPS

WON_OVER = ("champion", "supportive")
"""Attitudes (pick-list attitude_scale) of a person who is won."""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with what is reached: an amount, a step or an attitude. `percent` None where it cannot be told."""

    goal: AccountGoal
    reached: Any
    percent: int | None

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.percent is not None and self.percent >= 100


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a year."""

    year: int
    years: Sequence[int]
    goals: Sequence[GoalLine]
    to_do: Sequence[AccountAction]
    done: Sequence[AccountAction]
    reviews: Sequence[AccountReview]


def load_plan(session: Session, by: User, account: Account, year: int, today: date) -> Plan:
    """Goals of the year, open actions (of any year), those done in it, and its reviews."""
    query = select(AccountGoal).where(AccountGoal.account_id == account.id).order_by(AccountGoal.id)
    goals = session.scalars(query.options(joinedload(AccountGoal.contact).joinedload(Contact.party))).all()
    mine = [goal for goal in goals if goal.year == year]
    earned = figures.load_earned(session, by, [account.id])[account.id]
    step = current_steps(session, [account.id]).get(account.id)
    attitudes = _attitudes(session, by, [goal.contact_id for goal in mine if goal.contact_id])
    actions = _actions(session, account)
    reviews = select(AccountReview).where(AccountReview.account_id == account.id).options(joinedload(AccountReview.by))
    found = session.scalars(reviews.order_by(AccountReview.on.desc(), AccountReview.id.desc())).all()
    known = {today.year, today.year + 1, year, *(goal.year for goal in goals)}
    return Plan(
        year,
        sorted(known),
        [_line(goal, earned, step, attitudes) for goal in mine],
        [action for action in actions if action.done_on is None],
        sorted((one for one in actions if one.done_on and one.done_on.year == year), key=_done_on, reverse=True),
        [review for review in found if review.on.year == year],
    )


def _done_on(action: AccountAction) -> tuple[date, int]:
    return (action.done_on or date.min, action.id)


def _line(
    goal: AccountGoal, earned: Sequence[figures.Earned], step: str | None, attitudes: Mapping[int, Sequence[str]]
) -> GoalLine:
    match goal.kind:
        case "step":
            below = STEPS.index(goal.step) if goal.step in STEPS else 0
            at = STEPS.index(step) if step in STEPS else 0
            return GoalLine(goal, step, 100 if at >= below else round(100 * at / below))
        case "person":
            known = attitudes.get(goal.contact_id or 0, ())
            won = any(attitude in WON_OVER for attitude in known)
            return GoalLine(goal, known[0] if known else None, 100 if won else 0 if known else None)
        case _:
            sums = figures.by_year(earned, goal.category or "" if goal.kind == "category" else "")
            reached = sums.get(goal.year, {}).get("CNY", Decimal(0))  # goals are set in CNY
            return GoalLine(goal, reached, round(100 * reached / goal.amount) if goal.amount else None)


def _attitudes(session: Session, by: User, ids: Sequence[int]) -> dict[int, list[str]]:
    """How these people stand to us in the projects that the user sees, the newest project first."""
    found: dict[int, list[str]] = {}
    if ids:
        query = select(ProjectContact.contact_id, ProjectContact.attitude).join(ProjectContact.project)
        query = query.where(
            ProjectContact.contact_id.in_(ids), visible(Project, by), ProjectContact.attitude != "unknown"
        )
        rows: Any = session.execute(query.order_by(ProjectContact.id.desc()))
        for contact_id, attitude in rows:
            found.setdefault(contact_id, []).append(attitude)
    return found


def _actions(session: Session, account: Account) -> Sequence[AccountAction]:
    query = select(AccountAction).where(AccountAction.account_id == account.id)
    return session.scalars(
        query.order_by(AccountAction.due_on, AccountAction.id).options(joinedload(AccountAction.user))
    ).all()


def get_goal(session: Session, account: Account, goal_id: int) -> AccountGoal:
    """A goal of this account, or NotFound."""
    goal: AccountGoal = _of(session, AccountGoal, account, goal_id)
    return goal


def get_action(session: Session, account: Account, action_id: int) -> AccountAction:
    """An action of this account, or NotFound."""
    action: AccountAction = _of(session, AccountAction, account, action_id)
    return action


def _of(session: Session, model: Any, account: Account, key: int) -> Any:
    found = session.scalar(select(model).where(model.id == key, model.account_id == account.id))
    if found is None:
        raise NotFound
    return found


def list_own_actions(session: Session, by: User, until: date, limit: int = 12) -> Sequence[AccountAction]:
    """What the user is to do for key accounts by a day, with the accounts, what is due first."""
    return session.scalars(_own_actions(limit, by), {"until": until}).all()


@remembered(sight)
def _own_actions(limit: int, by: User) -> Any:
    until = bindparam("until", type_=Date)
    query = select(AccountAction).join(Account, Account.id == AccountAction.account_id)
    query = query.where(AccountAction.user_id == by.id, AccountAction.done_on.is_(None), AccountAction.due_on <= until)
    query = query.where(visible(Account, by)).order_by(AccountAction.due_on, AccountAction.id).limit(limit)
    return query.options(joinedload(AccountAction.account).joinedload(Account.party))
