"""What people are given: the list, entering, giving, calling off, papers."""

from __future__ import annotations

from decimal import Decimal

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import carry_out
from tracker.access import Action, may
from tracker.contacts.choosing import chosen_contact
from tracker.contacts.queries import get_contact
from tracker.errors import Invalid
from tracker.exports.queries import rows_of
from tracker.exports.rewards import REWARDS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.matrix.queries import list_awaited
from tracker.matrix.views.wording import part_name
from tracker.parties.models import Contact
from tracker.projects.queries import get_project
from tracker.reader import current_user
from tracker.rewards import queries, wording
from tracker.rewards.forms import AnswerForm, CallOffForm, GiveForm, PapersForm, RewardForm
from tracker.rewards.models import Reward
from tracker.rewards.operations import entering as operations
from tracker.rewards.views.blueprint import (
    blueprint,
    kinds,
    may_enter,
    staged_of,
    take_papers,
)
from workflows.rewards import papers_due


@blueprint.get("/rewards")
@login_required
def list_page() -> ResponseReturnValue:
    """What people were and are to be given, the newest day first."""
    staff_only()
    show, kind = request.args.get("show", ""), request.args.get("kind", "")
    show = show if show in wording.SHOWS else ""
    if format_asked():
        asked = rows_of(db.session, queries.rewards_asked(current_user, show=show, kind=kind))
        return send_list(REWARDS, (row.Reward for row in asked))
    number = request.args.get("page", 1, type=int)
    found = queries.list_rewards(db.session, current_user, show=show, kind=kind, page=number)
    return respond(
        "rewards/list.html", page=found, show=show, kind=kind, kinds=kinds(), wording=wording,
        can_enter=may(current_user, Action.REWARD_ENTER),
    )  # fmt: skip


@blueprint.get("/rewards/new")
@login_required
def new() -> ResponseReturnValue:
    """The form; `contact` says for whom, `project` for which project."""
    may_enter()
    contact_id, project_id = request.args.get("contact", type=int), request.args.get("project", type=int)
    form = RewardForm(project_id=project_id)
    contact = get_contact(db.session, current_user, contact_id) if contact_id else None
    if contact:
        form.who.data = f"{contact.name} · {contact.party.name} #{contact.id}"
    return _form(form, contact)


def _form(form: RewardForm, contact: Contact | None, status: int = 200, message: str = "") -> ResponseReturnValue:
    _offer(form, contact)
    given = queries.given_within_a_year(db.session, current_user, contact, clock.today()) if contact else None
    return respond(
        "rewards/new.html", status=status, form=form, contact=contact, given=given, message=message,
        kinds=kinds().values(),
    )  # fmt: skip


def _offer(form: RewardForm, contact: Contact | None) -> None:
    projects = queries.list_his_projects(db.session, current_user, contact) if contact else ()
    form.offer(current_definition(), projects)


@blueprint.post("/rewards/new")
@login_required
def enter() -> ResponseReturnValue:
    """Enter it; what the rules leave to others is asked of them."""
    may_enter()
    form, made = RewardForm(), list[Reward]()
    contact = _named(form.who.data)
    _offer(form, contact)

    def deed() -> None:
        whom = chosen_contact(db.session, current_user, form.who.data, "who")
        project = get_project(db.session, current_user, form.project_id.data) if form.project_id.data else None
        draft = operations.RewardDraft(
            contact=whom, kind=form.kind.data, what=form.what.data or "", on=form.on.data,
            reason=form.reason.data or "", value=form.value.data or Decimal(0), project=project,
        )  # fmt: skip
        made.append(operations.enter_reward(db.session, draft, by=current_user))

    def again(status: int, message: str) -> ResponseReturnValue:
        return _form(form, _named(form.who.data), status, message)

    return carry_out(form, deed, lambda: _address(made[0].id), again)


def _named(text: str | None) -> Contact | None:
    """The person a field names; None where it names nobody, which is said at the field."""
    try:
        return chosen_contact(db.session, current_user, text, "who")
    except Invalid:
        return None


