"""What reports come by mail, chosen by each for himself and for those he leads."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import accepted
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from tracker.reports import wording
from tracker.reports.composing import Subject
from tracker.reports.forms import WishForm
from tracker.reports.operations.subscribing import list_for_others, list_wishes, subscribe, unsubscribe
from tracker.reports.queries import kept
from tracker.reports.views.blueprint import blueprint


@blueprint.get("/reports/subscriptions")
@login_required
def subscriptions() -> ResponseReturnValue:
    """What comes, and the form to choose more."""
    staff_only()
    form = WishForm(formdata=None)
    form.subject.data = request.args.get("subject", "")[:24]
    form.period.data = request.args.get("period", "week")
    return _page(form)


def _page(form: WishForm, status: int = 200) -> ResponseReturnValue:
    wishes, others = list_wishes(db.session, current_user.id), list_for_others(db.session, current_user)
    subjects = _subjects(form, [one.subject for one in wishes] + [one.subject for one, _user in others])
    form.offer(subjects, kept.list_readers(db.session, current_user))
    names = {one.key: one for one in subjects}
    return respond("reports/subscriptions.html", status=status, form=form, wishes=wishes, others=others, names=names,
                   wording=wording)  # fmt: skip


def _subjects(form: WishForm, keys: Sequence[str] = ()) -> list[Subject]:
    """Whom and what one may choose: people, teams and regions, and of projects those that are named already."""
    asked = [*keys, form.subject.data or ""]
    return [*kept.list_readable(db.session, current_user), *kept.list_projects_named(db.session, current_user, asked)]


@blueprint.post("/reports/subscriptions")
@login_required
def choose() -> ResponseReturnValue:
    """Choose one."""
    staff_only()
    form = WishForm()
    form.offer(_subjects(form), kept.list_readers(db.session, current_user))
    if not form.validate_on_submit() or not accepted(form, lambda: subscribe(db.session, form.wish(), by=current_user)):
        return _page(form, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("reports.subscriptions"))


@blueprint.post("/reports/subscriptions/end")
@login_required
def end() -> ResponseReturnValue:
    """It comes no more."""
    staff_only()
    subject, period = request.form.get("subject", ""), request.form.get("period", "")
    unsubscribe(db.session, subject, period, by=current_user, user_id=request.form.get("reader", type=int))
    db.session.commit()
    flash(_("It comes no more by mail."))
    return go_to(url_for("reports.subscriptions"))
