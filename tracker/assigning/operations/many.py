"""Many at once: each lead or project by itself, so that one that cannot go does not hold the others up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access import Action, can, visible
from tracker.assigning.operations.sharing import share_lead
from tracker.errors import TrackerError
from tracker.i18n import _l
from tracker.leads.models import Lead
from tracker.leads.operations.assigning import assign_lead
from tracker.team.models import User

MOST = 200  # leads or projects in one go


@dataclass(frozen=True, slots=True)
class Wish:
    """A lead or project, as it was when it was looked at, and who shall have it."""

    thing_id: int
    version: int
    owner_id: int


@dataclass(slots=True)
class Outcome:
    """How many were done; which were not, by name, and why."""

    done: int = 0
    refused: list[tuple[str, Any]] = field(default_factory=list)


def assign_many(
    session: Session, wishes: Sequence[Wish], *, by: User, keeps_reading: bool = False, reason: str = ""
) -> Outcome:
    """Give leads to colleagues. What is gone or was changed since it was looked at stays as it is and is told."""

    def give(lead: Lead, owner: User) -> None:
        assign_lead(session, lead, owner, by=by, keeps_reading=keeps_reading, reason=reason)

    return _each(session, Lead, (joinedload(Lead.team),), wishes, by, give)


def share_many(session: Session, lead_ids: Sequence[int], person: User, *, by: User) -> Outcome:
    """Share leads with one colleague; those he sees by an earlier sharing count as done."""
    outcome = Outcome()
    found = select(Lead).where(Lead.id.in_(lead_ids[:MOST]), visible(Lead, by)).options(joinedload(Lead.team))
    for lead in session.scalars(found).unique():
        _try(session, lead, outcome, lambda lead=lead: share_lead(session, lead, person, by=by))  # type: ignore[misc]
    return outcome


def _each(
    session: Session,
    model: Any,
    options: Sequence[Any],
    wishes: Sequence[Wish],
    by: User,
    give: Callable[[Any, User], None],
) -> Outcome:
    wanted = {wish.thing_id: wish for wish in wishes[:MOST]}
    query = select(model).where(model.id.in_(list(wanted)), visible(model, by)).order_by(model.id).options(*options)
    things = {one.id: one for one in session.scalars(query.with_for_update(of=model)).unique()}
    people = select(User).where(User.id.in_({wish.owner_id for wish in wishes}), visible(User, by))
    owners = {one.id: one for one in session.scalars(people)}
    outcome = Outcome()
    for number, wish in wanted.items():
        thing, owner = things.get(number), owners.get(wish.owner_id)
        if thing is None:
            outcome.refused.append((f"#{number}", _l("It is gone, or not yours to give any more.")))
        elif owner is None:
            outcome.refused.append((thing.name, _l("Choose an active colleague.")))
        elif thing.version != wish.version:
            outcome.refused.append((thing.name, _l("Somebody changed it meanwhile. Look again, then decide.")))
        else:
            _try(session, thing, outcome, lambda thing=thing, owner=owner: give(thing, owner))  # type: ignore[misc]
    return outcome


def _try(session: Session, thing: Any, outcome: Outcome, deed: Callable[[], Any]) -> None:
    name = thing.name
    try:
        with session.begin_nested():
            deed()
            session.flush()
    except TrackerError as error:
        outcome.refused.append((name, error.message))
    else:
        outcome.done += 1


def may_give(by: User, leads: Sequence[Lead]) -> list[Lead]:
    """Those of the leads (their `team` loaded) that the user may give to others."""
    return [lead for lead in leads if can(by, Action.LEAD_ASSIGN, lead)]
