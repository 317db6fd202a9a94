"""Opening a project in a cell of the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import Action, may, require
from tracker.dealers.fitness import refuse_unfit
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import newest_definition
from tracker.matrix.models import Approval, Move
from tracker.matrix.operations import submissions
from tracker.matrix.operations.approvals import ASKED_ALREADY, check_askable, enter_request
from tracker.matrix.operations.judging import enforce, judge, plain, wish_to_json
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact, ProjectParty
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import Decision
from workflows.facts import BuildingFacts, CategoryFacts, ProjectFacts
from workflows.wishes import OpenProject, fingerprint

if TYPE_CHECKING:
    from tracker.leads.models import Lead


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

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept with a request to open it."""
        return {key: plain(value) for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ProjectDraft:
        """The draft that `to_json` kept."""
        given: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        given["parties"] = tuple((party_id, role) for party_id, role in values["parties"])
        given["since"] = date.fromisoformat(values["since"]) if values["since"] else None
        given["value"] = Decimal(values["value"])
        return cls(**given)

    @property
    def wish(self) -> OpenProject:
        """What is asked of the engine."""
        return OpenProject(self.phase, self.step, self.route, self.reason or None)


def ask_to_open(
    session: Session, draft: ProjectDraft, *, by: User, reason: str, owner: User | None = None, lead: Lead | None = None
) -> Approval:
    """Ask the supervisor of the owner (by default of the asker) to let a project be opened in this cell.

    With `lead` it is converted when the request is granted.
    """
    require(by, Action.PROJECT_OPEN)
    draft = replace(draft, since=draft.since or clock.today(), token=None)
    definition, facts = facts_to_open(session, draft)
    decision = check_askable(definition, facts, draft.wish, reason)
    mark = fingerprint(definition, facts, draft.wish)
    asked = select(Approval.wish).where(
        Approval.fingerprint == mark, Approval.asked_by_id == by.id, Approval.state == "open"
    )
    if any(wish["draft"]["name"] == draft.name for wish in session.scalars(asked)):
        raise Refused(ASKED_ALREADY)
    approval = Approval(
        team_id=(owner or by).team_id,
        lead_id=lead.id if lead else None,
        wish={**wish_to_json(draft.wish), "draft": draft.to_json(), "in_phase": draft.phase},
        fingerprint=mark,
    )
    enter_request(session, approval, decision, by=by, reason=reason)
    return approval


def open_as_asked(session: Session, approval: Approval, by: User) -> Project:
    """Open the project of a granted request."""
    draft = ProjectDraft.from_json(approval.wish["draft"])
    draft = replace(draft, reason=draft.reason or approval.reason)
    if approval.lead_id is None:
        return open_project(session, draft, by=by, approval=approval)
    from tracker.leads.models import Lead
    from tracker.leads.operations.converting import convert_lead

    lead = session.get_one(Lead, approval.lead_id, options=[joinedload(Lead.team)])
    return convert_lead(session, lead, draft, by=by, approval=approval)


def facts_to_open(session: Session, draft: ProjectDraft) -> tuple[Definition, ProjectFacts]:
    """The definition of a project to be opened, and its facts on its first day; raises Invalid."""
    definition = _definition(session, draft.definition)
    return definition, _facts_to_judge(definition, draft)


def _facts_to_judge(definition: Definition, draft: ProjectDraft) -> ProjectFacts:
    """The facts of a project to be opened, on its first day; raises Invalid."""
    _check(definition, draft)
    return _first_facts(definition, draft, draft.since or clock.today())


def judge_opening(
    definition: Definition, draft: ProjectDraft, *, by: User, approval: Approval | None = None
) -> Decision:
    """The decision that lets a project be opened; raises Invalid, or Blocked where the rules forbid it."""
    facts = _facts_to_judge(definition, draft)
    consented = approval is not None or (may(by, Action.APPROVAL_DECIDE) and bool(draft.reason))
    decision = judge(definition, facts, draft.wish, granted=consented)
    enforce(decision, draft.wish)
    return decision


def open_project(
    session: Session, draft: ProjectDraft, *, by: User, owner: User | None = None, approval: Approval | None = None
) -> Project:
    """Open a project in a cell of the matrix, where the engine allows it; raises Blocked or Invalid, and AlreadyDone
    where the same form was sent before. `approval`: the granted request for it."""
    require(by, Action.PROJECT_OPEN)
    submission = submissions.claim_page(session, draft.token, by, "/projects")
    definition = _definition(session, draft.definition)
    refuse_unfit(session, (party_id for party_id, role in draft.parties if role == "dealer"), "dealer")
    decision = judge_opening(definition, draft, by=by, approval=approval)
    since = draft.since or clock.today()
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
    submissions.remember(session, submission, project.id)
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
