"""What Today shows: what is due, what has gone quiet, what one promised, what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, and_, bindparam, case, literal, or_, select, union
from sqlalchemy.orm import Session, joinedload

from tracker.access import Action, is_dealer, may, overseen, sight, visible
from tracker.accounts.models import AccountAction
from tracker.accounts.queries.plan import list_own_actions
from tracker.annotations.queries import number_open
from tracker.contacts.queries.people import list_birthdays
from tracker.handover.models import Takeover
from tracker.handover.queries.taken import lately, number_to_meet
from tracker.leads.models import Lead
from tracker.leads.queries import rescore_days, rescored_before
from tracker.matrix.models import Record
from tracker.matrix.queries import number_to_decide
from tracker.parties.models import Contact
from tracker.projects.models import Project
from tracker.projects.queries import Listed, list_pressing
from tracker.remembering import remembered
from tracker.team.models import User
from workflows.lead_clocks import DECIDED_ABOVE, REVIEWED, WORKED_ON

SOON = timedelta(days=3)
MOST = 12  # rows in each list


@dataclass(frozen=True, slots=True)
class LeadToDo:
    """A lead and what it waits for: answer, review, rescore or decide."""

    lead: Lead
    what: str


@dataclass(frozen=True, slots=True)
class Today:
    """The lists of the start page, each at most `MOST` rows. `to_meet`: decision makers of projects he took over."""

    due: Sequence[Listed]
    stalled: Sequence[Listed]
    promised: Sequence[Record]
    leads: Sequence[LeadToDo]
    to_decide: int
    to_meet: int
    to_answer: int
    actions: Sequence[AccountAction] = ()
    birthdays: Sequence[Contact] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        lists = (self.due, self.stalled, self.promised, self.leads, self.actions, self.birthdays)
        return not (any(lists) or self.to_decide or self.to_meet)


def load_today(session: Session, by: User, today: date) -> Today:
    """What needs the user today, the most pressing first."""
    to_decide, to_meet, to_answer = session.execute(_numbers(by), {"since": lately()}).one()
    return Today(
        due=list_pressing(session, by, Project.next_due_on, today + SOON, MOST),
        stalled=list_pressing(session, by, Project.silent_after, today - timedelta(days=1), MOST),
        promised=session.scalars(_promised(by), {"first": today - timedelta(days=14), "last": today + SOON}).all(),
        leads=[LeadToDo(lead, what) for lead, what in _leads_of(session, by, today)],
        to_decide=to_decide,
        to_meet=to_meet,
        to_answer=to_answer,
        actions=() if is_dealer(by) else list_own_actions(session, by, today + SOON, MOST),
        birthdays=() if is_dealer(by) else list_birthdays(session, by, today, limit=MOST),
    )


@remembered(sight)
def _numbers(by: User) -> Any:
    """How much waits for his decision, how many people for him, and how many annotations for his answer."""
    return select(number_to_decide(by), literal(0) if is_dealer(by) else number_to_meet(by), number_open(by))


def _leads_of(session: Session, by: User, today: date) -> Any:
    days = {"today": today, **rescore_days(today)}
    return session.execute(_waiting_leads(may(by, Action.LEAD_ASSIGN), by), days)


@remembered(sight)
def _promised(by: User) -> Any:
    """What he promised, and what those did from whom he took the project over: each is found by its author, the first
    ones alone, in the order of their days."""
    due = Record.next_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date))
    there = select(Record.id).join(Project, Project.id == Record.project_id).where(due)
    mine = there.where(Record.author_id == by.id, visible(Project, by))
    inherited = there.join(
        Takeover, and_(Takeover.project_id == Record.project_id, Takeover.from_id == Record.author_id)
    ).where(Takeover.to_id == by.id, Project.owner_id == by.id)
    ways = [way.order_by(Record.next_on, Record.id).limit(MOST).subquery() for way in (mine, inherited)]
    first = union(*(select(way.c.id) for way in ways))
    return (
        select(Record)
        .where(Record.id.in_(first))
        .order_by(Record.next_on, Record.id)
        .limit(MOST)
        .options(joinedload(Record.project), joinedload(Record.author))
    )


@remembered(sight)
def _waiting_leads(decides: bool, by: User) -> Any:
    """His leads to answer, review or score again, and those that wait for his decision, the latter first."""
    mine = Lead.owner_id == by.id
    rescored = rescored_before(bindparam("old", type_=Date), bindparam("unproved", type_=Date))
    ways = {
        "answer": and_(mine, Lead.state == "new", Lead.answered_at.is_(None)),
        "review": and_(mine, Lead.state.in_(REVIEWED), Lead.review_on <= bindparam("today", type_=Date)),
        "rescore": and_(mine, rescored),
    }
    if decides:
        open_above = and_(Lead.outcome == DECIDED_ABOVE, Lead.state.in_(WORKED_ON), overseen(Lead, by))
        ways = {"decide": open_above, **ways}
    number = case(*((way, place) for place, way in enumerate(ways.values())), else_=len(ways))
    order = (number, Lead.answer_by.is_(None), Lead.answer_by, Lead.id.desc())
    first = select(Lead.id).where(or_(*ways.values())).order_by(*order).limit(MOST)  # of few columns, so it sorts them
    what = case(*((way, key) for key, way in ways.items()), else_="answer").label("what")
    return select(Lead, what).where(visible(Lead, by), Lead.id.in_(first)).order_by(*order)
