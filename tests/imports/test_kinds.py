"""Projects, parties and contacts from files; updating by keys; what others own; undoing a whole import."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_contact, make_party, make_project
from tests.leads.making import make_lead, row, sheet
from tracker.access import visible
from tracker.errors import AlreadyDone, Forbidden, Invalid
from tracker.events import Event, Kind
from tracker.imports.models import ImportChange, ImportMapping, ImportRun
from tracker.imports.operations.from_file import import_file
from tracker.imports.operations.undoing import undo_run
from tracker.imports.queries import count_fates, list_changed
from tracker.leads.models import Lead
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectParty
from tracker.sheets.writing import csv_bytes
from tracker.storage import FolderStorage
from tracker.team.models import User


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "media")


class Importing:
    """Imports tables of texts, and reads the reasons of the last one."""

    def __init__(self, session: Session, storage: FolderStorage, folder: Path) -> None:
        self.session, self.storage, self.folder = session, storage, folder

    def __call__(self, kind: str, headers: list[str], rows: list[list[str]], by: User, /, **said: object) -> ImportRun:
        return self.file(kind, csv_bytes(headers, rows), by, **said)

    def file(self, kind: str, data: bytes, by: User, /, **said: object) -> ImportRun:
        path = self.folder / "list.csv"
        path.write_bytes(data)
        return import_file(
            self.session, self.storage, path, by, mapping=said or None, kind=kind, commit=self.session.commit,
            rejected=self.folder / "rejected.csv",
        )  # fmt: skip

    @property
    def reasons(self) -> str:
        return (self.folder / "rejected.csv").read_text("utf-8-sig")


@pytest.fixture
def importing(session: Session, storage: FolderStorage, tmp_path: Path) -> Importing:
    return Importing(session, storage, tmp_path)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.rejected


FIRMS = ["单位名称", "简称", "单位类型", "电话", "地址"]


def test_firms_come_in_by_chinese_headers_and_the_same_again_changes_nothing(
    session: Session, cast: Cast, importing: Importing
) -> None:
    rows = [["恒岳置业有限公司", "恒岳", "建设单位", "0371-66668888", ""], ["林登建筑", "", "owner", "", "农业路1号"]]
    rows[0][2] = ""
    run = importing("parties", FIRMS, rows, cast.supervisor, kind="owner")
    assert counts(run) == (2, 0, 0, 0)
    party = session.scalars(select(Party).where(Party.name == "恒岳置业有限公司")).one()
    assert (party.short_name, party.kind, party.phone) == ("恒岳", "owner", "0371-66668888")
    again = importing("parties", FIRMS, rows, cast.supervisor)
    assert counts(again) == (0, 0, 2, 0)


def test_updating_fills_what_the_row_says_and_never_empties(session: Session, cast: Cast, importing: Importing) -> None:
    known = make_party(session, "恒岳置业有限公司")
    known.phone, known.address = "111222333", "旧址"
    session.commit()
    rows = [["恒岳置业 有限公司", "恒岳", "", "", "新址"], ["别的公司", "", "", "", ""]]
    run = importing("parties", FIRMS, rows, cast.supervisor, existing="update", kind="owner")
    assert counts(run) == (0, 1, 0, 1)
    session.refresh(known)
    assert (known.name, known.short_name, known.phone, known.address) == (
        *("恒岳置业有限公司", "恒岳", "111222333", "新址"),
    )
    event = session.scalars(select(Event).where(Event.kind == Kind.PARTY_EDITED)).one()
    assert event.data == {"before": {"short_name": None, "address": "旧址"}, "run": run.id}


def test_a_firm_is_found_again_by_its_credit_code_whatever_it_is_called_now(
    session: Session, cast: Cast, importing: Importing
) -> None:
    known = make_party(session, "恒岳置业有限公司")
    known.credit_code = "91410100MA3X5T2K8Q"
    session.commit()
    heads = ["企业名称", "统一社会信用代码", "地址"]
    rows = [["恒岳城市发展集团", "91410100 ma3x5t2k8q", "新址"], ["林登建筑", "91410100MA9XXXXX1A", ""]]
    run = importing("parties", heads, rows, cast.supervisor, existing="both", kind="owner")
    assert counts(run) == (1, 1, 0, 0)
    session.refresh(known)
    assert (known.name, known.address) == ("恒岳置业有限公司", "新址")
    assert counts(importing("parties", heads, rows, cast.supervisor)) == (0, 0, 2, 0)
    doubled = importing("parties", heads, [*rows, ["林登建设", "91410100MA9XXXXX1A", ""]], cast.supervisor)
    assert doubled.rejected == 1
    other = importing("parties", heads, [["新恒岳", "91410100MA3X5T2K8Q", ""]], cast.supervisor, keys=["name"])
    assert counts(other) == (1, 0, 0, 0)


PEOPLE = ["name", "company", "post", "mobile", "email"]


def test_people_come_in_with_their_firms_and_are_found_again_by_firm_and_name(
    session: Session, cast: Cast, importing: Importing
) -> None:
    known = make_contact(session, make_party(session, "Hengyue Land Co., Ltd."), "Wang Li", "Buyer")
    session.commit()
    rows = [
        ["wang li", "HENGYUE LAND", "Director", "138 0013 8000", ""],
        ["Zhang San", "Oak & Sons LLC", "", "", "zhang@oak.example"],
        ["Li Si", "", "", "", ""],
        ["Zhao", "Oak & Sons LLC", "", "", "not an address"],
    ]
    run = importing("contacts", PEOPLE, rows, cast.supervisor, existing="both", kind="main_contractor")
    assert counts(run) == (1, 1, 0, 2)
    session.refresh(known)
    assert (known.name, known.post, known.phone) == ("Wang Li", "Director", "138 0013 8000")
    made = session.scalars(select(Contact).where(Contact.name == "Zhang San")).one()
    assert session.get_one(Party, made.party_id).kind == "main_contractor"
    assert "Firm is missing." in importing.reasons or "缺少" in importing.reasons


SITES = ["项目名称", "建设单位", "项目类型", "施工进度", "造价（万元）", "地址"]


def test_projects_are_opened_by_the_rules_and_known_ones_are_changed(
    session: Session, cast: Cast, importing: Importing
) -> None:
    developer = make_party(session, "恒岳置业")
    known = make_project(session, cast.sales1, name="河畔一期", developer=developer)
    theirs = make_project(session, cast.sales3, name="南苑", developer=developer)
    rows = [
        ["河畔一期", "恒岳置业有限公司", "", "", "880", "农业路1号"],
        ["南苑", "恒岳置业", "", "", "1", ""],
        ["新城二期", "恒岳置业", "hotel", "", "1200", "东风路2号"],
        ["城堡", "恒岳置业", "castle", "", "", ""],
    ]
    said = {"existing": "both", "phase": "qualify", "step": "land", "route": "design_led", "kind": "residential_fitted"}
    run = importing.file("projects", csv_bytes(SITES, rows), cast.supervisor, **{
        **said, "name": "项目名称", "developer": "建设单位", "value": "造价（万元）", "address": "地址",
        "kind": "项目类型",
    })  # fmt: skip
    assert counts(run) == (1, 1, 0, 2)
    session.refresh(known)
    session.refresh(theirs)
    assert (known.value, known.address) == (Decimal(8_800_000), "农业路1号")
    assert theirs.value == Decimal(1_000_000)
    assert session.scalars(select(Project.kind).where(Project.name == "新城二期")).one() == "hotel"
    assert "南苑" in importing.reasons


def test_an_opened_project_stands_in_its_cell_with_its_firms(
    session: Session, cast: Cast, importing: Importing
) -> None:
    said = {"phase": "qualify", "step": "land", "route": "design_led", "kind": "residential_fitted",
            "categories": ["tiles"]}  # fmt: skip
    site = ["New Town", "Hengyue", "12M"]
    run = importing("projects", ["name", "developer", "value"], [site], cast.supervisor, **said)
    assert counts(run) == (1, 0, 0, 0)
    project = session.scalars(select(Project).where(Project.name == "New Town")).one()
    assert (project.phase, project.step, project.value) == ("qualify", "land", Decimal(12_000_000))
    roles = session.scalars(select(ProjectParty.role).where(ProjectParty.project_id == project.id)).all()
    assert roles == ["owner"]
    assert project.developer_id is not None
    again = importing("projects", ["name", "developer", "value"], [site], cast.supervisor, **said)
    assert counts(again) == (0, 0, 1, 0)
    undo_run(session, run, by=cast.supervisor)
    session.refresh(project)
    assert project.state == "closed"


def test_a_lead_of_others_is_neither_changed_nor_shown(session: Session, cast: Cast, importing: Importing) -> None:
    theirs = make_lead(session, cast.sales3, "Secret site", plot_number="P-100421")
    data = sheet([row("P-100421", value="5"), row("P-100422")])
    run = importing.file("leads", data, cast.supervisor, existing="both")
    assert counts(run) == (1, 0, 0, 1)
    assert "Secret" not in importing.reasons
    session.refresh(theirs)
    assert theirs.value is None
    assert [one.name for one in list_changed(session, cast.supervisor, run)] == ["P-100422 Harbour Road"]
    same = importing.file("leads", sheet([row("P-100421")]), cast.supervisor)
    assert counts(same) == (0, 0, 1, 0)


def test_a_lead_entered_by_hand_is_found_by_its_plot_and_changed(
    session: Session, cast: Cast, importing: Importing
) -> None:
    mine = make_lead(session, cast.sales1, "Riverside", plot_number="郑政出〔2018〕075号", note="Ask at the gate")
    data = sheet([row("郑政出[2018]75号", value="1.5亿元", developer="Hengyue Land")])
    run = importing.file("leads", data, cast.supervisor, existing="both")
    assert counts(run) == (0, 1, 0, 0)
    session.refresh(mine)
    assert (mine.value, mine.note) == (Decimal(150_000_000), "Ask at the gate")
    assert mine.developer_id is not None
    assert mine.name == "Riverside"


def test_an_undone_import_withdraws_what_nobody_touched_and_can_come_in_again(
    session: Session, cast: Cast, importing: Importing
) -> None:
    data = sheet([row("P-100001"), row("P-100002"), row("P-100003", contractor="Oak & Sons LLC")])
    run = importing.file("leads", data, cast.supervisor)
    touched = session.scalars(select(Lead).where(Lead.plot_number == "P-100002")).one()
    from tracker.leads.operations.capturing import edit_lead

    edit_lead(session, touched, by=cast.supervisor, version=touched.version, developer=None, note="Called them")
    undo_run(session, run, by=cast.supervisor, commit=session.commit)
    states = dict(session.execute(select(Lead.plot_number, Lead.state)).tuples().all())
    assert states == {"P-100001": "invalid", "P-100002": "new", "P-100003": "invalid"}
    assert [one.name for one in list_changed(session, cast.supervisor, run, fate="kept")][:1] == [touched.name]
    builders = select(Party.name).where(visible(Party, cast.supervisor), Party.kind == "main_contractor")
    seen = session.scalars(builders).all()
    assert seen == ["Linden Builders Inc"]
    assert session.scalars(select(Event.kind).where(Event.kind == Kind.IMPORT_UNDONE)).one()
    with pytest.raises(AlreadyDone):
        undo_run(session, run, by=cast.supervisor)
    again = importing.file("leads", data, cast.supervisor)
    assert counts(again) == (2, 0, 1, 0)


def test_undoing_an_update_gives_back_what_nobody_changed_since(
    session: Session, cast: Cast, importing: Importing
) -> None:
    first, second = make_party(session, "First Land"), make_party(session, "Second Land")
    first.phone = second.phone = "11112222"
    session.commit()
    rows = [["First Land", "", "", "33334444", "Elm St"], ["Second Land", "", "", "33334444", "Oak Ave"]]
    run = importing("parties", FIRMS, rows, cast.supervisor, existing="update", kind="owner")
    second.phone = "99998888"
    session.commit()
    undo_run(session, run, by=cast.supervisor)
    assert (first.phone, first.address) == ("11112222", None)
    assert (second.phone, second.address) == ("99998888", None)
    assert count_fates(session, run) == {"undone": 1, "kept": 1}


def test_only_whoever_made_an_import_or_an_administrator_undoes_it(
    session: Session, cast: Cast, importing: Importing
) -> None:
    run = importing.file("leads", sheet([row("P-100001")]), cast.supervisor)
    for user in (cast.supervisor2, cast.sales1):
        with pytest.raises(Forbidden):
            undo_run(session, run, by=user)
    undo_run(session, run, by=cast.admin)
    assert run.state == "undone"


def test_the_mapping_of_a_shape_is_remembered_for_the_next_file(
    session: Session, cast: Cast, importing: Importing
) -> None:
    odd = csv_bytes(["q1", "q2"], [["Harbour Road 5", "P-200001"]])
    with pytest.raises(Invalid):
        importing.file("leads", odd, cast.supervisor)
    importing.file("leads", odd, cast.supervisor, address="q1", number="q2", source="project_database")
    turned = csv_bytes(["Q2", "q1 "], [["P-200002", "Harbour Road 6"]])
    run = importing.file("leads", turned, cast.supervisor2)
    assert counts(run) == (1, 0, 0, 0)
    lead = session.scalars(select(Lead).where(Lead.plot_number == "P-200002")).one()
    assert (lead.address, lead.source) == ("Harbour Road 6", "project_database")
    assert session.scalar(select(func.count()).select_from(ImportMapping)) == 1


def test_every_change_of_a_run_is_kept_once(session: Session, cast: Cast, importing: Importing) -> None:
    run = importing.file("leads", sheet([row("P-100001"), row("P-100002")]), cast.supervisor)
    kept = session.execute(
        select(ImportChange.subject, func.count()).where(ImportChange.run_id == run.id).group_by(ImportChange.subject)
    )
    assert dict(kept.tuples().all()) == {"lead": 2, "party": 1}
