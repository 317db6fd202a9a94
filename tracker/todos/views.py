"""To-dos: one's own, those given to others and followed; each with what becomes of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock, events
from tracker.absences.choosing import Choices, colleagues_to_choose
from tracker.accepting import accepted
from tracker.access import Action, is_dealer, may, sees_others
from tracker.calendar.queries.feeding import list_own_due
from tracker.errors import AlreadyDone, Invalid, NotFound
from tracker.event_words import sentence
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.exports.todos import TODOS
from tracker.extensions import db
from tracker.htmx import go_to, respond, safe_next
from tracker.i18n import _, _l
from tracker.incoming import optional_key
from tracker.leads.queries import get_lead
from tracker.projects.queries import get_project
from tracker.reader import current_user
from tracker.team.models import User
from tracker.team.queries import get_user
from tracker.todos import queries
from tracker.todos.forms import REPEATS, DropForm, GiveForm, SnoozeForm, TodoForm
from tracker.todos.models import Todo
from tracker.todos.operations import doing

blueprint = Blueprint("todos", __name__)
BLUEPRINTS = (blueprint,)

WHICH = {
    "mine": _l("Mine"),
    "given": _l("Given to others"),
    "followed": _l("Followed"),
    "led": _l("My people's"),
    "done": _l("Done"),
}
SOON = timedelta(days=7)  # of tasks in cells


@blueprint.get("/todos")
@login_required
def list_page() -> ResponseReturnValue:
    """To-dos by whose they are, and the tasks in cells that are due."""
    user, which = current_user, _which()
    wanted = request.args.get("q", "")
    if format_asked():
        rows = rows_of(db.session, queries.todos_asked(user, which, wanted))
        return send_list(TODOS, (queries.Listed(*row) for row in rows))
    cells = list_own_due(db.session, user, clock.today() + SOON) if which == "mine" and not wanted else ()
    return respond(
        "todos/list.html",
        page=queries.list_todos(db.session, user, which, wanted, request.args.get("page", 1, type=int)),
        cells=cells,
        which=which,
        tabs={key: name for key, name in WHICH.items() if key != "led" or _leads()},
        q=wanted,
        repeats=REPEATS,
        tomorrow=clock.today() + timedelta(days=1),
    )


def _leads() -> bool:
    return sees_others(current_user) and may(current_user, Action.LEAD_ASSIGN)


def _which() -> str:
    asked = request.args.get("which", "")
    return asked if asked in WHICH else "mine"


def _people() -> Choices:
    """Who can be given something: our colleagues; a dealer's people have each other, and keep theirs to themselves."""
    return [] if is_dealer(current_user) else colleagues_to_choose(db.session, current_user, but=[current_user.id])


@blueprint.get("/todos/new")
@login_required
def new() -> ResponseReturnValue:
    """Something new to do, on a site where one is named."""
    form = TodoForm(formdata=None)
    form.preset(current_user.id, request.args.get("project", type=int), request.args.get("lead", type=int),
                request.args.get("text", "")[:300])  # fmt: skip
    if not any(_site_of(form)):
        form.project_id.data = form.lead_id.data = ""
    return _form(form)


def _form(form: TodoForm, status: int = 200, todo: Todo | None = None) -> ResponseReturnValue:
    form.offer(_people(), current_user.id)
    project, lead = _site_of(form)
    return respond("todos/form.html", status=status, form=form, todo=todo, project=project, lead=lead)


def _site_of(form: TodoForm) -> tuple[Any, Any]:
    """The project or lead that it is about, where the user sees it."""
    with suppress(NotFound):
        if project_id := optional_key(form.project_id.data):
            return get_project(db.session, current_user, project_id), None
        if lead_id := optional_key(form.lead_id.data):
            return None, get_lead(db.session, current_user, lead_id)
    return None, None


@blueprint.post("/todos")
@login_required
def add() -> ResponseReturnValue:
    """Set it."""
    form = TodoForm()
    form.offer(_people(), current_user.id)
    if not form.validate_on_submit():
        return _form(form, 422)
    try:
        owner = _person(form.owner_id.data)
        doing.add_todo(db.session, form.draft(), by=current_user, owner=owner, token=form.token.data or None)
    except AlreadyDone:
        db.session.rollback()
        return go_to(url_for("todos.list_page"))
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field, form.text).errors = [error.message]
        return _form(form, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("todos.list_page"))


def _person(user_id: int | None) -> User:
    return get_user(db.session, current_user, user_id or current_user.id)


@blueprint.get("/todos/<int:todo_id>")
@login_required
def page(todo_id: int) -> ResponseReturnValue:
    """One to-do with all that can be done about it."""
    return _page(queries.get_todo(db.session, current_user, todo_id))


