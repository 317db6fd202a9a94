"""What time does to registrations: reminders, lapse, provisional protection where our answer is late.

Each is looked at once a day and whenever it changed; each group is one transaction of the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, or_, select, update
from sqlalchemy.orm import Session

from tracker import events
from tracker.dealers.models import Dealer
from tracker.dealers.operations.telling import managers_of, people_of
from tracker.events import Kind
from tracker.notifications.models import DueThing, Notification
from tracker.notifications.operations.mailing import Mailing
from tracker.projects.models import Project
from tracker.registrations.models import APPROVED, STANDING, Registration
from tracker.registrations.operations.registering import become, follow, write_down
from tracker.registrations.operations.selling import leave_project
from tracker.registrations.operations.splitting import in_words
from tracker.registrations.operations.telling import tell_dealer, tell_desk
from tracker.registrations.operations.windows import closed_windows
from workflows.calendar import add_days
from workflows.guards.channel import REMIND_DAYS, last_day
from workflows.text import Text

CHUNK = 50
_TABLE: Any = Registration.__table__
_WAITING = (
    select(Registration.id)
    .where(
        or_(Registration.looked_on.is_(None), Registration.looked_on != bindparam("today", type_=Date)),
        Registration.state.in_(STANDING),
    )
    .order_by(Registration.id)
    .limit(bindparam("most"))
)


def deliver_registrations(session: Session, today: date, mailing: Mailing | None = None) -> Iterator[int]:
    """Look at every registration that was not looked at today; yields after each group how much newly happened."""
    while ids := list(session.scalars(_WAITING, {"today": today, "most": CHUNK})):
        yield look_at_registrations(session, ids, today, mailing)


def look_at_registrations(session: Session, ids: Sequence[int], today: date, mailing: Mailing | None = None) -> int:
    """Do and tell what is due on these registrations; how much newly happened."""
    query = select(Registration).where(Registration.id.in_(ids)).order_by(Registration.id).with_for_update()
    found = 0
    for registration in session.scalars(query.execution_options(populate_existing=True)).all():
        found += pass_day(session, registration, today, mailing)
    session.execute(update(_TABLE).where(_TABLE.c.id.in_(ids)).values(looked_on=today))
    session.flush()
    session.expire_all()
    return found


def pass_day(session: Session, registration: Registration, today: date, mailing: Mailing | None = None) -> int:
    """What this day brings for one registration."""
    if registration.state in APPROVED and _won(session, registration):
        become(session, registration, "converted", "converted", by=None, on=today)
        return 1
    if registration.state in APPROVED and (closed := closed_windows(session, registration, today)):
        close_windows(session, registration, closed, today, mailing)
        return 1
    last = last_day(registration.facts(""))
    if last is not None and last < today:
        lapse(session, registration, today, mailing)
        return 1
    if last is not None and add_days(last, 1 - REMIND_DAYS) <= today:
        return _remind(session, registration, add_days(last, 1), mailing)
    due = registration.answer_due
    if registration.state == "submitted" and due is not None and due < today:
        become(session, registration, "provisional", "provisional", by=None, on=today)
        until = registration.protected_to
        tell_dealer(
            session,
            registration,
            f"provisional:{due}",
            f"{registration.name}：我们答复逾期，临时保护至 {until}。",
            f"{registration.name}: our answer is late; protected for the time being until {until}.",
            mailing,
        )
        tell_desk(
            session,
            registration,
            f"late:{due}",
            f"{registration.name}：答复已逾期，临时保护至 {until}。",
            f"{registration.name}: the answer is late; provisional protection until {until}.",
            level="escalate",
            due_on=due,
            mailing=mailing,
        )
        return 1
    if registration.state == "in_check" and due is not None and due < today:
        return tell_desk(
            session,
            registration,
            f"late:{due}",
            f"{registration.name}：答复已逾期。",
            f"{registration.name}: the answer is late.",
            level="escalate",
            due_on=due,
            mailing=mailing,
        )
    return 0


def close_windows(
    session: Session, registration: Registration, closed: Sequence[str], today: date, mailing: Mailing | None = None
) -> None:
    """It protects no product that comes too late for the site: those go, and with the last of them all of it."""
    gone, name = in_words(closed, ()), registration.name
    kept = [key for key in registration.categories if key not in closed]
    if not kept:
        why = Text(f"入场窗口已关：{gone.zh}。", f"It is too late on this site for: {gone.en}.")
        lapse(session, registration, today, mailing, why)
        return
    before, registration.categories = list(registration.categories), kept
    session.flush()
    entry = write_down(session, registration, "narrowed", by=None)
    told = {"before": {"categories": before}, "categories": kept, "state": registration.state}
    events.record(session, Kind.REGISTRATION_STATE, registration, by=None, project_id=registration.project_id, **told)
    follow(session, registration)
    zh = f"{name}：入场窗口已关，不再保护{gone.zh}；其余继续有效。"
    en = f"{name}: it is too late on this site for {gone.en}, which is protected no more; the rest goes on."
    tell_dealer(session, registration, f"narrowed:{entry.id}", zh, en, mailing)
    tell_desk(session, registration, f"narrowed:{entry.id}", zh, en, mailing=mailing)


def lapse(
    session: Session, registration: Registration, today: date, mailing: Mailing | None = None, why: Text | None = None
) -> None:
    """Its protection is over. A project that nobody of ours owns returns to the pool, without the dealer.

    Where the project's own clock has told of this lapse (G29), it is not told again.
    """
    provisional = registration.state == "provisional"
    heard = _heard_from_project(session, registration) if why is None else set()
    entry = become(session, registration, "expired", "lapsed", by=None, on=today, reason=_reason(why))
    if registration.project_id is not None and not provisional:
        project = session.get_one(Project, registration.project_id)
        if project.owner_id is None:
            leave_project(session, project, session.get_one(Dealer, registration.dealer_id).party_id, by=None)
    said = why or Text("", "")
    zh, en = f"{registration.name}：报备已失效。{said.zh}", f"{registration.name}: it lapsed. {said.en}".rstrip()
    dealer = session.get_one(Dealer, registration.dealer_id)
    if not heard & {one.id for one in people_of(session, dealer)}:
        tell_dealer(session, registration, f"lapsed:{entry.id}", zh, en, mailing)
    if registration.project_id is not None and not heard & {one.id for one in managers_of(session, dealer)}:
        tell_desk(session, registration, f"lapsed:{entry.id}", zh, en, mailing=mailing)


def _reason(why: Text | None) -> str:
    """In both languages: whoever reads the register may read either."""
    return f"{why.zh} {why.en}" if why else ""


def _heard_from_project(session: Session, registration: Registration) -> set[int]:
    """Who has heard from the clock of its project that it lapses on this day; it tells only who sees the project."""
    last = last_day(registration.facts(""))
    if registration.project_id is None or last is None:
        return set()
    keys = [f"G29:{registration.id}:lapsed:{add_days(last, 1)}:{who}" for who in ("dealer", "ours")]
    query = select(Notification.user_id).join(DueThing, Notification.due_thing_id == DueThing.id)
    asked = (DueThing.project_id == registration.project_id, DueThing.key.in_(keys))
    return set(session.scalars(query.where(*asked)))


def _remind(session: Session, registration: Registration, lapses: date, mailing: Mailing | None) -> int:
    if registration.project_id is not None:
        return 0  # the project's own clock reminds (G29)
    name = registration.name
    return tell_dealer(
        session,
        registration,
        f"soon:{lapses}",
        f"{name}：报备将于 {lapses} 失效。",
        f"{name}: the registration lapses on {lapses}.",
        mailing,
    )


def _won(session: Session, registration: Registration) -> bool:
    if registration.project_id is None:
        return False
    return session.scalar(select(Project.state).where(Project.id == registration.project_id)) == "won"
