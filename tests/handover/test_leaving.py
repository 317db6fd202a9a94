"""Somebody leaves: all he has goes in one step or not at all, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import counted_queries
from tests.factories import make_project, make_user
from tests.handover.making import NOTE, full_desk
from tests.leads.making import make_lead
from tracker import clock, models
from tracker.absences.models import Absence
from tracker.accounts.models import Account, AccountAction, AccountRelation
from tracker.assigning.models import AssignmentRule, LeadClaim, Skill, Territory
from tracker.assigning.operations.ruling import RuleDraft, add_rule
from tracker.database import Base
from tracker.dealers.models import Dealer
from tracker.doctor.projects import examine_projects
from tracker.duplicates.models import SiteRequest
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Event, Kind
from tracker.handover.holdings import POLICY, Fate, Holding, count_held, references
from tracker.handover.models import Handing, Takeover
from tracker.handover.operations import Choice, NotHandedOver, Plan, hand_over
from tracker.leads.models import Lead, LeadMember
from tracker.matrix.models import Approval, OwnTask, Record
from tracker.notifications.models import DueThing, MailWish, Notification, WindowClock
from tracker.notifications.operations.mailing import Mailing, claim_next
from tracker.notifications.operations.mailing import hand_over as deliver_mail
from tracker.partners.models import ShareViewer
from tracker.projects.models import Project, ProjectMember
from tracker.team.models import Team, User, UserSession
from tracker.team.operations import add_role

HISTORY = ("record", "photo", "contact", "party", "move", "correction", "evidence", "document", "lead_scoring")


def plan(cast: Cast, **values: Any) -> Plan:
    return Plan(**{"reason": "She moves abroad", "note": NOTE, "successor_id": cast.sales2.id, **values})


def owners(session: Session, model: Any) -> set[int | None]:
    session.expire_all()
    return set(session.scalars(select(model.owner_id)))


def test_every_column_that_points_to_a_person_is_spoken_of() -> None:
    assert models.Lead.__tablename__ == "lead"  # all tables are known
    assert {name for name, _column in references()} == set(POLICY)


def test_after_leaving_nothing_in_hand_points_at_the_leaver_whatever_its_state(session: Session, cast: Cast) -> None:
    desk = full_desk(session, cast)
    assert set(count_held(session, cast.sales1.id)) == {
        name for name, holding in POLICY.items() if holding.fate is Fate.HANDED
    } - {"team.supervisor_id"}
    cast.north.supervisor_id = cast.sales1.id  # it was his while another role was his
    session.commit()
    handing = hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    session.commit()
    for name, column in references():
        if POLICY[name].fate in (Fate.HANDED, Fate.FOLLOWS) and POLICY[name].while_ is None:
            pointing = select(func.count()).select_from(column.table).where(column == cast.sales1.id)
            assert session.scalar(pointing) == 0, name
    assert count_held(session, cast.sales1.id) == {}
    assert handing.counts["project.owner_id"] == len(desk.open) + len(desk.ended)
    assert handing.counts["lead.owner_id"] == 4 and handing.counts["team.supervisor_id"] == 1
    assert owners(session, Project) == {cast.sales2.id, cast.sales3.id}
    assert session.scalars(select(ProjectMember.user_id)).all() == [cast.sales2.id]
    assert session.scalars(select(LeadMember.user_id)).all() == [cast.sales2.id]
    assert session.scalars(select(Approval.asked_by_id)).all() == [cast.sales2.id]
    assert session.scalars(select(SiteRequest.by_id)).all() == [cast.sales2.id]
    assert session.scalars(select(Territory.user_id)).all() == [cast.sales2.id]
    assert session.scalars(select(AssignmentRule.user_id)).all() == [cast.sales2.id]
    assert session.scalars(select(LeadClaim.ended_at)).one() is not None
    (account,) = session.scalars(select(Account)).all()
    assert (account.owner_id, account.team_id) == (cast.sales2.id, cast.north.id)
    for column in (AccountAction.user_id, Dealer.keeper_id, ShareViewer.user_id):
        assert session.scalars(select(column)).all() == [cast.sales2.id], column
    assert session.scalars(select(AccountRelation.gone_on)).all() == [clock.today()]
    assert session.scalars(select(Absence.stand_in_id).order_by(Absence.id)).all() == [cast.sales2.id, None]
    assert session.scalars(select(Team.supervisor_id).where(Team.id == cast.north.id)).one() is None
    assert set(session.scalars(select(WindowClock.owner_id))) <= {cast.sales2.id, cast.sales3.id}


def test_nothing_is_lost_and_authors_stay(session: Session, cast: Cast) -> None:
    full_desk(session, cast)
    tables = [table for table in Base.metadata.sorted_tables if table.name in HISTORY]

    def rows() -> dict[str, list[Any]]:
        session.expire_all()
        return {table.name: sorted(map(tuple, session.execute(select(table))), key=str) for table in tables}

    events = session.scalars(select(Event.id)).all()
    before = rows()
    hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    session.commit()
    assert rows() == before and before["record"] and before["photo"] and before["contact"]
    assert set(events) <= set(session.scalars(select(Event.id)))
    assert session.scalars(select(Record.author_id).where(Record.next_step.is_not(None))).all() == [cast.sales1.id]
    assert [str(one) for one in examine_projects(session, lambda *_told: None) if one.fault] == []


def test_the_account_is_off_and_signed_out(session: Session, cast: Cast) -> None:
    session.add(UserSession(token_hash="one of his", user_id=cast.sales1.id))
    session.commit()
    hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    session.commit()
    session.expire_all()
    assert not session.get_one(User, cast.sales1.id).active
    assert session.scalars(select(UserSession.revoked_at)).one() is not None
    kinds = session.scalars(select(Event.kind).where(Event.subject == "user_account")).all()
    assert {Kind.HANDED_OVER, Kind.USER_DEACTIVATED, Kind.SESSION_REVOKED} <= set(kinds)


def test_each_open_project_keeps_the_task_to_meet_the_decision_maker_and_ended_ones_none(
    session: Session, cast: Cast
) -> None:
    desk = full_desk(session, cast)
    met = desk.open[1]
    choices = [Choice(met.id, met.version, cast.sales2.id, "Ask for Ms Li", introduced=True)]
    hand_over(session, cast.sales1, plan(cast, projects=choices), by=cast.supervisor)
    session.commit()
    tasks = session.scalars(select(OwnTask).order_by(OwnTask.project_id)).all()
    assert [task.project_id for task in tasks] == [desk.open[0].id, desk.open[2].id]
    assert {task.due_on for task in tasks} == {clock.today() + timedelta(days=14)}
    taken = {row.project_id: row for row in session.scalars(select(Takeover).where(Takeover.project_id.is_not(None)))}
    assert (taken[met.id].introduced, taken[met.id].note, taken[met.id].task_id) == (True, "Ask for Ms Li", None)
    assert taken[desk.open[0].id].task_id == tasks[0].id
    assert set(taken) == {project.id for project in (*desk.open, *desk.ended)}


def test_each_thing_and_the_whole_leave_an_event(session: Session, cast: Cast) -> None:
    full_desk(session, cast)
    last = session.scalar(select(func.max(Event.id))) or 0
    hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    session.commit()
    kinds = session.scalars(select(Event.kind).where(Event.id > last)).all()
    for kind, number in {
        Kind.PROJECT_REASSIGNED: 5,
        Kind.LEAD_ASSIGNED: 4,
        Kind.MEMBER_LEFT: 1,
        Kind.MEMBER_JOINED: 1,
        Kind.LEAD_UNSHARED: 1,
        Kind.LEAD_SHARED: 1,
        Kind.TERRITORY_SET: 1,
        Kind.ACCOUNT_EDITED: 1,
        Kind.RELATION_DROPPED: 1,
        Kind.PASSED_ON: 10,  # rule, both requests, two absences, action, dealer, share he may see, to-do, annotation
        Kind.HANDED_OVER: 1,
    }.items():
        assert kinds.count(kind) == number, kind


def test_chosen_successors_get_what_was_chosen_and_one_takes_the_rest(session: Session, cast: Cast) -> None:
    desk = full_desk(session, cast)
    choices = [Choice(desk.open[0].id, desk.open[0].version, cast.supervisor.id)]
    leads = [Choice(desk.leads[0].id, desk.leads[0].version, cast.sales3.id)]
    hand_over(session, cast.sales1, plan(cast, projects=choices, leads=leads), by=cast.supervisor)
    session.commit()
    session.expire_all()
    assert desk.open[0].owner_id == desk.closed_leads[1].owner_id == cast.supervisor.id  # the lead that became it, too
    assert (desk.leads[0].owner_id, desk.leads[0].team_id) == (cast.sales3.id, cast.south.id)
    assert (desk.open[1].owner_id, desk.leads[1].owner_id) == (cast.sales2.id, cast.sales2.id)
    assert desk.request is not None and desk.request.asked_by_id == cast.supervisor.id


def test_a_request_that_the_successor_has_signed_lapses(session: Session, cast: Cast) -> None:
    desk = full_desk(session, cast)
    assert desk.request is not None
    (signature,) = session.scalars(select(models.Signature)).all()
    signature.by_id = cast.sales2.id
    session.commit()
    hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    assert desk.request.state == "lapsed"


def test_memberships_end_where_nobody_shall_have_them(session: Session, cast: Cast) -> None:
    full_desk(session, cast)
    hand_over(session, cast.sales1, plan(cast, ends_memberships=True), by=cast.supervisor)
    session.commit()
    assert session.scalars(select(ProjectMember)).all() == session.scalars(select(LeadMember)).all() == []


def test_a_successor_who_has_the_place_already_does_not_get_it_twice(session: Session, cast: Cast) -> None:
    make_project(session, cast.sales2, members=(cast.sales1,))
    make_project(session, cast.sales3, members=(cast.sales1, cast.sales2))
    hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    session.commit()
    assert session.scalars(select(ProjectMember.user_id)).all() == [cast.sales2.id]


def test_of_what_the_successor_has_already_the_leavers_ends(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a later table might want it, whose rows are unique for each person."""
    monkeypatch.setitem(POLICY, "skill.user_id", Holding(Fate.HANDED))
    for person, keys in ((cast.sales1, ("hotel", "school")), (cast.sales2, ("hotel",))):
        session.add_all(Skill(user_id=person.id, what="kind", key=key) for key in keys)
    session.commit()
    hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    session.commit()
    skills = session.execute(select(Skill.user_id, Skill.key).order_by(Skill.key)).all()
    assert [tuple(one) for one in skills] == [(cast.sales2.id, "hotel"), (cast.sales2.id, "school")]
    assert session.scalars(select(Event.kind)).all().count(Kind.PASSED_ON) == 2


