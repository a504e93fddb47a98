"""`warehouse-sync import`."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from warehouse_sync_pulumi.cli.importing import files
from warehouse_sync_pulumi.cli.importing.arguments import Checked
from warehouse_sync_pulumi.cli.importing.finish import steps
from warehouse_sync_pulumi.cli.importing.import_file import import_file
from warehouse_sync_pulumi.cli.importing.naming import named
from warehouse_sync_pulumi.cli.importing.program import Program, Style
from warehouse_sync_pulumi.cli.importing.project import Target, target
from warehouse_sync_pulumi.cli.importing.selection import select
from warehouse_sync_pulumi.cli.importing.stack_contents import StackContents
from warehouse_sync_pulumi.cli.importing.workspace import RESOURCES, Existing, read
from warehouse_sync_pulumi.cli.pulumi_cli import Stack, find_stack
from warehouse_sync_pulumi.cli.settings import settings_of
from warehouse_sync_pulumi.errors import WarehouseSyncError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse_sync_pulumi.config import Settings

__all__ = ["command"]

KINDS = {resource.kind.noun.replace(" ", "-"): resource.kind.noun for resource in RESOURCES}


@click.command("import")
@click.argument("patterns", nargs=-1, metavar="[ID|PATTERN]...")
@click.option("--kind", "kinds", type=click.Choice(list(KINDS)), multiple=True, help="Only this kind; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Every object of every kind, as without any selection.")
@click.option("--workspace", type=click.IntRange(min=1), help="The workspace to read.  [default: the stack's]")
@click.option("--stack", "stack_name", help="The stack to import into.  [default: the selected one]")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The Python file to write.")
@click.option("--sql-files", is_flag=True, help="Write each query to a file of its own, in a folder named sql.")
@click.option("--protect", is_flag=True, help="Protect the resources from deletion.")
@click.option("--dry-run", is_flag=True, help="Print the program, and write nothing.")
@click.option(
    "--apply", is_flag=True, help="Run the commands that finish the job, and prove that the preview is empty."
)
@click.option("--force", is_flag=True, help="Overwrite files whose content differs.")
def command(  # noqa: PLR0913, PLR0917 - one for each option
    patterns: tuple[str, ...],
    kinds: tuple[str, ...],
    everything: bool,  # noqa: FBT001
    workspace: int | None,
    stack_name: str | None,
    output: Path | None,
    sql_files: bool,  # noqa: FBT001
    protect: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    apply: bool,  # noqa: FBT001
    force: bool,  # noqa: FBT001
) -> None:
    """Bring existing objects under management.

    Reads the workspace; writes a program that manages what exists there, and a file for `pulumi import`; prints the
    commands that finish the job, or runs them with --apply. Nothing in the workspace is changed.

    A PATTERN is an id, or one with *, ? or [...] in it. Objects that the stack manages already are left out.
    """
    if everything and (patterns or kinds):
        raise click.UsageError("--all goes with no other selection.")
    if dry_run and apply:
        raise click.UsageError("--dry-run and --apply exclude each other.")
    # What is printed comes from the API in part: nothing in it is markup.
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    stack = find_stack(stack_name)
    if apply and stack is None:
        raise WarehouseSyncError("there is no stack to import into: run `pulumi stack init` in the project's folder")
    settings = settings_of(stack)
    workspace_id = workspace or settings.workspace_id()
    contents = StackContents.of(stack.resources()) if stack is not None else StackContents()
    objects = _read(settings, workspace_id, console)
    new = _new(select(objects, patterns, [KINDS[kind] for kind in kinds]), contents, console)
    default_workspace = settings.get("workspaceId")
    checked = _without_problems([Checked(item, default_workspace) for item in named(new, contents.names)], console)
    if not checked:
        console.print("There is nothing to import.")
        return
    program = Program(checked, workspace_id, _elsewhere(objects, contents), Style(sql_files=sql_files, protect=protect))
    where = target(Path.cwd(), output, holds_any=bool(contents.objects))
    if dry_run:
        _show(where, program, console)
        return
    _write(where, program, console, force=force)
    _finish(where, stack, console, protect=protect, apply=apply)


def _read(settings: Settings, workspace_id: int, console: Console) -> list[Existing]:
    from warehouse_sync_pulumi.api.client import Client

    objects: list[Existing] = []
    with closing(Client(settings.endpoint(), notify=console.print)) as client:
        for resource in RESOURCES:
            noun = resource.kind.noun
            with console.status(f"Reading the {noun}s of workspace {workspace_id}"):
                found = read(client, resource, workspace_id)
            console.print(f"Workspace {workspace_id} has {_counted(len(found), noun)}.")
            objects += found
    return objects


def _new(selected: Sequence[Existing], contents: StackContents, console: Console) -> list[Existing]:
    """Those that the stack does not manage yet."""
    new = [existing for existing in selected if existing.key not in contents.objects]
    if len(new) < len(selected):
        console.print(f"In the stack already: {len(selected) - len(new)} of {_counted(len(selected), 'object')}.")
    return new


def _without_problems(objects: Sequence[Checked], console: Console) -> list[Checked]:
    """Those that the provider can manage; the others are left out, and it is said why."""
    manageable = []
    for checked in objects:
        errors = [problem for problem in checked.problems if not problem.is_warning]
        if errors:
            reasons = "; ".join(f"{problem.argument} {problem.reason}".strip() for problem in errors)
            console.print(f"Left out: {checked.item.existing}: {reasons}.", style="yellow")
        else:
            manageable.append(checked)
            _warn_of_unknown_fields(checked.item.existing, console)
    return manageable


def _warn_of_unknown_fields(existing: Existing, console: Console) -> None:
    """An object of a type that this package does not know may have fields that an update would not carry over."""
    usual = existing.kind.fields["type"].default if "type" in existing.kind.fields else None
    if existing.answer.get("type") not in (None, usual) and (unknown_fields := existing.unknown_fields):
        fields = ", ".join(unknown_fields)
        console.print(
            f"{existing} is of the type {existing.answer['type']}, and has {fields}, for which there is no argument; "
            "it is imported as it is, but an update replaces it whole, and may lose that.",
            style="yellow",
        )


def _elsewhere(objects: Sequence[Existing], contents: StackContents) -> dict[tuple[str, int, str], str]:
    """What to say of an object that the program refers to, but that is not in it."""
    return {
        existing.key: f"Another part of this stack manages this {existing.kind.noun}."
        if existing.key in contents.objects
        else f"This {existing.kind.noun} exists, and is not managed here."
        for existing in objects
    }


def _files(where: Target, program: Program) -> dict[Path, str]:
    queries = {where.program.parent / "sql" / name: text for name, text in program.sql_files().items()}
    return {where.program: program.text(), where.import_file: import_file(program.objects), **queries}


def _show(where: Target, program: Program, console: Console) -> None:
    click.echo(program.text(), nl=False)
    for path in files.changed(_files(where, program)):
        console.print(f"Would write {os.path.relpath(path)}{' over what is there' if path.exists() else ''}")


def _write(where: Target, program: Program, console: Console, *, force: bool) -> None:
    texts = _files(where, program)
    if not force:
        files.refuse_to_overwrite(texts)
    written = files.write(texts)
    console.print(f"{where.program.name} manages {_counted(len(program.objects), 'object')}.")
    for path in written:
        console.print(f"Wrote {os.path.relpath(path)}")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _finish(where: Target, stack: Stack | None, console: Console, *, protect: bool, apply: bool) -> None:
    to_run = list(steps(stack or Stack(Path.cwd()), where.import_file, protect=protect))
    if where.import_line is not None and not where.is_imported:
        console.print(f"Add this line to {where.main.name}:")
        click.echo(where.import_line)
        if apply:
            raise WarehouseSyncError(f"{where.main.name} does not import {where.program.name} yet; then run this again")
    if not apply:
        console.print("Then run:")
        for step in to_run:
            click.echo(f"# {step.purpose}\n{step}")
        return
    for step in to_run:
        with console.status(step.doing):
            step.run()
        console.print(f"{step}: done.")
    where.import_file.unlink()
    console.print("Everything is imported, and the preview is empty.")
