"""Drafts: a copy of the newest version, or a file, edited step by step until it is published or discarded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.definitions.models import DISCARDED, OPEN, DefinitionDraft
from tracker.errors import Invalid, NotFound, Refused, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import get_definition, list_published, newest_version, standard_source
from tracker.matrix.models import DefinitionVersion
from tracker.team.models import User
from workflows import editing
from workflows.checking import check
from workflows.errors import Fault, UnknownKey
from workflows.loading import DEFINITIONS, load_standard, parse, read
from workflows.text import Text

LONGEST = 2_000_000  # characters of a definition's YAML
MOST_DAYS = 3650
LARGEST_NUMBER = 10**12


def start_draft(session: Session, key: str, *, by: User) -> DefinitionDraft:
    """A draft that begins as a copy of the newest version; raises Refused where one is open already."""
    require(by, Action.ADMINISTER)
    version = newest_version(session, key)
    if version is None:
        return start_draft_from_file(session, shipped_source(key), by=by)
    return _start(session, key, version, source_of(session, key, version), by)


def start_draft_from_file(session: Session, source: str, *, by: User) -> DefinitionDraft:
    """A draft that begins as somebody's YAML. It may be unsound: its page names all faults until they are mended."""
    require(by, Action.ADMINISTER)
    if len(source) > LONGEST:
        raise Invalid("source", _l("This file is too large for a definition."))
    data, name, faults = read(source + "\n")
    definition, found = parse(data, name, faults)
    if definition is None or not definition.key or len(definition.key) > 40:
        reasons = "; ".join(f"{fault.key}: {fault.reason}" for fault in found[:3]) or "meta.key"
        raise Invalid("source", _l("This is no matrix definition: %(why)s", why=reasons))
    return _start(session, definition.key, newest_version(session, definition.key), source, by)


def _start(session: Session, key: str, base: int | None, source: str, by: User) -> DefinitionDraft:
    draft = DefinitionDraft(key=key, base_version=base, source=source, started_by_id=by.id)
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        raise Refused(_l("There is a draft of this definition already; publish or discard it first.")) from None
    events.record(session, Kind.DEFINITION_DRAFTED, draft, by=by, name=key, version=base)
    return draft


def shipped_source(key: str) -> str:
    """The YAML of a definition that comes with the product; NotFound where there is none of this key."""
    path = DEFINITIONS / f"{key}.yaml"
    if path.name not in {one.name for one in DEFINITIONS.glob("*.yaml")}:
        raise NotFound
    return path.read_text(encoding="utf-8")


def source_of(session: Session, key: str, version: int) -> str:
    """The YAML of a published version."""
    found = session.scalar(
        select(DefinitionVersion.source).where(DefinitionVersion.key == key, DefinitionVersion.version == version)
    )
    if found is None and (key, version) == (load_standard().key, load_standard().version):
        return standard_source()
    if found is None:
        raise NotFound
    return found


def discard_draft(session: Session, draft: DefinitionDraft, *, by: User, version: int) -> None:
    """Give a draft up; it stays in the database, out of the way."""
    require(by, Action.ADMINISTER)
    _claim(draft, version)
    draft.state = DISCARDED
    events.record(session, Kind.DEFINITION_DISCARDED, draft, by=by, name=draft.key, count=draft.changes)
    session.flush()


def faults_of(draft: DefinitionDraft) -> list[Fault]:
    """Everything that is wrong with a draft."""
    return check(draft.source + "\n")


def _claim(draft: DefinitionDraft, version: int) -> None:
    """Refuse what was decided on an older state of the draft."""
    if draft.state != OPEN:
        raise Refused(_l("This draft is not open any more."))
    if draft.version != version:
        raise Stale(_l("Somebody changed this draft meanwhile. Look at it again."), details=draft)


def _edit(
    session: Session,
    draft: DefinitionDraft,
    by: User,
    version: int,
    change: Callable[[Any], object],
    what: str,
    **told: Any,
) -> None:
    """Change the draft's data and write it down, unless it would have faults then."""
    require(by, Action.ADMINISTER)
    _claim(draft, version)
    data, _name, faults = read(draft.source + "\n")
    try:
        said = None if faults else change(data)
    except (UnknownKey, KeyError, TypeError, AttributeError):
        raise NotFound from None
    if not faults:
        editing.set_version(data, draft.key, (draft.base_version or 0) + 1)
    faults = faults or check(data, draft.key)
    if faults:
        reasons = "; ".join(f"{fault.key}: {fault.reason}" for fault in faults[:3])
        raise Refused(_l("This would not be sound: %(why)s", why=reasons), details=faults)
    draft.source = editing.written(data)
    draft.changed_at, draft.changes = clock.now(), draft.changes + 1
    target = said if isinstance(said, str) else told.pop("target", None)
    events.record(session, Kind.DEFINITION_EDITED, draft, by=by, name=draft.key, part=what, target=target, **told)
    session.flush()


