"""Importing what people really have: Chicago's permits, Zhengzhou's land listings and results."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tests.cast import Cast
from tracker.duplicates.operations.bulk import judge_rows
from tracker.errors import Invalid
from tracker.events import Event, Kind
from tracker.imports.models import ImportRun
from tracker.imports.operations import starting
from tracker.imports.operations.from_file import import_file
from tracker.imports.queries import count_doubles
from tracker.leads.models import Lead, LeadParty
from tracker.matching.normalise import firm_key, plot_key
from tracker.matching.things import Site
from tracker.parties.models import Party
from tracker.sheets.columns import swapped
from tracker.sheets.kinds import LEADS
from tracker.sheets.writing import csv_bytes
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
    run = import_file(session, storage, path, cast.supervisor, progress=hear, commit=session.commit)
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
    again = import_file(session, storage, path, cast.supervisor, commit=session.commit)
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
    run = import_file(session, storage, path, cast.supervisor)
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
    again = import_file(session, storage, path, cast.supervisor)
    assert (again.created, again.unchanged) == (0, run.created)


@pytest.mark.real_time
def test_land_results_find_the_plots_of_the_listing_again(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    folder = shared_data / "projects_zh/zhengzhou_land"
    listing = import_file(session, storage, file_of(folder, "zhengzhou_listing_guapai.csv"), cast.supervisor)
    result = import_file(session, storage, file_of(folder, "zhengzhou_result_jieguo.csv"), cast.supervisor)
    assert result.unchanged > 250
    assert count(session, Lead) == listing.created + result.created


@pytest.mark.real_time
@pytest.mark.parametrize("name", ["dengfeng_result_columns_swapped.csv"])
def test_a_file_with_swapped_columns_is_refused_until_somebody_says_which_is_which(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path, name: str
) -> None:
    path = file_of(shared_data, f"projects_zh/zhengzhou_land/{name}")
    with pytest.raises(Invalid):
        import_file(session, storage, path, cast.supervisor)
    assert (count(session, Lead), count(session, ImportRun)) == (0, 0)
    table = starting.table_of(path.read_bytes())
    columns = swapped(starting.propose(LEADS, table).columns)
    said = {field: table.headers[place] for field, place in columns.items()}
    run = import_file(session, storage, path, cast.supervisor, mapping=said)
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
    run = import_file(session, storage, path, cast.supervisor)
    assert run.created + run.rejected == run.rows_total == 524
    assert run.created > 300


@pytest.mark.real_time
def test_a_joined_file_takes_the_columns_that_are_right_and_refuses_rows_that_moved(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    path = file_of(shared_data, "projects_zh/zhengzhou_land/dengfeng_merged.csv")
    run = import_file(session, storage, path, cast.supervisor)
    assert (run.rows_total, run.created + run.rejected) == (66, 66)
    assert run.created > 10
    for lead in session.scalars(select(Lead)):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in lead.address or ""), lead.address
    for name in session.scalars(select(Party.name)):
        assert not name.replace(".", "").isdigit(), name


@pytest.mark.real_time
def test_permits_of_two_offices_with_other_columns_make_one_lead_each(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    cranes = file_of(shared_data, "permits/chicago_tower_crane_permits_with_roles.csv")
    permits = file_of(shared_data, "permits/chicago_new_construction_2012_2026.csv")
    with permits.open(encoding="utf-8", newline="") as file:
        wanted = {row["n"] for row in csv.DictReader(file)}
    first = import_file(session, storage, cranes, cast.supervisor)
    numbers = set(session.scalars(select(Lead.plot_number)))
    assert first.created == len(numbers) > 300
    again = import_file(session, storage, cranes, cast.supervisor)
    assert (again.created, again.unchanged + again.rejected) == (0, first.rows_total)
    second = import_file(session, storage, permits, cast.supervisor)
    assert second.unchanged == len(wanted & numbers)
    assert count(session, Lead) == len(wanted | numbers)
    lead = session.scalars(select(Lead).where(Lead.plot_number == "100637362")).one()
    assert (lead.address, str(lead.found_on), lead.value, lead.currency) == (
        "1118 N STATE ST",
        "2016-03-22",
        20000,
        "USD",
    )


@pytest.mark.real_time
def test_an_offices_own_workbook_of_forty_sheets_comes_in_from_its_list(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    path = file_of(shared_data, "sheets/missoula/missoula_FY24_development_report.xlsx")
    run = import_file(session, storage, path, cast.supervisor, mapping={"sheet": "10 Data Dump"})
    assert run.options["reading"] == {"sheet": "10 Data Dump"}
    lead = session.scalars(select(Lead).where(Lead.plot_number == "2023-MSS-COM-00240")).one()
    assert (lead.address, lead.value) == ("2625 BRIGGS ST", 350772)
    assert count(session, Lead, Lead.name.ilike("%total%")) == 0


@pytest.mark.real_time
def test_chicagos_permits_of_one_address_are_as_many_buildings_and_none_is_a_duplicate(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path, tmp_path: Path
) -> None:
    """Two files of half the permits each: none of the second is one of the first, though 545 share address and day."""
    path = file_of(shared_data, "permits/chicago_new_construction_2012_2026.csv")
    with path.open(encoding="utf-8", newline="") as file:
        headers, *rows = list(csv.reader(file))
    halves = rows[0:6000:2], rows[1:6000:2]
    runs = []
    for number, half in enumerate(halves):
        part = tmp_path / f"half-{number}.csv"
        part.write_bytes(csv_bytes(headers, half))
        runs.append(import_file(session, storage, part, cast.supervisor))
    assert all(run.created > 2900 for run in runs)
    assert [count_doubles(session, run) for run in runs] == [0, 0]


@pytest.mark.real_time
def test_a_land_result_is_the_duplicate_of_a_listing_only_where_the_plot_is_the_same(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    folder = shared_data / "projects_zh/zhengzhou_land"
    files = ("zhengzhou_listing_guapai", "zhengzhou_result_jieguo", "zhongmu_result", "dengfeng_listing")
    for name in (f"{file}.csv" for file in files):
        import_file(session, storage, file_of(folder, name), cast.supervisor)
    first = aliased(Lead)
    pairs = session.execute(
        select(Lead.plot_number, first.plot_number).join(first, first.id == Lead.duplicate_of_id)
    ).all()
    for one, other in pairs:
        assert plot_key(one) == plot_key(other)
    marked = session.scalars(select(Lead.state).where(Lead.duplicate_of_id.is_not(None))).all()
    assert set(marked) <= {"duplicate"}


@pytest.mark.real_time
def test_each_permit_written_otherwise_is_the_one_on_record_and_no_neighbour(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path, tmp_path: Path
) -> None:
    """Asked past the import's own key: other case, leading zeros; the same number is found, whoever lives next door."""
    path = file_of(shared_data, "permits/chicago_new_construction_2012_2026.csv")
    with path.open(encoding="utf-8", newline="") as file:
        headers, *rows = list(csv.reader(file))
    part = tmp_path / "part.csv"
    part.write_bytes(csv_bytes(headers, rows[:600]))
    import_file(session, storage, part, cast.supervisor)
    known = {lead.id: lead.plot_number for lead in session.scalars(select(Lead))}
    said = [dict(zip(headers, row, strict=True)) for row in rows[:600]]
    sites = [
        Site((row["a"].title(),), row["a"].title(), f"00{row['n']}", (float(row["lat"]), float(row["lon"])))
        for row in said
    ]
    found = [(row["n"], one[0]) for row, one in zip(said, judge_rows(session, sites), strict=True) if one]
    assert all(known[lead_id] == number for number, (_kind, lead_id) in found)
    assert len(found) > 570
