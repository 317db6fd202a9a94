"""Projects with their way through the matrix and everything that happened on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tracker import clock
from tracker.demo.names import address, project_name
from tracker.demo.record_sentences import record_sentence
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.generating.bulk import Bulk
from tracker.generating.circle import Circle
from tracker.generating.company import DEPARTMENT, Person
from tracker.generating.leads import plot_number
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Evidence, LifecycleChange, Move, Record, RecordContact, RecordHint
from tracker.matrix.operations.refreshing import COLUMNS, Belonging, derive
from tracker.notifications.models import ProjectClock, WindowClock
from tracker.notifications.operations.winding import winding, window_values
from tracker.projects.models import (
    Building,
    CategoryLine,
    Project,
    ProjectContact,
    ProjectDesk,
    ProjectMember,
    ProjectParty,
)
from workflows.definition import Cell
from workflows.facts import (
    BuildingFacts,
    CategoryFacts,
    EvidenceFacts,
    Observation,
    ProjectFacts,
    RecordFacts,
    Visit,
)

STATES = {"active": 85, "won": 7, "lost": 5, "suspended": 2, "on_hold_arbitration": 1}
STATUSES = {"normal": 10, "early": 2, "late_risk": 2}  # how many projects stand in cells of each status
KINDS = {"site_visit": 8, "call": 6, "message": 4, "office_visit": 3, "meeting": 2, "technical_exchange": 1,
         "sample_delivery": 1}  # fmt: skip
ROLES = {"main_contractor": 0.7, "design_institute": 0.4, "dealer": 0.3}  # beside the developer, who is always there
FRESH = 0.8  # of the projects have a record within the limit of their cell
SECOND_BUILDING = 0.25
CLOSED_HERE, CLOSED_BEFORE, WEAKLY = 0.35, 0.8, 0.1  # shares of tasks, and of proofs that are only a note
PHOTOS = 0.4  # of a record
SENTENCES = 200  # of each construction step; more would not be told apart


@dataclass(slots=True)
class Story:
    """One project while it is being made: where it has been, what was noted there, who was met, what was proven."""

    id: int
    owner: Person
    path: list[Visit]
    people: list[int] = field(default_factory=list)
    records: list[tuple[int, Visit, date]] = field(default_factory=list)
    met: dict[int, date] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    buildings: list[BuildingFacts] = field(default_factory=list)
    seen: list[Observation] = field(default_factory=list)
    lines: list[CategoryFacts] = field(default_factory=list)
    suspended: tuple[date | None, date | None] = (None, None)  # since, to be reviewed on
    evidence: list[EvidenceFacts] = field(default_factory=list)

    @property
    def here(self) -> Visit:
        """Where it stands."""
        return self.path[-1]


class Histories:
    """Makes projects one by one; the rows wait in `bulk`."""

    def __init__(self, bulk: Bulk, random: Random, people: Sequence[Person], circle: Circle) -> None:
        self.bulk, self.random, self.circle = bulk, random, circle
        self.sellers = [person for person in people if person.sells]
        self.definition = current_definition()
        self.today, self.now = clock.today(), clock.now()
        self.cells = [cell for cell in self.definition.cells if cell.status != "blocked"]
        self.weights = [STATUSES[cell.status] for cell in self.cells]
        self.types = self.definition.picklist("project_types").keys
        self.sources = self.definition.picklist("lead_sources").keys
        self.sentences = {
            step.key: [record_sentence(random, step.key, "site_visit") for _each in range(SENTENCES)]
            for step in self.definition.steps
        }

    def add_project(self, records: int, photos: int | None = None, *, of_largest: bool = False) -> None:
        """Add a project with so many records, and so many pictures (None: some), `of_largest` the first developer's."""
        random, owner = self.random, self.random.choice(self.sellers)
        state = random.choices(list(STATES), list(STATES.values()))[0]
        cell = random.choices(self.cells, self.weights)[0]
        story = Story(self.bulk.last[Project] + 1, owner, self._way_to(cell))
        days = self._days(story, records, cell.time_limit_days or 14)
        row = self._facts(story, state)
        self._parties(story, of_largest)
        self._moves(story, row)
        self._decided(story, state)
        self._log(story, days, photos)
        self._prove(story)
        self._derive(story, row)
        self.bulk.add(Project, **row)

    def _way_to(self, cell: Cell) -> list[Visit]:
        """The visits that led to a cell, each a phase or a step further on (or both) than the one before."""
        random, definition = self.random, self.definition
        phase, step = definition.phase_index[cell.phase], definition.step_index[cell.step]
        since = self.today - timedelta(int(random.expovariate(1 / 30)))
        path = [Visit(cell.phase, cell.step, since)]
        for _back in range(random.choice((0, 1, 1, 2, 3))):
            phase, step = phase - random.randrange(2), step - random.randrange(2)
            if phase < 0 or step < 0:
                break
            before = (definition.phases[phase].key, definition.steps[step].key)
            if before == path[0].cell or definition.cell(*before).status == "blocked":
                break
            since -= timedelta(random.randint(5, 60))
            path.insert(0, Visit(*before, since))
        return path

    def _days(self, story: Story, records: int, limit: int) -> list[date]:
        """The days on which something was noted, in order; most projects have a recent one."""
        random, first = self.random, story.path[0].since
        span = (self.today - first).days
        days = [first + timedelta(random.randint(0, span)) for _each in range(records)]
        if days and random.random() < FRESH:
            days[0] = max(story.here.since, self.today - timedelta(random.randint(0, limit)))
        return sorted(days)

    def _facts(self, story: Story, state: str) -> dict[str, Any]:
        random, owner, kind = self.random, story.owner, self.random.choice(self.types)
        where, latitude, longitude, _city = address(random)
        return {
            "name": project_name(random, kind),
            "kind": kind,
            "definition_key": self.definition.key,
            "definition_version": self.definition.version,
            "route": random.choice(self.definition.routes).key,
            "phase": story.here.phase,
            "state": state,
            "owner_id": owner.id,
            "team_id": owner.team_id,
            "region_id": owner.region_id,
            "source": random.choice(self.sources),
            "address": where,
            "plot_number": plot_number(random),
            "latitude": latitude,
            "longitude": longitude,
            "value": Decimal(int(random.lognormvariate(5, 1) * 10_000)),
            "currency": "CNY",
            "created_at": self._at(story.path[0].since),
            "created_by_id": owner.id,
            "version": 1,
            "stranded_on": None,
        }

    def _at(self, day: date) -> datetime:
        return min(self.now, clock.at_noon(day))

    def _parties(self, story: Story, of_largest: bool) -> None:
        """Who builds it, what we want to sell, who of ours helps."""
        random, bulk, firms = self.random, self.bulk, self.circle.firms
        story.parties["owner"] = firms["owner"][0] if of_largest else random.choice(firms["owner"])
        story.parties |= {role: random.choice(firms[role]) for role, share in ROLES.items() if random.random() < share}
        for role, firm in story.parties.items():
            bulk.add(ProjectParty, project_id=story.id, party_id=firm, role=role)
        people = [person for firm in story.parties.values() for person in self.circle.contacts[firm]]
        story.people = random.sample(people, min(len(people), random.randint(1, 3)))
        windows = random.sample(self.definition.windows, random.randint(1, 3))
        for number, window in enumerate(windows):
            line = {"category": window.category, "main": number == 0, "result": "open"}
            bulk.add(CategoryLine, project_id=story.id, **line)
            story.lines.append(CategoryFacts(window.category, main=number == 0))
        helper = random.choice(self.sellers)
        if helper != story.owner and random.random() < 0.1:
            bulk.add(ProjectMember, project_id=story.id, user_id=helper.id, department=DEPARTMENT)

    def _moves(self, story: Story, row: dict[str, Any]) -> None:
        """The moves along the path, the building that made them, and the event of the opening."""
        building = self.bulk.last[Building] + 1
        phase = step = None
        for visit in story.path:
            if visit.phase != phase:
                self._move(story, "phase", phase, visit.phase, visit.since)
                phase, row["phase_since"] = visit.phase, visit.since
            if visit.step != step:
                self._move(story, "step", step, visit.step, visit.since, building)
                step, since = visit.step, visit.since
        self._building(story, "1#", story.here.step, since)
        if self.random.random() < SECOND_BUILDING:
            first = story.path[0]
            behind = max(0, self.definition.step_index[first.step] - self.random.randrange(2))
            step = self.definition.steps[behind].key
            self._move(story, "step", None, step, first.since, self._building(story, "2#", step, first.since))
        self._tell(Kind.PROJECT_OPENED, Project, story.id, story, story.path[0].since)

    def _move(
        self, story: Story, axis: str, source: str | None, target: str, on: date, building: int | None = None
    ) -> None:
        way = {"axis": axis, "source": source, "target": target, "building_id": building}
        self.bulk.add(Move, project_id=story.id, on=on, at=self._at(on), by_id=story.owner.id, rules=[], **way)
        if building is not None:
            story.seen.append(Observation(building, target, on))

    def _decided(self, story: Story, state: str) -> None:
        """The change that brought the project into a state other than the first, some day of its last stay."""
        if state != "active":
            on = story.here.since + timedelta(self.random.randint(0, (self.today - story.here.since).days))
            review_on = on + timedelta(90) if state == "suspended" else None
            plain = {"category": None, "review_on": review_on, "at": self._at(on), "by_id": story.owner.id}
            change = {"source": "active", "target": state, "told": {}, "rules": []}
            self.bulk.add(LifecycleChange, project_id=story.id, on=on, **change, **plain)
            story.suspended = (on, review_on) if state == "suspended" else (None, None)

    def _building(self, story: Story, name: str, step: str, since: date) -> int:
        plain = {"project_id": story.id, "unverified": False, "floors": self.random.randint(3, 33)}
        key = self.bulk.add(Building, name=name, step=step, step_since=since, **plain)
        story.buildings.append(BuildingFacts(key, name, step, since))
        return key

    def _tell(self, kind: Kind, model: Any, subject: int, story: Story, on: date) -> None:
        plain = {"at": self._at(on), "by_id": story.owner.id, "project_id": story.id, "data": {}}
        self.bulk.add(Event, kind=kind, subject=model.__tablename__, subject_id=subject, **plain)

    def _log(self, story: Story, days: list[date], photos: int | None) -> None:
        """The records of these days, each in the cell where the project stood then, with pictures and people met."""
        random = self.random
        visit, ahead = story.path[0], story.path[1:]
        kinds = random.choices(list(KINDS), list(KINDS.values()), k=len(days))
        for number, (day, kind) in enumerate(zip(days, kinds, strict=True)):
            while ahead and ahead[0].since <= day:
                visit = ahead.pop(0)
            record = self._record(story, visit, day, kind, is_last=number == len(days) - 1)
            story.records.append((record, visit, day))
            if photos is None:
                for _each in range(random.random() < PHOTOS):
                    self._photo(story, record, visit, day)
        for number in range(photos or 0 if story.records else 0):
            self._photo(story, *story.records[number % len(story.records)])
        for person in story.people:
            stance = {"role": "influencer", "attitude": random.choice(("neutral", "supportive", "unknown"))}
            met_on = story.met.get(person)
            self.bulk.add(ProjectContact, project_id=story.id, contact_id=person, last_met_on=met_on, **stance)

    def _record(self, story: Story, visit: Visit, day: date, kind: str, *, is_last: bool) -> int:
        random = self.random
        promise = is_last and random.random() < 0.5
        record = self.bulk.add(
            Record,
            project_id=story.id,
            building_id=None,
            phase=visit.phase,
            step=visit.step,
            kind=kind,
            department=DEPARTMENT,
            author_id=story.owner.id,
            happened_on=day,
            entered_at=self._at(day),
            text=random.choice(self.sentences[visit.step]),
            is_plan=False,
            late_entry=False,
            next_step="再去一次" if promise else None,
            next_on=day + timedelta(random.randint(3, 20)) if promise else None,
            version=1,
        )
        hints = self.definition.cell(visit.phase, visit.step).hints
        if hints and random.random() < 0.5:
            self.bulk.join(RecordHint, record_id=record, hint_id=random.choice(hints).id)
        if story.people and random.random() < 0.3:
            person = random.choice(story.people)
            self.bulk.join(RecordContact, record_id=record, contact_id=person)
            story.met[person] = day
        self._tell(Kind.RECORD_LOGGED, Record, record, story, day)
        return record

    def _photo(self, story: Story, record: int, visit: Visit, day: date) -> None:
        token = f"{self.bulk.last[Photo] + 1:08x}{self.random.getrandbits(64):016x}"
        at = self._at(day)
        self.bulk.add(
            Photo,
            token=token,
            project_id=story.id,
            record_id=record,
            phase=visit.phase,
            step=visit.step,
            uploader_id=story.owner.id,
            uploaded_at=at,
            taken_at=at,
            taken_from="exif",
            file_name="site.jpg",
            mime="image/jpeg",
            width=1600,
            height=1200,
            size=400_000,
            sha256=token,
            original_key=f"originals/{token[:2]}/{token}",
        )

    def _prove(self, story: Story) -> None:
        """Close some of the tasks of the cells that were visited, each by a record made there."""
        random = self.random
        for visit in story.path:
            made = [(record, day) for record, there, day in story.records if there is visit]
            if not made:
                continue
            share = CLOSED_HERE if visit is story.here else CLOSED_BEFORE
            for task in self.definition.cell(visit.phase, visit.step).tasks:
                if random.random() >= share:
                    continue
                record, day = random.choice(made)
                kind = "note" if random.random() < WEAKLY else task.evidence
                plain = {"project_id": story.id, "record_id": record, "by_id": story.owner.id}
                self.bulk.add(Evidence, target=task.id, kind=kind, dated_on=day, recorded_on=day, **plain)
                story.evidence.append(EvidenceFacts(task.id, kind, day, day))

    def _derive(self, story: Story, row: dict[str, Any]) -> None:
        """The derived columns, by the function that derives them everywhere."""
        records = [RecordFacts(key, *visit.cell, day, day, "", DEPARTMENT) for key, visit, day in story.records]
        facts = ProjectFacts(
            route=row["route"],
            phase=row["phase"],
            phase_since=row["phase_since"],
            buildings=tuple(story.buildings),
            state=row["state"],
            records=tuple(records),
            evidence=tuple(story.evidence),
            visited=tuple(story.path),
            categories=tuple(story.lines),
            observations=tuple(sorted(story.seen, key=lambda one: one.on)),
            suspended_since=story.suspended[0],
            review_on=story.suspended[1],
        )
        self._wind(story, facts)
        derived = derive(self.definition, facts, Belonging(frozenset((DEPARTMENT,)), story.parties), self.today)
        row.update({name: getattr(derived, name) for name in COLUMNS})
        for department in sorted(derived.desks):
            self.bulk.join(ProjectDesk, project_id=story.id, department=department)

    def _wind(self, story: Story, facts: ProjectFacts) -> None:
        """Its clock, on which what fell due until today is history, and the windows that close next."""
        wound = winding(self.definition, facts, self.today, looked=True)
        days = {"wake_on": wound.wake_on, "looked_on": self.today, "quiet_before": self.today + timedelta(1)}
        self.bulk.join(ProjectClock, project_id=story.id, **days)
        for window in wound.windows:
            self.bulk.add(WindowClock, project_id=story.id, **window_values(story.owner.id, window))
