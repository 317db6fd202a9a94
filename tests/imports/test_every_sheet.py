"""Every file of the shared folder of sheets: imported, partly imported with reasons, or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tracker.errors import Refused
from tracker.imports.models import ImportRun
from tracker.imports.operations.from_file import import_file
from tracker.imports.operations.starting import FAULTS
from tracker.leads.models import Lead
from tracker.parties.models import Contact, Party
from tracker.sheets.reading import Fault
from tracker.storage import FolderStorage

NO_NAME = "nothing to call a thing by"
WHOLE, PARTLY = "imported", "partly imported"

LEADS: dict[str, object] = {
    "csv-spectrum/comma_in_quotes.csv": (WHOLE, 1),
    "frictionless/blank-rows-multiple.csv": (WHOLE, 2),
    "frictionless/capital-invalid.csv": (PARTLY, 9),
    "frictionless/defective-rows.csv": (PARTLY, 1),
    "frictionless/duplicate-headers.csv": (WHOLE, 2),
    "frictionless/skip-rows-before-headers.csv": (WHOLE, 2),
    "frictionless/latin1.csv": Fault.ENCODING,
    "gbk_real/58汇总.xls": (PARTLY, 20),
    "messytables/libreoffice.xlsx": Fault.EMPTY,
    "messytables/multilineods.ods": Fault.OPEN_DOCUMENT,
    "messytables/spanish_chars.csv": Fault.ENCODING,
    "missoula/missoula_FY24_development_report.xlsx": (PARTLY, 122),
    "readxl/clippy.xlsx": "value",
    "readxl/deaths.xls": (PARTLY, 11),
    "readxl/deaths.xlsx": (PARTLY, 11),
    "sheetjs/Attendance.numbers": Fault.NUMBERS,
    "sheetjs/password_2002_40_xor.xls": Fault.PASSWORD,
    "sheetjs/xlsx-stream-d-date-cell.xlsx": Fault.DAMAGED,
}
"""What comes of each as leads; of those not named here the refusal says that no column names a lead."""


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "media")


def sheets(shared_data: Path) -> dict[str, Path]:
    folder = shared_data / "sheets"
    if not folder.is_dir():
        pytest.skip(f"real input is not at hand: {folder} is missing")
    files = sorted(one for one in folder.rglob("*.*") if one.is_file())
    return {path.relative_to(folder).as_posix(): path for path in files}


def came_of(session: Session, storage: FolderStorage, path: Path, cast: Cast, kind: str = "leads") -> object:
    """What came of a file, and that it is as the run says."""
    try:
        run = import_file(session, storage, path, cast.supervisor, kind=kind)
    except Refused as refused:
        if isinstance(refused.details, Fault):
            assert refused.message is FAULTS[refused.details]
            return refused.details
        assert str(refused.message)
        return "value" if "numbers" in str(refused.message) or "数字" in str(refused.message) else NO_NAME
    assert run.created + run.unchanged + run.rejected == run.rows_total
    assert bool(run.rejected) == bool(run.rejected_key)
    return (PARTLY if run.rejected else WHOLE), run.created


@pytest.mark.real_time
def test_every_sheet_is_imported_or_refused_as_it_should_be(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    files = sheets(shared_data)
    assert len(files) == 62
    found = {}
    for name, path in files.items():
        with session.begin_nested() as undone:
            found[name] = came_of(session, storage, path, cast)
            undone.rollback()
    assert {name: came for name, came in found.items() if came != NO_NAME} == LEADS


@pytest.mark.real_time
def test_known_cells_of_known_sheets_stand_in_their_fields(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    files = sheets(shared_data)
    run = import_file(session, storage, files["gbk_real/58汇总.xls"], cast.supervisor, kind="parties")
    assert run.created + run.unchanged + run.rejected == run.rows_total == 21
    firm = session.scalars(select(Party).where(Party.name == "上海煜麦网络科技有限公司")).one()
    assert firm.address == "共和新路4727号新陆国际商务大厦8F"
    run = import_file(
        session, storage, files["readxl/deaths.xls"], cast.supervisor, kind="contacts",
        mapping={"name": "Name", "party": "Profession"},
    )  # fmt: skip
    bowie = session.scalars(select(Contact).where(Contact.name == "David Bowie")).one()
    assert (session.get_one(Party, bowie.party_id).name, run.options["reading"]) == ("musician", {})
    skipped = import_file(session, storage, files["frictionless/skip-rows-before-headers.csv"], cast.supervisor)
    leads = session.scalars(select(Lead.name).where(Lead.import_run_id == skipped.id).order_by(Lead.id)).all()
    assert leads == ["english", "中国人"]


@pytest.mark.real_time
def test_a_file_in_latin_1_comes_in_once_somebody_says_so(
    session: Session, cast: Cast, storage: FolderStorage, shared_data: Path
) -> None:
    path = sheets(shared_data)["frictionless/latin1.csv"]
    run = import_file(session, storage, path, cast.supervisor, mapping={"encoding": "cp1252", "name": "name"})
    assert run.created == run.rows_total
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 1
