"""Opening a project in a cell of the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, may, require
from tracker.errors import AlreadyDone, Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import newest_definition
from tracker.matrix.models import Move, Submission
from tracker.matrix.operations import submissions
from tracker.matrix.operations.judging import enforce, judge
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact, ProjectParty
from tracker.team.models import User
from workflows.definition import Definition
from workflows.facts import BuildingFacts, CategoryFacts, ProjectFacts
from workflows.wishes import OpenProject


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A project to open. Keys are those of the matrix `definition` ('': the one chosen for new projects); `parties`
    holds (party id, role), `contacts` the ids of people known there, `token` the one-time token of the form."""

    name: str
    kind: str
    route: str
    phase: str
    step: str
    categories: tuple[str, ...]
    since: date | None = None
    building: str = "1#"
    floors: int | None = None
    value: Decimal = Decimal(0)
    currency: str = "CNY"
    source: str | None = None
    address: str | None = None
    plot_number: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    note: str | None = None
    region_id: int | None = None
    parties: tuple[tuple[int, str], ...] = ()
    contacts: tuple[int, ...] = ()
    reason: str | None = None
    token: str | None = None
    definition: str = ""


def open_project(session: Session, draft: ProjectDraft, *, by: User, owner: User | None = None) -> Project:
    """Open a project in a cell of the matrix, where the engine allows it; raises Blocked or Invalid, and AlreadyDone
    where the same form was sent before."""
    require(by, Action.PROJECT_OPEN)
    submission = _claim(session, draft.token, by)
    definition = _definition(session, draft.definition)
    _check(definition, draft)
    since = draft.since or clock.today()
    wish = OpenProject(draft.phase, draft.step, draft.route, draft.reason or None)
    facts = _first_facts(definition, draft, since)
    supervisor = may(by, Action.APPROVAL_DECIDE) and bool(draft.reason)
    decision = judge(definition, facts, wish, granted=supervisor)
    enforce(decision, wish)
    owner = owner or by
    project = Project(
        name=draft.name.strip(),
        kind=draft.kind,
        definition_key=definition.key,
        definition_version=definition.version,
        route=draft.route,
        phase=draft.phase,
        phase_since=since,
        step=draft.step,
        step_since=since,
        owner_id=owner.id,
        team_id=owner.team_id,
        region_id=draft.region_id or (owner.team.region_id if owner.team else None),
        value=draft.value,
        currency=draft.currency,
        source=draft.source or None,
        address=draft.address or None,
        plot_number=draft.plot_number or None,
        latitude=draft.latitude,
        longitude=draft.longitude,
        note=draft.note or None,
        created_by_id=by.id,
    )
    session.add(project)
    session.flush()
    building = Building(
        project_id=project.id, name=draft.building.strip(), step=draft.step, step_since=since, floors=draft.floors
    )
    session.add(building)
    session.flush()
    session.add_all(_first_moves(project, building, since, by, draft.reason))
    for index, category in enumerate(draft.categories):
        session.add(CategoryLine(project_id=project.id, category=category, main=index == 0))
    for party_id, role in dict.fromkeys(draft.parties):
        session.add(ProjectParty(project_id=project.id, party_id=party_id, role=role))
    session.add_all(ProjectContact(project_id=project.id, contact_id=each) for each in dict.fromkeys(draft.contacts))
    refresh(session, project)
    submissions.remember(submission, project.id)
    events.record(
        session,
        Kind.PROJECT_OPENED,
        project,
        by=by,
        project_id=project.id,
        name=project.name,
        cell=f"{draft.phase}/{draft.step}",
        rules=list(decision.rules),
        reason=draft.reason,
    )
    return project


def _definition(session: Session, key: str) -> Definition:
    try:
        return newest_definition(session, key)
    except LookupError:
        raise Invalid("definition", _l("Choose one of the published definitions.")) from None


def _claim(session: Session, token: str | None, by: User) -> Submission | None:
    try:
        return submissions.claim(session, token, by)
    except AlreadyDone as done:
        raise AlreadyDone(details=f"/projects/{done.details}" if done.details else "/projects") from None


def _check(definition: Definition, draft: ProjectDraft) -> None:
    if not draft.name.strip():
        raise Invalid("name", _l("A project needs a name."))
    if draft.kind not in definition.picklist("project_types").keys:
        raise Invalid("kind", _l("Choose what is being built."))
    if draft.route not in {route.key for route in definition.routes}:
        raise Invalid("route", _l("Choose how they buy."))
    if not draft.building.strip():
        raise Invalid("building", _l("A building needs a name or number."))
    if draft.phase not in definition.phase_index:
        raise Invalid("phase", _l("Choose the phase we are in."))
    if draft.step not in definition.step_index:
        raise Invalid("step", _l("Choose the construction step that you saw."))
    known = {window.category for window in definition.windows}
    if not draft.categories or not set(draft.categories) <= known:
        raise Invalid("categories", _l("Choose at least one material category; the first is the main one."))
    check_place(draft.latitude, draft.longitude)
    if draft.value < 0:
        raise Invalid("value", _l("A value cannot be negative."))
    if draft.since and draft.since > clock.today():
        raise Invalid("since", _l("This day lies in the future."))


def check_place(latitude: float | None, longitude: float | None) -> None:
    """Raise Invalid unless both degrees are there, within their bounds, or neither."""
    if (latitude is None) != (longitude is None):
        raise Invalid("latitude", _l("A place needs both latitude and longitude."))
    if latitude is not None and longitude is not None and (abs(latitude) > 90 or abs(longitude) > 180):
        raise Invalid("latitude", _l("Latitude goes from -90 to 90, longitude from -180 to 180."))


def _first_facts(definition: Definition, draft: ProjectDraft, since: date) -> ProjectFacts:
    return ProjectFacts(
        route=draft.route,
        phase=draft.phase,
        phase_since=since,
        buildings=(BuildingFacts(0, draft.building, draft.step, since),),
        kind=draft.kind,
        public_funds=bool(definition.picklist("project_types").get(draft.kind).extra.get("public_funds")),
        categories=tuple(CategoryFacts(key, main=index == 0) for index, key in enumerate(draft.categories)),
        value=draft.value,
    )


def _first_moves(project: Project, building: Building, since: date, by: User, reason: str | None) -> Sequence[Move]:
    at = clock.now()
    return (
        Move(project_id=project.id, axis="phase", target=project.phase, on=since, at=at, by_id=by.id, reason=reason),
        Move(project_id=project.id, building_id=building.id, axis="step", target=building.step, on=since, at=at,
             by_id=by.id),
    )  # fmt: skip