def _page(
    shown: queries.Listed, status: int = 200, snooze: SnoozeForm | None = None, drop: DropForm | None = None
) -> ResponseReturnValue:
    todo, user = shown.todo, current_user
    give = GiveForm(formdata=None)
    give.offer([one for one in _people() if one[0] != todo.owner_id])
    followers = queries.list_followers(db.session, todo)
    return respond(
        "todos/page.html",
        status=status,
        shown=shown,
        todo=todo,
        give=give,
        snooze=snooze or SnoozeForm(formdata=None),
        drop=drop or DropForm(formdata=None),
        followers=followers,
        follows=any(one.id == user.id for one in followers),
        trail=[(event, sentence(event)) for event in events.timeline(db.session, todo)],
        can_change=todo.open and doing.may_change(user, todo),
        repeats=REPEATS,
        is_dealer=is_dealer(user),
        tomorrow=clock.today() + timedelta(days=1),
    )


@blueprint.get("/todos/<int:todo_id>/edit")
@login_required
def edit(todo_id: int) -> ResponseReturnValue:
    """The form to change it."""
    todo = queries.get_todo(db.session, current_user, todo_id).todo
    doing.require_change(current_user, todo)
    form = TodoForm(formdata=None, obj=todo)
    return _form(form, todo=todo)


@blueprint.post("/todos/<int:todo_id>/edit")
@login_required
def save(todo_id: int) -> ResponseReturnValue:
    """Change it."""
    todo = queries.get_todo(db.session, current_user, todo_id).todo
    form = TodoForm()
    form.offer(_people(), current_user.id)
    version = int(form.version.data) if str(form.version.data or "").isdecimal() else 0
    if "owner_id" not in request.form:
        form.owner_id.data = current_user.id
    if not form.validate_on_submit() or not accepted(
        form, lambda: doing.change_todo(db.session, todo, form.draft(), by=current_user, version=version)
    ):
        return _form(form, 422, queries.get_todo(db.session, current_user, todo_id).todo)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("todos.page", todo_id=todo_id))


@blueprint.post("/todos/<int:todo_id>/done")
@login_required
def done(todo_id: int) -> ResponseReturnValue:
    """It is done: one tap, wherever it stands."""
    todo = queries.get_todo(db.session, current_user, todo_id).todo
    try:
        after = doing.finish(db.session, todo, by=current_user)
    except AlreadyDone:
        return go_to(safe_next(url_for("todos.list_page")))
    due: date | None = after.due_on if after else None
    db.session.commit()
    flash(_("Done. It comes again on %(day)s.", day=due.isoformat()) if due else _("Done."))
    return go_to(safe_next(url_for("todos.list_page")))


@blueprint.post("/todos/<int:todo_id>/give")
@login_required
def give(todo_id: int) -> ResponseReturnValue:
    """Give it to a colleague."""
    todo = queries.get_todo(db.session, current_user, todo_id).todo
    form = GiveForm()
    form.offer(_people())
    if form.validate_on_submit() and form.owner_id.data:
        to: Any = _person(form.owner_id.data)
        doing.delegate(db.session, todo, to, by=current_user)
        db.session.commit()
        flash(_("%(name)s has it now.", name=to.name))
    return go_to(url_for("todos.list_page", which="given"))


@blueprint.post("/todos/<int:todo_id>/snooze")
@login_required
def snooze(todo_id: int) -> ResponseReturnValue:
    """Put it off."""
    todo = queries.get_todo(db.session, current_user, todo_id).todo
    form = SnoozeForm()
    if not form.validate_on_submit() or not accepted(
        form, lambda: doing.snooze(db.session, todo, form.until.data, by=current_user)
    ):
        return _page(queries.get_todo(db.session, current_user, todo_id), 422, snooze=form)
    db.session.commit()
    return go_to(safe_next(url_for("todos.list_page")))


@blueprint.post("/todos/<int:todo_id>/follow")
@login_required
def follow(todo_id: int) -> ResponseReturnValue:
    """Be told of what becomes of it, or no more."""
    todo = queries.get_todo(db.session, current_user, todo_id).todo
    doing.follow(db.session, todo, by=current_user, wanted="stop" not in request.form)
    db.session.commit()
    return go_to(url_for("todos.list_page", which="followed"))


@blueprint.post("/todos/<int:todo_id>/drop")
@login_required
def drop(todo_id: int) -> ResponseReturnValue:
    """Say that it is not needed any more."""
    todo = queries.get_todo(db.session, current_user, todo_id).todo
    form = DropForm()
    if not form.validate_on_submit() or not accepted(
        form, lambda: doing.drop_todo(db.session, todo, by=current_user, why=form.why.data or "")
    ):
        return _page(queries.get_todo(db.session, current_user, todo_id), 422, drop=form)
    db.session.commit()
    return go_to(url_for("todos.page", todo_id=todo_id))
