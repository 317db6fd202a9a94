"""From rows to the engine's facts.

Everything about one project comes in a single round trip: a UNION ALL of small selects with the same columns (a mark,
a number, six texts and the project). Queries of their own would cost most of the page's budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import visible
from tracker.accounts.models import AccountParty, FrameAgreement
from tracker.dealers.models import Dealer
from tracker.gallery.models import Photo
from tracker.matrix.models import Approval, Evidence, LifecycleChange, Move, Record
from tracker.matrix.models import Circumstance as CircumstanceRow
from tracker.matrix.models import OwnTask as OwnTaskRow
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact, ProjectParty
from tracker.registrations.models import Registration
from tracker.team.models import User
from workflows.definition import Definition
from workflows.facts import (
    BuildingFacts,
    CategoryFacts,
    Circumstance,
    EvidenceFacts,
    GrantedOverride,
    Observation,
    OwnTask,
    ProjectFacts,
    RecordFacts,
    RegistrationFacts,
    Visit,
)
from workflows.guards.channel import FROZEN_STATE

OWN_TASK = "U."  # evidence targets that are tasks which users added
DECIDER = "decision_maker"  # the role of a contact who decides
ANCHOR = "A."  # evidence targets that name a date of the project: A.tender_issued, A.acceptance_date …


def load_facts(session: Session, definition: Definition, project: Project, seen_by: User | None = None) -> ProjectFacts:
    """What happened to this project, as the engine wants it. The caller has checked that it is visible.

    With `seen_by` only the records and pictures that this user may see count, and no evidence: a dealer's picture.
    """
    if seen_by is None:
        return _facts(definition, project, session.execute(_everything_of_one(), {"project": project.id}))
    statement = _everything(lambda column: column == project.id, seen_by)
    return _facts(definition, project, session.execute(statement))


def load_facts_of_many(
    session: Session, projects: Sequence[tuple[Definition, Project]]
) -> Iterator[tuple[Project, ProjectFacts | Exception]]:
    """The facts of several hundred projects by one statement, for `tracker doctor`; see `load_facts`.

    A project whose rows make no facts (it has no building, say) comes with the error instead.
    """
    found: dict[int, list[Any]] = {project.id: [] for _definition, project in projects}
    for row in session.execute(_everything_of_many(), {"projects": list(found)}):
        found[row[-1]].append(row)
    for definition, project in projects:
        try:
            yield project, _facts(definition, project, found[project.id])
        except (KeyError, ValueError) as error:
            yield project, error


def _facts(definition: Definition, project: Project, found: Iterable[Any]) -> ProjectFacts:
    rows: dict[str, list[Any]] = {mark: [] for mark in "bcremoplstkfg"}
    for row in found:
        rows[row[0]].append(row)
    buildings = tuple(_building(row) for row in rows["b"])
    evidence = [row for row in rows["e"] if not row[2].startswith(ANCHOR)]
    decided = {row[2]: date.fromisoformat(row[4]) for row in sorted(rows["l"], key=_number) if row[2]}
    states = [row for row in sorted(rows["l"], key=_number) if not row[2]]
    present = states[-1] if states and states[-1][3] == project.state else None
    since = _since(states) if present else None
    return ProjectFacts(
        route=project.route,
        phase=project.phase,
        phase_since=project.phase_since,
        buildings=buildings,
        state=project.state,
        kind=project.kind,
        public_funds=bool(definition.picklist("project_types").get(project.kind).extra.get("public_funds")),
        categories=tuple(CategoryFacts(row[2], row[3], row[4], bool(row[1]), decided.get(row[2])) for row in rows["c"]),
        records=tuple(_record(row) for row in rows["r"]),
        evidence=tuple(
            EvidenceFacts(row[2], row[3], date.fromisoformat(row[4]), date.fromisoformat(row[5])) for row in evidence
        ),
        photos={(row[2], row[3]): row[1] for row in rows["p"]},
        visited=tuple(path_of(definition, rows["m"])) or (Visit(project.phase, project.step, project.phase_since),),
        anchors={
            row[2].removeprefix(ANCHOR): date.fromisoformat(row[4])
            for row in sorted(rows["e"], key=_number)  # what was stated last counts
            if row[2].startswith(ANCHOR)
        },
        overrides=tuple(_overrides(rows["o"])),
        stranded_since=project.stranded_on,
        suspended_since=since if project.state == "suspended" else None,
        review_on=date.fromisoformat(present[5]) if present and present[5] and project.state == "suspended" else None,
        lost_on=since if project.state == "lost" else None,
        frozen_since=since if project.state == FROZEN_STATE else None,
        value=project.value,
        key_project=project.key_project,
        frame_agreement=_holding(rows["f"], clock.today()),
        owned=project.owner_id is not None,
        circumstances=tuple(
            Circumstance(row[2], date.fromisoformat(row[3]), date.fromisoformat(row[4]) if row[4] else None)
            for row in rows["s"]
        ),
        registrations=tuple(_registration(row) for row in sorted(rows["g"], key=_number)),
        own_tasks=tuple(_own_task(row) for row in sorted(rows["t"], key=_number)),
        observations=tuple(
            Observation(int(row[5] or 0), row[3], date.fromisoformat(row[4]))
            for row in sorted(rows["m"], key=lambda row: (row[4], row[1]))
            if row[2] == "step"
        ),
        decision_makers=sum(row[1] for row in rows["k"]),
        decision_makers_met=sum(row[1] for row in rows["k"] if row[2]),
    )


def _holding(rows: Sequence[Any], today: date) -> str:
    """The number of the frame agreement that the project names, where there is one that holds today; else ''."""
    for row in rows:
        last = min(row[4], row[5]) if row[5] else row[4]
        if row[3] <= today.isoformat() <= last:
            number: str = row[2]
            return number
    return ""


def _since(states: Sequence[Any]) -> date:
    """The day the last state began: a suspended project that is given a new review date goes on resting."""
    first = states[-1]
    for row in reversed(states):
        if row[3] != first[3]:
            break
        first = row
    return date.fromisoformat(first[4])


def _number(row: Any) -> int:
    number: int = row[1]
    return number


def _own_task(row: Any) -> OwnTask:
    phase, _, step = row[2].partition("/")
    due = date.fromisoformat(row[6]) if row[6] else None
    return OwnTask(f"{OWN_TASK}{row[1]}", phase, step, row[3], row[4], row[7], date.fromisoformat(row[5]), due)


def _registration(row: Any) -> RegistrationFacts:
    until, progress = (date.fromisoformat(text) if text else None for text in (row[4], row[5]))
    days = int(row[6]) if row[6] is not None else None
    return RegistrationFacts(row[1], row[2], row[3], until, progress, days, int(row[7]))


def _row(mark: str, project_id: Any, number: Any, *texts: Any) -> Any:
    """Mark, number, six texts, project: the same columns of every table."""
    columns = [cast(text, String) if text is not None else null().cast(String) for text in texts]
    columns += [null().cast(String)] * (6 - len(columns))
    return select(literal(mark).label("mark"), cast(number, Integer), *columns, project_id)


@cache
def _everything_of_one() -> Any:
    """The statement for a whole project, made once: making it costs a third of what asking costs."""
    wanted = bindparam("project", type_=Integer)
    return _everything(lambda column: column == wanted, None)


@cache
def _everything_of_many() -> Any:
    """The same for several projects."""
    wanted: Any = bindparam("projects", expanding=True)
    return _everything(lambda column: column.in_(wanted), None)


def _everything(here: Callable[[Any], Any], seen_by: User | None) -> Any:
    """What happened to the projects for which `here` of a table's project is true."""
    records, photos = (visible(model, seen_by) if seen_by else true() for model in (Record, Photo))
    ours = false() if seen_by else true()
    return union_all(
        _row(
            "b",
            Building.project_id,
            Building.id,
            Building.name,
            Building.step,
            Building.step_since,
            Building.floor,
            Building.floors,
            cast(Building.unverified, Integer),
        ).where(here(Building.project_id)),
        _row(
            "c",
            CategoryLine.project_id,
            cast(CategoryLine.main, Integer),
            CategoryLine.category,
            CategoryLine.phase,
            CategoryLine.result,
        ).where(here(CategoryLine.project_id)),
        _row(
            "r",
            Record.project_id,
            Record.id,
            Record.phase,
            Record.step,
            Record.happened_on,
            Record.entered_at,
            Record.kind,
            func.coalesce(Record.department, "") + case((Record.is_plan, "|plan"), else_=""),
        ).where(here(Record.project_id), Record.phase != "lead", records),
        _row(
            "e",
            Evidence.project_id,
            Evidence.id,
            Evidence.target,
            Evidence.kind,
            Evidence.dated_on,
            Evidence.recorded_on,
        ).where(here(Evidence.project_id), ours),
        _row("m", Move.project_id, Move.id, Move.axis, Move.target, Move.on, Move.building_id, Move.at).where(
            here(Move.project_id)
        ),
        _row(
            "o",
            Approval.project_id,
            Approval.id,
            cast(Approval.rules, String),
            Approval.fingerprint,
            Approval.state,
            Approval.decided_at,
            Approval.complete_by,
            func.coalesce(Approval.wish["in_phase"].as_string(), Approval.wish["phase"].as_string()),
        ).where(here(Approval.project_id), Approval.state.in_(("granted", "used"))),
        _row("p", Photo.project_id, func.count(), Photo.phase, Photo.step)
        .where(here(Photo.project_id), photos)
        .group_by(Photo.project_id, Photo.phase, Photo.step),
        _row(
            "l",
            LifecycleChange.project_id,
            LifecycleChange.id,
            func.coalesce(LifecycleChange.category, ""),
            LifecycleChange.target,
            LifecycleChange.on,
            LifecycleChange.review_on,
        ).where(here(LifecycleChange.project_id)),
        _row(
            "s",
            CircumstanceRow.project_id,
            CircumstanceRow.id,
            CircumstanceRow.key,
            CircumstanceRow.since,
            CircumstanceRow.until,
        ).where(here(CircumstanceRow.project_id), ours),
        _row(
            "t",
            OwnTaskRow.project_id,
            OwnTaskRow.id,
            OwnTaskRow.phase + "/" + OwnTaskRow.step,
            OwnTaskRow.department,
            OwnTaskRow.evidence,
            OwnTaskRow.added_on,
            OwnTaskRow.due_on,
            OwnTaskRow.text,
        ).where(here(OwnTaskRow.project_id), OwnTaskRow.dropped_at.is_(None), ours),
        _row("k", ProjectContact.project_id, func.count(), func.max(ProjectContact.last_met_on))
        .where(here(ProjectContact.project_id), ProjectContact.role == DECIDER, ours)
        .group_by(ProjectContact.project_id, ProjectContact.id),
        _row(
            "f",
            Project.id,
            FrameAgreement.id,
            FrameAgreement.number,
            FrameAgreement.valid_from,
            FrameAgreement.valid_until,
            FrameAgreement.ended_on,
        )
        .join(FrameAgreement, FrameAgreement.number == Project.frame_agreement)
        .where(here(Project.id), _takes_part()),
        _row(
            "g",
            Registration.project_id,
            Registration.id,
            Dealer.party_id,
            Registration.state,
            Registration.protected_to,
            Registration.progress_on,
            Registration.progress_days,
            Registration.renewals,
        )
        .join(Dealer, Dealer.id == Registration.dealer_id)
        .where(here(Registration.project_id), ours),
    )


