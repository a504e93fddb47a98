"""`warehouse-sync emulator`."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import click

from warehouse_sync_pulumi.emulator import Behaviour, Emulator
from warehouse_sync_pulumi.emulator.behaviour import parse_switch, switches
from warehouse_sync_pulumi.emulator.controls.endpoints import CONTROLS
from warehouse_sync_pulumi.emulator.service.routes import ROUTES

__all__ = ["command"]


def _explain(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if not wanted or ctx.resilient_parsing:
        return
    click.echo("Routes, under /platform/experimental/workspaces/{id}/inputs/warehouse/ (or /platform/v1/…):")
    for route in ROUTES:
        click.echo(f"  {route.method:6} {route.path:35} [{route.source}] {route.text}")
        if route.guesses:
            click.echo(f"         open, see the switches: {', '.join(route.guesses)}")
    click.echo("\nSwitches, for --set NAME=VALUE:")
    for switch in switches():
        click.echo(f"  {switch.name} = {switch.default}  [{switch.source}]\n      {switch.text}  ({switch.values})")
    click.echo("\nControls, under /_emulator/:")
    for method, path, text in CONTROLS:
        click.echo(f"  {method:6} {path:22} {text}")
    ctx.exit()


def _switches(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    found = {}
    for item in given:
        name, _, text = item.partition("=")
        try:
            found[name] = parse_switch(name, text)
        except ValueError as error:
            reason = str(error) if "\n" not in str(error) else f"{text} is not a value of {name}."
            raise click.BadParameter(f"{item}: {reason}") from None
    return found


@click.command("emulator")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port to listen on.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep what it holds in this file (with secrets in clear, mode 0600). Without it, nothing is kept.",
)
@click.option(
    "--workspace",
    "workspaces",
    type=int,
    multiple=True,
    help="A workspace that exists; may be repeated. Any other is a 404. Without it, every one exists.",
)
@click.option(
    "--warehouse",
    metavar="sample|FILE",
    help="Put a real database behind it: the sample (mp.demo_service.tickets), or what a file of DuckDB statements "
    "makes. Needs the extra `warehouse`.",
)
@click.option("--client-id", help="The one client that gets a token. Without it, any does.")
@click.option("--client-secret", help="That client's secret.")
@click.option("--realistic", is_flag=True, help="Take as long as the service was recorded to, with its limits.")
@click.option("--speed", type=click.FloatRange(0), default=1.0, help="Seconds of its clock per real second.")
@click.option(
    "--set",
    "chosen",
    multiple=True,
    callback=_switches,
    metavar="NAME=VALUE",
    help="Set a switch of its behaviour; may be repeated. --explain names them.",
)
@click.option(
    "--explain",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Show every route and switch, each with its source, and exit.",
)
def command(  # noqa: PLR0913, PLR0917 - one for each option
    port: int,
    state: Path | None,
    workspaces: tuple[int, ...],
    warehouse: str | None,
    client_id: str | None,
    client_secret: str | None,
    realistic: bool,  # noqa: FBT001
    speed: float,
    chosen: dict[str, Any],
) -> None:
    r"""Run an emulator of the Warehouse Sync API on this machine.

    It prints its URL when it listens, and serves until it is interrupted. Send the provider there with

    \b
      export WAREHOUSE_SYNC_API_URL=http://127.0.0.1:PORT
      export WAREHOUSE_SYNC_AUTH_URL=http://127.0.0.1:PORT/oauth/token
      export WAREHOUSE_SYNC_CLIENT_ID=sample-client WAREHOUSE_SYNC_CLIENT_SECRET=sample-client-secret

    What it got and holds, its clock, faults and switches are under http://127.0.0.1:PORT/_emulator/.
    """
    if (client_id is None) != (client_secret is None):
        raise click.UsageError("--client-id and --client-secret go together.")
    if workspaces:
        chosen.setdefault("workspaces", frozenset(workspaces))
    if client_id is not None:
        chosen.setdefault("credentials", {client_id: client_secret})
    behaviour = Behaviour.realistic(**chosen) if realistic else Behaviour(**chosen)
    try:
        emulator = Emulator(port, behaviour=behaviour, state=state, warehouse=warehouse, speed=speed)
    except (ModuleNotFoundError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    try:
        emulator.start()
    except OSError as error:
        raise click.ClickException(f"Cannot listen on port {port}: {error.strerror}.") from None
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    click.echo(emulator.url)  # click flushes
    ended.wait()
    emulator.stop()
