"""One page with everything that is somebody's: who takes each, what stands open, and the step in which it all goes."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.absences.choosing import Choices, colleagues_to_choose
from tracker.access.leaving import may_let_go
from tracker.errors import Invalid, Refused
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.handover.forms import LEAVING, MOVING, HandoverForm, Typed
from tracker.handover.operations import NotHandedOver, hand_over
from tracker.handover.operations.handing import require_handing
from tracker.handover.queries.belonging import list_handings, load_belongings
from tracker.handover.views.blueprint import blueprint
from tracker.handover.wording import counted
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.notifications.operations.mailing import mailing_of
from tracker.reader import current_user
from tracker.team.models import User
from tracker.team.queries import get_user


def _person(user_id: int) -> User:
    staff_only()
    person = get_user(db.session, current_user, user_id)
    require_handing(current_user, person)
    return person


def _leaves(person: User) -> bool:
    """Whether the page is about leaving, which is more than a supervisor may do with everybody he reaches."""
    return request.values.get("mode", LEAVING) == LEAVING and may_let_go(current_user, person)


@blueprint.get("/people/<int:user_id>/handover")
@login_required
def page(user_id: int) -> ResponseReturnValue:
    """What the person has, and who would take each of it."""
    person = _person(user_id)
    form = HandoverForm(formdata=None)
    if _leaves(person):
        form.reason.data = _("Leaves the company")
    return _page(person, form)


@blueprint.post("/people/<int:user_id>/handover")
@login_required
def give(user_id: int) -> ResponseReturnValue:
    """Hand it over in one step; where anything stands in the way nothing goes, and it is told by name."""
    person, form = _person(user_id), HandoverForm()
    leaves = _leaves(person)
    form.offer(_people(person))
    if not form.validate_on_submit():
        return _page(person, form, 422)
    try:
        plan, mailing = form.plan(Typed.of(request.form), leaves=leaves), mailing_of(current_app.config["TRACKER"])
        handing = hand_over(db.session, person, plan, by=current_user, mailing=mailing)
    except Refused as refusal:
        db.session.rollback()
        return _refused(_person(user_id), form, refusal)
    db.session.commit()
    flash(_("Handed over: %(what)s.", what=counted(handing.counts)))
    return go_to(url_for("handover.page", user_id=user_id, mode=None if leaves else MOVING))


def _refused(person: User, form: HandoverForm, refusal: Refused) -> ResponseReturnValue:
    if isinstance(refusal, Invalid):
        form[refusal.field].errors = [refusal.message]
        return _page(person, form, 422, rules=refusal.rules)
    named = refusal.refused if isinstance(refusal, NotHandedOver) else ()
    return _page(person, form, 422, message=refusal.message, refused=named)


def _people(person: User) -> Choices:
    """Who may take something; who is away says so."""
    return colleagues_to_choose(db.session, current_user, but=[person.id])


def _page(person: User, form: HandoverForm, status: int = 200, **told: Any) -> ResponseReturnValue:
    user, args, leaves = current_user, request.args, _leaves(person)
    typed = Typed.of(request.form)
    source = "" if leaves else args.get("source", "")
    among = [number for number in args.getlist("to", type=int) if number != person.id]
    people = _people(person)
    form.offer(people)
    return respond(
        "handover/page.html",
        status=status,
        person=person,
        form=form,
        leaves=leaves,
        may_leave=may_let_go(user, person),
        his=load_belongings(db.session, user, person, clock.today(), among=among, source=source),
        handings=() if person.active else list_handings(db.session, person),
        typed=typed,
        proposing=leaves or bool(among),
        people=people,
        among=among,
        source=source,
        definition=current_definition(),
        counted=counted,
        **{"message": "", "refused": (), "rules": (), **told},
    )
