"""The demo company's designers: who leads a design, who stands up for us, what they were invited to and given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.demo.people import Company
from tracker.designers.operations import set_level
from tracker.errors import Refused
from tracker.matrix.operations.approvals import grant_approval
from tracker.matrix.queries import get_approval
from tracker.parties.models import Contact, Party
from tracker.projects.models import ProjectContact
from tracker.rewards.models import Occasion, Reward
from tracker.rewards.operations.entering import RewardDraft, enter_reward, file_papers, give_reward
from tracker.rewards.operations.occasions import OccasionDraft, invite, note_came, plan_occasion
from tracker.rewards.queries import get_reward, guests_of
from tracker.team.models import User
from workflows.rewards import DESIGNERS

JUDGED, GUESTS, ASKED = 12, 6, 120
LEVELS: tuple[tuple[str, str], ...] = (
    ("advocate", "优化会上替我们说话。 Spoke for us at the cost-cutting meeting."),
    ("regular", "连续两个项目把我们写进材料表。 Put us on two material schedules in a row."),
    ("tried", "大堂石材改用我们的岩板。 Used our slabs in a lobby."),
    ("aware", "展会上要了样册。 Took samples at the fair."),
)
TRAINING = (
    "岩板收口与节点培训 Edges and joints of slabs",
    "半天，含现场打样，自带电脑。 Half a day with samples to cut.",
)
VISIT = (
    "窑炉产线参观 Visit to the kilns",
    "单位邀请函，当天往返，不带家属。 By invitation to the firm, back the same day.",
)


def look_after_designers(session: Session, random: Random, company: Company) -> None:
    """The designers with the most projects are judged; some came to a training, some are invited to the kilns."""
    promo = company.users["designpromo"]
    known = _busiest(session)
    people = known[:JUDGED]
    if not people:
        return
    ids = [one.id for one in people]
    session.execute(update(ProjectContact).where(ProjectContact.contact_id.in_(ids[::2])).values(leads_design=True))
    for number, contact in enumerate(people):
        level, reason = LEVELS[number * len(LEVELS) // len(people)]
        with clock.frozen(clock.at_noon(_on(random.randint(20, 300)))):
            set_level(session, contact, by=promo, level=level, reason=reason)
            session.flush()
    _hold_training(session, known, promo)
    _plan_visit(session, known[GUESTS:], company)
    _publish(session, known, promo)


def _busiest(session: Session) -> Sequence[Contact]:
    counted = (
        select(ProjectContact.contact_id)
        .join(Contact, Contact.id == ProjectContact.contact_id)
        .join(Party, Party.id == Contact.party_id)
        .where(Party.kind.in_(DESIGNERS))
        .group_by(ProjectContact.contact_id)
        .order_by(func.count().desc(), ProjectContact.contact_id)
        .limit(ASKED)
    )
    ids = list(session.scalars(counted))
    found = {contact.id: contact for contact in session.scalars(select(Contact).where(Contact.id.in_(ids)))}
    return [found[key] for key in ids]


def _on(days_ago: int) -> date:
    return clock.today() - timedelta(days=days_ago)


def _invite(session: Session, occasion: Occasion, people: Sequence[Contact], by: User) -> None:
    """Invite a few of those whom the rules let us invite; who takes part in a public project or a tender is none."""
    invited = 0
    for contact in people:
        if invited == GUESTS:
            return
        try:
            with session.begin_nested():
                invite(session, occasion, contact, by=by)
            invited += 1
        except Refused:
            continue


def _hold_training(session: Session, people: Sequence[Contact], by: User) -> None:
    title, programme = TRAINING
    with clock.frozen(clock.at_noon(_on(75))):
        occasion = plan_occasion(
            session, OccasionDraft("training_cpd", title, _on(40), programme, place="合肥展厅 Showroom"), by=by
        )
        _invite(session, occasion, people, by)
        session.flush()
    with clock.frozen(clock.at_noon(_on(39))):
        came = [guest for guest in guests_of(session, occasion) if guest.id % 5]
        note_came(session, occasion, came, by=by)
        session.flush()


def _plan_visit(session: Session, people: Sequence[Contact], company: Company) -> None:
    """A visit in three weeks whose places wait for consent; compliance has signed the first."""
    title, programme = VISIT
    draft = OccasionDraft(
        "factory_visit", title, clock.today() + timedelta(21), programme, Decimal(280), place="佛山 Foshan"
    )
    occasion = plan_occasion(session, draft, by=company.users["designpromo"])
    _invite(session, occasion, people, company.users["designpromo"])
    session.flush()
    for guest in guests_of(session, occasion)[:2]:
        _sign(session, guest, company.users["compliance"])


def _sign(session: Session, reward: Reward, by: User) -> None:
    if reward.approval_id is not None:
        approval = get_approval(session, by, reward.approval_id)
        grant_approval(session, approval, by=by, answer="行程以参观为主，同意。 The visit is its purpose: agreed.")
        session.flush()


def _publish(session: Session, people: Sequence[Contact], by: User) -> None:
    """A designer's work was shown with his name: given, and its papers filed."""
    for contact in people:
        draft = RewardDraft(
            contact, "publication", "公众号作品专访 Portrait of his work", _on(30),
            "已取得版权授权。 With the right to print.", Decimal(0),
        )  # fmt: skip
        try:
            with session.begin_nested(), clock.frozen(clock.at_noon(_on(32))):
                reward = enter_reward(session, draft, by=by)
        except Refused:
            continue
        give_reward(session, reward, by=by, on=_on(30))
        file_papers(session, get_reward(session, by, reward.id), by=by, note="授权书与链接 Licence and link")
        session.flush()
        return
