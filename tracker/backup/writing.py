"""Making a backup while the installation runs: one moment of the database, then the media that it names."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from tracker import clock, migrating
from tracker.backup.manifest import MANIFEST, MEDIA, ROWS, TABLES, BackupRefused, Manifest
from tracker.backup.tables import CHUNK, entry_of, our_tables, rows_of
from tracker.database import read_snapshot
from tracker.doctor.findings import Told
from tracker.storage import Storage

PLAIN, PACKED = (".tar",), (".tar.gz", ".tgz")
LEVEL = 3  # of compression; pictures do not get smaller by more
OURS_ALONE = 0o600  # password hashes are in it


def write_backup(session: Session, storage: Storage, out: Path, tell: Told) -> Manifest:
    """Write everything to `out`, whole or not at all; an older file of the name is replaced. Needs the newest tables.

    The media come after the rows: they are only ever added, so that all that the rows name are there.
    """
    if not out.name.endswith((*PLAIN, *PACKED)):
        raise BackupRefused(f"{out.name}: a backup is called .tar, .tar.gz or .tgz.")
    made = Manifest(version("project-tracker"), migrating.head_revision(), clock.now().isoformat())
    with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=".backup-") as folder:
        rows = _dump_tables(session, Path(folder), made, tell)
        archive_path = Path(folder) / "archive"
        with _archive(archive_path, packed=out.name.endswith(PACKED)) as archive:
            _add_media(archive, storage, made, tell)
            for path in rows:
                with path.open("rb") as file:
                    _add(archive, TABLES + path.name, file, path.stat().st_size)
            data = made.to_json()
            _add(archive, MANIFEST, io.BytesIO(data), len(data))
        archive_path.replace(out)
    return made


def _dump_tables(session: Session, folder: Path, made: Manifest, tell: Told) -> list[Path]:
    paths = []
    with read_snapshot(session):
        for table in our_tables():
            path = folder / f"{table.name}{ROWS}"
            digest, count = hashlib.sha256(), 0
            with path.open("wb") as file:
                for count, row in enumerate(rows_of(session.connection(), table), start=1):
                    line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                    digest.update(line)
                    file.write(line)
                    if count % CHUNK == 0:
                        tell(table.name, count, 0)
            made.tables[table.name] = entry_of(table, count)
            made.files[TABLES + path.name] = [path.stat().st_size, digest.hexdigest()]
            paths.append(path)
    return paths


def _add_media(archive: tarfile.TarFile, storage: Storage, made: Manifest, tell: Told) -> None:
    keys = sorted(storage.keys())
    for done, key in enumerate(keys, start=1):
        try:
            with storage.open(key) as file:
                data = file.read()
        except FileNotFoundError:  # somebody removed it meanwhile; no row of our moment needs it, or doctor says so
            continue
        made.files[MEDIA + key] = [len(data), hashlib.sha256(data).hexdigest()]
        _add(archive, MEDIA + key, io.BytesIO(data), len(data))
        tell("media", done, len(keys))


@contextmanager
def _archive(path: Path, *, packed: bool) -> Iterator[tarfile.TarFile]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS_ALONE), "wb") as raw:
        file: BinaryIO = gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=LEVEL) if packed else raw  # type: ignore[assignment]
        with tarfile.open(fileobj=file, mode="w") as archive:
            yield archive
        if packed:
            file.close()
        raw.flush()
        os.fsync(raw.fileno())


def _add(archive: tarfile.TarFile, name: str, file: BinaryIO, size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(clock.now().timestamp()), OURS_ALONE
    archive.addfile(entry, file)