def _takes_part() -> Any:
    """The condition that a firm of the agreement's account is in the project."""
    firms = exists().where(ProjectParty.project_id == Project.id, ProjectParty.party_id == AccountParty.party_id)
    return firms.where(AccountParty.account_id == FrameAgreement.account_id).correlate(Project, FrameAgreement)


def _building(row: Any) -> BuildingFacts:
    floor, floors = (int(text) if text is not None else None for text in (row[5], row[6]))
    return BuildingFacts(row[1], row[2], row[3], date.fromisoformat(row[4]), floor, floors, row[7] == "1")


def _record(row: Any) -> RecordFacts:
    department, _, plan = row[7].partition("|")
    entered = clock.stored_day(row[5])
    return RecordFacts(row[1], row[2], row[3], date.fromisoformat(row[4]), entered, row[6], department, plan == "plan")


def _overrides(rows: Iterable[Any]) -> Iterable[GrantedOverride]:
    for row in rows:
        for rule in row[2].strip("[]").replace('"', "").split(","):
            yield GrantedOverride(
                rule=rule.strip(),
                fingerprint=row[3],
                phase=row[7] or "",
                granted_on=clock.stored_day(row[5]),
                complete_by=date.fromisoformat(row[6]) if row[6] else None,
                used=row[4] == "used",
            )


def path_of(definition: Definition, moves: Iterable[Any]) -> list[Visit]:
    """The project's way through the cells from its moves (columns: mark, id, axis, target, on, building, at).

    The step of the project is that of the building furthest on. Moves of one moment (a project opened with several
    buildings) count as one.
    """
    phase: str | None = None
    steps: dict[str, str] = {}
    path: list[Visit] = []
    for (on, _at), together in groupby(
        sorted(moves, key=lambda row: (row[4], row[1])), key=lambda row: (row[4], row[6])
    ):
        for row in together:
            if row[2] == "phase":
                phase = row[3]
            else:
                steps[row[5] or ""] = row[3]
        if phase is None or not steps:
            continue
        cell = (phase, max(steps.values(), key=definition.step_index.__getitem__))
        if not path or path[-1].cell != cell:
            path.append(Visit(cell[0], cell[1], date.fromisoformat(on)))
    return path
