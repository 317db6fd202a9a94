"""A project's people as a map, with its table one tap away, and what the circle lacks in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, can, may, require
from tracker.contacts import operations, queries
from tracker.contacts.drawing import Bond, Picture, Stand, draw
from tracker.contacts.forms import MapLinkForm
from tracker.contacts.gaps import USUAL, gaps, vacancies
from tracker.contacts.queries.circle import Member, Relations, load_exits, load_relations
from tracker.contacts.views.blueprint import blueprint
from tracker.contacts.views.person import WORDS
from tracker.errors import Invalid, Refused
from tracker.exports.listings import CIRCLE
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.filters import day
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _, _n, lang
from tracker.matrix.definitions import definition_of
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.reader import current_user
from tracker.team.queries import get_user
from workflows.definition import Definition

SPANS = (14, 30, 60, 90)  # days within which somebody counts as covered
UNSAID, OURS = "unsaid", "ours"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a box on the map stands for: a member of the circle, or one of ours by id."""

    member: Member | None
    user_id: int | None = None
    covered: bool = False
    left: bool = False


@blueprint.get("/projects/<int:project_id>/circle")
@login_required
def circle(project_id: int) -> ResponseReturnValue:
    """Who decides, who influences, who is on our side, who was met by whom, who knows whom."""
    staff_only()
    project = get_project(db.session, current_user, project_id)
    if format_asked():
        return send_list(CIRCLE, load_relations(db.session, current_user, project).members)
    return _page(project, MapLinkForm())


@blueprint.post("/projects/<int:project_id>/circle")
@login_required
def tie(project_id: int) -> ResponseReturnValue:
    """Write down that two on the map know each other."""
    project = get_project(db.session, current_user, project_id)
    staff_only()
    require(current_user, Action.PARTY_EDIT)
    form = _offered(MapLinkForm(), project, load_relations(db.session, current_user, project))
    if not form.validate_on_submit():
        return _page(project, form, 422)
    try:
        source, target = _end(form.source.data), _end(form.target.data)
        said = {"kind": form.kind.data, "strength": form.strength.data}
        operations.add_link(db.session, source, target, by=current_user, **said)
    except Refused as error:
        db.session.rollback()
        if isinstance(error, Invalid) and error.field == "other":
            form.target.errors = [error.message]
        elif isinstance(error, Invalid) and error.field in form:
            form[error.field].errors = [error.message]
        return _page(get_project(db.session, current_user, project_id), form, 422, str(error.message))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("contacts.circle", project_id=project_id))


def _end(key: str) -> Any:
    """One of ours or a contact by his key on the map."""
    number = int(key[1:])
    if key.startswith("u"):
        return get_user(db.session, current_user, number)
    return queries.get_contact(db.session, current_user, number)


def _offered(form: MapLinkForm, project: Project, relations: Relations) -> MapLinkForm:
    team = {member.user_id: member.user.name for member in project.members}
    if project.owner is not None:
        team[project.owner.id] = project.owner.name
    people = [(f"c{member.contact_id}", member.name) for member in relations.members]
    form.source.choices = [*people, *((f"u{key}", name) for key, name in team.items())]
    form.target.choices = list(people)
    if not form.target.raw_data and people:
        form.source.data, form.target.data = people[0][0], people[-1][0]
    return form


def _page(project: Project, form: MapLinkForm, status: int = 200, message: str = "") -> ResponseReturnValue:
    definition, relations = definition_of(db.session, project), load_relations(db.session, current_user, project)
    days = request.args.get("days", USUAL, type=int)
    days = days if days in SPANS else USUAL
    today = clock.today()
    return respond(
        "contacts/circle.html",
        status=status,
        project=project,
        definition=definition,
        members=relations.members,
        ties=relations.ties,
        picture=_picture(definition, relations),
        marks=_marks(relations, days),
        gaps=gaps(definition, relations.members, today, days, lang()),
        exits=load_exits(db.session, project),
        vacancies=vacancies(definition, relations.members),
        table=request.args.get("view") == "table",
        days=days,
        spans=SPANS,
        today=today,
        form=_offered(form, project, relations) if may(current_user, Action.PARTY_EDIT) else None,
        can_edit=can(current_user, Action.PROJECT_EDIT, project),
        words=WORDS,
        message=message,
    )


def _picture(definition: Definition, relations: Relations) -> Picture:
    roles = list(definition.picklist("relationship_roles").keys)
    attitudes = list(definition.picklist("attitude_scale").keys)
    attitudes += [] if "unknown" in attitudes else ["unknown"]
    stands = []
    for member in relations.members:
        role = member.role if member.role in roles else UNSAID
        lines = (member.name, " · ".join(filter(None, (member.post, member.firm))), _met(member), *_left(member))
        stands.append(Stand(f"c{member.contact_id}", role, _row(member, attitudes), lines))
    columns = [*roles, *([UNSAID] if any(stand.column == UNSAID for stand in stands) else [])]
    ours = {tie.user_id: tie for tie in relations.ties if tie.user_id}
    for place, (key, tie) in enumerate(ours.items()):
        lines = (tie.who, str(_("left the company"))) if tie.left else (tie.who,)
        stands.append(Stand(f"u{key}", columns[place % len(columns)], OURS, lines))
    bonds = [Bond(f"u{tie.user_id}" if tie.user_id else f"c{tie.contact_id}", f"c{tie.target_id}", tie.kind,
                  tie.strength) for tie in relations.ties]  # fmt: skip
    return draw(columns, [*([OURS] if ours else []), *attitudes], stands, bonds)


def _row(member: Member, attitudes: list[str]) -> str:
    return member.attitude if member.attitude in attitudes else "unknown"


def _met(member: Member) -> str:
    if member.met_on is None:
        return str(_("not met yet"))
    days = (clock.today() - member.met_on).days
    when = _n("%(num)d day ago", "%(num)d days ago", days) if days > 0 else _("today")
    return " · ".join(filter(None, (str(when), member.met_by)))


def _left(member: Member) -> tuple[str, ...]:
    if member.gone_on is None:
        return ()
    if member.left_on:
        return (str(_("left the firm %(day)s", day=day(member.gone_on))),)
    return (str(_("left %(firm)s %(day)s", firm=member.gone_from, day=day(member.gone_on))),)


def _marks(relations: Relations, days: int) -> dict[str, Mark]:
    today = clock.today()
    marks = {
        f"c{one.contact_id}": Mark(one, covered=one.covered(today, days), left=one.gone_on is not None)
        for one in relations.members
    }
    marks |= {f"u{tie.user_id}": Mark(None, tie.user_id, left=tie.left) for tie in relations.ties if tie.user_id}
    return marks
