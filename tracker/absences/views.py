"""When a person is away: seen, said and ended on one page."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.absences import operations, queries
from tracker.absences.choosing import colleagues_to_choose
from tracker.absences.forms import AbsenceForm
from tracker.accepting import accepted
from tracker.access import is_dealer
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from tracker.team.models import User
from tracker.team.queries import get_user

blueprint = Blueprint("absences", __name__)
BLUEPRINTS = [blueprint]


@blueprint.get("/people/<int:user_id>/away")
@login_required
def page(user_id: int) -> ResponseReturnValue:
    """When the person is, will be and was away."""
    return _page(_person(user_id), AbsenceForm(formdata=None))


def _person(user_id: int) -> User:
    """A person of whom the user says when he is away."""
    person = get_user(db.session, current_user, user_id)
    if is_dealer(current_user) or person.party_id is not None:
        raise NotFound
    operations.require_telling(current_user, person)
    return person


def _page(person: User, form: AbsenceForm, status: int = 200) -> ResponseReturnValue:
    form.offer(colleagues_to_choose(db.session, current_user, but=[person.id]))
    rows = queries.list_absences(db.session, current_user, person)
    day_here = clock.company_day(clock.now())
    return respond("absences/page.html", status=status, person=person, form=form, rows=rows, day_here=day_here)


@blueprint.post("/people/<int:user_id>/away")
@login_required
def tell(user_id: int) -> ResponseReturnValue:
    """Say that the person is away."""
    person, form = _person(user_id), AbsenceForm()
    form.offer(colleagues_to_choose(db.session, current_user, but=[person.id]))
    if not form.validate_on_submit() or not accepted(
        form, lambda: operations.tell_absence(db.session, person, form.leave(), by=current_user)
    ):
        return _page(_person(user_id), form, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("absences.page", user_id=user_id))


@blueprint.post("/people/<int:user_id>/away/<int:absence_id>/end")
@login_required
def end(user_id: int, absence_id: int) -> ResponseReturnValue:
    """The person is back, or does not go."""
    person = _person(user_id)
    absence = queries.get_absence(db.session, current_user, person, absence_id)
    operations.end_absence(db.session, absence, person, by=current_user)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("absences.page", user_id=user_id))
