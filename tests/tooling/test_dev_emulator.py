from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from tools.dev.emulator import Emulator, EmulatorError, answers

SERVER = """
import http.server, sys
port = int(sys.argv[sys.argv.index("--port") + 1])
server = http.server.HTTPServer(("127.0.0.1", port), http.server.BaseHTTPRequestHandler)
print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)" + SERVER


@pytest.fixture
def emulator(tmp_path):
    emulator = Emulator(tmp_path / "dev", [sys.executable, "-c", SERVER], port=0)
    yield emulator
    emulator.stop()


def test_it_is_started_once_and_found_again(emulator):
    running = emulator.start()
    assert answers(running.url)
    assert emulator.start() == running


def test_another_command_finds_it_by_its_folder(emulator, tmp_path):
    running = emulator.start()
    assert Emulator(tmp_path / "dev", ["must-not-be-started"]).start() == running


def test_it_is_gone_after_a_stop(emulator):
    running = emulator.start()
    assert emulator.stop() is True
    assert not answers(running.url)
    assert emulator.stop() is False


def test_one_that_died_is_replaced(emulator):
    first = emulator.start()
    os.kill(first.pid, signal.SIGKILL)
    second = emulator.start()
    assert second.pid != first.pid
    assert answers(second.url)


def test_one_that_does_not_listen_to_sigterm_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.dev.emulator.GRACE", 0.2)
    emulator = Emulator(tmp_path, [sys.executable, "-c", STUBBORN], port=0)
    running = emulator.start()
    assert emulator.stop() is True
    assert not answers(running.url)


def test_a_process_that_only_got_its_number_is_left_alone(emulator, tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        (tmp_path / "dev").mkdir()
        (tmp_path / "dev" / "emulator.json").write_text(f'{{"pid": {innocent.pid}, "url": "http://127.0.0.1:1"}}')
        assert emulator.stop() is False
        assert emulator.start().pid != innocent.pid
        assert innocent.poll() is None
        innocent.communicate(b"\n")


@pytest.mark.parametrize("torn", ["", "{", '{"pid": 1}', "[]"])
def test_a_torn_record_is_no_obstacle(emulator, tmp_path, torn):
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "emulator.json").write_text(torn)
    assert answers(emulator.start().url)


def test_one_that_does_not_start_is_reported_by_its_last_words(tmp_path):
    emulator = Emulator(tmp_path, [sys.executable, "-c", "raise SystemExit('Usage:\\nno such option')"])
    with pytest.raises(EmulatorError, match="did not start: no such option"):
        emulator.start()
    assert emulator.stop() is False


def test_it_takes_another_port_where_the_usual_one_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        emulator = Emulator(tmp_path, [sys.executable, "-c", SERVER], port=taken)
        running = emulator.start()
        assert not running.url.endswith(f":{taken}")
        assert answers(running.url)
        emulator.stop()


def test_it_asks_for_the_usual_port_first(tmp_path):
    noting = f"""
import sys
open({str(tmp_path / "asked")!r}, "a").write(sys.argv[sys.argv.index("--port") + 1] + "\\n")
sys.exit("no")
"""
    with pytest.raises(EmulatorError):
        Emulator(tmp_path / "dev", [sys.executable, "-c", noting], port=8917).start()
    assert (tmp_path / "asked").read_text().split() == ["8917", "0"]
