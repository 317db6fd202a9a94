"""What can happen in a scene: each function here makes an act of a story out of plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tracker import clock
from tracker.demo.stage import Act, Scene, Stage
from tracker.leads.operations.assigning import assign_lead
from tracker.leads.operations.capturing import LeadDraft, capture_lead
from tracker.leads.operations.converting import convert_lead
from tracker.leads.operations.noting import note_on_lead
from tracker.matrix.operations.approvals import ask_approval, grant_approval
from tracker.matrix.operations.judging import facts_of
from tracker.matrix.operations.moves import Proof, move_phase, move_step
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.projects import operations as projects
from tracker.projects.operations import ProjectDraft, open_project
from workflows.definition import Task
from workflows.engine import board
from workflows.wishes import MovePhase


def scene(ref: str, on: str, *acts: Act) -> Scene:
    """A scene of a day written as 2025-03-12."""
    return Scene(ref, date.fromisoformat(on), acts)


def exits(phase: str, *keys: str) -> tuple[str, ...]:
    """The ids of exit criteria of a phase."""
    return tuple(f"X.{phase}.{key}" for key in keys)


def day(text: str) -> date:
    """A day of the story."""
    return date.fromisoformat(text)


def meet(part: str, *firms: tuple[str, str, str, str], people: Sequence[tuple[str, str, str, str, str]] = ()) -> Act:
    """Learn of firms (key, name, short name, kind) and of people there (key, firm, name, post, phone)."""

    def act(stage: Stage) -> None:
        by = stage.who(part)
        for key, name, short, kind in firms:
            stage.firm(key, name, kind, by, short)
        for key, firm, name, post, phone in people:
            stage.person(key, firm, name, post, phone, by)

    return act


def capture(key: str, part: str, text: str, picture: str, **lead: Any) -> Act:
    """Enter a lead with the picture that its source demands."""

    def act(stage: Stage) -> None:
        by = stage.who(part)
        latitude, longitude = stage.story.place
        draft = LeadDraft(
            note=stage.said(text),
            latitude=latitude,
            longitude=longitude,
            photos=(stage.photo(picture, by).token,),
            **lead,
        )
        stage.leads[key] = capture_lead(stage.session, draft, by=by)

    return act


def note(key: str, part: str, kind: str, text: str) -> Act:
    """Log what was done on a lead."""

    def act(stage: Stage) -> None:
        note_on_lead(
            stage.session, stage.leads[key], by=stage.who(part), kind=kind, on=clock.today(), text=stage.said(text)
        )

    return act


def assign(key: str, part: str, owner: str) -> Act:
    """Give the lead to a colleague."""

    def act(stage: Stage) -> None:
        lead = stage.leads[key]
        stage.session.refresh(lead, ["team"])
        assign_lead(stage.session, lead, stage.who(owner), by=stage.who(part))

    return act


def convert(key: str, part: str, parties: Sequence[tuple[str, str]] = (), **draft: Any) -> Act:
    """Make a project of the lead of the same key, in set-up, where the lead's building stands."""

    def act(stage: Stage) -> None:
        by, lead = stage.who(part), stage.leads[key]
        joined = tuple((stage.firms[firm].id, role) for firm, role in parties)
        plain = _draft(stage, lead.step, joined, draft)
        stage.session.refresh(lead, ["team"])
        stage.projects[key] = convert_lead(stage.session, lead, plain, by=by)

    return act


def open_beside(key: str, part: str, step: str, parties: Sequence[tuple[str, str]] = (), **draft: Any) -> Act:
    """Open another project of the story."""

    def act(stage: Stage) -> None:
        joined = tuple((stage.firms[firm].id, role) for firm, role in parties)
        plain = _draft(stage, step, joined, draft)
        stage.projects[key] = open_project(stage.session, plain, by=stage.who(part))

    return act


def _draft(stage: Stage, step: str, parties: tuple[tuple[int, str], ...], values: dict[str, Any]) -> ProjectDraft:
    latitude, longitude = stage.story.place
    return ProjectDraft(phase="qualify", step=step, parties=parties, latitude=latitude, longitude=longitude, **values)


def lines(key: str, part: str, **values: int) -> Act:
    """Say what each category line is worth, in yuan."""

    def act(stage: Stage) -> None:
        project, by = stage.project(key), stage.who(part)
        stage.session.refresh(project, ["categories"])
        for line in project.categories:
            if line.category in values:
                amount = Decimal(values[line.category])
                projects.edit_category(stage.session, project, line, by=by, value=amount)

    return act


def team(key: str, part: str, *members: str) -> Act:
    """Take colleagues into the project's team."""

    def act(stage: Stage) -> None:
        project = stage.project(key)
        for member in members:
            projects.add_member(stage.session, project, stage.who(member), by=stage.who(part))

    return act


def joins(key: str, part: str, firm: str, role: str) -> Act:
    """Put a firm into a role of the project."""

    def act(stage: Stage) -> None:
        projects.add_party(stage.session, stage.project(key), stage.firms[firm], role, by=stage.who(part))

    return act


def circle(key: str, part: str, *people: tuple[str, str | None, str]) -> Act:
    """Put people (key, role in the decision, attitude) into the project's circle, or change what is known there."""

    def act(stage: Stage) -> None:
        project, by = stage.project(key), stage.who(part)
        stage.session.refresh(project, ["contacts"])
        known = {row.contact_id: row for row in project.contacts}
        for person, role, attitude in people:
            contact = stage.contacts[person]
            row = known.get(contact.id)
            if row is None:
                projects.add_contact(stage.session, project, contact, by=by, role=role, attitude=attitude)
            else:
                projects.edit_contact(stage.session, project, row, by=by, role=role, attitude=attitude)

    return act


