"""Importing what people really have: Chicago's permits, Zhengzhou's land listings and results."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tracker.errors import Invalid
from tracker.events import Event, Kind
from tracker.leads.models import ImportRun, Lead, LeadParty
from tracker.leads.operations import importing
from tracker.leads.operations.from_file import import_leads_file
from tracker.matching.normalise import firm_key
from tracker.parties.models import Party
from tracker.sheets.lead_columns import swapped
from tracker.storage import FolderStorage

LIMIT = 60  # seconds for the 21,881 permits, the contract's figure


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "media")


def count(session: Session, model: type, *where: object) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


def file_of(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        pytest.skip(f"real input is not at hand: {path} is missing")
    return path


@pytest.mark.real_time
def test_chicagos_permits_come_in_within_a_minute_and_a_second_time_change_nothing(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    path = file_of(shared_data, "permits/chicago_new_construction_2012_2026.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told: list[int] = []

    def hear(done: int, _total: int) -> None:
        told.append(done)

    began = time.monotonic()
    run = import_leads_file(session, storage, path, cast.supervisor, progress=hear, commit=session.commit)
    took = time.monotonic() - began
    assert took < LIMIT
    assert run.rows_total == len(rows) == 21_881
    assert run.created + run.rejected == len(rows)
    assert count(session, Lead, Lead.import_run_id == run.id) == run.created
    assert told == [*range(1000, 21_881, 1000), 21_881]
    assert count(session, Lead, Lead.owes_evidence.is_(False)) == 0
    assert count(session, Event, Event.kind == Kind.LEAD_ADDED) == run.created
    _check_one(session, rows[0])
    _check_firms(session, rows)
    _check_again(session, storage, path, cast, run)


def _check_one(session: Session, row: dict[str, str]) -> None:
    """The first permit of the file, cell by cell."""
    lead = session.scalars(select(Lead).where(Lead.plot_number == row["n"])).one()
    assert lead.address == row["a"].strip()
    assert str(lead.found_on) == row["d"][:10]
    assert lead.value == (float(row["c"]) if row["c"] else None)
    assert lead.latitude == pytest.approx(float(row["lat"]), abs=1e-6)
    assert lead.longitude == pytest.approx(float(row["lon"]), abs=1e-6)


def _check_firms(session: Session, rows: list[dict[str, str]]) -> None:
    """A firm is one party however it is spelt, and joins each of its permits once.

    Sheets separate firms by `|` or `;`. Nine of these rows name one firm with `ATTN; …`, which counts as two.
    """
    spelt = [{firm_key(name.strip()) for name in re.split("[|;]", row["gc"]) if name.strip()} for row in rows]
    keys = Counter(key for firms in spelt for key in firms)
    assert count(session, Party, Party.kind == "main_contractor") == len(keys)
    assert count(session, LeadParty) == sum(keys.values())
    busiest, permits = keys.most_common(1)[0]
    party = session.scalars(select(Party).where(Party.name_key == busiest)).one()
    assert count(session, LeadParty, LeadParty.party_id == party.id) == permits


def _check_again(session: Session, storage: FolderStorage, path: Path, cast: Cast, first: ImportRun) -> None:
    created = first.created
    before = [count(session, model) for model in (Lead, Party, LeadParty)]
    again = import_leads_file(session, storage, path, cast.supervisor, commit=session.commit)
    assert (again.created, again.unchanged, again.rejected) == (0, created, first.rejected)
    assert before == [count(session, model) for model in (Lead, Party, LeadParty)]


@pytest.mark.real_time
@pytest.mark.parametrize(
    "name",
    ["zhengzhou_listing_guapai.csv", "zhengzhou_result_jieguo.csv", "zhongmu_result.csv", "dengfeng_listing.csv"],
)
def test_land_listings_and_results_come_in_with_nothing_askew(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path, name: str
) -> None:
    path = file_of(shared_data, f"projects_zh/zhengzhou_land/{name}")
    run = import_leads_file(session, storage, path, cast.supervisor)
    leads = session.scalars(select(Lead).where(Lead.import_run_id == run.id)).all()
    assert len(leads) == run.created > 0
    assert run.created + run.rejected == run.rows_total
    assert run.rejected < run.rows_total / 3
    assert {lead.source for lead in leads} == {"media_land"}
    for lead in leads:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in lead.name), lead.name
        assert lead.area is None or 10 < lead.area < 10_000_000, lead.plot_number
    if "result" in name:
        assert sum(1 for lead in leads if lead.developer_id) > run.created / 2
    again = import_leads_file(session, storage, path, cast.supervisor)
    assert (again.created, again.unchanged) == (0, run.created)


@pytest.mark.real_time
def test_land_results_find_the_plots_of_the_listing_again(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    folder = shared_data / "projects_zh/zhengzhou_land"
    listing = import_leads_file(session, storage, file_of(folder, "zhengzhou_listing_guapai.csv"), cast.supervisor)
    result = import_leads_file(session, storage, file_of(folder, "zhengzhou_result_jieguo.csv"), cast.supervisor)
    assert result.unchanged > 250
    assert count(session, Lead) == listing.created + result.created


@pytest.mark.real_time
@pytest.mark.parametrize("name", ["dengfeng_result_columns_swapped.csv", "dengfeng_merged.csv"])
def test_a_file_with_swapped_columns_is_refused_until_somebody_says_which_is_which(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path, name: str
) -> None:
    path = file_of(shared_data, f"projects_zh/zhengzhou_land/{name}")
    with pytest.raises(Invalid):
        import_leads_file(session, storage, path, cast.supervisor)
    assert (count(session, Lead), count(session, ImportRun)) == (0, 0)
    table = importing.table_of(path.read_bytes())
    columns = swapped(importing.propose(table).columns)
    said = {field: table.headers[place] for field, place in columns.items()}
    run = import_leads_file(session, storage, path, cast.supervisor, mapping=said)
    leads = session.scalars(select(Lead)).all()
    assert len(leads) == run.created > run.rows_total / 3
    for lead in leads:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in lead.address or lead.name), lead.name
        assert lead.area is None or lead.area > 10


@pytest.mark.real_time
def test_the_workbook_of_land_results_comes_in(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    path = file_of(shared_data, "projects_zh/zhengzhou_land/zhengzhou_merged_result.xlsx")
    run = import_leads_file(session, storage, path, cast.supervisor)
    assert run.created + run.rejected == run.rows_total == 524
    assert run.created > 300
