"""Permits that name by type who takes part become projects with their firms and people, each real firm once."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tracker.events import Event, Kind
from tracker.imports.models import ImportRun
from tracker.imports.operations.from_file import import_file
from tracker.imports.operations.undoing import undo_run
from tracker.matching.comparing import compare_firms
from tracker.matching.likeness import Level
from tracker.matching.normalise import firm_key, phone_key
from tracker.matching.things import Firm
from tracker.parties.models import Contact, Party, PartyName
from tracker.parties.tallying import faults
from tracker.projects.models import Project, ProjectContact, ProjectParty
from tracker.sheets.participants import is_person, roles_of
from tracker.storage import FolderStorage

FILE = "permits/chicago_tower_crane_permits_with_roles.csv"


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "media")


def take(session: Session, storage: FolderStorage, path: Path, cast: Cast) -> ImportRun:
    return import_file(session, storage, path, cast.supervisor, kind="projects", commit=session.commit)


def small(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "permits.csv"
    head = "PERMIT#,ISSUE_DATE, ESTIMATED_COST,ADDRESS"
    head += "".join(f",CONTRACTOR_{n}_TYPE,CONTRACTOR_{n}_NAME,CONTRACTOR_{n}_PHONE" for n in (1, 2, 3))
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def test_those_who_take_part_become_firms_in_their_roles_and_people_in_the_circle(
    session: Session, cast: Cast, storage: FolderStorage, tmp_path: Path
) -> None:
    path = small(
        tmp_path,
        "100637362,03/22/2016,$20000.00,1118 N STATE ST,OWNER,LAKE TOWER LLC,,STRUCTURAL ENGINEER,RUBY DAVID,"
        "(312)555-0101,CONTRACTOR-GENERAL CONTRACTOR,WALSH CONSTRUCTION COMPANY OF,(312)563-5400 x",
        '100637363,03/23/2016,$30000.00,9 W LAKE ST,OWNER AS GENERAL CONTRACTOR,"LAKE TOWER, L.L.C.",,'
        "STRUCTURAL ENGINEER,DAVID M. RUBY,,CONTRACTOR-GENERAL CONTRACTOR,WALSH  CONSTRUCTION,(312)563-5400",
        "100637364,03/24/2016,,12 W LAKE ST,MYSTERY,NOBODY KNOWS INC,,,,,,,",
    )
    run = take(session, storage, path, cast)
    assert (run.created, run.rejected) == (3, 0)
    rows = session.execute(
        select(Project.plot_number, Party.name, ProjectParty.role)
        .join(ProjectParty, ProjectParty.project_id == Project.id)
        .join(Party, Party.id == ProjectParty.party_id)
    ).all()
    assert sorted(rows) == [
        ("100637362", "LAKE TOWER LLC", "owner"),
        ("100637362", "RUBY DAVID", "specialist_consultant"),
        ("100637362", "WALSH CONSTRUCTION COMPANY OF", "main_contractor"),
        ("100637363", "LAKE TOWER LLC", "main_contractor"),
        ("100637363", "LAKE TOWER LLC", "owner"),
        ("100637363", "RUBY DAVID", "specialist_consultant"),
        ("100637363", "WALSH CONSTRUCTION COMPANY OF", "main_contractor"),
    ]
    assert session.scalars(select(PartyName.name)).all() == ["WALSH CONSTRUCTION"]
    contact = session.scalars(select(Contact)).one()
    assert (contact.name, contact.phone) == ("RUBY DAVID", "(312)555-0101")
    assert session.scalar(select(func.count()).select_from(ProjectContact)) == 2
    assert session.scalars(select(Project.name).where(Project.plot_number == "100637362")).one() == "1118 N STATE ST"


def test_the_same_file_again_changes_nothing(
    session: Session, cast: Cast, storage: FolderStorage, tmp_path: Path
) -> None:
    path = small(
        tmp_path,
        "100637362,03/22/2016,$20000.00,1118 N STATE ST,OWNER,LAKE TOWER LLC,,STRUCTURAL ENGINEER,RUBY DAVID,,,,",
    )
    take(session, storage, path, cast)
    again = take(session, storage, path, cast)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)


def test_undoing_takes_back_the_projects_with_their_firms_and_people(
    session: Session, cast: Cast, storage: FolderStorage, tmp_path: Path
) -> None:
    path = small(
        tmp_path,
        "100637362,03/22/2016,,1118 N STATE ST,OWNER,LAKE TOWER LLC,,STRUCTURAL ENGINEER,RUBY DAVID,,"
        "CONTRACTOR-GENERAL CONTRACTOR,WALSH CONSTRUCTION COMPANY OF,(312)563-5400",
        "100637363,03/23/2016,,9 W LAKE ST,,,,,,,CONTRACTOR-GENERAL CONTRACTOR,WALSH  CONSTRUCTION,(312)563-5400",
    )
    run = take(session, storage, path, cast)
    assert session.scalar(select(func.count()).select_from(PartyName)) == 1
    undo_run(session, run, by=cast.supervisor, commit=session.commit)
    assert set(session.scalars(select(Project.state))) == {"closed"}
    assert set(session.scalars(select(Contact.withdrawn))) == {True}
    assert set(session.scalars(select(Party.withdrawn).where(Party.kind != "dealer"))) == {True}
    assert list(faults(session)) == []


@pytest.mark.parametrize(
    ("word", "roles"),
    [
        ("OWNER OCCUPIED", ("owner",)),
        ("OWNER AS ARCHITECT", ("owner", "design_institute")),
        ("CONTRACTOR-GENERAL CONTRACTOR", ("main_contractor",)),
        ("CONTRACTOR-PLUMBER/PLUMBING", ("electrical_sub",)),
        ("MASON - CONCRETE ONLY", ("facade_sub",)),
        ("SELF CERT ARCHITECT", ("design_institute",)),
        ("监理单位", ("supervisor_firm",)),
        ("WIZARD", ()),
        ("", ()),
    ],
)
def test_what_a_sheet_calls_a_role_is_one_of_ours(word: str, roles: tuple[str, ...]) -> None:
    assert roles_of(word) == roles


def test_a_person_is_told_from_a_firm() -> None:
    for name in ("KOHOUT CHRISTOPHER", "POST, CAROL A.", "O'LEARY JOHN", "Andi Pini"):
        assert is_person(name), name
    for name in ("HINES", "JRC 215 LLC", "CENTRUM PROPERTIES", "CHILDRENS MEMORIAL HOSPITAL", "JOHN LYLE & ASSOCIATES",
                 "LEXINGTON RESIDENTIAL DEVELOPMENT", "恒悦置地"):  # fmt: skip
        assert not is_person(name), name


@pytest.mark.real_time
def test_chicagos_high_rise_permits_come_in_with_everybody_who_takes_part(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    path = shared_data / FILE
    if not path.is_file():
        pytest.skip(f"real input is not at hand: {path} is missing")
    run = take(session, storage, path, cast)
    assert run.rows_total == 441
    assert run.created == session.scalar(select(func.count()).select_from(Project)) == 441
    named = _named(path)
    roles = Counter(session.scalars(select(ProjectParty.role)))
    assert roles["owner"] > 350 and roles["main_contractor"] > 350 and roles["specialist_consultant"] > 350
    assert roles["design_institute"] > 0
    firms = session.scalars(select(Party).where(Party.kind != "dealer")).all()
    assert len(firms) < len({firm_key(name) for name in named}), "spellings of one firm are one party"
    assert _alike(session, firms) == []
    for party in firms:
        assert party.created_by_id == cast.supervisor.id
    engineer = session.scalars(select(Contact).where(Contact.name == "KOHOUT CHRISTOPHER")).one()
    known = select(func.count()).select_from(ProjectContact).where(ProjectContact.contact_id == engineer.id)
    assert (session.scalar(known) or 0) > 100
    assert session.scalar(select(func.count()).select_from(Event).where(Event.kind == Kind.PARTY_ADDED)) == len(firms)
    assert list(faults(session)) == []


def _named(path: Path) -> set[str]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        head, *rows = list(csv.reader(file))
    places = [place for place, header in enumerate(head) if header.strip().endswith("_NAME") and "CONTRACTOR" in header]
    return {row[place].strip() for row in rows for place in places if place < len(row) and row[place].strip()}


def _alike(session: Session, firms: list[Party]) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    """The pairs that share a phone and are called alike: what would be one firm entered twice."""
    by_phone: dict[str, list[Party]] = {}
    for party in firms:
        if party.phone and len(phone_key(party.phone)) >= 7:
            by_phone.setdefault(phone_key(party.phone), []).append(party)
    found = []
    for some in by_phone.values():
        for one, other in combinations(some, 2):
            pair = (Firm((party.name,), None, (party.phone or "",)) for party in (one, other))
            likeness = compare_firms(*pair)
            if likeness.level in (Level.CERTAIN, Level.LIKELY):
                found.append((one.name, other.name))
    return found
