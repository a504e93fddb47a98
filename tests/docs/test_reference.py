"""The reference says what the code says."""

from __future__ import annotations

import re

import pytest

import warehouse_sync_pulumi
from tools.docs import reference
from tools.docs.reference import RESOURCES, Said, page_of, pages
from tools.docs.source import attribute_texts
from tools.docs.tables import DOCS, replaced
from warehouse_sync_pulumi import Connection


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_each_page_is_what_the_code_says_now(page):
    assert pages()[page] == page.read_text(encoding="utf-8"), "stale: run `make reference`"


def test_a_stale_page_is_noticed(monkeypatch, tmp_path):
    page = page_of(Connection)
    said = page.read_text(encoding="utf-8")
    (tmp_path / page.name).write_text(said.replace("| `region` | `str` |", "| `region` | `int` |"), encoding="utf-8")
    monkeypatch.setattr(reference, "page_of", lambda resource: tmp_path / f"{resource.kind.noun}.md")
    written = pages()
    assert written[tmp_path / "connection.md"] == said
    assert written[tmp_path / "pipeline.md"].startswith("# Pipeline\n"), "one that has no page gets one"


def test_a_page_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="needs one place for settings"):
        replaced("# Reference\n", {"settings": []})


def test_every_resource_has_a_page_of_the_same_parts_and_every_name_is_mentioned():
    assert len(RESOURCES) >= 4
    parts = ["Example", "Inputs", "Outputs", "Import", "What can go wrong"]
    for resource in RESOURCES:
        text = page_of(resource).read_text(encoding="utf-8")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == parts
    everything = "".join(page.read_text(encoding="utf-8") for page in (*pages(), DOCS / "review.md"))
    arguments = {f"{resource.__name__}Args" for resource in RESOURCES}  # a table each, under the resource's own name
    for name in set(warehouse_sync_pulumi.__all__) - arguments:
        assert name in everything or name.endswith("_output"), name


def test_no_page_marks_what_the_apis_reference_says():
    for page, text in pages().items():
        assert "[page" not in text, page.name
    assert "[recorded]" in pages()[page_of(Connection)]


def test_no_table_is_wider_than_three_columns_where_a_resource_is_described():
    for resource in RESOURCES:
        for line in page_of(resource).read_text(encoding="utf-8").splitlines():
            assert len(re.findall(r"(?<!\\)\|", line)) <= 4, line


def test_the_index_leads_to_every_page():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [
        page.name for page in DOCS.glob("*.md") if f"]({page.name})" not in index and page.name != "README.md"
    ] == []


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
def test_every_argument_and_output_is_described(resource):
    texts = attribute_texts(resource.kind.arguments)
    assert set(texts) == set(resource.kind.fields)
    assert [name for name, text in texts.items() if not text.strip()] == []
    outputs = attribute_texts(resource)
    assert [name for name in resource.__annotations__ if not outputs[name].strip()] == []


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
def test_what_a_docstring_says_is_what_the_provider_does(resource):
    texts = attribute_texts(resource.kind.arguments)
    required = resource.kind.arguments.__required_keys__
    for name, field in resource.kind.fields.items():
        said = Said(texts[name])
        assert ("A change replaces" in said.text) == field.replaces, name
        assert bool(said.default) <= (name not in required), f"{name} is required, and hence without a default"
        if field.default not in (None, {}):
            assert str(field.default).lower() in said.default, name


def test_a_docstring_is_read_as_prose_default_and_source():
    said = Said("""Seconds to wait. Default: 3600. Across
    two lines. [page, recorded]""")
    assert (said.text, said.default, said.source) == ("Seconds to wait. Across two lines.", "3600", "page, recorded")
    assert Said("Nothing else.").source == "this package"
