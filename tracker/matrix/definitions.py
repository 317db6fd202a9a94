"""Published definitions, parsed once per process and kept: a published version never changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.matrix.models import DefinitionVersion
from workflows.definition import Definition
from workflows.loading import load, load_standard

if TYPE_CHECKING:
    from tracker.projects.models import Project

_published: dict[tuple[str, int], Definition] = {}


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


def get_definition(session: Session, key: str, version: int) -> Definition:
    """A published version; LookupError where there is none."""
    found = _published.get((key, version))
    if found is None:
        standard = load_standard()
        if (key, version) == (standard.key, standard.version):
            found = standard
        else:
            source = session.scalar(
                select(DefinitionVersion.source).where(
                    DefinitionVersion.key == key, DefinitionVersion.version == version
                )
            )
            if source is None:
                raise LookupError(f"no published matrix definition {key} {version}")
            found = load(source)
        _published[key, version] = found
    return found


def current_definition() -> Definition:
    """The definition that new projects get, and that pick-lists outside projects are taken from."""
    return load_standard()
