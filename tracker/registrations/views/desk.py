"""The desk: what awaits an answer, the two sides beside each other, and the answers."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, can, require
from tracker.access.of_registrations import sees_all_registrations
from tracker.annotations.views import threads_of
from tracker.atoms import Made
from tracker.duplicates.wording import WORDS
from tracker.errors import NotFound, Refused
from tracker.exports.claims import CONFLICTS, CONFLICTS_OF_PROJECTS, REGISTRATIONS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _, lang
from tracker.matrix.definitions import current_definition
from tracker.matrix.operations.judging import Blocked
from tracker.reader import current_user
from tracker.registrations.forms import AnswerForm, ApproveForm
from tracker.registrations.models import APPROVED, WAITING, Registration
from tracker.registrations.operations import answering
from tracker.registrations.operations.conflicts import open_conflict
from tracker.registrations.operations.handing_in import ASKED_FOR
from tracker.registrations.queries.conflicts import list_conflicts, list_open_conflicts
from tracker.registrations.queries.listing import (
    count_open_complaints,
    list_contested,
    list_registrations,
    registrations_asked,
)
from tracker.registrations.queries.registrations import (
    dealer_names,
    get_registration,
    last_asked,
    list_entries,
    list_notes,
    quota_of,
)
from tracker.registrations.queries.sides import beside, besides
from tracker.registrations.views.blueprint import NAMES, blueprint, mailing, show_refusal, state_badges
from tracker.registrations.views.corner import lapses
from tracker.registrations.views.sides import compared
from tracker.registrations.wording import CONFLICT_NAMES, LEVEL_NAMES, MISSING_NAMES, WORD_NAMES, WORD_TAGS
from tracker.team.queries import list_colleagues


@blueprint.get("/registrations")
@login_required
def list_page() -> ResponseReturnValue:
    """What awaits an answer first, by the day it is due; and the open conflicts."""
    staff_only()
    narrowed: dict[str, Any] = {
        "state": request.args.get("state", ""),
        "q": request.args.get("q", ""),
        "dealer": request.args.get("dealer", type=int),
    }
    if format_asked() and request.args.get("part") == "conflicts":
        listing = CONFLICTS if sees_all_registrations(current_user) else CONFLICTS_OF_PROJECTS
        return send_list(listing, list_open_conflicts(db.session, current_user))
    if format_asked():
        rows = rows_of(db.session, registrations_asked(current_user, **narrowed))
        return send_list(REGISTRATIONS, (row.Registration for row in rows))
    number = request.args.get("page", 1, type=int)
    ui: Any = current_app.jinja_env.globals["ui"]
    return respond(
        "registrations/list.html",
        page=list_registrations(db.session, current_user, number, **narrowed),
        narrowed=narrowed,
        dealers=dealer_names(db.session, current_user),
        conflicts=list_contested(db.session, current_user),
        conflict_names=CONFLICT_NAMES,
        complaints=count_open_complaints(db.session, current_user),
        states=current_definition().picklist("dealer_registration"),
        badges=state_badges(),
        words=Made(lambda key: ui.badge(WORD_NAMES[key], WORD_TAGS[key])),
        waiting=WAITING,
        sees_all=sees_all_registrations(current_user),
    )


@blueprint.get("/registrations/<int:registration_id>")
@login_required
def page(registration_id: int) -> ResponseReturnValue:
    """One registration, with what is like it on record."""
    staff_only()
    return _page(get_registration(db.session, current_user, registration_id))


def _page(
    registration: Registration, status: int = 200, form: ApproveForm | None = None, said: AnswerForm | None = None
) -> ResponseReturnValue:
    session, decides = db.session, can(current_user, Action.DEALER_DECIDE)
    level = request.values.get("level", "pre_registered")
    level = level if level in LEVEL_NAMES else "pre_registered"
    shown = answering.preview(session, registration, by=current_user, level=level) if decides else None
    form = form or ApproveForm(formdata=None)
    _offer(form, shown)
    mine, others = beside(registration), besides(shown.checked.likes) if shown else {}
    return respond(
        "registrations/page.html",
        status=status,
        registration=registration,
        definition=current_definition(),
        states=current_definition().picklist("dealer_registration"),
        notes=list_notes(session, current_user, registration),
        entries=list_entries(session, current_user, registration),
        conflicts=list_conflicts(session, current_user, registration),
        conflict_names=CONFLICT_NAMES,
        preview=shown,
        compared={key: compared(mine, other) for key, other in others.items()},
        missing=MISSING_NAMES,
        quota=quota_of(session, registration.dealer_id),
        lapses=lapses(registration),
        match_words=WORDS,
        form=form,
        said=said or AnswerForm(formdata=None),
        decides=decides,
        asked=last_asked(session, registration),
        asked_for=ASKED_FOR,
        waits=registration.state in WAITING,
        approved=registration.state in APPROVED,
        **threads_of("registration", registration.id, registration),
        **NAMES,
    )


def _offer(form: ApproveForm, shown: answering.Preview | None) -> None:
    """Projects that are like it can be joined, where he sees them."""
    likes = shown.checked.likes if shown else ()
    projects = [(like.hit.id, like.hit.name) for like in likes if like.hit.kind == "project" and like.hit.seen]
    people = [(one.id, one.name) for one in list_colleagues(db.session, current_user)] if shown else []
    form.offer(projects, people)


@blueprint.post("/registrations/<int:registration_id>/approve")
@login_required
def approve(registration_id: int) -> ResponseReturnValue:
    """Approve it: a project is joined or opened."""
    staff_only()
    registration = get_registration(db.session, current_user, registration_id)
    require(current_user, Action.DEALER_DECIDE)
    form = ApproveForm()
    _offer(form, answering.preview(db.session, registration, by=current_user))
    if not form.validate_on_submit():
        return _page(registration, 422, form)
    try:
        answering.approve(db.session, registration, form.approved(), by=current_user, mailing=mailing())
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "level")
        if isinstance(error, Blocked):
            form.level.errors = [fired.detail.get(lang()) for fired in error.decision.blocking]
        return _page(get_registration(db.session, current_user, registration_id), 422, form)
    db.session.commit()
    flash(_("Approved. It protects until %(day)s.", day=registration.protected_to))
    return go_to(url_for("registrations.page", registration_id=registration_id))


@blueprint.post("/registrations/<int:registration_id>/<deed>")
@login_required
def answer(registration_id: int, deed: str) -> ResponseReturnValue:
    """Return it with questions, reject, make formal, renew it, answer a request, or say that it led to a contract."""
    staff_only()
    registration = get_registration(db.session, current_user, registration_id)
    done: dict[str, Any] = {
        "return": lambda text: answering.give_back(db.session, registration, questions=text, **told),
        "reject": lambda text: answering.reject(db.session, registration, reason=text, **told),
        "formal": lambda text: answering.upgrade(db.session, registration, reason=text, **told),
        "renew": lambda text: answering.renew(db.session, registration, reason=text, **told),
        "reply": lambda text: answering.reply(db.session, registration, text=text, **told),
        "convert": lambda text: answering.convert(db.session, registration, reason=text, **told),
    }
    told: dict[str, Any] = {"by": current_user, "mailing": mailing()}
    if deed not in done:
        raise NotFound
    require(current_user, Action.DEALER_DECIDE)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(registration, 422, said=form)
    try:
        done[deed](form.answer.data or "")
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "answer")
        return _page(get_registration(db.session, current_user, registration_id), 422, said=form)
    db.session.commit()
    flash(_("Done. The dealer is told."))
    return go_to(url_for("registrations.page", registration_id=registration_id))


@blueprint.post("/registrations/<int:registration_id>/conflict")
@login_required
def contest(registration_id: int) -> ResponseReturnValue:
    """Freeze both sides and tell them together; `against` names the other as project:7 or registration:7."""
    staff_only()
    registration = get_registration(db.session, current_user, registration_id)
    require(current_user, Action.DEALER_DECIDE)
    kind, _colon, number = request.form.get("against", "").partition(":")
    if kind not in ("project", "registration") or not number.isascii() or not number.isdecimal():
        raise NotFound
    other_id, told = int(number[:9]), {"by": current_user, "mailing": mailing()}
    try:
        if kind == "project":
            opened = open_conflict(db.session, registration, project_id=other_id, **told)
        else:
            other = get_registration(db.session, current_user, other_id)
            opened = open_conflict(db.session, registration, other=other, **told)
    except Refused as error:
        db.session.rollback()
        flash(error.message, "danger")
        return go_to(url_for("registrations.page", registration_id=registration_id))
    db.session.commit()
    flash(_("Both sides are frozen and told. The ruling is due by %(day)s.", day=opened.rule_by))
    return go_to(url_for("registrations.conflict_page", conflict_id=opened.id))
