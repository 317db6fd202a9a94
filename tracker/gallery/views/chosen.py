"""What becomes of the pictures that were chosen in the gallery: tagged, moved, given out, put into one file, paired."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import is_dealer
from tracker.errors import Invalid
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.forms import ChosenForm
from tracker.gallery.models import Photo
from tracker.gallery.operations.describing import agree_to_publish, tag_photos
from tracker.gallery.operations.pairing import pair_photos
from tracker.gallery.operations.parcels import MOST
from tracker.gallery.operations.sharing import share_photos
from tracker.gallery.views.blueprint import blueprint
from tracker.gallery.views.lists import filters_asked, gallery, narrowing
from tracker.gallery.views.parcels import start
from tracker.htmx import go_to
from tracker.i18n import _, _l
from tracker.reader import current_user


@blueprint.post("/photos/chosen")
@login_required
def chosen() -> ResponseReturnValue:
    """Do it, or lead to the page that asks what else it takes."""
    form = ChosenForm()
    form.offer(is_dealer(current_user))
    photos = chosen_photos(form)
    if not form.validate_on_submit() or not photos:
        flash(_("Choose at least one picture.") if not photos else _("Say what to do with the pictures."), "warning")
        return gallery(form, 422)
    try:
        target = _done(form, photos)
    except Invalid as error:
        db.session.rollback()
        field = getattr(form, error.field, form.do)
        field.errors = [*field.errors, error.message]
        return gallery(form, 422)
    return go_to(target)


def chosen_photos(form: ChosenForm) -> Sequence[Photo]:
    """The pictures that were ticked, or all of the filter; NotFound where one is not his."""
    if form.all_asked():
        return queries.list_narrowed(db.session, current_user, filters_asked(), max(MOST.values()))
    return queries.list_chosen(db.session, current_user, form.photos.data or ())


def _done(form: ChosenForm, photos: Sequence[Photo]) -> str:
    """Do what was said and commit; the address of the page where one goes on."""
    do = form.do.data
    if do in ("move", "report"):
        return further(f"gallery.{do}", form, photos)
    if do == "download":
        return start(photos, "zip")
    if do == "share":
        words = (form.title.data or "", form.days.data or 14)
        share_photos(db.session, photos, *words, by=current_user, publishing=bool(form.for_publishing.data))
        target = url_for("gallery.shares")
    elif do in ("consent", "withdraw"):
        _few_enough(photos)
        said = (form.publish_note.data or "", form.publish_until.data)
        whole = queries.with_teams(db.session, photos)
        agree_to_publish(db.session, whole, *said, by=current_user, withdrawn=do == "withdraw")
        target = back_to_gallery()
    elif do == "pair":
        target = url_for("gallery.pair", pair_id=pair_photos(db.session, photos, by=current_user).id)
    else:
        _few_enough(photos)
        tag_photos(db.session, photos, form.chosen_tags(), by=current_user)
        target = back_to_gallery()
    db.session.commit()
    flash(_("Done."))
    return target


def _few_enough(photos: Sequence[Photo]) -> None:
    most = max(MOST.values())
    if len(photos) > most:
        raise Invalid("every", _l("At most %(max)s pictures at once, please.", max=most))


def back_to_gallery() -> str:
    """The address of the gallery as it is narrowed."""
    return url_for("gallery.list_page") + (f"?{narrowing()}" if narrowing() else "")


def further(endpoint: str, form: ChosenForm, photos: Sequence[Photo]) -> str:
    """The address of a page about these pictures: all of the filter, or those that were ticked."""
    if form.all_asked():
        return f"{url_for(endpoint)}?every=1&{narrowing()}"
    return url_for(endpoint, photo=[photo.token for photo in photos])
