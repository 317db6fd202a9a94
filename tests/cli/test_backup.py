"""`tracker backup` and `tracker restore`: everything comes back, or nothing is touched."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import tarfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.cli.conftest import ADMIN, Databases, Place, a_picture, one_line, place_at
from tests.conftest import NOON
from tests.databases import DATABASE
from tests.factories import make_party
from tests.leads.making import row, sheet
from tracker import clock, migrating
from tracker.backup.tables import kind_of, our_tables, rows_of
from tracker.extensions import db
from tracker.gallery.operations import stage_photo
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.storage import FolderStorage
from tracker.team.models import Team, User
from tracker.team.operations import add_team
from tracker.team.queries import find_by_username

ODD = "Tab\there, line\nthere, 100 %, \\N, {curly}"


def everything(place: Place) -> dict[str, list[list[Any]]]:
    """All rows of all tables."""
    with place.session() as session:
        return {table.name: list(rows_of(session.connection(), table)) for table in our_tables()}


def media(place: Place) -> dict[str, bytes]:
    """All stored files."""
    return {str(path.relative_to(place.media)): path.read_bytes() for path in place.media.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def full(databases: Databases, started: str, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A company with projects, a picture, imported leads, and rows that refer to later ones. Nobody changes it."""
    folder = tmp_path_factory.mktemp("full")
    place = place_at(folder / "company", databases.url(folder / "company", copy_of=started))
    (folder / "permits.csv").write_bytes(sheet([row("A-1"), row("A-2", date="soon")]))
    with clock.frozen(NOON):
        place.done("generate", "--projects", "12", "--users", "5")
        place.done("import", "leads", str(folder / "permits.csv"))
        with place.session() as session:
            admin = find_by_username(session, "admin")
            assert admin is not None
            stage_photo(session, FolderStorage(place.media), a_picture(), "site.jpg", by=admin)
            root = session.scalars(select(Team).where(Team.name == "Anhe")).one()
            later = add_team(session, "总部 🏗 \u2028 \\ \" '", by=None)
            root.parent_id, root.path = later.id, f"{later.path}{root.id}/"  # the parent has the higher number
            root.supervisor_id = admin.id
            make_party(session, ODD)
            session.commit()
    return place


