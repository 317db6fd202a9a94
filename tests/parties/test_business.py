"""What a firm is worth to us: figures, lists by value and neglect, the fingerprint; all of the projects one sees."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tracker import clock
from tracker.history.keeping import rebuild
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Evidence, LifecycleChange, Move, Record
from tracker.parties import operations
from tracker.parties.models import Party, PartyTally
from tracker.parties.queries.families import load_wallet
from tracker.parties.queries.figures import load_figures
from tracker.parties.queries.fingerprint import load_fingerprint
from tracker.parties.queries.listing import PartyFilters, list_parties, load_worth
from tracker.parties.tallying import faults
from tracker.projects.models import CategoryLine, Project, ProjectContact, ProjectParty
from tracker.team.models import User
from tracker.team.operations import edit_team

TODAY = date(2026, 3, 16)


@pytest.fixture
def developer(session: Session) -> Party:
    return make_party(session, "Hengyue Land")


def change(session: Session, project: Project, to: str, on: date, **values: object) -> None:
    """The project became this on that day."""
    session.add(LifecycleChange(project_id=project.id, source="active", target=to, on=on, **values))
    project.state = to
    session.flush()


def line_of(session: Session, project: Project) -> CategoryLine:
    return session.scalars(select(CategoryLine).where(CategoryLine.project_id == project.id)).one()


def names(session: Session, by: User, **filters: str) -> list[str]:
    return [party.name for party in list_parties(session, by, PartyFilters(**filters)).items]


def test_figures_count_each_project_once_by_outcome_and_currency(
    session: Session, cast: Cast, developer: Party
) -> None:
    today = clock.today()
    won = make_project(session, cast.sales1, name="Won", developer=developer, value=5_000_000)
    line = line_of(session, won)
    line.result, line.value = "won", Decimal(3_000_000)
    change(session, won, "won", today - timedelta(30))
    dollars = make_project(session, cast.sales1, name="Dollars", developer=developer, value=70_000)
    dollars.currency = "USD"
    lost = make_project(session, cast.sales1, name="Lost", developer=developer, value=900_000)
    change(session, lost, "lost", today - timedelta(400), reason_key="price", told={"winner": "Rival"})
    session.add(ProjectParty(project_id=won.id, party_id=developer.id, role="operator"))
    rival = make_project(session, cast.sales1, name="As a rival")
    session.add(ProjectParty(project_id=rival.id, party_id=developer.id, role="competitor"))
    session.commit()
    found = load_figures(session, cast.sales1, [developer.id], today)
    assert found.outcomes == {"won": 1, "open": 1, "lost": 1}
    assert found.won_value == {"CNY": Decimal(3_000_000)}
    assert found.open_value == {"USD": Decimal(70_000)}
    assert found.lost_value == {"CNY": Decimal(900_000)}
    assert (found.batches, found.won_share) == (1, 0.5)
    assert found.categories["tiles"].recent_value == {"CNY": Decimal(3_000_000)}
    assert found.years[(today - timedelta(30)).year].won_value == {"CNY": Decimal(3_000_000)}
    assert list(faults(session)) == []


def test_the_trend_sets_the_last_365_days_beside_those_before(
    session: Session, cast: Cast, browser: Browser, developer: Party
) -> None:
    today = clock.today()
    for days, value, state in ((30, 3_000_000, "won"), (400, 1_000_000, "won"), (800, 9_000_000, "won"),
                               (20, 5_000_000, "active")):  # fmt: skip
        project = make_project(session, cast.sales1, name=f"Of {days}", developer=developer, value=value)
        change(session, project, "won", today - timedelta(days))
        project.state = state
    session.commit()
    found = load_figures(session, cast.sales1, [developer.id], today)
    assert found.trend == {"CNY": (Decimal(3_000_000), Decimal(1_000_000))}
    page = browser.of(cast.sales1).get(f"/parties/{developer.id}").get_data(as_text=True)
    assert "won in the last 365 days, ¥1M in those before" in page


def test_a_won_project_of_whose_lines_none_is_decided_counts_whole_and_a_main_line_without_value_too(
    session: Session, cast: Cast, developer: Party
) -> None:
    whole = make_project(session, cast.sales1, developer=developer, value=800_000, state="won")
    line_of(session, make_project(session, cast.sales1, developer=developer, value=200_000)).result = "won"
    session.commit()
    found = load_figures(session, cast.sales1, [developer.id], clock.today())
    assert found.won_value == {"CNY": Decimal(1_000_000)}
    assert found.outcomes == {"won": 2}
    assert whole.value == 800_000


def test_figures_leave_out_what_one_does_not_see(session: Session, cast: Cast, developer: Party) -> None:
    make_project(session, cast.sales1, developer=developer, value=100)
    make_project(session, cast.sales3, developer=developer, value=1_000)
    for user, value in ((cast.sales1, 100), (cast.supervisor, 100), (cast.supervisor2, 1_000), (cast.gm, 1_100)):
        assert load_figures(session, user, [developer.id], clock.today()).open_value == {"CNY": Decimal(value)}
        worth = load_worth(session, user, [developer])[developer.id]
        assert (worth.open_value, worth.projects) == ({"CNY": Decimal(value)}, 2 if user is cast.gm else 1)
    assert load_figures(session, cast.sales2, [developer.id], clock.today()).projects == 0


@pytest.mark.parametrize("who", ["gm", "supervisor", "sales1", "technical"])
def test_the_tally_and_the_figures_say_the_same(session: Session, cast: Cast, who: str) -> None:
    firms = [make_party(session, f"Firm {number}") for number in range(4)]
    for number in range(12):
        owner = cast.users[("sales1", "sales2", "sales3")[number % 3]]
        members = (cast.technical,) if number % 4 == 0 else ()
        state = ("active", "won", "lost", "suspended", "closed")[number % 5]
        project = make_project(session, owner, developer=firms[number % 4], value=1000 * (number + 1), state=state,
                               members=members, categories=("tiles", "coatings"))  # fmt: skip
        session.add(ProjectParty(project_id=project.id, party_id=firms[(number + 1) % 4].id, role="main_contractor"))
        if number % 6 == 0:
            project.team_id = None
    session.commit()
    user = cast.users[who]
    worth = load_worth(session, user, firms)
    for firm in firms:
        said = load_figures(session, user, [firm.id], clock.today())
        told = worth[firm.id]
        assert (told.projects, told.won_value, told.open_value) == (said.projects, said.won_value, said.open_value)
    assert list(faults(session)) == []


def test_the_tally_follows_whatever_changes(session: Session, cast: Cast, developer: Party) -> None:
    other = make_party(session, "Other Land")
    project = make_project(session, cast.sales1, developer=developer, value=500)

    def kept(party: Party) -> list[tuple[int, Decimal, Decimal]]:
        query = select(PartyTally.won, PartyTally.open_value, PartyTally.won_value)
        rows = session.execute(query.where(PartyTally.party_id == party.id, PartyTally.team_id == 0))
        return [tuple(row) for row in rows]  # type: ignore[misc]

    assert kept(developer) == [(0, Decimal(500), Decimal(0))]
    project.value = Decimal(700)
    session.flush()
    assert kept(developer) == [(0, Decimal(700), Decimal(0))]
    line_of(session, project).result = "won"
    session.flush()
    assert kept(developer) == [(1, Decimal(700), Decimal(700))]
    role = session.scalars(select(ProjectParty).where(ProjectParty.project_id == project.id)).one()
    role.party_id = other.id
    session.flush()
    assert (kept(developer), kept(other)) == ([], [(1, Decimal(700), Decimal(700))])
    session.delete(role)
    session.flush()
    assert kept(other) == []
    assert list(faults(session)) == []


def test_lists_go_by_what_was_won_by_what_is_open_and_by_neglect(session: Session, cast: Cast) -> None:
    big, small, met = (make_party(session, name) for name in ("Big", "Small", "Met"))
    make_party(session, "Nothing")
    make_project(session, cast.sales1, developer=big, value=900, state="won")
    make_project(session, cast.sales1, developer=small, value=100, state="won")
    make_project(session, cast.sales1, developer=small, value=5_000)
    of_met = make_project(session, cast.sales1, developer=met, value=9_000)
    person = make_contact(session, met)
    session.add(ProjectContact(project_id=of_met.id, contact_id=person.id, last_met_on=clock.today()))
    session.commit()
    for user in (cast.gm, cast.supervisor, cast.sales1):
        assert names(session, user, sort="won") == ["Big", "Small"]
        assert names(session, user, sort="open") == ["Met", "Small"]
        assert names(session, user, sort="neglected") == ["Small", "Big"]
        assert names(session, user, sort="won", currency="USD") == []
    assert names(session, cast.sales3, sort="won") == []
    assert names(session, cast.gm, sort="won", kind="owner") == ["Big", "Small"]
    assert names(session, cast.gm, sort="won", kind="main_contractor") == []


def test_a_firm_is_listed_by_every_role_it_has(session: Session, cast: Cast, developer: Party) -> None:
    operations.add_role(session, developer, by=cast.sales1, role="property_manager")
    project = make_project(session, cast.sales1)
    session.add(ProjectParty(project_id=project.id, party_id=developer.id, role="main_contractor"))
    session.commit()
    for role in ("owner", "property_manager", "main_contractor"):
        assert names(session, cast.sales1, kind=role) == ["Hengyue Land"]
    assert names(session, cast.sales1, kind="cost_consultant") == []


@pytest.mark.parametrize("sort", ["name", "won", "open", "neglected"])
def test_each_order_asks_little_and_goes_out_as_a_file(
    session: Session, cast: Cast, browser: Browser, sort: str
) -> None:
    for number in range(60):
        party = make_party(session, f"Firm {number:02}")
        make_project(session, cast.sales1, name=f"P{number}", developer=party, value=1000 + number)
        make_project(session, cast.sales1, name=f"W{number}", developer=party, value=1000 + number, state="won")
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        page = client.get(f"/parties?sort={sort}").get_data(as_text=True)
    assert len(asked) <= 8
    assert page.count('class="site"') == 50
    rows = client.get(f"/parties?sort={sort}&export=csv").get_data(as_text=True)
    assert rows.count("Firm ") == 60 and "Won value" in rows


def test_a_list_by_value_says_what_to_do_where_there_is_none(cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.sales1).get("/parties?sort=won").get_data(as_text=True)
    assert "Nothing won or open with a firm here" in page
    page = browser.of(cast.sales1).get("/parties?sort=neglected").get_data(as_text=True)
    assert "No valuable firm is neglected" in page
    assert browser.of(cast.sales1).get("/parties?sort=nonsense&currency=BTC").status_code == 200


def test_our_share_is_what_was_won_in_a_year_of_the_newest_estimate(
    session: Session, cast: Cast, developer: Party
) -> None:
    today = clock.today()
    won = make_project(session, cast.sales1, developer=developer, value=200)
    line_of(session, won).result = "won"
    change(session, won, "won", today - timedelta(10))
    old = make_project(session, cast.sales1, developer=developer, value=999)
    line_of(session, old).result = "won"
    change(session, old, "won", today - timedelta(500))
    for volume, on in ((400, today - timedelta(90)), (1000, today - timedelta(1))):
        operations.add_estimate(session, developer, by=cast.sales1, category="tiles", volume=Decimal(volume),
                                currency="CNY", grounds="Their buyer said so.", on=on)  # fmt: skip
    session.commit()
    figures = load_figures(session, cast.sales1, [developer.id], today)
    (wallet,) = load_wallet(session, developer, [developer.id], figures)
    assert (wallet.volume, wallet.ours, wallet.share) == (Decimal(1000), Decimal(200), 0.2)
    assert len(wallet.estimates) == 2


def stacked(session: Session, cast: Cast, developer: Party) -> tuple[Project, Project]:
    """Two projects: one entered early whose drawing carries us, one entered late and lost."""
    one = make_project(session, cast.sales1, name="Early", developer=developer, phase="specify", step="drawings",
                       since=TODAY)  # fmt: skip
    two = make_project(session, cast.sales1, name="Late", developer=developer, phase="bid", step="structure",
                       since=TODAY, route="contractor_buy")  # fmt: skip
    for project, phase, step in ((one, "map", "concept"), (two, "bid", "structure")):
        start = TODAY - timedelta(100)
        session.add(Move(project_id=project.id, axis="phase", target=phase, on=start))
        session.add(
            Move(project_id=project.id, axis="step", target=step, on=start, building_id=_building(session, project))
        )
    session.add(Move(project_id=one.id, axis="phase", source="map", target="specify", on=TODAY - timedelta(50)))
    session.add(Move(project_id=one.id, axis="step", source="concept", target="drawings", on=TODAY - timedelta(50),
                     building_id=_building(session, one)))  # fmt: skip
    record = Record(
        project_id=one.id, phase="specify", step="drawings", kind="visit", happened_on=TODAY, text="Got it."
    )
    session.add(record)
    session.flush()
    plain = {"project_id": one.id, "kind": "document", "dated_on": TODAY, "recorded_on": TODAY}
    session.add(Evidence(target="X.specify.spec_clause", record_id=record.id, note="A-501", **plain))
    session.add(Evidence(target="X.shortlist.on_list", **plain))
    change(session, two, "lost", TODAY - timedelta(20), reason_key="price", told={"winner": "Rival Tiles"})
    session.commit()
    rebuild(session)
    session.commit()
    return one, two


def _building(session: Session, project: Project) -> int:
    from tracker.projects.models import Building

    return session.scalars(select(Building.id).where(Building.project_id == project.id)).one()


def test_the_fingerprint_says_where_brands_are_fixed_where_we_enter_and_where_we_lose(
    session: Session, cast: Cast, developer: Party
) -> None:
    one, two = stacked(session, cast, developer)
    found = load_fingerprint(session, cast.sales1, [developer.id], current_definition())
    assert found.projects == 2
    assert found.cells["specify", "drawings"].fixed == {"spec_clause": 1, "on_list": 1}
    assert found.cells["specify", "drawings"].records == 1
    assert found.cells["map", "concept"].entered == 1 and found.cells["bid", "structure"].entered == 1
    assert found.cells["bid", "structure"].lost == 1
    assert found.most("fixings") == (("specify", "drawings"), 2, 2)
    assert found.most("won") is None
    assert [(loss.project_id, loss.winner) for loss in found.losses] == [(two.id, "Rival Tiles")]
    assert (found.reasons, found.winners) == ([("price", 1)], [("Rival Tiles", 1)])
    assert [(drawing.project_id, drawing.note) for drawing in found.drawings] == [(one.id, "A-501")]
    assert found.contractor_bought == 1
    assert load_fingerprint(session, cast.sales3, [developer.id], current_definition()).projects == 0


def test_the_fingerprint_is_drawn_for_one_of_the_roles(
    session: Session, cast: Cast, browser: Browser, developer: Party
) -> None:
    one, _two = stacked(session, cast, developer)
    session.add(ProjectParty(project_id=one.id, party_id=developer.id, role="design_institute"))
    designer = make_contact(session, developer, "Shen Gong")
    session.add(ProjectContact(project_id=one.id, contact_id=designer.id, role="decision_maker"))
    session.commit()
    found = load_fingerprint(session, cast.sales1, [developer.id], current_definition(), "design_institute")
    assert (found.projects, found.say, found.roles) == (1, 1, {"owner": 2, "design_institute": 1})
    assert found.drawings[0].designers == "Shen Gong"
    page = browser.of(cast.sales1).get(f"/parties/{developer.id}?as=design_institute").get_data(as_text=True)
    assert "n = 1" in page and "A-501" in page and "Shen Gong" in page
    nothing = browser.of(cast.sales1).get(f"/parties/{developer.id}?as=nonsense")
    assert nothing.status_code == 200


def test_the_fingerprint_says_who_decides_and_from_which_kind_of_firm(
    session: Session, cast: Cast, browser: Browser, developer: Party
) -> None:
    one, two = stacked(session, cast, developer)
    institute = make_party(session, "East Design", kind="design_institute")
    session.add(ProjectParty(project_id=one.id, party_id=institute.id, role="design_institute"))
    head, drawer = make_contact(session, developer, "Wang Li"), make_contact(session, institute, "Shen Gong")
    stray = make_contact(session, make_party(session, "Linden Cost Engineers"), "Lu Min")
    for project, contact, role in (
        (one, head, "decision_maker"),
        (two, head, "decision_maker"),
        (one, drawer, "decision_maker"),
        (two, drawer, "influencer"),
        (two, stray, "decision_maker"),
    ):
        session.add(ProjectContact(project_id=project.id, contact_id=contact.id, role=role))
    session.commit()
    found = load_fingerprint(session, cast.sales1, [developer.id], current_definition())
    assert [(who.contact_id, who.projects) for who in found.deciders] == [(head.id, 2), (drawer.id, 1), (stray.id, 1)]
    assert found.deciding == {"owner": 2, "design_institute": 1}
    page = browser.of(cast.sales1).get(f"/parties/{developer.id}").get_data(as_text=True)
    assert "Who decides there" in page and "Wang Li · " in page and "Shen Gong · East Design" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_tells_the_business_in_the_readers_language(
    session: Session, cast: Cast, browser: Browser, developer: Party, lang: str
) -> None:
    stacked(session, cast, developer)
    page = browser.of(cast.sales1).get(f"/parties/{developer.id}?lang={lang}").get_data(as_text=True)
    assert ("指纹" if lang == "zh" else "Fingerprint") in page
    assert ("数字只统计您能看到的项目" if lang == "zh" else "Figures count the projects that you see.") in page
    assert "Rival Tiles" in page


def test_a_firm_with_two_hundred_projects_asks_no_more(
    session: Session, cast: Cast, browser: Browser, developer: Party
) -> None:
    for number in range(200):
        state = ("active", "won", "lost")[number % 3]
        make_project(session, cast.sales1, name=f"Tower {number}", developer=developer, state=state)
    for number in range(5):
        make_contact(session, developer, f"Contact {number}")
    client, address = browser.of(cast.supervisor), f"/parties/{developer.id}"
    with counted_queries() as asked:
        page = client.get(address).get_data(as_text=True)
    assert len(asked) <= 14
    assert "67 won, 66 lost, 67 open" in page


def test_the_tally_follows_a_team_that_is_moved(session: Session, cast: Cast, developer: Party) -> None:
    make_project(session, cast.sales3, developer=developer, value=700)
    assert names(session, cast.supervisor, sort="open") == []
    edit_team(session, cast.south, by=cast.admin, name="South sales", parent=cast.north, region_id=None,
              supervisor_id=None)  # fmt: skip
    session.commit()
    assert list(faults(session)) == []
    assert names(session, cast.supervisor, sort="open") == ["Hengyue Land"]
    assert load_worth(session, cast.supervisor, [developer])[developer.id].projects == 1


def test_what_one_joins_outside_of_his_part_counts_once(session: Session, cast: Cast, developer: Party) -> None:
    """A project of the south of which the north's supervisor is a member, one of his own team, one he owns himself."""
    make_project(session, cast.sales3, developer=developer, value=1, members=(cast.supervisor,))
    make_project(session, cast.sales1, developer=developer, value=10, members=(cast.supervisor,))
    make_project(session, cast.supervisor, developer=developer, value=100)
    make_project(session, cast.sales3, developer=make_party(session, "Not seen"), value=1000)
    worth = load_worth(session, cast.supervisor, [developer])[developer.id]
    assert (worth.projects, worth.open_value) == (3, {"CNY": Decimal(111)})
    assert names(session, cast.supervisor, sort="open") == ["Hengyue Land"]


def test_the_neglected_are_looked_for_beyond_the_first_page_of_the_valuable(session: Session, cast: Cast) -> None:
    for number in range(60):
        party = make_party(session, f"Met {number:02}")
        project = make_project(session, cast.sales1, name=f"P{number}", developer=party, value=1000 + number)
        person = make_contact(session, party)
        session.add(ProjectContact(project_id=project.id, contact_id=person.id, last_met_on=clock.today()))
    make_project(session, cast.sales1, developer=make_party(session, "Left alone"), value=10)
    session.commit()
    for user in (cast.gm, cast.supervisor, cast.sales1):
        assert names(session, user, sort="neglected") == ["Left alone"]
