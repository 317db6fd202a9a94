"""Short and full names of listed companies find one another through the product's own search and duplicate finder."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tracker.duplicates.queries import find_hits
from tracker.imports.operations.from_file import import_file
from tracker.matching.things import Firm
from tracker.parties.models import Party
from tracker.parties.queries import find_same_firm
from tracker.parties.queries.listing import PartyFilters, list_parties
from tracker.storage import FolderStorage

FILE = "matching_zh/listed_company_short_full_shanghai.csv"
FOUND = 0.94  # of the short names, by the firm's full name alone


@pytest.fixture
def pairs(shared_data: Path) -> list[tuple[str, str]]:
    """Short and full name of each company, each pair once."""
    path = shared_data / FILE
    if not path.is_file():
        pytest.skip(f"real input is not at hand: {path} is missing")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["short_name"].strip(), row["full_name"].strip()) for row in csv.DictReader(file)]
    return list(dict.fromkeys(row for row in rows if all(row)))


def bring(session: Session, cast: Cast, folder: Path, pairs: list[tuple[str, str]], *, short: bool) -> None:
    """Import the companies as the product imports firms."""
    path = folder / "companies.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["公司名称", "公司简称"] if short else ["公司名称"])
        writer.writerows([full, brief] if short else [full] for brief, full in pairs)
    import_file(session, FolderStorage(folder / "media"), path, cast.supervisor, kind="parties", commit=session.commit)


def ids_of(session: Session) -> dict[str, int]:
    return dict(session.execute(select(Party.name, Party.id)).tuples().all())


@pytest.mark.real_time
def test_a_company_is_found_by_the_short_name_it_came_with(
    session: Session, cast: Cast, tmp_path: Path, pairs: list[tuple[str, str]]
) -> None:
    assert len(pairs) > 2000
    bring(session, cast, tmp_path, pairs, short=True)
    ids = ids_of(session)
    shared = {brief for brief, count in Counter(brief for brief, _full in pairs).items() if count > 1}
    for brief, full in pairs:
        listed = {party.id for party in list_parties(session, cast.sales1, PartyFilters(q=brief)).items}
        assert ids[full] in listed, (brief, full)
        found = find_same_firm(session, brief)
        assert (found and found.id) == (None if brief in shared else ids[full]), (brief, full)


@pytest.mark.real_time
def test_a_short_name_finds_the_full_one_though_nobody_wrote_it_down(
    session: Session, cast: Cast, tmp_path: Path, pairs: list[tuple[str, str]]
) -> None:
    bring(session, cast, tmp_path, pairs, short=False)
    ids = ids_of(session)
    found = 0
    for brief, full in pairs:
        hits = find_hits(session, cast.sales1, "party", Firm((brief,)))
        found += ids.get(full) in [hit.id for hit in hits[:6]]
    assert found / len(pairs) >= FOUND
