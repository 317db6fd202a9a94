"""Where bytes live: whole or not at all, under keys that cannot lead elsewhere."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tracker.storage import FolderStorage, StorageFull, open_storage


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "media")


def read(storage: FolderStorage, key: str) -> bytes:
    with storage.open(key) as file:
        return file.read()


def test_what_was_put_is_there_until_it_is_forgotten(storage: FolderStorage) -> None:
    key = "derived/ab/abc-320.jpg"
    assert not storage.exists(key)
    storage.put(key, b"one")
    assert storage.exists(key) and read(storage, key) == b"one"
    storage.put(key, b"two")
    assert read(storage, key) == b"two"
    storage.delete(key)
    storage.delete(key)
    assert not storage.exists(key)
    with pytest.raises(FileNotFoundError):
        storage.open(key)


def test_keys_are_listed_by_their_beginning(storage: FolderStorage) -> None:
    assert list(storage.keys()) == []
    for key in ("originals/ab/one", "derived/ab/one-320.jpg", "derived/cd/two-320.jpg"):
        storage.put(key, b"x")
    (storage.root / "derived" / "ab" / ".new-half").write_bytes(b"half a file")
    assert sorted(storage.keys("derived/")) == ["derived/ab/one-320.jpg", "derived/cd/two-320.jpg"]
    assert len(list(storage.keys())) == 3


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../secret", "a/../../secret", "a//b", ".hidden", "a/.hidden", "a\\b", "a\x00b", "a/", "图"],
)
def test_a_key_that_could_lead_elsewhere_is_an_error(storage: FolderStorage, key: str) -> None:
    for use in (storage.open, storage.exists, storage.delete, lambda key: storage.put(key, b"x")):
        with pytest.raises(ValueError, match="not a storage key"):
            use(key)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_what_was_there_and_no_half_file(
    storage: FolderStorage, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    storage.put("originals/ab/one", b"the old one")

    def no_room(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", no_room)
    with pytest.raises(StorageFull):
        storage.put("originals/ab/one", b"the new one")
    assert read(storage, "originals/ab/one") == b"the old one"
    assert [file.name for file in storage.root.rglob("*") if file.is_file()] == ["one"]


def test_another_fault_of_the_disk_is_not_called_full(storage: FolderStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_right(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", no_right)
    with pytest.raises(PermissionError):
        storage.put("originals/ab/one", b"x")


def test_the_storage_of_an_installation_is_a_folder(tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    storage.put("a/b", b"x")
    assert (tmp_path / "a" / "b").read_bytes() == b"x"
