"""What waits for a supervisor, and his answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access.signing import parts, parts_anywhere
from tracker.errors import Forbidden, Invalid, Refused
from tracker.exports.offices import APPROVALS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond, safe_next
from tracker.i18n import _, _l
from tracker.matrix import queries
from tracker.matrix.definitions import current_definition, definition_of, newest_definition, with_history
from tracker.matrix.forms import DecisionForm
from tracker.matrix.models import Approval
from tracker.matrix.operations.approvals import (
    decline_approval,
    grant_approval,
    request_facts,
    withdraw_approval,
)
from tracker.matrix.operations.judging import judge, wish_from_json
from tracker.matrix.views.blueprint import blueprint
from tracker.matrix.views.project import other_flags
from tracker.matrix.views.wording import part_name, parts_in_words, wish_in_words
from tracker.reader import current_user
from workflows.definition import Definition


@blueprint.get("/approvals")
@login_required
def approvals_page() -> ResponseReturnValue:
    """Requests that wait, one's own, or those decided."""
    staff_only()
    which = request.args.get("which", "sign" if parts_anywhere(current_user) else "open")
    if format_asked():
        asked = rows_of(db.session, queries.approvals_asked(current_user, which))
        return send_list(APPROVALS, (_line(row.Approval) for row in asked))
    page = queries.list_approvals(db.session, current_user, which, request.args.get("page", 1, type=int))
    lines = [_line(approval) for approval in page.items]
    signs = bool(parts_anywhere(current_user))
    return respond("matrix/approvals.html", page=page, lines=lines, which=which, signs=signs)


@blueprint.get("/approvals/<int:approval_id>")
@login_required
def approval(approval_id: int) -> ResponseReturnValue:
    """One request with the whole situation."""
    return _page(queries.get_approval(db.session, current_user, approval_id), DecisionForm())


@blueprint.post("/approvals/<int:approval_id>")
@login_required
def decide_approval(approval_id: int) -> ResponseReturnValue:
    """Grant or decline with a sentence; a grant is carried out at once."""
    found = queries.get_approval(db.session, current_user, approval_id)
    if not _held(found):
        raise Forbidden(_l("Only those whose consent the rule asks for decide this."))
    form = DecisionForm()
    if not form.validate_on_submit():
        return _page(found, form, 422)
    decide = grant_approval if form.decision.data == "grant" else decline_approval
    try:
        decide(db.session, found, by=current_user, answer=form.answer.data or "")
    except Invalid as error:
        db.session.rollback()
        form.answer.errors = [error.message]
        return _page(queries.get_approval(db.session, current_user, approval_id), form, 422)
    except Refused as error:
        db.session.rollback()
        return _page(queries.get_approval(db.session, current_user, approval_id), form, 422, str(error.message))
    db.session.commit()
    flash(_outcome(found.state))
    return go_to(safe_next(url_for("matrix.approvals_page")))


@blueprint.post("/approvals/<int:approval_id>/withdraw")
@login_required
def withdraw(approval_id: int) -> ResponseReturnValue:
    """The asker takes his request back."""
    found = queries.get_approval(db.session, current_user, approval_id)
    withdraw_approval(db.session, found, by=current_user)
    db.session.commit()
    flash(_("The request is taken back."))
    if found.project_id is None:
        return go_to(url_for("matrix.approvals_page"))
    return go_to(url_for("matrix.project", project_id=found.project_id))


@dataclass(frozen=True, slots=True)
class Line:
    """A request with its wish in words, and those whose consent is still awaited."""

    approval: Approval
    wish: str
    awaited: str


def _line(found: Approval) -> Line:
    definition = _whole_definition(found)
    open_parts = [s.part for s in found.signatures if s.by_id is None] if found.state == "open" else []
    awaited = parts_in_words(definition, open_parts) if open_parts else ""
    return Line(found, wish_in_words(definition, wish_from_json(found.wish)), awaited)


def wish_of(found: Approval) -> str:
    """What is asked for, in words."""
    return wish_in_words(_whole_definition(found), wish_from_json(found.wish))


def _whole_definition(found: Approval) -> Definition:
    return with_history(db.session, _definition_of(found))


def _definition_of(found: Approval) -> Definition:
    if found.project is None and "reward" in found.wish:
        return current_definition()
    if found.project is None:
        return newest_definition(db.session, found.wish["draft"]["definition"])
    return definition_of(db.session, found.project)


def _outcome(state: str) -> str:
    return {
        "open": _("Signed. It is carried out once the others have signed too."),
        "used": _("Granted, and carried out."),
        "lapsed": _("The facts have changed since it was asked; the request lapsed and nothing was moved."),
        "declined": _("Declined. The one who asked sees your sentence."),
    }.get(state, state)


def _page(found: Approval, form: DecisionForm, status: int = 200, message: str = "") -> ResponseReturnValue:
    return respond(
        "matrix/approval.html",
        status=status,
        approval=found,
        **_situation(found),
        wish=_line(found).wish,
        draft=found.wish.get("draft"),
        form=form,
        message=message,
        awaited=queries.list_awaited(db.session, found),
        part_name=part_name,
        decides=_decides(found),
    )


def _situation(found: Approval) -> dict[str, Any]:
    """What the request is decided by: the project's matrix, or the cell in which one is to be opened; and what the
    rules say now."""
    if found.project is None:
        definition, facts = request_facts(db.session, found)
        shown: dict[str, Any] = {"matrix": None, "definition": definition}
    else:
        matrix = queries.load_matrix(db.session, current_user, found.project)
        definition, facts = matrix.definition, matrix.facts
        shown = {"matrix": matrix, "definition": definition, "other_flags": other_flags(matrix)}
    wish = wish_from_json(found.wish)
    return {**shown, "decision": judge(definition, facts, wish) if found.state == "open" else None}


def _held(found: Approval) -> list[str]:
    """The parts of the request in whose name the user may sign."""
    held = parts(current_user, found.place)
    return [signature.part for signature in found.signatures if signature.part in held]


def _decides(found: Approval) -> bool:
    """Whether the request waits for this user: one of his parts has not signed, and he has not signed another."""
    if found.state != "open" or found.asked_by_id == current_user.id:
        return False
    held, signed = _held(found), {s.part for s in found.signatures if s.by_id is not None}
    return any(part not in signed for part in held) and current_user.id not in {s.by_id for s in found.signatures}
