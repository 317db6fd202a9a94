"""Plays a story through the real operations, each scene on its own shifted day, so that the engine really answers.

A story is a list of scenes in the order of time. It is shifted as a block so that today lies in its middle, and
played as far as today; what lies ahead stays unplayed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.demo.people import Company
from tracker.demo.pictures import Pictures
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.matrix.models import Approval
from tracker.matrix.operations.circumstances import state_date
from tracker.parties import operations as parties
from tracker.parties.models import Contact, Party
from tracker.projects.models import Building, CategoryLine, Project
from tracker.registrations.models import Conflict, Registration
from tracker.team.models import User

OPENING, PAUSE = time(15, 40), timedelta(minutes=9)  # the first act of a scene, and between two of them

_DAY = re.compile(r"\{(\d{4}-\d\d-\d\d)\}")

Act = Callable[["Stage"], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens on one day of a story. `ref` is the event's number in the story; `on` the story's own day."""

    ref: str
    on: date
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A story: first and last day, who plays whom (part -> sign-in), its site and its scenes."""

    key: str
    first: date
    last: date
    parts: Mapping[str, str]
    place: tuple[float, float]
    scenes: Sequence[Scene]

    @property
    def middle(self) -> date:
        """The day in the middle of the story."""
        return self.first + (self.last - self.first) // 2


@dataclass
class Stage:
    """Where one story is played: what it has brought forth so far, by the story's own names."""

    session: Session
    company: Company
    pictures: Pictures
    story: Story
    variant: int
    today: date = field(default_factory=clock.today)
    projects: dict[str, Project] = field(default_factory=dict)
    leads: dict[str, Lead] = field(default_factory=dict)
    firms: dict[str, Party] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    requests: dict[str, Approval] = field(default_factory=dict)
    claims: dict[str, Registration] = field(default_factory=dict)
    cases: dict[str, Conflict] = field(default_factory=dict)

    def day(self, on: date) -> date:
        """A day of the story as a day of the demo."""
        return on + (self.today - self.story.middle)

    def said(self, text: str) -> str:
        """A text of the story, in which days such as {2025-03-12} are named as they fall in the demo."""
        return _DAY.sub(lambda found: f"{self.day(date.fromisoformat(found[1])):%m-%d}", text)

    def play(self) -> int:
        """Play every scene that is not ahead of today; returns how many."""
        played = 0
        for scene in self.story.scenes:
            on = self.day(scene.on)
            if on > self.today:
                break
            opening = datetime.combine(on, OPENING, clock.zone())
            for number, act in enumerate(scene.acts):
                with clock.frozen(min(opening + number * PAUSE, clock.now())):
                    act(self)
            played += 1
        return played

    def who(self, part: str) -> User:
        """Who plays a part."""
        return self.company.users[self.story.parts.get(part, part)]

    def project(self, key: str) -> Project:
        """One of the story's projects, with the team that the rules ask for."""
        project = self.projects[key]
        self.session.refresh(project, ["members", "team", "owner"])
        return project

    def building(self, key: str) -> Building:
        """The building of a project; the stories' projects have one each."""
        query = select(Building).where(Building.project_id == self.projects[key].id).order_by(Building.id)
        return self.session.scalars(query).first() or self._no_building(key)

    def _no_building(self, key: str) -> Building:
        raise LookupError(f"project {key} of story {self.story.key} has no building")

    def firm(self, key: str, name: str, kind: str, by: User, short_name: str | None = None) -> Party:
        """Know a firm from now on."""
        found = parties.use_party(self.session, name, kind, by=by)
        found.short_name = found.short_name or short_name
        self.firms[key] = found
        return found

    def person(self, key: str, firm: str, name: str, post: str, phone: str, by: User) -> Contact:
        """Know a person at a firm from now on."""
        found = parties.use_contact(self.session, self.firms[firm], name, by=by, post=post, phone=phone)
        self.contacts[key] = found
        return found

    def photo(self, subject: str, by: User, on: date | None = None) -> Photo:
        """Stage a picture of a construction step or a paper, taken on a day of the story (None: today)."""
        taken = self.day(on) if on else clock.today()
        photo = self.pictures.take(subject, self.variant, taken, self.story.place, by=by)
        photo.uploaded_at = clock.now()
        self.session.add(photo)
        self.session.flush()
        return photo

    def date_of(self, key: str, anchor: str, on: date, by: User, note: str) -> None:
        """Date what tasks count from, such as the tender or the latest arrival."""
        project = self.projects[key]
        state_date(self.session, project, anchor, self.day(on), by=by, note=note)

    def line(self, key: str, category: str) -> CategoryLine:
        """One line of a project."""
        query = select(CategoryLine).where(CategoryLine.project_id == self.projects[key].id)
        return self.session.scalars(query.where(CategoryLine.category == category)).one()