def log(
    key: str,
    part: str,
    kind: str,
    text: str,
    *,
    cell: str | None = None,
    on: str | None = None,
    closes: Sequence[str] = (),
    hints: Sequence[str] = (),
    met: Sequence[str] = (),
    pictures: Sequence[str] = (),
    pictured: str | None = None,
    floor: int | None = None,
    following: str | None = None,
    within: int = 7,
) -> Act:
    """Log a record, by default in the present cell and of today.

    `pictures` name construction steps or papers, taken on the day `pictured` (None: today); `floor` is what was seen
    of the present step; `following` is the next step, promised `within` days.
    """

    def act(stage: Stage) -> None:
        by, project = stage.who(part), stage.project(key)
        phase, step = cell.split("/") if cell else (project.phase, project.step)
        taken = day(pictured) if pictured else None
        photos = tuple(stage.photo(subject, by, taken).token for subject in pictures)
        draft = RecordDraft(
            phase=phase,
            step=step,
            kind=kind,
            on=stage.day(day(on)) if on else clock.today(),
            text=stage.said(text),
            hints=tuple(hints),
            closes=tuple(closes),
            met=tuple(stage.contacts[person].id for person in met),
            photos=photos,
            progress=project.step if floor is not None else None,
            floor=floor,
            next_step=following,
            next_on=clock.today() + timedelta(days=within) if following else None,
        )
        log_record(stage.session, project, draft, by=by)

    return act


def reach(
    key: str,
    part: str,
    step: str,
    text: str,
    *,
    pictured: str,
    picture: str | None = None,
    floor: int | None = None,
    closes: Sequence[str] = (),
) -> Act:
    """Report a construction step by a picture of the day `pictured`, and log the visit where the project then is."""

    def act(stage: Stage) -> None:
        by, project, taken = stage.who(part), stage.project(key), stage.day(day(pictured))
        proof = Proof(taken, "exif", True)
        move_step(stage.session, project, stage.building(key), step, by=by, on=taken, proof=proof, floor=floor)
        shown = (picture or step,)
        log(key, part, "progress_photo", text, pictures=shown, pictured=pictured, closes=closes)(stage)

    return act


def move(key: str, part: str, to: str, reason: str | None = None) -> Act:
    """Move the phase."""

    def act(stage: Stage) -> None:
        move_phase(stage.session, stage.project(key), to, by=stage.who(part), reason=reason)

    return act


def ask(key: str, part: str, to: str, reason: str, complete_by: str | None = None) -> Act:
    """Ask a supervisor for a move of the phase."""

    def act(stage: Stage) -> None:
        stage.requests[key] = ask_approval(
            stage.session,
            stage.project(key),
            MovePhase(to, stage.said(reason)),
            by=stage.who(part),
            reason=stage.said(reason),
            complete_by=stage.day(day(complete_by)) if complete_by else None,
        )

    return act


def grant(key: str, part: str, answer: str) -> Act:
    """Grant what was asked last; it is carried out in the same breath."""

    def act(stage: Stage) -> None:
        stage.project(key)
        request = stage.requests[key]
        stage.session.refresh(request, ["project", "asked_by"])
        grant_approval(stage.session, request, by=stage.who(part), answer=stage.said(answer))

    return act


def dated(key: str, part: str, anchor: str, on: str) -> Act:
    """Date what tasks count from."""
    return lambda stage: stage.date_of(key, anchor, day(on), stage.who(part), "见记录\nSee the record")


def chores(key: str, *, leave: Sequence[str] = ()) -> Act:
    """Close what is still open in the present cell, each department its own, apart from the tasks in `leave`."""

    def act(stage: Stage) -> None:
        project = stage.project(key)
        definition, facts = facts_of(stage.session, project)
        here = board(definition, facts, clock.today()).cells[facts.cell(definition)]
        owed = [view.task for view in here.tasks if view.open and view.due and view.task.id not in leave]
        for department in dict.fromkeys(task.department for task in owed):
            mine = [task for task in owed if task.department == department]
            _do_chores(stage, key, department, mine)

    return act


def _do_chores(stage: Stage, key: str, department: str, tasks: Sequence[Task]) -> None:
    wanted = {task.evidence for task in tasks}
    step = stage.projects[key].step
    shown = [kind for kind in ("photo", "document", "quote", "sample") if kind in wanted]
    stage.session.refresh(stage.projects[key], ["contacts"])
    known = {contact.id: name for name, contact in stage.contacts.items()}
    met = [known[row.contact_id] for row in stage.projects[key].contacts if row.contact_id in known][:1]
    chinese = "；".join(task.text.zh for task in tasks)
    english = "; ".join(task.text.en for task in tasks)
    log(
        key,
        department,
        _CHORE.get(min(wanted), "internal_review"),
        f"已办：{chinese}。\nDone: {english}.",
        closes=[task.id for task in tasks],
        pictures=[step if subject == "photo" else subject for subject in shown],
        met=met if "contact" in wanted else (),
    )(stage)


_CHORE = {
    "contact": "office_visit",
    "document": "meeting",
    "note": "call",
    "photo": "site_visit",
    "quote": "quotation",
    "sample": "sample_delivery",
}
