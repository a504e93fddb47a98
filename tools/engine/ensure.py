"""The order in which the ways to an engine are tried."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.engine import golang, installer
from tools.engine.errors import EngineError
from tools.engine.found import Engine, on_path
from tools.engine.store import Store
from tools.engine.versions import OLDEST_PULUMI, dotted
from tools.steps import StepError

REPOSITORY = Path(__file__).parents[2]


def ensure(folder: Path = REPOSITORY / ".engine") -> Engine:
    """Find an engine, or make one and keep it in `folder`; a second process waits for the first.

    Raises:
        EngineError: there is none and none can be made; the message says what to install.
    """
    store = Store(folder)
    try:
        found = on_path()
    except EngineError as unusable:
        found = None
        if not store.kept():
            _say(unusable)
    return found or store.kept() or _make(store)


def _make(store: Store) -> Engine:
    with store.locked():
        if kept := store.kept():
            return kept
        store.log.write_bytes(b"")
        _say("No Pulumi engine on this machine yet: one is downloaded, or else built, into .engine.")
        for make in (installer.install, golang.build):
            with store.workplace() as workplace:
                try:
                    make(workplace, store.log)
                except StepError as closed:
                    _say(closed)
                    continue
                store.keep(workplace)
            if made := store.kept():
                return made
    raise EngineError(
        f"no Pulumi engine: install Pulumi {dotted(OLDEST_PULUMI)} or newer (https://www.pulumi.com/docs/install), "
        f"or Go {dotted(golang.required_go())} or newer, and run this again; the log is {store.log}"
    )


def _say(what: object) -> None:
    print(what, file=sys.stderr)
