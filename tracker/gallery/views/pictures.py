"""Pictures: sending them in, showing one, the gallery. An address holds a random token and is checked each time."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, current_app, flash, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, can, is_dealer, require
from tracker.annotations.things import get_thing
from tracker.annotations.views import threads_of
from tracker.errors import Invalid, NotFound
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.forms import DescribeForm
from tracker.gallery.intake import answer_staged, shown, take_in
from tracker.gallery.models import Photo
from tracker.gallery.operations import shown_key
from tracker.gallery.operations.describing import describe_photo
from tracker.gallery.queries.beside import load_beside
from tracker.gallery.tags import PICKS, said
from tracker.gallery.views.blueprint import blueprint, picture_to_work_on
from tracker.gallery.views.lists import filters_asked, narrowing
from tracker.gallery.views.uploads import captured
from tracker.htmx import go_to, respond, wants_fragment
from tracker.i18n import _
from tracker.matrix.definitions import current_definition, definition_of
from tracker.projects.models import Project
from tracker.projects.queries import list_buildings
from tracker.reader import current_user

SIZES = ("320", "800", "1600")


@blueprint.post("/photos/staged")
@login_required
def stage() -> ResponseReturnValue:
    """Take one picture in before the form it belongs to is sent. Answers JSON: token and picture, or message."""
    require(current_user, Action.RECORD_LOG)
    return answer_staged(partial(take_in, **captured()), shown, _("There is no picture in this request."))


@blueprint.get("/media/<token>/<size>.jpg")
@login_required
def picture(token: str, size: str) -> ResponseReturnValue:
    """A derived size of a picture that the user may see. It never changes, so his browser may keep it."""
    if size not in SIZES:
        raise NotFound
    photo = queries.get_photo(db.session, current_user, token)
    storage: Any = current_app.extensions["storage"]
    key = shown_key(photo, size)
    if not storage.exists(key):
        raise NotFound
    answer: Response = send_file(storage.open(key), mimetype="image/jpeg", etag=f"{token}-{size}", max_age=86400)
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@blueprint.get("/photos/<token>")
@login_required
def page(token: str) -> ResponseReturnValue:
    """One picture, large, with what is known of it, and the ones before and after it in the gallery."""
    photo, project = queries.load_picture(db.session, current_user, token)
    if photo.contact_id is not None:
        return go_to(url_for("contacts.page", contact_id=photo.contact_id, _anchor="card"))
    return _page(photo, project)


@blueprint.get("/photos/<token>/words")
@login_required
def words(token: str) -> ResponseReturnValue:
    """The form to say what the picture shows: the page with it, or itself alone where it is unfolded."""
    photo, project = picture_to_work_on(token)
    form = _form(project)
    form.preset(photo, queries.list_tags(db.session, photo))
    if wants_fragment():
        return respond("gallery/page.html", "words", form=form, photo=photo, picks=PICKS)
    return _page(photo, project, form)


@blueprint.post("/photos/<token>/words")
@login_required
def describe(token: str) -> ResponseReturnValue:
    """Say what the picture shows."""
    photo, project = picture_to_work_on(token)
    form = _form(project)
    if form.validate_on_submit():
        try:
            describe_photo(db.session, photo, project, form.words(), by=current_user)
        except Invalid as error:
            db.session.rollback()
            field = getattr(form, error.field, form.building_id)
            field.errors = [*field.errors, error.message]
        else:
            db.session.commit()
            flash(_("Noted."))
            return go_to(url_for("gallery.page", token=token))
    return _page(*queries.load_picture(db.session, current_user, token), form, 422)


def _form(project: Project) -> DescribeForm:
    form = DescribeForm()
    form.offer(definition_of(db.session, project), list_buildings(db.session, project))
    return form


def _page(
    photo: Photo, project: Project | None, form: DescribeForm | None = None, status: int = 200
) -> ResponseReturnValue:
    beside = load_beside(db.session, current_user, photo, filters_asked(), asked_about=not is_dealer(current_user))
    may_log = project is not None and can(current_user, Action.RECORD_LOG, project)
    threads: dict[str, Any] = {}
    if (photo.project_id or photo.lead_id) and not is_dealer(current_user):
        home = project or get_thing(db.session, current_user, "photo", photo.token).home
        threads = threads_of("photo", photo.id, home, photo.token, beside.talked)
    definition = current_definition()
    category = next((window.name for window in definition.windows if window.category == photo.category), None)
    return respond("gallery/page.html", status=status, photo=photo, project=project, definition=definition,
                   form=form, category=category, tags=[(tag, said(tag)) for tag in beside.tags], beside=beside,
                   may_draw=may_log, narrowing=narrowing(), picks=PICKS, **threads)  # fmt: skip
