"""Who covers what and is good at what."""

from __future__ import annotations

from functools import partial

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.absences.choosing import choices_of
from tracker.absences.queries import load_away
from tracker.access import reaches
from tracker.assigning.forms import SkillsForm, TerritoryForm
from tracker.assigning.operations import covering
from tracker.assigning.queries.chosen import get_territory, list_skills, list_territories
from tracker.assigning.views.blueprint import blueprint, leaders_only, led_person, led_teams, saved, settled
from tracker.exports.company import TERRITORIES
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.team.models import User
from tracker.team.queries import get_team, get_user, list_colleagues, list_regions


@blueprint.get("/leads/territories")
@login_required
def territories() -> ResponseReturnValue:
    """The territories of the user's teams, and what their people are good at."""
    leaders_only()
    if format_asked():
        return send_list(TERRITORIES, list_territories(db.session, current_user))
    form = _offered(TerritoryForm(formdata=None))
    return _page(form)


def _offered(form: TerritoryForm) -> TerritoryForm:
    people = choices_of(_people(), load_away(db.session, current_user))
    form.offer(led_teams(), people, list_regions(db.session))
    return form


def _people() -> list[User]:
    return [one for one in list_colleagues(db.session, current_user) if reaches(current_user, one.team)]


def _page(form: TerritoryForm, status: int = 200) -> ResponseReturnValue:
    rows = list_territories(db.session, current_user)
    return respond("assigning/territories.html", status=status, form=form, rows=rows, people=_people())


@blueprint.post("/leads/territories")
@login_required
def add_territory() -> ResponseReturnValue:
    """Say what a team or a person covers."""
    leaders_only()
    form = _offered(TerritoryForm())
    return settled(form, lambda: _cover(form), _page, url_for("assigning.territories"))


def _cover(form: TerritoryForm) -> None:
    team = get_team(db.session, current_user, form.team_id.data or 0)
    person = get_user(db.session, current_user, form.user_id.data) if form.user_id.data else None
    covering.add_territory(db.session, team, person, form.ground(), by=current_user)


@blueprint.post("/leads/territories/<int:territory_id>/drop")
@login_required
def drop_territory(territory_id: int) -> ResponseReturnValue:
    """A territory is covered no more."""
    leaders_only()
    row = get_territory(db.session, current_user, territory_id)
    covering.drop_territory(db.session, row, by=current_user)
    db.session.commit()
    return saved(url_for("assigning.territories"))


@blueprint.get("/people/<int:user_id>/skills")
@login_required
def skills(user_id: int) -> ResponseReturnValue:
    """What a person is good at."""
    person, form = led_person(user_id, covering.NOT_YOURS), SkillsForm(formdata=None)
    form.offer(current_definition())
    known = list_skills(db.session, current_user, person)
    for name, what in covering.WHAT.items():
        form[name].data = [one.key for one in known if one.what == what]
    return respond("assigning/skills.html", person=person, form=form)


@blueprint.post("/people/<int:user_id>/skills")
@login_required
def set_skills(user_id: int) -> ResponseReturnValue:
    """Say what a person is good at."""
    person, form = led_person(user_id, covering.NOT_YOURS), SkillsForm()
    form.offer(current_definition())
    said = covering.Skills(*(request.form.getlist(name) for name in covering.WHAT))

    def again(form: SkillsForm, status: int) -> ResponseReturnValue:
        return respond("assigning/skills.html", status=status, person=person, form=form)

    deed = partial(covering.set_skills, db.session, person, said, by=current_user)
    return settled(form, deed, again, url_for("team.person", user_id=user_id))
