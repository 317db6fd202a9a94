"""What one was told: the list, marking it as read, and what comes by mail."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.exports.offices import NOTIFICATIONS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.notifications import queries, wording
from tracker.notifications.forms import MailForm
from tracker.notifications.operations.reading import mark_read, wish_mail
from tracker.reader import current_user

blueprint = Blueprint("notifications", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/notifications")
@login_required
def list_page() -> ResponseReturnValue:
    """What one was told, by site; the unread, or all with the unread first."""
    which = "all" if request.args.get("which") == "all" else "unread"
    if format_asked():
        told = rows_of(db.session, queries.notifications_asked(current_user, which))
        return send_list(NOTIFICATIONS, (row.Notification for row in told))
    page = queries.list_notifications(db.session, current_user, which, request.args.get("page", 1, type=int))
    return respond(
        "notifications/list.html",
        page=page,
        groups=queries.by_site(page.items),
        which=which,
        wording=wording,
        form=MailForm(formdata=None, obj=queries.find_mail_wish(db.session, current_user)),
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
    form = MailForm()
    if form.validate_on_submit():
        wished = {name: bool(form[name].data) for name in ("reminders", "escalations", "annotations")}
        wish_mail(db.session, by=current_user, **wished)
        db.session.commit()
        flash(_("Saved."))
    return go_to(url_for("notifications.list_page"))
