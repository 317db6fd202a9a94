"""The plan of an account: goals of a year, meetings and actions, reviews."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import carry_out
from tracker.access import Action, can, require
from tracker.accounts import wording
from tracker.accounts.forms import ActionForm, DoneForm, GoalForm, ReviewForm, WhyForm, named
from tracker.accounts.operations import planning as operations
from tracker.accounts.queries import plan as queries
from tracker.accounts.queries.accounts import get_account
from tracker.accounts.queries.people import list_people
from tracker.accounts.views.blueprint import blueprint, edited
from tracker.contacts.queries import get_contact
from tracker.extensions import db
from tracker.htmx import respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.team.queries import get_user, list_colleagues


@blueprint.get("/accounts/<int:account_id>/plan")
@login_required
def plan(account_id: int) -> ResponseReturnValue:
    """The plan of this year, or of `year`."""
    return _page(account_id)


def _year() -> int:
    year = request.args.get("year", type=int) or 0
    return year if 2000 <= year <= 2100 else clock.today().year


def _page(account_id: int, status: int = 200, message: str = "", **typed: Any) -> ResponseReturnValue:
    account = get_account(db.session, current_user, account_id)
    can_edit, year = can(current_user, Action.ACCOUNT_EDIT, account), _year()
    return respond(
        "accounts/plan.html",
        status=status,
        account=account,
        plan=queries.load_plan(db.session, current_user, account, year, clock.today()),
        forms=_forms(account, year, typed) if can_edit else {},
        message=message,
        definition=current_definition(),
        wording=wording,
        can_edit=can_edit,
    )


def _forms(account: Any, year: int, typed: dict[str, Any]) -> dict[str, Any]:
    forms = {"goal": None, "action": None, "review": None, **typed}
    forms["goal"] = forms["goal"] or _goal_form(account, year=year)
    forms["action"] = forms["action"] or _action_form(user_id=current_user.id)
    forms["review"] = forms["review"] or ReviewForm(prefix="review-")
    return forms


def _goal_form(account: Any, **preset: Any) -> GoalForm:
    form = GoalForm(prefix="goal-", **preset)
    form.offer(current_definition(), list_people(db.session, current_user, account))
    return form


def _action_form(**preset: Any) -> ActionForm:
    form = ActionForm(prefix="action-", **preset)
    form.user_id.choices = named(list_colleagues(db.session, current_user))
    return form


def _done(account_id: int, anchor: str) -> str:
    return url_for("accounts.plan", account_id=account_id, year=request.args.get("year", type=int), _anchor=anchor)


def _again(account_id: int, **typed: Any) -> Any:
    return lambda status, message: _page(account_id, status, message, **typed)


@blueprint.post("/accounts/<int:account_id>/goals")
@login_required
def set_goal(account_id: int) -> ResponseReturnValue:
    """Set a goal."""
    account = edited(account_id)
    form = _goal_form(account)

    def deed() -> None:
        contact = get_contact(db.session, current_user, form.contact_id.data) if form.contact_id.data else None
        values: dict[str, Any] = {name: form[name].data for name in ("kind", "year", "amount")}
        values |= {name: form[name].data or None for name in ("category", "step", "note")}
        draft = operations.GoalDraft(**values, contact=contact)
        operations.set_goal(db.session, account, draft, by=current_user)

    return carry_out(form, deed, _done(account_id, "goals"), _again(account_id, goal=form), _("Added."))


@blueprint.post("/accounts/<int:account_id>/goals/<int:goal_id>/drop")
@login_required
def drop_goal(account_id: int, goal_id: int) -> ResponseReturnValue:
    """Give a goal up."""
    account, form = edited(account_id), WhyForm()
    goal = queries.get_goal(db.session, account, goal_id)

    def deed() -> None:
        operations.drop_goal(db.session, account, goal, by=current_user, reason=form.reason.data or "")

    return carry_out(form, deed, _done(account_id, "goals"), _refused(account_id, form))


def _refused(account_id: int, form: Any) -> Any:
    def again(status: int, message: str) -> ResponseReturnValue:
        said = next((str(errors[0]) for errors in form.errors.values() if errors), "")
        return _page(account_id, status, message or said)

    return again


@blueprint.post("/accounts/<int:account_id>/actions")
@login_required
def plan_action(account_id: int) -> ResponseReturnValue:
    """Plan a meeting or an action."""
    account, form = edited(account_id), _action_form()

    def deed() -> None:
        user = get_user(db.session, current_user, form.user_id.data)
        names = form.kind.data, form.text.data or "", form.due_on.data
        draft = operations.ActionDraft(*names, user, form.with_whom.data or None)
        operations.plan_action(db.session, account, draft, by=current_user)

    return carry_out(form, deed, _done(account_id, "actions"), _again(account_id, action=form), _("Added."))


@blueprint.post("/accounts/<int:account_id>/actions/<int:action_id>/done")
@login_required
def finish_action(account_id: int, action_id: int) -> ResponseReturnValue:
    """Say what came of an action; whoever does it may."""
    account = get_account(db.session, current_user, account_id)
    action, form = queries.get_action(db.session, account, action_id), DoneForm()
    if action.user_id != current_user.id:
        require(current_user, Action.ACCOUNT_EDIT, account)

    def deed() -> None:
        operations.finish_action(db.session, account, action, by=current_user, outcome=form.outcome.data or "")

    return carry_out(form, deed, _done(account_id, "actions"), _refused(account_id, form))


@blueprint.post("/accounts/<int:account_id>/reviews")
@login_required
def add_review(account_id: int) -> ResponseReturnValue:
    """Write down what a review found."""
    account, form = edited(account_id), ReviewForm(prefix="review-")

    def deed() -> None:
        operations.review_account(db.session, account, by=current_user, text=form.text.data or "", on=form.on.data)

    return carry_out(form, deed, _done(account_id, "reviews"), _again(account_id, review=form), _("Added."))
