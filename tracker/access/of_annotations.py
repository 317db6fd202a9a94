"""Who annotates whose work, what of annotations and reports exists for whom, and who answers suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from tracker.access import BY_TEAM, Action, Scope, is_dealer, may, oversees, reaches, team_ids_below, visible
from tracker.access.of_dealers import looks_after_dealers

if TYPE_CHECKING:
    from tracker.team.models import User

TEAM_WORK = frozenset(f"tracker.{name}.models" for name in ("annotations", "reports", "suggestions", "forecasts"))


def visible_of_team_work(model: Any, user: User) -> ColumnElement[bool]:
    """The condition for the tables of annotations, reports, suggestions and forecasts."""
    from tracker.annotations.models import Annotation
    from tracker.forecasts.models import Forecast
    from tracker.reports.models import Report
    from tracker.suggestions.models import Suggestion

    match model:
        case _ if model is Annotation:
            return visible_annotations(user)
        case _ if model is Report:
            return visible_reports(user)
        case _ if model is Suggestion:
            return visible_suggestions(user)
        case _ if model is Forecast:
            return visible_forecasts(user)
    raise LookupError(f"no visibility rule for {model}")


def of_visible_annotation(model: Any, user: User) -> ColumnElement[bool]:
    """The condition under which what belongs to an annotation (`annotation_id`) exists."""
    from tracker.annotations.models import Annotation

    return exists().where(Annotation.id == model.annotation_id, visible_annotations(user)).correlate(model)


def annotates(user: User, thing: Any) -> bool:
    """Whether the user leads the work that a thing he sees is about.

    A project or lead (`team` loaded), a registration, a report (`team` loaded); of a record or photo the project or
    lead it is on.
    """
    if not may(user, Action.ANNOTATE) or is_dealer(user):
        return False
    match thing.__tablename__:
        case "registration":
            return looks_after_dealers(user)
        case "report":
            if thing.project_id is not None:
                return oversees(user, thing.project)
            return thing.user_id != user.id and (user.role.scope == Scope.ALL or reaches(user, thing.team))
        case _:
            return oversees(user, thing)


def _of(column: Any, model: Any, user: User) -> ColumnElement[bool]:
    return exists().where(model.id == column, visible(model, user)).correlate(column.class_)


def visible_annotations(user: User) -> ColumnElement[bool]:
    """What one sees of annotations follows the thing that they are on.

    A dealer's people see those on their own registrations that are addressed to one of them.
    """
    from tracker.annotations.models import Annotation
    from tracker.gallery.models import Photo
    from tracker.leads.models import Lead
    from tracker.matrix.models import Record
    from tracker.projects.models import Project
    from tracker.registrations.models import Registration
    from tracker.reports.models import Report
    from tracker.team.models import User as UserModel

    of_registration = _of(Annotation.registration_id, Registration, user)
    if is_dealer(user):
        company = select(UserModel.id).where(UserModel.party_id == user.party_id, UserModel.party_id.is_not(None))
        return and_(Annotation.registration_id.is_not(None), of_registration, Annotation.to_id.in_(company))
    return or_(
        _of(Annotation.project_id, Project, user),
        _of(Annotation.record_id, Record, user),
        _of(Annotation.photo_id, Photo, user),
        _of(Annotation.lead_id, Lead, user),
        of_registration,
        _of(Annotation.report_id, Report, user),
    )


def visible_reports(user: User) -> ColumnElement[bool]:
    """One's own, those of whom one leads, and of the projects one sees; of a region those who lead all its teams."""
    from tracker.projects.models import Project
    from tracker.reports.models import Report
    from tracker.team.models import Team

    if is_dealer(user):
        return false()
    if user.role.scope == Scope.ALL:
        return true()
    of_project = and_(Report.project_id.is_not(None), _of(Report.project_id, Project, user))
    ways = [Report.user_id == user.id, of_project]
    if user.role.scope in BY_TEAM and user.team_id is not None:
        teams = (
            team_ids_below(user) if user.role.scope == Scope.BELOW else select(Team.id).where(Team.id == user.team_id)
        )
        regions = select(Team.region_id).where(Team.id.in_(teams), Team.region_id.is_not(None))
        shared = select(Team.region_id).where(Team.id.not_in(teams), Team.region_id.is_not(None), Team.active)
        ways += [Report.team_id.in_(teams), and_(Report.region_id.in_(regions), Report.region_id.not_in(shared))]
    return or_(*ways)


def reads_reports_of(user: User, person: Any) -> bool:
    """Whether the user reads the reports about a person (`team` loaded): his own, and of whom he leads."""
    return user.id == person.id or (not is_dealer(user) and may_lead(user) and reaches(user, person.team))


def may_lead(user: User) -> bool:
    """Whether his scope covers others at all."""
    return user.role.scope in (Scope.ALL, *BY_TEAM)


def visible_suggestions(user: User) -> ColumnElement[bool]:
    """One's own; to management those of its part of the company."""
    from tracker.suggestions.models import Suggestion
    from tracker.team.models import Team

    if is_dealer(user):
        return false()
    if user.role.scope == Scope.ALL:
        return true()
    ways: list[ColumnElement[bool]] = [Suggestion.by_id == user.id]
    if may(user, Action.SUGGESTION_ANSWER) and user.role.scope in BY_TEAM and user.team_id is not None:
        below = (
            team_ids_below(user) if user.role.scope == Scope.BELOW else select(Team.id).where(Team.id == user.team_id)
        )
        ways.append(Suggestion.team_id.in_(below))
    return or_(*ways)


def visible_forecasts(user: User) -> ColumnElement[bool]:
    """Those of the projects one sees; a dealer learns nothing of what we expect."""
    from tracker.forecasts.models import Forecast
    from tracker.projects.models import Project

    return false() if is_dealer(user) else _of(Forecast.project_id, Project, user)


def answers_suggestion(user: User, suggestion: Any) -> bool:
    """Whether he answers it (`team` loaded): management of that part, never the one who suggests."""
    return may(user, Action.SUGGESTION_ANSWER) and suggestion.by_id != user.id and reaches(user, suggestion.team)
