"""When a person is away: seen, said and ended on one page."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.absences import operations, queries
from tracker.absences.choosing import colleagues_to_choose
from tracker.absences.forms import KIND_WORDS, AbsenceForm
from tracker.accepting import accepted
from tracker.access import is_dealer
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.matrix.queries import get_record
from tracker.reader import current_user
from tracker.team.models import User
from tracker.team.queries import get_user

blueprint = Blueprint("absences", __name__)
BLUEPRINTS = [blueprint]

AHEAD = timedelta(days=28)  # that the register looks ahead


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
    return respond(
        "absences/page.html",
        status=status,
        person=person,
        form=form,
        rows=rows,
        proofs=queries.list_proofs(db.session, current_user, person, rows),
        kinds=KIND_WORDS,
        definition=current_definition(),
        day_here=clock.company_day(clock.now()),
    )


@blueprint.get("/away")
@login_required
def register() -> ResponseReturnValue:
    """Who of ours is away today and in the next weeks, and when he is back."""
    staff_only()
    today = clock.company_day(clock.now())
    rows = queries.list_register(db.session, current_user, today, today + AHEAD)
    return respond("absences/register.html", rows=rows, kinds=KIND_WORDS, day_here=today, may_tell=operations.may_tell)


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


@blueprint.post("/people/<int:user_id>/away/<int:absence_id>/proof")
@login_required
def prove(user_id: int, absence_id: int) -> ResponseReturnValue:
    """Say which record proves a trip."""
    person = _person(user_id)
    absence = queries.get_absence(db.session, current_user, person, absence_id)
    record = get_record(db.session, current_user, request.form.get("record_id", 0, type=int))
    operations.prove_absence(db.session, absence, person, record, by=current_user)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("absences.page", user_id=user_id))
