"""A dealer tries every address, id, list, filter, search, file, picture and form of the product, and learns nothing.

Everything that is not his is marked with a word and an amount that nobody would write. Whatever address is added to the
application is asked for, too: with the ids of what is not his, with ids of nothing, and with his own mixed in.
"""

# ruff: noqa: F811  the fixtures of the table of addresses are used here, too
from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.client import HTMX, Browser
from tests.dealers.making import AUTUMN, FEBRUARY, graded, line
from tests.factories import make_photo, make_project, make_user
from tests.leads.making import make_lead
from tests.registrations.making import handed_in, make_dealer
from tests.test_access import address_of, browser, cast, rules, session, things  # noqa: F401
from tracker.database import Base, Money
from tracker.dealers.operations.stock import report_stock
from tracker.documents.operations import stage_document
from tracker.events import Event
from tracker.extensions import db, limiter
from tracker.gallery.operations import derived_key
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.registrations.models import RegisterEntry
from tracker.team.models import User

MARK, AMOUNT = "Zq9xwall", Decimal("7654321")
SECRETS = re.compile(r"Zq9xwall|7,?654,?321|¥7\.7M|765万|Hailan Bay|1 Binhai Road", re.IGNORECASE)
CHANCE = re.compile(
    r'(?<="X-CSRFToken": ")[^"]+|(?<=csrf_token" value=")[^"]+|(?<=name="token" type="hidden" value=")[^"]+'
)
FREE = {"name", "short_name", "text", "note", "reason", "place", "with_whom", "dropped", "why", "product", "answer",
        "address", "plot_number", "developer", "quantity", "phone", "email", "post", "care_note", "grounds", "evidence",
        "terms", "title", "programme", "caption", "file_name", "next_step", "zh", "en", "site", "district", "value",
        "number", "frame_agreement", "state_reason", "publish_note", "lifted_note", "appeal", "how", "result",
        "outcome", "source", "what", "fault", "papers_note", "void", "called_off"}  # fmt: skip
COMMON = {"Role", "Region", "DefinitionVersion", "DefinitionDraft", "Publication", "Lease", "CorridorCell",
          "OutsideCell", "RegisterEntry", "OutboxMail"}  # fmt: skip
"""What belongs to nobody, and the register, which nothing changes."""
FOR_WHOM_HAS_THE_LINK = {"/shared/<share_token>", "/shared/<share_token>/<int:place>/<size>.jpg", "/password/<token>",
                         "/calendar/feeds/<token>.ics"}  # fmt: skip
NOBODY, NO_TOKEN = 987654, "no-such-token-was-ever-made"
TOKENS = ("token", "paper", "upload", "share_token", "link")
WORDS = (
    "filename",
    "place",
    "size",
    "phase",
    "step",
    "what",
    "deed",
    "belonging",
    "month",
    "key",
    "version",
    "kind",
    "id",
)
FILTERS = {"owner": "user_id", "owner_id": "user_id", "user": "user_id", "by": "user_id", "team": "team_id",
           "project": "project_id", "lead": "lead_id", "party": "party_id", "contact": "contact_id",
           "dealer": "dealer_id", "supervisor": "user_id", "account": "account_id", "uploader": "user_id",
           "logged": "record_id", "id": "project_id"}  # fmt: skip
ASKED = ("q=Riverside", "q=Hengyue", "q=Binhai", "q=Sales1", "export=csv", "export=xlsx", "page=2", "sort=name",
         "sort=-value", "sort=owner", "state=active&phase=map&step=structure", "which=all", "kind=hotel&category=tiles",
         "since=2020-01-01", "of=lead&name=Riverside+Tower", "of=project&name=Riverside+Tower+3",
         "of=registration&name=Hailan&plot_number=BH", "of=party&name=Hengyue+Land", "field=developer&q=Heng",
         "on=2026-03-01", "lang=zh")  # fmt: skip