def test_a_rule_without_anybody_to_take_it_holds_the_leaver_up(session: Session, cast: Cast) -> None:
    add_rule(session, RuleDraft("person", team_id=cast.north.id, user_id=cast.sales1.id), by=cast.supervisor)
    with pytest.raises(Invalid) as refusal:
        hand_over(session, cast.sales1, plan(cast, successor_id=None), by=cast.supervisor)
    assert refusal.value.field == "successor_id"


def test_leaving_without_a_note_is_refused(session: Session, cast: Cast) -> None:
    full_desk(session, cast)
    with pytest.raises(Invalid) as refusal:
        hand_over(session, cast.sales1, plan(cast, note="  "), by=cast.supervisor)
    assert (refusal.value.field, refusal.value.rules) == ("note", ("G42",))


def test_what_stands_in_the_way_is_told_by_name_and_nothing_goes(session: Session, cast: Cast) -> None:
    desk = full_desk(session, cast)
    tower, mall, hotel = desk.open
    cast.technical.active = False
    session.commit()
    choices = [
        Choice(tower.id, 99, cast.sales2.id),
        Choice(mall.id, mall.version, cast.technical.id),
        Choice(hotel.id, hotel.version, cast.sales1.id),
        Choice(desk.joined[0].id, desk.joined[0].version, cast.sales2.id),
    ]
    with pytest.raises(NotHandedOver) as refusal:
        hand_over(session, cast.sales1, plan(cast, projects=choices), by=cast.supervisor)
    session.rollback()
    told = {name: str(why) for name, why in refusal.value.refused}
    assert set(told) == {"Riverside Tower", "Resting Mall", "Won Hotel", f"#{desk.joined[0].id}"}
    assert "changed it meanwhile" in told["Riverside Tower"] and "active colleague" in told["Resting Mall"]
    assert owners(session, Project) == {cast.sales1.id, cast.sales3.id}
    assert session.scalars(select(Handing)).all() == session.scalars(select(Takeover)).all() == []
    assert session.get_one(User, cast.sales1.id).active


