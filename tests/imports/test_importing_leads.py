"""Importing leads from a sheet: chunks, firms found again, rejects, and the same again changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_party
from tests.leads.making import HEADERS, row, sheet
from tracker import clock
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.events import Event, Kind
from tracker.i18n import speaking
from tracker.imports.models import ImportRun
from tracker.imports.operations import carrying_out, starting
from tracker.imports.operations.from_file import import_file, read_map
from tracker.imports.operations.options import ImportOptions
from tracker.imports.operations.previewing import preview
from tracker.imports.queries import get_run, list_runs
from tracker.leads.models import Lead, LeadParty
from tracker.leads.queries import LeadFilters, list_leads
from tracker.parties.models import Party
from tracker.storage import FolderStorage
from tracker.team.models import User

OPTIONS = ImportOptions(source="planning_permit", step="ground", currency="USD")


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "media")


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def carry_out(
    session: Session,
    storage: FolderStorage,
    data: bytes,
    by: User,
    *,
    options: ImportOptions = OPTIONS,
    commit: Callable[[], None] | None = None,
) -> ImportRun:
    run = starting.start_run(session, storage, data, "permits.csv", by=by)
    table = starting.sheet_of(storage, run)
    carrying_out.confirm_run(session, run, table, run.mapping, options, by=by)
    carrying_out.claim_run(session, run, by=by)
    session.commit()
    carrying_out.run_import(session, storage, run, by=by, commit=commit or session.commit)
    return run


def test_rows_become_leads_with_their_firms_places_values_and_dates(
    session: Session, cast: Cast, storage: FolderStorage
) -> None:
    known = make_party(session, "Linden Builders, Inc.", kind="main_contractor")
    data = sheet([row("P-1", contractor="LINDEN BUILDERS INC|Oak & Sons LLC", developer="Hengyue Land"), row("P-2")])
    run = carry_out(session, storage, data, cast.supervisor)
    assert (run.state, run.created, run.unchanged, run.rejected) == ("done", 2, 0, 0)
    assert run.rejected_key is None
    lead = session.scalars(select(Lead).where(Lead.plot_number == "P-1")).one()
    assert (lead.name, lead.address, str(lead.found_on)) == ("P-1 Harbour Road", "P-1 Harbour Road", "2026-01-15")
    assert (lead.value, lead.currency, lead.area) == (1250000, "USD", 820)
    assert (lead.source, lead.step, lead.state) == ("planning_permit", "ground", "new")
    assert (lead.team_id, lead.region_id, lead.owner_id) == (cast.north.id, cast.region_north.id, None)
    assert lead.owes_evidence
    joined = select(Party.name, LeadParty.role).join(LeadParty, LeadParty.party_id == Party.id)
    rows = session.execute(joined.where(LeadParty.lead_id == lead.id).order_by(Party.name)).all()
    assert [tuple(found) for found in rows] == [
        ("Hengyue Land", "owner"),
        (known.name, "main_contractor"),
        ("Oak & Sons LLC", "main_contractor"),
    ]
    assert session.get_one(Party, lead.developer_id).name == "Hengyue Land"


def test_every_lead_and_every_new_firm_leaves_an_event_and_the_run_two(
    session: Session, cast: Cast, storage: FolderStorage
) -> None:
    run = carry_out(session, storage, sheet([row("P-1"), row("P-2")]), cast.supervisor)
    kinds = session.execute(
        select(Event.kind, func.count()).where(Event.by_id == cast.supervisor.id).group_by(Event.kind)
    )
    assert dict(kinds.all()) == {
        Kind.IMPORT_STARTED: 1,
        Kind.IMPORT_FINISHED: 1,
        Kind.LEAD_ADDED: 2,
        Kind.PARTY_ADDED: 1,
    }
    told = session.scalars(select(Event.data).where(Event.kind == Kind.LEAD_ADDED)).all()
    assert told == [{"run": run.id}, {"run": run.id}]


def test_the_same_file_again_changes_nothing(session: Session, cast: Cast, storage: FolderStorage) -> None:
    data = sheet([row("P-1"), row("P-2")])
    first = carry_out(session, storage, data, cast.supervisor)
    lead = session.scalars(select(Lead).where(Lead.plot_number == "P-1")).one()
    lead.name = "What people call it"
    session.commit()
    before = count(session, Lead), count(session, Party), count(session, LeadParty), lead.version
    again = carry_out(session, storage, data, cast.supervisor2)
    session.refresh(lead)
    assert (again.created, again.unchanged, again.rejected) == (0, 2, 0)
    assert before == (count(session, Lead), count(session, Party), count(session, LeadParty), lead.version)
    assert (lead.name, lead.import_run_id) == ("What people call it", first.id)


def test_bad_rows_go_to_a_file_with_reasons_that_can_be_mended_and_imported(
    session: Session, cast: Cast, storage: FolderStorage
) -> None:
    bad = [row("P-2", value="a lot"), row("P-3", date="2026-02-30", address="=1+1 Lane"), row("P-1")]
    with speaking("en"):
        run = carry_out(session, storage, sheet([row("P-1"), *bad]), cast.supervisor)
    assert (run.created, run.rejected) == (1, 3)
    with storage.open(run.rejected_key or "") as file:
        rejects = file.read()
    table = list(csv.DictReader(io.StringIO(rejects.decode("utf-8-sig"))))
    assert [one["row"] for one in table] == ["3", "4", "5"]
    assert all(one["reasons"] for one in table)
    assert table[1]["address"] == "'=1+1 Lane"
    mended = rejects.decode("utf-8-sig").replace("a lot", "900000").replace("2026-02-30", "2026-02-28")
    again = carry_out(session, storage, mended.encode(), cast.supervisor)
    assert (again.created, again.unchanged, again.rejected) == (2, 1, 0)
    assert session.scalars(select(Lead.address).where(Lead.plot_number == "P-3")).one() == "=1+1 Lane"


def test_a_file_of_bad_rows_written_in_english_comes_back_in_chinese_without_columns_twice(
    session: Session, cast: Cast, storage: FolderStorage
) -> None:
    def rejects_of(data: bytes, language: str) -> list[str]:
        with speaking(language):
            run = carry_out(session, storage, data, cast.supervisor)
        with storage.open(run.rejected_key or "") as file:
            return file.read().decode("utf-8-sig").splitlines()

    english = rejects_of(sheet([row("P-2", value="-5")]), "en")
    assert english[0].split(",")[-2:] == ["row", "reasons"]
    chinese = rejects_of("\n".join(english).encode(), "zh")
    assert chinese[0].split(",")[-3:] == [english[0].split(",")[-3], "行号", "未导入原因"]
    assert "金额不能为负数。" in chinese[1]


def test_progress_is_committed_after_each_chunk(
    session: Session, cast: Cast, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying_out, "CHUNK", 2)
    seen: list[tuple[int, int]] = []

    def commit() -> None:
        session.commit()
        run = session.scalars(select(ImportRun)).one()
        seen.append((run.rows_done, count(session, Lead)))

    carry_out(session, storage, sheet([row(f"P-{n}") for n in range(5)]), cast.supervisor, commit=commit)
    assert seen == [(2, 2), (4, 4), (5, 5), (5, 5)]


def test_a_run_that_broke_off_goes_on_and_counts_what_it_had_done(
    session: Session, cast: Cast, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying_out, "CHUNK", 2)
    chunks = 0

    def die_after_the_second_chunk() -> None:
        nonlocal chunks
        session.commit()
        chunks += 1
        if chunks == 2:
            raise KeyboardInterrupt

    data = sheet([row(f"P-{n}") for n in range(7)])
    with pytest.raises(KeyboardInterrupt):
        carry_out(session, storage, data, cast.supervisor, commit=die_after_the_second_chunk)
    run = session.scalars(select(ImportRun)).one()
    assert (run.state, run.rows_done, count(session, Lead)) == ("running", 4, 4)
    with pytest.raises(AlreadyDone):
        carrying_out.claim_run(session, run, by=cast.supervisor)
    assert not carrying_out.has_broken_off(run)
    with clock.frozen(clock.now() + 2 * carrying_out.SILENCE):
        assert carrying_out.has_broken_off(run)
        carrying_out.claim_run(session, run, by=cast.supervisor)
        carrying_out.run_import(session, storage, run, by=cast.supervisor, commit=session.commit)
    assert (run.state, run.created, run.unchanged, run.rejected) == ("done", 7, 0, 0)
    assert count(session, Lead) == 7


def test_a_run_is_carried_out_once(session: Session, cast: Cast, storage: FolderStorage) -> None:
    run = carry_out(session, storage, sheet([row("P-1")]), cast.supervisor)
    with pytest.raises(AlreadyDone) as done:
        carrying_out.claim_run(session, run, by=cast.supervisor)
    assert done.value.details == f"/imports/runs/{run.id}"
    with pytest.raises(AlreadyDone):
        carrying_out.confirm_run(
            session, run, starting.sheet_of(storage, run), run.mapping, OPTIONS, by=cast.supervisor
        )


@pytest.mark.parametrize(
    ("field", "columns", "options"),
    [
        ("source", {}, ImportOptions(source="hearsay")),
        ("step", {}, ImportOptions(source="media_land", step="roof")),
        ("kind", {}, ImportOptions(source="media_land", kind="castle")),
        ("currency", {}, ImportOptions(source="media_land", currency="BTC")),
        ("team_id", {}, ImportOptions(source="media_land", team_id=999_999)),
        ("columns", {"address": 99}, OPTIONS),
        ("columns", {"address": 3}, OPTIONS),
        ("columns", {"value": 1}, OPTIONS),
        ("columns", {"colour": 1}, OPTIONS),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(
    session: Session, cast: Cast, storage: FolderStorage, field: str, columns: dict[str, int], options: ImportOptions
) -> None:
    run = starting.start_run(session, storage, sheet([row("P-1"), row("P-2")]), "permits.csv", by=cast.supervisor)
    table = starting.sheet_of(storage, run)
    with pytest.raises(Invalid) as refusal:
        carrying_out.confirm_run(session, run, table, {**run.mapping, **columns}, options, by=cast.supervisor)
    assert refusal.value.field == field
    assert run.state == "uploaded"


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9]
)
def test_what_is_no_table_is_refused_and_not_kept(
    session: Session, cast: Cast, storage: FolderStorage, data: bytes
) -> None:
    with pytest.raises(Refused):
        starting.start_run(session, storage, data, "file.csv", by=cast.supervisor)
    assert list(storage.keys()) == []
    assert count(session, ImportRun) == 0


def test_names_of_any_kind_come_in_as_they_are(session: Session, cast: Cast, storage: FolderStorage) -> None:
    odd = ["<script>alert(1)</script>", "'; DROP TABLE lead;--", "\u202eright to left", "🏗️ 工地", "﷽" * 150]
    rows = [row(f"P-{n}", address=name, contractor=f"{name} ; 株式会社") for n, name in enumerate(odd)]
    run = carry_out(session, storage, sheet(rows), cast.supervisor)
    assert (run.created, run.rejected) == (len(odd), 0)
    assert set(session.scalars(select(Lead.address))) == set(odd)


def test_only_those_who_may_import_do_and_each_sees_his_own_runs(
    session: Session, cast: Cast, storage: FolderStorage
) -> None:
    for user in (cast.sales1, cast.compliance, cast.dealer1):
        with pytest.raises(Forbidden):
            starting.start_run(session, storage, sheet([row("P-1")]), "permits.csv", by=user)
    run = starting.start_run(session, storage, sheet([row("P-1")]), "permits.csv", by=cast.supervisor)
    assert [one.id for one in list_runs(session, cast.supervisor)] == [run.id]
    assert get_run(session, cast.admin, run.id) is run
    assert list_runs(session, cast.supervisor2) == []


def test_the_preview_shows_the_first_rows_and_what_is_wrong_with_them(
    session: Session, cast: Cast, storage: FolderStorage
) -> None:
    rows = [row(f"P-{n}", value="much" if n == 3 else "5") for n in range(20)]
    run = starting.start_run(session, storage, sheet(rows), "permits.csv", by=cast.supervisor)
    table = starting.sheet_of(storage, run)
    shown = preview(session, run, table, run.mapping, OPTIONS, by=cast.supervisor)
    assert [one.verdict.number for one in shown.rows] == list(range(2, 14))
    assert [one.faults for one in shown.rows if one.faults] == [{"value": "The value is not a number."}]
    assert shown.counts == {"create": 19, "reject": 1}
    assert count(session, Lead) == 0


def test_leads_of_an_import_can_be_listed(session: Session, cast: Cast, storage: FolderStorage) -> None:
    run = carry_out(session, storage, sheet([row("P-1")]), cast.supervisor)
    carry_out(session, storage, sheet([row("P-2")]), cast.supervisor)
    page = list_leads(session, cast.supervisor, LeadFilters(run=run.id))
    assert [lead.plot_number for lead in page.items] == ["P-1"]


def test_a_file_is_tried_out_without_a_trace(
    session: Session, cast: Cast, storage: FolderStorage, tmp_path: Path
) -> None:
    path, rejected = tmp_path / "permits.csv", tmp_path / "rejected.csv"
    path.write_bytes(sheet([row("P-1"), row("P-2", value="a lot")]))
    before = count(session, Event)
    run = import_file(session, storage, path, cast.supervisor, dry_run=True, rejected=rejected)
    assert (run.created, run.unchanged, run.rejected, run.rows_total) == (1, 0, 1, 2)
    assert "a lot" in rejected.read_text(encoding="utf-8-sig")
    assert (count(session, Lead), count(session, ImportRun), count(session, Event)) == (0, 0, before)
    assert list(storage.keys()) == []


def test_a_file_is_imported_by_a_mapping_that_settles_columns_and_options(
    session: Session, cast: Cast, storage: FolderStorage, tmp_path: Path
) -> None:
    path, rejected, told = tmp_path / "list.csv", tmp_path / "rejected.csv", []
    headers = ("no", "where", *HEADERS[2:])
    path.write_bytes(sheet([row("P-1"), row("P-2", value="a lot")], headers))
    text = '{"address": "where", "number": "no", "value": "value", "source": "project_database", "currency": "EUR"}'
    run = import_file(
        session,
        storage,
        path,
        cast.supervisor,
        mapping=read_map(text),
        progress=lambda done, total: told.append((done, total)),
        rejected=rejected,
    )
    lead = session.scalars(select(Lead)).one()
    assert (run.created, run.rejected, told) == (1, 1, [(2, 2)])
    assert (lead.address, lead.source, lead.currency) == ("P-1 Harbour Road", "project_database", "EUR")
    assert "a lot" in rejected.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "text", ["not json", "[1]", '{"colour": "value"}', '{"address": "nowhere"}', '{"address": "value"}']
)
def test_a_mapping_file_that_does_not_fit_is_refused(
    session: Session, cast: Cast, storage: FolderStorage, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "permits.csv"
    path.write_bytes(sheet([row("P-1")]))
    with pytest.raises(Invalid):
        import_file(session, storage, path, cast.supervisor, mapping=read_map(text))
    assert count(session, Lead) == 0
