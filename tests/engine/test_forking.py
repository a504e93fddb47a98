"""What the engine is given for Python goes on, whatever becomes of those that ask it for processes."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import forking
import pytest

pytestmark = pytest.mark.skipif(not forking.environment(), reason="this system cannot fork Python for the engine")


@contextmanager
def run(tmp_path, source, **environment):
    file = tmp_path / "program.py"
    file.write_text(source)
    environment = {**os.environ, **forking.environment(), **environment}
    command = [environment["PULUMI_PYTHON_CMD"], str(file)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as client:
        try:
            yield client
        except BaseException:
            client.kill()
            raise


def test_a_program_has_its_arguments_environment_folder_and_exit_code(tmp_path):
    source = "import os, sys\nprint(sys.argv[1:], os.environ['WORD'], os.getcwd())\nsys.exit(7)\n"
    (tmp_path / "program.py").write_text(source)
    environment = {**os.environ, **forking.environment(), "WORD": "said"}
    command = [environment["PULUMI_PYTHON_CMD"], "-u", str(tmp_path / "program.py"), "a b"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (7, f"['a b'] said {tmp_path}\n", "")


@pytest.mark.parametrize("value", ["", "1"])
def test_bytecode_is_written_where_the_environment_allows_it(tmp_path, value):
    """Else a program that was changed within a second is run as it was."""
    environment = {**os.environ, **forking.environment(), "PYTHONDONTWRITEBYTECODE": value}
    command = [environment["PULUMI_PYTHON_CMD"], "-m", "imported"]
    (tmp_path / "imported.py").write_text("import other\n")
    (tmp_path / "other.py").touch()
    subprocess.run(command, env={**environment, "PYTHONPATH": str(tmp_path)}, check=True)
    assert (tmp_path / "__pycache__").exists() is not bool(value)


def test_what_stands_on_the_path_customizes_the_program_too(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("print('customized', flush=True)\n")
    (tmp_path / "program.py").touch()
    environment = {**os.environ, **forking.environment(), "PYTHONPATH": str(tmp_path)}
    command = [environment["PULUMI_PYTHON_CMD"], str(tmp_path / "program.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1:] == ["customized"]


def test_an_interrupt_reaches_the_program(tmp_path):
    # Blocked, it waits to be taken: `signal.pause` would not end by one that comes before it.
    source = """
import signal
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
print("there", flush=True)
assert signal.sigwait({signal.SIGINT}) == signal.SIGINT
print("over")
"""
    with run(tmp_path, source) as client:
        assert client.stdout.readline() == "there\n"
        client.send_signal(signal.SIGINT)
        assert client.communicate(timeout=30)[0] == "over\n"
    assert client.returncode == 0


def test_an_interrupt_that_comes_while_the_program_begins_waits_for_it(tmp_path):
    with (
        tempfile.TemporaryDirectory() as folder,  # a socket's path must be short
        socket.socket(socket.AF_UNIX) as server,
        subprocess.Popen(["cat"], stdin=subprocess.PIPE) as program,
    ):
        address = str(Path(folder) / "server")
        server.bind(address)
        server.listen()
        with run(tmp_path, "", FORKING_SERVER=address) as client, server.accept()[0] as connection:
            connection.recv(4)
            client.send_signal(signal.SIGINT)
            connection.sendall(program.pid.to_bytes(4, "big"))
            assert program.wait(timeout=30) == -signal.SIGINT
            connection.sendall((130).to_bytes(4, "big"))
    assert client.returncode == 130


def test_who_is_killed_takes_the_program_along_and_the_next_one_is_served(tmp_path):
    source = "import os, signal\nprint(os.getpid(), flush=True)\nsignal.pause()\n"
    with run(tmp_path, source) as client:
        program = int(client.stdout.readline())
        ended = os.pidfd_open(program)
        client.kill()
    assert select.select([ended], [], [], 30)[0] == [ended]
    os.close(ended)
    with run(tmp_path, "print('served')") as client:
        assert client.communicate(timeout=30)[0] == "served\n"


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\1\0", b"\0\0\1\0half"])
def test_who_is_killed_before_it_said_what_to_run_harms_nobody(tmp_path, sent):
    with socket.socket(socket.AF_UNIX) as half:
        half.connect(forking.environment()["FORKING_SERVER"])
        half.sendall(sent)
    with run(tmp_path, "print('served')") as client:
        assert client.communicate(timeout=30)[0] == "served\n"


WORKER = "import forking, sys\nprint(forking.environment()['FORKING_SERVER'], flush=True)\nsys.stdin.read()\n"
"""A process of the tests', with a server of its own."""


def test_who_runs_the_tests_takes_the_program_along_which_does_not_end_well(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(forking.__file__).parents[1])}
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        address = worker.stdout.readline().strip()
        source = "import os, signal\nprint(os.getpid(), flush=True)\nsignal.pause()\n"
        with run(tmp_path, source, FORKING_SERVER=address) as client:
            ended = os.pidfd_open(int(client.stdout.readline()))
            worker.kill()
            _, said = client.communicate(timeout=30)
    assert (client.returncode, said) == (1, "error: what forks Python has ended\n")
    assert select.select([ended], [], [], 30)[0] == [ended]
    os.close(ended)
    shutil.rmtree(Path(address).parent)
