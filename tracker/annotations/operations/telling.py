"""Telling those who take part in an annotation: in the product at once, and by mail."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.annotations.models import ASK, INSTRUCT, Annotation
from tracker.annotations.things import sees
from tracker.notifications.holding import held_until, wants
from tracker.notifications.models import MailWish
from tracker.notifications.operations.delivering import NAMED
from tracker.notifications.operations.letters import Mailing
from tracker.notifications.operations.mailing import post_letter
from tracker.notifications.operations.once import Saying, tell_once
from tracker.team.models import User

LEVEL = "annotate"
LETTER = "annotation"
SHOWN = 120  # characters of a text in a notification


def tell(
    session: Session, annotation: Annotation, what: str, people: Iterable[User], *, by: User, mailing: Mailing | None
) -> None:
    """Tell people (role and team loaded) who see it: `what` is `new`, or `answer:7`."""
    told = [one for one in {one.id: one for one in people}.values() if one.active and sees(session, one, annotation)]
    zh, en = _sentence(annotation, what, by)
    saying = Saying(
        key=f"annotation:{what}", kind="annotation", level=LEVEL, due_on=clock.company_day(clock.now()), audience=NAMED,
        zh=zh, en=en, phase="annotation", step="",
    )  # fmt: skip
    if not tell_once(session, annotation, saying, told) or mailing is None:
        return
    ids = [one.id for one in told]
    wishes = {wish.user_id: wish for wish in session.scalars(select(MailWish).where(MailWish.user_id.in_(ids)))}
    for one in told:
        wish = wishes.get(one.id)
        if wants(wish, LEVEL, LETTER):
            zone = ZoneInfo(one.timezone or str(clock.zone()))
            leaves = held_until(wish, zone, clock.now(), urgent=True)  # each is a mail of its own, also once a day
            post_letter(session, LETTER, one, annotation.id, not_before=leaves)
    session.flush()


def _sentence(annotation: Annotation, what: str, by: User) -> tuple[str, str]:
    text = " ".join(annotation.text.split())
    short = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    if what != "new":
        return f"{by.name}答复了：{short}", f"{by.name} answered: {short}"
    zh, en = {ASK: ("问", "asks"), INSTRUCT: ("要求", "instructs")}.get(annotation.kind, ("表扬", "praises"))
    return f"{by.name}{zh}：{short}", f"{by.name} {en}: {short}"
