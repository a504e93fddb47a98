"""What a command leaves on a terminal: its text, and how it is shown."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["Piece", "Screen", "run"]

_PIECES = re.compile(r"\x1b\[([?\d;]*)([a-zA-Z])|([\r\n\b])|([^\x1b\r\n\b]+)")
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


class Piece(NamedTuple):
    """Text of one line that is shown in one way."""

    column: int
    text: str
    style: str
    """Names such as `red` and `bold`, with blanks between them."""


class Screen:
    """A terminal as far as the commands here use one: colours, and lines that are drawn over."""

    def __init__(self) -> None:
        self._rows: list[list[tuple[str, str]]] = [[]]
        self._row = self._column = 0
        self._colour = self._weight = ""

    def feed(self, output: str) -> Screen:
        """Show what a command printed."""
        for numbers, letter, control, text in _PIECES.findall(output):
            if letter:
                self._command(numbers, letter)
            elif text:
                self._write(text)
            elif control == "\n":
                self._go(self._row + 1, 0)
            else:
                self._column = 0 if control == "\r" else max(0, self._column - 1)
        return self

    def lines(self) -> list[list[Piece]]:
        """What is there, without blanks and lines that are empty at the end."""
        lines = [_pieces(row) for row in self._rows]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def text(self) -> str:
        """The same as plain text."""
        return "\n".join("".join(character for character, _ in row).rstrip() for row in self._rows).strip("\n")

    def _write(self, text: str) -> None:
        row = self._rows[self._row]
        row.extend([(" ", "")] * (self._column - len(row)))
        style = " ".join(filter(None, (self._colour, self._weight)))
        row[self._column : self._column + len(text)] = [(character, style) for character in text]
        self._column += len(text)

    def _command(self, numbers: str, letter: str) -> None:
        if letter == "m":
            self._style([int(number or 0) for number in numbers.split(";")])
        elif letter == "A":
            self._go(max(0, self._row - int(numbers or 1)), self._column)
        elif letter == "K":
            del self._rows[self._row][0 if numbers == "2" else self._column :]
        elif letter == "J":
            del self._rows[self._row + 1 :]
            del self._rows[self._row][self._column :]

    def _style(self, numbers: list[int]) -> None:
        if numbers[:2] == [38, 5]:  # the first 16 of 256 colours are those that every terminal has
            self._colour = _COLOURS[numbers[2] % 8]
            return
        for number in numbers:
            if number == 0:
                self._colour = self._weight = ""
            elif number in (1, 2, 22):
                self._weight = {1: "bold", 2: "dim", 22: ""}[number]
            elif number == 39:  # noqa: PLR2004 - the usual colour
                self._colour = ""
            elif number // 10 in (3, 9):
                self._colour = _COLOURS[number % 10]

    def _go(self, row: int, column: int) -> None:
        self._row, self._column = row, column
        self._rows.extend([] for _ in range(row + 1 - len(self._rows)))


def _pieces(row: Sequence[tuple[str, str]]) -> list[Piece]:
    pieces: list[Piece] = []
    for column, (character, style) in enumerate(row):
        if pieces and pieces[-1].style == style:
            pieces[-1] = pieces[-1]._replace(text=pieces[-1].text + character)
        else:
            pieces.append(Piece(column, character, style))
    return [piece for piece in pieces if piece.text.strip()]


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], width: int = 120) -> tuple[int, Screen]:
    """Run a command in a terminal of its own; gives its exit code and what is left when it has ended."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    process = subprocess.Popen(
        command, cwd=cwd, env={**env, "TERM": "xterm-256color"}, stdin=theirs, stdout=theirs, stderr=theirs
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
    return process.wait(), Screen().feed(b"".join(pieces).decode())