@dataclass
class Wall:
    """Who asks, and the ids of what is not his, of nothing, and of his own."""

    dealer: User
    foreign: dict[str, object]
    nothing: dict[str, object]
    own: dict[str, object]
    cookie: dict[str, Any]
    known: frozenset[tuple[str, int]]
    """Everything of others that anything is on record about."""


@pytest.fixture(scope="module")
def wall(app: Flask, session: Session, cast: Cast, things: dict[str, object]) -> Wall:
    """The dealer Hongda, who has one of each that a dealer has, in a company full of what is not his."""
    mark(session, cast)
    known = frozenset(session.execute(select(Event.subject, Event.subject_id)).tuples())
    dealer = make_user(session, "asker", role=cast.roles["dealer_admin"], party=cast.hongda)
    nothing = {key: value if key in WORDS else NO_TOKEN if key in TOKENS else NOBODY for key, value in things.items()}
    own = belongings(app, session, cast, dealer)
    session.commit()
    with Browser(app, session).of(dealer).session_transaction() as cookie:
        return Wall(dealer, things, nothing, own, dict(cookie), known)


def mark(session: Session, cast: Cast) -> None:
    """Write the word into every text that somebody typed and the amount into every sum, but of the dealer's firm."""
    for mapper in Base.registry.mappers:
        free = [one.key for one in mapper.column_attrs if is_free(one.columns[0])]
        sums = [one.key for one in mapper.column_attrs if isinstance(one.columns[0].type, Money)]
        if mapper.class_.__name__ in COMMON or not (free or sums):
            continue
        for row in session.scalars(select(mapper.class_)).unique():
            if row is cast.hongda or getattr(row, "party_id", None) == cast.hongda.id:
                continue
            for key in free:
                if (text := getattr(row, key)) is not None:
                    setattr(row, key, f"{MARK} {text}"[: mapper.columns[key].type.length])
            for key in sums:
                if getattr(row, key) is not None:
                    setattr(row, key, AMOUNT)
    session.commit()


def is_free(column: Any) -> bool:
    """Whether a column holds words of people."""
    kind = column.type
    return column.key in FREE and isinstance(kind, String) and (kind.length is None or kind.length >= 40)


def belongings(app: Flask, session: Session, cast: Cast, dealer: User) -> dict[str, object]:
    """One of each that is the dealer's own."""
    profile = make_dealer(session, cast.hongda, cast.director)
    registration = handed_in(session, profile, dealer, name="Own Inn", address="Own road", developer="Own owner",
                             plot_number="OWN-1", latitude=20, kind="school")  # fmt: skip
    entry = session.scalars(select(RegisterEntry.id).where(RegisterEntry.registration_id == registration.id)).one()
    helper = make_user(session, "helper", role=cast.roles["salesperson"], team=cast.north)  # whom of ours he knows
    project = make_project(session, helper, name="Own House", dealer=cast.hongda, value=12)
    photo = make_photo(session, dealer, taken_on=None, project=project)
    storage = app.extensions["storage"]
    storage.put(derived_key(photo.token, "320"), b"a picture")
    draft = RecordDraft("map", "structure", "site_visit", project.phase_since, "Own talk")
    record = log_record(session, project, draft, by=dealer).record
    paper = stage_document(session, storage, b"%PDF-1.4 %%EOF", "own.pdf", by=dealer)
    lead = make_lead(session, dealer, name="Own Plot", documents=(paper.token,))
    lead.dealer_id = cast.hongda.id
    report_stock(session, profile, FEBRUARY, [line(100, 0, 30)], by=cast.director)
    judged = graded(session, profile, AUTUMN, 90, cast.director)
    return {"registration_id": registration.id, "entry_id": entry, "project_id": project.id, "token": photo.token,
            "record_id": record.id, "paper": paper.token, "lead_id": lead.id, "evaluation_id": judged.id,
            "user_id": dealer.id, "dealer_id": profile.id, "party_id": cast.hongda.id}  # fmt: skip


