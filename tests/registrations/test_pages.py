"""The pages of registrations: a dealer's own corner, the desk, conflicts; a dealer learns nothing of others."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.conftest import NOON
from tests.factories import make_project
from tests.registrations.making import PLACE, handed_in
from tracker import clock
from tracker.dealers.models import Dealer
from tracker.events import Event, Kind
from tracker.projects.models import Project
from tracker.registrations.models import Conflict, RegisterEntry, Registration
from tracker.storage import FolderStorage
from tracker.team.models import User

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MINE = "/dealers/mine/registrations"
BUDGET = 20


def typed(**values: Any) -> dict[str, Any]:
    plain = {"name": "Hailan Bay Resort Hotel", "kind": "hotel", "step": "drawings", "address": "1 Binhai Road",
             "latitude": str(PLACE[0]), "longitude": str(PLACE[1]), "developer": "Binhai Tourism",
             "categories": ["tiles", "lighting"], "buildings": "1#, 2#", "source": "The purchasing director told us.",
             "then": "submit"}  # fmt: skip
    return {**plain, **values}


def newest(session: Session) -> Registration:
    session.expire_all()
    return session.scalars(select(Registration).order_by(Registration.id.desc()).limit(1)).one()


def paper() -> dict[str, Any]:
    return {"papers": (io.BytesIO(PDF), "proof.pdf")}


def test_a_dealer_asks_keeps_hands_in_takes_back_and_mends(
    session: Session, cast: Cast, browser: Browser, xinyuan: Dealer, media: FolderStorage
) -> None:
    client = browser.of(cast.dealer1)
    assert "No registration yet" in client.get(MINE).text
    assert client.get(f"{MINE}/new").status_code == 200
    refused = client.post(f"{MINE}/new", data=typed(name=""))
    assert refused.status_code == 422 and "Binhai Tourism" in refused.text
    missing = client.post(f"{MINE}/new", data=typed(developer=""))
    assert missing.status_code == 422 and "Who builds it?" in missing.text
    asked = client.post(f"{MINE}/new", data=typed(then="check", **paper()), follow_redirects=True)
    assert "The site is free" in asked.text and newest(session).state == "draft"
    number = newest(session).id
    kept = client.post(f"{MINE}/{number}/edit", data=typed(then="keep", quantity="900 m2"), follow_redirects=True)
    assert "900 m2" in kept.text and "proof.pdf" in kept.text
    client.post(f"{MINE}/{number}/submit")
    assert newest(session).state == "submitted"
    assert "Our answer by" in client.get(f"{MINE}/{number}").text
    client.post(f"{MINE}/{number}/recall")
    assert newest(session).state == "draft"
    client.post(f"{MINE}/{number}/withdraw")
    assert newest(session).state == "withdrawn"
    assert client.get(f"{MINE}/{number}").status_code == client.get(MINE).status_code == 200
    assert client.post(f"{MINE}/{number}/burn").status_code == 404


def test_who_asks_about_too_many_sites_waits(session: Session, cast: Cast, browser: Browser, xinyuan: Dealer) -> None:
    client = browser.of(cast.dealer1)
    codes = [client.post(f"{MINE}/new", data=typed(then="check", name=f"Site {n}")).status_code for n in range(21)]
    assert codes[-1] == 422 and set(codes[:-1]) == {303}
    assert "ask a little later" in client.post(f"{MINE}/new", data=typed(then="check")).text


def test_the_desk_answers_from_its_queue_with_the_two_sides_beside_each_other(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer
) -> None:
    make_project(session, cast.sales1, name="Binhai plot 1 hotel", kind="hotel", step="drawings",
                 latitude=PLACE[0] + 0.00108, longitude=PLACE[1])  # fmt: skip
    handed_in(session, xinyuan, cast.dealer1)
    number = newest(session).id
    boss = browser.of(cast.director)
    queue = boss.get("/registrations?state=waiting").text
    assert "Hailan Bay Resort Hotel" in queue and "must be looked at" in queue
    page = boss.get(f"/registrations/{number}").text
    assert "Binhai plot 1 hotel" in page and "It protects until" in page and "a photo that knows its place" in page
    beside = browser.of(desk).get(f"/registrations/{number}").text
    assert "Binhai plot 1 hotel" in beside and "its records are not yours to see" in beside
    assert "Both claim" in beside and "On record since" in beside and "1 Binhai Road" in beside
    assert boss.post(f"/registrations/{number}/return", data={"answer": ""}).status_code == 422
    boss.post(f"/registrations/{number}/return", data={"answer": "Which plot?"})
    assert newest(session).state == "returned"
    mine = browser.of(cast.dealer1)
    assert "Which plot?" in mine.get(f"{MINE}/{number}").text
    mine.post(f"{MINE}/{number}/edit", data=typed(plot_number="BH-2025-08"))
    assert newest(session).state == "in_check"
    project = session.scalars(select(Project)).one()
    approved = boss.post(f"/registrations/{number}/approve", data={"level": "pre_registered", "project_id": project.id})
    assert approved.status_code == 303 and newest(session).state == "pre_registered"
    assert "Hailan Bay Resort Hotel" in browser.of(cast.sales1).get("/registrations").text
    assert browser.of(cast.sales2).get(f"/registrations/{number}").status_code == 404
    assert browser.of(cast.sales1).post(f"/registrations/{number}/reject", data={"answer": "x"}).status_code == 403


def test_progress_requests_and_receipts_of_an_approved_one(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, media: FolderStorage
) -> None:
    number = handed_in(session, xinyuan, cast.dealer1).id
    office, mine = browser.of(desk), browser.of(cast.dealer1)
    opened = office.post(
        f"/registrations/{number}/approve", data={"level": "pre_registered", "owner_id": cast.sales1.id}
    )
    assert opened.status_code == 303, opened.text
    day = clock.today().isoformat()
    bare = mine.post(f"{MINE}/{number}/notes/progress", data={"text": "We met", "on": day})
    assert bare.status_code == 422 and "needs proof" in bare.text and "We met" in bare.text
    sent = mine.post(f"{MINE}/{number}/notes/progress", data={"text": "We met", "on": day, **paper()})
    assert sent.status_code == 303
    assert (
        mine.post(f"{MINE}/{number}/notes/ask", data={"what": "price", "text": "For 900 m2", "on": day}).status_code
        == 303
    )
    seen = office.get(f"/registrations/{number}").text
    assert "We met" in seen and "For 900 m2" in seen and "proof.pdf" in seen
    assert office.post(f"/registrations/{number}/formal", data={"answer": "Invited"}).status_code == 303
    receipts = re.findall(rf"/registrations/{number}/receipts/\d+", mine.get(f"{MINE}/{number}").text)
    assert len(receipts) == 4
    shown = mine.get(receipts[0]).text
    assert re.search(r"[0-9a-f]{64}", shown) and "Hailan Bay" in shown
    assert browser.of(cast.dealer2).get(receipts[0]).status_code == 404


def test_story_c_in_short_runs_through_the_pages(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, name="Binhai plot 1 hotel", kind="hotel", step="drawings",
                           latitude=PLACE[0] + 0.00108, longitude=PLACE[1], members=(desk,))  # fmt: skip
    mine, office, direct = browser.of(cast.dealer1), browser.of(desk), browser.of(cast.sales1)
    answer = mine.post(f"{MINE}/new", data=typed(), follow_redirects=True).text
    assert "must be looked at" in answer and "Binhai plot" not in answer
    number = newest(session).id
    assert "Binhai plot 1 hotel" in office.get(f"/registrations/{number}").text
    office.post(f"/registrations/{number}/conflict", data={"against": f"project:{project.id}"})
    conflict = session.scalars(select(Conflict)).one()
    assert (newest(session).state, session.get_one(Project, project.id).state) == ("in_conflict", "on_hold_arbitration")
    day = clock.today().isoformat()
    case = f"/registrations/conflicts/{conflict.id}"
    direct.post(f"{case}/evidence", data={"what": "designer", "text": "Draft material book", "on": day})
    wish = {"what": "wish", "text": "The owner wants Xinyuan to contract", "on": day, **paper()}
    assert mine.post(f"{MINE}/{number}/notes/evidence", data=wish).status_code == 303
    assert "Draft material book" not in mine.get(f"{MINE}/{number}").text
    ours = direct.get(case).text
    assert "Draft material book" in ours and "The owner wants" not in ours and "Xinyuan" not in ours
    both = office.get(case).text
    assert "Draft material book" in both and "The owner wants Xinyuan" in both
    assert "The customer chose the supplier in writing." in both
    ruling = {"winner": "registration", "order_key": "customer_wish", "share": "60", "reason": "The owner chose."}
    too_early = office.post(f"{case}/rule", data={**ruling, "order_key": "manager_decides"})
    assert too_early.status_code == 403
    assert office.post(f"{case}/rule", data=ruling).status_code == 303
    session.expire_all()
    kept = session.scalars(select(Conflict)).one()
    assert (kept.state, kept.shares) == ("ruled", {"registration": 60, "other": 40})
    assert (newest(session).state, session.get_one(Project, project.id).state) == ("pre_registered", "active")
    assert session.get_one(Project, project.id).dealer_id == cast.xinyuan.id
    assert "The owner chose." in mine.get(f"{MINE}/{number}").text
    assert direct.post(f"{case}/appeal", data={"text": "We were there first"}).status_code == 303
    assert office.post(f"{case}/rule", data=ruling).status_code == 403
    above = browser.of(cast.director)
    final = {**ruling, "winner": "other", "order_key": "manager_decides", "reason": "The direct side was first."}
    assert above.post(f"{case}/rule", data=final).status_code == 303
    session.expire_all()
    assert session.scalars(select(Conflict)).one().state == "final"
    assert newest(session).state == "rejected"
    assert mine.post(f"{MINE}/{number}/notes/appeal", data={"text": "Again"}).status_code == 422


def test_two_dealers_in_conflict_are_ruled_on_by_who_was_first(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    first = handed_in(session, xinyuan, cast.dealer1, plot_number="BH-2025-08").id
    with clock.frozen(NOON + timedelta(days=1)):
        second = handed_in(session, hongda, cast.dealer2, plot_number="BH-2025-08").id
    office = browser.of(desk)
    office.post(f"/registrations/{second}/conflict", data={"against": f"registration:{first}"})
    case = session.scalars(select(Conflict)).one()
    page = office.get(f"/registrations/conflicts/{case.id}").text
    assert "It was validly on record first, on 2026-03-16." in page
    ruling = {"winner": "other", "order_key": "valid_first", "reason": "He came first."}
    assert office.post(f"/registrations/conflicts/{case.id}/rule", data=ruling).status_code == 303
    session.expire_all()
    states = {one.id: one.state for one in session.scalars(select(Registration))}
    assert states == {first: "submitted", second: "rejected"}
    for user in (cast.dealer1, cast.dealer2):
        own = first if user is cast.dealer1 else second
        text = browser.of(user).get(f"{MINE}/{own}").text
        assert ("Hongda" if user is cast.dealer1 else "Xinyuan") not in text


def test_a_dealer_tries_every_address_and_learns_nothing_of_others(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, hongda: Dealer, media: FolderStorage
) -> None:
    """His registrations, searches, lists, ids, papers, receipts: nothing of the other dealer's or of ours shows."""
    mine, other = browser.of(cast.dealer1), browser.of(cast.dealer2)
    mine.post(f"{MINE}/new", data=typed(name="Secret Lagoon Hotel", plot_number="BH-2025-08", **paper()))
    number = newest(session).id
    browser.of(desk).post(f"/registrations/{number}/approve", data={"level": "pre_registered"})
    entry = re.search(rf"/registrations/{number}/receipts/\d+", mine.get(f"{MINE}/{number}").text)
    token = re.search(r"/documents/[\w-]{20,}", mine.get(f"{MINE}/{number}").text)
    assert entry and token
    closed = [f"{MINE}/{number}", f"{MINE}/{number}/edit", f"/registrations/{number}", "/registrations", entry.group(),
              token.group(), "/registrations/conflicts/1"]  # fmt: skip
    assert {address: other.get(address).status_code for address in closed} == dict.fromkeys(closed, 404)
    for kind in ("progress", "ask", "evidence", "appeal"):
        assert other.post(f"{MINE}/{number}/notes/{kind}", data={"text": "x"}).status_code == 404
    for deed in ("submit", "recall", "withdraw"):
        assert other.post(f"{MINE}/{number}/{deed}").status_code == 404
    for deed in ("approve", "reject", "return", "conflict", "formal", "renew", "convert"):
        assert other.post(f"/registrations/{number}/{deed}", data={"answer": "x"}).status_code == 404
    open_to_him = [MINE, "/", "/projects", "/leads", "/photos", "/documents", "/notifications?which=all",
                   "/search?q=Secret", "/search?q=BH-2025-08", "/search/suggestions?q=Secret", "/dealers/mine",
                   "/duplicates/check?of=lead&name=Hotel&plot_number=BH-2025-08",
                   "/duplicates/check?of=registration&name=Secret+Hotel"]  # fmt: skip
    for address in open_to_him:
        text = other.get(address).text
        assert "Lagoon" not in text, address
        assert "Xinyuan" not in text, address
    answer = other.post(f"{MINE}/new", data=typed(name="Sea Hotel", plot_number="BH-2025-08"), follow_redirects=True)
    assert "likely taken" in answer.text
    assert "Lagoon" not in answer.text and "Xinyuan" not in answer.text


