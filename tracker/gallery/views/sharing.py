"""Links to pictures for people outside: one's own list of them, and what the link shows to whoever holds it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.operations import shown_key
from tracker.gallery.operations.sharing import count_view, take_back
from tracker.gallery.views.blueprint import blueprint
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user

SIZES = ("320", "1600")


@blueprint.get("/photos/shares")
@login_required
def shares() -> ResponseReturnValue:
    """The links that one gave out: until when they hold, and how often they were opened."""
    staff_only()
    return respond("gallery/shares.html", shares=queries.list_shares(db.session, current_user), now=clock.now())


@blueprint.post("/photos/shares/<int:share_id>/revoke")
@login_required
def revoke(share_id: int) -> ResponseReturnValue:
    """Take a link back."""
    take_back(db.session, queries.get_own_share(db.session, current_user, share_id), by=current_user)
    db.session.commit()
    flash(_("The link shows nothing any more."))
    return go_to(url_for("gallery.shares"))


@blueprint.get("/shared/<share_token>")
def shared(share_token: str) -> ResponseReturnValue:
    """What a link shows: the chosen pictures with caption and day, no place, no project, no names."""
    share = queries.get_share(db.session, share_token)
    count_view(db.session, share)
    items = [item for item in share.items if item.photo.purged_at is None]
    answer = respond("gallery/shared.html", share=share, items=items)
    db.session.commit()
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/shared/<share_token>/<int:place>/<size>.jpg")
def shared_picture(share_token: str, place: int, size: str) -> ResponseReturnValue:
    """One of a link's pictures, as long as the link holds."""
    if size not in SIZES:
        raise NotFound
    share = queries.get_share(db.session, share_token)
    photo = next((one.photo for one in share.items if one.position == place and one.photo.purged_at is None), None)
    storage: Any = current_app.extensions["storage"]
    if photo is None or not storage.exists(shown_key(photo, size)):
        raise NotFound
    answer: Response = send_file(storage.open(shown_key(photo, size)), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
