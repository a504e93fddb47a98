"""The stack `dev` of the root's Pulumi.yaml, with its state in a folder instead of Pulumi's cloud."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from tools.engine import ensure

REPOSITORY = Path(__file__).parents[2]
NAME = "dev"

# What a user would type after `pulumi stack init`; the values are as invented as the warehouse of the emulator.
CONFIG = ["--plaintext", "warehouse-sync:workspaceId=1234", "--plaintext", "partnerFeedId=2124"]
SECRETS = ["--secret", "snowflakePassword=sample-password", "--secret", "partnerFeedKey=sample-feed-key"]


class Stack:
    """The stack, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._state = folder / "state"
        self._home = folder / "home"
        self._ready = folder / "stack-is-configured"

    @property
    def exists(self) -> bool:
        """Whether an earlier command made it."""
        return self._ready.exists()

    def environment(self, api_url: str) -> dict[str, str]:
        """What `pulumi` and its program need, besides the config, to deploy to the emulator at `api_url`."""
        self._state.mkdir(parents=True, exist_ok=True)
        return {
            **ensure().environment(),
            "PULUMI_BACKEND_URL": self._state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "dev",  # protects secrets that are printed above
            "PULUMI_HOME": str(self._home),
            "WAREHOUSE_SYNC_API_URL": api_url,
            "WAREHOUSE_SYNC_AUTH_URL": f"{api_url}/oauth/token",
            "WAREHOUSE_SYNC_CLIENT_ID": "sample-client",
            "WAREHOUSE_SYNC_CLIENT_SECRET": "sample-client-secret",
        }

    def configure(self, env: dict[str, str]) -> int:
        """Make the stack and its config, once: a user may have changed it since. Returns pulumi's exit code."""
        if self.exists:
            return 0
        select = ["pulumi", "stack", "select", "--create", NAME]
        code = run(select, env) or run(["pulumi", "config", "set-all", *CONFIG, *SECRETS], env)
        if not code:
            self._ready.touch()
        return code

    def forget(self) -> None:
        """Take note that the stack was removed."""
        self._ready.unlink()


def run(command: list[str], env: dict[str, str]) -> int:
    """Run `command` in the repository's root to its end, and return its exit code.

    Ctrl-C is for the command alone: pulumi finishes what is under way and writes it down, and must not be killed then.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(command, cwd=REPOSITORY, env=env, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
