"""What one was told: the list, marking it as read, and what comes by mail."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import accepted
from tracker.exports.offices import NOTIFICATIONS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _, _n, lang
from tracker.notifications import queries, wording
from tracker.notifications.forms import MailForm
from tracker.notifications.holding import GROUPS
from tracker.notifications.operations.reading import mark_read, wish_mail
from tracker.reader import current_user

blueprint = Blueprint("notifications", __name__)
BLUEPRINTS = (blueprint,)
MANY = 100  # unread ones that the bell does not count any more


@blueprint.get("/notifications")
@login_required
def list_page() -> ResponseReturnValue:
    """What one was told, by site; the unread, or all with the unread first."""
    which = _which()
    if format_asked():
        told = rows_of(db.session, queries.notifications_asked(current_user, which))
        return send_list(NOTIFICATIONS, (row.Notification for row in told))
    wish = queries.find_mail_wish(db.session, current_user)
    form = MailForm(formdata=None, obj=wish)
    form.groups.data = [group for group in GROUPS if group not in (wish.muted or ())]
    return _page(form)


@blueprint.get("/notifications/unread")
@login_required
def unread() -> ResponseReturnValue:
    """How many are unread, for the bell of a page that stays open; 304 where it shows that already."""
    number = int(g.get("unread", 0))
    words = _n("%(num)d unread", "%(num)d unread", number) if number else ""
    answer = jsonify(n=number, badge=str(number) if number < MANY else f"{MANY - 1}+", words=words)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(f"{number}-{lang()}")
    return answer.make_conditional(request)


def _which() -> str:
    return "all" if request.args.get("which") == "all" else "unread"


def _page(form: MailForm, status: int = 200) -> ResponseReturnValue:
    page = queries.list_notifications(db.session, current_user, _which(), request.args.get("page", 1, type=int))
    return respond(
        "notifications/list.html",
        status=status,
        page=page,
        groups=queries.by_site(page.items),
        which=_which(),
        wording=wording,
        form=form,
        mails=bool(current_app.config["TRACKER"].smtp_url),
    )


@blueprint.post("/notifications/read")
@login_required
def read_all() -> ResponseReturnValue:
    """Mark all as read, or those of one thing that they are about."""
    only = {f"{name}_id": request.form.get(f"{name}_id", type=int) for name in queries.SITES}
    mark_read(db.session, by=current_user, **only)
    db.session.commit()
    return go_to(url_for("notifications.list_page"))


@blueprint.post("/notifications/<int:notification_id>/read")
@login_required
def read(notification_id: int) -> ResponseReturnValue:
    """Mark one as read and, unless one stays, go where something can be done about it."""
    found = queries.get_notification(db.session, current_user, notification_id)
    mark_read(db.session, by=current_user, only=found.id)
    address = url_for("notifications.list_page") if "stay" in request.form else wording.address_of(found.thing)
    db.session.commit()
    return go_to(address)


@blueprint.post("/notifications/mail")
@login_required
def mail() -> ResponseReturnValue:
    """Say what one wants by mail."""
    form, asked = MailForm(), "asked" in request.form
    if not form.validate_on_submit() or not accepted(
        form, lambda: wish_mail(db.session, form.wish(asked), by=current_user)
    ):
        return _page(form, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("notifications.list_page"))
