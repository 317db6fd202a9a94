"""Cards: people come in from a file after somebody looked, a picture is kept privately, one goes out for a phone."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_contact, make_party
from tests.gallery.making import photo as a_photo
from tests.naughty import OWN
from tracker.contacts.models import ContactWay
from tracker.contacts.vcards import read_cards
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import claim_staged, derived_key
from tracker.parties.models import Contact
from tracker.storage import FolderStorage

FILE = (
    "BEGIN:VCARD\nVERSION:3.0\nFN:王丽\nORG:恒岳地产\nTITLE:成本总监\nTEL;TYPE=CELL:138 0000 1234\n"
    "TEL;TYPE=WORK:010-6655 4433\nBDAY:1980-03-16\nEND:VCARD\n"
    "BEGIN:VCARD\nFN:Zhao\nTEL;TYPE=CELL:139 0000 9999\nEND:VCARD\n"
)


def upload(browser: Browser, user: Any, text: str | bytes) -> Any:
    data = text.encode() if isinstance(text, str) else text
    form = {"file": (io.BytesIO(data), "contacts.vcf")}
    return browser.of(user).post("/contacts/cards", data=form, content_type="multipart/form-data")


def carried(text: str) -> list[str]:
    return [json.dumps(card.to_json()) for card in read_cards(text.encode())]


def test_a_file_is_shown_before_anybody_is_added(session: Session, cast: Cast, browser: Browser) -> None:
    known = make_contact(session, make_party(session, "恒岳地产"), "王丽")
    session.add(ContactWay(contact_id=known.id, kind="mobile", value="13800001234", key="13800001234"))
    session.commit()
    answer = upload(browser, cast.sales1, FILE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f"/contacts/{known.id}" in page and "likely-certain" in page
    first, second = page.split('name="take-1"')
    assert "checked" not in first.split('name="take-0"')[1].split(">")[0]  # he is known
    assert "checked" in second.split(">")[0]
    assert len(session.scalars(select(Contact)).all()) == 1


def test_those_who_are_chosen_come_in_with_their_numbers_once(session: Session, cast: Cast, browser: Browser) -> None:
    form = {"card": carried(FILE), "take-0": "1", "firm-0": "恒岳地产", "take-1": "1", "firm-1": "Linden Builders"}
    client = browser.of(cast.sales1)
    for _press in range(2):
        assert client.post("/contacts/cards/take", data=form).location == "/contacts"
    wang, zhao = session.scalars(select(Contact).order_by(Contact.id)).all()
    assert (wang.name, wang.post, wang.phone, wang.birthday) == ("王丽", "成本总监", "138 0000 1234", "1980-03-16")
    assert (zhao.name, zhao.phone) == ("Zhao", "139 0000 9999")
    ways = session.scalars(
        select(ContactWay.value).where(ContactWay.contact_id == wang.id).order_by(ContactWay.id)
    ).all()
    assert ways == ["138 0000 1234", "010-6655 4433"]


@pytest.mark.parametrize(
    ("change", "said"), [({"firm-1": " "}, "Say which firm"), ({"take-0": "", "take-1": ""}, "at least")]
)
def test_what_lacks_a_firm_or_a_choice_comes_back_as_it_was(
    session: Session, cast: Cast, browser: Browser, change: dict[str, str], said: str
) -> None:
    form = {
        "card": carried(FILE),
        "take-0": "1",
        "firm-0": "Typed by hand",
        "take-1": "1",
        "firm-1": "Linden",
        **change,
    }
    form = {key: value for key, value in form.items() if value != ""}
    answer = browser.of(cast.sales1).post("/contacts/cards/take", data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in page and 'value="Typed by hand"' in page
    assert session.scalars(select(Contact)).all() == []


@pytest.mark.parametrize("data", [b"", b"name,phone", b"\x00\xff" * 50, b"x" * (2 * 1024 * 1024 + 1)])
def test_a_file_that_holds_nobody_is_refused_clearly(cast: Cast, browser: Browser, data: bytes) -> None:
    answer = upload(browser, cast.sales1, data)
    assert answer.status_code == 422
    assert "field-errors" in answer.get_data(as_text=True)


def test_naughty_cards_come_out_escaped(session: Session, cast: Cast, browser: Browser) -> None:
    text = "".join(f"BEGIN:VCARD\nFN:{one}\nORG:{one}\nTEL:{one}\nEND:VCARD\n" for one in OWN if "\n" not in one)
    page = upload(browser, cast.sales1, text).get_data(as_text=True)
    assert "<script>alert" not in page
    client = browser.of(cast.sales1)
    for junk in ("", "{", "[]", '{"name": ""}'):
        assert client.post("/contacts/cards/take", data={"card": junk, "take-0": "1", "firm-0": "x"}).status_code == 422


def test_one_goes_out_as_a_vcard_and_the_trail_says_so(session: Session, cast: Cast, browser: Browser) -> None:
    form = {"card": carried(FILE), "take-0": "1", "firm-0": "恒岳地产"}
    client = browser.of(cast.sales1)
    client.post("/contacts/cards/take", data=form)
    contact = session.scalars(select(Contact)).one()
    answer = client.get(f"/contacts/{contact.id}/card.vcf")
    assert answer.mimetype == "text/vcard" and "attachment" in answer.headers["Content-Disposition"]
    assert read_cards(answer.get_data())[0] == read_cards(FILE.encode())[0]
    event = session.scalars(select(Event).where(Event.kind == Kind.LIST_EXPORTED)).one()
    assert (event.by_id, event.data["filters"]) == (cast.sales1.id, {"contact": str(contact.id)})


def test_the_picture_of_a_card_is_seen_by_who_sees_the_person_and_lies_in_no_gallery(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    contact = make_contact(session, make_party(session))
    session.commit()
    form = {"card-files": (io.BytesIO(a_photo()), "card.jpg")}
    address = f"/contacts/{contact.id}/card"
    answer = browser.of(cast.sales1).post(address, data=form, content_type="multipart/form-data")
    assert answer.location == f"/contacts/{contact.id}#card"
    card = session.scalars(select(Photo)).one()
    assert card.contact_id == contact.id and media.exists(derived_key(card.token, "320"))
    assert claim_staged(session, [card.token], by=cast.sales1) == []
    for user, status in ((cast.sales1, 200), (cast.sales3, 200), (cast.dealer1, 404)):
        assert browser.of(user).get(f"/media/{card.token}/320.jpg").status_code == status
    assert card.token in browser.of(cast.sales3).get(f"/contacts/{contact.id}").get_data(as_text=True)
    assert card.token not in browser.of(cast.gm).get("/photos").get_data(as_text=True)
    assert browser.of(cast.sales1).get(f"/photos/{card.token}").location == f"/contacts/{contact.id}#card"


def test_what_is_no_picture_is_refused_by_name(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    contact = make_contact(session, make_party(session))
    session.commit()
    address = f"/contacts/{contact.id}/card"
    for form in ({"card-files": (io.BytesIO(b"not a picture"), "card.jpg")}, {}):
        answer = browser.of(cast.sales1).post(address, data=form, content_type="multipart/form-data")
        assert answer.status_code == 422
    assert session.scalars(select(Photo)).all() == []
