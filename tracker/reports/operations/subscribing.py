"""Who gets which reports by mail: what somebody chose, and what supervisors get without having said anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session, joinedload

from tracker import events
from tracker.access import Action, may, visible
from tracker.database import UtcDateTime
from tracker.errors import Invalid, NotFound
from tracker.events import Kind
from tracker.i18n import _l
from tracker.notifications.operations.mailing import post_letter
from tracker.reports.models import Report, ReportSubscription
from tracker.reports.periods import GOES_OUT, KINDS, MONTH, WEEK, Period, last_gone_out
from tracker.reports.queries.kept import get_subject, list_readers
from tracker.team.models import Team, User

LETTER = "report"
LAST_HOUR = 22


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody gets the reports about a subject for each period of a kind, on this day after it, at this hour.

    `day`: of the week (1 Monday) or of the month; for days it does not count. `chosen`: he said so himself.
    """

    user_id: int
    subject: str
    period: str
    day: int = 1
    hour: int = GOES_OUT
    chosen: bool = False

    def moment(self, period: Period) -> datetime:
        """When the report of a period goes to him."""
        return period.moment(self.day if self.period in (WEEK, MONTH) else 1, self.hour)


def by_default(teams: Iterable[Team]) -> Iterator[Wish]:
    """Who is named as a team's supervisor gets its day, week and month, at eight on the morning after."""
    for team in teams:
        leader = team.supervisor
        if leader is not None and leader.active and may(leader, Action.APPROVAL_DECIDE):
            for period in KINDS:
                yield Wish(leader.id, f"team:{team.id}", period)


def list_teams_led(session: Session) -> Sequence[Team]:
    """All active teams with their supervisors."""
    whole = joinedload(Team.supervisor).joinedload(User.role)
    return session.scalars(select(Team).where(Team.active).order_by(Team.id).options(whole)).all()


def list_wishes(session: Session, user_id: int | None = None) -> list[Wish]:
    """What everybody, or one person, gets: his own choices, and the defaults that he did not decide otherwise."""
    query = select(ReportSubscription).order_by(ReportSubscription.id)
    if user_id is not None:
        query = query.where(ReportSubscription.user_id == user_id)
    rows = session.scalars(query).all()
    said = {(row.user_id, row.subject, row.period) for row in rows}
    found = [Wish(row.user_id, row.subject, row.period, row.day, row.hour, True) for row in rows if row.wanted]
    for wish in by_default(list_teams_led(session)):
        own = user_id is None or wish.user_id == user_id
        if own and (wish.user_id, wish.subject, wish.period) not in said:
            found.append(wish)
    return found


def list_for_others(session: Session, by: User) -> list[tuple[Wish, User]]:
    """What the user chose for others, and who gets it."""
    query = select(ReportSubscription).where(ReportSubscription.by_id == by.id, ReportSubscription.user_id != by.id)
    query = query.where(ReportSubscription.wanted).options(joinedload(ReportSubscription.user))
    rows = session.scalars(query.order_by(ReportSubscription.id)).all()
    return [(Wish(row.user_id, row.subject, row.period, row.day, row.hour, True), row.user) for row in rows]


def subscribe(session: Session, wish: Wish, *, by: User) -> None:
    """Choose that a report comes by mail, or when: to himself, or to one of those he leads; who gets it must be one who
    reads it."""
    reader = next((one for one in list_readers(session, by) if one.id == wish.user_id), None)
    if reader is None:
        raise Invalid("reader", _l("Choose one of the values in the list."))
    try:
        get_subject(session, reader, wish.subject)
    except NotFound:
        raise Invalid("subject", _l("Who gets it does not read these reports.")) from None
    if wish.period not in KINDS:
        raise Invalid("period", _l("Choose one of the values in the list."))
    last = 7 if wish.period == WEEK else 28
    if not 1 <= wish.day <= last:
        raise Invalid("day", _l("Choose one of the values in the list."))
    if not GOES_OUT <= wish.hour <= LAST_HOUR:
        raise Invalid("hour", _l("Choose one of the values in the list."))
    _write(session, wish, wanted=True, by=by)


def unsubscribe(session: Session, subject: str, period: str, *, by: User, user_id: int | None = None) -> None:
    """It comes no more by mail, also where it did without having been chosen; to another only where he chose it."""
    if user_id not in (None, by.id) and not any(one.user_id == user_id for one, _user in list_for_others(session, by)):
        raise NotFound
    if period in KINDS:
        _write(session, Wish(user_id or by.id, subject[:24], period), wanted=False, by=by)


def _write(session: Session, wish: Wish, *, wanted: bool, by: User) -> None:
    query = select(ReportSubscription).where(
        ReportSubscription.user_id == wish.user_id, ReportSubscription.subject == wish.subject,
        ReportSubscription.period == wish.period,
    )  # fmt: skip
    row = session.scalar(query)
    if row is None:
        row = ReportSubscription(user_id=wish.user_id, subject=wish.subject, period=wish.period)
        session.add(row)
    row.day, row.hour, row.wanted, row.by_id = wish.day, wish.hour, wanted, by.id
    session.flush()
    told: dict[str, Any] = {"name": wish.subject, "state": wish.period, "given": wanted}
    events.record(session, Kind.REPORT_SUBSCRIBED, row, by=by, **told)


def deliver_reports(session: Session, now: datetime) -> Iterator[int]:
    """Send each report that was made to those who want it and whose hour has come, once; yields how many went.

    Only the last period of a kind goes out by mail; who chooses a report today gets the last one at once.
    """
    last = {kind: last_gone_out(kind, now) for kind in KINDS}
    wishes = [wish for wish in list_wishes(session) if wish.moment(last[wish.period]) <= now]
    for kind, period in last.items():
        keys = {wish.subject for wish in wishes if wish.period == kind}
        if not keys:
            continue
        rows = select(Report.subject, Report.id).where(
            Report.period == kind, Report.starts_on == period.starts_on, Report.state == "sent",
            Report.subject.in_(keys),
        )  # fmt: skip
        reports = dict(session.execute(rows).tuples().all())
        wanting = [wish for wish in wishes if wish.period == kind and wish.subject in reports]
        users = _people(session, {wish.user_id for wish in wanting})
        yield sum(_send(session, users.get(one.user_id), reports[one.subject], now) for one in wanting)


def _people(session: Session, ids: set[int]) -> dict[int, User]:
    query = select(User).where(User.id.in_(ids), User.active).options(joinedload(User.role), joinedload(User.team))
    return {user.id: user for user in session.scalars(query)}


def _send(session: Session, user: User | None, report_id: int, now: datetime) -> int:
    if user is None or session.scalar(_DELIVERED, {"report": report_id, "user": user.id}) is not None:
        return 0
    seen = session.scalar(select(Report.id).where(Report.id == report_id, visible(Report, user)))
    if seen is None:
        return 0
    first = session.execute(_DELIVERY, {"report": report_id, "user": user.id, "now": now}).scalar()
    if first is None:
        return 0
    post_letter(session, LETTER, user, report_id)
    session.flush()
    return 1


_DELIVERED = text("SELECT 1 FROM report_delivery WHERE report_id = :report AND user_id = :user")
_DELIVERY = text(
    "INSERT INTO report_delivery (report_id, user_id, at) VALUES (:report, :user, :now) "
    "ON CONFLICT (report_id, user_id) DO NOTHING RETURNING user_id"
).bindparams(bindparam("now", type_=UtcDateTime()))
