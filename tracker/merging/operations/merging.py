"""Merging two of a kind: what belongs to the gone one goes along, the gone one stays and leads to the kept one.

Taking it back returns what the merging moved and took over, as far as it is still so: what somebody changed since
stays as he left it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead
from tracker.matching.normalise import firm_key
from tracker.matrix.operations.refreshing import refresh_many
from tracker.merging.models import Merge
from tracker.merging.operations import moving
from tracker.merging.operations.projects import absorb, close_away, come_back, release, why_project_not
from tracker.merging.queries import MODELS
from tracker.parties.models import Contact, Party, PartyName
from tracker.parties.operations.belongings import ids_above
from tracker.projects.models import Project, ProjectParty, SiteName
from tracker.team.models import User

Thing = Lead | Project | Party | Contact
FIELDS: dict[str, tuple[str, ...]] = {
    "lead": ("name", "kind", "step", "address", "plot_number", "latitude", "longitude", "phone", "value", "currency",
             "area", "note"),
    "project": ("name", "address", "plot_number", "latitude", "longitude", "value", "currency", "note", "source"),
    "party": ("name", "short_name", "kind", "credit_code", "ownership", "staff", "address", "phone", "note"),
    "contact": ("name", "post", "phone", "email", "birth_year", "birth_month", "birth_day", "preferred_way",
                "care_note", "note"),
}  # fmt: skip
"""What one may take over from the gone one."""
SHORT_NAME = 80  # characters of a firm's short name


def why_not(session: Session, kind: str, kept: Thing, gone: Thing) -> Any | None:
    """Why these two cannot become one, as a sentence; None where they can."""
    if kept.id == gone.id:
        return _l("That is the same one.")
    if kept.merged_into_id or gone.merged_into_id:
        return _l("One of them was merged already; take the one that was kept.")
    if isinstance(kept, Lead) and isinstance(gone, Lead):
        if gone.project_id and gone.project_id != kept.project_id:
            return _l("The lead that would go is a project already: merge the projects, or keep this lead.")
        return None
    if isinstance(kept, Project) and isinstance(gone, Project):
        return why_project_not(session, kept, gone)
    return None


def merge(
    session: Session, kind: str, kept: Thing, gone: Thing, *, by: User, reason: str, take: Collection[str] = ()
) -> Merge:
    """Merge `gone` into `kept`; `take`: the fields whose values come from the gone one. Raises Refused or Invalid."""
    _require(by, kept, gone)
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why the two are one."))
    refusal = why_not(session, kind, kept, gone)
    if refusal is not None:
        raise Refused(refusal)
    row = Merge(kind=kind, kept_id=kept.id, gone_id=gone.id, reason=reason.strip()[:300], by_id=by.id)
    names = (kept.name, gone.name)
    concerned = _projects_of(session, gone) if kind == "party" else []
    left = _leave_group(session, kept, gone) if isinstance(kept, Party) and isinstance(gone, Party) else {}
    session.flush()
    if isinstance(kept, Project) and isinstance(gone, Project):
        row.moved = absorb(session, kept, gone)
    else:
        row.moved = moving.move_all(session, kind, gone.id, kept.id)
    row.taken = {**left, **_take_over(kept, gone, [field for field in FIELDS[kind] if field in take])}
    if isinstance(kept, Contact) and isinstance(gone, Contact):
        row.taken = {**row.taken, **_join_cares(kept, gone)}
    session.flush()
    row.before = _leave(session, kept, gone, by, reason)
    gone.merged_into_id = kept.id
    session.add(row)
    session.flush()
    _keep_names(session, kept, names, row, by)
    _settle(session, kept, gone, concerned)
    told: dict[str, Any] = {"merge_id": row.id, "reason": row.reason}
    project_id = kept.id if kind == "project" else None
    events.record(session, Kind.MERGED, kept, by=by, project_id=project_id, gone_id=gone.id, gone=names[1], **told)
    events.record(session, Kind.MERGED, gone, by=by, kept_id=kept.id, kept=names[0], **told)
    return row


def undo_merge(session: Session, row: Merge, *, by: User) -> None:
    """Make two of it again. Refused where the kept one was merged itself meanwhile."""
    kept, gone = (session.get_one(MODELS[row.kind], key) for key in (row.kept_id, row.gone_id))
    _require(by, kept, gone)
    if row.undone_at is not None:
        raise Refused(_l("This was taken back already."))
    if kept.merged_into_id:
        raise Refused(_l("The kept one was merged itself meanwhile. Take that back first."))
    concerned = _projects_of(session, kept) if row.kind == "party" else []
    if row.kind == "project":
        release(session, row)
    for name, keys in row.moved.items():
        if "." in name:
            moving.repoint(session, moving.column_of(name), keys, kept.id, gone.id)
    for field, (was, took) in row.taken.items():
        if plain(getattr(kept, field)) == took:
            setattr(kept, field, _typed(kept, field, was))
    for model, key in ((SiteName, "alias"), (PartyName, "party_alias")):
        alias = session.get(model, row.before.get(key) or 0)
        if alias is not None:
            session.delete(alias)
    gone.merged_into_id = None
    _come_back(session, gone, row.before, by)
    row.undone_at, row.undone_by_id = clock.now(), by.id
    session.flush()
    _settle(session, kept, gone, concerned)
    for one in (kept, gone):
        project_id = one.id if row.kind == "project" else None
        events.record(session, Kind.MERGE_UNDONE, one, by=by, project_id=project_id, merge_id=row.id)


def _require(by: User, *things: Thing) -> None:
    for thing in things:
        require(by, Action.MERGE, thing)
    if is_dealer(by):
        raise Refused(_l("Ask the company to merge these."))


def _take_over(kept: Thing, gone: Thing, fields: list[str]) -> dict[str, list[Any]]:
    """Give the kept one these values of the gone one; what it had before, and what it has now."""
    taken = {}
    for field in fields:
        old, new = getattr(kept, field), getattr(gone, field)
        if old != new:
            setattr(kept, field, new)
            taken[field] = [plain(old), plain(new)]
            if isinstance(kept, Party) and isinstance(gone, Party) and field == "name":
                taken["name_key"] = [kept.name_key, gone.name_key]
                kept.name_key = gone.name_key
    return taken


def _join_cares(kept: Contact, gone: Contact) -> dict[str, list[Any]]:
    """What either of them cares about, the person cares about; and the words on it, where there were none."""
    taken: dict[str, list[Any]] = {}
    more = [key for key in gone.cares or () if key not in (kept.cares or ())]
    if more:
        before = list(kept.cares or ())
        kept.cares = [*before, *more]
        taken["cares"] = [before, list(kept.cares)]
    if gone.care_note and not kept.care_note:
        taken["care_note"] = [kept.care_note, gone.care_note]
        kept.care_note = gone.care_note
    return taken


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    return str(value) if isinstance(value, (Decimal, date, datetime)) else value


def _typed(thing: Thing, field: str, value: Any) -> Any:
    """A value that `plain` made, as its column wants it."""
    wanted = type(thing).__table__.c[field].type.python_type
    return wanted(value) if value is not None and wanted is Decimal else value


def _leave(session: Session, kept: Thing, gone: Thing, by: User, reason: str) -> dict[str, Any]:
    """Take the gone one out of what is worked on; what it was."""
    if isinstance(gone, Lead):
        before = {"state": gone.state, "duplicate_of_id": gone.duplicate_of_id, "state_reason": gone.state_reason}
        gone.state, gone.duplicate_of_id, gone.state_reason = "duplicate", kept.id, reason.strip()[:300]
        return {**before, "review_on": plain(gone.review_on)}
    if isinstance(gone, Project):
        return close_away(session, gone, by, reason)
    return {}


def _come_back(session: Session, gone: Thing, before: dict[str, Any], by: User) -> None:
    if isinstance(gone, Lead):
        gone.state, gone.duplicate_of_id = before["state"], before["duplicate_of_id"]
        gone.state_reason = before["state_reason"]
    elif isinstance(gone, Project):
        come_back(session, gone, before, by)


def _keep_names(session: Session, kept: Thing, names: tuple[str, str], row: Merge, by: User) -> None:
    """Both names survive: the other becomes another name of the site, a firm's short name, else a line of the note."""
    other = next((name for name in names if name != kept.name), None)
    if other is None:
        return
    if isinstance(kept, (Lead, Project)):
        place = {"lead_id": kept.id} if isinstance(kept, Lead) else {"project_id": kept.id}
        alias = SiteName(kind="site", name=other, by_id=by.id, **place)
        session.add(alias)
        session.flush()
        row.before = {**row.before, "alias": alias.id}
    elif isinstance(kept, Party) and not kept.short_name and len(other) <= SHORT_NAME:
        row.taken = {**row.taken, "short_name": [None, other]}
        kept.short_name = other
    elif isinstance(kept, Party) and (key := firm_key(other)) not in _keys_of(session, kept):
        name = PartyName(party_id=kept.id, kind="other", name=other, name_key=key, by_id=by.id)
        session.add(name)
        session.flush()
        row.before = {**row.before, "party_alias": name.id}
    elif isinstance(kept, Party):
        return
    else:
        note = "\n".join(part for part in (kept.note, f"= {other}") if part)
        was = row.taken.get("note", [kept.note])[0]
        row.taken = {**row.taken, "note": [was, note]}
        kept.note = note
    session.flush()