@blueprint.get("/rewards/<int:reward_id>")
@login_required
def page(reward_id: int) -> ResponseReturnValue:
    """One: what, for whom, whose consent it waits for, what came of it, its papers."""
    return _page(reward_id)


def _page(reward_id: int, status: int = 200, message: str = "", **forms: object) -> ResponseReturnValue:
    staff_only()
    reward = queries.get_reward(db.session, current_user, reward_id)
    shown = {"give": GiveForm, "off": CallOffForm, "answer": AnswerForm, "papers": PapersForm}
    waits = reward.approval is not None and reward.state == "asked"
    return respond(
        "rewards/page.html",
        status=status,
        reward=reward,
        project=queries.project_of(db.session, current_user, reward),
        kind=kinds().get(reward.kind),
        forms={name: forms.get(name) or make(formdata=None) for name, make in shown.items()},
        staged_papers=staged_of(forms.get("papers")),
        awaited=list_awaited(db.session, reward.approval) if reward.approval and waits else (),
        part_name=part_name,
        definition=current_definition(),
        due=papers_due(reward.given_on) if reward.given_on else None,
        wording=wording,
        message=message,
        can_enter=may(current_user, Action.REWARD_ENTER),
    )


def _reward(reward_id: int) -> Reward:
    may_enter()
    return queries.get_reward(db.session, current_user, reward_id)


@blueprint.post("/rewards/<int:reward_id>/given")
@login_required
def give(reward_id: int) -> ResponseReturnValue:
    """It was given."""
    reward, form = _reward(reward_id), GiveForm()

    def deed() -> None:
        operations.give_reward(db.session, reward, by=current_user, on=form.on.data, value=form.value.data)

    def again(status: int, message: str) -> ResponseReturnValue:
        return _page(reward_id, status, message, give=form)

    return carry_out(form, deed, lambda: _address(reward_id), again)


@blueprint.post("/rewards/<int:reward_id>/off")
@login_required
def call_off(reward_id: int) -> ResponseReturnValue:
    """It is not given."""
    reward, form = _reward(reward_id), CallOffForm()

    def deed() -> None:
        operations.call_off(db.session, reward, by=current_user, reason=form.reason.data or "")

    def again(status: int, message: str) -> ResponseReturnValue:
        return _page(reward_id, status, message, off=form)

    return carry_out(form, deed, lambda: _address(reward_id), again)


@blueprint.post("/rewards/<int:reward_id>/answer")
@login_required
def answer(reward_id: int) -> ResponseReturnValue:
    """What he said to the invitation."""
    reward, form = _reward(reward_id), AnswerForm()

    def deed() -> None:
        operations.answer_invitation(db.session, reward, by=current_user, answer=form.answer.data)

    def done() -> str:
        if reward.occasion_id is not None:
            return url_for("rewards.occasion", occasion_id=reward.occasion_id)
        return _address(reward_id)

    def again(status: int, message: str) -> ResponseReturnValue:
        return _page(reward_id, status, message, answer=form)

    return carry_out(form, deed, done, again)


@blueprint.post("/rewards/<int:reward_id>/papers")
@login_required
def file_papers(reward_id: int) -> ResponseReturnValue:
    """File its papers."""
    _reward(reward_id)
    form = PapersForm()
    refused = take_papers(form)
    if refused:
        return _page(reward_id, 422, refused, papers=form)

    def deed() -> None:
        reward = queries.get_reward(db.session, current_user, reward_id)  # staging commits
        operations.file_papers(db.session, reward, by=current_user, note=form.note.data or "", documents=form.tokens())

    def again(status: int, message: str) -> ResponseReturnValue:
        return _page(reward_id, status, message, papers=form)

    return carry_out(form, deed, lambda: _address(reward_id), again)


def _address(reward_id: int) -> str:
    return url_for("rewards.page", reward_id=reward_id)
