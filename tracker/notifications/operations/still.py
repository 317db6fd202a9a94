"""What of that which a mail tells still holds when it is to be sent, and is still seen by its reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access import is_dealer, visible
from tracker.accounts.facts import load_facts
from tracker.accounts.models import Account
from tracker.dealers.models import Dealer
from tracker.dealers.queries.clocks import clock_facts as dealer_facts
from tracker.dealers.queries.evaluations import definition_for_dealers
from tracker.leads.facts import clock_facts
from tracker.leads.models import Lead
from tracker.matrix.definitions import current_definition, definition_of
from tracker.matrix.facts import load_facts_of_many
from tracker.notifications.models import DueThing
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.rewards.clocks import due_now as due_of_reward
from tracker.rewards.models import Reward
from tracker.team.models import User
from tracker.todos.clocks import NEWS as TODO_NEWS
from tracker.todos.clocks import due_now
from tracker.todos.models import Todo
from workflows.account_clocks import due_on_account
from workflows.clocks import due_things
from workflows.dealers import KINDS as DEALER_KINDS
from workflows.dealers import due_on_dealer
from workflows.lead_clocks import KINDS, due_on_lead

NEWS = frozenset({"handover", "plan_news", "conflict"})
"""What is told of a project beside its clocks, which holds as long as one sees it."""


def load_things(session: Session, ids: Iterable[int]) -> dict[int, DueThing]:
    """Due things by id, with all that is named of them."""
    query = select(DueThing).where(DueThing.id.in_(list(ids)))
    account = joinedload(DueThing.account).joinedload(Account.party)
    dealer = joinedload(DueThing.dealer).joinedload(Dealer.party)
    query = query.options(joinedload(DueThing.project), joinedload(DueThing.lead), account, dealer)
    query = query.options(joinedload(DueThing.registration), joinedload(DueThing.reward), joinedload(DueThing.todo))
    return {thing.id: thing for thing in session.scalars(query)}


def still_due(session: Session, user: User, ids: Sequence[int], today: date) -> list[DueThing]:
    """Those of the due things that are still due, of what the reader still sees."""
    things = list(load_things(session, ids).values())
    due = _due_in_projects(session, user, things, today) | _due_on_leads(session, user, things, today)
    due |= _due_on_accounts(session, user, things, today) | _due_on_dealers(session, user, things, today)
    due |= _of_registrations(session, user, things) | _due_on_rewards(session, user, things, today)
    due |= _due_todos(session, user, things, today)
    return [thing for thing in things if thing.id in due]


def _due_in_projects(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    seen = {thing.project_id for thing in things if thing.project_id is not None}
    projects = session.scalars(select(Project).where(Project.id.in_(seen), visible(Project, user))).all()
    pairs = [(definition_of(session, project), project) for project in projects]
    definitions = {project.id: definition for definition, project in pairs}
    due = {
        (project.id, thing.key)
        for project, facts in load_facts_of_many(session, pairs)
        if not isinstance(facts, Exception)
        for thing in due_things(definitions[project.id], facts, today)
    }
    return {
        thing.id
        for thing in things
        if (thing.project_id, thing.key) in due or (thing.kind in NEWS and thing.project_id in definitions)
    }


def _due_on_leads(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    """What the clocks of leads told, as long as it holds; other news of a lead as long as he sees it."""
    seen = {thing.lead_id for thing in things if thing.lead_id is not None}
    if not seen:
        return set()
    leads = session.scalars(select(Lead).where(Lead.id.in_(seen), visible(Lead, user))).all()
    definition = current_definition()
    due = {lead.id: {one.key for one in due_on_lead(definition, clock_facts(lead), today)} for lead in leads}
    return {thing.id for thing in things if thing.lead_id in due and _holds(thing, due[thing.lead_id])}


def _due_on_accounts(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    ids = [thing.account_id for thing in things if thing.account_id is not None]
    if not ids or is_dealer(user):
        return set()
    due = {key: {one.key for one in due_on_account(facts, today)} for key, facts in load_facts(session, ids).items()}
    return {thing.id for thing in things if thing.account_id in due and thing.key in due[thing.account_id]}


def _due_on_dealers(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    """What the clocks of dealers told, as long as it holds; other news as long as he sees the dealer."""
    seen = {thing.dealer_id for thing in things if thing.dealer_id is not None}
    if not seen:
        return set()
    dealers = session.scalars(select(Dealer).where(Dealer.id.in_(seen), visible(Dealer, user))).all()
    definition, facts = definition_for_dealers(session), dealer_facts(session, dealers, today)
    due = {dealer.id: {one.key for one in due_on_dealer(definition, facts[dealer.id], today)} for dealer in dealers}
    return {
        thing.id
        for thing in things
        if thing.dealer_id in due and (thing.kind not in DEALER_KINDS or thing.key in due[thing.dealer_id])
    }


def _of_registrations(session: Session, user: User, things: Sequence[DueThing]) -> set[int]:
    """News of registrations, as long as he sees them."""
    ids = {thing.registration_id for thing in things if thing.registration_id is not None}
    if not ids:
        return set()
    seen = set(session.scalars(select(Registration.id).where(Registration.id.in_(ids), visible(Registration, user))))
    return {thing.id for thing in things if thing.registration_id in seen}


def _due_on_rewards(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    """What the clocks of rewards told, as long as it holds and he sees the reward."""
    ids = {thing.reward_id for thing in things if thing.reward_id is not None}
    if not ids:
        return set()
    query = select(Reward).where(Reward.id.in_(ids), visible(Reward, user)).options(joinedload(Reward.approval))
    due = {one.id: {thing.key for thing in due_of_reward(one, today)} for one in session.scalars(query)}
    return {thing.id for thing in things if thing.key in due.get(thing.reward_id or 0, ())}


def _due_todos(session: Session, user: User, things: Sequence[DueThing], today: date) -> set[int]:
    """What the clocks of to-dos told, as long as it holds; other news as long as he sees the to-do."""
    ids = {thing.todo_id for thing in things if thing.todo_id is not None}
    if not ids:
        return set()
    todos = session.scalars(select(Todo).where(Todo.id.in_(ids), visible(Todo, user)))
    due = {todo.id: {one.key for one in due_now(todo, today)} for todo in todos}
    return {
        thing.id
        for thing in things
        if thing.todo_id in due and (thing.kind == TODO_NEWS or thing.key in due[thing.todo_id])
    }


def _holds(thing: DueThing, due: set[str]) -> bool:
    return thing.kind not in KINDS or thing.key in due
