"""What else a leaver has in hand beside projects and leads: places in teams, requests, grounds, teams that he leads.

Nobody is asked about each of these: they go to whoever takes the rest, or end where he cannot have them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, inspect, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock, events
from tracker.absences.models import Absence
from tracker.access.supervising import can_lead
from tracker.accounts.models import Account, AccountRelation
from tracker.accounts.operations.waking import wake
from tracker.assigning.models import LeadClaim, Territory
from tracker.database import Base
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.handover.holdings import handed, his
from tracker.handover.operations.plans import NOBODY, Going
from tracker.leads.models import Lead, LeadMember
from tracker.matrix.models import Approval
from tracker.projects.models import Project, ProjectMember
from tracker.team.models import Team, User


def pass_memberships(session: Session, going: Going) -> list[int]:
    """His places in the teams of projects go to the successor, or end; returns the projects they are in."""
    mine = select(ProjectMember).where(ProjectMember.user_id == going.person.id).order_by(ProjectMember.id)
    rows = session.scalars(mine.options(joinedload(ProjectMember.project))).all()
    heir = _heir(going)
    has = _seats(session, ProjectMember.project_id, ProjectMember.user_id, Project, [r.project_id for r in rows], heir)
    for row in rows:
        project, told = row.project, {"project_id": row.project_id, "handing_id": going.handing.id}
        session.delete(row)
        events.record(session, Kind.MEMBER_LEFT, project, by=going.by, user_id=going.person.id,
                      name=going.person.name, **told)  # fmt: skip
        if heir is not None and row.project_id not in has:
            session.add(ProjectMember(project_id=project.id, user_id=heir.id, department=heir.department))
            events.record(session, Kind.MEMBER_JOINED, project, by=going.by, user_id=heir.id, name=heir.name, **told)
    return [row.project_id for row in rows]


def pass_shares(session: Session, going: Going) -> None:
    """What others share with him is shared with the successor, or no more."""
    mine = select(LeadMember).where(LeadMember.user_id == going.person.id).order_by(LeadMember.id)
    rows = session.scalars(mine.options(joinedload(LeadMember.lead))).all()
    heir = _heir(going)
    has = _seats(session, LeadMember.lead_id, LeadMember.user_id, Lead, [row.lead_id for row in rows], heir)
    told = {"handing_id": going.handing.id}
    for row in rows:
        lead = row.lead
        session.delete(row)
        events.record(session, Kind.LEAD_UNSHARED, lead, by=going.by, user_id=going.person.id,
                      name=going.person.name, **told)  # fmt: skip
        if heir is not None and row.lead_id not in has:
            session.add(LeadMember(lead_id=lead.id, user_id=heir.id))
            events.record(session, Kind.LEAD_SHARED, lead, by=going.by, user_id=heir.id, name=heir.name, **told)


def _heir(going: Going) -> User | None:
    return None if going.plan.ends_memberships else going.successor


def _seats(session: Session, thing: Any, seat: Any, model: Any, ids: Collection[int], heir: User | None) -> set[int]:
    """In which of these the successor has a place already, as owner or by a row of his own."""
    if heir is None or not ids:
        return set()
    own = select(model.id).where(model.id.in_(ids), model.owner_id == heir.id)
    return set(session.scalars(select(thing).where(thing.in_(ids), seat == heir.id).union(own)))


def pass_grounds(session: Session, going: Going) -> None:
    """What he covers the successor covers, where he is of that team; else all of it do."""
    rows = session.scalars(select(Territory).where(Territory.user_id == going.person.id).order_by(Territory.id)).all()
    heir = going.successor
    for row in rows:
        row.user_id = heir.id if heir is not None and heir.team_id == row.team_id else None
        told: dict[str, Any] = {"name": row.name, "team_id": row.team_id, "user_id": row.user_id}
        events.record(session, Kind.TERRITORY_SET, row, by=going.by, before=going.person.id, **told, **going.told)


def pass_stand_ins(session: Session, going: Going) -> None:
    """For whom he stands in, now or later, the successor does; where that is the absent one himself, nobody does."""
    mine = select(Absence).where(_still_his("absence.stand_in_id", going.person)).order_by(Absence.id)
    for row in session.scalars(mine):
        heir = going.successor
        row.stand_in_id = heir.id if heir is not None and heir.id != row.user_id else None
        told: dict[str, Any] = {"before": going.person.id, "user_id": row.stand_in_id}
        events.record(session, Kind.PASSED_ON, row, by=going.by, **told, **going.told)


def pass_accounts(session: Session, going: Going) -> None:
    """The key accounts he looks after are the successor's; as somebody who matters to one he matters no more."""
    heir = going.successor
    for account in session.scalars(select(Account).where(Account.owner_id == going.person.id).order_by(Account.id)):
        if heir is None:
            raise Invalid("successor_id", NOBODY)
        account.owner_id, account.team_id = heir.id, heir.team_id
        before = {"owner_id": going.person.id}
        events.record(session, Kind.ACCOUNT_EDITED, account, by=going.by, before=before, owner=heir.name, **going.told)
    ours = select(AccountRelation).where(_still_his("account_relation.user_id", going.person))
    for relation in session.scalars(ours.order_by(AccountRelation.id)):
        relation.gone_on, account = clock.today(), session.get_one(Account, relation.account_id)
        told: dict[str, Any] = {"market": relation.market, "name": going.person.name}
        events.record(session, Kind.RELATION_DROPPED, account, by=going.by, **told, **going.told)


