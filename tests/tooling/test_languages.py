"""What programs in other languages need is made once."""

from __future__ import annotations

import pytest

from tools.engine import languages
from tools.steps import StepError


@pytest.fixture
def part(tmp_path, monkeypatch):
    pin, made = tmp_path / "pin", []
    pin.write_text("1.0")

    def make(workplace, _log):
        made.append(pin.read_text())
        if made[-1] == "broken":
            raise StepError("no")
        (workplace / "toolchain").touch()
        (workplace / "made" / "program").touch()

    monkeypatch.setitem(languages.PARTS, "part", languages.Part((pin,), make))
    return pin, made


def test_a_part_is_made_once_for_each_content_of_what_pins_it(part, tmp_path):
    pin, made = part
    folder = tmp_path / ".engine"
    assert languages.kept("part", folder) is None
    home = languages.ensure("part", folder)
    assert [file.name for file in home.iterdir()] == ["program"]
    assert languages.kept("part", folder) == home == languages.ensure("part", folder)
    pin.write_text("2.0")
    assert languages.kept("part", folder) is None
    assert languages.ensure("part", folder) != home
    assert made == ["1.0", "2.0"]


def test_of_a_part_that_could_not_be_made_nothing_is_left(part, tmp_path):
    pin, _ = part
    pin.write_text("broken")
    with pytest.raises(StepError):
        languages.ensure("part", tmp_path / ".engine")
    assert languages.kept("part", tmp_path / ".engine") is None
    assert {path.name for path in (tmp_path / ".engine").iterdir()} == {"lock"}
