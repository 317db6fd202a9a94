"""Publishing a draft as a new version, which never changes, and choosing what new projects take."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.definitions.models import DONE, PUBLISHED, RUNNING, DefinitionChoice, DefinitionDraft, Publication
from tracker.definitions.operations.drafting import _claim, faults_of
from tracker.definitions.queries import in_groups
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import chosen_key, forget_current, get_definition, newest_version
from tracker.matrix.models import DefinitionVersion
from tracker.projects.models import Project
from tracker.team.models import User
from workflows import editing
from workflows.definition import Definition
from workflows.loading import load, read
from workflows.mapping import KINDS, KeyMapping, mapping_faults

Groups = Sequence[tuple[str, int]]


def publish_draft(
    session: Session,
    draft: DefinitionDraft,
    *,
    by: User,
    version: int,
    reason: str,
    follow: Groups = (),
    mapping: KeyMapping | None = None,
) -> Publication:
    """Publish a sound draft as the next version. Projects of the versions in `follow` are to follow, by `mapping`; all
    others keep theirs. The caller commits, and then has them follow (`following.carry_out`)."""
    require(by, Action.ADMINISTER)
    _claim(draft, version)
    newest = newest_version(session, draft.key)
    if newest != draft.base_version:
        raise Refused(
            _l("Version %(n)s was published after this draft was started. Start a new one from it.", n=newest)
        )
    draft.state = PUBLISHED
    draft.changes += 1
    session.flush()  # whoever publishes at the same time fails here
    return publish_source(session, draft.source, by=by, reason=reason, follow=follow, mapping=mapping)


def publish_source(
    session: Session,
    source: str,
    *,
    by: User | None,
    reason: str,
    follow: Groups = (),
    mapping: KeyMapping | None = None,
) -> Publication:
    """Publish YAML as the next version of its definition; `by` None: from the command line."""
    if by is not None:
        require(by, Action.ADMINISTER)
    if not reason.strip():
        raise Invalid("reason", _l("Say why: everybody who works with the matrix reads this sentence."))
    source, definition = next_version(session, source)
    mapping = mapping or KeyMapping()
    wrong = [*mapping_faults(mapping, [get_definition(session, *group) for group in follow], definition)]
    if wrong:
        raise Invalid("mapping", _l("The mapping does not fit: %(why)s", why="; ".join(wrong[:5])))
    stored = DefinitionVersion(
        key=definition.key, version=definition.version, source=source, published_by_id=by.id if by else None
    )
    session.add(stored)
    session.flush()
    total = session.scalar(select(func.count()).select_from(Project).where(in_groups(follow))) if follow else 0
    publication = Publication(
        key=definition.key,
        version=definition.version,
        reason=reason.strip(),
        follow=[list(group) for group in follow],
        mapping={kind: dict(getattr(mapping, kind)) for kind in KINDS if getattr(mapping, kind)},
        state=RUNNING if total else DONE,
        total=total or 0,
        by_id=by.id if by else None,
    )
    session.add(publication)
    session.flush()
    events.record(
        session,
        Kind.DEFINITION_PUBLISHED,
        stored,
        by=by,
        name=definition.key,
        version=definition.version,
        reason=publication.reason,
        count=publication.total,
    )
    forget_current(session)
    return publication


def next_version(session: Session, source: str) -> tuple[str, Definition]:
    """YAML that says it is the next version of its definition, and what it defines; Refused with all faults."""
    from workflows.checking import check

    faults = check(source + "\n")
    if faults:
        raise Refused(_l("This definition has faults; mend them first."), details=faults)
    definition = load(source + "\n")
    number = (newest_version(session, definition.key) or 0) + 1
    if definition.version == number:
        return source, definition
    data = read(source + "\n")[0]
    editing.set_version(data, definition.key, number)
    written = editing.written(data)
    return written, load(written)


def choose_definition(session: Session, key: str, *, by: User) -> None:
    """Let new projects take the newest version of this definition."""
    require(by, Action.ADMINISTER)
    if newest_version(session, key) is None:
        raise Invalid("key", _l("Choose one of the published definitions."))
    if chosen_key(session) == key:
        return
    choice = DefinitionChoice(key=key, by_id=by.id)
    session.add(choice)
    session.flush()
    events.record(session, Kind.DEFINITION_CHOSEN, choice, by=by, name=key)
    forget_current(session)


__all__ = ["choose_definition", "faults_of", "next_version", "publish_draft", "publish_source"]
