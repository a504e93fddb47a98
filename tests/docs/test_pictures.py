"""The pictures of terminals are what the commands show now."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tools.docs import pictures
from tools.docs.pages import REPOSITORY, blocks

PICTURES = sorted(pictures.FOLDER.glob("*.svg"))


def shown(picture):
    """Its words and how they are shown; without times and the widths that come of them: they differ from run to run."""
    found = re.findall(r'<text [^>]*?(?: class="([^"]*)")?>(.*?)</text>', picture)
    times = [(style, re.sub(r"\b\d+ (s|min|h)\b|\d+|─+", "0", unescape(text))) for style, text in found]
    return [(style, word) for style, text in times for word in text.split()]


@pytest.mark.engine
@pytest.mark.extended
def test_they_are_what_the_commands_show_now():
    recorded = pictures.recorded()
    assert [path.name for path in PICTURES] == list(recorded)
    for path in PICTURES:
        assert shown(path.read_text(encoding="utf-8")) == shown(recorded[path.name]), "stale: run `make pictures`"


def test_the_preview_is_that_of_the_readme():
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (diff,) = (block.text for block in blocks(readme) if "- WHERE" in block.text)
    drawn = [word for _, word in shown((pictures.FOLDER / "preview.svg").read_text(encoding="utf-8"))]
    expected = re.sub(r"\d+", "0", diff).split()
    assert drawn[-len(expected) :] == expected


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_each_stands_on_a_page_with_what_it_shows_in_words(picture):
    pages = "".join(page.read_text(encoding="utf-8") for page in (REPOSITORY / "docs").glob("*.md"))
    assert re.search(rf"!\[[^]]{{20,}}\]\(pictures/{re.escape(picture.name)}\)", pages)