def test_without_a_successor_for_the_rest_nothing_goes(session: Session, cast: Cast) -> None:
    make_project(session, cast.sales1, name="Tower")
    with pytest.raises(NotHandedOver) as refusal:
        hand_over(session, cast.sales1, plan(cast, successor_id=None), by=cast.supervisor)
    assert [name for name, _why in refusal.value.refused] == ["Tower"]


def test_what_the_supervisor_does_not_see_goes_to_the_successor_of_the_rest(session: Session, cast: Cast) -> None:
    hidden = make_project(session, cast.sales1, name="In the south", team=cast.south)
    make_lead(session, cast.sales1).team_id = cast.south.id
    session.commit()
    handing = hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    session.commit()
    assert (hidden.owner_id, hidden.team_id) == (cast.sales2.id, cast.north.id)
    assert handing.counts == {"project.owner_id": 1, "lead.owner_id": 1}
    assert set(session.scalars(select(Lead.owner_id))) == {cast.sales2.id}


def test_who_may_let_whom_go(session: Session, cast: Cast) -> None:
    for by, person in (
        (cast.sales2, cast.sales1),
        (cast.supervisor2, cast.sales1),
        (cast.supervisor, cast.supervisor),
        (cast.supervisor, cast.director),
        (cast.director, cast.admin),
        (cast.director, cast.gm),
        (cast.gm, cast.dealer1),
    ):
        with pytest.raises(Forbidden):
            hand_over(session, person, plan(cast), by=by)
    for by, person in (
        (cast.supervisor, cast.sales1),
        (cast.director, cast.supervisor),
        (cast.gm, cast.director),
        (cast.admin, cast.gm),
    ):
        hand_over(session, person, plan(cast), by=by)
        assert not person.active


