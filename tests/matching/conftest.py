"""What the tests of the matcher share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.naughty import OWN, lists


@pytest.fixture(scope="session")
def naughty() -> list[str]:
    """Strings that break programs: our own, and the lists of ../shared/data where they are at hand."""
    folder: Path = SHARED / "data" / "strings"
    return [*OWN, *(lists(folder) if folder.is_dir() else ())]
