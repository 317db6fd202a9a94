"""`tracker export`: what somebody sees, written to a file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from tests.cli.conftest import Place, one_line
from tests.leads.making import row, sheet
from tracker.events import Event, Kind
from tracker.sheets.reading import read_sheet


def test_leads_go_out_and_come_in_again_unchanged_in_number(company: Place, tmp_path: Path) -> None:
    (tmp_path / "permits.csv").write_bytes(sheet([row("A-1"), row("A-2")]))
    company.done("import", "leads", str(tmp_path / "permits.csv"))
    for name in ("out.xlsx", "out.csv"):
        told = company.done("export", "leads", str(tmp_path / name))
        assert told.startswith("2 rows in ")
        table = read_sheet((tmp_path / name).read_bytes())
        assert len(table.rows) == 2
        assert not list(tmp_path.glob("*.part"))
    with company.session() as session:
        exported = session.scalars(select(Event).where(Event.kind == Kind.LIST_EXPORTED)).all()
        assert [event.data["format"] for event in exported] == ["xlsx", "csv"]


def test_every_kind_is_written_in_the_language_asked_for(company: Place, tmp_path: Path) -> None:
    for kind in ("projects", "leads", "parties", "contacts", "photos"):
        company.done("export", kind, str(tmp_path / f"{kind}.csv"), "--lang", "zh")
        head = (tmp_path / f"{kind}.csv").read_text("utf-8-sig")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in head)


def test_it_is_written_with_the_rights_of_the_one_named(company: Place, tmp_path: Path) -> None:
    (tmp_path / "permits.csv").write_bytes(sheet([row("A-1")]))
    company.done("import", "leads", str(tmp_path / "permits.csv"))
    company.done("user", "add", "zhou", "--name", "Zhou", "--role", "salesperson", "--team", "Anhe")
    assert company.done("export", "leads", str(tmp_path / "a.csv")).startswith("1 rows")
    result = company.run("export", "leads", str(tmp_path / "b.csv"), "--by", "nobody")
    assert result.exit_code == 2
    assert not (tmp_path / "b.csv").exists()


def test_wrong_arguments_are_one_line(company: Place, tmp_path: Path) -> None:
    result = company.run("export", "projects", str(tmp_path / "out.pdf"))
    assert result.exit_code == 2
    assert ".xlsx or .csv" in result.output
    assert company.run("export", "dreams", str(tmp_path / "out.csv")).exit_code == 2
    result = company.run("export", "projects", str(tmp_path / "no" / "such" / "out.csv"))
    assert result.exit_code == 1
    one_line(result)
