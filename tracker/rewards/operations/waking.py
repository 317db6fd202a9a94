"""The clocks of rewards: whose planned day has passed, whose papers are owed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import Action, can
from tracker.matrix.queries import list_deciders
from tracker.notifications.models import DueThing
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import Saying, take_back, tell_once
from tracker.rewards.clocks import due_now, ever_due
from tracker.rewards.models import Reward, owing_papers
from tracker.team.models import User
from workflows.rewards import KINDS, RewardThing

CHUNK = 100  # rewards of one transaction
PLACE = "reward"  # where things of rewards are: in no cell
_WHOLE = (joinedload(User.role), joinedload(User.team))


def deliver_rewards(session: Session, today: date, mailing: Mailing | None = None) -> Iterator[int]:
    """Look at everything that is still to be given or owes its papers; yields after each group how many things were
    newly told. The caller commits after each."""
    last = 0
    while rewards := _next(session, last, today):
        last = rewards[-1].id
        yield sum(_look(session, reward, today, mailing) for reward in rewards)


def _next(session: Session, last: int, today: date) -> Sequence[Reward]:
    waiting = or_(owing_papers(), Reward.given_on.is_(None) & (Reward.on < today))
    told = select(DueThing.reward_id).where(DueThing.reward_id == Reward.id).exists()
    query = select(Reward).where(Reward.id > last, or_(Reward.called_off.is_(None) & waiting, told & _unread()))
    options = (joinedload(Reward.approval), joinedload(Reward.team), joinedload(Reward.by).options(*_WHOLE))
    return session.scalars(query.order_by(Reward.id).limit(CHUNK).options(*options)).all()


def _unread() -> object:
    from tracker.notifications.models import Notification

    return select(Notification.id).where(Notification.reward_id == Reward.id, Notification.read_at.is_(None)).exists()


def _look(session: Session, reward: Reward, today: date, mailing: Mailing | None) -> int:
    told = 0
    for thing in due_now(reward, today):
        saying = Saying(
            key=thing.key, kind=thing.kind, level=thing.level, due_on=thing.due_on, audience=thing.audience,
            zh=thing.text.zh, en=thing.text.en, phase=PLACE, step=PLACE,
        )  # fmt: skip
        told += tell_once(session, reward, saying, _people(session, reward, thing), mailing)
    take_back(session, reward, KINDS, [thing.key for thing in ever_due(reward)])
    return told


def _people(session: Session, reward: Reward, thing: RewardThing) -> Sequence[User]:
    """Who entered it while he is here; late papers go to compliance and to who oversees him."""
    deciders = [one for one in list_deciders(session, reward) if one.id != reward.by_id][:1]
    if thing.audience == "owner":
        return [reward.by] if reward.by.active else deciders
    query = select(User).where(User.active, User.party_id.is_(None)).options(*_WHOLE).order_by(User.id)
    compliance = [one for one in session.scalars(query) if can(one, Action.SIGN_COMPLIANCE)]
    return list({one.id: one for one in (*compliance, *deciders)}.values())
