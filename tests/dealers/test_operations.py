"""What can be done to dealers: what it leads to, what is refused and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.dealers.making import (
    AUTUMN,
    FEBRUARY,
    KEYS,
    LONG_AGO,
    graded,
    line,
    make_applicant,
    make_qualified,
    marks,
    months_ago,
    to,
)
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.leads.making import make_lead
from tests.rows import count
from tracker import clock
from tracker.dealers.fitness import refuse_unfit
from tracker.dealers.models import Dealer, DealerRelease, StockLine, StockReport
from tracker.dealers.operations.evaluating import (
    MarkDraft,
    begin_evaluation,
    confirm_evaluation,
    give_marks,
    reopen_evaluation,
)
from tracker.dealers.operations.profiles import ContractDraft, check_paper, edit_dealer, keep_contract
from tracker.dealers.operations.standing import set_standing
from tracker.dealers.operations.stock import Askew, answer_signal, report_stock
from tracker.dealers.operations.supplying import correct_shares, propose_quota, tell_shares
from tracker.dealers.operations.supporting import grant_support
from tracker.dealers.queries.evaluations import list_evaluations
from tracker.dealers.queries.profiles import get_dealer
from tracker.dealers.queries.quotas import get_quota
from tracker.dealers.queries.signals import list_signs, open_signals
from tracker.dealers.queries.stock import find_report
from tracker.errors import AlreadyDone, Forbidden, Invalid, NotFound, Refused, Stale
from tracker.events import Event, Kind
from tracker.leads.models import Lead
from tracker.matrix.models import Evidence, LifecycleChange, OwnTask, Record, RecordContact
from tracker.notifications.models import DueThing, Notification
from tracker.parties.models import Party
from tracker.projects.models import CategoryLine, Project
from tracker.projects.operations import ProjectDraft, open_project
from tracker.projects.operations.parts import add_party
from tracker.projects.queries import get_project
from tracker.team.models import User, UserSession


@pytest.fixture
def dealer(session: Session, cast: Cast, desk: User) -> Dealer:
    """Xinyuan, qualified, for the north."""
    return make_qualified(session, cast.xinyuan, by=desk, since=LONG_AGO, regions=(cast.region_north,))


# Who may


def test_of_the_desks_dealer_management_alone_looks_after_dealers(session: Session, cast: Cast, dealer: Dealer) -> None:
    for user in (cast.technical, cast.sales1, cast.compliance, cast.dealer1):
        with pytest.raises(Forbidden):
            check_paper(session, dealer, "licence", by=user, text="Seen")
        with pytest.raises(Forbidden):
            set_standing(session, dealer, "warned", by=user, reason="Late", improve_by=date(2026, 6, 1))
    for user in (cast.supervisor, cast.director, cast.gm):
        check_paper(session, dealer, "licence", by=user, text="Seen")


# Qualification and territory


def test_a_dealer_qualifies_once_every_paper_is_there_and_valid(session: Session, cast: Cast, desk: User) -> None:
    dealer = make_applicant(session, cast.xinyuan, by=desk)
    for kind in ("licence", "capital", "warehouse", "project_team"):
        check_paper(session, dealer, kind, by=desk, text="Seen")
    check_paper(session, dealer, "references", by=desk, text="Seen", expires_on=date(2026, 3, 15))
    with pytest.raises(Refused) as refusal:
        set_standing(session, dealer, "qualified", by=desk, reason="Papers")
    assert "References is missing or expired" in str(refusal.value)
    check_paper(session, dealer, "references", by=desk, text="Seen", expires_on=date(2026, 3, 16))
    set_standing(session, dealer, "qualified", by=desk, reason="Papers")
    assert dealer.state == "qualified"


def test_a_firm_has_one_profile_and_is_a_dealer_by_its_kind(session: Session, cast: Cast, desk: User) -> None:
    make_applicant(session, cast.xinyuan, by=desk)
    with pytest.raises(Invalid, match="among the dealers already"):
        make_applicant(session, cast.xinyuan, by=desk)
    owner = Party(name="Hengyue", name_key="hengyue", kind="owner")
    session.add(owner)
    session.flush()
    with pytest.raises(Invalid, match="dealer by its kind"):
        make_applicant(session, owner, by=desk)


def test_the_last_two_grades_get_no_new_territory(session: Session, cast: Cast, desk: User, dealer: Dealer) -> None:
    both = [cast.region_north.id, cast.region_south.id]
    graded(session, dealer, AUTUMN, 65, desk, improve_by=date(2026, 6, 1))
    with pytest.raises(Invalid, match="With grade C a dealer gets no new territory"):
        edit_dealer(session, dealer, by=desk, version=dealer.version, regions=both)
    session.rollback()
    dealer = get_dealer(session, desk, dealer.id)
    edit_dealer(session, dealer, by=desk, version=dealer.version, regions=[])  # less is no more
    assert get_dealer(session, desk, dealer.id).regions == []


def test_a_profile_that_somebody_changed_meanwhile_is_not_overwritten(
    session: Session, desk: User, dealer: Dealer
) -> None:
    with pytest.raises(Stale):
        edit_dealer(session, dealer, by=desk, version=dealer.version - 1, regions=[], note="Mine")


# Standing


def test_a_warning_needs_a_day_and_a_reason_and_is_told(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    for reason, until in (("", date(2026, 6, 1)), ("Late", None), ("Late", date(2026, 3, 16))):
        with pytest.raises(Invalid):
            set_standing(session, dealer, "warned", by=desk, reason=reason, improve_by=until)
    set_standing(session, dealer, "warned", by=desk, reason="Reports come late", improve_by=date(2026, 6, 1))
    told = select(DueThing.en).join(Notification).where(Notification.user_id == cast.dealer1.id)
    assert "You are warned: Reports come late" in session.scalars(told).all()
    assert session.scalars(select(Notification.id).where(Notification.user_id == cast.dealer2.id)).all() == []


def test_a_state_is_reached_from_where_he_stands_only(session: Session, desk: User, dealer: Dealer) -> None:
    with pytest.raises(Invalid, match="cannot become this"):
        set_standing(session, dealer, "applicant", by=desk, reason="Again")


def disqualify(session: Session, dealer: Dealer, by: User) -> None:
    set_standing(session, dealer, "disqualified", by=by, reason="Forged papers")
    session.commit()


def test_whose_company_is_disqualified_is_out_at_once_and_reads_why_at_the_door(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer
) -> None:
    from tracker.team.passwords import hash_password

    cast.dealer1.password_hash = hash_password("a long password")
    dealer.keeper_id = desk.id
    session.commit()
    client = browser.of(cast.dealer1)
    assert client.get("/projects").status_code == 200
    disqualify(session, get_dealer(session, desk, dealer.id), desk)
    assert client.get("/projects").status_code == 303
    form = {"username": "dealer1", "password": "a long password"}
    before = count(session, UserSession)
    answer = browser.nobody().post("/login?lang=en", data=form)
    assert answer.status_code == 403 and count(session, UserSession) == before
    assert "Forged papers" in answer.text and "Dealermgmt" in answer.text
    wrong = browser.nobody().post("/login?lang=en", data={**form, "password": "another one"})
    assert wrong.status_code == 422 and "Forged papers" not in wrong.text
    assert browser.of(cast.dealer2).get("/projects").status_code == 200
    set_standing(session, get_dealer(session, desk, dealer.id), "qualified", by=desk, reason="It was an error")
    session.commit()
    assert browser.nobody().post("/login", data=form).status_code == 303


def test_his_running_projects_go_back_with_a_task_and_come_again_when_it_is_lifted(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    owned = make_project(session, cast.sales1, name="Owned", dealer=cast.xinyuan)
    nobodys = make_project(session, None, name="Nobody's", team=cast.north, dealer=cast.xinyuan)
    lost = make_project(session, cast.sales1, name="Lost", dealer=cast.xinyuan, state="lost")
    other = make_project(session, cast.sales1, name="Other", dealer=cast.hongda)
    lead = make_lead(session, cast.dealer1)
    lead.owner_id = cast.dealer1.id
    session.commit()
    disqualify(session, dealer, desk)
    dealers = dict(session.execute(select(Project.name, Project.dealer_id)).all())
    assert dealers == {"Owned": None, "Nobody's": None, "Lost": cast.xinyuan.id, "Other": cast.hongda.id}
    tasks = dict(session.execute(select(OwnTask.project_id, OwnTask.text)).all())
    assert tasks.keys() == {owned.id, nobodys.id}
    assert "take over" in tasks[owned.id] and "nobody owns this project" in tasks[nobodys.id]
    kept = session.get_one(Lead, lead.id, populate_existing=True)
    assert (kept.dealer_id, kept.owner_id) == (None, None)
    assert count(session, DealerRelease) == 2
    taken = get_project(session, cast.director, nobodys.id)
    add_party(session, taken, cast.hongda, "dealer", by=cast.director)
    dealer = get_dealer(session, desk, dealer.id)
    set_standing(session, dealer, "qualified", by=desk, reason="Lifted", return_projects=True)
    session.commit()
    dealers = dict(session.execute(select(Project.name, Project.dealer_id)).all())
    assert dealers["Owned"] == cast.xinyuan.id and dealers["Nobody's"] == cast.hongda.id
    assert other.id and lost.id


@pytest.mark.parametrize("state", ["suspended", "disqualified", "ended"])
def test_who_is_out_or_suspended_is_given_nothing_new(
    session: Session, cast: Cast, desk: User, dealer: Dealer, state: str
) -> None:
    project = make_project(session, cast.sales1)
    set_standing(session, dealer, state, by=desk, reason="Because")
    with pytest.raises(Invalid, match="takes nothing new"):
        add_party(session, get_project(session, cast.sales1, project.id), cast.xinyuan, "dealer", by=cast.sales1)
    draft = ProjectDraft("Tower", "residential_fitted", "design_led", "qualify", "land", ("tiles",),
                         parties=((cast.xinyuan.id, "dealer"),))  # fmt: skip
    with pytest.raises(Invalid, match="takes nothing new"):
        open_project(session, draft, by=cast.sales1)
    refuse_unfit(session, [cast.hongda.id], "dealer")  # of whom we have judged nothing


def test_an_ended_contract_ends_on_its_day(session: Session, desk: User, dealer: Dealer) -> None:
    draft = ContractDraft("A-1", date(2026, 1, 1), date(2026, 12, 31))
    contract = keep_contract(session, dealer, draft, by=desk)
    set_standing(session, dealer, "ended", by=desk, reason="Two D quarters")
    assert contract.ended_on == date(2026, 3, 16)


# Purchase, sale, stock


def test_figures_that_add_up_are_kept_and_a_correction_leaves_its_trail(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    report_stock(session, dealer, FEBRUARY, [line(100, 50, 30, flows=(to(project.id, 20),))], by=cast.dealer1)
    session.commit()
    report = find_report(session, cast.dealer1, dealer, FEBRUARY)
    assert report is not None and (report.source, report.lines[0].stock) == ("dealer", Decimal(120))
    assert [(flow.project_id, flow.quantity) for flow in report.lines[0].flows] == [(project.id, Decimal(20))]
    report_stock(session, dealer, FEBRUARY, [line(100, 50, 40)], by=desk, version=report.version)
    event = session.scalars(select(Event).where(Event.kind == Kind.STOCK_CORRECTED)).one()
    assert event.data["before"] == [f"tiles  100 50 30 120 m2 ({project.id}: 20)"]
    assert event.data["figures"] == ["tiles  100 50 40 110 m2"]
    assert count(session, StockReport) == 1


def test_askew_figures_are_refused_each_with_its_reason(session: Session, cast: Cast, dealer: Dealer) -> None:
    hidden = make_project(session, cast.sales1, dealer=cast.hongda)
    lines = [line(100, 50, 30, stock=100), line(0, 10, 5, product="Grey", flows=(to(None, 6, "Shop"),)),
             line(0, 10, 5, product="Red", flows=(to(hidden.id, 1),)), line(1, 0, 0, product="Grey")]  # fmt: skip
    with pytest.raises(Askew) as askew:
        report_stock(session, dealer, FEBRUARY, lines, by=cast.dealer1)
    said = {place: str(why) for place, why in askew.value.details.items()}
    assert said == {
        (0, "stock"): "100 + 50 - 30 is 120, not 100.",
        (1, "sold"): "More went to projects than was sold.",
        (2, "flows"): "Choose a project that you see.",
        (3, "product"): "The same as line 2.",
    }
    assert count(session, StockReport) == 0


def test_a_line_that_is_left_out_stays_but_counts_no_more(session: Session, cast: Cast, dealer: Dealer) -> None:
    two = [line(0, 10, 5), line(0, 10, 5, product="Grey")]
    report_stock(session, dealer, FEBRUARY, two, by=cast.dealer1)
    report_stock(session, dealer, FEBRUARY, two[:1], by=cast.dealer1)
    session.commit()
    report = find_report(session, cast.dealer1, dealer, FEBRUARY)
    assert report is not None and len(report.lines) == 1 and count(session, StockLine) == 2


def test_a_dealer_reports_for_himself_alone_and_only_what_is_over(session: Session, cast: Cast, dealer: Dealer) -> None:
    with pytest.raises(Forbidden):
        report_stock(session, dealer, FEBRUARY, [line(0, 1, 0)], by=cast.dealer2)
    with pytest.raises(Forbidden):
        report_stock(session, dealer, FEBRUARY, [line(0, 1, 0)], by=cast.sales1)
    with pytest.raises(Invalid, match="when it is over"):
        report_stock(session, dealer, date(2026, 3, 1), [line(0, 1, 0)], by=cast.dealer1)
    assert find_report(session, cast.dealer2, dealer, FEBRUARY) is None


def test_two_who_report_at_once_do_not_overwrite_each_other(session: Session, cast: Cast, dealer: Dealer) -> None:
    report_stock(session, dealer, FEBRUARY, [line(0, 1, 0)], by=cast.dealer1, version=0)
    with pytest.raises(Stale):
        report_stock(session, dealer, FEBRUARY, [line(0, 2, 0)], by=cast.dealer1, version=0)


# Signals


def needing(session: Session, project: Project, quantity: int, result: str = "won", unit: str = "㎡") -> None:
    row = session.scalars(select(CategoryLine).where(CategoryLine.project_id == project.id)).one()
    row.quantity, row.unit, row.result = Decimal(quantity), unit, result
    session.commit()


def test_more_than_a_project_needs_is_a_signal_with_its_figures(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    needing(session, project, 100)
    for back, sold in ((2, 60), (1, 60)):
        report_stock(session, dealer, months_ago(back), [line(100 - 0, 0, sold, flows=(to(project.id, sold),))],
                     by=cast.dealer1)  # fmt: skip
    unseen = {sign.signal.kind: sign for sign in list_signs(session, desk, dealer)}
    assert unseen["more_than_needed"].project is None, "whoever does not see the project reads figures alone"
    assert unseen["more_than_needed"].ask == cast.sales1, "and whom to ask"
    kinds = {sign.signal.kind: sign for sign in list_signs(session, cast.supervisor, dealer)}
    sign = kinds["more_than_needed"]
    assert (sign.signal.quantity, sign.signal.against, sign.project and sign.project.id) == (120, 100, project.id)
    assert kinds["opening_differs"].signal.against == Decimal(40)
    before = len(open_signals(session, dealer))
    answer_signal(session, dealer, sign.signal.key, by=desk, text="A second tower was added to the order.")
    assert len(open_signals(session, dealer)) == before - 1
    with pytest.raises(Refused, match="not there any more"):
        answer_signal(session, dealer, "more_than_needed:tiles:1::1", by=desk, text="Gone")


def test_sales_after_the_line_was_lost_and_outside_the_territory_are_signals(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    project.region_id = cast.region_south.id
    needing(session, project, 1000, result="lost")
    change = LifecycleChange(
        project_id=project.id, category="tiles", source="open", target="lost", on=date(2026, 1, 20)
    )
    session.add(change)
    report_stock(session, dealer, FEBRUARY, [line(50, 0, 30, flows=(to(project.id, 10), to(None, 5, "Shop", True)))],
                 by=cast.dealer1)  # fmt: skip
    found = [(one.kind, int(one.quantity), one.day) for one in open_signals(session, dealer)]
    assert found == [("not_his", 10, date(2026, 1, 20)), ("outside", 10, None), ("outside", 5, None)]


def test_what_fits_gives_no_signal(session: Session, cast: Cast, dealer: Dealer) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    project.region_id = cast.region_north.id
    needing(session, project, 100)
    report_stock(session, dealer, months_ago(2), [line(0, 100, 40, flows=(to(project.id, 40),))], by=cast.dealer1)
    report_stock(session, dealer, FEBRUARY, [line(60, 0, 50, flows=(to(project.id, 50),))], by=cast.dealer1)
    assert open_signals(session, dealer) == []


# Evaluation


def test_the_quarter_of_the_story_is_seventy_three_and_b(session: Session, desk: User, dealer: Dealer) -> None:
    points = dict(zip(KEYS, (85, 60, 70, 90, 80, 40, 80, 60, 70, 80), strict=True))
    evaluation = begin_evaluation(session, dealer, AUTUMN, by=desk)
    drafts = {key: MarkDraft(value, "") for key, value in points.items()}
    give_marks(session, evaluation, drafts, by=desk)
    with pytest.raises(Invalid, match="So few points need a sentence"):
        confirm_evaluation(session, dealer, evaluation, by=desk)
    drafts["price_discipline"] = MarkDraft(40, "Cartons in a shop")
    give_marks(session, evaluation, drafts, by=desk)
    confirm_evaluation(session, dealer, evaluation, by=desk)
    assert (float(evaluation.points or 0), evaluation.grade) == (73.0, "B")
    event = session.scalars(select(Event).where(Event.kind == Kind.DEALER_EVALUATED)).one()
    assert event.data["reason"] == "price_discipline"


def test_a_veto_sets_the_last_grade_and_needs_its_grounds(session: Session, desk: User, dealer: Dealer) -> None:
    with pytest.raises(Invalid, match="grounds"):
        graded(session, dealer, AUTUMN, 95, desk, vetoes=["bribery"], improve_by=date(2026, 6, 1))
    evaluation = list_evaluations(session, desk, dealer)[0]
    give_marks(session, evaluation, {}, by=desk, vetoes=["bribery"], note="Admitted it")
    with pytest.raises(Invalid, match="say by which day"):
        confirm_evaluation(session, dealer, evaluation, by=desk)
    confirm_evaluation(session, dealer, evaluation, by=desk, improve_by=date(2026, 6, 1))
    assert (float(evaluation.points or 0), evaluation.grade) == (95.0, "D")


def test_every_criterion_wants_its_points_and_what_counts_stays_until_it_is_reopened(
    session: Session, desk: User, dealer: Dealer
) -> None:
    evaluation = begin_evaluation(session, dealer, AUTUMN, by=desk)
    assert begin_evaluation(session, dealer, AUTUMN, by=desk) is evaluation
    with pytest.raises(Invalid, match="Points are missing") as missing:
        confirm_evaluation(session, dealer, evaluation, by=desk)
    assert missing.value.field == KEYS[0]
    with pytest.raises(Invalid, match="0 to 100"):
        give_marks(session, evaluation, {"payment": MarkDraft(101)}, by=desk)
    give_marks(session, evaluation, marks(90), by=desk)
    confirm_evaluation(session, dealer, evaluation, by=desk)
    with pytest.raises(AlreadyDone):
        give_marks(session, evaluation, marks(50), by=desk)
    with pytest.raises(Invalid):
        reopen_evaluation(session, dealer, evaluation, by=desk, reason=" ")
    reopen_evaluation(session, dealer, evaluation, by=desk, reason="Counted twice")
    assert evaluation.grade is None


def test_a_quarter_that_is_not_over_and_an_applicant_are_not_evaluated(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    with pytest.raises(Invalid, match="when it is over"):
        begin_evaluation(session, dealer, date(2026, 1, 1), by=desk)
    applicant = make_applicant(session, cast.hongda, by=desk)
    with pytest.raises(Refused, match="who is our dealer"):
        begin_evaluation(session, applicant, AUTUMN, by=desk)


def test_points_are_suggested_from_what_is_known(session: Session, cast: Cast, desk: User, dealer: Dealer) -> None:
    draft = ContractDraft("A-1", date(2025, 1, 1), date(2025, 12, 31), targets={(2025, 0): Decimal(400_000)})
    keep_contract(session, dealer, draft, by=desk)
    report_stock(session, dealer, AUTUMN, [line(0, 9, 3)], by=cast.dealer1, collected=Decimal(80_000))  # late by now
    grant_support(session, dealer, by=desk, kind="training", what="Laying large slabs", on=date(2025, 11, 3))
    evaluation = begin_evaluation(session, dealer, AUTUMN, by=desk)
    known = {mark.criterion: mark.suggested for mark in evaluation.marks}
    assert known["sales_target"] == 80 and known["team_skill"] == 80 and known["stock_flow_data"] == 16
    assert known["price_discipline"] == known["payment"] == known["project_service"] == 100
    assert all(mark.points is None for mark in evaluation.marks), "nothing counts that nobody confirmed"


def test_every_criterion_has_suggested_points_or_says_why_none_can_be(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    evaluation = begin_evaluation(session, dealer, AUTUMN, by=desk)
    assert all(mark.grounds_en for mark in evaluation.marks)
    assert all("一" <= mark.grounds_zh[0] <= "鿿" for mark in evaluation.marks if mark.grounds_zh)
    assert all(mark.grounds_zh for mark in evaluation.marks)
    four = ("registration_conversion", "registration_quality", "design_promotion", "market_feedback")
    assert [mark.suggested for mark in evaluation.marks if mark.criterion in four] == [None] * 4


def test_what_a_dealers_people_did_suggests_the_points_nobody_else_knows(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    day, about = date(2025, 11, 3), {"phase": "map", "step": "structure"}
    won, lost = (make_project(session, cast.sales1, dealer=cast.xinyuan, state=state) for state in ("won", "lost"))
    for project in (won, lost):
        session.add(LifecycleChange(project_id=project.id, source="active", target=project.state, on=day))
    kinds = ("site_visit", "site_visit", "office_visit")
    mine = {"project_id": won.id, "author_id": cast.dealer1.id, "happened_on": day, "text": "x", **about}
    seen, bare, visit = (Record(kind=kind, **mine) for kind in kinds)
    session.add_all((seen, bare, visit, Record(kind="site_visit", **{**mine, "author_id": cast.sales1.id})))
    session.flush()
    make_photo(session, cast.dealer1, project=won).record_id = seen.id
    bare.late_entry = True
    designer = make_contact(session, make_party(session, "Qiheng Interiors", kind="interior_designer"))
    session.add(RecordContact(record_id=visit.id, contact_id=designer.id))
    session.add(Evidence(project_id=won.id, target="X.specify.spec_clause", kind="document", dated_on=day,
                         recorded_on=day))  # fmt: skip
    news = make_lead(session, cast.dealer1)
    news.source, news.created_by_id, news.created_at = "competitor_news", cast.dealer1.id, clock.at_noon(day)
    session.commit()
    evaluation = begin_evaluation(session, dealer, AUTUMN, by=desk)
    known = {mark.criterion: (mark.suggested, mark.grounds_en) for mark in evaluation.marks}
    assert known["registration_conversion"][0] == 50 and "1 of 2" in str(known["registration_conversion"][1])
    assert known["registration_quality"][0] == 40  # one of two with a picture, one late
    assert known["design_promotion"][0] == 40
    assert known["market_feedback"][0] == 25


def test_a_dealer_sees_his_own_evaluation_once_it_counts(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    evaluation = begin_evaluation(session, dealer, AUTUMN, by=desk)
    assert list_evaluations(session, cast.dealer1, dealer) == []
    give_marks(session, evaluation, marks(90), by=desk)
    confirm_evaluation(session, dealer, evaluation, by=desk)
    session.commit()
    assert [one.grade for one in list_evaluations(session, cast.dealer1, dealer)] == ["A"]
    assert list_evaluations(session, cast.dealer2, dealer) == []
    with pytest.raises(NotFound):
        get_dealer(session, cast.dealer2, dealer.id)


# Quotas


def test_a_short_supply_is_shared_by_grade_sales_and_need_and_told(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    other = make_qualified(session, cast.hongda, by=desk, since=LONG_AGO)
    for one, by, sold in ((dealer, cast.dealer1, 300), (other, cast.dealer2, 100)):
        report_stock(session, one, FEBRUARY, [line(500, 0, sold)], by=by)
    march = date(2026, 3, 1)
    asked: dict[str, Any] = {"by": desk, "category": "tiles", "month": march, "unit": "m2", "reason": "Kiln stands"}
    quota = propose_quota(session, quantity=100, **asked)
    session.commit()
    shares = {share.dealer_id: share for share in get_quota(session, desk, quota.id).shares}
    assert (shares[dealer.id].proposed, shares[other.id].proposed) == (75, 25)
    with pytest.raises(Invalid, match="shared out already"):
        propose_quota(session, quantity=50, **asked)
    quota = get_quota(session, desk, quota.id)
    with pytest.raises(Invalid, match="more or less than proposed"):
        correct_shares(session, quota, {shares[dealer.id].id: (70, "")}, by=desk, version=quota.version)
    with pytest.raises(Invalid, match="Together that is 105 of 100"):
        correct_shares(session, quota, {shares[dealer.id].id: (80, "A hospital waits")}, by=desk, version=quota.version)
    correct_shares(session, quota, {shares[dealer.id].id: (70, "Stock is high")}, by=desk, version=quota.version)
    tell_shares(session, quota, by=desk)
    session.commit()
    said = dict(session.execute(select(Notification.user_id, DueThing.en).join(DueThing).where(
        DueThing.key == f"quota:{quota.id}")).all())  # fmt: skip
    assert said[cast.dealer1.id].endswith("Your share: 70 m2.") and said[cast.dealer2.id].endswith("Your share: 25 m2.")
    with pytest.raises(AlreadyDone):
        correct_shares(session, quota, {}, by=desk, version=quota.version)


def test_without_sales_or_need_there_is_nothing_to_go_by(session: Session, desk: User, dealer: Dealer) -> None:
    with pytest.raises(Refused, match="nothing to go by"):
        propose_quota(session, by=desk, category="tiles", month=date(2026, 3, 1), unit="m2", quantity=9, reason="Short")


# Support


def test_support_goes_to_who_is_our_dealer(session: Session, cast: Cast, desk: User, dealer: Dealer) -> None:
    hidden = make_project(session, cast.sales3)
    given: dict[str, Any] = {"kind": "samples", "what": "A box of slabs", "on": date(2026, 3, 2)}
    with pytest.raises(Invalid, match="project that you see"):
        grant_support(session, dealer, by=desk, project_id=hidden.id, **given)
    support = grant_support(session, dealer, by=desk, value=Decimal(600), **given)
    assert support.by_id == desk.id
    set_standing(session, dealer, "ended", by=desk, reason="Over")
    with pytest.raises(Refused, match="no support"):
        grant_support(session, dealer, by=desk, **given)
