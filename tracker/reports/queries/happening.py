"""What happened in a period, of many people or of one project, each kind of thing by one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.dealers.models import Dealer
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.matrix.models import Evidence, LifecycleChange, Move, OwnTask, Record, RecordContact
from tracker.parties.models import Contact, Party
from tracker.projects.models import CategoryLine, Project
from tracker.registrations.models import Registration
from tracker.reports.periods import Period
from tracker.reports.queries.items import Item, Names, day, money, people_of
from tracker.todos.models import Todo

VISITS = frozenset({"site_visit", "office_visit", "meeting", "executive_visit", "design_presentation",
                    "technical_exchange", "factory_tour", "reference_tour", "negotiation", "training"})  # fmt: skip
"""Kinds of records in which somebody was seen."""
_SITE = (Project.id, Project.name, Project.owner_id, Project.definition_key, Project.definition_version)


class Whose:
    """Whose work is asked for: that of people (and on projects of theirs), or all that was done on one project."""

    def __init__(self, people: Iterable[int] = (), project_id: int | None = None) -> None:
        self.people = sorted(set(people))
        self.project_id = project_id

    def of(self, *columns: Any, project: Any = None) -> Any:
        """The condition: any of the columns names one of the people, or `project` is the project."""
        if self.project_id is not None:
            return (Project.id if project is None else project) == self.project_id
        return or_(*(column.in_(self.people) for column in columns))


class Happening:
    """Loads the sections of what happened; each method is one statement, or two."""

    def __init__(self, session: Session, whose: Whose, period: Period) -> None:
        self.session, self.whose, self.period = session, whose, period
        self.names = Names(session)
        self.met: dict[int, list[tuple[int, str]]] = {}
        self._records: list[Any] | None = None

    def _within(self, column: Any) -> Any:
        return column.between(self.period.starts_on, self.period.ends_on)

    def moves(self) -> list[Item]:
        """Phases moved, construction reported, projects opened, suspended and taken up again."""
        query = (
            select(Move.axis, Move.source, Move.target, Move.on, Move.by_id, *_SITE)
            .join(Project, Project.id == Move.project_id)
            .where(self._within(Move.on), self.whose.of(Move.by_id, Project.owner_id))
            .order_by(Move.on.desc(), Move.id.desc())
        )
        found = []
        for axis, source, target, on, by_id, project_id, name, owner_id, key, version in self.session.execute(query):
            definition = self.names.of(key, version)
            named = self.names.phase if axis == "phase" else self.names.step
            say = "opened" if axis == "phase" and source is None else f"moved_{axis}"
            args: dict[str, Any] = {"site": name, "target": named(target, definition)}
            if say == "moved_phase":
                args["source"] = named(source, definition)
            found.append(Item("moves", say, args, ("project", project_id), on, people_of(by_id, owner_id),
                              ("project", project_id), doer=by_id))  # fmt: skip
        return [*found, *self._changes()]

    def _changes(self) -> list[Item]:
        query = (
            select(LifecycleChange.target, LifecycleChange.on, LifecycleChange.by_id, *_SITE[:3])
            .join(Project, Project.id == LifecycleChange.project_id)
            .where(self._within(LifecycleChange.on), LifecycleChange.category.is_(None))
            .where(LifecycleChange.target.not_in(("won", "lost")))
            .where(self.whose.of(LifecycleChange.by_id, Project.owner_id))
            .order_by(LifecycleChange.on.desc(), LifecycleChange.id.desc())
        )
        return [
            Item("moves", "became", {"site": name, "state": self.names.choice("project_states", target)},
                 ("project", project_id), on, people_of(by_id, owner_id), ("project", project_id), doer=by_id)
            for target, on, by_id, project_id, name, owner_id in self.session.execute(query)
        ]  # fmt: skip

    def records(self) -> list[Any]:
        """The records of the period, with whom was met in each; loaded once for visits and other work."""
        if self._records is None:
            lead = aliased(Lead)
            query = (
                select(Record.id, Record.kind, Record.happened_on, Record.author_id, Record.text, Record.project_id,
                       Record.lead_id, func.coalesce(Project.name, lead.name).label("site"), Project.owner_id)
                .outerjoin(Project, Project.id == Record.project_id)
                .outerjoin(lead, lead.id == Record.lead_id)
                .where(self._within(Record.happened_on), Record.is_plan.is_(False))
                .where(self.whose.of(Record.author_id, project=Record.project_id))
                .order_by(Record.happened_on.desc(), Record.id.desc())
            )  # fmt: skip
            self._records = list(self.session.execute(query))
            self._load_met()
        return self._records

    def _load_met(self) -> None:
        query = (
            select(RecordContact.record_id, Contact.id, Contact.name)
            .join(Contact, Contact.id == RecordContact.contact_id)
            .join(Record, Record.id == RecordContact.record_id)
            .where(self._within(Record.happened_on), Record.is_plan.is_(False))
            .where(self.whose.of(Record.author_id, project=Record.project_id))
            .order_by(RecordContact.record_id, Contact.id)
        )
        self.met = defaultdict(list)
        for record_id, contact_id, name in self.session.execute(query):
            self.met[record_id].append((contact_id, name))

    def visits(self) -> list[Item]:
        """Each visit, and whom was met."""
        return [self._record("visits", row) for row in self.records() if row.kind in VISITS]

    def work(self) -> list[Item]:
        """Every other record."""
        return [self._record("work", row) for row in self.records() if row.kind not in VISITS]

    def _record(self, section: str, row: Any) -> Item:
        met = self.met.get(row.id, ())
        args: dict[str, Any] = {"kind": self.names.choice("activity_kinds", row.kind), "site": row.site or "",
                                "text": short(row.text)}  # fmt: skip
        if met:
            args["met"] = {"list": [name for _id, name in met]}
        site = ("project", row.project_id) if row.project_id else ("lead", row.lead_id) if row.lead_id else None
        more = {"met": [contact_id for contact_id, _name in met]}
        return Item(section, "met" if met else "did", args, ("record", row.id), row.happened_on,
                    people_of(row.author_id), site, more=more)  # fmt: skip

    def proven(self) -> tuple[list[Item], list[Item]]:
        """(evidence for exit criteria and dates, tasks done)."""
        query = (
            select(Evidence.target, Evidence.kind, Evidence.recorded_on, Evidence.by_id, Evidence.record_id, *_SITE[:3])
            .join(Project, Project.id == Evidence.project_id)
            .where(self._within(Evidence.recorded_on), self.whose.of(Evidence.by_id))
            .order_by(Evidence.recorded_on.desc(), Evidence.id.desc())
        )
        rows = self.session.execute(query).all()
        own = self._own_tasks([row.target for row in rows if row.target.startswith("U.")])
        evidence: list[Item] = []
        done: list[Item] = []
        for target, _kind, on, by_id, record_id, project_id, name, _owner in rows:
            into, section = (done, "done") if target.startswith(("T.", "U.")) else (evidence, "evidence")
            args = {"site": name, "what": self.names.target(target, own)}
            to = ("record", record_id) if record_id else ("project", project_id)
            into.append(Item(section, section, args, to, on, people_of(by_id), ("project", project_id)))
        return evidence, done

    def _own_tasks(self, targets: Sequence[str]) -> dict[str, str]:
        ids = [int(one[2:]) for one in targets if one[2:].isdecimal()]
        if not ids:
            return {}
        rows = self.session.execute(select(OwnTask.id, OwnTask.text).where(OwnTask.id.in_(ids)))
        return {f"U.{number}": text for number, text in rows}

    def photos(self) -> list[Item]:
        """How many pictures of which site; up to six of the newest are shown."""
        begins, ends = clock.day_begins(self.period.starts_on), clock.day_ends(self.period.ends_on)
        query = (
            select(Photo.token, Photo.caption, Photo.uploader_id, Photo.uploaded_at, *_SITE[:2])
            .join(Project, Project.id == Photo.project_id)
            .where(Photo.uploaded_at >= begins, Photo.uploaded_at < ends, Photo.purged_at.is_(None))
            .where(self.whose.of(Photo.uploader_id))
            .order_by(Photo.uploaded_at.desc(), Photo.id.desc())
        )
        groups: dict[tuple[int, int | None], list[Any]] = defaultdict(list)
        for row in self.session.execute(query):
            groups[row.id, row.uploader_id].append(row)
        return [
            Item("photos", "photos", {"site": rows[0].name, "n": {"n": len(rows)}}, ("photos", project_id),
                 clock.company_day(rows[0].uploaded_at), people_of(uploader), ("project", project_id),
                 more={"shown": [(row.token, row.caption or "") for row in rows[:6]], "n": len(rows)})
            for (project_id, uploader), rows in groups.items()
        ]  # fmt: skip

    def leads(self) -> list[Item]:
        """Leads found in the period."""
        query = (
            select(Lead.id, Lead.name, Lead.source, Lead.found_on, Lead.owner_id, Lead.created_by_id)
            .where(self._within(Lead.found_on), Lead.merged_into_id.is_(None))
            .where(self.whose.of(Lead.owner_id, Lead.created_by_id, project=Lead.project_id))
            .order_by(Lead.found_on.desc(), Lead.id.desc())
        )
        return [
            Item("leads", "lead", {"site": name, "source": self.names.choice("lead_sources", source)},
                 ("lead", lead_id), on, people_of(owner, maker), ("lead", lead_id))
            for lead_id, name, source, on, owner, maker in self.session.execute(query)
        ]  # fmt: skip

    def todos(self) -> list[Item]:
        """To-dos that were done in the period, and those that were late at its end; not of projects, whose readers do
        not all see them."""
        if self.whose.project_id is not None:
            return []
        begins, ends = clock.day_begins(self.period.starts_on), clock.day_ends(self.period.ends_on)
        done = and_(Todo.done_at >= begins, Todo.done_at < ends)
        late = and_(Todo.due_on <= self.period.ends_on, Todo.due_on < clock.today(),
                    or_(Todo.done_at.is_(None), Todo.done_at >= ends))  # fmt: skip
        query = (
            select(Todo.id, Todo.text, Todo.owner_id, Todo.due_on, Todo.done_at)
            .where(Todo.dropped_at.is_(None), or_(done, late), self.whose.of(Todo.owner_id))
            .order_by(Todo.due_on, Todo.id)
        )
        found = []
        for number, text, owner, due, at in self.session.execute(query):
            args: dict[str, Any] = {"text": short(text)}
            done_on = clock.company_day(at) if at is not None and at < ends else None
            on = done_on or due
            if on is None:
                continue
            if done_on is None:
                args["day"] = day(on)
            say = "todo_done" if done_on else "todo_late"
            to = ("todo", number)
            found.append(Item("todos", say, args, to, on, people_of(owner), to, more={"done": bool(done_on)}))
        return found

    def registrations(self) -> list[Item]:
        """Dealers' registrations handed in, of whose sites somebody owns the project or whose dealer he looks after."""
        begins, ends = clock.day_begins(self.period.starts_on), clock.day_ends(self.period.ends_on)
        query = (
            select(Registration.id, Registration.name, Registration.state, Registration.submitted_at,
                   Party.name.label("dealer"), Dealer.keeper_id, Project.owner_id)
            .join(Dealer, Dealer.id == Registration.dealer_id)
            .join(Party, Party.id == Dealer.party_id)
            .outerjoin(Project, Project.id == Registration.project_id)
            .where(Registration.submitted_at >= begins, Registration.submitted_at < ends)
            .where(self.whose.of(Dealer.keeper_id, Project.owner_id, project=Registration.project_id))
            .order_by(Registration.submitted_at.desc(), Registration.id.desc())
        )  # fmt: skip
        return [
            Item("registrations", "registered", {"site": row.name, "dealer": row.dealer,
                 "state": self.names.choice("dealer_registration", row.state)}, ("registration", row.id),
                 clock.company_day(row.submitted_at), people_of(row.keeper_id, row.owner_id), ("registration", row.id))
            for row in self.session.execute(query)
        ]  # fmt: skip

    def outcomes(self) -> list[Item]:
        """Won and lost, each with its reason and amount; a line by itself, where the project goes on."""
        line = and_(CategoryLine.project_id == Project.id, CategoryLine.category == LifecycleChange.category)
        query = (
            select(LifecycleChange.category, LifecycleChange.target, LifecycleChange.on, LifecycleChange.by_id,
                   LifecycleChange.reason_key, LifecycleChange.told, CategoryLine.value.label("part"), Project.value,
                   Project.currency, *_SITE[:3])
            .join(Project, Project.id == LifecycleChange.project_id)
            .outerjoin(CategoryLine, line)
            .where(self._within(LifecycleChange.on), LifecycleChange.target.in_(("won", "lost")))
            .where(self.whose.of(LifecycleChange.by_id, Project.owner_id))
            .order_by(LifecycleChange.on.desc(), LifecycleChange.id.desc())
        )  # fmt: skip
        return [self._outcome(row) for row in self.session.execute(query)]

    def _outcome(self, row: Any) -> Item:
        whole = row.category is None
        value = row.value if whole else row.part
        args: dict[str, Any] = {"site": row.name}
        if not whole:
            args["line"] = self.names.category(row.category)
        say = row.target if whole else f"{row.target}_line"
        if row.target == "lost":
            args["reason"] = self.names.choice("lost_reasons", row.reason_key)
            winner = str((row.told or {}).get("winner") or "")
            if winner:
                args["winner"], say = winner, f"{say}_to"
        if value:
            args["value"] = money(value, row.currency)
        more = {"whole": whole, "value": value or 0, "currency": row.currency, "won": row.target == "won"}
        return Item("outcomes", say, args, ("outcome", row.id), row.on, people_of(row.by_id, row.owner_id),
                    ("project", row.id), doer=row.by_id, more=more)  # fmt: skip


def short(text: str, most: int = 140) -> str:
    """The beginning of what somebody wrote, as one line."""
    said = " ".join(text.split())
    return said if len(said) <= most else said[: most - 1] + "…"
