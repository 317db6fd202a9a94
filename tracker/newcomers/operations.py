"""Ticking what was read and who was met; beginning a practice project and trying something in it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.errors import Invalid, Refused, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition, get_definition
from tracker.newcomers.models import NewcomerTick, PracticeProject
from tracker.newcomers.queries import find_practice, load_first_week
from tracker.team.models import User
from workflows.errors import UnknownKey
from workflows.practising import KINDS, MOST, Act, Play, act_of, replayed, tried

CATEGORY = "tiles"
LONGEST_WORDS = 300


def tick(session: Session, key: str, *, by: User) -> None:
    """He has read, or met, something of his first week; ticked twice it stays ticked."""
    step = next((one for one in load_first_week(session, by, by).steps if one.key == key), None)
    if step is None or step.what not in ("cell", "colleague", "contact"):
        raise Refused(_l("This is not part of your first week."))
    if step.done:
        return
    session.add(NewcomerTick(user_id=by.id, key=key))
    session.flush()
    told = {"cell": "/".join(step.thing)} if step.what == "cell" else {"name": step.thing.name}
    events.record(session, Kind.WEEK_TICKED, by, by=by, **told)


def begin_practice(session: Session, *, by: User) -> PracticeProject:
    """A new practice project; the one before is over and kept."""
    before = find_practice(session, by)
    if before is not None:
        before.over_at = clock.now()
    definition = current_definition()
    category = CATEGORY if definition.knows("window", CATEGORY) else ""
    row = PracticeProject(
        user_id=by.id, definition_key=definition.key, definition_version=definition.version, category=category,
        begun_on=clock.today(), acts=[],
    )  # fmt: skip
    session.add(row)
    session.flush()
    events.record(session, Kind.PRACTICE_BEGUN, row, by=by)
    return row


def play_of(session: Session, row: PracticeProject) -> Play:
    """Where a practice project stands."""
    definition = get_definition(session, row.definition_key, row.definition_version)
    return replayed(definition, row.begun_on, map(act_of, row.acts), row.category)


def try_out(session: Session, row: PracticeProject, act: Act, *, by: User, version: int) -> Play:
    """Try something in it; raises `NotNow` where the rules stand in the way."""
    if act.kind not in KINDS:
        raise Invalid("kind", _l("Choose one of the values in the list."))
    if version != row.version:
        raise Stale(_l("The practice project has moved on in another window."))
    if len(row.acts) >= MOST:
        raise Refused(_l("Enough played in this one. Begin a new one."))
    if len(act.words) > LONGEST_WORDS:
        raise Invalid("words", _l("At most %(max)d characters, please.", max=LONGEST_WORDS))
    play = play_of(session, row)
    try:
        play = tried(play, act)
    except UnknownKey:
        raise Invalid("key", _l("Choose one of the values in the list.")) from None
    row.acts = [*row.acts, act.plain()]
    if play.won and row.won_at is None:
        row.won_at = clock.now()
        events.record(session, Kind.PRACTICE_WON, row, by=by)
    session.flush()
    return play
