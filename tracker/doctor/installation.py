"""The ground: settings, the database and its migrations, the place of the pictures."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import Connection, text

from config import Config
from tracker.doctor.findings import Finding, notice
from tracker.storage import Storage, StorageFull

PROBE = b"written by tracker doctor"


def examine_settings(config: Config) -> Iterator[Finding]:
    """Settings that cannot work though they can be read, or that production should not have."""
    if urlsplit(config.base_url).scheme not in ("http", "https") or not urlsplit(config.base_url).hostname:
        yield Finding(f"settings: TRACKER_BASE_URL is {config.base_url!r}, which is no address")
    if "://" in str(config.media) or ":/" in str(config.media):
        yield Finding(f"settings: TRACKER_MEDIA_URL is {config.media}; only a folder's path works yet")
    if config.environment == "production":
        yield from _production(config)


def _production(config: Config) -> Iterator[Finding]:
    if not config.secure_cookies:
        yield notice("settings: TRACKER_SECURE_COOKIES is not 1, so cookies also travel without TLS")
    if not config.base_url.startswith("https://"):
        yield notice(f"settings: TRACKER_BASE_URL is {config.base_url}, so links do not lead over TLS")


def examine_database(connection: Connection) -> Iterator[Finding]:
    """What the embedded database says about its own file; a server looks after its own."""
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.execute(text("PRAGMA quick_check")):
        if line != "ok":
            yield Finding(f"database: {line}")
    for table, row, target, _number in connection.execute(text("PRAGMA foreign_key_check")):
        yield Finding(f"database: {table} {row} refers to a row of {target} that is not there")


def examine_storage(storage: Storage) -> Iterator[Finding]:
    """Whether bytes can be written, read again and removed where the pictures live."""
    key = f"doctor-{secrets.token_hex(8)}"
    try:
        storage.put(key, PROBE)
        try:
            with storage.open(key) as file:
                if file.read() != PROBE:
                    yield Finding("media: what was written does not come back the same")
        finally:
            storage.delete(key)
    except StorageFull:
        yield Finding("media: the disk is full")
    except OSError as error:
        yield Finding(f"media: the folder cannot be written: {error.strerror or error}")
