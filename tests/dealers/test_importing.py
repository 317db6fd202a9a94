"""Dealers' figures from a sheet: taken in, refused where they do not add up, corrected, undone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.dealers.making import FEBRUARY, LONG_AGO, line, make_qualified
from tests.factories import make_project
from tracker.dealers.models import Dealer, StockFlow, StockLine
from tracker.dealers.operations.stock import report_stock
from tracker.dealers.queries.profiles import get_dealer
from tracker.dealers.queries.stock import find_report
from tracker.errors import Forbidden
from tracker.imports.models import ImportRun
from tracker.imports.operations.from_file import import_file
from tracker.imports.operations.undoing import undo_run
from tracker.imports.queries import count_fates, list_changed
from tracker.sheets.writing import csv_bytes
from tracker.storage import FolderStorage
from tracker.team.models import User

HEADERS = ["经销商", "月份", "品类", "型号", "单位", "期初", "进货", "销售", "期末"]
GOOD = ["Xinyuan Materials", "2026-02", "瓷砖与岩板", "Grey", "m2", "100", "50", "30", "120"]


@pytest.fixture
def dealer(session: Session, cast: Cast, desk: User) -> Dealer:
    """Xinyuan, qualified."""
    return make_qualified(session, cast.xinyuan, by=desk, since=LONG_AGO)


class Importing:
    """Imports tables of texts."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder

    def __call__(self, rows: list[list[str]], by: User, /, **said: object) -> ImportRun:
        path = self.folder / "stock.csv"
        path.write_bytes(csv_bytes([*HEADERS, "流向项目"][: len(rows[0])], rows))
        storage = FolderStorage(self.folder / "media")
        return import_file(self.session, storage, path, by, mapping=said or None, kind="stock",
                           commit=self.session.commit, rejected=self.folder / "rejected.csv")  # fmt: skip

    @property
    def reasons(self) -> str:
        return (self.folder / "rejected.csv").read_text("utf-8-sig")


@pytest.fixture
def importing(session: Session, tmp_path: Path) -> Importing:
    return Importing(session, tmp_path)


def test_a_sheet_of_figures_comes_in_once(session: Session, importing: Importing, desk: User, dealer: Dealer) -> None:
    other = [*GOOD[:3], "Red", *GOOD[4:]]
    run = importing([GOOD, other, [*GOOD[:1], "2026年1月", *GOOD[2:]]], desk)
    assert (run.created, run.rejected) == (3, 0)
    report = find_report(session, desk, get_dealer(session, desk, dealer.id), FEBRUARY)
    assert report is not None and report.source == "import"
    assert [(row.product, row.stock) for row in report.lines] == [("Grey", Decimal(120)), ("Red", Decimal(120))]
    again = importing([GOOD, other], desk)
    assert (again.created, again.unchanged) == (0, 2)
    assert [one.name for one in list_changed(session, desk, run)][0] == "tiles Grey"


def test_what_does_not_add_up_or_names_nobody_is_refused_with_its_reason(
    importing: Importing, desk: User, dealer: Dealer
) -> None:
    rows = [
        [*GOOD[:8], "119"],
        ["Nobody Ltd", *GOOD[1:]],
        [GOOD[0], "2026-03", *GOOD[2:]],
        [*GOOD[:5], "much", *GOOD[6:]],
    ]
    run = importing(rows, desk)
    assert (run.created, run.rejected) == (0, 4)
    for why in (
        "100 + 50 - 30 is 120, not 119.",
        "There is no dealer of this name.",
        "when it is over",
        "not a number",
    ):
        assert why in importing.reasons


def test_known_lines_are_corrected_where_asked_and_given_back_by_undoing(
    session: Session, importing: Importing, cast: Cast, desk: User, dealer: Dealer
) -> None:
    report_stock(session, dealer, FEBRUARY, [line(100, 0, 30, product="Grey")], by=cast.dealer1)
    session.commit()
    run = importing([GOOD], desk, existing="both")
    assert run.updated == 1
    row = session.scalars(select(StockLine)).one()
    assert (row.bought, row.stock) == (Decimal(50), Decimal(120))
    undo_run(session, run, by=desk, commit=session.commit)
    session.expire_all()
    row = session.scalars(select(StockLine)).one()
    assert (row.bought, row.stock, row.withdrawn) == (Decimal(0), Decimal(70), False)


