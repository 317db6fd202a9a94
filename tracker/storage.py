"""Where the bytes of pictures and files live: behind a few methods, so that another place can take their turn.

Keys look like `derived/ab/abcdef-320.jpg`; they are made by this program, and checked all the same.
"""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

PIECE = 1024 * 1024  # bytes that are copied at once
_KEY = re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_\-.]*(/[A-Za-z0-9_\-][A-Za-z0-9_\-.]*)*")


class StorageFull(Exception):
    """There is no room for another file."""


class Storage(Protocol):
    """Bytes by key."""

    def put(self, key: str, data: bytes) -> None:
        """Store `data` whole or not at all; raises StorageFull."""

    def put_file(self, key: str, file: BinaryIO) -> None:
        """Store what is left to read of a file, as `put` does; it never lies in memory whole."""

    def open(self, key: str) -> BinaryIO:
        """The stored bytes as a file; FileNotFoundError where there are none."""

    def delete(self, key: str) -> None:
        """Forget the key; nothing happens where it is not there."""

    def exists(self, key: str) -> bool:
        """Whether something is stored there."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin with `prefix`, for backup and `tracker doctor`."""

    def stored_at(self, key: str) -> datetime:
        """When it was stored, in UTC; FileNotFoundError where there is nothing."""


def is_key(text: str) -> bool:
    """Whether a text may be a key: no way out of the storage, nothing hidden."""
    return _KEY.fullmatch(text) is not None


class FolderStorage:
    """Bytes in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def _path(self, key: str) -> Path:
        if not is_key(key):
            raise ValueError(f"not a storage key: {key!r}")
        return self.root / key

    def put(self, key: str, data: bytes) -> None:
        """Write beside, then rename: a reader never sees half a file."""
        self.put_file(key, io.BytesIO(data))

    def put_file(self, key: str, file: BinaryIO) -> None:
        """Write beside, then rename, piece by piece."""
        path = self._path(key)
        temporary = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as new:
                temporary = Path(new.name)
                shutil.copyfileobj(file, new, PIECE)
            temporary.replace(path)
        except OSError as error:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull(key) from error
            raise

    def open(self, key: str) -> BinaryIO:
        """The stored bytes as a file; FileNotFoundError where there are none."""
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        """Forget the key; nothing happens where it is not there."""
        self._path(key).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        """Whether something is stored there."""
        return self._path(key).is_file()

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin with `prefix`, in no particular order."""
        for folder, _folders, files in os.walk(self.root / prefix.rpartition("/")[0]):
            for name in files:
                key = (Path(folder) / name).relative_to(self.root).as_posix()
                if key.startswith(prefix) and not name.startswith(".new-"):
                    yield key

    def stored_at(self, key: str) -> datetime:
        """When it was stored, in UTC; FileNotFoundError where there is nothing."""
        return datetime.fromtimestamp(self._path(key).stat().st_mtime, UTC)


def open_storage(root: Path) -> Storage:
    """The storage of this installation."""
    return FolderStorage(root)