def test_the_last_administrator_stays(session: Session, cast: Cast) -> None:
    powers = ("people.manage", "lead.assign", "project.reassign")
    role = add_role(session, by=cast.admin, name_zh="人事", name_en="Staff", scope="all", capabilities=powers)
    staff = make_user(session, "staff", role=role, team=cast.company)
    with pytest.raises(Refused) as refusal:
        hand_over(session, cast.admin, plan(cast), by=staff)
    assert "last administrator" in str(refusal.value)


def test_who_stays_hands_over_only_what_was_chosen(session: Session, cast: Cast) -> None:
    desk = full_desk(session, cast)
    choices = [Choice(desk.open[0].id, desk.open[0].version, cast.sales2.id), Choice(desk.open[1].id, 1, None)]
    leads = [Choice(desk.leads[0].id, desk.leads[0].version, cast.sales2.id)]
    moving = plan(cast, leaves=False, projects=choices, leads=leads, keeps_reading=True)
    handing = hand_over(session, cast.sales1, moving, by=cast.supervisor)
    session.commit()
    session.expire_all()
    assert handing.counts == {"project.owner_id": 1, "lead.owner_id": 1}
    assert desk.open[1].owner_id == desk.leads[1].owner_id == cast.sales1.id
    assert session.get_one(User, cast.sales1.id).active
    assert desk.request is not None and desk.request.asked_by_id == cast.sales2.id
    reading = select(LeadMember.user_id).where(LeadMember.lead_id == desk.leads[0].id)
    assert session.scalars(reading).all() == [cast.sales1.id]
    assert session.scalars(select(Territory.user_id)).all() == [cast.sales1.id]