def test_lists_ask_little(session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer) -> None:
    for number in range(4):
        handed_in(session, xinyuan, cast.dealer1, name=f"Site {number}", plot_number=f"P-{number}", address=None,
                  developer=f"Owner {number}", latitude=20 + number, kind="school")  # fmt: skip
    for user, address in ((desk, "/registrations"), (cast.dealer1, MINE)):
        client = browser.of(user)
        client.get(address)
        with counted_queries() as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= BUDGET, address


def test_who_decides_may_contest_a_site_he_does_not_see_and_then_weighs_both_sides(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer
) -> None:
    project = make_project(session, cast.sales1, name="Binhai plot 1 hotel", kind="hotel", step="drawings",
                           latitude=PLACE[0] + 0.00108, longitude=PLACE[1])  # fmt: skip
    other = make_project(session, cast.sales1, name="Far away")
    registration = handed_in(session, xinyuan, cast.dealer1, categories=("tiles", "lighting"))
    office, page = browser.of(desk), f"/registrations/{registration.id}"
    assert office.get(f"/projects/{project.id}").status_code == 404
    office.post(f"{page}/conflict", data={"against": f"project:{other.id}"})
    assert session.scalars(select(Conflict)).all() == []
    case = office.post(f"{page}/conflict", data={"against": f"project:{project.id}"}).location
    shown = office.get(case).text
    assert "Both sides beside each other" in shown and "Claimed by this side alone" in shown and "Lighting" in shown
    assert office.get(f"/projects/{project.id}").status_code == 200
    assert office.get(f"/projects/{other.id}").status_code == 404
    joined = session.scalars(select(Event).where(Event.kind == Kind.MEMBER_JOINED)).one()
    assert (joined.project_id, joined.by_id, joined.data["user_id"]) == (project.id, desk.id, desk.id)