def wake_accounts(session: Session, going: Going) -> None:
    """What falls due on the successor's accounts is looked at anew: there are others to be told of it."""
    heir = going.successor
    if heir is not None:
        for account_id in session.scalars(select(Account.id).where(Account.owner_id == heir.id)):
            wake(session, account_id)


def pass_teams(session: Session, going: Going) -> None:
    """The teams he leads are led by the successor where he can; else nobody is named until an administrator does."""
    teams = session.scalars(select(Team).where(Team.supervisor_id == going.person.id).order_by(Team.id)).all()
    heir = going.successor
    for team in teams:
        team.supervisor_id = heir.id if heir is not None and can_lead(heir, team) else None
        before = {"supervisor_id": going.person.id}
        events.record(session, Kind.TEAM_EDITED, team, by=going.by, before=before, name=team.name, **going.told)


def pass_requests(session: Session, going: Going) -> set[int]:
    """Requests that he asked for and that wait go on in the name of whoever has the project or lead now.

    Where that one has signed it himself it lapses: nobody both asks and consents. Returns the projects concerned.
    """
    mine = select(Approval).where(_still_his("approval.asked_by_id", going.person)).order_by(Approval.id)
    concerned = set()
    for approval in session.scalars(mine.options(selectinload(Approval.signatures))):
        owner = going.projects.get(approval.project_id or 0) or going.leads.get(approval.lead_id or 0)
        if owner is None and not going.plan.leaves:
            continue
        owner = owner or going.successor
        if approval.project_id is not None:
            concerned.add(approval.project_id)
        told: dict[str, Any] = {"project_id": approval.project_id, **going.told}
        if owner is None or owner.id in {signature.by_id for signature in approval.signatures}:
            approval.state, approval.decided_at = "lapsed", clock.now()
            events.record(session, Kind.APPROVAL_LAPSED, approval, by=going.by, **told)
            continue
        approval.asked_by_id = owner.id
        told |= {"before": going.person.id, "user_id": owner.id, "name": owner.name}
        events.record(session, Kind.PASSED_ON, approval, by=going.by, **told)
    return concerned


def end_claims(session: Session, going: Going) -> None:
    """What he took from the pool counts no more as taken by him."""
    mine = select(LeadClaim).where(_still_his("lead_claim.user_id", going.person))
    if not going.plan.leaves:
        mine = mine.where(LeadClaim.lead_id.in_(going.leads))
    for claim in session.scalars(mine):
        claim.ended_at = clock.now()


def pass_the_rest(session: Session, going: Going) -> None:
    """All that has no way of its own goes to the successor as it is, with an event for each row.

    Where he has the like already (a unique constraint would not let him have two) the leaver's row ends. Raises Invalid
    where there is something, and nobody who takes it.
    """
    heir = going.successor
    for name, column in handed(own_way=False):
        model, attribute = _mapped(column)
        rows = session.scalars(select(model).where(his(name, column, going.person.id))).all()
        if not rows:
            continue
        if heir is None:
            raise Invalid("successor_id", NOBODY)
        taken = _likes(session, column, heir, rows)
        for row in rows:
            told: dict[str, Any] = {"before": going.person.id, "project_id": getattr(row, "project_id", None)}
            if row.id in taken:
                session.delete(row)
            else:
                setattr(row, attribute, heir.id)
                told |= {"user_id": heir.id, "name": heir.name}
            events.record(session, Kind.PASSED_ON, row, by=going.by, **told, **going.told)


def _still_his(name: str, person: User) -> Any:
    return his(name, dict(handed())[name], person.id)


def _mapped(column: Column[Any]) -> tuple[Any, str]:
    """The class of a column's table, and what the column is called there."""
    mapper = next(one for one in Base.registry.mappers if one.local_table is column.table)
    return mapper.class_, str(mapper.get_property_by_column(column).key)


def _likes(session: Session, column: Column[Any], heir: User, rows: Sequence[Any]) -> set[int]:
    """The ids of those rows of which the successor has the like, by a unique constraint that names the column."""
    table: Any = column.table
    assert isinstance(table, Table)
    found: set[int] = set()
    for unique in table.constraints:
        named = list(unique.columns) if isinstance(unique, UniqueConstraint) else []
        others = [one for one in named if one is not column]
        if len(others) in (0, len(named)):
            continue
        has = {tuple(row) for row in session.execute(select(*others).where(column == heir.id))}
        keys = [str(inspect(type(row)).get_property_by_column(one).key) for row in rows[:1] for one in others]
        found |= {row.id for row in rows if tuple(getattr(row, key) for key in keys) in has}
    return found