def ask(browser: Browser, wall: Wall, address: str, **sent: Any) -> TestResponse:
    """Ask as the dealer, as if it were the first time."""
    limiter.reset()
    client = browser.nobody()
    with client.session_transaction() as cookie:
        cookie.update(wall.cookie)
    answer = client.open(address, **sent)
    answer.get_data()
    return answer


def words_of(answer: TestResponse) -> str:
    """Everything that an answer says: its head, its text, and what is packed into a file."""
    data, packed = answer.get_data(), ""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            packed = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return f"{answer.headers}\n{data.decode(errors='replace')}\n{packed}"


def plain(answer: TestResponse, address: str) -> tuple[int, str]:
    """Status and text without the address that was asked for."""
    path = address.partition("?")[0]
    text = answer.get_data(as_text=True)
    if len(path) > 1:
        text = text.replace(path, "@").replace(path.replace("/", "%2F"), "@")
    return answer.status_code, "" if answer.status_code == 308 else CHANCE.sub("", text)  # the old address of another


def mixtures(wall: Wall, rule: str) -> Iterator[tuple[str, str]]:
    """The addresses of a rule with ids of which one at least is not his, each beside the same with ids of nothing."""
    named = [key for key in re.findall(r"<(?:\w+:)?(\w+)>", rule) if key in wall.own]
    for his in product((False, True), repeat=len(named)):
        own = {key: wall.own[key] for key, is_his in zip(named, his, strict=True) if is_his}
        foreign, nothing = (address_of(rule, {**ids, **own}) for ids in (wall.foreign, wall.nothing))
        if foreign != nothing:
            yield foreign, nothing


def test_every_address_with_an_id_that_is_not_his_answers_as_if_there_were_no_such_thing(
    app: Flask,
    browser: Browser,
    wall: Wall,
) -> None:
    faults, asked = [], 0
    for method, rule in sorted(set(rules(app))):
        if method != "GET" or "<" not in rule or rule in FOR_WHOM_HAS_THE_LINK:
            continue
        for foreign, nothing in mixtures(wall, rule):
            for headers in ({}, HTMX):
                asked += 1
                theirs, none = (ask(browser, wall, one, headers=headers) for one in (foreign, nothing))
                if found := SECRETS.search(words_of(theirs)):
                    faults.append(f"{foreign} tells {found.group()}")
                if plain(theirs, foreign) != plain(none, nothing):
                    faults.append(f"{foreign} ({theirs.status_code}) differs from {nothing} ({none.status_code})")
    assert faults == []
    assert asked > 200


def test_no_list_search_count_filter_or_file_tells_him_anything(
    app: Flask,
    browser: Browser,
    wall: Wall,
) -> None:
    faults, asked = [], 0
    for method, rule in sorted(set(rules(app))):
        if method != "GET" or "<" in rule:
            continue
        first = ask(browser, wall, rule)
        if first.status_code == 404:  # there is no such list for him, whatever is asked of it
            continue
        answers = {rule: first, **{f"{rule}?{one}": ask(browser, wall, f"{rule}?{one}") for one in ASKED}}
        for name, key in FILTERS.items():
            theirs, none = (f"{rule}?{name}={ids[key]}" for ids in (wall.foreign, wall.nothing))
            answers[theirs] = ask(browser, wall, theirs)
            told, nothing = plain(answers[theirs], theirs), plain(ask(browser, wall, none), none)
            pages = (numberless(told[1], name, wall.foreign[key]), numberless(nothing[1], name, NOBODY))
            if told[0] != nothing[0] or pages[0] != pages[1]:
                faults.append(f"{theirs} differs from {none}")
        asked += len(answers)
        faults += [f"{one} tells {found.group()}" for one, answer in answers.items()
                   if (found := SECRETS.search(words_of(answer)))]  # fmt: skip
    assert faults == []
    assert asked > 500


