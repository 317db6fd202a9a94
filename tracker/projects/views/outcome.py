"""What becomes of a project and of its lines: one page with a small form for each decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, can, require
from tracker.errors import AlreadyDone, Invalid, NotFound, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _, _l, lang
from tracker.matrix.definitions import definition_of
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.views.wording import state_name
from tracker.merging.views import merged_part
from tracker.projects import operations, queries
from tracker.projects.circle import load_circle
from tracker.projects.forms import (
    CloseForm,
    LineMoveForm,
    LossForm,
    ResultForm,
    ReviveForm,
    RouteForm,
    SplitForm,
    SuspendForm,
)
from tracker.projects.models import CategoryLine, Project
from tracker.projects.views.blueprint import blueprint
from tracker.reader import current_user
from workflows.definition import Definition
from workflows.engine import reachable
from workflows.guards.losing import TOLD

SPECIAL = ("competitor", "winning_price")  # what a reason may require and has a field of its own


@dataclass(frozen=True, slots=True)
class Deed:
    """One decision: its form, what carries it out, and what is said when it is done."""

    form: type[Any]
    carry_out: Callable[[Project, Any], Any]
    done: Any


def _line(project: Project, category: str | None) -> CategoryLine:
    found = next((line for line in project.categories if line.category == category), None)
    if found is None:
        raise NotFound
    return found


def _suspend(project: Project, form: SuspendForm) -> None:
    operations.suspend(
        db.session, project, by=current_user, reason_key=form.reason_key.data, review_on=form.review_on.data,
        reason=form.reason.data,
    )  # fmt: skip


def _lose(project: Project, form: LossForm) -> None:
    loss = loss_of(form)
    if form.category.data:
        operations.lose_category(db.session, project, _line(project, form.category.data), loss, by=current_user)
    else:
        operations.mark_lost(db.session, project, loss, by=current_user)


def loss_of(form: LossForm) -> operations.Loss:
    """What was told of a loss."""
    winner = (form.winner.data or "").strip()
    told = tuple((key, (request.form.get(key) or "").strip()[:300]) for key in TOLD if key not in SPECIAL)
    return operations.Loss(
        reason_key=form.reason_key.data or None,
        other_reasons=tuple(key for key in form.other_reasons.data or () if key != form.reason_key.data),
        winner=winner or ("" if form.nobody.data else None),
        gap_percent=form.gap_percent.data,
        winning_price=form.winning_price.data,
        told=told,
        reason=(form.reason.data or "").strip() or None,
    )


def _revive(project: Project, form: ReviveForm) -> None:
    checked = frozenset(key for key in ("contacts", "windows", "credit") if form[key].data)
    operations.revive(
        db.session, project, by=current_user, photo_on=queries.newest_proof_on(db.session, project), checked=checked,
        rescored=bool(form.rescored.data), reason=form.reason.data, new_fact=form.new_fact.data,
    )  # fmt: skip


def _result(project: Project, form: ResultForm) -> None:
    line = _line(project, request.form.get("category"))
    decide = {
        "won": operations.win_category,
        "dropped": operations.drop_category,
    }.get(form.result.data)
    if decide is None:
        operations.revive_category(db.session, project, line, by=current_user, new_fact=form.reason.data or "")
    else:
        decide(db.session, project, line, by=current_user, reason=form.reason.data or "")


def _move(project: Project, form: LineMoveForm) -> None:
    line = _line(project, request.form.get("category"))
    operations.move_category(
        db.session, project, line, form.phase.data, by=current_user, reason=form.reason.data,
        complete_by=form.complete_by.data,
    )  # fmt: skip


def _route(project: Project, form: RouteForm) -> None:
    operations.change_route(db.session, project, form.route.data, by=current_user, reason=form.reason.data or "")


def _close(project: Project, form: CloseForm) -> None:
    operations.close_project(db.session, project, by=current_user, reason=form.reason.data)


def _split(project: Project, form: SplitForm) -> None:
    operations.split_off(
        db.session, project, form.categories.data or (), by=current_user, name=form.name.data or "",
        route=form.route.data, reason=form.reason.data or "",
    )  # fmt: skip


DEEDS: dict[str, Deed] = {
    "suspend": Deed(SuspendForm, _suspend, _l("The project rests until its review date.")),
    "lose": Deed(LossForm, _lose, _l("Marked as lost. It can be revived within a year if a new fact turns up.")),
    "revive": Deed(ReviveForm, _revive, _l("The project is alive again.")),
    "result": Deed(ResultForm, _result, _l("Saved.")),
    "move": Deed(LineMoveForm, _move, _l("The category goes its own way from here.")),
    "route": Deed(RouteForm, _route, _l("They buy another way now; the required phases are judged anew.")),
    "split": Deed(SplitForm, _split, _l("The sub-project stands beside this one, with the same site and people.")),
    "close": Deed(CloseForm, _close, _l("Closed. From now on the project takes notes only.")),
}


@blueprint.get("/projects/<int:project_id>/outcome")
@login_required
def outcome(project_id: int) -> ResponseReturnValue:
    """Where the project stands in its life, what happened to its lines, and what may be decided now."""
    project = queries.load_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_STATE, project)
    return _page(project, _forms(project))


@blueprint.post("/projects/<int:project_id>/outcome/<deed>")
@login_required
def decide(project_id: int, deed: str) -> ResponseReturnValue:
    """Decide, or ask those whose consent a rule wants; what is refused stays typed in the page."""
    if deed not in DEEDS:
        raise NotFound
    project = queries.load_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_STATE, project)
    forms = _forms(project)
    form = forms[deed]
    if not form.validate_on_submit():
        return _page(project, forms, 422, tried=deed)
    try:
        DEEDS[deed].carry_out(project, form)
    except AlreadyDone:
        db.session.rollback()
        return go_to(url_for("projects.outcome", project_id=project_id))
    except Blocked as block:
        db.session.rollback()
        return _blocked(project_id, deed, forms, block)
    except Refused as error:
        db.session.rollback()
        return _refused(project_id, deed, forms, error)
    db.session.commit()
    flash(DEEDS[deed].done)
    return go_to(url_for("projects.outcome", project_id=project_id))


def _blocked(project_id: int, deed: str, forms: dict[str, Any], block: Blocked) -> ResponseReturnValue:
    """A rule stands in the way: ask where the user chose to, else say which and what to do."""
    project = queries.load_project(db.session, current_user, project_id)
    ask_error = ""
    if request.form.get("action") == "ask" and block.decision.overridable:
        reason = (request.form.get("ask_reason") or "").strip()
        loss = loss_of(forms["lose"]) if deed == "lose" else None
        kept = {"loss": {**loss.kept(), "reason_key": loss.reason_key, "reason": loss.reason}} if loss else {}
        promised = forms[deed].complete_by.data if "complete_by" in forms[deed] else None
        try:
            ask_approval(
                db.session, project, block.wish, by=current_user, reason=reason, complete_by=promised, extra=kept
            )
        except Refused as error:
            db.session.rollback()
            ask_error = str(error.message)
            project = queries.load_project(db.session, current_user, project_id)
        else:
            db.session.commit()
            flash(_("The request waits under Approvals; you see the answer there."))
            return go_to(url_for("matrix.project", project_id=project_id))
    return _page(project, forms, 422, tried=deed, block=block, ask_error=ask_error)


def _refused(project_id: int, deed: str, forms: dict[str, Any], error: Refused) -> ResponseReturnValue:
    if isinstance(error, Invalid) and error.field in forms[deed]:
        forms[deed][error.field].errors = [error.message]
    project = queries.load_project(db.session, current_user, project_id)
    return _page(project, forms, 422, tried=deed, message=str(error.message))


def _forms(project: Project) -> dict[str, Any]:
    """The form of each decision, with its choices."""
    definition, language = definition_of(db.session, project), lang()
    forms: dict[str, Any] = {name: deed.form() for name, deed in DEEDS.items()}

    def words(picklist: str) -> list[tuple[str, str]]:
        return [(choice.key, choice.name.get(language)) for choice in definition.picklist(picklist).items]

    lines = [(line.category, definition.window(line.category).name.get(language)) for line in project.categories]
    still_open = [pair for pair, line in zip(lines, project.categories, strict=True) if line.result != "lost"]
    choose = [("", _l("choose"))]
    forms["suspend"].reason_key.choices = choose + words("suspended_reasons")
    forms["lose"].category.choices = [("", _l("the whole project")), *still_open]
    forms["lose"].reason_key.choices = choose + words("lost_reasons")
    forms["lose"].other_reasons.choices = words("lost_reasons")
    results = {"won": _l("won"), "dropped": _l("dropped, not pursued"), "open": _l("open again")}
    forms["result"].result.choices = list(results.items())
    forms["move"].phase.choices = [(phase.key, phase.name.get(language)) for phase in definition.phases]
    routes = [(route.key, route.name.get(language)) for route in definition.routes]
    forms["route"].route.choices = [pair for pair in routes if pair[0] != project.route]
    forms["split"].categories.choices = lines
    forms["split"].route.choices = routes
    return forms


def _page(
    project: Project,
    forms: dict[str, Any],
    status: int = 200,
    *,
    tried: str = "",
    block: Blocked | None = None,
    ask_error: str = "",
    message: str = "",
) -> ResponseReturnValue:
    definition = definition_of(db.session, project)
    return respond(
        "projects/outcome.html",
        "loss" if request.args.get("part") == "loss" else None,
        status=status,
        project=project,
        definition=definition,
        forms=forms,
        tried=tried,
        block=block,
        ask_error=ask_error,
        message=message,
        changes=queries.list_lifecycle(db.session, current_user, project),
        linked=load_circle(db.session, current_user, project).linked,
        proof_on=queries.newest_proof_on(db.session, project) if project.state == "suspended" else None,
        reachable=reachable(definition, project.state),
        state_name=state_name,
        required=_required(definition, forms["lose"].reason_key.data or request.args.get("reason_key", "")),
        told_words={key: zh if lang() == "zh" else en for key, (zh, en) in TOLD.items()},
        can_edit=can(current_user, Action.PROJECT_EDIT, project),
        latest_review=clock.today(),
        **merged_part("project", project),
    )


def _required(definition: Definition, reason_key: str) -> tuple[str, ...]:
    """What a reason for losing requires beside the winner."""
    found = next((c for c in definition.picklist("lost_reasons").items if c.key == reason_key), None)
    return tuple(found.extra.get("requires", ())) if found else ()
