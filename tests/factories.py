"""Plain functions that add one thing each, with sensible values for what a test does not care about."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from tracker import clock
from tracker.gallery.models import Photo
from tracker.matching.normalise import firm_key
from tracker.notifications.models import DueThing, Notification
from tracker.parties.models import Contact, Party
from tracker.projects.models import Building, CategoryLine, Project, ProjectMember, ProjectParty
from tracker.team.models import Role, Team, User


def make_user(
    session: Session,
    username: str,
    *,
    role: Role,
    team: Team | None = None,
    department: str | None = None,
    party: Party | None = None,
) -> User:
    """A user without a password (tests sign in by session)."""
    user = User(
        username=username,
        name=username.capitalize(),
        role=role,
        team=team,
        department=department,
        party_id=party.id if party else None,
    )
    session.add(user)
    session.flush()
    return user


def make_party(session: Session, name: str = "Hengyue Land", *, kind: str = "owner") -> Party:
    """A firm."""
    party = Party(name=name, name_key=firm_key(name), kind=kind)
    session.add(party)
    session.flush()
    return party


def make_contact(session: Session, party: Party, name: str = "Wang Li", post: str = "Director") -> Contact:
    """A person at a party."""
    contact = Contact(party_id=party.id, name=name, post=post)
    session.add(contact)
    session.flush()
    return contact


def make_project(
    session: Session,
    owner: User | None = None,
    *,
    name: str = "Riverside Tower 3",
    phase: str = "map",
    step: str = "structure",
    since: date | None = None,
    route: str = "design_led",
    kind: str = "residential_fitted",
    categories: tuple[str, ...] = ("tiles",),
    team: Team | None = None,
    value: int = 1_000_000,
    dealer: Party | None = None,
    developer: Party | None = None,
    members: tuple[User, ...] = (),
    state: str = "active",
    latitude: float | None = None,
    longitude: float | None = None,
) -> Project:
    """A project with one building, standing at phase/step since `since` (default: today)."""
    since = since or clock.today()
    team_id = team.id if team else owner.team_id if owner else None
    project = Project(
        name=name,
        kind=kind,
        route=route,
        phase=phase,
        phase_since=since,
        step=step,
        step_since=since,
        state=state,
        owner_id=owner.id if owner else None,
        team_id=team_id,
        region_id=None,
        value=Decimal(value),
        dealer_id=dealer.id if dealer else None,
        developer_id=developer.id if developer else None,
        latitude=latitude,
        longitude=longitude,
        created_by_id=owner.id if owner else None,
    )
    session.add(project)
    session.flush()
    session.add(Building(project_id=project.id, name="1#", step=step, step_since=since))
    for index, category in enumerate(categories):
        session.add(CategoryLine(project_id=project.id, category=category, main=index == 0))
    for party, role in ((developer, "owner"), (dealer, "dealer")):
        if party:
            session.add(ProjectParty(project_id=project.id, party_id=party.id, role=role))
    for member in members:
        session.add(ProjectMember(project_id=project.id, user_id=member.id, department=member.department))
    session.commit()
    return project


def make_photo(
    session: Session, uploader: User, *, taken_on: date | None = None, project: Project | None = None
) -> Photo:
    """A picture row without a file: staged, or of `project` in its present cell."""
    token = secrets.token_urlsafe(18)
    photo = Photo(
        token=token,
        project_id=project.id if project else None,
        phase=project.phase if project else "",
        step=project.step if project else "",
        uploader_id=uploader.id,
        taken_at=clock.at_noon(taken_on) if taken_on else None,
        taken_from="exif" if taken_on else None,
        file_name="site.jpg",
        mime="image/jpeg",
        width=1600,
        height=1200,
        size=1000,
        sha256=token,
        original_key=f"originals/{token}",
    )
    session.add(photo)
    session.flush()
    return photo


def make_notification(
    session: Session,
    user: User,
    project: Project,
    *,
    kind: str = "silence",
    rule: str = "G43",
    level: str = "remind",
    text: str = "No record for long.",
) -> Notification:
    """Something that fell due today in the project's cell and was told to the user."""
    thing = DueThing(
        project_id=project.id,
        key=f"{kind}:{secrets.token_hex(4)}",
        kind=kind,
        rule=rule,
        level=level,
        due_on=clock.today(),
        audience="owner",
        phase=project.phase,
        step=project.step,
        zh="久无动静。",
        en=text,
    )
    session.add(thing)
    session.flush()
    told = Notification(user_id=user.id, project_id=project.id, due_thing_id=thing.id)
    session.add(told)
    session.commit()
    return told