def numberless(text: str, name: str, number: object) -> str:
    """A page without the number that was asked about, where it says what was asked."""
    return re.sub(rf'({name}(?:=|" value=")){re.escape(str(number))}\b', r"\1#", text)


def test_no_form_does_or_tells_anything_to_what_is_not_his(
    app: Flask, session: Session, browser: Browser, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for starter in ("imports.views.columns", "imports.views.runs", "definitions.views.publishing"):
        monkeypatch.setattr(f"tracker.{starter}.start_in_background", lambda *_: None)
    faults, asked = [], 0
    for method, rule in sorted(set(rules(app))):
        if method == "GET" or rule in FOR_WHOM_HAS_THE_LINK:
            continue
        for foreign, nothing in mixtures(wall, rule) if "<" in rule else [(rule, rule)]:
            asked += 1
            theirs, touched = sent(session, browser, wall, method, foreign, wall.foreign)
            none, _touched = sent(session, browser, wall, method, nothing, wall.nothing)
            faults += [f"{method} {foreign} touches {one}" for one in touched]
            if found := SECRETS.search(words_of(theirs)):
                faults.append(f"{method} {foreign} tells {found.group()}")
            if foreign != nothing and plain(theirs, foreign) != plain(none, nothing):
                faults.append(f"{method} {foreign} ({theirs.status_code}) differs from {nothing} ({none.status_code})")
    assert faults == []
    assert asked > 200


def sent(
    session: Session, browser: Browser, wall: Wall, method: str, address: str, ids: dict[str, object]
) -> tuple[TestResponse, set[tuple[str, int]]]:
    """The answer to a form that names things of all kinds, and what of others it changed; it is undone after it."""
    last = session.scalar(select(func.max(Event.id))) or 0
    session.commit()
    before = db.engine.begin_nested()  # type: ignore[attr-defined]  the test's connection
    try:
        answer = ask(browser, wall, address, method=method, data=form_of(ids))
        changed = select(Event.subject, Event.subject_id).where(Event.id > last)
        return answer, set(session.execute(changed).tuples()) & wall.known
    finally:
        session.rollback()
        before.rollback()
        session.expire_all()


def form_of(ids: dict[str, object]) -> dict[str, Any]:
    """A form that names things of all kinds, under every name by which forms know them."""
    named = {key: ids[key] for key in ("project_id", "lead_id", "party_id", "contact_id", "user_id", "dealer_id",
                                       "team_id", "record_id", "registration_id")}  # fmt: skip
    more = {"owner_id": ids["user_id"], "successor_id": ids["user_id"], "project": ids["project_id"],
            "lead": ids["lead_id"], "photos": ids["token"], "photo": ids["token"], "documents": ids["paper"],
            "against": f"project:{ids['project_id']}", "merge": ids["lead_id"], "kept": ids["lead_id"]}  # fmt: skip
    return {**named, **more, "name": "A site", "text": "Words", "reason": "Because", "answer": "So", "active": "0",
            "do": "zip", "decision": "grant"}  # fmt: skip


def test_whoever_may_does_read_what_is_marked(browser: Browser, cast: Cast, wall: Wall) -> None:
    """Else none of the tests above would find anything."""
    of_ours = browser.of(cast.gm)
    addresses = ["/projects", "/leads", "/parties", "/contacts", "/registrations", "/accounts", "/search?q=Riverside",
                 "/projects?export=csv", "/projects?export=xlsx", f"/projects/{wall.foreign['project_id']}",
                 f"/registrations/{wall.foreign['registration_id']}"]  # fmt: skip
    answers = {one: words_of(of_ours.get(one)) for one in addresses}
    assert [one for one, answer in answers.items() if MARK not in answer] == []
    amounts = re.compile(r"7,?654,?321|¥7\.7M")
    assert [one for one in ("/projects", "/projects?export=csv") if not amounts.search(answers[one])] == []
