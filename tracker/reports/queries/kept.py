"""Reports that were kept, and the one a reader asks for by its subject. The user comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.access.of_annotations import may_lead, reads_reports_of
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.paging import Page, page_of
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.reports.composing import Subject
from tracker.reports.models import Report, ReportForm
from tracker.reports.periods import Period
from tracker.reports.queries.gathering import list_people, list_subjects
from tracker.reports.queries.items import people_of
from tracker.reports.sections import default_sections
from tracker.reports.wording import Site
from tracker.team.models import User
from tracker.todos.models import Todo

_WHOLE = (
    joinedload(Report.user),
    joinedload(Report.team),
    joinedload(Report.region),
    joinedload(Report.project).joinedload(Project.team),
    joinedload(Report.remarked_by),
)


def get_report(session: Session, by: User, report_id: int) -> Report:
    """One report that was sent, or NotFound."""
    query = select(Report).where(Report.id == report_id, Report.state == "sent", visible(Report, by)).options(*_WHOLE)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def find_report(session: Session, by: User, subject: str, period: Period) -> Report | None:
    """The row of a subject's report of a period, sent or still open; None where there is none yet."""
    query = select(Report).where(
        Report.subject == subject, Report.period == period.kind, Report.starts_on == period.starts_on
    )
    return session.scalar(query.where(visible(Report, by)).options(*_WHOLE))


def reports_asked(by: User, of: str = "", period: str = "", user_id: int | None = None) -> Select[Report]:
    """The reports that were sent, the newest first."""
    query = select(Report).where(Report.state == "sent", visible(Report, by)).options(*_WHOLE[:4])
    if of:
        query = query.where(Report.subject.like(f"{of}:%"))
    if period:
        query = query.where(Report.period == period)
    if user_id is not None:
        query = query.where(Report.user_id == user_id)
    return query.order_by(Report.ends_on.desc(), Report.id.desc())


def list_reports(
    session: Session, by: User, of: str = "", period: str = "", user_id: int | None = None, page: int = 1
) -> Page[Report]:
    """A page of them."""
    return page_of(session, reports_asked(by, of, period, user_id), page, size=30)


def get_subject(session: Session, by: User, key: str) -> tuple[Subject, Sequence[User]]:
    """A subject whose reports the user reads, by `person:7` and the like, with our people; or NotFound."""
    of, _colon, digits = key.partition(":")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        raise NotFound
    number = int(digits)
    if of == "project":
        project = session.scalar(select(Project).where(Project.id == number, visible(Project, by)))
        if project is None or by.party_id is not None:
            raise NotFound
        return Subject("project", project.id, project.name), ()
    people = list_people(session)
    if of == "person":
        person = next((one for one in people if one.id == number), None)
        if person is None or by.party_id is not None or not reads_reports_of(by, person):
            raise NotFound
        return Subject("person", person.id, person.name, people_of(person.id), person.team_id), [person]
    found = next((one for one in list_readable(session, by, people) if one.key == key), None)
    if found is None:
        raise NotFound
    return found, [one for one in people if one.id in found.people]


def list_readers(session: Session, by: User, people: Sequence[User] | None = None) -> list[User]:
    """To whom the user may have reports mailed: himself first, then those whom he leads."""
    people = list_people(session) if people is None else people
    return sorted((one for one in people if reads_reports_of(by, one)), key=lambda one: (one.id != by.id, one.name))


def list_readable(session: Session, by: User, people: Sequence[User] | None = None) -> list[Subject]:
    """All subjects whose reports the user reads: himself, and whom he leads."""
    people = list_people(session) if people is None else people
    subjects, mine = list_subjects(session, people), {one.id: one for one in people}
    read = {one.id for one in people if reads_reports_of(by, one)}
    found = []
    for one in subjects:
        if one.of == "person":
            fits = one.id in read
        else:
            fits = may_lead(by) and bool(one.people) and all(reads_reports_of(by, mine[id_]) for id_ in one.people)
        if fits:
            found.append(one)
    return found


def list_projects_named(session: Session, by: User, keys: Iterable[str]) -> list[Subject]:
    """Those of the subjects named (`project:7` …) that are projects he sees."""
    numbers = {key.removeprefix("project:") for key in keys if key.startswith("project:")}
    ids = [int(one) for one in numbers if one.isascii() and one.isdecimal() and len(one) < 10]
    if not ids or by.party_id is not None:
        return []
    query = select(Project.id, Project.name).where(Project.id.in_(ids), visible(Project, by)).order_by(Project.name)
    return [Subject("project", number, name) for number, name in session.execute(query)]


def sections_of(session: Session, kind: str) -> Sequence[str]:
    """The sections of a kind of report, as the administrator arranged them, else by default."""
    row = session.get(ReportForm, kind)
    return row.sections if row is not None else default_sections(kind)


def list_forms(session: Session) -> dict[str, Sequence[str]]:
    """The arranged ones by kind."""
    return {row.kind: row.sections for row in session.scalars(select(ReportForm))}


def seen_sites(session: Session, by: User, sites: Iterable[Site]) -> set[Site]:
    """Those of the sites that the user sees, one statement for each kind."""
    found: set[Site] = set()
    models: dict[str, Any] = {"project": Project, "lead": Lead, "registration": Registration, "todo": Todo}
    groups: dict[str, set[int]] = {}
    for kind, number in sites:
        groups.setdefault(kind, set()).add(number)
    for kind, ids in groups.items():
        model = models[kind]
        found |= {(kind, one) for one in session.scalars(select(model.id).where(model.id.in_(ids), visible(model, by)))}
    return found


def list_pictures(session: Session, by: User, tokens: Collection[str]) -> dict[str, Photo]:
    """Those of the pictures that are there and that the user sees."""
    rows = session.scalars(select(Photo).where(Photo.token.in_(tokens), visible(Photo, by))) if tokens else ()
    return {photo.token: photo for photo in rows}
