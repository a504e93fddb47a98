"""What is left on a terminal when a command has ended."""

from __future__ import annotations

import os
import sys

import pytest

from tools.docs.svg import svg
from tools.terminal import Piece, Screen, run


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("one\r\ntwo\r\n", "one\ntwo"),
        ("⠋ Importing\r\x1b[2K⠙ Importing\r\n\x1b[?25h\r\x1b[1A\x1b[2Kdone\r\n", "done"),
        ("a\r\nb\r\n\x1b[2Ac\r\nd", "c\nd"),
        ("previewing|\b \b/\b \b", "previewing"),
        ("longer\rshort", "shortr"),
        ("longer\rshort\x1b[K", "short"),
        ("one\r\ntwo\x1b[1A\r\x1b[J1", "1"),
        ("\x1b[2Bat once", "at once"),
    ],
)
def test_a_line_that_is_drawn_over_is_gone(output, text):
    assert Screen().feed(output).text() == text


def test_how_a_piece_is_shown_is_kept():
    shown = (
        Screen()
        .feed("\x1b[1mHead\x1b[0m  \x1b[32mgood\x1b[0m\x1b[39m 1 s ago\x1b[0m\r\n\x1b[38;5;1m- old\x1b[0m")
        .lines()
    )
    assert shown == [
        [Piece(0, "Head", "bold"), Piece(6, "good", "green"), Piece(10, " 1 s ago", "")],
        [Piece(0, "- old", "red")],
    ]


def test_a_command_sees_a_terminal_of_this_width(tmp_path):
    program = "import os, sys; print(sys.stdout.isatty(), os.get_terminal_size().columns); sys.exit(3)"
    code, screen = run([sys.executable, "-c", program], cwd=tmp_path, env=os.environ, width=77)
    assert (code, screen.text()) == (3, "True 77")


def test_a_picture_has_each_piece_in_its_column_and_no_markup_of_the_text():
    drawn = svg("a command", [[Piece(0, "<b>  x", "red bold")], [Piece(4, "y", "")]])
    assert '<text x="16" y="29.5" textLength="24" class="red bold">&lt;b&gt;</text>' in drawn
    assert '<text x="56" y="29.5" textLength="8" class="red bold">x</text>' in drawn
    assert '<text x="48" y="47.5" textLength="8">y</text>' in drawn
