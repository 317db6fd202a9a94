"""`tracker matrix`: the definitions of the matrix."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def matrix() -> None:
    """Check matrix definitions."""


@matrix.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Check definitions (default: the one that the product brings); a line for each fault."""
    from workflows.checking import check as faults_of
    from workflows.loading import STANDARD

    sound = True
    for file in files or (STANDARD,):
        faults = faults_of(file)
        for fault in faults:
            click.echo(str(fault))
        if not faults:
            click.echo(f"{file.name}: sound")
        sound = sound and not faults
    if not sound:
        ctx.exit(1)
