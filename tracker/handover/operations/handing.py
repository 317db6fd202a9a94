"""Handing over in one step: all of it, or nothing and the reasons by name.

A leaver's own account is switched off with it; then nothing points to him any more but what he did.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import events
from tracker.access import is_dealer
from tracker.access.leading import require_leading
from tracker.access.leaving import may_let_go
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.handover.holdings import count_held
from tracker.handover.models import Handing
from tracker.handover.operations import passing
from tracker.handover.operations.plans import Choice, Going, NotHandedOver, Plan
from tracker.handover.operations.sites import give_leads, give_projects
from tracker.handover.operations.telling import pass_notifications, tell_successors
from tracker.i18n import _l
from tracker.matrix.operations.refreshing import refresh_many
from tracker.notifications.operations.mailing import Mailing
from tracker.team.models import User
from tracker.team.operations import switch_account

__all__ = ["Choice", "NotHandedOver", "Plan", "hand_over", "require_handing"]
LONGEST_REASON, LONGEST_NOTE = 300, 5000
BARE = _l("A leaver hands over with a note: who decides, what was promised, what is owed. Without it nothing goes.")
NOT_YOURS = _l("Only a supervisor of this person's team hands over what is his.")
STAYS = _l("This would stay with him: nothing says who takes it.")


def require_handing(by: User, person: User, *, leaves: bool = False) -> None:
    """Raise Forbidden unless `by` may hand over what this person has; `leaves`: and let him go with it."""
    require_leading(by, person.team, NOT_YOURS)
    if is_dealer(person):
        raise Forbidden(NOT_YOURS)
    if leaves and not may_let_go(by, person):
        raise Forbidden(_l("Somebody above this person has to let him go."))


def hand_over(session: Session, person: User, plan: Plan, *, by: User, mailing: Mailing | None = None) -> Handing:
    """Hand over what is in this person's hands, as planned (role and team of both are loaded).

    With `mailing` the successors who want mails get one.

    Raises NotHandedOver where anything stands in the way; the caller takes everything back then.
    """
    require_handing(by, person, leaves=plan.leaves)
    going = _begin(session, person, plan, by)
    held = count_held(session, person.id)
    refused = give_projects(session, going) + give_leads(session, going)
    if refused:
        raise NotHandedOver(refused)
    if not plan.leaves and not going.projects and not going.leads:
        raise Refused(_l("Nothing was chosen to go to anybody."))
    session.flush()
    concerned = {*going.projects, *passing.pass_requests(session, going)}
    passing.end_claims(session, going)
    if plan.leaves:
        concerned.update(_leave(session, going))
    session.flush()
    pass_notifications(session, going)
    refresh_many(session, sorted(concerned))
    tell_successors(session, going, mailing)
    going.handing.counts = held if plan.leaves else _counted(going)
    told: dict[str, Any] = {"leaves": plan.leaves, "counts": going.handing.counts, **going.told}
    events.record(session, Kind.HANDED_OVER, person, by=by, note=going.handing.note, **told)
    if plan.leaves:
        switch_account(session, person, False, by=by)
        _check_nothing_left(session, person)
    session.flush()
    return going.handing


def _begin(session: Session, person: User, plan: Plan, by: User) -> Going:
    """The step itself, and the people it is about. Raises Invalid for what is missing in the plan."""
    reason, note = plan.reason.strip()[:LONGEST_REASON], plan.note.strip()[:LONGEST_NOTE]
    if not reason:
        raise Invalid("reason", _l("Say why: both owners read this sentence."))
    if plan.leaves and not note:
        refusal = Invalid("note", BARE)
        refusal.rules = ("G42",)
        raise refusal
    people = select(User).where(User.id.in_(plan.people)).options(joinedload(User.role), joinedload(User.team))
    owners = {one.id: one for one in session.scalars(people)}
    heir = owners.get(plan.successor_id or 0)
    if plan.successor_id and (heir is None or heir.id == person.id or not heir.active or heir.party_id is not None):
        raise Invalid("successor_id", _l("Choose an active colleague."))
    handing = Handing(
        user_id=person.id,
        by_id=by.id,
        leaves=plan.leaves,
        reason=reason,
        note=note or None,
        successor_id=heir.id if heir else None,
    )
    session.add(handing)
    session.flush()
    return Going(person, by, plan, handing, owners)


def _leave(session: Session, going: Going) -> list[int]:
    """What nobody is asked about; the projects in whose teams he was."""
    joined = passing.pass_memberships(session, going)
    passing.pass_shares(session, going)
    passing.pass_grounds(session, going)
    passing.pass_stand_ins(session, going)
    passing.pass_accounts(session, going)
    passing.pass_teams(session, going)
    passing.pass_the_rest(session, going)
    session.flush()
    passing.wake_accounts(session, going)
    return joined


def _counted(going: Going) -> dict[str, int]:
    counts = {"project.owner_id": len(going.projects), "lead.owner_id": len(going.leads)}
    return {name: number for name, number in counts.items() if number}


def _check_nothing_left(session: Session, person: User) -> None:
    left = count_held(session, person.id)
    if left:
        raise NotHandedOver([(name, STAYS) for name in left])