def test_undoing_leaves_a_month_unreported_and_what_somebody_corrected(
    session: Session, importing: Importing, desk: User, dealer: Dealer
) -> None:
    run = importing([GOOD, [GOOD[0], "2026-01", *GOOD[2:]]], desk)
    dealer = get_dealer(session, desk, dealer.id)
    report_stock(session, dealer, FEBRUARY, [line(100, 50, 40, product="Grey")], by=desk)
    session.commit()
    undo_run(session, run, by=desk, commit=session.commit)
    assert count_fates(session, run) == {"undone": 1, "kept": 1}
    dealer = get_dealer(session, desk, dealer.id)
    assert find_report(session, desk, dealer, FEBRUARY) is not None
    assert find_report(session, desk, dealer, FEBRUARY.replace(month=1)) is None
    again = importing([[GOOD[0], "2026-01", *GOOD[2:]]], desk)
    assert again.created == 1
    assert find_report(session, desk, get_dealer(session, desk, dealer.id), FEBRUARY.replace(month=1)) is not None


def test_of_the_desks_dealer_management_alone_imports_figures(importing: Importing, cast: Cast, dealer: Dealer) -> None:
    for user in (cast.technical, cast.sales1, cast.dealer1):
        with pytest.raises(Forbidden):
            importing([GOOD], user)


def flows(session: Session) -> list[tuple[int | None, str | None, Decimal]]:
    session.expire_all()
    rows = session.scalars(select(StockFlow).order_by(StockFlow.id))
    return [(one.project_id, one.site, one.quantity) for one in rows]


def test_a_sheet_says_to_which_projects_the_goods_went_by_number_or_name(
    session: Session, importing: Importing, cast: Cast, desk: User, dealer: Dealer
) -> None:
    tower = make_project(session, cast.sales1, name="Riverside Tower", dealer=cast.xinyuan)
    court = make_project(session, cast.sales1, name="Willow Court", dealer=cast.xinyuan)
    make_project(session, cast.sales1, name="Willow Court")  # another of this name, not sold through him
    tower.plot_number = "G-2026-7"
    session.commit()
    run = importing([[*GOOD, "G-2026-7: 20㎡；Willow Court：5; A small shop: 5"]], desk)
    assert (run.created, run.rejected) == (1, 0)
    ten = [(tower.id, None, Decimal(20)), (court.id, None, Decimal(5)), (None, "A small shop", Decimal(5))]
    assert flows(session) == ten
    assert importing([[*GOOD, "G-2026-7: 20；Willow Court：5; A small shop: 5"]], desk, existing="both").unchanged == 1
    run = importing([[*GOOD, "riverside tower"]], desk, existing="both")
    assert run.updated == 1 and flows(session) == [(tower.id, None, Decimal(30))], (
        "a name alone means all that was sold"
    )
    undo_run(session, run, by=desk, commit=session.commit)
    assert flows(session) == ten


def test_goods_that_went_nowhere_or_exceed_what_was_sold_are_refused(
    session: Session, importing: Importing, cast: Cast, desk: User, dealer: Dealer
) -> None:
    for _number in range(2):
        make_project(session, cast.sales1, name="Willow Court", dealer=cast.xinyuan)
    session.commit()
    rows = [[*GOOD[:3], product, *GOOD[4:], said] for product, said in (
        ("A", "Riverside: 31"), ("B", "Riverside; Willow: 3"), ("C", "Willow Court: 3"), ("D", "Riverside: 0"),
    )]  # fmt: skip
    run = importing(rows, desk)
    assert (run.created, run.rejected) == (0, 4) and flows(session) == []
    for why in (
        "More went to projects than was sold.",
        "how much went to each",
        "give the number",
        "how much went there",
    ):
        assert why in importing.reasons
