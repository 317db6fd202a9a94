"""What was promised and planned for a period, what became of it, and what is planned for the next; set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from tracker.calendar.models import Plan, PlanPerson
from tracker.events import Event, Kind
from tracker.leads.models import Lead
from tracker.matrix.models import Record
from tracker.projects.models import Project
from tracker.reports.periods import DAY, Period
from tracker.reports.queries.happening import Whose, short
from tracker.reports.queries.items import Item, Said, day, people_of
from workflows.calendar import is_working
from workflows.holidays import load_china

PUT_OFF = timedelta(days=92)  # how far ahead a plan is looked for that was put off from the period
Site = tuple[str, int]


class Promising:
    """Loads the promises of a period and the plan of the next."""

    def __init__(self, session: Session, whose: Whose, period: Period) -> None:
        self.session, self.whose, self.period = session, whose, period
        self.next = next_days(period)
        self.put_off = self._put_off()
        self.along = self._along()

    def promises(self) -> list[Item]:
        """What was promised or planned for this period, and whether it was done, called off, put off or left."""
        first, last = self.period.starts_on, self.period.ends_on
        rows = self.session.execute(self._promised(first, last)).all()
        logged = self._logged_last(first, last)
        found = []
        for row in rows:
            say, kept = self._became(row, logged)
            args = self._args(row)
            if say == "called_off":
                args["why"] = row.called_off_why or ""
            found.append(self._item("promises", say, args, row, {"kept": kept, "counts": say != "called_off"}))
        return [*found, *self._left_the_period()]

    def _became(self, row: Any, logged: dict[tuple[int | None, Site], date]) -> tuple[str, bool]:
        if row.called_off_at is not None:
            return "called_off", False
        last = logged.get((row.author_id, _site(row)))
        since = row.happened_on + timedelta(days=0 if row.is_plan else 1)  # on its own day a promise was only made
        done = row.kept_by_id is not None or (last is not None and last >= since)
        return ("kept" if done else "not_kept"), done

    def _left_the_period(self) -> list[Item]:
        """Plans of this period that were put off until after it."""
        wanted = {key: was for key, was in self.put_off.items() if self._within(was)}
        if not wanted:
            return []
        query = self._promised(self.period.ends_on + timedelta(days=1), self.period.ends_on + PUT_OFF)
        rows = self.session.execute(query.where(Record.is_plan)).all()
        return [
            self._item("promises", "postponed", {**self._args(row, wanted[row.id]), "to": day(row.due)}, row,
                       {"kept": False, "counts": True}, on=wanted[row.id])
            for row in rows
            if row.id in wanted
        ]  # fmt: skip

    def plan(self) -> list[Item]:
        """What is promised and planned for the next period; of what was put off, from when."""
        found = []
        for row in self.session.execute(self._promised(*self.next)):
            if row.called_off_at is not None:
                continue
            was = self.put_off.get(row.id)
            args, say = self._args(row), "planned"
            if was is not None:
                args["from"], say = day(was), "planned_late"
            found.append(self._item("plan", say, args, row, {}))
        return sorted(found, key=lambda one: (one.on, str(one.more.get("at", ""))))

    def _within(self, on: date) -> bool:
        return self.period.starts_on <= on <= self.period.ends_on

    def _args(self, row: Any, on: date | None = None) -> dict[str, Any]:
        said: Said = day(on or row.due)
        if row.at and on is None:
            said["at"] = row.at
        return {"site": row.site or "", "text": short(row.next_step or row.text), "day": said}

    def _item(
        self, section: str, say: str, args: dict[str, Any], row: Any, more: dict[str, Any], on: date | None = None
    ) -> Item:
        return Item(section, say, args, ("plan" if row.is_plan else "record", row.id), on or row.due,
                    people_of(row.author_id, *self.along.get(row.id, ())), _site(row), doer=row.author_id,
                    more={**more, "at": row.at or ""})  # fmt: skip

    def _promised(self, first: date, last: date) -> Any:
        """Next steps due and plans on days, on projects and leads."""
        within = (bindparam(None, first, Date), bindparam(None, last, Date))
        planned = and_(Record.is_plan, Record.happened_on.between(*within))
        due = case((Record.is_plan, Record.happened_on), else_=Record.next_on).label("due")
        return (
            select(Record.id, Record.author_id, Record.next_step, Record.text, Record.project_id, Record.lead_id,
                   Record.happened_on, Record.is_plan, func.coalesce(Project.name, Lead.name).label("site"), due,
                   Plan.at, Plan.kept_by_id, Plan.called_off_at, Plan.called_off_why)
            .select_from(Record)
            .outerjoin(Plan, Plan.record_id == Record.id)
            .outerjoin(Project, Project.id == Record.project_id)
            .outerjoin(Lead, Lead.id == Record.lead_id)
            .where(or_(planned, and_(Record.is_plan.is_(False), Record.next_on.between(*within))), self._theirs())
            .order_by(due, Record.id)
        )  # fmt: skip

    def _theirs(self) -> Any:
        if self.whose.project_id is not None:
            return Record.project_id == self.whose.project_id
        along = select(PlanPerson.record_id).where(PlanPerson.user_id.in_(self.whose.people))
        return or_(Record.author_id.in_(self.whose.people), and_(Record.is_plan, Record.id.in_(along)))

    def _logged_last(self, first: date, last: date) -> dict[tuple[int | None, Site], date]:
        """The last day up to the end of the period on which somebody logged something on a site where somebody promised
        something for the period: by the index of sites, since a site has few records and an author thousands."""
        found: dict[tuple[int | None, Site], date] = {}
        promised = self._promised(first, last).order_by(None).subquery()
        for kind, column, of in (("project", Record.project_id, promised.c.project_id),
                                 ("lead", Record.lead_id, promised.c.lead_id)):  # fmt: skip
            query = (
                select(Record.author_id, column, func.max(Record.happened_on, type_=Date))
                .where(column.in_(select(of).where(of.is_not(None)).distinct()))
                .where(Record.is_plan.is_(False), Record.happened_on <= last)
                .group_by(Record.author_id, column)
            )
            for author, number, on in self.session.execute(query):
                if number is not None:
                    found[author, (kind, number)] = on
        return found

    def _put_off(self) -> dict[int, date]:
        """Plans that were moved to a later day after this period began, by the day they were first moved from."""
        ahead = Record.happened_on.between(self.period.starts_on, self.period.ends_on + PUT_OFF)
        query = (
            select(Event.subject_id, Event.data, Record.happened_on)
            .select_from(Record)
            .join(Event, and_(Event.subject == "record", Event.subject_id == Record.id))
            .where(Record.is_plan, ahead, self._theirs(), Event.kind == Kind.PLAN_MOVED)
            .order_by(Event.id)
        )
        found: dict[int, date] = {}
        for number, data, on in self.session.execute(query):
            was = _day_of((data.get("before") or {}).get("on"))
            if was is not None and self.period.starts_on <= was < on:
                found.setdefault(number, was)
        return found

    def _along(self) -> dict[int, Sequence[int]]:
        """Who comes along with the plans of this period and the next."""
        days = Record.happened_on.between(self.period.starts_on, self.period.ends_on + PUT_OFF)
        query = (
            select(PlanPerson.record_id, PlanPerson.user_id)
            .join(Record, Record.id == PlanPerson.record_id)
            .where(Record.is_plan, days, self._theirs())
        )
        found: dict[int, list[int]] = defaultdict(list)
        for record_id, user_id in self.session.execute(query):
            found[record_id].append(user_id)
        return dict(found)


def next_days(period: Period) -> tuple[date, date]:
    """The days whose plan a report tells: the next period; after a day all up to the next working day."""
    first, last = period.next.starts_on, period.next.ends_on
    if period.kind == DAY:
        holidays = load_china()
        while not is_working(last, holidays) and last < first + timedelta(days=10):
            last += timedelta(days=1)
    return first, last


def _site(row: Any) -> Site:
    return ("project", row.project_id) if row.project_id else ("lead", row.lead_id or 0)


def _day_of(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
