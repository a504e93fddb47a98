"""What a command shows on a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios


def shown(command, *, cwd, env):
    """The text that is left on a wide terminal when the command has ended."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))
    process = subprocess.Popen(
        command, cwd=cwd, env={**env, "TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    pieces = []
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux's way to say that the other side is closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(ours)
    text = b"".join(pieces).decode().replace("\r", "")
    assert process.wait() == 0, text
    frames = re.split(r"\x1b\[\d+A", text)  # a table is drawn over the one before
    lines = re.sub(r"\x1b\[[?\d;]*[a-zA-Z]", "", frames[-1]).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")
