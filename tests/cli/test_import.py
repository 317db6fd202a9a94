"""`tracker import leads` and `tracker matrix check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.cli.conftest import Place, one_line
from tests.leads.making import row, sheet
from tracker.imports.models import ImportRun
from tracker.leads.models import Lead
from workflows.loading import STANDARD


@pytest.fixture
def permits(tmp_path: Path) -> Path:
    """Three good rows and one without a readable date."""
    path = tmp_path / "permits.csv"
    path.write_bytes(sheet([row("A-1"), row("A-2"), row("A-3"), row("A-4", date="the day after the feast")]))
    return path


def leads_of(place: Place) -> list[Lead]:
    with place.session() as session:
        return list(session.scalars(select(Lead).order_by(Lead.id)))


def test_leads_come_in_and_the_refused_rows_are_kept_with_their_reasons(
    company: Place, permits: Path, tmp_path: Path
) -> None:
    told = company.done("import", "leads", str(permits), "--rejected", str(tmp_path / "refused.csv"))
    assert told.startswith("4 rows: 3 created, 0 unchanged, 1 refused, in ")
    assert "refused.csv" in told
    refused = (tmp_path / "refused.csv").read_text("utf-8-sig")
    assert "A-4" in refused
    assert "A-1" not in refused
    leads = leads_of(company)
    assert [lead.plot_number for lead in leads] == ["A-1", "A-2", "A-3"]
    with company.session() as session:
        run = session.scalars(select(ImportRun)).one()
        assert run.by_id == leads[0].created_by_id is not None
    assert (company.media / run.rejected_key).is_file()


def test_the_same_file_again_changes_nothing(company: Place, permits: Path) -> None:
    company.done("import", "leads", str(permits))
    told = company.done("import", "leads", str(permits))
    assert told.startswith("4 rows: 0 created, 3 unchanged, 1 refused")
    assert len(leads_of(company)) == 3


def test_a_dry_run_counts_and_stores_nothing(company: Place, permits: Path) -> None:
    told = company.done("import", "leads", str(permits), "--dry-run")
    assert told.startswith("4 rows: 3 would be created, 0 unchanged, 1 refused")
    with company.session() as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 0
    assert leads_of(company) == []
    assert not list(company.media.rglob("*.csv"))


def test_a_mapping_file_says_which_column_is_what(company: Place, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("q1,q2\nHarbour Road 5,77\n", encoding="utf-8")
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"address": "q1", "number": "q2", "currency": "USD"}))
    company.done("import", "leads", str(tmp_path / "odd.csv"), "--map", str(mapping))
    (lead,) = leads_of(company)
    assert (lead.address, lead.plot_number, lead.currency) == ("Harbour Road 5", "77", "USD")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [('{"adress": "q1"}', "address"), ('{"address": "q9"}', "q1, q2"), ("not JSON", "JSON")],
)
def test_a_mapping_that_does_not_fit_is_refused_with_what_there_is(
    company: Place, tmp_path: Path, mapping: str, said: str
) -> None:
    (tmp_path / "odd.csv").write_text("q1,q2\nHarbour Road 5,77\n", encoding="utf-8")
    (tmp_path / "map.json").write_text(mapping)
    result = company.run("import", "leads", str(tmp_path / "odd.csv"), "--map", str(tmp_path / "map.json"))
    assert result.exit_code == 1
    assert said in one_line(result)
    assert leads_of(company) == []


def test_swapped_columns_are_refused_and_the_column_is_named(company: Place, tmp_path: Path) -> None:
    swapped = tmp_path / "swapped.csv"
    swapped.write_text(
        "地块编号,宗地位置,地块面积\n" + "".join(f"郑{n}号,{n}50.5,郑州市中原路{n}号\n" for n in range(9))
    )
    result = company.run("import", "leads", str(swapped))
    assert result.exit_code == 1
    assert "address" in one_line(result)
    assert "--map FILE" in result.stderr
    assert leads_of(company) == []


def test_the_one_who_imports_is_named_and_may_import(company: Place, permits: Path) -> None:
    company.done("user", "add", "sales1", "--name", "Zhou", "--role", "salesperson", "--team", "Anhe")
    company.done("user", "add", "boss", "--name", "Han", "--role", "supervisor", "--team", "Anhe")
    result = company.run("import", "leads", str(permits), "--by", "sales1")
    assert result.exit_code == 1
    one_line(result)
    result = company.run("import", "leads", str(permits), "--by", "nobody")
    assert result.exit_code == 2
    assert "nobody" in one_line(result)
    company.done("import", "leads", str(permits), "--by", "boss")
    assert len(leads_of(company)) == 3


def test_a_file_that_is_no_table_is_refused_in_one_line(company: Place, tmp_path: Path) -> None:
    (tmp_path / "site.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    result = company.run("import", "leads", str(tmp_path / "site.csv"))
    assert result.exit_code == 1
    assert "CSV, XLSX or XLS" in one_line(result)


def test_reasons_are_written_in_the_installations_language(company: Place, permits: Path, tmp_path: Path) -> None:
    chinese = {"TRACKER_LOCALE": "zh"}
    told = company.done("import", "leads", str(permits), "--rejected", str(tmp_path / "r.csv"), environ=chinese)
    assert told.startswith("4 rows: 3 created")
    reasons = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[1].rsplit(",", 1)[1]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in reasons), reasons
    assert len(leads_of(company)) == 3


def test_the_standard_definition_is_sound(untouched: Place) -> None:
    assert untouched.done("matrix", "check") == "standard.yaml: sound\n"
    assert not untouched.data.exists()


def test_each_fault_of_a_definition_is_a_line(untouched: Place, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(STANDARD.read_text("utf-8").replace("department: technical", "department: wizards"), "utf-8")
    result = untouched.run("matrix", "check", str(broken), str(STANDARD))
    assert result.exit_code == 1
    *faults, last = result.stdout.splitlines()
    assert len(faults) > 10
    assert all(line.startswith("broken.yaml: ") for line in faults)
    assert any("unknown department 'wizards'" in line for line in faults)
    assert last == "standard.yaml: sound"
    assert result.stderr == ""
