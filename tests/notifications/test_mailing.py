"""Mails: in the reader's language, only what he wants and what still holds, tried again later, never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import NOON
from tests.factories import make_project
from tests.matrix.making import as_seen, draft
from tests.notifications.making import TODAY, MailBox, before, tick, wind_up
from tracker.mail import NotSent
from tracker.matrix.operations.records import log_record
from tracker.notifications.models import MailWish, OutboxMail
from tracker.notifications.operations.mailing import (
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    Mailing,
    claim_next,
    give_up_lost,
    hand_over,
)
from tracker.projects.models import Project
from tracker.team.models import User


def silent(session: Session, owner: User, *readers: User) -> Project:
    """A project that has been silent long enough for its owner and his supervisor; the readers have addresses."""
    for reader in readers:
        reader.email = f"{reader.username}@example.com"
    project = make_project(session, owner, phase="bid", step="masonry", since=before(20), categories=())
    wind_up(session, project)
    return project


def send_all(session: Session, box: MailBox, days: float = 0, mailing: Mailing | None = None) -> list[str]:
    """What the worker does with mails that wait; their new states."""
    states = []
    now = NOON + timedelta(days=days)
    while (claimed := claim_next(session, now)) is not None:
        session.commit()
        states.append(hand_over(session, claimed, mailing or box.mailing, today=now.date(), now=now))
        session.commit()
    return states


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def test_escalations_are_mailed_unless_one_said_no_and_reminders_only_if_one_said_yes(
    session: Session, cast: Cast
) -> None:
    box = MailBox()
    silent(session, cast.sales1, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    assert send_all(session, box) == ["sent"]
    assert [mail["to"] for mail in box.sent] == ["supervisor@example.com"]
    session.add(MailWish(user_id=cast.sales2.id, reminders=True, escalations=False))
    session.add(MailWish(user_id=cast.supervisor.id, reminders=False, escalations=False))
    silent(session, cast.sales2, cast.sales2)
    tick(session, mailing=box.mailing)
    assert send_all(session, box) == ["sent"]
    assert box.sent[-1]["to"] == "sales2@example.com"


def test_one_mail_names_all_that_is_due_in_the_readers_language_with_the_way_there(
    session: Session, cast: Cast
) -> None:
    box = MailBox()
    first, second = silent(session, cast.sales1, cast.supervisor), silent(session, cast.sales2)
    cast.supervisor.locale = "zh"
    session.commit()
    tick(session, mailing=box.mailing)
    send_all(session, box)
    (mail,) = box.sent
    for project in (first, second):
        assert f"https://tracker.example.com/projects/{project.id}" in mail["text"]
    assert f"自 {before(20)} 起没有新记录" in mail["text"]
    assert "(G44)" in mail["text"]
    assert "No record" not in mail["text"]


def test_who_has_no_address_gets_none_and_without_a_mail_server_none_is_written(session: Session, cast: Cast) -> None:
    silent(session, cast.sales1)
    tick(session, mailing=MailBox().mailing)
    silent(session, cast.sales2, cast.supervisor)
    tick(session)
    assert mails(session) == []


def test_a_mail_whose_reason_is_gone_is_dropped(session: Session, cast: Cast) -> None:
    box = MailBox()
    project = silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    log_record(session, as_seen(session, cast.sales1, project), draft(phase="bid", step="masonry"), by=cast.sales1)
    session.commit()
    assert send_all(session, box) == ["dropped"]
    assert box.sent == []


def test_a_mail_of_which_a_part_is_gone_says_only_the_rest(session: Session, cast: Cast) -> None:
    box = MailBox()
    spoken, quiet = silent(session, cast.sales1, cast.supervisor), silent(session, cast.sales2)
    tick(session, mailing=box.mailing)
    log_record(session, as_seen(session, cast.sales1, spoken), draft(phase="bid", step="masonry"), by=cast.sales1)
    session.commit()
    assert send_all(session, box) == ["sent"]
    assert f"/projects/{quiet.id}" in box.sent[0]["text"]
    assert f"/projects/{spoken.id}" not in box.sent[0]["text"]


def test_who_sees_the_project_no_more_is_not_mailed(session: Session, cast: Cast) -> None:
    box = MailBox()
    project = silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    project.team_id = cast.south.id
    session.commit()
    assert send_all(session, box) == ["dropped"]


def test_a_mail_that_the_server_does_not_take_is_tried_again_later_and_given_up_in_the_end(
    session: Session, cast: Cast
) -> None:
    box = MailBox()
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    box.fails = NotSent("the mail server does not answer")
    assert send_all(session, box) == ["waiting"]
    (mail,) = mails(session)
    waits = [(mail.not_before - NOON).total_seconds()]
    assert send_all(session, box) == [], "not before its time"
    while mail.state == "waiting":
        at = (mail.not_before - NOON) / timedelta(days=1)
        send_all(session, box, at)
        waits.append((mail.not_before - NOON).total_seconds())
    assert (mail.state, mail.attempts) == ("failed", MOST_ATTEMPTS)
    steps = [later - before for before, later in zip(waits[:-2], waits[1:-1], strict=True)]
    assert steps == [240.0 * 2**number for number in range(MOST_ATTEMPTS - 2)]
    box.fails = None
    assert send_all(session, box, 30) == []


def test_a_mail_goes_out_once_it_is_taken_again(session: Session, cast: Cast) -> None:
    box = MailBox()
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    box.fails = NotSent("the mail server does not answer")
    send_all(session, box)
    box.fails = None
    assert send_all(session, box, 1) == ["sent"]
    assert send_all(session, box, 2) == []
    assert len(box.sent) == 1


def test_a_claimed_mail_is_nobody_elses_and_goes_out_later_where_the_server_was_not_reached(
    session: Session, cast: Cast
) -> None:
    box = MailBox()
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    assert claim_next(session, NOON) is not None
    session.commit()  # and the process falls over
    assert claim_next(session, NOON) is None
    assert give_up_lost(session, NOON + timedelta(minutes=5)) == 0
    assert [mail.state for mail in mails(session)] == ["sending"]
    assert give_up_lost(session, NOON + timedelta(minutes=20)) == 0
    session.commit()
    assert send_all(session, box, 1) == ["sent"] and len(box.sent) == 1


def test_a_mail_that_was_being_handed_over_is_not_sent_again(session: Session, cast: Cast) -> None:
    box = MailBox()
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    claimed = claim_next(session, NOON)
    assert claimed is not None
    session.commit()

    def send(_url: str, **message: Any) -> None:
        message["ready"]()
        raise MemoryError

    mailing = replace(box.mailing, send=send)
    with pytest.raises(MemoryError):
        hand_over(session, claimed, mailing, today=TODAY, now=NOON, commit=session.commit)
    session.rollback()
    assert [mail.state for mail in mails(session)] == ["handing"]
    assert give_up_lost(session, NOON + timedelta(minutes=20)) == 1
    session.commit()
    assert send_all(session, box, 3) == []
    assert [mail.state for mail in mails(session)] == ["unknown"]


def test_each_attempt_at_a_mail_has_the_same_number_and_no_other_mail_has_it(session: Session, cast: Cast) -> None:
    box, numbers = MailBox(), []
    for owner in (cast.sales1, cast.sales2):
        silent(session, owner, cast.supervisor)
        tick(session, mailing=box.mailing)

    def refuse(_url: str, **message: Any) -> None:
        numbers.append(message["headers"]["Message-ID"])
        raise NotSent("the mail server does not answer")

    tried = send_all(session, box, mailing=replace(box.mailing, send=refuse))
    assert len(tried) >= 2 and set(tried) == {"waiting"}
    send_all(session, box, 1)
    assert [one["headers"]["Message-ID"] for one in box.sent] == numbers
    assert len(set(numbers)) == len(numbers) and all(one.endswith("@tracker.example.com>") for one in numbers)


def test_a_mail_written_before_the_clock_was_set_back_does_not_wait_for_years(session: Session, cast: Cast) -> None:
    box = MailBox()
    silent(session, cast.sales1, cast.supervisor)
    tick(session, mailing=box.mailing)
    (mail,) = mails(session)
    mail.not_before = NOON + LONGEST_WAIT + timedelta(days=900)
    session.commit()
    assert send_all(session, box) == ["sent"]


def test_a_name_with_line_breaks_cannot_forge_a_header(session: Session, cast: Cast) -> None:
    box = MailBox()
    project = silent(session, cast.sales1, cast.supervisor)
    project.name = "Tower\r\nBcc: everybody@example.com" + "x" * 150
    session.commit()
    tick(session, mailing=box.mailing)
    send_all(session, box)
    assert "\n" not in box.sent[0]["subject"]
    assert len(box.sent[0]["subject"]) <= 200
