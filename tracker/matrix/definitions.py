"""Published definitions, parsed once per process and kept: a published version never changes.

Which definition new projects take is asked of the database at most every other second (`current_definition`, for names
and pick-lists on pages), or each time where it has to be exact (`newest_definition`, for opening a project).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.matrix.models import DefinitionVersion
from workflows.definition import Definition
from workflows.errors import WorkflowError
from workflows.loading import load, load_standard
from workflows.naming import PEOPLE, with_names_of

if TYPE_CHECKING:
    from tracker.projects.models import Project

FRESH = 2.0  # seconds for which a page trusts what another process may have changed
Versions = tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Known:
    """What this process knows of one database: parsed versions, and the definition that pages name things by."""

    parsed: dict[tuple[str, int], Definition] = field(default_factory=dict)
    named: dict[tuple[str, int], Definition] = field(default_factory=dict)
    wide: Definition | None = None
    versions: Versions = ()
    key: str = ""
    asked_at: float = -FRESH


_databases: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()


def _known(session: Session) -> _Known:
    return _databases.setdefault(session.get_bind(), _Known())


def publish_standard(session: Session) -> DefinitionVersion:
    """Store the definition that the product brings, where it is not stored yet."""
    definition = load_standard()
    found = session.scalar(
        select(DefinitionVersion).where(
            DefinitionVersion.key == definition.key, DefinitionVersion.version == definition.version
        )
    )
    if found is None:
        found = DefinitionVersion(key=definition.key, version=definition.version, source=standard_source())
        session.add(found)
        session.flush()
    return found


@lru_cache(maxsize=1)
def standard_source() -> str:
    """The YAML text of the definition that the product brings."""
    from importlib.resources import files

    return (files("workflows") / "definitions" / "standard.yaml").read_text(encoding="utf-8")


def definition_of(session: Session, project: Project) -> Definition:
    """The version the project keeps."""
    return get_definition(session, project.definition_key, project.definition_version)


def with_history(session: Session, definition: Definition) -> Definition:
    """The definition, which by key also names what other versions had: for what was done under them."""
    known, group = _known(session).named, (definition.key, definition.version)
    if group not in known:
        known[group] = with_names_of(definition, lambda: _others(_database_versions()))
    return known[group]


def _database_versions() -> Versions:
    from tracker.extensions import db

    return list_published(db.session)


def get_definition(session: Session, key: str, version: int) -> Definition:
    """A published version; LookupError where there is none. People of departments that it lacks keep their names."""
    parsed = _known(session).parsed
    found = parsed.get((key, version))
    if found is None:
        own = _read(session, key, version)
        found = parsed[key, version] = with_names_of(own, lambda: _others(_database_versions(), key), PEOPLE)
    return found


def _read(session: Session, key: str, version: int) -> Definition:
    standard = load_standard()
    if (key, version) == (standard.key, standard.version):
        return standard
    source = session.scalar(
        select(DefinitionVersion.source).where(DefinitionVersion.key == key, DefinitionVersion.version == version)
    )
    if source is None:
        raise LookupError(f"no published matrix definition {key} {version}")
    return load(source)


def list_published(session: Session) -> Versions:
    """(key, version) of every published version, the newest last."""
    columns = (DefinitionVersion.key, DefinitionVersion.version)
    rows = session.execute(select(*columns).order_by(DefinitionVersion.id)).all()
    return _with_standard((key, version) for key, version in rows)


def _with_standard(versions: Iterable[tuple[str, int]]) -> Versions:
    """What the product brings is there, stored or not."""
    standard = load_standard()
    return tuple(dict.fromkeys([(standard.key, standard.version), *versions]))


def chosen_key(session: Session) -> str:
    """The definition that new projects take unless somebody chooses another."""
    from tracker.definitions.models import DefinitionChoice

    newest = select(DefinitionChoice.key).order_by(DefinitionChoice.id.desc()).limit(1)
    return session.scalar(newest) or load_standard().key


def newest_version(session: Session, key: str) -> int | None:
    """The number of a definition's newest version, None where none is published."""
    found = session.scalar(select(func.max(DefinitionVersion.version)).where(DefinitionVersion.key == key))
    standard = load_standard()
    return standard.version if found is None and key == standard.key else found


def newest_definition(session: Session, key: str = "") -> Definition:
    """The newest version of a definition, by default of the one chosen; LookupError where none is published."""
    key = key or chosen_key(session)
    version = newest_version(session, key)
    if version is None:
        raise LookupError(f"no published matrix definition {key}")
    return get_definition(session, key, version)


def current_definitions() -> Sequence[Definition]:
    """The newest version of every definition, the chosen one first; as fresh as `current_definition`."""
    from tracker.extensions import db

    chosen = current_definition()
    newest = dict(_known(db.session).versions)  # the last of a key counts
    others = [get_definition(db.session, *group) for group in newest.items() if group[0] != chosen.key]
    return [chosen, *others]


def current_definition() -> Definition:
    """What pages name things by, and take pick-lists from: the newest version of the chosen definition.

    By key it also finds what other versions and definitions have. It may be two seconds behind another process.
    """
    from tracker.extensions import db

    try:
        known = _known(db.session)
    except RuntimeError:  # outside of the application there is no database to ask
        return load_standard()
    if known.wide is None or time.monotonic() - known.asked_at > FRESH:
        return _ask(db.session, known)
    return known.wide


def _ask(session: Session, known: _Known) -> Definition:
    """Look what is published and chosen now, by one statement."""
    from tracker.definitions.models import DefinitionChoice

    standard = load_standard()
    newest = select(DefinitionChoice.key).order_by(DefinitionChoice.id.desc()).limit(1).scalar_subquery()
    columns = (DefinitionVersion.key, DefinitionVersion.version, newest)
    rows = session.execute(select(*columns).order_by(DefinitionVersion.id)).all()
    versions = _with_standard((key, version) for key, version, _chosen in rows)
    chosen = (rows[0][2] if rows else None) or standard.key
    if known.wide is None or (versions, chosen) != (known.versions, known.key):
        version = max((version for key, version in versions if key == chosen), default=standard.version)
        own = get_definition(session, chosen, version)
        known.wide = with_names_of(own, lambda: _others(versions))
        known.versions, known.key = versions, chosen
    known.asked_at = time.monotonic()
    return known.wide


def _others(versions: Versions, but: str = "") -> Iterator[Definition]:
    from tracker.extensions import db

    for key, version in reversed(versions):
        if key == but:
            continue
        try:
            yield get_definition(db.session, key, version)
        except (LookupError, WorkflowError):  # `tracker doctor` names it
            continue


def forget_current(session: Session) -> None:
    """Ask anew at the next page: a version was published or chosen in this process."""
    _known(session).asked_at = -FRESH


def list_newest(session: Session) -> Sequence[Definition]:
    """The newest version of every definition, the chosen one first."""
    keys = dict.fromkeys([chosen_key(session), *(key for key, _version in list_published(session))])
    return [newest_definition(session, key) for key in keys]
