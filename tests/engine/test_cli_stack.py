"""The commands with the settings of a stack."""

from __future__ import annotations

import subprocess
import sys


def test_status_takes_its_settings_from_a_stack(stack, emulator):
    emulator.put_object("pipelines", id="orders", is_active=True, is_faulted=False, schedule_interval="on_demand")
    emulator.put_object("connections", id="c", is_faulted=False)
    emulator.change("pipelines", "orders", connection_id="c")
    settings = {name: value for name, value in emulator.environment.items() if name.startswith("WAREHOUSE_SYNC")}
    for name in settings:
        del stack.environment[name]
    stack.run("config", "set", "warehouse-sync:workspaceId", "1234")
    stack.run("config", "set", "warehouse-sync:apiUrl", settings["WAREHOUSE_SYNC_API_URL"])
    stack.run("config", "set", "warehouse-sync:authUrl", settings["WAREHOUSE_SYNC_AUTH_URL"])
    stack.run("config", "set", "warehouse-sync:clientId", "client")
    stack.run("config", "set", "--secret", "warehouse-sync:clientSecret", "correct horse")

    def status(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "warehouse_sync_pulumi", "status", *arguments],
            cwd=stack.folder,
            env=stack.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    ran = status("--stack", "test")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "orders" in ran.stdout
    assert "correct horse" not in ran.stdout
    assert status().returncode == 2, "without --stack, the environment alone counts"
    missing = status("--stack", "none")
    assert missing.returncode == 2
    assert "no stack named 'none' found" in missing.stderr
