"""Stands for the process that the server forks: passes on its arguments, streams and signals, and ends as it does."""

import contextlib
import marshal
import os
import signal
import socket
import sys

FORWARDED = (signal.SIGINT, signal.SIGTERM)


def told():
    number = server.recv(4)
    if not number:  # the program ends with it, and nobody may take that for a good end
        sys.exit("error: what forks Python has ended")
    return int.from_bytes(number, "big")


def pass_on(number, _frame):
    with contextlib.suppress(ProcessLookupError):  # it has just ended
        os.kill(child, number)


with socket.socket(socket.AF_UNIX) as server:
    try:
        server.connect(os.environ["FORKING_SERVER"])
    except OSError:  # it has ended: as users start Python
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606 - what it is there for
    signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)  # they wait until there is somebody to pass them on to
    request = marshal.dumps((sys.argv[1:], dict(os.environ), os.getcwd()))  # noqa: PTH109 - pathlib takes long to import
    socket.send_fds(server, [len(request).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(request)
    child = told()
    for forwarded in FORWARDED:
        signal.signal(forwarded, pass_on)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    status = told()
sys.exit(status)