def _keys_of(session: Session, party: Party) -> set[str | None]:
    """The folded names by which a firm is known."""
    others = session.scalars(select(PartyName.name_key).where(PartyName.party_id == party.id))
    return {party.name_key, party.short_key, *others}


def _leave_group(session: Session, kept: Party, gone: Party) -> dict[str, list[Any]]:
    """A firm that lay below the one that goes comes where that lay, so that no group becomes its own part."""
    if gone.id not in ids_above(session, kept)[1:]:
        return {}
    before, kept.parent_id = kept.parent_id, gone.parent_id
    return {"parent_id": [before, kept.parent_id]}


def _projects_of(session: Session, party: Thing) -> list[int]:
    """The projects in which a firm has a role; what is derived of them names it."""
    return list(session.scalars(select(ProjectParty.project_id).where(ProjectParty.party_id == party.id).distinct()))


def _settle(session: Session, kept: Thing, gone: Thing, concerned: list[int]) -> None:
    """What the statements changed past the session's objects is read anew, and what follows from it is derived."""
    session.flush()
    session.expire_all()
    if concerned:
        refresh_many(session, concerned)
    if isinstance(kept, Project):
        from tracker.history.keeping import keep

        refresh_many(session, [kept.id, gone.id])
        keep(session, sorted((kept.id, gone.id)))