@pytest.fixture(scope="module")
def packed(full: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the full company."""
    path = tmp_path_factory.mktemp("packed") / "company.tar.gz"
    with clock.frozen(NOON):
        full.done("backup", str(path))
    return path


@pytest.mark.parametrize("name", ["company.tar", "company.tgz"])
def test_what_was_backed_up_comes_back_row_by_row_and_byte_by_byte(
    full: Place, new_place: Callable[[str], Place], tmp_path: Path, name: str
) -> None:
    told = full.done("backup", str(tmp_path / name))
    rows = sum(len(found) for found in everything(full).values())
    assert told.startswith(f"{tmp_path / name}: {rows:,} rows and {len(media(full)):,} files, in ")
    other = new_place("other")
    told = other.done("restore", str(tmp_path / name))
    assert told.startswith(f"{rows:,} rows and {len(media(full)):,} files of {clock.now().isoformat()[:16]} are back")
    assert everything(other) == everything(full)
    assert media(other) == media(full)
    assert other.run("doctor").stdout == full.run("doctor").stdout


def test_a_restored_company_is_well_and_goes_on_numbering_where_it_was(
    company: Place, new_place: Callable[[str], Place], tmp_path: Path
) -> None:
    with company.session() as session:
        last = make_party(session).id
        session.commit()
    company.done("backup", str(tmp_path / "b.tar"))
    other = new_place("other")
    other.done("restore", str(tmp_path / "b.tar"))
    assert other.done("doctor") == "all is well\n"
    with other.session() as session:
        assert make_party(session, "Another").id == last + 1
        contact = Contact(party_id=last, name="Wang Li")  # a table that was empty
        session.add(contact)
        session.commit()
        assert contact.id == 1


def test_a_company_moves_between_the_embedded_database_and_a_server(
    full: Place, packed: Path, tmp_path: Path, new_place: Callable[[str], Place]
) -> None:
    if DATABASE == "sqlite":
        pytest.skip("needs the server of the other run")
    embedded = Place(tmp_path / "e", {**full.environ, "TRACKER_DATA": str(tmp_path / "e"), "TRACKER_DATABASE_URL": ""})
    embedded.done("restore", str(packed))
    assert everything(embedded) == everything(full)
    embedded.done("backup", str(tmp_path / "back.tar"))
    again = new_place("again")
    again.done("restore", str(tmp_path / "back.tar"))
    assert everything(again) == everything(full)


def test_a_backup_is_for_its_owner_alone_and_replaces_an_older_one_whole(company: Place, tmp_path: Path) -> None:
    out = tmp_path / "b.tar"
    out.write_text("an older one")
    company.done("backup", str(out))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert tarfile.is_tarfile(out)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_says_what_it_holds(full: Place, packed: Path) -> None:
    with tarfile.open(packed) as archive:
        names = archive.getnames()
        said = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
    assert names[-1] == "manifest.json"
    assert set(said["files"]) == set(names[:-1])
    assert said["tables"]["project"]["rows"] == 12
    assert said["product"]
    assert said["revision"]


def test_a_name_that_says_no_kind_of_backup_is_refused(company: Place, tmp_path: Path) -> None:
    result = company.run("backup", str(tmp_path / "b.zip"))
    assert result.exit_code == 1
    assert ".tar.gz" in one_line(result)
    assert not (tmp_path / "b.zip").exists()


def test_a_place_that_cannot_be_written_is_one_line(company: Place, tmp_path: Path) -> None:
    result = company.run("backup", str(tmp_path / "no" / "such" / "b.tar"))
    assert result.exit_code == 1
    assert "No such file or directory" in one_line(result)


def test_an_installation_with_rows_is_only_given_up_when_asked(
    full: Place, packed: Path, new_place: Callable[[str], Place]
) -> None:
    other = new_place("other")
    other.done("init", *ADMIN)
    before = everything(other)
    result = other.run("restore", str(packed))
    assert result.exit_code == 1
    assert "--replace" in one_line(result)
    assert everything(other) == before
    assert media(other) == {}
    other.done("restore", str(packed), "--replace")
    assert everything(other) == everything(full)
    assert media(other) == media(full)


def changed(path: Path, folder: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The backup with other members."""
    with tarfile.open(path) as archive:
        members = {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]
    change(members)
    out = folder / "changed.tar"
    with tarfile.open(out, "w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out


def refused(place: Place, path: Path) -> str:
    """The one line with which a restore is refused; nothing is there afterwards."""
    result = place.run("restore", str(path))
    assert result.exit_code == 1
    assert media(place) == {}
    assert not (place.data / "tracker.sqlite3").exists()
    return one_line(result)


def _spoil(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        found = next(key for key in members if key.startswith(name))
        members[found] = members[found][:-2] + b"x\n"

    return change


def _drop(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.pop(next(key for key in members if key.startswith(name))) and None


def _say(**values: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        said = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**said, **values}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_spoil("tables/project.jsonl"), "tables/project.jsonl is not what it was"),
        (_spoil("media/derived/"), "is not what it was"),
        (_drop("media/originals/"), "is missing"),
        (_drop("tables/event.jsonl"), "tables/event.jsonl is missing"),
        (_drop("manifest.json"), "manifest is missing"),
        (_spoil("manifest.json"), "manifest cannot be read"),
        (_say(format=2), "format 2"),
        (_say(revision="20990101"), "20990101"),
        (_say(tables=[]), "manifest cannot be read"),
        (lambda members: members.update({"media/extra": b"?"}), "media/extra"),
        (lambda members: members.update({"media/../../evil": b"?"}), "no place"),
        (lambda members: members.update({"/etc/evil": b"?"}), "no place"),
        (lambda members: members.update({"media/.hidden": b"?"}), "no place"),
        (lambda members: members.update({"notes.txt": b"?"}), "no place"),
    ],
)
def test_a_backup_that_is_not_as_it_was_made_is_refused_before_anything_is_touched(
    packed: Path, untouched: Place, tmp_path: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    assert said in refused(untouched, changed(packed, tmp_path, change))


def test_links_and_devices_have_no_place_in_a_backup(untouched: Place, tmp_path: Path) -> None:
    out = tmp_path / "linked.tar"
    with tarfile.open(out, "w") as archive:
        link = tarfile.TarInfo("media/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert "no place" in refused(untouched, out)


@pytest.mark.parametrize("keep", [0, 100, 2000])
def test_a_backup_that_was_cut_off_is_refused(packed: Path, untouched: Place, tmp_path: Path, keep: int) -> None:
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(packed.read_bytes()[:keep])
    assert "cut.tar.gz" in refused(untouched, cut)


def test_rows_that_refer_to_nothing_bring_nothing_back(packed: Path, nowhere: Place, tmp_path: Path) -> None:
    def orphan(members: dict[str, bytes]) -> None:
        said = json.loads(members["manifest.json"])
        members["tables/party.jsonl"] = b""
        said["tables"]["party"]["rows"] = 0
        said["files"]["tables/party.jsonl"] = [0, hashlib.sha256(b"").hexdigest()]
        members["manifest.json"] = json.dumps(said).encode()

    result = nowhere.run("restore", str(changed(packed, tmp_path, orphan)))
    assert result.exit_code == 1
    one_line(result)
    assert all(rows == [] for rows in everything(nowhere).values())


def test_a_restore_that_fails_half_way_leaves_the_old_company(
    full: Place, packed: Path, new_place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_place("other")
    other.done("init", *ADMIN)
    before = everything(other)
    monkeypatch.setattr("tracker.backup.restoring.set_sequences", _fail)
    result = other.run("restore", str(packed), "--replace")
    assert result.exit_code == 1
    assert "No space left" in one_line(result)
    assert everything(other) == before


def _fail(*_anything: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_picture_that_goes_away_meanwhile_does_not_break_the_backup(
    full: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = list(FolderStorage(full.media).keys())
    monkeypatch.setattr(FolderStorage, "keys", lambda _self, _prefix="": iter([*keys, "originals/gone"]))
    told = full.done("backup", str(tmp_path / "b.tar"))
    assert f" {len(keys):,} files" in told


def test_every_column_has_a_kind_in_a_backup() -> None:
    assert {kind_of(column) for table in our_tables() for column in table.columns} == {
        "whole", "number", "text", "flag", "day", "moment", "json",
    }  # fmt: skip
    columns = Project.__table__.columns
    assert [kind_of(columns[name]) for name in ("value", "latitude", "phase_since", "created_at")] == [
        "whole", "number", "day", "moment",
    ]  # fmt: skip


def test_days_moments_money_and_documents_survive_as_what_they_are(
    full: Place, packed: Path, new_place: Callable[[str], Place]
) -> None:
    other = new_place("other")
    other.done("restore", str(packed))
    with full.session() as session:
        columns = (Project.value, Project.latitude, Project.phase_since, Project.created_at)
        wanted = session.execute(select(*columns).order_by(Project.id)).all()
    with other.session() as session:
        found = session.execute(select(*columns).order_by(Project.id)).all()
        names = session.scalars(select(Party.name).where(Party.name.contains("curly"))).all()
        assert isinstance(session.scalars(select(User.created_at)).first(), type(clock.now()))
    assert found == wanted
    assert isinstance(found[0].phase_since, date)
    assert names == [ODD]


def test_restoring_into_a_folder_that_was_served_once_is_restoring_into_an_empty_one(
    full: Place, packed: Path, new_place: Callable[[str], Place]
) -> None:
    other = new_place("other")
    with other.session():
        migrating.bring_up(db.engine)
    other.done("restore", str(packed))
    assert everything(other) == everything(full)
