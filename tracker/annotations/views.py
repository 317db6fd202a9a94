"""Annotations: mine, a thread, saying, answering, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.absences.choosing import choices_of, colleagues_to_choose
from tracker.accepting import accepted
from tracker.access import Action, is_dealer
from tracker.access.actions import REASONS
from tracker.access.of_annotations import annotates
from tracker.annotations import letters as letters  # it writes our mails
from tracker.annotations import operations, queries, wording
from tracker.annotations.forms import AnnotationForm, AnswerForm
from tracker.annotations.models import Annotation
from tracker.annotations.things import Thing, get_thing, thing_of
from tracker.errors import Forbidden
from tracker.exports.annotations import ANNOTATIONS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.notifications.operations.mailing import mailing_of
from tracker.reader import current_user

blueprint = Blueprint("annotations", __name__)
BLUEPRINTS = (blueprint,)


def threads_of(on: str, row_id: int, home: Any, key: str = "", talked: bool = True) -> dict[str, Any]:
    """For the page of a thing: the threads on it, and the address at which who leads there says something.

    `talked` False: the caller knows that there is no thread.
    """
    may_say = annotates(current_user, home) if home is not None else False
    say = url_for("annotations.new", on=on, key=key or row_id) if may_say else ""
    return {
        "threads": queries.threads_on(db.session, current_user, on, row_id) if talked else [],
        "threads_at": say,
        "threads_words": wording,
        "of_dealer": is_dealer(current_user),
    }


@blueprint.get("/annotations")
@login_required
def list_page() -> ResponseReturnValue:
    """What one has to answer, what one waits for, and all in which one has part."""
    which = request.args.get("which", "mine")
    which = which if which in queries.WHICH else "mine"
    if format_asked():
        rows = rows_of(db.session, queries.annotations_asked(current_user, which))
        return send_list(ANNOTATIONS, (row.Annotation for row in rows))
    page = queries.list_annotations(db.session, current_user, which, request.args.get("page", 1, type=int))
    return respond("annotations/list.html", page=page, which=which, wording=wording, of_dealer=is_dealer(current_user))


@blueprint.get("/annotations/<int:annotation_id>")
@login_required
def page(annotation_id: int) -> ResponseReturnValue:
    """A thread."""
    found = queries.get_annotation(db.session, current_user, annotation_id)
    return _page(found, AnswerForm(formdata=None))


def _page(found: Annotation, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    thing = thing_of(db.session, found.on, found.thing)
    return respond(
        "annotations/page.html",
        status=status,
        annotation=found,
        thing=thing,
        form=form,
        wording=wording,
        of_dealer=is_dealer(current_user),
        can_end=found.by_id == current_user.id or annotates(current_user, thing.home),
    )


@blueprint.get("/annotate/<on>/<key>")
@login_required
def new(on: str, key: str) -> ResponseReturnValue:
    """The form in which who leads there says something about a thing."""
    thing = _led(on, key)
    form = AnnotationForm(formdata=None)
    _offer(form, thing)
    form.text.data = request.args.get("text", "")[:200]
    form.to_id.data = thing.worker_id if thing.worker_id != current_user.id else None
    return respond("annotations/new.html", thing=thing, form=form, wording=wording)


@blueprint.post("/annotate/<on>/<key>")
@login_required
def say(on: str, key: str) -> ResponseReturnValue:
    """Say it."""
    thing, form = _led(on, key), AnnotationForm()
    _offer(form, thing)
    mailing, made = mailing_of(current_app.config["TRACKER"]), []

    def operate() -> None:
        made.append(operations.annotate(db.session, thing, form.words(), by=current_user, mailing=mailing).id)

    if not form.validate_on_submit() or not accepted(form, operate):
        return respond("annotations/new.html", status=422, thing=_led(on, key), form=form, wording=wording)
    db.session.commit()
    flash(_("Said."))
    return go_to(url_for("annotations.page", annotation_id=made[0]))


@blueprint.post("/annotations/<int:annotation_id>/answers")
@login_required
def answer(annotation_id: int) -> ResponseReturnValue:
    """Answer in the thread."""
    found, form = queries.get_annotation(db.session, current_user, annotation_id), AnswerForm()
    mailing = mailing_of(current_app.config["TRACKER"])

    def operate() -> None:
        thing = thing_of(db.session, found.on, found.thing)
        operations.answer(db.session, found, thing, form.text.data or "", by=current_user, mailing=mailing)

    if not form.validate_on_submit() or not accepted(form, operate):
        return _page(queries.get_annotation(db.session, current_user, annotation_id), form, 422)
    db.session.commit()
    flash(_("Answered."))
    return go_to(url_for("annotations.page", annotation_id=annotation_id))


@blueprint.post("/annotations/<int:annotation_id>/withdraw")
@login_required
def withdraw(annotation_id: int) -> ResponseReturnValue:
    """Take it back."""
    return _end(annotation_id, operations.withdraw)


@blueprint.post("/annotations/<int:annotation_id>/reopen")
@login_required
def reopen(annotation_id: int) -> ResponseReturnValue:
    """The answer was none: open it again."""
    return _end(annotation_id, operations.reopen)


def _end(annotation_id: int, operation: Any) -> ResponseReturnValue:
    found = queries.get_annotation(db.session, current_user, annotation_id)
    operation(db.session, found, thing_of(db.session, found.on, found.thing), by=current_user)
    db.session.commit()
    return go_to(url_for("annotations.page", annotation_id=annotation_id))


def _led(on: str, key: str) -> Thing:
    thing = get_thing(db.session, current_user, on, key)
    if not annotates(current_user, thing.home):
        raise Forbidden(REASONS[Action.ANNOTATE])
    return thing


def _offer(form: AnnotationForm, thing: Thing) -> None:
    people = colleagues_to_choose(db.session, current_user, but=[current_user.id])
    dealers = []
    if thing.on == "registration":
        dealers = choices_of(queries.list_people_of(db.session, current_user, thing.row), {})
    form.offer(people, dealers)
