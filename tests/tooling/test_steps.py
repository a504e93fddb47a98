from __future__ import annotations

import os
import re
import select

import pytest

from tools.steps import StepError, run


def test_a_step_says_when_it_begins_and_how_long_it_took(tmp_path, capsys):
    run("Trying it", ["sh", "-c", "echo not this"], log=tmp_path / "log", limit=30)
    said = capsys.readouterr().err
    assert re.fullmatch(r"Trying it … 0:00\nTrying it … ended after 0:\d\d\n", said)


def test_a_command_that_fails_is_named_with_its_log(tmp_path):
    log = tmp_path / "log"
    with pytest.raises(StepError, match=rf"Trying it: failed with exit code 3 \(see {log}\)"):
        run("Trying it", ["sh", "-c", "echo why; exit 3"], log=log, limit=30)
    assert log.read_text() == "why\n"


def test_a_command_past_its_limit_is_ended_with_its_children(tmp_path):
    os.mkfifo(tmp_path / "alive")
    alive = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(StepError, match="not done after 0 minutes"):
        run("Waiting", ["sh", "-c", "sleep 600 & wait"], log=tmp_path / "alive", limit=0)
    # Its end is reached when the last of the processes that write to it is gone.
    assert select.select([alive], [], [], 30)[0]
    assert os.read(alive, 1) == b""
    os.close(alive)
