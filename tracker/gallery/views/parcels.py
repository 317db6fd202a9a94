"""Files of pictures: asked for, made at once or by the worker, fetched by who asked. The form for a photo report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import is_dealer
from tracker.errors import Invalid, NotFound
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.forms import ReportForm
from tracker.gallery.models import Photo, PhotoParcel
from tracker.gallery.operations.parcels import KEPT, MOST, ask_parcel, is_small, make_parcel
from tracker.gallery.operations.reporting import ReportWishes, company_of
from tracker.gallery.queries.parcels import get_parcel, list_parcels
from tracker.gallery.views.blueprint import blueprint
from tracker.gallery.views.lists import filters_asked
from tracker.htmx import go_to, respond
from tracker.i18n import _, lang
from tracker.reader import current_user

TYPES = {"zip": "application/zip", "report": "application/pdf"}
ENDINGS = {"zip": "zip", "report": "pdf"}


def start(photos: Sequence[Photo], kind: str, wishes: ReportWishes | None = None) -> str:
    """Ask for a file and commit, and make it where it is small; the address of its page."""
    parcel = ask_parcel(db.session, photos, kind, wishes, by=current_user._get_current_object())
    number, token, small = parcel.id, parcel.token, is_small(parcel)
    db.session.commit()
    if small:
        make_parcel(db.session, current_app.extensions["storage"], number, db.session.commit)
    return url_for("gallery.parcel", token=token)


def photos_named(most: int = MOST["report"]) -> Sequence[Photo]:
    """The pictures that the address names: by their tokens, or as the gallery is narrowed (one more than `most` where
    there are more)."""
    tokens = request.args.getlist("photo")
    if tokens:
        return queries.list_chosen(db.session, current_user, tokens[:most])
    return queries.list_narrowed(db.session, current_user, filters_asked(), most)


@blueprint.get("/photos/report")
@login_required
def report() -> ResponseReturnValue:
    """The form for a report of the pictures that were chosen, or of those of a project."""
    form, photos = ReportForm(), photos_named()
    form.offer()
    projects = {photo.project.name for photo in photos if photo.project is not None}
    site = projects.pop() if len(projects) == 1 else ""
    form.title.data = _("Photo report: %(site)s", site=site) if site else _("Photo report")
    form.language.data, form.each_page.data = lang(), 4
    form.company.data = company_of(db.session, current_user)
    return _report(form, photos)


@blueprint.post("/photos/report")
@login_required
def make_report() -> ResponseReturnValue:
    """Have it made."""
    form, photos = ReportForm(), photos_named()
    form.offer()
    if not form.validate_on_submit():
        return _report(form, photos, 422)
    try:
        target = start(photos[: MOST["report"]], "report", form.wishes())  # the newest, as the page said
    except Invalid as error:
        db.session.rollback()
        field = getattr(form, error.field, form.title)
        field.errors = [*field.errors, error.message]
        return _report(form, photos_named(), 422)
    return go_to(target)


def _report(form: ReportForm, photos: Sequence[Photo], status: int = 200) -> ResponseReturnValue:
    most = MOST["report"]
    return respond("gallery/report.html", status=status, form=form, photos=photos[:most], more=len(photos) > most,
                   most=most, dealer=is_dealer(current_user))  # fmt: skip


@blueprint.get("/photos/parcels")
@login_required
def parcels() -> ResponseReturnValue:
    """The files that one asked for."""
    return respond("gallery/parcels.html", parcels=list_parcels(db.session, current_user), kept=KEPT.days)


@blueprint.get("/photos/parcels/<token>")
@login_required
def parcel(token: str) -> ResponseReturnValue:
    """How far a file is, and the file when it is ready."""
    found = get_parcel(db.session, current_user, token)
    return respond("gallery/parcel.html", "progress", parcel=found, kept=KEPT.days)


@blueprint.get("/photos/parcels/<token>/file")
@login_required
def parcel_file(token: str) -> ResponseReturnValue:
    """The file, for who asked for it."""
    found = get_parcel(db.session, current_user, token)
    storage: Any = current_app.extensions["storage"]
    if found.file_key is None or not storage.exists(found.file_key):
        if found.state != "gone":
            raise NotFound
        flash(_("This file is not kept any more. Ask for it again."), "warning")
        return go_to(url_for("gallery.parcels"))
    answer: Response = send_file(
        storage.open(found.file_key), mimetype=TYPES[found.kind], as_attachment=True, download_name=_named(found)
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _named(parcel: PhotoParcel) -> str:
    title = parcel.wishes.get("report", {}).get("title") or _("Photos")
    safe = "".join(sign if sign.isalnum() or sign in "-_" else " " for sign in title)
    return f"{'-'.join(safe.split())[:80]}-{clock.local(parcel.asked_at):%Y-%m-%d}.{ENDINGS[parcel.kind]}"
