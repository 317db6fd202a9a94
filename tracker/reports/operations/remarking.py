"""What people add to a report before it goes out, and which sections it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.reports.composing import Subject
from tracker.reports.models import Report, ReportForm
from tracker.reports.periods import Period
from tracker.reports.queries.kept import find_report
from tracker.reports.sections import OF, offered
from tracker.team.models import Team, User

LONGEST = 4000


def may_remark(session: Session, subject: Subject, period: Period, by: User, now: datetime) -> bool:
    """Whether he may still add remarks: the person himself, a team's supervisor, until the report goes out."""
    own = subject.of == "person" and subject.id == by.id
    if subject.of == "team":
        team = session.get(Team, subject.id)
        own = team is not None and team.supervisor_id == by.id
    return own and now < period.goes_out_at


def remark(session: Session, subject: Subject, period: Period, words: str, *, by: User) -> Report:
    """Add remarks, or change them, before it goes out; it goes out on time anyway."""
    now = clock.now()
    if now >= period.goes_out_at:
        raise Refused(_l("This report has gone out; what is said about it now is said in annotations."))
    if not may_remark(session, subject, period, by, now):
        raise Forbidden(_l("Only the person himself, or the team's supervisor, adds remarks to this report."))
    if len(words) > LONGEST:
        raise Invalid("remarks", _l("At most %(max)d characters, please.", max=LONGEST))
    row = find_report(session, by, subject.key, period)
    if row is None:
        row = Report(
            subject=subject.key, period=period.kind, starts_on=period.starts_on, ends_on=period.ends_on, state="open",
            user_id=subject.id if subject.of == "person" else None, team_id=subject.team_id,
        )  # fmt: skip
        session.add(row)
    row.remarks, row.remarked_by_id, row.remarked_at = words.strip() or None, by.id, now
    session.flush()
    told: dict[str, Any] = {"name": subject.name, "state": period.kind, "on": period.starts_on.isoformat()}
    events.record(session, Kind.REPORT_REMARKED, row, by=by, **told)
    return row


def arrange(session: Session, kind: str, sections: Sequence[str], *, by: User) -> None:
    """Say which sections a kind of report (`person/week` …) has, in this order."""
    require(by, Action.ADMINISTER)
    of, _slash, period = kind.partition("/")
    if of not in OF or period not in ("day", "week", "month"):
        raise Refused(_l("There is no such kind of report."))
    chosen = list(dict.fromkeys(one for one in sections if one in offered(kind)))
    if not chosen:
        raise Refused(_l("Choose one section at least."))
    row = session.get(ReportForm, kind)
    before = list(row.sections) if row is not None else []
    if row is None:
        row = ReportForm(kind=kind)
        session.add(row)
    row.sections, row.by_id, row.at = chosen, by.id, clock.now()
    session.flush()
    events.record(session, Kind.REPORT_FORM_ARRANGED, by, by=by, what=kind, before=before, list=chosen)
