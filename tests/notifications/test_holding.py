"""Mails are held back in quiet hours and until the mail of the day, bundled, and kept out by kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.conftest import NOON
from tests.notifications.making import MailBox, tick
from tests.notifications.test_mailing import mails, send_all, silent
from tracker import clock
from tracker.mail import NotSent
from tracker.notifications.holding import GROUPS, OF_KIND, held_until
from tracker.notifications.models import MailWish
from tracker.notifications.wording import GROUP_WORDS, KINDS
from tracker.team.models import User

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def wish(**values: str) -> MailWish:
    return MailWish(user_id=1, reminders=True, escalations=True, muted=[], **values)


def on_clock(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("values", "now", "urgent", "leaves"),
    [
        ({}, "16T23:00", False, "16T23:00"),
        ({"quiet_from": "21:30", "quiet_to": "07:00"}, "16T21:29", False, "16T21:29"),
        ({"quiet_from": "21:30", "quiet_to": "07:00"}, "16T21:30", False, "17T07:00"),
        ({"quiet_from": "21:30", "quiet_to": "07:00"}, "17T06:59", True, "17T07:00"),
        ({"quiet_from": "21:30", "quiet_to": "07:00"}, "17T07:00", False, "17T07:00"),
        ({"quiet_from": "12:00", "quiet_to": "13:00"}, "16T12:30", False, "16T13:00"),
        ({"quiet_from": "12:00", "quiet_to": "13:00"}, "16T13:30", False, "16T13:30"),
        ({"digest_at": "08:00"}, "16T08:01", False, "17T08:00"),
        ({"digest_at": "08:00"}, "16T07:00", False, "16T08:00"),
        ({"digest_at": "08:00"}, "16T09:00", True, "16T09:00"),
        ({"digest_at": "22:00", "quiet_from": "21:30", "quiet_to": "07:00"}, "16T09:00", False, "17T07:00"),
    ],
)
def test_when_a_mail_may_leave(values: dict[str, str], now: str, urgent: bool, leaves: str) -> None:
    assert held_until(wish(**values), SHANGHAI, on_clock(now), urgent=urgent) == on_clock(leaves)


def test_his_own_clock_counts() -> None:
    at = held_until(wish(quiet_from="22:00", quiet_to="06:00"), BERLIN, on_clock("16T23:30", BERLIN), urgent=False)
    assert at == on_clock("17T06:00", BERLIN)


def test_every_kind_belongs_to_one_group_and_every_group_has_its_words() -> None:
    assert set(OF_KIND) == set(KINDS) - {"lead_news"} | {"lead_news"}
    assert set(GROUPS) == set(GROUP_WORDS)
    assert len(OF_KIND) == sum(len(kinds) for kinds in GROUPS.values())


def wished(session: Session, user: User, **values: object) -> None:
    session.add(MailWish(**{"user_id": user.id, "reminders": True, "escalations": True, "muted": [], **values}))
    session.commit()


def test_what_falls_due_in_quiet_hours_comes_in_one_mail_when_they_are_over(session: Session, cast: Cast) -> None:
    box = MailBox()
    wished(session, cast.supervisor, quiet_from="11:00", quiet_to="14:00")
    first = silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    second = silent(session, cast.sales2)
    tick(session, mailing=box.mailing)
    assert len(mails(session)) == 1, "the second joined the first"
    assert send_all(session, box) == []
    assert send_all(session, box, 2 / 24) == ["sent"]
    assert all(f"/projects/{project.id}" in box.sent[0]["text"] for project in (first, second))
    assert len(mails(session)[0].things) >= 2


def test_what_waits_for_longer_than_any_attempt_waits_all_the_same(session: Session, cast: Cast) -> None:
    box = MailBox()
    wished(session, cast.supervisor, digest_at="11:59", quiet_from="11:00", quiet_to="10:30")
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    (waiting,) = mails(session)
    assert waiting.not_before == NOON + timedelta(hours=46, minutes=30)
    assert send_all(session, box) == send_all(session, box, 1) == []
    assert send_all(session, box, 46.75 / 24) == ["sent"]


def test_a_mail_that_is_tried_again_or_comes_late_waits_for_the_end_of_quiet_hours(
    session: Session, cast: Cast
) -> None:
    box = MailBox()
    wished(session, cast.supervisor, quiet_from="12:01", quiet_to="14:00")
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    box.fails = NotSent("the mail server does not answer")
    assert send_all(session, box) == ["waiting"]
    box.fails = None
    assert send_all(session, box, 1 / 24) == ["waiting"], "it is quiet by then"
    (waiting,) = mails(session)
    assert (waiting.not_before, waiting.attempts) == (NOON + timedelta(hours=2), 1)
    assert send_all(session, box, 2 / 24) == ["sent"] and len(box.sent) == 1


def test_without_a_wish_each_leaves_at_once(session: Session, cast: Cast) -> None:
    box = MailBox()
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    silent(session, cast.sales2)
    tick(session, mailing=box.mailing)
    assert send_all(session, box) == ["sent", "sent"]


def test_a_mail_that_was_claimed_meanwhile_takes_nothing_more(session: Session, cast: Cast) -> None:
    box = MailBox()
    wished(session, cast.supervisor, digest_at="18:00")
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    (waiting,) = mails(session)
    waiting.state, waiting.attempts = "sending", 1
    session.commit()
    silent(session, cast.sales2)
    tick(session, mailing=box.mailing)
    assert [mail.state for mail in mails(session)] == ["sending", "waiting"]


def test_a_group_of_kinds_that_he_does_not_want_is_left_out(session: Session, cast: Cast, browser: Browser) -> None:
    box = MailBox()
    client = browser.of(cast.supervisor)
    sent = {"escalations": "1", "asked": "1", "groups": [group for group in GROUPS if group != "sites"]}
    assert client.post("/notifications/mail", data=sent).status_code == 303
    assert session.get_one(MailWish, cast.supervisor.id).muted == ["sites"]
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    assert mails(session) == []


def test_quiet_hours_are_said_on_the_page_and_nonsense_is_refused(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    good = {"quiet_from": "21:30", "quiet_to": "07:00", "digest_at": "08:00", "asked": "1"}
    for wrong in ({"quiet_from": "25:00"}, {"quiet_to": ""}, {"digest_at": "soon"}):
        answer = client.post("/notifications/mail", data={**good, **wrong})
        assert answer.status_code == 422
    assert session.scalars(select(MailWish)).all() == []
    assert client.post("/notifications/mail", data=good).status_code == 303
    page = client.get("/notifications").text
    assert 'value="21:30"' in page and 'value="08:00"' in page
    row = session.get_one(MailWish, cast.sales1.id)
    assert held_until(row, SHANGHAI, NOON, urgent=False) == clock.at_noon(NOON.date()) + timedelta(hours=20)
