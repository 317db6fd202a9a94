"""vCards of old and new phones are read strictly, and what is written is read again as it was."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.contacts.vcards import LARGEST, MOST_CARDS, MOST_WAYS, Card, NoCards, read_cards, write_card

OLD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E4=B8=BD;;;\r\n"
    "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=81=92=E5=B2=B3=E5=\r\n=9C=B0=E4=BA=A7;=E6=88=90=E6=9C=AC\r\n"
    "TEL;CELL:13800001234\r\nTEL;WORK;PREF:010-6655 4433\r\nBDAY:19800316\r\nEND:VCARD\r\n"
)
NEW = (
    "BEGIN:VCARD\nVERSION:4.0\nFN:Wang\\, Li\nitem1.ORG:Hengyue\\; Land;Cost\nTITLE:Head of\n  cost\n"
    'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+86-10-6655-4433;ext=2\nEMAIL:wang@hengyue.example\n'
    "BDAY:--0316\nX-WECHAT:wangli88\nNOTE:First\\nsecond\nEND:VCARD\n"
)


def one(text: str | bytes) -> Card:
    (card,) = read_cards(text.encode() if isinstance(text, str) else text)
    return card


def test_a_card_of_an_old_phone_is_read() -> None:
    assert one(OLD) == Card("王丽", "恒岳地产", "", (("office", "010-6655 4433"), ("mobile", "13800001234")), "",
                            (1980, 3, 16))  # fmt: skip


def test_a_card_in_gbk_is_read() -> None:
    text = "BEGIN:VCARD\nVERSION:2.1\nN:欧阳;小明\nTEL:13800001234\nEND:VCARD\n"
    assert one(text.encode("gb18030")) == Card("欧阳小明", ways=(("mobile", "13800001234"),))
    said = "N;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:" + "".join(f"={byte:02X}" for byte in "王丽".encode("gbk"))
    assert one(f"BEGIN:VCARD\n{said}\nEND:VCARD").name == "王丽"
    assert one(text.encode("utf-16")).name == "欧阳小明"


def test_a_card_of_today_is_read() -> None:
    assert one(NEW) == Card("Wang, Li", "Hengyue; Land", "Head of cost",
                            (("office", "+86-10-6655-4433"), ("email", "wang@hengyue.example"), ("wechat", "wangli88")),
                            "First\nsecond", (None, 3, 16))  # fmt: skip


def test_several_cards_come_in_their_order_and_those_without_a_name_are_left_out() -> None:
    nameless = "BEGIN:VCARD\nTEL:1\nEND:VCARD\n"
    assert [card.name for card in read_cards((NEW + nameless + OLD).encode())] == ["Wang, Li", "王丽"]
    assert one("BEGIN:VCARD\nN:Public;John;Quinlan;Mr.;Esq.\nEND:VCARD").name == "John Quinlan Public"


@pytest.mark.parametrize("text", ["", "name,phone\nWang,1", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCARD\nFN:Wang"])
def test_what_is_no_vcard_is_refused(text: str) -> None:
    with pytest.raises(NoCards, match="none"):
        read_cards(text.encode())


def test_what_is_too_much_is_refused() -> None:
    with pytest.raises(NoCards, match="large"):
        read_cards(b"x" * (LARGEST + 1))
    with pytest.raises(NoCards, match="many"):
        read_cards(NEW.encode() * (MOST_CARDS + 1))
    numbers = "".join(f"TEL:1380000{number:04}\n" for number in range(99))
    assert len(one(f"BEGIN:VCARD\nFN:Wang\n{numbers}END:VCARD").ways) == MOST_WAYS


@pytest.mark.parametrize("line", [
    "PHOTO;ENCODING=BASE64:\n" + " A" * 900_000, ";" * 1_900_000 + ":", "TEL" + ';"' * 900_000 + ":",
    "NOTE:" + "\\" * 1_900_000, "NOTE;ENCODING=QUOTED-PRINTABLE:" + "=\n" * 900_000, "N:" + ";" * 1_900_000,
])  # fmt: skip
@pytest.mark.real_time
def test_a_hostile_card_takes_no_long_time(line: str) -> None:
    before = time.perf_counter()
    assert one(f"BEGIN:VCARD\nFN:Wang\n{line}\nEND:VCARD").name == "Wang"
    assert time.perf_counter() - before < 10


def test_signs_that_steer_are_left_out() -> None:
    card = one("BEGIN:VCARD\nFN:Wang\x00\x1b[31m Li\nTITLE:" + "x" * 500 + "\nEND:VCARD")
    assert card.name == "Wang[31m Li" and len(card.post) == 80


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]) | st.sampled_from(',;\\:"n '), max_size=60
)


@given(TEXT, TEXT, TEXT)
def test_what_is_written_is_read_again(name: str, firm: str, post: str) -> None:
    said = Card(" ".join(f"W{name}".split()), " ".join(firm.split()), " ".join(post.split()),
                (("mobile", "138 0000 1234"), ("email", "a@b.example"), ("wechat", "w"), ("fax", "010 1")), "",
                (None, 2, 29))  # fmt: skip
    written = write_card(said)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert one(written) == said


def test_a_card_goes_through_a_form_and_comes_back() -> None:
    for text in (OLD, NEW):
        assert Card.from_json(one(text).to_json()) == one(text)
    for said in (None, [], {}, {"name": 1}, {"name": "W", "ways": [["mobile"]], "birthday": [1, 2]}):
        assert Card.from_json(said) in (None, Card("W"))


def test_real_cards_are_read(shared_data: Path) -> None:
    found = {}
    for path in sorted((shared_data / "interchange").glob("*/*.vcf")):
        try:
            found[path.name] = [card.name for card in read_cards(path.read_bytes())]
        except NoCards:
            found[path.name] = []
    assert found["issue114.vcf"] == ["Dummy, Dummy"]
    assert found["issue153.vcf"] == ["Test Benutzer"]
    assert found["vcard_author.vcf"] == ["Simon Perreault"]
    assert found["vcard3.vcf"] == ["Mr. John Q. Public, Esq."]
    assert found["issue64.vcf"] == []  # a picture of nobody
