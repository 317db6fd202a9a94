"""Bringing a backup back. It is read whole and checked before anything is touched."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, table
from sqlalchemy.orm import Session

from tracker import migrating
from tracker.backup.manifest import MANIFEST, MEDIA, ROWS, TABLES, BackupRefused, Manifest, read_manifest
from tracker.backup.tables import columns_there, first_with_rows, our_tables, set_sequences, unbound, write_rows
from tracker.database import renew_statistics
from tracker.doctor.findings import Told
from tracker.duplicates import indexing as match_keys
from tracker.parties import tallying as firms
from tracker.search import indexing
from tracker.storage import Storage, is_key

PIECE = 1024 * 1024  # bytes
LARGEST_MANIFEST = 512 * 1024 * 1024  # bytes
BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)


def check_backup(path: Path, tell: Told) -> Manifest:
    """Read the whole file and compare every hash; raises BackupRefused with what is wrong."""
    found: dict[str, list[object]] = {}
    data = b""
    with _reading(path) as archive:
        for entry in archive:
            file = _checked(archive, entry, known=found)
            if entry.name == MANIFEST:
                if entry.size > LARGEST_MANIFEST:
                    raise BackupRefused("The backup's manifest is too large.")
                data = file.read()
                continue
            digest = hashlib.sha256()
            while piece := file.read(PIECE):
                digest.update(piece)
            found[entry.name] = [entry.size, digest.hexdigest()]
            tell("checked files", len(found), 0)
    if not data:
        raise BackupRefused("The file is no whole backup: its manifest is missing.")
    manifest = read_manifest(data)
    _compare(manifest, found)
    return manifest


def _compare(manifest: Manifest, found: dict[str, list[object]]) -> None:
    wanted = {TABLES + name + ROWS for name in manifest.tables}
    for name in sorted(wanted | set(manifest.files) | set(found)):
        if name not in found:
            raise BackupRefused(f"The backup is damaged: {name} is missing.")
        if name not in manifest.files:
            raise BackupRefused(f"The backup holds {name}, of which its manifest does not know.")
        if name.startswith(TABLES) and name not in wanted:
            raise BackupRefused(f"The backup holds {name}, which is none of its tables.")
        if found[name] != manifest.files[name]:
            raise BackupRefused(f"The backup is damaged: {name} is not what it was.")


def _checked(archive: tarfile.TarFile, entry: tarfile.TarInfo, known: dict[str, list[object]]) -> IO[bytes]:
    """The bytes of an entry whose name leads nowhere but where it belongs."""
    kind, _, rest = entry.name.partition("/")
    named_well = entry.name == MANIFEST or (kind + "/" in (MEDIA, TABLES) and is_key(rest))
    file = archive.extractfile(entry) if entry.isreg() else None
    if not named_well or file is None or entry.name in known:
        raise BackupRefused(f"The backup holds {entry.name!r}, which has no place in one.")
    return file


@contextmanager
def _reading(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:*") as archive:
            yield archive
    except BROKEN as error:
        raise BackupRefused(f"{path.name} is no backup, or is damaged: {error}") from error


def restore_backup(
    engine: Engine, storage: Storage, path: Path, manifest: Manifest, tell: Told, *, replace: bool = False
) -> None:
    """Bring back a checked backup, in the application's context: media first, then all rows in one transaction.

    The installation must be empty; with `replace` its rows give way (its media stay). A backup of an older migration
    is brought back as it was and then migrated. Raises BackupRefused before anything is touched.
    """
    if manifest.revision not in migrating.known_revisions():
        raise BackupRefused(f"The backup is of revision {manifest.revision}, which this version does not know.")
    _make_room(engine, manifest, replace)
    with unbound(engine) as connection:
        _check_shape(connection, manifest)
        for name in manifest.tables:
            connection.execute(table(name).delete())
        _load(connection, storage, path, manifest, tell)
        set_sequences(connection, manifest.tables)
        if manifest.revision == migrating.head_revision():
            _index(connection)
            return
    migrating.go_to(engine, "head")
    with engine.begin() as connection:
        _index(connection)


def _index(connection: Connection) -> None:
    """Make the index of words anew, which is no part of a backup; match keys and firms' tallies where it had none."""
    with Session(connection) as session:
        indexing.rebuild(session)
        match_keys.fill(session)
        firms.fill(session)
        session.flush()
        renew_statistics(session)


def _make_room(engine: Engine, manifest: Manifest, replace: bool) -> None:
    """Have the tables of the backup's own migration, without rows unless they are to be replaced."""
    if migrating.missing_file(engine) is None:
        with engine.connect() as connection:
            full = first_with_rows(connection, set(columns_there(connection)) & set(manifest.tables))
            revision = migrating.revision_of(connection)
        if full and not replace:
            raise BackupRefused(f"This installation is not empty ({full} has rows); --replace gives it up.")
        if full and revision != manifest.revision:
            raise BackupRefused(
                f"The backup is of revision {manifest.revision}, the database of {revision}; "
                "restore it into an empty installation."
            )
    migrating.go_to(engine, manifest.revision)


def _check_shape(connection: Connection, manifest: Manifest) -> None:
    """Every table as its migration makes it, and none missing as far as we know the migration's tables."""
    there = columns_there(connection)
    said = {name: {column for column, _kind in entry.columns} for name, entry in manifest.tables.items()}
    ours = {one.name for one in our_tables()} if manifest.revision == migrating.head_revision() else set()
    for name in sorted(ours | set(said)):
        if there.get(name) != said.get(name):
            raise BackupRefused(f"The backup's table {name} is not as its migration makes it.")


def _load(connection: Connection, storage: Storage, path: Path, manifest: Manifest, tell: Told) -> None:
    done = 0
    with _reading(path) as archive:
        for entry in archive:
            file = _checked(archive, entry, known={})
            if entry.name.startswith(MEDIA):
                data = file.read()
                if [len(data), hashlib.sha256(data).hexdigest()] != manifest.files.get(entry.name):
                    raise BackupRefused(f"{entry.name} changed while the backup was read.")
                storage.put(entry.name.removeprefix(MEDIA), data)
            elif entry.name.startswith(TABLES):
                name = entry.name.removeprefix(TABLES).removesuffix(ROWS)
                count = write_rows(connection, name, manifest.tables[name], file)
                if count != manifest.tables[name].rows:
                    raise BackupRefused(
                        f"The backup's table {name} has {count} rows, not {manifest.tables[name].rows}."
                    )
            done += 1
            tell("restored files", done, len(manifest.files))
