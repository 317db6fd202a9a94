"""Rewards and occasions: lists, one of them, what somebody was given in a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import visible
from tracker.access.signing import parts_anywhere
from tracker.errors import NotFound
from tracker.matrix.models import Approval, Signature
from tracker.matrix.queries import approvals_asked
from tracker.paging import Page, page_of
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from tracker.rewards.models import Occasion, Reward, owing_papers
from tracker.team.models import User

YEAR = 365  # days that a person's sum looks back
MOST = 200  # guests of an occasion, rewards of a person
_SHOWN = (
    joinedload(Reward.contact).joinedload(Contact.party),
    joinedload(Reward.approval),
    joinedload(Reward.by),
    joinedload(Reward.occasion),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a person was given within a year, as far as the reader sees it: worth how much, and how often."""

    worth: Decimal
    times: int


def rewards_asked(by: User, *, show: str = "", contact_id: int | None = None, kind: str = "") -> Select[Reward]:
    """The statement for a list of rewards, whole and in its order, the newest day first."""
    query = select(Reward).where(visible(Reward, by)).order_by(Reward.on.desc(), Reward.id.desc()).options(*_SHOWN)
    if contact_id is not None:
        query = query.where(Reward.contact_id == contact_id)
    if kind:
        query = query.where(Reward.kind == kind)
    open_one = Reward.called_off.is_(None) & Reward.given_on.is_(None)
    asked = exists().where(Approval.id == Reward.approval_id, Approval.state == "open")
    used = exists().where(Approval.id == Reward.approval_id, Approval.state == "used")
    granted = or_(Reward.approval_id.is_(None), used)
    match show:
        case "papers":
            query = query.where(owing_papers())
        case "asked":
            query = query.where(open_one, asked)
        case "agreed":
            query = query.where(open_one, granted)
        case "given":
            query = query.where(Reward.given_on.is_not(None))
        case "mine":
            query = query.where(Reward.by_id == by.id)
    return query


def list_rewards(session: Session, by: User, *, show: str = "", kind: str = "", page: int = 1) -> Page[Reward]:
    """A page of rewards."""
    return page_of(session, rewards_asked(by, show=show, kind=kind), page)


def rewards_of(session: Session, by: User, contact: Contact) -> Sequence[Reward]:
    """What a person was or is to be given, the newest first."""
    return session.scalars(rewards_asked(by, contact_id=contact.id).limit(MOST)).all()


def given_within_a_year(session: Session, by: User, contact: Contact, today: date) -> Given:
    """How much it was in a year."""
    since = date.fromordinal(today.toordinal() - YEAR)
    row: Any = session.execute(
        select(func.sum(Reward.given_value), func.count()).where(
            visible(Reward, by), Reward.contact_id == contact.id, Reward.given_on >= since
        )
    ).one()
    return Given(row[0] or Decimal(0), row[1])


def get_reward(session: Session, by: User, reward_id: int) -> Reward:
    """One with all that its page shows, or NotFound."""
    query = select(Reward).where(Reward.id == reward_id, visible(Reward, by))
    whole = (
        *_SHOWN,
        joinedload(Reward.team),
        joinedload(Reward.project),
        selectinload(Reward.documents),
        joinedload(Reward.approval).selectinload(Approval.signatures).joinedload(Signature.by),
    )
    found = session.scalars(query.options(*whole)).first()
    if found is None:
        raise NotFound
    return found


def project_of(session: Session, by: User, reward: Reward) -> Project | None:
    """The project it is for, where the reader sees that."""
    if reward.project_id is None:
        return None
    return session.scalar(select(Project).where(Project.id == reward.project_id, visible(Project, by)))


def occasions_asked(by: User) -> Select[Occasion]:
    """The statement for the list of occasions, whole and in its order, the newest day first."""
    query = select(Occasion).where(visible(Occasion, by)).options(joinedload(Occasion.by))
    return query.order_by(Occasion.on.desc(), Occasion.id.desc())


def list_occasions(session: Session, by: User, page: int = 1) -> Page[Occasion]:
    """A page of occasions."""
    return page_of(session, occasions_asked(by), page)


class Attended(NamedTuple):
    """An occasion, how many were invited and how many came."""

    occasion: Occasion
    invited: int
    came: int


def stream_attended(session: Session, by: User) -> Iterator[Attended]:
    """All occasions, as their list has them."""
    found = session.scalars(occasions_asked(by).execution_options(yield_per=500))
    for part in found.partitions():
        counts = count_guests(session, [one.id for one in part])
        yield from (Attended(one, *counts.get(one.id, (0, 0))) for one in part)


def get_occasion(session: Session, by: User, occasion_id: int) -> Occasion:
    """One with its papers, or NotFound."""
    query = select(Occasion).where(Occasion.id == occasion_id, visible(Occasion, by))
    found = session.scalars(query.options(joinedload(Occasion.by), selectinload(Occasion.documents))).first()
    if found is None:
        raise NotFound
    return found


def guests_of(session: Session, occasion: Occasion) -> Sequence[Reward]:
    """Everybody invited, by name: who plans an occasion sees all its guests."""
    query = select(Reward).where(Reward.occasion_id == occasion.id).options(*_SHOWN, selectinload(Reward.documents))
    return session.scalars(query.join(Contact, Contact.id == Reward.contact_id).order_by(Contact.name, Reward.id)).all()


def count_guests(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each occasion how many are invited and how many came."""
    came = func.count(Reward.given_on)
    live = Reward.called_off.is_(None)
    rows = select(Reward.occasion_id, func.count(), came).where(Reward.occasion_id.in_(ids), live)
    found: Any = session.execute(rows.group_by(Reward.occasion_id))
    return {occasion_id: (invited, there) for occasion_id, invited, there in found}


def list_his_projects(session: Session, by: User, contact: Contact) -> Sequence[Project]:
    """The projects the reader sees in whose circle the person is, for choosing one."""
    his = select(ProjectContact.project_id).where(ProjectContact.contact_id == contact.id)
    query = select(Project).where(Project.id.in_(his), visible(Project, by)).order_by(Project.name, Project.id)
    return session.scalars(query.limit(MOST)).all()


def requests_to_sign(session: Session, by: User, occasion: Occasion) -> Sequence[int]:
    """The requests of an occasion's guests that wait for this user's signature, by their ids."""
    theirs = select(Reward.approval_id).where(Reward.occasion_id == occasion.id, Reward.called_off.is_(None))
    waiting = approvals_asked(by, "sign").where(Approval.id.in_(theirs))
    return session.scalars(waiting.with_only_columns(Approval.id, maintain_column_froms=True)).all()


def count_to_sign(session: Session, by: User, occasion: Occasion) -> int:
    """How many these are."""
    return len(requests_to_sign(session, by, occasion)) if parts_anywhere(by) else 0
