"""Entering a site that is on record: refused with its ways out, warned of, kept for arbitration; probing is limited."""

from __future__ import annotations

import pytest
from limits import parse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser
from tests.duplicates.making import CERTAIN, LIKELY, PLOT, known_lead, typed
from tests.factories import make_project
from tracker.duplicates.models import Difference, SiteRequest
from tracker.duplicates.queries import find_hits
from tracker.duplicates.views import probing
from tracker.events import Event, Kind
from tracker.leads.models import Lead, LeadContact, LeadMember, LeadParty
from tracker.matching.things import Site
from tracker.projects.models import Project, ProjectMember


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def opening(**values: object) -> dict[str, object]:
    plain = {"name": "海澜湾酒店", "kind": "hotel", "route": "design_led", "phase": "qualify", "step": "land",
             "building": "1#", "categories": ["tiles"], "currency": "CNY", "source": "", "region_id": ""}  # fmt: skip
    return {**plain, **values}


def test_a_certain_duplicate_is_refused_with_its_ways_out_and_nothing_typed_is_lost(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = known_lead(session, cast.sales1)
    answer = browser.of(cast.sales1).post("/leads/new", data={**CERTAIN, "note": "Crane is up"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for text in (f'href="/leads/{lead.id}"', "G26", 'value="join"', 'value="arbitration"', "Crane is up", "海澜湾酒店"):
        assert text in page, text
    assert count(session, Lead) == 1


def test_a_likely_one_wants_one_tick_and_keeps_the_sentence(session: Session, cast: Cast, browser: Browser) -> None:
    known = known_lead(session, cast.sales1)
    client = browser.of(cast.sales1)
    refused = client.post("/leads/new", data=LIKELY)
    assert refused.status_code == 422
    assert 'name="looked"' in refused.get_data(as_text=True)
    answer = client.post("/leads/new", data={**LIKELY, "looked": "1", "why": "The staff house behind it"})
    assert answer.status_code == 303
    lead = session.scalars(select(Lead).order_by(Lead.id.desc())).first()
    assert lead is not None and lead.state == "new"
    told = select(Event.data).where(Event.kind == Kind.SAID_DIFFERENT, Event.subject_id == lead.id)
    assert session.scalars(told).one()["reason"] == "The staff house behind it"
    site = Site(("海澜湾酒店",), plot_number=PLOT)
    assert find_hits(session, cast.sales1, "lead", site, ("lead", known.id)) == []


def test_what_is_only_possible_or_unlike_is_entered_at_once(session: Session, cast: Cast, browser: Browser) -> None:
    known_lead(session, cast.sales1)
    assert browser.of(cast.sales1).post("/leads/new", data=typed()).status_code == 303
    possible = typed(name="海澜湾酒店", latitude="34.78", longitude="113.6253")
    assert browser.of(cast.sales1).post("/leads/new", data=possible).status_code == 303


def test_the_second_press_of_a_form_finds_the_first_ones_lead_and_no_duplicate(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    first = client.post("/leads/new", data={**CERTAIN, "token": "pressed-once"})
    second = client.post("/leads/new", data={**CERTAIN, "token": "pressed-once"})
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert client.post("/leads/new", data={**CERTAIN, "token": "another"}).status_code == 422
    assert client.post("/leads/new", data={**CERTAIN, "token": "another"}).status_code == 422
    assert count(session, Lead) == 1


def test_who_asks_to_join_is_let_in_by_the_supervisor_of_the_site(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = known_lead(session, cast.sales1)
    client = browser.of(cast.sales3)
    for _press in (1, 2):
        answer = client.post("/leads/new", data={**CERTAIN, "way": "join", "why": "I know the owner"})
        assert answer.location == "/duplicates?which=mine"
    asked = session.scalars(select(SiteRequest)).one()
    mine = client.get("/duplicates?which=mine").get_data(as_text=True)
    assert "I know the owner" in mine
    assert "海澜湾度假酒店" not in mine and f"/leads/{lead.id}" not in mine
    assert "I know the owner" in browser.of(cast.supervisor).get("/duplicates").get_data(as_text=True)
    assert "I know the owner" not in browser.of(cast.supervisor2).get("/duplicates").get_data(as_text=True)
    assert "asks to join" in browser.of(cast.supervisor).get(f"/duplicates/lead/{lead.id}").get_data(as_text=True)
    address, yes = f"/duplicates/requests/{asked.id}", {"granted": "1", "answer": "Welcome"}
    assert browser.of(cast.supervisor2).post(address, data=yes).status_code == 404
    assert browser.of(cast.sales3).post(address, data=yes).status_code == 403
    no = browser.of(cast.supervisor).post(address, data={"granted": "0"})
    assert no.status_code == 422
    assert browser.of(cast.supervisor).post(address, data=yes).status_code == 303
    assert session.scalars(select(LeadMember.user_id).where(LeadMember.lead_id == lead.id)).all() == [cast.sales3.id]
    assert browser.of(cast.supervisor).post(address, data=yes).status_code == 303
    assert count(session, LeadMember) == 1


def test_who_is_let_into_a_project_sees_it(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, name="海澜湾度假酒店", kind="hotel")
    project.plot_number = PLOT
    session.commit()
    assert browser.of(cast.sales3).post("/projects/new", data=opening(plot_number=PLOT, way="join")).status_code == 303
    asked = session.scalars(select(SiteRequest)).one()
    browser.of(cast.supervisor).post(f"/duplicates/requests/{asked.id}", data={"granted": "1"})
    assert session.scalars(select(ProjectMember.user_id)).all() == [cast.sales3.id]
    assert browser.of(cast.sales3).get(f"/projects/{project.id}").status_code == 200


def test_arbitration_keeps_the_lead_apart_until_it_is_decided(session: Session, cast: Cast, browser: Browser) -> None:
    lead = known_lead(session, cast.sales1)
    client = browser.of(cast.sales3)
    assert client.post("/leads/new", data={**CERTAIN, "way": "arbitration"}).status_code == 422
    sent = {**CERTAIN, "way": "arbitration", "why": "Tower 2 of the plot"}
    answer = client.post("/leads/new", data=sent)
    claim = session.scalars(select(Lead).where(Lead.id != lead.id)).one()
    assert answer.location == f"/leads/{claim.id}"
    assert (claim.state, claim.state_reason, claim.duplicate_of_id) == ("duplicate", "Tower 2 of the plot", None)
    assert "海澜湾度假酒店" not in client.get(answer.location).get_data(as_text=True)
    asked = session.scalars(select(SiteRequest)).one()
    page = browser.of(cast.supervisor).get("/duplicates").get_data(as_text=True)
    assert "Tower 2 of the plot" in page and f"/leads/{lead.id}" in page
    browser.of(cast.supervisor).post(f"/duplicates/requests/{asked.id}", data={"granted": "1", "answer": "Two towers"})
    session.expire_all()
    assert session.get_one(Lead, claim.id).state == "new"
    assert count(session, Difference) == 1


def test_a_lead_ruled_to_be_the_same_stays_the_known_one_s_double(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = known_lead(session, cast.sales1)
    browser.of(cast.sales3).post("/leads/new", data={**CERTAIN, "way": "arbitration", "why": "Another gate"})
    asked = session.scalars(select(SiteRequest)).one()
    browser.of(cast.supervisor).post(f"/duplicates/requests/{asked.id}", data={"granted": "0", "answer": "The same"})
    session.expire_all()
    claim = session.get_one(Lead, asked.claim_id)
    assert (claim.state, claim.duplicate_of_id) == ("duplicate", lead.id)


@pytest.mark.parametrize("sent", [CERTAIN, LIKELY], ids=["certain", "likely"])
def test_a_dealer_reads_one_word_and_sends_it_for_a_look(
    session: Session, cast: Cast, browser: Browser, sent: dict[str, object]
) -> None:
    known_lead(session, cast.sales1)
    client = browser.of(cast.dealer1)
    refused = client.post("/leads/new", data=sent)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "This site must be looked at." in page
    for secret in ("G26", "certain", "likely</", "plot number</span>", "North sales", "Sales1", "海澜湾度假酒店"):
        assert secret not in page, secret
    kept = client.post("/leads/new", data={**sent, "way": "arbitration"})
    assert kept.status_code == 303
    claim = session.scalars(select(Lead).where(Lead.dealer_id == cast.xinyuan.id)).one()
    assert claim.state == "duplicate"
    assert "North sales" not in client.get(kept.location).get_data(as_text=True)
    assert "海澜湾酒店" in browser.of(cast.supervisor).get("/duplicates").get_data(as_text=True)
    assert client.get("/duplicates").status_code == 404
    assert client.post("/leads/new", data={**sent, "way": "join"}).status_code == 403


def test_opening_a_project_on_a_known_site_is_refused_and_a_likely_one_wants_the_tick(
    session: Session, cast: Cast, browser: Browser
) -> None:
    known_lead(session, cast.sales1)
    client = browser.of(cast.sales1)
    refused = client.post("/projects/new", data=opening(plot_number=PLOT, way="arbitration", why="no"))
    assert refused.status_code == 422
    assert "G26" in refused.get_data(as_text=True)
    near = opening(latitude="34.7484", longitude="113.6253", developer="恒岳置业")
    assert client.post("/projects/new", data=near).status_code == 422
    assert count(session, Project) == 0
    assert client.post("/projects/new", data={**near, "looked": "1"}).status_code == 303


KNOWN_ROW = {"rows-0-name": "海澜湾酒店", "rows-0-plot_number": PLOT}
GRID = {"source": "street_canvassing", "step": "land", "kind": "hotel", "found_on": "2026-03-16"}


def test_a_row_alone_in_the_grid_is_refused_where_its_site_is_on_record(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = known_lead(session, cast.sales1)
    refused = browser.of(cast.sales1).post("/leads/several", data={**GRID, **KNOWN_ROW})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and count(session, Lead) == 1
    assert f'href="/leads/{lead.id}"' in page and "海澜湾酒店" in page and "/leads/new?" in page
    hidden = browser.of(cast.sales3).post("/leads/several", data={**GRID, **KNOWN_ROW}).get_data(as_text=True)
    assert "A site that you do not see" in hidden and "海澜湾度假酒店" not in hidden


def test_of_several_rows_those_on_record_come_in_marked(session: Session, cast: Cast, browser: Browser) -> None:
    lead = known_lead(session, cast.sales1)
    client = browser.of(cast.sales3)
    answer = client.post("/leads/several", data={**GRID, **KNOWN_ROW, "rows-1-name": "Quay 7"})
    assert answer.status_code == 303
    double, other = session.scalars(select(Lead).where(Lead.id != lead.id).order_by(Lead.id)).all()
    assert (double.state, double.duplicate_of_id, other.state) == ("duplicate", lead.id, "new")
    assert "1 is on record already" in client.get("/leads").get_data(as_text=True)
    page = client.get(f"/leads/{double.id}").get_data(as_text=True)
    assert "On record already: same plot number" in page
    assert "海澜湾度假酒店" not in page and f'"/leads/{lead.id}"' not in page, "he may not see the known one"
    theirs = browser.of(cast.gm).get(f"/leads/{double.id}").get_data(as_text=True)
    assert f'"/leads/{lead.id}"' in theirs


def test_a_dealers_rows_tell_him_nothing_but_wait_for_a_look(session: Session, cast: Cast, browser: Browser) -> None:
    known_lead(session, cast.sales1)
    client = browser.of(cast.dealer1)
    answer = client.post("/leads/several", data={**GRID, **KNOWN_ROW, "rows-1-name": "Quay 7"})
    assert answer.status_code == 303
    double, other = session.scalars(select(Lead).where(Lead.dealer_id == cast.xinyuan.id).order_by(Lead.id)).all()
    assert (double.state, double.duplicate_of_id, other.state) == ("duplicate", None, "new")
    page = client.get(f"/leads/{double.id}").get_data(as_text=True)
    assert "plot number</span>" not in page and "海澜湾度假酒店" not in page
    assert session.scalars(select(SiteRequest.claim_id)).all() == [double.id]


def contested(**values: object) -> dict[str, object]:
    typed_in = {"plot_number": PLOT, "source": "design_institute", "phase": "map", "step": "concept", "floors": "12"}
    typed_in |= {"developer": "恒岳置业", "dealer": "Xinyuan Materials", "contact_name": "王莉"}
    return opening(**{**typed_in, "way": "arbitration", "why": "Tower 2", "token": "pressed", **values})


def test_a_project_on_a_known_site_is_refused_with_the_same_ways_out_as_a_lead(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = known_lead(session, cast.sales1)
    page = browser.of(cast.sales1).post("/projects/new", data=contested(way="")).get_data(as_text=True)
    for text in (f'href="/leads/{lead.id}"', "G26", 'value="join"', 'value="arbitration"', 'value="恒岳置业"'):
        assert text in page, text


def test_a_contested_project_is_kept_as_a_lead_and_opened_from_it_once_it_is_another_site(
    session: Session, cast: Cast, browser: Browser
) -> None:
    known = known_lead(session, cast.sales1)
    client = browser.of(cast.sales3)
    for missing, said in (
        (contested(why=""), "Say why it is another site"),
        (contested(source=""), "Choose the source"),
    ):
        refused = client.post("/projects/new", data=missing)
        page = refused.get_data(as_text=True)
        assert refused.status_code == 422 and said in page and 'value="arbitration"' in page
        assert ('value="Tower 2"' in page) == bool(missing["why"])
    assert count(session, Lead) == 1 and count(session, Project) == 0
    answers = [client.post("/projects/new", data=contested()) for _press in (1, 2)]
    claim = session.scalars(select(Lead).where(Lead.id != known.id)).one()
    assert [answer.location for answer in answers] == [f"/leads/{claim.id}"] * 2, (
        "the second press finds the first one's"
    )
    assert (claim.state, claim.source, claim.plot_number, claim.owes_evidence) == (
        "duplicate", "design_institute", PLOT, False)  # fmt: skip
    roles = session.scalars(select(LeadParty.role).where(LeadParty.lead_id == claim.id)).all()
    assert set(roles) == {"owner", "dealer"} and count(session, LeadContact) == 1
    assert "a project" in browser.of(cast.supervisor).get("/duplicates").get_data(as_text=True)
    asked = session.scalars(select(SiteRequest)).one()
    browser.of(cast.supervisor).post(f"/duplicates/requests/{asked.id}", data={"granted": "1", "answer": "Two towers"})
    form = client.get(f"/leads/{claim.id}/convert").get_data(as_text=True)
    for kept in ('selected value="map"', 'value="12"', 'selected value="design_led"', 'value="Xinyuan Materials"'):
        assert kept in form, kept
    sent = contested(way="", why="", token="converting", phase="qualify", step="land")
    assert client.post(f"/leads/{claim.id}/convert", data=sent).status_code == 303
    session.expire_all()
    assert session.get_one(Lead, claim.id).state == "converted" and count(session, Project) == 1


def test_a_project_ruled_to_be_the_same_site_stays_a_double_whose_owner_learns_no_name(
    session: Session, cast: Cast, browser: Browser
) -> None:
    known = known_lead(session, cast.sales1)
    client = browser.of(cast.sales3)
    client.post("/projects/new", data=contested())
    asked = session.scalars(select(SiteRequest)).one()
    browser.of(cast.supervisor).post(f"/duplicates/requests/{asked.id}", data={"granted": "0", "answer": "The same"})
    session.expire_all()
    claim = session.get_one(Lead, asked.claim_id)
    assert (claim.state, claim.duplicate_of_id) == ("duplicate", known.id)
    assert "海澜湾度假酒店" not in client.get(f"/leads/{claim.id}").get_data(as_text=True)
    assert count(session, Project) == 0


def test_arbitration_of_a_project_where_nothing_is_known_is_refused(
    session: Session, cast: Cast, browser: Browser
) -> None:
    answer = browser.of(cast.sales1).post("/projects/new", data=contested())
    assert answer.status_code == 422
    assert "Nothing like it is on record any more" in answer.get_data(as_text=True)
    assert count(session, Lead) == 0 and count(session, Project) == 0


def test_repeated_probing_is_written_down_and_then_stopped_until_something_is_saved(
    session: Session, cast: Cast, browser: Browser
) -> None:
    known_lead(session, cast.sales1)
    client = browser.of(cast.sales3)
    sent = {"of": "lead", **CERTAIN}
    pages = [client.get("/duplicates/check", query_string=sent, headers=HTMX).get_data(as_text=True) for _ in range(42)]
    assert "A site that you do not see" in pages[39]
    assert "A site that you do not see" not in pages[41]
    assert "many sites of others" in pages[41]
    written = session.scalars(select(Event).where(Event.kind == Kind.SITES_PROBED)).all()
    assert [event.by_id for event in written] == [cast.sales3.id]
    assert "looked for known sites again and again" in browser.of(cast.admin).get("/admin/audit").get_data(as_text=True)
    assert client.post("/leads/new", data=typed()).status_code == 303
    after = client.get("/duplicates/check", query_string=sent, headers=HTMX).get_data(as_text=True)
    assert "A site that you do not see" in after


def test_who_sees_what_he_finds_probes_nothing(session: Session, cast: Cast, browser: Browser) -> None:
    known_lead(session, cast.sales1)
    client = browser.of(cast.sales1)
    for _ in range(45):
        page = client.get("/duplicates/check", query_string={"of": "lead", **CERTAIN}, headers=HTMX)
    assert "海澜湾度假酒店" in page.get_data(as_text=True)
    assert session.scalars(select(Event).where(Event.kind == Kind.SITES_PROBED)).all() == []


def test_who_saves_a_lead_now_and_then_to_probe_on_is_stopped_by_the_day(
    session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "DAY", parse("30 per day"))
    known_lead(session, cast.sales1)
    client = browser.of(cast.sales3)
    for round_ in range(4):
        pages = [
            client.get("/duplicates/check", query_string={"of": "lead", **CERTAIN}, headers=HTMX).get_data(as_text=True)
            for _ in range(10)
        ]
        assert client.post("/leads/new", data=typed(name=f"Nowhere {round_}")).status_code == 303
    assert "A site that you do not see" not in pages[-1]
    refused = client.post("/leads/new", data=CERTAIN).get_data(as_text=True)
    assert "on record already" in refused
    assert "A site that you do not see" not in refused
    assert "North sales" not in refused
    written = session.scalars(select(Event).where(Event.kind == Kind.SITES_PROBED)).all()
    assert [event.by_id for event in written] == [cast.sales3.id]


def test_rows_of_a_grid_that_are_others_sites_count_as_probing(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(14):
        known_lead(session, cast.sales1, name=f"Tower {number}", plot_number=f"G-2025-{number:03}")
    shared = {"source": "media_land", "step": "land", "kind": "", "found_on": "2026-03-16"}
    plots = {f"rows-{number}-plot_number": f"G-2025-{number:03}" for number in range(14)}
    names = {f"rows-{number}-name": f"Tower {number}" for number in range(14)}
    assert browser.of(cast.sales3).post("/leads/several", data={**shared, **plots, **names}).status_code == 303
    assert session.scalars(select(Event.by_id).where(Event.kind == Kind.SITES_PROBED)).all() == [cast.sales3.id]
    assert browser.of(cast.sales1).post("/leads/several", data={**shared, **plots, **names}).status_code == 303
    assert len(session.scalars(select(Event).where(Event.kind == Kind.SITES_PROBED)).all()) == 1, "he sees them"