def test_what_a_dealer_asks_for_waits_in_the_queue_until_it_is_answered_and_he_reads_the_answer(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer
) -> None:
    number = handed_in(session, xinyuan, cast.dealer1).id
    office, mine, day = browser.of(desk), browser.of(cast.dealer1), clock.today().isoformat()
    assert "Hailan Bay" not in office.get("/registrations?state=asked").text
    mine.post(f"{MINE}/{number}/notes/ask", data={"what": "price", "text": "For 900 m2", "on": day})
    assert "Hailan Bay" in office.get("/registrations?state=asked").text
    assert "· a project price ·" in office.get(f"/registrations/{number}").text
    assert office.post(f"/registrations/{number}/reply", data={"answer": ""}).status_code == 422
    assert office.post(f"/registrations/{number}/reply", data={"answer": "Once it is approved."}).status_code == 303
    assert "Hailan Bay" not in office.get("/registrations?state=asked").text
    read = mine.get(f"{MINE}/{number}").text
    assert "Once it is approved." in read and "our answer" in read
    assert "Once it is approved." in mine.get("/notifications").text
    assert browser.of(cast.sales1).post(f"/registrations/{number}/reply", data={"answer": "x"}).status_code in (
        403,
        404,
    )


def test_whoever_gives_a_registration_up_says_why_and_the_register_keeps_it(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer
) -> None:
    number = handed_in(session, xinyuan, cast.dealer1).id
    mine = browser.of(cast.dealer1)
    assert mine.post(f"{MINE}/{number}/withdraw", data={"reason": "The owner stopped it."}).status_code == 303
    entry = session.scalars(select(RegisterEntry).order_by(RegisterEntry.id.desc())).first()
    assert entry is not None and entry.deed == "withdrawn"
    assert json.loads(entry.content)["reason"] == "The owner stopped it."