def test_who_stays_hands_a_project_over_by_the_rules_of_a_handover(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    choice = Choice(project.id, project.version, cast.sales2.id, introduced=True)
    hand_over(session, cast.sales1, plan(cast, leaves=False, projects=[choice]), by=cast.supervisor)
    session.commit()
    assert session.scalars(select(Approval)).all() == []  # note and joint visit: nothing to answer for
    back = Choice(project.id, project.version, cast.sales1.id)
    bare = plan(cast, leaves=False, note="", successor_id=None, projects=[back])
    hand_over(session, cast.sales2, bare, by=cast.supervisor)
    session.commit()
    (signed,) = session.scalars(select(Approval)).all()
    assert (signed.rules, signed.state, signed.reason) == (["G42"], "used", "She moves abroad")


def test_the_successors_are_told_once_and_of_what_was_not_read(session: Session, cast: Cast) -> None:
    desk = full_desk(session, cast)
    hand_over(session, cast.sales1, plan(cast), by=cast.supervisor)
    session.commit()
    told = session.execute(
        select(DueThing.kind, DueThing.en).join(Notification).where(Notification.user_id == cast.sales2.id)
    ).all()
    assert sorted(kind for kind, _text in told) == ["handover", "silence"]
    assert "5 projects and 4 leads from Sales1" in dict(told)["handover"].replace("\n", " ")
    (thing,) = session.scalars(select(DueThing).where(DueThing.kind == "handover")).all()
    assert thing.project_id == desk.open[0].id  # the largest


def test_the_successor_who_wants_mails_gets_one_that_still_holds_when_it_goes_out(session: Session, cast: Cast) -> None:
    sent: list[str] = []

    def post(_url: str, *, to: str, subject: str, text: str, **_more: str | None) -> None:
        sent.append(f"{to} {subject} {text}")

    mailing = Mailing("smtp://x", "https://tracker.example.com", "en", post)
    full_desk(session, cast)
    cast.sales2.email = "sales2@example.com"
    session.add(MailWish(user_id=cast.sales2.id, reminders=True, escalations=True))
    hand_over(session, cast.sales1, plan(cast), by=cast.supervisor, mailing=mailing)
    session.commit()
    claimed = claim_next(session, clock.now())
    assert claimed is not None and claimed.to == "sales2@example.com"
    assert deliver_mail(session, claimed, mailing, today=clock.today(), now=clock.now()) == "sent"
    assert "5 projects and 4 leads from Sales1" in sent[0] and "https://tracker.example.com/projects/" in sent[0]
    assert claim_next(session, clock.now()) is None


def test_many_go_with_as_few_questions_as_few(session: Session, cast: Cast) -> None:
    def asked_for(person: User, by: User, number: int) -> tuple[int, int]:
        for count in range(number):
            make_project(session, person, name=f"Site {person.id} {count}")
            make_lead(session, person, f"Plot {person.id} {count}")
        session.commit()
        with counted_queries() as asked:
            hand_over(session, person, plan(cast), by=by)
            session.commit()
        reads = sum(one.lstrip("(").startswith(("SELECT", "WITH")) for one in asked)
        return reads, len(asked) - reads

    few, many = asked_for(cast.sales1, cast.supervisor, 2), asked_for(cast.sales3, cast.supervisor2, 30)
    assert many[0] <= few[0] + 8, (few, many)
    assert many[1] <= few[1] + 9 * 28, (few, many)  # rows, their versions and events are written one by one