def edit_text(
    session: Session, draft: DefinitionDraft, kind: str, key: str, text: Text, *, by: User, version: int
) -> None:
    """Change the name of a phase, step, route or category, or the sentence of a criterion or rule."""
    _both(text)
    _edit(session, draft, by, version, lambda data: editing.set_text(data, kind, key, text), kind, target=key,
          **_said(text))  # fmt: skip


def set_limit(session: Session, draft: DefinitionDraft, cell: str, days: int, *, by: User, version: int) -> None:
    """Change the days without a record after which a cell reminds."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("days", _l("Write a number of days from 1 to %(most)s.", most=MOST_DAYS))
    _edit(session, draft, by, version, lambda data: editing.set_limit(data, cell, days), "limit", target=cell,
          days=days)  # fmt: skip


def set_setting(session: Session, draft: DefinitionDraft, path: str, number: int, *, by: User, version: int) -> None:
    """Change one of the numbers that an administrator can change."""
    if not 0 <= number <= LARGEST_NUMBER:
        raise Invalid("number", _l("Write a whole number."))
    _edit(session, draft, by, version, lambda data: editing.set_setting(data, path, number), "setting", target=path,
          value=number)  # fmt: skip


def add_hint(
    session: Session, draft: DefinitionDraft, cell: str, kind: str, department: str, text: Text, *, by: User,
    version: int,
) -> None:  # fmt: skip
    """Add a hint to a cell, under an id that no version ever used."""
    _both(text)
    taken = _taken(session, draft)
    _edit(session, draft, by, version, lambda d: editing.add_hint(d, cell, kind, department, text, taken), "hint",
          **_said(text))  # fmt: skip


def edit_hint(
    session: Session, draft: DefinitionDraft, id: str, kind: str, department: str, text: Text, *, by: User,
    version: int,
) -> None:  # fmt: skip
    """Change a hint."""
    _both(text)
    _edit(session, draft, by, version, lambda d: editing.edit_hint(d, id, kind, department, text), "hint", target=id,
          **_said(text))  # fmt: skip


def remove_hint(session: Session, draft: DefinitionDraft, id: str, *, by: User, version: int) -> None:
    """Take a hint out; records that followed it still find it in the version they were made under."""
    _edit(session, draft, by, version, lambda data: editing.remove_hint(data, id), "hint removed", target=id)


def add_task(
    session: Session, draft: DefinitionDraft, cell: str, values: dict[str, Any], text: Text, *, by: User, version: int
) -> None:
    """Add a task to a cell, under an id that no version ever used; `values`: see `editing.add_task`."""
    _both(text)
    taken = _taken(session, draft)
    _edit(session, draft, by, version, lambda data: editing.add_task(data, cell, values, text, taken), "task",
          **_said(text))  # fmt: skip


def edit_task(
    session: Session, draft: DefinitionDraft, id: str, values: dict[str, Any], text: Text, *, by: User, version: int
) -> None:
    """Change a task."""
    _both(text)
    _edit(session, draft, by, version, lambda data: editing.edit_task(data, id, values, text), "task", target=id,
          **_said(text))  # fmt: skip


def remove_task(session: Session, draft: DefinitionDraft, id: str, *, by: User, version: int) -> None:
    """Take a task out; evidence given for it stays."""
    _edit(session, draft, by, version, lambda data: editing.remove_task(data, id), "task removed", target=id)


def _both(text: Text) -> None:
    for field, words in (("zh", text.zh), ("en", text.en)):
        if not words.strip():
            raise Invalid(field, _l("Write it in both languages."))


def _said(text: Text) -> dict[str, str]:
    return {"text_zh": text.zh, "text_en": text.en}


def _taken(session: Session, draft: DefinitionDraft) -> list[str]:
    """Every id of a hint or task that a version of this definition, or this draft, ever had."""
    versions = [group for group in list_published(session) if group[0] == draft.key]
    known = [get_definition(session, *group).lookups for group in versions]
    return [
        *(id for lookups in known for kind in ("hint", "task") for id in lookups[kind]),
        *_events_ids(session, draft),
    ]


def _events_ids(session: Session, draft: DefinitionDraft) -> list[str]:
    """Ids that the open draft gave and took back: its events remember them."""
    from tracker.events import Event

    told = session.scalars(
        select(Event.data).where(Event.subject == DefinitionDraft.__tablename__, Event.subject_id == draft.id)
    )
    return [data["target"] for data in told if data.get("part") in ("hint", "task") and data.get("target")]
