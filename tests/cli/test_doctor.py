"""`tracker doctor`: it finds what is wrong, a line each, and nothing where all is well."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests.cli.conftest import Place, a_picture, one_line
from tests.factories import make_party
from tests.leads.making import opening
from tracker import clock
from tracker.documents.operations import stage_document
from tracker.gallery.models import Photo
from tracker.gallery.operations import stage_photo
from tracker.images import SIZES
from tracker.matrix.models import DefinitionVersion
from tracker.matrix.operations.moves import Proof, move_step
from tracker.parties.models import Party
from tracker.projects.models import Building, Project, ProjectDesk, ProjectParty, ProjectTally
from tracker.projects.operations import open_project
from tracker.storage import FolderStorage
from tracker.team.models import Role, Team, User
from tracker.team.operations import add_team, edit_user
from tracker.team.queries import find_by_username


def admin_of(session: Session) -> User:
    found = find_by_username(session, "admin")
    assert found is not None
    return found


def faults_of(place: Place, code: int = 1) -> list[str]:
    result = place.run("doctor")
    assert result.exit_code == code, result.output
    assert result.stderr == ""
    return result.stdout.splitlines()


@pytest.fixture
def project(company: Place) -> int:
    """A project opened by the rules in the company, with a developer and a dealer; its number."""
    with company.session() as session:
        by = admin_of(session)
        parties = ((make_party(session).id, "owner"), (make_party(session, "Xinyuan", kind="dealer").id, "dealer"))
        opened = open_project(session, opening(parties=parties), by=by)
        session.commit()
        return opened.id


def change(place: Place, statement: object) -> None:
    with place.session() as session:
        session.execute(statement)  # type: ignore[call-overload]
        session.commit()


def test_a_company_just_started_is_well(company: Place) -> None:
    assert company.done("doctor") == "all is well\n"


def test_generated_projects_are_well_but_for_their_pictures(company: Place) -> None:
    company.done("generate", "--projects", "30", "--users", "6")
    lines = faults_of(company)
    with company.session() as session:
        photos = len(session.scalars(select(Photo.id)).all())
    assert len(lines) == photos * (1 + len(SIZES))
    assert all(line.startswith("photo ") and line.endswith(" is missing") for line in lines)


def test_a_project_opened_by_the_rules_is_well(company: Place, project: int) -> None:
    assert company.done("doctor") == "all is well\n"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("step", "handover"),
        ("step_since", date(2020, 1, 1)),
        ("developer_id", None),
        ("dealer_id", None),
        ("last_record_on", date(2020, 1, 1)),
        ("silent_after", None),
        ("next_due_on", date(2020, 1, 1)),
        ("open_tasks", 99),
    ],
)
def test_a_derived_column_that_is_not_what_the_facts_say_is_named(
    company: Place, project: int, column: str, value: object
) -> None:
    change(company, update(Project).values(**{column: value}))
    line, *others = faults_of(company)
    assert line.startswith(f"project {project}: {column} is {value}, the facts say ")
    summed = ("tally ", "past days ", f"project {project}: its past days ")  # by the step as it is stored
    named = f"project {project}: its keys in the index of match keys are not its own"  # the developer's name is in them
    assert all((column == "step" and other.startswith(summed)) or (column == "developer_id" and other == named)
               for other in others)  # fmt: skip


def test_desks_and_parties_are_compared_too(company: Place, project: int) -> None:
    with company.session() as session:
        session.add(ProjectDesk(project_id=project, department="finance"))
        dealer = session.scalars(select(ProjectParty.party_id).where(ProjectParty.role == "dealer")).one()
        session.execute(ProjectParty.__table__.delete().where(ProjectParty.role == "dealer"))
        session.commit()
    lines = faults_of(company)
    assert [line.split(":")[0] for line in lines] == [*[f"project {project}"] * 2, f"party {dealer}"]
    assert "dealer_id" in lines[0]
    assert "desks are" in lines[1]
    assert "finance" in lines[1]
    assert "the tally of its projects" in lines[2]


def test_what_is_kept_beside_the_rows_is_compared_with_them(company: Place, project: int) -> None:
    with company.session() as session:
        session.execute(update(ProjectTally).values(projects=7))
        session.execute(text("DELETE FROM party_words"))
        session.commit()
        team = session.scalars(select(Team.id)).one()
        parties = session.scalars(select(Party.id).order_by(Party.id)).all()
    assert faults_of(company) == [
        f"tally of team {team} at qualify/land/active is not what counting says",
        *(f"party {number}: its words in the search index are not its own" for number in parties),
    ]


def test_what_is_derived_can_be_mended_and_what_happened_stays(company: Place, project: int) -> None:
    with company.session() as session:
        session.execute(update(Project).values(silent_after=None, open_tasks=99, name="Renamed past the index"))
        session.execute(update(ProjectTally).values(projects=7))
        session.add(ProjectDesk(project_id=project, department="finance"))
        session.commit()
    assert len(faults_of(company)) == 6
    assert company.done("doctor", "--mend") == "all is well\n"
    change(company, update(Project).values(phase="map"))
    assert f"project {project}: phase is map, its last move went to qualify" in company.run("doctor", "--mend").stdout


def test_a_place_that_no_move_led_to_is_named(company: Place, project: int) -> None:
    change(company, update(Project).values(phase="map", stranded_on=date(2026, 3, 1)))
    lines = faults_of(company)
    assert f"project {project}: phase is map, its last move went to qualify" in lines
    assert f"project {project}: stranded_on is 2026-03-01, its moves say False" in lines
    change(company, update(Building).values(step="structure"))
    assert any(
        line.startswith("building ") and line.endswith("its last move went to land") for line in faults_of(company)
    )


def test_a_project_that_was_stranded_by_its_last_step_is_well(company: Place, project: int) -> None:
    with company.session() as session:
        found = session.get_one(Project, project)
        building = session.scalars(select(Building)).one()
        proof = Proof(on=clock.today(), source="exif", has_photo=True)
        decision = move_step(session, found, building, "handover", by=admin_of(session), on=clock.today(), proof=proof)
        assert "stranded" in decision.marks
        session.commit()
    assert company.done("doctor") == "all is well\n"


def test_a_project_without_a_building_and_one_of_an_unknown_definition_are_named_and_the_others_examined(
    company: Place, project: int
) -> None:
    with company.session() as session:
        by = admin_of(session)
        second, third = (open_project(session, opening(name=name), by=by).id for name in ("Two", "Three"))
        session.execute(text(f"DELETE FROM move WHERE project_id = {project}"))
        session.execute(text(f"DELETE FROM building WHERE project_id = {project}"))
        session.execute(update(Project).where(Project.id == second).values(definition_version=99))
        session.execute(update(Project).where(Project.id == third).values(open_tasks=99))
        session.commit()
    lines = faults_of(company)
    assert f"project {project}: its rows make no sense: a project needs at least one building" in lines
    assert f"project {second}: its definition standard 99 cannot be read" in lines
    assert any(line.startswith(f"project {third}: open_tasks is 99") for line in lines)
    assert len(lines) == 3


def test_a_definition_that_cannot_be_read_any_more_is_named(company: Place) -> None:
    with company.session() as session:
        session.add(DefinitionVersion(key="own", version=7, source="meta: {key: own, version: 7}"))
        session.commit()
    (line,) = faults_of(company)
    assert line.startswith("definition own 7: ")


def test_a_team_whose_path_is_not_the_trees_is_named(company: Place) -> None:
    with company.session() as session:
        root = session.scalars(select(Team)).one()
        north = add_team(session, "North", by=None, parent=root)
        session.commit()
        wanted = north.path
    change(company, update(Team).where(Team.name == "North").values(path="/7/"))
    (line,) = faults_of(company)
    assert line.endswith(f"(North): path is /7/, the tree says {wanted}")


def test_teams_below_themselves_are_named(company: Place) -> None:
    change(company, update(Team).values(parent_id=Team.id))
    (line,) = faults_of(company)
    assert line.endswith("(Anhe) lies below itself")


def test_a_capability_that_means_nothing_is_named(company: Place) -> None:
    with company.session() as session:
        role = session.scalars(select(Role).where(Role.key == "director")).one()
        role.capabilities = [*role.capabilities, "walls.paint"]
        role.scope = "galaxy"
        session.commit()
    assert faults_of(company) == [
        "role director: nothing is known of the capability 'walls.paint'",
        "role director: nothing is known of the scope 'galaxy'",
    ]


def test_a_company_without_an_active_administrator_is_named(company: Place) -> None:
    change(company, update(User).values(active=False))
    assert faults_of(company) == ["nobody who may sign in is an administrator"]


def test_missing_pictures_are_faults_and_files_nobody_knows_are_a_notice(company: Place) -> None:
    storage = FolderStorage(company.media)
    with company.session() as session:
        photo = stage_photo(session, storage, a_picture(), "site.jpg", by=admin_of(session))
        session.commit()
        number, token, original = photo.id, photo.token, photo.original_key
    assert company.done("doctor") == "all is well\n"
    storage.put("originals/xx/left-behind", b"bytes")
    assert faults_of(company, code=0) == ["notice: media: nothing refers to originals/xx/left-behind", "all is well"]
    storage.delete(original)
    storage.delete(f"derived/{token[:2]}/{token}-320.jpg")
    lines = faults_of(company)
    assert lines[:2] == [
        f"photo {number}: {original} is missing",
        f"photo {number}: derived/{token[:2]}/{token}-320.jpg is missing",
    ]
    assert len(lines) == 3


def test_an_old_database_is_a_fault_and_is_not_examined_further(company: Place) -> None:
    change(company, text("UPDATE alembic_version SET version_num = 'long ago'"))
    (line,) = faults_of(company)
    assert line.startswith("database: it is at revision long ago, the newest is ")


def test_no_database_is_a_fault_and_none_is_made(nowhere: Place) -> None:
    (line,) = faults_of(nowhere)
    assert line.startswith("database: ")
    assert "`tracker " in line
    assert not (nowhere.data / "tracker.sqlite3").exists()


def test_a_database_that_is_away_is_a_fault(untouched: Place) -> None:
    result = untouched.run(
        "doctor", environ={"TRACKER_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"}
    )
    assert result.exit_code == 1
    assert result.stdout.startswith("database: it does not answer: ")
    assert result.stdout.count("\n") == 1


def test_settings_that_make_no_sense_are_faults(company: Place) -> None:
    result = company.run("doctor", environ={"TRACKER_BASE_URL": "anhe", "TRACKER_MEDIA_URL": "s3://bucket"})
    assert result.exit_code == 1
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["TRACKER_BASE_URL", "TRACKER_MEDIA_URL"]
    result = company.run("doctor", environ={"TRACKER_TIMEZONE": "Mars/Olympus"})
    assert result.exit_code == 1
    assert "TRACKER_TIMEZONE" in one_line(result)


def test_production_without_tls_is_well_but_told(company: Place) -> None:
    live = {"TRACKER_ENV": "production", "TRACKER_SECRET_KEY": "sixteen letters or more"}
    told = company.done("doctor", environ=live).splitlines()
    assert [line.split(":")[0] for line in told] == ["notice", "notice", "all is well"]


def test_mending_sweeps_what_nothing_has_referred_to_for_a_week_and_brings_lost_sizes_back(company: Place) -> None:
    storage = FolderStorage(company.media)
    with company.session() as session:
        photo = stage_photo(session, storage, a_picture(), "site.jpg", by=admin_of(session))
        session.commit()
        token = photo.token
    for name in ("old", "young"):
        storage.put(f"originals/xx/{name}", b"bytes")
    long_ago = clock.days_ago(8).timestamp()
    os.utime(company.media / "originals/xx/old", (long_ago, long_ago))
    storage.delete(f"derived/{token[:2]}/{token}-800.jpg")
    assert company.run("doctor").exit_code == 1
    result = company.run("doctor", "--mend")
    assert result.exit_code == 0, result.output
    assert "1 stray files swept" in result.stdout and "refers to originals/xx/young" in result.stdout
    assert not storage.exists("originals/xx/old") and storage.exists(f"derived/{token[:2]}/{token}-800.jpg")


def test_every_byte_is_compared_with_its_hash_where_that_is_asked_for(company: Place) -> None:
    storage = FolderStorage(company.media)
    with company.session() as session:
        photo = stage_photo(session, storage, a_picture(), "site.jpg", by=admin_of(session))
        paper = stage_document(session, storage, b"%PDF-1.4 %%EOF", "notice.pdf", by=admin_of(session))
        session.commit()
        keys = [(f"photo {photo.id}", photo.original_key), (f"document {paper.id}", paper.storage_key)]
    assert company.done("doctor", "--every-byte").endswith("all is well\n")
    for _name, key in keys:
        storage.put(key, b"something else")
    assert company.done("doctor").endswith("all is well\n")
    result = company.run("doctor", "--every-byte")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{name}: {key} is not what was taken in (its hash differs)" for name, key in keys
    ]


def test_a_media_folder_that_is_a_file_is_one_line(company: Place, tmp_path: Path) -> None:
    (tmp_path / "flat").write_text("a file")
    result = company.run("doctor", environ={"TRACKER_MEDIA_URL": str(tmp_path / "flat")})
    assert result.exit_code == 1
    assert "media" in result.stdout + one_line(result) if result.stderr else result.stdout


def test_looking_changes_nothing_and_takes_no_lock(company: Place, project: int) -> None:
    with company.session() as session:
        session.execute(update(Project).values(name="being renamed"))  # holds the write lock on SQLite
        assert company.done("doctor") == "all is well\n"
        session.rollback()
        assert session.get_one(Project, project).name == "Riverside Tower"


def test_a_department_that_changes_leaves_no_stale_desk(company: Place, project: int) -> None:
    with company.session() as session:
        by = admin_of(session)
        edit_user(session, by, by=by, name=by.name, role_id=by.role_id, department="sales", team_id=by.team_id)
        session.commit()
    assert company.done("doctor") == "all is well\n"
