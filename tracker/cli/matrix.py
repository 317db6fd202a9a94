"""`tracker matrix`: the definitions of the matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflows.definition import Definition
    from workflows.errors import Fault
    from workflows.mapping import KeyMapping

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def matrix() -> None:
    """Check and publish matrix definitions."""


@matrix.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=FILE)
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Check definitions (default: the one that the product brings); a line for each fault."""
    from workflows.checking import check as faults_of
    from workflows.loading import STANDARD

    sound = True
    for file in files or (STANDARD,):
        faults = faults_of(file)
        _say_faults(faults)
        if not faults:
            click.echo(f"{file.name}: sound")
        sound = sound and not faults
    if not sound:
        ctx.exit(1)


@matrix.command()
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Only say what would become of the open projects.")
@click.option("--pin", is_flag=True, help="All projects keep their version (default).")
@click.option("--map", "map_file", type=FILE, help="Projects follow, by this YAML of old and new keys (may be empty).")
@click.option("--from", "sources", multiple=True, metavar="KEY/VERSION", help="Only projects of this version follow.")
@click.option("--reason", default="", help="Why; everybody who works with the matrix reads it.")
@click.pass_context
def publish(
    ctx: click.Context, file: Path, dry_run: bool, pin: bool, map_file: Path | None, sources: tuple[str, ...],
    reason: str,
) -> None:  # fmt: skip
    """Publish FILE as the next version of its definition; first shows what it does to the open projects."""
    if pin and (map_file or sources):
        raise click.UsageError("--pin and --map exclude each other.")
    if sources and not map_file:
        raise click.UsageError("--from needs --map.")
    if not dry_run and not reason.strip():
        raise click.UsageError("--reason is missing: everybody who works with the matrix reads it.")
    from workflows.checking import check as faults_of

    faults = faults_of(file)
    if faults:
        _say_faults(faults)
        ctx.exit(1)
    mapping = _mapping(map_file)
    from tracker.cli.opening import opened

    with opened() as (_app, session):
        _publish(session, file, dry_run, mapping, sources, reason, follow=map_file is not None)


def _publish(
    session: Session, file: Path, dry_run: bool, mapping: KeyMapping, sources: Iterable[str], reason: str, *,
    follow: bool,
) -> None:  # fmt: skip
    from tracker.cli.progress import telling
    from tracker.definitions.operations.following import carry_out
    from tracker.definitions.operations.publishing import next_version, publish_source
    from tracker.definitions.queries import list_groups

    text = file.read_text(encoding="utf-8")
    _source, definition = next_version(session, text)
    groups = _groups(sources, definition, [group[:2] for group in list_groups(session)], follow)
    _check_mapping(session, mapping, groups, definition)
    with telling() as tell:
        table = _dry_run(session, definition, groups, mapping, lambda done, total: tell("dry run", done, total))
    click.echo(table)
    if dry_run:
        return
    session.rollback()
    publication = publish_source(
        session, text, by=None, reason=reason, follow=groups if follow else (), mapping=mapping
    )
    session.commit()
    with telling() as tell:
        carry_out(session, publication, by=None, commit=session.commit,
                  progress=lambda done, total: tell("projects", done, total))  # fmt: skip
    click.echo(
        f"published {publication.key} {publication.version}: {publication.moved:,} projects have followed, "
        f"{publication.kept:,} of those asked kept their version"
    )


def _mapping(map_file: Path | None) -> KeyMapping:
    import yaml

    from workflows.mapping import KeyMapping, read_mapping

    if map_file is None:
        return KeyMapping()
    try:
        data = yaml.safe_load(map_file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise click.ClickException(f"{map_file.name} is not YAML: {error}") from error
    mapping, faults = read_mapping(data)
    if faults:
        raise click.ClickException(f"{map_file.name}: {'; '.join(faults)}")
    return mapping


def _groups(
    sources: Iterable[str], definition: Definition, there: list[tuple[str, int]], follow: bool
) -> list[tuple[str, int]]:
    """Whose projects are asked: those named, else all of the same definition."""
    named = []
    for source in sources:
        key, _slash, number = source.rpartition("/")
        if (key, int(number) if number.isdecimal() else -1) not in there:
            raise click.UsageError(f"No open project keeps {source}.")
        named.append((key, int(number)))
    return named or [group for group in there if group[0] == definition.key]


def _check_mapping(
    session: Session, mapping: KeyMapping, groups: list[tuple[str, int]], definition: Definition
) -> None:
    from tracker.matrix.definitions import get_definition
    from workflows.mapping import mapping_faults

    faults = [*mapping_faults(mapping, [get_definition(session, *group) for group in groups], definition)]
    if faults:
        raise click.ClickException(f"the mapping does not fit: {'; '.join(faults)}")


def _dry_run(
    session: Session, definition: Definition, groups: list[tuple[str, int]], mapping: KeyMapping, progress: Any
) -> str:
    """The exact effect on every open project, summed up as a table."""
    from tracker.definitions.dry_run import judge_each

    counts: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    for _project, effect in judge_each(session, definition, groups, mapping, progress):
        counts["projects"] += 1
        if effect is None:
            counts["cannot be judged: their rows make no facts"] += 1
            continue
        for change in effect.cells:
            changes[f"{'/'.join(change.cell)}: {change.now} -> {change.then}"] += 1
        told = {
            "can follow": effect.fits,
            "would not notice": effect.silent,
            "stand in a cell that changes status": effect.here,
            "have any cell that changes status": effect.cells,
            "get tasks": effect.tasks_new,
            "lose tasks": effect.tasks_gone,
            "have records without a cell": effect.records,
            "have evidence without a task or criterion": effect.evidence,
            "lose hints": effect.hints,
        }
        counts.update(name for name, so in told.items() if so)
        counts.update(f"keep their version for {kind} {key}" for kind, key in effect.stays)
        changes.update(f"task appears: {task}" for task in effect.tasks_new)
        changes.update(f"task goes: {task}" for task in effect.tasks_gone)
        changes.update(f"hint lost: {hint}" for hint in effect.hints)
    lines = [f"{number:>9,}  {name}" for name, number in counts.items()]
    most = [f"{number:>9,}  {name}" for name, number in changes.most_common(40)]
    whose = ", ".join(f"{key} {version}" for key, version in groups) or "no version in use"
    head = f"{definition.key} {definition.version} for the open projects of {whose}:"
    return "\n".join([head, *(lines or ["        0  projects"]), *most])


def _say_faults(faults: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(" ".join(str(fault).split()))
